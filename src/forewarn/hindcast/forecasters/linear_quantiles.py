"""The forecaster ``forewarn`` without the total: quantiles linear in counts and in how fast they grow.

Where people have been registered, every quantile of a place's count on the target day is

    a · last count + b · mean pace of 30, 60 and 120 days · horizon + c · mean count of all places,

with a, b, c learnt for each quantile and horizon from other conflicts by the pinball loss, each conflict and
each of its issues weighing the same, and held near the last count. Intervals are widened until four fifths of
the truths of conflicts that were left out lie in the 80 % interval (cross-conformal), and by what the
conflict's own forecasts ask for that can be scored by then.

A place in which nobody has been registered yet is forecast as it will be once somebody is: in other conflicts
such places were first counted with so many times the mean of the others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from scipy.optimize import linprog

from forewarn.arraytypes import Flags, Floats
from forewarn.hindcast.data.as_of import Issue, Known
from forewarn.hindcast.forecasters.base import Issuer, Learner, Others
from forewarn.hindcast.forecasters.learnt import NOTHING, Prior, Training, spread
from forewarn.hindcast.forecasters.standardised import FEWEST
from forewarn.hindcast.scores.records import IssueForecast

PACE_DAYS: Final = (30, 60, 120)
"""Windows of the pace; assumption. Three coefficients instead of their mean do worse (docs/skill.md)."""
PROBABILITIES: Final = np.array([0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95])
MEMBERS: Final = 400
PULL: Final = 0.01
"""Loss for coefficients away from the last count, as a part of what their terms contribute; assumption."""
NEVER_LEARNT: Final = (1.0, 0.5, 0.0)
"""Coefficients of all quantiles where there is no conflict to learn from: half of the pace; assumption."""
OWN_COUNT_AS: Final = 20
"""Own forecasts that the width learnt from other conflicts counts as; assumption."""
FARTHEST: Final = 5.0
"""Half-widths of the 80 % interval that an own error counts as at most; assumption."""
WIDTHS: Final = tuple(np.arange(0.8, 2.51, 0.05).tolist())
"""Factors on widths that are tried."""
LEAST_ERROR: Final = 0.1
"""Half-widths that the usual error is at the least; assumption: counts that never change tell no width."""
FEWEST_CONFLICTS: Final = 3
"""Conflicts from which a width can be learnt by leaving each out; assumption."""
CLOSED_EACH: Final = 40
"""Values that stand for the first counts of a conflict, so that each weighs the same."""
FIRST_COUNT: Final = 10_000.0
"""People first counted in a place, where there is no other conflict to learn from; assumption."""

PARAMETERS: Final = (
    *(f"{term} ({p:g})" for p in PROBABILITIES for term in ("last count", "pace", "mean count")),
    *("width", "usual error", "log first count"),
)
"""What is learnt with the usual terms, in the order of `Training.parameters`; in brackets the quantile."""

_MIDDLE: Final = len(PROBABILITIES) // 2
_LOW: Final = PROBABILITIES.tolist().index(0.1)
_HIGH: Final = PROBABILITIES.tolist().index(0.9)

Terms = Callable[[Known, int], Floats]
Rows = tuple[Floats, Floats, Floats]


def terms(known: Known, horizon_days: int) -> Floats:
    """Give last count, pace carried over the horizon, and mean count of the places: (place, term), people."""
    now = known.counts()
    pace = np.mean([known.rates(days) for days in PACE_DAYS], axis=0)
    return np.stack([now, pace * horizon_days, np.full(len(now), now.mean())], axis=1)


@dataclass(frozen=True, slots=True)
class _Learnt:
    """What is learnt, as one tuple of numbers and one sample.

    Parameters
    ----------
    coefficients
        (probability, term).
    width
        Factor on the distance of quantiles from the median.
    usual_error
        Mean |truth − median| of left-out conflicts in half-widths of the 80 % interval.
    first_count
        People first counted in a place, typically.
    openings
        First counts over the mean count of places that are open, or over `first_count` where hardly anybody
        is registered; in increasing order.
    """

    coefficients: Floats
    width: float
    usual_error: float
    first_count: float
    openings: Floats
    terms: Terms = terms

    def training(self, conflicts: int) -> Training:
        """Write it down."""
        rest = (self.width, self.usual_error, float(np.log(self.first_count)))
        return Training(conflicts, (*self.coefficients.ravel().tolist(), *rest), self.openings)

    @classmethod
    def read(cls, training: Training, of: Terms = terms) -> _Learnt:
        """Read it."""
        *coefficients, width, usual, first = training.parameters
        table = np.array(coefficients).reshape(len(PROBABILITIES), -1)
        return cls(table, width, usual, float(np.exp(first)), training.errors, of)

    def quantiles(self, known: Known, horizon_days: int) -> Floats:
        """Give the quantiles where people have been registered, (place, probability), people."""
        return widened(evaluated(self.coefficients, self.terms(known, horizon_days)), self.width)

    def opening(self, known: Known) -> Floats:
        """Give the sample of a place that has not been counted yet, people."""
        now = known.counts()
        if now.sum() >= FEWEST:
            return np.asarray(self.openings * (now.sum() / max(1, int((now > 0).sum()))))
        typical = np.median(self.openings) if len(self.openings) else 0.0
        return np.asarray(self.openings * (self.first_count / typical if typical > 0 else 1.0))


@dataclass(frozen=True, slots=True)
class LinearQuantiles(Learner):
    """The forecaster of the module.

    Parameters
    ----------
    prior
        What was learnt from further conflicts.
    open_only
        Say nobody, with certainty, where nobody has been registered yet.
    terms
        What quantiles are linear in: (place, term), people; the first is the last count.
    """

    name: str
    prior: Prior = field(default_factory=lambda: NOTHING)
    open_only: bool = False
    terms: Terms = terms

    def can(self, mode: str) -> bool:
        """Without the total alone."""
        return mode == "total-forecast"

    def collect(self, others: Others, horizon_days: int, mode: str) -> Training:
        """Fit the coefficients, and collect the first counts of places."""
        before = self.prior.get((self.name, mode, horizon_days))
        known = [issues for issues in others.values() if issues]
        if not known:
            coefficients = np.tile(NEVER_LEARNT, (len(PROBABILITIES), 1))
            return _Learnt(coefficients, 1.0, 0.5, FIRST_COUNT, np.zeros(0)).training(0).joined(before)
        rows = [_rows(issues, horizon_days, self.terms) for issues in known]
        coefficients = _fitted(rows)
        width, usual = _left_out_width(rows)
        found = [list(_openings(issues)) for issues in known]
        logs = [np.log([count for count, _ in each if count > 0]) for each in found]
        first = float(np.exp(np.mean([each.mean() for each in logs if len(each)] or [np.log(FIRST_COUNT)])))
        ratios = [np.sort([ratio for _, ratio in each if ratio is not None]) for each in found]
        openings = np.sort(np.concatenate([spread(each.tolist(), CLOSED_EACH) for each in ratios]))
        return _Learnt(coefficients, width, usual, first, openings).training(len(known)).joined(before)

    def issuer(self, training: Training, others: Others, horizon_days: int, mode: str) -> Issuer:
        """Make the issuer of what was learnt."""
        return LinearQuantilesIssuer(_Learnt.read(training, self.terms), self.open_only)


@dataclass(frozen=True, slots=True)
class LinearQuantilesIssuer:
    """What was learnt from other conflicts, ready to be issued."""

    learnt: _Learnt
    open_only: bool = False

    def issue(
        self, known: Known, horizon_days: int, *, total: float | None = None, matured: Sequence[Issue] = ()
    ) -> IssueForecast:
        """Forecast people in the places of `known`."""
        table = self.learnt.quantiles(known, horizon_days)
        samples = list(_sampled(widened(table, self._width(matured))))
        opening = self.learnt.opening(known)
        for place in np.flatnonzero(~known.opened()):
            samples[place] = np.zeros(1) if self.open_only or not len(opening) else opening
        return IssueForecast(np.array([np.median(sample) for sample in samples]), tuple(samples))

    def _width(self, matured: Sequence[Issue]) -> float:
        """Give the factor on widths that the conflict's own errors ask for."""
        usual = self.learnt.usual_error
        errors = [error for past in matured for error in self._errors(past)]
        return (OWN_COUNT_AS * usual + sum(errors)) / ((OWN_COUNT_AS + len(errors)) * usual)

    def _errors(self, past: Issue) -> list[float]:
        index = [past.known.places.index(place) for place in past.places]
        table = self.learnt.quantiles(past.known, past.horizon_days)[index]
        counted = _counted(past.known)[index]
        return [float(error) for error in _half_widths(table[counted], past.truth[counted])]


