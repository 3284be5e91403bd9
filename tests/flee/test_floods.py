"""Floods as in DFlee (FLEE-2.md, 2): who leaves, how many, and where they go, by level."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from forewarn.errors import ForewarnError
from forewarn.flee.converting import to_scenario
from forewarn.flee.counts import read_counts
from forewarn.flee.directory import FleeError
from forewarn.flee.reading import read_directory
from forewarn.flee.running import make_world, run
from forewarn.flee.settings import FleeSettings, settings_from, settings_of
from forewarn.flee.timeline import make_timeline

WILD = Path(__file__).parents[3] / "shared" / "data" / "flee-wild"
needs_wild = pytest.mark.skipif(not WILD.is_dir(), reason="needs ../shared/data/flee-wild")
HEAD = "#name,region,country,latitude,longitude,location_type,conflict_date,population\n"
PLACES = HEAD + "A,R,X,1,2,flood_zone,0,1000\nB,R,X,1,3,town,,500\nC,R,Y,2,2,camp,,5000\n"
SPAWN = {
    "flood_zone_spawning_only": True, "conflict_zone_spawning_only": False, "take_from_population": True,
    "flood_driven_spawn_mode": {"spawn_mode": "constant", "displaced_per_flood_day": [0, 100, 200, 300]},
}  # fmt: skip
MOVE = {
    "flood_rules": {"flood_movechances": [0.0, 0.2, 0.6, 1.0], "flood_loc_weights": [0.9, 0.5, 0.25, 0.0]}
}
FORECAST = MOVE["flood_rules"] | {
    "flood_forecaster": True, "flood_forecaster_timescale": 2, "flood_forecaster_end_time": 6,
    "flood_forecaster_weights": [1.0] * 12, "flood_awareness_weights": [0.0, 0.5, 1.0],
}  # fmt: skip
LEVEL_1 = "#Day,A\n" + "".join(f"{day},1\n" for day in range(10))


def read(make, levels=LEVEL_1):
    return read_directory(make({"input_csv/locations.csv": PLACES, "input_csv/flood_level.csv": levels}))


def settings(spawn=None, move=None):
    return settings_from({"spawn_rules": SPAWN | (spawn or {}), "move_rules": MOVE | (move or {})}, "s.yml")


def spawned(directory, chosen):
    return run(make_world(directory, None, chosen), seed=1).spawned[0]


def test_a_constant_number_leaves_each_flooded_place(make):
    """Flee's own test: 100 a day over ten days are 1000, all at A; the conflict in its column acts no more."""
    assert spawned(read(make), settings()).sum(axis=0).tolist() == [1000, 0, 0]


def test_shares_are_of_the_population_that_is_left(make):
    mode = {"flood_driven_spawn_mode": {"displaced_per_flood_day": [0, 0.1, 0.2, 0.5]}}
    assert spawned(read(make), settings(mode))[:3, 0].tolist() == [100, 90, 81]


def test_poisson_numbers_have_the_mean_of_the_level(make):
    mode = {"flood_driven_spawn_mode": {"spawn_mode": "Poisson", "displaced_per_flood_day": [0, 100]}}
    world = make_world(read(make), None, settings(mode))
    people = run(world, members=50, seed=1).spawned[:, :, 0]
    assert people.mean() == pytest.approx(100, abs=4 * 10 / np.sqrt(people.size))
    assert people.std() == pytest.approx(10, rel=0.15)


def test_levels_are_cut_and_rows_are_days(make):
    """1.9 is level 1, a place without a column stays dry, and any kind of place can be flooded."""
    rows = "#Day,A,C,Else\n" + "".join(f"{day + 7},1.9,{day % 3},4\n" for day in range(10))
    directory = read(make, rows)
    assert directory.floods[:4].tolist() == [[1, 0, 0], [1, 0, 1], [1, 0, 2], [1, 0, 0]]
    assert "'Else' is not in locations.csv" in "".join(map(str, directory.remarks))


def test_levels_set_chances_and_weights(make):
    """A zone counts the weight twice, level 0 included; other places once, when flooded."""
    rows = "#Day,A,B\n" + "".join(f"{day},{day % 4},{day % 4}\n" for day in range(10))
    timeline = make_timeline(read(make, rows), settings(), faults=False)
    days = timeline.epoch[:4]
    assert timeline.chance[days, 0].tolist() == [0.3, 0.2, 0.6, 1.0]
    assert timeline.chance[days, 1].tolist() == [0.3, 0.2, 0.6, 1.0]
    assert timeline.score[days, 0] == pytest.approx([0.9, 0.25, 0.0625, 0.0])
    assert timeline.score[days, 1] == pytest.approx([1.0, 0.5, 0.25, 0.0])
    assert not timeline.is_town[days, 0].any()


