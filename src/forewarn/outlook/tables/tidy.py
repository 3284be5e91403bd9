"""The tidy tables: one row per course, place and table day, people by quantile.

Column names follow the Humanitarian Data Exchange's HAPI where it has them. Periods begin on the day
after the issue day, so the rows of one place do not add up over table days, and quantiles never do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

import xarray as xr

from forewarn.forecast.quantiles import QUANTILES, quantiles_by_course
from forewarn.forecast.shares import levels, shares_of_course
from forewarn.forecast.variables import DIRECTIONS
from forewarn.outlook.format.suppression import blank_if_suppressed
from forewarn.outlook.format.values import calendar_day

if TYPE_CHECKING:
    from forewarn.outlook.view import ForecastView

Row = Mapping[str, str]

POPULATION: Final = (
    "population_p05",
    "population_p25",
    "population_median",
    "population_p75",
    "population_p95",
)
SHARES: Final = tuple(name.replace("population", "share") for name in POPULATION)
WITHIN: Final = tuple(name.replace("population", "within") for name in POPULATION)
PLACE: Final = ("location_code", "admin1_name", "pcode", "place")
COURSE: Final = ("course", "probability_of_course", "reference_period_start", "reference_period_end")


def arrivals(view: ForecastView) -> list[dict[str, str]]:
    """Newly displaced people arriving at each place in the period, repeat moves counted."""
    return _place_rows(view, view.arrived_by, of_period=True)


def departures(view: ForecastView) -> list[dict[str, str]]:
    """People leaving home at each place for the first time in the period, and who is within it at its end."""
    return _place_rows(view, view.left_by, of_period=True, within=view.scenario.where_known)


def present(view: ForecastView, *, suppress_below: int | None = None) -> list[dict[str, str]]:
    """Newly displaced people living at each place, or waiting at its crossings, on the day.

    Parameters
    ----------
    suppress_below
        As in the view unless given.
    """
    return _place_rows(view, view.present_on, of_period=False, within=True, suppress_below=suppress_below)


def flows(view: ForecastView) -> list[dict[str, str]]:
    """People who set out along each route, by direction, in the period."""
    issued = _issued(view)
    dataset = view.dataset
    places = dict(zip(dataset["place"].values.astype(str).tolist(), _places(view), strict=True))
    first, last = (dataset[name].values.astype(str).tolist() for name in ("route_from", "route_to"))
    pairs = list(zip(first, last, strict=True))
    rows: list[dict[str, str]] = []
    for at, day in enumerate(view.table_days):
        start, end = issued + timedelta(days=1), issued + timedelta(days=day)
        for direction in DIRECTIONS:
            moved = dataset["flows"].isel(table_day=at).sel(direction=direction)
            names = [_ends(places, *(pair if direction == "forth" else pair[::-1])) for pair in pairs]
            rows.extend(_rows(view, quantiles_by_course(moved), names, start, end))
    return rows


def shares(view: ForecastView) -> list[dict[str, str]]:
    """Shares of newly displaced people on the last day, by units of each level, of each possible course.

    Shares are rounded to steps that are worth more than a small number of people (`LevelShares.coarse`).
    """
    rows: list[dict[str, str]] = []
    until, ways = calendar_day(view.dates[-1]).isoformat(), levels(view.dataset)
    for course in view.courses:
        told = view.shares_told(course).level.name
        for level in ways:
            found = shares_of_course(view.dataset, course, level).coarse(view.suppress_below)
            for name, mean, values in zip(found.names, found.mean, found.quantiles, strict=True):
                rows.append(
                    {
                        "level": level.name,
                        "unit": name,
                        "course": course,
                        "probability_of_course": f"{view.chances[course]:.6g}",
                        "reference_period_end": until,
                        "share_mean": _share(mean),
                        **dict(zip(SHARES, map(_share, values), strict=True)),
                        "level_astray": _share(found.astray),
                        "level_told": "yes" if level.name == told else "no",
                    }
                )
    return rows


def _share(value: float) -> str:
    return f"{round(float(value), 4):g}"


def _place_rows(
    view: ForecastView,
    values: Callable[[int], xr.DataArray],
    *,
    of_period: bool,
    within: bool = False,
    suppress_below: int | None = None,
) -> list[dict[str, str]]:
    """Give the rows of all days of the tables; `within` adds who is within their own place at the end."""
    issued, names = _issued(view), _places(view)
    rows: list[dict[str, str]] = []
    for day in view.table_days:
        end = issued + timedelta(days=day)
        start = issued + timedelta(days=1) if of_period else end
        made = _rows(view, values(day), names, start, end, suppress_below)
        rows.extend(_with_within(view, day, made) if within else made)
    return rows


def _with_within(view: ForecastView, day: int, rows: Iterator[dict[str, str]]) -> Iterator[dict[str, str]]:
    """Add the people within their own place to the rows of a day, blank where they are suppressed."""
    by_row = (
        each.transpose("course", "place", "quantile").values.reshape(-1, len(QUANTILES)).tolist()
        for each in (view.within_on(day), view.within_suppressed(day))
    )
    for row, found, blank in zip(rows, *by_row, strict=True):
        cells = {
            name: "" if gone else str(count) for name, count, gone in zip(WITHIN, found, blank, strict=True)
        }
        yield row | cells | {"suppressed": "yes" if any(blank) else row["suppressed"]}


def _rows(
    view: ForecastView,
    values: xr.DataArray,
    names: list[dict[str, str]],
    start: date,
    end: date,
    suppress_below: int | None = None,
) -> Iterator[dict[str, str]]:
    """Give one row per course and name of `values` (course, quantile, name)."""
    below = view.suppress_below if suppress_below is None else suppress_below
    columns = dict(zip(QUANTILES, POPULATION, strict=True))
    for course, table in zip(values["course"].values.astype(str), values.values, strict=True):
        for at, name in enumerate(names):
            counts = {column: int(table[rank, at]) for rank, column in enumerate(columns.values())}
            yield {
                **name,
                "course": str(course),
                "probability_of_course": f"{view.chances[str(course)]:.6g}",
                "reference_period_start": start.isoformat(),
                "reference_period_end": end.isoformat(),
                **blank_if_suppressed(counts, below),
            }


def _places(view: ForecastView) -> list[dict[str, str]]:
    dataset = view.dataset
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


def _issued(view: ForecastView) -> date:
    return calendar_day(view.dates[0])
