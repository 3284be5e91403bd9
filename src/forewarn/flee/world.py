"""A Flee directory as arrays for the kernel."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from forewarn.arraytypes import Ints
from forewarn.errors import Problem
from forewarn.flee.counts import DailyCounts
from forewarn.flee.directory import FleeDirectory, FleeError
from forewarn.flee.paths import MOST_PLANS, Link, PathPlan, find_plans
from forewarn.flee.phases import Phases
from forewarn.flee.settings import SPAWN_MODES, FleeSettings
from forewarn.flee.timeline import Timeline, make_timeline
from forewarn.kernel.flee.arrays import FleeGraph, FleeParameters, FleePlaces

_EARTH_KM: Final = 6371.0  # mean radius, IUGG


@dataclass(frozen=True, slots=True)
class FleeWorld:
    """A directory as arrays for the kernel; `plan_of` gives the plan of each cell on a link.

    Where people of several classes of awareness heed a forecast of floods, each of the `classes` has places,
    links and plans of its own, class by class; `forewarn.flee.running.run` adds them up.
    """

    directory: FleeDirectory
    rules: FleeParameters
    graph: FleeGraph
    places: FleePlaces
    plan_of: Ints
    most_plans: int
    classes: int

    @property
    def link_ends(self) -> tuple[Ints, Ints]:
        """Places from which and to which links on the map lead, those of the first class: (link,) each."""
        number = len(self.graph.link_from) // self.classes
        return self.graph.link_from[:number], self.graph.link_to[:number]


@dataclass(frozen=True, slots=True)
class _Paths:
    """Links and the plans over them.

    Parameters
    ----------
    start
        (place + 1,), number of the first plan of each place.
    flat
        All plans, place by place.
    """

    links: list[Link]
    start: Ints
    flat: list[PathPlan]

    @property
    def first_link(self) -> Ints:
        """First link of each plan, (plan,)."""
        return np.array([path.links[0] for path in self.flat], dtype=np.int64)

    @property
    def goal(self) -> Ints:
        """Place at the end of each plan, (plan,)."""
        return np.array([self.links[path.links[-1]].end for path in self.flat], dtype=np.int64)

    def words(self, path: PathPlan, names: Sequence[str]) -> str:
        """Names of the places along a plan, as the words of its random address."""
        places = [self.links[path.links[0]].start, *(self.links[number].end for number in path.links)]
        return ">".join(names[place] for place in places)


def make_world(
    directory: FleeDirectory, counts: DailyCounts | None, settings: FleeSettings, *, faults: bool = False
) -> FleeWorld:
    """Turn a directory into arrays; `counts` may be missing where conflict drives displacement.

    Raises
    ------
    FleeError
        If there are neither counts nor displacement by conflict, or there are too many paths.
    """
    if counts is None and not (settings.conflict_driven or settings.flood_driven):
        raise FleeError(Problem("source_data", "totals come from registrations, and none were found"))
    timeline = make_timeline(directory, settings, faults=faults)
    classes = len(timeline.attention)
    paths = _for_each_class(_find_paths(directory, settings, faults), classes, len(directory.locations))
    phases = Phases(paths.links, [directory.routes[link.road].numbers for link in paths.links], settings)
    graph = _graph(directory, settings, paths, phases, faults)
    places = _places(directory, counts, settings, timeline, faults)
    seen_start, seen_from = _seen(places.limited, paths, len(directory.locations))
    places = places._replace(
        forced=_forced(directory, timeline, paths, faults), seen_start=seen_start, seen_from=seen_from
    )
    width = phases.width[graph.plan_link]
    plan_of = np.repeat(np.arange(len(paths.flat), dtype=np.int64), width)
    most = int(np.diff(paths.start).max(initial=0))
    return FleeWorld(directory, _rules(settings, faults), graph, places, plan_of, most, classes)


def _key(text: str) -> int:
    return zlib.crc32(text.encode())


def _find_paths(directory: FleeDirectory, settings: FleeSettings, faults: bool) -> _Paths:
    links = _links(directory, faults)
    markers = frozenset(i for i, location in enumerate(directory.locations) if location.kind == "marker")
    plans = find_plans(
        links, places=len(directory.locations), markers=markers, awareness=settings.awareness_level
    )
    start = np.append(0, np.cumsum([len(own) for own in plans])).astype(np.int64)
    return _Paths(links, start, [path for own in plans for path in own])


def _for_each_class(paths: _Paths, classes: int, places: int) -> _Paths:
    """Links and plans of each class, between the places of that class."""
    if classes == 1:
        return paths
    links = [
        Link(link.start + of * places, link.end + of * places, link.km, link.road)
        for of in range(classes)
        for link in paths.links
    ]
    flat = [
        PathPlan(tuple(number + of * len(paths.links) for number in path.links), path.km)
        for of in range(classes)
        for path in paths.flat
    ]
    lengths = np.tile(np.diff(paths.start), classes)
    if len(flat) > MOST_PLANS:
        what = f"there are more than {MOST_PLANS:,} paths for {classes} classes of awareness"
        raise FleeError(Problem("routes.csv", what, remedy="Lower awareness_level"))
    return _Paths(links, np.append(0, np.cumsum(lengths)).astype(np.int64), flat)


def _names(directory: FleeDirectory, classes: int) -> list[str]:
    """Names of the places of each class, as the words of their random addresses."""
    return [name if of == 0 else f"{name}, class {of}" for of in range(classes) for name in directory.names]


def _links(directory: FleeDirectory, faults: bool) -> list[Link]:
    """Both directions of every road; the same road twice counts once, unless Flee's faults are wanted."""
    at = {name: number for number, name in enumerate(directory.names)}
    links: list[Link] = []
    seen = set()
    for number, route in enumerate(directory.routes):
        identity = (frozenset((route.start, route.end)), route.km)
        if identity in seen and not faults:
            continue
        seen.add(identity)
        one, other = at[route.start], at[route.end]
        links += [Link(one, other, route.km, number), Link(other, one, route.km, number)]
    return links


