"""Coupled pairs of directories: one map is made of both halves (FLEE-2.md, 5)."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from forewarn.cli.commands import app
from forewarn.flee.counts import read_counts
from forewarn.flee.directory import FleeError
from forewarn.flee.reading import read_directory
from forewarn.flee.running import make_world, run
from forewarn.flee.settings import FleeSettings, settings_of

WHOLE = Path(__file__).parents[3] / "shared/data/flee-wild/ssudan_whole_revised_test_SWEEP_0"
HEAD = "#name,region,country,latitude,longitude,location_type,conflict_date,population\n"
# A and G are in conflict in the first half, G without a road there; H is a hub in the second, a zone in the first.
PAIR = {
    "input_csv/sim_period.csv": "StartDate,2020-01-01\nLength,10\n",
    "input_csv/locations-0.csv": HEAD + "A,R,X,1,2,conflict_zone,0,1000\nB,R,X,1,2,town,,\nG,R,X,1,2,conflict_zone,0,3000\n"
    "H,R,X,1,2,conflict_zone,0,0\nC,R,Y,2,2,camp,,9000\n",
    "input_csv/locations-1.csv": HEAD + "G,R,X,1,2,conflict_zone,0,3000\nH,R,X,1,2,forwarding_hub,,\nT,R,Y,1,2,town,,\n"
    "D,R,Y,2,2,camp,,9000\n",
    "input_csv/routes-0.csv": "#name1,name2,distance\nA,B,50\nB,C,40\nH,C,70\n",
    "input_csv/routes-1.csv": "#name1,name2,distance\nG,T,50\nT,D,40\nC,H,70\nT,H,60\n",
    "input_csv/conflicts-0.csv": "#Day,A,G\n" + "".join(f"{day},1,0.5\n" for day in range(10)),
    "input_csv/conflicts-1.csv": "#Day,T,G\n" + "".join(f"{day},0,0.25\n" for day in range(10)),
    "input_csv/closures-1.csv": "#closure_type,name1,name2,closure_start,closure_end\nlocation,D,,0,-1\n",
    "input_csv/coupled_locations.csv": "#name\nH\n",
    "source_data-0/data_layout.csv": "total,refugees.csv\nC,c.csv\n",
    "source_data-1/data_layout.csv": "total,refugees.csv\nD,c.csv\n",
    "source_data-0/refugees.csv": "2020-01-01,500\n2020-01-10,50500\n",
    "source_data-1/refugees.csv": "2020-01-01,500\n2020-01-10,50500\n",
    "source_data-0/c.csv": "2020-01-01,100\n2020-01-10,20000\n",
    "source_data-1/c.csv": "2020-01-01,200\n2020-01-10,30000\n",
}  # fmt: skip


def pair(folder: Path, changes=None) -> Path:
    for name, text in (PAIR | (changes or {})).items():
        if text is not None:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text)
    return folder


def test_one_map_is_made_of_both_halves(tmp_path):
    directory = read_directory(pair(tmp_path))
    assert directory.is_coupled
    assert directory.names == ("A", "B", "G", "H", "C", "T", "D")
    kinds = {place.name: place.kind for place in directory.locations}
    assert kinds["H"] == "conflict_zone", "the row of the first half counts"
    roads = [(route.start, route.end) for route in directory.routes]
    assert roads == [("A", "B"), ("B", "C"), ("H", "C"), ("G", "T"), ("T", "D"), ("T", "H")]
    assert directory.conflicts[5].tolist() == [1, 0, 0.5, 0, 0, 0, 0], (
        "G's intensity is that of the first half"
    )
    said = "\n".join(map(str, directory.remarks))
    assert "locations-1.csv, line 3: 'H' stands in both halves, and differs" in said
    assert "'G' has a column in both halves, and they differ" in said
    assert "'G' stands" not in said
    assert "'C, H' stands" not in said, "the same road the other way round"
    assert "coupled_locations.csv: is for two halves" in said


def test_people_are_displaced_by_the_total_of_the_first_half(tmp_path):
    """And those of A and of G, which has no road in the first half, reach the camps of both."""
    directory = read_directory(pair(tmp_path, {"input_csv/closures-1.csv": None}))
    counts = read_counts(directory, FleeSettings())
    assert counts.camps == ("C", "D")
    assert counts.initial.tolist() == [100, 200]
    assert counts.new.sum() == 50_000, "not by the sum of the camps, and not twice"
    result = run(make_world(directory, counts, FleeSettings()), seed=1)
    there = dict(zip(directory.names, result.present[0, -1].tolist(), strict=True))
    assert there["C"] > 5000
    assert there["D"] > 5000
    shares = result.spawned[0].sum(axis=0) / 50_000
    assert shares[[0, 2]] == pytest.approx([1000 / 2500, 1500 / 2500], abs=4 * np.sqrt(0.24 / 50_000))


def test_with_faults_everybody_starts_at_home_and_nothing_closes(tmp_path):
    """As Flee's halves were meant to run; mended, D is closed and takes nobody."""
    directory = read_directory(pair(tmp_path))
    for faults, at_once, reached in ((True, 500, True), (False, 0, False)):
        counts = read_counts(directory, FleeSettings(), faults=faults)
        assert counts.new[0] == at_once
        assert counts.new.sum() == at_once + 50_000
        present = run(make_world(directory, counts, FleeSettings(), faults=faults), seed=1).present[0, -1]
        assert (present[directory.names.index("D")] > 1000) == reached


