"""What the page of a drafted scenario says before anything else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from forewarn.outlook.contents.drafted_numbers import DraftedNumber, build_drafted_numbers
from forewarn.outlook.contents.drivers import in_words
from forewarn.scenario import tally
from forewarn.sources import is_assumption

if TYPE_CHECKING:
    from forewarn.outlook.view import ForecastView

CHANCES: Final = "the chances of the courses"
USUAL: Final = ("model.flight.share_leaving", "model.flight.days_to_half")
NAMED: Final = 3
"""Assumptions named on the first screen."""


@dataclass(frozen=True, slots=True)
class DraftBanner:
    """That this is a draft, how much of it is assumed, and what moves it most."""

    reports: tuple[str, ...]
    sourced: int
    assumed: int
    movers: tuple[str, ...]
    notes: tuple[str, ...]
    lines: tuple[DraftedNumber, ...]


def build_draft_banner(view: ForecastView) -> DraftBanner | None:
    """Say that a scenario is a draft; nothing if it is not one."""
    scenario = view.scenario
    note = scenario.draft
    if note is None:
        return None
    counted = tally(scenario)
    found = [each for each in view.drivers if each.course in view.courses]
    strongest = sorted(found, key=lambda each: -each.index)
    moving = [each.path for each in strongest if is_assumption(each.source) or "flight" in each.path]
    # With too few members nothing stands out: what moves nearly every forecast stands in for it.
    movers = dict.fromkeys(in_words(path)[0] for path in (*moving, *USUAL))
    return DraftBanner(
        reports=note.reports,
        sourced=counted.sourced,
        assumed=counted.assumed,
        # Chances move every sum over courses, and no ensemble can say by how much.
        movers=(CHANCES, *tuple(movers)[: NAMED - 1]),
        notes=note.notes,
        lines=build_drafted_numbers(scenario),
    )
