"""Whether a point lies in a country, or on land at all, by the rough outlines of the shipped map."""

from __future__ import annotations

import csv
import gzip
import json
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

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
