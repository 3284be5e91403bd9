"""A linear pool: several forecasters side by side, each with the weight it earned on other conflicts."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Final, Protocol, runtime_checkable

import numpy as np

from forewarn.arraytypes import Floats
from forewarn.hindcast.data.as_of import Issue, Known
from forewarn.hindcast.forecasters.base import Forecaster, Issuer, Learner, Others, issue_forecast
from forewarn.hindcast.forecasters.learnt import NOTHING, Prior, Training, thinned
from forewarn.hindcast.scores.records import IssueForecast

STEPS: Final = 20  # weights are multiples of 1/20
MEMBERS: Final = 400  # of the pool together: quantiles of each member in proportion to its weight


@runtime_checkable
class Narrowed(Protocol):
    """A forecaster that knows the folders of conflicts, and can be told to know fewer."""

    def only(self, conflicts: Collection[str]) -> Forecaster:
        """Keep the folders of these conflicts."""
        ...


@dataclass(frozen=True, slots=True)
class LinearPool(Learner):
    """A mixture of forecasts: with probability w_k the truth is drawn from forecaster k.

    Weights minimise the pooled CRPS on other conflicts, each of which is forecast with what was learnt
    from the rest; even weights if there are fewer than two.

    Parameters
    ----------
    name
        Of the pool.
    members
        Forecasters by mode: any that can.
    prior
        What was learnt from further conflicts.
    """

    name: str
    members: Mapping[str, Sequence[Forecaster]]
    prior: Prior = field(default_factory=lambda: NOTHING)

    def can(self, mode: str) -> bool:
        """Where there are members, and all of them can."""
        found = self.members.get(mode, ())
        return bool(found) and all(member.can(mode) for member in found)

    def collect(self, others: Others, horizon_days: int, mode: str) -> Training:
        """Fit the weights; as parameters, in the order of the members."""
        members = self.members[mode]
        known = {name: issues for name, issues in others.items() if issues}
        before = self.prior.get((self.name, mode, horizon_days))
        if len(known) < 2:
            even = Training(0, tuple(1 / len(members) for _ in members))
            return even.joined(before)
        parts = [_conflict_parts(members, known, name, horizon_days, mode) for name in known]
        distance = np.mean([part[0] for part in parts], axis=0)
        between = np.mean([part[1] for part in parts], axis=0)
        weights = best_weights(distance, between)
        return Training(len(known), tuple(weights.tolist())).joined(before)

    def issuer(self, training: Training, others: Others, horizon_days: int, mode: str) -> Issuer:
        """Let every member learn, and join them with the weights."""
        issuers = tuple(member.learn(others, horizon_days, mode) for member in self.members[mode])
        return _PoolIssuer(issuers, training.parameters)


@dataclass(frozen=True, slots=True)
class _PoolIssuer:
    """Members that have learnt, and their weights."""

    issuers: tuple[Issuer, ...]
    weights: tuple[float, ...]

    def issue(
        self, known: Known, horizon_days: int, *, total: float | None = None, matured: Sequence[Issue] = ()
    ) -> IssueForecast:
        found = [one.issue(known, horizon_days, total=total, matured=matured) for one in self.issuers]
        point = sum(
            (weight * one.point for weight, one in zip(self.weights, found, strict=True)),
            start=np.zeros(len(known.series)),
        )
        samples = tuple(
            mixture([one.samples[place] for one in found], self.weights) for place in range(len(known.series))
        )
        return IssueForecast(point, samples)


def mixture(samples: Sequence[Floats], weights: Sequence[float]) -> Floats:
    """Make one sample of a mixture: quantiles of each, as many as its weight asks for.

    Returns
    -------
    ndarray
        (member,), all equally likely.
    """
    counts = [round(weight * MEMBERS) for weight in weights]
    parts = [
        np.quantile(sample, (np.arange(count) + 0.5) / count, method="inverted_cdf")
        for sample, count in zip(samples, counts, strict=True)
        if count
    ]
    return np.sort(np.concatenate(parts))


def best_weights(distance: Floats, between: Floats) -> Floats:
    """Minimise w·d − ½ w·B·w, the CRPS of the mixture, over weights that are multiples of 1/`STEPS`.

    Parameters
    ----------
    distance
        (forecaster,), mean of E|X_k − y|.
    between
        (forecaster, forecaster), mean of E|X_k − X_l|.
    """
    number = len(distance)
    grid = (
        np.array([w for w in product(range(STEPS + 1), repeat=number) if sum(w) == STEPS], np.float64) / STEPS
    )
    losses = grid @ distance - ((grid @ between) * grid).sum(axis=1) / 2
    return np.asarray(grid[int(np.argmin(losses))])


def _conflict_parts(
    members: Sequence[Forecaster], known: Others, name: str, horizon_days: int, mode: str
) -> tuple[Floats, Floats]:
    """Give mean E|X_k − y| and E|X_k − X_l| per person on a conflict, members having learnt from the rest."""
    rest = {other: issues for other, issues in known.items() if other != name}
    issuers = [
        (member.only(tuple(known)) if isinstance(member, Narrowed) else member).learn(
            rest, horizon_days, mode
        )
        for member in members
    ]
    distance, between = np.zeros(len(members)), np.zeros((len(members), len(members)))
    issues = known[name]
    for issue in issues:
        earlier = [past for past in issues if past.matured_day <= issue.issue_day]
        found = [issue_forecast(issuer, issue, mode, earlier) for issuer in issuers]
        people = issue.truth.sum()
        for place, true in enumerate(issue.truth):
            samples = [thinned(one.samples[place], MEMBERS) for one in found]
            distance += np.array([np.abs(one - true).mean() for one in samples]) / people
            between += np.array([[mean_distance(one, two) for two in samples] for one in samples]) / people
    return distance / len(issues), between / len(issues)


def mean_distance(one: Floats, two: Floats) -> float:
    """Give the mean of |x − y| over all pairs of two sorted samples."""
    at = np.searchsorted(two, one)
    below = np.concatenate([[0.0], np.cumsum(two)])
    sums = one * at - below[at] + (below[-1] - below[at]) - one * (len(two) - at)
    return float(sums.mean() / len(two))
