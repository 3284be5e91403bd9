"""A plot of pooled scores: ARD (the error), rescaled ARD and CRPS by forecaster, mode and horizon, as SVG."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Final

from forewarn.hindcast.scores.summary import POOLED, MeanScores

_WIDTH: Final = 860
_LEFT: Final = 190
_RIGHT: Final = 700
_ROW: Final = 22
_STEPS: Final = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0)
_MOST_TICKS: Final = 7
_COLOURS: Final = {"error": "#6baed6", "crps": "#08519c", "rescaled": "#555555"}


def draw(rows: Sequence[MeanScores]) -> str:
    """Draw a panel for each mode and horizon; forecasters in order of their CRPS.

    The circle is the normalised absolute error of the point forecast, which is the ARD, the stroke the
    ARD after rescaling to the true total, the diamond the CRPS of the distribution, all per person there:
    further left is better. Beside them the coverage of the 80 % interval.
    """
    panels: dict[tuple[str, int], list[MeanScores]] = {}
    for row in rows:
        if row.conflict == POOLED:
            panels.setdefault((row.mode, row.horizon_days), []).append(row)
    top, parts = 34, [_text(10, 22, "Hindcasts, pooled over conflicts", "font-weight='bold'")]
    parts += [_circle(290, 17), _text(302, 22, "error (ARD), per person")]
    parts += [_stroke(500, 17), _text(510, 22, "rescaled ARD")]
    parts += [_diamond(640, 17), _text(652, 22, "CRPS, per person")]
    for (mode, horizon), found in panels.items():
        drawn, top = _panel(f"{mode.replace('-', ' ')}, {horizon} days ahead", found, top)
        parts += drawn
    return (
        f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {_WIDTH} {top}' width='{_WIDTH}' "
        f"height='{top}' font-family='sans-serif' font-size='13' role='img'>"
        f"<title>Scores of hindcasts, pooled over conflicts</title>"
        f"<rect width='{_WIDTH}' height='{top}' fill='#ffffff'/>{''.join(parts)}</svg>\n"
    )


def _panel(title: str, rows: Sequence[MeanScores], top: int) -> tuple[list[str], int]:
    """Draw a panel below `top`; give its parts and its lower edge."""
    ordered = sorted(rows, key=lambda row: row.crps)
    highest = max(max(row.error, row.rescaled_ard, row.crps) for row in rows) or 1.0
    step = next((step for step in _STEPS if highest / step <= _MOST_TICKS), highest)
    first = top + 62
    bottom = first + _ROW * len(ordered)
    parts = [_text(10, top + 20, title, "font-weight='bold'")]
    parts.append(_text(_RIGHT + 30, first - 18, "80 % interval held", "fill='#555555'"))
    for tick in range(int(highest / step) + 1):
        value = step * tick
        x = _x(value, highest)
        parts.append(f"<line x1='{x}' y1='{first - 12}' x2='{x}' y2='{bottom - 8}' stroke='#dddddd'/>")
        parts.append(_text(x, first - 18, f"{value:.4g}", "text-anchor='middle' fill='#555555'"))
    for place, row in enumerate(ordered):
        y = first + _ROW * place
        parts.append(_text(10, y + 5, row.forecaster))
        parts += [_circle(_x(row.error, highest), y), _diamond(_x(row.crps, highest), y)]
        parts.append(_stroke(_x(row.rescaled_ard, highest), y))
        parts.append(_text(_RIGHT + 60, y + 5, f"{row.coverage[1]:.0%}", "fill='#555555'"))
    return parts, bottom + 10


def _x(value: float, highest: float) -> float:
    return round(_LEFT + value / highest * (_RIGHT - _LEFT), 1)


def _circle(x: float, y: float) -> str:
    return f"<circle cx='{x}' cy='{y}' r='5' fill='{_COLOURS['error']}'/>"


def _stroke(x: float, y: float) -> str:
    return f"<rect x='{x - 1.25:.2f}' y='{y - 8}' width='2.5' height='16' fill='{_COLOURS['rescaled']}'/>"


def _diamond(x: float, y: float) -> str:
    corners = f"{x},{y - 6} {x + 6:.1f},{y} {x},{y + 6} {x - 6:.1f},{y}"
    return f"<polygon points='{corners}' fill='{_COLOURS['crps']}'/>"


def _text(x: float, y: float, words: str, style: str = "") -> str:
    return f"<text x='{x}' y='{y}' {style}>{escape(words)}</text>"
