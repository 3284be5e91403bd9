"""A multinomial logit over places, with effects that differ by crisis and by place.

The share of place i in case k of crisis c is exp(x_ki · (b + d_c) + u_i) over the sum of the same for all
places of the case. Given the covariates x, the coefficients b, the deviations d_c of crises and the effects
u_i of places maximise

    weight · Σ_k w_k Σ_i s_ki log p_ki - |b|² / 2σ² - Σ_c |d_c|² / 2τ² - Σ_i u_i² / 2υ²

with the observed shares s: a penalised likelihood, in which a case counts as much as `weight` independent
families (shares of crises vary far more than the number of people explains). D. McFadden (1974), "Conditional
logit analysis of qualitative choice behavior"; the penalties are normal priors.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from forewarn.receptions.choices import DestinationCase, Floats


@dataclass(frozen=True, slots=True)
class Penalties:
    """Spreads of the normal priors, on the log scale of shares, and what a case counts.

    Parameters
    ----------
    coefficient, crisis, place
        Standard deviations of coefficients, of their deviations by crisis and of effects of places;
        0 = there are none.
    families
        A case counts as so many independent choices.
    """

    coefficient: float = 1.0
    crisis: float = 0.0
    place: float = 0.0
    families: float = 4.0


@dataclass(frozen=True, slots=True)
class DestinationLogit:
    """A fitted logit.

    Parameters
    ----------
    names
        Covariates, in the order of `coefficients`.
    crises, deviations
        Deviations of the coefficients, (crisis, covariate).
    places, effects
        Effects of places by (dataset, place).
    """

    names: tuple[str, ...]
    coefficients: Floats
    deviations: dict[str, Floats]
    effects: dict[tuple[str, str], float]

    def shares(self, case: DestinationCase) -> Floats:
        """Forecast the shares of a case, (place,); what is not known of its crisis and places is 0."""
        beta = self.coefficients + self.deviations.get(case.crisis, 0.0)
        utility = design(case, self.names) @ beta
        if self.effects:
            utility = utility + [self.effects.get((case.dataset, place), 0.0) for place in case.places]
        return softmax(utility)


def softmax(utility: Floats) -> Floats:
    """Shares that are proportional to exp(utility).

    Examples
    --------
    >>> softmax(np.log([1.0, 3.0])).round(2).tolist()
    [0.25, 0.75]
    """
    raised = np.exp(utility - utility.max())
    return np.asarray(raised / raised.sum())


def design(case: DestinationCase, names: Sequence[str]) -> Floats:
    """Covariates of a case, (place, covariate); one that the case lacks is 0 everywhere."""
    nothing = np.zeros(len(case.places))
    return np.column_stack([case.covariates.get(name, nothing) for name in names])


def fit_logit(
    cases: Sequence[DestinationCase],
    case_weights: Floats,
    names: Sequence[str],
    penalties: Penalties = Penalties(),  # noqa: B008 (frozen)
    *,
    start: DestinationLogit | None = None,
) -> DestinationLogit:
    """Fit the logit; the same cases give the same numbers.

    Parameters
    ----------
    case_weights
        (case,), of mean 1.
    start
        A fit of much the same cases, to begin from: it saves time.
    """
    problem = _Problem(cases, case_weights, tuple(names), penalties)
    found = minimize(
        problem.loss, problem.packed(start), jac=True, method="L-BFGS-B",
        options={"maxiter": 500, "ftol": 1e-9, "gtol": 1e-5},
    )  # fmt: skip
    return problem.unpack(found.x)


class _Problem:
    """The cases as long arrays, one row for each place of each case, cases of a crisis together."""

    def __init__(
        self,
        cases: Sequence[DestinationCase],
        case_weights: Floats,
        names: tuple[str, ...],
        penalties: Penalties,
    ) -> None:
        self.names, self.penalties = names, penalties
        order = sorted(range(len(cases)), key=lambda index: cases[index].crisis)
        cases = [cases[index] for index in order]
        sizes = [len(case.places) for case in cases]
        self.matrix = np.concatenate([design(case, names) for case in cases])
        self.starts = np.cumsum([0, *sizes[:-1]])
        self.case_of = np.repeat(np.arange(len(cases)), sizes)
        weighed = np.array([case_weights[index] for index in order]) * penalties.families
        self.shares = np.concatenate([case.truth for case in cases])
        self.row_weight = weighed[self.case_of]
        self.crises = sorted({case.crisis for case in cases}) if penalties.crisis else []
        self.spans = self._spans(cases, sizes)
        self.places: list[tuple[str, str]] = []
        self.place_of: NDArray[np.intp] = np.zeros(0, np.intp)
        if penalties.place:
            keys = [(case.dataset, place) for case in cases for place in case.places]
            self.places = sorted(set(keys))
            index = {key: number for number, key in enumerate(self.places)}
            self.place_of = np.array([index[key] for key in keys])
        self.size = len(names) * (1 + len(self.crises)) + len(self.places)

    def _spans(self, cases: Sequence[DestinationCase], sizes: Sequence[int]) -> list[slice]:
        ends = np.cumsum(sizes)
        spans = []
        for crisis in self.crises:
            inside = [index for index, case in enumerate(cases) if case.crisis == crisis]
            spans.append(slice(int(self.starts[inside[0]]), int(ends[inside[-1]])))
        return spans

    def split(self, values: Floats) -> tuple[Floats, Floats, Floats]:
        width = len(self.names)
        middle = width * (1 + len(self.crises))
        return values[:width], values[width:middle].reshape(-1, width), values[middle:]

    def loss(self, values: Floats) -> tuple[float, Floats]:
        """Penalised loss and its gradient."""
        beta, deviations, effects = self.split(values)
        utility = self.matrix @ beta
        for span, deviation in zip(self.spans, deviations, strict=True):
            utility[span] += self.matrix[span] @ deviation
        if len(effects):
            utility += effects[self.place_of]
        utility -= np.maximum.reduceat(utility, self.starts)[self.case_of]
        raised = np.exp(utility)
        sums = np.add.reduceat(raised, self.starts)
        log_shares = utility - np.log(sums)[self.case_of]
        residual = self.row_weight * (raised / sums[self.case_of] - self.shares)
        loss = -float(np.dot(self.row_weight * self.shares, log_shares))
        slopes = [self.matrix.T @ residual]
        slopes += [self.matrix[span].T @ residual[span] for span in self.spans]
        if len(effects):
            slopes.append(np.bincount(self.place_of, residual, len(effects)))
        precision = self.precision()
        return loss + float(np.dot(precision, values**2)) / 2, np.concatenate(slopes) + precision * values

    def precision(self) -> Floats:
        width, penalties = len(self.names), self.penalties
        parts = [np.full(width, penalties.coefficient**-2.0)]
        if self.crises:
            parts.append(np.full(width * len(self.crises), penalties.crisis**-2.0))
        if self.places:
            parts.append(np.full(len(self.places), penalties.place**-2.0))
        return np.concatenate(parts)

    def packed(self, start: DestinationLogit | None) -> Floats:
        if start is None:
            return np.zeros(self.size)
        nothing = np.zeros(len(self.names))
        deviations = [start.deviations.get(crisis, nothing) for crisis in self.crises]
        effects = np.array([start.effects.get(place, 0.0) for place in self.places])
        return np.concatenate([start.coefficients, *deviations, effects])

    def unpack(self, values: Floats) -> DestinationLogit:
        beta, deviations, effects = self.split(values)
        return DestinationLogit(
            self.names,
            beta,
            dict(zip(self.crises, deviations, strict=True)),
            dict(zip(self.places, (float(effect) for effect in effects), strict=True)),
        )
