"""The portable vectors of FLEE.md, on directories made here."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from forewarn.errors import ForewarnError
from forewarn.flee.counts import Dated, add_as_flee, read_counts
from forewarn.flee.directory import FleeError
from forewarn.flee.paths import Link, find_plans
from forewarn.flee.reading import read_directory
from forewarn.flee.running import make_world, run
from forewarn.flee.settings import FleeSettings, settings_from
from forewarn.flee.writing import out_csv
from tests.flee.conftest import PARTS

SETTINGS = FleeSettings()


def go(folder, settings=SETTINGS, **options):
    directory = read_directory(folder)
    counts = read_counts(directory, settings) if not settings.conflict_driven else None
    return run(make_world(directory, counts, settings, **options), seed=1, members=2), counts


def everybody(result):
    return int(result.world.places.initial.sum()) + result.spawned.sum(axis=(1, 2))


@pytest.mark.parametrize(("empty", "people"), [(False, 1135), (True, 135)])
def test_toy_escape(make, empty, people):
    result, _ = go(make(), replace(SETTINGS, empty_camps_on_day0=empty))
    assert (everybody(result) == people).all()


def test_tiny_closure(make):
    """One person a day, a link of 5 km that binds from day 3 on: three pass of a hundred."""
    days = 100
    folder = make(
        {
            "input_csv/sim_period.csv": f"StartDate,2020-01-01\nLength,{days}\n",
            "input_csv/locations.csv": "#name,region,country,latitude,longitude,location_type,conflict_date,pop\n"
            "A,R,X,1,2,conflict_zone,0,9\nB,R,X,1,2,camp,,\n",
            "input_csv/routes.csv": "#name1,name2,distance,forced_redirection\nA,B,5,\n",
            "input_csv/closures.csv": "#closure_type,name1,name2,closure_start,closure_end\nlink,A,B,3,-1\n",
            "input_csv/conflicts.csv": "#Day,A\n" + "".join(f"{day},1\n" for day in range(days)),
        }
    )
    settings = replace(
        SETTINGS, conflict_driven="constant", displaced_per_conflict_day=1.0, camp_movechance=0.0
    )
    result, _ = go(folder, settings)
    assert result.present[:, -1].tolist() == [[97, 3], [97, 3]]
    with_faults, _ = go(folder, settings, faults=True)  # closures of links never match in Flee
    assert with_faults.present[0, -1].tolist() == [0, 100]


@pytest.mark.parametrize(("redirection", "emptied", "filled"), [(2, "H", "C"), (1, "C", "H")])
def test_redirection_names_the_end_that_people_are_sent_to(make, redirection, emptied, filled):
    """Hub H, camp C and a town to stray to: 2 is name2, here the camp, as in burundi2015."""
    folder = make(
        {
            "input_csv/locations.csv": "#name,region,country,latitude,longitude,location_type,conflict_date,pop\n"
            "A,R,X,1,2,conflict_zone,0,9\nH,R,X,1,2,town,,\nC,R,Y,2,2,town,,\n",
            "input_csv/routes.csv": f"#name1,name2,distance,forced_redirection\nA,H,50,\nH,C,40,{redirection}\n",
            "input_csv/conflicts.csv": "#Day,A\n" + "".join(f"{day},{int(day < 3)}\n" for day in range(10)),
        }
    )
    settings = replace(SETTINGS, conflict_driven="constant", displaced_per_conflict_day=1000.0)
    result, _ = go(folder, replace(settings, max_move_speed=60.0))
    there = dict(zip(result.world.directory.names, result.present[0].T, strict=True))
    flee, _ = go(folder, replace(settings, max_move_speed=60.0), faults=True)  # has no effect in Flee
    without = dict(zip(flee.world.directory.names, flee.present[0].T, strict=True))
    assert there[emptied][-1] < without[emptied][-1] / 2
    assert there[filled][-1] > without[filled][-1]


@pytest.mark.parametrize(("first", "people"), [(0, 1000), (1, 900)])
def test_conflict_driven(make, first, people):
    files = {
        "input_csv/locations.csv": PARTS["input_csv/locations.csv"].replace("zone,0", f"zone,{first}"),
        "input_csv/conflicts.csv": "#Day,A\n" + "".join(f"{day},{int(day >= first)}\n" for day in range(10)),
    }
    settings = replace(SETTINGS, conflict_driven="constant", displaced_per_conflict_day=100.0)
    result, _ = go(make(files), settings)
    assert (everybody(result) == people).all()


def test_people_displaced_by_share_and_at_random(make):
    share, _ = go(make(), replace(SETTINGS, conflict_driven="pop_ratio", displaced_per_conflict_day=0.01))
    assert (everybody(share) == 100).all()
    chance, _ = go(make(), replace(SETTINGS, conflict_driven="poisson", displaced_per_conflict_day=400.0))
    assert abs(everybody(chance) - 4000).max() < 6 * 4000**0.5
    assert len(set(chance.spawned[0, :, 0].tolist())) > 3


def test_a_day_without_conflict_is_an_error(make):
    files = {
        "input_csv/locations.csv": PARTS["input_csv/locations.csv"].replace("zone,0", "zone,5"),
        "input_csv/conflicts.csv": "#Day,A\n" + "".join(f"{day},{int(day >= 5)}\n" for day in range(10)),
    }
    with pytest.raises(FleeError, match="on day 1 people are displaced"):
        go(make(files))


def test_adding_files_as_flee_does():
    one = Dated(np.array([0.0, 10, 20]), np.array([10.0, 20, 30]))
    other = Dated(np.array([0.0, 5, 20]), np.array([1.0, 2, 3]))
    added = add_as_flee(one, other)
    assert dict(zip(added.days, added.people, strict=True)) == {0: 11, 5: 22, 10: 22, 20: 33}


MISDATED = "2020-01-01,0\n2020-01-03,20\n2020-01-07,60\n2020-01-03,30\n2020-01-09,90\n"


def test_a_date_out_of_order_stays_where_it_stands_with_faults(make):
    """Day 7 lies between the misdated row and that of day 8, as the file has it; put in order it is mended."""
    settings = replace(SETTINGS, sum_from_camps=True)
    directory = read_directory(make({"source_data/c.csv": MISDATED}))
    flee = read_counts(directory, settings, faults=True)
    assert flee.people[:, 0].tolist() == [0, 10, 20, 30, 40, 50, 60, 80, 90, 90]
    mended = read_counts(directory, settings)
    assert mended.people[:, 0].tolist() == [0, 15, 30, 37, 45, 52, 60, 75, 90, 90]
    assert "left where it stands" in str(flee.remarks[0])
    assert "put in order" in str(mended.remarks[0])


TWICE = {
    # The rows as they stand, their counts once 2020-01-03 is corrected.
    "after an empty row": (MISDATED, [0, 10, 30, 30, 90]),  # only its second row has anybody before it
    "twice": ("2020-01-01,10\n2020-01-03,20\n2020-01-07,60\n2020-01-03,30\n", [10, 10, 30, 30]),
    "one below the other": ("2020-01-01,10\n2020-01-03,20\n2020-01-03,30\n", [30, 30, 30]),
    "three times": ("2020-01-01,1\n2020-01-03,2\n2020-01-03,6\n2020-01-03,3\n", [3, 3, 3, 3]),
    "once": ("2020-01-01,10\n2020-01-03,20\n2020-01-07,60\n", [20, 20, 60]),
}


@pytest.mark.parametrize("case", TWICE)
def test_flee_corrects_by_every_row_of_a_day(make, case):
    """Each row of the day rescales all rows above it, in the order of the file (FLEE-2.md, 1)."""
    text, corrected = TWICE[case]
    dates = [line.split(",")[0] for line in text.splitlines()]
    as_if = "".join(f"{date},{count}\n" for date, count in zip(dates, corrected, strict=True))
    expected = read_counts(read_directory(make({"source_data/c.csv": as_if})), SETTINGS, faults=True)
    files = {"source_data/c.csv": text, "input_csv/registration_corrections.csv": "C,2020-01-03\n"}
    found = read_counts(read_directory(make(files)), SETTINGS, faults=True)
    assert found.people.tolist() == expected.people.tolist()


def test_a_correction_halves_what_came_before(make):
    corrections = "C,2020-01-10\n"
    files = {"source_data/c.csv": "2020-01-01,2775\n2020-01-09,800\n2020-01-10,400\n"}
    folder = make({**files, "input_csv/registration_corrections.csv": corrections})
    _, counts = go(folder)
    assert counts.people[0, 0] == 2775 // 2
    assert counts.people[-1, 0] == 400


def test_decreases_are_a_debt(make):
    folder = make({"source_data/c.csv": "2020-01-01,100\n2020-01-02,60\n2020-01-03,90\n2020-01-04,130\n"})
    _, counts = go(folder)
    assert counts.new[:4].tolist() == [0, 0, 0, 30]
    assert counts.debt[:4].tolist() == [0, 40, 10, 0]


def line(markers=()):
    links = []
    for number, (one, other) in enumerate([(0, 1), (1, 2), (2, 3)]):
        links += [Link(one, other, 10.0, number), Link(other, one, 10.0, number)]
    return [
        [[links[n].end for n in plan.links] for plan in find_plans(links, places=4, markers=frozenset(markers), awareness=level)[0]]
        for level in (0, 1, 2, 3)
    ]  # fmt: skip


def test_route_sets():
    assert line() == [[], [[1]], [[1], [1, 2]], [[1], [1, 2], [1, 2, 3]]]
    assert line(markers=[1]) == [[], [[1, 2]], [[1, 2], [1, 2, 3]], [[1, 2], [1, 2, 3]]]


@pytest.mark.parametrize(("threshold", "kept"), [(2.0, {8, 12}), (1.1, {12}), (1.0, {1, 8, 4, 12})])
def test_pruning(make, threshold, kept):
    """Weights 1, 8, 4 and 12 by distance; with a power of 1 and no softening."""
    head = "#name,region,country,latitude,longitude,location_type,conflict_date,population\n"
    weights = {"B": 1, "C": 8, "D": 4, "E": 12}
    folder = make(
        {
            "input_csv/locations.csv": head + "A,R,X,1,2,conflict_zone,0,9000\n"
            + "".join(f"{name},R,X,1,2,camp,,\n" for name in weights),
            "input_csv/routes.csv": "#a\n" + "".join(f"A,{name},{24 / w},\n" for name, w in weights.items()),
            "input_csv/conflicts.csv": "#Day,A\n" + "".join(f"{day},1\n" for day in range(10)),
        }
    )  # fmt: skip
    settings = replace(
        SETTINGS, conflict_driven="constant", softening=0.0, pruning_threshold=threshold, camp_movechance=0.0
    )
    result, _ = go(folder, settings)
    reached = {weights[name] for name, n in zip("BCDE", result.present[0, -1, 1:], strict=True) if n}
    assert reached == kept


def test_everybody_is_somewhere(make):
    settings = replace(SETTINGS, start_on_foot=True, avoid_short_stints=True)
    result, _ = go(make({"input_csv/routes.csv": "#a\nA,B,500,\nB,C,90,\n"}), settings)
    on_links = everybody(result) - result.present[:, -1].sum(axis=1)
    assert (on_links > 0).all()  # 500 km on foot take longer than the period
    assert (result.present >= 0).all()


def test_same_seed_same_run_and_one_member_alone(make):
    folder = make()
    both, _ = go(folder)
    directory = read_directory(folder)
    world = make_world(directory, read_counts(directory, SETTINGS), SETTINGS)
    assert (run(world, seed=1).present[0] == both.present[0]).all()
    assert (both.present[0] != both.present[1]).any()


def test_out_csv(make):
    result, counts = go(make())
    rows = [row.split(",") for row in out_csv(result, counts).splitlines()]
    assert rows[0][:5] == ["Day", "Date", "C sim", "C data", "C error"]
    assert rows[1][1] == "2020-01-01"
    assert out_csv(result, counts, faults=True).splitlines()[1].split(",")[1] == "2020-01-02"
    assert len(rows) == 11
    assert int(rows[-1][2]) == result.present[0, -1, 2]


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ({"move_rules": {"max_move_sped": 3}}, "Did you mean 'max_move_speed'"),
        ({"move_rules": {"fixed_routes": True}}, "not carried yet"),
        ({"move_rules": {"avoid_short_stints": "false"}}, "without quotes"),
        ({"move_rules": {"awareness_level": 101}}, "from -1 to 100"),
        ({"spawn_rules": {"conflict_spawn_decay": [2]}}, "shares from 0 to 1"),
        ({"spawn_rules": {"conflict_driven_spawning": {"spawn_mode": "poison"}}}, "'poisson'"),
        ({"optimisations": {"hasten": 0}}, "from 1"),
        ({"mover_rules": {}}, "'move_rules'"),
        ([1], "not a group of settings"),
    ],
)
def test_settings_that_are_refused(document, message):
    with pytest.raises(ForewarnError) as error:
        settings_from(document, "simsetting.yml")
    assert message in str(error.value)
