"""The one rule for small numbers: people above 0 and below ten are suppressed in every output.

A single family should not be found in a table, on a map or in an answer of the app. Zero is not suppressed:
nobody can be found in it. Differences are judged by their size, whichever way they go. A part of a number is
suppressed too where it would give away the rest.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

SUPPRESS_BELOW: Final = 10
"""People; numbers above 0 and below this are suppressed unless somebody asks otherwise."""
SUPPRESSED: Final = "suppressed"
"""In place of what must not be shown although it is not small itself."""


def is_suppressed(count: int, suppress_below: int = SUPPRESS_BELOW) -> bool:
    """Whether a number of people, or a difference, is too small to be shown.

    Examples
    --------
    >>> is_suppressed(9), is_suppressed(-9), is_suppressed(0), is_suppressed(10)
    (True, True, False, False)
    """
    return 0 < abs(count) < suppress_below


def unless_suppressed(count: int, suppress_below: int = SUPPRESS_BELOW) -> int | None:
    """Give a number of people, or nothing if it is suppressed."""
    return None if is_suppressed(count, suppress_below) else count


def zero_if_suppressed(values: NDArray[np.int64], suppress_below: int = SUPPRESS_BELOW) -> NDArray[np.int64]:
    """Give numbers of people with those that are suppressed as 0, for what is drawn.

    Examples
    --------
    >>> zero_if_suppressed(np.array([-12, -3, 0, 9, 10])).tolist()
    [-12, 0, 0, 0, 10]
    """
    return np.where(np.abs(values) >= suppress_below, values, 0)


def suppressed_parts(
    parts: NDArray[np.int64], *wholes: NDArray[np.int64], suppress_below: int = SUPPRESS_BELOW
) -> NDArray[np.bool_]:
    """Say where parts of numbers of people must not be shown.

    There the part, a whole or the rest of a whole is suppressed: who has the part takes it from the whole.

    Parameters
    ----------
    parts, wholes
        People, all of one shape: what each number of `wholes` has in common with the others.

    Examples
    --------
    >>> suppressed_parts(np.array([0, 4, 40, 95, 100]), np.full(5, 100)).tolist()
    [False, True, False, True, False]
    """
    shown = np.stack([parts, *wholes, *(whole - parts for whole in wholes)])
    small: NDArray[np.bool_] = (shown != 0) & (np.abs(shown) < suppress_below)
    return np.asarray(small.any(axis=0))


def blank_if_suppressed(counts: Mapping[str, int], suppress_below: int = SUPPRESS_BELOW) -> dict[str, str]:
    """Write the numbers of a row of a table, those that are suppressed blank, and say whether any is.

    Examples
    --------
    >>> blank_if_suppressed({"population_p05": 3, "population_median": 40})
    {'population_p05': '', 'population_median': '40', 'suppressed': 'yes'}
    """
    small = {name for name, count in counts.items() if is_suppressed(count, suppress_below)}
    printed = {name: "" if name in small else str(count) for name, count in counts.items()}
    return printed | {"suppressed": "yes" if small else "no"}
