"""Counts as dots on fan charts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from forewarn.outlook.charts.geometry import ObservedDot

if TYPE_CHECKING:
    from forewarn.forecast.updating import Updated
    from forewarn.forecast.updating.observations import Measure, Observation

NINE_OF_TEN: Final = 1.645
"""Standard errors on each side that hold nine tenths of a normal distribution."""


def dot(count: Observation) -> ObservedDot:
    """Draw a count, with a line over nine tenths of its error."""
    spread = NINE_OF_TEN * count.error * count.people
    return ObservedDot(count.day, count.people, max(0.0, count.people - spread), count.people + spread)


def dots(
    updated: Updated | None, measure: Measure, *, smallest: int, places: tuple[str, ...] | None = None
) -> tuple[ObservedDot, ...]:
    """Draw the counts of a measure since the issue day, one dot each.

    Parameters
    ----------
    updated
        The update; nothing is drawn without.
    smallest
        Counts of fewer people, but for none, are not shown.
    places
        Which places the counts are of; any if None.
    """
    if updated is None:
        return ()
    counts = dict.fromkeys(each.observation for each in updated.diagnosis.fits)
    return tuple(
        dot(each)
        for each in sorted(counts, key=lambda each: each.day)
        if each.measure == measure
        and each.since == 0
        and (each.people == 0 or each.people >= smallest)
        and (places is None or each.places == places)
    )
