"""Counts as dots on fan charts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from forewarn.charts.geometry import ObservedDot
from forewarn.outlook.format.suppression import is_suppressed

if TYPE_CHECKING:
    from forewarn.forecast.updating.observations import Measure, Observation
    from forewarn.outlook.view import ForecastView

NINE_OF_TEN: Final = 1.645
"""Standard errors on each side that hold nine tenths of a normal distribution."""


def dot(count: Observation) -> ObservedDot:
    """Draw a count, with a line over nine tenths of its error."""
    spread = NINE_OF_TEN * count.error * count.people
    return ObservedDot(count.day, count.people, max(0.0, count.people - spread), count.people + spread)


def dots(
    view: ForecastView, measure: Measure, *, places: tuple[str, ...] | None = None
) -> tuple[ObservedDot, ...]:
    """Draw the counts of a measure since the issue day that are not suppressed, one dot each.

    Parameters
    ----------
    places
        Which places the counts are of; any if None.
    """
    if view.updated is None:
        return ()
    counts = dict.fromkeys(each.observation for each in view.updated.diagnosis.fits)
    return tuple(
        dot(each)
        for each in sorted(counts, key=lambda each: each.day)
        if each.measure == measure
        and each.since == 0
        and not is_suppressed(each.people, view.suppress_below)
        and (places is None or each.places == places)
    )
