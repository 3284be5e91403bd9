"""Places, roads and zones of a draft from the user's own files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from forewarn.drafting.basis import Basis
from forewarn.drafting.distances import GUESSED, distance_km, isolate, neighbour_routes, position_of
from forewarn.drafting.refusals import UnknownPlaceError
from forewarn.drafting.report.naming import is_name_of
from forewarn.drafting.report.situation import REFUGES, Situation
from forewarn.drafting.rows import CrossingRow, PlaceRow, Position, RouteRow, without_crossing
from forewarn.drafting.surroundings.crossings import crossings_between, named_crossings, zone_key
from forewarn.drafting.surroundings.model import (
    NEAR_KM,
    ROUND,
    THREATENED,
    Surroundings,
    avoided,
    distinct_names,
)
from forewarn.drafting.surroundings.named import is_row_of
from forewarn.drafting.user_tables.places import OwnPlace, OwnPlaces
from forewarn.drafting.user_tables.routes import OwnRoutes, read_routes
from forewarn.drafting.wording import some
from forewarn.errors import ForewarnError, Problem
from forewarn.facts import PlaceMention, Reading
from forewarn.reading.places.gazetteer import fold, load_gazetteer

MOST_PLACES: Final = 250
"""Places of the user's file that are taken, the nearest to the area; assumption: more are no draft."""
FARTHEST_KM: Final = 600.0
"""Places beyond this distance from the area, in km, are left out; assumption."""
ELSEWHERE_KM: Final = 150.0
"""If no place is nearer to the area, in km, the file is about somewhere else; assumption."""
SAME_TOWN_KM: Final = 25.0
"""A town of the gazetteer with the same name so near is the same town, in km; assumption."""
GAZETTEER_NOTE: Final = "The table of places counts no people; they are the gazetteer's"
GAZETTEER_PEOPLE: Final = (
    "assumption: people of the gazetteer (GeoNames), of unknown year; the table gives none"
)


@dataclass(frozen=True, slots=True)
class _Placed:
    """A row of the draft.

    Parameters
    ----------
    row
        With the name and zone that the draft gives.
    given
        Its name in the user's table.
    is_attacked
        Whether it is under threat.
    """

    row: PlaceRow
    given: str
    is_attacked: bool


def from_user(situation: Situation, own: OwnPlaces, routes: str | None) -> Surroundings:
    """Draw the surroundings of an area from the user's places, and roads if they are given.

    Raises
    ------
    ForewarnError
        The places lie somewhere else or lack the one attacked, latitude and longitude are swapped, or the
        roads are wrong.
    """
    area = situation.area
    chosen, notes = _chosen(area, own)
    under = _under_threat(situation, chosen, own.columns)
    placed, zones, threatened_zones = _zoned(area, chosen, under)
    if not own.people_from:
        placed, note = _people_of_gazetteer(placed)
        notes.append(note)
    rows = [each.row for each in placed]
    roads = _roads(routes, placed, own)
    crossings = crossings_between(situation, rows, threatened_zones, zones)
    named, kept = _named_crossings(crossings, roads.rows, rows)
    gates, kept = named_crossings(situation, crossings, rows, kept)
    threatened = [each for each in placed if each.is_attacked and each.row["zone"] in threatened_zones]
    city = max(threatened, key=lambda each: (fold(each.given) == fold(area.name), each.row["residents"]))
    own_zones = {zone_key(place.row["zone"]) for place in chosen if place.row["zone"]} & set(zones)
    basis = (Basis("places", own.columns), Basis("routes.km", roads.columns))
    return Surroundings(
        places=isolate(avoided(rows, situation), kept),
        routes=tuple(kept),
        zones=zones,
        crossings=(*crossings, *named, *gates),
        posts=(),
        sources={**_used(own.sources, rows), **roads.sources},
        zone_pull={},
        threatened=tuple(each.row["name"] for each in threatened),
        threatened_zones=threatened_zones,
        city=city.row["name"],
        leave_out=(),
        people_from=f"your table ({own.people_from})" if own.people_from else "",
        where_known=any(situation.sides.attacks_from(zone) for zone in own_zones - set(threatened_zones)),
        basis=tuple(each for each in basis if each.rests_on),
        notes=(*own.notes, *notes, *roads.notes, *_lonely(rows, kept)),
    )


