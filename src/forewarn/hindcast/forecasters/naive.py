"""Naive forecasts: what a planner can do with a spreadsheet.

All are point forecasts of people registered by place, from what was known on the issue day. With a
`total` (people in these places on the target day) they share it out; without, they say it themselves.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np

from forewarn.arraytypes import Floats
from forewarn.hindcast.data.as_of import Known

DRIFT_DAYS: Final = 30  # window of the drift, part of the protocol
NEAREST_KM: Final = 50.0  # assumption: within it distance does not matter to a choice of camp


class PointForecaster(Protocol):
    """Something that says how many people will be registered where.

    `needs_total` is true if it says nothing without the later total, `ignores_total` if it is the same
    with it.
    """

    @property
    def name(self) -> str: ...  # noqa: D102

    @property
    def needs_total(self) -> bool: ...  # noqa: D102

    def point(self, known: Known, horizon_days: int, total: float | None = None) -> Floats:
        """Forecast (place,), people, in the places of `known`."""
        ...


def shares(amounts: Floats) -> Floats | None:
    """Give the shares of what is positive; None if nothing is."""
    positive = np.clip(amounts, 0, None)
    return positive / positive.sum() if positive.sum() > 0 else None


def stock_shares(known: Known) -> Floats:
    """Give the shares of the last counts; equal ones if nobody is registered."""
    found = shares(known.counts())
    return np.full(len(known.series), 1 / len(known.series)) if found is None else found


def flow_shares(known: Known, days: int) -> Floats:
    """Give the shares of the increase over the last `days`; stock shares if there was none."""
    found = shares(known.counts() - known.counts(days))
    return stock_shares(known) if found is None else found


def distance_shares(known: Known) -> Floats:
    """Give shares ∝ 1 / max(km to the nearest fighting, `NEAREST_KM`); equal ones if that is unknown."""
    km = known.km_to_fighting
    if np.isnan(km).any():
        return np.full(len(km), 1 / len(km))
    weight = 1 / np.maximum(km, NEAREST_KM)
    return np.asarray(weight / weight.sum())


@dataclass(frozen=True, slots=True)
class LastValue:
    """The last count, carried forward: total given or not."""

    name: str = "last_value"
    needs_total: bool = False

    def point(self, known: Known, horizon_days: int, total: float | None = None) -> Floats:
        """Forecast (place,), people."""
        return known.counts()


@dataclass(frozen=True, slots=True)
class Drift:
    """The last count and the change of the last 30 days, carried forward: total given or not."""

    name: str = "drift"
    needs_total: bool = False

    def point(self, known: Known, horizon_days: int, total: float | None = None) -> Floats:
        """Forecast (place,), people."""
        now = known.counts()
        change = now - known.counts(DRIFT_DAYS)
        return np.asarray(np.clip(now + change * horizon_days / DRIFT_DAYS, 0, None))


@dataclass(frozen=True, slots=True)
class StockShares:
    """The later total, shared as the last counts are."""

    name: str = "stock_share"
    needs_total: bool = True

    def point(self, known: Known, horizon_days: int, total: float | None = None) -> Floats:
        """Forecast (place,), people."""
        return stock_shares(known) * _given(total)


@dataclass(frozen=True, slots=True)
class FlowShares:
    """The last count, and what comes to the total shared as the recent increase was.

    If the total falls, stock shares of it.
    """

    days: int
    needs_total: bool = True

    @property
    def name(self) -> str:
        """With the window in it."""
        return f"flow_share_{self.days}d"

    def point(self, known: Known, horizon_days: int, total: float | None = None) -> Floats:
        """Forecast (place,), people."""
        now = known.counts()
        coming = _given(total) - now.sum()
        if coming < 0:
            return stock_shares(known) * _given(total)
        return np.asarray(now + coming * flow_shares(known, self.days))


@dataclass(frozen=True, slots=True)
class EqualShares:
    """The later total, the same everywhere."""

    name: str = "equal"
    needs_total: bool = True

    def point(self, known: Known, horizon_days: int, total: float | None = None) -> Floats:
        """Forecast (place,), people."""
        return np.full(len(known.series), _given(total) / len(known.series))


@dataclass(frozen=True, slots=True)
class DistanceShares:
    """The later total, shared by nearness to the fighting alone."""

    name: str = "distance"
    needs_total: bool = True

    def point(self, known: Known, horizon_days: int, total: float | None = None) -> Floats:
        """Forecast (place,), people."""
        return distance_shares(known) * _given(total)


def _given(total: float | None) -> float:
    if total is None:
        raise TypeError("this forecaster shares out a total, and was given none")
    return total


def naive_names() -> frozenset[str]:
    """Name all naive forecasters: the rivals of every comparison."""
    return frozenset(forecaster.name for forecaster in naive_forecasters())


def naive_forecasters() -> tuple[PointForecaster, ...]:
    """List all naive forecasters."""
    return (
        *(LastValue(), StockShares(), FlowShares(15), FlowShares(30), FlowShares(60)),
        *(Drift(), EqualShares(), DistanceShares()),
    )
