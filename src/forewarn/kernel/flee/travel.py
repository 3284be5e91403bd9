"""Flee's rules: going on a link, a day's travel, arriving, and going on the same day."""

from __future__ import annotations

import numpy as np

from forewarn.kernel.arrays import Counts, Keys
from forewarn.kernel.compiling import compiled, merged
from forewarn.kernel.draws import binomial
from forewarn.kernel.flee.arrays import (
    N_OVERFLOWN,
    N_QUEUED,
    N_TODAY,
    N_TODAY_SIDE,
    N_TOMORROW,
    N_VERSION,
    N_WAITING,
    RECENT_BINS,
    TODAY_BINS,
    FleeGraph,
    FleeParameters,
    FleePlaces,
    FleeRecord,
    FleeState,
)
from forewarn.kernel.flee.choosing import (
    FLEE_TURN,
    FLEE_WALK,
    recent_bin,
    share_out,
    today_bin,
    update_capacity_factors,
    weigh,
)

_VISITS = 65536  # a pool is emptied less often than this a day


@merged
def stand(
    node: int, people: int, q: float, rules: FleeParameters, places: FleePlaces, state: FleeState
) -> None:
    """Leave people where they are for the night; q becomes the half of itself."""
    night = 0.5 * q if rules.short_stints else 0.0
    pool = recent_bin(night)
    state.standing[node, pool] += people
    state.standing_q[node, pool] += night * people
    state.standing_all[node] += people
    if node >= places.key.size and not state.is_waiting[node]:
        state.is_waiting[node] = True
        state.waiting_plans[state.number[N_WAITING]] = node
        state.number[N_WAITING] += 1


@merged
def board(side: int, listed: int, plan: int, phase: int, people: int, q: float, rules: FleeParameters, graph: FleeGraph,
          state: FleeState) -> None:  # fmt: skip
    """Add people to a cell on a link; `listed` says whose count of cells grows."""
    lately = q if rules.short_stints else 0.0
    cell = (graph.plan_cell[plan] + phase) * RECENT_BINS + recent_bin(lately)
    if state.riding[side, cell] == 0:
        state.riders[side, state.number[listed]] = cell
        state.number[listed] += 1
    state.riding[side, cell] += people
    state.riding_q[side, cell] += lately * people


@merged
def may_follow(epoch: int, plan: int, graph: FleeGraph, places: FleePlaces, state: FleeState) -> bool:
    """Whether the next link of a plan is open and its goal is not a camp more than half way to full."""
    goal = graph.plan_goal[plan]
    if places.is_camp[epoch, goal] and state.room[goal] < 0.5:
        return False
    return places.is_open[epoch, graph.link_road[graph.plan_link[plan]]]


@merged
def leave(day: int, plan: int, people: int, graph: FleeGraph, state: FleeState, record: FleeRecord) -> None:
    """Count people out of a place and onto a link."""
    link = graph.plan_link[plan]
    state.present[graph.link_from[link]] -= people
    record.set_out[day, link] += people
    if record.set_out[day, link] < 0:  # more than 32 bits hold
        state.number[N_OVERFLOWN] = 1 + link


@merged
def arrive(epoch: int, plan: int, people: int, q: float, m: float, speed: float, rules: FleeParameters, graph: FleeGraph,
           places: FleePlaces, state: FleeState) -> None:  # fmt: skip
    """End of a link: back if it has closed; the day is over for those who have moved as far as they can."""
    link = graph.plan_link[plan]
    if not places.is_open[epoch, graph.link_road[link]]:
        origin = graph.link_from[link]
        state.present[origin] += people
        stand(origin, people, q, rules, places, state)
        return
    place = graph.link_to[link]
    state.present[place] += people
    left = graph.plan_next[plan]
    node = place if left < 0 else places.key.size + left
    if m >= speed:
        stand(node, people, q, rules, places, state)
        return
    lately = q if rules.short_stints else 0.0
    level = today_bin(m, rules.max_speed, TODAY_BINS)
    slot = node * RECENT_BINS + recent_bin(lately)
    pool = slot * TODAY_BINS + level
    if state.pool[pool] == 0:
        room = state.queue.shape[1]
        state.queue[level, state.queue_ends[level, 1] % room] = slot
        state.queue_ends[level, 1] += 1
        state.number[N_QUEUED] += 1
    state.pool[pool] += people
    state.pool_q[pool] += lately * people
    state.pool_m[pool] += m * people


