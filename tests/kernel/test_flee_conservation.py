"""Under Flee's rules nobody is lost and nobody is made, on any day of any world."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forewarn.flee.running import run
from forewarn.flee.timeline import make_timeline
from tests.twin_flee.worlds import flooded, random_case


def wrong(case, result):
    """What is wrong with a result, in words; empty if every sum holds."""
    found = []
    displaced = int(result.world.places.initial.sum()) + result.spawned.sum(axis=2, dtype=np.int64).cumsum(
        axis=1
    )
    total = result.present.sum(axis=2) + result.on_links + result.gone
    if not (total == displaced).all():
        found.append("people are lost or made")
    names = ("present", "set_out", "spawned", "gone", "on_links")
    found += [f"{name} is negative" for name in names if getattr(result, name).min(initial=0) < 0]
    if (np.diff(result.gone) < 0).any():
        found.append("people come back from a sink")
    if case.counts is not None and not (result.spawned.sum(axis=2) == case.counts.new).all():
        found.append("not as many are displaced as are given")
    roads = make_timeline(case.directory, case.settings, faults=case.faults)
    link_road = result.world.graph.link_road[: result.set_out.shape[2]]
    if result.set_out[:, ~roads.is_open[roads.epoch][:, link_road]].any():
        found.append("people set out on a closed road")
    return found


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(seed=st.integers(0, 2**32 - 1), days=st.integers(1, 30), people=st.sampled_from([3, 50, 5000]))
def test_people_are_conserved_on_every_day(seed, days, people):
    case = random_case(seed, days=days, people=people)
    assert wrong(case, run(case.world(), members=2, seed=seed)) == []


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(seed=st.integers(0, 2**32 - 1), days=st.integers(1, 30))
def test_people_are_conserved_under_floods_and_forecasts(seed, days):
    case = flooded(random_case(seed, days=days), seed)
    assert wrong(case, run(case.world(), members=2, seed=seed)) == []


def test_most_floods_have_several_classes_and_move_people():
    results = [run(flooded(random_case(seed), seed).world(), seed=seed) for seed in range(40)]
    assert sum(result.world.classes > 1 for result in results) >= 10
    assert sum(result.set_out.any() for result in results) >= 20


def test_most_worlds_put_every_part_to_work():
    at_work = dict.fromkeys(("set_out", "gone", "on_links", "spawned"), 0)
    for seed in range(60):
        result = run(random_case(seed).world(), seed=seed)
        for name in at_work:
            at_work[name] += int(getattr(result, name).any())
    assert min(at_work.values()) >= 5, at_work


@pytest.mark.parametrize("name", ["present", "gone", "on_links", "spawned"])
def test_one_person_too_many_is_noticed(name):
    case = random_case(5)
    result = run(case.world(), members=2, seed=5)
    getattr(result, name).flat[0] += 1
    assert "people are lost or made" in wrong(case, result)


def test_a_negative_count_and_a_closed_road_are_noticed():
    case = next(
        c
        for c in map(random_case, range(100))
        if any(closure.kind == "location" for closure in c.directory.closures) and c.settings.awareness_level
    )
    result = run(case.world(), seed=1)
    result.set_out[:] += 1
    result.present[0, -1, 0] -= 10**8
    assert {"present is negative", "people set out on a closed road"} <= set(wrong(case, result))
