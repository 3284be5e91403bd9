"""Places, roads, zones and borders of a draft, wherever they come from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from forewarn.drafting.basis import Basis
from forewarn.drafting.report.situation import Situation
from forewarn.drafting.rows import CrossingRow, PlaceRow, RouteRow
from forewarn.reading.places.gazetteer import fold

__all__ = ["NEAR_KM", "ROUND", "THREATENED", "Surroundings", "avoided", "distinct_names", "renamed"]

NEAR_KM: Final = {"town": 12.0, "camp": 8.0, "area": 30.0, "region": 60.0}
"""Radius of what is under threat, by the kind of the place named, in km; assumption."""
THREATENED: Final = "threatened"
"""Zone of the places under threat, where nothing else names it."""
ROUND: Final = "surroundings"
"""Zone of the other places of the country, where nothing else names them."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Rows of a scenario that say where things are.

    Parameters
    ----------
    threatened
        Names of the places that may be attacked.
    city
        Name of the place that "the city" means.
    leave_out
        Areas of the reference class that the forecast must not learn from.
    pack
        Title of the country pack; empty if it is from none.
    people_from
        What the people of places stand on, in words; empty if it is the gazetteer alone.
    shut
        Whether ways out are known to be few before anything is read.
    where_known
        Whether it is known who holds the places round the area, so that people may be said to go there.
    basis
        What places and roads rest on.
    notes
        What whoever corrects the draft must know.
    """

    places: tuple[PlaceRow, ...]
    routes: tuple[RouteRow, ...]
    zones: Mapping[str, Any]
    crossings: tuple[CrossingRow, ...]
    posts: tuple[dict[str, Any], ...]
    sources: Mapping[str, dict[str, Any]]
    zone_pull: Mapping[str, Any]
    threatened: tuple[str, ...]
    threatened_zones: tuple[str, ...]
    city: str
    leave_out: tuple[str, ...]
    pack: str = ""
    people_from: str = ""
    shut: bool = False
    where_known: bool = False
    basis: tuple[Basis, ...] = ()
    notes: tuple[str, ...] = ()


def avoided(rows: Sequence[PlaceRow], situation: Situation) -> tuple[PlaceRow, ...]:
    """Give no pull to places that an attacker is said to hold, so that nobody chooses them."""
    held = {name for name, _ in situation.sides.held}
    return tuple(
        {**row, "attraction": 0} if fold(row["name"]) in held and row["zone"] != THREATENED else row
        for row in rows
    )


def distinct_names(rows: Sequence[PlaceRow]) -> list[str]:
    """Name places so that those of one name can be told apart: by their region, or by where they are."""
    names: dict[str, None] = {}
    found = []
    for row in rows:
        name = row["name"]
        for other in (f"{name} ({row.get('admin1', '')})", f"{name} ({row['lat']:.2f}, {row['lon']:.2f})"):
            if name in names or name.endswith("()"):
                name = other
        names[name] = None
        found.append(name)
    return found


def renamed(rows: Sequence[PlaceRow]) -> list[PlaceRow]:
    """Give rows names of their own; of rows at one place under one name the last stands."""
    kept: dict[str, PlaceRow] = {}
    for row, name in zip(rows, distinct_names(rows), strict=True):
        kept[name] = {**row, "name": name}
    return list(kept.values())
