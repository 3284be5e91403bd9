"""What the page of a drafted scenario says before anything else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import xarray as xr

from forewarn.forecast.sensitivity import drivers
from forewarn.scenario import tally
from forewarn.sources import is_assumption

if TYPE_CHECKING:
    from forewarn.scenario import Scenario

NAMED: Final = 3
"""Assumptions named on the first screen."""


@dataclass(frozen=True, slots=True)
class Basis:
    """What a number of the draft rests on: a sentence of a report, or an assumption."""

    path: str
    words: str
    report: str


@dataclass(frozen=True, slots=True)
class DraftBanner:
    """That this is a draft, how much of it is assumed, and what moves it most."""

    reports: tuple[str, ...]
    sourced: int
    assumed: int
    movers: tuple[str, ...]
    notes: tuple[str, ...]
    basis: tuple[Basis, ...]


def draft_banner(dataset: xr.Dataset, scenario: Scenario) -> DraftBanner | None:
    """Say that a scenario is a draft; nothing if it is none."""
    note = scenario.draft
    if note is None:
        return None
    counted = tally(scenario)
    strongest = sorted(drivers(dataset, scenario), key=lambda each: -each.index)
    movers = dict.fromkeys(
        each.path for each in strongest if is_assumption(each.source) or "flight" in each.path
    )
    return DraftBanner(
        reports=note.reports,
        sourced=counted.sourced,
        assumed=counted.assumed,
        # Chances move every sum over courses, and no ensemble can say by how much.
        movers=(*tuple(movers)[: NAMED - 1], "courses.*.probability"),
        notes=note.notes,
        basis=tuple(Basis(each.path, each.words, each.report) for each in note.evidence),
    )
