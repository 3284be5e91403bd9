"""Where people from a place can go over today's roads: shortest paths, gates and weights."""

from __future__ import annotations

import math

from forewarn.kernel.arrays import (
    ALL_OF_IT,
    DISTANCES,
    GATED,
    NEVER,
    NONE,
    NOT_WEIGHED,
    NOWHERE,
    OPEN,
    Behaviour,
    ChoiceSets,
    Floats,
    Ints,
    Roads,
    Scratch,
    Small,
    Today,
    Traits,
)
from forewarn.kernel.compiling import compiled, inlined, wide


@compiled
def _push(heap_km: Floats, heap_place: Ints, size: int, km: float, place: int) -> int:
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
def _pop(heap_km: Floats, heap_place: Ints, size: int) -> int:
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
def _relax(
    first: int,
    last: int,
    place: int,
    km: float,
    gate: int,
    state: int,
    neighbours: Ints,
    routes: Ints,
    directions: Ints,
    lengths: Floats,
    route_state: Ints,
    radius_km: float,
    index: Ints,
    best_km: Floats,
    before: Ints,
    step: Ints,
    gates: Ints,
    heap_km: Floats,
    heap_place: Ints,
    heap_size: int,
) -> int:
    """Try every step of a settled place over routes in the given state; return the heap's size."""
    for edge in range(first, last):
        neighbour = neighbours[edge]
        if index[neighbour] >= 0 or route_state[routes[edge]] != state:
            continue
        reached = km + lengths[edge]
        if reached <= radius_km and reached < best_km[neighbour]:
            best_km[neighbour] = reached
            before[neighbour] = place
            step[neighbour] = 2 * routes[edge] + directions[edge]
            gates[neighbour] = gate
            heap_size = _push(heap_km, heap_place, heap_size, reached, neighbour)
    return heap_size


@compiled
def _dijkstra(
    source: int,
    size: int,
    heap_size: int,
    roads: Roads,
    route_state: Ints,
    radius_km: float,
    sets: ChoiceSets,
    scratch: Scratch,
) -> int:
    """Dijkstra over open routes from what the heap holds; append settled places to the set."""
    start, neighbours, routes, directions, lengths = (
        roads.start,
        roads.place,
        roads.route,
        roads.direction,
        roads.km,
    )
    index, best_km, before, step, gates = (
        scratch.settled,
        scratch.km,
        scratch.before,
        scratch.step,
        scratch.gate,
    )
    heap_km, heap_place = scratch.heap_km, scratch.heap_place
    set_place, set_km, set_before = sets.place[source], sets.km[source], sets.before[source]
    set_step, set_gate, set_way = sets.step[source], sets.gate[source], sets.way[source]
    at = sets.at[source]
    while heap_size > 0 and size < set_place.size:
        km = heap_km[0]
        place = heap_place[0]
        heap_size = _pop(heap_km, heap_place, heap_size)
        if index[place] >= 0:
            continue
        index[place] = size
        set_place[size] = place
        set_km[size] = km
        set_before[size] = index[before[place]] if before[place] >= 0 else -1
        set_step[size] = step[place]
        set_gate[size] = gates[place]
        if gates[place] < 0:
            set_way[size] = size
        else:
            entered = set_before[size]
            set_way[size] = entered if set_gate[entered] < 0 else set_way[entered]
        if at.size > 0:
            at[place] = size
        size += 1
        heap_size = _relax(start[place], start[place + 1], place, km, gates[place], OPEN, neighbours, routes, directions,
                           lengths, route_state, radius_km, index, best_km, before, step, gates, heap_km, heap_place,
                           heap_size)  # fmt: skip
    return size


@compiled
def _through_gates(
    source: int,
    free: int,
    roads: Roads,
    route_state: Ints,
    radius_km: float,
    sets: ChoiceSets,
    scratch: Scratch,
) -> int:
    """Put on the heap what lies one gate beyond the places that open roads reach; return its size."""
    heap_size = NONE
    _reset_workspace(source, free, DISTANCES, roads, sets, scratch)
    for k in range(free):
        place = wide(sets.place[source, k])
        for edge in range(roads.start[place], roads.start[place + 1]):
            gate = roads.gate[edge]
            if gate >= 0:
                heap_size = _relax(edge, edge + 1, place, sets.km[source, k], gate, GATED, roads.place, roads.route,
                                   roads.direction, roads.km, route_state, radius_km, scratch.settled, scratch.km,
                                   scratch.before, scratch.step, scratch.gate, scratch.heap_km, scratch.heap_place,
                                   heap_size)  # fmt: skip
    return heap_size


