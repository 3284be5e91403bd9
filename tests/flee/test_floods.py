"""Floods as in DFlee (FLEE-2.md, 2): who leaves, how many, and where they go, by level."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path

import h5netcdf
import numpy as np
import pytest
from typer.testing import CliRunner

from forewarn.cli.commands import app
from forewarn.errors import ForewarnError
from forewarn.flee.converting import to_scenario
from forewarn.flee.counts import read_counts
from forewarn.flee.directory import Demographic, FleeError
from forewarn.flee.floods import Floods
from forewarn.flee.reading import read_directory
from forewarn.flee.running import make_world, run
from forewarn.flee.settings import FleeSettings, settings_from, settings_of
from forewarn.flee.timeline import make_timeline
from forewarn.flee.writing import out_csv
from forewarn.kernel.flee.arrays import new_flee_record, new_flee_state
from forewarn.kernel.flee.member import run_member

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
CLASSES = Demographic("floodawareness", ("0", "1", "2"), {"Default": (0.1, 0.2, 0.7)})
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


# The forecaster. A and B by day; C, a camp, stays dry. Today is day 3.
AHEAD = "#Day,A,B\n" + "".join(f"{day},{a},{b}\n" for day, (a, b) in enumerate(
    [(0, 0), (0, 0), (0, 0), (0, 2), (1, 0), (3, 0), (2, 0), (0, 1), (0, 0), (0, 0)]))  # fmt: skip
AWARE = "#floodawareness,Default\n0,1\n1,1\n2,2\n"


def forecast(make, *, levels=AHEAD, classes=AWARE, **changes):
    """Directory with classes of awareness, and settings with a forecaster."""
    directory = read_directory(
        make(
            {
                "input_csv/locations.csv": PLACES,
                "input_csv/flood_level.csv": levels,
                "input_csv/demographics_floodawareness.csv": classes,
            }
        )
    )
    return directory, settings(move={"flood_rules": FORECAST | changes})


WEIGHTS = [0.0, 4.0, 1.0, 9.0, 0.5, 0.25, 8.0, 8.0, 8.0, 8.0]


def test_people_heed_what_is_forecast_by_their_awareness(make):
    """On day 3 days 4 and 5 are foreseen, with weights 4 and 1 of 5, by their distance from today."""
    directory, chosen = forecast(make, flood_forecaster_weights=WEIGHTS)
    floods = Floods(directory, chosen, faults=False)
    assert floods.attention.tolist() == [0.0, 0.5, 1.0]
    assert floods.chances[:, 0].tolist() == [0.25, 0.25, 0.5]
    assert floods.chance(3, np.array([0.3, 0.3, 0.001])).tolist() == [[0.3, 0.6, 0.001]] * 3  # B is flooded
    assert floods.foreseen(3) == pytest.approx([0.8 * 0.2 + 0.2 * 1.0, 0, 0])
    kept = 0.8 * 0.5 + 0.2 * 0.0  # by weights of levels 1 and 3
    assert floods.factor(3, np.array([True, False, False])) == pytest.approx(
        np.array([[0.9, 0.25, 1], [0.9 * (1 - 0.5 * (1 - kept)), 0.25, 1], [0.9 * kept, 0.25, 1]])
    )
    # The last day that is forecast is 6: on day 5 it alone, whatever its weight; after it nothing.
    assert floods.foreseen(5) == pytest.approx([0.6, 0, 0])
    assert floods.foreseen(6).tolist() == [0, 0, 0]
    assert floods.factor(6, np.array([False] * 3)).tolist() == [[0.25, 1, 1]] * 3


def test_flee_multiplies_by_what_is_forecast_and_squares(make):
    """Weights are those of days 4 and 5 themselves, and a score takes today's level."""
    directory, chosen = forecast(make, flood_forecaster_weights=WEIGHTS)
    floods = Floods(directory, chosen, faults=True)
    seen = 0.5 * 0.5 + 0.25 * 0.0  # weights of the days by those of levels 1 and 3
    assert floods.chance(3, np.array([0.3, 0.3, 0.001])) == pytest.approx(
        np.array([[0, 0, 0], [0.5 * 0.3 * seen / 2, 0, 0], [0.3 * seen / 2, 0, 0]])
    )
    assert floods.foreseen(3).tolist() == [0, 0, 0]
    square = (0.9 * (0.5 + 0.25)) ** 2 / 2
    dry = floods.factor(3, np.array([False] * 3))
    assert dry == pytest.approx(np.array([[0, 0, 0], [0.5 * square, 0, 0], [square, 0, 0]]))
    assert floods.factor(3, np.array([True] * 3)).tolist() == [[0, 0, 0]] * 3
    # The last day foresees itself.
    assert floods.chance(6, np.array([0.3] * 3))[2] == pytest.approx([0.6 * 8.0 * 0.25 / 2, 0, 0])
    assert floods.chance(7, np.array([0.3] * 3)).tolist() == [[0.3, 0.2, 0.3]] * 3


