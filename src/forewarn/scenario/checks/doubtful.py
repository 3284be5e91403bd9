"""What a scenario may say and hardly means: it is forecast all the same, and said on what comes out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from forewarn.errors import Problem
from forewarn.scenario.addressing.addresses import Tally, quantities, tally
from forewarn.scenario.checks.doubtful_places import doubts_about_places
from forewarn.scenario.model.models import Scenario

TEACHING: Final = "teaching example"
PLACEHOLDER: Final = "placeholder of the template"
"""Assumptions that numbers of `crossroads` and of the template rest on."""
MODEL: Final = "model."


def doubts(scenario: Scenario) -> tuple[Problem, ...]:
    """Find what looks wrong and is no error: exact behaviour, numbers of an example, coordinates, roads.

    Examples
    --------
    >>> from forewarn.scenario import load
    >>> [problem.where for problem in doubts(load("crossroads"))]
    ['model']
    >>> doubts(load("idlib-2018"))
    ()
    """
    counted = tally(scenario)
    return (
        *_doubts_about_behaviour(scenario, _resting_on(TEACHING, counted)),
        *_placeholders(_resting_on(PLACEHOLDER, counted)),
        *_unused_history(scenario),
        *doubts_about_places(scenario),
    )


def _resting_on(why: str, counted: Tally) -> list[str]:
    return [assumption.path for assumption in counted.assumptions if assumption.why == why]


def _doubts_about_behaviour(scenario: Scenario, teaching: Sequence[str]) -> list[Problem]:
    """Find behaviour that was left as the teaching example has it, or is known exactly, as it never is."""
    ranges = [
        path
        for path, quantity in quantities(scenario)
        if path.startswith(MODEL) and not quantity.plain_only and quantity.kind != "exact"
    ]
    copied = sum(path.startswith(MODEL) for path in teaching)
    found = []
    if copied:
        found.append(f"{copied} numbers of behaviour are those of the teaching example")
    if not ranges:
        found.append("every number of behaviour is exact, so that the forecast's ranges hold chance alone")
    remedy = "Take out what begins with 'model': the shipped defaults stand in, ranges with their sources"
    return [Problem("model", "; ".join(found), remedy=remedy)] if found else []


def _unused_history(scenario: Scenario) -> list[Problem]:
    """Find a history of flows that moves nobody."""
    exponent = "model.destination.history_exponent"
    if not scenario.flow_history or scenario.model.destination.history_exponent.bounds()[1] > 0:
        return []
    return [
        Problem("flow_history", f"it changes nothing: {exponent} is 0", remedy=f"Set {exponent}, such as 0.5")
    ]


def _placeholders(paths: Sequence[str]) -> list[Problem]:
    """Find numbers that were left as the template has them."""
    what = f"{len(paths)} numbers are placeholders of the template, such as {next(iter(paths), '')}"
    return [Problem("scenario", what, remedy="Write your own, with their source")] if paths else []