def refuse_swapped(own: OwnPlaces, readings: Sequence[Reading]) -> None:
    """Refuse places of which none is near what the reports name, but would be with lat and lon exchanged.

    Raises
    ------
    ForewarnError
        Latitude and longitude look swapped.
    """
    named = [
        position_of(place)
        for reading in readings
        for place in reading.places
        if place.lat is not None and place.kind != "country"
    ]
    swapped: list[Position] = [
        {"lat": place.row["lon"], "lon": place.row["lat"]}
        for place in own.places
        if abs(place.row["lon"]) <= 90
    ]
    if _any_near([place.row for place in own.places], named) or not _any_near(swapped, named):
        return
    remedy = "Exchange the names of the two columns"
    raise ForewarnError(Problem(own.columns, "latitude and longitude look swapped", remedy=remedy))


def _any_near(rows: Sequence[Position], named: Sequence[Position]) -> bool:
    return any(distance_km(row, place) <= ELSEWHERE_KM for place in named for row in rows)


def _chosen(area: PlaceMention, own: OwnPlaces) -> tuple[list[OwnPlace], list[str]]:
    centre = position_of(area)
    ranked = sorted(own.places, key=lambda place: distance_km(place.row, centre))
    nearest_km = distance_km(ranked[0].row, centre)
    if nearest_km > ELSEWHERE_KM:
        raise ForewarnError(_elsewhere(area, own, ranked[0], nearest_km))
    inside = [place for place in ranked if distance_km(place.row, centre) <= FARTHEST_KM]
    notes = []
    if far := [place.row["name"] for place in ranked[len(inside) :]]:
        notes.append(
            f"Left out, for they lie more than {FARTHEST_KM:g} km from {area.name}: {some(far)}. "
            "Are their coordinates right?"
        )
    if len(inside) > MOST_PLACES:
        notes.append(f"Of {len(inside):,} places the {MOST_PLACES} nearest to {area.name} were taken.")
    return inside[:MOST_PLACES], notes


def _elsewhere(area: PlaceMention, own: OwnPlaces, nearest: OwnPlace, km: float) -> Problem:
    what = f"the place nearest to {area.name}, '{nearest.row['name']}', is {km:,.0f} km away"
    remedy = "Give places round the area of the report, or look at the signs of coordinates"
    return Problem(own.columns, what, f"places within {ELSEWHERE_KM:g} km of it", remedy)


def _under_threat(situation: Situation, places: Sequence[OwnPlace], columns: str) -> set[int]:
    """Positions of the places under threat, without those where people are said to go."""
    targets = {name for target in situation.targets for name in (target.name, target.span.text)}
    aimed = {
        at
        for at, place in enumerate(places)
        if any(is_name_of(fold(name), fold(place.row["name"])) for name in targets)
    }
    refuges = [named for named in situation.places if named.role in REFUGES]
    spared = {at for at, place in enumerate(places) if any(is_row_of(place.row, each) for each in refuges)}
    found = _in_area(situation.area, places, columns)
    return (found - spared or found) | aimed


def _in_area(area: PlaceMention, places: Sequence[OwnPlace], columns: str) -> set[int]:
    """Positions of the places of the area of that name, else of those near it."""
    wanted = {fold(area.name), fold(area.span.text)}
    inside = {at for at, place in enumerate(places) if place.areas & wanted}
    same_name = {at for at, place in enumerate(places) if fold(place.row["name"]) in wanted}
    if inside and (area.kind != "town" or not same_name):
        return inside
    centre = position_of(area)
    near = NEAR_KM.get(area.kind, NEAR_KM["town"])
    close = {at for at, place in enumerate(places) if distance_km(place.row, centre) <= near}
    at_home = {at for at in close if places[at].row["country"] in ("", area.country)}
    if not close:
        what = f"{area.name}, which the attack is said to be on, is not in the table"
        km = distance_km(places[0].row, centre)
        nearest = f"the nearest place, '{places[0].row['name']}', is {km:,.0f} km away"
        remedy = f"Add {area.name} and its people to the table"
        raise UnknownPlaceError(Problem(columns, f"{what}; {nearest}", remedy=remedy))
    return (at_home or close) | {at for at in same_name if at in close}