@compiled
def _reset_workspace(
    source: int, size: int, all_of_it: bool, roads: Roads, sets: ChoiceSets, scratch: Scratch
) -> None:
    """Leave the work space as it was found: distances unknown, and (`all_of_it`) no place settled."""
    if 4 * size > scratch.km.size:
        scratch.km[:] = math.inf
        if all_of_it:
            scratch.settled[:] = -1
        return
    for k in range(size):
        place = sets.place[source, k]
        scratch.km[place] = math.inf
        for edge in range(roads.start[place], roads.start[place + 1]):
            scratch.km[roads.place[edge]] = math.inf
        if all_of_it:
            scratch.settled[place] = -1


@inlined
def fill_choice_set(
    source: int,
    epoch: int,
    roads: Roads,
    zone_at_issue: Ints,
    today: Today,
    traits: Traits,
    behaviour: Behaviour,
    sets: ChoiceSets,
    scratch: Scratch,
) -> None:
    """Fill the choice set of `source` for this epoch, unless it has been, or none of its places has changed.

    Asked in the caller's own code: handing over all the groups costs more than most answers.
    """
    if sets.epoch[source] != epoch:
        is_filled = sets.epoch[source] >= 0
        if not is_filled or _has_changed(source, today, sets):
            _fill(source, roads, zone_at_issue, today, traits, behaviour, sets, scratch)
        sets.epoch[source] = epoch


@compiled
def _has_changed(source: int, today: Today, sets: ChoiceSets) -> bool:
    """Whether a place of a filled choice set, or a route at one, has changed since.

    All ways of a set lead over its own places, and a way that opens begins at one of them.
    """
    epoch = sets.epoch[source]
    goals = sets.place[source]
    for k in range(sets.size[source]):
        if today.changed_in[goals[k]] > epoch:
            return True
    return False


@compiled
def count_on_routes(source: int, sets: ChoiceSets, scratch: Scratch) -> None:
    """Count on every route those who have set out from `source`, from the far ends of its ways inwards."""
    gone, before, steps = sets.gone[source], sets.before[source], sets.step[source]
    for k in range(sets.size[source] - 1, 0, -1):
        people = gone[k]
        if people != 0:
            gone[k] = 0
            gone[before[k]] += people
            scratch.flows[steps[k] >> 1, steps[k] & 1] += people
    gone[0] = 0


@compiled
def _fill(
    source: int,
    roads: Roads,
    zone_at_issue: Ints,
    today: Today,
    traits: Traits,
    behaviour: Behaviour,
    sets: ChoiceSets,
    scratch: Scratch,
) -> None:
    """Fill a choice set: first what open roads reach, by (km, place); then what is behind one gate."""
    count_on_routes(source, sets, scratch)
    today.weighed[source] = NOT_WEIGHED
    scratch.km[source] = 0.0
    scratch.before[source] = -1
    scratch.step[source] = -1
    scratch.gate[source] = -1
    heap_size = _push(scratch.heap_km, scratch.heap_place, NONE, 0.0, source)
    size = _dijkstra(source, NONE, heap_size, roads, today.route, behaviour.radius_km, sets, scratch)
    sets.free[source] = size
    if roads.gate_route.size > 0:
        heap_size = _through_gates(source, size, roads, today.route, behaviour.radius_km, sets, scratch)
        size = _dijkstra(source, size, heap_size, roads, today.route, behaviour.radius_km, sets, scratch)
    sets.size[source] = size
    for k in range(size):
        days = math.floor(sets.km[source, sets.way[source, k]] / behaviour.km_per_day)
        sets.days[source, k] = int(min(days, NEVER))
        before = sets.before[source, k]
        if before < 0:
            sets.uses_crossing[source, k] = False
        else:
            route = sets.step[source, k] >> 1
            is_crossing = today.route_crossing[route] >= 0 and today.route[route] == OPEN
            sets.uses_crossing[source, k] = is_crossing or sets.uses_crossing[source, before]
    _set_weights(size, zone_at_issue[source], sets.place[source], sets.km[source], sets.weight[source], today.zone,
                 zone_at_issue, traits, behaviour)  # fmt: skip
    _add_history(source, scratch.settled, sets.weight[source], traits)
    _reset_workspace(source, size, ALL_OF_IT, roads, sets, scratch)


