"""Signs of zones on maps: so that who holds a place can be read in grey as well."""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, pi, sin
from typing import Final

Corners = tuple[tuple[float, float], ...]
"""Round the origin, y downwards, in units in which the circle has a radius of `RADIUS`."""
RADIUS: Final = 3.4


@dataclass(frozen=True, slots=True)
class ZoneSign:
    """The shape of a zone's places.

    Parameters
    ----------
    corners
        Of the shape.
    dingbat
        The like of it in ZapfDingbats, a font that every reader of PDF has.
    """

    corners: Corners
    dingbat: str


def _regular(number: int, radius: float, first: float = 0.0) -> Corners:
    angles = [first + 2 * pi * k / number for k in range(number)]
    return tuple((round(radius * cos(angle), 2), round(radius * sin(angle), 2)) for angle in angles)


_PLUS: Corners = (
    *((-1.4, -4.2), (1.4, -4.2), (1.4, -1.4), (4.2, -1.4), (4.2, 1.4), (1.4, 1.4)),
    *((1.4, 4.2), (-1.4, 4.2), (-1.4, 1.4), (-4.2, 1.4), (-4.2, -1.4), (-1.4, -1.4)),
)
# Posts are triangles that stand, so that none of these is.
SIGNS: Final = (
    ZoneSign(_regular(24, RADIUS), "●"),
    ZoneSign(_regular(4, 4.4, pi / 4), "■"),
    ZoneSign(_regular(4, 4.6), "◆"),
    ZoneSign(_regular(3, 4.9, pi / 2), "▼"),
    ZoneSign(_PLUS, "✚"),
)
"""Circle, square, diamond, triangle on its point, plus; a sixth zone is a circle again, of another colour."""
