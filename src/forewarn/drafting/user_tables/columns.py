"""Which column of a table holds what: Forewarn's own names, COD tables, settlement lists, HXL tags."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

from forewarn.drafting.user_tables.grids import Grid
from forewarn.reading.places.gazetteer import fold

LANGUAGES: Final = ("en", "fr", "es", "pt", "", "ar", "ru", "uk", "sw", "so", "my", "th", "am", "fa", "ku")
"""Of names, in the order in which they are taken: those of the reader first."""
LOOKED_AT: Final = 15
"""Lines at the top that may be a heading before the names of columns; assumption."""
_LEVEL = re.compile(
    r"(?:adm|admin|administrative level) ?([0-5]) ?(?:(p?code)|(?:name)? ?([a-z]{2})?(?: name)?|name)"
)
_HXL_LEVEL = re.compile(r"#(?:country|adm([1-5]))(\+[a-z+_]*)?")
_HXL = {
    "#geo+lat": "lat",
    "#geo+lon": "lon",
    "#population": "people",
    "#population+total": "people",
    "#population+t": "people",
    "#loc": "name",
    "#loc+name": "name",
    "#loc+code": "pcode",
}
_THOUSANDS = re.compile(r"\bthousands?\b|['’]000|\(000s?\)|\b000s\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Columns:
    """A grid with its columns told.

    Parameters
    ----------
    at
        Field → number of its column.
    level_names, level_codes
        Administrative level → number of the column with its names and p-codes.
    header
        Names of columns as they stand in the file.
    rows
        Rows below the names, and below the HXL tags.
    thousands
        Fields whose column counts in thousands.
    """

    grid: Grid
    at: Mapping[str, int]
    level_names: Mapping[int, int]
    level_codes: Mapping[int, int]
    header: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    thousands: frozenset[str]

    @property
    def level(self) -> int:
        """Deepest administrative level with a name or code, 0 to 5; -1 if there is none."""
        return max((*self.level_names, *self.level_codes), default=-1)

    @property
    def is_named(self) -> bool:
        """Whether rows can be told apart by name or code."""
        return bool({"name", "pcode"} & set(self.at)) or self.level >= 0

    @property
    def is_placed(self) -> bool:
        """Whether rows have coordinates."""
        return {"lat", "lon"} <= set(self.at)

    @property
    def counts(self) -> bool:
        """Whether rows have people."""
        return bool({"people", "residents"} & set(self.at))

    def cell(self, cells: Sequence[str], field: str) -> str:
        """Text of a field in a row; empty if there is none."""
        at = self.at.get(field)
        return "" if at is None or at >= len(cells) else cells[at]

    def name_of(self, field: str) -> str:
        """Name of the column that holds a field."""
        return self.header[self.at[field]]

    def quoted(self, *fields: str) -> str:
        """Names of the columns of fields, for a source."""
        names = [self.name_of(field) for field in fields if field in self.at]
        return f"{self.grid.name}, column{'s' * (len(names) != 1)} " + ", ".join(f"'{n}'" for n in names)


def find_columns(grid: Grid) -> Columns:
    """Find the line with the names of columns and tell which holds what.

    The line is the one of the first fifteen that names the most fields; a line of HXL tags below it names
    what the words leave open, and is left out of the rows.
    """
    candidates = range(min(LOOKED_AT, len(grid.rows)))
    tables = [_columns_at(grid, at) for at in candidates]
    return max(tables, key=lambda table: len(table.at) + len(table.level_names) + len(table.level_codes))


def _columns_at(grid: Grid, at: int) -> Columns:
    header = grid.rows[at][1]
    below = grid.rows[at + 1 :]
    tags: tuple[str, ...] = ()
    if below and sum(cell.startswith("#") for cell in below[0][1]) * 2 > sum(map(bool, below[0][1])):
        tags, below = below[0][1], below[1:]
    fields, names, codes = _by_words(header)
    _by_tags(tags, fields, names, codes)
    _deepest_as_name(fields, names, codes)
    thousands = frozenset(field for field, column in fields.items() if _THOUSANDS.search(header[column]))
    return Columns(grid, fields, names, codes, header, below, thousands)


def _by_words(header: Sequence[str]) -> tuple[dict[str, int], dict[int, int], dict[int, int]]:
    fields: dict[str, int] = {}
    named: dict[int, tuple[int, int]] = {}
    codes: dict[int, int] = {}
    for column, words in enumerate(header):
        plain = plain_heading(words)
        if found := _LEVEL.fullmatch(plain):
            level, language = int(found[1]), found[3] or ""
            if found[2]:
                codes.setdefault(level, column)
            elif language in LANGUAGES:
                rank = LANGUAGES.index(language)
                if level not in named or rank < named[level][0]:
                    named[level] = (rank, column)
            continue
        field = _field_of(plain)
        if field and field not in fields or field == "name" and plain.endswith(" en"):
            fields[field] = column
    return fields, {level: column for level, (_, column) in named.items()}, codes


def _by_tags(
    tags: Sequence[str], fields: dict[str, int], names: dict[int, int], codes: dict[int, int]
) -> None:
    for column, raw in enumerate(tags):
        tag = raw.lower().replace(" ", "")
        if found := _HXL_LEVEL.fullmatch(tag):
            target = codes if "+code" in (found[2] or "") else names
            target.setdefault(int(found[1] or 0), column)
        elif tag in _HXL:
            fields.setdefault(_HXL[tag], column)


def _deepest_as_name(fields: dict[str, int], names: dict[int, int], codes: dict[int, int]) -> None:
    """Take the deepest level's name and code for the row's own, where it has none of its own."""
    deepest = max((*names, *codes), default=-1)
    own_name = "name" in fields
    if not own_name and deepest in names:
        fields["name"] = names[deepest]
    if "pcode" not in fields and not own_name and deepest in codes:
        fields["pcode"] = codes[deepest]


def plain_heading(words: str) -> str:
    """Fold the name of a column: lower case, one space between words, units out of their brackets.

    Examples
    --------
    >>> plain_heading("ADM2_PCODE"), plain_heading("Length (km)")
    ('adm2 pcode', 'length km')
    """
    bare = _THOUSANDS.sub(" ", words)
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z][a-z])", " ", bare)
    return re.sub(r"[\W_]+", " ", fold(spaced)).strip()


def _field_of(plain: str) -> str:
    return next((field for field, pattern in _headings() if pattern.fullmatch(plain)), "")


@cache
def _headings() -> tuple[tuple[str, re.Pattern[str]], ...]:
    text = (files("forewarn") / "data" / "drafting" / "columns.csv").read_text(encoding="utf-8")
    return tuple((row["field"], re.compile(row["heading"])) for row in csv.DictReader(text.splitlines()))
