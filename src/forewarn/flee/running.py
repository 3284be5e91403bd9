"""A Flee directory, run: arrays for the kernel, members, and what they recorded."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from forewarn.errors import Problem
from forewarn.flee.counts import DailyCounts
from forewarn.flee.directory import FleeDirectory, FleeError
from forewarn.flee.paths import Link, Plan, find_plans
from forewarn.flee.settings import SPAWN_MODES, FleeSettings
from forewarn.flee.timeline import make_timeline
from forewarn.kernel.flee_arrays import (
    NOWHERE_TO_SPAWN,
    FleeGraph,
    FleePlaces,
    FleeRules,
    new_flee_record,
    new_flee_state,
)

_EARTH_KM: Final = 6371.0  # mean radius, IUGG
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class World:
    """A directory as arrays for the kernel; `plan_of` gives the plan of each cell on a link."""

    directory: FleeDirectory
    rules: FleeRules
    graph: FleeGraph
    places: FleePlaces
    plan_of: Ints
    most_plans: int


@dataclass(frozen=True, slots=True)
class FleeResult:
    """What members recorded, people: present and spawned (member, day, place), set_out (member, day, link)."""  # noqa: E501

    world: World
    present: NDArray[np.int32]
    set_out: NDArray[np.int32]
    spawned: NDArray[np.int32]
    gone: NDArray[np.int32]


def make_world(
    directory: FleeDirectory, counts: DailyCounts | None, settings: FleeSettings, *, faults: bool = False
) -> World:
    """Turn a directory into arrays; `counts` may be missing where conflict drives displacement."""
    if counts is None and not settings.conflict_driven:
        raise FleeError(Problem("source_data", "totals come from registrations, and there are none"))
    links, roads = _links(directory, settings, faults)
    markers = frozenset(i for i, location in enumerate(directory.locations) if location.kind == "marker")
    plans = find_plans(
        links, places=len(directory.locations), markers=markers, awareness=settings.awareness_level
    )
    numbers = {path.links: 0 for own in plans for path in own}
    for number, path in enumerate(numbers):
        numbers[path] = number
    flat = [path for own in plans for path in own]
    timeline = make_timeline(directory, settings, faults=faults)
    phases = _Phases(links, directory, roads, settings)
    start = np.append(0, np.cumsum([len(own) for own in plans]))
    first_link = np.array([path.links[0] for path in flat], dtype=np.int64)
    goal = np.array([links[path.links[-1]].end for path in flat], dtype=np.int64)
    width = phases.width[first_link]
    cell = np.append(0, np.cumsum(width))[:-1] - phases.first[first_link]
    graph = FleeGraph(
        plan_start=start.astype(np.int64), plan_link=first_link,
        plan_next=np.array([numbers.get(path.links[1:], -1) for path in flat], dtype=np.int64), plan_goal=goal,  # noqa: E501
        plan_near=np.array([(settings.softening + path.km) ** -settings.distance_power for path in flat]),
        plan_home=_closeness(directory, links, first_link, goal, settings, faults), plan_cell=cell.astype(np.int64),  # noqa: E501
        plan_key=np.array([_key(">".join(_names(directory, links, path.links))) for path in flat], dtype=np.uint64),  # noqa: E501
        link_from=np.array([link.start for link in links], dtype=np.int64),
        link_to=np.array([link.end for link in links], dtype=np.int64), link_km=np.array([link.km for link in links]),  # noqa: E501
        link_speed=phases.speed, link_walk=phases.walk, link_walk_speed=np.full(len(links), settings.max_walk_speed),  # noqa: E501
        link_road=np.array([link.road for link in links], dtype=np.int64), link_first=phases.first,
        link_first_fresh=phases.first_fresh, phase_km=np.array(phases.km),
        phase_drive=np.array(phases.drive, dtype=np.int64), phase_walk=np.array(phases.on_foot, dtype=np.int64),  # noqa: E501
        phase_fresh=np.array(phases.fresh, dtype=np.bool_),
    )  # fmt: skip
    forced = _forced(directory, timeline.redirects, timeline.is_open, links, start, flat, faults)
    locations = directory.locations
    is_camp = np.array([location.kind in ("camp", "idpcamp") for location in locations])
    people = np.array([location.people for location in locations], dtype=np.int64)
    initial = np.zeros(len(locations), dtype=np.int64)
    if counts is not None:
        at = {name: number for number, name in enumerate(directory.names)}
        for camp, there in zip(counts.camps, counts.initial, strict=True):
            initial[at[camp]] = there
    capacity = np.where(is_camp, people, 0).astype(np.float64)
    if faults and settings.insert_day0 and not settings.empty_camps_on_day0:
        capacity = np.where(capacity > 0, capacity - initial, capacity)
    per_day = np.array([location.numbers.get("capacity_per_day", 0.0) for location in locations])
    sink = np.array([location.numbers.get("deactivation_probability", 0.0) for location in locations])
    places = FleePlaces(
        key=np.array([_key(name) for name in directory.names], dtype=np.uint64), initial=initial,
        population=np.where(is_camp, 0, people), capacity=capacity, capacity_per_day=per_day,
        sink=sink * (settings.camps_are_sinks and not faults),
        limited=np.flatnonzero((capacity >= 1) | (per_day > 0)).astype(np.int64), epoch=timeline.epoch,
        new=np.zeros(directory.length_days, dtype=np.int64) if counts is None else counts.new, score=timeline.score,  # noqa: E501
        pulls=timeline.pulls, chance=timeline.chance, is_town=timeline.is_town, is_camp=timeline.is_camp,
        spawn=timeline.spawn, forced=forced, is_open=timeline.is_open,
    )  # fmt: skip
    plan_of = np.repeat(np.arange(len(flat), dtype=np.int64), width)
    return World(directory, _rules(settings, faults), graph, places, plan_of, max(map(len, plans), default=0))


def run(world: World, *, members: int = 1, seed: int) -> FleeResult:
    """Run members of a world; member k is a function of the seed and k alone.

    Raises
    ------
    FleeError
        If people are displaced on a day on which no populated place is in conflict.
    """
    from forewarn.kernel.flee_member import run_member

    shape = (members, len(world.places.epoch))
    places, links = len(world.places.key), len(world.graph.link_from)
    present, spawned = (np.zeros((*shape, places), dtype=np.int32) for _ in range(2))
    set_out, gone = np.zeros((*shape, links), dtype=np.int32), np.zeros(shape, dtype=np.int32)
    for member in range(members):
        key = np.random.SeedSequence(seed, spawn_key=(member,)).generate_state(2).astype(np.uint64)
        record = new_flee_record(world.graph, world.places)
        answer = run_member(
            key, world.rules, world.graph, world.places, world.plan_of, new_flee_state(world.graph, world.places),  # noqa: E501
            record, np.zeros(places), np.zeros(places, dtype=np.int64), np.zeros(world.most_plans + 1, dtype=np.int64),  # noqa: E501
        )  # fmt: skip
        if answer & 1 == NOWHERE_TO_SPAWN:
            what = f"on day {answer // 2} people are displaced, but no populated place is in conflict"
            raise FleeError(Problem("input_csv/conflicts.csv", what, remedy="Let conflict start by then"))
        present[member], spawned[member] = record.present, record.spawned
        set_out[member], gone[member] = record.set_out, record.gone
    return FleeResult(world, present, set_out, spawned, gone)


def _key(text: str) -> int:
    return zlib.crc32(text.encode())


def _names(directory: FleeDirectory, links: list[Link], path: tuple[int, ...]) -> list[str]:
    return [directory.names[links[path[0]].start], *(directory.names[links[number].end] for number in path)]


def _rules(settings: FleeSettings, faults: bool) -> FleeRules:
    mode = 1 + SPAWN_MODES.index(settings.conflict_driven) if settings.conflict_driven else 0
    return FleeRules(
        max_speed=settings.max_move_speed, short_stints=settings.avoid_short_stints,
        weight_softening=settings.weight_softening, weight_power=settings.weight_power,
        pruning=settings.pruning_threshold if settings.pruning_threshold >= 1.001 else 0.0,
        buffer=settings.capacity_buffer, scaling=settings.capacity_scaling,
        population_base=settings.movechance_pop_base, population_power=settings.movechance_pop_scale_factor,
        population_pull=settings.pop_power if settings.use_pop_for_loc_weight else 0.0, stays_if_full=not faults,  # noqa: E501
        spawn_mode=mode, spawn_number=float(settings.displaced_per_conflict_day),
        take_from_population=settings.take_from_population,
    )  # fmt: skip


def _links(directory: FleeDirectory, settings: FleeSettings, faults: bool) -> tuple[list[Link], list[int]]:
    """Both directions of every road; the same road twice counts once, unless Flee's faults are wanted."""
    at = {name: number for number, name in enumerate(directory.names)}
    links: list[Link] = []
    roads: list[int] = []
    seen = set()
    for number, route in enumerate(directory.routes):
        identity = (frozenset((route.start, route.end)), route.km)
        if identity in seen and not faults:
            continue
        seen.add(identity)
        one, other = at[route.start], at[route.end]
        links += [Link(one, other, route.km, number), Link(other, one, route.km, number)]
        roads += [number, number]
    return links, roads


