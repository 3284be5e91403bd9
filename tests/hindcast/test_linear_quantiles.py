"""Totals carried forward: coefficients by hand, places that open, widths that hold what they promise."""

from __future__ import annotations

import numpy as np
import pytest

from forewarn.hindcast.data.as_of import Issue, issues, known
from forewarn.hindcast.forecasters.linear_quantiles import (
    CLOSED_EACH,
    FIRST_COUNT,
    MEMBERS,
    OWN_COUNT_AS,
    PROBABILITIES,
    LinearQuantiles,
    LinearQuantilesIssuer,
    _Learnt,
    fit,
    terms,
    widened,
)
from tests.hindcast.conflicts import conflict, drawn, series

MODE = "total-forecast"
FORECASTER = LinearQuantiles("forewarn")
PACE = 60 * (60 / 30 + 150 / 60 + 150 / 90) / 3
NOW = known(
    conflict(
        series("A", (0, 10.0), (50, 100.0), (80, 160.0)), series("B", (0, 40.0), (70, 40.0)), series("C")
    ),
    90,
)  # fmt: skip


def made_by(name, truth, *, places=6):
    """A conflict of drawn counts whose truth is what a function makes of the terms."""
    source = issues(drawn(sum(map(ord, name)), name=name, places=places, length_days=600), horizon_days=30)
    return [
        Issue(name, 30, each.known, each.known.places, np.asarray(truth(terms(each.known, 30), each)))
        for each in source
        if each.known.counts().min() > 0
    ]


def learnt(others):
    return _Learnt.read(FORECASTER.collect(others, 30, MODE))


def at(probability):
    return PROBABILITIES.tolist().index(probability)


def test_terms_by_hand():
    """Last counts; paces over 30, 60 and, since the first count, 90 days; the mean of 160, 40 and nobody."""
    found = terms(NOW, 60)
    assert found[:, 0].tolist() == [160, 40, 0]
    assert found[:, 1] == pytest.approx([PACE, 0, 0])
    assert found[:, 2] == pytest.approx([200 / 3] * 3)


def test_a_part_of_the_pace_that_made_the_data_is_found():
    others = {name: made_by(name, lambda x, _: x[:, 0] + 0.75 * x[:, 1]) for name in ("one", "two")}
    found = learnt(others)
    assert found.coefficients == pytest.approx(np.tile([1, 0.75, 0], (len(PROBABILITIES), 1)), abs=0.01)


def test_spread_in_proportion_to_the_count_is_found_and_another_is_not():
    """Truth between 0.8 and 1.2 times the count, evenly: the quantile at 0.1 is 0.84 of it."""

    def truth(x, issue):
        draws = np.random.Generator(np.random.Philox(issue.issue_day + len(issue.conflict)))
        return x[:, 0] * draws.uniform(0.8, 1.2, len(x))

    found = learnt({name: made_by(name, truth, places=12) for name in ("one", "three", "seven")})
    counts = found.coefficients[:, 0]
    assert counts[[at(0.1), at(0.5), at(0.9)]] == pytest.approx([0.84, 1.0, 1.16], abs=0.03)
    assert abs(counts[at(0.9)] - 1.4) > 0.2


def test_little_data_are_held_near_the_last_count():
    """The pull costs a hundredth of what a term contributes: a wind of a thousandth does not move it."""
    table = np.array([[0.5, 0.1, 0.3], [0.5, 0.0, 0.3]])
    same = fit(table, table[:, 0], np.full(2, 0.5))
    assert same == pytest.approx(np.tile([1.0, 0, 0], (len(PROBABILITIES), 1)))


def test_places_that_open_are_so_many_times_the_others():
    """In other conflicts they were first counted with half of the mean of those that were open."""
    others = {
        "one": [_opening(90, [200.0, 600.0], [200.0, 600.0, 200.0])],
        "two": [_opening(90, [2000.0, 2000.0], [2000.0, 2000.0, 1000.0])],
    }
    found = FORECASTER.learn(others, 30, MODE).issue(NOW, 30)
    assert found.samples[2] == pytest.approx(np.full(2 * CLOSED_EACH, 50.0))  # half of (160 + 40) / 2
    blind = LinearQuantiles("blind", open_only=True).learn(others, 30, MODE).issue(NOW, 30)
    assert blind.samples[2].tolist() == [0]
    assert blind.point[:2] == pytest.approx(found.point[:2])


def test_a_camp_that_closed_is_not_taken_for_one_that_will_open():
    closed = series("C", (0, 0.0), (30, 900.0), (60, 0.0))
    now = known(conflict(series("A", (0, 160.0)), series("B", (0, 40.0)), closed), 90)
    others = {"one": [_opening(90, [200.0, 600.0], [200.0, 600.0, 200.0])]}
    found = FORECASTER.learn(others, 30, MODE).issue(now, 30)
    assert found.samples[2] == pytest.approx(np.zeros(MEMBERS))
    # Nor is it one that opened, where others learn what camps open with.
    again = Issue("closed", 30, now, ("A", "B", "C"), np.array([160.0, 40.0, 0.0]))
    assert not len(learnt({"one": [again]}).openings)


