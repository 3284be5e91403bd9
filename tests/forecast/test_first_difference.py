"""A member goes on from a kept state of another exactly as long as it should, in random little worlds."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forewarn.forecast.first_difference import first_difference
from forewarn.forecast.kept_members import KeptMember, squeezed
from forewarn.forecast.member_worlds import MemberWorld
from forewarn.forecast.variables import table_days
from forewarn.kernel import arrays
from forewarn.kernel.arrays import ALMOST_FULL
from forewarn.kernel.native.member import simulate
from tests.kernel.small_worlds import SmallWorld, empty_record, random_world

Rng = np.random.Generator


def row(world: SmallWorld, rng: Rng, name: str, change: Callable[[np.ndarray, int], object]) -> SmallWorld:
    """The world with one number of one attack row changed."""
    values = getattr(world.plan, name).copy()
    at = int(rng.integers(len(values)))
    values[at] = change(values, at)
    return world._replace(plan=world.plan._replace(**{name: values}))


def rows(world: SmallWorld, order: np.ndarray) -> SmallWorld:
    """The world with some of its attack rows, in an order."""
    names = ("place", "start", "end", "fall", "intensity", "zone_after", "siege", "seen_from")
    return world._replace(
        plan=world.plan._replace(**{each: getattr(world.plan, each)[order] for each in names})
    )


def since(world: SmallWorld, rng: Rng, name: str, value: float) -> SmallWorld:
    """The world with one crossing changed from a day on."""
    values = getattr(world.plan, name).copy()
    values[rng.integers(len(values)), rng.integers(1, world.horizon) :] = value
    return world._replace(plan=world.plan._replace(**{name: values}))


def ceasefire(world: SmallWorld, rng: Rng) -> SmallWorld:
    quiet = world.plan.ceasefire.copy()
    first = int(rng.integers(1, world.horizon))
    quiet[first : first + 6] ^= True
    return world._replace(plan=world.plan._replace(ceasefire=quiet))


def programme(world: SmallWorld, rng: Rng) -> SmallWorld:
    later = world.plan.programme.copy()
    later[0, 2:] += rng.integers(-2, 30)
    return world._replace(plan=world.plan._replace(programme=later))


def warning(world: SmallWorld, rng: Rng) -> SmallWorld:
    share = world.plan.warning_share.copy()
    share[rng.integers(1, world.horizon) :] *= 1.5
    return world._replace(plan=world.plan._replace(warning_share=share))


def shelter(world: SmallWorld, rng: Rng) -> SmallWorld:
    factor = world.traits.shelter.copy()
    factor[rng.integers(len(factor))] *= 0.5
    return world._replace(traits=world.traits._replace(shelter=factor))


def capacity(world: SmallWorld, rng: Rng) -> SmallWorld:
    people = world.traits.capacity.copy()
    people[rng.integers(len(people))] = rng.integers(8_000, 20_000)
    return world._replace(traits=world.traits._replace(capacity=people))


CHANGES: dict[str, Callable[[SmallWorld, Rng], SmallWorld]] = {
    "an attack begins later": lambda w, r: row(w, r, "start", lambda v, i: v[i] + r.integers(1, 9)),
    "an attack begins sooner": lambda w, r: row(w, r, "start", lambda v, i: max(v[i] - r.integers(1, 9), 1)),
    "an attack ends sooner": lambda w, r: row(w, r, "end", lambda v, i: v[i] - r.integers(1, 9)),
    "an attack is stronger": lambda w, r: row(w, r, "intensity", lambda v, i: 1.0),
    "an attack does not happen": lambda w, r: row(w, r, "intensity", lambda v, i: 0.0),
    "an attack becomes a siege, or ceases to be one": lambda w, r: row(w, r, "siege", lambda v, i: not v[i]),
    "a place falls": lambda w, r: row(w, r, "fall", lambda v, i: r.integers(1, w.horizon)),
    "a place falls to others": lambda w, r: row(w, r, "zone_after", lambda v, i: 2),
    "another place is attacked": lambda w, r: row(w, r, "place", lambda v, i: r.integers(len(w.names))),
    "an attack is seen from afar": lambda w, r: row(w, r, "seen_from", lambda v, i: v[i] - 5),
    "an attack is taken out": lambda w, r: rows(w, np.arange(len(w.plan.place))[1:]),
    "an attack comes twice": lambda w, r: rows(w, np.append(np.arange(len(w.plan.place)), 0)),
    "attacks in another order": lambda w, r: rows(w, r.permutation(len(w.plan.place))),
    "a crossing opens": lambda w, r: since(w, r, "crossing_mode", arrays.OPEN),
    "a crossing leaks": lambda w, r: since(w, r, "crossing_mode", arrays.LEAKING),
    "a crossing lets more through": lambda w, r: since(w, r, "crossing_rate", 0.9),
    "a ceasefire": ceasefire,
    "a programme of return": programme,
    "a warning": warning,
    "a post": shelter,
    "a place holds another number": capacity,
}  # fmt: skip


def member_world(world: SmallWorld) -> MemberWorld:
    return MemberWorld(world.key, world.plan, world.traits, world.behaviour)


def simulated(world: SmallWorld, day: int, state: arrays.State, record: arrays.Record) -> None:
    tables = np.array(table_days(world.horizon), dtype=np.int64)
    assert (
        simulate(world.key, day, tables, world.roads, world.places, *member_world(world)[1:], state, record)
        == 0
    )


def new_state(world: SmallWorld) -> arrays.State:
    return arrays.new_state(world.roads, world.places, world.plan, len(world.names), 10_000)


def gone_on(before: SmallWorld, after: SmallWorld, day: int) -> arrays.Record:
    """The first world to the end of a day, squeezed and written out again, then the second."""
    record, state = empty_record(before, 2), new_state(before)
    if day > 0:
        simulated(before, day, state, record)
        kept = KeptMember(member_world(before), {day: squeezed(state)}, record)
        state, record = new_state(after), empty_record(after, 2)
        assert kept.copy_into(state, record, day)
    simulated(after, after.horizon, state, record)
    return record


def run(world: SmallWorld) -> arrays.Record:
    return gone_on(world, world, 0)


def same(one: arrays.Record, other: arrays.Record) -> bool:
    return all(a.tobytes() == b.tobytes() for a, b in zip(one, other, strict=True))


@pytest.mark.parametrize("name", CHANGES)
@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_a_member_goes_on_until_the_day_before_the_first_difference(name: str, seed: int):
    before = random_world(seed)
    after = CHANGES[name](before, np.random.default_rng(seed))
    day = first_difference(member_world(before), member_world(after), run(before))
    if day is None:
        assert same(run(before), run(after))
    else:
        assert day > 0
        assert same(gone_on(before, after, day - 1), run(after))


@pytest.mark.parametrize("name", CHANGES)
def test_a_day_later_is_too_late(name: str):
    """Negative control, but for what never matters: the order of attacks, where no place falls twice in a day."""
    found = [control(CHANGES[name], seed) for seed in range(40)]
    assert ("late" in found) == (name not in ("an attack comes twice", "attacks in another order"))


def control(change: Callable[[SmallWorld, Rng], SmallWorld], seed: int) -> str:
    before = random_world(seed)
    after = change(before, np.random.default_rng(seed))
    day = first_difference(member_world(before), member_world(after), run(before))
    if day is None:
        return "same"
    return "as good" if same(gone_on(before, after, day), run(after)) else "late"


def test_the_first_difference_is_the_day_on_which_something_is_another():
    world = member_world(random_world(5))
    plan = world.plan._replace(
        place=np.array([0, 1]),
        start=np.array([10, 20]),
        end=np.array([30, 25]),
        fall=np.array([15, arrays.NEVER]),
        intensity=np.array([0.5, 0.5]),
        zone_after=np.array([1, -1]),
        siege=np.array([False, False]),
        seen_from=np.array([8, 18]),
        ceasefire=np.zeros(41, dtype=np.bool_),
    )  # fmt: skip

    def first(**changes: object) -> int | None:
        values = {name: np.array(value) for name, value in changes.items()}
        return first_difference(world._replace(plan=plan), world._replace(plan=plan._replace(**values)))

    assert first() is None
    assert first(start=[10, 21], seen_from=[8, 19]) == 18
    assert first(start=[10, 21]) == 20
    assert first(end=[29, 25]) is None  # the place has fallen
    assert first(end=[30, 24]) == 24
    assert first(fall=[14, arrays.NEVER]) == 14
    assert first(intensity=[0.5, 0.6]) == 20
    assert first(place=[0, 2]) == 18
    assert first(siege=[False, True]) == 20
    assert first(zone_after=[2, -1]) == 15
    assert first(ceasefire=np.arange(41) == 33) is None  # nothing is attacked any more
    assert first(ceasefire=np.arange(41) == 22) == 22
    assert first(warning_share=plan.warning_share + (np.arange(41) == 7)) == 7


def test_a_capacity_differs_from_the_day_on_which_it_may_be_reached():
    world = member_world(random_world(5))
    people = np.full(8, np.inf)
    wide = world._replace(traits=world.traits._replace(capacity=people))
    record = empty_record(random_world(5), 2)
    record.present[20:, 3] = 700
    record.remaining[:, 3] = 100
    record.on_the_road[12] = 200

    def first(capacity: float, record: arrays.Record | None = record) -> int | None:
        changed = np.where(np.arange(8) == 3, capacity, people)
        narrow = wide._replace(traits=wide.traits._replace(capacity=changed))
        assert first_difference(wide, narrow, record) == first_difference(narrow, wide, record)
        return first_difference(wide, narrow, record)

    assert first(1000) is None
    assert first(800 / ALMOST_FULL - 1) == 21
    assert first(300 / ALMOST_FULL - 1) == 13
    assert first(100) == first(0) == 1
    assert first(1000, None) == 1
    record.remaining[:, 3] = 0
    assert first(0) == 1  # full, though nobody is there


def test_what_holds_on_all_days_leaves_none():
    world = member_world(random_world(5))
    assert first_difference(world, world._replace(key=world.key + np.uint64(1))) == 0
    assert (
        first_difference(world, world._replace(traits=world.traits._replace(churn=world.traits.churn + 0.1)))
        == 0
    )
    assert first_difference(world, world._replace(behaviour=world.behaviour._replace(danger=1.9))) == 0
    longer = member_world(random_world(5, horizon=41))
    assert first_difference(world, world._replace(plan=longer.plan)) == 0


def test_schedules_say_nothing_that_is_not_compared():
    """Whoever adds to a schedule says in `first_difference` from which day a change of it matters."""
    rows = {"place", "start", "end", "fall", "intensity", "zone_after", "siege", "seen_from", "ceasefire"}
    by_day = {"crossing_mode", "crossing_rate", "programme", "programme_people", "warning_share"}
    assert set(arrays.Schedule._fields) == rows | by_day
    assert MemberWorld._fields == ("key", "plan", "traits", "behaviour")


def test_a_kept_state_is_left_as_it_was():
    before = random_world(3)
    record, state = empty_record(before, 2), new_state(before)
    simulated(before, 20, state, record)
    kept = KeptMember(member_world(before), {20: squeezed(state)}, record)
    copies = [array.copy() for group in kept.states[20] for array in group]
    fresh, other = new_state(before), empty_record(before, 2)
    assert kept.copy_into(fresh, other, 20)
    simulated(before, before.horizon, fresh, other)
    assert all(
        np.array_equal(a, b) for a, b in zip(copies, (a for g in kept.states[20] for a in g), strict=True)
    )
    states = sum(array.nbytes for group in state for array in group)
    assert kept.nbytes < states / 2


def test_a_state_with_more_parties_than_room_asks_for_more():
    before = random_world(3)
    record, state = empty_record(before, 2), new_state(before)
    simulated(before, 20, state, record)
    kept = KeptMember(member_world(before), {20: squeezed(state)}, record)
    assert len(kept.states[20].parties.table) > 1
    small = arrays.new_state(before.roads, before.places, before.plan, len(before.names), 1)
    assert not kept.copy_into(small, empty_record(before, 2), 20)
