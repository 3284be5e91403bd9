"""One scenario forecast again and again as counts come in, each time scored against counts that came later.

On every issue day the scenario is updated with the counts published by then, and compared with a straight
line: the last count and the change of the last 30 days carried on, with the errors that such lines made of
totals before. Nothing that was published later is used.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from forewarn.arraytypes import Floats
from forewarn.errors import Problem, UsageError
from forewarn.forecast.running import Executor, Progress
from forewarn.forecast.updating import Observation, Observations, Updated, update
from forewarn.forecast.updating.observation_error import predict
from forewarn.forecast.updating.observations import CUMULATIVE
from forewarn.hindcast.data.as_of import TOLERANCE_DAYS
from forewarn.hindcast.scores.formulas import crps, quantiles
from forewarn.scenario import Scenario

LINE_DAYS: Final = 30  # window of the straight line, as of the naive forecast `drift`
ENOUGH_ERRORS: Final = 5  # as of the naive forecasts
EQUAL_MEMBERS: Final = 400  # assumption: a weighted ensemble becomes so many equal members to be scored
PROBABILITIES: Final = (0.1, 0.5, 0.9)
LINE_ERRORS: Final = (
    *(-0.117, -0.077, -0.056, -0.039, -0.027, -0.020, -0.014, -0.006, -0.002, 0.002),
    *(0.006, 0.011, 0.017, 0.025, 0.034, 0.045, 0.061, 0.140, 0.220),
)
"""Relative errors, (truth − line) / line, at 5, 10, … 95 %, of `drift` for the people registered in all
camps, 30 days ahead, over 118 issues in six conflicts (tools/errors_of_lines.py): the distribution of a line
until it has five errors of its own."""


@dataclass(frozen=True, slots=True)
class Reissue:
    """One issue of one series: forecast and line at 10, 50, 90 %, and what came; people.

    `day` and `target_day` are days after the scenario's own issue day.
    """

    series: str
    day: int
    target_day: int
    counts: int
    forecast: tuple[float, float, float]
    line: tuple[float, float, float]
    truth: float
    crps: float
    crps_line: float


def reissue(
    scenario: Scenario,
    observations: Observations,
    *,
    every_days: int,
    ahead_days: int,
    members: int,
    seed: int,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> tuple[Reissue, ...]:
    """Issue and score forecasts of every series of counts.

    Parameters
    ----------
    scenario
        As it was on its issue day.
    observations
        All counts, with the days on which they were published.
    every_days
        Days between issues.
    ahead_days
        From an issue to the day that is forecast.
    members, seed, executor
        As in `forecast.updating.update`.
    progress
        Called with (issues done, issues in all).

    Raises
    ------
    UsageError
        If no issue can be scored: a count known on an issue day, and another within 10 days of its target.
    """
    days = [
        day
        for day in range(every_days, scenario.horizon_days - ahead_days + 1, every_days)
        if any(_scorable(observations, day, ahead_days))
    ]
    if not days:
        what = f"no issue every {every_days} days can be scored {ahead_days} days ahead"
        raise UsageError(Problem("observations", what, "counts published by an issue day, and later ones"))
    names = tuple(place.name for place in scenario.places)
    rows: list[Reissue] = []
    for done, day in enumerate(days):
        if progress is not None:
            progress(done, len(days))
        known = observations.as_of(day)
        updated = update(scenario, known, members=members, seed=seed, executor=executor)
        for first in _scorable(observations, day, ahead_days):
            rows.append(_score(first, observations, known, updated, names, day, ahead_days, rows))
    if progress is not None:
        progress(len(days), len(days))
    return tuple(rows)


def _scorable(observations: Observations, day: int, ahead_days: int) -> Iterator[Observation]:
    """Give a count known on an issue day of each series that has a truth at the target day."""
    known = {each.series: each for each in observations.as_of(day).rows if each.day <= day}
    for series, each in known.items():
        if not np.isnan(truth_of(observations, series, day + ahead_days)):
            yield each


def truth_of(observations: Observations, series: tuple[str, str, int], day: int) -> float:
    """Give what is taken for true: between the counts that bracket a day, if one lies within 10 days."""
    mine = sorted((each.day, float(each.people)) for each in observations.rows if each.series == series)
    at = np.array([each[0] for each in mine], dtype=np.float64)
    people = np.array([each[1] for each in mine])
    if not len(at) or at[-1] < day or np.abs(at - day).min() > TOLERANCE_DAYS:
        return float("nan")
    return float(np.interp(day, at, people))


def line(known: Sequence[Observation], day: int, target_day: int) -> float:
    """Carry the last count and the change of the last 30 days on to the target day; people, not below 0.

    A count since a day was 0 on that day; a stock has no change before its first count.
    """
    mine = sorted((each.day, float(each.people)) for each in known)
    if known[0].measure in CUMULATIVE:
        mine = [(known[0].since, 0.0), *mine]
    at = np.array([each[0] for each in mine], dtype=np.float64)
    people = np.array([each[1] for each in mine])
    change = people[-1] - np.interp(day - LINE_DAYS, at, people)
    return float(max(people[-1] + change * (target_day - day) / LINE_DAYS, 0.0))


def _score(
    first: Observation,
    observations: Observations,
    known: Observations,
    updated: Updated,
    names: tuple[str, ...],
    day: int,
    ahead_days: int,
    rows: Sequence[Reissue],
) -> Reissue:
    target = day + ahead_days
    mine = [each for each in known.rows if each.series == first.series]
    wanted = Observation(first.measure, first.area, first.places, first.since, target, 0, 0.0, target, "")
    forecast = updated.forecast
    variables = {name: forecast[name].values for name in ("present", "arrivals", "departures", "left_home")}
    members = predict(variables, names, [wanted])[:, 0].astype(np.float64)
    samples = equal_members(members, forecast["weight"].values)
    truth = truth_of(observations, first.series, target)
    name = "|".join(str(part) for part in first.series)
    point = line(mine, day, target)
    own = [
        (row.truth - row.line[1]) / row.line[1]
        for row in rows
        if row.series == name and row.target_day + TOLERANCE_DAYS <= day and row.line[1] >= 1
    ]
    errors = np.array(own if len(own) >= ENOUGH_ERRORS else LINE_ERRORS)
    lines = np.maximum(point * (1 + errors), 0.0)
    return Reissue(
        series=name,
        day=day,
        target_day=target,
        counts=len(mine),
        forecast=_three(samples),
        line=_three(lines, middle=point),
        truth=truth,
        crps=crps(samples, truth),
        crps_line=crps(lines, truth),
    )


def equal_members(values: Floats, weight: Floats) -> Floats:
    """Make equal members of weighted ones, (EQUAL_MEMBERS,): quantiles at (i + ½) / EQUAL_MEMBERS.

    Examples
    --------
    >>> float(equal_members(np.array([1.0, 5.0]), np.array([0.25, 0.75])).mean())
    4.0
    """
    order = np.argsort(values, kind="stable")
    running = np.cumsum(weight[order])
    at = (np.arange(EQUAL_MEMBERS) + 0.5) / EQUAL_MEMBERS * running[-1]
    return np.asarray(values[order][np.searchsorted(running, at)])


def _three(samples: Floats, middle: float | None = None) -> tuple[float, float, float]:
    low, median, high = (float(each) for each in quantiles(samples, PROBABILITIES))
    return low, median if middle is None else middle, high
