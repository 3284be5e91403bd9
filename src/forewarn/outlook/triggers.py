"""Triggers: rules that planners agreed on before, and how probable a forecast makes them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

if TYPE_CHECKING:
    from forewarn.scenario import Place, Scenario, Trigger


@dataclass(frozen=True, slots=True)
class TriggerEvaluation:
    """A trigger and how probable the forecast makes it.

    Parameters
    ----------
    places
        Those that the rule names; none if it is about all places together.
    probability
        Over all courses by their weights, 0 to 1.
    """

    trigger: Trigger
    places: tuple[Place, ...]
    probability: float

    @property
    def holds(self) -> bool:
        """Whether an alert is due."""
        return bool(self.probability > self.trigger.rule.probability)


def evaluate_triggers(dataset: xr.Dataset, scenario: Scenario) -> tuple[TriggerEvaluation, ...]:
    """Say how probable each trigger's rule is, over all courses by their weights."""
    return tuple(_evaluate(dataset, scenario, trigger) for trigger in scenario.triggers)


def _evaluate(dataset: xr.Dataset, scenario: Scenario, trigger: Trigger) -> TriggerEvaluation:
    rule = trigger.rule
    here = [
        place
        for place in scenario.places
        if rule.where in (place.name, place.pcode) or rule.where == "anywhere"
    ]
    counts = dataset[rule.measure].isel(place=[scenario.places.index(place) for place in here])
    if rule.measure == "present":
        found = counts.isel(day=rule.days)
    else:
        found = counts.isel(day=slice(1, rule.days + 1)).sum("day", dtype=np.int64)
    above = found.sum("place", dtype=np.int64).values > rule.people
    probability = float(dataset["weight"].values[above].sum())
    named = tuple(here) if rule.where != "anywhere" else ()
    return TriggerEvaluation(trigger, named, min(1.0, probability))
