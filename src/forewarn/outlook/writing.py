"""The folder of an outlook: written beside its place, then renamed whole."""

from __future__ import annotations

import hashlib
import json
import platform
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import xarray as xr

from forewarn.csvfiles import csv_text
from forewarn.errors import ForewarnError, Problem, UsageError
from forewarn.forecast.variables import check
from forewarn.outlook.alerts.cap import write_alerts
from forewarn.outlook.brief.document import draw_brief
from forewarn.outlook.contents.where_unknown import WHERE_UNKNOWN
from forewarn.outlook.format.suppression import SUPPRESS_BELOW
from forewarn.outlook.maps.geopackage import write_places
from forewarn.outlook.page.model import build_page_model
from forewarn.outlook.page.render import render_model
from forewarn.outlook.tables.datapackage import data_package
from forewarn.outlook.tables.sheets import OutlookSheet, build_sheets
from forewarn.outlook.tables.update_sheets import build_update_sheets
from forewarn.outlook.tables.workbook import write_workbook
from forewarn.outlook.view import ForecastView
from forewarn.replacing import replacing_folder
from forewarn.scenario import Scenario, dump

if TYPE_CHECKING:
    from forewarn.forecast.updating import Updated

FILES: Final = {
    "index.html": "The outlook: one page that opens without a network and prints to A4",
    "brief.pdf": "The brief: two pages of A4 to hand on",
    "arrivals.csv": "Newly displaced people arriving at each place in the period, repeat moves counted",
    "departures.csv": "People leaving home at each place for the first time in the period",
    "shares.csv": "Shares of newly displaced people by place and wider areas on the last day",
    "present.csv": "Newly displaced people at each place on the day; of these, who is within their own place",
    "flows.csv": "People who set out along each route, by direction, in the period",
    "observed.csv": "Counts beside what the forecast said of them before and after the update",
    "learnt.csv": "Numbers of the scenario before and after the counts",
    "needs.csv": "What newly displaced people at each place need on the day; people by sex and age",
    "outlook.xlsx": "The same tables as a workbook",
    "places.gpkg": "Places, routes and posts with the figures of the last day, and boundaries, for QGIS",
    "datapackage.json": "Columns, types, units, sources and checksums of the tables",
    "alerts": "Alerts of the triggers that hold (CAP 1.2)",
    "forecast.nc": "The whole forecast, member by member; small numbers are not suppressed here",
    "scenario.yaml": "The scenario in its explicit form",
    "run.json": "How it was made: versions, seed, members, checksums",
}
LIBRARIES: Final = ("forewarn", "numpy", "numba", "scipy", "xarray", "h5netcdf", "pydantic")


def write(
    dataset: xr.Dataset,
    scenario: Scenario,
    folder: str | Path,
    *,
    suppress_below: int = SUPPRESS_BELOW,
    hxl: bool = False,
    actual: bool = False,
    command: str = "",
    ledger_head: str = "",
    updated: Updated | None = None,
    paired_runs: int = 0,
) -> Path:
    """Write the outlook of a forecast into `folder`, whole or not at all.

    Parameters
    ----------
    dataset
        A forecast of `scenario`.
    scenario
        What it was made of.
    folder
        Made if missing. An older outlook in it is replaced; a folder with anything else is refused.
    suppress_below
        People; numbers above 0 and below this are left blank in the tables, and their rows say so.
    hxl
        Put a row of HXL tags below the header of each CSV file.
    actual
        Write alerts with status Actual; otherwise they say Test.
    command
        The command that asked for it, for `run.json`.
    ledger_head
        Digest of the ledger's head at the time, for `run.json`: a rewritten ledger does not match it.
    updated
        What observations have changed, if `dataset` is the forecast of an update.
    paired_runs
        Futures run again for each of the numbers that move the result most (`forewarn.forecast.pairing`).

    Returns
    -------
    pathlib.Path
        The folder.

    Raises
    ------
    ForewarnError
        `dataset` is not a forecast, or `folder` holds something that is not an outlook.
    UsageError
        `suppress_below` is negative.
    """
    if suppress_below < 0:
        raise UsageError(Problem("suppress_below", f"{suppress_below}", "0 or more"))
    check(dataset)
    view = ForecastView(dataset, scenario, suppress_below, updated, paired_runs)
    return write_view(view, folder, hxl=hxl, actual=actual, command=command, ledger_head=ledger_head)


def write_view(
    view: ForecastView,
    folder: str | Path,
    *,
    hxl: bool = False,
    actual: bool = False,
    command: str = "",
    ledger_head: str = "",
) -> Path:
    """Write the outlook of a view of a forecast into `folder`; parameters and errors as for `write`."""
    target = Path(folder).absolute()
    refuse_foreign(target)
    with replacing_folder(target) as draft, ThreadPoolExecutor(1) as aside:
        # The kernel leaves the interpreter alone, so that files are written while members run.
        paired = aside.submit(lambda: view.paired)
        sheets = (*build_sheets(view), *build_update_sheets(view))
        _write_tables(sheets, draft, hxl=hxl)
        write_workbook(sheets, _about(view), draft / "outlook.xlsx")
        write_places(view, draft / "places.gpkg")
        write_alerts(view, draft / "alerts", actual=actual, former=target / "alerts")
        dataset = _labelled(view)
        write_netcdf(dataset, draft / "forecast.nc")
        _write_text(draft / "scenario.yaml", dump(view.scenario))
        paired.result()
        model = build_page_model(view)
        _write_text(draft / "index.html", render_model(model))
        draw_brief(model, draft / "brief.pdf")
        _write_text(draft / "datapackage.json", data_package(sheets, view.scenario, draft, hxl=hxl))
        run = _run(
            dataset, draft, suppress_below=view.suppress_below, command=command, ledger_head=ledger_head
        )
        _write_text(draft / "run.json", run)
    return target


