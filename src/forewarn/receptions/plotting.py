"""Where people of past offensives went, as bars, in one SVG."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Final

from forewarn.receptions.likeness import PastDestinations

_WIDTH: Final = 860
_LEFT: Final = 300
_RIGHT: Final = 800
_ROW: Final = 20
_BAR: Final = "#2171b5"
_OTHER: Final = "#bdbdbd"


def plot_destinations(cases: Sequence[PastDestinations], title: str) -> str:
    """Draw a block of bars for each event: its largest places, and what was left over in grey."""
    parts, top = [_text(10, 24, title, "font-weight='bold'")], 48
    for case in cases:
        when = (
            f"{case.name}, by {case.as_of}: {case.movement}"
            if case.movement
            else f"{case.name}, by {case.as_of}"
        )
        parts.append(_text(10, top, when, "font-weight='bold' fill='#333333'"))
        for place, share in case.shares:
            top += _ROW
            width = max(1.0, round(share * (_RIGHT - _LEFT), 1))
            shade = _OTHER if place == "other" else _BAR
            parts.append(_text(20, top + 1, place if len(place) <= 42 else f"{place[:41]}…"))
            parts.append(f"<rect x='{_LEFT}' y='{top - 10}' width='{width}' height='13' fill='{shade}'/>")
            parts.append(_text(_LEFT + width + 6, top + 1, f"{share:.0%}"))
        top += 2 * _ROW
    return (
        f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {_WIDTH} {top}' width='{_WIDTH}' "
        f"height='{top}' font-family='sans-serif' font-size='13' role='img'>"
        f"<title>Where people went in past offensives</title>"
        f"<rect width='{_WIDTH}' height='{top}' fill='#ffffff'/>{''.join(parts)}</svg>\n"
    )


def _text(x: float, y: float, words: str, style: str = "") -> str:
    return f"<text x='{x}' y='{y}' {style}>{escape(words)}</text>"