class _Phases:
    """How far along a link a party can be after whole days, and what a further day makes of it."""

    def __init__(
        self, links: list[Link], directory: FleeDirectory, roads: list[int], settings: FleeSettings
    ) -> None:
        numbers = [directory.routes[road].numbers for road in roads]
        self.speed = np.array([own.get("max_move_speed", settings.max_move_speed) for own in numbers])
        self.walk = np.array([own.get("walk_probability", 0.0) for own in numbers])
        self.km: list[float] = []
        self.drive: list[int] = []
        self.on_foot: list[int] = []
        self.fresh: list[bool] = []
        self.first = np.zeros(len(links), dtype=np.int64)
        self.first_fresh = np.zeros(len(links), dtype=np.int64)
        for number, link in enumerate(links):
            foot = settings.max_walk_speed
            self.first[number] = self._add(link.km, self.speed[number], foot, self.walk[number], False)
            self.first_fresh[number] = self.first[number]
            if settings.start_on_foot:
                self.first_fresh[number] = self._add(link.km, 0.0, foot, 1.0, True)
        self.width = np.diff(np.append(self.first, len(self.km)))

    def _add(self, length: float, drive: float, foot: float, walk: float, fresh: bool) -> int:
        """Add the phases of one link; days driven and days walked say where a party is."""
        first = len(self.km)
        found = {(0, 0): first}
        pending = [(0, 0)]
        while pending:
            driven, walked = pending.pop(0)
            km = driven * drive + walked * foot
            self.km.append(km)
            self.fresh.append(fresh)
            onward = []
            for step, speed, possible in (((1, 0), drive, walk < 1), ((0, 1), foot, walk > 0)):
                state = (driven + step[0], walked + step[1])
                if not possible or km + speed > length:
                    onward.append(-1)
                    continue
                if state not in found:
                    found[state] = first + len(found)
                    pending.append(state)
                onward.append(found[state])
            self.drive.append(onward[0])
            self.on_foot.append(onward[1])
        return first