def _labelled(view: ForecastView) -> xr.Dataset:
    """Give the forecast as it is kept: it says itself if it is not known where people go."""
    return view.dataset if view.scenario.where_known else view.dataset.assign_attrs(where=WHERE_UNKNOWN)


def write_netcdf(dataset: xr.Dataset, path: Path) -> None:
    """Write a forecast as compressed netCDF-4."""
    encoding = {
        str(name): {"zlib": True, "complevel": 1, "shuffle": True, "chunksizes": _chunks(array)}
        for name, array in dataset.data_vars.items()
        if array.size
    }
    plain = dataset.assign_attrs({name: _plain(value) for name, value in dataset.attrs.items()})
    plain.to_netcdf(path, engine="h5netcdf", encoding=encoding)


def _write_tables(sheets: tuple[OutlookSheet, ...], draft: Path, *, hxl: bool) -> None:
    for sheet in sheets:
        columns = tuple(column.name for column in sheet.columns)
        tags = [[column.tag for column in sheet.columns]] if hxl else []
        _write_text(draft / f"{sheet.name}.csv", csv_text([*tags, *sheet.rows], columns))


def _about(view: ForecastView) -> tuple[tuple[str, str], ...]:
    """Say what the first sheet of the workbook says."""
    dataset, scenario = view.dataset, view.scenario
    return (
        ("Outlook", scenario.title),
        ("Issued", view.issued),
        ("Covers the time up to", view.until),
        ("Made in hindsight", "yes" if scenario.hindsight else "no"),
        ("Forewarn", str(dataset.attrs.get("forewarn_version", "unknown"))),
        ("Seed", str(dataset.attrs.get("seed", "unknown"))),
        ("Members", f"{dataset.sizes['member']:,}"),
        *(() if scenario.where_known else (("Where", WHERE_UNKNOWN),)),
        (
            "Limits",
            "A simulation of what the scenario describes. Single places are less certain than totals.",
        ),
    )


def _run(dataset: xr.Dataset, draft: Path, *, suppress_below: int, command: str, ledger_head: str) -> str:
    written = sorted(path for path in draft.rglob("*") if path.is_file() and path.name != "run.json")
    run = {
        **{str(name): _plain(value) for name, value in dataset.attrs.items()},
        "command": command or str(dataset.attrs.get("command", "")),
        **({"ledger_head": ledger_head} if ledger_head else {}),
        "suppress_below": suppress_below,
        "suppression": (
            f"Numbers of people above 0 and below {suppress_below} are blank in the CSV files; "
            "the column suppressed says yes in their rows."
        ),
        "periods": "Periods begin on the day after the issue day, so rows do not add up over periods.",
        "versions": {"python": platform.python_version(), **_versions()},
        "files": {
            (name := path.relative_to(draft).as_posix()): {
                "content": FILES[name.split("/")[0]],
                "bytes": path.stat().st_size,
                "sha256": _sha256(path),
            }
            for path in written
        },
    }
    return json.dumps(run, indent=2, ensure_ascii=False) + "\n"


def _versions() -> dict[str, str]:
    found = {}
    for name in LIBRARIES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "not installed"
    return found


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _write_text(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")


def _plain(value: Any) -> str | int | float:  # noqa: ANN401
    """Make an attribute that netCDF and JSON both hold."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int) and not -(2**63) <= value < 2**63:
        return str(value)
    if isinstance(value, (str, int, float)):
        return value
    return "" if value is None else str(value)


def _chunks(array: xr.DataArray) -> tuple[int, ...]:
    """Cut along members only, into pieces of about a megabyte."""
    others = max(1, array.size // max(1, array.sizes["member"]))
    members = max(1, min(array.sizes["member"], 2**20 // (others * array.dtype.itemsize)))
    return (members, *array.shape[1:])


def refuse_foreign(folder: str | Path) -> None:
    """Raise if an outlook written into a folder would replace anything but an outlook.

    `write` asks too; whoever has a forecast to run first asks before.

    Raises
    ------
    ForewarnError
        If it would, or the folder is a file or a link.
    """
    target = Path(folder).absolute()
    if not target.exists() and not target.is_symlink():
        return
    remedy = "Name a new folder, or one that holds an outlook alone"
    if target.is_symlink() or not target.is_dir():
        raise ForewarnError(Problem(str(target), "not a folder", remedy=remedy))
    strangers = sorted(path.name for path in target.iterdir() if path.name not in FILES)
    if strangers:
        shown = ", ".join(strangers[:5]) + (", …" if len(strangers) > 5 else "")
        raise ForewarnError(
            Problem(str(target), f"holds files that are not part of an outlook: {shown}", remedy=remedy)
        )
