"""Partial pooling: a linear model whose group effects are shrunk as far as the data ask for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import Final

import numpy as np
from scipy.special import stdtr, stdtrit

from forewarn.arraytypes import Floats

FEWEST: Final = 5
# Five equally probable values of a half-Cauchy prior of scale 0.5 on (spread of a factor's effects) /
# (residual spread); Gelman (2006), doi:10.1214/06-BA117A, recommends the family where groups are few.
SPREAD_RATIOS: Final = tuple(
    0.5 * np.tan(np.pi / 2 * probability) for probability in (0.1, 0.3, 0.5, 0.7, 0.9)
)
_NEGLIGIBLE: Final = 1e-5
_CDF_POINTS: Final = 601


@dataclass(frozen=True, slots=True)
class ModelRow:
    """What the model sees of an event: levels of its factors (None: unknown) and its covariates.

    Covariates are numbers in units in which the data spread by about 1.
    """

    levels: tuple[str | None, ...]
    covariates: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class StudentMixture:
    """Predictive distribution: weighted Student-t distributions, one per set of spread ratios."""

    weights: Floats
    locations: Floats
    scales: Floats
    degrees: int

    def quantiles(self, probabilities: Floats) -> Floats:
        """Invert the distribution function at probabilities within [0.001, 0.999], to about 0.1 %."""
        outermost = stdtrit(self.degrees, [0.0005, 0.9995])[:, None] * self.scales + self.locations
        points = np.linspace(outermost.min(), outermost.max(), _CDF_POINTS)
        standard = (points[:, None] - self.locations) / self.scales
        below = stdtr(self.degrees, standard) @ self.weights
        return np.interp(probabilities, below, points)


def predict(rows: Sequence[ModelRow], values: Sequence[float], new: ModelRow) -> StudentMixture:
    r"""Predict the value of a new event from those of past ones.

    .. math:: y_i = \mu + \sum_f b_f[level_f(i)] + \sum_c s_c x_{ci} + e_i,
        \quad b_f \sim N(0, \rho_f^2 \sigma^2), \; s_c \sim N(0, \rho_c^2 \sigma^2), \; e \sim N(0, \sigma^2)

    with a flat prior on mu and 1/sigma² on sigma². Given the ratios rho the effects integrate out, the
    events have covariance sigma² V with V = 1 + sum of rho_f² [same level] + rho_c² x x', and the new
    value is Student-t with n - 1 degrees of freedom around the generalised least-squares mean and
    best linear prediction. The ratios are summed out over `SPREAD_RATIOS`, weighted by marginal
    likelihood: no sampling. A factor that says nothing is shrunk away; an unknown level of the new event
    keeps the factor's whole spread.

    Source: linear mixed model with known variance ratios, Gelman et al., Bayesian Data Analysis (3rd ed.,
    2013), sections 14.8 and 15.1; universal kriging is the same algebra.

    Parameters
    ----------
    rows, values
        Past events, at least `FEWEST`.
    """
    if len(rows) < FEWEST:
        raise ValueError(f"{len(rows)} events, {FEWEST} are needed")
    alike, alike_new, own = _likeness(rows, new)
    grid = np.array(list(product(SPREAD_RATIOS, repeat=len(alike)))) ** 2
    covariance = np.eye(len(rows)) + np.einsum("gf,fij->gij", grid, alike)
    between = np.einsum("gf,fi->gi", grid, alike_new)
    variance = 1.0 + grid @ own
    ones = np.ones(len(rows))
    data = np.stack(
        [np.broadcast_to(ones, between.shape), np.broadcast_to(values, between.shape), between], -1
    )
    solved = np.linalg.solve(covariance, data)
    precision = solved[:, :, 0].sum(axis=1)
    mean = solved[:, :, 1].sum(axis=1) / precision
    residual = np.asarray(values) - mean[:, None]
    solved_residual = solved[:, :, 1] - mean[:, None] * solved[:, :, 0]
    squares = np.einsum("gi,gi->g", residual, solved_residual)
    degrees = len(rows) - 1
    log_evidence = -0.5 * (
        np.linalg.slogdet(covariance)[1] + np.log(precision) + degrees * np.log(np.maximum(squares, 1e-300))
    )
    weights = np.exp(log_evidence - log_evidence.max())
    weights = weights / weights.sum()
    gap = 1.0 - np.einsum("gi,gi->g", between, solved[:, :, 0])
    spread = variance - np.einsum("gi,gi->g", between, solved[:, :, 2]) + gap**2 / precision
    locations = mean + np.einsum("gi,gi->g", between, solved_residual)
    scales = np.sqrt(np.maximum(squares, 1e-12) / degrees * spread)
    kept = weights > _NEGLIGIBLE
    return StudentMixture(weights[kept] / weights[kept].sum(), locations[kept], scales[kept], degrees)


def _likeness(rows: Sequence[ModelRow], new: ModelRow) -> tuple[Floats, Floats, Floats]:
    """Likeness of past events to each other, to the new one, and of the new one to itself.

    Returns
    -------
    Arrays of shape (factor and covariate, event, event), (…, event) and (…,).
    """
    alike, alike_new, own = [], [], []
    for factor, level in enumerate(new.levels):
        levels = np.array([row.levels[factor] or "" for row in rows])
        # Each unknown level is one of its own.
        same = (levels[:, None] == levels) & (levels != "")
        alike.append(np.maximum(same, np.eye(len(rows))))
        alike_new.append((levels == (level or " unknown")).astype(np.float64))
        own.append(1.0)
    for index, value in enumerate(new.covariates):
        column = np.array([row.covariates[index] for row in rows])
        centred, centred_new = column - column.mean(), value - column.mean()
        alike.append(np.outer(centred, centred))
        alike_new.append(centred * centred_new)
        own.append(centred_new**2)
    count, size = len(own), len(rows)
    return (
        np.array(alike).reshape(count, size, size),
        np.array(alike_new).reshape(count, size),
        np.array(own),
    )