def fit(table: Floats, truth: Floats, weight: Floats) -> Floats:
    """Fit the coefficients of every quantile by its pinball loss, held near the last count.

    Parameters
    ----------
    table, truth, weight
        (row, term) and (row,), in shares of the people of an issue; weights of rows.

    Returns
    -------
    ndarray
        (probability, term).

    Notes
    -----
    The pull on a coefficient is a row of its own with a median loss. Each quantile is a linear programme; its
    dual has one number for each row and as many conditions as there are terms, whose multipliers are the
    coefficients. R. Koenker and G. Bassett, Regression quantiles, Econometrica 46 (1978).
    """
    middle = np.eye(table.shape[1])[0]
    pull = PULL * (weight @ np.abs(table))
    sides = np.concatenate([table * weight[:, None], 2 * np.diag(pull)])
    gains = np.concatenate([(truth - table @ middle) * weight, np.zeros(len(pull))])
    found = []
    for probability in PROBABILITIES:
        upper = np.concatenate([np.full(len(truth), probability), np.full(len(pull), 0.5)])
        bounds = np.stack([upper - 1, upper], axis=1)
        solved = linprog(-gains, A_eq=sides.T, b_eq=np.zeros(len(pull)), bounds=bounds, method="highs")
        found.append(middle - solved.eqlin.marginals)
    return np.array(found)


