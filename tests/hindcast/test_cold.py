"""A cold start: the gravity model by hand, what it may know, and the command."""

from __future__ import annotations

import csv
from dataclasses import replace

import numpy as np
import pytest

from forewarn.flee.reading import read_directory
from forewarn.hindcast.cold_start import shares as cold
from forewarn.hindcast.cold_start.shares import Gravity, closed, distance_only, flow_shares, present, road_km
from forewarn.hindcast.cold_start.table import _entries
from forewarn.hindcast.forecasters.learnt import LearntGrid
from tests.hindcast.conflicts import drawn, write
from tests.hindcast.test_command import forewarn

PLAIN = Gravity(100.0, 0.0, 1.0, by_origin=False, within_countries="no", evenness=0.0)


def case(**changes):
    """Two places, three camps, four days; A is attacked throughout, B from the third day."""
    made = cold.ColdCase(
        name="made-up",
        camps=("X", "Y", "Z"),
        fighting=np.array([[1.0, 0], [1, 0], [1, 1], [1, 1]]),
        people=np.array([1000.0, 4000.0]),
        km=np.array([[100.0, 200, 300], [300, 200, 100]]),
        camp_countries=np.array(["P", "Q", "Q"]),
        is_closed=np.zeros((4, 3), bool),
        km_to_fighting=np.array([[100.0, 200, 20]] * 4),
        registered=np.array([[0.0, 0, 0], [10, 0, 0], [20, 10, 0], [5, 5, 5]]),
    )
    return replace(made, **changes)


def normal(values):
    return np.array(values) / np.sum(values)


def test_shares_by_hand():
    e = np.exp
    first = normal([e(-1), e(-2), e(-3)])
    found = flow_shares(case(), PLAIN)
    assert found[0] == pytest.approx(first)
    assert found[3] == pytest.approx(normal([e(-1) + 4 * e(-3), 5 * e(-2), e(-3) + 4 * e(-1)]))
    assert found.sum(axis=1) == pytest.approx(np.ones(4))
    root = flow_shares(case(), replace(PLAIN, population_power=0.5, by_origin=True))
    assert root[3] == pytest.approx((1 * first + 2 * first[::-1]) / 3)
    even = flow_shares(case(), replace(PLAIN, evenness=0.25))
    assert even[0] == pytest.approx(0.75 * first + 0.25 / 3)
    power = flow_shares(case(), replace(PLAIN, softening_km=0.0, power=2.0))
    assert power[0] == pytest.approx(normal([1, 1 / 4, 1 / 9]))


def test_countries_pull_as_their_nearest_camp_or_as_the_root_of_all():
    e = np.exp
    nearest = flow_shares(case(), replace(PLAIN, within_countries="nearest"))[0]
    assert nearest[0] / nearest[1:].sum() == pytest.approx(e(-1) / e(-2))
    assert nearest[1] / nearest[2] == pytest.approx(e(1))
    root = flow_shares(case(), replace(PLAIN, within_countries="root"))[0]
    assert root[0] / root[1:].sum() == pytest.approx(e(-0.5) / np.sqrt(e(-2) + e(-3)))


def test_closed_camps_get_nobody_and_no_road_is_the_last_choice():
    shut = np.zeros((4, 3), bool)
    shut[1, 0] = shut[2] = True
    found = flow_shares(case(is_closed=shut), PLAIN)
    assert found[1, 0] == 0
    assert found[1].sum() == pytest.approx(1)
    assert (found[2] > 0).all()  # all closed: as if none was
    far = flow_shares(case(km=np.array([[np.inf, 200, 300], [np.inf, 200, 100]])), PLAIN)
    assert far[0, 0] < 1e-200
    quiet = flow_shares(case(fighting=np.zeros((4, 2))), PLAIN)
    assert quiet == pytest.approx(np.full((4, 3), 1 / 3))


