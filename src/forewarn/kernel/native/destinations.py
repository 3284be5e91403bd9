"""Step G of a day, and the choice beyond a gate (step H): where people go."""

from __future__ import annotations

import math

from forewarn.kernel.arrays import (
    ALMOST_FULL,
    BEYOND_GATE,
    FIRST,
    FLEEING,
    HERE,
    LEAKING,
    OPEN,
    OPTIONS,
    T_MOVEMENTS,
    Behaviour,
    ChoiceSets,
    Counts,
    Keys,
    Parties,
    Places,
    Population,
    Record,
    Roads,
    Schedule,
    Scratch,
    Today,
    Traits,
)
from forewarn.kernel.compiling import compiled, inlined, merged, wide
from forewarn.kernel.native.goals import choose
from forewarn.kernel.native.routing import fill_choice_set, weigh
from forewarn.kernel.native.travel import add_party


@compiled
def _crowding(place: int, traits: Traits, stays: Population) -> float:
    """1 up to nine tenths of the capacity, falling to 0 when full."""
    capacity = traits.capacity[place]
    if capacity == math.inf:
        return 1.0
    people = (
        stays.displaced_at[place] + stays.waiting_at[place] + stays.bound_for[place] + stays.within[place]
    )
    for status in range(3):
        for pace in range(3):
            people += stays.home[place, status, pace]
    if people >= capacity:
        return 0.0
    if people <= ALMOST_FULL * capacity:
        return 1.0
    return (capacity - people) / (capacity - ALMOST_FULL * capacity)


@merged
def update_choice_factors(
    day: int,
    roads: Roads,
    plan: Schedule,
    traits: Traits,
    behaviour: Behaviour,
    stays: Population,
    today: Today,
) -> None:
    """The day's factors on the weights of places and gates."""
    room, crowding, gate_factor = today.room, today.crowding, today.gate_factor
    for place in range(room.size):
        crowding[place] = _crowding(place, traits, stays)
        factor = crowding[place]
        if today.exposure[place] > 0.0:
            factor *= math.exp(-behaviour.danger * today.exposure[place])
        last = today.last_attacked[place]
        if today.is_seen[place] or (last > 0 and day - last <= behaviour.memory_days):
            factor *= behaviour.shunned
        if factor != room[place]:
            room[place] = factor
            today.factor_day[0] = day
    for gate in range(roads.gate_route.size):
        crossing = today.route_crossing[roads.gate_route[gate]]
        factor = 0.0
        if crossing >= 0 and plan.crossing_mode[crossing, day] == LEAKING:
            factor = plan.crossing_rate[crossing, day]
        elif crossing >= 0:
            limit = math.floor(plan.crossing_rate[crossing, day])
            factor = limit / (limit + today.turned_away[crossing]) if limit > 0.0 else 0.0
        if factor != gate_factor[gate]:
            gate_factor[gate] = factor
            today.factor_day[0] = day


@inlined
def set_out(
    day: int, source: int, k: int, people: int, today: Today, sets: ChoiceSets, record: Record
) -> None:
    """Count people who set out on a way: at once at every open crossing that it uses, on routes later."""
    sets.gone[source, k] += people
    if sets.uses_crossing[source, k]:
        while sets.before[source, k] >= 0:
            route = sets.step[source, k] >> 1
            crossing = today.route_crossing[route]
            if crossing >= 0 and today.route[route] == OPEN:
                record.passed[day, crossing] += people
            k = sets.before[source, k]


@inlined
def _place_group(
    source: int,
    origin: int,
    number: int,
    day: int,
    sets: ChoiceSets,
    stays: Population,
    parties: Parties,
    scratch: Scratch,
) -> bool:
    """Those of one origin who have chosen arrive, wait or take to the road. False: too many parties.

    What does not depend on the origin is counted for all together, by `_count_choices`.
    """
    chosen, touched, heading = scratch.chosen, scratch.touched, scratch.heading
    goals, gates, ways, days = sets.place[source], sets.gate[source], sets.way[source], sets.days[source]
    displaced, waiting = stays.displaced, stays.waiting
    options = scratch.options
    used = scratch.drawn[OPTIONS]
    for i in range(number):
        k = touched[i]
        people = chosen[k]
        chosen[k] = 0
        options[used] = k
        used += 1 if heading[k] == 0 else 0
        heading[k] += people
        if days[k] > 0:
            goal, gate = wide(goals[ways[k]]), wide(gates[k])
            if not add_party(day, FLEEING, origin, source, goal, gate, wide(days[k]), people, parties):
                return False
        elif gates[k] < 0:
            displaced[goals[k], origin] += people
        else:
            waiting[gates[k], origin] += people
    scratch.drawn[OPTIONS] = used
    return True


