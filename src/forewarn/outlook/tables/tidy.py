"""The tidy tables: one row per course, place and table day, people by quantile.

Column names follow the Humanitarian Data Exchange's HAPI where it has them. Periods begin on the day
after the issue day, so the rows of one place do not add up over table days, and quantiles never do.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Final

import numpy as np
import xarray as xr

from forewarn.forecast.quantiles import QUANTILES, quantiles_by_course
from forewarn.forecast.summary import course_probability
from forewarn.forecast.variables import DIRECTIONS
from forewarn.outlook.format.values import calendar_day

Row = Mapping[str, str]

SUPPRESS_BELOW: Final = 10
POPULATION: Final = (
    "population_p05",
    "population_p25",
    "population_median",
    "population_p75",
    "population_p95",
)
PLACE: Final = ("location_code", "admin1_name", "pcode", "place")
COURSE: Final = ("course", "probability_of_course", "reference_period_start", "reference_period_end")


def arrivals(dataset: xr.Dataset, *, suppress_below: int = SUPPRESS_BELOW) -> list[dict[str, str]]:
    """Newly displaced people arriving at each place in the period, repeat moves counted."""
    return _place_rows(dataset, "arrivals", suppress_below=suppress_below)


def departures(dataset: xr.Dataset, *, suppress_below: int = SUPPRESS_BELOW) -> list[dict[str, str]]:
    """People leaving home at each place for the first time in the period."""
    return _place_rows(dataset, "departures", suppress_below=suppress_below)


def present(dataset: xr.Dataset, *, suppress_below: int = SUPPRESS_BELOW) -> list[dict[str, str]]:
    """Newly displaced people living at each place, or waiting at its crossings, on the day."""
    issued = _issued(dataset)
    rows: list[dict[str, str]] = []
    for day in dataset["table_day"].values.tolist():
        end = issued + timedelta(days=day)
        values = quantiles_by_course(dataset["present"].isel(day=day))
        rows.extend(_rows(dataset, values, _places(dataset), end, end, suppress_below))
    return rows


def flows(dataset: xr.Dataset, *, suppress_below: int = SUPPRESS_BELOW) -> list[dict[str, str]]:
    """People who set out along each route, by direction, in the period."""
    issued = _issued(dataset)
    places = dict(zip(dataset["place"].values.astype(str).tolist(), _places(dataset), strict=True))
    first, last = (dataset[name].values.astype(str).tolist() for name in ("route_from", "route_to"))
    pairs = list(zip(first, last, strict=True))
    rows: list[dict[str, str]] = []
    for at, day in enumerate(dataset["table_day"].values.tolist()):
        start, end = issued + timedelta(days=1), issued + timedelta(days=day)
        for direction in DIRECTIONS:
            moved = dataset["flows"].isel(table_day=at).sel(direction=direction)
            names = [_ends(places, *(pair if direction == "forth" else pair[::-1])) for pair in pairs]
            rows.extend(_rows(dataset, quantiles_by_course(moved), names, start, end, suppress_below))
    return rows


def suppressed(counts: Mapping[str, int], *, below: int) -> dict[str, str]:
    """Blank counts above 0 and below `below`, and say whether any was.

    Examples
    --------
    >>> suppressed({"population_p05": 3, "population_median": 40}, below=10)
    {'population_p05': '', 'population_median': '40', 'suppressed': 'yes'}
    """
    small = {name for name, count in counts.items() if 0 < count < below}
    printed = {name: "" if name in small else str(count) for name, count in counts.items()}
    return printed | {"suppressed": "yes" if small else "no"}


def _place_rows(dataset: xr.Dataset, name: str, *, suppress_below: int) -> list[dict[str, str]]:
    issued = _issued(dataset)
    rows: list[dict[str, str]] = []
    for day in dataset["table_day"].values.tolist():
        moved = dataset[name].isel(day=slice(1, day + 1)).sum("day", dtype=np.int64)
        values = quantiles_by_course(moved)
        start, end = issued + timedelta(days=1), issued + timedelta(days=day)
        rows.extend(_rows(dataset, values, _places(dataset), start, end, suppress_below))
    return rows


def _rows(
    dataset: xr.Dataset,
    values: xr.DataArray,
    names: list[dict[str, str]],
    start: date,
    end: date,
    suppress_below: int,
) -> Iterator[dict[str, str]]:
    """Give one row per course and name of `values` (course, quantile, name)."""
    chances = course_probability(dataset)
    columns = dict(zip(QUANTILES, POPULATION, strict=True))
    for course, table in zip(values["course"].values.astype(str), values.values, strict=True):
        for at, name in enumerate(names):
            counts = {column: int(table[rank, at]) for rank, column in enumerate(columns.values())}
            yield {
                **name,
                "course": str(course),
                "probability_of_course": f"{chances[str(course)]:.6g}",
                "reference_period_start": start.isoformat(),
                "reference_period_end": end.isoformat(),
                **suppressed(counts, below=suppress_below),
            }


def _places(dataset: xr.Dataset) -> list[dict[str, str]]:
    return [
        {
            "location_code": str(country),
            "admin1_name": str(admin1),
            "pcode": str(pcode),
            "place": str(name),
        }
        for name, country, pcode, admin1 in zip(
            dataset["place"].values,
            dataset["place_country"].values,
            dataset["place_pcode"].values,
            dataset["place_admin1"].values,
            strict=True,
        )
    ]


def _ends(places: Mapping[str, Row], origin: str, destination: str) -> dict[str, str]:
    return {f"origin_{key}": value for key, value in places[origin].items()} | {
        f"destination_{key}": value for key, value in places[destination].items()
    }


def _issued(dataset: xr.Dataset) -> date:
    return calendar_day(dataset["date"].values[0])
