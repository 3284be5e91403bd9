"""What a change does: two forecasts with the same luck, future by future."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from forewarn.forecast.summary import Interval
from forewarn.forecast.variables import CAUSES
from forewarn.web.service.futures import Forecast, Futures

PROBABILITIES: Final = (0.05, 0.25, 0.5, 0.75, 0.95)
ORDINARY: Final = CAUSES.index("ordinary")


@dataclass(frozen=True, slots=True)
class PlaceDifference:
    """Newly displaced people at a place on a day, people."""

    place: str
    base: Interval
    changed: Interval
    difference: Interval


@dataclass(frozen=True, slots=True)
class CourseDifference:
    """What a change does in one course.

    Parameters
    ----------
    by_day
        Difference in people displaced because of the offensive, fear or a warning, day by day.
    base, changed
        The same people without and with the change, day by day.
    """

    course: str
    base: tuple[Interval, ...]
    changed: tuple[Interval, ...]
    by_day: tuple[Interval, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """A forecast, the forecast with a change, and how many futures of each course were compared."""

    base: Forecast
    changed: Forecast

    @property
    def draws(self) -> int:
        """Futures of each course that both have."""
        return min(self.base.draws, self.changed.draws)

    @property
    def members(self) -> int:
        """Futures that were compared."""
        return self.draws * len(self.base.courses)

    def course(self, name: str) -> CourseDifference:
        """Compare people displaced in one course."""
        one, other = (displaced(each.courses[name].first(self.draws)) for each in (self.base, self.changed))
        return CourseDifference(name, intervals(one), intervals(other), intervals(other - one))

    def chance_of_more(self, people: int) -> tuple[float, float]:
        """Give the chance over all courses that more people are displaced, without and with the change."""
        before, after = (
            sum(
                course.probability.typical()
                * float((displaced(each.courses[course.name].first(self.draws))[:, -1] > people).mean())
                for course in each.scenario.courses
            )
            for each in (self.base, self.changed)
        )
        return before, after

    def places(self, name: str, day: int) -> tuple[PlaceDifference, ...]:
        """Compare newly displaced people at every place of the changed scenario in one course on a day.

        A place that is only in the changed scenario had nobody before. Nothing if it may not be told where
        people go.
        """
        if not self.base.scenario.where_known:
            return ()
        one, other = (
            each.courses[name].first(self.draws).arrays["present"][:, day].astype(np.int64)
            for each in (self.base, self.changed)
        )
        before = np.zeros_like(other)
        names = [place.name for place in self.changed.scenario.places]
        at = {name: number for number, name in enumerate(names)}
        for number, place in enumerate(self.base.scenario.places):
            if place.name in at:
                before[:, at[place.name]] = one[:, number]
        rows = zip(names, intervals(before), intervals(other), intervals(other - before), strict=True)
        return tuple(PlaceDifference(*row) for row in rows)


def displaced(futures: Futures) -> NDArray[np.int64]:
    """Count people displaced because of the offensive, fear or a warning, (draw, day)."""
    left = futures.arrays["left_home"].astype(np.int64)
    return np.asarray(left.sum(axis=2) - left[:, :, ORDINARY])


def intervals(
    values: NDArray[np.int64], probabilities: Sequence[float] = PROBABILITIES
) -> tuple[Interval, ...]:
    """Give the quantiles over the first dimension, each a value of some draw, for each of the second.

    The definition is that of `forewarn.forecast.quantiles` for draws that weigh the same.
    """
    ordered = np.sort(values, axis=0)
    draws = len(ordered)
    ranks = [max(0, int(np.ceil(draws * share - 1e-9)) - 1) for share in probabilities]
    return tuple(Interval(*(int(count) for count in column)) for column in ordered[ranks].T)
