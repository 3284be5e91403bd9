"""One member of an ensemble, day by day, on plain arrays."""

from __future__ import annotations

from forewarn.kernel.arrays import (
    AT_ONCE,
    DISPLACED_BEFORE,
    DONE,
    EPOCH,
    FIRST,
    MOVER,
    NONE,
    NOT_BEGUN,
    RESIDENT,
    RETURNED,
    STAYER,
    T_BLOCKED,
    T_MOVEMENTS,
    T_ORDINARY,
    T_ORGANISED,
    T_RETURNED,
    TODAY,
    TOO_MANY_PARTIES,
    Behaviour,
    ChoiceSets,
    Ints,
    Keys,
    Places,
    Population,
    Record,
    Roads,
    Schedule,
    Scratch,
    State,
    Traits,
)
from forewarn.kernel.compiling import compiled, merged
from forewarn.kernel.draws import AT_ONCE_MOVERS, MOVERS, NOBODY, binomial
from forewarn.kernel.native.control import (
    spread_fear,
    update_attacks,
    update_last_exposed,
    update_routes,
    update_zones,
)
from forewarn.kernel.native.crossings import process_queues
from forewarn.kernel.native.destinations import (
    assign_destinations,
    assign_destinations_beyond_gates,
    update_choice_factors,
)
from forewarn.kernel.native.flight import displace_again, leave_home, return_home, stay_within
from forewarn.kernel.native.routing import count_on_routes
from forewarn.kernel.native.travel import process_arrivals, reroute


@merged
def _assign_movers(
    key: Keys, places: Places, traits: Traits, behaviour: Behaviour, stays: Population
) -> None:
    """Divide people at home into those who leave under a sustained attack, soon or later, and those who stay."""
    for place in range(places.key.size):
        for status in range(2):
            people = places.residents[place] if status == RESIDENT else places.displaced_before[place]
            movers = binomial(
                people,
                traits.share_leaving[place],
                key,
                MOVERS,
                places.key[place],
                NOBODY,
                FIRST,
                status,
            )
            at_once = binomial(
                movers,
                behaviour.share_at_once,
                key,
                AT_ONCE_MOVERS,
                places.key[place],
                NOBODY,
                FIRST,
                status,
            )
            stays.home[place, status, STAYER] = people - movers
            stays.home[place, status, MOVER] = movers - at_once
            stays.home[place, status, AT_ONCE] = at_once


@merged
def _return_in_programmes(day: int, plan: Schedule, stays: Population, scratch: Scratch) -> None:
    """Organised return of people displaced before the issue day (step I)."""
    for row in range(plan.programme_people.size):
        source, goal, first, last = plan.programme[row]
        if not first <= day <= last:
            continue
        days = last - first + 1
        done = day - first
        planned = plan.programme_people[row]
        people = planned * (done + 1) // days - planned * done // days
        cells = stays.home[source, DISPLACED_BEFORE]
        there = cells[STAYER] + cells[MOVER] + cells[AT_ONCE]
        people = min(people, there)
        if people == 0:
            continue
        so_far = NONE
        for pace in range(3):
            here = cells[pace]
            cells[pace] -= people * (so_far + here) // there - people * so_far // there
            so_far += here
        stays.home[goal, RETURNED, MOVER] += people
        scratch.total[T_ORGANISED] += people


@merged
def _record_day(day: int, stays: Population, scratch: Scratch, record: Record) -> None:
    for cause in range(T_ORDINARY + 1):
        record.left_home[day, cause] = scratch.total[cause]
    record.movements[day] = scratch.total[T_MOVEMENTS]
    record.returned[day] = scratch.total[T_RETURNED]
    record.organised_returns[day] = scratch.total[T_ORGANISED]
    record.blocked[day] = scratch.total[T_BLOCKED]
    scratch.total[T_BLOCKED] = 0
    on_the_road = 0
    for place in range(stays.bound_for.size):
        on_the_road += stays.bound_for[place]
    record.on_the_road[day] = on_the_road
    for place in range(stays.displaced_at.size):
        record.present[day, place] = stays.displaced_at[place] + stays.waiting_at[place] + stays.within[place]
        record.within[day, place] = stays.within[place]
        record.waiting[day, place] = stays.waiting_at[place]
        at_home = 0
        for status in range(3):
            for pace in range(3):
                at_home += stays.home[place, status, pace]
        record.remaining[day, place] = at_home


