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


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row of a table that is neither blank nor a comment."""

    where: str
    cells: tuple[str, ...]

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

    def table(self, name: str, first_words: Sequence[str]) -> FleeTable:
        """Read a table; the header is a first row that starts with '#' or with one of `first_words`."""
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
                    rows.append(TableRow(where, stripped))
        except csv.Error as error:
            self.fail(f"{name}, line {lines.line_num}", f"this is not a CSV table: {error}")
        return FleeTable(header, tuple(rows))

    def exists(self, name: str) -> bool:
        """Whether the directory has a file."""
        return (self.folder / name).is_file()

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
