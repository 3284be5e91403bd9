"""Outlooks: the folder that people use."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import xarray as xr

from forewarn.api.forecasts import as_forecast
from forewarn.api.scenarios import load
from forewarn.api.summaries import missing_document, scenario_of
from forewarn.errors import ForewarnError
from forewarn.forecast.updating import Updated
from forewarn.forecast.variables import check, require
from forewarn.outlook import refuse_foreign, write
from forewarn.outlook.format.suppression import SUPPRESS_BELOW

if TYPE_CHECKING:
    from forewarn.scenario import Scenario

PAIRED_RUNS: Final = 20
"""As the commands have it."""


def write_outlook(
    forecast: xr.Dataset | Updated,
    folder: str | Path,
    *,
    scenario: str | Path | Scenario | None = None,
    suppress_below: int = SUPPRESS_BELOW,
    hxl: bool = False,
    actual: bool = False,
    paired_runs: int = PAIRED_RUNS,
) -> Path:
    """Write the outlook of a forecast into a folder, whole or not at all: what ``forewarn outlook`` writes.

    Parameters
    ----------
    forecast
        A forecast with all days and variables, of all members or some; or an update.
    folder
        Made if missing. An older outlook in it is replaced; a folder with anything else is refused.
    scenario
        What was forecast, if the forecast does not carry it.
    suppress_below
        Numbers of people above 0 and below this are left blank in the tables.
    hxl
        Put a row of HXL tags below the header of each CSV file.
    actual
        Write alerts with status Actual; otherwise they say Test.
    paired_runs
        Futures run again for each of the ten numbers that move the result most; 0 for none.

    Returns
    -------
    pathlib.Path
        The folder; ``index.html`` in it is the page.

    Raises
    ------
    ForewarnError
        It is not a whole forecast, or the folder holds something else.

    Examples
    --------
    >>> import forewarn as fw, pathlib, tempfile
    >>> forecast = fw.run("crossroads", members=20, seed=1)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     written = fw.write_outlook(forecast, pathlib.Path(folder) / "out")
    ...     (written / "index.html").exists()
    True
    """
    updated = forecast if isinstance(forecast, Updated) else None
    dataset = as_forecast(forecast)
    made_of = scenario_of(dataset) if scenario is None else load(scenario)
    # Weights of some members are made to add to 1, and the number of members told is theirs.
    dataset = dataset.assign_coords(weight=require(dataset)["weight"])
    dataset = dataset.assign_attrs(members=dataset.sizes["member"])
    check(dataset)
    if made_of is None:
        raise ForewarnError(missing_document("write_outlook"))
    refuse_foreign(folder)
    return write(
        dataset,
        made_of,
        folder,
        suppress_below=suppress_below,
        hxl=hxl,
        actual=actual,
        command="forewarn.write_outlook",
        updated=updated,
        paired_runs=paired_runs,
    )
