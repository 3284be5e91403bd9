"""Flee's rules: the decisions of a day, before anybody travels (FLEE.md, 1.3)."""

from __future__ import annotations

import math

import numpy as np

from forewarn.kernel.arrays import Counts, Keys
from forewarn.kernel.compiling import compiled, merged
from forewarn.kernel.draws import binomial
from forewarn.kernel.flee.arrays import (
    N_TODAY,
    N_TODAY_SIDE,
    N_WAITING,
    RECENT_BINS,
    FleeGraph,
    FleeParameters,
    FleePlaces,
    FleeRecord,
    FleeState,
)
from forewarn.kernel.flee.choosing import FLEE_TURN, update_capacity_factors
from forewarn.kernel.flee.travel import board, chance_of_moving, choose, leave, may_follow, stand

# People decide and travel one after another in Flee, and camps fill up and empty meanwhile. Here they do so in groups
# at random, as many as keep the change of a camp's factor of capacity within one group below a tenth, about.
MOST_TURNS = 8
_STEP = 0.1

_FIRST_WHERE = 128  # where in a random address: above are pools on the way, see flee_travel
_WHERES = 8  # a turn's people who have not moved, and its pools


@compiled
def count_turns(
    day: int, epoch: int, rules: FleeParameters, places: FleePlaces, state: FleeState, record: FleeRecord
) -> int:
    """Turns of a day, by how far the factors of capacity will move if people come and go as they did lately."""
    most = 1
    for i in range(places.limited.size):
        site = places.limited[i]
        capacity = (
            places.capacity[site] + (day + 1) * math.floor(places.capacity_per_day[site])
        ) * rules.scaling
        if capacity < 1.0:
            continue
        now = before = 0
        leaving = 0.0
        for place in range(site, places.key.size, places.initial.size):
            now += state.present[place]
            before += record.present[day - 2, place] if day > 1 else 0
            leaving += state.present[place] * chance_of_moving(epoch, place, rules, places, state)
        growth = now - before
        if now + max(0, growth) <= rules.buffer * capacity:
            continue
        moving = abs(growth) + leaving
        span = max(1.0, (1.0 - rules.buffer) * capacity)
        most = max(most, 1 + int(min(moving / span / _STEP, MOST_TURNS - 1.0)))
    return most


@merged
def in_turn(
    people: int, turn: int, turns: int, where: np.uint64, address: np.uint64, day: int, key: Keys
) -> int:
    """How many of those who are left have this turn."""
    if turn == turns - 1:
        return people
    return binomial(people, 1.0 / (turns - turn), key, FLEE_TURN, address, where, day, turn)


@compiled
def decide(day: int, epoch: int, turns: int, key: Keys, rules: FleeParameters, graph: FleeGraph, places: FleePlaces,
           state: FleeState, record: FleeRecord, chosen: Counts) -> None:  # fmt: skip
    """Everybody in a place without a plan decides, everybody who has one goes on, turn by turn."""
    _set_aside(places, state)
    for turn in range(turns):
        if turn > 0:
            update_capacity_factors(day, rules, places, state)
        for place in range(places.key.size):
            if state.undecided_fresh[place] > 0 or state.undecided_all[place] > 0:
                chance = chance_of_moving(epoch, place, rules, places, state)
                _decide_fresh(
                    day, epoch, place, chance, turn, turns, key, rules, graph, places, state, record, chosen
                )
                _decide_again(
                    day, epoch, place, chance, turn, turns, key, rules, graph, places, state, record, chosen
                )
        _follow(day, epoch, turn, turns, key, rules, graph, places, state, record)
    state.number[N_WAITING] = 0


@merged
def _set_aside(places: FleePlaces, state: FleeState) -> None:
    """Take down who has yet to decide; the counts by how far people moved lately are built up again."""
    number = places.key.size
    for i in range(number + state.number[N_WAITING]):
        node = i if i < number else state.waiting_plans[i - number]
        if node < number:
            state.undecided_fresh[node] = state.fresh[node]
        else:
            state.is_waiting[node] = False
        state.undecided_all[node] = state.standing_all[node]
        if state.standing_all[node] == 0:
            continue
        state.standing_all[node] = 0
        for pool in range(RECENT_BINS):
            state.undecided[node, pool] = state.standing[node, pool]
            state.undecided_q[node, pool] = state.standing_q[node, pool]
            state.standing[node, pool] = 0
            state.standing_q[node, pool] = 0.0


