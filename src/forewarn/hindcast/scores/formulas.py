"""Scores of forecasts, once for the whole project: each written as its formula.

Shapes: a forecast of one quantity is a sample of `m` members, all equally likely. Lower is better unless
said otherwise. Everything is cast to float64: integer observations would truncate.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from forewarn.arraytypes import Floats

LEVELS: Final = (0.5, 0.8, 0.9)
RESAMPLES: Final = 2000


def crps(samples: ArrayLike, truth: float) -> float:
    """Continuous ranked probability score of a sample, fair estimator.

    mean |x_i − y| − Σ_i Σ_j |x_i − x_j| / (2 m (m − 1)): unbiased for the distribution that the members
    were drawn from, whatever their number (Ferro 2014, doi:10.1002/qj.2270). One member gives |x − y|.

    Parameters
    ----------
    samples
        (member,), in any order.

    Examples
    --------
    >>> crps([1.0, 3.0], 2.0)
    0.0
    """
    ordered = np.sort(np.asarray(samples, np.float64))
    members = len(ordered)
    error = float(np.abs(ordered - float(truth)).mean())
    if members == 1:
        return error
    # Σ_i Σ_j |x_i − x_j| = 2 Σ_k (2k − m + 1) x_(k), k from 0.
    ranks = 2 * np.arange(members) - members + 1
    return error - float(ranks @ ordered) / (members * (members - 1))


def quantiles(samples: ArrayLike, probabilities: ArrayLike) -> Floats:
    """Quantiles of the distribution that a sample was drawn from: position p (m + 1), ends held.

    Type 6 of Hyndman & Fan 1996 (doi:10.1080/00031305.1996.10473566): a further draw lies below the
    quantile with probability p, so that intervals from few members are not too narrow, as far as their
    number allows.

    Returns
    -------
    ndarray
        (probability,).
    """
    return np.asarray(
        np.quantile(np.asarray(samples, np.float64), np.asarray(probabilities, np.float64), method="weibull")
    )


def interval(samples: ArrayLike, level: float) -> tuple[float, float]:
    """Central interval that should hold the truth with probability `level`."""
    low, high = quantiles(samples, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)


def covered(samples: ArrayLike, truth: float) -> tuple[bool, ...]:
    """Tell for each of `LEVELS` whether the central interval holds the truth, ends included."""
    return tuple(low <= truth <= high for low, high in (interval(samples, level) for level in LEVELS))


def interval_score(low: float, high: float, truth: float, level: float) -> float:
    """Interval score: (u − l) + 2/α · (l − y)⁺ + 2/α · (y − u)⁺, α = 1 − level.

    Gneiting & Raftery 2007, doi:10.1198/016214506000001437.

    Examples
    --------
    >>> interval_score(1.0, 3.0, 4.0, 0.5)
    6.0
    """
    return (high - low) + 2 / (1 - level) * (max(low - truth, 0.0) + max(truth - high, 0.0))


def weighted_interval_score(samples: ArrayLike, truth: float) -> float:
    """Weighted interval score: (½ |y − median| + Σ_k α_k/2 · IS_k) / (K + ½), over `LEVELS`.

    Bracher et al. 2021, doi:10.1371/journal.pcbi.1008618.
    """
    total = abs(float(truth) - float(quantiles(samples, [0.5])[0])) / 2
    for level in LEVELS:
        low, high = interval(samples, level)
        total += (1 - level) / 2 * interval_score(low, high, truth, level)
    return total / (len(LEVELS) + 0.5)


def normalised_absolute_error(forecast: ArrayLike, truth: ArrayLike) -> float:
    """Σ |forecast − truth| / Σ truth over places. Of forecasts with the true total, 2 is all wrong.

    Parameters
    ----------
    forecast, truth
        (place,), people; somebody must be in `truth`.

    Examples
    --------
    >>> normalised_absolute_error([30, 10], [20, 20])
    0.5
    """
    found, true = np.asarray(forecast, np.float64), np.asarray(truth, np.float64)
    return float(np.abs(found - true).sum() / true.sum())


def averaged_relative_difference(simulated: ArrayLike, data: ArrayLike) -> float:
    """ARD: mean over days of Σ_places |simulated − data| / max(Σ_places data, 1).

    As the papers on Flee define it (Suleimenova et al. 2017, doi:10.1038/s41598-017-13828-9).

    Parameters
    ----------
    simulated, data
        (day, place), people; data as those papers interpolate them between registrations.
    """
    found, true = np.asarray(simulated, np.float64), np.asarray(data, np.float64)
    return float((np.abs(found - true).sum(axis=1) / np.maximum(true.sum(axis=1), 1)).mean())


def rescaled_averaged_relative_difference(simulated: ArrayLike, data: ArrayLike) -> float:
    """ARD after each day's simulated people are scaled to the data's total; 0 everywhere if there are none.

    Parameters
    ----------
    simulated, data
        (day, place), people.
    """
    found, true = np.asarray(simulated, np.float64), np.asarray(data, np.float64)
    totals = found.sum(axis=1, keepdims=True)
    scaled = np.divide(
        found * true.sum(axis=1, keepdims=True), totals, out=np.zeros_like(found), where=totals > 0
    )
    return averaged_relative_difference(scaled, data)


def brier(probability: ArrayLike, happened: ArrayLike) -> float:
    """Brier score: mean (p − o)², o 1 where it happened.

    Brier 1950, doi:10.1175/1520-0493(1950)078<0001:VOFEIT>2.0.CO;2.

    Parameters
    ----------
    probability, happened
        (forecast,).

    Examples
    --------
    >>> brier([1.0, 0.5], [True, False])
    0.125
    """
    said, was = np.asarray(probability, np.float64), np.asarray(happened, np.float64)
    return float(((said - was) ** 2).mean())


@dataclass(frozen=True, slots=True)
class Ratio:
    """A ratio of pooled means with its central 90 % bootstrap interval."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.value:.3f} ({self.low:.3f}–{self.high:.3f})"


