"""Where people from a place can go over today's roads: shortest paths, gates and weights."""

from __future__ import annotations

import math

from forewarn.kernel.arrays import GATED, NONE, OPEN
from forewarn.kernel.compiling import compiled


@compiled
def _push(heap_km, heap_place, size, km, place):  # type: ignore[no-untyped-def]
    """Add to a binary heap ordered by (km, place); return its new size."""
    i = size
    while i > 0:
        parent = (i - 1) // 2
        if heap_km[parent] < km or (heap_km[parent] == km and heap_place[parent] <= place):
            break
        heap_km[i] = heap_km[parent]
        heap_place[i] = heap_place[parent]
        i = parent
    heap_km[i] = km
    heap_place[i] = place
    return size + 1


@compiled
def _pop(heap_km, heap_place, size):  # type: ignore[no-untyped-def]
    """Take the top of the heap away; return its new size. The caller has read the top."""
    size -= 1
    km = heap_km[size]
    place = heap_place[size]
    i = 0
    while True:
        child = 2 * i + 1
        if child >= size:
            break
        right = child + 1
        if right < size and (
            heap_km[right] < heap_km[child]
            or (heap_km[right] == heap_km[child] and heap_place[right] < heap_place[child])
        ):
            child = right
        if km < heap_km[child] or (km == heap_km[child] and place <= heap_place[child]):
            break
        heap_km[i] = heap_km[child]
        heap_place[i] = heap_place[child]
        i = child
    heap_km[i] = km
    heap_place[i] = place
    return size


@compiled
def _settle(source, size, heap_size, roads, route_state, radius_km, sets, scratch):  # type: ignore[no-untyped-def]
    """Dijkstra over open routes from what the heap holds; append settled places to the set."""
    room = sets.place.shape[1]
    while heap_size > 0 and size < room:
        km = scratch.heap_km[0]
        place = scratch.heap_place[0]
        heap_size = _pop(scratch.heap_km, scratch.heap_place, heap_size)
        if scratch.index[place] >= 0 or km > scratch.km[place]:
            continue
        scratch.index[place] = size
        sets.place[source, size] = place
        sets.km[source, size] = km
        before = scratch.before[place]
        sets.before[source, size] = scratch.index[before] if before >= 0 else -1
        sets.step[source, size] = scratch.step[place]
        sets.gate[source, size] = scratch.gate[place]
        size += 1
        for edge in range(roads.start[place], roads.start[place + 1]):
            heap_size = _relax(edge, place, km, scratch.gate[place], OPEN, heap_size, roads, route_state,
                               radius_km, scratch)  # fmt: skip
    return size


@compiled
def _relax(edge, place, km, gate, state, heap_size, roads, route_state, radius_km, scratch):  # type: ignore[no-untyped-def]
    """Try one step from a settled place over a route in the given state; return the heap's size."""
    neighbour = roads.place[edge]
    reached = km + roads.km[edge]
    if (
        route_state[roads.route[edge]] == state
        and scratch.index[neighbour] < 0
        and reached <= radius_km
        and reached < scratch.km[neighbour]
    ):
        scratch.km[neighbour] = reached
        scratch.before[neighbour] = place
        scratch.step[neighbour] = 2 * roads.route[edge] + roads.direction[edge]
        scratch.gate[neighbour] = gate
        heap_size = _push(scratch.heap_km, scratch.heap_place, heap_size, reached, neighbour)
    return heap_size


@compiled
def fill_choice_set(source, epoch, roads, zone_at_issue, today, traits, behaviour, sets, scratch):  # type: ignore[no-untyped-def]
    """Fill the choice set of `source` for this epoch, unless it has been.

    Places that open roads reach come first, by (km, place); then those behind one gate.
    """
    if sets.epoch[source] == epoch:
        return
    sets.epoch[source] = epoch
    scratch.km[:] = math.inf
    scratch.index[:] = -1
    scratch.km[source] = 0.0
    scratch.before[source] = -1
    scratch.step[source] = -1
    scratch.gate[source] = -1
    heap_size = _push(scratch.heap_km, scratch.heap_place, NONE, 0.0, source)
    free = _settle(source, NONE, heap_size, roads, today.route, behaviour.radius_km, sets, scratch)
    heap_size = NONE
    if roads.gate_route.size > 0:
        scratch.km[:] = math.inf
        for k in range(free):
            place = sets.place[source, k]
            for edge in range(roads.start[place], roads.start[place + 1]):
                gate = roads.gate[edge]
                if gate >= 0:
                    heap_size = _relax(edge, place, sets.km[source, k], gate, GATED, heap_size, roads, today.route,
                                       behaviour.radius_km, scratch)  # fmt: skip
    size = _settle(source, free, heap_size, roads, today.route, behaviour.radius_km, sets, scratch)
    sets.size[source] = size
    zone = zone_at_issue[source]
    for k in range(size):
        place = sets.place[source, k]
        appeal = traits.appeal[place]
        if appeal == -math.inf:
            sets.weight[source, k] = 0.0
        else:
            distance = math.log(behaviour.softening_km + sets.km[source, k])
            pull = appeal + traits.zone_pull[zone, today.zone[place]]
            sets.weight[source, k] = math.exp(pull - behaviour.distance_exponent * distance)


@compiled
def weigh(source, day, beyond, today, sets):  # type: ignore[no-untyped-def]
    """Running sum of today's weights of a filled choice set; last index with a weight, or -1.

    The source itself is no choice, unless people come through a gate (`beyond`), who may stay, and may
    not pass another.
    """
    if not beyond and today.weighed[source] == day:
        return sets.last[source]
    total = 0.0
    last = -1
    for k in range(sets.size[source]):
        gate = sets.gate[source, k]
        weight = sets.weight[source, k] * today.room[sets.place[source, k]]
        if gate >= 0:
            weight *= today.gate_factor[gate]
        if (k == 0 and not beyond) or (gate >= 0 and beyond):
            weight = 0.0
        if weight > 0.0:
            last = k
        total += weight
        sets.cumulative[source, k] = total
    sets.last[source] = last
    today.weighed[source] = -1 if beyond else day
    return last


@compiled
def find(source, place, sets):  # type: ignore[no-untyped-def]
    """Index of `place` among those that open roads reach from `source`, or -1."""
    for k in range(sets.size[source]):
        if sets.place[source, k] == place:
            return k if sets.gate[source, k] < 0 else -1
    return -1
