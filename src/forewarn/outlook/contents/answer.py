"""The answer: what is likely, where people go, and how likely it is to be worse than a published figure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from forewarn.forecast import summary
from forewarn.outlook.contents.update import last_count
from forewarn.outlook.contents.where_unknown import WHERE_UNKNOWN
from forewarn.outlook.format.values import chance, isolated, listed, percent

if TYPE_CHECKING:
    from forewarn.outlook.format.sentences import Teller

NAMED: Final = 3
"""Destinations that the answer names."""
COURSES: Final = 4
"""Courses whose figures the answer names: those with the highest worst case."""


def answer(teller: Teller) -> tuple[str, ...]:
    """Say what is likely, where people go, and how likely it is to be worse than a published figure."""
    dataset, scenario = teller.dataset, teller.scenario
    found = summary.offensive_figure(teller.possible, scenario)
    if found is None:
        if not any(each.stages for each in scenario.courses):
            return (f"No course of this scenario holds an offensive up to {teller.until}.",)
        return (f"{_chance_of_offensive(teller)}.",)
    first = f"{_chance_of_offensive(teller)}; if it comes, {_how_many(teller, found)}."
    figures = [each for each in summary.planning_figures(teller.possible) if each.course in found.courses]
    gravest_first = sorted(figures, key=lambda each: -each.worst_case)
    sentences = (first, *_by_course(teller, gravest_first), *_where(teller, gravest_first[0].course))
    if not scenario.claims:
        return sentences
    claim = scenario.claims[0]
    high = summary.claim_bounds(claim.people, claim.low, claim.high)[1]
    share = float(summary.exceedance(dataset, thresholds=[high])[0])
    published = f"a published figure ({isolated(claim.by)})" if claim.by else "a published figure"
    last = (
        f"Over all courses, with and without an offensive, the chance that more than {high:,} leave, "
        f"{published}, is {percent(share)}."
    )
    return *sentences, last


def _chance_of_offensive(teller: Teller) -> str:
    share = summary.offensive_probability(teller.dataset, teller.scenario)
    if teller.updated is None:
        return f"The scenario puts the chance of an offensive by {teller.until} at {chance(share)}"
    before = sum(each.probability.typical() for each in teller.scenario.courses if each.stages)
    return (
        f"With the counts up to {last_count(teller)} the chance of a course with an offensive by "
        f"{teller.until} is {percent(share)} ({chance(before)} in the scenario)"
    )


def _how_many(teller: Teller, found: summary.OffensiveFigure) -> str:
    """Tell the one distribution given an offensive: its median, its middle half, what one in ten exceeds."""
    if not found.planning.worst_case:
        return "in nine outcomes out of ten it makes nobody leave home"
    low, median, high = (
        teller.count(count) for count in (found.people.p25, found.people.median, found.people.p75)
    )
    half = f" (median; half of the outcomes lie between {low} and {high})" if low != high else " (median)"
    return (
        f"{median} people leave their homes because of it{half}, and in one outcome out of ten more than "
        f"{teller.count(found.planning.worst_case)}"
    )


def _by_course(teller: Teller, figures: list[summary.PlanningFigure]) -> tuple[str, ...]:
    """Tell the courses that make up the distribution; nothing if there is one only."""
    if len(figures) == 1:
        return ()
    told = [
        f"“{isolated(teller.title(each.course))}” ({teller.chance(each.probability)}) "
        f"{teller.count(each.most_likely)} and {teller.count(each.worst_case)}"
        for each in figures[:COURSES]
    ]
    more = len(figures) - COURSES
    rest = f"; and {more} more below" if more > 0 else ""
    return (
        f"Course by course, the median and what one outcome out of ten exceeds: {'; '.join(told)}{rest}.",
    )


def _where(teller: Teller, course: str) -> tuple[str, ...]:
    """Say where most are at the end of the gravest course; nothing if nobody is anywhere."""
    if not teller.scenario.where_known:
        return (WHERE_UNKNOWN,)
    found = [each for each in summary.destinations(teller.possible, count=NAMED) if each.course == course]
    named = [
        f"{isolated(each.place)} ({teller.count(each.people.median)})" for each in found if each.people.median
    ]
    if not named:
        return ()
    return (
        f"In the course “{isolated(teller.title(course))}” the largest numbers of newly displaced people are "
        f"then in {listed(named)}; medians, ordinary moves included.",
    )
