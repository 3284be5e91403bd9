"""Pooling people by how far they moved lately comes close to remembering it person by person."""

from __future__ import annotations

import random
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from forewarn.flee.reading import read_directory
from forewarn.flee.running import make_world, run
from forewarn.flee.settings import FleeSettings
from tests.twin_flee.persons import FloodTwin, Twin

DAYS = 15
PEOPLE = 2000  # a day
RUNS = 6  # person by person
MEMBERS = 60
# Total variation between means, on the worst day, beyond what chance alone makes of RUNS runs. A rescaled ARD, the
# sum of what is missed over the total, moves by at most twice the total variation; 0.02 is how close it has to be to
# Flee's. So the bound comes from what the numbers are for, not from what was measured.
BOUND = 0.01


def network(folder: Path, seed: int) -> Path:
    """Twelve places at random: two in conflict, seven towns, three camps; one road with its own speed."""
    draw = random.Random(seed)
    kinds = ["conflict_zone"] * 2 + ["town"] * 7 + ["camp"] * 3
    names = [f"P{i}" for i in range(12)]
    rows = [
        f"{n},R,X,1,2,{k},0,{1000 if k[1] == 'o' and k[2] == 'n' else 4500}"
        for n, k in zip(names, kinds, strict=True)
    ]
    roads = [(i, draw.randrange(i)) for i in range(1, 12)]
    roads += [pair for pair in ((draw.randrange(12), draw.randrange(12)) for _ in range(7))
              if pair[0] != pair[1] and pair not in roads and pair[::-1] not in roads]  # fmt: skip
    lines = [f"{names[a]},{names[b]},{draw.uniform(20, 160):.1f},0," for a, b in dict.fromkeys(roads)]
    lines[2] += "90,0.3"
    files = {
        "sim_period": f"StartDate,2020-01-01\nLength,{DAYS}\n",
        "locations": "#n,r,c,lat,lon,t,d,p\n" + "\n".join(rows) + "\n",
        "routes": "#a,b,km,f,max_move_speed,walk_probability\n" + "\n".join(lines) + "\n",
        "conflicts": "#Day,P0,P1\n" + "".join(f"{day},1,1\n" for day in range(DAYS)),
    }
    (folder / "input_csv").mkdir(parents=True)
    for name, text in files.items():
        (folder / "input_csv" / f"{name}.csv").write_text(text)
    return folder


SETTINGS = FleeSettings(
    conflict_driven="constant", displaced_per_conflict_day=PEOPLE / 2, max_move_speed=200.0, start_on_foot=True,
    avoid_short_stints=True, camp_movechance=0.05, capacity_scaling=1.25, distance_power=0.75, softening=20.0,
    default_movechance=0.5, camp_weight=2.0, weight_power=1.3, weight_softening=0.1,
)  # fmt: skip


