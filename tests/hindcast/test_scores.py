"""Scores against their definitions, an independent library and what can be worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from forewarn.hindcast.scores import formulas as scores

DRAWS = np.random.Generator(np.random.Philox(3))
SAMPLES = DRAWS.gamma(2.0, 50.0, size=(20, 31))
TRUTHS = DRAWS.gamma(2.0, 50.0, size=20).round().astype(int)


@pytest.mark.slow
def test_crps_equals_scoringrules():
    import scoringrules

    theirs = scoringrules.crps_ensemble(TRUTHS.astype(np.float64), SAMPLES, estimator="fair")
    ours = [scores.crps(samples, true) for samples, true in zip(SAMPLES, TRUTHS, strict=True)]
    assert ours == pytest.approx(list(theirs), rel=1e-9)


@pytest.mark.slow
def test_interval_score_equals_scoringrules():
    import scoringrules

    for true in (0.0, 1.5, 9.0):
        theirs = float(scoringrules.interval_score(true, 1.0, 4.0, 0.2))
        assert scores.interval_score(1.0, 4.0, true, 0.8) == pytest.approx(theirs)


def test_crps_by_its_double_sum():
    for samples, true in zip(SAMPLES, TRUTHS, strict=True):
        pairs = sum(abs(one - other) for one in samples for other in samples)
        members = len(samples)
        expected = np.abs(samples - true).mean() - pairs / (2 * members * (members - 1))
        assert scores.crps(samples[::-1], int(true)) == pytest.approx(expected)


def test_crps_of_one_member_is_the_absolute_error():
    assert scores.crps([3], 7) == 4


def test_fair_crps_does_not_depend_on_the_number_of_members_in_the_mean():
    """Mean over many small samples of a standard normal at 0: the CRPS of the distribution itself."""
    draws = np.random.Generator(np.random.Philox(5)).standard_normal((20_000, 4))
    exact = np.sqrt(2 / np.pi) - 1 / np.sqrt(np.pi)
    assert np.mean([scores.crps(row, 0.0) for row in draws]) == pytest.approx(exact, abs=0.01)
    biased = np.mean([np.abs(row).mean() - np.abs(row[:, None] - row).mean() / 2 for row in draws])
    assert abs(biased - exact) > 0.1


@pytest.mark.parametrize("members", [9, 19, 99])
def test_intervals_hold_a_further_draw_as_often_as_they_say(members):
    draws = np.random.Generator(np.random.Philox(members)).standard_normal((4000, members + 1))
    held = np.mean([scores.covered(row[1:], row[0]) for row in draws], axis=0)
    possible = [level for level in scores.LEVELS if (1 - level) / 2 * (members + 1) >= 1]
    assert held[: len(possible)] == pytest.approx(possible, abs=0.025)


def test_interval_ends_are_inside():
    assert scores.covered([1, 2, 3], 3)[2]
    assert not scores.covered([1, 2, 3], 3.001)[2]


def test_weighted_interval_score_by_hand():
    samples = [0.0] * 10 + [8.0] * 10
    # Median 4; all three intervals are 0 to 8; the truth 10 lies 2 above.
    intervals = sum((1 - level) / 2 * (8 + 2 / (1 - level) * 2) for level in scores.LEVELS)
    assert scores.weighted_interval_score(samples, 10) == pytest.approx((6 / 2 + intervals) / 3.5)


def test_normalised_error_of_all_wrong_is_two():
    assert scores.normalised_absolute_error([10, 0], [0, 10]) == 2


def test_ard_and_its_rescaled_form():
    simulated, data = np.array([[5, 5], [0, 0], [2, 0]]), np.array([[10, 10], [4, 6], [0, 0]])
    assert scores.averaged_relative_difference(simulated, data) == pytest.approx((0.5 + 1 + 2) / 3)
    assert scores.rescaled_averaged_relative_difference(simulated, data) == pytest.approx((0 + 1 + 0) / 3)


def test_integers_are_not_truncated():
    assert scores.crps(np.array([1, 2]), np.int64(1)) == pytest.approx(0.0)
    assert scores.averaged_relative_difference(np.array([[1, 2]]), np.array([[2, 2]])) == 0.25


def test_brier_of_always_half():
    assert scores.brier([0.5] * 4, [0, 1, 1, 0]) == 0.25


def losses(shift):
    draws = np.random.Generator(np.random.Philox(8))
    base = {name: draws.gamma(2, 0.05, size=12) for name in "abcdef"}
    return base, {name: values * shift for name, values in base.items()}


def test_pool_counts_every_conflict_the_same():
    assert scores.pooled({"a": np.array([1.0]), "b": np.array([3.0] * 9)}) == 2


def test_ratio_of_a_fixed_part_has_no_width():
    theirs, ours = losses(0.9)
    found = scores.ratio_interval(ours, theirs)
    assert (found.value, found.low, found.high) == pytest.approx((0.9, 0.9, 0.9))


def test_pairs_are_kept():
    """Unpaired issues would widen the interval: shuffle one side, and it does."""
    theirs, ours = losses(0.9)
    shuffled = {name: ours[name][::-1] * (1 + 0.01 * np.arange(12)) for name in ours}
    loose = scores.ratio_interval(shuffled, theirs)
    assert loose.high - loose.low > 0.05


def test_blocks_widen_what_hangs_together():
    trend = {"a": np.repeat([0.1, 0.5, 0.1, 0.5], 6)}
    flat = {"a": np.full(24, 0.3)}
    single, blocks = (scores.ratio_interval(trend, flat, block=size) for size in (1, 6))
    assert blocks.high - blocks.low > 1.3 * (single.high - single.low)


def test_the_seed_decides():
    theirs = losses(1)[0]
    ours = {name: values**1.1 for name, values in theirs.items()}
    assert scores.ratio_interval(ours, theirs, seed=4) == scores.ratio_interval(ours, theirs, seed=4)
    assert scores.ratio_interval(ours, theirs, seed=4) != scores.ratio_interval(ours, theirs, seed=5)
