"""Flee's settings file (``simsetting.yml``): what is carried, what is refused, and the defaults of Flee 3."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from forewarn.errors import ForewarnError, Problem, nearest
from forewarn.flee.directory import FleeError
from forewarn.scenario.yaml_files import parse, read_text

MOST_AWARENESS: Final = 100  # an assumption; the number of paths sets the bound before
SPAWN_MODES: Final = ("constant", "pop_ratio", "poisson")
# Displaced on a day of flood by level where nothing is given (FLEE-2.md, 2): people, or shares of people.
FLOOD_NUMBERS: Final = ((0.0, 100.0, 200.0, 300.0, 500.0), (0.0, 0.1, 0.2, 0.5, 0.9))


@dataclass(frozen=True, slots=True)
class FleeSettings:
    """Settings of Flee's rules; defaults are those of Flee 3 (its SimulationSettings, May 2026).

    Speeds in km a day, distances in km, chances per day. `conflict_driven` is empty where totals come from
    registrations, otherwise one of `SPAWN_MODES` with its number in `displaced_per_conflict_day`;
    `flood_driven` likewise, with numbers, chances and weights by level of flood from 0, linear in between.
    With `flood_forecaster` people heed the levels of the next `flood_forecaster_timescale` days, up to day
    `flood_forecaster_end_time`; those days have weights, and so have the classes of awareness.
    """

    take_from_population: bool = False
    insert_day0: bool = True
    empty_camps_on_day0: bool = False
    sum_from_camps: bool = True
    conflict_spawn_decay: tuple[float, ...] = ()
    conflict_spawn_decay_interval: int = 30
    default_conflict_intensity: float = 1.0
    conflict_driven: str = ""
    displaced_per_conflict_day: float = 500.0
    camps_are_sinks: bool = False
    flood_driven: str = ""
    displaced_per_flood_day: tuple[float, ...] = ()
    flood_movechances: tuple[float, ...] = ()
    flood_loc_weights: tuple[float, ...] = ()
    flood_forecaster: bool = False
    flood_forecaster_timescale: int = 0
    flood_forecaster_end_time: int = 0
    flood_forecaster_weights: tuple[float, ...] = ()
    flood_awareness_weights: tuple[float, ...] = ()
    max_move_speed: float = 360.0
    max_walk_speed: float = 35.0
    foreign_weight: float = 1.0
    camp_weight: float = 1.0
    conflict_weight: float = 1.0 / math.sqrt(10.0)
    conflict_movechance: float = 1.0
    camp_movechance: float = 0.001
    idpcamp_movechance: float = 0.1
    default_movechance: float = 0.3
    awareness_level: int = 1
    capacity_buffer: float = 0.9
    capacity_scaling: float = 1.0
    avoid_short_stints: bool = False
    start_on_foot: bool = False
    softening: float = 10.0
    weight_softening: float = 0.0
    weight_power: float = 1.0
    distance_power: float = 1.0
    stay_close_to_home: bool = False
    home_distance_power: float = 0.5
    use_pop_for_loc_weight: bool = False
    pop_power_for_loc_weight: float = 0.1
    movechance_pop_base: float = 10_000.0
    movechance_pop_scale_factor: float = 0.0
    pruning_threshold: float = 1.0
    hasten: int = 1


_TOP: Final = (
    "default_conflict_intensity",
)  # outside the groups; in one of them it has no effect, as in Flee
_SPAWN: Final = (
    "take_from_population", "insert_day0", "empty_camps_on_day0", "sum_from_camps", "conflict_spawn_decay",
    "conflict_spawn_decay_interval", "camps_are_sinks",
)  # fmt: skip
_NUMBERS: Final[Mapping[str, tuple[float, float]]] = {
    "default_conflict_intensity": (0.0, 1.0), "displaced_per_conflict_day": (0.0, 1e9),
    "max_move_speed": (1e-3, 1e5), "max_walk_speed": (1e-3, 1e5),
    "foreign_weight": (0.0, 1e6), "camp_weight": (0.0, 1e6), "conflict_weight": (0.0, 1e6),
    "conflict_movechance": (0.0, 1.0), "camp_movechance": (0.0, 1.0), "idpcamp_movechance": (0.0, 1.0),
    "default_movechance": (0.0, 1.0), "awareness_level": (-1, MOST_AWARENESS), "capacity_buffer": (0.0, 1.0),
    "capacity_scaling": (0.0, 1e6), "softening": (0.0, 1e5), "weight_softening": (0.0, 1e6),
    "weight_power": (0.0, 20.0), "distance_power": (0.0, 20.0), "home_distance_power": (0.0, 20.0),
    "pop_power_for_loc_weight": (-20.0, 20.0), "movechance_pop_base": (1e-6, 1e12),
    "movechance_pop_scale_factor": (-20.0, 20.0),
    "pruning_threshold": (0.0, 1e12), "hasten": (1, 1_000_000), "conflict_spawn_decay_interval": (1, 36_525),
    "flood_forecaster_timescale": (0, 36_525), "flood_forecaster_end_time": (0, 36_525),
}  # fmt: skip
_WHOLE: Final = (
    "awareness_level", "hasten", "conflict_spawn_decay_interval",
    "flood_forecaster_timescale", "flood_forecaster_end_time",
)  # fmt: skip
# In flood_rules: lists by level, by day and by class of awareness, with the greatest number of each.
_FLOOD_LISTS: Final[Mapping[str, tuple[float, str]]] = {
    "flood_movechances": (1.0, "level"), "flood_loc_weights": (1e6, "level"),
    "flood_forecaster_weights": (1e6, "day"), "flood_awareness_weights": (1e6, "class of awareness"),
}  # fmt: skip
_FLOOD_SINGLE: Final = ("flood_forecaster", "flood_forecaster_timescale", "flood_forecaster_end_time")
_MOVE: Final = tuple(
    key for key in FleeSettings.__slots__
    if key not in (*_SPAWN, *_TOP, "hasten", "conflict_driven", "displaced_per_conflict_day",
                   "flood_driven", "displaced_per_flood_day", *_FLOOD_LISTS, *_FLOOD_SINGLE)
)  # fmt: skip
# Rules of Flee that are not carried; their keys may stand there as long as they are off.
_SPAWN_NOT_CARRIED: Final = (
    "starvation_driven_spawning", "read_from_agents_csv_file",
)  # fmt: skip
_MOVE_NOT_CARRIED: Final = (
    "fixed_routes", "two_system_decision_making", "use_economic_pull", "harvest_months", "flee_when_starving",
    "avoid_food_deprived_locations", "MatchCampEthnicity", "MatchCampReligion",
    "MatchTownEthnicity", "MatchConflictEthnicity", "ChildrenAvoidHazards", "BoysTakeRisk",
    "ElderlyAvoidHazards", "WomenAvoidHazards",
)  # fmt: skip
# What Flee prints, does not use, or overwrites when it is started has no effect on its results.
_IGNORED: Final = ("log_levels", "number_of_steps", "conflict_input_file", "flood_level_input_file")
# Numbers that only rules which are not carried read.
_WITHOUT_EFFECT: Final = (
    "max_crossing_speed", "avg_religion_fraction", "average_social_connectivity", *_TOP,
    "conflict_zone_spawning_only", "flood_zone_spawning_only",  # say how floods go with conflict
    "flood_driven_spawning", "flood_spawn_mode", "max_flood_level", "flood_link_weights",  # never used
    "flood_movechances", "flood_loc_weights",  # outside flood_rules
)  # fmt: skip
_V1: Final[Mapping[str, Any]] = {
    "max_move_speed": 200.0, "start_on_foot": False, "avoid_short_stints": False, "camp_weight": 2.0,
    "conflict_weight": 0.25,
}  # fmt: skip


def read_settings(path: Path) -> FleeSettings:
    """Read a settings file of Flee 3.

    Raises
    ------
    FleeError
        If a key is unknown, a value is out of range or a rule is asked for that is not carried. All
        problems are listed.
    """
    try:
        document = parse(read_text(path, path.name), path.name)
    except ForewarnError as error:
        raise FleeError(error.problems) from error
    return settings_from(document, path.name)


_SETTINGS_NAMES: Final = ("simsetting.yml", "simsetting.yaml")


def settings_of(folder: Path, chosen: Path | None) -> tuple[FleeSettings, tuple[Problem, ...]]:
    """Read the settings that are chosen, or else those that lie in a directory, or take Flee's defaults.

    Returns
    -------
    FleeSettings
        The settings.
    tuple of Problem
        Remarks on which were taken.
    """
    if chosen is not None:
        return read_settings(chosen), ()
    found = [
        place / name
        for place in (folder, folder / "input_csv")
        for name in _SETTINGS_NAMES
        if (place / name).is_file()
    ]
    if found:
        where = found[0].relative_to(folder).as_posix()
        rest = _other_settings(folder, found[0])
        return read_settings(found[0]), (Problem(where, "settings are read from here"), *rest)
    if any((place / "simsetting.csv").is_file() for place in (folder, folder / "input_csv")):
        what = "the settings of Flee 2 are not read: Flee 3's defaults are used"
        return FleeSettings(), (Problem("simsetting.csv", what, remedy="Write them as simsetting.yml"),)
    return FleeSettings(), _other_settings(folder, None)


def _other_settings(folder: Path, used: Path | None) -> tuple[Problem, ...]:
    """Name files that may be meant as settings and are not read."""
    places = (folder, folder / "input_csv", folder / "source_data")
    lying = sorted(
        path for place in places if place.is_dir() for end in ("*.yml", "*.yaml") for path in place.glob(end)
    )
    instead = "those above are used" if used else "Flee's defaults are used"
    return tuple(
        Problem(
            where, f"settings are not read from here: {instead}", remedy=f"Say --settings {path} for these"
        )
        for path in lying
        if path != used
        for where in (path.relative_to(folder).as_posix(),)
    )


def settings_from(document: object, name: str) -> FleeSettings:
    """Make settings of a document as YAML gives it; `name` says where it came from."""
    reader = _Reader(name)
    sections: Mapping[str, Callable[[str, Mapping[str, Any]], None]] = {
        "spawn_rules": reader.spawn_rules, "move_rules": reader.move_rules,
        "optimisations": reader.optimisations,
    }  # fmt: skip
    for key, value in reader.mapping(name, document).items():
        where = f"{name}, {key}"
        if key in sections:
            sections[key](where, reader.mapping(where, value))
        elif key in _TOP:
            reader.take(where, key, value)
        elif key not in _IGNORED:
            reader.unknown(where, key, (*sections, *_TOP, *_IGNORED))
    if not reader.problems:
        reader.check_floods(document if isinstance(document, dict) else {})
    if reader.problems:
        raise FleeError(reader.problems)
    return replace(FleeSettings(), **reader.values)


def _number(value: object) -> float:
    """Read a number as Flee does, in quotes too; not a number if it is none."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return math.nan
    try:
        return float(value)
    except (ValueError, OverflowError):
        return math.nan


