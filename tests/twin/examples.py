"""Worlds made by hand that together go through every step of a day, and what can be switched on in them."""

import math
import random
from collections.abc import Callable
from dataclasses import replace

from .draws import key_of
from .world import CLOSED, LEAKING, LIMITED, OPEN, Attack, CrossingDay, Place, Programme, Route, World

KEY = (0xA4093822, 0x299F31D0)


def place(name, zone=0, residents=20_000, displaced=5_000, **facts):
    standard = {"share_leaving": 0.6, "days_to_half": 5.0, "origin_group": 0, "attraction": 10_000.0}
    return Place(name, key_of(name), zone, residents, displaced, **(standard | facts))


def with_own_origins(places):
    numbered = [replace(each, origin_group=number) for number, each in enumerate(places)]
    return {"places": numbered, "origin_group_keys": [each.key for each in numbered]}


def a_line_of_four(**changes):
    """A - B - C | D: A is attacked, falls and is left alone; a crossing lies between C and D."""
    days = 120
    line = with_own_origins(
        [
            place("A", covered=True),
            place("B", churn=0.002, warning=0.05),
            place("C", displaced=0, capacity=60_000.0),
            place("D", zone=1, residents=0, displaced=0, attraction=40_000.0, camp_foreign_pull=1.0),
        ]
    )
    limited = [CrossingDay(LIMITED, per_day=150)] * 50
    changing = limited + [CrossingDay(LEAKING, rate=0.03)] * 30 + [CrossingDay(CLOSED)] * 20
    world = World(
        key=KEY,
        days=days,
        **line,
        routes=[Route(0, 1, 90.0), Route(1, 2, 70.0), Route(2, 3, 20.0, crossing=0)],
        n_zones=3,
        crossings=[changing + [CrossingDay(OPEN)] * (days + 1 - len(changing))],
        attacks=[
            Attack(0, 3, 40, 1.0),
            Attack(1, 12, 30, 0.7, fall_day=25, zone_after=2),
            Attack(2, 35, 37, 0.5, siege=True),
            Attack(2, 60, 63, 0.8),
        ],
        ceasefires=[(18, 22)],
        returns_programme=[Programme(0, 2, 70, 79, 997)],
        fear_intensity=0.3,
        fear_decay_km=40.0,
        max_decay_km=60.0,
        post_effect=0.25,
        displaced_multiplier=1.5,
        newly_displaced_multiplier=0.8,
        zone_pull=[[0.0, 0.3, -1.0], [0.0, 0.0, 0.0], [0.0, 0.0, 0.0]],
        danger=2.0,
        km_per_day=30.0,
        patience_days=20.0,
        return_half_life=15.0,
        calm_days=10,
    )
    return replace(world, **changes)


def a_ring_of_regions(**changes):
    """Six places of two regions on a ring across two zones; every road between zones is one leaking line."""
    regions = [key_of("north"), key_of("south")]
    names = ["P", "Q", "R", "S", "T", "U"]
    places = [
        place(name, zone=int(number >= 3), origin_group=number % 2, residents=3_000 * number)
        for number, name in enumerate(names)
    ]
    world = World(
        key=(1, 2),
        days=60,
        places=places,
        routes=[Route(number, (number + 1) % 6, 25.0 + number) for number in range(6)],
        origin_group_keys=regions,
        n_zones=2,
        pair_crossing={(0, 1): 0},
        crossings=[[CrossingDay(LEAKING, rate=0.2)] * 61],
        attacks=[Attack(1, 2, 20, 0.9), Attack(4, 10, 25, 0.6, fall_day=15, zone_after=0)],
        fear_intensity=0.5,
        newly_displaced_multiplier=1.0,
        returns_programme=[Programme(5, 0, 30, 40, 10**6)],
        return_half_life=10.0,
        calm_days=5,
    )
    return replace(world, **changes)


