"""Outlines of areas made valid, rounded and simplified, so that borders which neighbours share stay shared.

Simplification follows Visvalingam and Whyatt 1993 (doi:10.1179/000870493786962263) along the edges of a
coverage, as GEOS does it: an edge of two neighbours is simplified once, for both.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from forewarn.scenario.model.boundaries import LONGEST_OUTLINE, MOST_POINTS

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

DECIMALS: Final = 5
"""Of a degree: about a metre."""
FINEST: Final = 1 / 2000
"""First step of simplification, as a share of the extent: half a dot of the page's map."""
COARSEST: Final = 1 / 50
"""A file that is still too large at this step is not simplified any more but refused."""
KM_OF_A_DEGREE: Final = 111.2
"""Of latitude."""


@dataclass(frozen=True, slots=True)
class Simplified:
    """Outlines as well-known text, and the size in degrees of what was left out; 0 if nothing was."""

    wkt: tuple[str, ...]
    tolerance: float

    @property
    def note(self) -> str:
        """What was done, in words."""
        if not self.tolerance:
            return ""
        return f"Bends under about {self.tolerance * KM_OF_A_DEGREE:.2g} km were left out"


def mended(outline: BaseGeometry) -> BaseGeometry | None:
    """Make a valid outline of one that crosses itself; nothing if no area is left.

    Examples
    --------
    >>> from shapely.geometry import Polygon
    >>> mended(Polygon([(0, 0), (2, 2), (2, 0), (0, 2)])).area
    2.0
    """
    from shapely import make_valid, multipolygons, unary_union

    if outline.is_valid:
        return outline if outline.area > 0 else None
    found = make_valid(outline)
    parts = [each for each in getattr(found, "geoms", [found]) if each.area > 0]
    if not parts:
        return None
    joined = unary_union(parts)
    return joined if joined.geom_type in ("Polygon", "MultiPolygon") else multipolygons(parts)


def rounded(outline: BaseGeometry) -> BaseGeometry:
    """Round corners to a metre; equal corners of neighbours stay equal.

    An outline that rounding makes cross itself is snapped instead. It may become empty.
    """
    import numpy as np
    from shapely import force_2d, set_precision, transform

    flat = force_2d(outline)
    moved = transform(flat, lambda corners: np.round(corners, DECIMALS))
    return moved if moved.is_valid else set_precision(flat, 10.0**-DECIMALS)


def simplified(outlines: Sequence[BaseGeometry], extent: float) -> Simplified | None:
    """Bring outlines down to what a map of this extent can show; nothing if that is not enough.

    Parameters
    ----------
    outlines
        Valid polygons. Those of few corners are left as they are.
    extent
        Of what the map will show, degrees.
    """
    from shapely import coverage_simplify

    found, tolerance = list(outlines), 0.0
    while not _small_enough(found):
        tolerance = tolerance * 2 or extent * FINEST
        if tolerance > extent * COARSEST:
            return None
        kept = [_without_specks(each, tolerance) for each in outlines]
        # A corner is left out if its triangle is smaller than the square of the tolerance.
        found = [
            mended(each) or whole
            for each, whole in zip(coverage_simplify(kept, tolerance), kept, strict=True)
        ]
    return Simplified(tuple(_written(each) for each in found), tolerance)


def _small_enough(outlines: Sequence[BaseGeometry]) -> bool:
    from shapely import get_num_coordinates

    few = int(get_num_coordinates(outlines).sum()) <= MOST_POINTS
    return few and all(len(_written(each)) <= LONGEST_OUTLINE for each in outlines)


def _without_specks(outline: BaseGeometry, tolerance: float) -> BaseGeometry:
    """Leave out parts too small to be seen, such as rocks off a coast, but for the largest."""
    from shapely import multipolygons

    parts = sorted(getattr(outline, "geoms", [outline]), key=lambda part: -part.area)
    kept = parts[:1] + [part for part in parts[1:] if part.area > tolerance**2]
    return kept[0] if len(kept) == 1 else multipolygons(kept)


def _written(outline: BaseGeometry) -> str:
    from shapely import to_wkt

    return str(to_wkt(outline, rounding_precision=DECIMALS, trim=True))


def outline_of(wkt: str) -> tuple[Any, str]:
    """Read an outline; the second item says what is wrong with it, if anything is.

    Examples
    --------
    >>> outline_of("POLYGON ((0 0, 1 0, 1 1, 0 0))")[0].area
    0.5
    >>> outline_of("POINT (1 2)")[1]
    'this is a Point'
    """
    from shapely import from_wkt, is_valid_reason

    outline = from_wkt(wkt, on_invalid="ignore")
    if outline is None:
        return None, "this is not well-known text"
    if outline.geom_type not in ("Polygon", "MultiPolygon"):
        return None, f"this is a {outline.geom_type}"
    if outline.is_empty:
        return None, "the outline is empty"
    if not within_the_world(outline.bounds):
        return None, "a corner lies beyond 180 degrees of longitude or 90 of latitude"
    if not outline.is_valid:
        return None, f"the outline crosses itself ({is_valid_reason(outline)})"
    return outline, ""


def within_the_world(bounds: tuple[float, float, float, float]) -> bool:
    """Whether west, south, east and north are degrees."""
    west, south, east, north = bounds
    return west >= -180 and south >= -90 and east <= 180 and north <= 90
