"""The forecaster ``simulation``: Forewarn's own model, updated with the registrations known on the day.

The directory is cut at the issue day as for Flee's rules (`flee_rules.as_of`), and again `WINDOW_DAYS`
before it: people registered by then are there already. What is left is converted to a scenario and updated
(`forecast.updating`) with the registrations of each camp within the window, as people who came since.
Nothing is learnt from other conflicts but the distribution of its errors.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Final

import numpy as np

from forewarn.arraytypes import Floats
from forewarn.flee.converting import to_scenario
from forewarn.flee.directory import FleeDirectory
from forewarn.flee.reading import read_directory
from forewarn.forecast import run
from forewarn.forecast.updating import Observation, Observations, update
from forewarn.forecast.updating.observations import LARGEST_ERROR
from forewarn.hindcast.data.as_of import HORIZONS_DAYS, Known
from forewarn.hindcast.forecasters.base import Issuer, Learner, Others, conflict_left
from forewarn.hindcast.forecasters.flee_rules import as_of
from forewarn.hindcast.forecasters.learnt import Training, known_errors
from forewarn.hindcast.forecasters.standardised import PooledIssuer, pooled, standardised_errors
from forewarn.scenario import Scenario, resolve
from forewarn.scenario.resolving import explicit

WINDOW_DAYS: Final = 120  # assumption: what happened before is in the registrations
MEMBERS: Final = 60
SEED: Final = 1
COUNTS_OF_A_CAMP: Final = 3
APART_DAYS: Final = 25  # so that three counts span about two months
CAMP_ATTRACTION: Final = 10_000.0
"""People, an assumption: on the issue day nobody knows how large a camp will be, so all are alike; what a
camp draws is learnt from its registrations."""
COUNTING_ERROR: Final = 0.05
"""Standard error of a registration as a share: an assumption."""


@dataclass(frozen=True, slots=True)
class Simulation(Learner):
    """Forewarn's model as a forecaster of the directories in `folders`, with errors pooled as in `Pooled`."""

    folders: tuple[Path, ...]
    members: int = MEMBERS
    name: str = "simulation"
    _of: dict[str, Simulated] = field(default_factory=dict, compare=False, repr=False)

    def can(self, mode: str) -> bool:
        """Every mode."""
        return True

    def collect(self, others: Others, horizon_days: int, mode: str) -> Training:
        """Collect standardised errors from other conflicts.

        Raises
        ------
        UsageError
            If `folders` does not hold exactly one conflict that is not among the others.
        """
        names = [folder.resolve().name for folder in self.folders]
        conflict_left(self.name, names, others)
        found = [
            standardised_errors(self.of(name), issue, mode)
            for name, issues in others.items()
            if name in names
            for issue in issues
        ]
        return Training(sum(name in names for name in others), (), known_errors(found))

    def issuer(self, training: Training, others: Others, horizon_days: int, mode: str) -> Issuer:
        """Simulate the conflict that is left, with the standardised errors from the others."""
        left = conflict_left(self.name, [folder.resolve().name for folder in self.folders], others)
        return PooledIssuer(self.of(left), mode, pooled(training.errors))

    def only(self, conflicts: Collection[str]) -> Simulation:
        """Keep the folders of some conflicts, and what was simulated."""
        return replace(self, folders=tuple(each for each in self.folders if each.resolve().name in conflicts))

    def of(self, conflict: str) -> Simulated:
        """Give the point forecaster of one conflict; what it has simulated is kept."""
        if conflict not in self._of:
            self._of[conflict] = Simulated(self.folders, conflict, members=self.members)
        return self._of[conflict]


@dataclass(frozen=True, slots=True)
class _Ahead:
    """People registered in each camp as simulated, (day of `days`, camp)."""

    camps: tuple[str, ...]
    now: Floats
    later: dict[int, Floats]


