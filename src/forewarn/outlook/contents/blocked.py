"""People who want to leave and cannot, or wait at a crossing and do not get across: easily overlooked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import xarray as xr

from forewarn.forecast import summary
from forewarn.outlook.format.values import between, isolated, people

if TYPE_CHECKING:
    from forewarn.forecast.summary import PeopleRange
    from forewarn.outlook.format.sentences import Teller
    from forewarn.scenario import Scenario

LEAST: Final = 100
"""People without a way out, or waiting, from which on it is said; assumption."""
PART: Final = 0.02
"""Part of the displaced that they are, unless a calmer course displaces more than are blocked; assumption."""


@dataclass(frozen=True, slots=True)
class Trapped:
    """People without a way out in a course with an offensive.

    Parameters
    ----------
    course
        Name of the course.
    blocked
        People who tried to leave on the worst day and found no way; nothing if they are few.
    waiting
        People who have left home and wait at crossings on the worst day; nothing if they are few.
    displaced
        Median of the people who left because of the offensive, fear or a warning.
    calmer
        Name of a course without an offensive that displaces more, and its median; empty and 0 if none does.
    """

    course: str
    blocked: PeopleRange | None
    waiting: PeopleRange | None
    displaced: int
    calmer: str = ""
    calmer_displaced: int = 0


def find_trapped(dataset: xr.Dataset, scenario: Scenario) -> tuple[Trapped, ...]:
    """Find the courses in which many want to leave and find no way, or wait at crossings."""
    displaced = {each.course: each.most_likely for each in summary.planning_figures(dataset)}
    described = {course.name: course for course in scenario.courses}
    calm = [name for name in displaced if not described[name].stages]
    calmest = max(calm, key=lambda name: displaced[name], default="")
    found = []
    for each in summary.hardships(dataset):
        own, blocked, waiting = displaced[each.course], each.most_blocked, each.most_waiting
        if not described[each.course].stages:
            continue
        fewer = bool(calmest) and own < displaced[calmest]
        enough = max(LEAST, PART * own)
        many = blocked.median >= enough or (fewer and blocked.median > 0)
        if many or waiting.median >= enough:
            calmer = (calmest, displaced[calmest]) if many and fewer else ("", 0)
            sides = (blocked if many else None, waiting if waiting.median >= enough else None)
            found.append(Trapped(each.course, *sides, own, *calmer))
    return tuple(found)


def say_trapped(dataset: xr.Dataset, scenario: Scenario, *, smallest: int) -> tuple[str, ...]:
    """Say in plain words where people are trapped, one or two sentences for each course."""
    titles = {course.name: isolated(course.title or course.name) for course in scenario.courses}
    said = []
    for each in find_trapped(dataset, scenario):
        where = f"In the course “{titles[each.course]}”"
        if each.blocked is not None:
            said.append(f"{where} people are trapped: {_blocked(each, each.blocked, titles, smallest)}")
        if each.waiting is not None:
            said.append(
                f"{where} {_count(each.waiting, smallest)} wait at crossings on the worst day: they have "
                "left home and are not let across."
            )
    return tuple(said)


def trapped_columns(teller: Teller) -> dict[str, dict[str, str]]:
    """Give heading → course → cell of what stands beside the displaced where people are trapped."""
    found = find_trapped(teller.possible, teller.scenario)
    columns = {
        "Find no way out, worst day": {
            each.course: teller.with_most(each.blocked) for each in found if each.blocked is not None
        },
        "Wait at crossings, worst day": {
            each.course: teller.with_most(each.waiting) for each in found if each.waiting is not None
        },
    }
    return {heading: cells for heading, cells in columns.items() if cells}


def _blocked(each: Trapped, blocked: PeopleRange, titles: dict[str, str], smallest: int) -> str:
    words = (
        f"on the worst day {_count(blocked, smallest)} want to leave and find no way. "
        "They are not counted as displaced. "
    )
    if not each.calmer:
        return words + "The displaced are those who got away; those who stay are in danger too."
    return words + (
        f"That is why this course shows fewer displaced people ({people(each.displaced, smallest=smallest)}) "
        f"than “{titles[each.calmer]}” ({people(each.calmer_displaced, smallest=smallest)}): "
        "fewer get away, and more are in danger."
    )


def _count(found: PeopleRange, smallest: int) -> str:
    """Median and interval."""
    interval = between(found.p05, found.p95, smallest=smallest)
    return f"{people(found.median, smallest=smallest)} (median; 90 % interval {interval})"
