"""The planning figures: given an offensive, whichever course it takes, and course by course."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from forewarn.forecast import summary
from forewarn.outlook.contents.blocked import trapped_columns
from forewarn.outlook.format.sentences import TextTable
from forewarn.outlook.format.values import between

if TYPE_CHECKING:
    from forewarn.outlook.format.sentences import Teller

ANY_COURSE: Final = "An offensive, whichever course it takes"
ANY_COURSE_NOTE: Final = f"{ANY_COURSE}: the outcomes of all courses with one, each course by its chance."
WORST_CASE: Final = (
    "Worst case: one outcome out of ten is above it. It is a stated probability and never the highest run. "
    "The range of sampling (95 %) says where it might lie had many more members been run."
)


def planning_figures(teller: Teller) -> tuple[summary.PlanningFigure, ...]:
    """Give the figures of all possible courses, and before them, if several hold one, of an offensive."""
    found = summary.offensive_figure(teller.possible, teller.scenario)
    figures = summary.planning_figures(teller.possible)
    return figures if found is None or len(found.courses) == 1 else (found.planning, *figures)


def title_of(teller: Teller, figure: summary.PlanningFigure) -> str:
    """Say what a figure is of."""
    return teller.title(figure.course) if figure.course else ANY_COURSE


def tell_planning(teller: Teller) -> TextTable:
    """List most likely and worst case: given an offensive first, then of each course."""
    stuck = trapped_columns(teller)
    figures = planning_figures(teller)
    about = "" if all(each.course for each in figures) else ANY_COURSE_NOTE
    return TextTable(
        caption=f"People who leave because of the offensive, fear or a warning, by {teller.until}",
        columns=(
            "Course",
            "Chance",
            "Most likely (median)",
            "Worst case (1 in 10)",
            "Worst case, range of sampling",
            *stuck,
        ),
        rows=tuple(
            (
                title_of(teller, each),
                teller.chance(each.probability),
                teller.count(each.most_likely),
                teller.count(each.worst_case),
                between(each.worst_case_low, each.worst_case_high, smallest=teller.smallest),
                *(cells.get(each.course, "–") for cells in stuck.values()),
            )
            for each in figures
        ),
        note=" ".join(part for part in (WORST_CASE, about, teller.said_ruled_out) if part),
    )
