"""A kernel's small world as the slow twin's world, and its record as the twin's lists."""

from __future__ import annotations

import math

import numpy as np

from forewarn.kernel import arrays
from tests.kernel.small_worlds import SmallWorld
from tests.twin import world as twin


def to_twin(world: SmallWorld) -> twin.World:
    """The same member in the words of the model page; tables at half time and at the end."""
    zones = len(world.traits.zone_pull)
    behaviour = world.behaviour
    pairs = world.roads.pair_crossing
    return twin.World(
        key=(int(world.key[0]), int(world.key[1])),
        days=world.horizon,
        places=[_place(world, i) for i in range(len(world.names))],
        routes=_routes(world.roads),
        origin_group_keys=[int(key) for key in world.places.group_key],
        n_zones=zones,
        pair_crossing={
            (a, b): int(pairs[a, b]) for a in range(zones) for b in range(zones) if pairs[a, b] >= 0
        },
        crossings=_crossings(world.plan),
        attacks=_attacks(world.plan),
        ceasefires=[(int(day), int(day) + 1) for day in np.flatnonzero(world.plan.ceasefire)],
        returns_programme=[
            twin.Programme(*(int(number) for number in row), int(people))
            for row, people in zip(world.plan.programme, world.plan.programme_people, strict=True)
        ],
        zone_pull=world.traits.zone_pull.tolist(),
        fear_intensity=behaviour.fear_intensity,
        fear_decay_km=behaviour.fear_decay_km,
        max_decay_km=world.max_fear_km / 4,
        post_effect=1 - min(world.traits.shelter),
        share_at_once=behaviour.share_at_once,
        days_at_once=behaviour.days_at_once,
        shunned=behaviour.shunned,
        memory_days=behaviour.memory_days,
        foresight_days=int((world.plan.start - world.plan.seen_from).max(initial=0)),
        liberators=frozenset(np.flatnonzero(world.traits.liberates).tolist()),
        onward_rate=behaviour.onward_chance,
        history=_history(world.traits),
        displaced_multiplier=behaviour.displaced_multiplier,
        newly_displaced_multiplier=behaviour.newly_displaced_multiplier,
        warning_half_life=1.0,
        distance_exponent=behaviour.distance_exponent,
        softening_km=behaviour.softening_km,
        danger=behaviour.danger,
        radius_km=behaviour.radius_km,
        km_per_day=behaviour.km_per_day,
        patience_days=1 / behaviour.give_up_chance,
        return_half_life=-1 / math.log2(1 - behaviour.return_chance),
        calm_days=behaviour.calm_days,
        calm_exposure=behaviour.calm_exposure,
        table_days=(world.horizon // 2,),
    )


def _place(world: SmallWorld, i: int) -> twin.Place:
    """Appeal as the pull of a place of 1,000 people."""
    places, traits = world.places, world.traits
    chosen = bool(np.isfinite(traits.appeal[i]))
    return twin.Place(
        name=world.names[i],
        key=int(places.key[i]),
        zone0=int(places.zone[i]),
        residents=int(places.residents[i]),
        displaced=int(places.displaced_before[i]),
        share_leaving=float(traits.share_leaving[i]),
        days_to_half=float(traits.days_to_half[i]),
        days_to_half_of_followers=float(traits.days_of_followers[i]),
        local_pull=float(traits.local_pull[i]) if np.isfinite(traits.local_pull[i]) else None,
        origin_group=int(places.group[i]),
        capacity=float(traits.capacity[i]),
        attraction=1_000.0 if chosen else 0.0,
        pull=float(traits.appeal[i]) if chosen else 0.0,
        churn=float(traits.churn[i]),
        warning=float(traits.warning[i]),
        covered=bool(traits.shelter[i] < 1),
    )


def _history(traits: arrays.Traits) -> dict[tuple[int, int], float]:
    starts = traits.history_start.tolist()
    return {
        (origin, int(traits.history_place[row])): float(traits.history[row])
        for origin in range(len(starts) - 1)
        for row in range(starts[origin], starts[origin + 1])
    }


def _routes(roads: arrays.Roads) -> list[twin.Route]:
    km = {int(route): float(length) for route, length in zip(roads.route, roads.km, strict=True)}
    return [
        twin.Route(int(a), int(b), km[route], int(roads.crossing[route]))
        for route, (a, b) in enumerate(roads.ends)
    ]


def _crossings(plan: arrays.Schedule) -> list[list[twin.CrossingDay]]:
    return [
        [_crossing_day(int(mode), float(rate)) for mode, rate in zip(modes, rates, strict=True)]
        for modes, rates in zip(plan.crossing_mode, plan.crossing_rate, strict=True)
    ]


def _crossing_day(mode: int, rate: float) -> twin.CrossingDay:
    if mode == arrays.LIMITED:
        return twin.CrossingDay(twin.LIMITED, per_day=math.floor(rate))
    if mode == arrays.LEAKING:
        return twin.CrossingDay(twin.LEAKING, rate=rate)
    return twin.CrossingDay(twin.OPEN if mode == arrays.OPEN else twin.CLOSED)


def _attacks(plan: arrays.Schedule) -> list[twin.Attack]:
    return [
        twin.Attack(
            place=int(plan.place[row]),
            start=int(plan.start[row]),
            end=int(plan.end[row]),
            intensity=float(plan.intensity[row]),
            fall_day=int(plan.fall[row]),
            zone_after=int(plan.zone_after[row]),
            siege=bool(plan.siege[row]),
        )
        for row in range(len(plan.place))
    ]
