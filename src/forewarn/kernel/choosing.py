"""Step H of a day: where people go."""

from __future__ import annotations

import math

import numpy as np

from forewarn.kernel.arrays import (
    BEYOND_GATE,
    FIRST,
    FLEEING,
    HERE,
    LEAKING,
    NONE,
    OPEN,
    T_MOVEMENTS,
    Behaviour,
    ChoiceSets,
    Counts,
    Floats,
    Ints,
    Keys,
    Parties,
    People,
    Places,
    Plan,
    Record,
    Roads,
    Scratch,
    Stored,
    Today,
    Traits,
)
from forewarn.kernel.compiling import compiled, merged
from forewarn.kernel.crossings import waiting_at_crossing
from forewarn.kernel.draws import (
    BEYOND,
    BEYOND_PERSON,
    DESTINATION,
    DESTINATION_PERSON,
    NOBODY,
    binomial,
    uniforms,
)
from forewarn.kernel.routing import fill_choice_set, first_above, weigh
from forewarn.kernel.travel import set_out

_ALMOST_FULL = 0.9  # share of the capacity from which a place becomes less likely to be chosen; assumption
_ORIGIN_STRIDE = np.uint64(0x9E3779B9)  # keeps the addresses of different origins at a place apart
_WORD = np.uint64(0xFFFFFFFF)


@compiled
def _room(place: int, traits: Traits, stays: People) -> float:
    """1 up to nine tenths of the capacity, falling to 0 when full."""
    capacity = traits.capacity[place]
    if capacity == math.inf:
        return 1.0
    people = stays.displaced_at[place] + stays.waiting_at[place] + stays.bound_for[place]
    for status in range(3):
        people += stays.home[place, status, 0] + stays.home[place, status, 1]
    if people >= capacity:
        return 0.0
    if people <= _ALMOST_FULL * capacity:
        return 1.0
    return (capacity - people) / (capacity - _ALMOST_FULL * capacity)


@merged
def set_factors(
    day: int, roads: Roads, plan: Plan, traits: Traits, behaviour: Behaviour, stays: People, today: Today
) -> None:
    """The day's factors on the weights of places and gates."""
    room = today.room
    exposure = today.exposure
    for place in range(room.size):
        room[place] = math.exp(-behaviour.danger * exposure[place]) * _room(place, traits, stays)
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
def follow(
    day: int,
    source: int,
    k: int,
    people: int,
    today: Today,
    sets: ChoiceSets,
    scratch: Scratch,
    record: Record,
) -> None:
    """Count people on every route of a path, and at every open crossing that it uses."""
    while sets.before[source, k] >= 0:
        _count_step(sets.step[source, k], people, day, today, scratch, record)
        k = sets.before[source, k]


