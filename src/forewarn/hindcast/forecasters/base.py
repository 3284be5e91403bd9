"""What a forecaster is, and how a point forecast gets a distribution from its own past errors."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol

import numpy as np

from forewarn.arraytypes import Floats
from forewarn.errors import Problem, UsageError
from forewarn.hindcast.data.as_of import Issue, Known
from forewarn.hindcast.forecasters.learnt import NOTHING, Prior, Training, known_errors
from forewarn.hindcast.forecasters.naive import PointForecaster
from forewarn.hindcast.scores.records import IssueForecast

ENOUGH_ERRORS: Final = 5  # the protocol: matured issues of a place before its own errors are used alone
MODES: Final = ("total-given", "total-forecast")

Others = Mapping[str, Sequence[Issue]]


class Issuer(Protocol):
    """A forecaster that has learnt what it learns from other conflicts."""

    def issue(
        self, known: Known, horizon_days: int, *, total: float | None = None, matured: Sequence[Issue] = ()
    ) -> IssueForecast:
        """Forecast people in the places of `known`.

        Parameters
        ----------
        total
            People in these places on the target day, in mode total given.
        matured
            Earlier issues of the same conflict and horizon whose truth was known by the issue day.
        """
        ...


class Forecaster(Protocol):
    """Makes an `Issuer` for one conflict from the issues of the others."""

    @property
    def name(self) -> str: ...  # noqa: D102

    def can(self, mode: str) -> bool:
        """Tell whether it forecasts in a mode of `MODES`."""
        ...

    def learn(self, others: Others, horizon_days: int, mode: str) -> Issuer:
        """Learn from issues of other conflicts, by conflict; never from the one to be forecast."""
        ...


class Learner(ABC):
    """A forecaster that learns in two steps: what can be kept, and the issuer made of it."""

    __slots__ = ()

    @abstractmethod
    def collect(self, others: Others, horizon_days: int, mode: str) -> Training:
        """Learn from issues of other conflicts, by conflict, in a form that can be kept."""

    @abstractmethod
    def issuer(self, training: Training, others: Others, horizon_days: int, mode: str) -> Issuer:
        """Make the issuer of what was learnt."""

    def learn(self, others: Others, horizon_days: int, mode: str) -> Issuer:
        """Learn from issues of other conflicts, by conflict; never from the one to be forecast."""
        return self.issuer(self.collect(others, horizon_days, mode), others, horizon_days, mode)


@dataclass(frozen=True, slots=True)
class ByMode(Learner):
    """One name for a forecaster of each mode."""

    name: str
    forecasters: Mapping[str, Learner]

    def can(self, mode: str) -> bool:
        """Those modes that have a forecaster."""
        return mode in self.forecasters

    def collect(self, others: Others, horizon_days: int, mode: str) -> Training:
        """Learn what the mode's forecaster learns."""
        return self.forecasters[mode].collect(others, horizon_days, mode)

    def issuer(self, training: Training, others: Others, horizon_days: int, mode: str) -> Issuer:
        """Make the issuer of the mode's forecaster."""
        return self.forecasters[mode].issuer(training, others, horizon_days, mode)


@dataclass(frozen=True, slots=True)
class Dressed(Learner):
    """A point forecaster with the distribution of its own signed relative errors.

    Errors (truth − forecast) / forecast of the same place and horizon from matured issues; from other
    conflicts, all places, until there are `ENOUGH_ERRORS`. A forecast of nobody has no relative error:
    it stays nobody.

    Parameters
    ----------
    prior
        What was learnt from further conflicts.
    """

    forecaster: PointForecaster
    prior: Prior = field(default_factory=lambda: NOTHING)

    @property
    def name(self) -> str:
        """That of the point forecaster."""
        return self.forecaster.name

    def can(self, mode: str) -> bool:
        """Without the total, only those that need none."""
        return mode == "total-given" or not self.forecaster.needs_total

    def collect(self, others: Others, horizon_days: int, mode: str) -> Training:
        """Collect relative errors from other conflicts, and those of the prior."""
        found = [
            relative_errors(point_of(self.forecaster, issue, mode), issue.truth)
            for issues in others.values()
            for issue in issues
        ]
        mine = Training(sum(map(bool, others.values())), (), known_errors(found))
        return mine.joined(self.prior.get((self.name, mode, horizon_days)))

    def issuer(self, training: Training, others: Others, horizon_days: int, mode: str) -> Issuer:
        """Take the relative errors from other conflicts for its distribution."""
        return DressedIssuer(self.forecaster, mode, training.errors)


@dataclass(frozen=True, slots=True)
class DressedIssuer:
    """A point forecaster and the relative errors that it made in other conflicts."""

    forecaster: PointForecaster
    mode: str
    pool: Floats

    def issue(
        self, known: Known, horizon_days: int, *, total: float | None = None, matured: Sequence[Issue] = ()
    ) -> IssueForecast:
        """Forecast people in the places of `known`: the point with its relative errors."""
        point = self.forecaster.point(known, horizon_days, total)
        own: dict[str, list[float]] = {}
        for past in matured:
            errors = relative_errors(point_of(self.forecaster, past, self.mode), past.truth)
            for place, error in zip(past.places, errors, strict=True):
                if not np.isnan(error):
                    own.setdefault(place, []).append(error)
        samples = []
        for place, value in zip(known.places, point, strict=True):
            errors = np.array(own.get(place, []))
            used = errors if len(errors) >= ENOUGH_ERRORS else self.pool
            samples.append(value * (1 + used) if len(used) else np.array([value]))
        return IssueForecast(point, tuple(samples))


def conflict_left(forecaster: str, names: Sequence[str], others: Others) -> str:
    """Name the one conflict that a forecaster which simulates has a folder of and is not to learn from.

    Raises
    ------
    UsageError
        If there is none, or more than one.
    """
    left = [name for name in names if name not in others]
    if len(left) != 1:
        what = f"'{forecaster}' needs the folder of the conflict it forecasts, and of no other: {left}"
        raise UsageError(Problem("--forecaster", what, remedy="Name each folder once"))
    return left[0]


def issue_forecast(issuer: Issuer, issue: Issue, mode: str, earlier: Sequence[Issue]) -> IssueForecast:
    """Make the forecast of the places that are scored; without the total, of all places first."""
    if mode == "total-given":
        seen, total = issue.known.only(issue.places), float(issue.truth.sum())
        return issuer.issue(seen, issue.horizon_days, total=total, matured=earlier)
    everywhere = issuer.issue(issue.known, issue.horizon_days, matured=earlier)
    index = [issue.known.places.index(place) for place in issue.places]
    return IssueForecast(everywhere.point[index], tuple(everywhere.samples[place] for place in index))


def point_of(forecaster: PointForecaster, issue: Issue, mode: str) -> Floats:
    """Make the point forecast of an issue: (scored place,), people."""
    if mode == "total-given":
        total = float(issue.truth.sum())
        return forecaster.point(issue.known.only(issue.places), issue.horizon_days, total)
    everywhere = forecaster.point(issue.known, issue.horizon_days)
    return np.array([everywhere[issue.known.places.index(place)] for place in issue.places])


def relative_errors(forecast: Floats, truth: Floats) -> Floats:
    """Give (truth − forecast) / forecast, (place,); nan where the forecast is below one person."""
    counted = forecast >= 1
    return np.where(counted, (truth - forecast) / np.where(counted, forecast, 1), np.nan)
