"""Rules for the boundaries that a scenario brings."""

from __future__ import annotations

from forewarn.scenario.checks.findings import Check
from forewarn.scenario.geometry.outlines import outline_of
from forewarn.scenario.model.boundaries import MOST_POINTS_GIVEN


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
