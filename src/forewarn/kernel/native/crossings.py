"""Step H of a day: who is let through, who goes on waiting, who gives up."""

from __future__ import annotations

from forewarn.kernel.arrays import (
    CLOSED,
    FIRST,
    GATED,
    LEAKING,
    LIMITED,
    OPEN,
    Behaviour,
    Keys,
    Places,
    Population,
    Record,
    Roads,
    Schedule,
    Scratch,
    Today,
)
from forewarn.kernel.compiling import compiled, merged
from forewarn.kernel.draws import GIVE_UP, PASS, binomial


@compiled
def _give_up(gate: int, origin: int, people: int, roads: Roads, stays: Population, today: Today) -> None:
    """People give up waiting: they live on the near side, or look for another way if that is under attack."""
    near = roads.gate_near[gate]
    stays.waiting[gate, origin] -= people
    stays.waiting_of_gate[gate] -= people
    stays.waiting_at[near] -= people
    stays.displaced[near, origin] += people
    stays.displaced_at[near] += people
    if today.attack[near] > 0.0:
        stays.restless[near, origin] += people
        stays.unsettled[near] += people


@compiled
def _admit(
    day: int,
    gate: int,
    origin: int,
    people: int,
    roads: Roads,
    stays: Population,
    today: Today,
    scratch: Scratch,
    record: Record,
) -> None:
    stays.waiting[gate, origin] -= people
    stays.waiting_of_gate[gate] -= people
    stays.waiting_at[roads.gate_near[gate]] -= people
    stays.admitted[gate, origin] += people
    stays.admitted_of_gate[gate] += people
    route = roads.gate_route[gate]
    direction = 0 if roads.ends[route, 0] == roads.gate_near[gate] else 1
    scratch.flows[route, direction] += people
    crossing = today.route_crossing[route]
    if crossing >= 0:
        record.passed[day, crossing] += people


@merged
def process_queues(
    day: int,
    key: Keys,
    roads: Roads,
    places: Places,
    plan: Schedule,
    behaviour: Behaviour,
    stays: Population,
    today: Today,
    scratch: Scratch,
    record: Record,
) -> None:
    """Every gate lets through whom it may; the rest wait on, or give up."""
    today.turned_away[:] = 0
    for crossing in range(plan.crossing_mode.shape[0]):
        if plan.crossing_mode[crossing, day] == LIMITED:
            _admit_up_to_limit(day, crossing, roads, plan, stays, today, scratch, record)
    for gate in range(roads.gate_route.size):
        if stays.waiting_of_gate[gate] == 0:
            continue
        route = roads.gate_route[gate]
        crossing = today.route_crossing[route]
        state = today.route[route]
        is_leaking = state == GATED and plan.crossing_mode[crossing, day] == LEAKING
        all_give_up = state == CLOSED or today.attack[roads.gate_near[gate]] > 0.0
        for origin in range(stays.waiting.shape[1]):
            people = stays.waiting[gate, origin]
            if people == 0:
                continue
            if state == OPEN:
                _admit(day, gate, origin, people, roads, stays, today, scratch, record)
                continue
            if is_leaking:
                rate = plan.crossing_rate[crossing, day]
                passing = binomial(
                    people, rate, key, PASS, roads.gate_key[gate], places.group_key[origin], day, FIRST
                )
                if passing > 0:
                    _admit(day, gate, origin, passing, roads, stays, today, scratch, record)
                people -= passing
            if state == GATED:
                today.turned_away[crossing] += people
            if not all_give_up:
                people = binomial(
                    people,
                    behaviour.give_up_chance,
                    key,
                    GIVE_UP,
                    roads.gate_key[gate],
                    places.group_key[origin],
                    day,
                    FIRST,
                )
            if people > 0:
                _give_up(gate, origin, people, roads, stays, today)


@merged
def _admit_up_to_limit(
    day: int,
    crossing: int,
    roads: Roads,
    plan: Schedule,
    stays: Population,
    today: Today,
    scratch: Scratch,
    record: Record,
) -> None:
    """Share the day's places at a limited crossing over its gates and origins in whole numbers."""
    waiting = 0
    for gate in range(roads.gate_route.size):
        route = roads.gate_route[gate]
        if today.route_crossing[route] == crossing and today.route[route] == GATED:
            waiting += stays.waiting_of_gate[gate]
    if waiting == 0:
        return
    admitted = min(waiting, int(plan.crossing_rate[crossing, day]))
    so_far = 0
    for gate in range(roads.gate_route.size):
        route = roads.gate_route[gate]
        if today.route_crossing[route] != crossing or today.route[route] != GATED:
            continue
        here = stays.waiting_of_gate[gate]
        if here == 0:
            continue
        at_gate = admitted * (so_far + here) // waiting - admitted * so_far // waiting
        so_far += here
        of_origins = 0
        for origin in range(stays.waiting.shape[1]):
            people = stays.waiting[gate, origin]
            if people == 0:
                continue
            passing = at_gate * (of_origins + people) // here - at_gate * of_origins // here
            of_origins += people
            if passing > 0:
                _admit(day, gate, origin, passing, roads, stays, today, scratch, record)
