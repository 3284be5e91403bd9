"""The same scenario with something changed: paired worlds, member by member."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import xarray as xr

from forewarn.errors import Problem, UsageError
from forewarn.forecast.quantiles import quantiles_by_course
from forewarn.forecast.running import Executor, Progress, run
from forewarn.forecast.summary import displaced_people
from forewarn.forecast.variables import check
from forewarn.scenario import Scenario

INTERVAL = (0.05, 0.5, 0.95)


@dataclass(frozen=True, slots=True)
class Difference:
    """What a change does in one course up to one day: changed less base, member by member, people.

    `place` is empty for the number of people displaced by the offensive, fear or a warning, as in the
    outlook's headline; otherwise the difference is in newly displaced people living there. `base` is the
    median without the change.
    """

    course: str
    day: int
    place: str
    base: float
    low: float
    median: float
    high: float


def compare(
    scenario: Scenario,
    changed: Scenario,
    *,
    members: int,
    seed: int,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> tuple[xr.Dataset, xr.Dataset]:
    """Forecast a scenario and a changed one with the same luck.

    Where and when the change has no effect, the two are equal to the byte; so the difference shows the
    change and not the dice.

    Raises
    ------
    UsageError
        If places or courses of the two are not the same.

    Examples
    --------
    >>> from forewarn.scenario import change, load
    >>> base = load("crossroads")
    >>> slower = change(base, ["courses.attack.stages.assault.start+=5"])
    >>> before, after = compare(base, slower, members=4, seed=1)
    """
    names = [tuple(place.name for place in one.places) for one in (scenario, changed)]
    courses = [tuple(course.name for course in one.courses) for one in (scenario, changed)]
    if names[0] != names[1] or courses[0] != courses[1] or scenario.horizon_days != changed.horizon_days:
        raise UsageError(
            Problem(
                "compare", "the two scenarios differ in places, courses or horizon", "one scenario, changed"
            )
        )
    first = run(scenario, members=members, seed=seed, executor=executor, progress=_half(progress, 0))
    second = run(changed, members=members, seed=seed, executor=executor, progress=_half(progress, 1))
    return first, second


def _half(progress: Progress | None, half: int) -> Progress | None:
    if progress is None:
        return None
    return lambda done, members: progress(half * members + done, 2 * members)


def differences(base: xr.Dataset, changed: xr.Dataset, *, places: int = 5) -> tuple[Difference, ...]:
    """Sum up two forecasts of `compare`.

    For each course and table day all displaced people, and at the horizon the places where the number
    of newly displaced people changes most.

    Parameters
    ----------
    base, changed
        Forecasts with the same members.
    places
        How many places to list for each course.

    Raises
    ------
    ForewarnError
        `base` or `changed` is not a forecast.
    """
    check(base)
    check(changed)
    rows = []
    days = base["table_day"].values
    total = [displaced_people(each, measure="offensive").sel(day=days) for each in (base, changed)]
    rows += _rows("", total[0], total[1])
    present = [each["present"].isel(day=[-1]) for each in (base, changed)]
    for course in dict.fromkeys(base["course"].values.tolist()):
        mine = base["course"].values == course
        there, then = (each.isel(member=np.flatnonzero(mine)) for each in present)
        change = np.median((then - there).values[:, 0], axis=0)
        for place in np.argsort(-np.abs(change), kind="stable")[:places]:
            if change[place] != 0:
                name = str(base["place"].values[place])
                rows += _rows(name, there.isel(place=place), then.isel(place=place))
    return tuple(rows)


def _rows(place: str, base: xr.DataArray, changed: xr.DataArray) -> list[Difference]:
    middle = quantiles_by_course(base, probabilities=(0.5,))
    # With labels of the base: a difference drops those that differ, such as chances that a change sets.
    change = base.copy(data=changed.values - base.values)
    spread = quantiles_by_course(change, probabilities=INTERVAL)
    return [
        Difference(
            course=str(course),
            day=int(day),
            place=place,
            base=float(middle.sel(course=course, day=day, quantile=0.5)),
            low=float(spread.sel(course=course, day=day, quantile=0.05)),
            median=float(spread.sel(course=course, day=day, quantile=0.5)),
            high=float(spread.sel(course=course, day=day, quantile=0.95)),
        )
        for course in spread["course"].values
        for day in spread["day"].values
    ]
