"""Tables as they come: CSV in any encoding and with any separator, workbooks, map extracts as rows."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from forewarn.drafting.user_tables.extracts import place_rows, road_lines
from forewarn.errors import ForewarnError, Problem
from forewarn.intake import Limits, isolated, read_file
from forewarn.intake.workbooks import read_sheets, without_value
from forewarn.reading.documents.document import decode

MOST_BYTES: Final = 64 * 2**20
"""Of a table; assumption: a country's list of settlements has a tenth of that."""
MOST_EXTRACT_BYTES: Final = 256 * 2**20
"""Of a map extract; assumption: an area of a draft, cut out, has a tenth of that."""
LIMITS: Final = Limits(processor_seconds=120.0, memory_bytes=4 * 2**30, wall_seconds=240.0)
"""What reading a table or extract may take; assumption: the largest that are read need half of it."""
FEW_FOREIGN: Final = 0.1
"""Part of bytes beyond ASCII up to which a table is of a Western language (ratio); assumption."""
MOST_CELLS: Final = 400
"""Cells of a row; assumption."""
SEPARATORS: Final = (",", ";", "\t", "|")
TABLES: Final = (".csv", ".tsv", ".txt", ".xlsx", ".xlsm")
EXTRACTS: Final = (".geojson", ".json", ".osm", ".pbf")
ALLOWED: Final = "a table (.csv, .tsv, .xlsx) or a map extract (.geojson, .osm, .osm.pbf)"


@dataclass(frozen=True, slots=True)
class Grid:
    """One sheet: rows of text with the line each stands in.

    Parameters
    ----------
    name
        File, and sheet where there are several, such as ``pop.xlsx, sheet 'ADM2'``.
    unit
        What the numbers of rows count: ``line``, ``row`` or ``feature``.
    decimal_comma
        Whether ``12,5`` is twelve and a half.
    note
        How it was read, where that is no matter of course.
    without_value
        Cells of a workbook, such as B2, whose formula nobody has calculated.
    """

    name: str
    unit: str
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    decimal_comma: bool = False
    note: str = ""
    without_value: tuple[str, ...] = ()

    def where(self, number: int, column: str = "") -> str:
        """Say where a cell is."""
        return f"{self.name}, {self.unit} {number}" + (f", {column}" if column else "")


@dataclass(frozen=True, slots=True)
class Way:
    """A stretch of road.

    Parameters
    ----------
    name
        Number or name of the road; may be empty.
    points
        Shape (point, 2): longitude and latitude, degrees.
    """

    name: str
    points: NDArray[np.float64]


def read_grids(where: str) -> tuple[Grid, ...]:
    """Read the sheets of a file; ``FILE.xlsx#SHEET`` takes one of a workbook.

    Raises
    ------
    ForewarnError
        There is no such file or sheet, it is too large, or no table, or a formula in it has no value.
    """
    path, sheet = split_sheet(where)
    suffix = path.suffix.lower()
    if not path.exists():
        raise ForewarnError(Problem(str(path), "file not found", ALLOWED))
    if suffix in (".xls", ".ods"):
        remedy = "Save it as .xlsx or .csv in your spreadsheet program"
        raise ForewarnError(Problem(path.name, f"a {suffix} file is not read", ALLOWED, remedy))
    if suffix not in (*TABLES, *EXTRACTS):
        raise ForewarnError(Problem(path.name, f"a file that ends in '{suffix}'", ALLOWED))
    if suffix in EXTRACTS:
        data = read_file(path, most_bytes=MOST_EXTRACT_BYTES, name=path.name)
        header, rows = isolated(place_rows, limits=LIMITS)(data, name=path.name)
        return (Grid(path.name, "feature", ((0, header), *rows)),)
    data = read_file(path, most_bytes=MOST_BYTES, name=path.name)
    sheets = _workbook if suffix.startswith(".xls") else _text_table
    grids = tuple(Grid(*each) for each in isolated(sheets, limits=LIMITS)(data, name=path.name))
    filled = tuple(grid for grid in grids if len(grid.rows) > 1 or grid.without_value)
    chosen = (_sheet(grids, path, sheet),) if sheet else filled
    if problems := [without_value(grid.name, grid.without_value) for grid in chosen if grid.without_value]:
        raise ForewarnError(problems)
    return chosen or _nothing(path)


