"""Linear pools: weights found, mixtures right, nothing learnt from what is scored."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from forewarn.hindcast.data.as_of import issues
from forewarn.hindcast.forecasters.flee_rules import FleeForecaster
from forewarn.hindcast.forecasters.pool import LinearPool, best_weights, mean_distance, mixture
from forewarn.hindcast.forecasters.simulated import Simulation
from forewarn.hindcast.scores.formulas import crps
from forewarn.hindcast.scores.records import IssueForecast
from tests.hindcast.conflicts import drawn

OTHERS = {
    name: issues(drawn(seed, name=name), horizon_days=30) for seed, name in enumerate(("one", "two", "three"))
}


def test_mean_distance_by_hand():
    assert mean_distance(np.array([1.0, 3.0]), np.array([0.0, 2.0, 4.0])) == pytest.approx(
        (1 + 1 + 3 + 3 + 1 + 1) / 6
    )
    assert mean_distance(np.array([5.0]), np.array([5.0, 5.0])) == 0


@pytest.mark.statistical
def test_the_best_weights_have_the_lowest_crps_of_the_mixture():
    draws = np.random.Generator(np.random.Philox(4))
    truth = draws.normal(0, 1, 500)
    one, two = np.sort(draws.normal(0.5, 1, 400)), np.sort(draws.normal(-1.0, 1, 400))
    distance = np.array([np.mean([np.abs(each - true).mean() for true in truth]) for each in (one, two)])
    between = np.array([[mean_distance(x, y) for y in (one, two)] for x in (one, two)])
    weights = best_weights(distance, between)
    scores = {
        share: np.mean([crps(mixture([one, two], (share, 1 - share)), true) for true in truth])
        for share in np.arange(21) / 20
    }
    assert weights[0] == pytest.approx(min(scores, key=scores.get), abs=0.051)
    assert 0.5 < weights[0] < 0.9  # 2/3 by the means


def test_a_mixture_has_members_in_proportion():
    found = mixture([np.array([1.0, 2.0]), np.array([7.0])], (0.75, 0.25))
    assert len(found) == 400
    assert [np.mean(found == value) for value in (1, 2, 7)] == pytest.approx([0.375, 0.375, 0.25])
    assert set(mixture([np.array([1.0]), np.array([7.0])], (1.0, 0.0))) == {1}


@dataclass
class Knowing:
    """A forecaster of this place's count times a factor; notes from whom it learnt."""

    factor: float
    seen: list
    name: str = "knowing"

    def can(self, mode):
        return mode == "total-forecast"

    def learn(self, others, horizon_days, mode):
        self.seen.append(set(others))
        return self

    def issue(self, known, horizon_days, *, total=None, matured=()):
        point = known.counts() * self.factor
        return IssueForecast(point, tuple(np.array([value]) for value in point))


def test_members_learn_without_the_conflict_that_weights_are_fitted_on():
    seen = []
    pool = LinearPool("p", {"total-forecast": (Knowing(1.1, seen), Knowing(9.0, seen))})
    found = pool.collect(OTHERS, 30, "total-forecast")
    one, two = found.parameters
    assert one >= 0.9
    assert seen == [each for name in OTHERS for each in [set(OTHERS) - {name}] * 2]
    issuer = pool.learn(OTHERS, 30, "total-forecast")
    assert seen[-2:] == [set(OTHERS)] * 2
    issue = OTHERS["one"][0]
    assert issuer.issue(issue.known, 30).point == pytest.approx(issue.known.counts() * (1.1 * one + 9 * two))
    assert not pool.can("total-given")


def test_with_too_little_to_learn_from_weights_are_even():
    pool = LinearPool("p", {"total-forecast": (Knowing(1.0, []), Knowing(2.0, []))})
    assert pool.collect({"one": OTHERS["one"]}, 30, "total-forecast").parameters == (0.5, 0.5)


@pytest.mark.parametrize("kind", [FleeForecaster, Simulation])
def test_forecasters_with_folders_are_told_which_conflict_is_left_out(kind):
    """Fitting weights leaves a second conflict out: what is forecast then is that one, and nothing else."""
    told = []

    @dataclass(frozen=True)
    class Told(kind):
        def learn(self, others, horizon_days, mode):
            names = [folder.name for folder in self.folders]
            told.append([name for name in names if name not in others])
            return Knowing(1.0, [])

    folders = tuple(Path(name) for name in (*OTHERS, "scored"))
    pool = LinearPool("p", {"total-forecast": (Knowing(1.0, []), Told(folders))})
    pool.collect(OTHERS, 30, "total-forecast")
    assert told == [[name] for name in OTHERS]
