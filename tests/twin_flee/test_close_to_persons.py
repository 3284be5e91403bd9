"""Pooling people by how far they moved lately comes close to remembering it person by person."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from forewarn.flee.directory import read_directory
from forewarn.flee.running import make_world, run
from forewarn.flee.settings import FleeSettings
from tests.twin_flee.persons import Twin

DAYS = 15
PEOPLE = 2000  # a day
# Total variation on any day. The noise of the twin, 2,000 people on day 0, is about 0.015.
BOUND = 0.03
BOUND_WITH_FULL_CAMPS = 0.06  # factors of capacity are held for a quarter of a day's travel


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


def variation(directory, settings, twin_settings=None):
    world = make_world(directory, None, settings)
    mean = run(world, members=20, seed=3).present.mean(axis=0)
    twin = Twin(directory, twin_settings or settings, 5)
    worst = 0.0
    for day in range(DAYS):
        there = twin.day({"P0": PEOPLE // 2, "P1": PEOPLE // 2})
        persons = np.array([there[name] for name in directory.names])
        people = PEOPLE * (day + 1)
        on_road = abs(persons.sum() - mean[day].sum())
        worst = max(worst, (np.abs(persons - mean[day]).sum() + on_road) / 2 / people)
    return worst


@pytest.mark.statistical
@pytest.mark.parametrize("awareness", [1, 2, 3])
@pytest.mark.parametrize(("scaling", "bound"), [(1000.0, BOUND), (1.25, BOUND_WITH_FULL_CAMPS)])
def test_total_variation_is_below_the_bound(tmp_path, awareness, scaling, bound):
    directory = read_directory(network(tmp_path / "n", seed=awareness))
    settings = replace(SETTINGS, awareness_level=awareness, capacity_scaling=scaling)
    assert variation(directory, settings) < bound


@pytest.mark.statistical
def test_a_rule_left_out_is_noticed(tmp_path):
    directory = read_directory(network(tmp_path / "n", seed=1))
    assert variation(directory, SETTINGS, replace(SETTINGS, avoid_short_stints=False)) > BOUND
