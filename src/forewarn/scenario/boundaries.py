"""Boundaries that a scenario brings itself: areas with names, p-codes and outlines, and their rules.

They are drawn on the maps and change no number of a forecast.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Final

from pydantic import Field, StrictStr

from forewarn.scenario.quantity import Block

if TYPE_CHECKING:
    from forewarn.scenario.findings import Check

MOST_POINTS: Final = 8_000
"""Corners that a file is brought down to: finer than the maps can show."""
MOST_POINTS_GIVEN: Final = 50_000
"""Corners that an explicit form may hold, whoever wrote it."""
LONGEST_OUTLINE: Final = 32_000
"""Characters of an outline; a cell of a workbook holds 32,767."""


class Area(Block):
    """An administrative area, or a part of it."""

    name: Annotated[StrictStr, Field(min_length=1, max_length=200)] = Field(description="Name; may repeat.")
    pcode: StrictStr = Field("", max_length=200, description="P-code; may repeat.")
    wkt: Annotated[StrictStr, Field(min_length=1, max_length=LONGEST_OUTLINE)] = Field(
        description="Outline: POLYGON or MULTIPOLYGON as well-known text, longitude before latitude, WGS 84."
    )


class Boundaries(Block):
    """Areas to be drawn on the maps."""

    source: Annotated[StrictStr, Field(min_length=1)] = Field(
        description="Entry of sources, or 'assumption: why'.", json_schema_extra={"filled": True}
    )
    note: StrictStr = Field("", description="What was done to the outlines when they were read.")
    areas: tuple[Area, ...] = Field(min_length=1, description="Areas with their outlines.")


def check_boundaries(this: Check) -> None:
    """Check the outlines: polygons that do not cross themselves, in degrees of WGS 84, and not too many."""
    boundaries = this.scenario.boundaries
    if boundaries is None:
        return
    from shapely import get_num_coordinates

    points = 0
    for i, area in enumerate(boundaries.areas):
        outline, what = outline_of(area.wkt)
        if what:
            this.problem(("boundaries", "areas", i, "wkt"), what, "POLYGON or MULTIPOLYGON in WGS 84 degrees")
        else:
            points += int(get_num_coordinates(outline))
    if points > MOST_POINTS_GIVEN:
        what = f"the outlines have {points:,} corners"
        this.problem(("boundaries", "areas"), what, f"up to {MOST_POINTS_GIVEN:,}", "Simplify them")


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
        return None, "this is no well-known text"
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
