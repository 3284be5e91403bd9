"""How good forecasts were before, as far as anybody has measured it, in words.

The record (`forewarn.record`) is of a statistical forecast made from registrations in past conflicts. It is
not one of this simulation, and every table says so. Without a record the page says that there is none.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import log
from typing import TYPE_CHECKING, Final, TypeVar

from forewarn import record
from forewarn.outlook.telling import Table
from forewarn.outlook.wording import chance, listed, percent

if TYPE_CHECKING:
    from forewarn.outlook.alerts import Standing
    from forewarn.outlook.telling import Teller

MODE: Final = "total-forecast"
"""Nothing of what came later was known to the forecast."""
FORECASTER: Final = "forewarn"
SMALLEST: Final = 100
"""People at a place from which the record counts it."""
FARTHEST: Final = log(2)
"""A rule is like one of the record if its threshold is at most twice, at least half as high: assumption."""
LIKE_PROBABILITY: Final = 0.1
"""And if its probability is no farther away than this: assumption; the record has 0.3, 0.5 and 0.7."""
MEASURES: Final = {
    "error": "Error, relative to the best simple forecast",
    "crps": "Error of the whole distribution (CRPS), relative to the best simple forecast",
}
CONFLICTS: Final = {
    "burundi2015": "Burundi 2015",
    "car2013": "Central African Republic 2013",
    "mali2012": "Mali 2012",
    "nigeria2016": "Nigeria 2016",
    "ssudan2013": "South Sudan 2013",
    "syria2013": "Syria 2013",
}
Kind = TypeVar("Kind")


@dataclass(frozen=True, slots=True)
class Skill:
    """What is known of the skill of forecasts; tables only where something was measured."""

    text: str
    scores: Table | None
    rates: Table | None


def tell_skill(teller: Teller) -> Skill:
    """Say what has been measured for forecasts as long as this one."""
    none = "None for this simulation: no outlook of it has been scored against what happened afterwards."
    days = teller.dataset.sizes["day"] - 1
    horizon = record.horizon_for(days)
    found = [each for each in _stored(record.triggers) if _speaks(each, horizon)]
    scores = _scores(horizon)
    if horizon is None or not (found or scores.rows):
        return Skill(f"{none} Nor is there a record of other forecasts over {days:,} days.", None, None)
    return Skill(f"{none} {measured_on(horizon)}", scores if scores.rows else None, _rates(found, horizon))


def measured_on(horizon: int) -> str:
    """Say what the record was measured on."""
    about = record.about()
    conflicts = [CONFLICTS.get(each, each) for each in about["conflicts"]]
    issues = about["issues"][str(horizon)]
    return (
        "What is shown here instead was measured on a statistical forecast of arrivals from registrations: "
        f"{issues:,} forecasts over {horizon} days in {len(conflicts)} conflicts "
        f"({listed(conflicts)}), each scored by what was registered later. That forecast knows no courses, "
        "roads or borders, and this simulation may do better or worse."
    )


def rates_of(teller: Teller, standing: Standing) -> str:
    """Say how rules like a trigger did in the record; "none" if it has none like it."""
    rule = standing.trigger.rule
    horizon = record.horizon_for(rule.days)
    everywhere = rule.where == "anywhere"
    there = teller.scenario.places if everywhere else standing.places
    before = sum(place.displaced for place in there)
    if rule.measure != "arrivals" or horizon is None or before < SMALLEST or not rule.people:
        return "none"
    like = [
        each
        for each in _stored(record.triggers)
        if _speaks(each, horizon)
        and each.threshold_of == ("total" if everywhere else "place")
        and abs(log(rule.people / before / each.threshold_part)) <= FARTHEST
        and abs(each.activates_above - rule.probability) <= LIKE_PROBABILITY
    ]
    if not like:
        return "none"
    nearest = min(
        like,
        key=lambda each: (
            abs(log(rule.people / before / each.threshold_part)),
            abs(each.activates_above - rule.probability),
        ),
    )
    wrong = _rate(nearest.false_alarm_ratio)
    return f"warned of {_rate(nearest.detection)} of events; {wrong} of warnings wrong"


def _scores(horizon: int | None) -> Table:
    rows: list[tuple[str, ...]] = []
    for measure, words in MEASURES.items():
        rows += [
            (words, f"{each.ratio:.2f}", f"{each.low:.2f}–{each.high:.2f}")
            for each in _stored(record.comparisons)
            if _speaks(each, horizon) and each.measure == measure
        ]
    for each in _stored(record.calibrations):
        if _speaks(each, horizon) and each.conflict == record.POOLED:
            for nominal, held in ((80, each.coverage_80), (90, each.coverage_90)):
                words = f"Counts that lay within its {nominal} % interval"
                rows.append((words, percent(held.value), f"{percent(held.low)}–{percent(held.high)}"))
    return Table(
        caption=f"A statistical forecast from registrations, {horizon} days ahead (not this simulation)",
        columns=("Measured", "Value", "90 % interval"),
        rows=tuple(rows),
        note="Below 1 is better than the best simple forecast, such as “as many as last time”.",
    )


def _rates(found: list[record.TriggerRecord], horizon: int) -> Table | None:
    if not found:
        return None
    of = {"place": "in a place", "total": "in all places"}
    rows = tuple(
        (
            f"Net arrivals {of.get(each.threshold_of, each.threshold_of)} above "
            f"{each.threshold_part:.0%} of the people there".replace("%", " %"),
            chance(each.activates_above),
            _rate(each.activation),
            _rate(each.detection),
            _rate(each.false_alarm_ratio),
            f"{each.events:,} of {each.forecasts:,}",
        )
        for each in found
    )
    return Table(
        caption=f"Rules tried on that forecast, {horizon} days ahead",
        columns=(
            "Event within the time",
            "Alert above a probability of",
            "Alerts, of all forecasts",
            "Events warned of",
            "Alerts that were wrong",
            "Events",
        ),
        rows=rows,
        note="In brackets: 90 % interval. Arrivals are net: those who left again are taken off.",
    )


def _rate(found: record.Interval | None) -> str:
    if found is None:
        return "–"
    return f"{percent(found.value)} ({percent(found.low)}–{percent(found.high)})"


def _speaks(each: object, horizon: int | None) -> bool:
    return (
        getattr(each, "mode", "") == MODE
        and getattr(each, "forecaster", "") == FORECASTER
        and getattr(each, "horizon_days", None) == horizon
    )


def _stored(read: Callable[[], tuple[Kind, ...]]) -> tuple[Kind, ...]:
    """Read a part of the record; nothing if it was not shipped."""
    try:
        return read()
    except FileNotFoundError:
        return ()
