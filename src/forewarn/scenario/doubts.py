"""What a scenario may say and hardly means: it is forecast all the same, and said on what comes out."""

from __future__ import annotations

from typing import Final

from forewarn.errors import Problem
from forewarn.scenario.addresses import quantities, tally
from forewarn.scenario.doubtful_places import doubts_about_places
from forewarn.scenario.models import Scenario

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
    ['model', 'model']
    >>> doubts(load("idlib-2018"))
    ()
    """
    return (*_copied(scenario), *_without_spread(scenario), *doubts_about_places(scenario))


def _copied(scenario: Scenario) -> list[Problem]:
    """Find numbers that were left as an example, or the template, had them."""
    counted = tally(scenario)
    everything = counted.sourced + counted.assumed
    paths = {
        why: [each.path for each in counted.assumptions if each.why == why] for why in (TEACHING, PLACEHOLDER)
    }
    found = []
    if behaviour := sum(path.startswith(MODEL) for path in paths[TEACHING]):
        what = (
            f"{behaviour} numbers of behaviour are those of the teaching example, in which nobody flees for "
            "fear, moves in ordinary times or returns"
        )
        remedy = "Take out what begins with 'model': the shipped defaults stand in, ranges with their sources"
        found.append(Problem("model", what, remedy=remedy))
    if left := paths[PLACEHOLDER]:
        what = f"{len(left)} of {everything} numbers are placeholders of the template, such as {left[0]}"
        found.append(Problem("scenario", what, remedy="Write your own, with their source"))
    return found


def _without_spread(scenario: Scenario) -> list[Problem]:
    """Find behaviour that is known exactly, as it never is."""
    behaviour = [
        quantity
        for path, quantity in quantities(scenario)
        if path.startswith(MODEL) and not quantity.plain_only
    ]
    if any(quantity.kind != "exact" for quantity in behaviour):
        return []
    what = "every number of behaviour is exact, so that the forecast's ranges hold chance alone: too narrow"
    remedy = "Give ranges (low, mode, high), or leave numbers out: the shipped defaults stand in"
    return [Problem("model", what, remedy=remedy)]