def test_where_nobody_is_registered_at_all_first_counts_are_those_of_other_conflicts():
    others = {"one": [_opening(90, [200.0, 600.0], [200.0, 600.0, 3000.0])]}
    nowhere = known(conflict(series("A", (0, 0.0)), series("B")), 60)
    found = FORECASTER.learn(others, 30, MODE).issue(nowhere, 30)
    assert found.point == pytest.approx([3000, 3000])
    nothing = {"one": [_opening(90, [200.0, 600.0], [200.0, 600.0, 0.0])]}
    assert learnt(nothing).first_count == pytest.approx(FIRST_COUNT)


def _opening(day, counts, truth):
    places = [series("A", (0, counts[0])), series("B", (0, counts[1])), series("C")]
    return Issue("other", 30, known(conflict(*places), day), ("A", "B", "C"), np.array(truth))


def test_without_anything_to_learn_from_a_forecast_is_a_point():
    found = FORECASTER.learn({}, 60, MODE).issue(NOW, 60)
    assert found.point == pytest.approx([160 + PACE / 2, 40, 0])
    assert all(np.ptp(sample) == pytest.approx(0) for sample in found.samples)


def test_own_errors_widen_and_narrow():
    """Ten errors of twice the usual, beside the twenty that the usual counts as: (20 + 2 · 10) / 30."""
    table = np.outer(1 + (PROBABILITIES - 0.5), [1.0, 0.0, 0.0])
    usual = 0.5
    known_width = _Learnt(table, 1.0, usual, FIRST_COUNT, np.zeros(0))
    issuer = LinearQuantilesIssuer(known_width)
    seen = known(conflict(series("A", (0, 100.0)), series("B", (0, 100.0))), 60)
    half = 100 * 0.4
    for times, own in ((2.0, 10), (0.0, 10)):
        past = [Issue("own", 30, seen, ("A",), np.array([100 + times * usual * half]))] * own
        found = issuer.issue(seen, 30, matured=past).samples[0]
        factor = (OWN_COUNT_AS + times * own) / (OWN_COUNT_AS + own)
        assert np.quantile(found, 0.9) - np.quantile(found, 0.1) == pytest.approx(2 * half * factor, rel=0.01)


def test_conflicts_in_which_nothing_ever_changes_tell_no_width():
    """Left-out forecasts are exact, so that there is no usual error to divide by."""
    days = range(0, 400, 20)
    others = {
        name: issues(
            conflict(*(series(place, *((day, 500.0) for day in days)) for place in "AB"), name=name),
            horizon_days=30,
        )
        for name in ("one", "two", "three")
    }
    found = FORECASTER.learn(others, 30, MODE).issue(NOW, 30)
    assert found.point == pytest.approx([160, 40, 0])
    assert np.isfinite(np.concatenate(found.samples)).all()


def test_widths_are_learnt_on_conflicts_left_out():
    """Conflicts that differ need wider intervals than their own rows tell; conflicts that are alike do not."""

    def growing(by):
        return lambda x, _: x[:, 0] * by

    unlike = {
        name: made_by(name, growing(by))
        for name, by in zip("abcdef", (0.7, 0.9, 1.0, 1.1, 1.3, 1.5), strict=True)
    }

    def noisy(x, issue):
        draws = np.random.Generator(np.random.Philox(issue.issue_day * 7 + ord(issue.conflict)))
        return x[:, 0] * draws.uniform(0.7, 1.5, len(x))

    alike = {name: made_by(name, noisy, places=10) for name in "abcdef"}
    assert learnt(unlike).width > learnt(alike).width + 0.1
    assert learnt(alike).width == pytest.approx(1.0, abs=0.15)


def test_widening_leaves_the_median_and_nobody_below_nobody():
    table = np.array([np.linspace(0, 100, len(PROBABILITIES))])
    wide = widened(table, 2.0)
    assert wide[0, at(0.5)] == table[0, at(0.5)]
    assert wide.min() == 0
    assert wide[0, -1] == pytest.approx(150)


def test_the_order_of_places_does_not_matter():
    others = {name: issues(drawn(len(name), name=name), horizon_days=30) for name in ("one", "three")}
    issuer = FORECASTER.learn(others, 30, MODE)
    forward, backward = issuer.issue(NOW, 30), issuer.issue(NOW.only(NOW.places[::-1]), 30)
    assert forward.point == pytest.approx(backward.point[::-1])
    assert all((np.diff(sample) >= -1e-9).all() and sample.min() >= 0 for sample in forward.samples)
