"""Ways of a map extract become roads between places: one pass of shortest paths from all places at once."""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, hypot, inf, radians
from typing import Final

import numpy as np
from numpy.typing import NDArray

from forewarn.drafting.rows import Position
from forewarn.drafting.user_tables.grids import Way
from forewarn.reading.places.gazetteer import KM_PER_DEGREE

SNAP_KM: Final = 5.0
"""A place farther than this from every road, in km, is on none; assumption."""
DIGITS: Final = 7
"""Of degrees, to which ends of ways must agree to meet: OpenStreetMap's own precision."""


@dataclass(frozen=True, slots=True)
class Road:
    """A road between the places at these two positions of the list."""

    first: int
    second: int
    km: float
    name: str


def connect(rows: Sequence[Position], ways: Sequence[Way]) -> tuple[tuple[Road, ...], frozenset[int]]:
    """Find the roads between neighbouring places.

    Every point of a road belongs to the place that is nearest along roads. Two places are neighbours where
    their stretches meet; the road between them is the shortest way that leads through such a meeting
    (Mehlhorn 1988, who shows that these keep all shortest trees).

    Parameters
    ----------
    rows
        Places with lat and lon.
    ways
        Lines; they are joined where points coincide.

    Returns
    -------
    roads : tuple of Road
        One for each pair of neighbours; lengths include the way from place to road in a straight line.
    off : frozenset of int
        Positions of places that are too far from any road.
    """
    points, links = _graph(ways)
    starts, off = _snapped(rows, points)
    reached, owner = _spread(len(points), links, starts)
    best: dict[tuple[int, int], Road] = {}
    for here, ends in enumerate(links):
        for there, km, name in ends:
            first, second = owner[here], owner[there]
            if here > there or first == second or first < 0 or second < 0:
                continue
            pair = (min(first, second), max(first, second))
            length = reached[here] + km + reached[there]
            if pair not in best or length < best[pair].km:
                best[pair] = Road(*pair, length, name)
    return tuple(best[pair] for pair in sorted(best)), off


def _graph(ways: Sequence[Way]) -> tuple[NDArray[np.float64], list[list[tuple[int, float, str]]]]:
    numbers: dict[tuple[float, float], int] = {}
    links: list[list[tuple[int, float, str]]] = []
    for way in ways:
        before = -1
        rounded = np.round(way.points, DIGITS)
        for at, point in enumerate(map(tuple, rounded.tolist())):
            here = numbers.setdefault(point, len(numbers))
            if here == len(links):
                links.append([])
            if before >= 0 and here != before:
                km = _apart_km(rounded[at - 1], rounded[at])
                links[before].append((here, km, way.name))
                links[here].append((before, km, way.name))
            before = here
    return np.array(list(numbers), dtype=np.float64).reshape(-1, 2), links


def _apart_km(first: NDArray[np.float64], second: NDArray[np.float64]) -> float:
    east, north = (first - second).tolist()
    return KM_PER_DEGREE * hypot(north, east * cos(radians(float(first[1]))))


def _snapped(
    rows: Sequence[Position], points: NDArray[np.float64]
) -> tuple[list[tuple[float, int, int]], frozenset[int]]:
    """Nearest point of a road for each place, as (km, point, place)."""
    starts, off = [], set()
    for place, row in enumerate(rows):
        north = (points[:, 1] - row["lat"]) * KM_PER_DEGREE
        east = (points[:, 0] - row["lon"]) * KM_PER_DEGREE * cos(radians(row["lat"]))
        away = np.hypot(north, east)
        nearest = int(np.argmin(away))
        if away[nearest] > SNAP_KM:
            off.add(place)
        else:
            starts.append((float(away[nearest]), nearest, place))
    return starts, frozenset(off)


def _spread(
    count: int, links: Sequence[Sequence[tuple[int, float, str]]], starts: Sequence[tuple[float, int, int]]
) -> tuple[list[float], list[int]]:
    """Dijkstra's algorithm from all places at once: km to the nearest place, and which it is (-1: none)."""
    reached, owner = [inf] * count, [-1] * count
    waiting = [(km, place, point) for km, point, place in starts]
    heapq.heapify(waiting)
    while waiting:
        km, place, here = heapq.heappop(waiting)
        if owner[here] >= 0:
            continue
        reached[here], owner[here] = km, place
        for there, more, _ in links[here]:
            if owner[there] < 0:
                heapq.heappush(waiting, (km + more, place, there))
    return reached, owner
