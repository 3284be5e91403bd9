"""Naive forecasts by hand, their distributions, and Forewarn's own forecaster."""

from __future__ import annotations

import numpy as np
import pytest

from forewarn.hindcast.data.as_of import Issue, issues, known
from forewarn.hindcast.forecasters import linear_quantiles, shared_arrivals, standardised
from forewarn.hindcast.forecasters.base import ENOUGH_ERRORS, Dressed, relative_errors
from forewarn.hindcast.forecasters.learnt import known_errors
from forewarn.hindcast.forecasters.naive import (
    DistanceShares,
    Drift,
    EqualShares,
    FlowShares,
    LastValue,
    StockShares,
    naive_forecasters,
)
from forewarn.hindcast.forecasters.shared_arrivals import (
    SharedArrivals,
    fit_weights,
    rate_shares,
)
from tests.hindcast.conflicts import conflict, drawn, series

NOW = known(
    conflict(
        series("A", (0, 10.0), (50, 100.0), (80, 160.0)), series("B", (0, 40.0), (70, 40.0)), series("C")
    ),
    90,
    km_to_fighting=np.array([100.0, 300.0, 10.0]),
)


@pytest.mark.parametrize(
    ("forecaster", "total", "expected"),
    [
        (LastValue(), None, [160, 40, 0]),
        (LastValue(), 999.0, [160, 40, 0]),
        (Drift(), None, [160 + 60 * 2, 40, 0]),
        (StockShares(), 400.0, [320, 80, 0]),
        (FlowShares(30), 400.0, [360, 40, 0]),
        (FlowShares(5), 400.0, [320, 80, 0]),  # no registration in five days: stock shares of what comes
        (FlowShares(30), 100.0, [80, 20, 0]),  # the total falls
        (EqualShares(), 300.0, [100, 100, 100]),
        (DistanceShares(), 300.0, [90, 30, 180]),
        (SharedArrivals((1.0, 0.0, 0.0)), 260.0, [160 + 60, 40, 0]),
        (SharedArrivals((0.0, 0.0, 1.0)), 260.0, [180, 60, 20]),
        (SharedArrivals((0.5, 0.0, 0.5)), 260.0, [200, 50, 10]),
        (SharedArrivals((0.0, 0.0, 1.0)), 100.0, [80, 20, 0]),
        (SharedArrivals((0.0, 0.0, 1.0), open_only=True), 260.0, [190, 70, 0]),
        (SharedArrivals((0.0, 0.0, 0.0, 1.0)), 260.0, [160 + 48, 40 + 12, 0]),
    ],
)
def test_by_hand(forecaster, total, expected):
    assert forecaster.point(NOW, 60, total).tolist() == pytest.approx(expected)


# Two registers begin on day 90, one of them anew; B and D grow by one and two people a day.
BEGUN = known(
    conflict(
        series("A", (0, 0.0), (90, 138_107.0)), series("B", (30, 70.0), (90, 130.0)),
        series("C", (0, 700.0), (50, 0.0), (90, 600.0)), series("D", (0, 0.0), (30, 20.0), (90, 140.0)),
    ),
    90,
)  # fmt: skip


def test_registers_that_begin_are_no_arrivals():
    assert linear_quantiles.terms(BEGUN, 30)[:, 1].tolist() == pytest.approx([0, 40, 0, 80])
    for idea in ("flow", "rate"):
        assert shared_arrivals.IDEAS[idea](BEGUN, 30).tolist() == pytest.approx([0, 1 / 3, 0, 2 / 3])
    assert Drift().point(BEGUN, 30)[0] == 2 * 138_107  # the naive forecast is kept as the protocol has it


def test_drift_does_not_go_below_nobody():
    falling = known(conflict(series("A", (0, 100.0), (50, 10.0)), series("B", (0, 5.0))), 60)
    assert Drift().point(falling, 90).tolist() == [0, 5]


@pytest.mark.parametrize("forecaster", [f for f in naive_forecasters() if f.needs_total])
def test_a_total_that_is_needed_and_missing(forecaster):
    with pytest.raises(TypeError, match="total"):
        forecaster.point(NOW, 30)


