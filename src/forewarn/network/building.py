"""A scenario's places and routes as arrays: what every member of an ensemble has in common."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from forewarn.kernel.arrays import Places, Roads
from forewarn.network.roads import key_of, make_roads
from forewarn.scenario import Crossing, CrossingChange, Place, Post, Scenario
from forewarn.sphere import great_circle_km

GROUP_ORIGINS_ABOVE = 500
"""Places beyond which origins are kept by first-level region only (memory grows with their product)."""

FEAR_REACHES = 4.0
"""Decay lengths beyond which fear is not followed: it has fallen to a fiftieth."""

NEAREST_ABOVE = 1000
NEAREST = 256
"""Above so many places a choice set holds the nearest ones only."""


class FlowHistory(NamedTuple):
    """Movements counted before the issue day, a row for each pair of places, by origin.

    Attributes
    ----------
    start
        (P + 1,), first row of each origin.
    place
        (N,), destination; the origin itself for people who stayed within it.
    people
        (N,), people.
    """

    start: NDArray[np.int64]
    place: NDArray[np.int64]
    people: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Network:
    """Arrays and names of a scenario. P places, G groups of origins, Z zones.

    Attributes
    ----------
    roads, places
        For the kernel.
    names, origins, zones
        (P,), (G,), (Z,) names in the order of the arrays.
    covered
        (P,) whether an observation post covers the place.
    history
        Who went where before the issue day.
    reach
        Greatest number of places in a choice set.
    """

    roads: Roads
    places: Places
    names: tuple[str, ...]
    origins: tuple[str, ...]
    zones: tuple[str, ...]
    covered: NDArray[np.bool_]
    history: FlowHistory
    reach: int


def build(scenario: Scenario) -> Network:
    """Turn a resolved scenario into a network."""
    names = tuple(place.name for place in scenario.places)
    zones = tuple(scenario.zones)
    number_of = {name: i for i, name in enumerate(names)}
    ends = np.array([(number_of[r.from_], number_of[r.to]) for r in scenario.routes], dtype=np.int64)
    crossing_number = {crossing.name: i for i, crossing in enumerate(scenario.crossings)}
    named = [-1 if r.crossing is None else crossing_number[r.crossing] for r in scenario.routes]
    pair = np.full((len(zones), len(zones)), -1, dtype=np.int64)
    for i, crossing in enumerate(scenario.crossings):
        if crossing.roads == "all":
            a, b = (zones.index(zone) for zone in crossing.between)
            pair[a, b] = pair[b, a] = i
    roads = make_roads(
        names,
        ends.reshape(-1, 2),
        np.array([route.km for route in scenario.routes], dtype=np.float64),
        np.array(named, dtype=np.int64),
        pair_crossing=pair,
        gated=_may_be_gated(scenario, ends, named, pair),
        fear_km=FEAR_REACHES * scenario.model.fear.decay_km.bounds()[1],
        attacked=np.isin(names, _places_attacked(scenario)),
    )
    groups, origins = _groups(scenario.places)
    return Network(
        roads=roads,
        places=_places(scenario, groups, origins),
        names=names,
        origins=origins,
        zones=zones,
        covered=_covered(scenario),
        history=_flow_history(scenario, number_of),
        reach=len(names) if len(names) <= NEAREST_ABOVE else NEAREST,
    )


def _places_attacked(scenario: Scenario) -> list[str]:
    """Places that some course attacks."""
    return sorted({name for course in scenario.courses for stage in course.stages for name in stage.places})


def _groups(places: tuple[Place, ...]) -> tuple[list[int], tuple[str, ...]]:
    """Group of origins of each place, and the groups' names."""
    if len(places) <= GROUP_ORIGINS_ABOVE:
        return list(range(len(places))), tuple(place.name for place in places)
    regions = tuple(dict.fromkeys(place.admin1 for place in places))
    return [regions.index(place.admin1) for place in places], regions


def _places(scenario: Scenario, groups: list[int], origins: tuple[str, ...]) -> Places:
    zones = tuple(scenario.zones)
    return Places(
        key=np.array([key_of(place.name) for place in scenario.places], dtype=np.uint64),
        zone=np.array([zones.index(place.zone) for place in scenario.places], dtype=np.int64),
        group=np.array(groups, dtype=np.int64),
        group_key=np.array([key_of(origin) for origin in origins], dtype=np.uint64),
        residents=np.array([place.residents for place in scenario.places], dtype=np.int64),
        displaced_before=np.array([place.displaced for place in scenario.places], dtype=np.int64),
    )


def _flow_history(scenario: Scenario, number_of: Mapping[str, int]) -> FlowHistory:
    flows = sorted((number_of[f.from_], number_of[f.to], f.people) for f in scenario.flow_history)
    origins = np.array([origin for origin, _, _ in flows], dtype=np.int64)
    return FlowHistory(
        start=np.searchsorted(origins, np.arange(len(number_of) + 1)).astype(np.int64),
        place=np.array([place for _, place, _ in flows], dtype=np.int64),
        people=np.array([people for _, _, people in flows], dtype=np.float64),
    )


def _covered(scenario: Scenario) -> NDArray[np.bool_]:
    """Whether a post covers each place, by distance or by name."""
    return np.array(
        [any(_covers(post, place) for post in scenario.posts) for place in scenario.places], dtype=np.bool_
    )


def _covers(post: Post, place: Place) -> bool:
    if post.lat is None or post.lon is None or post.radius_km is None:
        return place.name in post.places
    return great_circle_km(place.lat, place.lon, post.lat, post.lon) <= post.radius_km


def _may_gate(crossing: Crossing, scenario: Scenario) -> bool:
    changes: list[CrossingChange] = list(crossing.changes)
    for course in scenario.courses:
        changes += [change for change in course.crossing_changes if change.crossing == crossing.name]
    return any(state.status in ("leaking", "limited") for state in (crossing, *changes))


def _may_be_gated(
    scenario: Scenario, ends: NDArray[np.int64], named: list[int], pair: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """Whether each route may come to be limited or leaking, whoever comes to hold its ends."""
    zones = tuple(scenario.zones)
    holders = [{zones.index(place.zone)} for place in scenario.places]
    number_of = {place.name: i for i, place in enumerate(scenario.places)}
    for course in scenario.courses:
        for stage in course.stages:
            for name in stage.places if stage.control_after is not None else ():
                holders[number_of[name]].add(zones.index(str(stage.control_after)))
    gates = [_may_gate(crossing, scenario) for crossing in scenario.crossings]

    def may(route: int) -> bool:
        if named[route] >= 0:
            return gates[named[route]]
        a, b = ends[route]
        pairs = (int(pair[x, y]) for x in holders[a] for y in holders[b] if x != y)
        return any(gates[crossing] for crossing in pairs if crossing >= 0)

    return np.array([may(route) for route in range(len(named))], dtype=np.bool_)
