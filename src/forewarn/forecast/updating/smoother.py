"""Ensemble smoother with multiple data assimilation, on standard normal scores.

Emerick and Reynolds (2013), "Ensemble smoother with multiple data assimilation",
doi:10.1016/j.cageo.2012.03.011. The data are used several times, each time with a larger error, so that
every step is small enough for a linear update.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def smooth(
    scores: Floats,
    predicted: Floats,
    observed: Floats,
    covariance: Floats,
    noise: Floats,
    *,
    inflation: float,
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
    both *= trust(of_scores, of_predicted)
    spread = of_predicted.T @ of_predicted / (members - 1)
    root = np.linalg.cholesky(covariance)
    perturbed = observed + np.sqrt(inflation) * noise @ root.T
    innovation = np.linalg.solve(spread + inflation * covariance, (perturbed - predicted).T)
    return np.asarray(scores + (both @ innovation).T)


def trust(scores: Floats, predicted: Floats) -> Floats:
    """How far to trust the correlation of each parameter with each prediction, (m, d), 0 to 1.

    Of m parameters that have nothing to do with a prediction the largest squared correlation in n members
    is about 2 log(m) / n (Donoho and Johnstone 1994, doi:10.1093/biomet/81.3.425); what does not exceed it
    may be chance and is left out, the rest is shrunk by as much.

    Parameters
    ----------
    scores, predicted
        (n, m) and (n, d), means taken off.
    """
    members, parameters = scores.shape
    spread = np.outer(np.sqrt((scores**2).sum(axis=0)), np.sqrt((predicted**2).sum(axis=0)))
    products = scores.T @ predicted
    squared = np.divide(products, spread, out=np.zeros_like(products), where=spread > 0) ** 2
    chance = 2 * np.log(max(parameters, 2)) / members
    kept = np.zeros_like(squared)
    np.divide(squared - chance, squared, out=kept, where=squared > chance)
    return kept


def log_evidence(predicted: Floats, observed: Floats, covariance: Floats) -> float:
    """Logarithm of the density of what was observed, by a mixture of normals around the members.

    Each kernel has the covariance of the errors plus h² times that of the predictions, with h by
    Silverman's rule (1986, Density Estimation, section 4.3.2), and members are drawn in towards their mean
    by sqrt(1 − h²), so that the mixture keeps mean and covariance: with few members in many dimensions it
    becomes the normal distribution, with many in few it follows any shape.

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
    centre = mean + np.sqrt(1 - width**2) * (predicted - mean)
    spread = np.cov(predicted.T).reshape(data, data)
    root = np.linalg.cholesky(covariance + width**2 * spread)
    standard = np.linalg.solve(root, (observed - centre).T)
    exponent = -0.5 * (standard**2).sum(axis=0)
    most = exponent.max()
    mixture = most + np.log(np.exp(exponent - most).mean())
    return float(mixture - np.log(np.diag(root)).sum() - 0.5 * data * np.log(2 * np.pi))
