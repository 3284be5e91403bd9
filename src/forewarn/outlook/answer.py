"""The answer: what is likely, where people go, and how likely it is to be worse than a published figure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from forewarn.forecast import summary
from forewarn.outlook.update_story import last_count
from forewarn.outlook.where import WHERE_UNKNOWN
from forewarn.outlook.wording import chance, isolated, listed, percent

if TYPE_CHECKING:
    from forewarn.outlook.telling import Teller

NAMED: Final = 3
"""Destinations that the answer names."""


def answer(teller: Teller) -> tuple[str, ...]:
    """Say what is likely, where people go, and how likely it is to be worse than a published figure."""
    dataset, scenario = teller.dataset, teller.scenario
    figures = {figure.course: figure for figure in summary.planning_figures(dataset)}
    offensives = [figures[item.name] for item in scenario.courses if item.stages and item.name in figures]
    if not offensives:
        return (f"No course of this scenario holds an offensive up to {teller.until}.",)
    first = f"{_chance_of_offensive(teller)}; if it comes, {_how_many(teller, offensives)}."
    where = _where(teller, max(offensives, key=lambda figure: figure.worst_case).course)
    if not scenario.claims:
        return first, *where
    claim = scenario.claims[0]
    high = summary.claim_bounds(claim.people, claim.low, claim.high)[1]
    share = float(summary.exceedance(dataset, thresholds=[high])[0])
    published = f"a published figure ({isolated(claim.by)})" if claim.by else "a published figure"
    second = (
        f"Over all courses, with and without an offensive, the chance that more than {high:,} leave, "
        f"{published}, is {percent(share)}."
    )
    return first, *where, second


def _chance_of_offensive(teller: Teller) -> str:
    share = summary.offensive_probability(teller.dataset, teller.scenario)
    if teller.updated is None:
        return f"The scenario puts the chance of an offensive by {teller.until} at {chance(share)}"
    before = sum(each.probability.typical() for each in teller.scenario.courses if each.stages)
    return (
        f"With the counts up to {last_count(teller)} the chance of a course with an offensive by "
        f"{teller.until} is {percent(share)} ({chance(before)} in the scenario)"
    )


def _how_many(teller: Teller, offensives: list[summary.PlanningFigure]) -> str:
    if not any(figure.worst_case for figure in offensives):
        return "in nine outcomes out of ten it makes nobody leave home"
    return (
        f"most likely {_range_of_courses(teller, offensives)} people leave their homes because of it, and "
        f"one time in ten more than {_gravest(teller, offensives)}"
    )


def _where(teller: Teller, course: str) -> tuple[str, ...]:
    """Say where most are at the end of the gravest course; nothing if nobody is anywhere."""
    if not teller.scenario.where_known:
        return (WHERE_UNKNOWN,)
    found = [each for each in summary.destinations(teller.dataset, count=NAMED) if each.course == course]
    named = [
        f"{isolated(each.place)} ({teller.count(each.people.median)})" for each in found if each.people.median
    ]
    if not named:
        return ()
    return (
        f"In the course “{isolated(teller.title(course))}” the largest numbers of newly displaced people are "
        f"then in {listed(named)}; medians, ordinary moves included.",
    )


def _range_of_courses(teller: Teller, figures: list[summary.PlanningFigure]) -> str:
    """Medians of the mildest and the gravest course."""
    mild, grave = (pick(figures, key=lambda figure: figure.most_likely) for pick in (min, max))
    low, high = teller.count(mild.most_likely), teller.count(grave.most_likely)
    if low == high:
        return f"about {low}"
    return f"between {low} and {high} (depending on the course it takes)"


def _gravest(teller: Teller, figures: list[summary.PlanningFigure]) -> str:
    grave = max(figures, key=lambda figure: figure.worst_case)
    figure = teller.count(grave.worst_case)
    if len(figures) == 1:
        return figure
    return f"{figure} in its gravest course, “{isolated(teller.title(grave.course))}”"
