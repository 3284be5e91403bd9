"""Where there is conflict: zones of the first day, columns of conflicts.csv, and changes of kind."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from forewarn.errors import ForewarnError
from forewarn.flee.counts import read_counts
from forewarn.flee.directory import FleeError
from forewarn.flee.reading import read_directory
from forewarn.flee.running import make_world, run
from forewarn.flee.settings import FleeSettings, settings_from, settings_of
from forewarn.flee.timeline import intensities, make_timeline

HEAD = "#name,region,country,latitude,longitude,location_type,conflict_date,population"
CASES = Path(__file__).parents[3] / "shared" / "data" / "flee-wild" / "small-cases"
SETTINGS = FleeSettings(conflict_driven="constant", displaced_per_conflict_day=100.0)
A, B = 0, 1


def folder(make, *, zone="conflict_zone,0", town="town,0", column=None, changes="", head=HEAD, more=("", "")):
    """Ten days of three places: A and B, and a camp K; `column` is that of A, its values day by day."""
    places = f"A,R,X,1,2,{zone},1000{more[0]}\nB,R,X,1,3,{town},1000{more[1]}\nK,R,Y,2,2,camp,,\n"
    days = [""] * 10 if column is None else [f",{value}" for value in column]
    return make(
        {
            "input_csv/locations.csv": f"{head}\n{places}",
            "input_csv/routes.csv": "#a,b,km\nA,K,90\nB,K,90\nA,B,90\n",
            "input_csv/conflicts.csv": ("#Day,B" if column is None else "#Day,A") + "\n"
            + "".join(f"{day}{days[day] or ',0'}\n" for day in range(10)),
            "input_csv/location_changes.csv": f"#name,type,day\n{changes}",
            "source_data/data_layout.csv": "K,c.csv\n",
        }
    )  # fmt: skip


ON = [1] * 10
# What differs in the directory, the days on which A is in conflict, and those on which B is.
ZONES = {
    "without a column": ({}, range(10), ()),
    "without a column, of a later day": ({"zone": "conflict_zone,4"}, (), ()),
    "with a column of 0 to the end": ({"column": [0] * 10}, range(10), ()),
    "with 0 on day 0, until the column falls": ({"column": [0, 0, 1, 1, 0, 0, 0, 1, 1, 0]}, (0, 1, 2, 3, 7, 8), ()),
    "two of them": ({"town": "conflict_zone,0", "column": ON}, range(10), range(10)),
    "of a later day, by its column": ({"zone": "conflict_zone,4", "column": [0] * 3 + [1] * 7}, range(3, 10), ()),
    "a town, by its column": ({"zone": "town,0", "column": [0, 1, 1] + [0] * 7}, (1, 2), ()),
    "out and in": ({"column": ON, "changes": "A,town,4\nB,conflict_zone,4\n"}, range(4), range(4, 10)),
    "out of it, though its column goes on": ({"column": ON, "changes": "A,camp,4\n"}, range(4), ()),
    "out, and in again by its column": (
        {"column": [1, 1, 1, 1, 0, 0, 1, 1, 1, 1], "changes": "A,town,2\n"}, (0, 1, 6, 7, 8, 9), ()),
    "out and in again by a change": ({"column": ON, "changes": "A,town,2\nA,conflict_zone,5\n"}, (0, 1, *range(5, 10)), ()),
    "the same, later row first": ({"column": ON, "changes": "A,conflict_zone,5\nA,town,2\n"}, (0, 1, *range(5, 10)), ()),
    "into it, with a column of 0": (
        {"zone": "town,0", "column": [0] * 10, "changes": "A,conflict_zone,4\n"}, range(4, 10), ()),
    "a column that falls on the day of the change": (
        {"column": [1, 1, 0] + [0] * 7, "changes": "A,conflict_zone,2\n"}, (0, 1), ()),
    "a column that rises on the day of the change": (
        {"zone": "town,0", "column": [0, 0] + [1] * 8, "changes": "A,town,2\n"}, range(2, 10), ()),
    "two rows of one day": ({"changes": "A,town,3\nA,conflict_zone,3\nB,conflict_zone,3\nB,town,3\n"}, range(10), ()),
    "a change of day 0": ({"changes": "A,town,0\nB,conflict_zone,0\n"}, (), range(10)),
}  # fmt: skip


@pytest.mark.parametrize("faults", [False, True])
@pytest.mark.parametrize("case", ZONES)
def test_people_flee_where_and_when_there_is_conflict(make, case, faults):
    changes, *days = ZONES[case]
    directory = read_directory(folder(make, **changes))
    fights = [np.flatnonzero(column).tolist() for column in intensities(directory, faults=faults).T]
    assert fights == [list(days[A]), list(days[B]), []]
    spawned = run(make_world(directory, None, SETTINGS, faults=faults), seed=1).spawned[0]
    assert spawned.sum(axis=0).tolist() == [100 * len(days[A]), 100 * len(days[B]), 0]


@pytest.mark.reference
@pytest.mark.skipif(not CASES.is_dir(), reason="needs ../shared/data/flee-wild")
@pytest.mark.parametrize(("case", "people"), [("lc", [1000, 2000, 0]), ("cz", [3000, 3000, 0])])
@pytest.mark.parametrize("faults", [False, True])
def test_small_cases_give_what_flee_gives(case, people, faults):
    settings, _ = settings_of(CASES / case, None)
    world = make_world(read_directory(CASES / case), None, settings, faults=faults)
    assert run(world, seed=1).spawned[0].sum(axis=0).tolist() == people


def test_a_table_of_changes_beside_the_folders_is_read_too(make):
    """Flee reads it where it is started."""
    path = folder(make, column=ON)
    (path / "input_csv" / "location_changes.csv").unlink()
    (path / "location_changes.csv").write_text("#name,type,day\nA,town,4\n")
    assert intensities(read_directory(path), faults=False)[:, A].tolist() == [1] * 4 + [0] * 6


@pytest.mark.parametrize(("changes", "kind"), [("B,marker,3\n", "town"), ("B,town,3\n", "marker")])
def test_markers_that_come_and_go_are_refused(make, changes, kind):
    with pytest.raises(FleeError, match="'B' goes from .*: markers that come and go"):
        read_directory(folder(make, town=f"{kind},0", changes=changes))


def test_intensity_of_a_zone_is_that_of_its_row_until_its_column_says_otherwise(make):
    more = {"head": f"{HEAD},conflict_intensity", "town": "conflict_zone,0", "more": (",0.1", "")}
    directory = read_directory(folder(make, column=[0, 0, 0.5] + [0.5] * 7, **more))
    found = intensities(directory, faults=True)
    assert found[:, A].tolist() == [0.1, 0.1] + [0.5] * 8
    assert found[:, B].tolist() == [1.0] * 10


@pytest.mark.parametrize("faults", [False, True])
@pytest.mark.parametrize(("given", "share"), [(",0.1", 1 / 11), (",0.5", 1 / 3), (",1", 1 / 2), (",", 1 / 2)])
def test_zones_displace_by_their_intensity(make, given, share, faults):
    """1:10 for intensities 0.1 and 1 of equal populations, where the totals of registrations are shared out."""
    more = {"head": f"{HEAD},conflict_intensity", "town": "conflict_zone,0", "more": (given, ",1")}
    path = folder(make, **more)
    (path / "source_data" / "data_layout.csv").write_text("total,c.csv\nK,c.csv\n")
    (path / "source_data" / "c.csv").write_text("2020-01-01,0\n2020-01-10,90000\n")
    directory = read_directory(path)
    given_total = FleeSettings()
    counts = read_counts(directory, given_total, faults=faults)
    spawned = run(make_world(directory, counts, given_total, faults=faults), seed=1).spawned[0].sum(axis=0)
    people = spawned.sum()
    assert people == 90_000
    assert spawned[A] == pytest.approx(people * share, abs=4 * np.sqrt(people * share * (1 - share)))
    # Where conflict sets the number itself, each zone by its own.
    constant = run(make_world(directory, None, SETTINGS, faults=faults), seed=1).spawned[0]
    own = float(given.strip(",") or 1)
    assert constant.tolist() == [[100 * own, 100, 0]] * 10
    # And it repels by it.
    timeline = make_timeline(directory, SETTINGS, faults=faults)
    assert timeline.score[0, [A, B]] == pytest.approx(SETTINGS.conflict_weight ** np.array([own, 1]))


@pytest.mark.parametrize(("faults", "intensity", "displaced"), [(False, 0.5, 50), (True, 0.0, 0)])
def test_intensity_of_a_change_is_the_default(make, faults, intensity, displaced):
    """Flee reads it as a whole number, and then everybody leaves a place without conflict."""
    directory = read_directory(folder(make, zone="town,0", changes="A,conflict_zone,4\n"))
    settings = replace(SETTINGS, default_conflict_intensity=0.5)
    timeline = make_timeline(directory, settings, faults=faults)
    last = timeline.epoch[-1]
    assert timeline.spawn[last, A] == intensity
    assert timeline.chance[last, A] == settings.conflict_movechance
    assert not timeline.is_town[last, A]
    spawned = run(make_world(directory, None, settings, faults=faults), seed=1).spawned[0]
    assert spawned[4:, A].tolist() == [displaced] * 6


def test_the_default_intensity_stands_outside_the_groups():
    assert settings_from({"default_conflict_intensity": 0.5}, "s.yml").default_conflict_intensity == 0.5
    in_a_group = settings_from({"spawn_rules": {"default_conflict_intensity": 0.5}}, "s.yml")
    assert in_a_group.default_conflict_intensity == 1.0
    with pytest.raises(ForewarnError, match="from 0 to 1"):
        settings_from({"default_conflict_intensity": 2}, "s.yml")


@pytest.mark.parametrize(
    ("kind", "faults", "chance"),
    [("camp", False, "camp"), ("camp", True, "default"), ("idpcamp", False, "idpcamp"), ("idpcamp", True, "default"),
     ("town", False, "default"), ("conflict_zone", False, "default"), ("conflict_zone", True, "default")],
)  # fmt: skip
def test_after_conflict_people_move_on_as_before_it(make, kind, faults, chance):
    """Flee has them leave even a camp as they leave a town."""
    directory = read_directory(folder(make, zone=f"{kind},0", column=[1, 1, 0] + [0] * 7))
    timeline = make_timeline(directory, SETTINGS, faults=faults)
    chances = timeline.chance[timeline.epoch, A].tolist()
    assert chances == [1.0, 1.0] + [getattr(SETTINGS, f"{chance}_movechance")] * 8
    assert timeline.is_camp[timeline.epoch, A].all() == ("camp" in kind)


# Ages in days on day 5, by which displacement decays: since day 0, or as Flee has it.
@pytest.mark.parametrize(
    ("changes", "mended", "with_faults"),
    [
        ({"column": ON}, 5, 5),
        ({}, 5, 6),  # Flee never says when it began
        ({"column": [0, 0] + [1] * 8}, 5, 3),
        ({"zone": "town,0", "column": [0, 0] + [1] * 8}, 3, 3),
        ({"zone": "town,0", "changes": "A,conflict_zone,3\n"}, 2, 6),
    ],
)
def test_conflict_ages_from_its_first_day(make, changes, mended, with_faults):
    directory = read_directory(folder(make, **changes))
    decay = tuple(1 - 0.1 * age for age in range(9))
    settings = FleeSettings(conflict_spawn_decay=decay, conflict_spawn_decay_interval=1)
    for faults, age in ((False, mended), (True, with_faults)):
        timeline = make_timeline(directory, settings, faults=faults)
        assert timeline.spawn[timeline.epoch[5], A] == pytest.approx(decay[age])
