"""A plot of pooled scores: ARD (the error), rescaled ARD and CRPS by forecaster, mode and horizon, as SVG."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from forewarn.charts import svg
from forewarn.charts.scales import Scale
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
    top, parts = 34, [svg.text(10, 22, "Hindcasts, pooled over conflicts", font_weight="bold")]
    parts += [_circle(290, 17), svg.text(302, 22, "error (ARD), per person")]
    parts += [_stroke(500, 17), svg.text(510, 22, "rescaled ARD")]
    parts += [_diamond(640, 17), svg.text(652, 22, "CRPS, per person")]
    for (mode, horizon), found in panels.items():
        drawn, top = _panel(f"{mode.replace('-', ' ')}, {horizon} days ahead", found, top)
        parts += drawn
    return svg.document(_WIDTH, top, "Scores of hindcasts, pooled over conflicts", parts)


def _panel(title: str, rows: Sequence[MeanScores], top: int) -> tuple[list[str], int]:
    """Draw a panel below `top`; give its parts and its lower edge."""
    ordered = sorted(rows, key=lambda row: row.crps)
    highest = max(max(row.error, row.rescaled_ard, row.crps) for row in rows) or 1.0
    step = next((step for step in _STEPS if highest / step <= _MOST_TICKS), highest)
    first = top + 62
    bottom = first + _ROW * len(ordered)
    across = Scale(0, highest, _LEFT, _RIGHT, decimals=1)
    parts = [svg.text(10, top + 20, title, font_weight="bold")]
    parts.append(svg.text(_RIGHT + 30, first - 18, "80 % interval held", fill=svg.SOFT))
    for tick in range(int(highest / step) + 1):
        value = step * tick
        x = across(value)
        parts.append(svg.line(x, first - 12, x, bottom - 8))
        parts.append(svg.text(x, first - 18, f"{value:.4g}", text_anchor="middle", fill=svg.SOFT))
    for place, row in enumerate(ordered):
        y = first + _ROW * place
        parts.append(svg.text(10, y + 5, row.forecaster))
        parts += [_circle(across(row.error), y), _diamond(across(row.crps), y)]
        parts.append(_stroke(across(row.rescaled_ard), y))
        parts.append(svg.text(_RIGHT + 60, y + 5, f"{row.coverage[1]:.0%}", fill=svg.SOFT))
    return parts, bottom + 10


def _circle(x: float, y: float) -> str:
    return svg.circle(x, y, _COLOURS["error"])


def _stroke(x: float, y: float) -> str:
    return svg.bar(f"{x - 1.25:.2f}", y - 8, "2.5", 16, _COLOURS["rescaled"])


def _diamond(x: float, y: float) -> str:
    return svg.diamond(x, y, _COLOURS["crps"])
