"""What the page says about each course: people displaced day by day, where they go, where they leave from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import xarray as xr

from forewarn.forecast import summary
from forewarn.forecast.summary import PeopleRange
from forewarn.outlook.charts import forecast_charts as pictures
from forewarn.outlook.charts.geometry import Chart
from forewarn.outlook.charts.observed_dots import dots
from forewarn.outlook.format.sentences import TextTable
from forewarn.outlook.format.values import day

if TYPE_CHECKING:
    from forewarn.outlook.format.sentences import Teller


@dataclass(frozen=True, slots=True)
class CourseStory:
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


def tell_courses(teller: Teller, destinations: tuple[summary.PlaceFigure, ...]) -> tuple[CourseStory, ...]:
    """Tell each course; `destinations` are the largest of them all (`summary.destinations`)."""
    dataset = teller.possible
    tables = summary.displaced_table(dataset)
    counted = dots(teller.updated, "displaced", smallest=teller.smallest)
    fans = pictures.fans(dataset, teller.title, counted)
    chances = summary.course_probability(dataset)
    origins = summary.origins(dataset)
    described = {item.name: item for item in teller.scenario.courses}
    stories = []
    for name in summary.courses(dataset):
        course = described[name]
        stories.append(
            CourseStory(
                title=teller.title(name),
                text=course.summary,
                chance=teller.chance(chances[name]),
                has_offensive=bool(course.stages),
                displaced=_displaced(teller, name, tables),
                fan=fans[name].chart,
                fan_table=_fan_table(teller, name, fans[name].by_day),
                destinations=_places(teller, name, destinations, arriving=True),
                origins=_places(teller, name, origins, arriving=False),
            )
        )
    return tuple(stories)


def _displaced(teller: Teller, course: str, tables: xr.Dataset) -> TextTable:
    rows = []
    for number in tables["table_day"].values.tolist():
        cell = tables.sel(course=course, table_day=number)
        when = day(teller.dataset["date"].values[number])
        rows.append(
            (
                f"Day {number}, {when}",
                *teller.three(summary.interval(cell["offensive"])),
                teller.with_most(summary.interval(cell["ordinary"])),
                teller.with_most(summary.interval(cell["all"])),
            )
        )
    return TextTable(
        caption="People who have left their homes",
        columns=("By", "Most likely", "50 % interval", "90 % interval", "Ordinary moves", "All moves"),
        rows=tuple(rows),
    )


def _fan_table(teller: Teller, course: str, by_day: tuple[PeopleRange, ...]) -> TextTable:
    step = max(1, (len(by_day) - 1) // 12)
    numbers = sorted({*range(0, len(by_day), step), len(by_day) - 1})
    rows = [(day(teller.dataset["date"].values[at]), *teller.three(by_day[at])) for at in numbers]
    return TextTable(
        caption=f"{teller.title(course)}: people who left because of the offensive, fear or a warning",
        columns=("By", "Median", "50 % interval", "90 % interval"),
        rows=tuple(rows),
    )


def _places(
    teller: Teller, course: str, figures: tuple[summary.PlaceFigure, ...], *, arriving: bool
) -> TextTable:
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
        arrived = (teller.count(figure.moved.median),) if arriving else ()
        rows.append((name, *teller.three(figure.people), *arrived))
    heading = teller.title(course)
    if arriving:
        caption = f"{heading}: newly displaced people on {teller.until}"
    else:
        caption = f"{heading}: people who left home by {teller.until}"
    columns = ("Place", "Median", "50 % interval", "90 % interval")
    return TextTable(caption, (*columns, "Arrivals in all (median)") if arriving else columns, tuple(rows))
