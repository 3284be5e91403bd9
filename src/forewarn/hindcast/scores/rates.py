"""Rates of what happened, with intervals that know that issues overlap in time."""

from __future__ import annotations

from typing import Final

import numpy as np

from forewarn.arraytypes import Floats
from forewarn.hindcast.scores.formulas import Ratio, draw_blocks

_NORMAL_95: Final = 1.6448536269514722  # 95 % quantile of the standard normal distribution


def wilson(hits: float, of: float) -> tuple[float, float]:
    """Give the central 90 % interval of a rate from independent trials; 0 to 1 without a trial.

    Wilson 1927, doi:10.1080/01621459.1927.10502953.

    Examples
    --------
    >>> low, high = wilson(5, 10)
    >>> round(low, 3), round(high, 3)
    (0.269, 0.731)
    """
    if of == 0:
        return 0.0, 1.0
    rate, square = hits / of, _NORMAL_95**2
    middle = rate + square / (2 * of)
    half = _NORMAL_95 * np.sqrt(rate * (1 - rate) / of + square / (4 * of**2))
    return max(0.0, float((middle - half) / (1 + square / of))), min(
        1.0, float((middle + half) / (1 + square / of))
    )


def rate(
    hits: dict[str, Floats], of: dict[str, Floats], *, by_conflict: bool = False, seed: int = 1
) -> Ratio | None:
    """Give Σ hits / Σ of, with the wider of Wilson's and the block bootstrap's 90 % interval.

    Trials in one conflict hang together, so that Wilson's interval is too narrow; rates near 0 or 1 leave
    the bootstrap nothing to draw. None if there was no trial.

    Parameters
    ----------
    hits, of
        By conflict: (issue,), counts in order of time.
    by_conflict
        Mean over conflicts of each one's rate: every conflict counts the same.
    seed
        Of the bootstrap.
    """
    tried = {name: values for name, values in of.items() if values.sum() > 0}
    if not tried:
        return None
    sums = np.array([[hits[name].sum(), values.sum()] for name, values in tried.items()])
    drawn, chosen = draw_blocks(tuple(len(values) for values in tried.values()), seed=seed)
    pairs = [
        np.stack([hits[name][index].sum(axis=1), of[name][index].sum(axis=1)])
        for name, index in zip(tried, drawn, strict=True)
    ]
    found = np.take_along_axis(np.stack(pairs, axis=2), chosen[None], axis=2)  # (two, resample, conflict)
    with np.errstate(invalid="ignore"):
        if by_conflict:
            value = float((sums[:, 0] / sums[:, 1]).mean())
            resampled = np.nanmean(np.where(found[1] > 0, found[0] / found[1], np.nan), axis=1)
        else:
            value = float(sums[:, 0].sum() / sums[:, 1].sum())
            resampled = found[0].sum(axis=1) / found[1].sum(axis=1)
    trials = float(sums[:, 1].sum())
    low, high = wilson(value * trials, trials)
    ends = np.quantile(resampled[~np.isnan(resampled)], [0.05, 0.95])
    return Ratio(value, min(low, float(ends[0])), max(high, float(ends[1])))