def test_whoever_heeds_a_forecast_leaves_before_the_flood(make):
    """A's 100 people of day 0, by class: those of class 2 all leave on day 0 for the flood of day 1."""
    rows = "#Day,A,B\n" + "".join(f"{day},{1 if day == 0 else 3},0\n" for day in range(10))
    for column, unaware in (("1\n1,0\n2,0", True), ("0\n1,0\n2,1", False)):
        directory, chosen = forecast(
            make, levels=rows, classes=f"#floodawareness,Default\n0,{column}\n", flood_awareness_weights=[0.0, 0.5, 1.0]
        )  # fmt: skip
        there = run(make_world(directory, None, chosen), seed=1, members=50).present[:, 0, 0]
        expected = 100 * 0.8 if unaware else 0.0
        assert there.mean() == pytest.approx(expected, abs=4 * np.sqrt(100 * 0.2 * 0.8 / 50))


@pytest.mark.parametrize("faults", [False, True])
def test_classes_are_drawn_where_people_start_and_kept(make, faults):
    """Half of A's people are of class 2 by its own column; nobody changes class, or is lost or made."""
    classes = "#floodawareness,Default,A\n0,1,1\n1,0,0\n2,0,1\n"
    directory, chosen = forecast(make, levels=LEVEL_1 + "10,1\n11,1\n", classes=classes)
    world = make_world(directory, None, chosen, faults=faults)
    assert world.classes == 3
    record, state = new_flee_record(world.graph, world.places), new_flee_state(world.graph, world.places)
    key = np.array([1, 2], dtype=np.uint64)
    work = np.zeros(3), np.zeros(3, dtype=np.int64), np.zeros(world.most_plans + 1, dtype=np.int64)
    run_member(key, world.rules, world.graph, world.places, world.plan_of, state, record, *work)
    by_class = record.present[-1].reshape(3, 3).sum(axis=1)
    assert by_class.sum() + record.on_links[-1] == 1000
    assert by_class[1] == 0
    assert by_class[2] == pytest.approx(500, abs=4 * np.sqrt(1000) / 2)


def test_day_0_people_and_the_camp_they_fill_are_shared_by_the_classes(make):
    directory, chosen = forecast(make)
    counts = read_counts(directory, chosen)
    result = run(make_world(directory, counts, chosen), seed=1, members=3)
    whole = result.present.sum(axis=2) + result.on_links
    assert (whole == 1000 + result.spawned.sum(axis=2).cumsum(axis=1)).all()
    tight = replace(
        directory, locations=(*directory.locations[:2], replace(directory.locations[2], people=1050))
    )
    there = run(make_world(tight, counts, chosen), seed=1).present[0, :, 2]
    assert there[-1] <= 1050 * 1.05, "one capacity for all classes together"
    assert result.present[0, -1, 2] > 1200


@pytest.mark.parametrize(
    ("files", "changes", "message"),
    [
        ({"classes": None}, {}, "file not found, and the forecaster"),
        ({"classes": "#floodawareness,Default\n0,1\n3,1\n"}, {}, "'3' is not a class of awareness"),
        ({"classes": "#floodawareness,Default\nhigh,1\n"}, {}, "'high' is not a class of awareness"),
        ({"classes": "#floodawareness,Default,A\n0,1,0\n2,1,0\n"}, {}, "the column 'A' has no weight"),
        ({"classes": "#floodawareness,A\n0,1\n"}, {}, "column 'Default' not found"),
        ({}, {"flood_forecaster_weights": [1.0, 1.0]}, "has 2 numbers, and those of days 0 to 2"),
        ({}, {"flood_forecaster_end_time": 10}, "the forecast reaches day 10"),
    ],
)
def test_forecasts_that_lack_something_are_refused(make, files, changes, message):
    def go():
        directory, chosen = forecast(make, **files, **changes)
        return make_world(directory, None, chosen)

    with pytest.raises(ForewarnError, match=message):
        go()


# Levels of Flee's own tests of its forecaster; F and G have no column.
OF_FLEE = {
    "A": [0, 0, 1, 1, 2, 1, 1, 1, 1, 1, 1], "B": [1, 1, 1, 3, 1, 1, 0, 0, 0, 0, 1],
    "C": [0] * 11, "E": [0] * 11,
}  # fmt: skip


