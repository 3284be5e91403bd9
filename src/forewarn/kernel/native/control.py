"""Steps A and B of a day: who holds what, which roads are open, who is under attack or in fear."""

from __future__ import annotations

import math

from forewarn.kernel.arrays import (
    CLOSED,
    GATED,
    LEAKING,
    LIMITED,
    OPEN,
    Behaviour,
    Roads,
    Schedule,
    Today,
    Traits,
)
from forewarn.kernel.compiling import compiled, merged


@compiled
def _is_running(row: int, day: int, plan: Schedule) -> bool:
    return plan.start[row] <= day < min(plan.end[row], plan.fall[row]) and not plan.ceasefire[day]


@merged
def update_zones(day: int, epoch: int, plan: Schedule, today: Today) -> bool:
    """Places that fall today change hands; say whether any zone changed, and so `epoch` begins."""
    changed = False
    for row in range(plan.place.size):
        if plan.fall[row] == day and plan.zone_after[row] >= 0:
            place = plan.place[row]
            if today.zone[place] != plan.zone_after[row]:
                today.zone[place] = plan.zone_after[row]
                today.changed_in[place] = epoch
                changed = True
    return changed


@merged
def update_attacks(day: int, plan: Schedule, traits: Traits, today: Today) -> tuple[bool, bool]:
    """Own exposure and siege of every place; say whether any changed since yesterday, and from none to some."""
    for place in range(today.attack.size):
        today.attack_before[place] = today.attack[place]
        today.attack[place] = 0.0
        today.besieged[place] = False
        today.is_seen[place] = False
    for row in range(plan.place.size):
        if _is_running(row, day, plan):
            place = plan.place[row]
            if plan.intensity[row] * traits.shelter[place] > 0.0:
                today.last_attacked[place] = day
            today.attack[place] = max(today.attack[place], plan.intensity[row] * traits.shelter[place])
            if plan.siege[row] and plan.intensity[row] > 0.0:
                today.besieged[place] = True
        if plan.seen_from[row] <= day < plan.start[row] and plan.intensity[row] > 0.0:
            today.is_seen[plan.place[row]] = True
    changed = False
    begins = False
    for place in range(today.attack.size):
        changed |= today.attack[place] != today.attack_before[place]
        begins |= today.attack[place] > 0.0 and today.attack_before[place] == 0.0
    return changed, begins


@compiled
def _state_of_route(route: int, day: int, roads: Roads, plan: Schedule, today: Today) -> tuple[int, int]:
    """State of a route and the crossing that governs it, -1 within one zone or at a front line."""
    first = roads.ends[route, 0]
    second = roads.ends[route, 1]
    zone = today.zone[first]
    other = today.zone[second]
    crossing = -1
    state = OPEN
    if zone != other:
        crossing = roads.crossing[route]
        if crossing < 0:
            crossing = roads.pair_crossing[zone, other]
        state = CLOSED
        if crossing >= 0:
            mode = plan.crossing_mode[crossing, day]
            if mode == OPEN:
                state = OPEN
            elif (mode == LEAKING or mode == LIMITED) and plan.crossing_rate[crossing, day] > 0.0:
                state = GATED
    if today.besieged[first] or today.besieged[second]:
        state = CLOSED
    return state, crossing


@merged
def update_routes(day: int, epoch: int, roads: Roads, plan: Schedule, today: Today) -> bool:
    """State of every route today; say whether any changed, and so `epoch` begins."""
    changed = False
    for route in range(today.route.size):
        state, crossing = _state_of_route(route, day, roads, plan, today)
        if state != today.route[route]:
            changed = True
            today.changed_in[roads.ends[route, 0]] = epoch
            today.changed_in[roads.ends[route, 1]] = epoch
        today.route[route] = state
        today.route_crossing[route] = crossing
    return changed


@merged
def spread_fear(roads: Roads, behaviour: Behaviour, today: Today) -> None:
    """Fear of attacks elsewhere in the same zone, and exposure as a whole."""
    today.fear[:] = 0.0
    if behaviour.fear_intensity > 0.0:
        for place in range(today.attack.size):
            if today.attack[place] <= 0.0:
                continue
            for i in range(roads.near_start[place], roads.near_start[place + 1]):
                near = roads.near_place[i]
                if today.zone[near] == today.zone[place]:
                    reach = math.exp(-roads.near_km[i] / behaviour.fear_decay_km)
                    felt = behaviour.fear_intensity * today.attack[place] * reach
                    today.fear[near] = max(today.fear[near], felt)
    for place in range(today.attack.size):
        today.exposure[place] = min(1.0, today.attack[place] + today.fear[place])


@merged
def update_last_exposed(day: int, behaviour: Behaviour, today: Today) -> None:
    """Keep the last day on which each place was exposed; returns wait for calm."""
    for place in range(today.exposure.size):
        if today.exposure[place] >= behaviour.calm_exposure and today.exposure[place] > 0.0:
            today.last_exposed[place] = day
