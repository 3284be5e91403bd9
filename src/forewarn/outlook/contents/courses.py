"""What the page says about each course: people displaced day by day, where they go, where they leave from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from forewarn.charts.geometry import Chart
from forewarn.forecast import summary
from forewarn.forecast.summary import PeopleRange
from forewarn.outlook.charts import forecast_charts as pictures
from forewarn.outlook.charts.observed_dots import dots
from forewarn.outlook.contents.within import HEADING, within_cells
from forewarn.outlook.format.text_table import TextTable
from forewarn.outlook.format.values import day

if TYPE_CHECKING:
    from forewarn.outlook.view import ForecastView


@dataclass(frozen=True, slots=True)
class CourseSection:
    """What the page says about one course."""

    title: str
    text: str
    chance: str
    has_offensive: bool
    displaced: TextTable
    fan: Chart
    fan_table: TextTable
    destinations: TextTable
    origins: TextTable


def build_courses(view: ForecastView) -> tuple[CourseSection, ...]:
    """Build a section for each course that is possible."""
    fans = pictures.fans(view, view.courses, dots(view, "displaced"))
    described = {item.name: item for item in view.scenario.courses}
    sections = []
    for name in view.courses:
        course = described[name]
        sections.append(
            CourseSection(
                title=view.formatter.title(name),
                text=course.summary,
                chance=view.formatter.chance(view.chances[name]),
                has_offensive=bool(course.stages),
                displaced=_displaced(view, name),
                fan=fans[name].chart,
                fan_table=_fan_table(view, name, fans[name].by_day),
                destinations=_places(view, name, view.destinations, arriving=True),
                origins=_places(view, name, view.origins, arriving=False),
            )
        )
    return tuple(sections)


def _displaced(view: ForecastView, course: str) -> TextTable:
    tables, rows = view.displaced_table, []
    for number in view.table_days:
        cell = tables.sel(course=course, table_day=number)
        when = day(view.dates[number])
        rows.append(
            (
                f"Day {number}, {when}",
                *view.formatter.cells(summary.interval(cell["offensive"])),
                view.formatter.median_and_90(summary.interval(cell["ordinary"])),
                view.formatter.median_and_90(summary.interval(cell["all"])),
            )
        )
    return TextTable(
        caption="People who have left their homes",
        columns=("By", "Most likely", "50 % interval", "90 % interval", "Ordinary moves", "All moves"),
        rows=tuple(rows),
    )


def _fan_table(view: ForecastView, course: str, by_day: tuple[PeopleRange, ...]) -> TextTable:
    step = max(1, (len(by_day) - 1) // 12)
    numbers = sorted({*range(0, len(by_day), step), len(by_day) - 1})
    rows = [(day(view.dates[at]), *view.formatter.cells(by_day[at])) for at in numbers]
    title = view.formatter.title(course)
    return TextTable(
        caption=f"{title}: people who left because of the offensive, fear or a warning",
        columns=("By", "Median", "50 % interval", "90 % interval"),
        rows=tuple(rows),
    )


def _places(
    view: ForecastView, course: str, figures: tuple[summary.PlaceFigure, ...], *, arriving: bool
) -> TextTable:
    within = within_cells(view, course)
    rows = []
    for figure in (item for item in figures if item.course == course):
        where = ", ".join(
            part
            for part in (
                figure.admin1,
                "" if figure.kind == "town" or figure.kind in figure.place else figure.kind,
            )
            if part
        )
        name = f"{figure.place} ({where})" if where else figure.place
        arrived = (view.formatter.people(figure.moved.median),) if arriving else ()
        still = (within[figure.place],) if within else ()
        rows.append((name, *view.formatter.cells(figure.people), *still, *arrived))
    heading = view.formatter.title(course)
    if arriving:
        caption = f"{heading}: newly displaced people on {view.until}"
    else:
        caption = f"{heading}: people who left home by {view.until}"
    columns = (
        *("Place", "Median", "50 % interval", "90 % interval"),
        *((HEADING,) if within else ()),
        *(("Arrivals in all (median)",) if arriving else ()),
    )
    return TextTable(caption, columns, tuple(rows))