@pytest.mark.parametrize("faults", [False, True])
def test_what_flees_own_tests_of_floods_ask_for(make, tmp_path, faults):
    """Levels and forecasts by place, 100 people in each of seven places for 11 days, and A is not empty."""
    names = "ABCDEFG"
    places = "".join(f"{name},R,X,1,2,{'flood_zone' if name < 'C' else 'town'},0,1000\n" for name in names)
    levels = "#Day," + ",".join(OF_FLEE) + "\n"
    levels += "".join(f"{day},{','.join(str(of[day]) for of in OF_FLEE.values())}\n" for day in range(11))
    files = {
        "input_csv/locations.csv": HEAD + places,
        "input_csv/routes.csv": "#a,b,km\n" + "".join(f"{one},{two},60\n" for one, two in zip(names, names[1:], strict=False)),
        "input_csv/flood_level.csv": levels,
        "input_csv/conflicts.csv": None,
        "input_csv/sim_period.csv": "StartDate,2020-01-01\nLength,11\n",
        "input_csv/demographics_floodawareness.csv": AWARE,
        "source_data/data_layout.csv": "".join(f"{name},c.csv\n" for name in names),
        "source_data/c.csv": "2020-01-01,100\n",
    }  # fmt: skip
    directory = read_directory(make(files))
    nobody = {"flood_driven_spawn_mode": {"displaced_per_flood_day": [0.0, 0.0]}}
    rules = FORECAST | {"flood_forecaster_timescale": 3, "flood_forecaster_end_time": 10}
    chosen = settings(nobody, {"flood_rules": rules})
    floods = Floods(directory, chosen, faults=faults)
    assert floods.levels[:, [0, 1, 2, 4]].T.tolist() == list(OF_FLEE.values())
    assert not floods.levels[:, [3, 5, 6]].any()
    if not faults:
        expected = [np.mean([[0, 0.2, 0.6, 1.0][level] for level in OF_FLEE[of][3:6]]) for of in "AB"]
        assert floods.foreseen(2)[:2] == pytest.approx(expected)
    counts = read_counts(directory, chosen)
    result = run(make_world(directory, counts, chosen, faults=faults), seed=1, members=5)
    assert (result.present.sum(axis=2) + result.on_links == 700).all()
    assert (result.present[:, :, 0] > 0).all()


def test_a_run_with_a_forecaster_is_written_by_place_and_link(make, tmp_path):
    directory, _ = forecast(make)
    document = {"spawn_rules": SPAWN, "move_rules": {"flood_rules": FORECAST}}
    (tmp_path / "s.yml").write_text(json.dumps(document))
    out = tmp_path / "out.csv"
    arguments = ["flee", "run", str(directory.folder), "--settings", str(tmp_path / "s.yml"), "-o", str(out)]
    done = CliRunner().invoke(app, arguments)
    assert done.exit_code == 0, done.output
    with h5netcdf.File(out.with_suffix(".nc")) as file:
        assert file["present"].shape == (1, 10, 3)
        assert file["flow"].shape == (1, 10, 4)
        assert [name.decode() for name in file["link_from"][:]] == ["A", "B", "B", "C"]
        assert file["present"][:].sum() > 0


def test_rows_hold_registered_totals_which_flee_leaves_out(make):
    """With faults a row ends in 0.0, 0, everybody, 0, everybody who is not on a road, 0 (FLEE-2.md, 2)."""
    directory = read(make)
    layout = directory.folder / "source_data" / "data_layout.csv"
    layout.write_text("total,refugees.csv\nC,c.csv\nA,nobody.csv\nB,nobody.csv\n")
    (layout.parent / "nobody.csv").write_text("2020-01-01,0\n")
    counts = read_counts(directory, settings())
    for faults in (False, True):
        result = run(make_world(directory, counts, settings(), faults=faults), seed=1)
        last = out_csv(result, counts, faults=faults).splitlines()[-1].split(",")[-6:]
        everybody, present = 1000 + 1000, int(result.present[0, -1].sum())
        assert everybody == present + result.on_links[0, -1]
        if faults:
            assert last == ["0.0", "0", str(everybody), "0", str(present), "0"]
        else:
            assert last[1:] == ["1135", str(everybody), "1135", str(present), "0"]


