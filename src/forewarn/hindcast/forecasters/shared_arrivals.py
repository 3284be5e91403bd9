"""The forecaster ``forewarn`` with the total given: starts from what was registered, shares what comes.

What comes is shared by a mean of (1) the increase over the last 60 days, (2) the rate of the last
registrations, carried over the days since then, (3) equal shares, since camps open that nobody has seen. The
weights are learnt for each horizon from other conflicts, held near the middle: ten conflicts cannot say more.
Without the total ``forewarn`` is `linear_quantiles`.

``forewarn-open-camps`` knows nothing of camps in which nobody has been registered by the issue day.
``forewarn-nested`` may take another set of ideas, whichever did best on each other conflict when fitted
on the rest: the choice is never made on what is scored.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from itertools import combinations
from typing import Final

import numpy as np

from forewarn.arraytypes import Floats
from forewarn.hindcast.data.as_of import Issue, Known, followed
from forewarn.hindcast.forecasters.base import ByMode, Others
from forewarn.hindcast.forecasters.learnt import NOTHING, Prior
from forewarn.hindcast.forecasters.linear_quantiles import LinearQuantiles
from forewarn.hindcast.forecasters.naive import PointForecaster, shares, stock_shares
from forewarn.hindcast.forecasters.standardised import Pooled, open_places

WINDOW_DAYS: Final = 60  # the best of the naive windows on the six published conflicts
PULL_TO_EQUAL: Final = 0.01  # assumption: error that a weight one away from the middle has to earn
STEPS: Final = 12  # weights are multiples of 1/12, so that a third and a quarter are among them
AGE_DAYS: Final = 60  # assumption: the flow into a camp that was counted so long ago counts half


def _growth(known: Known) -> list[tuple[float, float, float]]:
    """Give for each place people per day before its last registration, its slowing, and its age in days.

    The rate is that of the `WINDOW_DAYS` before the last registration. Slowing is the rate of the later
    half over that of the whole, between 0 and 1: a camp that fills up slows in its own curve.
    """
    found = []
    for series in map(followed, known.series):
        if len(series.days) < 2 or series.days[-1] == series.days[0]:
            found.append((0.0, 1.0, 0.0))
            continue
        last, first = int(series.days[-1]), int(series.days[0])
        span = min(WINDOW_DAYS, last - first)
        middle, before = np.interp([last - span / 2, last - span], series.days, series.counts)
        whole = float(series.counts[-1] - before)
        later = float(series.counts[-1] - middle)
        slowing = min(1.0, max(0.0, 2 * later / whole)) if whole > 0 else 1.0
        found.append((whole / span, slowing, float(known.issue_day - last)))
    return found


def rate_shares(known: Known, horizon_days: int, *, saturating: bool = False, ageing: bool = False) -> Floats:
    """Share by rate: people per day over the 60 days before each place's last registration.

    The rate is carried from that registration to the target day, so that a place is not taken for
    closed because it was counted long ago. Stock shares if no place grew.

    Parameters
    ----------
    saturating
        Multiply by the slowing of the place's own curve.
    ageing
        Multiply by 2^(−age of the last registration / `AGE_DAYS`).

    Returns
    -------
    ndarray
        (place,), adding to 1.
    """
    growth = [
        rate
        * (age + horizon_days)
        * (slowing if saturating else 1)
        * (2 ** (-age / AGE_DAYS) if ageing else 1)
        for rate, slowing, age in _growth(known)
    ]
    found = shares(np.array(growth))
    return stock_shares(known) if found is None else found


def arrival_shares(known: Known) -> Floats:
    """Share as the last `WINDOW_DAYS` changed what is registered; stock shares if no place grew."""
    found = shares(known.changes(WINDOW_DAYS))
    return stock_shares(known) if found is None else found


IDEAS: Final[Mapping[str, Callable[[Known, int], Floats]]] = {
    "flow": lambda known, _: arrival_shares(known),
    "rate": rate_shares,
    "equal": lambda known, _: np.full(len(known.series), 1 / len(known.series)),
    "stock": lambda known, _: stock_shares(known),
    "saturating": partial(rate_shares, saturating=True),
    "ageing": partial(rate_shares, ageing=True),
}
USUAL: Final = ("flow", "rate", "equal")
# All sets that ``forewarn-nested`` may take. Named before they were scored; none was added afterwards.
SETS: Final = (
    USUAL,
    ("flow", "rate", "equal", "stock"),
    ("flow", "saturating", "equal"),
    ("flow", "ageing", "equal"),
)


@dataclass(frozen=True, slots=True)
class SharedArrivals:
    """The last count, and what comes to the total shared by weighted ideas; stock shares if it falls.

    Parameters
    ----------
    weights
        Of `IDEAS` in their order, adding to 1; those that are left out are 0.
    open_only
        Share among the places where somebody has been registered.
    """

    weights: tuple[float, ...]
    open_only: bool = False
    name: str = "forewarn"
    needs_total: bool = True

    def point(self, known: Known, horizon_days: int, total: float | None = None) -> Floats:
        """Forecast (place,), people."""
        if total is None:
            raise TypeError("this forecaster shares out a total, and was given none")
        if self.open_only:
            here, found = open_places(known), np.zeros(len(known.series))
            seen = known.only([place for place, keep in zip(known.places, here, strict=True) if keep])
            found[here] = self._shared(seen, horizon_days, total)
            return found
        return self._shared(known, horizon_days, total)

    def _shared(self, known: Known, horizon_days: int, total: float) -> Floats:
        now = known.counts()
        coming = total - now.sum()
        if coming < 0:
            return stock_shares(known) * total
        mixed = np.zeros(len(now))
        for weight, idea in zip(self.weights, IDEAS.values(), strict=False):
            if weight:
                mixed += weight * idea(known, horizon_days)
        return np.asarray(now + coming * mixed)


def forewarn_forecaster(*, prior: Prior = NOTHING) -> ByMode:
    """Make the forecaster ``forewarn``, without a simulation.

    Parameters
    ----------
    prior
        What was learnt from further conflicts.
    """
    return _both_modes("forewarn", open_only=False, prior=prior)


def forewarn_variants(*, prior: Prior = NOTHING) -> tuple[ByMode, Pooled, Pooled]:
    """Make ``forewarn-open-camps``, ``forewarn-nested`` and ``forewarn-open-camps-nested``."""
    return (
        _both_modes("forewarn-open-camps", open_only=True, prior=prior),
        _sharing("forewarn-nested", SETS, open_only=False, prior=prior),
        _sharing("forewarn-open-camps-nested", SETS, open_only=True, prior=prior),
    )


def _both_modes(name: str, *, open_only: bool, prior: Prior) -> ByMode:
    return ByMode(
        name,
        {
            "total-given": _sharing(name, (USUAL,), open_only=open_only, prior=prior),
            "total-forecast": LinearQuantiles(name, prior, open_only),
        },
    )


def _sharing(name: str, sets: Sequence[tuple[str, ...]], *, open_only: bool, prior: Prior) -> Pooled:
    def fit(others: Others, horizon_days: int, mode: str) -> tuple[float, ...]:
        return fit_weights(others, horizon_days, sets=sets, open_only=open_only)

    def make(parameters: tuple[float, ...], mode: str) -> PointForecaster:
        return SharedArrivals(parameters, open_only)

    return Pooled(name, fit, make, True, prior=prior, open_only=open_only)


def fit_weights(
    others: Others, horizon_days: int, *, sets: Sequence[tuple[str, ...]] = (USUAL,), open_only: bool = False
) -> tuple[float, ...]:
    """Minimise the error, plus `PULL_TO_EQUAL` · Σ |weight − middle|, over the grid of all weights.

    Of several sets of ideas the one is taken whose weights, fitted on all other conflicts but one, err
    least on that one, each being left out in turn.

    Returns
    -------
    tuple of float
        Weights of `IDEAS`.
    """
    errors = [
        np.stack(
            [_grid_errors(issues, horizon_days, ideas, open_only) for issues in others.values() if issues]
        )
        for ideas in sets
        if any(others.values())
    ]
    if not errors:
        return _full(sets[0], np.full(len(sets[0]), 1 / len(sets[0])))
    losses = [_left_out(found, ideas) for found, ideas in zip(errors, sets, strict=True)]
    best = int(np.argmin(losses))
    return _full(sets[best], _grid(len(sets[best]))[_best(errors[best], sets[best])])


def _left_out(errors: Floats, ideas: tuple[str, ...]) -> float:
    """Give the mean error on each conflict of weights fitted on the others; 0 if there is but one."""
    if len(errors) < 2:
        return 0.0
    held = [one[_best(np.delete(errors, number, axis=0), ideas)] for number, one in enumerate(errors)]
    return float(np.mean(held))


def _best(errors: Floats, ideas: tuple[str, ...]) -> int:
    pull = PULL_TO_EQUAL * np.abs(_grid(len(ideas)) - 1 / len(ideas)).sum(axis=1)
    return int(np.argmin(errors.mean(axis=0) + pull))


def _full(ideas: tuple[str, ...], weights: Floats) -> tuple[float, ...]:
    given = dict(zip(ideas, weights.tolist(), strict=True))
    return tuple(given.get(idea, 0.0) for idea in IDEAS)


def _grid_errors(
    issues: Sequence[Issue], horizon_days: int, ideas: tuple[str, ...], open_only: bool
) -> Floats:
    """Give the mean error over the issues of a conflict for all weights of the grid: (candidate,).

    The forecast is linear in the weights, so that each idea is computed once for each issue.
    """
    grid = _grid(len(ideas))
    total = np.zeros(len(grid))
    for issue in issues:
        people = float(issue.truth.sum())
        seen = issue.known.only(issue.places)
        parts = [
            SharedArrivals(_full((idea,), np.ones(1)), open_only).point(seen, horizon_days, people)
            for idea in ideas
        ]
        total += np.abs(grid @ np.array(parts) - issue.truth).sum(axis=1) / people
    return np.asarray(total / len(issues))


@cache
def _grid(ideas: int) -> Floats:
    """List all weights that are multiples of 1/`STEPS` and add to 1: (candidate, idea)."""
    bars = combinations(range(STEPS + ideas - 1), ideas - 1)
    steps = [np.diff([-1, *bar, STEPS + ideas - 1]) - 1 for bar in bars]
    return np.array(steps, np.float64) / STEPS
