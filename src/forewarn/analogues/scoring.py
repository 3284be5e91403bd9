"""Scores of the fit: leave one cluster out, or a user's table, beside pooled empirical quantiles."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from forewarn.analogues.events import PastOffensive
from forewarn.analogues.fitting import attributes_of, fit
from forewarn.analogues.selection import EmptyClassError, ReferenceClass
from forewarn.arraytypes import Floats
from forewarn.errors import Problem

Quantity = Literal["share", "days", "days-known-window", "crossing"]

QUANTITIES: Final[tuple[Quantity, ...]] = ("share", "days", "days-known-window", "crossing")
# Quantities whose fit has no attributes, because these did not help (docs/analogues.md).
POOLED: Final = ("days", "crossing")
LEVELS: Final = (0.5, 0.8, 0.9)
RESAMPLES: Final = 4000
_GRID: Final = (np.arange(200) + 0.5) / 200


@dataclass(frozen=True, slots=True)
class Scores:
    """How the fit did on one quantity, beside pooled quantiles within scope.

    Parameters
    ----------
    crps_fit, crps_pooled, crps_all
        Mean continuous ranked probability score of the fit, of the empirical quantiles of past events
        of the same scope, and of all past events; a share, or days on the log scale. Lower is better.
    ratio, ratio_low, ratio_high
        crps_fit / crps_pooled with its 90 % interval from a paired bootstrap over clusters.
    coverage_fit, coverage_pooled
        Part of the events inside the central intervals of `LEVELS`.
    """

    quantity: Quantity
    events: int
    clusters: int
    crps_fit: float
    crps_pooled: float
    crps_all: float
    ratio: float
    ratio_low: float
    ratio_high: float
    coverage_fit: tuple[float, ...]
    coverage_pooled: tuple[float, ...]

    def verdict(self) -> str:
        """Say plainly whether the fit beats pooled quantiles, and whether it uses the attributes at all."""
        pooled = " The fit pools all events: attributes do not help here." if self.quantity in POOLED else ""
        return self._comparison() + pooled

    def _comparison(self) -> str:
        gain = f"{abs(1 - self.ratio):.0%}"
        if self.ratio_high < 1:
            return f"The fit beats pooled quantiles within scope: CRPS lower by {gain}."
        if self.ratio_low > 1:
            return f"The fit is worse than pooled quantiles within scope: CRPS higher by {gain}."
        side = "lower" if self.ratio < 1 else "higher"
        return (
            f"CRPS {side} by {gain} than pooled quantiles within scope, but the interval includes 1: "
            f"{self.events} events do not show a difference."
        )


def score(
    chosen: ReferenceClass,
    *,
    quantity: Quantity = "share",
    table: Sequence[PastOffensive] | None = None,
    seed: int = 1,
) -> Scores:
    """Score the fit on events that it has not seen.

    Parameters
    ----------
    chosen
        The class to learn from. Each event is predicted from the other clusters alone.
    table
        Events to predict instead of those of the class, each from the class without events of the same
        id, cluster or area.
    seed
        Of the bootstrap.

    Raises
    ------
    EmptyClassError
        If there are too few events to learn from, or none to predict.
    """
    pairs = _truth(chosen if table is None else ReferenceClass(tuple(table)), quantity)
    if not pairs:
        raise EmptyClassError(Problem("table", f"no event has a figure for '{quantity}'", "at least one"))
    fitted, pooled, all_pooled = [], [], []
    for event, _ in pairs:
        rest = _without(chosen, event, by_area=table is not None)
        fitted.append(_forecast(rest, event, quantity))
        pooled.append(_empirical(rest, quantity, event.scope))
        all_pooled.append(_empirical(rest, quantity, None))
    truth = _scaled(quantity)(np.array([value for _, value in pairs]))
    clusters = np.unique([event.cluster for event, _ in pairs], return_inverse=True)[1]
    losses = [crps(np.array(quantiles), truth) for quantiles in (fitted, pooled, all_pooled)]
    low, high = _ratio_interval(losses[0], losses[1], clusters, seed)
    return Scores(
        quantity=quantity,
        events=len(pairs),
        clusters=int(clusters.max()) + 1,
        crps_fit=float(losses[0].mean()),
        crps_pooled=float(losses[1].mean()),
        crps_all=float(losses[2].mean()),
        ratio=float(losses[0].mean() / losses[1].mean()),
        ratio_low=low,
        ratio_high=high,
        coverage_fit=coverage(np.array(fitted), truth),
        coverage_pooled=coverage(np.array(pooled), truth),
    )


def crps(quantiles: Floats, truth: Floats) -> Floats:
    """Continuous ranked probability score from quantiles at 0.0025, 0.0075, … 0.9975.

    Twice the mean pinball loss over the probabilities (Gneiting & Ranjan 2011,
    doi:10.1198/jbes.2010.08110, with uniform weight).

    Parameters
    ----------
    quantiles
        (event, probability).
    truth
        (event,).
    """
    above = truth[:, None] - quantiles
    return np.asarray(2 * np.maximum(_GRID * above, (_GRID - 1) * above).mean(axis=1))


def coverage(quantiles: Floats, truth: Floats) -> tuple[float, ...]:
    """Part of the truths inside the central intervals of `LEVELS`, ends included."""
    inside = []
    for level in LEVELS:
        low, high = (
            np.array([np.interp(probability, _GRID, row) for row in quantiles])
            for probability in ((1 - level) / 2, (1 + level) / 2)
        )
        inside.append(float(np.mean((low <= truth) & (truth <= high))))
    return tuple(inside)


def _truth(chosen: ReferenceClass, quantity: Quantity) -> tuple[tuple[PastOffensive, float], ...]:
    if quantity == "crossing":
        return chosen.crossings()
    return chosen.shares() if quantity == "share" else chosen.days()


def _scaled(quantity: Quantity) -> Callable[[Floats], Floats]:
    """Shares are scored as they are, days on the log scale: 10 for 5 is as wrong as 100 for 50."""
    return np.log if quantity.startswith("days") else np.asarray


def _without(chosen: ReferenceClass, event: PastOffensive, *, by_area: bool) -> ReferenceClass:
    areas = {area.lower() for area in event.areas} if by_area else set[str]()
    kept = tuple(
        other
        for other in chosen.events
        if other.cluster != event.cluster
        and other.id != event.id
        and areas.isdisjoint(area.lower() for area in other.areas)
    )
    return ReferenceClass(kept, chosen.as_of)


def _forecast(rest: ReferenceClass, event: PastOffensive, quantity: Quantity) -> Floats:
    fitted = fit(rest)
    attributes = attributes_of(event, with_window=quantity == "days-known-window")
    if quantity == "share":
        return fitted.share(attributes, _GRID.tolist())
    if quantity == "crossing":
        crossing = fitted.crossing(_GRID.tolist())
        return _empirical(rest, quantity, None) if crossing is None else crossing
    return np.log(fitted.days_to_half(attributes, _GRID.tolist()))


def _empirical(rest: ReferenceClass, quantity: Quantity, scope: str | None) -> Floats:
    """Empirical quantiles within a scope; of all scopes where it has no event."""
    pairs = _truth(rest, quantity)
    values = [value for event, value in pairs if scope in (None, event.scope)] or [
        value for _, value in pairs
    ]
    return np.quantile(_scaled(quantity)(np.array(values)), _GRID)


def _ratio_interval(
    fitted: Floats, pooled: Floats, clusters: NDArray[np.intp], seed: int
) -> tuple[float, float]:
    """5th and 95th percentile of the ratio over clusters drawn with replacement, pairs kept."""
    sums = np.stack([np.bincount(clusters, fitted), np.bincount(clusters, pooled)])
    generator = np.random.Generator(np.random.Philox(seed))
    drawn = generator.integers(sums.shape[1], size=(RESAMPLES, sums.shape[1]))
    totals = sums[:, drawn].sum(axis=2)
    low, high = np.quantile(totals[0] / totals[1], [0.05, 0.95])
    return float(low), float(high)
