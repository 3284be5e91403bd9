"""Floods: what levels of today, and those that are forecast, do to places (FLEE-2.md, 2).

Flee (Suleimenova, Bell & Groen 2017, doi:10.1038/s41598-017-13828-9, and DFlee in its version 3) lets people
heed a forecast by their class of awareness.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from forewarn.arraytypes import Flags, Floats
from forewarn.errors import Problem
from forewarn.flee.directory import Demographic, FleeDirectory, FleeError
from forewarn.flee.settings import FleeSettings

_LEVELS: Final = "input_csv/flood_level.csv"
_CLASSES: Final = "input_csv/demographics_floodawareness.csv"


class Floods:
    """Levels of flood by day and place, and what follows from them.

    Parameters
    ----------
    directory, settings
        With rules of floods that are on.
    faults
        Whether the forecaster is that of Flee, with its faults.

    Attributes
    ----------
    attention : Floats
        (class,) how much a class of awareness heeds the forecast; without a forecaster one class, 0.
    chances : Floats
        (class, place) chance that whoever starts in a place is of a class.

    Raises
    ------
    FleeError
        If levels, classes or weights do not cover the run.
    """

    def __init__(self, directory: FleeDirectory, settings: FleeSettings, *, faults: bool) -> None:
        self.settings, self.faults = settings, faults
        self.has_forecaster = settings.flood_forecaster and settings.flood_forecaster_timescale > 1
        reach = min(
            settings.flood_forecaster_end_time,
            directory.length_days - 1 + settings.flood_forecaster_timescale,
        )
        self.levels = _levels(directory, reach if self.has_forecaster else 0)  # (day, place)
        self.attention, self.chances = np.zeros(1), np.ones((1, len(directory.locations)))
        if self.has_forecaster:
            self.attention, self.chances = _classes(directory, settings)
            _check_weights(settings, reach if faults else min(reach, settings.flood_forecaster_timescale))

    def displaced(self, day: int) -> Floats:
        """Displaced on a day by place, (place,): people, or a share of the population."""
        level = self.levels[day]
        numbers = np.where(level > 0, _by_level(level, self.settings.displaced_per_flood_day), 0.0)
        return numbers if self.settings.flood_driven == "pop_ratio" else np.floor(numbers)

    def chance(self, day: int, chance: Floats) -> Floats:
        """Chance per day of moving on, (class, place), of `chance`, (place,): levels take its place.

        Flee multiplies it by what is forecast, so that nobody moves who is unaware or foresees no flood.
        """
        level = self.levels[day]
        now = np.where(level > 0, _by_level(level, self.settings.flood_movechances), chance)
        levels, weights = self._forecast(day)
        if not self.faults or not len(weights):
            return np.tile(now, (len(self.attention), 1))
        seen = weights @ np.where(levels > 0, _by_level(levels, self.settings.flood_loc_weights), 0.0)
        return self.attention[:, None] * now * seen / self.settings.flood_forecaster_timescale

    def foreseen(self, day: int) -> Floats:
        """Chance of moving on by what is forecast, (place,); who heeds it goes at least by that."""
        levels, weights = self._forecast(day)
        if self.faults:
            return np.zeros(levels.shape[1])
        return np.asarray(
            weights @ np.where(levels > 0, _by_level(levels, self.settings.flood_movechances), 0.0)
        )

    def factor(self, day: int, is_zone: Flags) -> Floats:
        """Factor on the score of places, (class, place); `is_zone`, (place,), counts levels twice."""
        level = self.levels[day]
        weight = _by_level(level, self.settings.flood_loc_weights)
        now = np.where(level > 0, weight, 1.0) * np.where(is_zone, weight, 1.0)
        levels, weights = self._forecast(day)
        attention = self.attention[:, None]
        if not len(weights):
            return np.tile(now, (len(attention), 1))
        if self.faults:
            # Flee takes today's level for each day of the forecast, and squares.
            seen = (weights @ (levels > 0) * weight) ** 2 / self.settings.flood_forecaster_timescale
            return np.where(is_zone, 0.0, attention * now * seen)
        kept = weights @ np.where(levels > 0, _by_level(levels, self.settings.flood_loc_weights), 1.0)
        return np.asarray(now * np.maximum(0.0, 1.0 - attention * (1.0 - kept)))

    def _forecast(self, day: int) -> tuple[Floats, Floats]:
        """Levels that are forecast, (ahead, place), with the weight of each day; no days: no forecast.

        The first weight is that of today, and weights of one forecast are scaled to make 1 together. In Flee
        the first is that of day 0, they stay as they are, and the last day of the forecast foresees itself.
        """
        settings, none = self.settings, (self.levels[:0], np.zeros(0))
        end, given = settings.flood_forecaster_end_time, np.array(settings.flood_forecaster_weights)
        days = np.arange(day + 1, min(day + settings.flood_forecaster_timescale, end) + 1)
        if self.faults and day == end:
            days = np.array([end])
        if not self.has_forecaster or not len(days):
            return none
        if self.faults:
            return self.levels[days], given[days]
        weights = given[days - day]
        return (self.levels[days], weights / weights.sum()) if weights.sum() > 0 else none


def _levels(directory: FleeDirectory, reach: int) -> Floats:
    """Levels of flood, (day, place), for the run and up to the day that forecasts reach."""
    days = directory.length_days
    if directory.floods is None:
        what = "file not found, and floods displace people"
        raise FleeError(Problem(_LEVELS, what, "levels by day and place"))
    if len(directory.floods) < days:
        what = f"ends on day {len(directory.floods) - 1}"
        remedy = f"Run {len(directory.floods)} days (--days)"
        raise FleeError(Problem(_LEVELS, what, f"a row for each of the {days} days", remedy))
    if reach >= len(directory.floods):
        what = f"ends on day {len(directory.floods) - 1}, and the forecast reaches day {reach}"
        remedy = f"Set flood_forecaster_end_time to {len(directory.floods) - 1}"
        raise FleeError(Problem(_LEVELS, what, f"rows up to day {reach}", remedy))
    return directory.floods


def _classes(directory: FleeDirectory, settings: FleeSettings) -> tuple[Floats, Floats]:
    """Attention by class of awareness, (class,), and the chance of each class by place, (class, place)."""
    table = next((one for one in directory.demographics if one.attribute == "floodawareness"), None)
    if table is None:
        what = "file not found, and the forecaster of floods goes by it"
        raise FleeError(Problem(_CLASSES, what, "floodawareness,Default and a row for each class"))
    weights = settings.flood_awareness_weights
    known = [str(number) for number in range(len(weights))]
    allowed = f"0 to {len(known) - 1}, as flood_awareness_weights has"
    problems = [
        Problem(_CLASSES, f"'{value}' is not a class of awareness", allowed)
        for value in table.values
        if value not in known
    ]
    for column, numbers in table.weights.items():
        if not sum(numbers) > 0:
            problems.append(Problem(_CLASSES, f"the column '{column}' has no weight", "a weight above 0"))
    if problems:
        raise FleeError(problems)
    return np.array([weights[int(value)] for value in table.values]), _shares(table, directory.names)


def _shares(table: Demographic, names: Sequence[str]) -> Floats:
    """Weights of the classes in each place as shares, (class, place)."""
    columns = [table.weights.get(name, table.weights["Default"]) for name in names]
    shares = np.array(columns, dtype=np.float64).T
    return np.asarray(shares / shares.sum(axis=0))


def _check_weights(settings: FleeSettings, reach: int) -> None:
    """Refuse a list of weights that ends before the last one that is asked for, number `reach`."""
    given = len(settings.flood_forecaster_weights)
    if given <= reach:
        what = f"flood_forecaster_weights has {given} numbers, and those of days 0 to {reach} are used"
        raise FleeError(Problem("move_rules.flood_rules", what, f"{reach + 1} numbers or more"))


def _by_level(level: Floats, numbers: Sequence[float]) -> Floats:
    """Take numbers by level, linear in between; the last one holds above its level (Flee stops)."""
    return np.asarray(np.interp(level, np.arange(len(numbers)), numbers), dtype=np.float64)
