"""Ensemble smoother with multiple data assimilation, on standard normal scores.

Emerick and Reynolds (2013), "Ensemble smoother with multiple data assimilation",
doi:10.1016/j.cageo.2012.03.011. The data are used several times, each time with a larger error, so that
every step is small enough for a linear update.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import logsumexp

from forewarn.arraytypes import Floats


def smooth(
    scores: Floats,
    predicted: Floats,
    observed: Floats,
    covariance: Floats,
    noise: Floats,
    *,
    inflation: float,
    different: float | None = None,
) -> Floats:
    """Move members towards what was observed.

    Parameters
    ----------
    scores
        (n, m) parameters of each member on a scale where the prior is standard normal.
    predicted, observed
        (n, d) what each member predicts, and (d,) what was observed, on one scale.
    covariance
        (d, d) of the errors of observation and model.
    noise
        (n, d) standard normal numbers, one set for each member.
    inflation
        Factor on the covariance in this step; over all steps the inverse factors add to 1.
    different
        How many members differ; all of them if None.

    Returns
    -------
    Scores, (n, m). The gain of each parameter is shrunk by `trust` in its correlations.

    Examples
    --------
    One exact step for a straight line: prior N(0, 1), observed 1 with error 1, posterior N(1/2, 1/2).

    >>> rng = np.random.Generator(np.random.Philox(1))
    >>> z = rng.standard_normal((20_000, 1))
    >>> after = smooth(z, z, np.array([1.0]), np.eye(1), rng.standard_normal(z.shape), inflation=1.0)
    >>> round(float(after.mean()), 1), round(float(after.var()), 1)
    (0.5, 0.5)
    """
    members = len(scores)
    of_scores, of_predicted = scores - scores.mean(axis=0), predicted - predicted.mean(axis=0)
    both = of_scores.T @ of_predicted / (members - 1)
    both *= trust(of_scores, of_predicted, different or members)
    spread = of_predicted.T @ of_predicted / (members - 1)
    root = np.linalg.cholesky(covariance)
    perturbed = observed + np.sqrt(inflation) * noise @ root.T
    innovation = np.linalg.solve(spread + inflation * covariance, (perturbed - predicted).T)
    return np.asarray(scores + (both @ innovation).T)


def trust(scores: Floats, predicted: Floats, different: float) -> Floats:
    """How far to trust the correlation of each parameter with each prediction, (m, d), 0 to 1.

    Of m parameters that have nothing to do with a prediction the largest squared correlation in n members
    is about 2 log(m) / n (Donoho and Johnstone 1994, doi:10.1093/biomet/81.3.425); what does not exceed it
    may be chance and is left out, the rest is shrunk by as much.

    Parameters
    ----------
    scores, predicted
        (n, m) and (n, d), means taken off.
    different
        How many of the n members differ.
    """
    parameters = scores.shape[1]
    spread = np.outer(np.sqrt((scores**2).sum(axis=0)), np.sqrt((predicted**2).sum(axis=0)))
    products = scores.T @ predicted
    squared = np.divide(products, spread, out=np.zeros_like(products), where=spread > 0) ** 2
    chance = 2 * np.log(max(parameters, 2)) / different
    kept = np.zeros_like(squared)
    np.divide(squared - chance, squared, out=kept, where=squared > chance)
    return kept


def log_evidence(predicted: Floats, observed: Floats, covariance: Floats) -> float:
    """Logarithm of the density of what was observed, by a mixture of normals around the members.

    Half of it has kernels as narrow as the errors, so that members of whom nothing was to be seen yet count
    in full where nothing was seen. The other half is smooth: its kernels have the covariance of the errors
    plus h² times that of the predictions, with h by Silverman's rule (1986, Density Estimation, section
    4.3.2), and members are drawn in towards their mean by sqrt(1 − h²), so that it keeps mean and covariance.

    Parameters
    ----------
    predicted
        (n, d), members before anything was learnt.
    observed, covariance
        (d,) and (d, d).
    """
    members, data = predicted.shape
    width = (4 / (data + 2)) ** (1 / (data + 4)) * members ** (-1 / (data + 4))
    width = min(width, 1.0)
    mean = predicted.mean(axis=0)
    drawn_in = mean + np.sqrt(1 - width**2) * (predicted - mean)
    spread = np.cov(predicted.T).reshape(data, data)
    narrow = logsumexp(log_density(predicted, observed, covariance))
    smooth_half = logsumexp(log_density(drawn_in, observed, covariance + width**2 * spread))
    return float(np.logaddexp(narrow, smooth_half) - np.log(2 * members))


def log_density(centres: Floats, observed: Floats, covariance: Floats) -> Floats:
    """Logarithm of the normal density at what was observed around each centre, (n, d): (n,)."""
    root = np.linalg.cholesky(covariance)
    standard = np.linalg.solve(root, (observed - centres).T)
    volume = np.log(np.diag(root)).sum() + 0.5 * len(observed) * np.log(2 * np.pi)
    return np.asarray(-0.5 * (standard**2).sum(axis=0) - volume)


SHARP = 0.5
"""Power of the likelihood from which members are chosen: below, choosing costs more members than it tells.
Set on synthetic truth (verification/test_updating.py)."""


def select(logs: Floats, uniform: float, *, fewest: float) -> tuple[NDArray[np.int64], float]:
    """Choose members by importance, as far as enough different ones are left.

    Weights are the likelihood to the power β, the greatest of 0 to 1 at which the effective number of
    members, (Σw)² / Σw², is not below `fewest`; if it is below a half, nobody is chosen. Where the counts
    divide members sharply (an attack has begun or not) β comes near 1; where they speak of many numbers at
    once it stays near 0, and the smoother does all.

    Parameters
    ----------
    logs
        (n,) logarithm of each member's likelihood.
    uniform
        Where systematic resampling starts, 0 to 1.
    fewest
        Members.

    Returns
    -------
    Numbers of the members chosen, (n,), and β.
    """
    members = len(logs)
    low, high = 0.0, 1.0
    if effective(logs) < fewest:
        for _ in range(_HALVINGS):
            middle = (low + high) / 2
            low, high = (middle, high) if effective(middle * logs) >= fewest else (low, middle)
        power = low if low >= SHARP else 0.0
    else:
        power = 1.0
    weight = np.exp(power * (logs - logs.max()))
    running = np.cumsum(weight / weight.sum())
    running[-1] = 1.0
    chosen = np.searchsorted(running, (np.arange(members) + uniform) / members, side="right")
    return np.minimum(chosen, members - 1), power


def effective(logs: Floats) -> float:
    """Effective number of members with weights of these logarithms.

    Examples
    --------
    >>> effective(np.log(np.array([1.0, 1.0, 1e-9])))
    2.0
    """
    weight = np.exp(logs - logs.max())
    return float(round(weight.sum() ** 2 / (weight**2).sum(), 6))


_HALVINGS = 40  # of the interval in which the power is sought: exact to 1e-12
