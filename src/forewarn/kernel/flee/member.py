"""One member under Flee's rules: the days of one run, on plain arrays (FLEE.md, 1.2)."""

from __future__ import annotations

import math

import numpy as np

from forewarn.kernel.arrays import Counts, Floats, Keys
from forewarn.kernel.compiling import compiled
from forewarn.kernel.draws import binomial
from forewarn.kernel.flee.arrays import (
    FINISHED,
    MOST_RECORDED,
    N_DISPLACED,
    N_OVERFLOWN,
    N_TODAY,
    N_TODAY_SIDE,
    N_TOMORROW,
    N_VERSION,
    NOWHERE_TO_SPAWN,
    RECENT_BINS,
    SPAWN_CONSTANT,
    SPAWN_GIVEN,
    SPAWN_POISSON,
    TOO_MANY_ON_A_LINK,
    TOO_MANY_PEOPLE,
    FleeGraph,
    FleeParameters,
    FleePlaces,
    FleeRecord,
    FleeState,
)
from forewarn.kernel.flee.choosing import (
    FLEE_CLASS,
    FLEE_SINK,
    draw_places,
    poisson,
    update_capacity_factors,
)
from forewarn.kernel.flee.deciding import count_turns, decide
from forewarn.kernel.flee.travel import continue_travel, travel_on_links

# When people appear, as a word of a random address.
BEFORE = np.uint64(0)  # the first day
ON_ITS_DAY = np.uint64(1)


@compiled
def appear(
    site: int, people: int, when: np.uint64, day: int, key: Keys, places: FleePlaces, state: FleeState
) -> None:
    """Let people start in a site, shared over the classes of awareness; `when` is BEFORE or ON_ITS_DAY."""
    last = places.key.size - places.initial.size
    for place in range(site, places.key.size, places.initial.size):
        number = people
        if place < last:
            number = binomial(
                people, places.class_share[place], key, FLEE_CLASS, places.key[place], when, day, 0
            )
        state.fresh[place] += number
        state.present[place] += number
        people -= number


@compiled
def spawn(day: int, epoch: int, key: Keys, rules: FleeParameters, places: FleePlaces, state: FleeState, record: FleeRecord,
          weights: Floats, drawn: Counts) -> int:  # fmt: skip
    """Displace people: as many as are given, or as conflict drives out."""
    total = 0.0
    for place in range(places.initial.size):
        drawn[place] = 0
        weights[place] = 0.0
        intensity = places.spawn[epoch, place]
        if intensity <= 0.0:
            continue
        if rules.spawn_mode == SPAWN_GIVEN:
            weights[place] = state.population[place] * intensity
            total += weights[place]
        elif rules.spawn_mode == SPAWN_CONSTANT:
            drawn[place] = int(math.floor(rules.spawn_number * intensity))
        elif rules.spawn_mode == SPAWN_POISSON:
            drawn[place] = poisson(rules.spawn_number * intensity, key, places.key[place], day)
        else:
            drawn[place] = int(math.floor(rules.spawn_number * state.population[place] * intensity))
    if rules.spawn_mode == SPAWN_GIVEN and places.new[day] > 0:
        if total <= 0.0:
            return NOWHERE_TO_SPAWN
        draw_places(places.new[day], weights, day, key, places, drawn)
    for place in range(places.initial.size):
        people = drawn[place]
        if people == 0:
            continue
        state.number[N_DISPLACED] += people
        if state.number[N_DISPLACED] > MOST_RECORDED:
            return TOO_MANY_PEOPLE
        appear(place, people, ON_ITS_DAY, day, key, places, state)
        record.spawned[day, place] = people
        if rules.take_from_population:
            state.population[place] = max(0, state.population[place] - people)
    return FINISHED


@compiled
def _pull(rules: FleeParameters, places: FleePlaces, state: FleeState) -> None:
    if rules.population_pull == 0.0:
        return
    for place in range(places.initial.size):
        state.pull[place] = max(1.0, float(state.population[place])) ** rules.population_pull