def _graph(
    directory: FleeDirectory, settings: FleeSettings, paths: _Paths, phases: Phases, faults: bool
) -> FleeGraph:
    links, flat, first_link = paths.links, paths.flat, paths.first_link
    numbers = {path.links: number for number, path in enumerate(flat)}
    km = np.array([path.km for path in flat])
    cell = np.append(0, np.cumsum(phases.width[first_link]))[:-1] - phases.first[first_link]
    names = _names(directory, len(paths.start) // len(directory.locations))
    return FleeGraph(
        plan_start=paths.start,
        plan_link=first_link,
        plan_next=np.array([numbers.get(path.links[1:], -1) for path in flat], dtype=np.int64),
        plan_goal=paths.goal,
        plan_near=(settings.softening + km) ** -settings.distance_power,
        plan_home=_closeness(directory, paths, settings, faults),
        plan_cell=cell.astype(np.int64),
        plan_key=np.array([_key(paths.words(path, names)) for path in flat], dtype=np.uint64),
        link_from=np.array([link.start for link in links], dtype=np.int64),
        link_to=np.array([link.end for link in links], dtype=np.int64),
        link_km=np.array([link.km for link in links], dtype=np.float64),
        link_speed=phases.speed,
        link_walk=phases.walk,
        link_walk_speed=np.full(len(links), settings.max_walk_speed),
        link_road=np.array([link.road for link in links], dtype=np.int64),
        link_first=phases.first,
        link_first_fresh=phases.first_fresh,
        phase_km=np.array(phases.km, dtype=np.float64),
        phase_drive=np.array(phases.drive, dtype=np.int64),
        phase_walk=np.array(phases.on_foot, dtype=np.int64),
        phase_fresh=np.array(phases.fresh, dtype=np.bool_),
    )


def _places(
    directory: FleeDirectory,
    counts: DailyCounts | None,
    settings: FleeSettings,
    timeline: Timeline,
    faults: bool,
) -> FleePlaces:
    """Places, without forced redirections and who sees camps."""
    locations = directory.locations
    is_camp = np.array([location.kind in ("camp", "idpcamp") for location in locations])
    people = np.array([location.people for location in locations], dtype=np.int64)
    initial = _initial(directory, counts)
    capacity = np.where(is_camp, people, 0).astype(np.float64)
    is_given = not (settings.conflict_driven or settings.flood_driven)  # only then does Flee do this
    if faults and is_given and settings.insert_day0 and not settings.empty_camps_on_day0:
        capacity = np.where(capacity > 0, capacity - initial, capacity)
    per_day = _column(directory, "capacity_per_day")
    leaves = settings.camps_are_sinks and not faults
    classes, epochs = len(timeline.attention), len(timeline.score)

    def of_classes(flags: NDArray[np.bool_]) -> NDArray[np.bool_]:
        return np.tile(flags, (1, classes))

    return FleePlaces(
        key=np.array([_key(name) for name in _names(directory, classes)], dtype=np.uint64),
        class_share=_of_those_left(timeline.classes).reshape(-1),
        initial=initial,
        population=np.where(is_camp, 0, people),
        capacity=capacity,
        capacity_per_day=per_day,
        sink=np.tile(_column(directory, "deactivation_probability") * leaves, classes),
        limited=np.flatnonzero((capacity >= 1) | (per_day > 0)).astype(np.int64),
        seen_start=np.zeros(1, dtype=np.int64),
        seen_from=np.zeros(0, dtype=np.int64),
        epoch=timeline.epoch,
        new=np.zeros(directory.length_days, dtype=np.int64) if counts is None else counts.new,
        score=timeline.score,
        pulls=of_classes(timeline.pulls),
        chance=timeline.chance,
        scales=timeline.scales,
        foreseen=timeline.foreseen,
        attention=np.repeat(timeline.attention, len(locations)),
        is_town=of_classes(timeline.is_town),
        is_camp=of_classes(timeline.is_camp),
        spawn=timeline.spawn,
        forced=np.full((epochs, classes * len(locations)), -1, dtype=np.int64),
        is_open=timeline.is_open,
    )


def _of_those_left(chances: NDArray[np.float64]) -> NDArray[np.float64]:
    """Chances of classes as shares of those who are in none before, (class, place)."""
    left = chances[::-1].cumsum(axis=0)[::-1]
    return np.asarray(chances / np.where(left > 0, left, 1.0))


def _initial(directory: FleeDirectory, counts: DailyCounts | None) -> Ints:
    initial = np.zeros(len(directory.locations), dtype=np.int64)
    if counts is not None:
        at = {name: number for number, name in enumerate(directory.names)}
        for camp, there in zip(counts.camps, counts.initial, strict=True):
            initial[at[camp]] = there
    return initial


def _column(directory: FleeDirectory, name: str) -> NDArray[np.float64]:
    return np.array([location.numbers.get(name, 0.0) for location in directory.locations])


def _rules(settings: FleeSettings, faults: bool) -> FleeParameters:
    driven = settings.flood_driven or settings.conflict_driven
    mode = 1 + SPAWN_MODES.index(driven) if driven else 0
    return FleeParameters(
        max_speed=settings.max_move_speed,
        short_stints=settings.avoid_short_stints,
        weight_softening=settings.weight_softening,
        weight_power=settings.weight_power,
        pruning=settings.pruning_threshold if settings.pruning_threshold >= 1.001 else 0.0,
        buffer=settings.capacity_buffer,
        scaling=settings.capacity_scaling,
        population_base=settings.movechance_pop_base,
        population_power=settings.movechance_pop_scale_factor,
        population_pull=settings.pop_power_for_loc_weight if settings.use_pop_for_loc_weight else 0.0,
        stays_if_full=not faults,
        spawn_mode=mode,
        spawn_number=1.0 if settings.flood_driven else float(settings.displaced_per_conflict_day),
        take_from_population=settings.take_from_population,
    )


def _closeness(
    directory: FleeDirectory, paths: _Paths, settings: FleeSettings, faults: bool
) -> NDArray[np.float64]:
    """Factor of stay_close_to_home: distance as the crow flies from where people are (FLEE.md, 1.7, 3)."""
    if not settings.stay_close_to_home:
        return np.ones(len(paths.flat))
    # With faults the fourth column is the longitude, whatever its header says (FLEE.md, 1.12, 2).
    degrees = np.radians(
        [(p.second, p.first) if faults else (p.latitude, p.longitude) for p in directory.locations]
    )
    start = np.array([paths.links[number].start for number in paths.first_link], dtype=np.int64)
    here, there = degrees[start % len(degrees)], degrees[paths.goal % len(degrees)]
    rise = np.sin((there[:, 0] - here[:, 0]) / 2) ** 2
    turn = np.cos(here[:, 0]) * np.cos(there[:, 0]) * np.sin((there[:, 1] - here[:, 1]) / 2) ** 2
    km = 2 * _EARTH_KM * np.arcsin(np.sqrt(np.clip(rise + turn, 0, 1)))
    closeness: NDArray[np.float64] = np.maximum(1.0, km) ** -settings.home_distance_power
    return closeness


def _forced(directory: FleeDirectory, timeline: Timeline, paths: _Paths, faults: bool) -> Ints:
    """Plan that everybody in a place follows on an epoch; Flee 3 parses redirections and ignores them."""
    redirects, is_open = timeline.redirects, timeline.is_open
    forced = np.full((len(redirects), len(paths.start) - 1), -1, dtype=np.int64)
    if faults:
        return forced
    at = {name: number for number, name in enumerate(directory.names)}
    single = _single_link_plans(paths.flat)
    for number, link in enumerate(paths.links):
        route = directory.routes[link.road]
        source = {1: route.end, 2: route.start}.get(route.redirection)
        if source is not None and at[source] == link.start % len(at) and number in single:
            forced[redirects[:, link.road] & is_open[:, link.road], link.start] = single[number]
    return forced


def _seen(limited: Ints, paths: _Paths, sites: int) -> tuple[Ints, Ints]:
    """Places with a plan that leads to each limited site, and where those of each begin."""
    start = np.array([paths.links[number].start for number in paths.first_link], dtype=np.int64)
    seen = [np.unique(start[paths.goal % sites == site]) for site in limited]
    ends = np.cumsum([0, *(len(own) for own in seen)], dtype=np.int64)
    return ends, np.concatenate([np.zeros(0, dtype=np.int64), *seen])


def _single_link_plans(flat: Sequence[PathPlan]) -> dict[int, int]:
    return {path.links[0]: number for number, path in enumerate(flat) if len(path.links) == 1}
