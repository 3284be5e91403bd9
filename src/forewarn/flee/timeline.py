"""What happens when: conflict, closures and kinds of places, by epoch (FLEE.md, 1.2, 1.7, 1.9, 1.12)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from forewarn.flee.directory import FleeDirectory, Kind
from forewarn.flee.floods import Floods
from forewarn.flee.settings import FleeSettings

_CAMPS: Final = ("camp", "idpcamp")


@dataclass(frozen=True, slots=True)
class Timeline:
    """Places and roads by epoch: E epochs, P places, R roads, C classes of awareness of floods (or one).

    Scores and chances of moving on come class by class. `scales` says where the chance depends on population,
    `foreseen` is the chance that a forecast of floods speaks for; `attention` and `classes` are those of
    `forewarn.flee.floods.Floods`.
    """

    epoch: NDArray[np.int64]  # (day,)
    score: NDArray[np.float64]  # (E, C * P)
    pulls: NDArray[np.bool_]  # (E, P)
    chance: NDArray[np.float64]  # (E, C * P)
    scales: NDArray[np.bool_]  # (E, P)
    foreseen: NDArray[np.float64]  # (E, P)
    is_town: NDArray[np.bool_]  # (E, P)
    is_camp: NDArray[np.bool_]  # (E, P)
    spawn: NDArray[np.float64]  # (E, P)
    is_open: NDArray[np.bool_]  # (E, R)
    redirects: NDArray[np.bool_]  # (E, R)
    attention: NDArray[np.float64]  # (C,)
    classes: NDArray[np.float64]  # (C, P)


# Kinds as numbers.
_NUMBER: Final[Mapping[Kind, int]] = {
    "town": 0, "forwarding_hub": 1, "marker": 2, "camp": 3, "idpcamp": 4, "conflict_zone": 5, "flood_zone": 6,
}  # fmt: skip
_CAMP_NUMBERS: Final = (_NUMBER["camp"], _NUMBER["idpcamp"])
_TOWN, _ZONE, _FLOOD_ZONE = _NUMBER["town"], _NUMBER["conflict_zone"], _NUMBER["flood_zone"]


def chances_of(settings: FleeSettings) -> Mapping[Kind, float]:
    """Chance per day of moving on, by kind of place."""
    return {
        "town": settings.default_movechance, "forwarding_hub": 1.0, "marker": 1.0,
        "camp": settings.camp_movechance, "idpcamp": settings.idpcamp_movechance,
        "conflict_zone": settings.conflict_movechance, "flood_zone": settings.default_movechance,
    }  # fmt: skip


def intensities(directory: FleeDirectory, *, faults: bool) -> NDArray[np.float64]:
    """Intensity of conflict, (day, place), 0-1; a place that becomes a conflict zone has 1, as by default."""
    course = _Course(directory, FleeSettings(), faults)
    return np.stack([course.advance(day).intensity for day in range(directory.length_days)])


def make_timeline(directory: FleeDirectory, settings: FleeSettings, *, faults: bool) -> Timeline:
    """Work out every day of the period and keep one row for each run of equal days."""
    course = _Course(directory, settings, faults)
    roads = _Roads(directory, faults)
    scores = _Scores(directory, settings, faults)
    rows: list[tuple[NDArray[np.float64], ...]] = []
    numbers: dict[bytes, int] = {}
    epoch = np.zeros(directory.length_days, dtype=np.int64)
    for day in range(directory.length_days):
        course.advance(day)
        roads.enact(day)
        row = (*scores.of(course, roads.closed_camps, day), roads.is_open.astype(np.float64),
               roads.redirects.astype(np.float64))  # fmt: skip
        key = b"".join(part.tobytes() for part in row)
        if key not in numbers:
            numbers[key] = len(rows)
            rows.append(row)
        epoch[day] = numbers[key]
    score, pulls, chance, scaled, foreseen, town, camp, spawn, is_open, redirects = (
        np.stack(part) for part in zip(*rows, strict=True)
    )
    return Timeline(
        epoch, score, pulls > 0, chance, scaled > 0, foreseen, town > 0, camp > 0, spawn, is_open > 0,
        redirects > 0, *scores.classes(),
    )  # fmt: skip


class _Course:
    """Kinds of places and conflict in them as the days go by (FLEE-2.md, 4).

    A conflict zone of day 0 is in conflict until its column of ``conflicts.csv`` changes, for good if it has
    none. On a day ``location_changes.csv`` comes first, then the columns; a column acts on the days on which
    it changes (from 0 before day 0) or, with faults, on which it starts or ends.
    """

    def __init__(self, directory: FleeDirectory, settings: FleeSettings, faults: bool) -> None:
        self.faults = faults
        self.changes = directory.changes
        self.at = {name: number for number, name in enumerate(directory.names)}
        # Under floods conflicts.csv has no effect (FLEE-2.md, 2).
        self.table = _table(directory) * (not settings.flood_driven)
        self.default_intensity = settings.default_conflict_intensity
        if faults:
            self.default_intensity = float(int(self.default_intensity))  # Flee reads a whole number
        kinds = [_NUMBER[location.kind_at_start] for location in directory.locations]
        self.kind = np.array(kinds, dtype=np.int64)  # (place,)
        self.acts_as = self.kind.copy()  # (place,) the kind whose chance of moving on holds
        given = [location.numbers.get("conflict_intensity", 1.0) for location in directory.locations]
        self.intensity = np.where(self.kind == _ZONE, given, 0.0)
        self.since = np.full(len(kinds), -1 if faults else 0)  # (place,) day on which conflict started

    def advance(self, day: int) -> _Course:
        """Go on to a day: days in turn, from 0."""
        for change in self.changes:
            if change.day == day:
                self._become(self.at[change.place], change.kind, day)
        before = self.table[day - 1] if day > 0 else np.zeros(len(self.kind))
        now = self.table[day]
        acts = (before > 0) != (now > 0) if self.faults else before != now
        starts, ends = acts & (now > 0), acts & (now <= 0)
        self.since = np.where(starts & (self.faults | (self.intensity <= 0)), day, self.since)
        self.intensity = np.where(acts, now, self.intensity)
        self.acts_as = np.where(starts, _ZONE, np.where(ends, self._after_conflict(), self.acts_as))
        return self

    def _after_conflict(self) -> NDArray[np.int64]:
        """Kinds as which places act once conflict has ended; Flee takes all of them for towns, camps too."""
        return np.where(self.faults | (self.kind == _ZONE), _TOWN, self.kind)

    def _become(self, place: int, kind: Kind, day: int) -> None:
        """Make a place one of another kind; conflict in it ends, or begins."""
        is_zone = kind == "conflict_zone"
        if is_zone and not self.faults and self.intensity[place] <= 0:
            self.since[place] = day
        self.kind[place] = self.acts_as[place] = _NUMBER[kind]
        self.intensity = self.intensity.copy()
        self.intensity[place] = self.default_intensity * is_zone


def _table(directory: FleeDirectory) -> NDArray[np.float64]:
    """``conflicts.csv``, (day, place); without one, conflict zones of a later day from that day on."""
    if directory.conflicts is not None:
        return directory.conflicts[: directory.length_days]
    table = np.zeros((directory.length_days, len(directory.locations)))
    for place, location in enumerate(directory.locations):
        if location.kind == "conflict_zone" and location.conflict_day > 0:
            table[location.conflict_day :, place] = location.numbers.get("conflict_intensity", 1.0)
    return table


class _Scores:
    """Score, chance and spawning weight of every place on a day."""

    def __init__(self, directory: FleeDirectory, settings: FleeSettings, faults: bool) -> None:
        self.settings, self.faults = settings, faults
        home = directory.locations[0].country
        self.is_foreign = np.array([location.country != home for location in directory.locations])
        self.chances = np.zeros(len(_NUMBER))
        for kind, chance in chances_of(settings).items():
            self.chances[_NUMBER[kind]] = chance
        self.decay = np.array(settings.conflict_spawn_decay or (1.0,))
        self.floods = Floods(directory, settings, faults=faults) if settings.flood_driven else None

    def classes(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Attention of each class of awareness, (class,), and its chance in each place, (class, place)."""
        if self.floods is None:
            return np.zeros(1), np.ones((1, len(self.is_foreign)))
        return self.floods.attention, self.floods.chances

    def of(
        self, course: _Course, closed_camps: NDArray[np.bool_], day: int
    ) -> tuple[NDArray[np.float64], ...]:
        """Score, whether population pulls, chance, and the rest of a row in the order of `Timeline`.

        Score and chance are (class * place,), class by class, the rest (place,).
        """
        settings, intensity = self.settings, course.intensity
        fights = intensity > 0
        is_camp = np.isin(course.kind, _CAMP_NUMBERS)
        camp, is_closed = is_camp & ~closed_camps, is_camp & closed_camps
        acts_as = np.where(is_closed & (course.acts_as != _ZONE), _TOWN, course.acts_as)
        steps = np.minimum(
            (day - course.since) // settings.conflict_spawn_decay_interval, len(self.decay) - 1
        )
        decay = self.decay[np.maximum(steps, 0)]
        score = np.where(self.is_foreign, settings.foreign_weight, 1.0) * np.where(
            camp, settings.camp_weight, 1.0
        )
        repelling = intensity * (decay if self.faults else 1.0)
        score = score * np.where(fights, settings.conflict_weight**repelling, 1.0)
        pulls = ~camp & settings.use_pop_for_loc_weight
        spawning = np.where(fights, intensity * (1.0 if settings.conflict_driven else decay), 0.0)
        chance, scores, foreseen = self.chances[acts_as], score, np.zeros(len(score))
        chances, scaled = chance, np.ones(len(score))
        if self.floods is not None:
            scores = score * self.floods.factor(day, acts_as == _FLOOD_ZONE)
            chances, foreseen = self.floods.chance(day, chance), self.floods.foreseen(day)
            scaled = (self.floods.levels[day] <= 0).astype(float)
            spawning = self.floods.displaced(day)
        return (
            scores.reshape(-1),
            pulls.astype(float),
            chances.reshape(-1),
            scaled,
            foreseen,
            (acts_as == _TOWN).astype(float),
            camp.astype(float),
            spawning,
        )


class _Roads:
    """Roads, camps and redirections as closures leave them."""

    def __init__(self, directory: FleeDirectory, faults: bool) -> None:
        at = {name: number for number, name in enumerate(directory.names)}
        self.at = at
        # Coupled halves were never meant to close anything (FLEE-2.md, 5).
        self.closures = () if faults and directory.is_coupled else directory.closures
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