def _rows(issues: Sequence[Issue], horizon_days: int, of: Terms) -> Rows:
    """Give terms, truth and weights of the places of a conflict that are counted already."""
    tables, truths, weights = [], [], []
    for issue in issues:
        index = [issue.known.places.index(place) for place in issue.places]
        counted = _counted(issue.known)[index]
        people = issue.truth.sum()
        tables.append(of(issue.known, horizon_days)[index][counted] / people)
        truths.append(issue.truth[counted] / people)
        weights.append(np.full(counted.sum(), 1 / len(index) / len(issues)))
    return np.concatenate(tables), np.concatenate(truths), np.concatenate(weights)


def _openings(issues: Sequence[Issue]) -> Iterator[tuple[float, float | None]]:
    """Give what was counted where nobody had been registered, and that over the mean of the others."""
    for issue in issues:
        now, opened = issue.known.counts(), issue.known.opened()
        index = [issue.known.places.index(place) for place in issue.places]
        mean = now.sum() / max(1, int((now > 0).sum())) if now.sum() >= FEWEST else None
        for place, truth in zip(index, issue.truth, strict=True):
            if not opened[place]:
                yield float(truth), None if mean is None else float(truth / mean)


def _counted(known: Known) -> Flags:
    return np.asarray(known.counts() > 0)


def evaluated(coefficients: Floats, table: Floats) -> Floats:
    """Give quantiles in order, none below nobody: (row, probability)."""
    return np.asarray(np.clip(np.sort(table @ coefficients.T, axis=1), 0, None))


def widened(table: Floats, factor: float) -> Floats:
    """Move quantiles away from the median."""
    middle = table[:, [_MIDDLE]]
    return np.asarray(np.clip(middle + factor * (table - middle), 0, None))


def _fitted(rows: Sequence[Rows]) -> Floats:
    table, truth, weight = (np.concatenate(parts) for parts in zip(*rows, strict=True))
    return fit(table, truth, weight / len(rows))


def _left_out_width(rows: Sequence[Rows]) -> tuple[float, float]:
    """Give the width at which 80 % intervals hold so many of conflicts left out, and the usual error."""
    held = [at for at, (_, truth, _) in enumerate(rows) if len(truth)]
    if len(held) < FEWEST_CONFLICTS:
        return 1.0, 0.5
    found = [
        (
            evaluated(_fitted([each for other, each in enumerate(rows) if other != at]), rows[at][0]),
            rows[at][1],
        )
        for at in held
    ]

    def missed(width: float) -> float:
        return abs(float(np.mean([_held(widened(table, width), truth) for table, truth in found])) - 0.8)

    width = min(WIDTHS, key=missed)
    usual = np.mean([_half_widths(widened(table, width), truth).mean() for table, truth in found])
    return width, max(float(usual), LEAST_ERROR)


def _held(table: Floats, truth: Floats) -> float:
    inside = (table[:, _LOW] - 1e-9 <= truth) & (truth <= table[:, _HIGH] + 1e-9)
    return float(inside.mean())


def _half_widths(table: Floats, truth: Floats) -> Floats:
    """Give |truth − median| over half of the 80 % interval, at most `FARTHEST`: (row,)."""
    half = np.maximum((table[:, _HIGH] - table[:, _LOW]) / 2, 1e-9)
    return np.asarray(np.minimum(np.abs(truth - table[:, _MIDDLE]) / half, FARTHEST))


def _sampled(table: Floats) -> Iterator[Floats]:
    """Join quantiles by straight lines that go on beyond the lowest, and twice as far beyond the highest."""
    at = np.concatenate([[0.0], PROBABILITIES, [1.0]])
    for row in table:
        ends = (max(0.0, 2 * row[0] - row[1]), row[-1] + 2 * (row[-1] - row[-2]))
        yield np.interp((np.arange(MEMBERS) + 0.5) / MEMBERS, at, [ends[0], *row, ends[1]])
