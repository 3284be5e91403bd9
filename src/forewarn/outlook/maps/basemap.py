"""Land and borders behind the map, clipped to the view: Natural Earth's, shipped, and a scenario's own."""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

from forewarn.scenario.geometry.outlines import outline_of

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from forewarn.scenario.model.boundaries import Boundaries

WORLD: Final = "world-50m"
NEAR: Final = 0.015
"""A country's border this near to the scenario's own, as a share of the view, is the same drawn roughly."""
DISCLAIMER: Final = (
    "Boundaries and names on this map imply no endorsement and no opinion on the status of any territory; "
    "hatched areas are disputed, and their outlines rough."
)


@dataclass(frozen=True, slots=True)
class Box:
    """Part of the world, WGS 84 degrees."""

    west: float
    south: float
    east: float
    north: float

    def holds(self, other: Box) -> bool:
        """Whether the other lies wholly inside."""
        return (
            self.west <= other.west
            and self.south <= other.south
            and self.east >= other.east
            and self.north >= other.north
        )


Line = tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class BasemapArea:
    """A country, a disputed area or one of the scenario's own, as rings of (longitude, latitude)."""

    name: str
    rings: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Land:
    """What lies in a view: countries with their borders, disputed areas, and the scenario's own areas."""

    countries: tuple[BasemapArea, ...]
    borders: tuple[Line, ...]
    disputed: tuple[BasemapArea, ...]
    own: tuple[BasemapArea, ...]
    source: str


def land(view: Box, boundaries: Boundaries | None = None) -> Land:
    """Clip the finest map that covers the view.

    Parameters
    ----------
    boundaries
        The scenario's own: where they are, the rough borders of countries are left out.
    """
    from shapely import make_valid
    from shapely.geometry import box, shape

    raw = _read(_finest(view))
    window = box(view.west, view.south, view.east, view.north)
    countries, disputed = (
        [(name, make_valid(shape(geometry))) for name, geometry in raw[kind].items()]
        for kind in ("countries", "disputed")
    )
    areas = () if boundaries is None else boundaries.areas
    own = [(area.name, outline_of(area.wkt)[0]) for area in areas]
    known = _joined([outline for _, outline in own]).buffer(NEAR * (view.north - view.south))
    return Land(
        countries=_clipped(countries, window),
        borders=_borders([outline for _, outline in countries], known, window),
        disputed=_clipped(disputed, window),
        own=_clipped(own, window),
        source=raw["source"],
    )


def _borders(countries: list[BaseGeometry], known: BaseGeometry, window: BaseGeometry) -> tuple[Line, ...]:
    """Outlines of countries within the window, but for those beside areas that are known better."""
    from shapely import get_parts, line_merge

    # What was made valid may hold several kinds, one of them polygons of several parts.
    parts = get_parts(get_parts([each for each in countries if each.intersects(window)]))
    inside = [part.boundary.intersection(window) for part in parts if part.geom_type == "Polygon"]
    found = line_merge(_joined(inside).difference(known))
    lines = [each for each in getattr(found, "geoms", [found]) if each.geom_type == "LineString"]
    return tuple(tuple(line.coords) for line in lines if not line.is_empty)


def _joined(shapes: list[BaseGeometry]) -> BaseGeometry:
    """Join shapes; an empty one for none."""
    from shapely import GeometryCollection, union_all

    return union_all([GeometryCollection(), *shapes])


def _clipped(found: list[tuple[str, BaseGeometry]], window: BaseGeometry) -> tuple[BasemapArea, ...]:
    areas = []
    for name, outline in found:
        inside = outline.intersection(window)
        parts = [
            each for each in getattr(inside, "geoms", [inside]) if each.geom_type == "Polygon" and each.area
        ]
        rings = [ring for part in parts for ring in (part.exterior, *part.interiors)]
        if rings:
            areas.append(BasemapArea(name, tuple(tuple(ring.coords) for ring in rings)))
    return tuple(areas)


def _finest(view: Box) -> str:
    regions = json.loads(_folder().joinpath("regions.json").read_text(encoding="utf-8"))
    return next((name for name, bounds in regions.items() if Box(*bounds).holds(view)), WORLD)


@cache
def _read(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(gzip.decompress(_folder().joinpath(f"{name}.json.gz").read_bytes()))
    return found


def _folder() -> Any:  # noqa: ANN401  (a path, or a place in a zip file)
    return files("forewarn") / "data" / "basemap"
