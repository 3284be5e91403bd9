"""What a change does: two forecasts with the same luck, future by future."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from forewarn.forecast.summary import PeopleRange
from forewarn.forecast.variables import CAUSES
from forewarn.web.service.futures import Futures, MemberForecast

PROBABILITIES: Final = (0.05, 0.25, 0.5, 0.75, 0.95)
ORDINARY: Final = CAUSES.index("ordinary")


@dataclass(frozen=True, slots=True)
class PlaceDifference:
    """Newly displaced people at a place, or at all places of a zone, on a day; people."""

    place: str
    base: PeopleRange
    changed: PeopleRange
    difference: PeopleRange


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
    base: tuple[PeopleRange, ...]
    changed: tuple[PeopleRange, ...]
    by_day: tuple[PeopleRange, ...]


@dataclass(frozen=True, slots=True)
class PairedForecasts:
    """A forecast, the forecast with a change, and how many futures of each course were compared."""

    base: MemberForecast
    changed: MemberForecast

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

        Nothing if it may not be told where people go.
        """
        if not self.base.scenario.where_known:
            return ()
        return _differences([place.name for place in self.changed.scenario.places], *self._present(name, day))

    def zones(self, name: str, day: int) -> tuple[PlaceDifference, ...]:
        """Compare newly displaced people at all places of each zone of the issue day, future by future.

        Nothing if it may not be told where people go.
        """
        if not self.base.scenario.where_known:
            return ()
        scenario = self.changed.scenario
        held = np.array([[place.zone == zone for zone in scenario.zones] for place in scenario.places])
        sums = (each @ held.astype(np.int64) for each in self._present(name, day))
        return _differences([zone.title for zone in scenario.zones.values()], *sums)

    def elsewhere(self, name: str, day: int) -> PeopleRange:
        """Count people who are somewhere else on a day than without the change, future by future.

        What places gain or what they lose, whichever is more: somebody who is at another place counts once,
        and so does somebody who is at one now and else at home or on the road.
        """
        before, after = self._present(name, day)
        gained, lost = (np.maximum(sign * (after - before), 0).sum(axis=1) for sign in (1, -1))
        return intervals(np.maximum(gained, lost)[:, None])[0]

    def _present(self, name: str, day: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Give newly displaced people without and with the change, (draw, place of the changed scenario).

        A place that is only in the changed scenario had nobody before.
        """
        one, other = (
            each.courses[name].first(self.draws).arrays["present"][:, day].astype(np.int64)
            for each in (self.base, self.changed)
        )
        before = np.zeros_like(other)
        at = {place.name: number for number, place in enumerate(self.changed.scenario.places)}
        for number, place in enumerate(self.base.scenario.places):
            if place.name in at:
                before[:, at[place.name]] = one[:, number]
        return before, other


def _differences(
    names: Sequence[str], before: NDArray[np.int64], after: NDArray[np.int64]
) -> tuple[PlaceDifference, ...]:
    rows = zip(names, intervals(before), intervals(after), intervals(after - before), strict=True)
    return tuple(PlaceDifference(*row) for row in rows)


def displaced(futures: Futures) -> NDArray[np.int64]:
    """Count people displaced because of the offensive, fear or a warning, (draw, day)."""
    left = futures.arrays["left_home"].astype(np.int64)
    return np.asarray(left.sum(axis=2) - left[:, :, ORDINARY])


def intervals(
    values: NDArray[np.int64], probabilities: Sequence[float] = PROBABILITIES
) -> tuple[PeopleRange, ...]:
    """Give the quantiles over the first dimension, each a value of some draw, for each of the second.

    The definition is that of `forewarn.forecast.quantiles` for draws that weigh the same.
    """
    ordered = np.sort(values, axis=0)
    draws = len(ordered)
    ranks = [max(0, int(np.ceil(draws * share - 1e-9)) - 1) for share in probabilities]
    return tuple(PeopleRange(*(int(count) for count in column)) for column in ordered[ranks].T)
