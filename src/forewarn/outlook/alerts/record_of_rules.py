"""What the record of past forecasts says of a rule like one of the scenario's triggers.

The record is of a statistical forecast from registrations, not of this simulation (`contents.skill`).
"""

from __future__ import annotations

from collections.abc import Callable
from math import log
from typing import TYPE_CHECKING, Final, TypeVar

from forewarn import record
from forewarn.outlook.format.values import percent

if TYPE_CHECKING:
    from forewarn.outlook.triggers import TriggerEvaluation
    from forewarn.scenario import Scenario

MODE: Final = "total-forecast"
"""Nothing of what came later was known to the forecast."""
FORECASTER: Final = "forewarn"
SMALLEST: Final = 100
"""People at a place from which the record counts it."""
FARTHEST: Final = log(2)
"""A rule is like one of the record if its threshold is at most twice, at least half as high: assumption."""
LIKE_PROBABILITY: Final = 0.1
"""And if its probability is at most this far away: assumption; the record has 0.3, 0.5 and 0.7."""
Kind = TypeVar("Kind")


def rule_like(scenario: Scenario, evaluation: TriggerEvaluation) -> record.TriggerRecord | None:
    """Find the rule of the record that is most like a trigger; nothing if none is like it.

    Like it: about arrivals in a place or in all together, of the same horizon, `FARTHEST` and
    `LIKE_PROBABILITY`. The record counts people against those who were there before.
    """
    rule = evaluation.trigger.rule
    horizon = record.horizon_for(rule.days)
    everywhere = rule.where == "anywhere"
    there = scenario.places if everywhere else evaluation.places
    before = sum(place.displaced for place in there)
    if rule.measure != "arrivals" or horizon is None or before < SMALLEST or not rule.people:
        return None

    def distance(each: record.TriggerRecord) -> tuple[float, float]:
        threshold = abs(log(rule.people / before / each.threshold_part))
        return threshold, abs(each.activates_above - rule.probability)

    like = [
        each
        for each in stored(record.triggers)
        if speaks(each, horizon)
        and each.threshold_of == ("total" if everywhere else "place")
        and distance(each)[0] <= FARTHEST
        and distance(each)[1] <= LIKE_PROBABILITY
    ]
    return min(like, key=distance, default=None)


def rates_in_words(found: record.TriggerRecord | None) -> str:
    """Say how a rule of the record did; "none" if there is none."""
    if found is None:
        return "none"
    wrong = rate(found.false_alarm_ratio)
    return f"warned of {rate(found.detection)} of events; {wrong} of warnings wrong"


def rate(found: record.EstimateInterval | None) -> str:
    """Write a rate with its 90 % interval."""
    if found is None:
        return "–"
    return f"{percent(found.value)} ({percent(found.low)}–{percent(found.high)})"


def speaks(each: object, horizon: int | None) -> bool:
    """Whether a line of the record is of our forecast, over this horizon, with nothing known of what came."""
    return (
        getattr(each, "mode", "") == MODE
        and getattr(each, "forecaster", "") == FORECASTER
        and getattr(each, "horizon_days", None) == horizon
    )


def stored(read: Callable[[], tuple[Kind, ...]]) -> tuple[Kind, ...]:
    """Read a part of the record; nothing if it was not shipped."""
    try:
        return read()
    except FileNotFoundError:
        return ()
