"""What a forecast says, as Datasets: planning figures, who leaves, from where, to where, what they need."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import xarray as xr

from forewarn.api.forecasts import as_forecast
from forewarn.errors import ForewarnError, Problem
from forewarn.forecast import summary
from forewarn.forecast.quantiles import quantiles_by_course
from forewarn.forecast.variables import DOCUMENT, PEOPLE, refuse_unknown_where, require
from forewarn.scenario import Scenario

if TYPE_CHECKING:
    from forewarn.forecast.updating import Updated

ANY_OFFENSIVE: Final = "any offensive"
"""Label of the planning figure over all courses with an offensive."""

ASSUMED: Final = "an assumption of the scenario; the other figures of a row hold if its course is taken"
FIGURES: Final = {
    "probability": ("Probability of the course", "1"),
    "members": ("Members that the figures rest on", "1"),
    "most_likely": ("People displaced by the offensive, fear or a warning: median", PEOPLE),
    "worst_case": ("People displaced: exceeded with the probability worst_case_probability at most", PEOPLE),
    "worst_case_probability": ("Probability of more than the worst case", "1"),
    "worst_case_low": ("Lower end of the range of sampling of the worst case (95 %)", PEOPLE),
    "worst_case_high": ("Upper end of the range of sampling of the worst case (95 %)", PEOPLE),
}


def planning_figures(forecast: xr.Dataset | Updated) -> xr.Dataset:
    """Give the most likely (median) and the worst case (1 in 10) of people displaced on the last day.

    Counts distinct people who left because of the offensive, fear or a warning.

    Parameters
    ----------
    forecast
        A forecast, or a part of one; `left_home` is used.

    Returns
    -------
    xarray.Dataset
        (course,): ``probability``, ``members``, ``most_likely``, ``worst_case``, ``worst_case_probability``
        and the range of sampling ``worst_case_low``, ``worst_case_high``. If several courses hold an
        offensive, the first row is ``any offensive``: one distribution over them, each by its chance.
        Where chances are assumptions of the scenario, the attribute ``comment`` of ``probability`` says so.

    Raises
    ------
    ForewarnError
        What is used is missing.

    Examples
    --------
    >>> import forewarn as fw
    >>> figures = fw.planning_figures(fw.run("crossroads", members=20, seed=1))
    >>> figures["most_likely"].to_series()
    course
    attack    5970
    calm         0
    Name: most_likely, dtype: int64
    """
    whole = as_forecast(forecast)
    used = require(whole, "left_home")
    rows = list(summary.planning_figures(used))
    scenario = scenario_of(whole)
    any_offensive = None if scenario is None else summary.offensive_figure(used, scenario)
    if any_offensive is not None and len(any_offensive.courses) > 1:
        rows.insert(0, any_offensive.planning)
    table = [asdict(row) for row in rows]
    found = xr.Dataset(
        {
            name: ("course", [row[name] for row in table], {"long_name": words, "units": units})
            for name, (words, units) in FIGURES.items()
        },
        {"course": ("course", [row["course"] or ANY_OFFENSIVE for row in table], {"long_name": "Course"})},
        _attributes(whole),
    )
    if scenario is not None and scenario.chances_assumed:
        found["probability"].attrs["comment"] = ASSUMED
    return found


def displaced(forecast: xr.Dataset | Updated) -> xr.Dataset:
    """Give how many people have left home, by course and day.

    Parameters
    ----------
    forecast
        A forecast, or a part of one; `left_home` is used.

    Returns
    -------
    xarray.Dataset
        (course, quantile, day), people: ``offensive`` (because of an attack, fear or a warning),
        ``ordinary`` and ``all``. Quantiles 5, 25, 50, 75 and 95 %.

    Examples
    --------
    >>> import forewarn as fw
    >>> found = fw.displaced(fw.run("crossroads", members=20, seed=1))
    >>> found["offensive"].sel(course="attack", date="2024-03-20").values
    array([4386, 4456, 4470, 4527, 4607])
    """
    whole = as_forecast(forecast)
    used = require(whole, "left_home")
    return xr.Dataset(
        {measure: used.fw.displaced(measure).fw.quantiles(by_course=True) for measure in summary.MEASURES},
        attrs=_attributes(whole),
    )


def exceedance(forecast: xr.Dataset | Updated, *, thresholds: Sequence[int] | None = None) -> xr.Dataset:
    """Give the probability, over all courses, that more people than each threshold are displaced.

    Counts distinct people who left because of the offensive, fear or a warning, on the last day.

    Parameters
    ----------
    forecast
        A forecast, or a part of one; `left_home` is used.
    thresholds
        People; by default 0 and round steps up to the highest member.

    Returns
    -------
    xarray.Dataset
        ``probability`` (people,), 0–1.

    Examples
    --------
    >>> import forewarn as fw
    >>> forecast = fw.run("crossroads", members=20, seed=1)
    >>> fw.exceedance(forecast, thresholds=[0, 5000, 10000])["probability"].values.round(2)
    array([0.75, 0.75, 0.  ])
    """
    whole = as_forecast(forecast)
    found = summary.exceedance(require(whole, "left_home"), thresholds=thresholds)
    found["people"].attrs.update(long_name="People displaced", units=PEOPLE)
    attributes = {"long_name": "Probability of more people displaced", "units": "1"}
    return found.assign_attrs(attributes).to_dataset(name="probability").assign_attrs(_attributes(whole))


def destinations(forecast: xr.Dataset | Updated, *, count: int | None = None) -> xr.Dataset:
    """Give where newly displaced people are, by course and day of the tables.

    Parameters
    ----------
    forecast
        A forecast, or a part of one with all days; `present` and `arrivals` are used.
    count
        Keep so many places: those with the largest median in any course on the last day, largest first.

    Returns
    -------
    xarray.Dataset
        (course, quantile, table_day, place), people: ``present`` on the day, and ``arrivals`` from the day
        after the issue day on, repeat moves counted. The numbers of ``present.csv`` and ``arrivals.csv``, not
        suppressed.

    Raises
    ------
    ForewarnError
        What is used is missing, or the forecast is of a draft that does not know who holds the places.

    Examples
    --------
    >>> import forewarn as fw
    >>> found = fw.destinations(fw.run("crossroads", members=20, seed=1), count=2)
    >>> found["present"].sel(course="attack", quantile=0.5, table_day=60).to_series()
    place
    Oakford    2933
    Farside    2412
    Name: present, dtype: int32
    """
    whole = as_forecast(forecast)
    refuse_unknown_where(whole, "destinations")
    used = require(whole, "present", "arrivals")
    days = _table_days(whole)
    found = xr.Dataset(
        {
            "present": _on_table_days(used["present"], days, _on_the_day),
            "arrivals": _on_table_days(used["arrivals"], days, _since_issued),
        },
        attrs=_attributes(whole),
    )
    return found if count is None else _largest(found, "present", count)


def origins(forecast: xr.Dataset | Updated, *, count: int | None = None) -> xr.Dataset:
    """Give where people leave home for the first time, by course and day of the tables.

    Parameters
    ----------
    forecast
        A forecast, or a part of one with all days; `departures` is used.
    count
        Keep so many places: those with the largest median in any course, largest first.

    Returns
    -------
    xarray.Dataset
        ``departures`` (course, quantile, table_day, place), people, from the day after the issue day on: the
        numbers of ``departures.csv``, not suppressed.

    Examples
    --------
    >>> import forewarn as fw
    >>> found = fw.origins(fw.run("crossroads", members=20, seed=1), count=1)
    >>> found["departures"].sel(course="attack", quantile=0.95, table_day=60).to_series()
    place
    Millbrook    6096
    Name: departures, dtype: int64
    """
    whole = as_forecast(forecast)
    used = require(whole, "departures")
    departures = _on_table_days(used["departures"], _table_days(whole), _since_issued)
    found = xr.Dataset({"departures": departures}, attrs=_attributes(whole))
    return found if count is None else _largest(found, "departures", count)


def flows(forecast: xr.Dataset | Updated) -> xr.Dataset:
    """Give how many people set out along each route, by course and day of the tables.

    Parameters
    ----------
    forecast
        A forecast, or a part of one; `flows` is used.

    Returns
    -------
    xarray.Dataset
        ``flows`` (course, quantile, table_day, route, direction), people: the numbers of ``flows.csv``, not
        suppressed. ``forth`` is from `route_from` to `route_to`.

    Examples
    --------
    >>> import forewarn as fw
    >>> found = fw.flows(fw.run("crossroads", members=20, seed=1))["flows"]
    >>> found.sel(course="attack", quantile=0.5, table_day=60, route="Millbrook – Elm Camp").to_series()
    direction
    forth    589
    back       0
    Name: flows, dtype: int32
    """
    whole = as_forecast(forecast)
    refuse_unknown_where(whole, "flows")
    used = require(whole, "flows")
    return xr.Dataset({"flows": used["flows"].fw.quantiles(by_course=True)}, attrs=_attributes(whole))


def needs(forecast: xr.Dataset | Updated) -> xr.Dataset:
    """Give what newly displaced people at each place need on the days of the tables, and who they are.

    Quantities are the Sphere Handbook's minimum standards times the people there; they leave out the people
    who live there and need the same.

    Parameters
    ----------
    forecast
        A forecast with its scenario (as `run` and `open_forecast` give it), or a part of one with all days;
        `present` is used.

    Returns
    -------
    xarray.Dataset
        ``quantity`` (item, course, quantile, table_day, place) in the `unit` of the item, and ``people``
        (group, course, quantile, table_day, place) by `gender` and `age_range`: the numbers of
        ``needs.csv``, not suppressed.

    Raises
    ------
    ForewarnError
        What is used is missing, the forecast has no scenario, or its draft does not know who holds the
        places.

    Examples
    --------
    >>> import forewarn as fw
    >>> found = fw.needs(fw.run("crossroads", members=20, seed=1))["quantity"]
    >>> at = found.sel(course="attack", quantile=0.5, table_day=60, place="Oakford")
    >>> at.sel(item="latrines").item(), at.unit.sel(item="latrines").item()
    (147, 'latrines')
    """
    from forewarn.outlook.contents.needs_standards import groups, standards

    whole = as_forecast(forecast)
    refuse_unknown_where(whole, "needs")
    used = require(whole, "present")["present"]
    scenario = scenario_of(whole)
    if scenario is None:
        raise ForewarnError(missing_document("needs"))
    present = _on_table_days(used, _table_days(whole), _on_the_day)
    wanted, people = standards(scenario), groups(scenario)
    quantity = _times(present, "item", [each.quantity for each in wanted])
    group = _times(present, "group", [each.people for each in people])
    return xr.Dataset(
        {
            "quantity": quantity.assign_attrs(long_name="What newly displaced people there need", units="1"),
            "people": group.assign_attrs(
                long_name="Newly displaced people there, by sex and age", units=PEOPLE
            ),
        },
        {
            "item": ("item", [each.item for each in wanted]),
            "unit": ("item", [each.unit for each in wanted]),
            "sector": ("item", [each.sector_code for each in wanted]),
            "group": ("group", [f"{each.gender} {each.age_range}" for each in people]),
            "gender": ("group", [each.gender for each in people]),
            "age_range": ("group", [each.age_range for each in people]),
        },
        _attributes(whole),
    )


def scenario_of(forecast: xr.Dataset) -> Scenario | None:
    """Give the scenario that a forecast carries, or None if it carries none."""
    if DOCUMENT.name not in forecast.coords:
        return None
    return _parsed("\n".join(forecast[DOCUMENT.name].values.astype(str).tolist()))


@lru_cache(maxsize=4)
def _parsed(text: str) -> Scenario:
    from forewarn.api.scenarios import loads

    return loads(text)


def missing_document(what: str) -> Problem:
    """Say that a forecast does not carry the scenario that something needs."""
    remedy = "Use the forecast as forewarn.run or forewarn.open_forecast gives it"
    return Problem(what, f"the forecast has no coordinate {DOCUMENT.name}", remedy=remedy)


def _table_days(forecast: xr.Dataset) -> list[int]:
    """Days of the tables up to the last day there is; all days must be there."""
    days = forecast["day"].values
    if not np.array_equal(days, np.arange(days.size)):
        raise ForewarnError(Problem("forecast, coordinate day", "not 0, 1, 2, … in order", "every day"))
    known = forecast["table_day"].values if "table_day" in forecast.coords else days[-1:]
    return [int(day) for day in known if day < days.size] or [int(days[-1])]


def _on_the_day(array: xr.DataArray, day: int) -> xr.DataArray:
    return array.sel(day=day, drop=True)


def _since_issued(array: xr.DataArray, day: int) -> xr.DataArray:
    return array.sel(day=slice(1, day)).sum("day", dtype=np.int64, keep_attrs=True)


def _on_table_days(
    array: xr.DataArray, days: Sequence[int], taken: Callable[[xr.DataArray, int], xr.DataArray]
) -> xr.DataArray:
    """Give quantiles (course, quantile, table_day, …) of what is taken for each day of the tables."""
    plain = array.drop_vars("date", errors="ignore")
    parts = [quantiles_by_course(taken(plain, day)) for day in days]
    label = xr.Variable("table_day", list(days), {"long_name": "Days after the issue day", "units": "day"})
    joined = xr.concat(parts, dim=label, coords="minimal", compat="override", join="override")
    return joined.transpose("course", "quantile", "table_day", ...)


def _largest(found: xr.Dataset, name: str, count: int) -> xr.Dataset:
    median = found[name].sel(quantile=0.5).isel(table_day=-1).max("course").values
    return found.isel(place=np.argsort(-median, kind="stable")[:count])


def _times(people: xr.DataArray, dim: str, functions: Sequence[Callable[[int], int]]) -> xr.DataArray:
    """Put whole numbers of people through functions of one, along a new first dim."""
    different, at = np.unique(people.values, return_inverse=True)
    shape = people.values.shape
    values = [
        np.array([function(int(each)) for each in different], dtype=np.int64)[at].reshape(shape)
        for function in functions
    ]
    return xr.concat(
        [people.copy(data=each) for each in values],
        dim=dim,
        coords="minimal",
        compat="override",
        join="override",
    )


def _attributes(forecast: xr.Dataset) -> dict[str, Any]:
    """Say how a summary was made."""
    names = (
        "scenario",
        "title",
        "issued",
        "scenario_hash",
        "seed",
        "members",
        "forewarn_version",
        "hindsight",
    )
    return {name: forecast.attrs[name] for name in names if name in forecast.attrs}
