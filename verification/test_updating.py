"""Updating proved on synthetic truth: futures of the prior, counted with errors, and forecasts that learn.

A future's rank among the members of a perfect forecast is even. Ensemble smoothing is an approximation, so
bounds are stated instead of a test of exactness. With 200 cases the share of futures inside the 80 %
interval must lie within 0.72 to 0.88 (chance alone: 0.80 ± 0.03), every tenth of the ranks must hold
3 % to 18 % of the futures (chance alone: 10 % ± 2 %), and the mean rank must be 0.44 to 0.56 (chance
alone: 0.50 ± 0.02).
"""

from __future__ import annotations

import numpy as np
import pytest

from forewarn.forecast import run
from forewarn.forecast.summary import displaced_people
from forewarn.forecast.updating import Observation, Observations, update
from forewarn.scenario import change, load, narrow

UNCERTAIN = (
    "model.flight.share_leaving={low: 0.2, mode: 0.5, high: 0.9}",
    "model.flight.share_leaving_spread=0.3",
    "model.flight.days_to_half={median: 8, p90: 30}",
    "model.destination.pull_spread=0.5",
    "model.destination.camp_pull={low: -0.5, high: 1}",
    "model.destination.distance_exponent={low: 0.5, mode: 1, high: 2}",
    "courses.attack.stages.assault.start={low: 2024-03-05, mode: 2024-03-11, high: 2024-03-25}",
)
PLACES = ("Oakford", "Elm Camp", "Farside")
ERROR = 0.1


def uncertain_crossroads(*, course: str | None = "attack"):
    """The teaching example with numbers that are not known exactly; one course of it, or both."""
    return narrow(change(load("crossroads"), UNCERTAIN), course=course, horizon_days=45)


def looked_at(forecast):
    """(members, outputs): people displaced at the end, and those in each place."""
    people = displaced_people(forecast).values
    present = forecast["present"].sel(place=list(PLACES)).values
    return np.column_stack([people[:, -1], present[:, -1]])


def counts_of(future, *, days, error=ERROR, stated=None, seed):
    """Counts of a future, (1 member), with errors that are normal and independent; `stated` if they lie."""
    rng = np.random.default_rng(seed)
    everywhere = tuple(str(name) for name in future["place"].values)
    left = displaced_people(future, measure="offensive").values[0]
    found = []
    for day in days:
        true = {("displaced", "anywhere", everywhere): left[day]}
        true |= {
            ("present", name, (name,)): int(future["present"].sel(place=name).values[0, day])
            for name in PLACES
        }
        for (measure, area, places), people in true.items():
            counted = max(0, round(people * (1 + error * rng.standard_normal())))
            found.append(
                Observation(measure, area, places, 0, day, counted, stated or error, day, "synthetic")
            )
    return Observations(tuple(found))


def one_case(scenario, case, *, members, days, error=ERROR, stated=None):
    """A future that is a member of the prior, and an updated forecast of it."""
    future = run(scenario, members=len(scenario.courses), seed=50_000 + case)
    rng = np.random.default_rng(case)
    chances = np.array([course.probability.typical() for course in scenario.courses])
    followed = int(rng.choice(len(chances), p=chances / chances.sum()))
    future = future.isel(member=[followed])
    observed = counts_of(future, days=days, error=error, stated=stated, seed=case)
    updated = update(scenario, observed, members=members, seed=case, model_error=0)
    return future, updated


def rank(future, updated, lot):
    """Weighted rank of the future among the members, 0 to 1, ties by lot, for each output."""
    truth, ensemble = looked_at(future)[0], looked_at(updated.forecast)
    weight = updated.forecast["weight"].values
    below = ((ensemble < truth) * weight[:, None]).sum(axis=0)
    tied = ((ensemble == truth) * weight[:, None]).sum(axis=0)
    return below + tied * lot.random(truth.size)


CASES = 200
MEMBERS = 200
DURING, EARLY = (15, 20, 25), (8, 12, 16)


def ranks_of(scenario, *, days, counted_error=0.1, stated_error=None, cases=CASES):
    lot = np.random.default_rng(9)
    found, nearer = [], []
    for case in range(cases):
        future, updated = one_case(
            scenario, case, members=MEMBERS, days=days, error=counted_error, stated=stated_error
        )
        found.append(rank(future, updated, lot))
        before = np.median(looked_at(run(scenario, members=MEMBERS, seed=case)), axis=0)
        after = np.median(looked_at(updated.forecast), axis=0)
        truth = looked_at(future)[0]
        nearer.append([np.abs(before - truth), np.abs(after - truth)])
    return np.array(found), np.array(nearer).mean(axis=0)


def within_bounds(ranks):
    """Whether the ranks of one output are as even as promised."""
    inside = ((ranks > 0.1) & (ranks < 0.9)).mean()
    tenths = np.bincount(np.minimum((ranks * 10).astype(int), 9), minlength=10) / len(ranks)
    return (
        0.72 <= inside <= 0.88
        and tenths.min() >= 0.03
        and tenths.max() <= 0.18
        and 0.44 <= ranks.mean() <= 0.56
    )


@pytest.mark.slow
@pytest.mark.statistical
def test_ranks_are_even_while_an_attack_goes_on():
    ranks, errors = ranks_of(uncertain_crossroads(course="attack"), days=DURING)
    assert [within_bounds(column) for column in ranks.T] == [True] * ranks.shape[1]
    assert (errors[1] < 0.5 * errors[0]).all()


@pytest.mark.slow
@pytest.mark.statistical
def test_ranks_are_even_when_nobody_knows_whether_it_will_come():
    ranks, errors = ranks_of(uncertain_crossroads(course=None), days=EARLY)
    assert [within_bounds(column) for column in ranks.T] == [True] * ranks.shape[1]
    assert (errors[1] < errors[0]).all()


@pytest.mark.slow
@pytest.mark.statistical
def test_counts_that_are_worse_than_they_say_are_found_out():
    """The negative control: errors of 40 % that call themselves 5 %."""
    ranks, _ = ranks_of(
        uncertain_crossroads(course="attack"), days=DURING, counted_error=0.4, stated_error=0.05, cases=100
    )
    assert not any(within_bounds(column) for column in ranks.T)