def read_ways(path: Path) -> tuple[Way, ...]:
    """Read the roads of a map extract.

    Raises
    ------
    ForewarnError
        It is too large, broken, or holds no road.
    """
    data = read_file(path, most_bytes=MOST_EXTRACT_BYTES, name=path.name)
    lines = isolated(road_lines, limits=LIMITS)(data, name=path.name)
    return tuple(Way(road, np.frombuffer(points).reshape(-1, 2)) for road, points in lines)


def split_sheet(where: str) -> tuple[Path, str]:
    """Split ``FILE#SHEET``; a file whose own name has a # in it is taken as it is."""
    path, mark, sheet = where.rpartition("#")
    return (Path(path), sheet) if mark and not Path(where).exists() else (Path(where), "")


def _nothing(path: Path) -> tuple[Grid, ...]:
    raise ForewarnError(Problem(path.name, "it has no rows", "a first line with names of columns"))


def _sheet(grids: tuple[Grid, ...], path: Path, wanted: str) -> Grid:
    named = {grid.name.partition(", sheet ")[2].strip("'"): grid for grid in grids}
    if wanted not in named:
        raise ForewarnError(Problem(path.name, f"sheet '{wanted}' not found", ", ".join(named)))
    return named[wanted]


def _text_table(data: bytes, *, name: str) -> list[tuple[Any, ...]]:
    text, note = _decoded(data, name)
    separator = _separator(text)
    reader = csv.reader(io.StringIO(text.lstrip("\ufeff"), newline=""), delimiter=separator)
    rows, line = [], 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                rows.append((line, tuple(cell.strip() for cell in cells[:MOST_CELLS])))
            line = reader.line_num + 1
    except csv.Error as error:
        problem = Problem(f"{name}, line {line}", f"this is not a table: {error}")
        raise ForewarnError(problem) from error
    return [(name, "line", tuple(rows), separator == ";", note)]


def _decoded(data: bytes, name: str) -> tuple[str, str]:
    """Decode a table; one with few letters beyond ASCII that is no UTF-8 is a Western spreadsheet's."""
    marked = data.startswith((b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf"))
    try:
        return (decode(data, name=name) if marked else data.decode("utf-8")), ""
    except UnicodeDecodeError:
        foreign = sum(byte > 127 for byte in data)
    if foreign <= FEW_FOREIGN * len(data) and b"\0" not in data:
        note = f"{name} is not UTF-8 and was read as Windows-1252; look at accented names."
        return data.decode("cp1252", errors="replace"), note
    remedy = "Save it as CSV UTF-8, or as .xlsx"
    raise ForewarnError(Problem(name, "it is not UTF-8, and its encoding cannot be told", remedy=remedy))


def _separator(text: str) -> str:
    """Tell what separates columns: what the first line with any of them holds most of."""
    for line in text.splitlines()[:20]:
        counts = {separator: line.count(separator) for separator in SEPARATORS}
        best = max(SEPARATORS, key=lambda separator: counts[separator])
        if counts[best]:
            return best
    return ","


def _workbook(data: bytes, *, name: str) -> list[tuple[Any, ...]]:
    found = []
    for sheet in read_sheets(data, name=name):
        texts = (tuple(_cell(cell) for cell in cells[:MOST_CELLS]) for cells in sheet.rows)
        rows = tuple((number, row) for number, row in enumerate(texts, 1) if any(row))
        missing = tuple(str(cell.coordinate) for cell in sheet.without_value)
        found.append((f"{name}, sheet '{sheet.title}'", "row", rows, False, "", missing))
    return found


def _cell(cell: Any) -> str:  # noqa: ANN401
    """Text of a cell; a whole number whose format pads it with zeros keeps them."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, int) and not isinstance(value, bool):
        form = str(getattr(cell, "number_format", ""))
        return f"{value:0{len(form)}d}" if form and set(form) == {"0"} else str(value)
    return str(value).strip()