@compiled
def _sink(day: int, epoch: int, key: Keys, places: FleePlaces, state: FleeState) -> None:
    for place in range(places.key.size):
        chance = places.sink[place]
        if chance <= 0.0 or state.present[place] == 0 or not places.is_camp[epoch, place]:
            continue
        gone = binomial(state.fresh[place], chance, key, FLEE_SINK, places.key[place], np.uint64(0), day, 0)
        state.fresh[place] -= gone
        for pool in range(RECENT_BINS):
            people = state.standing[place, pool]
            if people == 0:
                continue
            lost = binomial(people, chance, key, FLEE_SINK, places.key[place], np.uint64(1 + pool), day, 0)
            state.standing_q[place, pool] *= (people - lost) / people
            state.standing[place, pool] -= lost
            state.standing_all[place] -= lost
            gone += lost
        state.present[place] -= gone
        state.gone[0] += gone


@compiled
def _record_day(day: int, places: FleePlaces, state: FleeState, record: FleeRecord) -> None:
    """Record the end of a day."""
    for place in range(places.key.size):
        record.present[day, place] = state.present[place]
    record.gone[day] = state.gone[0]
    tomorrow = 1 - state.number[N_TODAY_SIDE]
    on_links = 0
    for i in range(state.number[N_TOMORROW]):
        on_links += state.riding[tomorrow, state.riders[tomorrow, i]]
    record.on_links[day] = on_links


@compiled
def run_member(
    key: Keys,
    rules: FleeParameters,
    graph: FleeGraph,
    places: FleePlaces,
    plan_of: Counts,
    state: FleeState,
    record: FleeRecord,
    weights: Floats,
    drawn: Counts,
    chosen: Counts,
) -> int:
    """Run one member; fill `record`.

    Parameters
    ----------
    key
        (2,) uint64, the member's words of the random address.
    rules, graph, places
        Groups of arrays, see `forewarn.kernel.flee.arrays`.
    plan_of
        Plan of each cell on a link.
    state, record
        As new; the state is used up.
    weights, drawn
        (sites,) work space.
    chosen
        (plans of the place that has most,) work space, zeros.

    Returns
    -------
    int
        FINISHED, or 4 × day and NOWHERE_TO_SPAWN if people are displaced on a day without conflict,
        TOO_MANY_PEOPLE if more are displaced by then than can be recorded, or TOO_MANY_ON_A_LINK if more
        set out on one that day; `drawn` then holds who was displaced that day.
    """
    for site in range(places.initial.size):
        appear(site, places.initial[site], BEFORE, 0, key, places, state)
        state.number[N_DISPLACED] += places.initial[site]
    _pull(rules, places, state)
    before = -1
    for day in range(places.epoch.size):
        epoch = places.epoch[day]
        if epoch != before:
            before = epoch
            state.number[N_VERSION] += 1
        answer = spawn(day, epoch, key, rules, places, state, record, weights, drawn)
        if answer != FINISHED:
            return answer + 4 * day
        if rules.take_from_population and rules.population_pull != 0.0:
            _pull(rules, places, state)
            state.number[N_VERSION] += 1
        update_capacity_factors(day, rules, places, state)
        turns = count_turns(day, epoch, rules, places, state, record)
        decide(day, epoch, turns, key, rules, graph, places, state, record, chosen)
        for turn in range(turns):
            travel_on_links(day, epoch, turn, turns, key, rules, graph, places, plan_of, state)
            continue_travel(day, epoch, key, rules, graph, places, state, record, chosen)
        if state.number[N_OVERFLOWN] > 0:
            return TOO_MANY_ON_A_LINK + 4 * day
        _sink(day, epoch, key, places, state)
        _record_day(day, places, state, record)
        state.number[N_TODAY_SIDE] = 1 - state.number[N_TODAY_SIDE]
        state.number[N_TODAY] = state.number[N_TOMORROW]
        state.number[N_TOMORROW] = 0
    return FINISHED
