"""A plot of a predictive distribution beside the nearest past cases, as SVG."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import log10
from typing import Final

from forewarn.analogues.attributes import known
from forewarn.analogues.fitting import PROBABILITIES, Predictive
from forewarn.analogues.likeness import Analogue
from forewarn.charts import svg
from forewarn.charts.scales import Scale, shortened
from forewarn.errors import Problem, UsageError

_WIDTH: Final = 860
_LEFT: Final = 330
_RIGHT: Final = 830
_ROW: Final = 22
_DAY_TICKS: Final = (1, 3, 10, 30, 100, 300)
_SHARE_TICKS: Final = (0.0, 0.25, 0.5, 0.75, 1.0)
_LETTERS: Final = 46
"""Of a name, at most."""
_across: Final = Scale(0, 1, _LEFT, _RIGHT, decimals=1)


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
    top, parts = 40, [svg.text(10, 24, ", ".join(known(found.attributes)), font_weight="bold")]
    for panel in panels:
        drawn, top = _draw(panel, top)
        parts += drawn
    return svg.document(_WIDTH, top, "Past offensives and the prediction from them", parts)


def _draw(panel: _Panel, top: int) -> tuple[list[str], int]:
    """Draw a panel below `top`; give its parts and its lower edge."""
    first = top + 44
    bottom = first + _ROW * (len(panel.past) + 1)
    parts = [svg.text(10, top + 18, panel.title)]
    for tick in panel.ticks:
        x = _across(panel.position(tick))
        parts.append(svg.line(x, first - 14, x, bottom))
        parts.append(svg.text(x, first - 18, panel.label(tick), text_anchor="middle", fill=svg.SOFT))
    parts.append(svg.text(10, first + 6, "prediction: 50, 80, 90 % intervals"))
    for (low, high), shade in zip(((0, 6), (1, 5), (2, 4)), ("#c6dbef", "#6baed6", "#2171b5"), strict=True):
        left, right = (
            _across(panel.position(panel.quantiles[low])),
            _across(panel.position(panel.quantiles[high])),
        )
        parts.append(svg.bar(left, first - 6, f"{max(right - left, 1):.1f}", 14, shade))
    middle = _across(panel.position(panel.quantiles[3]))
    parts.append(svg.bar(f"{middle - 1.5:.1f}", first - 9, 3, 20, "#08306b"))
    for row, (name, value) in enumerate(panel.past, start=1):
        y = first + _ROW * row
        parts.append(svg.text(10, y + 5, shortened(name, _LETTERS)))
        parts.append(svg.circle(_across(panel.position(value)), y, "#a63603"))
    return parts, bottom + 14
