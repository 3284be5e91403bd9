"""Which places the south, the west or the rest of an area are."""

from __future__ import annotations

from collections.abc import Sequence
from math import atan2, cos, degrees, hypot, radians, sin
from typing import Final

from forewarn.drafting.rows import PlaceRow

_ROSE: Final = ("north", "northeast", "east", "southeast", "south", "southwest", "west", "northwest")
BEARINGS: Final = {name: 45.0 * at for at, name in enumerate(_ROSE)} | {
    "north-east": 45.0,
    "south-east": 135.0,
    "south-west": 225.0,
    "north-west": 315.0,
}
"""Degrees clockwise from north."""
WIDE: Final = 55.0
"""Half the angle of a sector, in degrees: a little more than 45, for nobody draws the line; assumption."""
INNER: Final = 0.3
"""Places nearer to the middle than this part of the mean distance belong to no side; assumption."""


def places_of(sectors: Sequence[str], rows: Sequence[PlaceRow]) -> tuple[str, ...]:
    """Name the places of sectors such as ``south`` and ``west``; ``central`` are those round the middle.

    Parameters
    ----------
    rows
        Places of the whole area, with name, lat and lon.
    """
    lat = sum(row["lat"] for row in rows) / len(rows)
    lon = sum(row["lon"] for row in rows) / len(rows)
    squeeze = cos(radians(lat))
    offsets = {row["name"]: (row["lat"] - lat, (row["lon"] - lon) * squeeze) for row in rows}
    middle = INNER * sum(hypot(*offset) for offset in offsets.values()) / len(rows)
    chosen = []
    for name, (north, east) in offsets.items():
        away = hypot(north, east)
        if away <= middle:
            if "central" in sectors or "center" in sectors or "centre" in sectors:
                chosen.append(name)
            continue
        bearing = degrees(atan2(east, north)) % 360
        if any(_apart(bearing, BEARINGS[sector]) <= WIDE for sector in sectors if sector in BEARINGS):
            chosen.append(name)
    return tuple(chosen)


def mean_bearing(sectors: Sequence[str]) -> float | None:
    """Direction of the middle of some sides, in degrees; nothing for the centre and for opposite sides.

    Examples
    --------
    >>> mean_bearing(("north", "east")), mean_bearing(("centre", "west"))
    (45.0, None)
    """
    angles = [radians(BEARINGS[sector]) for sector in sectors if sector in BEARINGS]
    north, east = sum(map(cos, angles)), sum(map(sin, angles))
    if len(angles) < len(sectors) or hypot(north, east) < INNER:
        return None
    return round(degrees(atan2(east, north)) % 360, 1)


def _apart(first: float, second: float) -> float:
    turn = abs(first - second) % 360
    return min(turn, 360 - turn)
