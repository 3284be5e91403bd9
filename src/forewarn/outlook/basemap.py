"""Land and borders behind the map: Natural Earth, shipped with the package, clipped to the view."""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

WORLD: Final = "world-50m"
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


@dataclass(frozen=True, slots=True)
class Area:
    """A country, or a disputed area, as rings of (longitude, latitude)."""

    name: str
    rings: tuple[tuple[tuple[float, float], ...], ...]


@dataclass(frozen=True, slots=True)
class Land:
    """What lies in a view."""

    countries: tuple[Area, ...]
    disputed: tuple[Area, ...]
    source: str


def land(view: Box) -> Land:
    """Clip the finest map that covers the view."""
    from shapely.geometry import box

    raw = _read(_finest(view))
    window = box(view.west, view.south, view.east, view.north)
    return Land(
        countries=_clipped(raw["countries"], window),
        disputed=_clipped(raw["disputed"], window),
        source=raw["source"],
    )


def _clipped(found: dict[str, Any], window: BaseGeometry) -> tuple[Area, ...]:
    from shapely import make_valid
    from shapely.geometry import shape

    areas = []
    for name, geometry in found.items():
        inside = make_valid(shape(geometry)).intersection(window)
        parts = [each for each in getattr(inside, "geoms", [inside]) if each.geom_type == "Polygon"]
        rings = [ring for part in parts for ring in (part.exterior, *part.interiors)]
        if rings:
            areas.append(Area(name, tuple(tuple(ring.coords) for ring in rings)))
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
