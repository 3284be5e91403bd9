"""People who want to leave and cannot, or have left home and do not get out: easily overlooked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import xarray as xr

from forewarn.forecast import summary
from forewarn.forecast.quantiles import quantiles_by_course
from forewarn.outlook.wording import between, day, isolated, people

if TYPE_CHECKING:
    from forewarn.forecast.summary import Interval
    from forewarn.outlook.telling import Teller
    from forewarn.scenario import Course, Scenario

LEAST: Final = 100
"""People without a way out from which on it is said; assumption."""
PART: Final = 0.02
"""Part of the displaced that blocked people are, unless a calmer course displaces more; assumption."""
INSIDE: Final = 0.5
"""Part of the displaced from which on it is said that they are still in the places attacked; assumption."""


@dataclass(frozen=True, slots=True)
class Trapped:
    """People without a way out in a course with an offensive.

    Parameters
    ----------
    course
        Name of the course.
    worst_day
        People who tried to leave on the worst day and found no way; nothing if they are few.
    inside
        People who left home, whatever for, and are at the end in places attacked; nothing if most got out.
    displaced
        Median of the people who left because of the offensive, fear or a warning.
    calmer
        Name of a course without an offensive that displaces more, and its median; empty and 0 if none does.
    """

    course: str
    worst_day: Interval | None
    inside: Interval | None
    displaced: int
    calmer: str = ""
    calmer_displaced: int = 0


def find_trapped(dataset: xr.Dataset, scenario: Scenario) -> tuple[Trapped, ...]:
    """Find the courses in which many want to leave and find no way, or leave and do not get out."""
    displaced = {each.course: each.most_likely for each in summary.planning_figures(dataset)}
    moved = quantiles_by_course(summary.displaced_people(dataset).isel(day=-1))
    everybody = {name: summary.interval(moved.sel(course=name)).median for name in displaced}
    described = {course.name: course for course in scenario.courses}
    calm = [name for name in displaced if not described[name].stages]
    calmest = max(calm, key=lambda name: displaced[name], default="")
    found = []
    for each in summary.hardships(dataset):
        course, own, blocked = described[each.course], displaced[each.course], each.most_blocked
        if not course.stages:
            continue
        fewer = bool(calmest) and own < displaced[calmest]
        many = blocked.median >= max(LEAST, PART * own) or (fewer and blocked.median > 0)
        inside = _inside(dataset, course)
        stay = inside.median >= max(LEAST, INSIDE * everybody[each.course])
        if many or stay:
            calmer = (calmest, displaced[calmest]) if many and fewer else ("", 0)
            sides = (blocked if many else None, inside if stay else None)
            found.append(Trapped(each.course, *sides, own, *calmer))
    return tuple(found)


def say_trapped(dataset: xr.Dataset, scenario: Scenario, *, smallest: int) -> tuple[str, ...]:
    """Say in plain words where people are trapped, one or two sentences for each course."""
    titles = {course.name: isolated(course.title or course.name) for course in scenario.courses}
    until = day(dataset["date"].values[-1])
    said = []
    for each in find_trapped(dataset, scenario):
        where = f"In the course “{titles[each.course]}”"
        if each.worst_day is not None:
            said.append(f"{where} people are trapped: {_blocked(each, titles, smallest)}")
        if each.inside is not None:
            said.append(
                f"{where} {_count(each.inside, smallest)} of the newly displaced, ordinary moves included, "
                f"are on {until} still in places that it attacks: they left home and did not get out."
            )
    return tuple(said)


def trapped_columns(teller: Teller) -> dict[str, dict[str, str]]:
    """Give heading → course → cell of what stands beside the displaced where people are trapped."""
    found = find_trapped(teller.dataset, teller.scenario)
    columns = {
        "Find no way out, worst day": {
            each.course: teller.with_most(each.worst_day) for each in found if each.worst_day is not None
        },
        "Left home, still in places attacked": {
            each.course: teller.with_most(each.inside) for each in found if each.inside is not None
        },
    }
    return {heading: cells for heading, cells in columns.items() if cells}


def _blocked(each: Trapped, titles: dict[str, str], smallest: int) -> str:
    assert each.worst_day is not None
    words = (
        f"on the worst day {_count(each.worst_day, smallest)} want to leave and find no way. "
        "They are not counted as displaced. "
    )
    if not each.calmer:
        return words + "The displaced are those who got away; those who stay are in danger too."
    return words + (
        f"That is why this course shows fewer displaced people ({people(each.displaced, smallest=smallest)}) "
        f"than “{titles[each.calmer]}” ({people(each.calmer_displaced, smallest=smallest)}): "
        "fewer get away, and more are in danger."
    )


def _count(found: Interval, smallest: int) -> str:
    """Median and interval."""
    interval = between(found.p05, found.p95, smallest=smallest)
    return f"{people(found.median, smallest=smallest)} (median; 90 % interval {interval})"


def _inside(dataset: xr.Dataset, course: Course) -> Interval:
    """Newly displaced people in the places that a course attacks, at the end."""
    attacked = sorted({name for stage in course.stages for name in stage.places})
    there = np.flatnonzero(np.isin(dataset["place"].values.astype(str), attacked))
    present = dataset["present"].isel(day=-1, place=there).sum("place", dtype=np.int64)
    return summary.interval(quantiles_by_course(present).sel(course=course.name))
