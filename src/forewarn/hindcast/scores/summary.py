"""What the scores say: by conflict, pooled, and beside the best naive forecast."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from forewarn.hindcast.scores.formulas import (
    LEVELS,
    Ratio,
    averaged_relative_difference,
    pooled,
    ratio_interval,
    rescaled_averaged_relative_difference,
)
from forewarn.hindcast.scores.records import Scored, losses

POOLED: Final = "pooled"
MEASURES: Final = ("error", "crps", "weighted_interval_score")


@dataclass(frozen=True, slots=True)
class MeanScores:
    """Mean scores of a forecaster at one horizon in one mode, of one conflict or pooled.

    Parameters
    ----------
    error, crps, weighted_interval_score
        Sums over places per person there; pooled: mean over conflicts of the mean over issues.
    coverage
        (level of `scores.LEVELS`,), part of the places whose interval held the truth; pooled likewise.
    ard, rescaled_ard
        As in papers on Flee, over target days instead of every day; pooled: mean over conflicts. There ARD
        is what the error is.
    """

    mode: str
    horizon_days: int
    forecaster: str
    conflict: str
    issues: int
    error: float
    crps: float
    weighted_interval_score: float
    coverage: tuple[float, ...]
    ard: float
    rescaled_ard: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """A forecaster beside the naive forecast that is best by this measure: loss / loss.

    `ratio` draws conflicts and blocks of issues anew, `within` blocks of issues alone.
    """

    mode: str
    horizon_days: int
    forecaster: str
    measure: str
    naive: str
    ratio: Ratio
    within: Ratio


def groups(scored: Sequence[Scored]) -> dict[tuple[str, int], list[Scored]]:
    """Sort scores by mode and horizon."""
    found: dict[tuple[str, int], list[Scored]] = {}
    for entry in scored:
        found.setdefault((entry.mode, entry.issue.horizon_days), []).append(entry)
    return found


def summarise(scored: Sequence[Scored]) -> tuple[MeanScores, ...]:
    """Give rows by conflict and pooled."""
    rows: list[MeanScores] = []
    for (mode, horizon), entries in groups(scored).items():
        for name in dict.fromkeys(entry.forecaster for entry in entries):
            own = [entry for entry in entries if entry.forecaster == name]
            conflicts = dict.fromkeys(entry.issue.conflict for entry in own)
            found = [
                _row(mode, horizon, name, conflict, [e for e in own if e.issue.conflict == conflict])
                for conflict in conflicts
            ]
            rows += [*found, _pool(found)]
    return tuple(rows)


def _row(mode: str, horizon: int, name: str, conflict: str, entries: Sequence[Scored]) -> MeanScores:
    inside = [np.concatenate([entry.covered[level] for entry in entries]) for level in range(len(LEVELS))]
    error, crps, wis = (float(np.mean([getattr(entry, each) for entry in entries])) for each in MEASURES)
    coverage = tuple(float(places.mean()) for places in inside)
    pairs = [([entry.forecast.point], [entry.issue.truth]) for entry in entries]
    ard = float(np.mean([averaged_relative_difference(*pair) for pair in pairs]))
    rescaled = float(np.mean([rescaled_averaged_relative_difference(*pair) for pair in pairs]))
    return MeanScores(mode, horizon, name, conflict, len(entries), error, crps, wis, coverage, ard, rescaled)


def _pool(rows: Sequence[MeanScores]) -> MeanScores:
    first = rows[0]
    means = (*MEASURES, "ard", "rescaled_ard")
    error, crps, wis, *ards = (float(np.mean([getattr(row, each) for row in rows])) for each in means)
    coverage = tuple(np.mean([row.coverage for row in rows], axis=0).tolist())
    number = sum(row.issues for row in rows)
    head = (first.mode, first.horizon_days, first.forecaster, POOLED, number)
    return MeanScores(*head, error, crps, wis, coverage, *ards)


def compare(scored: Sequence[Scored], *, naive: Collection[str], seed: int = 1) -> tuple[Comparison, ...]:
    """Compare every other forecaster with the best naive one, by measure; nothing if there is none.

    Parameters
    ----------
    naive
        Names of the naive forecasters.
    seed
        Of the bootstrap.
    """
    found = []
    for (mode, horizon), entries in groups(scored).items():
        names = dict.fromkeys(entry.forecaster for entry in entries)
        rivals = [name for name in names if name in naive]
        for name in names:
            if name in naive or not rivals:
                continue
            for measure in MEASURES:
                all_losses = {rival: losses(entries, rival, measure) for rival in rivals}
                best = min(all_losses.items(), key=lambda item: pooled(item[1]))[0]
                ours = losses(entries, name, measure)
                ratio = ratio_interval(ours, all_losses[best], seed=seed)
                within = ratio_interval(ours, all_losses[best], seed=seed, over_conflicts=False)
                found.append(Comparison(mode, horizon, name, measure, best, ratio, within))
    return tuple(found)
