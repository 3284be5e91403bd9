"""The user's own places: rows of a scenario, each number with the file, sheet and column it stands in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import hypot
from typing import Any, Final

from forewarn.drafting.rows import PlaceRow
from forewarn.drafting.user_tables.cells import few
from forewarn.drafting.user_tables.columns import Columns, find_columns
from forewarn.drafting.user_tables.grids import read_grids
from forewarn.drafting.user_tables.joining import join_people
from forewarn.drafting.user_tables.row_cells import RowCells
from forewarn.errors import ForewarnError, Problem
from forewarn.reading.places.gazetteer import fold, load_gazetteer

SOURCE: Final = "own-places"
PEOPLE_SOURCE: Final = "own-people"
NEEDED: Final = (
    "a column with names (name, ADM2_EN, …) and columns with latitude and longitude "
    "(lat and lon, y_coord and x_coord, …)"
)
SAME_DEGREES: Final = 0.01
"""Rows of one name nearer than this, in degrees (about 1 km), are one place; assumption."""


@dataclass(frozen=True, slots=True)
class OwnPlace:
    """A row of a scenario's ``places``, and the folded names of the areas that it lies in."""

    row: PlaceRow
    areas: frozenset[str]


@dataclass(frozen=True, slots=True)
class OwnPlaces:
    """What the user's files say about places.

    Parameters
    ----------
    places
        In the order of the file.
    columns
        File, sheet and columns with names and coordinates.
    people_from
        File, sheet and column with people; empty if no file has any.
    sources
        Key → entry of a scenario's ``sources``.
    notes
        What was read in which way.
    """

    places: tuple[OwnPlace, ...]
    columns: str
    people_from: str
    sources: Mapping[str, dict[str, Any]]
    notes: tuple[str, ...]


def read_places(files: Sequence[str]) -> OwnPlaces:
    """Read places from one or more files: one with coordinates, and any with people by p-code or name.

    Raises
    ------
    ForewarnError
        A file cannot be read, none has names and coordinates, or cells are wrong; every problem.
    """
    tables = [find_columns(grid) for file in files for grid in read_grids(file)]
    base, notes = _choose(tables)
    notes += dict.fromkeys(table.grid.note for table in tables if table.grid.note)
    read, problems = _read(base)
    problems += _repeated(base, read)
    if problems:
        raise ForewarnError(few(problems))
    places = _merged([place for _, place in read])
    if len(places) < len(read):
        notes.append(f"{base.grid.name}: {len(read) - len(places)} duplicate rows were read once.")
    people_from = base.quoted("residents", "people", "displaced") if base.counts else ""
    if not people_from:
        others = [table for table in tables if table is not base]
        people_from, added = join_people(base, [place.row for place in places], others)
        notes += added
    if not people_from and any("households" in table.at for table in tables):
        notes.append("Households were not read as people: add a column with people.")
    return OwnPlaces(
        places=tuple(places),
        columns=base.quoted("name", "pcode", "lat", "lon"),
        people_from=people_from,
        sources=_sources(base, people_from),
        notes=(*notes, *_code_notes(base, places)),
    )


def country_of(said: str) -> str:
    """Find the ISO 3166-1 alpha-3 code of a country's name or code; empty if it cannot be told.

    Examples
    --------
    >>> country_of("Sudan"), country_of("SDN"), country_of("")
    ('SDN', 'SDN', '')
    """
    if len(said) == 3 and said.isupper():
        return said
    found = load_gazetteer().find(said) if said else ()
    return next((place.country for place in found if place.kind == "country"), "")


def _choose(tables: Sequence[Columns]) -> tuple[Columns, list[str]]:
    """Take the table with names and coordinates; of several one whose level has people, then the deepest."""
    placed = [table for table in tables if table.is_named and table.is_placed]
    if not placed:
        raise ForewarnError([_missing(table) for table in tables])
    levels = {table.level for table in tables if table.counts and not table.is_placed}
    best = max(
        placed, key=lambda table: (table.counts or table.level in levels, table.level, len(table.rows))
    )
    notes = []
    if len(placed) > 1:
        others = ", ".join(table.grid.name for table in placed if table is not best)
        notes.append(f"Places are those of {best.grid.name}; not used: {others}.")
    return best, notes


def _missing(table: Columns) -> Problem:
    titles = {"lat": "latitude", "lon": "longitude"}
    lacking = [] if table.is_named else ["names"]
    lacking += [word for field, word in titles.items() if field not in table.at]
    found = ", ".join(f"'{name}'" for name in table.header if name) or "no names of columns"
    remedy = ""
    if table.is_named and table.counts:
        remedy = "It has people: give the table with coordinates (COD-AB) as a second --places"
    what = f"no column was found for {' and '.join(lacking)}; the columns are {found[:400]}"
    return Problem(table.grid.name, what, NEEDED, remedy)


