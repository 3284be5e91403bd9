"""Crossings between the zones of a draft: closed, leaking or open, as the reports say."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from forewarn.drafting.report.situation import Situation
from forewarn.drafting.rows import CrossingRow, PlaceRow

__all__ = ["crossings_between"]


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
            if any(situation.sides.attacks_from(zone) for zone in outside):
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


def _status(situation: Situation, abroad: Collection[str], *, besieged: bool) -> str:
    """Say how a crossing is drafted; `abroad` are the countries that it leads to.

    A border is closed unless somebody called it open, nobody called it closed, and no party holds it.
    """
    sides = situation.sides
    opened = {country for country, _ in sides.opened} - sides.shut
    if not set(abroad) <= opened or (abroad and situation.area.country in sides.shut):
        return "closed"
    return "leaking" if situation.siege is not None and besieged else "open"