@merged
def _send_origins(
    source: int,
    numbers: Counts,
    first: int,
    end: int,
    last: int,
    beyond: bool,
    day: int,
    key: Keys,
    places: Places,
    stays: Population,
    today: Today,
    sets: ChoiceSets,
    parties: Parties,
    scratch: Scratch,
    record: Record,
) -> bool:
    """People at a place, of origins `first` to before `end`, choose and set out. False: too many parties."""
    goals, cumulative, guide = sets.place[source], sets.cumulative[source], sets.guide[source]
    scratch.drawn[:] = 0
    for origin in range(first, end):
        people = numbers[origin]
        if people == 0:
            continue
        numbers[origin] = 0
        number = choose(
            people,
            last,
            beyond,
            key,
            places.key[source],
            places.group_key[origin],
            day,
            goals,
            places.key,
            cumulative,
            guide,
            scratch,
        )
        if not _place_group(source, origin, number, day, sets, stays, parties, scratch):
            return False
    _count_choices(source, day, stays, today, sets, scratch, record)
    return True


@inlined
def _count_choices(
    source: int, day: int, stays: Population, today: Today, sets: ChoiceSets, scratch: Scratch, record: Record
) -> None:
    """Count those who have chosen at `source`, of all origins, where they arrive and on their way."""
    heading = scratch.heading
    places, gates, ways, days = sets.place[source], sets.gate[source], sets.way[source], sets.days[source]
    arrivals = record.arrivals[day]
    for i in range(scratch.drawn[OPTIONS]):
        k = scratch.options[i]
        people = heading[k]
        heading[k] = 0
        scratch.total[T_MOVEMENTS] += people
        way = wide(ways[k])
        goal = places[way]
        set_out(day, source, way, people, today, sets, record)
        if days[k] > 0:
            stays.bound_for[goal] += people
        elif gates[k] < 0:
            arrivals[goal] += people
            stays.displaced_at[goal] += people
        else:
            if goal != source:  # nobody arrives where they already are
                arrivals[goal] += people
            stays.waiting_of_gate[gates[k]] += people
            stays.waiting_at[goal] += people


@merged
def assign_destinations(
    day: int,
    epoch: int,
    key: Keys,
    roads: Roads,
    places: Places,
    traits: Traits,
    behaviour: Behaviour,
    stays: Population,
    today: Today,
    sets: ChoiceSets,
    parties: Parties,
    scratch: Scratch,
    record: Record,
) -> bool:
    """Everybody who has left home, flees again or is restless. False: too many parties.

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
        first, end = groups[place], groups[place] + 1
        if unsettled[place] > 0:
            _take_restless(place, last, stays)
            first, end = FIRST, leaving.size
        leaving_home[place] = 0
        unsettled[place] = 0
        if not _send_origins(
            place,
            leaving,
            first,
            end,
            last,
            HERE,
            day,
            key,
            places,
            stays,
            today,
            sets,
            parties,
            scratch,
            record,
        ):
            return False
    return True


@merged
def _take_restless(place: int, last: int, stays: Population) -> None:
    """People stopped or turned away here leave too, if there is anywhere to go."""
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
def assign_destinations_beyond_gates(
    day: int,
    epoch: int,
    key: Keys,
    roads: Roads,
    places: Places,
    traits: Traits,
    behaviour: Behaviour,
    stays: Population,
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
            FIRST,
            admitted.size,
            last,
            BEYOND_GATE,
            day,
            key,
            places,
            stays,
            today,
            sets,
            parties,
            scratch,
            record,
        ):
            return False
    return True
