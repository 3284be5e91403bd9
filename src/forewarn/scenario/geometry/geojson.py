"""Areas of a GeoJSON file (RFC 7946), each with a valid outline; what is mended is counted."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, NoReturn

from forewarn.errors import Problem, ScenarioError
from forewarn.scenario.geometry.outlines import mended, rounded, within_the_world

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

EXPORT: Final = "Export it as GeoJSON in WGS 84 (EPSG:4326), for example with QGIS"
FARTHEST_NUMBER: Final = 1e9
_WGS84: Final = re.compile(
    r"(urn:ogc:def:crs:)?(OGC:[\d.]*:CRS84|OGC:CRS84|EPSG:[\d.]*:?4326)", re.IGNORECASE
)
_AREAS: Final = ("Polygon", "MultiPolygon")


@dataclass(slots=True)
class GeoJsonReader:
    """One pass over a file, and what had to be mended."""

    name: str
    crossing: int = 0
    unclosed: int = 0
    notes: list[str] = field(default_factory=list)

    def stop(self, where: str, what: str, allowed: str = "", remedy: str = "") -> NoReturn:
        """Refuse the file."""
        raise ScenarioError(
            Problem(", ".join(part for part in (self.name, where) if part), what, allowed, remedy)
        )


@dataclass(frozen=True, slots=True)
class Feature:
    """An area of the file before it is named."""

    number: int
    outline: BaseGeometry
    properties: Mapping[str, Any]


def features(text: str, this: GeoJsonReader) -> list[Feature]:
    """Read the areas of a file; points and lines are passed over.

    Raises
    ------
    ScenarioError
        If it is no GeoJSON, holds no area, is not in WGS 84, or an outline cannot be mended.
    """
    found = list(_features(_collection(text, this), this))
    if not found:
        this.stop("", "holds no polygon", "a FeatureCollection of areas", EXPORT)
    return found


def _collection(text: str, this: GeoJsonReader) -> list[Any]:
    """Features of a file."""
    try:
        raw = json.loads(text, parse_constant=lambda word: this.stop("", f"'{word}' is not a number"))
    except ScenarioError:
        raise
    except (ValueError, RecursionError) as error:
        at = f"line {error.lineno}" if isinstance(error, json.JSONDecodeError) else ""
        this.stop(at, "this is not GeoJSON", "a FeatureCollection of areas", EXPORT)
    kind = raw.get("type") if isinstance(raw, Mapping) else None
    if kind == "FeatureCollection" and isinstance(raw.get("features"), list):
        features = raw["features"]
    elif kind == "Feature":
        features = [raw]
    elif kind in _AREAS:
        features = [{"type": "Feature", "geometry": raw, "properties": {}}]
    else:
        what = f"its type is '{kind}'" if isinstance(kind, str) else "this is not GeoJSON"
        this.stop("", what[:80], "a FeatureCollection of areas", EXPORT)
    _refuse_other_grids(raw.get("crs"), this)
    return list(features)


def _refuse_other_grids(crs: Any, this: GeoJsonReader) -> None:  # noqa: ANN401
    if crs is None:
        return
    properties = crs.get("properties") if isinstance(crs, Mapping) else None
    name = properties.get("name") if isinstance(properties, Mapping) else None
    if not isinstance(name, str) or not _WGS84.fullmatch(name.replace("::", ":")):
        this.stop("crs", f"its coordinates are in '{str(name)[:60]}'", "WGS 84 degrees (EPSG:4326)", EXPORT)


def _features(features: Sequence[Any], this: GeoJsonReader) -> Iterator[Feature]:
    for number, raw in enumerate(features, start=1):
        geometry = raw.get("geometry") if isinstance(raw, Mapping) else None
        if not isinstance(geometry, Mapping) or geometry.get("type") not in _AREAS:
            continue
        outline = _outline(geometry, number, this)
        properties = raw.get("properties")
        yield Feature(number, outline, properties if isinstance(properties, Mapping) else {})


def _outline(geometry: Mapping[str, Any], number: int, this: GeoJsonReader) -> BaseGeometry:
    from shapely import multipolygons, polygons

    parts = geometry.get("coordinates")
    parts = [parts] if geometry["type"] == "Polygon" else parts
    if not isinstance(parts, list) or not parts:
        this.stop(f"feature {number}", "its outline is empty")
    made = []
    for part in parts:
        if not isinstance(part, list) or not part:
            this.stop(f"feature {number}", "its outline is empty")
        first, *holes = [_ring(ring, number, this) for ring in part]
        made.append(polygons(first, holes or None))
    outline = made[0] if len(made) == 1 else multipolygons(made)
    if not within_the_world(outline.bounds):
        what = (
            f"a corner lies at {outline.bounds[0]:g}, {outline.bounds[1]:g} or beyond: these are not degrees"
        )
        this.stop(f"feature {number}", what, "longitude and latitude in WGS 84", EXPORT)
    valid = mended(outline)
    kept = None if valid is None else rounded(valid)
    if kept is None or kept.is_empty:
        this.stop(
            f"feature {number}",
            "its rings enclose no area",
            remedy="Mend it, for example with QGIS's 'Fix geometries'",
        )
    this.crossing += valid is not outline
    return kept


def _ring(raw: Any, number: int, this: GeoJsonReader) -> Any:  # noqa: ANN401
    from shapely import linearrings

    good = isinstance(raw, list) and all(
        isinstance(corner, list) and len(corner) >= 2 and all(is_number(each) for each in corner[:2])
        for corner in raw
    )
    if not good:
        this.stop(f"feature {number}", "a corner is not a pair of numbers", "[longitude, latitude]")
    corners = [(float(corner[0]), float(corner[1])) for corner in raw]
    if len(set(corners)) < 3:
        this.stop(f"feature {number}", f"a ring has {len(set(corners))} different corners", "3 or more")
    if corners[0] != corners[-1]:
        this.unclosed += 1
        corners.append(corners[0])
    return linearrings(corners)


def is_number(value: Any) -> bool:  # noqa: ANN401
    """Whether a value is a number that could be a coordinate in any system."""
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < FARTHEST_NUMBER
