"""The answer: what is likely, where people go, and how likely it is to be worse than a published figure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from forewarn.forecast import summary
from forewarn.outlook.contents.chances import offensive_chance, what_chances_are
from forewarn.outlook.contents.update import last_observation_day
from forewarn.outlook.contents.where import where_sentence
from forewarn.outlook.contents.where_unknown import WHERE_UNKNOWN
from forewarn.outlook.contents.within import within_sentence
from forewarn.outlook.format.values import chance, isolated, listed, percent

if TYPE_CHECKING:
    from forewarn.outlook.view import ForecastView

NAMED: Final = 3
"""Destinations that the answer names."""
COURSES: Final = 4
"""Courses whose figures the answer names: those with the highest worst case."""


def answer(view: ForecastView) -> tuple[str, ...]:
    """Say what is likely, where people go, and how likely it is to be worse than a published figure."""
    scenario, found = view.scenario, view.offensive_figure
    if found is None:
        if not any(each.stages for each in scenario.courses):
            return (f"No course of this scenario holds an offensive up to {view.until}.",)
        return (f"{_chance_of_offensive(view)}.",)
    if scenario.chances_assumed:
        given = f"If there is an offensive by {view.until}, {_how_many(view, found)}"
        first = f"{given}. {_assumed_chance(view)}."
    else:
        first = f"{_chance_of_offensive(view)}; if it comes, {_how_many(view, found)}."
    figures = [each for each in view.planning_figures if each.course in found.courses]
    gravest_first = sorted(figures, key=lambda each: -each.worst_case)
    sentences = (first, *_by_course(view, gravest_first), *_where(view, gravest_first[0].course))
    if not scenario.claims:
        return sentences
    claim = scenario.claims[0]
    high = summary.claim_bounds(claim.people, claim.low, claim.high)[1]
    published = f"a published figure ({isolated(claim.by)})" if claim.by else "a published figure"
    overall, more = percent(view.chance_of_more(high)), f"that more than {high:,} leave, {published}, is"
    if scenario.chances_assumed:
        given = f"If there is an offensive, the chance {more} {percent(view.chance_given_offensive(high))}"
        last = f"{given}; over all courses, with their assumed chances, it is {overall}."
    else:
        last = f"Over all courses, with and without an offensive, the chance {more} {overall}."
    return *sentences, last


def _assumed_chance(view: ForecastView) -> str:
    """Write the chance of an offensive as the assumption that it is."""
    if view.updated is None:
        return f"The chance of one is {what_chances_are(view)}: {offensive_chance(view)}"
    return (
        f"The chance of one is {what_chances_are(view)} up to {last_observation_day(view)}: "
        f"{offensive_chance(view)} ({_before(view)} in the scenario)"
    )


def _chance_of_offensive(view: ForecastView) -> str:
    if view.updated is None:
        return f"The scenario puts the chance of an offensive by {view.until} at {offensive_chance(view)}"
    return (
        f"With the counts up to {last_observation_day(view)} the chance of a course with an offensive by "
        f"{view.until} is {offensive_chance(view)} ({_before(view)} in the scenario)"
    )


def _before(view: ForecastView) -> str:
    return chance(sum(each.probability.typical() for each in view.scenario.courses if each.stages))


def _how_many(view: ForecastView, found: summary.OffensiveFigure) -> str:
    """Write the one distribution given an offensive: its median, its middle half, what one in ten exceeds."""
    if not found.planning.worst_case:
        return "in nine futures out of ten it makes nobody leave home"
    low, median, high = (
        view.formatter.people(count) for count in (found.people.p25, found.people.median, found.people.p75)
    )
    half = f" (median; half of the futures lie between {low} and {high})" if low != high else " (median)"
    return (
        f"{median} people leave their homes because of it{half}, and in one future out of ten more than "
        f"{view.formatter.people(found.planning.worst_case)}"
    )


def _by_course(view: ForecastView, figures: list[summary.PlanningFigure]) -> tuple[str, ...]:
    """Write the courses that make up the distribution; nothing if there is one only."""
    if len(figures) == 1:
        return ()
    written = [
        f"“{isolated(view.formatter.title(each.course))}” ({view.formatter.chance(each.probability)}) "
        f"{view.formatter.people(each.most_likely)} and {view.formatter.people(each.worst_case)}"
        for each in figures[:COURSES]
    ]
    more = len(figures) - COURSES
    rest = f"; and {more} more below" if more > 0 else ""
    return (
        f"Course by course, the median and what one future out of ten exceeds: {'; '.join(written)}{rest}.",
    )


def _where(view: ForecastView, course: str) -> tuple[str, ...]:
    """Say where most are at the end of the gravest course; nothing if nobody is anywhere."""
    if not view.scenario.where_known:
        return (WHERE_UNKNOWN,)
    told = view.shares_told(course)
    if told.mean.any() and not (told.is_known and told.level.name == "place"):
        return (f"{where_sentence(view, course)}{within_sentence(view, course)}",)
    found = [each for each in view.destinations if each.course == course][:NAMED]
    named = [
        f"{isolated(each.place)} ({view.formatter.people(each.people.median)})"
        for each in found
        if each.people.median
    ]
    if not named:
        return ()
    title = isolated(view.formatter.title(course))
    return (
        f"In the course “{title}” the largest numbers of newly displaced people are then in "
        f"{listed(named)}; medians, ordinary moves included.{within_sentence(view, course)}",
    )
