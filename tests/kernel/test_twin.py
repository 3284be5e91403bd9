"""The compiled kernel and the slow twin of docs/model.md give the same record, person by person."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from forewarn.kernel import arrays
from forewarn.kernel.native.member import simulate
from forewarn.network.roads import make_roads
from tests.kernel.from_small_world import to_twin
from tests.kernel.small_worlds import SmallWorld, empty_record, random_world, run
from tests.twin import choosing, draws, leaving, member, roads


def differences(world: SmallWorld, record: arrays.Record) -> list[str]:
    """Where the twin differs from the kernel's record: variable, index, both numbers."""
    slow = member.simulate(to_twin(world))
    found = []
    for name, values in record._asdict().items():
        other = np.array(slow[name], dtype=np.int64).reshape(values.shape)
        for index in np.argwhere(values != other)[:3]:
            at = tuple(int(i) for i in index)
            found.append(f"{name}{at}: kernel {values[at]}, twin {other[at]}")
    return found


def ordinary(seed: int) -> SmallWorld:
    return random_world(seed)


def of_three_regions(seed: int) -> SmallWorld:
    return random_world(seed, groups=3)


def with_short_ways(seed: int) -> SmallWorld:
    """Detours and ways behind gates often are too long."""
    world = random_world(seed, places=14, groups=4)
    return world._replace(behaviour=world.behaviour._replace(radius_km=60.0))


def with_full_places(seed: int) -> SmallWorld:
    """Some places hold nobody, many few; nobody newly displaced flees again."""
    world = random_world(seed)
    capacity = np.where(np.arange(len(world.names)) % 3 == 0, 0.0, np.minimum(world.traits.capacity, 2_000.0))
    behaviour = world.behaviour._replace(newly_displaced_multiplier=0.0, return_chance=0.3)
    return world._replace(traits=world.traits._replace(capacity=capacity), behaviour=behaviour)


def on_even_roads(seed: int) -> SmallWorld:
    """All roads are of one length, so that many ways are equally short."""
    world = random_world(seed, places=12, groups=5)
    roads_now = make_roads(
        world.names,
        world.roads.ends,
        np.full(len(world.roads.ends), 20.0),
        world.roads.crossing,
        pair_crossing=world.roads.pair_crossing,
        gated=np.ones(len(world.roads.ends), dtype=np.bool_),
        fear_km=world.max_fear_km,
    )
    return world._replace(roads=roads_now)


CASES = {
    **{f"ordinary {seed}": (ordinary, seed) for seed in (*range(10), 56)},
    **{f"regions {seed}": (of_three_regions, seed) for seed in range(150, 160)},
    **{f"short ways {seed}": (with_short_ways, seed) for seed in range(400, 408)},
    **{f"full places {seed}": (with_full_places, seed) for seed in range(500, 508)},
    **{f"even roads {seed}": (on_even_roads, seed) for seed in range(600, 608)},
}


@pytest.mark.parametrize("case", CASES)
def test_kernel_and_twin_agree_in_every_number(case: str):
    make, seed = CASES[case]
    world = make(seed)
    assert differences(world, run(world)) == []


@pytest.mark.parametrize("case", CASES)
def test_a_member_that_stops_and_goes_on_is_the_same(case: str):
    make, seed = CASES[case]
    world = make(seed)
    whole, stopped = run(world), run(world, stops=(1, 1, world.horizon // 2))
    for name in arrays.Record._fields:
        assert np.array_equal(getattr(whole, name), getattr(stopped, name)), name


def test_kernel_and_twin_agree_where_choice_sets_are_cut(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(roads, "LARGE", 0)
    monkeypatch.setattr(roads, "NEAREST", 5)
    for seed in range(4):
        world = random_world(seed, places=12)
        record = empty_record(world, 2)
        state = arrays.new_state(world.roads, world.places, world.plan, 5, 10_000)
        table_days = np.array([world.horizon // 2, world.horizon], dtype=np.int64)
        code = simulate(
            world.key, world.horizon, table_days, world.roads, world.places, world.plan, world.traits, world.behaviour,
            state, record
        )  # fmt: skip
        assert code == arrays.DONE
        assert differences(world, record) == []


def test_the_worlds_reach_every_variable():
    records = [run(make(seed)) for make, seed in CASES.values()]
    for name in arrays.Record._fields:
        assert sum(getattr(record, name).any() for record in records) > len(records) / 4, name
    assert all(any(record.left_home[-1, cause] > 0 for record in records) for cause in range(4))


def swapped(*address: object, **more: object) -> tuple[float, float]:
    first, second = draws.uniforms(*address, **more)
    return second, first


def reversed_words(*address: object, **more: object) -> draws.Words:
    w0, w1, w2, w3 = draws.words(*address, **more)
    return w3, w2, w1, w0


def unhurried(today: choosing.Today, place: int) -> bool:
    """A place is calm a day later than it is."""
    calm_days = today.world.calm_days
    return CALM(today, place) and today.day - today.state.last_exposed[place] > calm_days


CALM, HISTORY = leaving.calm, choosing.Today.history

ALTERED = {
    "places are never full": (choosing.Today, "_room", lambda today, place: 1.0),
    "nobody fears attacks elsewhere": (member, "fear_exposure", lambda today, place, distance: 0.0),
    "the words of four people change places": (choosing, "words", reversed_words),
    "another uniform says who flees again": (leaving, "uniforms", swapped),
    "who is stopped on the way stays": (choosing, "take_restless", lambda *_: 0),
    "nobody finds another way": (roads.Roads, "way", lambda *_: None),
    "calm comes a day late": (leaving, "calm", unhurried),
    "people wait on beside an attack": (member, "tired", lambda *_: {}),
    "nobody follows those who went before": (choosing.Today, "history", lambda *_: 0.0),
    "people follow the other way round": (
        choosing.Today,
        "history",
        lambda today, i, j: HISTORY(today, j, i),
    ),
    "queues do not deter": (choosing.Today, "_gate_factor", lambda today, step: 1.0),
}


@pytest.mark.parametrize("rule", ALTERED)
def test_a_twin_with_one_rule_altered_differs(rule: str, monkeypatch: pytest.MonkeyPatch):
    """Negative control: the comparison notices each of these."""
    owner, name, other = ALTERED[rule]
    monkeypatch.setattr(owner, name, other)
    assert any(differs(*case) for case in CASES.values())


def differs(make: Callable[[int], SmallWorld], seed: int) -> bool:
    world = make(seed)
    return bool(differences(world, run(world)))