def _closeness(
    directory: FleeDirectory,
    links: list[Link],
    first_link: Ints,
    goal: Ints,
    settings: FleeSettings,
    faults: bool,
) -> NDArray[np.float64]:
    """Factor of stay_close_to_home: distance as the crow flies from where people are (FLEE.md, 1.7, 3)."""
    if not settings.stay_close_to_home:
        return np.ones(len(goal))
    # With faults the fourth column is the longitude, whatever its header says (FLEE.md, 1.12, 2).
    degrees = np.radians(
        [(p.second, p.first) if faults else (p.latitude, p.longitude) for p in directory.locations]
    )
    here = degrees[np.array([links[number].start for number in first_link], dtype=np.int64)]
    there = degrees[goal]
    rise = np.sin((there[:, 0] - here[:, 0]) / 2) ** 2
    turn = np.cos(here[:, 0]) * np.cos(there[:, 0]) * np.sin((there[:, 1] - here[:, 1]) / 2) ** 2
    km = 2 * _EARTH_KM * np.arcsin(np.sqrt(np.clip(rise + turn, 0, 1)))
    closeness: NDArray[np.float64] = np.maximum(1.0, km) ** -settings.home_distance_power
    return closeness


def _forced(
    directory: FleeDirectory, redirects: NDArray[np.bool_], is_open: NDArray[np.bool_], links: list[Link],
    start: Ints, flat: list[Plan], faults: bool,
) -> Ints:  # fmt: skip
    """Plan that everybody in a place follows on an epoch; Flee 3 parses redirections and ignores them."""
    forced = np.full((len(redirects), len(directory.locations)), -1, dtype=np.int64)
    if faults:
        return forced
    at = {name: number for number, name in enumerate(directory.names)}
    single = {path.links[0]: number for number, path in enumerate(flat) if len(path.links) == 1}
    for number, link in enumerate(links):
        route = directory.routes[link.road]
        source = {1: route.start, 2: route.end}.get(route.redirection)
        if source is not None and at[source] == link.start and number in single:
            forced[redirects[:, link.road] & is_open[:, link.road], link.start] = single[number]
    return forced
