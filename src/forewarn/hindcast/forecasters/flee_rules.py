"""The forecaster ``flee``: Flee's rules, run with only what was known on the issue day.

The directory is run from the start of its period to the target day. Conflict, closures and changes of kind
are those up to the issue day, and stay as they were on it. People are displaced as registrations known by
then say; after the issue day, as many as the given total asks for or, without it, at the rate of the last 60
days. Camps are unlimited: in published directories their capacity is the greatest number that was ever
registered, which nobody knew on the day.

``flee-from-registrations`` begins on the issue day instead, with everybody in the camp in which he is
registered: the same rules, told what a forecaster of that day has been told. People on the road and in towns
on that day are not known, and are not there.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

import numpy as np

from forewarn.arraytypes import Counts, Floats
from forewarn.flee.counts import DailyCounts, arrivals
from forewarn.flee.directory import FleeDirectory
from forewarn.flee.reading import read_directory
from forewarn.flee.running import FleeWorld, make_world, run
from forewarn.flee.settings import FleeSettings
from forewarn.flee.timeline import intensities
from forewarn.hindcast.data.as_of import Known
from forewarn.hindcast.forecasters.base import (
    DressedIssuer,
    Issuer,
    Learner,
    Others,
    conflict_left,
    point_of,
    relative_errors,
)
from forewarn.hindcast.forecasters.learnt import Training, known_errors

RATE_DAYS: Final = 60  # the best of the naive windows on the six published conflicts
MEMBERS: Final = 10  # assumption: their mean then errs by less than a hundredth of the people
SEED: Final = 1

# The settings of FabFlee that were published with its validation set of Flee 3 (modern125.yml).
MODERN: Final = FleeSettings(
    conflict_spawn_decay=(1.0, 1.0, 1.0, 0.5, 0.1), max_move_speed=400.0, softening=36.0,
    default_movechance=0.5, start_on_foot=True, avoid_short_stints=True, capacity_scaling=1.25,
    distance_power=0.75, camp_movechance=0.0005,
)  # fmt: skip

_Key = tuple[str, int, int, float | None, tuple[str, ...]]


def as_of(
    directory: FleeDirectory, issue_day: int, length_days: int, *, capacities: bool = False
) -> FleeDirectory:
    """Cut a directory at an issue day and hold it as it was then until `length_days`.

    Closures that had not ended stay, capacities are dropped unless `capacities`, and a zone whose conflict
    has not started is a town.
    """
    conflicts = directory.conflicts
    if conflicts is not None:
        held = np.minimum(np.arange(length_days), issue_day)
        conflicts = conflicts[held]
    locations = []
    for place in directory.locations:
        kind, people, numbers = place.kind, place.people, dict(place.numbers)
        if kind in ("camp", "idpcamp") and not capacities:
            people = 0
            numbers.pop("capacity_per_day", None)
        if kind == "conflict_zone" and place.conflict_day > issue_day and conflicts is None:
            kind = "town"
        locations.append(replace(place, kind=kind, people=people, numbers=numbers))
    return replace(
        directory,
        length_days=length_days,
        locations=tuple(locations),
        closures=tuple(
            replace(closure, last=-1) if closure.last > issue_day else closure
            for closure in directory.closures
            if closure.first <= issue_day
        ),
        changes=tuple(change for change in directory.changes if change.day <= issue_day),
        conflicts=conflicts,
    )


def driving_counts(
    directory: FleeDirectory, known: Known, horizon_days: int, total: float | None
) -> DailyCounts:
    """Turn what was registered into people displaced each day, up to the target day.

    Up to the issue day linear between registrations known by then and level after the last, as Flee reads
    them. A day without conflict in any populated place displaces nobody.
    """
    days = np.arange(directory.length_days)
    seen = [series for series in known.series if series.place in directory.names]
    columns = [
        np.interp(days, one.days, one.counts) if len(one.days) else np.zeros(len(days)) for one in seen
    ]
    people = np.stack(columns, axis=1) if columns else np.zeros((len(days), 0))
    now = known.counts().sum()
    rate = known.rates(RATE_DAYS).sum() if total is None else (total - now) / horizon_days
    ahead = np.maximum(days - known.issue_day, 0)
    followed = np.floor(people.sum(axis=1) + max(0.0, rate) * ahead).astype(np.int64)
    new, debt = arrivals(np.append(followed[0], np.diff(followed)), inserted=True)
    new = only_under_attack(directory, new)
    whole = people.astype(np.int64)
    initial = whole[0] if len(seen) else np.zeros(0, dtype=np.int64)
    return DailyCounts(tuple(one.place for one in seen), whole, initial, new, debt, followed, ())


def only_under_attack(directory: FleeDirectory, new: Counts) -> Counts:
    """Let nobody be displaced on a day without conflict in any populated place: (day,), people."""
    fights = intensities(directory, faults=False)[: len(new)] > 0
    lived_in = np.array([place.people > 0 and "camp" not in place.kind for place in directory.locations])
    return np.where((fights & lived_in).any(axis=1), new, 0)


def begun_on(world: FleeWorld, known: Known) -> FleeWorld:
    """Begin a world on the issue day, with people where they are registered and nowhere else."""
    places, first = world.places, known.issue_day
    registered = dict(zip(known.places, known.counts(), strict=True))
    initial = np.array([round(registered.get(name, 0.0)) for name in world.directory.names], dtype=np.int64)
    new = places.new[first:].copy()
    new[0] = 0  # whoever came up to the issue day is among those registered
    return replace(world, places=places._replace(initial=initial, new=new, epoch=places.epoch[first:]))


@dataclass(frozen=True, slots=True)
class FleeForecaster(Learner):
    """Flee's rules as a forecaster of the directories in `folders`.

    The distribution is that of the naive forecasts: relative errors of its own, first of other conflicts.
    That of the members alone is far too narrow, as all of them share one total and one network. With
    `capacities` camps have the capacity of the directory, as in papers on Flee: this sees the future, and
    is here to show how much of Flee's error that takes away. With `from_registrations` people begin on the
    issue day where they are registered.
    """

    folders: tuple[Path, ...]
    settings: FleeSettings = MODERN
    members: int = MEMBERS
    capacities: bool = False
    from_registrations: bool = False
    _read: dict[str, FleeDirectory] = field(default_factory=dict, compare=False, repr=False)
    _made: dict[_Key, Floats] = field(default_factory=dict, compare=False, repr=False)

    @property
    def name(self) -> str:
        """Name of the forecaster."""
        return "flee-from-registrations" if self.from_registrations else "flee"

    def can(self, mode: str) -> bool:
        """Every mode."""
        return True

    def collect(self, others: Others, horizon_days: int, mode: str) -> Training:
        """Collect relative errors from other conflicts.

        Raises
        ------
        UsageError
            If `folders` does not hold exactly one conflict that is not among the others.
        """
        names = [folder.resolve().name for folder in self.folders]
        conflict_left(self.name, names, others)
        found = [
            relative_errors(point_of(_OneConflict(self, name), issue, mode), issue.truth)
            for name, issues in others.items()
            if name in names
            for issue in issues
        ]
        return Training(sum(name in names for name in others), (), known_errors(found))

    def issuer(self, training: Training, others: Others, horizon_days: int, mode: str) -> Issuer:
        """Run the rules on the conflict that is left, with the relative errors from the others."""
        left = conflict_left(self.name, [folder.resolve().name for folder in self.folders], others)
        return DressedIssuer(_OneConflict(self, left), mode, training.errors)

    def only(self, conflicts: Collection[str]) -> FleeForecaster:
        """Keep the folders of some conflicts, and what was simulated."""
        return replace(self, folders=tuple(each for each in self.folders if each.resolve().name in conflicts))

    def point(self, conflict: str, known: Known, horizon_days: int, total: float | None) -> Floats:
        """Forecast (place,), people: mean over members, scaled to the total where it is given."""
        key = (conflict, known.issue_day, horizon_days, total, known.places)
        if key not in self._made:
            self._made[key] = self._simulate(self._directory(conflict), known, horizon_days, total)
        return self._made[key]

    def _directory(self, conflict: str) -> FleeDirectory:
        if conflict not in self._read:
            folder = next(folder for folder in self.folders if folder.resolve().name == conflict)
            self._read[conflict] = read_directory(folder)
        return self._read[conflict]

    def _simulate(
        self, directory: FleeDirectory, known: Known, horizon_days: int, total: float | None
    ) -> Floats:
        length = known.issue_day + horizon_days + 1
        seen = as_of(directory, known.issue_day, length, capacities=self.capacities)
        world = make_world(seen, driving_counts(seen, known, horizon_days, total), self.settings)
        if self.from_registrations:
            world = begun_on(world, known)
        there = run(world, members=self.members, seed=SEED).present[:, -1].mean(axis=0)
        at = {name: number for number, name in enumerate(seen.names)}
        now = known.counts()
        # A camp that is not on the map stays as it was.
        found = np.array([there[at[p]] if p in at else now[i] for i, p in enumerate(known.places)])
        if total is None:
            return found
        people = found.sum()
        return found * (total / people) if people > 0 else np.full(len(found), total / len(found))


@dataclass(frozen=True, slots=True)
class _OneConflict:
    """Flee's rules on one conflict, as a point forecaster."""

    flee: FleeForecaster
    conflict: str
    needs_total: bool = False

    @property
    def name(self) -> str:
        return self.flee.name

    def point(self, known: Known, horizon_days: int, total: float | None = None) -> Floats:
        return self.flee.point(self.conflict, known, horizon_days, total)
