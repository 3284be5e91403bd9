"""How many of a group choose each place: exact, whether they are drawn option by option or one by one."""

from __future__ import annotations

import numpy as np
import pytest
import scipy

from forewarn.kernel import arrays
from forewarn.kernel.native.goals import choose
from forewarn.kernel.native.routing import _index
from tests.kernel.small_worlds import random_world

WEIGHTS = np.array([0.0, 3.0, 0.0, 1.0, 0.02, 0.5, 2.0, 0.3, 0.0])
LAST = 7
DRAWS = 4_000


def sample(people: int, weights: np.ndarray) -> np.ndarray:
    """Numbers who choose each option, (draws, options)."""
    world = random_world(1, places=len(weights))
    scratch = arrays.new_state(world.roads, world.places, world.plan, len(weights), 1).scratch
    cumulative = np.cumsum(weights)
    guide = np.zeros(arrays.GUIDE_STEPS, dtype=np.int32)
    _index(cumulative, LAST, guide)
    goals = np.arange(len(weights), dtype=np.int32)
    found = np.zeros((DRAWS, len(weights)), dtype=np.int64)
    for day in range(DRAWS):
        scratch.drawn[:] = 0
        number = choose(
            people, LAST, arrays.HERE, world.key, np.uint64(7), np.uint64(9), day, goals, world.places.key, cumulative, guide,
            scratch,
        )  # fmt: skip
        options = scratch.touched[:number]
        assert len(set(options)) == number
        found[day, options] = scratch.chosen[options]
        scratch.chosen[:] = 0
    return found


def fit(found: np.ndarray, weights: np.ndarray) -> float:
    """Chi-square p-value of the totals against the weights."""
    chance = weights[weights > 0] / weights.sum()
    totals = found.sum(axis=0)[weights > 0]
    return float(scipy.stats.chisquare(totals, chance * totals.sum()).pvalue)


@pytest.mark.statistical
@pytest.mark.parametrize("people", [1, 4, 7, 8, 11, 30, 400])
def test_choices_are_multinomial(people: int):
    found = sample(people, WEIGHTS)
    assert (found.sum(axis=1) == people).all()
    assert not found[:, WEIGHTS == 0].any()
    assert fit(found, WEIGHTS) > 1e-3
    chance = WEIGHTS / WEIGHTS.sum()
    exact = people * (np.diag(chance) - np.outer(chance, chance))
    spread = np.sqrt((exact**2 + np.outer(np.diag(exact), np.diag(exact)) + exact.max()) / DRAWS)
    assert (abs(np.cov(found.T) - exact) < 4.5 * spread).all()


@pytest.mark.statistical
def test_weights_a_little_off_are_noticed():
    """Negative control."""
    assert fit(sample(30, WEIGHTS), WEIGHTS * np.linspace(1.0, 1.1, len(WEIGHTS))) < 1e-3