def test_levels_above_the_list_take_its_last_number(make):
    """Flee stops there."""
    rows = LEVEL_1.replace(",1\n", ",9\n")
    assert spawned(read(make, rows), settings()).sum() == 300 * 10


def test_without_the_rules_floods_do_nothing(make):
    dry = spawned(read(make), FleeSettings(conflict_driven="constant"))
    assert dry.sum(axis=0).tolist() == [5000, 0, 0]


@pytest.mark.parametrize(
    ("spawn", "move", "message"),
    [
        ({"take_from_population": False}, {}, "take_from_population: True"),
        ({"conflict_zone_spawning_only": True}, {}, "cannot both displace"),
        ({"flood_driven_spawn_mode": None}, {}, "not complete"),
        ({}, {"flood_rules": None}, "not complete"),
        ({}, {"flood_rules": {"flood_movechances": [0, 1]}}, "not complete"),
        ({}, {"flood_rules": MOVE["flood_rules"] | {"flood_forecaster": True}}, "forecaster is not complete"),
        ({}, {"flood_rules": FORECAST | {"flood_forecaster_weights": [1, -1]}}, "to 1e\\+06, by day"),
        ({}, {"flood_rules": FORECAST | {"flood_awareness_weights": 1}}, "by class of awareness"),
        ({}, {"flood_rules": FORECAST | {"flood_forecaster_timescale": -1}}, "a whole number from 0"),
        ({}, {"flood_rules": FORECAST | {"flood_forcaster": True}}, "Did you mean 'flood_forecaster'"),
        ({"flood_driven_spawn_mode": {"spawn_mode": "poison"}}, {}, "Did you mean 'poisson'"),
        ({"flood_driven_spawn_mode": {"displaced_per_flood_day": [0, -1]}}, {}, "by level"),
    ],
)
def test_rules_that_flee_or_we_refuse(spawn, move, message):
    with pytest.raises(ForewarnError, match=message):
        settings(spawn, move)


@pytest.mark.parametrize(
    ("levels", "message"), [("#Day,A\n0,1\n", "ends on day 0"), (None, "file not found")]
)
def test_levels_have_to_cover_the_run(make, levels, message):
    with pytest.raises(FleeError, match=message):
        make_world(read(make, levels), None, settings())


# Directories with vectors, and the greatest distance allowed on any day: the total variation of means over
# places. Runs of Flee are three to five, of 11,000 to 16,000 people, so that chance alone makes about 0.005.
VECTORS = {
    "small_flooding_revised": 0.01, "large_flooding_revised": 0.01, "coastal_flooding": 0.01,
    # 780 to 3,074 people, three runs; and a camp that fills within its first day, see docs/flee.md
    "example": 0.03,
}  # fmt: skip


@pytest.mark.reference
@needs_wild
@pytest.mark.parametrize("name", VECTORS)
def test_people_are_where_flee_has_them(name):
    folder = WILD / ("dflee_example" if name == "example" else f"dflee_test_{name}")
    chosen, _ = settings_of(folder, None)
    directory = read_directory(folder)
    counts = read_counts(directory, chosen, faults=True)
    result = run(make_world(directory, counts, chosen, faults=True), members=20, seed=1)
    with (WILD / "reference-vectors" / f"{name}.csv").open() as file:
        rows = list(csv.DictReader(file))
    expected = np.zeros(result.present.shape[1:])
    for row in rows:
        expected[int(row["day"]), directory.names.index(row["place"])] = float(row["mean"])
    agents = {int(row["day"]): int(row["agents"]) for row in rows}
    in_all = result.present.sum(axis=2) + result.on_links
    assert (in_all == [agents[day] for day in range(len(agents))]).all()
    away = np.abs(result.present.mean(axis=0) - expected).sum(axis=1) / 2 / np.array(list(agents.values()))
    assert away.max() < VECTORS[name]
    # A negative control: without weights by level people are elsewhere.
    flat = replace(chosen, flood_loc_weights=(1.0,) * 5)
    other = run(make_world(directory, counts, flat, faults=True), members=20, seed=1)
    gone = np.abs(other.present.mean(axis=0) - expected).sum(axis=1) / 2 / np.array(list(agents.values()))
    assert gone.max() > 2 * VECTORS[name]


def test_a_scenario_has_no_floods_and_that_is_said(make):
    assert "floods: nobody is displaced by them" in "".join(map(str, to_scenario(read(make), None).losses))
