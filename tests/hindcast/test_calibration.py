"""Rank histograms, coverage and rates with intervals: by hand, and against what theory expects."""

from __future__ import annotations

import numpy as np
import pytest

from forewarn.hindcast.data.as_of import Issue, known
from forewarn.hindcast.scores.calibration import BINS, calibrate, rank_mass
from forewarn.hindcast.scores.formulas import LEVELS, covered
from forewarn.hindcast.scores.rates import rate, wilson
from forewarn.hindcast.scores.records import IssueForecast, Scored
from tests.hindcast.conflicts import conflict, series


def test_rank_mass_by_hand():
    assert rank_mass(np.arange(1, 10), 0.5) == pytest.approx([1, *[0] * 9])
    assert rank_mass(np.arange(1, 10), 4.5) == pytest.approx([*[0] * 4, 1, *[0] * 5])
    # Of nine members five are ties with the truth and two lie below: ranks 2 to 8 of 10.
    ties = [0, 1, 7, 7, 7, 7, 7, 8, 9]
    assert rank_mass(ties, 7.0) == pytest.approx([0, 0, *[1 / 6] * 6, 0, 0])
    assert rank_mass([5.0], 5.0) == pytest.approx([0.1] * 10)
    assert rank_mass([5.0], 6.0) == pytest.approx([*[0] * 5, *[0.2] * 5])


@pytest.mark.statistical
@pytest.mark.parametrize("members", [3, 10, 47])
@pytest.mark.parametrize("ties", [False, True])
def test_ranks_are_flat_if_the_truth_is_one_more_draw(members, ties):
    draws = np.random.Generator(np.random.Philox(members)).gamma(1.0, 3.0, size=(4000, members + 1))
    if ties:
        draws = np.floor(draws)
    mass = np.mean([rank_mass(row[1:], row[0]) for row in draws], axis=0)
    assert mass == pytest.approx(np.full(BINS, 1 / BINS), abs=4 * np.sqrt(0.09 / 4000))
    narrow = np.mean([rank_mass(3 + (row[1:] - 3) / 3, row[0]) for row in draws], axis=0)
    assert narrow[[0, -1]].sum() > 0.3  # the control: a distribution that is too narrow shows


def entry(name, day, truth, samples):
    made_up = conflict(*(series(place, (0, 5)) for place in "AB"[: len(truth)]), name=name)
    issue = Issue(name, 30, known(made_up, day), tuple("AB"[: len(truth)]), np.array(truth))
    forecast = IssueForecast(np.array([np.mean(one) for one in samples]), tuple(map(np.array, samples)))
    inside = [covered(one, true) for one, true in zip(samples, truth, strict=True)]
    flags = tuple(tuple(place[level] for place in inside) for level in range(len(LEVELS)))
    return Scored("any", "total-given", issue, forecast, 0.0, 0.0, 0.0, flags)


def test_calibration_is_counted_by_conflict_and_pooled():
    ten = np.arange(10.0)
    scored = [
        entry("one", 30, [4.5, 100.0], [ten, ten]),
        entry("one", 60, [4.5, 4.5], [ten, ten]),
        entry("two", 30, [100.0], [ten]),
    ]
    one, two, pool = calibrate(scored)
    assert (one.conflict, two.conflict, pool.conflict) == ("one", "two", "pooled")
    assert (one.forecasts, two.forecasts, pool.forecasts) == (4, 1, 5)
    assert [part.value for part in one.coverage] == [0.75] * 3
    assert [part.value for part in pool.coverage] == [0.375] * 3
    assert pool.ranks.sum() == pytest.approx(1)
    assert pool.ranks[-1] == pytest.approx((0.25 + 1) / 2, abs=0.01)


def test_wilson_by_the_formula():
    # (p + z²/2n ± z √(p(1−p)/n + z²/4n²)) / (1 + z²/n), z = 1.645, worked out with a calculator.
    assert wilson(2, 20) == pytest.approx((0.0337, 0.2617), abs=1e-4)
    assert wilson(0, 10)[0] == 0
    assert wilson(0, 0) == (0, 1)


def test_a_rate_is_of_sums_or_of_conflicts():
    hits = {"one": np.array([1.0, 1, 0]), "two": np.array([4.0])}
    of = {"one": np.array([2.0, 1, 1]), "two": np.array([16.0])}
    assert rate(hits, of).value == pytest.approx(6 / 20)
    assert rate(hits, of, by_conflict=True).value == pytest.approx((0.5 + 0.25) / 2)
    assert rate({"one": np.zeros(2)}, {"one": np.zeros(2)}) is None


def test_an_interval_of_clumped_trials_is_wider_than_wilsons():
    clumped = {"one": np.repeat([10.0, 0.0], 12), "two": np.repeat([0.0, 10.0], 12)}
    of = {name: np.full(24, 10.0) for name in clumped}
    found = rate(clumped, of)
    low, high = wilson(240, 480)
    assert found.low < low - 0.05
    assert found.high > high + 0.05
    certain = rate({"one": np.full(4, 5.0)}, {"one": np.full(4, 5.0)})
    assert certain.low == pytest.approx(wilson(20, 20)[0])  # the bootstrap alone would say 1 to 1
