"""Draws of a scenario's quantities, by address."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaincinv, gammaincinv, gammaln, ndtri

from forewarn.arraytypes import Floats, Keys
from forewarn.kernel.draws import QUANTITY, uniform_table
from forewarn.network import key_of
from forewarn.scenario import Quantity
from forewarn.scenario.model.models import MOST_PEOPLE


class Address(NamedTuple):
    """Where a uniform is drawn: purpose, key of the place or quantity, and which of its two uniforms."""

    purpose: int
    key: int
    column: int


PERT_SHAPE = 4.0
"""Weight of the mode in a PERT distribution (Malcolm et al. 1959, doi:10.1287/opre.7.5.646)."""

_ALL_ALIKE = 0.01
"""Relative standard deviation below which a gamma distribution is a normal one to a thousandth."""
_VANISHING = 1e-12  # of a gamma variable: below it the leading term is exact to as many digits
_LEAST = 2.0**-54  # half the step of a uniform
_MOST = 1.0 - 2.0**-53  # the largest uniform


def member_keys(seed: int, draws: NDArray[np.int64]) -> Keys:
    """Words of the random address of each draw, (n, 2). docs/model.md, section 1."""
    words = [np.random.SeedSequence(seed, spawn_key=(int(draw),)).generate_state(2) for draw in draws]
    return np.array(words, dtype=np.uint64).reshape(-1, 2)


def quantile(quantity: Quantity, probability: Floats) -> Floats:
    """Value of a quantity at each probability, any shape.

    Examples
    --------
    >>> quantile(Quantity(low=1, high=5, source="assumption: example"), np.array([0.25]))
    array([2.])
    """
    if quantity.value is not None:
        return np.full_like(probability, quantity.value)
    if quantity.quantiles is not None:
        return _between_quantiles(quantity, probability)
    if quantity.median is not None and quantity.p90 is not None:
        spread = np.log(quantity.p90 / quantity.median) / ndtri(0.9)
        return np.asarray(quantity.median * np.exp(spread * ndtri(_inside(probability))))
    low, high = quantity.bounds()
    if quantity.mode is None:
        return low + (high - low) * probability
    width = high - low
    alpha = 1 + PERT_SHAPE * (quantity.mode - low) / width
    beta = 1 + PERT_SHAPE * (high - quantity.mode) / width
    return np.asarray(low + width * betaincinv(alpha, beta, probability))


def _between_quantiles(quantity: Quantity, probability: Floats) -> Floats:
    pairs = quantity.quantiles or ()
    lowest, highest = quantity.bounds()
    at = [p for p, _ in pairs]
    value = [v for _, v in pairs]
    if at[0] > 0:
        at, value = [0.0, *at], [lowest, *value]
    if at[-1] < 1:
        at, value = [*at, 1.0], [*value, highest]
    return np.interp(probability, at, value)


class Sampler:
    """Draws quantities for the members of a chunk.

    Parameters
    ----------
    keys
        (n, 2), addresses of the members.
    given
        Uniforms, (n,) each, that stand in for those of their address: drawn from a posterior.
    """

    def __init__(self, keys: Keys, given: Mapping[Address, Floats] | None = None) -> None:
        self.keys = keys
        self._given: dict[int, dict[int, list[tuple[int, Floats]]]] = {}
        for address, uniform in (given or {}).items():
            of_purpose = self._given.setdefault(address.purpose, {})
            of_purpose.setdefault(address.key, []).append((address.column, uniform))

    def __len__(self) -> int:
        return len(self.keys)

    def draw(self, path: str, quantity: Quantity) -> Floats:
        """Value of the quantity at `path` for each member, (n,)."""
        if quantity.value is not None:
            return np.full(len(self), quantity.value)
        key = np.array([key_of(path)], dtype=np.uint64)
        return quantile(quantity, self.uniforms(QUANTITY, key)[:, 0, 0])

    def whole(self, path: str, quantity: Quantity, at_least: int = 0) -> NDArray[np.int64]:
        """Draw and round to the nearest whole number (half up), (n,)."""
        return np.maximum(whole(self.draw(path, quantity)), at_least)

    def uniforms(self, purpose: np.uint64, places: Keys, other: int = 0) -> Floats:
        """Two uniforms for each member and place, (n, places, 2)."""
        table = np.empty((len(self), len(places), 2))
        uniform_table(self.keys, purpose, places, np.uint64(other), table)
        given = self._given.get(int(purpose))
        if given and not other:
            for number, key in enumerate(places):
                for column, uniform in given.get(int(key), ()):
                    table[:, number, column] = uniform
        return table


def whole(numbers: Floats) -> NDArray[np.int64]:
    """Nearest whole numbers, half up; of days or people, of which there are never more than `MOST_PEOPLE`."""
    return np.floor(np.minimum(numbers, MOST_PEOPLE) + 0.5).astype(np.int64)


def normal(uniform: Floats) -> Floats:
    """Give the standard normal value at each uniform."""
    return np.asarray(ndtri(_inside(uniform)))


def log_gamma_factor(spread: Floats, uniform: Floats) -> Floats:
    """Log of a factor of mean 1 at each uniform; any shapes that fit together.

    The factor has a gamma distribution of the relative standard deviation `spread`: shape 1 / spread². With
    a spread of 1 or more some of many factors are next to nothing.

    Examples
    --------
    >>> np.exp(log_gamma_factor(np.array([0.0, 1.0]), np.array([0.5, 0.5]))).round(3).tolist()
    [1.0, 0.693]
    """
    uniform = _inside(uniform)
    shape = np.maximum(spread, _ALL_ALIKE) ** -2.0
    value = gammaincinv(shape, uniform)
    # Far below, the distribution is (x^shape) / Γ(shape + 1), and the inverse of it has no number any more.
    lowest = (np.log(uniform) + gammaln(shape + 1)) / shape
    with np.errstate(divide="ignore"):
        log = np.where(value > _VANISHING, np.log(value), lowest) - np.log(shape)
    return np.asarray(np.where(spread > _ALL_ALIKE, log, spread * ndtri(uniform)))


def _inside(uniform: Floats) -> Floats:
    """Keep uniforms off 0 and 1, where quantile functions are infinite."""
    return np.minimum(uniform + _LEAST, _MOST)