@compiled
def _choose_each(
    people: int,
    last: int,
    key: Keys,
    purpose: np.uint64,
    address: np.uint64,
    day: int,
    cumulative: Floats,
    guide: Ints,
    chosen: Counts,
) -> None:
    """Draw the destination of each person; a draw makes two uniforms, so it serves two people."""
    for pair in range((people + 1) // 2):
        first, second = uniforms(key, purpose, address, NOBODY, day, pair, FIRST)
        chosen[first_above(first, cumulative, last, guide)] += 1
        if 2 * pair + 1 < people:
            chosen[first_above(second, cumulative, last, guide)] += 1


@compiled
def _choose_together(
    people: int,
    last: int,
    key: Keys,
    purpose: np.uint64,
    address: np.uint64,
    day: int,
    cumulative: Floats,
    goals: Ints,
    place_keys: Keys,
    chosen: Counts,
) -> None:
    """Draw how many of many people go to each destination, one binomial for each."""
    total = cumulative[last]
    rest = people
    before = 0.0
    for k in range(last):
        weight = cumulative[k] - before
        if weight > 0.0:
            chance = weight / (total - before)
            drawn = binomial(rest, chance, key, purpose, address, place_keys[goals[k]], day, FIRST)
            chosen[k] += drawn
            rest -= drawn
            if rest == 0:
                return
        before = cumulative[k]
    chosen[last] += rest


@compiled
def send(
    source: int,
    origin: int,
    people: int,
    last: int,
    beyond: bool,
    day: int,
    key: Keys,
    km_per_day: float,
    place_keys: Keys,
    group_keys: Keys,
    goals: Ints,
    gates: Ints,
    befores: Ints,
    km: Floats,
    cumulative: Floats,
    guide: Ints,
    displaced: Counts,
    displaced_at: Counts,
    arrivals: Stored,
    chosen: Counts,
    flow: Counts,
    total: Counts,
    behaviour: Behaviour,
    stays: People,
    parties: Parties,
    scratch: Scratch,
    record: Record,
) -> bool:
    """A group of people of one origin choose and set out. False: too many parties.

    Person by person where that takes fewer draws than a binomial for each option. The arrays that are
    read for every group come one by one: taking them out of their groups again and again costs more
    than the choice.
    """
    address = (place_keys[source] + group_keys[origin] * _ORIGIN_STRIDE) & _WORD
    if people <= last:
        purpose = BEYOND_PERSON if beyond else DESTINATION_PERSON
        _choose_each(people, last, key, purpose, address, day, cumulative, guide, chosen)
    else:
        purpose = BEYOND if beyond else DESTINATION
        _choose_together(people, last, key, purpose, address, day, cumulative, goals, place_keys, chosen)
    arrived = NONE
    sent = NONE
    for k in range(last + 1):
        group = chosen[k]
        if group == 0:
            continue
        chosen[k] = 0
        sent += group
        way = k
        while gates[way] >= 0:
            way = befores[way]
        flow[way] += group
        goal = goals[way]
        if gates[k] < 0 and km[way] < km_per_day:  # there by the evening: the common case, kept short
            displaced[goal, origin] += group
            displaced_at[goal] += group
            arrivals[goal] += group
            arrived += group
        elif not set_out(day, FLEEING, origin, source, goal, gates[k], km[way], group, behaviour, stays, parties, scratch,
                         record):  # fmt: skip
            return False
        if sent == people:
            break
    total[T_MOVEMENTS] += arrived
    return True


@merged
def _send_origins(
    source: int,
    numbers: Counts,
    last: int,
    beyond: bool,
    day: int,
    key: Keys,
    places: Places,
    behaviour: Behaviour,
    stays: People,
    sets: ChoiceSets,
    parties: Parties,
    scratch: Scratch,
    record: Record,
) -> bool:
    """Groups of people at a place, by origin, choose and set out. False: too many parties."""
    place_keys, group_keys = places.key, places.group_key
    goals, gates, befores, km = sets.place[source], sets.gate[source], sets.before[source], sets.km[source]
    cumulative, guide = sets.cumulative[source], sets.guide[source]
    displaced, displaced_at, arrivals = stays.displaced, stays.displaced_at, record.arrivals[day]
    chosen, flow, total = scratch.chosen, scratch.flow, scratch.total
    for origin in range(numbers.size):
        people = numbers[origin]
        if people == 0:
            continue
        numbers[origin] = 0
        if not send(source, origin, people, last, beyond, day, key, behaviour.km_per_day, place_keys, group_keys, goals, gates, befores,
                    km, cumulative, guide, displaced, displaced_at, arrivals, chosen, flow, total, behaviour, stays,
                    parties, scratch, record):  # fmt: skip
            return False
    return True


@compiled
def _count_flows(
    source: int, day: int, today: Today, sets: ChoiceSets, scratch: Scratch, record: Record
) -> None:
    """Add those who have set out from `source` to every route on their ways: from the far ends inwards."""
    flow = scratch.flow
    before = sets.before[source]
    steps = sets.step[source]
    for k in range(sets.size[source] - 1, 0, -1):
        people = flow[k]
        if people == 0:
            continue
        flow[k] = 0
        flow[before[k]] += people
        _count_step(steps[k], people, day, today, scratch, record)
    flow[0] = 0


@compiled
def _count_step(step: int, people: int, day: int, today: Today, scratch: Scratch, record: Record) -> None:
    route = step // 2
    scratch.flows[route, step % 2] += people
    crossing = today.route_crossing[route]
    if crossing >= 0 and today.route[route] == OPEN:
        record.passed[day, crossing] += people


@merged
def go_somewhere(
    day: int,
    epoch: int,
    key: Keys,
    roads: Roads,
    places: Places,
    traits: Traits,
    behaviour: Behaviour,
    stays: People,
    today: Today,
    sets: ChoiceSets,
    parties: Parties,
    scratch: Scratch,
    record: Record,
) -> bool:
    """Everybody who has left home, flees again or was stopped on the way. False: too many parties.

    People who have left home go with those of the same origin who flee again from the place.
    """
    leaving_home, unsettled = stays.leaving_home, stays.unsettled
    groups = places.group
    for place in range(groups.size):
        if leaving_home[place] == 0 and unsettled[place] == 0:
            continue
        fill_choice_set(place, epoch, roads, places.zone, today, traits, behaviour, sets, scratch)
        last = weigh(place, day, HERE, today, sets)
        leaving = stays.leaving_again[place]
        leaving[groups[place]] += leaving_home[place]
        _take_restless(place, last, stays)
        leaving_home[place] = 0
        unsettled[place] = 0
        if not _send_origins(
            place, leaving, last, HERE, day, key, places, behaviour, stays, sets, parties, scratch, record
        ):
            return False
        _count_flows(place, day, today, sets, scratch, record)
    return True


@merged
def _take_restless(place: int, last: int, stays: People) -> None:
    """People stopped here today leave too, if there is anywhere to go."""
    restless = stays.restless[place]
    leaving = stays.leaving_again[place]
    for origin in range(restless.size):
        people = restless[origin]
        if people == 0:
            continue
        restless[origin] = 0
        if last >= 0:
            leaving[origin] += people
            stays.displaced[place, origin] -= people
            stays.displaced_at[place] -= people


@merged
def go_beyond(
    day: int,
    epoch: int,
    key: Keys,
    roads: Roads,
    places: Places,
    traits: Traits,
    behaviour: Behaviour,
    stays: People,
    today: Today,
    sets: ChoiceSets,
    parties: Parties,
    scratch: Scratch,
    record: Record,
) -> bool:
    """People let through a gate choose on the far side. False: too many parties.

    Those let through several gates to the same far side go together.
    """
    for gate in range(roads.gate_route.size):
        far = roads.gate_far[gate]
        if stays.admitted_of_gate[gate] == 0:
            continue
        stays.admitted_of_gate[gate] = 0
        admitted = stays.admitted[gate]
        for other in range(gate + 1, roads.gate_route.size):
            if roads.gate_far[other] == far and stays.admitted_of_gate[other] > 0:
                stays.admitted_of_gate[other] = 0
                for origin in range(admitted.size):
                    admitted[origin] += stays.admitted[other, origin]
                    stays.admitted[other, origin] = 0
        fill_choice_set(far, epoch, roads, places.zone, today, traits, behaviour, sets, scratch)
        last = weigh(far, day, BEYOND_GATE, today, sets)
        if last < 0:
            for origin in range(admitted.size):
                people = admitted[origin]
                admitted[origin] = 0
                stays.displaced[far, origin] += people
                stays.displaced_at[far] += people
                record.arrivals[day, far] += people
                scratch.total[T_MOVEMENTS] += people
        elif not _send_origins(
            far,
            admitted,
            last,
            BEYOND_GATE,
            day,
            key,
            places,
            behaviour,
            stays,
            sets,
            parties,
            scratch,
            record,
        ):
            return False
        _count_flows(far, day, today, sets, scratch, record)
    return True
