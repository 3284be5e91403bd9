"""Read tables of who went from where to where, and of the places they name."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite
from pathlib import Path
from typing import Final

from forewarn.errors import Problem, nearest
from forewarn.intake.csv_tables import Line, TableColumns, TableError, read_lines
from forewarn.receptions.flows import Flow, FlowPlace, FlowTable
from forewarn.receptions.spelling import folded

FLOW_COLUMNS: Final = TableColumns(("date", "origin", "destination", "people"))
PLACE_COLUMNS: Final = TableColumns(("place", "lat", "lon"), ("population", "region", "seat", "level"))


def read_flows(paths: Sequence[Path], places: Path) -> FlowTable:
    """Read tables of flows and one of their places (docs/destinations.md lists the columns).

    Raises
    ------
    TableError
        Columns are missing, cells break a rule, levels are mixed, a place has two names, or a flow names a
        place that the table of places lacks. The first 200 problems are listed.
    """
    problems: list[Problem] = []
    known = _places(read_lines(places, PLACE_COLUMNS, problems))
    names = [place.name for place in known]
    listed = set(names)
    flows = []
    for path in paths:
        for line in read_lines(path, FLOW_COLUMNS, problems):
            for column in ("origin", "destination"):
                if line.needed(column) and line.text(column) not in listed:
                    what = f"'{line.text(column)}' is not in {places.name}"
                    line.add(
                        column,
                        what,
                        nearest(line.text(column), names),
                        "Add it there, or write its name as there",
                    )
            day, people = line.day("date"), line.number("people")
            if not isfinite(people):
                line.needed("people")
            if day is not None and isfinite(people):
                flows.append(Flow(day, line.text("origin"), line.text("destination"), people))
    if problems:
        raise TableError(problems[:200])
    return FlowTable(flows, known)


def _places(lines: Sequence[Line]) -> list[FlowPlace]:
    found: list[FlowPlace] = []
    spelt: dict[tuple[str, str], str] = {}
    levels: dict[str, str] = {}
    for line in lines:
        name, region = line.needed("place"), line.text("region")
        plain = folded(name), folded(region)
        if plain in spelt:
            what = f"'{name}' stands there twice" if spelt[plain] == name else (
                f"'{name}' and '{spelt[plain]}' are one place under two names"
            )  # fmt: skip
            line.add("place", what, remedy="Use one name in all tables")
        spelt[plain] = name
        levels.setdefault(line.text("level"), name)
        if len(levels) > 1:
            other = next(iter(levels))
            what = f"'{name}' is of level '{line.text('level')}', others of '{other}'"
            line.add("level", what, "one level", "Keep levels in tables of their own")
            levels.pop(line.text("level"))
        for column in ("lat", "lon"):
            line.needed(column)
        found.append(
            FlowPlace(
                name, line.number("lat", -90, 90), line.number("lon", -180, 180), line.number("population"),
                region, line.one_of("seat", ("yes", "no")) == "yes",
            )
        )  # fmt: skip
    return found