@merged
def _go(epoch: int, plan: int, phase: int, people: int, is_walking: bool, q: float, m: float, rules: FleeParameters,
        graph: FleeGraph, places: FleePlaces, state: FleeState) -> None:  # fmt: skip
    link = graph.plan_link[plan]
    speed = graph.link_walk_speed[link] if is_walking else graph.link_speed[link]
    following = graph.phase_walk[phase] if is_walking else graph.phase_drive[phase]
    if following < 0:
        km = graph.link_km[link] - graph.phase_km[phase]
        arrive(epoch, plan, people, q + km / rules.max_speed, m + km, speed, rules, graph, places, state)
    else:
        tomorrow = 1 - state.number[N_TODAY_SIDE]
        night = 0.5 * (q + speed / rules.max_speed)
        board(tomorrow, N_TOMORROW, plan, following, people, night, rules, graph, state)


@merged
def travel_leg(day: int, epoch: int, plan: int, phase: int, people: int, q: float, m: float, where: np.uint64, turn: int,
           key: Keys, rules: FleeParameters, graph: FleeGraph, places: FleePlaces, state: FleeState) -> None:  # fmt: skip
    """One day on a link, or one more leg the same day, for people at a phase of it."""
    walk = 1.0 if graph.phase_fresh[phase] else graph.link_walk[graph.plan_link[plan]]
    walkers = 0
    if walk > 0.0:
        walkers = binomial(people, walk, key, FLEE_WALK, graph.plan_key[plan], where, day, turn)
    for way in range(2):
        group = walkers if way == 0 else people - walkers
        if group > 0:
            _go(epoch, plan, phase, group, way == 0, q, m, rules, graph, places, state)


@compiled
def travel_on_links(day: int, epoch: int, turn: int, turns: int, key: Keys, rules: FleeParameters, graph: FleeGraph,
         places: FleePlaces, plan_of: Counts, state: FleeState) -> None:  # fmt: skip
    """A day's travel of those on a link whose turn it is: everybody on the last turn, before it a share at random."""
    side = state.number[N_TODAY_SIDE]
    is_last = turn == turns - 1
    for i in range(state.number[N_TODAY]):
        cell = state.riders[side, i]
        people = state.riding[side, cell]
        if people == 0:
            continue
        slot = cell // RECENT_BINS
        plan = plan_of[slot]
        phase = slot - graph.plan_cell[plan]
        where = np.uint64(4096 + phase * RECENT_BINS + cell % RECENT_BINS)
        q = state.riding_q[side, cell] / people
        group = people
        if not is_last:
            group = binomial(
                people, 1.0 / (turns - turn), key, FLEE_TURN, graph.plan_key[plan], where, day, turn
            )
        state.riding[side, cell] = people - group
        state.riding_q[side, cell] = q * (people - group)
        if group > 0:
            travel_leg(
                day, epoch, plan, phase, group, q, 0.0, where, 1 + turn, key, rules, graph, places, state
            )
    if is_last:
        state.number[N_TODAY] = 0


@compiled
def continue_travel(day: int, epoch: int, key: Keys, rules: FleeParameters, graph: FleeGraph, places: FleePlaces, state: FleeState,
          record: FleeRecord, chosen: Counts) -> None:  # fmt: skip
    """Those who arrived with time left decide again, the least travelled first."""
    room = state.queue.shape[1]
    while state.number[N_QUEUED] > 0:
        for level in range(TODAY_BINS):
            if state.queue_ends[level, 0] == state.queue_ends[level, 1]:
                continue
            update_capacity_factors(day, rules, places, state)
            while state.queue_ends[level, 0] < state.queue_ends[level, 1]:
                slot = state.queue[level, state.queue_ends[level, 0] % room]
                state.queue_ends[level, 0] += 1
                state.number[N_QUEUED] -= 1
                _empty(day, epoch, slot, level, key, rules, graph, places, state, record, chosen)
            state.queue_ends[level, 0] = 0
            state.queue_ends[level, 1] = 0


