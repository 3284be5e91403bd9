"""Whether a point lies in a country, or on land at all, by the rough outlines of the shipped map."""

from __future__ import annotations

import csv
import gzip
import json
from functools import cache
from importlib.resources import files
from math import inf
from typing import TYPE_CHECKING, Any, Final

from forewarn.sphere import great_circle_km

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from shapely import STRtree
    from shapely.geometry.base import BaseGeometry

NEAR_DEGREES: Final = 0.2
"""Some 20 km: a point so near to an outline may lie inside; assumption: so rough is 1:50 million."""


def country_code(country: str, pcode: str) -> str:
    """Give the ISO 3166-1 alpha-3 code that a place names, or its p-code begins with; empty if none is known.

    Examples
    --------
    >>> country_code("", "SY070301"), country_code("", "SSD01"), country_code("", "12")
    ('SYR', 'SSD', '')
    """
    known = _codes()
    letters = "".join(letter if letter.isalpha() else " " for letter in pcode[:3].upper()).partition(" ")[0]
    found = (known.get(code, "") for code in (country, letters, letters[:2]))
    return next((code for code in found if code), "")


def lies_in(iso3: str, lat: float, lon: float, *, near: float = 0.0) -> bool:
    """Whether a point lies in a country, or at most `near` degrees beside it."""
    from shapely import Point, dwithin

    return any(dwithin(outline, Point(lon, lat), near) for outline in _outlines(iso3))


def lies_on_land(lat: float, lon: float, *, near: float = 0.0) -> bool:
    """Whether a point lies in any country, or at most `near` degrees beside it."""
    from shapely import Point

    return len(_everything().query(Point(lon, lat), predicate="dwithin", distance=near)) > 0


def km_to_country(iso3: str, lat: float, lon: float) -> float:
    """Distance from a point to a country's land, in km; infinite if its outline is not known."""
    from shapely import Point
    from shapely.ops import nearest_points

    here = Point(lon, lat)
    there = (nearest_points(outline, here)[0] for outline in _outlines(iso3))
    return min((great_circle_km(lat, lon, point.y, point.x) for point in there), default=inf)


def km_abroad(first: tuple[float, float], second: tuple[float, float], at_home: Collection[str]) -> float:
    """Length of a straight line over land of other countries than those named, in km.

    Parameters
    ----------
    first, second
        Latitude and longitude of its ends, WGS 84 degrees.
    at_home
        Countries that do not count, ISO 3166-1 alpha-3.
    """
    from shapely import LineString, union_all

    line = LineString([first[::-1], second[::-1]])
    own = union_all([outline for iso3 in at_home for outline in _outlines(iso3)])
    land = union_all(
        [_everything().geometries[at] for at in _everything().query(line, predicate="intersects")]
    )
    abroad = line.intersection(land).difference(own)
    whole = great_circle_km(*first, *second)
    return float(whole * abroad.length / line.length) if line.length else 0.0


@cache
def _rows() -> tuple[Mapping[str, str], ...]:
    text = _folder().joinpath("countries.csv").read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))


@cache
def _codes() -> Mapping[str, str]:
    """Alpha-3 codes by alpha-3 and alpha-2 code."""
    return {code: row["iso3"] for row in _rows() for code in (row["iso2"], row["iso3"])}


@cache
def _map() -> Mapping[str, Any]:
    found: dict[str, Any] = json.loads(gzip.decompress(_folder().joinpath("world-50m.json.gz").read_bytes()))
    return found


@cache
def _outlines(iso3: str) -> tuple[BaseGeometry, ...]:
    from shapely import prepare

    found = tuple(_shapes([row["outline"] for row in _rows() if row["iso3"] == iso3]))
    prepare(found)
    return found


@cache
def _everything() -> STRtree:
    from shapely import STRtree

    return STRtree(list(_shapes(_map()["countries"])))


def _shapes(names: Any) -> Iterator[BaseGeometry]:  # noqa: ANN401
    from shapely import make_valid
    from shapely.geometry import shape

    return (make_valid(shape(_map()["countries"][name])) for name in names)


def _folder() -> Any:  # noqa: ANN401  (a path, or a place in a zip file)
    return files("forewarn") / "data" / "basemap"
