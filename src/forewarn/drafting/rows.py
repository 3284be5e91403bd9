"""Rows of a scenario's tables, as a draft passes them about and writes them."""

from __future__ import annotations

from typing import Any, NotRequired, TypedDict

__all__ = ["CrossingRow", "PlaceRow", "Position", "RouteRow", "without_crossing"]


class Position(TypedDict):
    """Latitude and longitude, WGS 84 degrees."""

    lat: float
    lon: float


class PlaceRow(Position):
    """A row of ``places`` (docs/scenario.md), keys in the order in which they are written.

    A row of a country pack holds every key of the explicit form, also those that are not listed here.
    """

    name: str
    pcode: str
    admin1: NotRequired[str]
    country: str
    kind: str
    zone: str
    residents: int
    displaced: int
    source: str
    population_source: str
    capacity: NotRequired[dict[str, Any]]
    attraction: NotRequired[int]
    isolated: NotRequired[bool]


RouteRow = TypedDict(
    "RouteRow",
    {
        "from": str,
        "to": str,
        "km": float,
        "road": NotRequired[str],
        "crossing": NotRequired[str],
        "source": str,
    },
)
"""A row of ``routes``; ``from`` is a keyword, so there is no class body."""


class CrossingRow(TypedDict):
    """A row of ``crossings``: the state in which people can pass from zone to zone."""

    name: str
    title: str
    between: list[str]
    roads: str
    status: str
    pass_rate: NotRequired[dict[str, float]]
    source: NotRequired[str]


def without_crossing(route: RouteRow) -> RouteRow:
    """Drop the crossing that a user's road names, where nothing says which zones it lies between."""
    bare = route.copy()
    bare.pop("crossing", None)
    return bare
