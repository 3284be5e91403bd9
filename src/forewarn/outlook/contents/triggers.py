"""The triggers of a scenario and how probable the forecast makes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from forewarn.outlook.alerts.record_of_rules import rates_in_words, rule_like
from forewarn.outlook.format.text_table import TextTable
from forewarn.outlook.format.values import chance, percent

if TYPE_CHECKING:
    from forewarn.outlook.view import ForecastView


def build_trigger_table(view: ForecastView) -> TextTable | None:
    """List the triggers, those that hold first; nothing if the scenario has none."""
    found = view.trigger_evaluations
    if not found:
        return None
    rows = tuple(
        (
            each.trigger.name,
            percent(each.probability),
            chance(each.trigger.rule.probability),
            "alert" if each.holds else "no alert",
            rates_in_words(rule_like(view.scenario, each)),
            " ".join(part for part in (each.trigger.when + ".", each.trigger.action) if part),
        )
        for each in sorted(found, key=lambda each: not each.holds)
    )
    return TextTable(
        caption="Rules that planners set before, and whether they hold in this forecast",
        columns=(
            "Trigger",
            "Probability",
            "Alert above",
            "State",
            "Such rules before",
            "Rule, and what it is for",
        ),
        rows=rows,
        note=(
            "Over all courses, each with its chance, which is an assumption of whoever wrote the scenario. "
            "“Such rules before”: hindcast rates of rules about arrivals with a like threshold, time and "
            "probability, of a statistical forecast from registrations and not of this simulation (see Skill "
            "record); in brackets 90 % intervals."
        ),
    )
