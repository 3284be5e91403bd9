"""What was known on an issue day, and what turned out to be true.

Known on day o: registrations and corrections dated up to o, the last count carried forward. Truth of a
place on day t: its registrations, corrected as of t + `TOLERANCE_DAYS`, linear between the two that
bracket t, and only if one lies within `TOLERANCE_DAYS` of t. Nothing is interpolated across an issue day.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from forewarn.arraytypes import Flags, Floats
from forewarn.flee.registrations import Correction, Registrations, RegistrationSeries

TOLERANCE_DAYS: Final = 10  # the protocol of the project
ISSUE_EVERY_DAYS: Final = 30
HORIZONS_DAYS: Final = (30, 90)
SHORTEST_DAYS: Final = 30  # assumption, as the time between issues: a pace over fewer days is mostly chance


def corrected(series: RegistrationSeries, corrections: Iterable[Correction], *, as_of: int) -> Floats:
    """Rescale counts before each correction dated up to `as_of`, in the order of the file.

    Earlier counts are multiplied by (count on the day) / (count before it), so that the series has no
    step there. A correction without a registration on its day, or after a count of zero, changes nothing.

    Returns
    -------
    ndarray
        (registration,), people.
    """
    counts = series.counts.copy()
    for correction in corrections:
        if correction.place != series.place or correction.day > as_of:
            continue
        at = int(np.searchsorted(series.days, correction.day))
        if at in (0, len(counts)) or series.days[at] != correction.day or counts[at - 1] == 0:
            continue
        counts[:at] *= counts[at] / counts[at - 1]
    return counts


@dataclass(frozen=True, slots=True)
class Known:
    """What a forecaster may see: registrations up to the issue day, as they were corrected by then.

    Parameters
    ----------
    issue_day
        Days since the start of the period.
    series
        One for each place, cut at the issue day and corrected; a place may have none yet.
    km_to_fighting
        (place,), distance to the nearest place known to be under attack by then; nan if there is none.
    """

    issue_day: int
    series: tuple[RegistrationSeries, ...]
    km_to_fighting: Floats

    @property
    def places(self) -> tuple[str, ...]:
        """Names, in order."""
        return tuple(series.place for series in self.series)

    def counts(self, days_before: int = 0) -> Floats:
        """Give the last count registered so many days before the issue day: (place,), people."""
        day = self.issue_day - days_before
        return np.array([_last(series, day) for series in self.series])

    def opened(self) -> Flags:
        """Tell where anybody has been registered by the issue day, even if nobody is left: (place,)."""
        return np.array([bool(np.any(series.counts > 0)) for series in self.series])

    def changes(self, days: int) -> Floats:
        """Give the change of counts over so many days, or since people were first counted: (place,), people.

        The first count tells how many were there, not how many came (`followed`).
        """
        return np.array([self._change(series, days)[0] for series in self.series])

    def rates(self, days: int) -> Floats:
        """Give `changes` per day, over at least `SHORTEST_DAYS`: (place,), people per day."""
        found = [self._change(series, days) for series in self.series]
        return np.array([change / max(span, SHORTEST_DAYS) for change, span in found])

    def _change(self, series: RegistrationSeries, days: int) -> tuple[float, int]:
        """Give the change, people, and the days that it took."""
        seen = followed(series)
        if not len(seen.days):
            return 0.0, 0
        before = max(0, int(np.searchsorted(seen.days, self.issue_day - days, side="right")) - 1)
        change = float(seen.counts[-1] - seen.counts[before])
        return change, min(days, self.issue_day - int(seen.days[before]))

    def only(self, places: Sequence[str]) -> Known:
        """Keep some places."""
        index = [self.places.index(place) for place in places]
        return Known(self.issue_day, tuple(self.series[i] for i in index), self.km_to_fighting[index])


def _last(series: RegistrationSeries, day: int) -> float:
    at = int(np.searchsorted(series.days, day, side="right"))
    return float(series.counts[at - 1]) if at else 0.0


def followed(series: RegistrationSeries) -> RegistrationSeries:
    """Leave out what was registered up to the last count of nobody before the last count of all.

    From nobody to somebody is no arrival that was counted: a register begins, or begins again, with all who
    are there by then.
    """
    nobody = np.flatnonzero(series.counts[:-1] <= 0)
    first = int(nobody[-1]) + 1 if len(nobody) else 0
    return RegistrationSeries(series.place, series.days[first:], series.counts[first:])


def known(conflict: Registrations, issue_day: int, *, km_to_fighting: Floats | None = None) -> Known:
    """Cut a conflict at an issue day."""
    cut = []
    for series in conflict.series:
        here = series.days <= issue_day
        past = RegistrationSeries(series.place, series.days[here], series.counts[here])
        corrections = corrected(past, conflict.corrections, as_of=issue_day)
        cut.append(RegistrationSeries(series.place, past.days, corrections))
    km = np.full(len(cut), np.nan) if km_to_fighting is None else km_to_fighting
    return Known(issue_day, tuple(cut), km)


def truth(conflict: Registrations, day: int) -> Floats:
    """Give what is taken for true on a day: (place,), people; nan where no registration is near."""
    return np.array([_truth(series, conflict.corrections, day) for series in conflict.series])


def _truth(series: RegistrationSeries, corrections: Sequence[Correction], day: int) -> float:
    if not np.any(np.abs(series.days - day) <= TOLERANCE_DAYS):
        return float("nan")
    counts = corrected(series, corrections, as_of=day + TOLERANCE_DAYS)
    before = int(np.searchsorted(series.days, day, side="right")) - 1
    after = int(np.searchsorted(series.days, day, side="left"))
    if before < 0:
        return float(counts[after])
    if after == len(counts) or series.days[after] == series.days[before]:
        return float(counts[before])
    weight = (day - series.days[before]) / (series.days[after] - series.days[before])
    return float(counts[before] * (1 - weight) + counts[after] * weight)


@dataclass(frozen=True, slots=True)
class Issue:
    """One forecast to be made and scored: an issue day, a horizon, the places that can be scored.

    Parameters
    ----------
    known
        All places, as of the issue day.
    places
        Those with a truth at the target day.
    truth
        (scored place,), people.
    """

    conflict: str
    horizon_days: int
    known: Known
    places: tuple[str, ...]
    truth: Floats

    @property
    def issue_day(self) -> int:
        """Days since the start of the period."""
        return self.known.issue_day

    @property
    def matured_day(self) -> int:
        """First day on which everything that the truth is made of was registered."""
        return self.issue_day + self.horizon_days + TOLERANCE_DAYS


def issues(
    conflict: Registrations,
    *,
    horizon_days: int,
    every_days: int = ISSUE_EVERY_DAYS,
    km_to_fighting: Floats | None = None,
) -> tuple[Issue, ...]:
    """List the issues of a conflict: days 30, 60, … whose target lies within the period.

    An issue needs at least two places that can be scored, and somebody registered in them.

    Parameters
    ----------
    km_to_fighting
        (day, place), see `geography.km_to_fighting`.
    """
    found = []
    for day in range(every_days, conflict.length_days - horizon_days, every_days):
        true = truth(conflict, day + horizon_days)
        scored = ~np.isnan(true)
        if scored.sum() < 2 or true[scored].sum() <= 0:
            continue
        km = None if km_to_fighting is None else km_to_fighting[day]
        places = tuple(place for place, keep in zip(conflict.places, scored, strict=True) if keep)
        seen = known(conflict, day, km_to_fighting=km)
        found.append(Issue(conflict.name, horizon_days, seen, places, true[scored]))
    return tuple(found)
