"""Distributions from errors measured on a scale, so that places and conflicts of any size can be pooled.

A forecast of a place that is filling up errs by more than one of a place where nothing happens. Errors
are divided by a scale that knows this, pooled over other conflicts, and joined by the place's own.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from forewarn.arraytypes import Flags, Floats
from forewarn.hindcast.data.as_of import Issue, Known
from forewarn.hindcast.forecasters.base import Issuer, Learner, Others
from forewarn.hindcast.forecasters.learnt import NOTHING, Prior, Training, known_errors, thinned
from forewarn.hindcast.forecasters.naive import PointForecaster
from forewarn.hindcast.scores.records import IssueForecast

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
FEWEST: Final = 100  # people, assumption: fewer are no measure of what may come
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


def trimmed(values: Floats) -> Floats:
    """Hold values within their quantiles at `TRIMMED` and 1 − `TRIMMED`."""
    return np.asarray(np.clip(values, *np.quantile(values, [TRIMMED, 1 - TRIMMED])))


def open_places(known: Known) -> Flags:
    """Tell where somebody has been registered by the issue day; everywhere if nobody has anywhere."""
    found = known.opened()
    return found if found.any() else ~found


def standardised_errors(
    forecaster: PointForecaster, issue: Issue, mode: str, *, open_only: bool = False
) -> Floats:
    """Give (truth − forecast) / scale of an issue: (scored place,); nan in places left out by `open_only`.

    All are nan where fewer than `FEWEST` people are registered and forecast: there the scale is that of
    nobody, whoever comes later, and an error on it would outweigh all others.
    """
    given = mode == "total-given"
    seen = issue.known.only(issue.places) if given else issue.known
    point = forecaster.point(seen, issue.horizon_days, float(issue.truth.sum()) if given else None)
    now = seen.counts()
    here = open_places(seen) if open_only else np.full(len(point), fill_value=True)
    size = np.full(len(point), np.nan)
    if max(point.sum(), now.sum()) >= FEWEST:
        size[here] = scale(point[here], now[here])
    index = [seen.places.index(place) for place in issue.places]
    return np.asarray((issue.truth - point[index]) / size[index])


def pooled(errors: Floats) -> Floats:
    """Make a pool of standardised errors: the rarest trimmed, and so many kept that stand for all."""
    return thinned(trimmed(errors), POOLED_MEMBERS) if len(errors) else errors


@dataclass(frozen=True, slots=True)
class Pooled(Learner):
    """Any point forecaster with this dressing instead of its own relative errors.

    Parameters
    ----------
    name
        Of the dressed forecaster.
    fit
        Gives the parameters of the point forecaster from other conflicts, horizon and mode.
    make
        Makes the point forecaster from parameters and mode.
    needs_total
        True if it forecasts in mode total given alone.
    prior
        What was learnt from further conflicts.
    open_only
        Say nobody, with certainty, where nobody has been registered yet, and learn nothing from there.
    """

    name: str
    fit: Callable[[Others, int, str], tuple[float, ...]]
    make: Callable[[tuple[float, ...], str], PointForecaster]
    needs_total: bool = False
    prior: Prior = field(default_factory=lambda: NOTHING)
    open_only: bool = False

    def can(self, mode: str) -> bool:
        """Without the total, only if it needs none."""
        return mode == "total-given" or not self.needs_total

    def collect(self, others: Others, horizon_days: int, mode: str) -> Training:
        """Fit the point forecaster, join it with the prior, and collect its standardised errors."""
        before = self.prior.get((self.name, mode, horizon_days))
        fitted = Training(sum(map(bool, others.values())), self.fit(others, horizon_days, mode))
        parameters = fitted.joined(before).parameters
        forecaster = self.make(parameters, mode)
        found = [
            standardised_errors(forecaster, issue, mode, open_only=self.open_only)
            for issues in others.values()
            for issue in issues
        ]
        return Training(fitted.conflicts, parameters, known_errors(found)).joined(before)

    def issuer(self, training: Training, others: Others, horizon_days: int, mode: str) -> Issuer:
        """Make the point forecaster of its parameters, and pool its standardised errors."""
        forecaster = self.make(training.parameters, mode)
        return PooledIssuer(forecaster, mode, pooled(training.errors), self.open_only)


@dataclass(frozen=True, slots=True)
class PooledIssuer:
    """A learnt point forecaster and its standardised errors in other conflicts."""

    forecaster: PointForecaster
    mode: str
    pool: Floats
    open_only: bool = False

    def issue(
        self, known: Known, horizon_days: int, *, total: float | None = None, matured: Sequence[Issue] = ()
    ) -> IssueForecast:
        """Forecast people in the places of `known`: point plus scaled errors."""
        point = self.forecaster.point(known, horizon_days, total)
        here = open_places(known) if self.open_only else np.full(len(point), fill_value=True)
        size = np.zeros(len(point))
        size[here] = scale(point[here], known.counts()[here])
        own: dict[str, list[float]] = {}
        for past in matured:
            errors = standardised_errors(self.forecaster, past, self.mode, open_only=self.open_only)
            for place, error in zip(past.places, errors, strict=True):
                if not np.isnan(error):
                    own.setdefault(place, []).append(float(error))
        highest = np.inf if total is None else total
        samples = []
        for place, value, one in zip(known.places, point, size, strict=True):
            recent = np.array(own.get(place, [])[-OWN_ERRORS:])
            errors = np.concatenate([self.pool, np.repeat(recent, OWN_COUNTS_AS)])
            members = value + one * errors if len(errors) and one > 0 else np.array([value])
            samples.append(np.clip(members, 0, highest))
        return IssueForecast(point, tuple(samples))


def with_pooled_errors(forecaster: PointForecaster, *, prior: Prior = NOTHING) -> Pooled:
    """Dress a naive forecaster this way too: what the dressing alone is worth."""
    name = f"{forecaster.name}+pooled"
    return Pooled(name, lambda *_: (), lambda *_: forecaster, forecaster.needs_total, prior=prior)
