"""A plot of a predictive distribution beside the nearest past cases, as SVG."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from math import log10
from typing import Final

from forewarn.analogues.attributes import known
from forewarn.analogues.fitting import PROBABILITIES, Predictive
from forewarn.analogues.likeness import Analogue
from forewarn.errors import Problem, UsageError

_WIDTH: Final = 860
_LEFT: Final = 330
_RIGHT: Final = 830
_ROW: Final = 22
_DAY_TICKS: Final = (1, 3, 10, 30, 100, 300)
_SHARE_TICKS: Final = (0.0, 0.25, 0.5, 0.75, 1.0)


@dataclass(frozen=True, slots=True)
class _Panel:
    """One quantity: where a value lies between 0 and 1, its ticks, its quantiles and past values."""

    title: str
    position: Callable[[float], float]
    ticks: Sequence[float]
    label: Callable[[float], str]
    quantiles: Sequence[float]
    past: Sequence[tuple[str, float]]


def plot(found: Predictive, cases: Sequence[Analogue]) -> str:
    """Draw the predictive distribution with 50, 80 and 90 % intervals, and the past cases below.

    Raises
    ------
    UsageError
        If the distribution is not given at `fitting.PROBABILITIES`.
    """
    if found.probabilities != PROBABILITIES:
        raise UsageError(Problem("probabilities", f"{found.probabilities}", f"{PROBABILITIES}"))
    panels = (
        _Panel(
            f"Share displaced ({found.share_events} past events)",
            lambda share: share,
            _SHARE_TICKS,
            lambda share: f"{share:.0%}",
            found.share,
            [(case.event.name, case.share) for case in cases],
        ),
        _Panel(
            f"Days until half had left ({found.days_events} past events)",
            lambda days: min(1.0, max(0.0, log10(max(days, 1.0)) / log10(300))),
            _DAY_TICKS,
            lambda days: f"{days:g}",
            found.days_to_half,
            [(case.event.name, case.days_to_half) for case in cases if case.days_to_half is not None],
        ),
    )
    top, parts = 40, [_text(10, 24, ", ".join(known(found.attributes)), "font-weight='bold'")]
    for panel in panels:
        drawn, top = _draw(panel, top)
        parts += drawn
    return (
        f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {_WIDTH} {top}' width='{_WIDTH}' "
        f"height='{top}' font-family='sans-serif' font-size='13' role='img'>"
        f"<title>Past offensives and the prediction from them</title>"
        f"<rect width='{_WIDTH}' height='{top}' fill='#ffffff'/>{''.join(parts)}</svg>\n"
    )


def _draw(panel: _Panel, top: int) -> tuple[list[str], int]:
    """Draw a panel below `top`; give its parts and its lower edge."""
    first = top + 44
    bottom = first + _ROW * (len(panel.past) + 1)
    parts = [_text(10, top + 18, panel.title)]
    for tick in panel.ticks:
        x = _x(panel.position(tick))
        parts.append(f"<line x1='{x}' y1='{first - 14}' x2='{x}' y2='{bottom}' stroke='#dddddd'/>")
        parts.append(_text(x, first - 18, panel.label(tick), "text-anchor='middle' fill='#555555'"))
    parts.append(_text(10, first + 6, "prediction: 50, 80, 90 % intervals"))
    for (low, high), shade in zip(((0, 6), (1, 5), (2, 4)), ("#c6dbef", "#6baed6", "#2171b5"), strict=True):
        left, right = _x(panel.position(panel.quantiles[low])), _x(panel.position(panel.quantiles[high]))
        parts.append(
            f"<rect x='{left}' y='{first - 6}' width='{max(right - left, 1):.1f}' height='14' "
            f"fill='{shade}'/>"
        )
    middle = _x(panel.position(panel.quantiles[3]))
    parts.append(f"<rect x='{middle - 1.5:.1f}' y='{first - 9}' width='3' height='20' fill='#08306b'/>")
    for row, (name, value) in enumerate(panel.past, start=1):
        y = first + _ROW * row
        parts.append(_text(10, y + 5, name if len(name) <= 46 else f"{name[:45]}…"))
        parts.append(f"<circle cx='{_x(panel.position(value))}' cy='{y}' r='5' fill='#a63603'/>")
    return parts, bottom + 14


def _x(position: float) -> float:
    return round(_LEFT + position * (_RIGHT - _LEFT), 1)


def _text(x: float, y: float, words: str, style: str = "") -> str:
    return f"<text x='{x}' y='{y}' {style}>{escape(words)}</text>"
