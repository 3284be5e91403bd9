"""The user's own roads: from a table of pairs of places, or from the ways of a map extract."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any, Final

from forewarn.drafting.distances import (
    SHORTEST_KM,
    connected_places,
    distance_km,
    guessed_km,
    guessed_route,
)
from forewarn.drafting.rows import PlaceRow, RouteRow
from forewarn.drafting.user_tables.cells import few
from forewarn.drafting.user_tables.columns import Columns, find_columns
from forewarn.drafting.user_tables.grids import EXTRACTS, read_grids, read_ways, split_sheet
from forewarn.drafting.user_tables.roads import SNAP_KM, connect
from forewarn.drafting.user_tables.row_cells import RowCells
from forewarn.drafting.wording import some
from forewarn.errors import ForewarnError, Problem, nearest
from forewarn.reading.places.gazetteer import fold
from forewarn.sphere import FROM_KM, is_too_short

SOURCE: Final = "own-routes"
LENGTHS: Final = {"km": 1.0, "metres": 0.001, "miles": 1.609344}
"""Field → km in one of its units; a mile of 1959's international agreement."""
TEN_TIMES: Final = 10.0
"""A median road so many times its straight line is in another unit (ratio); assumption."""
NO_LENGTH: Final = "assumption: the table gives no length; a straight line times 1.3"
FEW_NAMES: Final = 12
"""Places that an error lists in full."""
FEWEST: Final = 3
"""Roads from which on a wrong unit can be told; assumption."""


@dataclass(frozen=True, slots=True)
class OwnRoutes:
    """Rows of a scenario's ``routes``, their sources, and what was read in which way."""

    rows: tuple[RouteRow, ...]
    sources: Mapping[str, dict[str, Any]]
    columns: str
    notes: tuple[str, ...]


def read_routes(
    file: str, rows: Sequence[PlaceRow], *, given: Sequence[str] = (), known: Sequence[PlaceRow] = ()
) -> OwnRoutes:
    """Read the roads between the places of a draft.

    Parameters
    ----------
    file
        Table (columns ``from``, ``to``, ``km``) or map extract (ways with ``highway``).
    rows
        Places of the draft.
    given
        Names of these places in the user's table, in the same order, where they differ.
    known
        All places of the user's file; roads to those that the draft leaves out are left out too.

    Raises
    ------
    ForewarnError
        Columns are missing, a place is unknown, a length is impossible; every problem.
    """
    if split_sheet(file)[0].suffix.lower() in EXTRACTS:
        return _from_extract(file, rows)
    tables = [find_columns(grid) for grid in read_grids(file)]
    table = next((table for table in tables if {"from", "to"} <= set(table.at)), None)
    if table is None:
        raise ForewarnError([_missing(table) for table in tables])
    read, problems, left_out = _read(table, rows, _keys(rows, given), _keys(known))
    if not problems:
        problems = _impossible(table, read, rows)
    if problems:
        raise ForewarnError(few(problems))
    notes = []
    if left_out:
        notes.append(f"{left_out} roads of {table.grid.name} lead to places that the draft leaves out.")
    guessed = sum(row["source"] == NO_LENGTH for _, row in read)
    if guessed:
        notes.append(f"{guessed} roads of {table.grid.name} have no length: a straight line times 1.3.")
    fields = ("from", "to", *(field for field in LENGTHS if field in table.at))
    columns = table.quoted(*fields)
    kept = {frozenset((row["from"], row["to"])): row for _, row in reversed(read)}
    return OwnRoutes(tuple(reversed(kept.values())), {SOURCE: _source(columns)}, columns, tuple(notes))


def _source(title: str) -> dict[str, Any]:
    return {
        "title": title,
        "publisher": "Given with --routes; its publisher is not known",
        "kind": "reference",
    }


def _missing(table: Columns) -> Problem:
    found = ", ".join(f"'{name}'" for name in table.header if name) or "no names of columns"
    allowed = "columns 'from' and 'to' with names or p-codes of places, and 'km'"
    return Problem(
        table.grid.name, f"no columns with the two ends of a road; the columns are {found[:400]}", allowed
    )


def _read(
    table: Columns,
    rows: Sequence[PlaceRow],
    keys: Mapping[str, tuple[str, ...]],
    elsewhere: Mapping[str, tuple[str, ...]],
) -> tuple[list[tuple[int, RouteRow]], list[Problem], int]:
    by_name = {row["name"]: row for row in rows}
    length = next((field for field in LENGTHS if field in table.at), "")
    read: list[tuple[int, RouteRow]] = []
    seen: dict[frozenset[str], tuple[int, float | None]] = {}
    problems: list[Problem] = []
    left_out = 0
    for number, cells in table.rows:
        row = RowCells(table, number, cells)
        ends = [_end(row, field, keys, elsewhere) for field in ("from", "to")]
        km = row.length(length, LENGTHS[length]) if length else None
        problems += row.problems
        if None in ends or row.problems:
            left_out += not row.problems
            continue
        first, second = (str(end) for end in ends)
        if first == second:
            problems.append(Problem(table.grid.where(number), f"a road from '{first}' to itself"))
            continue
        line, before = seen.setdefault(frozenset((first, second)), (number, km))
        if km is not None and before is not None and abs(km - before) > 0.01 * max(km, before):
            what = f"'{first}' to '{second}' is {km:g} km here and {before:g} km in {table.grid.unit} {line}"
            problems.append(Problem(table.grid.where(number), what, remedy="Keep one of them"))
        made: RouteRow = {
            "from": first,
            "to": second,
            "km": guessed_km(by_name[first], by_name[second]) if km is None else round(km, 3),
            "road": row.text("road"),
            "crossing": row.text("crossing"),
            "source": NO_LENGTH if km is None else SOURCE,
        }
        read.append((number, made))
    return read, problems, left_out