@merged
def _empty(day: int, epoch: int, slot: int, level: int, key: Keys, rules: FleeParameters, graph: FleeGraph,
           places: FleePlaces, state: FleeState, record: FleeRecord, chosen: Counts) -> None:  # fmt: skip
    """Let the people of one pool decide and travel on."""
    pool = slot * TODAY_BINS + level
    people = state.pool[pool]
    q, m = state.pool_q[pool] / people, state.pool_m[pool] / people
    state.pool[pool] = 0
    state.pool_q[pool] = 0.0
    state.pool_m[pool] = 0.0
    visit = state.visit[pool] % _VISITS + 1 if state.visit[pool] // _VISITS == day else 0
    state.visit[pool] = day * _VISITS + visit
    where = np.uint64(16 + slot % RECENT_BINS + 16 * level + 65536 * visit)
    node = slot // RECENT_BINS
    number = places.key.size
    if node >= number:
        plan = node - number
        if may_follow(epoch, plan, graph, places, state):
            leave(day, plan, people, graph, state, record)
            first = graph.link_first[graph.plan_link[plan]]
            travel_leg(day, epoch, plan, first, people, q, m, where, 0, key, rules, graph, places, state)
        else:
            stand(graph.link_from[graph.plan_link[plan]], people, q, rules, places, state)
        return
    is_short = rules.short_stints and q < 1.0 and places.is_town[epoch, node]
    chance = 1.0 if is_short else chance_of_moving(epoch, node, rules, places, state)
    stayers = people
    if choose(day, epoch, node, people, chance, where, key, rules, graph, places, state, chosen) > 0:
        first_plan = graph.plan_start[node]
        for i in range(graph.plan_start[node + 1] - first_plan):
            group = chosen[i]
            if group == 0:
                continue
            chosen[i] = 0
            plan = first_plan + i
            if may_follow(epoch, plan, graph, places, state):
                stayers -= group
                leave(day, plan, group, graph, state, record)
                first = graph.link_first[graph.plan_link[plan]]
                travel_leg(day, epoch, plan, first, group, q, m, where, 0, key, rules, graph, places, state)
    if stayers > 0:
        stand(node, stayers, q, rules, places, state)


@merged
def chance_of_moving(
    epoch: int, place: int, rules: FleeParameters, places: FleePlaces, state: FleeState
) -> float:
    """Chance per day and person of moving on (FLEE.md, 1.5; of floods FLEE-2.md, 2)."""
    chance = places.chance[epoch, place]
    site = place % places.initial.size
    if rules.population_power != 0.0 and places.scales[epoch, site]:
        people = max(float(state.population[site]), places.capacity[site], 1.0)
        chance *= (people / rules.population_base) ** rules.population_power
    chance += places.attention[place] * max(0.0, places.foreseen[epoch, site] - chance)
    if places.forced[epoch, place] >= 0:
        chance = 1.0
    return min(1.0, chance)


@merged
def choose(day: int, epoch: int, place: int, people: int, chance: float, where: np.uint64, key: Keys,
           rules: FleeParameters, graph: FleeGraph, places: FleePlaces, state: FleeState, chosen: Counts) -> int:  # fmt: skip
    """Draw who moves by which plan; everybody by the forced one where there is one."""
    forced = places.forced[epoch, place]
    if forced >= 0:
        chosen[forced - graph.plan_start[place]] = people
        return people
    if state.version[place] != state.number[N_VERSION]:
        weigh(epoch, place, rules, graph, places, state)
    return share_out(
        people, chance, graph.plan_start[place], state.last[place], places.key[place], day, where, key,
        state.share, state.running, chosen,
    )  # fmt: skip
