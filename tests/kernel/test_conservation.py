"""Nobody is lost and nobody is made, in any world."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.kernel.small_worlds import random_world, run


def faults(world, record):
    """What is wrong with a record, in words; empty if every sum holds."""
    found = []
    people = int(world.places.residents.sum() + world.places.displaced_before.sum())
    total = record.present.sum(axis=1) + record.remaining.sum(axis=1) + record.on_the_road
    if not (total == people).all():
        found.append("people are lost or made")
    found += [f"{name} is negative" for name, values in record._asdict().items() if values.min(initial=0) < 0]
    tables = [world.horizon // 2, world.horizon]
    if not np.array_equal(record.origin_destination.sum(axis=1), record.present[tables]):
        found.append("origins do not add up to present")
    if (record.waiting > record.present).any():
        found.append("more people wait than are there")
    if (np.diff(record.left_home, axis=0) < 0).any() or (np.diff(record.movements) < 0).any():
        found.append("a running total falls")
    if not np.array_equal(np.diff(record.left_home.sum(axis=1)), record.departures.sum(axis=1)[1:]):
        found.append("departures do not add up to people who left")
    if (record.movements < record.left_home.sum(axis=1)).any():
        found.append("fewer departures than people who left")
    return found


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    seed=st.integers(0, 2**32 - 1),
    places=st.integers(3, 14),
    grouping=st.integers(0, 3),
)
def test_people_are_conserved(seed, places, grouping):
    world = random_world(seed, places=places, groups=grouping or None)
    assert faults(world, run(world)) == []


def test_most_worlds_put_every_part_to_work():
    at_work = dict.fromkeys(
        ("waiting", "returned", "organised_returns", "passed", "on_the_road", "blocked"), 0
    )
    for seed in range(30):
        record = run(random_world(seed))
        for name in at_work:
            at_work[name] += int(getattr(record, name).any())
    assert min(at_work.values()) >= 5, at_work


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("remaining", "people are lost or made"),
        ("on_the_road", "people are lost or made"),
        ("origin_destination", "origins do not add up to present"),
        ("left_home", "departures do not add up to people who left"),
    ],
)
def test_one_person_too_many_is_noticed(name, expected):
    world = random_world(3)
    record = run(world)
    getattr(record, name).flat[-1] += 1
    assert expected in faults(world, record)


def test_more_waiting_than_present_is_noticed():
    world = random_world(3)
    record = run(world)
    record.waiting[-1, 0] = record.present[-1, 0] + 1
    assert "more people wait than are there" in faults(world, record)


def test_a_falling_total_and_a_negative_count_are_noticed():
    world = random_world(3)
    record = run(world)
    record.movements[-1] = 0
    record.flows[0, 0, 0] = -1
    assert {"a running total falls", "flows is negative"} <= set(faults(world, record))
