"""The headline as plain rows, for a terminal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import xarray as xr

from forewarn.forecast import summary
from forewarn.forecast.variables import check
from forewarn.outlook.wording import between, chance, people

if TYPE_CHECKING:
    from forewarn.scenario import Scenario


@dataclass(frozen=True, slots=True)
class HeadlineRow:
    """People displaced in one course up to one day, in words.

    `median`, `half` (50 % interval) and `most` (90 % interval) count people who left because of an
    offensive, fear or a warning; `ordinary` and `all_moves` are medians.
    """

    course: str
    chance: str
    day: int
    median: str
    half: str
    most: str
    ordinary: str
    all_moves: str


def headline(dataset: xr.Dataset, scenario: Scenario) -> tuple[HeadlineRow, ...]:
    """Give one row per course and table day."""
    check(dataset)
    titles = {course.name: course.title or course.name for course in scenario.courses}
    tables = summary.displaced_table(dataset)
    chances = summary.course_probability(dataset)
    rows = []
    for name in summary.courses(dataset):
        for day in tables["table_day"].values.tolist():
            cell = tables.sel(course=name, table_day=day)
            own = summary.interval(cell["offensive"])
            rows.append(
                HeadlineRow(
                    course=titles.get(name, name),
                    chance=chance(chances[name]),
                    day=day,
                    median=people(own.median),
                    half=between(own.p25, own.p75),
                    most=between(own.p05, own.p95),
                    ordinary=people(summary.interval(cell["ordinary"]).median),
                    all_moves=people(summary.interval(cell["all"]).median),
                )
            )
    return tuple(rows)