@compiled
def _set_weights(
    size: int,
    side: int,
    goals: Small,
    km: Floats,
    weights: Floats,
    zone: Ints,
    zone_at_issue: Ints,
    traits: Traits,
    behaviour: Behaviour,
) -> None:
    """Weigh a choice set for people whose zone on the issue day is `side`."""
    zone_pull, appeal = traits.zone_pull[side], traits.appeal
    for k in range(size):
        goal = goals[k]
        if appeal[goal] == -math.inf:
            weights[k] = 0.0
            continue
        distance = math.log(behaviour.softening_km + km[k])
        holder = zone[goal]
        weights[k] = math.exp(appeal[goal] + zone_pull[holder] - behaviour.distance_exponent * distance)
        is_taken = holder != zone_at_issue[goal] and holder != side
        if is_taken and not traits.liberates[holder]:
            weights[k] *= behaviour.shunned


@compiled
def _add_history(source: int, index: Ints, weights: Floats, traits: Traits) -> None:
    """Let people of `source` follow those who went before; `index` says where in the set a place is, or -1."""
    for row in range(traits.history_start[source], traits.history_start[source + 1]):
        goal = traits.history_place[row]
        if goal != source and index[goal] >= 0:
            weights[index[goal]] *= math.exp(traits.history[row])


@inlined
def weigh(source: int, day: int, beyond: bool, today: Today, sets: ChoiceSets) -> int:
    """Running sum of today's weights of a filled choice set; last index with a weight, or -1.

    The source itself is no choice, unless people come through a gate (`beyond`), who may stay, and may
    not pass another.
    """
    if not beyond and today.weighed[source] >= today.factor_day[0]:
        return sets.last[source]
    gates, goals = sets.gate[source], sets.place[source]
    weights, cumulative = sets.weight[source], sets.cumulative[source]
    room, gate_factor = today.room, today.gate_factor
    free = sets.free[source]
    size = free if beyond else sets.size[source]
    total = weights[0] * room[source] if beyond else 0.0
    cumulative[0] = total
    for k in range(1, free):
        total += weights[k] * room[goals[k]]
        cumulative[k] = total
    for k in range(free, size):
        total += weights[k] * room[goals[k]] * gate_factor[gates[k]]
        cumulative[k] = total
    last = size - 1
    while last >= free and weights[last] * room[goals[last]] * gate_factor[gates[last]] <= 0.0:
        last -= 1
    if last < free:
        while last > 0 and weights[last] * room[goals[last]] <= 0.0:
            last -= 1
        if last == 0 and total <= 0.0:
            last = NOWHERE
    _index(cumulative, last, sets.guide[source])
    sets.last[source] = last
    today.weighed[source] = NOT_WEIGHED if beyond else day
    return last


@inlined
def _index(cumulative: Floats, last: int, guide: Small) -> None:
    """For each of equal steps of the running sum, where a search for it starts: how many sums end in steps below.

    Counted without a branch; rounding may put a sum into the next step, and so `first_above` looks both ways.
    """
    if last < 0:
        return
    per_step = guide.size / cumulative[last]
    guide[:] = 0
    for k in range(last):
        guide[min(int(cumulative[k] * per_step), guide.size - 1)] += 1
    below = NONE
    for i in range(guide.size):
        in_step = guide[i]
        guide[i] = below
        below += in_step


@inlined
def first_above(level: float, steps: float, cumulative: Floats, last: int, guide: Small) -> int:
    """First index whose running sum exceeds `level`, at most `last`.

    `level` is from 0 to the whole; `steps` is the number of steps of the guide over the whole.
    """
    k = guide[min(int(level * steps), guide.size - 1)]
    while k > 0 and cumulative[k - 1] > level:  # the product above may have been rounded up
        k -= 1
    k += (
        k < last and cumulative[k] <= level
    )  # mostly one step more or none: added, so that nothing is guessed
    while k < last and cumulative[k] <= level:
        k += 1
    return k


@inlined
def find(source: int, place: int, sets: ChoiceSets) -> int:
    """Index of `place` among those that open roads reach from `source`, or -1."""
    if sets.at.shape[1] > 0:
        k = wide(sets.at[source, place])
        is_there = k < sets.size[source] and sets.place[source, k] == place and sets.gate[source, k] < 0
        return k if is_there else -1
    for k in range(sets.size[source]):
        if sets.place[source, k] == place:
            return k if sets.gate[source, k] < 0 else -1
    return -1