def pooled(losses: dict[str, Floats]) -> float:
    """Mean over conflicts of the mean over issues: every conflict counts the same.

    Parameters
    ----------
    losses
        By conflict: (issue,).
    """
    return float(np.mean([values.mean() for values in losses.values()]))


def ratio_interval(
    ours: dict[str, Floats],
    theirs: dict[str, Floats],
    *,
    block: int = 3,
    seed: int = 1,
    over_conflicts: bool = True,
) -> Ratio:
    """Compare pooled losses: paired block bootstrap over conflicts and over issues within them.

    Conflicts are drawn with replacement; within each, blocks of `block` issues that follow each other
    (circular: Politis & Romano 1992), the same for both forecasters, since issues overlap in time.

    Parameters
    ----------
    ours, theirs
        By conflict: (issue,), losses of the same issues in order of time.
    block
        Issues in a block; 3 are 90 days, the longer horizon.
    seed
        Of the bootstrap.
    over_conflicts
        False keeps the conflicts as they are and draws blocks alone.
    """
    means = np.empty((2, len(ours), RESAMPLES))
    counts = tuple(len(values) for values in ours.values())
    drawn, chosen = draw_blocks(counts, block=block, seed=seed, over_conflicts=over_conflicts)
    for index, name in enumerate(ours):
        means[0, index] = ours[name][drawn[index]].mean(axis=1)
        means[1, index] = theirs[name][drawn[index]].mean(axis=1)
    own, other = (np.take_along_axis(means[side].T, chosen, axis=1).mean(axis=1) for side in (0, 1))
    there = other > 0  # a resample in which the other made no error at all says nothing
    low, high = np.quantile(own[there] / other[there], [0.05, 0.95])
    return Ratio(pooled(ours) / pooled(theirs), float(low), float(high))


@lru_cache(maxsize=16)
def draw_blocks(
    counts: tuple[int, ...], *, block: int = 3, seed: int = 1, over_conflicts: bool = True
) -> tuple[tuple[NDArray[np.int64], ...], NDArray[np.int64]]:
    """Draw the issues of each conflict in blocks, and the conflicts, `RESAMPLES` times.

    Returns
    -------
    tuple of ndarray
        For each conflict (resample, issue): numbers of its issues.
    ndarray
        (resample, conflict): numbers of conflicts.
    """
    generator = np.random.Generator(np.random.Philox(seed))
    drawn = []
    for count in counts:
        starts = generator.integers(count, size=(RESAMPLES, -(-count // block)))
        inside = (starts[..., None] + np.arange(block)) % count
        drawn.append(inside.reshape(RESAMPLES, -1)[:, :count])
    chosen = np.tile(np.arange(len(counts)), (RESAMPLES, 1))
    if over_conflicts:
        chosen = generator.integers(len(counts), size=chosen.shape)
    for array in (*drawn, chosen):
        array.flags.writeable = False  # callers share them
    return tuple(drawn), chosen
