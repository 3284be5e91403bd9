"""Flee's rules: how attractive a plan is, and who chooses which."""

from __future__ import annotations

import math

import numpy as np

from forewarn.kernel.arrays import Counts, Floats, Keys
from forewarn.kernel.compiling import compiled, inlined, merged
from forewarn.kernel.draws import binomial, philox
from forewarn.kernel.flee.arrays import (
    N_VERSION,
    RECENT_BELOW_ONE,
    FleeGraph,
    FleeParameters,
    FleePlaces,
    FleeState,
)

# What a draw is for; native rules use the numbers below 40.
FLEE_MOVE = np.uint64(40)
FLEE_PLAN = np.uint64(41)
FLEE_WALK = np.uint64(42)
FLEE_SPAWN = np.uint64(43)
FLEE_SINK = np.uint64(44)
FLEE_POISSON = np.uint64(45)
FLEE_PERSON = np.uint64(46)
FLEE_TURN = np.uint64(47)
FLEE_CLASS = np.uint64(48)

STALE = -1  # version of weights that have to be made anew
FEW = 24  # so few people draw one by one
_LOW_BITS = np.uint64(0xFFFFFFFF)
_OF_WORD = 1.0 / 4294967296.0


@inlined
def multiplier(present: int, capacity: float, buffer: float) -> float:
    """Factor on the weight of a camp: 1 up to the buffer, 0 when full (FLEE.md, 1.6)."""
    if capacity < 1.0 or present <= buffer * capacity:
        return 1.0
    if present >= capacity:
        return 0.0
    return 1.0 - (present - buffer * capacity) / (capacity * (1.0 - buffer))


@merged
def update_capacity_factors(day: int, rules: FleeParameters, places: FleePlaces, state: FleeState) -> None:
    """Bring the capacity multipliers up to date; the places that see a camp weigh anew only if its own changes."""
    sites = places.initial.size
    for i in range(places.limited.size):
        site = places.limited[i]
        # Only camps' capacity counts, and only while they are camps or were given one.
        capacity = (
            places.capacity[site] + (day + 1) * math.floor(places.capacity_per_day[site])
        ) * rules.scaling
        present = 0
        for place in range(site, places.key.size, sites):
            present += state.present[place]
        room = multiplier(present, capacity, rules.buffer)
        if room != state.room[site]:
            for place in range(site, places.key.size, sites):
                state.room[place] = room
            for j in range(places.seen_start[i], places.seen_start[i + 1]):
                state.version[places.seen_from[j]] = STALE


@compiled
def _is_usable(epoch: int, plan: int, graph: FleeGraph, places: FleePlaces) -> bool:
    while plan >= 0:
        if not places.is_open[epoch, graph.link_road[graph.plan_link[plan]]]:
            return False
        plan = graph.plan_next[plan]
    return True


@compiled
def weigh(
    epoch: int, place: int, rules: FleeParameters, graph: FleeGraph, places: FleePlaces, state: FleeState
) -> None:
    """Weights of all plans of a place (FLEE.md, 1.6)."""
    state.version[place] = state.number[N_VERSION]
    first, end = graph.plan_start[place], graph.plan_start[place + 1]
    greatest = 0.0
    usable = 0
    for plan in range(first, end):
        if not _is_usable(epoch, plan, graph, places):
            state.share[plan] = -1.0
            continue
        usable += 1
        goal = graph.plan_goal[plan]
        score = places.score[epoch, goal] * graph.plan_home[plan]
        if places.pulls[epoch, goal]:
            score *= state.pull[goal % places.initial.size]
        weight = (rules.weight_softening + score) * graph.plan_near[plan] * state.room[goal]
        if rules.weight_power != 1.0:
            weight = weight**rules.weight_power
        state.share[plan] = weight
        greatest = max(greatest, weight)
    floor = greatest / rules.pruning if rules.pruning > 0.0 else 0.0
    at_random = greatest <= 0.0 and not rules.stays_if_full
    total = 0.0
    last = -1
    for plan in range(first, end):
        weight = state.share[plan]
        if at_random and weight >= 0.0:
            weight = 1.0
        if weight > 0.0 and weight >= floor:
            total += weight
            last = plan
        state.running[plan] = total
    state.total[place] = total
    state.last[place] = last
    before = 0.0
    for plan in range(first, end):
        left = total - before
        state.share[plan] = (state.running[plan] - before) / left if plan < last and left > 0.0 else 1.0
        before = state.running[plan]


