"""How good forecasts were before, as far as anybody has measured it, in words.

The record (`forewarn.record`) is of a statistical forecast made from registrations in past conflicts. It is
not one of this simulation, and every table says so. Without a record the page says that there is none.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from forewarn import record
from forewarn.outlook.alerts.record_of_rules import rate, speaks, stored
from forewarn.outlook.format.text_table import TextTable
from forewarn.outlook.format.values import chance, listed, percent

if TYPE_CHECKING:
    from forewarn.outlook.view import ForecastView

MEASURES: Final = {
    "error": "Error, relative to the best simple forecast",
    "crps": "Error of the whole distribution (CRPS), relative to the best simple forecast",
}
CONFLICTS: Final = {
    "burundi2015": "Burundi 2015",
    "car2013": "Central African Republic 2013",
    "mali2012": "Mali 2012",
    "mali2017_adm1": "Mali 2017",
    "nigeria2016": "Nigeria 2016",
    "nigeria2022_adm2": "Nigeria 2022",
    "ssudan2013": "South Sudan 2013",
    "ssudan2016": "South Sudan 2016",
    "syria2013": "Syria 2013",
    "tigray2020": "Tigray 2020",
}


@dataclass(frozen=True, slots=True)
class Skill:
    """What is known of the skill of forecasts; tables only where something was measured."""

    text: str
    scores: TextTable | None
    rates: TextTable | None


def build_skill(view: ForecastView) -> Skill:
    """Say what has been measured for forecasts as long as this one."""
    none = "None for this simulation: no outlook of it has been scored against what happened afterwards."
    days = len(view.dates) - 1
    horizon = record.horizon_for(days)
    found = [each for each in stored(record.triggers) if speaks(each, horizon)]
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


def _scores(horizon: int | None) -> TextTable:
    rows: list[tuple[str, ...]] = []
    for measure, words in MEASURES.items():
        rows += [
            (words, f"{each.ratio:.2f}", f"{each.low:.2f}–{each.high:.2f}")
            for each in stored(record.comparisons)
            if speaks(each, horizon) and each.measure == measure
        ]
    for each in stored(record.calibrations):
        if speaks(each, horizon) and each.conflict == record.POOLED:
            for nominal, held in ((80, each.coverage_80), (90, each.coverage_90)):
                words = f"Counts that lay within its {nominal} % interval"
                rows.append((words, percent(held.value), f"{percent(held.low)}–{percent(held.high)}"))
    return TextTable(
        caption=f"A statistical forecast from registrations, {horizon} days ahead (not this simulation)",
        columns=("Measured", "Value", "90 % interval"),
        rows=tuple(rows),
        note="Below 1 is better than the best simple forecast, such as “as many as last time”.",
    )


def _rates(found: list[record.TriggerRecord], horizon: int) -> TextTable | None:
    if not found:
        return None
    of = {"place": "in a place", "total": "in all places"}
    rows = tuple(
        (
            f"Net arrivals {of.get(each.threshold_of, each.threshold_of)} above "
            f"{each.threshold_part:.0%} of the people there".replace("%", " %"),
            chance(each.activates_above),
            rate(each.activation),
            rate(each.detection),
            rate(each.false_alarm_ratio),
            f"{each.events:,} of {each.forecasts:,}",
        )
        for each in found
    )
    return TextTable(
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
