"""Logit, dressing and scores against what can be worked out by hand."""

from types import MappingProxyType

import numpy as np
import pytest

from forewarn.receptions.choices import DestinationCase, hierarchical_mean, weights
from forewarn.receptions.dressing import (
    PULLS,
    Dressing,
    draw_shares,
    expected_score,
    fair_crps,
    score_shares,
)
from forewarn.receptions.logit import Penalties, fit_logit
from forewarn.receptions.models import carried
from forewarn.receptions.scoring import (
    PointForecast,
    choose_dressing,
    dress_left_out,
    randomised_pit,
    score_cases,
    score_dressings,
    summarise_scores,
)

LOOSE = Penalties(coefficient=1e4, families=1e4)


def case(truth, known=None, *, event="a", crisis="c", people=10_000.0, before=(), stage="cold"):
    truth = np.array(truth, float)
    return DestinationCase(
        "own", stage, crisis, event, "2020-01-01", crisis, tuple(f"p{i}" for i in range(len(truth))), truth,
        people, MappingProxyType(known or {}), np.array(before, float),
    )  # fmt: skip


def test_a_logit_finds_the_log_of_the_odds():
    cases = [case([0.8, 0.2], {"x": np.array([1.0, 0.0])})]
    fitted = fit_logit(cases, np.ones(1), ["x"], LOOSE)
    assert fitted.coefficients[0] == pytest.approx(np.log(4), abs=1e-3)
    assert fitted.shares(cases[0]) == pytest.approx([0.8, 0.2], abs=1e-3)


def test_a_known_law_is_recovered_from_many_cases():
    generator = np.random.Generator(np.random.Philox(4))
    cases = []
    for number in range(40):
        x = generator.normal(size=(6, 2))
        raised = np.exp(x @ [1.5, -0.7])
        cases.append(case(raised / raised.sum(), {"x": x[:, 0], "y": x[:, 1]}, event=str(number)))
    fitted = fit_logit(cases, np.ones(40), ["x", "y"], LOOSE)
    assert fitted.coefficients == pytest.approx([1.5, -0.7], abs=1e-3)


def test_effects_of_places_and_crises_take_up_what_differs():
    x = np.array([1.0, 0.0])
    cases = [case([0.9, 0.1], {"x": x}, crisis="a"), case([0.1, 0.9], {"x": x}, crisis="b", event="b")]
    plain = fit_logit(cases, np.ones(2), ["x"], Penalties(families=100.0))
    assert plain.coefficients[0] == pytest.approx(0, abs=1e-6)
    apart = fit_logit(cases, np.ones(2), ["x"], Penalties(families=100.0, crisis=1.0))
    assert apart.deviations["a"][0] > 1.5 > -1.5 > apart.deviations["b"][0]
    placed = fit_logit([cases[0]], np.ones(1), ["none"], Penalties(families=100.0, place=2.0))
    assert placed.shares(cases[0])[0] == pytest.approx(0.9, abs=0.02)


def test_a_strong_penalty_gives_equal_shares():
    cases = [case([0.9, 0.1], {"x": np.array([1.0, 0.0])})]
    fitted = fit_logit(cases, np.ones(1), ["x"], Penalties(coefficient=1e-4))
    assert fitted.shares(cases[0]) == pytest.approx([0.5, 0.5], abs=1e-3)


def test_the_gradient_is_that_of_the_loss():
    from forewarn.receptions.logit import _Problem

    generator = np.random.Generator(np.random.Philox(7))
    cases = [
        case(generator.dirichlet(np.ones(4)), {"x": generator.normal(size=4)}, crisis=name, event=name)
        for name in ("b", "a", "b2")
    ]
    problem = _Problem(cases, np.array([1.0, 2.0, 0.5]), ("x",), Penalties(crisis=0.7, place=0.9))
    at = generator.normal(size=problem.size)
    _, gradient = problem.loss(at)
    for index in range(problem.size):
        step = np.zeros(problem.size)
        step[index] = 1e-6
        slope = (problem.loss(at + step)[0] - problem.loss(at - step)[0]) / 2e-6
        assert gradient[index] == pytest.approx(slope, abs=1e-5)


def test_s_of_a_point_forecast_is_total_variation():
    point = np.tile([0.7, 0.2, 0.1], (400, 1))
    assert score_shares(point, np.array([0.5, 0.2, 0.3])) == pytest.approx(0.2)


def test_fair_crps_by_its_definition():
    generator = np.random.Generator(np.random.Philox(3))
    drawn, truth = generator.random((7, 2)), np.array([0.2, 0.9])
    pairs = np.abs(drawn[:, None] - drawn[None]).sum(axis=(0, 1)) / (7 * 6)
    assert fair_crps(drawn, truth) == pytest.approx(np.abs(drawn - truth).mean(axis=0) - pairs / 2)


