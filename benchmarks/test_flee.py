"""How long Flee's rules take: burundi2015, the same with a hundred times the people, a large network."""

from __future__ import annotations

import random
import resource
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from forewarn.flee.counts import DailyCounts, read_counts
from forewarn.flee.directory import FleeDirectory, FleeRoute, Location
from forewarn.flee.reading import read_directory
from forewarn.flee.running import make_world, run
from forewarn.flee.settings import FleeSettings, read_settings

DATA = Path(__file__).parents[2] / "shared" / "data" / "flee"
PLACES, ROADS, DAYS = 20_000, 24_000, 365


def with_people(times: int):
    """burundi2015 with so many times the people, capacities and registrations."""
    settings = read_settings(DATA / "modern125.yml")
    directory = read_directory(DATA / "burundi2015")
    counts = read_counts(directory, settings)
    places = tuple(replace(place, people=place.people * times) for place in directory.locations)
    counts = replace(counts, initial=counts.initial * times, new=counts.new * times)
    return make_world(replace(directory, locations=places), counts, settings)


@pytest.mark.reference
@pytest.mark.skipif(not DATA.is_dir(), reason="needs ../shared/data/flee")
@pytest.mark.parametrize("times", [1, 100])
def test_burundi_members(benchmark, times):
    world = with_people(times)
    run(world, seed=1)
    benchmark.pedantic(run, (world,), {"members": 40, "seed": 1, "threads": 1}, rounds=3)
    benchmark.extra_info["ms_per_member"] = benchmark.stats["mean"] / 40 * 1000


@pytest.mark.reference
@pytest.mark.skipif(not DATA.is_dir(), reason="needs ../shared/data/flee")
def test_burundi_thousand_members(benchmark):
    world = with_people(1)
    run(world, seed=1)
    benchmark.pedantic(run, (world,), {"members": 1000, "seed": 1}, rounds=1)


def large_directory():
    """A grid of places with roads at random: one in a hundred in conflict, one in fifty a camp."""
    draw = random.Random(1)
    kinds = ["conflict_zone" if i % 100 == 0 else "camp" if i % 50 == 7 else "town" for i in range(PLACES)]
    locations = tuple(
        Location(
            f"P{i}", "R", "X", i // 200 * 0.1, i % 200 * 0.1, i // 200 * 0.1, i % 200 * 0.1, kind, 0,
            20_000 if kind == "camp" else 5_000, {},
        )
        for i, kind in enumerate(kinds)
    )  # fmt: skip
    pairs = {(i - 1 if i % 200 else max(0, i - 200), i) for i in range(1, PLACES)}
    while len(pairs) < ROADS:
        i = draw.randrange(PLACES - 200)
        pairs.add((i, i + 200))
    routes = tuple(FleeRoute(f"P{i}", f"P{j}", draw.uniform(5, 40), 0, {}) for i, j in sorted(pairs))
    conflicts = np.zeros((DAYS, PLACES))
    conflicts[:, ::100] = 1.0
    conflicts[180:, ::200] = 0.0
    start, nowhere = date(2020, 1, 1), Path("nowhere")
    return FleeDirectory("large", nowhere, start, DAYS, locations, routes, (), (), (), conflicts, ())


def test_a_large_network(benchmark):
    directory = large_directory()
    camps = tuple(place.name for place in directory.locations if place.kind == "camp")
    new = np.full(DAYS, 5_000)
    nobody = np.zeros((DAYS, len(camps)), dtype=np.int64)
    counts = DailyCounts(camps, nobody, nobody[0], new, np.zeros_like(new), new.cumsum(), ())
    run(make_world(replace(directory, length_days=1), counts, FleeSettings()), seed=1)  # compiles

    def whole():
        return run(make_world(directory, counts, FleeSettings(awareness_level=2)), seed=1)

    result = benchmark.pedantic(whole, rounds=1)
    assert result.spawned.sum() == new.sum()
    benchmark.extra_info["gib"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
