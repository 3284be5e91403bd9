"""Tables of strangers as rows with their lines; what is wrong is collected, and raised once."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from math import isfinite
from pathlib import Path
from typing import Final

from forewarn.errors import ForewarnError, Problem, nearest
from forewarn.intake.files import read_file

LARGEST_BYTES: Final = 50_000_000


class TableError(ForewarnError):
    """A table that somebody gave breaks a rule."""


@dataclass(frozen=True, slots=True)
class TableColumns:
    """Columns of a table.

    Parameters
    ----------
    needed, optional
        Their names.
    aliases
        Other names that they may have.
    instead
        Columns, either of which does: a needed one and the one that stands for it.
    """

    needed: tuple[str, ...]
    optional: tuple[str, ...] = ()
    aliases: Mapping[str, str] = field(default_factory=dict)
    instead: Mapping[str, str] = field(default_factory=dict)


class Line:
    """One line of a table; notes what is wrong with its cells."""

    def __init__(self, where: str, cells: Mapping[str, str], problems: list[Problem]) -> None:
        self.where, self.cells, self.problems = where, cells, problems

    def add(self, column: str, what: str, allowed: str = "", remedy: str = "") -> None:
        """Note a problem."""
        self.problems.append(Problem(f"{self.where}, {column}", what, allowed, remedy))

    def text(self, column: str) -> str:
        """Take a cell; empty if the table has no such column."""
        return self.cells.get(column, "")

    def needed(self, column: str) -> str:
        """Take a cell that must not be empty."""
        if not self.text(column):
            self.add(column, "the cell is empty", remedy="Fill it in, or take the line out")
        return self.text(column)

    def one_of(self, column: str, allowed: Sequence[str]) -> str:
        """Take a word out of a list, or nothing."""
        word = self.text(column).lower()
        if word and word not in allowed:
            self.add(column, f"unknown {column} '{word}'", nearest(word, allowed))
        return word

    def number(self, column: str, low: float = 0.0, high: float = 1e10) -> float:
        """Take a number in bounds; nan if the cell is empty."""
        text = self.text(column)
        if not text:
            return float("nan")
        try:
            value = float(text)
        except ValueError:
            value = float("nan")
        if not isfinite(value) or not low <= value <= high:
            self.add(column, f"'{text}'", f"a number from {low:g} to {high:g}")
            return float("nan")
        return value

    def day(self, column: str, *, optional: bool = False) -> date | None:
        """Take a day; None if it may be empty and is."""
        text = self.text(column)
        if not text and optional:
            return None
        try:
            return date.fromisoformat(text)
        except ValueError:
            self.add(column, f"'{text}'" if text else "the cell is empty", "a day such as 2018-08-30")
            return None


def read_lines(
    path: Path, columns: TableColumns, problems: list[Problem], *, most_bytes: int = LARGEST_BYTES
) -> list[Line]:
    """Read a CSV table; its lines share the list of problems.

    Raises
    ------
    TableError
        If it cannot be read, or columns are missing or misspelt.
    """
    content = read_file(path, most_bytes=most_bytes, name=path.name, error=TableError)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        remedy = "Save it as UTF-8"
        raise TableError(Problem(path.name, "the file is not in UTF-8", remedy=remedy)) from error
    return parse_lines(text, path.name, columns, problems)


def parse_lines(text: str, name: str, columns: TableColumns, problems: list[Problem]) -> list[Line]:
    """Take a CSV table apart; see `read_lines`."""
    try:
        reader = csv.reader(io.StringIO(text, newline=""), strict=True)
        records = [(reader.line_num, cells) for cells in reader if any(cell.strip() for cell in cells)]
    except csv.Error as error:
        raise TableError(Problem(name, f"this is not a CSV table: {error}")) from error
    given = [cell.strip() for cell in records[0][1]] if records else []
    header = [columns.aliases.get(column, column) for column in given]
    if found := _header_problems(name, header, columns):
        raise TableError(found)
    lines = []
    for number, cells in records[1:]:
        where = f"{name}, line {number}"
        if len(cells) != len(header):
            problems.append(Problem(where, f"{len(cells)} cells", f"{len(header)} as in the first line"))
            continue
        cleaned = (cell.strip() for cell in cells)
        lines.append(Line(where, dict(zip(header, cleaned, strict=True)), problems))
    if not lines and not problems:
        problems.append(Problem(name, "the table has no rows", "at least one"))
    return lines


def _header_problems(name: str, header: Sequence[str], columns: TableColumns) -> list[Problem]:
    """Say which columns are missing, misspelt or given twice."""
    where, all_columns = f"{name}, line 1", (*columns.needed, *columns.optional)
    if not header:
        return [Problem(name, "the file is empty", f"a first line with {', '.join(columns.needed)}")]
    if len(header) == 1 and (";" in header[0] or "\t" in header[0]):
        return [Problem(where, "the columns are not separated by commas", remedy="Save it with commas")]
    problems = [
        Problem(where, f"the column '{column}' is missing", ", ".join(columns.needed))
        for column in columns.needed
        if column not in header and columns.instead.get(column) not in header
    ]
    absent = [column for column in all_columns if column not in header]
    for column in dict.fromkeys(header):
        if header.count(column) > 1:
            problems.append(Problem(where, f"the column '{column}' stands there twice"))
        elif column not in all_columns and get_close_matches(column, absent, n=1, cutoff=0.88):
            problems.append(Problem(where, f"unknown column '{column}'", nearest(column, absent)))
    return problems
