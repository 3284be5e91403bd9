"""The same scenario with something changed: paired worlds, member by member."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from forewarn.errors import Problem, UsageError
from forewarn.forecast.first_difference import first_difference
from forewarn.forecast.kept_members import MOST_PLACES
from forewarn.forecast.member_worlds import MemberWorld
from forewarn.forecast.members import keep_members, run_members, worlds_of_members, zeros
from forewarn.forecast.quantiles import quantiles_by_course
from forewarn.forecast.running import Executor, Progress, as_dataset, check_request, in_chunks
from forewarn.forecast.summary import displaced_people
from forewarn.forecast.variables import check
from forewarn.network import Network, build
from forewarn.scenario import Scenario

Variables = Mapping[str, NDArray[np.int32]]
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
    check_request(scenario, members, seed)
    networks = build(scenario), build(changed)
    out = zeros(scenario, networks[0], members), zeros(changed, networks[1], members)
    for chunk, both in in_chunks(
        run_both,
        (scenario, changed, *networks, seed),
        (),
        members=members,
        executor=executor,
        progress=None if progress is None else lambda done, total: progress(2 * done, 2 * total),
    ):
        for of_all, of_chunk in zip(out, both, strict=True):
            for name, values in of_chunk.items():
                of_all[name][chunk] = values
    return as_dataset(out[0], scenario, networks[0], seed), as_dataset(out[1], changed, networks[1], seed)


def run_both(
    scenario: Scenario,
    changed: Scenario,
    network: Network,
    other: Network,
    seed: int,
    members: NDArray[np.int64],
) -> tuple[Variables, Variables]:
    """Simulate some members of both; where the change matters late, the second goes on from the first."""
    rows = worlds_of_members(changed, other, seed, members)
    worlds = {int(members[row]): world for row, world in rows}

    def before_change(member: int, world: MemberWorld) -> tuple[int, ...]:
        day = first_difference(world, worlds[member])
        return () if day is None or day <= 1 or len(network.names) > MOST_PLACES else (day - 1,)

    variables, kept = keep_members(scenario, network, seed, members, before_change)
    return variables, run_members(changed, other, seed, members, kept=kept)


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
