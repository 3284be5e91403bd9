"""Crossings between the zones of a draft: closed, leaking or open, as the reports say."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Final

from forewarn.drafting.report.situation import Situation
from forewarn.drafting.rows import CrossingRow, PlaceRow, RouteRow
from forewarn.drafting.surroundings.named import is_row_of
from forewarn.reading.places.gazetteer import fold

__all__ = ["crossings_between", "named_crossings", "zone_key"]


BEYOND: Final = "beyond-"
"""Beginning of the zones behind what nobody may pass."""


def crossings_between(
    situation: Situation,
    rows: Sequence[PlaceRow],
    threatened: Collection[str],
    titles: Mapping[str, Mapping[str, str]],
) -> list[CrossingRow]:
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
    made: list[CrossingRow] = []
    for i, first in enumerate(keys):
        for second in keys[i + 1 :]:
            outside = {first, second} - set(threatened)
            besieged = len(outside) == 1 and zones[first] & zones[second]
            if any(situation.sides.attacks_from(zone) or zone.startswith(BEYOND) for zone in outside):
                status = "closed"
            else:
                abroad = (zones[first] ^ zones[second]) - {home}
                status = _status(situation, abroad, besieged=bool(besieged))
            made.append(
                {
                    "name": f"{first}-{second}",
                    "title": " / ".join(titles.get(key, {}).get("title", key) for key in (first, second)),
                    "between": [first, second],
                    "roads": "all",
                    "status": status,
                }
            )
            if status == "leaking":
                made[-1]["pass_rate"] = {"low": 0.005, "mode": 0.02, "high": 0.1}
                made[-1]["source"] = "assumption: the report speaks of a siege; how many get out is not known"
    return made


def named_crossings(
    situation: Situation,
    crossings: Sequence[CrossingRow],
    rows: Sequence[PlaceRow],
    routes: Sequence[RouteRow],
) -> tuple[list[CrossingRow], list[RouteRow]]:
    """Crossings that reports name, each in the state that is told of it, and roads with their crossings.

    Parameters
    ----------
    crossings
        One for each pair of zones; a named one of which nothing is told is as these.
    """
    by_name = {row["name"]: row for row in rows}
    states = {frozenset(crossing["between"]): crossing for crossing in crossings}
    gates = {
        row["name"]: named
        for named in situation.places
        if named.role == "crossing"
        for row in rows
        if is_row_of(row, named)
    }
    made: dict[str, CrossingRow] = {}
    marked: list[RouteRow] = []
    for route in routes:
        gate = next((end for end in (route["from"], route["to"]) if end in gates), "")
        ends = [by_name[end] for end in (route["from"], route["to"])]
        between = frozenset(end["zone"] for end in ends)
        if not gate or between not in states or route.get("crossing"):
            marked.append(route)
            continue
        named, pair = gates[gate], states[between]
        name = zone_key(f"{gate}-{'-'.join(sorted(between))}")
        shut = any(
            end["country"] in situation.sides.parties or situation.sides.attacks_from(end["zone"])
            for end in ends
        )
        told = {"open": "open", "closed": "closed"}.get(named.passage, pair["status"])
        made[name] = {
            "name": name,
            "title": f"{named.name}: {pair['title']}",
            "between": pair["between"],
            "roads": "named",
            "status": "closed" if shut else told,
        }
        if made[name]["status"] == "leaking":
            made[name] = {**pair, **made[name]}
        marked.append({**route, "crossing": name})
    return list(made.values()), marked


def zone_key(name: str) -> str:
    """Key of a zone or crossing of that name.

    Examples
    --------
    >>> zone_key("Bab al-Hawa")
    'bab-al-hawa'
    """
    return re.sub(r"[^a-z0-9]+", "-", fold(name)).strip("-") or "zone"


def _status(situation: Situation, abroad: Collection[str], *, besieged: bool) -> str:
    """Say how a crossing is drafted; `abroad` are the countries that it leads to.

    A border is closed unless somebody called it open, nobody called it closed, and no party holds it.
    """
    sides = situation.sides
    opened = {country for country, _ in sides.opened} - sides.shut
    if not set(abroad) <= opened or (abroad and situation.area.country in sides.shut):
        return "closed"
    return "leaking" if situation.siege is not None and besieged else "open"
