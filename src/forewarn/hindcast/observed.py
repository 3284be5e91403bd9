"""The forecaster ``forewarn``: starts from what was registered, shares what comes among three ideas.

With the total given, what comes is shared by a mean of (1) the increase over the last 60 days, (2) the
rate of the last registrations, carried over the days since then, (3) equal shares, since camps open that
nobody has seen. Without it, the change of the last 60 days is carried forward, damped. The weights and
the damping are learnt for each horizon from other conflicts, held near the middle: five conflicts cannot
say more.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import product
from typing import Final

import numpy as np

from forewarn.hindcast.asof import Floats, Known
from forewarn.hindcast.forecasters import Others
from forewarn.hindcast.naive import flow_shares, shares, stock_shares
from forewarn.hindcast.standardised import Pooled, point_losses

WINDOW_DAYS: Final = 60  # the best of the naive windows on the six published conflicts
PULL_TO_EQUAL: Final = 0.01  # assumption: error that a weight one away from a third has to earn
STEPS: Final = 12  # weights are multiples of 1/12, so that a third is one of them
DAMPING: Final = 0.5  # assumption, where there is no other conflict to learn from


def rate_shares(known: Known, horizon_days: int) -> Floats:
    """Share by rate: people per day over the 60 days before each place's last registration.

    The rate is carried from that registration to the target day, so that a place is not taken for
    closed because it was counted long ago. Stock shares if no place grew.

    Returns
    -------
    ndarray
        (place,), adding to 1.
    """
    growth = np.zeros(len(known.series))
    for index, series in enumerate(known.series):
        if len(series.days) < 2 or series.days[-1] == series.days[0]:
            continue
        last, first = int(series.days[-1]), int(series.days[0])
        span = min(WINDOW_DAYS, last - first)
        before = float(np.interp(last - span, series.days, series.counts))
        growth[index] = (series.counts[-1] - before) / span * (known.issue_day - last + horizon_days)
    found = shares(growth)
    return stock_shares(known) if found is None else found


@dataclass(frozen=True, slots=True)
class SharedArrivals:
    """The last count, and what comes to the total shared by weighted ideas; stock shares if it falls.

    Parameters
    ----------
    weights
        Of flow shares, rate shares and equal shares, adding to 1.
    """

    weights: tuple[float, float, float]
    name: str = "forewarn"
    needs_total: bool = True

    def point(self, known: Known, horizon_days: int, total: float | None = None) -> Floats:
        """Forecast (place,), people."""
        if total is None:
            raise TypeError("this forecaster shares out a total, and was given none")
        now = known.counts()
        coming = total - now.sum()
        if coming < 0:
            return stock_shares(known) * total
        flow, rate, equal = self.weights
        mixed = flow * flow_shares(known, WINDOW_DAYS) + rate * rate_shares(known, horizon_days)
        return np.asarray(now + coming * (mixed + equal / len(now)))


@dataclass(frozen=True, slots=True)
class DampedDrift:
    """The last count, and a part of the change of the last 60 days carried forward.

    Parameters
    ----------
    damping
        Part of the change that is carried: 0 is the last value, 1 the full drift.
    """

    damping: float
    name: str = "forewarn"
    needs_total: bool = False

    def point(self, known: Known, horizon_days: int, total: float | None = None) -> Floats:
        """Forecast (place,), people."""
        now = known.counts()
        change = now - known.counts(WINDOW_DAYS)
        return np.asarray(np.clip(now + self.damping * change * horizon_days / WINDOW_DAYS, 0, None))


def observed() -> Pooled:
    """Make the forecaster ``forewarn``, without a simulation."""
    return Pooled("forewarn", learn_point)


def learn_point(others: Others, horizon_days: int, mode: str) -> SharedArrivals | DampedDrift:
    """Fit weights (total given) or damping (total forecast) to the pooled error on other conflicts."""
    if mode == "total-given":
        return SharedArrivals(_learn_weights(others, horizon_days))
    if not any(others.values()):
        return DampedDrift(DAMPING)
    candidates = [step / STEPS for step in range(STEPS + 1)]
    return DampedDrift(min(candidates, key=lambda part: point_losses(DampedDrift(part), others, mode)))


def _learn_weights(others: Others, horizon_days: int) -> tuple[float, float, float]:
    """Minimise the error, plus `PULL_TO_EQUAL` · Σ |weight − ⅓|, over the grid of all weights.

    The forecast is linear in the weights, so that each idea is computed once for each issue.
    """
    parts, truths, worth = [], [], []
    for issues in others.values():
        for issue in issues:
            people = issue.truth.sum()
            seen = issue.known.only(issue.places)
            ideas = [SharedArrivals(weights).point(seen, horizon_days, float(people)) for weights in _CORNERS]
            parts.append(np.array(ideas) / people)
            truths.append(issue.truth / people)
            worth.append(np.full(len(seen.series), 1 / len(issues) / len(others)))
    if not parts:
        return (1 / 3, 1 / 3, 1 / 3)
    grid = _grid()
    errors = np.abs(grid @ np.concatenate(parts, axis=1) - np.concatenate(truths)) @ np.concatenate(worth)
    best = int(np.argmin(errors + PULL_TO_EQUAL * np.abs(grid - 1 / 3).sum(axis=1)))
    return (float(grid[best, 0]), float(grid[best, 1]), float(grid[best, 2]))


_CORNERS: Final = ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0))


@cache
def _grid() -> Floats:
    """List all weights that are multiples of 1/`STEPS` and add to 1: (candidate, idea)."""
    steps = [
        (one, two, STEPS - one - two)
        for one, two in product(range(STEPS + 1), repeat=2)
        if one + two <= STEPS
    ]
    return np.array(steps, np.float64) / STEPS
