"""Small directories at random, made in memory, with every rule that is carried at work in some of them."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import numpy as np

from forewarn.flee.counts import DailyCounts
from forewarn.flee.directory import (
    CLOSURE_KINDS,
    Closure,
    Demographic,
    FleeDirectory,
    FleeRoute,
    Location,
    LocationChange,
)
from forewarn.flee.settings import SPAWN_MODES, FleeSettings
from forewarn.flee.world import FleeWorld, make_world

KINDS = ("conflict_zone", "town", "town", "camp", "idpcamp", "forwarding_hub", "marker")


@dataclass(frozen=True)
class Case:
    directory: FleeDirectory
    counts: DailyCounts | None
    settings: FleeSettings
    faults: bool

    def world(self) -> FleeWorld:
        return make_world(self.directory, self.counts, self.settings, faults=self.faults)


def random_case(seed: int, *, days: int = 25, people: int = 400) -> Case:
    draw = random.Random(seed)
    number = draw.randint(2, 12)
    locations = tuple(_location(draw, i) for i in range(number))
    routes = tuple(_routes(draw, number))
    names = [location.name for location in locations]
    directory = FleeDirectory(
        name=f"random {seed}", folder=Path("nowhere"), start=date(2020, 1, 1), length_days=days,
        locations=locations, routes=routes, closures=tuple(_closure(draw, routes, names, days) for _ in range(draw.randint(0, 6))),
        changes=tuple(LocationChange(draw.choice(names[1:]), draw.choice(KINDS), draw.randrange(days)) for _ in range(draw.randint(0, 2))),
        demographics=(), conflicts=_conflicts(draw, days, number), remarks=(),
    )  # fmt: skip
    settings = _settings(draw)
    counts = None if settings.conflict_driven else _counts(draw, locations, days, people)
    return Case(directory, counts, settings, draw.random() < 0.3)


def _location(draw, i):
    kind = "conflict_zone" if i == 0 else draw.choice(KINDS)
    numbers = {}
    if "camp" in kind and draw.random() < 0.4:
        numbers["capacity_per_day"] = float(draw.randrange(30))
    if "camp" in kind and draw.random() < 0.7:
        numbers["deactivation_probability"] = draw.random() * 0.2
    people = draw.choice([0, 300, 3000]) if "camp" in kind else draw.randrange(10_000)
    latitude, longitude = draw.uniform(-5, 5), draw.uniform(20, 30)
    # The first place never runs out of people, nor of conflict, so that there is always somebody to displace.
    return Location(f"P{i}", "R", "XY"[i % 2], latitude, longitude, latitude, longitude, kind, 0,
                    10_000_000 if i == 0 else people, numbers)  # fmt: skip


def _routes(draw, number):
    pairs = [(i, draw.randrange(i)) for i in range(1, number)]
    pairs += [(draw.randrange(number), draw.randrange(number)) for _ in range(number // 2)]
    for one, other in pairs:
        if one == other:
            continue
        numbers = {}
        if draw.random() < 0.3:
            numbers["walk_probability"] = draw.choice([0.3, 1.0])
        if draw.random() < 0.3:
            numbers["max_move_speed"] = draw.uniform(50, 400)
        yield FleeRoute(f"P{one}", f"P{other}", draw.choice([1.0, 30.0, 200.0, draw.uniform(1, 900)]),
                    draw.choice([0, 0, 0, 0, 1, 2]), numbers)  # fmt: skip


def _closure(draw, routes, names, days):
    kind = draw.choice(CLOSURE_KINDS)
    first = draw.randrange(days)
    last = draw.choice([-1, first + draw.randrange(8)])
    if kind == "country":
        return Closure(kind, "X", "Y", first, last)
    if kind in ("link", "remove_forced_redirection"):
        route = draw.choice(routes)
        return Closure(kind, route.start, route.end, first, last)
    return Closure(kind, draw.choice(names), "", first, last)


def _conflicts(draw, days, number):
    table = np.zeros((days, number))
    for place in range(number):
        if place == 0 or draw.random() < 0.3:
            start = 0 if place == 0 else draw.randrange(days)
            end = days if place == 0 else draw.randrange(days + 1)
            table[start:end, place] = draw.choice([0.3, 0.7, 1.0])
    return table


def _settings(draw):
    def one(*values):
        return draw.choice(values)

    mode = one("", "", *SPAWN_MODES)
    settings = FleeSettings(
        take_from_population=one(True, False), conflict_driven=mode,
        displaced_per_conflict_day=1e-5 if mode == "pop_ratio" else one(0.0, 7.0, 90.0),
        conflict_spawn_decay=one((), (1.0, 0.5, 0.1)), conflict_spawn_decay_interval=one(1, 5),
        camps_are_sinks=one(True, True, False), max_move_speed=one(40.0, 360.0), max_walk_speed=one(10.0, 35.0),
        foreign_weight=one(0.0, 1.0, 2.0), camp_weight=one(0.0, 1.0, 2.0), conflict_weight=one(0.1, 0.25, 1.0),
        conflict_movechance=one(0.5, 1.0), camp_movechance=one(0.0, 0.001, 0.2), default_movechance=one(0.1, 0.3, 1.0),
        awareness_level=draw.randrange(4), capacity_buffer=one(0.5, 0.9, 1.0), capacity_scaling=one(0.5, 1.0, 2.0),
        avoid_short_stints=one(True, False), start_on_foot=one(True, False), softening=one(0.0, 10.0),
        weight_softening=one(0.0, 0.1), weight_power=one(0.5, 1.0, 2.0), distance_power=one(0.5, 1.0),
        stay_close_to_home=one(True, False), use_pop_for_loc_weight=one(True, False),
        movechance_pop_scale_factor=one(0.0, 0.1), pruning_threshold=one(1.0, 1.5, 4.0),
    )  # fmt: skip
    return replace(settings, idpcamp_movechance=one(0.0, 0.1))


def _counts(draw, locations, days, people):
    camps = [location.name for location in locations if "camp" in location.kind] or [locations[-1].name]
    new = np.array(
        [draw.randrange(people) if draw.random() < 0.6 else 0 for _ in range(days)], dtype=np.int64
    )
    registered = np.zeros((days, len(camps)), dtype=np.int64)
    initial = np.array([draw.randrange(500) for _ in camps], dtype=np.int64)
    return DailyCounts(tuple(camps), registered, initial, new, np.zeros_like(new), new.cumsum(), ())


def flooded(case: Case, seed: int) -> Case:
    """The same world under floods of every kind of place, with a forecaster and up to four classes of awareness."""
    draw = random.Random(seed)
    names, days = case.directory.names, case.directory.length_days
    classes = draw.randint(1, 4)
    columns = {name: tuple(draw.choice([0.0, 1.0, 3.0]) for _ in range(classes)) for name in names[::2]}
    columns = {name: shares for name, shares in columns.items() if sum(shares)} | {
        "Default": (1.0,) * classes
    }
    awareness = Demographic("floodawareness", tuple(map(str, range(classes))), columns)
    timescale = draw.randint(0, 6)
    levels = [[draw.choice([0, 0, 1, 2, 5]) for _ in names] for _ in range(days + timescale)]
    mode = draw.choice(SPAWN_MODES)
    settings = replace(
        case.settings, conflict_driven="", flood_driven=mode, take_from_population=True,
        displaced_per_flood_day=(0.0, 1e-5, 0.01) if mode == "pop_ratio" else (0.0, 9.0, 70.0),
        flood_movechances=(0.0, 0.4, 1.0), flood_loc_weights=(draw.choice([0.0, 1.0]), 0.5, 0.0),
        flood_forecaster=draw.random() < 0.9, flood_forecaster_timescale=timescale,
        flood_forecaster_end_time=draw.randrange(days + timescale),
        flood_forecaster_weights=tuple(draw.choice([0.0, 0.3, 2.0]) for _ in range(days + timescale)),
        flood_awareness_weights=tuple(draw.choice([0.0, 0.5, 1.0, 3.0]) for _ in range(classes)),
    )  # fmt: skip
    directory = replace(case.directory, floods=np.array(levels, dtype=float), demographics=(awareness,))
    return Case(directory, None, settings, case.faults)
