"""Random small worlds for the kernel: every step of a day has something to do in most of them."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from forewarn.kernel import arrays
from forewarn.kernel.native.member import simulate
from forewarn.network.roads import key_of, make_roads


class SmallWorld(NamedTuple):
    """One member's inputs."""

    key: np.ndarray
    horizon: int
    names: list[str]
    roads: arrays.Roads
    places: arrays.Places
    plan: arrays.Schedule
    traits: arrays.Traits
    behaviour: arrays.Behaviour
    max_fear_km: float


def random_world(seed: int, *, places: int = 8, horizon: int = 40, groups: int | None = None) -> SmallWorld:
    """A connected random network with zones, gates, attacks, ceasefires and programmes."""
    rng = np.random.default_rng(seed)
    names = [f"place {i}" for i in range(places)]
    ends = [(int(rng.integers(i)), i) for i in range(1, places)]
    for _ in range(places // 2):
        a, b = (int(x) for x in rng.choice(places, 2, replace=False))
        if (a, b) not in ends and (b, a) not in ends:
            ends.append((a, b))
    ends_array = np.array(ends, dtype=np.int64)
    zone = rng.integers(0, 3, places).astype(np.int64)
    zone[: places // 2] = 0
    crossings = 4
    crossing = rng.choice([-1, -1, 0, 1, 2], len(ends)).astype(np.int64)
    pair = np.full((3, 3), -1, dtype=np.int64)
    pair[0, 1] = pair[1, 0] = 3
    mode = rng.integers(0, 4, (crossings, horizon + 1)).astype(np.int64)
    mode[:, : horizon // 2] = mode[:, :1]
    rate = np.where(mode == arrays.LIMITED, rng.integers(0, 60, mode.shape), rng.uniform(0, 0.3, mode.shape))
    km = rng.integers(3, 60, len(ends)).astype(np.float64)
    roads = make_roads(
        names,
        ends_array,
        km,
        crossing,
        pair_crossing=pair,
        gated=np.ones(len(ends), dtype=np.bool_),
        fear_km=120.0,
    )
    group = np.arange(places) if groups is None else np.arange(places) % groups
    number = int(group.max()) + 1
    attacks = int(rng.integers(1, places))
    start = rng.integers(1, horizon, attacks)
    foresight = seed % 4
    falls = rng.integers(0, 2, attacks).astype(bool)
    plan = arrays.Schedule(
        place=rng.integers(0, places, attacks).astype(np.int64),
        start=start.astype(np.int64),
        end=(start + rng.integers(1, 25, attacks)).astype(np.int64),
        fall=np.where(falls, start + rng.integers(1, 15, attacks), arrays.NEVER).astype(np.int64),
        intensity=np.where(rng.random(attacks) < 0.1, 0.0, rng.uniform(0.2, 1.0, attacks)),
        zone_after=np.where(falls, 1, -1).astype(np.int64),
        siege=rng.random(attacks) < 0.2,
        seen_from=(start - foresight).astype(np.int64),
        ceasefire=np.arange(horizon + 1) // 5 % 5 == 4,
        crossing_mode=mode,
        crossing_rate=rate.astype(np.float64),
        programme=np.array([[0, places - 1, 3, 9]], dtype=np.int64),
        programme_people=np.array([123]),
        warning_share=0.5 ** np.arange(horizon + 1) * (np.arange(horizon + 1) > 0),
    )
    appeal = rng.normal(0.0, 1.0, places)
    appeal[rng.random(places) < 0.15] = -np.inf
    capacity = np.where(rng.random(places) < 0.4, rng.integers(200, 4000, places), np.inf).astype(np.float64)
    history_start, history_place, history = random_history(seed, places)
    traits = arrays.Traits(
        share_leaving=rng.uniform(0.2, 0.9, places),
        days_to_half=rng.uniform(1.0, 20.0, places),
        days_of_followers=rng.uniform(1.0, 40.0, places),
        appeal=appeal,
        local_pull=np.where(rng.random(places) < 0.5, rng.normal(0.0, 1.0, places), -np.inf),
        capacity=capacity,
        churn=rng.choice([0.0, 0.001], places),
        warning=rng.choice([0.0, 0.05], places),
        shelter=rng.choice([1.0, 0.6], places),
        zone_pull=rng.normal(0.0, 0.5, (3, 3)),
        liberates=rng.random(3) < 0.3,
        history_start=history_start,
        history_place=history_place,
        history=history,
    )
    behaviour = arrays.Behaviour(
        fear_intensity=0.2,
        fear_decay_km=25.0,
        share_at_once=(0.0, 0.3, 1.0)[seed % 3],
        days_at_once=1.5,
        displaced_multiplier=1.3,
        newly_displaced_multiplier=1.1,
        distance_exponent=1.2,
        softening_km=8.0,
        danger=2.0,
        shunned=(1.0, 0.1, 0.0)[seed // 3 % 3],
        memory_days=seed % 5 * 4,
        onward_chance=(0.0, 0.02)[seed % 2],
        radius_km=200.0,
        km_per_day=float(rng.integers(5, 60)),
        give_up_chance=0.1,
        return_chance=0.05,
        calm_days=4,
        calm_exposure=0.05,
    )
    return SmallWorld(
        key=np.random.SeedSequence(seed, spawn_key=(0,)).generate_state(2).astype(np.uint64),
        horizon=horizon,
        names=names,
        roads=roads,
        places=arrays.Places(
            key=np.array([key_of(name) for name in names], dtype=np.uint64),
            zone=zone,
            group=group.astype(np.int64),
            group_key=np.array([key_of(names[i]) for i in range(number)], dtype=np.uint64),
            residents=rng.integers(0, 5000, places),
            displaced_before=rng.integers(0, 3000, places),
        ),
        plan=plan,
        traits=traits,
        behaviour=behaviour,
        max_fear_km=120.0,
    )


def random_history(seed: int, places: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Who went where before: a third of the pairs, a place and itself among them; nobody in every fourth world."""
    rng = np.random.default_rng([seed, 1])
    pairs = rng.random((places, places)) < (1 / 3 if seed % 4 else 0)
    start = np.concatenate([[0], np.cumsum(pairs.sum(axis=1))]).astype(np.int64)
    return start, np.nonzero(pairs)[1].astype(np.int64), rng.uniform(0.0, 3.0, int(pairs.sum()))


def empty_record(world: SmallWorld, table_days: int) -> arrays.Record:
    """A record of zeros."""
    days, places = world.horizon + 1, len(world.names)
    routes = len(world.roads.crossing)
    groups, crossings = len(world.places.group_key), len(world.plan.crossing_mode)

    def zeros(*shape: int) -> np.ndarray:
        return np.zeros(shape, dtype=np.int32)

    by_place = [zeros(days, places) for _ in range(6)]
    return arrays.Record(
        zeros(days, 4), zeros(days), *by_place, zeros(days), zeros(days), zeros(days), zeros(days),
        zeros(days, crossings), zeros(table_days, groups, places), zeros(table_days, routes, 2),
    )  # fmt: skip


def run(world: SmallWorld, *, party_room: int = 10_000, stops: tuple[int, ...] = ()) -> arrays.Record:
    """The kernel's record of a world, stopping on some days; tables at half time and at the end."""
    table_days = np.array([world.horizon // 2, world.horizon], dtype=np.int64)
    record = empty_record(world, 2)
    state = arrays.new_state(world.roads, world.places, world.plan, len(world.names), party_room)
    for last_day in (*stops, world.horizon):
        code = simulate(
            world.key,
            last_day,
            table_days,
            world.roads,
            world.places,
            world.plan,
            world.traits,
            world.behaviour,
            state,
            record,
        )
        assert code == arrays.DONE
    return record
