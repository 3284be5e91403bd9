"""SVG as text. Every text and attribute is escaped; nothing is drawn that the caller has not placed."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from forewarn.charts.geometry import Chart
    from forewarn.charts.scales import Tick

GRID: Final = "#dddddd"
SOFT: Final = "#555555"


def element(tag: str, content: str | None = None, /, **attributes: object) -> str:
    """Write an element; `content` is markup.

    Underscores in names of attributes are written as hyphens; one at the end is left out.

    Examples
    --------
    >>> element("path", d="M0 0", class_="grid", stroke_width=2)
    "<path d='M0 0' class='grid' stroke-width='2'/>"
    """
    written = "".join(
        f" {name.rstrip('_').replace('_', '-')}='{escape(str(value))}'" for name, value in attributes.items()
    )
    return f"<{tag}{written}/>" if content is None else f"<{tag}{written}>{content}</{tag}>"


def document(width: int, height: int, title: str, parts: Sequence[str], *, font_size: int = 13) -> str:
    """Write a file of its own on a white ground, with a title that screen readers say."""
    head = (
        f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {width} {height}' width='{width}' "
        f"height='{height}' font-family='sans-serif' font-size='{font_size}' role='img'>"
    )
    ground = element("rect", width=width, height=height, fill="#ffffff")
    return f"{head}<title>{escape(title)}</title>{ground}{''.join(parts)}</svg>\n"


def text(x: float, y: float, words: str, **style: object) -> str:
    """Write words; `y` is their baseline."""
    return element("text", escape(words), x=x, y=y, **style)


def line(x1: float, y1: float, x2: float, y2: float, *, stroke: str = GRID, **style: object) -> str:
    """Draw a line."""
    return element("line", x1=x1, y1=y1, x2=x2, y2=y2, stroke=stroke, **style)


def circle(x: float, y: float, fill: str, *, radius: float = 5) -> str:
    """Draw a filled circle."""
    return element("circle", cx=x, cy=y, r=radius, fill=fill)


def bar(x: float | str, y: float, width: float | str, height: float, fill: str) -> str:
    """Draw a filled rectangle."""
    return element("rect", x=x, y=y, width=width, height=height, fill=fill)


def diamond(x: float, y: float, fill: str) -> str:
    """Draw a square on its corner."""
    corners = f"{x},{y - 6} {x + 6:.1f},{y} {x},{y + 6} {x - 6:.1f},{y}"
    return element("polygon", points=corners, fill=fill)


def draw_chart(chart: Chart) -> str:
    """Write a chart as an element of a page, whose style sheet colours its classes."""
    right, bottom = chart.right, chart.bottom
    parts = [*_y_axis(chart), *(part for tick in chart.x_ticks for part in _x_tick(chart, tick))]
    parts.append(element("path", class_="tick", d=f"M{chart.left} {bottom}H{right}"))
    parts += [element("path", class_=shape.style, d=shape.path) for shape in chart.shapes]
    for mark in chart.marks:
        parts.append(element("path", class_="mark", d=f"M{mark.at} {chart.top - 4}V{bottom}"))
        parts.append(text(mark.at, chart.top - 8, mark.label, class_="mark-name", text_anchor="middle"))
    parts += [text(chart.left, name.at, name.label, class_="name") for name in chart.names]
    if chart.y_label:
        parts.append(text(2, 11, chart.y_label, class_="axis"))
    if chart.x_label:
        parts.append(text(right, chart.height - 3, chart.x_label, class_="axis", text_anchor="end"))
    return element(
        "svg",
        "".join(parts),
        class_="chart",
        viewBox=f"0 0 {chart.width} {chart.height}",
        role="img",
        aria_label=f"{chart.title}. {chart.description}",
    )


def _y_axis(chart: Chart) -> list[str]:
    parts = []
    for tick in chart.y_ticks:
        parts.append(element("path", class_="grid", d=f"M{chart.left} {tick.at}H{chart.right}"))
        parts.append(text(chart.left - 6, tick.at + 4, tick.label, class_="axis", text_anchor="end"))
    return parts


def _x_tick(chart: Chart, tick: Tick) -> list[str]:
    """Draw a tick of the days or the people; a label near the right edge ends at it."""
    upright = element("path", class_="grid", d=f"M{tick.at} {chart.top}V{chart.bottom}")
    is_last = tick.at >= chart.right - 12
    style: dict[str, object] = {"class_": "axis", "text_anchor": "end" if is_last else "middle"}
    if is_last:
        style["dx"] = chart.width - chart.right - 2
    return [
        *(() if chart.y_ticks else (upright,)),
        element("path", class_="tick", d=f"M{tick.at} {chart.bottom}v5"),
        text(tick.at, chart.bottom + 17, tick.label, **style),
    ]
