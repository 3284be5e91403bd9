"""Which registered places are camps: they have a column and begin with people; towns count among the displaced."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from forewarn.flee.converting import to_scenario
from forewarn.flee.counts import read_counts
from forewarn.flee.reading import read_directory
from forewarn.flee.running import make_world, run
from forewarn.flee.settings import FleeSettings
from forewarn.flee.writing import out_csv

HEAD = "#name,region,country,latitude,longitude,location_type,conflict_date,population\n"
DATA = Path(__file__).parents[3] / "shared" / "data" / "flee"
SETTINGS = FleeSettings()


def folder(make, *, layout="total,refugees.csv\nT,t.csv\nC,c.csv\nD,d.csv\n", kind="town"):
    """A conflict zone A, a registered place T of some kind, two camps C and D; 10 more people a day in each."""
    days = ("2020-01-01", "2020-01-10")
    return make(
        {
            "input_csv/locations.csv": HEAD + f"A,R,X,1,2,conflict_zone,0,1000\nT,R,X,1,2,{kind},0,10\n"
            "C,R,Y,2,2,camp,,\nD,R,Y,2,2,idpcamp,,\n",
            "input_csv/routes.csv": "#a\nA,T,50,0\nT,C,40,\nT,D,40,\n",
            "input_csv/conflicts.csv": "#Day,A\n" + "".join(f"{day},1\n" for day in range(10)),
            "source_data/data_layout.csv": layout,
            "source_data/refugees.csv": "2020-01-01,600\n2020-01-10,870\n",
            **{
                f"source_data/{name.lower()}.csv": f"{days[0]},{people}\n{days[1]},{people + 90}\n"
                for name, people in {"T": 300, "C": 200, "D": 100}.items()
            },
        }
    )


@pytest.mark.parametrize("faults", [False, True])
@pytest.mark.parametrize(
    ("kind", "camps", "initial"),
    [
        ("town", ("C", "D"), [200, 100]),
        ("forwarding_hub", ("C", "D"), [200, 100]),
        ("conflict_zone", ("C", "D"), [200, 100]),
        ("camp", ("T", "C", "D"), [300, 200, 100]),
        ("idpcamp", ("T", "C", "D"), [300, 200, 100]),
    ],
)
def test_only_camps_have_columns_and_begin_with_people(make, kind, camps, initial, faults):
    """Everywhere 30 more people a day are registered, and displaced, camp or not."""
    directory = read_directory(folder(make, kind=kind))
    counts = read_counts(directory, SETTINGS, faults=faults)
    assert counts.camps == camps
    assert counts.initial.tolist() == initial
    assert counts.new.tolist() == [0, *[30] * 9]
    result = run(make_world(directory, counts, SETTINGS, faults=faults), seed=1)
    assert result.world.places.initial.sum() == sum(initial)
    head = out_csv(result, counts).splitlines()[0].split(",")
    assert [name.split()[0] for name in head if name.endswith(" sim")] == list(camps)


def test_what_has_no_column_is_said(make):
    counts = read_counts(read_directory(folder(make)), SETTINGS)
    assert [str(remark) for remark in counts.remarks] == [
        "source_data/data_layout.csv: 'T' is not a camp: it has no column, and holds nobody before the first day."
    ]


# Rows of the layout, and how many are registered on day 0 and displaced on each later day by Flee and mended.
@pytest.mark.parametrize(
    ("layout", "first", "later", "mended"),
    [
        ("total,refugees.csv\nT,t.csv\nC,c.csv\nD,d.csv\n", 1200, 30, (600, 30)),
        ("T,t.csv\nC,c.csv\nD,d.csv\n", 600, 20, (600, 30)),
        ("C,c.csv\n", 200, 0, (200, 10)),
        ("C,c.csv\ntotal,refugees.csv\nD,d.csv\n", 900, 40, (300, 20)),
    ],
)
def test_the_first_row_of_the_layout_counts_on_the_first_day_only_in_flee(make, layout, first, later, mended):
    directory = read_directory(folder(make, layout=layout))
    settings = replace(SETTINGS, insert_day0=False)
    for faults, expected in ((True, (first, later)), (False, mended)):
        counts = read_counts(directory, settings, faults=faults)
        assert counts.new.tolist() == [expected[0], *[expected[1]] * 9]


@pytest.mark.parametrize(
    ("settings", "faults", "camps"),
    [
        ({"default_movechance": 0.001}, True, ("T", "C", "D")),
        ({"default_movechance": 0.005}, True, ("C", "D")),
        ({"default_movechance": 0.001}, False, ("C", "D")),
        ({"camp_movechance": 0.5, "idpcamp_movechance": 0.5}, True, ("C", "D")),
    ],
)
def test_flee_takes_places_that_few_leave_for_camps(make, settings, faults, camps):
    counts = read_counts(read_directory(folder(make)), replace(SETTINGS, **settings), faults=faults)
    assert counts.camps == camps


def test_a_directory_whose_only_registered_place_is_a_town_runs(make):
    directory = read_directory(folder(make, layout="T,t.csv\n"))
    counts = read_counts(directory, SETTINGS)
    assert counts.people.shape == (10, 0)
    result = run(make_world(directory, counts, SETTINGS), seed=1)
    assert result.spawned.sum() == 90
    assert len(out_csv(result, counts).splitlines()) == 11


def test_people_registered_in_towns_are_displaced_people_of_a_scenario(make):
    directory = read_directory(folder(make))
    scenario = to_scenario(directory, read_counts(directory, SETTINGS)).scenario
    assert {place.name: place.displaced for place in scenario.places} == {
        "A": 0,
        "T": 300,
        "C": 200,
        "D": 100,
    }


@pytest.mark.reference
@pytest.mark.skipif(not DATA.is_dir(), reason="needs ../shared/data/flee")
def test_mali_begins_with_the_people_of_its_camps():
    """Flee has 93,500, at fifty people to one of its own."""
    directory = read_directory(DATA / "mali2017_adm1")
    counts = read_counts(directory, SETTINGS, faults=True)
    assert len(counts.camps) == 10
    assert (counts.initial // 50 * 50).sum() == 93_500


@pytest.mark.reference
@pytest.mark.skipif(not DATA.is_dir(), reason="needs ../shared/data/flee")
def test_cameroon_is_corrected_by_both_rows_of_its_day():
    counts = read_counts(read_directory(DATA / "nigeria2016"), SETTINGS, faults=True)
    assert counts.people[150, counts.camps.index("Cameroon")] == 39_009