@compiled
def share_out(
    people: int, chance: float, first: int, last: int, place: np.uint64, day: int, where: np.uint64, key: Keys,
    share: Floats, running: Floats, chosen: Counts
) -> int:  # fmt: skip
    """Draw who moves and by which of the plans `first` to `last`; counts by plan are added to `chosen` (zeros).

    It is given the few arrays it needs: groups of arrays cost more to hand over than most draws.

    Returns
    -------
    int
        How many move.
    """
    if last < first or people <= 0 or chance <= 0.0:
        return 0
    if people <= FEW:
        return _one_by_one(people, chance, first, last, place, day, where, key, running, chosen)
    movers = binomial(people, chance, key, FLEE_MOVE, place, where, day, 0)
    rest = movers
    for plan in range(first, last):
        if rest == 0:
            break
        taken = binomial(rest, share[plan], key, FLEE_PLAN, place, where, day, plan - first)
        chosen[plan - first] = taken
        rest -= taken
    chosen[last - first] += rest
    return movers


@inlined
def _one_by_one(
    people: int, chance: float, first: int, last: int, place: np.uint64, day: int, where: np.uint64, key: Keys,
    running: Floats, chosen: Counts
) -> int:  # fmt: skip
    movers = 0
    scale = running[last] / chance
    w0 = w1 = w2 = w3 = np.uint64(0)
    for person in range(people):
        turn = person & 3
        if turn == 0:
            w0, w1, w2, w3 = philox(
                FLEE_PERSON, place, where,
                np.uint64(day) + (np.uint64(person >> 2) << np.uint64(16)), key[0], key[1],
            )  # fmt: skip
        word = w0 if turn == 0 else (w1 if turn == 1 else (w2 if turn == 2 else w3))
        u = np.float64(np.int64(word & _LOW_BITS)) * _OF_WORD
        if u >= chance:
            continue
        movers += 1
        target = u * scale
        plan = first
        while plan < last and running[plan] <= target:
            plan += 1
        chosen[plan - first] += 1
    return movers


@inlined
def recent_bin(q: float) -> int:
    """Pool of people who moved q days' worth lately."""
    return min(RECENT_BELOW_ONE, int(q * RECENT_BELOW_ONE))


@inlined
def today_bin(m: float, max_speed: float, bins: int) -> int:
    """Pool of people who moved m km today."""
    return min(bins - 1, int(m / max_speed * bins))


@compiled
def poisson(mean: float, key: Keys, place: np.uint64, day: int) -> int:
    """Exact Poisson number, at an address: sums of parts of mean 8 at most, each by inversion."""
    parts = int(math.ceil(mean / 8.0))
    number = 0
    part_mean = mean / max(1, parts)
    for part in range(parts):
        w0, w1, w2, w3 = philox(FLEE_POISSON, place, np.uint64(part), np.uint64(day), key[0], key[1])
        u = np.float64((w0 >> np.uint64(5)) * np.uint64(67108864) + (w1 >> np.uint64(6))) / 9007199254740992.0
        chance = math.exp(-part_mean)
        k = 0
        while u > chance and k < 200:
            u -= chance
            k += 1
            chance *= part_mean / k
        number += k
    return number


@compiled
def draw_places(new: int, weights: Floats, day: int, key: Keys, places: FleePlaces, drawn: Counts) -> None:
    """Share new people over places by weight; counts are written to `drawn`."""
    total = 0.0
    last = -1
    for place in range(weights.size):
        drawn[place] = 0
        total += weights[place]
        if weights[place] > 0.0:
            last = place
    for place in range(last + 1):
        if new == 0 or weights[place] <= 0.0:
            continue
        if place == last:
            drawn[place] = new
        else:
            drawn[place] = binomial(
                new, weights[place] / total, key, FLEE_SPAWN, places.key[place], np.uint64(0), day, 0
            )
        new -= drawn[place]
        total -= weights[place]
