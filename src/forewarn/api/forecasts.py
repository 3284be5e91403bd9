"""Forecasts: run, updated, compared, kept in files."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import xarray as xr

from forewarn import forecast as room
from forewarn.api.dates import as_date
from forewarn.api.scenarios import change, load
from forewarn.csvfiles import csv_text
from forewarn.errors import ForewarnError, Problem, UsageError
from forewarn.forecast.comparing import INTERVAL
from forewarn.forecast.quantiles import quantiles_by_course
from forewarn.forecast.summary import displaced_people
from forewarn.forecast.variables import PEOPLE, require
from forewarn.scenario import Scenario, narrow

if TYPE_CHECKING:
    import pandas as pd

    from forewarn.forecast.running import Executor, Progress
    from forewarn.forecast.updating import Observations, Updated

MEMBERS: Final = 1000
SEED: Final = 20180830
"""As the commands have them."""


def run(
    scenario: str | Path | Scenario,
    *,
    members: int = MEMBERS,
    seed: int = SEED,
    horizon_days: int | None = None,
    course: str | None = None,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> xr.Dataset:
    """Forecast a scenario.

    The result depends on scenario, members and seed alone, and is that of ``forewarn outlook``. The first n
    members of a larger ensemble are the ensemble of n.

    Parameters
    ----------
    scenario
        A scenario, the name of a bundled one, or a folder.
    members
        Number of futures, spread evenly over the courses; at least one for each.
    seed
        Whole number from 0.
    horizon_days
        Length of the forecast, if not the scenario's.
    course
        Forecast this course alone, as if it were certain.
    executor
        Where to run: anything with ``submit``, such as a Dask client; by default threads, one for each
        processor.
    progress
        Called with (members done, members in all).

    Returns
    -------
    xarray.Dataset
        Every variable by member, people; `date` is an index beside `day`. Its scenario travels with it.

    Raises
    ------
    ForewarnError
        The scenario has problems, there are fewer members than courses, or the seed is negative.

    Examples
    --------
    >>> import forewarn as fw
    >>> forecast = fw.run("crossroads", members=20, seed=1)
    >>> forecast.present.sel(date="2024-03-20", place="Elm Camp").fw.quantiles([0.5]).values
    array([436], dtype=int32)
    """
    wanted = narrow(load(scenario), horizon_days=horizon_days, course=course)
    return room.run(wanted, members=members, seed=seed, executor=executor, progress=progress)


def update(
    scenario: str | Path | Scenario,
    observed: str | Path | pd.DataFrame | Observations,
    *,
    members: int = MEMBERS,
    seed: int = SEED,
    as_of: date | str | None = None,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> Updated:
    """Forecast a scenario from what was observed since its issue day.

    Parameters
    ----------
    scenario
        As it was on the issue day.
    observed
        A CSV file or a DataFrame with the columns date, place, measure and people, and more if need be
        (docs/updating.md).
    members
        At least 30 for each course.
    seed
        Whole number from 0.
    as_of
        Use only what was published up to this day.
    executor, progress
        As for `run`.

    Returns
    -------
    Updated
        Its `forecast`, a Dataset as of `run`; its `chances` of the courses, a Dataset; and its `diagnosis`.
        The summaries of this package and `write_outlook` take it in place of a forecast.

    Raises
    ------
    ForewarnError
        A row cannot be used, or there are too few members.

    Examples
    --------
    >>> import forewarn as fw
    >>> import pandas as pd
    >>> counts = pd.DataFrame([["2024-03-15", "Elm Camp", "arrivals", 400]],
    ...                       columns=["date", "place", "measure", "people"])
    >>> fw.update("crossroads", counts, members=60, seed=1).chances["after"].round(3).values
    array([1., 0.])
    """
    from forewarn.forecast.updating import update as learn

    found = load(scenario)
    known = _observations(observed, found)
    if as_of is not None:
        known = known.as_of((as_date(as_of, name="as_of") - found.issued).days)
    return learn(found, known, members=members, seed=seed, executor=executor, progress=progress)


def compare(
    scenario: str | Path | Scenario,
    changes: str | Sequence[str] | Scenario,
    *,
    members: int = MEMBERS,
    seed: int = SEED,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> xr.Dataset:
    """Forecast a scenario and a changed one with the same luck, and sum up the difference.

    Members are compared one by one, so that the intervals are those of the change and not of the dice. To
    look at the two forecasts themselves, `run` both with the same members and seed.

    Parameters
    ----------
    scenario
        A scenario, the name of a bundled one, or a folder.
    changes
        As for `change`, or a scenario that was changed by it.
    members, seed, executor, progress
        As for `run`.

    Returns
    -------
    xarray.Dataset
        ``displaced_difference`` (course, quantile, table_day), changed less base: distinct people who left
        because of the offensive, fear or a warning; ``present_difference`` (course, quantile, place): newly
        displaced people there at the horizon; and the medians without the change, ``displaced_base`` and
        ``present_base``. A draft that does not know who holds the places has no ``present_…``.

    Raises
    ------
    ForewarnError
        A change leads nowhere, or the two differ in places, courses or horizon.

    Examples
    --------
    >>> import forewarn as fw
    >>> found = fw.compare("crossroads", "courses.attack.stages.assault.start+=25", members=20, seed=1)
    >>> found["displaced_difference"].sel(course="attack", table_day=30, quantile=0.5).item()
    -5666.0
    """
    base = load(scenario)
    changed = changes if isinstance(changes, Scenario) else change(base, changes)
    pair = room.compare(base, changed, members=members, seed=seed, executor=executor, progress=progress)
    days = pair[0]["table_day"].values
    displaced = [
        displaced_people(each, measure="offensive").sel(day=days).drop_vars("date").rename(day="table_day")
        for each in pair
    ]
    found = _differences("displaced", displaced, "people displaced by the offensive, fear or a warning")
    if base.where_known:
        present = [each["present"].isel(day=-1) for each in pair]
        found |= _differences("present", present, "newly displaced people there at the horizon")
    attributes = {
        name: pair[0].attrs[name]
        for name in ("scenario", "scenario_hash", "seed", "members", "forewarn_version")
    }
    said = (
        "" if isinstance(changes, Scenario) else ", ".join([changes] if isinstance(changes, str) else changes)
    )
    return xr.Dataset(found, attrs=attributes | {"changes": said})


def save_forecast(forecast: xr.Dataset, path: str | Path) -> Path:
    """Write a forecast as compressed netCDF-4, whole or not at all; `open_forecast` reads it.

    Small numbers are not suppressed in it: do not pass it on (docs/responsible-use.md).

    Parameters
    ----------
    forecast
        A forecast, or a part of one.
    path
        Of the file, such as ``forecast.nc``; one that is there is replaced.
    """
    from forewarn.outlook.writing import write_netcdf
    from forewarn.replacing import replacing_file

    dataset = as_forecast(forecast)
    require(dataset)
    target = Path(path)
    with replacing_file(target, locks_itself=True) as draft:
        write_netcdf(dataset, draft)
    return target


def open_forecast(path: str | Path) -> xr.Dataset:
    """Open a forecast that was saved, or that of an outlook's folder.

    Variables are read from the file when they are used; ``.load()`` reads all of them, ``.close()`` lets go
    of the file. The file is parsed by the HDF5 library in this process: open only what people you trust made.

    Parameters
    ----------
    path
        The file, or a folder with ``forecast.nc``.

    Raises
    ------
    ForewarnError
        It is not there, or is not a forecast.

    Examples
    --------
    >>> import forewarn as fw, pathlib, tempfile
    >>> forecast = fw.run("crossroads", members=4, seed=1)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = fw.save_forecast(forecast, pathlib.Path(folder) / "forecast.nc")
    ...     with fw.open_forecast(file) as again:
    ...         bool((again.present.sel(date="2024-03-20") == forecast.present.sel(date="2024-03-20")).all())
    True
    """
    file = Path(path) / "forecast.nc" if Path(path).is_dir() else Path(path)
    if not file.is_file():
        raise ForewarnError(Problem(str(path), "not found", "a file, or a folder with forecast.nc"))
    try:
        dataset = xr.open_dataset(file, engine="h5netcdf")
    except (OSError, ValueError, KeyError) as error:
        raise ForewarnError(Problem(str(path), "cannot be read as netCDF-4", "a forecast")) from error
    try:
        require(dataset)
        return dataset.set_xindex("date") if "date" in dataset.coords and "day" in dataset.dims else dataset
    except ForewarnError:
        dataset.close()
        raise


def as_forecast(forecast: xr.Dataset | Updated) -> xr.Dataset:
    """Give the Dataset of a forecast or an update.

    Raises
    ------
    UsageError
        It is neither.
    """
    from forewarn.forecast.updating import Updated

    if isinstance(forecast, Updated):
        return forecast.forecast
    if not isinstance(forecast, xr.Dataset):
        found = f"a {type(forecast).__name__}"
        raise UsageError(Problem("forecast", found, "a Dataset, as forewarn.run gives it"))
    return forecast


def _observations(observed: str | Path | pd.DataFrame | Observations, scenario: Scenario) -> Observations:
    from forewarn.forecast.updating import Observations, parse_observations, read_observations

    if isinstance(observed, Observations):
        return observed
    if isinstance(observed, (str, Path)):
        return read_observations(observed, scenario)
    if hasattr(observed, "columns"):
        rows = observed.where(observed.notna(), "").to_dict("records")
        text = csv_text(rows, [str(name) for name in observed.columns])
        return parse_observations(text, scenario, name="observed")
    allowed = "a CSV file or a DataFrame"
    raise UsageError(Problem("observed", f"a {type(observed).__name__}", allowed))


def _differences(name: str, pair: Sequence[xr.DataArray], words: str) -> dict[str, xr.DataArray]:
    """Sum up the difference of (member, …) before and after a change, course by course."""
    base, changed = pair
    # With labels of the base: a difference drops those that differ, such as chances that a change sets.
    change_ = base.copy(data=np.asarray(changed.values, dtype=np.int64) - base.values)
    spread = quantiles_by_course(change_, probabilities=INTERVAL).astype(np.float64)
    middle = quantiles_by_course(base, probabilities=(0.5,)).isel(quantile=0, drop=True).astype(np.float64)
    attributes: dict[str, Any] = {"units": PEOPLE}
    return {
        f"{name}_base": middle.assign_attrs(attributes, long_name=f"Median without the change: {words}"),
        f"{name}_difference": spread.assign_attrs(
            attributes, long_name=f"Changed less base, member by member: {words}"
        ),
    }
