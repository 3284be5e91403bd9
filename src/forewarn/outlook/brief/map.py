"""The page's map, drawn for the brief: the same places, roads and circles, with the labels of small maps."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from forewarn.outlook.maps.page_map import SMALL_LETTERING
from forewarn.outlook.maps.zone_signs import RADIUS

if TYPE_CHECKING:
    from forewarn.outlook.maps.page_map import PageMap

SEA, LAND, BORDER, OWN, ROAD = "#dfe9f0", "#f7f5ef", "#8f8f8f", "#6d6a86", "#c9c2b2"
HATCH = 12.0  # units of the map between lines across a disputed area
FLOW, PEOPLE, INK = "#7a3b00", "#08519c", "#111111"
TOWN: Final = 6.0
"""Radius of a place's mark, in units of the map."""
LABEL_SHARE: Final = 0.85
"""Vera is wider than the fonts that labels are measured for."""
_POINT: Final = re.compile(r"(-?[\d.]+),(-?[\d.]+)")


def drawing(found: PageMap, *, width: float, font: str, write: Callable[[str], str]) -> Any:  # noqa: ANN401
    """Draw a map as a picture of reportlab's.

    Parameters
    ----------
    width
        In points; the height follows.
    font
        Name of a registered font.
    write
        Puts a name into the font's letters.
    """
    from reportlab.graphics.shapes import Drawing, Group, Rect
    from reportlab.lib.colors import HexColor

    scale = width / found.width
    group = Group(transform=(scale, 0, 0, -scale, 0, found.height * scale))
    # Borders of areas that reach beyond the map must not run over the text below it.
    edge = f"M0,0L{found.width:g},0L{found.width:g},{found.height:g}L0,{found.height:g}Z"
    group.add(_shape(edge, isClipPath=1, fillColor=None, strokeColor=None))
    group.add(Rect(0, 0, found.width, found.height, fillColor=HexColor(SEA), strokeColor=None))
    _ground(group, found)
    _roads(group, found)
    _places(group, found)
    picture = Drawing(width, found.height * scale)
    picture.add(group)
    for label in found.small_labels:
        at = label.x * scale, (found.height - label.y) * scale
        _name(picture, write(label.text), at, label.anchor, font, SMALL_LETTERING * scale)
    picture.add(
        Rect(0, 0, width, found.height * scale, fillColor=None, strokeColor=HexColor(BORDER), strokeWidth=0.5)
    )
    return picture


def _ground(group: Any, found: PageMap) -> None:  # noqa: ANN401
    from reportlab.lib.colors import HexColor

    for _, path in found.countries:
        group.add(_shape(path, fillColor=HexColor(LAND), strokeColor=None, fillMode=0))
    for _, path in found.own:
        drawn = {"strokeColor": HexColor(OWN), "strokeWidth": 2, "strokeDashArray": (12, 4, 3, 4)}
        group.add(_shape(path, fillColor=HexColor(LAND), fillMode=0, **drawn))
    if found.borders:
        group.add(_shape(found.borders, fillColor=None, strokeColor=HexColor(BORDER), strokeWidth=1.5))
    for _, path in found.disputed:
        group.add(_hatch(path))
        group.add(
            _shape(path, fillColor=None, strokeColor=HexColor(BORDER), strokeWidth=2, strokeDashArray=(8, 6))
        )


def _hatch(path: str) -> Any:  # noqa: ANN401
    """Make lines across a path, cut at its edge."""
    from reportlab.graphics.shapes import Group, Line
    from reportlab.lib.colors import HexColor

    points = [(float(x), float(y)) for x, y in _POINT.findall(path)]
    left, right = min(x for x, _ in points), max(x for x, _ in points)
    low, high = min(y for _, y in points), max(y for _, y in points)
    lines = Group(_shape(path, isClipPath=1, fillColor=None, strokeColor=None))
    start = left - (high - low)
    while start < right:
        end = start + high - low
        lines.add(Line(start, high, end, low, strokeColor=HexColor(BORDER), strokeWidth=1))
        start += HATCH
    return lines


def _roads(group: Any, found: PageMap) -> None:  # noqa: ANN401
    from reportlab.lib.colors import HexColor

    for line in found.lines:
        group.add(_shape(line.path, fillColor=None, strokeColor=HexColor(ROAD), strokeWidth=1.5))
    for line in found.lines:
        if line.width > 0:
            drawn = {"strokeColor": HexColor(FLOW), "strokeWidth": line.width, "strokeOpacity": 0.6}
            group.add(_shape(line.path, fillColor=None, **drawn))
    for line in found.lines:
        if line.closed:
            x, y = line.middle
            cross = f"M{x - 8:g},{y - 8:g}L{x + 8:g},{y + 8:g}M{x - 8:g},{y + 8:g}L{x + 8:g},{y - 8:g}"
            group.add(_shape(cross, fillColor=None, strokeColor=HexColor(INK), strokeWidth=3.5))


def _places(group: Any, found: PageMap) -> None:  # noqa: ANN401
    from reportlab.graphics.shapes import Circle, Polygon
    from reportlab.lib.colors import HexColor

    for dot in found.dots:
        if dot.radius:
            drawn = {"fillColor": HexColor(PEOPLE), "fillOpacity": 0.33, "strokeColor": None}
            group.add(Circle(dot.x, dot.y, dot.radius, **drawn))
    for post in found.posts:
        corners = [post.x, post.y - 9, post.x + 8, post.y + 6, post.x - 8, post.y + 6]
        group.add(Polygon(corners, fillColor=HexColor("#222222"), strokeColor=HexColor("#ffffff")))
    larger = TOWN / RADIUS
    for dot in found.dots:
        edge, width = (INK, 2.4) if dot.attacked else ("#ffffff", 1)
        colour = HexColor(found.zones[dot.zone][1])
        sign = found.zones[dot.zone][2]
        corners = [part for x, y in sign.corners for part in (dot.x + x * larger, dot.y + y * larger)]
        group.add(Polygon(corners, fillColor=colour, strokeColor=HexColor(edge), strokeWidth=width))


def _name(picture: Any, text: str, at: tuple[float, float], anchor: str, font: str, size: float) -> None:  # noqa: ANN401
    from reportlab.graphics.shapes import String
    from reportlab.lib.colors import HexColor

    common = {"textAnchor": anchor, "fontName": font, "fontSize": size * LABEL_SHARE}
    halo = {"strokeColor": HexColor("#ffffff"), "strokeWidth": 1.6, "textRenderMode": 1}
    picture.add(String(*at, text, fillColor=HexColor("#ffffff"), **halo, **common))
    picture.add(String(*at, text, fillColor=HexColor(INK), **common))


def _shape(path: str, **style: Any) -> Any:  # noqa: ANN401
    """Make a path of reportlab's from one of SVG's that holds M, L and Z alone."""
    from reportlab.graphics.shapes import Path

    made = Path(**style)
    for piece in path.split("M")[1:]:
        points = [(float(x), float(y)) for x, y in _POINT.findall(piece)]
        made.moveTo(*points[0])
        for point in points[1:]:
            made.lineTo(*point)
        if piece.endswith("Z"):
            made.closePath()
    return made
