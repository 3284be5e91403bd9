"""The headline as plain rows, for a terminal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import xarray as xr

from forewarn.forecast import summary
from forewarn.forecast.variables import check
from forewarn.outlook.view import ForecastView

if TYPE_CHECKING:
    from forewarn.forecast.updating import Updated
    from forewarn.scenario import Scenario


@dataclass(frozen=True, slots=True)
class HeadlineRow:
    """People displaced in one course up to one day, in words.

    `median`, `half` (50 % interval) and `most` (90 % interval) count people who left because of an
    offensive, fear or a warning; `ordinary` is the median of ordinary moves.
    """

    course: str
    chance: str
    day: int
    median: str
    half: str
    most: str
    ordinary: str


def headline(
    dataset: xr.Dataset, scenario: Scenario, *, updated: Updated | None = None
) -> tuple[HeadlineRow, ...]:
    """Give one row per possible course and table day; `updated` says what observations have changed."""
    check(dataset)
    return headline_rows(ForecastView(dataset, scenario, updated=updated))


def headline_rows(view: ForecastView) -> tuple[HeadlineRow, ...]:
    """Give one row per possible course and table day of a view."""
    words, rows = view.formatter, []
    for name in view.courses:
        for day in view.table_days:
            cell = view.displaced_table.sel(course=name, table_day=day)
            median, half, most = words.cells(summary.interval(cell["offensive"]))
            rows.append(
                HeadlineRow(
                    course=words.title(name),
                    chance=words.chance(view.chances[name]),
                    day=day,
                    median=median,
                    half=half,
                    most=most,
                    ordinary=words.people(summary.interval(cell["ordinary"]).median),
                )
            )
    return tuple(rows)