class _Reader:
    """Collects values and problems of one file."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.problems: list[Problem] = []
        self.values: dict[str, Any] = {}

    def fail(self, where: str, what: str, allowed: str = "", remedy: str = "") -> None:
        self.problems.append(Problem(where, what, allowed, remedy))

    def unknown(self, where: str, key: object, allowed: tuple[str, ...]) -> None:
        self.fail(where, f"'{key}' is not a setting", nearest(str(key), allowed))

    def mapping(self, where: str, value: object) -> Mapping[str, Any]:
        if value is None:
            return {}
        if not isinstance(value, dict):
            self.fail(where, f"{value!r:.60} is not a group of settings", "key: value pairs")
            return {}
        return value

    def spawn_rules(self, where: str, section: Mapping[str, Any]) -> None:
        for key, value in section.items():
            here = f"{where}.{key}"
            if key == "conflict_driven_spawning":
                self._conflict_driven(here, value)
            elif key == "flood_driven_spawn_mode":
                self._flood_driven(here, value)
            elif key == "conflict_spawn_decay":
                self._decay(here, value)
            elif key in _SPAWN:
                self.take(here, key, value)
            elif key in _SPAWN_NOT_CARRIED:
                self._off(here, value)
            elif key not in _WITHOUT_EFFECT:
                allowed = (*_SPAWN, "conflict_zone_spawning_only", "conflict_driven_spawning")
                self.unknown(here, key, allowed)

    def move_rules(self, where: str, section: Mapping[str, Any]) -> None:
        for key, value in section.items():
            here = f"{where}.{key}"
            if key == "use_v1_rules" or key in _MOVE:
                self.take(here, key, value)
            elif key == "flood_rules":
                self._flood_rules(here, value)
            elif key in _MOVE_NOT_CARRIED:
                self._off(here, value)
            elif key not in _WITHOUT_EFFECT:
                self.unknown(here, key, (*_MOVE, "use_v1_rules"))
        if self.values.pop("use_v1_rules", False):
            self.values.update(_V1)  # last: they override what is given, as in Flee

    def optimisations(self, where: str, section: Mapping[str, Any]) -> None:
        for key, value in section.items():
            if key == "hasten":
                self.take(f"{where}.{key}", key, value)
            else:
                self.unknown(f"{where}.{key}", key, ("hasten",))

    def take(self, where: str, key: str, value: object) -> None:
        if key not in _NUMBERS:
            if value is None or isinstance(value, bool | int | float):
                self.values[key] = bool(value)  # left empty: off, as in Flee
            else:
                remedy = "Write it without quotes" if isinstance(value, str) else ""
                self.fail(where, f"{value!r:.60} is not a yes or no", "True or False", remedy)
            return
        least, most = _NUMBERS[key]
        whole = key in _WHOLE
        number = _number(value)
        if whole and math.isfinite(number):
            number = float(int(number))  # Flee cuts: 1.5 is 1
        if not least <= number <= most:
            kind = "whole number" if whole else "number"
            self.fail(where, f"{value!r:.60} is not allowed", f"a {kind} from {least:g} to {most:g}")
            return
        self.values[key] = int(number) if whole else number

    def _decay(self, where: str, value: object) -> None:
        if value is None or value == "None":
            return
        shares: list[Any] = value if isinstance(value, list) else [None]
        if not shares or not all(type(share) in (int, float) and 0 <= share <= 1 for share in shares):
            self.fail(where, f"{value!r:.60} is not allowed", "a list of shares from 0 to 1")
            return
        self.values["conflict_spawn_decay"] = tuple(float(share) for share in shares)

    def _conflict_driven(self, where: str, value: object) -> None:
        if value is None or value is False:
            return
        section = dict(self.mapping(where, value))
        mode = section.pop("spawn_mode", "constant")
        mode = "poisson" if str(mode).lower() == "poisson" else mode
        if mode not in SPAWN_MODES:
            self.fail(
                f"{where}.spawn_mode", f"'{mode}' is not a way to spawn", nearest(str(mode), SPAWN_MODES)
            )
            return
        self.values["conflict_driven"] = mode
        if mode == "pop_ratio":
            self.values["displaced_per_conflict_day"] = 0.01
        for key, number in section.items():
            if key == "displaced_per_conflict_day":
                self.take(f"{where}.{key}", key, number)
            else:
                self.unknown(f"{where}.{key}", key, ("spawn_mode", "displaced_per_conflict_day"))

    def _flood_driven(self, where: str, value: object) -> None:
        if value is None or value is False:
            return
        section = dict(self.mapping(where, value))
        section.pop("flood_spawn_mode", None)  # written in published settings, and never read by Flee
        mode = str(section.pop("spawn_mode", "pop_ratio")).lower()
        if mode not in SPAWN_MODES:
            self.fail(f"{where}.spawn_mode", f"'{mode}' is not a way to spawn", nearest(mode, SPAWN_MODES))
            return
        self.values["flood_driven"] = mode
        self.values["displaced_per_flood_day"] = FLOOD_NUMBERS[mode == "pop_ratio"]
        most = 1.0 if mode == "pop_ratio" else 1e9
        for key, numbers in section.items():
            if key == "displaced_per_flood_day":
                self._numbers(f"{where}.{key}", key, numbers, most, "level")
            else:
                self.unknown(f"{where}.{key}", key, ("spawn_mode", "displaced_per_flood_day"))

    def _flood_rules(self, where: str, value: object) -> None:
        for key, numbers in self.mapping(where, value).items():
            if key in _FLOOD_LISTS:
                self._numbers(f"{where}.{key}", key, numbers, *_FLOOD_LISTS[key])
            elif key in _FLOOD_SINGLE:
                self.take(f"{where}.{key}", key, numbers)
            elif key not in _WITHOUT_EFFECT:
                self.unknown(f"{where}.{key}", key, (*_FLOOD_LISTS, *_FLOOD_SINGLE))

    def _numbers(self, where: str, key: str, value: object, most: float, by: str) -> None:
        numbers = [_number(one) for one in value] if isinstance(value, list) else []
        if not numbers or not all(0 <= number <= most for number in numbers):
            self.fail(
                where, f"{value!r:.60} is not allowed", f"a list of numbers from 0 to {most:g}, by {by}"
            )
            return
        self.values[key] = tuple(numbers)

    def check_floods(self, document: Mapping[str, Any]) -> None:
        """Refuse what Flee refuses: half of the rules of floods, or floods beside conflict."""
        spawn = document.get("spawn_rules")
        spawn = spawn if isinstance(spawn, dict) else {}
        name, is_on = self.name, bool(self.values.get("flood_driven"))
        rules = bool(self.values.get("flood_movechances")), bool(self.values.get("flood_loc_weights"))
        if is_on != all(rules) or any(rules) != all(rules):
            needed = "flood_driven_spawn_mode with flood_rules of flood_movechances and flood_loc_weights"
            self.fail(name, "the rules of floods are not complete", needed)
        elif is_on and not self.values.get("take_from_population"):
            self.fail(name, "floods displace people of the population", "take_from_population: True")
        elif is_on and (
            not spawn.get("flood_zone_spawning_only") or spawn.get("conflict_zone_spawning_only", True)
        ):
            needed = "flood_zone_spawning_only: True and conflict_zone_spawning_only: False"
            self.fail(f"{name}, spawn_rules", "floods and conflict cannot both displace", needed)
        elif self.values.get("flood_forecaster") and not all(
            self.values.get(key) for key in ("flood_forecaster_weights", "flood_awareness_weights")
        ):
            needed = "flood_forecaster_weights and flood_awareness_weights"
            self.fail(f"{name}, move_rules.flood_rules", "the forecaster is not complete", needed)

    def _off(self, where: str, value: object) -> None:
        if value not in (None, False, [], {}, "None"):
            remedy = "Leave the key out to run without; docs/flee.md lists what is carried"
            self.fail(where, "this rule of Flee is not carried yet", "False", remedy)