def test_people_add_up_to_the_total_of_each_day():
    found = present(case(), flow_shares(case(), PLAIN))
    assert found.sum(axis=1) == pytest.approx([0, 10, 30, 15])
    assert found[3] == pytest.approx(found[2] / 2)  # the total falls: everybody loses the same part
    assert distance_only(case())[0] == pytest.approx([1 / 100, 1 / 200, 1 / 50])


def test_registrations_of_a_camp_change_nothing_but_its_score():
    moved = case(registered=case().registered[:, ::-1])
    for gravity in cold.GRID[::97]:
        assert np.array_equal(flow_shares(case(), gravity), flow_shares(moved, gravity))
    assert cold.error(case(), flow_shares(case(), PLAIN)) != cold.error(moved, flow_shares(case(), PLAIN))


def test_entries_are_chosen_on_other_conflicts_and_what_is_shipped():
    low, high = np.ones(len(cold.GRID)), np.ones(len(cold.GRID))
    low[5], high[7] = 0.0, -9.0
    assert _entries({"one": low}, None)[0] == 5
    assert _entries({"one": low}, LearntGrid(3, high))[0] == 7
    assert len(_entries({}, None)) == len(cold.GRID)
    assert len(_entries({"one": low}, None)) == len(cold.GRID) // 10


FILES = {
    "routes.csv": "#name1,name2,distance,forced_redirection\n"
    + "".join(f"Front,Camp {number},{50 * (number + 1)},0\n" for number in range(4))
    + "Camp 0,Camp 1,10,0\n",
    "closures.csv": "#closure_type,name1,name2,closure_start,closure_end\ncamp,Camp 3,,0,50\ncountry,A,B,7,9\n",
}


def directory(seed, name, base):
    folder = write(drawn(seed, name=name, length_days=160), base / name)
    for file, text in FILES.items():
        (folder / "input_csv" / file).write_text(text)
    return folder


def test_roads_and_closures_of_a_directory(tmp_path):
    read = read_directory(directory(1, "one", tmp_path))
    km = road_km(read)
    front, camp = read.names.index("Front"), read.names.index("Camp 1")
    assert km[front, camp] == 60  # by way of Camp 0
    found = closed(read, ["Camp 0", "Camp 3"])
    assert np.flatnonzero(found[:, 0]).tolist() == [7, 8]
    assert np.flatnonzero(found[:, 1]).tolist() == list(range(50))
    elsewhere = replace(read, closures=(replace(read.closures[1], one="B", other="C"),))
    assert not closed(elsewhere, ["Camp 0"]).any()  # a border that nobody has to cross


@pytest.mark.slow
def test_the_command(tmp_path):
    folders = [str(directory(seed, name, tmp_path)) for seed, name in ((1, "one"), (2, "two"))]
    out = tmp_path / "out"
    done = forewarn(*folders, "--cold-start", "-o", str(out))
    assert done.returncode == 0, done.stderr
    assert {path.name for path in out.iterdir()} == {"cold-start.csv", "cold-start-comparison.csv"}
    with (out / "cold-start.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert {row["forecaster"] for row in rows} == {"gravity", "equal", "distance", "flee", "flee-faults"}
    assert {row["conflict"] for row in rows} == {"one", "two", "pooled"}
    alone = forewarn(folders[0], "--cold-start", "--given-alone")
    assert alone.returncode == 0, alone.stderr


def test_options_that_say_nothing_about_a_cold_start(tmp_path):
    done = forewarn(str(tmp_path), "--cold-start", "--mode", "total-given", "--interpolated")
    assert done.returncode == 2
    assert "--mode: cannot be used with --cold-start" in done.stderr
    assert "--interpolated: cannot be used with --cold-start" in done.stderr


def test_nobody_is_attacked(tmp_path):
    folder = directory(1, "one", tmp_path)
    places = folder / "input_csv" / "locations.csv"
    places.write_text(places.read_text().replace("conflict_zone,10", "town,"))
    done = forewarn(str(folder), "--cold-start")
    assert done.returncode == 1
    assert "no town or conflict zone is ever attacked" in done.stderr
