"""What the people of the planning figures need, course by course, as the page says it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from forewarn.outlook.contents.needs_standards import AGES, SOURCE, Group, Standard, groups, standards
from forewarn.outlook.contents.planning import planning_figures, title_of
from forewarn.outlook.format.suppression import SUPPRESSED, is_suppressed
from forewarn.outlook.format.text_table import TextTable
from forewarn.outlook.format.values import rounded

if TYPE_CHECKING:
    from forewarn.forecast.summary import PlanningFigure
    from forewarn.outlook.view import ForecastView

MILLION: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class CourseNeeds:
    """Needs of the people of one planning figure.

    Parameters
    ----------
    most_likely, worst_case
        The planning figure in words: the median, and what one future out of ten exceeds.
    needs, people
        Quantities by the Sphere Handbook, and the people by sex and age; both columns as above.
    """

    title: str
    most_likely: str
    worst_case: str
    needs: TextTable
    people: TextTable


@dataclass(frozen=True, slots=True)
class Needs:
    """Needs of the people of all planning figures, and whose standards they follow."""

    courses: tuple[CourseNeeds, ...]
    source: str
    note: str


def build_needs(view: ForecastView) -> Needs:
    """Gather what the people of the planning figures need.

    They are the same people: those who leave because of the offensive, fear or a warning up to the last day.
    What people need whose number is suppressed is suppressed too.
    """
    wanted, parts = standards(view.scenario), groups(view.scenario)
    courses = tuple(_course(view, figure, wanted, parts) for figure in planning_figures(view))
    return Needs(courses, SOURCE, "; ".join(f"{each.item}: {each.meaning}" for each in wanted) + ".")


def amount(quantity: int) -> str:
    """Write a quantity to three digits, millions in words.

    Examples
    --------
    >>> amount(46_512), amount(13_951_234), amount(1_953_000_000), amount(7)
    ('46,500', '14 million', '1,950 million', '7')
    """
    figure = rounded(quantity)
    if figure >= 10 * MILLION:
        return (
            f"{figure / MILLION:,.3g} million"
            if figure < 1000 * MILLION
            else f"{figure // MILLION:,} million"
        )
    return f"{figure:,}"


def _course(
    view: ForecastView, figure: PlanningFigure, wanted: Iterable[Standard], parts: tuple[Group, ...]
) -> CourseNeeds:
    title = title_of(view, figure)
    counts = figure.most_likely, figure.worst_case
    most_likely, worst_case = (view.formatter.people(count) for count in counts)
    columns = ("Most likely", "Worst case")
    needs = [(_item(each), *(_needed(view, each, count) for count in counts)) for each in wanted]
    return CourseNeeds(
        title=title,
        most_likely=most_likely,
        worst_case=worst_case,
        needs=TextTable(
            caption=f"{title}: what they need on {view.until}",
            columns=("Need", *columns),
            rows=(("people who leave", most_likely, worst_case), *needs),
        ),
        people=TextTable(
            caption=f"{title}: who they are",
            columns=("Sex and age", *columns),
            rows=tuple(
                (_who(part), *(view.formatter.people(part.people(of)) for of in counts)) for part in parts
            ),
        ),
    )


def _item(standard: Standard) -> str:
    """Name a need with its unit, once."""
    if standard.unit in standard.item or standard.item.endswith(standard.unit):
        return standard.item
    return f"{standard.item}, {standard.unit}"


def _needed(view: ForecastView, standard: Standard, count: int) -> str:
    if is_suppressed(count, view.suppress_below):
        return SUPPRESSED
    return amount(standard.quantity(count))


def _who(group: Group) -> str:
    sex = "female" if group.gender == "f" else "male"
    ages = group.age_range.replace("-", "–") if group.age_range != AGES["60_plus"] else "60 and older"
    return f"{sex}, {ages}"