@merged
def _record_tables(
    table: int,
    roads: Roads,
    places: Places,
    stays: Population,
    sets: ChoiceSets,
    scratch: Scratch,
    record: Record,
) -> None:
    for place in range(stays.displaced.shape[0]):
        for origin in range(stays.displaced.shape[1]):
            record.origin_destination[table, origin, place] = stays.displaced[place, origin]
        record.origin_destination[table, places.group[place], place] += stays.within[place]
    for gate in range(roads.gate_route.size):
        if stays.waiting_of_gate[gate] == 0:
            continue
        for origin in range(stays.waiting.shape[1]):
            record.origin_destination[table, origin, roads.gate_near[gate]] += stays.waiting[gate, origin]
    for source in range(sets.gone.shape[0]):
        count_on_routes(source, sets, scratch)
    for route in range(scratch.flows.shape[0]):
        for direction in range(2):
            record.flows[table, route, direction] = scratch.flows[route, direction]


@compiled
def simulate(
    key: Keys,
    last_day: int,
    table_days: Ints,
    roads: Roads,
    places: Places,
    plan: Schedule,
    traits: Traits,
    behaviour: Behaviour,
    state: State,
    record: Record,
) -> int:
    """Run one member up to a day, from its beginning or from where its state stands; fill `record`.

    A member that stops on a day and goes on is, to the person, the member that did not stop.

    Parameters
    ----------
    key
        (2,) uint64, the member's words of the random address.
    last_day
        Last day to simulate, at most the last row of `record`.
    table_days
        (T,) int64, days at which origins and flows are recorded.
    roads, places, plan, traits, behaviour
        Groups of arrays, see `forewarn.kernel.arrays`.
    state
        What `forewarn.kernel.arrays.new_state` gives, or an earlier call has left.
    record
        Filled in; comes in as zeros, or as an earlier call has left it.

    Returns
    -------
    int
        DONE, or TOO_MANY_PARTIES: begin again with more room.
    """
    stays, today, sets, parties, scratch = state
    if scratch.clock[TODAY] == NOT_BEGUN:
        _assign_movers(key, places, traits, behaviour, stays)
        _record_day(FIRST, stays, scratch, record)
        scratch.clock[TODAY] = FIRST
    epoch = scratch.clock[EPOCH]
    table = FIRST
    while table < table_days.size and table_days[table] <= scratch.clock[TODAY]:
        table += 1
    for day in range(scratch.clock[TODAY] + 1, last_day + 1):
        zones_changed = update_zones(day, epoch + 1, plan, today)
        attack_changed, attack_begins = update_attacks(day, plan, traits, today)
        routes_changed = update_routes(day, epoch + 1, roads, plan, today)
        is_new_epoch = zones_changed or routes_changed
        if is_new_epoch:
            epoch += 1
        if attack_changed or zones_changed:
            spread_fear(roads, behaviour, today)
        update_last_exposed(day, behaviour, today)
        if is_new_epoch or attack_begins:
            reroute(day, epoch, is_new_epoch, roads, places, traits, behaviour, stays, today, sets, parties,
                       scratch, record)  # fmt: skip
        process_arrivals(day, stays, parties, scratch, record)
        update_choice_factors(day, roads, plan, traits, behaviour, stays, today)
        leave_home(
            day, epoch, key, roads, places, plan, traits, behaviour, stays, today, sets, scratch, record
        )
        displace_again(day, epoch, key, roads, places, traits, behaviour, stays, today, sets, scratch)
        if not return_home(
            day, epoch, key, roads, places, traits, behaviour, stays, today, sets, parties, scratch, record
        ):
            return TOO_MANY_PARTIES
        stay_within(places, stays)
        if not assign_destinations(
            day, epoch, key, roads, places, traits, behaviour, stays, today, sets, parties, scratch, record
        ):
            return TOO_MANY_PARTIES
        process_queues(day, key, roads, places, plan, behaviour, stays, today, scratch, record)
        if not assign_destinations_beyond_gates(
            day, epoch, key, roads, places, traits, behaviour, stays, today, sets, parties, scratch, record
        ):
            return TOO_MANY_PARTIES
        _return_in_programmes(day, plan, stays, scratch)
        _record_day(day, stays, scratch, record)
        if table < table_days.size and table_days[table] == day:
            _record_tables(table, roads, places, stays, sets, scratch, record)
            table += 1
    scratch.clock[TODAY] = last_day
    scratch.clock[EPOCH] = epoch
    return DONE
