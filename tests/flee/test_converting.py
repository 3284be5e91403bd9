"""A directory becomes a scenario and comes back; what is lost is said."""

from __future__ import annotations

import numpy as np
import pytest

from forewarn.errors import UsageError
from forewarn.flee.converting import to_scenario
from forewarn.flee.counts import read_counts
from forewarn.flee.directory import FleeError
from forewarn.flee.exporting import to_directory
from forewarn.flee.reading import read_directory
from forewarn.flee.settings import FleeSettings
from forewarn.flee.timeline import intensities
from forewarn.scenario import dump, load

HEAD = "#name,region,country,latitude,longitude,location_type,conflict_date,population\n"
CLOSURES = "#closure_type,name1,name2,closure_start,closure_end\n"


def converted(folder):
    directory = read_directory(folder)
    return directory, to_scenario(directory, read_counts(directory, FleeSettings()))


def back(scenario, folder, **options):
    for name, text in to_directory(scenario, **options).files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return read_directory(folder)


def test_there_and_back(make, tmp_path):
    conflicts = "#Day,A,B\n" + "".join(
        f"{day},{0.5 if day < 4 else 1},{int(day in (2, 3))}\n" for day in range(10)
    )
    closures = CLOSURES + "country,X,Y,2,5\ncountry,X,Y,7,-1\n"
    directory, found = converted(
        make({"input_csv/conflicts.csv": conflicts, "input_csv/closures.csv": closures})
    )
    again = back(found.scenario, tmp_path / "again")
    assert [(p.name, p.people) for p in again.locations] == [(p.name, p.people) for p in directory.locations]
    assert [p.kind for p in again.locations] == ["conflict_zone", "conflict_zone", "camp"]  # B sees conflict
    assert [(r.start, r.end, r.km) for r in again.routes] == [
        (r.start, r.end, r.km) for r in directory.routes
    ]
    np.testing.assert_array_equal(again.conflicts, directory.conflicts)
    assert [p.conflict_day for p in again.locations] == [
        0,
        2,
        0,
    ]  # with 0 B would be in conflict from the start
    np.testing.assert_array_equal(intensities(again, faults=False), intensities(directory, faults=False))
    assert [(c.kind, c.first, c.last) for c in again.closures] == [("country", 2, 5), ("country", 7, -1)]
    assert (again.start, again.length_days) == (directory.start, 10)
    assert read_counts(again, FleeSettings()).initial.tolist() == [1000]


def test_what_is_written_can_be_read(make, tmp_path):
    _, found = converted(make())
    assert "greatest registration, known only afterwards" in dump(found.scenario)
    (tmp_path / "s").mkdir()
    (tmp_path / "s" / "scenario.yaml").write_text(dump(found.scenario))
    assert dump(load(tmp_path / "s")) == dump(found.scenario)


def test_a_pocket_and_countries_with_like_names(make):
    rows = (
        "A,R,Côte X,1,2,conflict_zone,0,9\nB,R,Côte X,1,2,town,,\nC,R,cote-x,2,2,camp,,5\nD,R,Z,2,2,camp,,\n"
    )
    files = {"input_csv/locations.csv": HEAD + rows, "input_csv/closures.csv": CLOSURES}
    _, found = converted(make(files))
    by_name = {place.name: place for place in found.scenario.places}
    assert by_name["D"].isolated
    assert by_name["D"].capacity is None
    assert len({place.zone for place in found.scenario.places}) == 3


def test_conflict_without_a_column_becomes_a_stage(make):
    """From the first day for a zone of that day, and as changes of kind say."""
    files = {
        "input_csv/conflicts.csv": "#Day,B\n" + "".join(f"{day},0\n" for day in range(10)),
        "input_csv/location_changes.csv": "#name,type,day\nA,town,4\nB,conflict_zone,6\n",
    }
    stages = converted(make(files))[1].scenario.courses[0].stages
    found = [(stage.places[0], stage.start.days.typical(), stage.duration_days.typical()) for stage in stages]
    assert found == [("A", 0, 4), ("B", 6, 4)]


def test_losses_are_said(make):
    files = {
        "input_csv/closures.csv": CLOSURES + "camp,C,,2,5\n",
        "input_csv/routes.csv": "#a,b,km,f,max_move_speed\nA,B,50,1,70\nB,C,40,\nA,B,90,\n",
        "input_csv/location_changes.csv": "#name,type,day\nB,camp,3\n",
        "input_csv/sim_period.csv": "StartDate,2020-01-01\nLength,800\n",
        "input_csv/conflicts.csv": "#Day,A\n" + "".join(f"{day},1\n" for day in range(800)),
    }
    _, found = converted(make(files))
    said = "\n".join(map(str, found.losses))
    for words in (
        "of kind camp",
        "shortest is kept",
        "forced redirections",
        "speeds",
        "changes of kind",
        "after day 730",
    ):
        assert words in said
    assert found.scenario.horizon_days == 730
    _, plain = converted(make({"input_csv/closures.csv": CLOSURES, "input_csv/routes.csv": "#a\nA,B,50,\nB,C,40,\n",
                               "input_csv/sim_period.csv": "StartDate,2020-01-01\nLength,10\n"}))  # fmt: skip
    assert "redirections" not in "\n".join(map(str, plain.losses))


def test_a_shipped_scenario_becomes_a_directory(tmp_path):
    scenario = load("idlib-2018")
    attacked = next(course for course in scenario.courses if course.stages)
    again = back(scenario, tmp_path / "idlib", course=attacked.name)
    assert again.conflicts is not None
    assert again.conflicts.any()
    calm = next(course for course in scenario.courses if not course.stages)
    assert back(scenario, tmp_path / "calm", course=calm.name).conflicts is None
    with pytest.raises(UsageError, match="not found"):
        to_directory(load("crossroads"), course="atack")


def test_a_latitude_beyond_the_pole_is_an_error(make):
    locations = HEAD + "A,R,X,95,2,conflict_zone,0,9\nB,R,X,1,2,town,,\nC,R,Y,2,2,camp,,5\n"
    with pytest.raises(FleeError, match="latitude 95"):
        converted(make({"input_csv/locations.csv": locations}))
