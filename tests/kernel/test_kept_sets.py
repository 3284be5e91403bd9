"""Choice sets and weights that are kept are those that would be made anew, cut ones too; slow travellers stay on the road."""

from __future__ import annotations

import numpy as np
import pytest

from forewarn.kernel import arrays
from forewarn.kernel.native.member import simulate
from tests.kernel.small_worlds import SmallWorld, empty_record, random_world, run

WORLDS = range(40)


def record(world: SmallWorld, reach: int, between=lambda state: None) -> arrays.Record:
    """The record of a world whose sets have at most `reach` places; `between` is done to the state every evening."""
    table_days = np.array([world.horizon // 2, world.horizon], dtype=np.int64)
    found = empty_record(world, 2)
    state = arrays.new_state(world.roads, world.places, world.plan, reach, 10_000)
    for day in range(1, world.horizon + 1):
        inputs = (world.roads, world.places, world.plan, world.traits, world.behaviour)
        assert simulate(world.key, day, table_days, *inputs, state, found) == arrays.DONE
        between(state)
    return found


def make_all_anew(state: arrays.State) -> None:
    state.sets.epoch[:] = -1
    state.today.weighed[:] = arrays.NOT_WEIGHED


def forget_what_changed(state: arrays.State) -> None:
    state.today.changed_in[:] = 0


def are_same(one: arrays.Record, other: arrays.Record) -> bool:
    return all(np.array_equal(a, b) for a, b in zip(one, other, strict=True))


@pytest.mark.parametrize("reach", [3, 5, 8])
def test_what_is_kept_is_what_would_be_made(reach):
    for seed in WORLDS:
        world = random_world(seed)
        assert are_same(record(world, reach), record(world, reach, make_all_anew))


@pytest.mark.parametrize("reach", [3, 8])
def test_a_stale_set_is_noticed(reach):
    worlds = [random_world(seed) for seed in WORLDS]
    assert not all(are_same(record(each, reach), record(each, reach, forget_what_changed)) for each in worlds)


def test_whoever_needs_longer_than_any_horizon_does_not_arrive():
    """However slow: days on the road are whole numbers of 32 bits."""
    for seed in WORLDS:
        world = random_world(seed)
        slow, slower = (
            run(world._replace(behaviour=world.behaviour._replace(km_per_day=each))) for each in (1e-3, 1e-12)
        )
        assert are_same(slow, slower)
