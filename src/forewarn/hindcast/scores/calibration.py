"""Whether what was called likely happened as often as was said: rank histograms and coverage."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from forewarn.arraytypes import Floats
from forewarn.hindcast.scores.formulas import LEVELS, Ratio
from forewarn.hindcast.scores.rates import rate
from forewarn.hindcast.scores.records import Scored
from forewarn.hindcast.scores.summary import POOLED, groups

BINS: Final = 10


def rank_mass(samples: ArrayLike, truth: float) -> Floats:
    """Spread the rank of the truth among the members over `BINS` bins of equal width, adding to 1.

    With m members of which b lie below the truth and e equal it, the rank covers b / (m + 1) to
    (b + e + 1) / (m + 1) evenly, so that ties need no lot (Czado et al. 2009,
    doi:10.1111/j.1541-0420.2009.01191.x). Flat on average if the truth is one more draw.

    Examples
    --------
    >>> rank_mass([1.0, 2.0, 3.0, 4.0], 5.0)[-2:].round(6).tolist()
    [0.5, 0.5]
    """
    members = np.asarray(samples, np.float64)
    low = np.sum(members < truth) / (len(members) + 1)
    high = (np.sum(members <= truth) + 1) / (len(members) + 1)
    edges = np.linspace(0, 1, BINS + 1)
    inside = np.clip(np.minimum(edges[1:], high) - np.maximum(edges[:-1], low), 0, None)
    return np.asarray(inside / (high - low))


@dataclass(frozen=True, slots=True)
class Calibration:
    """Calibration of a forecaster in one conflict, or pooled: every conflict counts the same.

    Parameters
    ----------
    forecasts
        Places × issues.
    coverage
        Part of the places whose interval of each of `scores.LEVELS` held the truth.
    ranks
        (bin,), part of the truths in each tenth of the distribution forecast: 0.1 everywhere is right.
    """

    mode: str
    horizon_days: int
    forecaster: str
    conflict: str
    forecasts: int
    coverage: tuple[Ratio, ...]
    ranks: Floats


def calibrate(scored: Sequence[Scored], *, seed: int = 1) -> tuple[Calibration, ...]:
    """Give rows by conflict and pooled.

    Parameters
    ----------
    seed
        Of the bootstrap.
    """
    rows: list[Calibration] = []
    for (mode, horizon), entries in groups(scored).items():
        for name in dict.fromkeys(entry.forecaster for entry in entries):
            by_conflict: dict[str, list[Scored]] = {}
            for entry in entries:
                if entry.forecaster == name:
                    by_conflict.setdefault(entry.issue.conflict, []).append(entry)
            head = (mode, horizon, name)
            found = [_row(head, {each: own}, each, seed) for each, own in by_conflict.items()]
            pooled = _row(head, by_conflict, POOLED, seed)
            rows += [*found, pooled]
    return tuple(rows)


def _row(head: tuple[str, int, str], cases: dict[str, list[Scored]], conflict: str, seed: int) -> Calibration:
    trials = {name: np.array([float(len(one.issue.truth)) for one in own]) for name, own in cases.items()}
    coverage = []
    for level in range(len(LEVELS)):
        hits = {
            name: np.array([float(sum(one.covered[level])) for one in own]) for name, own in cases.items()
        }
        found = rate(hits, trials, by_conflict=True, seed=seed)
        coverage.append(found if found is not None else Ratio(np.nan, np.nan, np.nan))
    ranks = [np.mean([mass for one in own for mass in _masses(one)], axis=0) for own in cases.values()]
    forecasts = int(sum(values.sum() for values in trials.values()))
    return Calibration(*head, conflict, forecasts, tuple(coverage), np.mean(ranks, axis=0))


def _masses(one: Scored) -> list[Floats]:
    return [
        rank_mass(samples, true) for samples, true in zip(one.forecast.samples, one.issue.truth, strict=True)
    ]
