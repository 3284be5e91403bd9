"""Distributions from errors measured on a scale, so that places and conflicts of any size can be pooled.

A forecast of a place that is filling up errs by more than one of a place where nothing happens. Errors
are divided by a scale that knows this, pooled over other conflicts, and joined by the place's own.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from forewarn.hindcast.asof import Floats, Issue, Known
from forewarn.hindcast.forecasters import Forecast, Forecaster, Issuer, Others, point_of
from forewarn.hindcast.naive import PointForecaster

# Assumptions, round on purpose; other mixes of the same terms moved pooled scores by about 1 % (docs).
OF_STOCK: Final = 0.05
OF_OWN_CHANGE: Final = 0.5
OF_MEAN_CHANGE: Final = 1.0
OF_MEAN_STOCK: Final = 0.02
# Many members stand for the pool, and an own error counts as ten of them: quantiles are no random draws, so
# that the fair CRPS would take one part in their number off the spread.
POOLED_MEMBERS: Final = 400
TRIMMED: Final = 1 / 80  # at each end: the rarest errors come from conflicts of which nothing was known yet
OWN_ERRORS: Final = 20
OWN_COUNTS_AS: Final = 10


def scale(point: Floats, now: Floats) -> Floats:
    """Give the size of error to be expected: (place,), people.

    0.05 · forecast + 0.5 · |forecast − now| + |Σ forecast − Σ now| / places + 0.02 · Σ now / places + 1.
    Recounts err in proportion to stock, arrivals in proportion to what comes, what comes may go anywhere,
    and even where nothing moves somebody may.
    """
    coming = abs(point.sum() - now.sum()) / len(point)
    change = OF_OWN_CHANGE * np.abs(point - now) + OF_MEAN_CHANGE * coming
    return np.asarray(OF_STOCK * point + change + OF_MEAN_STOCK * now.sum() / len(now) + 1)


def thinned(values: Floats, members: int) -> Floats:
    """Keep the quantiles at (i + ½) / members; all, if there are no more."""
    if len(values) <= members:
        return np.sort(values)
    return np.asarray(np.quantile(values, (np.arange(members) + 0.5) / members))


def trimmed(values: Floats) -> Floats:
    """Hold values within their quantiles at `TRIMMED` and 1 − `TRIMMED`."""
    return np.asarray(np.clip(values, *np.quantile(values, [TRIMMED, 1 - TRIMMED])))


def held(values: Floats, pool: Floats) -> Floats:
    """Hold a place's own errors within the ends of the pool, if there is one.

    Before the first registration the scale is that of nobody: an error then says nothing about later ones.
    """
    return np.asarray(np.clip(values, pool[0], pool[-1])) if len(pool) else values


def standardised_errors(forecaster: PointForecaster, issue: Issue, mode: str) -> Floats:
    """Give (truth − forecast) / scale of an issue: (scored place,)."""
    if mode == "total-given":
        seen = issue.known.only(issue.places)
        point = forecaster.point(seen, issue.horizon_days, float(issue.truth.sum()))
        return np.asarray((issue.truth - point) / scale(point, seen.counts()))
    point = forecaster.point(issue.known, issue.horizon_days)
    index = [issue.known.places.index(place) for place in issue.places]
    return np.asarray((issue.truth - point[index]) / scale(point, issue.known.counts())[index])


def pooled(errors: Sequence[Floats]) -> Floats:
    """Pool the standardised errors of many issues; empty if there are none."""
    return thinned(trimmed(np.concatenate(errors)), POOLED_MEMBERS) if errors else np.zeros(0)


@dataclass(frozen=True, slots=True)
class Pooled:
    """Any point forecaster with this dressing instead of its own relative errors.

    Parameters
    ----------
    name
        Of the dressed forecaster.
    learn_point
        Makes the point forecaster from other conflicts.
    needs_total
        True if it forecasts in mode total given alone.
    """

    name: str
    learn_point: Callable[[Others, int, str], PointForecaster]
    needs_total: bool = False

    def can(self, mode: str) -> bool:
        """Without the total, only if it needs none."""
        return mode == "total-given" or not self.needs_total

    def learn(self, others: Others, horizon_days: int, mode: str) -> Issuer:
        """Learn the point forecaster, and pool its standardised errors."""
        forecaster = self.learn_point(others, horizon_days, mode)
        errors = [
            standardised_errors(forecaster, issue, mode) for issues in others.values() for issue in issues
        ]
        return PooledIssuer(forecaster, mode, pooled(errors))


@dataclass(frozen=True, slots=True)
class PooledIssuer:
    """A learnt point forecaster and its standardised errors in other conflicts."""

    forecaster: PointForecaster
    mode: str
    pool: Floats

    def issue(
        self, known: Known, horizon_days: int, *, total: float | None = None, matured: Sequence[Issue] = ()
    ) -> Forecast:
        """Forecast people in the places of `known`: point plus scaled errors."""
        point = self.forecaster.point(known, horizon_days, total)
        size = scale(point, known.counts())
        own: dict[str, list[float]] = {}
        for past in matured:
            errors = standardised_errors(self.forecaster, past, self.mode)
            for place, error in zip(past.places, errors, strict=True):
                own.setdefault(place, []).append(float(error))
        highest = np.inf if total is None else total
        samples = []
        for place, value, one in zip(known.places, point, size, strict=True):
            recent = held(np.array(own.get(place, [])[-OWN_ERRORS:]), self.pool)
            errors = np.concatenate([self.pool, np.repeat(recent, OWN_COUNTS_AS)])
            members = value + one * errors if len(errors) else np.array([value])
            samples.append(np.clip(members, 0, highest))
        return Forecast(point, tuple(samples))


def with_pooled_errors(forecaster: PointForecaster) -> Forecaster:
    """Dress a naive forecaster this way too: what the dressing alone is worth."""
    return Pooled(f"{forecaster.name}+pooled", lambda *_: forecaster, needs_total=forecaster.needs_total)


def point_losses(forecaster: PointForecaster, others: Others, mode: str) -> float:
    """Give the normalised absolute error of a point forecaster, pooled over conflicts."""
    losses = [
        np.mean(
            [
                np.abs(point_of(forecaster, issue, mode) - issue.truth).sum() / issue.truth.sum()
                for issue in issues
            ]
        )
        for issues in others.values()
        if issues
    ]
    return float(np.mean(losses))
