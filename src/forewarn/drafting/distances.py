"""Distances, and which places are neighbours when nobody gives the roads."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from heapq import heappop, heappush
from math import cos, radians
from typing import Final

import numpy as np

from forewarn.drafting.rows import PlaceRow, Position, RouteRow
from forewarn.facts import PlaceMention
from forewarn.reading.places.gazetteer import GazetteerPlace
from forewarn.sphere import great_circle_km

ROAD_FACTOR: Final = 1.3
"""Road distance over straight line (ratio): between 1.2 and 1.5 in most networks; assumption."""
SHORTEST_KM: Final = 0.5
"""Of a road between two places, in km; assumption."""
GUESSED: Final = (
    f"assumption: a straight line times {ROAD_FACTOR}; whether there is such a road was not looked up"
)


def position_of(place: PlaceMention | GazetteerPlace) -> Position:
    """Give the position of a place of the gazetteer, or of the user's table; it must have one."""
    assert place.lat is not None
    assert place.lon is not None
    return {"lat": place.lat, "lon": place.lon}


def distance_km(first: Position, second: Position) -> float:
    """Great-circle distance of two positions, in km."""
    return great_circle_km(first["lat"], first["lon"], second["lat"], second["lon"])


def guessed_km(first: Position, second: Position) -> float:
    """Length of a road that nobody gave: a straight line times `ROAD_FACTOR`, in km."""
    return max(SHORTEST_KM, round(distance_km(first, second) * ROAD_FACTOR, 1))


def neighbour_routes(rows: Sequence[PlaceRow]) -> list[RouteRow]:
    """Roads between neighbours: Gabriel's graph, which is planar and connected (Gabriel & Sokal 1969)."""
    middle = float(rows[0]["lon"])
    points = np.array(
        [[((r["lon"] - middle + 180) % 360 - 180) * cos(radians(rows[0]["lat"])), r["lat"]] for r in rows]
    )
    apart = ((points[:, None] - points[None]) ** 2).sum(axis=2)
    found = []
    for i in range(len(rows)):
        for j in range(i + 1, len(rows)):
            between = apart[i] + apart[j] < apart[i, j] - 1e-12
            between[[i, j]] = False
            if not between.any():
                found.append(guessed_route(rows[i], rows[j]))
    return found


def guessed_route(first: PlaceRow, second: PlaceRow) -> RouteRow:
    """Make a row of ``routes`` for a road that nobody gave."""
    return {
        "from": first["name"],
        "to": second["name"],
        "km": guessed_km(first, second),
        "source": GUESSED,
    }


def isolate(rows: Sequence[PlaceRow], routes: Sequence[RouteRow]) -> tuple[PlaceRow, ...]:
    """Mark the places that no road connects with the rest."""
    main = connected_places([row["name"] for row in rows], [(row["from"], row["to"]) for row in routes])[0]
    marked: list[PlaceRow] = []
    for row in rows:
        bare = row.copy()
        bare.pop("isolated", None)
        marked.append(bare if row["name"] in main else {**bare, "isolated": True})
    return tuple(marked)


def road_km(routes: Sequence[RouteRow], origins: Collection[str]) -> dict[str, float]:
    """Shortest way to each place that roads reach from the nearest of some places, in km.

    Examples
    --------
    >>> road_km([{"from": "a", "to": "b", "km": 5.0, "source": ""}], {"a"})
    {'a': 0.0, 'b': 5.0}
    """
    roads: dict[str, list[tuple[str, float]]] = {}
    for route in routes:
        roads.setdefault(route["from"], []).append((route["to"], route["km"]))
        roads.setdefault(route["to"], []).append((route["from"], route["km"]))
    found: dict[str, float] = {}
    waiting = [(0.0, name) for name in sorted(origins)]
    while waiting:
        km, here = heappop(waiting)
        if here not in found:
            found[here] = km
            for there, more in roads.get(here, ()):
                heappush(waiting, (km + more, there))
    return found


def connected_places(names: Sequence[str], roads: Sequence[tuple[str, str]]) -> list[set[str]]:
    """Group the places that roads connect, the largest group first.

    Examples
    --------
    >>> [sorted(group) for group in connected_places(["a", "b", "c"], [("a", "b")])]
    [['a', 'b'], ['c']]
    """
    neighbours: dict[str, set[str]] = {name: set() for name in names}
    for first, second in roads:
        neighbours[first].add(second)
        neighbours[second].add(first)
    found, seen = [], set[str]()
    for name in names:
        if name in seen:
            continue
        group, waiting = set[str](), [name]
        while waiting:
            here = waiting.pop()
            if here not in group:
                group.add(here)
                waiting.extend(neighbours[here] - group)
        seen |= group
        found.append(group)
    return sorted(found, key=len, reverse=True)