def test_columns_in_another_order_are_put_in_that_of_the_first_half(tmp_path):
    older = "#name,region,country,longitude,latitude,location_type,conflict_date,population\n"
    second = "G,R,X,2,1,conflict_zone,0,3000\nT,R,Y,33,7,town,,\nH,R,X,2,1,conflict_zone,0,0\nD,R,Y,2,2,camp,,9000\n"
    directory = read_directory(pair(tmp_path, {"input_csv/locations-1.csv": older + second}))
    town = next(place for place in directory.locations if place.name == "T")
    assert (town.latitude, town.longitude) == (7, 33)
    assert "stands in both halves" not in "".join(map(str, directory.remarks))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"input_csv/routes-1.csv": None}, "input_csv/routes-1.csv: file not found"),
        ({"input_csv/locations-1.csv": None}, "input_csv/locations.csv: file not found"),
        ({"input_csv/conflicts-1.csv": None}, "input_csv/conflicts-1.csv: file not found"),
        ({"source_data-1/c.csv": None}, "source_data-1/c.csv: file not found"),
        ({"input_csv/conflicts-1.csv": "#Day,T\n0,0\n"}, "ends on day 0"),
        ({"input_csv/routes-1.csv": "#a\nG,T,50\nT,Q,40\n"}, "routes-1.csv, line 3: 'Q' is not in locations"),
    ],
)
def test_what_is_wrong_in_a_half_is_named_there(tmp_path, changes, message):
    folder = pair(tmp_path, changes)
    with pytest.raises(FleeError, match=message):
        read_counts(read_directory(folder), FleeSettings())


def test_a_pair_runs_as_one_command(tmp_path):
    out = tmp_path / "out" / "out.csv"
    done = CliRunner().invoke(app, ["flee", "run", str(pair(tmp_path / "pair")), "-o", str(out)])
    assert done.exit_code == 0, done.output
    with out.open() as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 10
    assert {"C sim", "D sim"} <= set(rows[0])
    assert CliRunner().invoke(app, ["flee", "check", str(tmp_path / "pair")]).exit_code == 0


@pytest.fixture
def halves(tmp_path):
    """The near-merged directory of FabFlee parted again: Uganda and what its roads reach in detail.

    Places at the edge stand in both halves, the zones in conflict too; no road does. The whole beside it has its
    rows in the order of the halves, so that both draw alike.
    """
    read = {
        name: [
            line for line in (WHOLE / "input_csv" / f"{name}.csv").read_text().splitlines() if line.strip()
        ]
        for name in ("locations", "routes", "conflicts", "closures", "registration_corrections")
    }
    last = read["conflicts"][-1].partition(",")[2]  # it has ten days: conflict goes on as on the last
    read["conflicts"] += [f"{day},{last}" for day in range(len(read["conflicts"]) - 1, 426)]
    places = dict.fromkeys(read["locations"][1:])  # those that stand there twice once
    country = {line.split(",")[0]: line.split(",")[2] for line in places}
    roads = read["routes"][1:]
    inside = {name for name, where in country.items() if where == "Uganda"}
    near = [road for road in roads if set(road.split(",")[:2]) & inside]
    shared = {end for road in near for end in road.split(",")[:2]} - inside
    zones = set(read["conflicts"][0].split(",")[1:])
    layout = (WHOLE / "source_data" / "data_layout.csv").read_text().splitlines()
    micro = inside | shared | (zones & shared)

    def write(folder, half, kept_places, kept_roads, kept_layout):
        files = {
            "locations": [read["locations"][0], *kept_places], "routes": [read["routes"][0], *kept_roads],
            "conflicts": read["conflicts"], "closures": read["closures"],
            "registration_corrections": read["registration_corrections"],
        }  # fmt: skip
        source = folder / f"source_data{half}"
        (folder / "input_csv").mkdir(parents=True, exist_ok=True)
        source.mkdir(parents=True)
        for name, lines in files.items():
            (folder / "input_csv" / f"{name}{half}.csv").write_text("\n".join(lines) + "\n")
        for file in (WHOLE / "source_data").iterdir():
            (source / file.name).write_bytes(file.read_bytes())
        (source / "data_layout.csv").write_text("\n".join(kept_layout) + "\n")
        period = (WHOLE / "input_csv" / "sim_period.csv").read_bytes()
        (folder / "input_csv" / "sim_period.csv").write_bytes(period)

    def named(line):
        return line.split(",")[0]

    macro_places = [line for line in places if named(line) not in inside]
    micro_places = [line for line in places if named(line) in micro]
    macro_roads = [road for road in roads if road not in near]
    macro_layout = [line for line in layout if named(line) not in inside]
    micro_layout = [layout[0], *(line for line in layout if named(line) in inside)]
    write(tmp_path / "pair", "-0", macro_places, macro_roads, macro_layout)
    write(tmp_path / "pair", "-1", micro_places, near, micro_layout)
    new = [line for line in micro_places if named(line) in inside]
    write(tmp_path / "whole", "", macro_places + new, macro_roads + near, macro_layout + micro_layout[1:])
    assert len(shared) >= 3
    assert len(near) > 10
    return tmp_path


@pytest.mark.reference
@pytest.mark.skipif(not WHOLE.is_dir(), reason="needs ../shared/data/flee-wild")
def test_a_pair_is_the_directory_that_was_merged_by_hand(halves):
    chosen, _ = settings_of(WHOLE, None)
    results = {}
    for name in ("pair", "whole"):
        directory = read_directory(halves / name, days=0)
        settings = replace(chosen, sum_from_camps=False)
        counts = read_counts(directory, settings)
        results[name] = directory.names, run(make_world(directory, counts, settings), seed=1).present
    assert results["pair"][0] == results["whole"][0]
    assert (results["pair"][1] == results["whole"][1]).all()
    assert results["pair"][1][0, -1].sum() > 100_000
