"""Quantiles over members, and how sure they are.

The *q-quantile* of members with weights is the smallest value v such that members with values up to v
carry at least the share q of all weight. It is always a value of some member, and equals the
inverted-CDF quantile of a list in which each member is repeated in proportion to its weight.
"""

from __future__ import annotations

from collections.abc import Sequence
from statistics import NormalDist
from typing import Any, Final

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from forewarn.errors import Problem, UsageError

QUANTILES: Final = (0.05, 0.25, 0.5, 0.75, 0.95)

# Cumulated weights such as ten times 0.1 miss their sum by rounding.
WEIGHT_ROUNDING: Final = 1e-9


def weighted_quantiles(
    values: xr.DataArray, *, weights: xr.DataArray, probabilities: Sequence[float]
) -> xr.DataArray:
    """Give quantiles over members by the definition of this module.

    Parameters
    ----------
    values
        (member, …), any unit.
    weights
        (member,), not negative, not all 0. They need not add to 1.
    probabilities
        Each in 0–1.

    Returns
    -------
    xarray.DataArray
        (quantile, …), type and unit of `values`.

    Raises
    ------
    UsageError
        A probability outside 0–1, or no weight.
    """
    total = float(weights.sum())
    problems = _problems(probabilities)
    if total <= 0.0 or bool((weights < 0.0).any()):
        problems.append(Problem("quantiles, weights", f"add to {total}", "not negative, not all 0"))
    if problems:
        raise UsageError(problems)
    ordered = values.transpose("member", ...)
    carried = weights.values > 0.0
    picked = _inverted_cdf(
        ordered.values[carried], weights.values[carried] / total, np.asarray(probabilities, dtype=np.float64)
    )
    return _labelled(picked, ordered, {"quantile": list(probabilities)})


def quantiles_by_course(values: xr.DataArray, *, probabilities: Sequence[float] = QUANTILES) -> xr.DataArray:
    """Give quantiles (course, quantile, …) of `values` (member, …), which carries course and weight."""
    if problems := _problems(probabilities):
        raise UsageError(problems)
    names = values["course"].values.astype(str)
    courses = list(dict.fromkeys(names.tolist()))
    ordered = values.transpose("member", ...)
    counts, wanted = ordered.values, np.asarray(probabilities, dtype=np.float64)
    # The members of one course weigh the same, whatever its probability, 0 included.
    picked = np.stack([_equally_weighted(counts[names == name], wanted) for name in courses])
    return _labelled(picked, ordered, {"course": courses, "quantile": list(probabilities)})


def _problems(probabilities: Sequence[float]) -> list[Problem]:
    return [
        Problem("quantiles, probability", f"{probability}", "0 to 1")
        for probability in probabilities
        if not 0.0 <= probability <= 1.0
    ]


def _labelled(picked: NDArray[Any], ordered: xr.DataArray, leading: dict[str, list[Any]]) -> xr.DataArray:
    """Label quantiles as the values (member, …) that they are of, with leading dims in place of members."""
    kept = {
        name: variable
        for name, variable in ordered.coords.variables.items()
        if "member" not in variable.dims and name not in leading
    }
    return xr.DataArray(
        picked,
        dims=(*leading, *ordered.dims[1:]),
        coords={**leading, **kept},
        attrs=dict(ordered.attrs),
        name=ordered.name,
    )


def pick(ordered: NDArray[Any], probability: float) -> int:
    """Give a quantile of ordered whole numbers that weigh the same.

    Examples
    --------
    >>> pick(np.array([1, 2, 3, 4]), 0.5)
    2
    """
    cumulated = np.arange(1, ordered.size + 1) / ordered.size
    return int(ordered[_ranks(np.array([probability]), cumulated)[0]])


def is_inside(members: int, probability: float) -> bool:
    """Say whether a quantile of members that weigh the same has some of them on both sides.

    Otherwise it is the lowest or the highest of them, and speaks of their number more than of the future.

    Examples
    --------
    >>> [is_inside(members, 0.05) for members in (13, 20, 21)], is_inside(10, 0.9), is_inside(13, 0.25)
    ([False, False, True], True, True)
    """
    rank = int(np.ceil(members * probability - WEIGHT_ROUNDING))
    return 1 < rank < members


def quantile_bounds(
    ordered: NDArray[Any], probability: float, *, confidence: float = 0.95
) -> tuple[int, int]:
    """Bound a quantile by order statistics, free of any distribution.

    The number of members below the true quantile is binomial; its normal approximation gives the ranks.
    """
    size = ordered.size
    reach = _normal(confidence) * (size * probability * (1.0 - probability)) ** 0.5
    low = int(np.floor(size * probability - reach)) - 1
    high = int(np.ceil(size * probability + reach))
    return int(ordered[max(0, low)]), int(ordered[min(size - 1, high)])


def mixture_bounds(values: xr.DataArray, probability: float, *, confidence: float = 0.95) -> tuple[int, int]:
    """Bound a quantile over courses, each by its chance, as `quantile_bounds` does within one.

    Every course c has a number n_c of members that is no matter of luck. With its share W_c of the weight and
    the share F_c of its members up to the quantile, the share of all up to there has the variance
    Σ W_c² F_c (1 − F_c) / n_c, as for any stratified sample.

    Parameters
    ----------
    values
        (member,), with `course` and `weight`.
    """
    weights, names = values["weight"], values["course"].values.astype(str)
    shares = weights.values / float(weights.sum())
    up_to = values.values <= int(weighted_quantiles(values, weights=weights, probabilities=[probability])[0])
    strata = [names == name for name in dict.fromkeys(names.tolist())]
    variance = sum(shares[own].sum() ** 2 * up_to[own].var() / own.sum() for own in strata)
    reach = _normal(confidence) * variance**0.5 + shares.max()
    ends = (max(0.0, probability - reach), min(1.0, probability + reach))
    low, high = weighted_quantiles(values, weights=weights, probabilities=ends).values
    return int(low), int(high)


def _normal(confidence: float) -> float:
    """Give the standard errors on each side that hold so much of a normal distribution."""
    return float(NormalDist().inv_cdf(0.5 + confidence / 2))


def _inverted_cdf(values: NDArray[Any], weights: NDArray[Any], probabilities: NDArray[Any]) -> NDArray[Any]:
    """Pick quantiles along the first axis; `weights` add to 1."""
    if np.ptp(weights) == 0.0:
        return _equally_weighted(values, probabilities)
    order = np.argsort(values, axis=0, kind="stable")
    cumulated = np.cumsum(weights[order], axis=0)
    ordered = np.take_along_axis(values, order, axis=0)
    places = [
        np.argmax(cumulated >= probability - WEIGHT_ROUNDING, axis=0)
        for probability in np.minimum(probabilities, 1.0)
    ]
    return np.stack([np.take_along_axis(ordered, place[None], axis=0)[0] for place in places])


def _equally_weighted(values: NDArray[Any], probabilities: NDArray[Any]) -> NDArray[Any]:
    """Pick quantiles along the first axis: ranks are the same everywhere, so sorting is enough."""
    picked: NDArray[Any] = np.sort(values, axis=0)[
        _ranks(probabilities, np.arange(1, len(values) + 1) / len(values))
    ]
    return picked


def _ranks(probabilities: NDArray[Any], cumulated: NDArray[Any]) -> NDArray[Any]:
    ranks: NDArray[Any] = np.searchsorted(cumulated, probabilities - WEIGHT_ROUNDING, side="left")
    last: NDArray[Any] = np.minimum(ranks, cumulated.size - 1)
    return last