@cache
def persons(folder: Path, settings: FleeSettings):
    """Runs person by person, (run, day, place), people."""
    directory = read_directory(folder)
    runs = []
    for seed in range(RUNS):
        twin = Twin(directory, settings, seed)
        days = [dict(twin.day({"P0": PEOPLE // 2, "P1": PEOPLE // 2})) for _ in range(DAYS)]
        runs.append([[there[name] for name in directory.names] for there in days])
    return np.array(runs, dtype=float)


def pooled(folder: Path, settings: FleeSettings):
    """Mean of runs on cohorts, (day, place), people."""
    return run(make_world(read_directory(folder), None, settings), members=MEMBERS, seed=3).present.mean(
        axis=0
    )


def by_chance(runs):
    """Total variation that the mean of so many runs has from its expectation, below which it stays 19 times of 20.

    Deviations of runs from their mean are drawn anew, widened for the mean having been taken from them.
    """
    draw = np.random.Generator(np.random.Philox(1))
    apart = (runs - runs.mean(axis=0)) * (RUNS / (RUNS - 1)) ** 0.5
    drawn = [apart[draw.integers(RUNS, size=RUNS)].mean(axis=0) for _ in range(400)]
    return np.quantile([variation(one, np.zeros_like(one)) for one in drawn], 0.95)


def variation(one, other):
    """Total variation over places and the road on the worst day."""
    apart = np.abs(one - other).sum(axis=1) + np.abs(one.sum(axis=1) - other.sum(axis=1))
    return (apart / 2 / (PEOPLE * np.arange(1, DAYS + 1))).max()


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    return {seed: network(tmp_path_factory.mktemp("networks") / str(seed), seed) for seed in (1, 2, 3)}


@pytest.mark.statistical
@pytest.mark.parametrize("awareness", [1, 2, 3])
@pytest.mark.parametrize("scaling", [1000.0, 1.25])
def test_pooled_people_are_as_close_as_chance_allows(folders, awareness, scaling):
    """With camps that never fill, and with camps that are full from the second week on."""
    folder, settings = (
        folders[awareness],
        replace(SETTINGS, awareness_level=awareness, capacity_scaling=scaling),
    )
    runs = persons(folder, settings)
    assert variation(pooled(folder, settings), runs.mean(axis=0)) < BOUND + by_chance(runs)


@pytest.mark.statistical
@pytest.mark.parametrize(
    "without",
    [
        {"avoid_short_stints": False},
        {"capacity_buffer": 0.5},
        {"start_on_foot": False},
        {"weight_power": 1.0},
    ],
)
def test_a_rule_that_differs_is_noticed(folders, without):
    settings = replace(SETTINGS, awareness_level=1)
    runs = persons(folders[1], settings)
    altered = pooled(folders[1], replace(settings, **without))
    assert variation(altered, runs.mean(axis=0)) > BOUND + by_chance(runs)


# Floods with a forecaster: the zones of the network as flood zones, towns and a camp flooded now and then.
FLOODED = replace(
    SETTINGS, awareness_level=2, capacity_scaling=3.0, conflict_driven="", flood_driven="pop_ratio",
    take_from_population=True, displaced_per_flood_day=(0.0, 0.05, 0.1, 0.2),
    flood_movechances=(0.3, 0.4, 0.7, 1.0), flood_loc_weights=(0.9, 0.5, 0.2, 0.1), flood_forecaster=True,
    flood_forecaster_timescale=4, flood_forecaster_end_time=10,
    flood_forecaster_weights=(1.0, 0.9, 0.8, 0.6, 0.5, 0.5, 0.6, 0.4, 0.3, 0.3, 0.3),
    flood_awareness_weights=(0.1, 0.5, 1.0),
)  # fmt: skip


def flooded(folder: Path):
    """The network with levels by day and place, and classes of awareness that differ by place."""
    draw = random.Random(9)
    folder = network(folder, 2)
    places = (folder / "input_csv" / "locations.csv").read_text()
    places = places.replace("conflict_zone,0,1000", "flood_zone,0,6000")
    (folder / "input_csv" / "locations.csv").write_text(places)
    often = [0, 1, 1, 2, 3]
    rows = [
        [draw.choice(often) for _ in range(2)] + [draw.choice([0, 0, 1, 3]) for _ in range(4)]
        for _ in range(DAYS)
    ]
    head = "#Day,P0,P1,P2,P3,P4,P10\n"
    lines = [",".join(map(str, [day, *row])) for day, row in enumerate(rows)]
    (folder / "input_csv" / "flood_level.csv").write_text(head + "\n".join(lines) + "\n")
    classes = "#floodawareness,Default,P1\n0,0.2,0.6\n1,0.3,0.1\n2,0.5,0.3\n"
    (folder / "input_csv" / "demographics_floodawareness.csv").write_text(classes)
    return read_directory(folder)


@cache
def persons_in_floods(folder: Path, faults: bool):
    directory = flooded(folder)
    runs = []
    for seed in range(RUNS):
        twin = FloodTwin(directory, FLOODED, seed, faults=faults)
        days = [twin.flood() for _ in range(DAYS)]
        runs.append([[there[name] for name in directory.names] for there in days])
    return directory, np.array(runs, dtype=float)


def apart(one, other, people):
    return (np.abs(one - other).sum(axis=1) / 2 / people).max()


@pytest.mark.statistical
@pytest.mark.parametrize("faults", [False, True])
def test_floods_and_their_forecast_are_as_close_as_chance_allows(tmp_path, faults):
    directory, runs = persons_in_floods(tmp_path / "floods", faults)
    mean = runs.mean(axis=0)

    def pooled_floods(settings, **options):
        world = make_world(directory, None, settings, **({"faults": faults} | options))
        return run(world, members=MEMBERS, seed=3)

    result = pooled_floods(FLOODED)
    people = result.spawned[0].sum(axis=1).cumsum()
    draw = np.random.Generator(np.random.Philox(1))
    off = (runs - mean) * (RUNS / (RUNS - 1)) ** 0.5
    drawn = [off[draw.integers(RUNS, size=RUNS)].mean(axis=0) for _ in range(400)]
    bound = BOUND + np.quantile([apart(one, 0, people) for one in drawn], 0.95)
    assert apart(result.present.mean(axis=0), mean, people) < bound
    # Negative controls: rules that differ are noticed.
    for changed in (
        {"flood_forecaster": False},
        {"flood_awareness_weights": (0.0, 0.1, 0.2)},
        {"flood_forecaster_end_time": 5},
        {"flood_forecaster_timescale": 2},
    ):
        other = pooled_floods(replace(FLOODED, **changed))
        assert apart(other.present.mean(axis=0), mean, people) > bound, changed
    other = pooled_floods(FLOODED, faults=not faults)
    assert apart(other.present.mean(axis=0), mean, people) > 3 * bound
