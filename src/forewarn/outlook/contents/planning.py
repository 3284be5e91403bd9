"""The planning figures: given an offensive, whichever course it takes, and course by course."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from forewarn.forecast.updating.diagnosis import RULED_OUT
from forewarn.outlook.contents.blocked import blocked_columns
from forewarn.outlook.contents.chances import chance_heading
from forewarn.outlook.format.text_table import TextTable
from forewarn.outlook.format.values import chance, isolated

if TYPE_CHECKING:
    from forewarn.forecast.summary import PlanningFigure
    from forewarn.outlook.view import ForecastView

ANY_COURSE: Final = "An offensive, whichever course it takes"
ANY_COURSE_NOTE: Final = f"{ANY_COURSE}: the futures of all courses with one, each course by its chance."
WORST_CASE: Final = (
    "Worst case: one future out of ten is above it. It is a stated probability and never the highest run. "
    "The range of sampling (95 %) says where it might lie had many more members been run."
)


def planning_figures(view: ForecastView) -> tuple[PlanningFigure, ...]:
    """Give the figures of all possible courses, and before them, if several hold one, of an offensive."""
    found, figures = view.offensive_figure, view.planning_figures
    return figures if found is None or len(found.courses) == 1 else (found.planning, *figures)


def title_of(view: ForecastView, figure: PlanningFigure) -> str:
    """Say what a figure is of."""
    return view.formatter.title(figure.course) if figure.course else ANY_COURSE


def build_planning_table(view: ForecastView) -> TextTable:
    """List most likely and worst case: given an offensive first, then of each course."""
    words = view.formatter
    blocked = blocked_columns(view)
    figures = planning_figures(view)
    about = "" if all(each.course for each in figures) else ANY_COURSE_NOTE
    return TextTable(
        caption=f"People who leave because of the offensive, fear or a warning, by {view.until}",
        columns=(
            "Course",
            chance_heading(view),
            "Most likely (median)",
            "Worst case (1 in 10)",
            "Worst case, range of sampling",
            *blocked,
        ),
        rows=tuple(
            (
                title_of(view, each),
                words.chance(each.probability),
                words.people(each.most_likely),
                words.people(each.worst_case),
                words.people_between(each.worst_case_low, each.worst_case_high),
                *(cells.get(each.course, "–") for cells in blocked.values()),
            )
            for each in figures
        ),
        note=" ".join(part for part in (WORST_CASE, about, ruled_out_sentence(view)) if part),
    )


def ruled_out_sentence(view: ForecastView) -> str:
    """Name the courses that are ruled out; empty if none is."""
    if not view.ruled_out:
        return ""
    why = f"chance up to {chance(RULED_OUT)} with the counts" if view.has_observations else "chance 0 %"
    names = "; ".join(isolated(view.formatter.title(name)) for name in view.ruled_out)
    return f"Ruled out ({why}), so without figures here: {names}. The CSV files hold their rows."
