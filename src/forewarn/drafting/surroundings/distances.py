"""Distances, and which places are neighbours when nobody gives the roads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import cos, radians
from typing import Any, Final

import numpy as np

from forewarn.sphere import great_circle_km

ROAD_FACTOR: Final = 1.3
"""Road distance over straight line (ratio): between 1.2 and 1.5 in most networks; assumption."""
SHORTEST_KM: Final = 0.5
"""Of a road between two places, in km; assumption."""
GUESSED: Final = (
    f"assumption: a straight line times {ROAD_FACTOR}; whether there is such a road was not looked up"
)


def distance_km(first: Mapping[str, Any], second: Mapping[str, Any]) -> float:
    """Distance of two rows with lat and lon, in km."""
    return great_circle_km(first["lat"], first["lon"], second["lat"], second["lon"])


def guessed_km(first: Mapping[str, Any], second: Mapping[str, Any]) -> float:
    """Length of a road that nobody gave: a straight line times `ROAD_FACTOR`, in km."""
    return max(SHORTEST_KM, round(distance_km(first, second) * ROAD_FACTOR, 1))


def neighbour_routes(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
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


def guessed_route(first: Mapping[str, Any], second: Mapping[str, Any]) -> dict[str, Any]:
    """Make a row of ``routes`` for a road that nobody gave."""
    return {
        "from": first["name"],
        "to": second["name"],
        "km": guessed_km(first, second),
        "source": GUESSED,
    }


def pieces(names: Sequence[str], routes: Sequence[Mapping[str, Any]]) -> list[set[str]]:
    """Tell apart the sets of places that roads connect, the largest first.

    Examples
    --------
    >>> [sorted(piece) for piece in pieces(["a", "b", "c"], [{"from": "a", "to": "b"}])]
    [['a', 'b'], ['c']]
    """
    neighbours: dict[str, set[str]] = {name: set() for name in names}
    for route in routes:
        neighbours[route["from"]].add(route["to"])
        neighbours[route["to"]].add(route["from"])
    found, seen = [], set[str]()
    for name in names:
        if name in seen:
            continue
        piece, waiting = set[str](), [name]
        while waiting:
            here = waiting.pop()
            if here not in piece:
                piece.add(here)
                waiting.extend(neighbours[here] - piece)
        seen |= piece
        found.append(piece)
    return sorted(found, key=len, reverse=True)
