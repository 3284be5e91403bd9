"""Places that a report names with a part to play: which rows of a draft they are, and which are asked for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import ceil
from typing import Any, Final

from forewarn.drafting.basis import Basis
from forewarn.drafting.distances import distance_km, position_of, road_km
from forewarn.drafting.report.naming import NamedPlace, is_name_of
from forewarn.drafting.report.situation import Situation
from forewarn.drafting.rows import PlaceRow
from forewarn.drafting.surroundings.model import Surroundings
from forewarn.drafting.surroundings.people import people_in
from forewarn.reading.places.gazetteer import fold
from forewarn.scenario.resolving import shipped_defaults

__all__ = ["basis_of_named", "is_beyond", "is_row_of", "questions_of", "with_pulls"]

ROLES: Final = {
    "refuge": "where people go",
    "camp": "a camp",
    "crossing": "a crossing",
    "barrier": "what nobody may pass",
    "fallen": "a place taken",
}
"""What the parts of places are called in questions."""
SAME_KM: Final = 25.0
"""A place of that name so near is the one that is named, in km; assumption."""
ROUND_UP_KM: Final = 50
"""A radius is told in steps of so many km."""
PULL: Final = "assumption: where the report says that people go pulls as much as all other places together"


def is_row_of(row: PlaceRow, named: NamedPlace) -> bool:
    """Whether a row is a place that a report names: one of its name near it, or any near an area."""
    names = {named.name}
    if named.place is not None and named.place.lat is not None:
        names.add(named.place.name)
        if distance_km(row, position_of(named.place)) > SAME_KM:
            return False
        if named.place.kind == "area":
            return True
    given = fold(row["name"])
    return any(is_name_of(fold(name), given) for name in names)


def questions_of(situation: Situation, rows: Sequence[PlaceRow]) -> tuple[str, ...]:
    """Ask for places that a report names and the draft does not hold.

    Parameters
    ----------
    rows
        Places of the draft.
    """
    asked = [
        f"Where is {named.name} ({ROLES[named.role]})? '{named.said.sentence}' "
        f'Give it with --locate "{named.name}=LAT,LON".'
        for named in situation.places
        if named.role != "fallen" and not _is_there(named, rows)
    ]
    return tuple(dict.fromkeys(asked))


def _is_there(named: NamedPlace, rows: Sequence[PlaceRow]) -> bool:
    if named.place is not None and named.place.kind == "country":
        return True
    if named.role == "barrier":
        return named.place is not None
    return any(is_row_of(row, named) for row in rows)


def with_pulls(
    situation: Situation, around: Surroundings, rows: Sequence[PlaceRow]
) -> tuple[tuple[PlaceRow, ...], list[Basis], dict[str, Any] | None]:
    """Give places where a report says that people go a pull, and none to those that it calls shut.

    Together they pull at least as much as all other places have people, and as there are people under threat:
    how many live there tells little of how many go there. Places under threat, those of an attacker, and
    those without a pull before are left as they are.

    Parameters
    ----------
    rows
        Places with their people.

    Returns
    -------
    rows, list of Basis, dict
        The places; what their pull rests on; the radius within which people choose, if a refuge lies beyond
        the default.
    """
    under = sum(people_in(row) for row in rows if row["name"] in around.threatened)
    told = {row["name"]: _last_told(situation, row) for row in rows if row["name"] not in around.threatened}
    held = {row["name"] for row in rows if situation.sides.attacks_from(row["zone"])}
    refuges = [name for name, passage in told.items() if passage in ("", "open") and name not in held]
    others = [row for row in rows if row["name"] not in (*around.threatened, *refuges, *held)]
    least = max(under, sum(map(people_in, others))) // max(1, len(refuges))
    pulled: list[PlaceRow] = []
    for row in rows:
        passage = told.get(row["name"])
        barred = any(is_beyond(row, each) for each in situation.places if each.role == "barrier")
        if passage == "closed" or (barred and row["name"] not in around.threatened):
            row = {**row, "attraction": 0}
        elif row["name"] in refuges and row.get("attraction") != 0:
            row = {**row, "attraction": max(people_in(row), least)}
        pulled.append(row)
    basis = [Basis(f"places.attraction ({name})", PULL) for name in refuges]
    return tuple(pulled), basis, _radius(around, refuges)


def _radius(around: Surroundings, refuges: Sequence[str]) -> dict[str, Any] | None:
    """Radius that holds the farthest refuge from the nearest place under threat, in km by road."""
    reached = road_km(around.routes, around.threatened)
    far = {name: reached[name] for name in refuges if name in reached}
    default = shipped_defaults()["model"]["destination"]["radius_km"]["value"]
    if not far or max(far.values()) <= default:
        return None
    name = max(far, key=far.__getitem__)
    value = ROUND_UP_KM * ceil(far[name] / ROUND_UP_KM)
    return {"value": value, "source": f"assumption: people go as far as {name}, which the report names"}


def _last_told(situation: Situation, row: PlaceRow) -> str | None:
    """Whether people are let in, "" if that is not said; nothing if nobody is said to go there."""
    for named in situation.places:
        goes = named.role in ("refuge", "crossing") or (named.role == "camp" and named.passage)
        if goes and is_row_of(row, named):
            return named.passage
    return None


def is_beyond(row: PlaceRow, barrier: NamedPlace) -> bool:
    """Whether a place lies on the side of a barrier that nobody may go to."""
    place = barrier.place
    if place is None or place.lat is None or place.lon is None:
        return False
    return {
        "north": row["lat"] > place.lat,
        "south": row["lat"] < place.lat,
        "east": row["lon"] > place.lon,
        "west": row["lon"] < place.lon,
    }.get(barrier.side, False)


def basis_of_named(places: Iterable[NamedPlace]) -> list[Basis]:
    """List the sentences behind the parts of places."""
    return [
        Basis(
            f"places ({named.name}: {ROLES[named.role]}{', ' * bool(named.passage)}{named.passage})",
            named.said,
        )
        for named in places
    ]
