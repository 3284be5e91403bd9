"""Step H of a day: where people go."""

from __future__ import annotations

import math

import numpy as np

from forewarn.kernel.arrays import BEYOND_GATE, FLEEING, HERE, LEAKING, OPEN
from forewarn.kernel.compiling import compiled
from forewarn.kernel.crossings import waiting_at_crossing
from forewarn.kernel.draws import BEYOND, BEYOND_PERSON, DESTINATION, DESTINATION_PERSON, FIRST, NOBODY, binomial, uniforms
from forewarn.kernel.routing import fill_choice_set, weigh
from forewarn.kernel.travel import set_out

_PERSON_BY_PERSON_BELOW = 12  # people; fewer draws than a binomial for each of some forty options
_ALMOST_FULL = 0.9  # share of the capacity from which a place becomes less likely to be chosen; assumption
_ORIGIN_STRIDE = np.uint64(0x9E3779B9)  # keeps the addresses of different origins at a place apart
_WORD = np.uint64(0xFFFFFFFF)


@compiled
def _room(place, traits, stays):  # type: ignore[no-untyped-def]
    """1 up to nine tenths of the capacity, falling to 0 when full."""
    capacity = traits.capacity[place]
    if capacity == math.inf:
        return 1.0
    people = stays.displaced_at[place] + stays.waiting_at[place] + stays.bound_for[place]
    for status in range(3):
        people += stays.home[place, status, 0] + stays.home[place, status, 1]
    if people <= _ALMOST_FULL * capacity:
        return 1.0
    if people >= capacity:
        return 0.0
    return (capacity - people) / (capacity - _ALMOST_FULL * capacity)


@compiled
def set_factors(day, roads, plan, traits, behaviour, stays, today):  # type: ignore[no-untyped-def]
    """The day's factors on the weights of places and gates."""
    for place in range(today.room.size):
        today.room[place] = math.exp(-behaviour.danger * today.exposure[place]) * _room(place, traits, stays)
    for gate in range(roads.gate_route.size):
        crossing = today.route_crossing[roads.gate_route[gate]]
        if crossing < 0:
            today.gate_factor[gate] = 0.0
        elif plan.crossing_mode[crossing, day] == LEAKING:
            today.gate_factor[gate] = plan.crossing_rate[crossing, day]
        else:
            limit = math.floor(plan.crossing_rate[crossing, day])
            waiting = waiting_at_crossing(crossing, roads, stays, today)
            today.gate_factor[gate] = limit / (limit + waiting) if limit > 0.0 else 0.0


