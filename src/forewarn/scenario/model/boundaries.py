"""Boundaries that a scenario brings itself: areas with names, p-codes and outlines.

They are drawn on the maps and change no number of a forecast.
"""

from __future__ import annotations

from typing import Annotated, Final

from pydantic import Field, StrictStr

from forewarn.scenario.model.quantity import Block

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