def a_road_of_three(crossing_days=(), far_zone=0, **changes):
    """A - B - C, 60 km apart: all who leave A go to C, two or more days away."""
    places = with_own_origins(
        [
            place("A", displaced=0, attraction=0.0, share_leaving=1.0, days_to_half=1.0),
            place("B", residents=0, displaced=0, attraction=0.0),
            place("C", zone=far_zone, residents=0, displaced=0),
        ]
    )
    world = World(
        key=KEY,
        days=60,
        **places,
        routes=[Route(0, 1, 60.0), Route(1, 2, 60.0, crossing=0 if crossing_days else -1)],
        n_zones=2,
        crossings=[list(crossing_days)] if crossing_days else [],
        attacks=[Attack(0, 1, 6, 1.0)],
    )
    return replace(world, **changes)


def with_two_paces(world, share_at_once, days_at_once):
    """Some of those who would leave go within days; the others are slower, so that t50 is that of all."""
    places = [
        replace(
            each,
            days_to_half_of_followers=followers_half_life(each.days_to_half, share_at_once, days_at_once),
        )
        for each in world.places
    ]
    return replace(world, places=places, share_at_once=share_at_once, days_at_once=days_at_once)


def followers_half_life(days_to_half, share_at_once, days_at_once):
    """t_p of the page's section 2."""
    at_home = (0.5 - share_at_once * 2 ** (-days_to_half / days_at_once)) / (1 - share_at_once)
    return -days_to_half / math.log2(min(max(at_home, 1e-6), 2 ** (-1 / 20)))


def in_two_paces(world, rng):
    """Few or many go at once, hardly earlier than all the others or much earlier."""
    return with_two_paces(world, rng.choice([0.2, 0.7, 0.95]), rng.uniform(0.3, 8.0))


def staying_within(world, rng):
    """In most places people may stay within the place."""
    places = [
        replace(each, local_pull=rng.choice([None, rng.uniform(-1.5, 1.5), rng.uniform(-1.5, 1.5)]))
        for each in world.places
    ]
    return replace(world, places=places)


def shunning(world, rng):
    """Hardly anybody, or nobody, goes to what is attacked or taken; one zone may be of liberators."""
    return replace(
        world,
        shunned=rng.choice([0.0, 0.02]),
        memory_days=rng.choice([0, 10]),
        foresight_days=rng.choice([0, 4]),
        liberators=rng.choice([frozenset(), frozenset({world.n_zones - 1})]),
    )


def moving_on(world, rng):
    """People displaced move on from where it is crowded or near the front."""
    places = [
        replace(each, capacity=min(each.capacity, rng.choice([20_000.0, 30_000.0]))) for each in world.places
    ]
    return replace(world, places=places, onward_rate=rng.uniform(0.005, 0.05))


def following(world, rng):
    """People go where others of their place went before, or stay within it like them; nobody did from some."""
    numbers = range(len(world.places))
    pairs = [(i, j) for i in numbers for j in numbers if i != len(world.places) - 1 and rng.random() < 0.5]
    return replace(world, history={pair: rng.uniform(0.0, 3.0) for pair in pairs})


Switch = Callable[[World, random.Random], World]

SWITCHES: dict[str, Switch] = {
    "two paces": in_two_paces,
    "staying within": staying_within,
    "shunning": shunning,
    "moving on": moving_on,
    "following": following,
}


def switched(world: World, *names: str, seed: int = 0) -> World:
    """The world with these switches on; each is set by the seed and its own name alone."""
    for name in names:
        world = SWITCHES[name](world, random.Random(f"{seed} {name}"))
    return world


def random_example(seed: int) -> tuple[World, list[str]]:
    """A line or a ring with each switch on or off; the switches that are on."""
    rng = random.Random(seed)
    world = rng.choice([a_line_of_four, a_ring_of_regions])(key=(seed, 7))
    names = [name for name in SWITCHES if rng.random() < 0.5]
    return switched(world, *names, seed=seed), names
