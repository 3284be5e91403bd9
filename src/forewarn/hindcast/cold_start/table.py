"""The score table of a cold start: gravity model, equal and distance-only shares, Flee's rules."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np

from forewarn.arraytypes import Floats
from forewarn.flee.counts import read_counts
from forewarn.flee.reading import read_directory
from forewarn.flee.running import make_world, run
from forewarn.hindcast.cold_start.shares import (
    GRID,
    ColdCase,
    averaged,
    distance_only,
    error,
    grid_errors,
    kept,
    read_cold_case,
)
from forewarn.hindcast.data.cases import Case
from forewarn.hindcast.forecasters.flee_rules import MODERN, SEED, as_of, only_under_attack
from forewarn.hindcast.forecasters.learnt import LearntGrid
from forewarn.hindcast.scores.formulas import Ratio, ratio_interval, rescaled_averaged_relative_difference
from forewarn.hindcast.scores.summary import POOLED

FORECASTERS: Final = ("gravity", "equal", "distance", "flee", "flee-faults")
FLEE_MEMBERS: Final = 3
PERIOD_DAYS: Final = 30  # of the bootstrap: blocks of three periods

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class ColdRow:
    """Rescaled ARD of a forecaster on one conflict, or the mean over conflicts (`POOLED`)."""

    conflict: str
    forecaster: str
    days: int
    error: float


@dataclass(frozen=True, slots=True)
class ColdComparison:
    """Pooled rescaled ARD of `gravity` / that of another; `better_in` of `conflicts` it has the lower."""

    other: str
    ratio: Ratio
    better_in: int
    conflicts: int


@dataclass(frozen=True, slots=True)
class ColdStart:
    """All rows and comparisons."""

    rows: tuple[ColdRow, ...]
    comparisons: tuple[ColdComparison, ...]


def read_cold_cases(folders: Sequence[Path], cases: Sequence[Case]) -> tuple[ColdCase, ...]:
    """Read what a cold start may know of each directory."""
    return tuple(read_cold_case(folder, case) for folder, case in zip(folders, cases, strict=True))


def cold_start(
    folders: Mapping[str, Path],
    cases: Sequence[ColdCase],
    *,
    only: Sequence[str] | None = None,
    prior: LearntGrid | None = None,
    seed: int = 1,
    progress: Progress | None = None,
) -> ColdStart:
    """Score a cold start on every conflict, parameters of the gravity model coming from the others.

    Parameters
    ----------
    folders
        Flee directory of each conflict, for Flee's rules.
    only
        Conflicts to score; the others are learnt from alone. All by default.
    prior
        Errors on further conflicts. Without it and of one conflict alone the whole grid is averaged.
    """
    scored = [case for case in cases if only is None or case.name in only]
    learnable = len(cases) > 1
    grids: dict[str, Floats] = {}
    for done, case in enumerate(cases if learnable else ()):
        if progress is not None:
            progress(done, len(cases) + len(scored))
        grids[case.name] = grid_errors(case)
    rows: list[ColdRow] = []
    losses: dict[str, dict[str, Floats]] = {name: {} for name in FORECASTERS}
    for done, case in enumerate(scored):
        if progress is not None:
            progress(len(cases) + done, len(cases) + len(scored))
        others = {name: one for name, one in grids.items() if name != case.name}
        people = {
            "gravity": averaged(case, _entries(others, prior)),
            "equal": np.ones(case.registered.shape),
            "distance": distance_only(case),
            "flee": flee_people(folders[case.name], case),
            "flee-faults": flee_people(folders[case.name], case, faults=True),
        }
        for name, forecast in people.items():
            rows.append(ColdRow(case.name, name, len(case.registered), error(case, forecast)))
            losses[name][case.name] = _by_period(case, forecast)
    days = sum(len(case.registered) for case in scored)
    means = {name: np.mean([row.error for row in rows if row.forecaster == name]) for name in FORECASTERS}
    rows += [ColdRow(POOLED, name, days, float(mean)) for name, mean in means.items()]
    return ColdStart(tuple(rows), _compare(rows, losses, seed))


def learn_grid(cases: Sequence[ColdCase]) -> LearntGrid:
    """Give the mean error of every entry of the grid over these conflicts."""
    return LearntGrid(len(cases), np.mean([grid_errors(case) for case in cases], axis=0))


def _entries(errors: Mapping[str, Floats], prior: LearntGrid | None) -> Sequence[int]:
    """Choose entries of the grid by errors on other conflicts; all of them if there are none."""
    given = dict(errors)
    if prior is not None:
        given |= {f"shipped {number}": prior.errors for number in range(prior.conflicts)}
    return kept(given) if given else range(len(GRID))


def flee_people(folder: Path, case: ColdCase, *, faults: bool = False) -> Floats:
    """Run Flee's rules with every day's total and fighting, camps unlimited: (day, camp), people.

    As in Flee, camps start with what was registered on day 0. Nobody is displaced while nothing is attacked.

    Parameters
    ----------
    faults
        Reproduce Flee's faults.
    """
    read = read_directory(folder)
    directory = as_of(read, read.length_days, read.length_days)
    counts = read_counts(directory, MODERN, faults=faults)
    counts = replace(counts, new=only_under_attack(directory, counts.new))
    result = run(make_world(directory, counts, MODERN, faults=faults), members=FLEE_MEMBERS, seed=SEED)
    at = [directory.names.index(camp) for camp in case.camps]
    return np.asarray(result.present.mean(axis=0)[-len(case.registered) :, at])


def _by_period(case: ColdCase, people: Floats) -> Floats:
    """Give the rescaled ARD of each `PERIOD_DAYS`; what is left at the end joins the last."""
    starts = range(0, max(len(people) - PERIOD_DAYS, 0) + 1, PERIOD_DAYS)
    ends = [*list(starts)[1:], len(people)]
    return np.array(
        [
            rescaled_averaged_relative_difference(people[start:end], case.registered[start:end])
            for start, end in zip(starts, ends, strict=True)
        ]
    )


def _compare(
    rows: Sequence[ColdRow], losses: Mapping[str, dict[str, Floats]], seed: int
) -> tuple[ColdComparison, ...]:
    errors = {(row.conflict, row.forecaster): row.error for row in rows}
    conflicts = list(losses["gravity"])
    found = []
    for other in FORECASTERS[1:]:
        interval = ratio_interval(losses["gravity"], losses[other], seed=seed)
        value = errors[POOLED, "gravity"] / errors[POOLED, other]
        better = sum(errors[name, "gravity"] < errors[name, other] for name in conflicts)
        ratio = Ratio(value, interval.low, interval.high)
        found.append(ColdComparison(other, ratio, better, len(conflicts)))
    return tuple(found)
