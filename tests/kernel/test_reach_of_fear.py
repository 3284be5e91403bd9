"""What is near a place is kept for places that may be attacked, and for no others."""

from __future__ import annotations

import numpy as np

from forewarn.network.roads import make_roads
from tests.kernel.small_worlds import random_world


def near(roads, place):
    part = slice(roads.near_start[place], roads.near_start[place + 1])
    return dict(zip(roads.near_place[part].tolist(), roads.near_km[part].tolist(), strict=True))


def test_only_what_is_near_places_that_may_be_attacked_is_kept():
    world = random_world(5, places=12)
    attacked = np.isin(np.arange(12), [0, 7, 11])
    some = make_roads(
        world.names,
        world.roads.ends,
        _km(world),
        world.roads.crossing,
        pair_crossing=world.roads.pair_crossing,
        gated=np.ones(len(world.roads.ends), dtype=np.bool_),
        fear_km=world.max_fear_km,
        attacked=attacked,
    )
    assert [near(some, place) for place in (0, 7, 11)] == [near(world.roads, place) for place in (0, 7, 11)]
    assert all(near(world.roads, place) for place in range(12)), "else the next line says nothing"
    assert not any(near(some, place) for place in np.flatnonzero(~attacked))


def _km(world):
    km = np.zeros(len(world.roads.ends))
    km[world.roads.route] = world.roads.km
    return km
