"""The chance of an offensive, and whether it is more than an assumption."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from forewarn.outlook.view import ForecastView


def offensive_chance(view: ForecastView) -> str:
    """Write the chance of an offensive and what is said beside it, such as the interval of a base rate."""
    written = view.formatter.chance(view.offensive_probability)
    if view.has_observations:
        return written
    staged = (course.probability.note for course in view.scenario.courses if course.stages)
    notes = "; ".join(dict.fromkeys(note for note in staged if note))
    return f"{written} ({notes})" if notes else written


def what_chances_are(view: ForecastView) -> str:
    """Say what the chances of the courses rest on; empty if it is no assumption."""
    if not view.scenario.chances_assumed:
        return ""
    return "an assumption weighed by the counts" if view.has_observations else "an assumption"


def chance_heading(view: ForecastView) -> str:
    """Head a column of chances of courses."""
    return "Chance (assumed)" if view.scenario.chances_assumed and not view.has_observations else "Chance"
