"""What the people of the planning figures need, course by course, as the page says it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from forewarn.outlook.contents.needs_standards import AGES, SOURCE, Group, Standard, groups, standards
from forewarn.outlook.contents.planning import planning_figures, title_of
from forewarn.outlook.format.sentences import TextTable

if TYPE_CHECKING:
    from forewarn.forecast.summary import PlanningFigure
    from forewarn.outlook.format.sentences import Teller

NOT_TOLD: Final = "too few to be told"
MILLION: Final = 1_000_000
DIGITS: Final = 3


@dataclass(frozen=True, slots=True)
class CourseNeeds:
    """Needs of the people of one planning figure.

    Parameters
    ----------
    most_likely, worst_case
        The planning figure in words: the median, and what one outcome out of ten exceeds.
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


def tell_needs(teller: Teller) -> Needs:
    """Gather what the people of the planning figures need.

    They are the same people: those who leave because of the offensive, fear or a warning up to the last day.
    Quantities of a number of people that is too small to be told are not told either.
    """
    wanted, parts = standards(teller.scenario), groups(teller.scenario)
    courses = tuple(_course(teller, figure, wanted, parts) for figure in planning_figures(teller))
    return Needs(courses, SOURCE, "; ".join(f"{each.item}: {each.meaning}" for each in wanted) + ".")


def amount(quantity: int) -> str:
    """Write a quantity to three digits, millions in words.

    Examples
    --------
    >>> amount(46_512), amount(13_951_234), amount(1_953_000_000), amount(7)
    ('46,500', '14 million', '1,950 million', '7')
    """
    unit = 10 ** max(0, len(str(quantity)) - DIGITS)
    rounded = (quantity + unit // 2) // unit * unit
    if rounded >= 10 * MILLION:
        return (
            f"{rounded / MILLION:,.3g} million"
            if rounded < 1000 * MILLION
            else f"{rounded // MILLION:,} million"
        )
    return f"{rounded:,}"


def _course(
    teller: Teller, figure: PlanningFigure, wanted: Iterable[Standard], parts: tuple[Group, ...]
) -> CourseNeeds:
    title = title_of(teller, figure)
    counts = figure.most_likely, figure.worst_case
    most_likely, worst_case = (teller.count(count) for count in counts)
    columns = ("Most likely", "Worst case")
    needs = [(_item(each), *(_needed(teller, each, count) for count in counts)) for each in wanted]
    return CourseNeeds(
        title=title,
        most_likely=most_likely,
        worst_case=worst_case,
        needs=TextTable(
            caption=f"{title}: what they need on {teller.until}",
            columns=("Need", *columns),
            rows=(("people who leave", most_likely, worst_case), *needs),
        ),
        people=TextTable(
            caption=f"{title}: who they are",
            columns=("Sex and age", *columns),
            rows=tuple((_who(part), *(teller.count(part.people(of)) for of in counts)) for part in parts),
        ),
    )


def _item(standard: Standard) -> str:
    """Name a need with its unit, once."""
    if standard.unit in standard.item or standard.item.endswith(standard.unit):
        return standard.item
    return f"{standard.item}, {standard.unit}"


def _needed(teller: Teller, standard: Standard, count: int) -> str:
    if 0 < count < teller.smallest:
        return NOT_TOLD
    return amount(standard.quantity(count))


def _who(group: Group) -> str:
    sex = "female" if group.gender == "f" else "male"
    ages = group.age_range.replace("-", "–") if group.age_range != AGES["60_plus"] else "60 and older"
    return f"{sex}, {ages}"
