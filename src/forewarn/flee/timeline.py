"""What happens when: conflict, closures and kinds of places, by epoch (FLEE.md, 1.2, 1.7, 1.9, 1.12)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from forewarn.flee.directory import FleeDirectory
from forewarn.flee.settings import FleeSettings

_OPEN_KINDS: Final = ("conflict_zone", "forwarding_hub", "marker")
_CAMPS: Final = ("camp", "idpcamp")


@dataclass(frozen=True, slots=True)
class Timeline:
    """Places and roads by epoch: E epochs, P places, R roads."""

    epoch: NDArray[np.int64]  # (day,)
    score: NDArray[np.float64]  # (E, P)
    pulls: NDArray[np.bool_]  # (E, P)
    chance: NDArray[np.float64]  # (E, P)
    is_town: NDArray[np.bool_]  # (E, P)
    is_camp: NDArray[np.bool_]  # (E, P)
    spawn: NDArray[np.float64]  # (E, P)
    is_open: NDArray[np.bool_]  # (E, R)
    redirects: NDArray[np.bool_]  # (E, R)


def intensities(directory: FleeDirectory, *, faults: bool) -> NDArray[np.float64]:
    """Intensity of conflict, (day, place), 0-1.

    With faults only starts and ends act, at the intensity of the start (FLEE.md, 1.13, 4).
    """
    days, places = directory.length_days, len(directory.locations)
    result = np.zeros((days, places))
    for place, location in enumerate(directory.locations):
        # With a table, a zone of a later day starts when the table says so.
        from_start = location.conflict_day == 0 or directory.conflicts is None
        if location.kind == "conflict_zone" and location.conflict_day < days and from_start:
            result[location.conflict_day :, place] = 1.0
    if directory.conflicts is None:
        return result
    table = directory.conflicts[:days]
    if not faults:
        return table
    now = result[0].copy()
    before = np.zeros(places)
    for day in range(days):
        starts, ends = (before <= 0) & (table[day] > 0), (before > 0) & (table[day] <= 0)
        now = np.where(ends, 0.0, np.where(starts, table[day], now))
        result[day] = now
        before = table[day]
    return result


def make_timeline(directory: FleeDirectory, settings: FleeSettings, *, faults: bool) -> Timeline:
    """Work out every day of the period and keep one row for each run of equal days."""
    intensity = intensities(directory, faults=faults)
    days, places = intensity.shape
    since = np.zeros(places, dtype=np.int64) - (1 if faults else 0)
    kinds = _kinds(directory)
    roads = _Roads(directory, faults)
    rows: list[tuple[NDArray[np.float64], ...]] = []
    numbers: dict[bytes, int] = {}
    epoch = np.zeros(days, dtype=np.int64)
    before = intensity[0]
    scores = _Scores(directory, settings, faults)
    for day in range(days):
        since = np.where((before <= 0) & (intensity[day] > 0) & (day > 0), day, since)
        before = intensity[day]
        roads.enact(day)
        kind = kinds[day].copy()
        kind[roads.closed_camps & np.isin(kind, [3, 4])] = 0
        row = (*scores.of(kind, intensity[day], day - since), roads.is_open.astype(np.float64),
               roads.redirects.astype(np.float64))  # fmt: skip
        key = b"".join(part.tobytes() for part in row)
        if key not in numbers:
            numbers[key] = len(rows)
            rows.append(row)
        epoch[day] = numbers[key]
    score, pulls, chance, town, camp, spawn, is_open, redirects = (
        np.stack(part) for part in zip(*rows, strict=True)
    )
    return Timeline(epoch, score, pulls > 0, chance, town > 0, camp > 0, spawn, is_open > 0, redirects > 0)


# Kinds as numbers.
_NUMBER: Final = {"town": 0, "conflict_zone": 0, "forwarding_hub": 1, "marker": 2, "camp": 3, "idpcamp": 4}


def _kinds(directory: FleeDirectory) -> NDArray[np.int64]:
    """Kind of each place on each day; a conflict zone is a town with conflict in it."""
    first = [_NUMBER[location.kind] for location in directory.locations]
    kinds = np.tile(np.array(first, dtype=np.int64), (directory.length_days, 1))
    at = {name: number for number, name in enumerate(directory.names)}
    for change in directory.changes:
        kinds[change.day :, at[change.place]] = _NUMBER[change.kind]
    return kinds


class _Scores:
    """Score, chance and spawning weight of every place on a day."""

    def __init__(self, directory: FleeDirectory, settings: FleeSettings, faults: bool) -> None:
        self.settings, self.faults = settings, faults
        home = directory.locations[0].country
        self.is_foreign = np.array([location.country != home for location in directory.locations])
        chances = (
            settings.default_movechance,
            1.0,
            1.0,
            settings.camp_movechance,
            settings.idpcamp_movechance,
        )
        self.chances = np.array(chances)
        self.decay = np.array(settings.conflict_spawn_decay or (1.0,))

    def of(
        self, kind: NDArray[np.int64], intensity: NDArray[np.float64], age: NDArray[np.int64]
    ) -> tuple[NDArray[np.float64], ...]:
        """Score, whether population pulls, chance, town, camp and spawning weight, each (place,)."""
        settings = self.settings
        steps = np.minimum(age // settings.conflict_spawn_decay_interval, len(self.decay) - 1)
        decay = self.decay[np.maximum(steps, 0)]
        fights = intensity > 0
        camp = (kind == 3) | (kind == 4)
        score = np.where(self.is_foreign, settings.foreign_weight, 1.0) * np.where(
            camp, settings.camp_weight, 1.0
        )
        repelling = intensity * (decay if self.faults else 1.0)
        score = score * np.where(fights, settings.conflict_weight**repelling, 1.0)
        pulls = ~camp & settings.use_pop_for_loc_weight
        chance = np.where(fights, settings.conflict_movechance, self.chances[kind])
        spawning = np.where(fights, intensity * (1.0 if settings.conflict_driven else decay), 0.0)
        return (
            score,
            pulls.astype(float),
            chance,
            ((kind == 0) & ~fights).astype(float),
            camp.astype(float),
            spawning,
        )


class _Roads:
    """Roads, camps and redirections as closures leave them."""

    def __init__(self, directory: FleeDirectory, faults: bool) -> None:
        at = {name: number for number, name in enumerate(directory.names)}
        self.at = at
        self.closures = directory.closures
        self.faults = faults
        self.ends = np.array([(at[route.start], at[route.end]) for route in directory.routes]).reshape(-1, 2)
        self.country = np.array([location.country for location in directory.locations])
        self.is_open = np.ones(len(directory.routes), dtype=np.bool_)
        self.closed_camps = np.zeros(len(directory.locations), dtype=np.bool_)
        self.redirects = np.array([route.redirection > 0 for route in directory.routes], dtype=np.bool_)

    def enact(self, day: int) -> None:
        """Apply the rows of a day: starts, then ends, in the order of the file."""
        for closure in self.closures:
            if closure.first == day:
                self._set(closure.kind, closure.one, closure.other, closed=True)
        for closure in self.closures:
            if closure.last == day:
                self._set(closure.kind, closure.one, closure.other, closed=False)

    def _set(self, kind: str, one: str, other: str, *, closed: bool) -> None:
        if kind in _CAMPS:
            self.closed_camps[self.at[one]] = closed
        elif kind == "remove_forced_redirection":
            self.redirects[self._between(one, other)] = not closed
        elif kind == "location":
            self.is_open[(self.ends == self.at[one]).any(axis=1)] = not closed
        elif kind == "country":
            sides = self.country[self.ends]
            there = ((sides[:, 0] == one) & (sides[:, 1] == other)) | (
                (sides[:, 0] == other) & (sides[:, 1] == one)
            )
            self.is_open[there] = not closed
        elif not self.faults:
            self.is_open[self._between(one, other)] = not closed

    def _between(self, one: str, other: str) -> NDArray[np.bool_]:
        ends = {self.at[one], self.at[other]}
        return np.array([set(pair) == ends for pair in self.ends.tolist()], dtype=np.bool_)
