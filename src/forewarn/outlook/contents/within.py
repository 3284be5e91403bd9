"""People within their own place: they have left home, and not the place that they left it in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from forewarn.outlook.format.suppression import SUPPRESSED, is_suppressed

if TYPE_CHECKING:
    from forewarn.outlook.view import ForecastView

HEADING: Final = "Of whom within their own place (median)"
SHORT_HEADING: Final = "Within own place"


def within_note(view: ForecastView) -> str:
    """Say what the heading means; empty if nobody is within their own place."""
    if not view.has_within:
        return ""
    return (
        "Within their own place: people who have left home there and are still in the place. They are newly "
        "displaced and need the same as others; they arrive nowhere, so arrivals do not count them."
    )


def within_sentence(view: ForecastView, course: str) -> str:
    """Say how many are within their own place at the end of a course; empty if the median is nobody."""
    people = int(view.within_in_all.sel(course=course, quantile=0.5))
    if not view.has_within or not people:
        return ""
    return (
        f" Of all newly displaced people {view.formatter.people(people)} (median) are then within their own "
        "place: they have left home, and not the place."
    )


def within_cells(view: ForecastView, course: str) -> dict[str, str]:
    """Give place → median of people within their own place on the last day; nothing if nobody is."""
    if not view.has_within:
        return {}
    words = view.formatter
    last, median = len(view.dates) - 1, {"course": course, "quantile": 0.5}
    counts, hidden = view.within_on(last).sel(median), view.within_suppressed(last).sel(median)
    return {
        str(place): SUPPRESSED
        if gone and not is_suppressed(count, view.suppress_below)
        else words.people(count)
        for place, count, gone in zip(
            counts["place"].values, counts.values.tolist(), hidden.values.tolist(), strict=True
        )
    }