@pytest.mark.parametrize("forecaster", [f for f in naive_forecasters() if f.needs_total])
@pytest.mark.parametrize("total", [0.0, 50.0, 1e6])
def test_shares_of_a_total_add_up_to_it(forecaster, total):
    assert forecaster.point(NOW, 30, total).sum() == pytest.approx(total)


def test_rate_shares_carry_a_rate_from_the_last_registration():
    # A: 10 a day, counted 20 days ago; B: 10 a day, counted today. Over 30 days more: 50 to 30.
    here = known(
        conflict(series("A", (0, 9.0), (60, 609.0)), series("B", (0, 9.0), (80, 809.0)), series("C")), 80
    )
    assert rate_shares(here, 30).tolist() == pytest.approx([50 / 80, 30 / 80, 0])


def issue(day, truth, counts, horizon=30):
    made_up = conflict(*(series(place, (0, count)) for place, count in zip("AB", counts, strict=True)))
    return Issue("other", horizon, known(made_up, day), ("A", "B"), np.array(truth))


def test_relative_errors_of_nobody_are_unknown():
    assert relative_errors(np.array([10.0, 0.5]), np.array([15.0, 7.0])).tolist() == pytest.approx(
        [0.5, np.nan], nan_ok=True
    )


def test_errors_come_from_other_conflicts_until_there_are_five_of_ones_own():
    others = {"other": [issue(30, [20.0, 5.0], [10.0, 10.0])]}
    issuer = Dressed(LastValue()).learn(others, 30, "total-given")
    seen = issue(300, [1.0, 1.0], [100.0, 200.0]).known
    past = [issue(30 * step, [100.0 + step, 0.0], [100.0, 0.0]) for step in range(1, ENOUGH_ERRORS + 1)]
    early = issuer.issue(seen, 30, matured=past[:-1])
    assert [sorted(one) for one in early.samples] == [[50, 200], [100, 400]]
    late = issuer.issue(seen, 30, matured=past)
    assert sorted(late.samples[0]) == pytest.approx([101, 102, 103, 104, 105])
    assert sorted(late.samples[1]) == [100, 400]  # forecasts of nobody have left no errors


def test_without_anything_to_learn_from_a_forecast_is_a_point():
    seen = issue(300, [1.0, 1.0], [100.0, 200.0]).known
    for forecaster in (Dressed(LastValue()), shared_arrivals.forewarn_forecaster()):
        found = forecaster.learn({}, 30, "total-forecast").issue(seen, 30)
        assert [np.unique(one).tolist() for one in found.samples] == [[100], [200]]


def test_dressed_naive_forecasts_say_what_they_can():
    assert Dressed(Drift()).can("total-forecast")
    assert not Dressed(StockShares()).can("total-forecast")
    assert shared_arrivals.forewarn_forecaster().can("total-forecast")


def test_the_scale_grows_with_stock_and_with_what_comes():
    small = standardised.scale(np.array([100.0, 0.0]), np.array([100.0, 0.0]))
    moving = standardised.scale(np.array([100.0, 50.0]), np.array([100.0, 0.0]))
    assert small.tolist() == pytest.approx([5 + 1 + 1, 1 + 1])
    assert moving.tolist() == pytest.approx([5 + 25 + 1 + 1, 2.5 + 25 + 25 + 1 + 1])


@pytest.mark.parametrize(
    ("registered", "counts_as_error"),
    [([0.0, 0.0], False), ([3.0, 0.0], False), ([99.0, 0.0], False), ([60.0, 40.0], True)],
)
def test_where_hardly_anybody_is_registered_no_error_is_learnt(registered, counts_as_error):
    """A register that begins with 130,000 people was an error of 130,000 scales: ten such spoilt all others."""
    usual = issues(drawn(1), horizon_days=30)
    begun = issue(30, [130_000.0, 20_000.0], registered)
    forecaster = standardised.with_pooled_errors(LastValue())
    found = forecaster.collect({"usual": usual, "begun": [begun] * 10}, 30, "total-forecast").errors
    assert (len(found) > sum(len(each.places) for each in usual)) == counts_as_error
    errors = standardised.standardised_errors(LastValue(), begun, "total-forecast")
    assert np.isnan(errors).all() != counts_as_error
    assert len(standardised.pooled(known_errors([errors, np.ones(3)]))) == (5 if counts_as_error else 3)


