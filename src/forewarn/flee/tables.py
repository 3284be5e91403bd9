"""CSV tables as Flee's users write them: read with their odd encodings, every problem collected."""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import ClassVar, Final

from forewarn.errors import ForewarnError, Problem
from forewarn.intake import read_file
from forewarn.kernel.flee.arrays import MOST_RECORDED

LONGEST_DAYS: Final = 36_525  # a hundred years: an assumption; longer periods are slips of the pen
LARGEST_BYTES: Final = 200_000_000
MOST_PEOPLE: Final = int(MOST_RECORDED)
_DAY: Final = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?![^ T])")
MOST_ROWS: Final = 500_000  # an assumption; the largest published directory has some hundreds

HALVES: Final = ("-0", "-1")
"""How names of files of a coupled pair end: the country, and a part of it in detail (FLEE-2.md, 5)."""
_ROADS: Final = "input_csv/routes.csv"
_ROWS_ARE_DAYS: Final = ("input_csv/conflicts.csv", "input_csv/flood_level.csv")
# Tables without which a half is not whole.
_OF_BOTH_HALVES: Final = (
    "input_csv/locations.csv", _ROADS, "input_csv/conflicts.csv", "source_data/data_layout.csv",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row of a table that is neither blank nor a comment; `half`, -0 or -1, of a coupled pair."""

    where: str
    cells: tuple[str, ...]
    half: str = ""

    def cell(self, column: int) -> str:
        """Text of a column; empty where the row is shorter."""
        return self.cells[column] if column < len(self.cells) else ""


@dataclass(frozen=True, slots=True)
class FleeTable:
    """A table with its header, which is empty if the file has none."""

    header: tuple[str, ...]
    rows: tuple[TableRow, ...]


@dataclass(slots=True)
class Findings:
    """Problems that stop the reading, and remarks on what was read in a documented way."""

    largest_bytes: ClassVar[int] = LARGEST_BYTES
    folder: Path
    problems: list[Problem] = field(default_factory=list)
    remarks: list[Problem] = field(default_factory=list)

    def fail(self, where: str, what: str, allowed: str = "", remedy: str = "") -> None:
        """Note something that cannot be read."""
        self.problems.append(Problem(where, what, allowed, remedy))

    def remark(self, where: str, what: str, remedy: str = "") -> None:
        """Note something that could be read in one way only."""
        self.remarks.append(Problem(where, what, remedy=remedy))

    @property
    def is_coupled(self) -> bool:
        """Whether this is a coupled pair: places of two halves, and none of the whole."""
        places = (self.folder / "input_csv" / f"locations{half}.csv" for half in HALVES)
        return (
            all(path.is_file() for path in places)
            and not (self.folder / "input_csv" / "locations.csv").is_file()
        )

    def table(self, name: str, first_words: Sequence[str]) -> FleeTable:
        """Read a table; the header is a first row that starts with '#' or with one of `first_words`.

        In a coupled pair a table that the halves do not share is made of both: rows of the first half, then
        those of the second that it does not have; columns side by side where rows are days.
        """
        files = self._files(name)
        tables = [self._table(file, half, first_words) for half, file in files.items()]
        if len(tables) == 1:
            return tables[0]
        return (self._beside if name in _ROWS_ARE_DAYS else self._below)(name, *tables)

    def _files(self, name: str) -> dict[str, str]:
        """File of a table, or that of each half, by half."""
        part, _, file = name.partition("/")
        if part not in ("input_csv", "source_data") or not self.is_coupled or (self.folder / name).is_file():
            return {"": name}
        stem, dot, end = file.rpartition(".")
        files = {
            half: f"{part}/{stem}{half}{dot}{end}" if part == "input_csv" else f"{part}{half}/{file}"
            for half in HALVES
        }
        if name not in _OF_BOTH_HALVES:
            there = {half: file for half, file in files.items() if (self.folder / file).is_file()}
            return there or {"": name}
        return files

    def _below(self, name: str, one: FleeTable, other: FleeTable) -> FleeTable:
        """Rows of one table, then those of the other for what the first does not have."""
        width = min(len(one.header), len(other.header))
        first, second = one.header[:width], other.header[:width]
        order = list(range(width))
        if first != second and sorted(first) == sorted(second) and len(set(first)) == width:
            order = [second.index(title) for title in first]
        is_road = name == _ROADS
        kept = {_identity(name, row.cells): row for row in one.rows}
        rows = list(one.rows)
        for row in other.rows:
            cells = (*(row.cell(column) for column in order), *row.cells[width:])
            before = kept.get(_identity(name, cells))
            if before is None:
                rows.append(TableRow(row.where, cells, row.half))
            elif before.cells[2 * is_road :] != cells[2 * is_road :]:
                what = f"'{', '.join(cells[: 1 + is_road])}' stands in both halves, and differs"
                self.remark(row.where, f"{what}: the row of the first half counts")
        return FleeTable(max(one.header, other.header, key=len), tuple(rows))

    def _beside(self, name: str, one: FleeTable, other: FleeTable) -> FleeTable:
        """Columns of one table, then those of the other that the first does not have, as far as both go."""
        new = [column for column, title in enumerate(other.header) if title not in one.header]
        width = len(one.header)
        rows = [
            TableRow(
                f"{left.where} and {right.where}",
                (*(left.cell(column) for column in range(width)), *(right.cell(column) for column in new)),
            )
            for left, right in zip(one.rows, other.rows, strict=False)
        ]
        for title in (title for title in other.header[1:] if title in one.header):
            here, there = one.header.index(title), other.header.index(title)
            if any(
                left.cell(here) != right.cell(there)
                for left, right in zip(one.rows, other.rows, strict=False)
            ):
                what = (
                    f"'{title}' has a column in both halves, and they differ: that of the first half counts"
                )
                self.remark(f"{name}, header", what)
        return FleeTable((*one.header, *(other.header[column] for column in new)), tuple(rows))

    def _table(self, name: str, half: str, first_words: Sequence[str]) -> FleeTable:
        header: tuple[str, ...] = ()
        rows: list[TableRow] = []
        lines = csv.reader(io.StringIO(self.text(name), newline=""))
        try:
            for cells in lines:
                stripped = tuple(cell.strip() for cell in cells)
                where = f"{name}, line {lines.line_num}"
                if not any(stripped):
                    continue
                if len(rows) >= MOST_ROWS:
                    self.fail(where, f"the table has more than {MOST_ROWS:,} rows")
                    break
                if stripped[0].startswith("#"):
                    header = header or tuple(cell.lstrip("#").strip() for cell in stripped)
                elif not header and not rows and stripped[0].lower() in first_words:
                    header = stripped
                    self.remark(where, "the header does not start with '#': read as a header all the same")
                else:
                    rows.append(TableRow(where, stripped, half))
        except csv.Error as error:
            self.fail(f"{name}, line {lines.line_num}", f"this is not a CSV table: {error}")
        return FleeTable(header, tuple(rows))

    def exists(self, name: str) -> bool:
        """Whether the directory has a file, or a half of it has."""
        return any((self.folder / file).is_file() for file in self._files(name).values())

    def text(self, name: str) -> str:
        """Read a file as text with plain line ends; nothing if it cannot be read, which is noted."""
        try:
            content = read_file(self.folder / name, most_bytes=self.largest_bytes, name=name)
        except ForewarnError as error:
            self.problems.extend(error.problems)
            return ""
        if b"\0" in content:
            self.fail(name, "the file holds zero bytes, so it is not a text", remedy="Save it as UTF-8")
            return ""
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError:
            self.remark(name, "is not in UTF-8: read as Latin-1")
            text = content.decode("latin-1")
        return text.replace("\r\n", "\n").replace("\r", "\n")

    def number(
        self, where: str, text: str, *, what: str, least: float, most: float, blank: float | None = None
    ) -> float | None:
        """Read a number in a range; a blank cell gives `blank`, if that is allowed."""
        if text == "" and blank is not None:
            return blank
        try:
            value = float(text) if text.isascii() and "_" not in text else math.nan
        except ValueError:
            value = math.nan
        if not least <= value <= most:
            found = f"'{text}'" if text else "nothing"
            self.fail(where, f"{found} is not a {what}", f"a number from {least:,.10g} to {most:,.10g}")
            return None
        return value

    def whole(
        self, where: str, text: str, *, what: str, least: int, most: int, blank: int | None = None
    ) -> int | None:
        """Read a whole number; one such as '12.0' counts as whole."""
        value = self.number(where, text, what=what, least=least, most=most, blank=blank)
        if value is None:
            return None
        if value != int(value):
            self.fail(where, f"'{text}' is not a {what}", f"a whole number from {least} to {most}")
            return None
        return int(value)

    def day(self, where: str, text: str) -> date | None:
        """Read a day, with or without a time behind it."""
        found = day_of(text)
        if found is None:
            self.fail(where, f"'{text}' is not a day", "a day such as 2015-05-01")
        return found


def day_of(text: str) -> date | None:
    """Read a day, with or without a time behind it; 2015-5-1 is one too, as in Flee.

    Examples
    --------
    >>> day_of("2015-5-1 00:00:00"), day_of("01/05/2015")
    (datetime.date(2015, 5, 1), None)
    """
    parts = _DAY.match(text)
    if parts is None:
        return None
    try:
        return date(*(int(part) for part in parts.groups()))
    except ValueError:
        return None


def _identity(name: str, cells: tuple[str, ...]) -> tuple[str, ...]:
    """Tell what makes a row one of the other half as well: its place, both ends of a road, or all of it."""
    if name == _ROADS:
        return tuple(sorted(cells[:2]))
    if name == "input_csv/locations.csv":
        return cells[:1]
    if name == "source_data/data_layout.csv":
        return ("total",) if cells[0].lower() == "total" else cells[:1]
    return cells