@compiled
def follow(day, source, k, people, roads, today, sets, scratch, record):  # type: ignore[no-untyped-def]
    """Count people on every route of a path, and at every open crossing that it uses."""
    while sets.before[source, k] >= 0:
        step = sets.step[source, k]
        scratch.flows[step // 2, step % 2] += people
        crossing = today.route_crossing[step // 2]
        if crossing >= 0 and today.route[step // 2] == OPEN:
            record.passed[day, crossing] += people
        k = sets.before[source, k]


@compiled
def _choose(source, people, last, key, purpose, purpose_person, address, day, places, sets, scratch):  # type: ignore[no-untyped-def]
    """Draw a destination for each of `people`; counts by index of the choice set in `scratch.chosen`."""
    total = sets.cumulative[source, last]
    if people < _PERSON_BY_PERSON_BELOW:
        for person in range(people):
            u, _ = uniforms(key, purpose_person, address, NOBODY, day, person, FIRST)
            scratch.chosen[_first_above(source, u * total, last, sets)] += 1
        return
    rest = people
    before = 0.0
    for k in range(last):
        weight = sets.cumulative[source, k] - before
        if weight > 0.0:
            chance = weight / (total - before)
            drawn = binomial(rest, chance, key, purpose, address, places.key[sets.place[source, k]], day, FIRST)
            scratch.chosen[k] += drawn
            rest -= drawn
            if rest == 0:
                return
        before = sets.cumulative[source, k]
    scratch.chosen[last] += rest


@compiled
def _first_above(source, level, last, sets):  # type: ignore[no-untyped-def]
    """First index whose running sum exceeds `level`, by bisection; at most `last`."""
    low = 0
    high = last
    while low < high:
        middle = (low + high) // 2
        if sets.cumulative[source, middle] > level:
            high = middle
        else:
            low = middle + 1
    return low


@compiled
def _near_side(source, k, sets):  # type: ignore[no-untyped-def]
    """Index of the last place before the gate on the way to index `k`."""
    while sets.gate[source, k] >= 0:
        k = sets.before[source, k]
    return k


@compiled
def send(source, origin, people, last, beyond, day, key, roads, places, behaviour, stays, today, sets, parties, scratch, record):  # type: ignore[no-untyped-def]
    """A group of people of one origin choose and set out. False: too many parties."""
    address = (places.key[source] + places.group_key[origin] * _ORIGIN_STRIDE) & _WORD
    purpose = BEYOND if beyond else DESTINATION
    purpose_person = BEYOND_PERSON if beyond else DESTINATION_PERSON
    _choose(source, people, last, key, purpose, purpose_person, address, day, places, sets, scratch)
    for k in range(last + 1):
        chosen = scratch.chosen[k]
        if chosen == 0:
            continue
        scratch.chosen[k] = 0
        gate = sets.gate[source, k]
        way = _near_side(source, k, sets)
        follow(day, source, way, chosen, roads, today, sets, scratch, record)
        if not set_out(day, FLEEING, origin, source, sets.place[source, way], gate, sets.km[source, way], chosen,
                       roads, behaviour, stays, parties, scratch, record):  # fmt: skip
            return False
    return True


@compiled
def go_somewhere(day, epoch, key, roads, places, traits, behaviour, stays, today, sets, parties, scratch, record):  # type: ignore[no-untyped-def]
    """Everybody who has left home, flees again or was stopped on the way. False: too many parties."""
    for place in range(places.key.size):
        if stays.leaving_home[place] > 0:
            people = stays.leaving_home[place]
            stays.leaving_home[place] = 0
            last = weigh(place, day, HERE, today, sets)
            if not send(place, places.group[place], people, last, HERE, day, key, roads, places, behaviour, stays,
                        today, sets, parties, scratch, record):  # fmt: skip
                return False
        for origin in range(places.group_key.size):
            people = stays.leaving_again[place, origin]
            restless = stays.restless[place, origin]
            if people == 0 and restless == 0:
                continue
            fill_choice_set(place, epoch, roads, places.zone, today, traits, behaviour, sets, scratch)
            last = weigh(place, day, HERE, today, sets)
            stays.leaving_again[place, origin] = 0
            stays.restless[place, origin] = 0
            if last < 0:
                continue
            stays.displaced[place, origin] -= restless
            stays.displaced_at[place] -= restless
            if not send(place, origin, people + restless, last, HERE, day, key, roads, places, behaviour, stays,
                        today, sets, parties, scratch, record):  # fmt: skip
                return False
    return True


@compiled
def go_beyond(day, epoch, key, roads, places, traits, behaviour, stays, today, sets, parties, scratch, record):  # type: ignore[no-untyped-def]
    """People let through a gate choose on the far side. False: too many parties."""
    for gate in range(roads.gate_route.size):
        far = roads.gate_far[gate]
        for origin in range(places.group_key.size):
            people = stays.admitted[gate, origin]
            if people == 0:
                continue
            stays.admitted[gate, origin] = 0
            fill_choice_set(far, epoch, roads, places.zone, today, traits, behaviour, sets, scratch)
            last = weigh(far, day, BEYOND_GATE, today, sets)
            if last < 0:
                stays.displaced[far, origin] += people
                stays.displaced_at[far] += people
                record.arrivals[day, far] += people
            elif not send(far, origin, people, last, BEYOND_GATE, day, key, roads, places, behaviour, stays, today, sets,
                          parties, scratch, record):  # fmt: skip
                return False
    return True
