"""Directories and settings that Flee runs: read as Flee reads them, and checked on one page."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from typer.testing import CliRunner

from forewarn.cli.flee import app
from forewarn.errors import ForewarnError
from forewarn.flee.checking import check_directory
from forewarn.flee.counts import read_counts
from forewarn.flee.directory import FleeError
from forewarn.flee.paths import Link, find_plans
from forewarn.flee.reading import read_directory
from forewarn.flee.running import make_world, run
from forewarn.flee.settings import FleeSettings, settings_from, settings_of

WILD = Path(__file__).parents[3] / "shared" / "data" / "flee-wild"
NINE = "#Day,A\n" + "".join(f"{day},1\n" for day in range(9))
# Directories of ../shared/data/flee-wild that run over their own days, and how many days that is.
RUNS = {"moo_f1_c1_t3": 60, "ssudan_whole_revised_test_SWEEP_0": 10}


def settings(**move):
    return settings_from({"move_rules": move}, "s.yml")


@pytest.mark.parametrize(("days", "length"), [(0, 10), (4, 4), (9, 9)])
def test_days_are_the_length_of_the_run(make, days, length):
    assert read_directory(make(), days=days).length_days == length


@pytest.mark.parametrize("days", [0, 10, 25])
def test_a_run_goes_as_far_as_its_table(make, days):
    directory = read_directory(make({"input_csv/conflicts.csv": NINE}), days=days)
    assert directory.length_days == 9
    assert "the run ends there too" in str(directory.remarks[0])
    assert (
        run(make_world(directory, None, FleeSettings(conflict_driven="constant")), seed=1).present.shape[1]
        == 9
    )


def test_more_days_than_the_period_hold_the_last_registration(make):
    days = "#Day,A\n" + "".join(f"{day},1\n" for day in range(14))
    directory = read_directory(make({"input_csv/conflicts.csv": days}), days=14)
    counts = read_counts(directory, FleeSettings())
    assert counts.people[:, 0].tolist()[9:] == [1135] * 5


def test_a_table_has_to_cover_the_period_where_days_are_not_asked_for(make):
    with pytest.raises(FleeError, match="ends on day 8"):
        read_directory(make({"input_csv/conflicts.csv": NINE}))


def layout(make, rows, *, faults):
    parts = {"source_data/data_layout.csv": rows, "source_data/d.csv": "2020-01-01,10\n2020-01-10,19\n"}
    return read_counts(read_directory(make(parts)), FleeSettings(), faults=faults)


def test_rows_of_one_camp_are_added(make):
    """1000 to 1135 in one file and 10 to 19 in the other."""
    counts = layout(make, "total,refugees.csv\nC,c.csv\nC,d.csv\n", faults=False)
    assert counts.people[[0, 9], 0].tolist() == [1010, 1154]
    assert counts.new.sum() == 144


def test_with_faults_the_first_row_of_a_camp_counts_once_for_each_row(make):
    """Flee: the changes of the first file twice in the daily sum, the other file not at all."""
    counts = layout(make, "total,refugees.csv\nC,c.csv\nC,d.csv\n", faults=True)
    assert counts.people[[0, 9], 0].tolist() == [1000, 1135]
    assert counts.new.sum() == 2 * 135


def test_v1_rules_override_what_is_given():
    found = settings(use_v1_rules=True, max_move_speed=360.0, camp_weight=3.0, start_on_foot=True)
    assert (found.max_move_speed, found.camp_weight, found.conflict_weight) == (200.0, 2.0, 0.25)
    assert not found.start_on_foot
    assert settings(use_v1_rules=False, camp_weight=3.0).camp_weight == 3.0


@pytest.mark.parametrize(
    ("move", "name", "value"),
    [
        ({"awareness_level": 1.5}, "awareness_level", 1),
        ({"awareness_level": -1}, "awareness_level", -1),
        ({"awareness_level": 5}, "awareness_level", 5),
        ({"max_move_speed": "250"}, "max_move_speed", 250.0),
        ({"start_on_foot": None}, "start_on_foot", False),
        ({"start_on_foot": 1}, "start_on_foot", True),
        ({"pop_power_for_loc_weight": 0.3}, "pop_power_for_loc_weight", 0.3),
    ],
)
def test_settings_are_read_as_flee_reads_them(move, name, value):
    assert getattr(settings(**move), name) == value


OFF = (
    "MatchCampReligion", "MatchCampEthnicity", "MatchTownEthnicity", "MatchConflictEthnicity", "BoysTakeRisk",
    "WomenAvoidHazards", "ChildrenAvoidHazards", "ElderlyAvoidHazards",
)  # fmt: skip


@pytest.mark.parametrize("key", OFF)
def test_rules_of_demographics_may_be_off_but_not_on(key):
    assert settings(**{key: False}) == FleeSettings()
    with pytest.raises(ForewarnError, match="not carried yet"):
        settings(**{key: True})


def test_keys_outside_the_groups_are_accepted():
    top = {"number_of_steps": -1, "conflict_input_file": "", "flood_level_input_file": ""}
    assert settings_from({**top, "default_conflict_intensity": 1}, "s.yml") == FleeSettings()


@pytest.mark.parametrize("name", ["simsettings.yml", "source_data/simsetting.yml", "input_csv/my.yaml"])
def test_settings_that_are_not_read_are_named(make, name):
    folder = make({name: "move_rules:\n  awareness_level: 2\n"})
    found, said = settings_of(folder, None)
    assert found == FleeSettings()
    assert (said[0].where, "not read from here" in said[0].what) == (name, True)


def ends_by_awareness(awareness, markers=frozenset()):
    """Plans of the first of six places in a row."""
    links = [Link(i, i + 1, 10.0, i) for i in range(5)]
    return [len(plan.links) for plan in find_plans(links, places=6, markers=markers, awareness=awareness)[0]]


def test_awareness_is_a_number_of_steps():
    assert [len(ends_by_awareness(steps)) for steps in range(7)] == [0, 1, 2, 3, 4, 5, 5]


def test_awareness_minus_one_sees_neighbours_alone():
    assert ends_by_awareness(-1) == [1]
    assert ends_by_awareness(1, frozenset({1})) == [2]
    assert ends_by_awareness(-1, frozenset({1})) == []


def test_what_to_do_is_said_where_conflict_ended_too_early(make):
    days = "#Day,A\n" + "".join(f"{day},{int(day < 4)}\n" for day in range(10))
    directory = read_directory(make({"input_csv/conflicts.csv": days}))
    counts = read_counts(directory, FleeSettings())
    with pytest.raises(FleeError, match="on day 4 .* Conflict ended after day 3 while people still arrive"):
        run(make_world(directory, counts, FleeSettings()), seed=1)


def test_a_population_that_is_used_up_is_told(make):
    places = "#name\nA,R,X,1,2,conflict_zone,0,20\nB,R,X,1,2,town,,\nC,R,Y,2,2,camp,,5000\n"
    directory = read_directory(make({"input_csv/locations.csv": places}))
    chosen = FleeSettings(take_from_population=True)
    with pytest.raises(FleeError, match="is used up"):
        run(make_world(directory, read_counts(directory, chosen), chosen), seed=1)


def test_a_good_directory_is_checked_on_one_page(make):
    found = check_directory(make(), None)
    assert found.page() == (
        "small: 3 places, 2 roads, 10 days from 2020-01-01. It runs.\n\nWrong: nothing\n\nAssumed: nothing"
    )


def test_problems_of_settings_and_tables_are_on_the_same_page(make):
    folder = make(
        {"simsetting.yml": "move_rules:\n  fixed_routes: True\n", "source_data/c.csv": "2020-01-01,-4\n"}
    )
    answer = CliRunner().invoke(app, ["check", str(folder)])
    assert answer.exit_code == 1
    for said in ("It does not run.", "Wrong: 2", "move_rules.fixed_routes", "'-4' is not a number of people"):
        assert said in answer.output


def test_long_lists_are_cut(make):
    rows = "".join(f"A,Bee{number},50,0\n" for number in range(45))
    page = check_directory(make({"input_csv/routes.csv": "#a,b,km\n" + rows}), None).page()
    assert "and 25 more" in page
    assert len(page.splitlines()) < 50


@pytest.mark.reference
@pytest.mark.skipif(not WILD.is_dir(), reason="needs ../shared/data/flee-wild")
@pytest.mark.parametrize("name", RUNS)
@pytest.mark.parametrize("faults", [False, True])
def test_directories_of_users_run(name, faults):
    chosen, _ = settings_of(WILD / name, None)
    directory = read_directory(WILD / name, days=0)
    counts = read_counts(directory, chosen, faults=faults)
    present = run(make_world(directory, counts, chosen, faults=faults), seed=1).present[0]
    assert len(present) == RUNS[name]
    assert np.diff(present.sum(axis=1)).any()


@pytest.mark.reference
@pytest.mark.skipif(not WILD.is_dir(), reason="needs ../shared/data/flee-wild")
def test_the_published_case_of_v1_rules():
    found, _ = settings_of(WILD, WILD / "small-cases" / "v1" / "s.yml")
    assert (found.max_move_speed, found.camp_weight) == (200.0, 2.0)


def test_the_file_of_all_members_opens_with_its_coordinates(make, tmp_path):
    out = tmp_path / "out.csv"
    assert (
        CliRunner()
        .invoke(app, ["run", str(make()), "-o", str(out), "--members", "2", "--days", "5"])
        .exit_code
        == 0
    )
    with xr.open_dataset(out.with_suffix(".nc")) as found:
        assert dict(found.sizes) == {"member": 2, "day": 5, "place": 3, "link": 4}
        assert set(found.coords) == {"day", "date", "place", "kind", "country", "link_from", "link_to"}
        assert found.present.dtype == "int32"
        assert found.kind.values.tolist() == ["conflict_zone", "town", "camp"]
        assert str(found.date.values[-1])[:10] == "2020-01-05"
        everybody = found.present.sum("place") + found.on_links
        assert (everybody == 1000 + found.spawned.sum("place").cumsum("day")).all()
