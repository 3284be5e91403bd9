"""Point forecasts of shares, dressed: a distribution around them, drawn and scored.

There are two kinds of dressing, and its number comes from other crises. Forecasts of the record: the shares
times a concentration are the parameters of a Dirichlet distribution. Those of the simulation: the pull of
every place is multiplied by a random number from a gamma distribution of one shape. Draws are rounded to
whole people.
"""

from __future__ import annotations

from typing import Final, NamedTuple
from zlib import crc32

import numpy as np
from scipy.special import betainc, betaln

from forewarn.receptions.choices import Floats

DRAWS: Final = 400
# From hardly anything known to nearly certain; steps of a factor of 1.3.
CONCENTRATIONS: Final = tuple(float(f"{0.1 * 1.3**step:.3g}") for step in range(36))
SHAPES: Final = (0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.8, 1.0, 1.4, 2.0, 3.0, 5.0, 10.0, 20.0, 40.0)
"""Shapes of the gamma distribution that are tried; the factor's standard deviation is 1 / √shape."""
SMALLEST: Final = 1e-9  # a share of nothing has no logarithm, and a gamma draw no shape


class Dressing(NamedTuple):
    """How sure a forecast of shares is.

    Parameters
    ----------
    concentration
        Of the Dirichlet distribution.
    shape
        Of the gamma distribution of each place's factor; above 0 it stands in for the concentration.
    """

    concentration: float = 0.0
    shape: float = 0.0

    def firmer(self, factor: float) -> Dressing:
        """Give a dressing whose variance is smaller by a factor."""
        return Dressing(self.concentration * factor, self.shape * factor)


DIRICHLET: Final = tuple(Dressing(concentration) for concentration in CONCENTRATIONS)
PULLS: Final = tuple(Dressing(shape=shape) for shape in SHAPES)
"""The dressings that are tried, the least certain first."""


def draw_shares(
    shares: Floats, dressing: Dressing, people: float, key: str, *, seed: int = 1, draws: int = DRAWS
) -> Floats:
    """Draw shares around a point forecast, (draw, place), rounded to whole people.

    Parameters
    ----------
    key
        Name of the case: the same name and seed give the same draws.
    """
    generator = np.random.Generator(np.random.Philox(key=[seed, crc32(key.encode())]))
    size = draws, len(shares)
    if dressing.shape:
        raised = np.maximum(shares, SMALLEST) * generator.standard_gamma(dressing.shape, size)
    else:
        raised = generator.standard_gamma(np.maximum(dressing.concentration * shares, SMALLEST), size)
        raised[:, int(np.argmax(shares))] += SMALLEST
    drawn = raised / raised.sum(axis=1, keepdims=True)
    return np.asarray(np.rint(drawn * people) / people)


def fair_crps(drawn: Floats, truth: Floats) -> Floats:
    r"""Fair continuous ranked probability score of draws, (place,).

    Mean of \\|x - y\\| less half the mean of \\|x - x'\\| over pairs of different draws (C. A. T. Ferro 2014,
    doi:10.1002/qj.2270).

    Examples
    --------
    >>> fair_crps(np.array([[0.0], [1.0]]), np.array([0.5])).tolist()
    [0.0]
    """
    number = len(drawn)
    ordered = np.sort(drawn, axis=0)
    ranks = 2 * np.arange(1, number + 1) - number - 1
    spread = (ranks[:, None] * ordered).sum(axis=0) / (number * (number - 1))
    return np.asarray(np.abs(drawn - truth).mean(axis=0) - spread)


def score_shares(drawn: Floats, truth: Floats) -> float:
    """S: half the sum over places of the fair CRPS; for a point forecast the total variation."""
    return float(fair_crps(drawn, truth).sum() / 2)


def expected_score(shares: Floats, concentration: float, truth: Floats) -> float:
    """S of the Dirichlet distribution itself, without draws: its margins are beta distributions.

    For a beta distribution with parameters a and b the CRPS is
    y (2 F_ab(y) - 1) + a / (a + b) · (1 - 2 F_(a+1)b(y) - 2 B(2a, 2b) / (a B(a, b)²))
    (A. Jordan, F. Krueger and S. Lerch 2019, doi:10.18637/jss.v090.i12).

    Examples
    --------
    >>> round(expected_score(np.array([0.5, 0.5]), 2.0, np.array([0.5, 0.5])), 6)  # two uniform margins
    0.083333
    """
    a = np.maximum(concentration * shares, SMALLEST)
    b = np.maximum(concentration - a, SMALLEST)
    spread = np.exp(betaln(2 * a, 2 * b) - 2 * betaln(a, b)) * 2 / a
    below, raised = betainc(a, b, truth), betainc(a + 1, b, truth)
    crps = truth * (2 * below - 1) + a / (a + b) * (1 - 2 * raised - spread)
    return float(crps.sum() / 2)


def score_dressing(shares: Floats, dressing: Dressing, truth: Floats, people: float, key: str) -> float:
    """S of a dressed forecast: without draws for a Dirichlet distribution, else from draws."""
    if dressing.shape:
        return score_shares(draw_shares(shares, dressing, people, key), truth)
    return expected_score(shares, dressing.concentration, truth)
