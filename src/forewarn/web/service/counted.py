"""What was counted, series by series, beside what a forecast says of it day by day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from forewarn.charts.geometry import ObservedDot
from forewarn.forecast.updating.observation_error import predict
from forewarn.forecast.updating.observations import Measure, Observation
from forewarn.outlook.charts.observed_dots import dot
from forewarn.outlook.contents.update import MEASURES
from forewarn.outlook.format.suppression import is_suppressed

if TYPE_CHECKING:
    from forewarn.web.service.futures import MemberForecast


@dataclass(frozen=True, slots=True)
class ObservedSeries:
    """Counts of one thing.

    Parameters
    ----------
    measure, area, places, since
        As in an observation.
    counts
        Earliest first; there may be none.
    """

    measure: Measure
    area: str
    places: tuple[str, ...]
    since: int
    counts: tuple[Observation, ...] = ()

    @property
    def title(self) -> str:
        """What was counted, and where."""
        what = MEASURES[self.measure]
        named = what if self.measure == "displaced" else f"{self.area}: {what}"
        return f"{named} since day {self.since}" if self.since else named

    @property
    def dots(self) -> tuple[ObservedDot, ...]:
        """The counts that are not suppressed, as a chart draws them."""
        return tuple(dot(each) for each in self.counts if not is_suppressed(each.people))

    def predicted(self, forecast: MemberForecast, course: str) -> NDArray[np.int64]:
        """Give what each future of a course says of it, (draw, day), people; nobody before its first day."""
        begins = 0 if self.measure == "present" else self.since
        first = Observation(self.measure, self.area, self.places, self.since, 0, 0, 0.0, 0, "")
        wanted = [replace(first, day=day) for day in range(begins, forecast.scenario.horizon_days + 1)]
        names = [place.name for place in forecast.scenario.places]
        known = predict(forecast.courses[course].arrays, names, wanted)
        return np.pad(known, ((0, 0), (begins, 0)))


TOTAL: Final = ObservedSeries("displaced", "anywhere", (), 0)


def series_of(observations: Iterable[Observation]) -> tuple[ObservedSeries, ...]:
    """Put counts of one thing together: people displaced first, counted or not, then the largest."""
    found: dict[tuple[str, str, int], ObservedSeries] = {("displaced", "", 0): TOTAL}
    for each in sorted(observations, key=lambda each: each.day):
        key = ("displaced", "", each.since) if each.measure == "displaced" else each.series
        known = found.get(key, ObservedSeries(each.measure, each.area, each.places, each.since))
        found[key] = replace(known, counts=(*known.counts, each))
    total, *others = found.values()
    return (total, *sorted(others, key=lambda each: -each.counts[-1].people))


def stored(series: Sequence[ObservedSeries]) -> list[dict[str, Any]]:
    """Give series as plain data."""
    return [asdict(each) for each in series]


def read_stored(content: Sequence[Mapping[str, Any]]) -> tuple[ObservedSeries, ...]:
    """Read what `stored` gave."""
    return tuple(
        ObservedSeries(
            **{
                **each,
                "places": tuple(each["places"]),
                "counts": tuple(
                    Observation(**{**count, "places": tuple(count["places"])}) for count in each["counts"]
                ),
            }
        )
        for each in content
    )
