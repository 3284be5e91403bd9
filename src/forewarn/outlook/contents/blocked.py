"""People who want to leave and cannot, or wait at a crossing and do not get across: easily overlooked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from forewarn.forecast import summary
from forewarn.forecast.quantiles import quantiles_by_course
from forewarn.outlook.format.text_table import TextTable
from forewarn.outlook.format.values import isolated

if TYPE_CHECKING:
    from forewarn.forecast.summary import PeopleRange
    from forewarn.outlook.view import ForecastView

LEAST: Final = 100
"""People without a way out, or waiting, from which on it is said; assumption."""
PART: Final = 0.02
"""Part of the displaced that they are, unless a calmer course displaces more than are blocked; assumption."""


@dataclass(frozen=True, slots=True)
class BlockedPeople:
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


def find_blocked(view: ForecastView) -> tuple[BlockedPeople, ...]:
    """Find the courses in which many want to leave and find no way, or wait at crossings."""
    displaced = {each.course: each.most_likely for each in view.planning_figures}
    described = {course.name: course for course in view.scenario.courses}
    calm = [name for name in displaced if not described[name].stages]
    calmest = max(calm, key=lambda name: displaced[name], default="")
    found = []
    for each in view.blocked_figures:
        own, blocked, waiting = displaced[each.course], each.most_blocked, each.most_waiting
        if not described[each.course].stages:
            continue
        fewer = bool(calmest) and own < displaced[calmest]
        enough = max(LEAST, PART * own)
        many = blocked.median >= enough or (fewer and blocked.median > 0)
        if many or waiting.median >= enough:
            calmer = (calmest, displaced[calmest]) if many and fewer else ("", 0)
            sides = (blocked if many else None, waiting if waiting.median >= enough else None)
            found.append(BlockedPeople(each.course, *sides, own, *calmer))
    return tuple(found)


def blocked_sentences(view: ForecastView) -> tuple[str, ...]:
    """Say in plain words where people are blocked, one or two sentences for each course."""
    said = []
    for each in find_blocked(view):
        where = f"In the course “{isolated(view.formatter.title(each.course))}”"
        if each.blocked is not None:
            said.append(f"{where} people are blocked: {_blocked(view, each, each.blocked)}")
        if each.waiting is not None:
            said.append(
                f"{where} {_count(view, each.waiting)} wait at crossings on the worst day: they have "
                "left home and are not let across."
            )
    return tuple(said)


def blocked_columns(view: ForecastView) -> dict[str, dict[str, str]]:
    """Give heading → course → cell of what stands beside the displaced where people are blocked."""
    found = find_blocked(view)
    columns = {
        "Find no way out, worst day": {
            each.course: view.formatter.median_and_90(each.blocked)
            for each in found
            if each.blocked is not None
        },
        "Wait at crossings, worst day": {
            each.course: view.formatter.median_and_90(each.waiting)
            for each in found
            if each.waiting is not None
        },
    }
    return {heading: cells for heading, cells in columns.items() if cells}


def _blocked(view: ForecastView, each: BlockedPeople, blocked: PeopleRange) -> str:
    words = view.formatter
    said = (
        f"on the worst day {_count(view, blocked)} want to leave and find no way. "
        "They are not counted as displaced. "
    )
    if not each.calmer:
        return said + "The displaced are those who got away; those who stay are in danger too."
    return said + (
        f"That is why this course shows fewer displaced people ({words.people(each.displaced)}) "
        f"than “{isolated(words.title(each.calmer))}” ({words.people(each.calmer_displaced)}): "
        "fewer get away, and more are in danger."
    )


def _count(view: ForecastView, found: PeopleRange) -> str:
    """Median and interval."""
    words = view.formatter
    return f"{words.people(found.median)} (median; 90 % interval {words.interval_90(found)})"


def build_blocked_table(view: ForecastView) -> TextTable:
    """List who waits, who finds no way out and who returns, course by course."""
    words = view.formatter
    reached = _in_places_attacked(view)
    still = ", or have left home there and are within their own place" if view.has_within else ""
    rows = tuple(
        (
            words.title(item.course),
            words.median_and_90(item.most_waiting),
            words.median_and_90(item.waiting_at_horizon),
            words.median_and_90(item.most_blocked),
            words.median_and_90(item.attempts_blocked),
            reached.get(item.course, "–"),
            words.median_and_90(item.returned),
            words.median_and_90(item.organised_returns),
        )
        for item in view.blocked_figures
    )
    return TextTable(
        caption="Waiting at crossings, unable to leave, in places attacked, returned: median (90 % interval)",
        columns=(
            "Course",
            "Waiting, most on one day",
            f"Waiting on {view.until}",
            "Found no way out, most on one day",
            "Attempts without a way out, all days",
            f"Newly displaced in places that the course attacks, {view.until}",
            "Returned by themselves",
            "Organised returns",
        ),
        rows=rows,
        note=(
            "A person who finds no way out may try again on another day, and is then counted again. Newly "
            "displaced people in places that the course attacks have come there from elsewhere, before the "
            f"attack, during it or after it{still}; ordinary moves are included."
        ),
    )


def _in_places_attacked(view: ForecastView) -> dict[str, str]:
    """Give course → newly displaced people at the end in the places that it attacks at some time."""
    places = view.possible["place"].values.astype(str)
    present = view.possible["present"].isel(day=-1)
    found = {}
    for course in (each for each in view.scenario.courses if each.stages and each.name in view.courses):
        attacked = [name for stage in course.stages for name in stage.places]
        there = np.flatnonzero(np.isin(places, attacked))
        people = quantiles_by_course(present.isel(place=there).sum("place", dtype=np.int64))
        found[course.name] = view.formatter.median_and_90(summary.interval(people.sel(course=course.name)))
    return found
