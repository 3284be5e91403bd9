"""Long statistical checks: calibration of the ensemble and the exactness of its draws.

Seeds are fixed; every test states the chance with which a right model would fail it.
"""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from forewarn.forecast import run
from forewarn.forecast.summary import displaced_people
from forewarn.scenario import change, load, narrow

ENSEMBLES = 200
MEMBERS = 19
ALARM = 1e-4

UNCERTAIN = (
    "model.flight.share_leaving={low: 0.2, mode: 0.5, high: 0.9}",
    "model.flight.days_to_half={median: 8, p90: 30}",
    "model.destination.pull_spread=0.5",
    "courses.attack.stages.assault.start={low: 2024-03-05, mode: 2024-03-11, high: 2024-04-10}",
)


@pytest.fixture(scope="module")
def scenario():
    return narrow(change(load("crossroads"), UNCERTAIN), course="attack", horizon_days=40)


def looked_at(forecast):
    """(members, outputs): people displaced on two days, and people in Farside."""
    people = displaced_people(forecast).values
    return np.stack(
        [people[:, 20], people[:, 40], forecast["present"].sel(place="Farside").values[:, -1]], axis=1
    )


def ranks(truths, ensembles):
    """Rank of each truth in its ensemble, ties by lot, (ensembles, outputs)."""
    lot = np.random.default_rng(1)
    below = (ensembles < truths[:, None]).sum(axis=1)
    ties = (ensembles == truths[:, None]).sum(axis=1)
    return below + lot.integers(0, ties + 1)


def p_value(found):
    counts = np.bincount(found, minlength=MEMBERS + 1).reshape(10, -1).sum(axis=1)
    return stats.chisquare(counts).pvalue


@pytest.mark.slow
@pytest.mark.statistical
def test_ranks_of_a_future_among_the_forecast_are_even(scenario):
    """A future drawn from the model is any member's equal; false alarm 3 × 1e-4."""
    truths = looked_at(run(scenario, members=ENSEMBLES, seed=1))
    ensembles = np.stack([looked_at(run(scenario, members=MEMBERS, seed=1000 + i)) for i in range(ENSEMBLES)])
    found = ranks(truths, ensembles)
    assert min(p_value(column) for column in found.T) > ALARM


@pytest.mark.slow
@pytest.mark.statistical
def test_a_forecast_with_another_share_is_found_out(scenario):
    """The negative control: futures in which a fifth fewer leave."""
    other = change(scenario, ["model.flight.share_leaving*=0.8"])
    truths = looked_at(run(other, members=ENSEMBLES, seed=1))
    ensembles = np.stack([looked_at(run(scenario, members=MEMBERS, seed=1000 + i)) for i in range(ENSEMBLES)])
    assert p_value(ranks(truths, ensembles)[:, 1]) < ALARM


@pytest.mark.slow
@pytest.mark.statistical
def test_people_who_left_are_binomial():
    """Exact numbers: on every day the count is Binomial(10,000, F(1 − 2^(−t/t50))); false alarm 4 × 1e-4."""
    exact = narrow(load("crossroads"), course="attack")
    people = displaced_people(run(exact, members=1000, seed=4)).values
    for day in (10, 14, 24, 60):
        share = 0.6 * (1 - 2 ** (-(day - 9) / 5))
        uniform = stats.binom.cdf(people[:, day], 10_000, share)
        assert stats.kstest(uniform, "uniform").pvalue > ALARM
    wrong = stats.binom.cdf(people[:, 24], 10_000, share * 0.99)
    assert stats.kstest(wrong, "uniform").pvalue < ALARM
