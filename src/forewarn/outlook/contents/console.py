"""The headline as plain rows, for a terminal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import xarray as xr

from forewarn.forecast import summary
from forewarn.forecast.variables import check
from forewarn.outlook.format.sentences import Teller
from forewarn.outlook.format.values import SMALLEST_PRINTED

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
    """Give one row per possible course and table day; `updated` is the update, if there was one."""
    check(dataset)
    teller = Teller(dataset, scenario, SMALLEST_PRINTED, updated)
    tables = summary.displaced_table(teller.possible)
    rows = []
    for name, share in summary.course_probability(teller.possible).items():
        for day in tables["table_day"].values.tolist():
            cell = tables.sel(course=name, table_day=day)
            median, half, most = teller.three(summary.interval(cell["offensive"]))
            rows.append(
                HeadlineRow(
                    course=teller.title(name),
                    chance=teller.chance(share),
                    day=day,
                    median=median,
                    half=half,
                    most=most,
                    ordinary=teller.count(summary.interval(cell["ordinary"]).median),
                )
            )
    return tuple(rows)