@pytest.mark.parametrize("changes", [{"flood_forecaster": False}, {"flood_forecaster_timescale": 1}])
def test_a_forecaster_of_a_day_is_none(make, changes):
    """As in Flee; then nothing is asked of it either."""
    directory, chosen = forecast(
        make, flood_forecaster_end_time=99, flood_forecaster_weights=[1.0], **changes
    )
    world = make_world(directory, None, chosen)
    assert world.classes == 1
    without = make_world(directory, None, settings())
    assert (run(world, seed=1).present == run(without, seed=1).present).all()


def test_a_flood_takes_the_place_of_chances_by_population(make):
    """It does not come on top of them."""
    rows = "#Day,A,B\n" + "".join(f"{day},1,0\n" for day in range(10))
    chosen = replace(settings(), movechance_pop_scale_factor=-5.0, flood_movechances=(0.0, 1.0))
    result = run(make_world(read(make, rows), None, chosen), seed=1)
    assert result.present[0, 0, 0] == 0


# Directories with vectors, and the greatest distance allowed on any day: the total variation of means over
# places. Runs of Flee are three to five, of 11,000 to 16,000 people, so that chance alone makes about 0.005.
VECTORS = {
    "small_flooding_revised": 0.01, "large_flooding_revised": 0.01, "coastal_flooding": 0.01,
    # 780 to 3,074 people, three runs; and a camp that fills within its first day, see docs/flee.md
    "example": 0.03, "weather_example": 0.03,
}  # fmt: skip
# That of the directory "example", with a forecaster of its own.
WEATHER = {
    "flood_forecaster": True, "flood_forecaster_timescale": 5, "flood_forecaster_end_time": 5,
    "flood_forecaster_weights": (1, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.3, 0.1, 0.3, 0.3, 0.1, 0.1, 0.1, 0, 0),
    "flood_awareness_weights": (0.0, 0.5, 1.0),
}  # fmt: skip


@pytest.mark.reference
@needs_wild
@pytest.mark.parametrize("name", VECTORS)
def test_people_are_where_flee_has_them(tool, name):
    folder = WILD / ("dflee_example" if name.endswith("example") else f"dflee_test_{name}")
    chosen, _ = settings_of(folder, None)
    directory = read_directory(folder)
    if name == "weather_example":
        directory, chosen = replace(directory, demographics=(CLASSES,)), replace(chosen, **WEATHER)
    counts = read_counts(directory, chosen, faults=True)

    def go(settings, faults=True):
        return run(make_world(directory, counts, settings, faults=faults), members=20, seed=1)

    result = go(chosen)
    expected, agents = tool.read_vectors(WILD / "reference-vectors" / f"{name}.csv", directory.names)
    assert (result.present.sum(axis=2) + result.on_links == agents).all()
    assert tool.away(result.present, expected, agents) < VECTORS[name]
    # Negative controls: without weights by level, and without the forecaster or its faults, people are elsewhere.
    assert (
        tool.away(go(replace(chosen, flood_loc_weights=(1.0,) * 5)).present, expected, agents)
        > 2 * VECTORS[name]
    )
    if chosen.flood_forecaster:
        assert tool.away(go(chosen, faults=False).present, expected, agents) > 0.5
        without = go(replace(chosen, flood_forecaster=False))
        assert tool.away(without.present, expected, agents) > 0.5


@pytest.mark.reference
@needs_wild
def test_with_as_few_people_as_flee_had_they_are_as_many_in_camps_until_crowds_find_one_open():
    """Flee ran it with one agent for a hundred; what happens from day 23 on docs/flee.md says."""
    folder = WILD / "Ethiopia_dflee"
    chosen, _ = settings_of(folder, None)
    directory = read_directory(folder)
    places = tuple(replace(one, people=one.people // chosen.hasten) for one in directory.locations)
    counts = read_counts(directory, chosen, faults=True)
    world = make_world(replace(directory, locations=places), counts, chosen, faults=True)
    result = run(world, members=40, seed=1)
    with (WILD / "reference-vectors" / "ethiopia.csv").open() as file:
        rows = list(csv.DictReader(file))
    agents = [int(row["agents"]) for row in rows]
    assert (result.present.sum(axis=2) + result.on_links == agents).all()
    is_camp = [place.kind == "camp" for place in places]
    there = result.present[:, :, is_camp].sum(axis=2).mean(axis=0)
    apart = there / [float(row["in_camps_mean"]) for row in rows] - 1
    assert np.abs(apart[:23]).max() < 0.005
    assert np.abs(apart[23:]).max() < 0.025


def test_a_scenario_has_no_floods_and_that_is_said(make):
    assert "floods: nobody is displaced by them" in "".join(map(str, to_scenario(read(make), None).losses))