def _zoned(
    area: PlaceMention, places: Sequence[OwnPlace], under: set[int]
) -> tuple[list[_Placed], dict[str, Any], tuple[str, ...]]:
    """Rows with their zones: the file's own if every place has one, else threatened, round about, abroad."""
    rows: list[PlaceRow] = [place.row.copy() for place in places]
    own_zones = all(row["zone"] for row in rows)
    for at, row in enumerate(rows):
        abroad = row["country"] not in ("", area.country)
        row["country"] = row["country"] or area.country
        if own_zones:
            row["zone"] = zone_key(row["zone"])
        elif at in under:
            row["zone"] = THREATENED
        else:
            row["zone"] = row["country"].lower() if abroad else ROUND
            row["kind"] = "foreign" if abroad and row["kind"] == "town" else row["kind"]
    kept: dict[str, _Placed] = {}
    for at, name in enumerate(distinct_names(rows)):
        kept[name] = _Placed({**rows[at], "name": name}, rows[at]["name"], at in under)
    placed = list(kept.values())
    keys = dict.fromkeys(each.row["zone"] for each in placed)
    titles = {THREATENED: f"{area.name} and what is near it", ROUND: f"Elsewhere in {area.country}"}
    zones = {
        key: {"title": titles.get(key) or (key if own_zones else f"Abroad: {key.upper()}")} for key in keys
    }
    attacked = Counter(each.row["zone"] for each in placed if each.is_attacked)
    return placed, zones, (attacked.most_common(1)[0][0],)


def _people_of_gazetteer(placed: Sequence[_Placed]) -> tuple[list[_Placed], str]:
    """Give each row the people of the gazetteer's town of that name near by, if there is one."""
    gazetteer = load_gazetteer()
    filled: list[_Placed] = []
    without = 0
    for each in placed:
        found = [
            place.population
            for place in gazetteer.find(each.given)
            if place.kind == "town"
            and place.population
            and place.lat is not None
            and place.lon is not None
            and distance_km({"lat": place.lat, "lon": place.lon}, each.row) <= SAME_TOWN_KM
        ]
        without += not found
        row: PlaceRow = {
            **each.row,
            "residents": found[0] if found else 0,
            "population_source": GAZETTEER_PEOPLE,
        }
        filled.append(replace(each, row=row))
    note = f"{GAZETTEER_NOTE}; it knows none for {without} of {len(placed)} places."
    return filled, note


def _roads(file: str | None, placed: Sequence[_Placed], own: OwnPlaces) -> OwnRoutes:
    rows = [each.row for each in placed]
    if file is not None:
        given = [each.given for each in placed]
        return read_routes(file, rows, given=given, known=[place.row for place in own.places])
    return OwnRoutes(
        tuple(neighbour_routes(rows)) if len(rows) > 1 else (),
        {},
        GUESSED,
        ("No roads were given: straight lines between neighbours, times 1.3.",),
    )


def _named_crossings(
    crossings: Sequence[CrossingRow], routes: Sequence[RouteRow], rows: Sequence[PlaceRow]
) -> tuple[list[CrossingRow], list[RouteRow]]:
    """Crossings that the user's roads name, each in the state of its pair of zones; and the roads."""
    zones = {row["name"]: row["zone"] for row in rows}
    states = {frozenset(crossing["between"]): crossing for crossing in crossings}
    named: dict[str, CrossingRow] = {}
    kept: list[RouteRow] = []
    for route in routes:
        bare = without_crossing(route)
        between = frozenset((zones[route["from"]], zones[route["to"]]))
        if route.get("crossing") and between in states:
            name = zone_key(route["crossing"])
            crossing = named.setdefault(name, {**states[between], "name": name, "roads": "named"})
            if frozenset(crossing["between"]) == between:
                bare["crossing"] = name
        kept.append(bare)
    return list(named.values()), kept


def _used(sources: Mapping[str, dict[str, Any]], rows: Sequence[PlaceRow]) -> dict[str, dict[str, Any]]:
    used = {source for row in rows for source in (row["source"], row["population_source"])}
    used |= {str(row["capacity"]["source"]) for row in rows if "capacity" in row}
    return {key: entry for key, entry in sources.items() if key in used}


def _lonely(rows: Sequence[PlaceRow], routes: Sequence[RouteRow]) -> tuple[str, ...]:
    lonely = [row["name"] for row in isolate(rows, routes) if row.get("isolated")]
    if not lonely:
        return ()
    return (f"No road given leads to {some(lonely)}; nobody gets there or away.",)
