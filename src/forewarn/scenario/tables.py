"""The CSV tables of a scenario: places, routes and the history of flows."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any

from forewarn.csvfiles import as_meant
from forewarn.errors import Problem, ScenarioError, nearest
from forewarn.scenario.yaml_files import read_text

_WHOLE = re.compile(r"[+-]?[0-9]+")
_DECIMAL = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?")


@dataclass(frozen=True, slots=True)
class Layout:
    """Columns of a table."""

    columns: tuple[str, ...]
    needed: frozenset[str]
    whole: frozenset[str] = frozenset()
    decimal: frozenset[str] = frozenset()
    yes_or_no: frozenset[str] = frozenset()


PLACES = Layout(
    columns=(
        *("name", "pcode", "admin1", "country", "lat", "lon", "kind", "zone", "residents", "displaced"),
        *("capacity", "capacity_low", "capacity_high", "attraction", "isolated", "local"),
        *("source", "population_source", "capacity_source"),
    ),
    needed=frozenset({"name", "lat", "lon", "kind", "zone"}),
    whole=frozenset({"residents", "displaced"}),
    decimal=frozenset({"lat", "lon", "capacity", "capacity_low", "capacity_high", "attraction"}),
    yes_or_no=frozenset({"isolated", "local"}),
)

ROUTES = Layout(
    columns=("from", "to", "km", "road", "crossing", "source"),
    needed=frozenset({"from", "to", "km"}),
    decimal=frozenset({"km"}),
)

FLOW_HISTORY = Layout(
    columns=("from", "to", "people", "source"),
    needed=frozenset({"from", "to", "people"}),
    decimal=frozenset({"people"}),
)


@dataclass(frozen=True, slots=True)
class PlacedRows:
    """Rows of a table with the place each came from, such as ``places.csv, line 7``."""

    rows: tuple[dict[str, Any], ...]
    origins: tuple[str, ...]


def read_table(folder: Path, name: str, layout: Layout) -> PlacedRows:
    """Read a CSV table; blank cells are left out, cells that are no number stay text.

    Raises
    ------
    ScenarioError
        If the file cannot be read, or columns are missing, unknown or repeated, or rows are ragged.
    """
    inside(folder, name, "the table")
    return parse_table(read_text(folder / name, name), name, layout)


def inside(folder: Path, name: str, what: str) -> None:
    """Refuse a file that lies outside a scenario's folder, by its path or by a link; `what` says what it is.

    Raises
    ------
    ScenarioError
        If it does.
    """
    anywhere = (PurePosixPath(name), PureWindowsPath(name))
    leads_out = any(path.anchor or ".." in path.parts for path in anywhere)
    if leads_out or not (folder / name).resolve().is_relative_to(folder.resolve()):
        raise ScenarioError(
            Problem(name, f"{what} lies outside the scenario's folder", "a file name in the folder")
        )


def parse_table(text: str, name: str, layout: Layout) -> PlacedRows:
    """Make a table of the text of a CSV file; `name` is what it is called in messages.

    Raises
    ------
    ScenarioError
        If columns are missing, unknown or repeated, or rows are ragged.
    """
    try:
        header, records = _records(text)
    except csv.Error as error:
        raise ScenarioError(Problem(name, f"this is not a CSV table: {error}")) from error
    problems = _header_problems(name, header, layout)
    if not problems:
        problems = [
            Problem(f"{name}, line {line}", f"{len(cells)} cells", f"{len(header)} as in the first line")
            for line, cells in records
            if len(cells) != len(header)
        ]
    if problems:
        raise ScenarioError(problems)
    rows = tuple(
        {
            column: _cell(as_meant(cell.strip()), column, layout)
            for column, cell in zip(header, cells, strict=True)
            if cell.strip()
        }
        for _, cells in records
    )
    return PlacedRows(rows, tuple(f"{name}, line {line}" for line, _ in records))


def _records(text: str) -> tuple[list[str], list[tuple[int, list[str]]]]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    records, line = [], 1
    for cells in reader:
        if any(cell.strip() for cell in cells):
            records.append((line, cells))
        line = reader.line_num + 1
    if not records:
        return [], []
    return [cell.strip() for cell in records[0][1]], records[1:]


def _header_problems(name: str, header: Sequence[str], layout: Layout) -> list[Problem]:
    if not header:
        return [Problem(name, "the file is empty", f"a first line with {', '.join(layout.columns)}")]
    where = f"{name}, line 1"
    if len(header) == 1 and (";" in header[0] or "\t" in header[0]):
        return [Problem(where, "the columns are not separated by commas", remedy="Save it with commas")]
    problems = []
    for column in sorted(layout.needed - set(header)):
        problems.append(Problem(where, f"the column '{column}' is missing", f"{', '.join(layout.columns)}"))
    for column in dict.fromkeys(header):
        if column not in layout.columns:
            problems.append(Problem(where, f"unknown column '{column}'", nearest(column, layout.columns)))
        elif header.count(column) > 1:
            problems.append(Problem(where, f"the column '{column}' stands there twice"))
    return problems


def _cell(text: str, column: str, layout: Layout) -> object:
    if column in layout.whole and _WHOLE.fullmatch(text) and len(text) < 19:
        return int(text)
    if column in layout.whole | layout.decimal and _DECIMAL.fullmatch(text):
        return float(text)
    if column in layout.yes_or_no:
        return {"yes": True, "no": False}.get(text.lower(), text)
    return text