def test_ones_own_errors_from_before_the_registers_begin_are_none():
    others = {"usual": issues(drawn(1), horizon_days=30)}
    issuer = shared_arrivals.forewarn_forecaster().learn(others, 30, "total-forecast")
    seen = issue(300, [1.0, 1.0], [1000.0, 2000.0]).known
    before = issuer.issue(seen, 30, matured=[issue(30, [130_000.0, 20_000.0], [0.0, 0.0])])
    for one, other in zip(before.samples, issuer.issue(seen, 30).samples, strict=True):
        assert one.tolist() == other.tolist()


def test_a_sample_never_leaves_what_is_possible():
    found = drawn(1)
    others = {"one": issues(drawn(2, name="one"), horizon_days=30)}
    issuer = shared_arrivals.forewarn_forecaster().learn(others, 30, "total-given")
    for each in issues(found, horizon_days=30):
        total = float(each.truth.sum())
        forecast = issuer.issue(each.known.only(each.places), 30, total=total)
        assert all(one.min() >= 0 and one.max() <= total for one in forecast.samples)
        assert forecast.point.sum() == pytest.approx(total)


def made_for(weights, name):
    """A conflict whose arrivals follow weights of the three ideas: their fit should find them."""
    source = drawn(sum(map(ord, name)), name=name, places=6, length_days=600)
    found = []
    for each in issues(source, horizon_days=30):
        seen = each.known.only(each.places)
        total = seen.counts().sum() + 1000.0
        found.append(Issue(name, 30, each.known, each.places, SharedArrivals(weights).point(seen, 30, total)))
    return found


@pytest.mark.parametrize("weights", [(1.0, 0.0, 0.0), (0.0, 0.0, 1.0), (0.25, 0.5, 0.25)])
def test_weights_that_made_the_data_are_found(weights):
    others = {name: made_for(weights, name) for name in ("one", "two", "three")}
    assert fit_weights(others, 30)[:3] == pytest.approx(weights)


def test_without_others_the_middle():
    assert fit_weights({}, 30) == pytest.approx((*(1 / 3,) * 3, 0, 0, 0))


def test_rates_slow_and_age_by_hand():
    # A: 60 people in 30 days, then 20 in 30; last counted 20 days ago. B: 1 a day throughout, counted today.
    a = series("A", (0, 9.0), (10, 9.0), (40, 69.0), (70, 89.0))
    b = series("B", (0, 9.0), (90, 99.0))
    seen = known(conflict(a, b), 90)
    rate_a, rate_b = 80 / 60 * 50, 1 * 30
    assert rate_shares(seen, 30)[0] == pytest.approx(rate_a / (rate_a + rate_b))
    slow = rate_a * 2 * 20 / 80
    assert rate_shares(seen, 30, saturating=True)[0] == pytest.approx(slow / (slow + rate_b))
    old = rate_a * 2 ** (-20 / 60)
    assert rate_shares(seen, 30, ageing=True)[0] == pytest.approx(old / (old + rate_b))


def test_a_set_of_ideas_is_chosen_by_what_it_does_on_conflicts_left_out():
    others = {name: made_for((0.0, 0.0, 0.0, 1.0), name) for name in ("one", "two", "three")}
    assert fit_weights(others, 30, sets=shared_arrivals.SETS)[3] == pytest.approx(1)
    others = {name: made_for((0.5, 0.0, 0.5), name) for name in ("one", "two", "three")}
    assert fit_weights(others, 30, sets=shared_arrivals.SETS)[:3] == pytest.approx((0.5, 0, 0.5), abs=0.1)


def test_camps_that_nobody_has_seen_are_not_forecast_without_the_list():
    blind, knowing = shared_arrivals.forewarn_variants()[0], shared_arrivals.forewarn_forecaster()
    others = {name: issues(drawn(len(name), name=name), horizon_days=30) for name in ("one", "three")}
    found = [one.learn(others, 30, "total-given").issue(NOW, 30, total=260.0) for one in (blind, knowing)]
    assert found[0].samples[2].tolist() == [0]
    assert found[0].point.sum() == pytest.approx(260)
    assert min(len(found[0].samples[0]), len(found[1].samples[2])) > 1
    assert found[1].point[2] > 0