@merged
def _decide_fresh(day: int, epoch: int, place: int, chance: float, turn: int, turns: int, key: Keys, rules: FleeParameters,
                  graph: FleeGraph, places: FleePlaces, state: FleeState, record: FleeRecord,
                  chosen: Counts) -> None:  # fmt: skip
    """People who have not moved yet."""
    if state.undecided_fresh[place] == 0:
        return
    where = np.uint64(_FIRST_WHERE + _WHERES * turn)
    people = in_turn(state.undecided_fresh[place], turn, turns, where, places.key[place], day, key)
    state.undecided_fresh[place] -= people
    if (
        people == 0
        or choose(day, epoch, place, people, chance, where, key, rules, graph, places, state, chosen) == 0
    ):
        return
    side = state.number[N_TODAY_SIDE]
    first_plan = graph.plan_start[place]
    for i in range(graph.plan_start[place + 1] - first_plan):
        if chosen[i] > 0 and may_follow(epoch, first_plan + i, graph, places, state):
            phase = graph.link_first_fresh[graph.plan_link[first_plan + i]]
            board(side, N_TODAY, first_plan + i, phase, chosen[i], 0.0, rules, graph, state)
            leave(day, first_plan + i, chosen[i], graph, state, record)
            state.fresh[place] -= chosen[i]
        chosen[i] = 0


@merged
def _decide_again(day: int, epoch: int, place: int, chance: float, turn: int, turns: int, key: Keys, rules: FleeParameters,
                  graph: FleeGraph, places: FleePlaces, state: FleeState, record: FleeRecord,
                  chosen: Counts) -> None:  # fmt: skip
    """People who came here and have no plan."""
    if state.undecided_all[place] == 0:
        return
    side = state.number[N_TODAY_SIDE]
    first_plan = graph.plan_start[place]
    for pool in range(RECENT_BINS):
        if state.undecided[place, pool] == 0:
            continue
        where = np.uint64(_FIRST_WHERE + _WHERES * turn + 1 + pool)
        q = state.undecided_q[place, pool] / state.undecided[place, pool]
        people = in_turn(state.undecided[place, pool], turn, turns, where, places.key[place], day, key)
        state.undecided[place, pool] -= people
        state.undecided_q[place, pool] -= q * people
        state.undecided_all[place] -= people
        stayers = people
        if people > 0 and choose(day, epoch, place, people, chance, where, key, rules, graph, places, state,
                                 chosen) > 0:  # fmt: skip
            for i in range(graph.plan_start[place + 1] - first_plan):
                if chosen[i] > 0 and may_follow(epoch, first_plan + i, graph, places, state):
                    phase = graph.link_first[graph.plan_link[first_plan + i]]
                    board(side, N_TODAY, first_plan + i, phase, chosen[i], q, rules, graph, state)
                    leave(day, first_plan + i, chosen[i], graph, state, record)
                    stayers -= chosen[i]
                chosen[i] = 0
        if stayers > 0:
            stand(place, stayers, q, rules, places, state)


@merged
def _follow(day: int, epoch: int, turn: int, turns: int, key: Keys, rules: FleeParameters, graph: FleeGraph,
            places: FleePlaces, state: FleeState, record: FleeRecord) -> None:  # fmt: skip
    """People in the middle of a plan take its next link, or drop it."""
    side = state.number[N_TODAY_SIDE]
    number = places.key.size
    for i in range(state.number[N_WAITING]):
        node = state.waiting_plans[i]
        if state.undecided_all[node] == 0:
            continue
        plan = node - number
        goes = may_follow(epoch, plan, graph, places, state)
        link = graph.plan_link[plan]
        for pool in range(RECENT_BINS):
            if state.undecided[node, pool] == 0:
                continue
            where = np.uint64(_FIRST_WHERE + _WHERES * turn + 1 + pool)
            q = state.undecided_q[node, pool] / state.undecided[node, pool]
            people = in_turn(state.undecided[node, pool], turn, turns, where, graph.plan_key[plan], day, key)
            if people == 0:
                continue
            state.undecided[node, pool] -= people
            state.undecided_q[node, pool] -= q * people
            state.undecided_all[node] -= people
            if goes:
                board(side, N_TODAY, plan, graph.link_first[link], people, q, rules, graph, state)
                leave(day, plan, people, graph, state, record)
            else:
                stand(graph.link_from[link], people, q, rules, places, state)
