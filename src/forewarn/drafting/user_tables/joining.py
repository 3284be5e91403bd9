"""People of one table put to the places of another, by p-code or by name."""

from __future__ import annotations

from collections.abc import Sequence

from forewarn.drafting.rows import PlaceRow
from forewarn.drafting.user_tables.cells import few
from forewarn.drafting.user_tables.columns import Columns
from forewarn.drafting.user_tables.row_cells import RowCells
from forewarn.drafting.wording import some
from forewarn.errors import ForewarnError, Problem
from forewarn.reading.places.gazetteer import fold


def join_people(base: Columns, rows: Sequence[PlaceRow], tables: Sequence[Columns]) -> tuple[str, list[str]]:
    """Put people of another table into rows of the base.

    Parameters
    ----------
    base
        The table of places.
    rows
        Its places; their `residents` and `displaced` are filled in.
    tables
        The other tables; the first one of the same level that counts people is taken.

    Returns
    -------
    str, list of str
        File, sheet and column with the people (empty if there is none), and what could not be matched.

    Raises
    ------
    ForewarnError
        A number of people is wrong, or a place stands in two rows.
    """
    counting = [table for table in tables if table.counts and table.is_named]
    if not counting:
        return "", []
    table = next((table for table in counting if table.level == base.level), counting[0])
    key = "pcode" if "pcode" in base.at and "pcode" in table.at else "name"
    people = _people(table, key)
    matched, without = set(), []
    for row in rows:
        own = _folded(row["pcode"] if key == "pcode" else row["name"], key)
        if own in people:
            row["residents"], row["displaced"] = people[own]
            matched.add(own)
        else:
            without.append(row["name"])
    if not matched:
        what = f"none of its {'p-codes' if key == 'pcode' else 'names'} is in {base.grid.name}"
        remedy = "Give tables of the same level and edition"
        raise ForewarnError(Problem(table.grid.name, what, remedy=remedy))
    notes = []
    if without:
        notes.append(f"{table.grid.name} has no people for {some(without)}; counted as zero.")
    if len(people) > len(matched):
        spare = len(people) - len(matched)
        notes.append(f"{spare} rows of {table.grid.name} belong to no place of {base.grid.name}.")
    return table.quoted("residents", "people", "displaced"), notes


def _folded(text: str, key: str) -> str:
    return text if key == "pcode" else fold(text)


def _people(table: Columns, key: str) -> dict[str, tuple[int, int]]:
    found: dict[str, tuple[int, int]] = {}
    lines: dict[str, int] = {}
    problems = []
    for number, cells in table.rows:
        row = RowCells(table, number, cells)
        own = _folded(row.text(key), key)
        if not own or not row.is_of_everybody:
            continue
        pair = (row.people("residents", "people"), row.people("displaced"))
        if found.setdefault(own, pair) != pair:
            unit = table.grid.unit
            what = f"'{row.text(key)}' is listed again with different people (first in {unit} {lines[own]})"
            row.say(what, remedy="Keep one row for each place")
        lines.setdefault(own, number)
        problems += row.problems
    if problems:
        raise ForewarnError(few(problems))
    return found