@dataclass(frozen=True, slots=True)
class Simulated:
    """Forewarn's model on the directories in `folders`: a point forecaster of the one called `conflict`."""

    folders: tuple[Path, ...]
    conflict: str
    name: str = "simulation"
    needs_total: bool = False
    members: int = MEMBERS
    _made: dict[tuple[int, tuple[str, ...]], _Ahead] = field(default_factory=dict, compare=False, repr=False)
    _read: list[FleeDirectory] = field(default_factory=list, compare=False, repr=False)

    def point(self, known: Known, horizon_days: int, total: float | None = None) -> Floats:
        """Forecast (place,), people: the median, with what comes scaled to the total where it is given."""
        ahead = self._ahead(known)
        number = {camp: index for index, camp in enumerate(ahead.camps)}
        now = known.counts()
        coming = np.array(
            [
                ahead.later[horizon_days][number[place]] - ahead.now[number[place]]
                if place in number
                else 0.0
                for place in known.places
            ]
        )
        if total is None:
            return np.asarray(np.clip(now + coming, 0, None))
        missing = total - now.sum()
        coming = np.clip(coming, 0, None)
        if missing < 0 or coming.sum() == 0:
            shares = now / now.sum() if now.sum() else np.full(len(now), 1 / len(now))
            return np.asarray(shares * total)
        return np.asarray(now + missing * coming / coming.sum())

    def _ahead(self, known: Known) -> _Ahead:
        key = known.issue_day, known.places
        if key not in self._made:
            self._made[key] = self._simulate(known)
        return self._made[key]

    def _directory(self) -> FleeDirectory:
        if not self._read:
            folder = next(each for each in self.folders if each.resolve().name == self.conflict)
            self._read.append(read_directory(folder))
        return self._read[0]

    def _simulate(self, known: Known) -> _Ahead:
        first = max(0, known.issue_day - WINDOW_DAYS)
        length = known.issue_day + max(HORIZONS_DAYS) + 1
        cut = as_of(self._directory(), known.issue_day, length)
        scenario = _scenario(since(cut, first))
        observations = _observations(known, scenario, first)
        if observations.rows:
            forecast = update(scenario, observations, members=self.members, seed=SEED).forecast
        else:
            forecast = run(scenario, members=self.members, seed=SEED)
        names = [str(name) for name in forecast["place"].values]
        camps = tuple(place for place in known.places if place in names)
        there = np.median(forecast["present"].values[:, :, [names.index(camp) for camp in camps]], axis=0)
        today = known.issue_day - first
        days = {horizon: min(today + horizon, len(there) - 1) for horizon in HORIZONS_DAYS}
        return _Ahead(camps, there[today], {horizon: there[day] for horizon, day in days.items()})


def since(directory: FleeDirectory, first: int) -> FleeDirectory:
    """Let the period begin later; what was closed or in conflict by then is so from its first day."""
    return replace(
        directory,
        start=directory.start + timedelta(days=first),
        length_days=directory.length_days - first,
        locations=tuple(
            replace(place, conflict_day=max(place.conflict_day - first, 0)) for place in directory.locations
        ),
        closures=tuple(
            replace(
                each, first=max(each.first - first, 0), last=each.last if each.last < 0 else each.last - first
            )
            for each in directory.closures
            if each.last < 0 or each.last > first
        ),
        changes=tuple(replace(each, day=max(each.day - first, 0)) for each in directory.changes),
        conflicts=None if directory.conflicts is None else directory.conflicts[first:],
    )


def _scenario(directory: FleeDirectory) -> Scenario:
    document = explicit(to_scenario(directory, None).scenario)
    for place in document["places"]:
        if place["kind"] == "camp":
            place["attraction"] = CAMP_ATTRACTION
    return resolve(document)


def _observations(known: Known, scenario: Scenario, first: int) -> Observations:
    """Registrations of the window, less those before it or, where it has the first, less that one."""
    names = {place.name for place in scenario.places}
    before = dict(zip(known.places, known.counts() - known.changes(known.issue_day - first), strict=True))
    found = []
    for series in known.series:
        if series.place not in names:
            continue
        last, chosen = first + WINDOW_DAYS + APART_DAYS, 0
        for day, people in zip(series.days[::-1].tolist(), series.counts[::-1].tolist(), strict=True):
            if day <= first or chosen == COUNTS_OF_A_CAMP or last - day < APART_DAYS:
                continue
            last, chosen = day, chosen + 1
            new = max(people - before[series.place], 0.0)
            error = min(COUNTING_ERROR * people / max(new, 1.0), LARGEST_ERROR)
            here = (series.place,)
            found.append(
                Observation("present", series.place, here, 0, int(day - first), round(new), error, 0, "")
            )
    return Observations(tuple(found))