@pytest.mark.statistical
@pytest.mark.parametrize("concentration", [0.3, 3.0, 80.0])
def test_draws_score_as_the_distribution_does(concentration):
    shares, truth = np.array([0.6, 0.3, 0.1, 0.0]), np.array([0.2, 0.5, 0.3, 0.0])
    drawn = draw_shares(shares, Dressing(concentration), 1e9, "a", draws=40_000)
    assert drawn.mean(axis=0) == pytest.approx(shares, abs=0.01)
    assert score_shares(drawn, truth) == pytest.approx(
        expected_score(shares, concentration, truth), abs=0.005
    )


@pytest.mark.statistical
def test_a_random_factor_of_pulls_scores_least_where_it_is_true():
    """Cases made with a factor of shape 1: the spread that is found is about 1."""
    generator = np.random.Generator(np.random.Philox(5))
    point = np.array([0.4, 0.3, 0.2, 0.1])
    drawn = point * generator.standard_gamma(1.0, (200, 4))
    cases = [case(row / row.sum(), event=str(number)) for number, row in enumerate(drawn)]
    forecast = PointForecast("f", [point] * 200, np.ones(200), PULLS)
    found = choose_dressing(cases, score_dressings(cases, forecast), forecast)
    assert 0.8 <= found.shape <= 1.4


def test_draws_are_addressed_and_whole_people():
    shares = np.array([0.5, 0.5])
    first, again = (draw_shares(shares, Dressing(5.0), 10.0, "a") for _ in range(2))
    assert (first == again).all()
    assert (first != draw_shares(shares, Dressing(5.0), 10.0, "b")).any()
    assert (first != draw_shares(shares, Dressing(5.0), 10.0, "a", seed=2)).any()
    assert first * 10 == pytest.approx(np.rint(first * 10))


def test_every_crisis_weighs_the_same():
    cases = [case([1, 0], event=e, crisis=c) for e, c in (("a", "x"), ("a", "x"), ("b", "x"), ("c", "y"))]
    assert weights(cases) == pytest.approx([0.125, 0.125, 0.25, 0.5])
    assert hierarchical_mean(cases, [0, 0, 0, 1.0]) == pytest.approx(0.5)


@pytest.mark.statistical
@pytest.mark.parametrize(("believed", "calibrated"), [(4.0, True), (200.0, False)])
def test_coverage_and_pit_tell_a_calibrated_forecast(believed, calibrated):
    """Cases drawn from a Dirichlet distribution of concentration 4; the second forecast is too sure."""
    generator = np.random.Generator(np.random.Philox(11))
    point = np.full(5, 0.2)
    cases = [case(generator.dirichlet(4 * point), event=str(number)) for number in range(300)]
    forecast = PointForecast("f", [point] * 300, np.ones(300))
    scores = score_cases(cases, forecast, [Dressing(believed)] * 300)
    coverage = scores.held.sum() / scores.cells.sum()
    even = np.abs(scores.pit / scores.pit.sum() - 0.1).max()
    assert (abs(coverage - 0.8) < 0.03) == calibrated
    assert (even < 0.03) == calibrated


def test_pit_of_ties_is_spread():
    ranks = randomised_pit(np.zeros((400, 2000)), np.zeros(2000), "a")
    assert np.histogram(ranks, 4, (0, 1))[0] == pytest.approx([500] * 4, abs=80)


def test_a_dressing_never_sees_its_own_fold():
    """The truth of fold a changes the dressing of fold b, and not that of a."""
    point = np.array([0.5, 0.3, 0.2])

    def dressings(truth):
        cases = [case(truth, crisis="a"), case([0.5, 0.3, 0.2], crisis="b", event="b")]
        forecast = PointForecast("f", [point, point], np.ones(2))
        return dress_left_out(cases, forecast, score_dressings(cases, forecast))

    near, far = dressings([0.5, 0.3, 0.2]), dressings([0.0, 0.0, 1.0])
    assert near[0] == far[0]
    assert near[1].concentration > far[1].concentration


def test_a_better_forecast_has_a_ratio_below_one():
    cases = [case([0.9, 0.1], event=str(number)) for number in range(6)]
    good = PointForecast("good", [np.array([0.85, 0.15])] * 6, np.ones(6))
    poor = PointForecast("poor", [np.array([0.2, 0.8])] * 6, np.ones(6))
    scores = [score_cases(cases, one, [Dressing(50.0)] * 6) for one in (good, poor)]
    first, second = summarise_scores(cases, scores, ["poor"])
    assert first.ratio < 0.3
    assert (second.ratio, second.ratio_low, second.ratio_high) == pytest.approx((1, 1, 1))


@pytest.mark.parametrize(("ratio", "moved"), [(1.0, 0.1), (2.0, 0.19)])
def test_a_first_count_is_carried_on(ratio, moved):
    known = {
        "raw_people": np.array([1.0, 1.0]), "raw_km": np.array([10.0, 10.0]), "age_ratio": np.full(2, ratio)
    }  # fmt: skip
    one = case([0.5, 0.5], known, before=[3.0, 1.0], stage="first-count")
    assert carried(one) == pytest.approx([0.75 * (1 - moved) + 0.5 * moved, 0.25 * (1 - moved) + 0.5 * moved])