def _keys(rows: Sequence[PlaceRow], given: Sequence[str] = ()) -> dict[str, tuple[str, ...]]:
    """Names and p-codes, folded, to the names of the places that they may mean."""
    keys: dict[str, tuple[str, ...]] = {}
    for row, own_name in zip(rows, given or [row["name"] for row in rows], strict=True):
        for key in {fold(name) for name in (row["name"], own_name, row["pcode"])} - {""}:
            keys[key] = (*keys.get(key, ()), row["name"])
    return keys


def _end(
    row: RowCells, field: str, keys: Mapping[str, tuple[str, ...]], elsewhere: Mapping[str, tuple[str, ...]]
) -> str | None:
    """Find the place at an end of a road; nothing if the draft leaves it out, or nobody knows it."""
    said = row.text(field)
    found = keys.get(fold(said), ())
    if len(found) == 1:
        return found[0]
    if found:
        row.say(f"'{said}' may be {' or '.join(found)}", remedy="Name places by p-code")
    elif not said:
        row.say(f"the end '{field}' is blank", "the name or p-code of a place")
    elif fold(said) not in elsewhere:
        row.say(f"'{said}' is not among the places of --places", _allowed(said, keys))
    return None


def _allowed(said: str, keys: Mapping[str, tuple[str, ...]]) -> str:
    """Name the nearest place, or all of them if they are few."""
    names = tuple(dict.fromkeys(name for found in keys.values() for name in found))
    suggestion = nearest(said, names)
    return suggestion if len(names) <= FEW_NAMES else some(names) + suggestion[len(", ".join(names)) :]


def _impossible(
    table: Columns, read: Sequence[tuple[int, RouteRow]], rows: Sequence[PlaceRow]
) -> list[Problem]:
    """Say which roads are shorter than a straight line, or all much too long: units, coordinates."""
    by_name = {row["name"]: row for row in rows}
    far = []
    for number, made in read:
        straight = distance_km(by_name[made["from"]], by_name[made["to"]])
        if straight >= FROM_KM and made["source"] == SOURCE:
            far.append((number, made, straight))
    times = median(made["km"] / straight for _, made, straight in far) if far else 0.0
    if len(far) >= FEWEST and times > TEN_TIMES:
        what = f"its roads are {times:,.0f} times as long as straight lines"
        remedy = "If these are metres, name the column 'length_m'; else look at the coordinates"
        return [Problem(table.grid.name, what, "kilometres", remedy)]
    return [
        Problem(
            table.grid.where(number),
            f"'{made['from']}' to '{made['to']}' is {made['km']:g} km, and a straight line {straight:.0f} km",
            remedy="Look at its unit (km, length_m, miles) and at the coordinates of both places",
        )
        for number, made, straight in far
        if is_too_short(made["km"], straight)
    ]


def _from_extract(file: str, rows: Sequence[PlaceRow]) -> OwnRoutes:
    path, _ = split_sheet(file)
    if not path.is_file():
        raise ForewarnError(Problem(str(path), "file not found"))
    roads, off = connect(rows, read_ways(path))
    made: list[RouteRow] = [
        {
            "from": rows[road.first]["name"],
            "to": rows[road.second]["name"],
            "km": max(SHORTEST_KM, round(road.km, 1)),
            "road": road.name[:60],
            "source": SOURCE,
        }
        for road in roads
    ]
    notes = []
    if off:
        lonely = some([rows[at]["name"] for at in sorted(off)])
        notes.append(f"Farther than {SNAP_KM:g} km from every road: {lonely}.")
    joined = _joined(rows, made)
    if joined:
        notes.append(
            f"{len(joined)} roads were assumed between parts that the extract does not connect "
            "(a straight line times 1.3)."
        )
    title = f"{path.name}, lines with highway=…; lengths measured along them"
    return OwnRoutes((*made, *joined), {SOURCE: _source(title)}, title, tuple(notes))


def _joined(rows: Sequence[PlaceRow], routes: Sequence[RouteRow]) -> list[RouteRow]:
    """Join parts that no road of an extract connects to the largest, by the shortest straight line."""
    by_name = {row["name"]: row for row in rows}
    names = [row["name"] for row in rows]
    main, *others = connected_places(names, [(route["from"], route["to"]) for route in routes])
    made: list[RouteRow] = []
    for part in others:
        first, second = min(
            ((one, two) for one in part for two in main),
            key=lambda pair: distance_km(by_name[pair[0]], by_name[pair[1]]),
        )
        made.append(guessed_route(by_name[first], by_name[second]))
        main |= part
    return made
