"""What a forecaster has learnt from conflicts: parameters and errors that can be kept and joined."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

import numpy as np

from forewarn.arraytypes import Floats

Key = tuple[str, str, int]  # forecaster, mode, horizon_days


@dataclass(frozen=True, slots=True)
class Training:
    """What one forecaster learnt for one mode and horizon.

    Parameters
    ----------
    conflicts
        Number of conflicts learnt from.
    parameters
        Numbers of its point forecast, such as weights; none if it has nothing to fit.
    errors
        Its errors in those conflicts, relative or standardised, in increasing order.
    """

    conflicts: int
    parameters: tuple[float, ...] = ()
    errors: Floats = field(default_factory=lambda: np.zeros(0))

    def joined(self, other: Training | None) -> Training:
        """Join with what was learnt from further conflicts: errors together, parameters by conflicts."""
        if other is None or other.conflicts == 0:
            return self
        if self.conflicts == 0:
            return other
        number = self.conflicts + other.conflicts
        mixed = tuple(
            (self.conflicts * one + other.conflicts * two) / number
            for one, two in zip(self.parameters, other.parameters, strict=True)
        )
        return Training(number, mixed, np.sort(np.concatenate([self.errors, other.errors])))


@dataclass(frozen=True, slots=True)
class LearntGrid:
    """Mean error of every entry of `cold_start.shares.GRID` over a number of conflicts."""

    conflicts: int
    errors: Floats


Prior = Mapping[Key, Training]
NOTHING: Final[Prior] = MappingProxyType({})


def known_errors(found: Sequence[Floats]) -> Floats:
    """Join errors of many issues, those that are known, in increasing order; empty if there are none."""
    errors = np.concatenate(found) if found else np.zeros(0)
    return np.sort(errors[~np.isnan(errors)])


def thinned(values: Floats, members: int) -> Floats:
    """Keep the quantiles at (i + ½) / members; all, if there are no more."""
    if len(values) <= members:
        return np.sort(values)
    return np.asarray(np.quantile(values, (np.arange(members) + 0.5) / members))


def spread(quantiles: Sequence[float], number: int) -> Floats:
    """Make `number` values of which these are the quantiles: `thinned` undone as far as it goes."""
    if not quantiles:
        return np.zeros(0)
    places = (np.arange(len(quantiles)) + 0.5) / len(quantiles)
    return np.interp((np.arange(number) + 0.5) / number, places, quantiles)