def _read(table: Columns) -> tuple[list[tuple[int, OwnPlace]], list[Problem]]:
    read: list[tuple[int, OwnPlace]] = []
    problems: list[Problem] = []
    for number, cells in table.rows:
        row = RowCells(table, number, cells)
        if not row.is_of_everybody:
            continue
        name = row.text("name") or row.text("pcode")
        if name:
            read.append((number, _place(table, cells, row, name)))
        else:
            row.say("a row without a name", remedy="Name the place, or take the row out")
        problems += row.problems
    if not read and not problems:
        problems.append(Problem(table.grid.name, "it has no rows below the names of columns"))
    return read, problems


def _place(table: Columns, cells: Sequence[str], row: RowCells, name: str) -> OwnPlace:
    level = {number: cells[at] for number, at in table.level_names.items() if at < len(cells)}
    made: PlaceRow = {
        "name": " ".join(name.split())[:120],
        "pcode": row.text("pcode"),
        "admin1": level.get(1, ""),
        "country": country_of(row.text("country") or level.get(0, "")),
        "lat": row.degrees("lat", 90),
        "lon": row.degrees("lon", 180),
        "kind": row.kind(),
        "zone": row.text("zone"),
        "residents": row.people("residents", "people"),
        "displaced": row.people("displaced"),
        "source": _assumption(row.text("source")) or SOURCE,
        "population_source": _assumption(row.text("population_source")) or PEOPLE_SOURCE,
    }
    if capacity := _capacity(row):
        made["capacity"] = capacity
    if row.text("attraction"):
        made["attraction"] = row.people("attraction")
    areas = {fold(text) for number, text in level.items() if number > 0}
    return OwnPlace(made, frozenset(areas - {""}))


def _assumption(source: str) -> str:
    """Keep an assumption's own words; a key of another scenario's sources means nothing here."""
    return source if source.lower().startswith("assumption:") and source.partition(":")[2].strip() else ""


def _capacity(row: RowCells) -> dict[str, Any]:
    fields = {"value": "capacity", "low": "capacity_low", "high": "capacity_high"}
    given = {key: row.people(field) for key, field in fields.items() if row.text(field)}
    if {"low", "high"} <= set(given) and "value" in given:
        given["mode"] = given.pop("value")
    return {**given, "source": SOURCE} if given else {}


def _repeated(table: Columns, read: Sequence[tuple[int, OwnPlace]]) -> list[Problem]:
    """Say which rows name one place twice with different numbers; maps have many places of one name."""
    if table.grid.unit == "feature":
        return []
    seen: dict[tuple[str, str], tuple[int, PlaceRow]] = {}
    problems = []
    for number, place in read:
        row = place.row
        key = (row["pcode"], "" if row["pcode"] else fold(row["name"]) + fold(row.get("admin1", "")))
        line, first = seen.setdefault(key, (number, row))
        same_name = fold(first["name"]) == fold(row["name"])
        apart = hypot(first["lat"] - row["lat"], first["lon"] - row["lon"])
        if not same_name or (not row["pcode"] and apart > SAME_DEGREES):
            continue
        if _numbers(first) != _numbers(row):
            what = (
                f"'{row['name']}' is listed again with different numbers (first in {table.grid.unit} {line})"
            )
            remedy = "Keep one of them, or give them different names"
            problems.append(Problem(table.grid.where(number), what, remedy=remedy))
    return problems


def _numbers(row: PlaceRow) -> tuple[float, ...]:
    return row["lat"], row["lon"], row["residents"], row["displaced"]


def _merged(places: Sequence[OwnPlace]) -> list[OwnPlace]:
    kept: dict[tuple[str | float, ...], OwnPlace] = {}
    for place in places:
        row = place.row
        kept.setdefault((row["name"], row["pcode"], row["lat"], row["lon"]), place)
    return list(kept.values())


def _code_notes(table: Columns, places: Sequence[OwnPlace]) -> list[str]:
    """Say where p-codes have probably lost their leading zeros."""
    codes = {place.row["pcode"] for place in places} - {""}
    if codes and all(code.isdigit() for code in codes) and len({len(code) for code in codes}) > 1:
        return [
            f"{table.quoted('pcode')}: numbers of different lengths; leading zeros have probably been lost. "
            "Format the column as text."
        ]
    return []


def _sources(base: Columns, people_from: str) -> dict[str, dict[str, Any]]:
    publisher = "Given with --places; its publisher is not known"
    made = {
        SOURCE: {"title": base.quoted("name", "pcode", "lat", "lon"), "publisher": publisher},
        PEOPLE_SOURCE: {"title": people_from, "publisher": publisher},
    }
    return {key: entry | {"kind": "reference"} for key, entry in made.items() if entry["title"]}
