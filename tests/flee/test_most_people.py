"""More people than 32 bits hold are refused, with the place and the file."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from forewarn.flee.counts import read_counts
from forewarn.flee.directory import FleeError
from forewarn.flee.reading import read_directory
from forewarn.flee.running import make_world, run
from forewarn.flee.settings import FleeSettings

HEAD = "#name,region,country,latitude,longitude,location_type,conflict_date,population\n"
L, R, D, X = (
    "input_csv/locations.csv", "input_csv/routes.csv", "source_data/data_layout.csv",
    "input_csv/registration_corrections.csv",
)  # fmt: skip
A, B, CAMP = "A,R,X,1,2,conflict_zone,0,1000\n", "B,R,X,1,2,town,,\n", "C,R,Y,2,2,camp,,5000\n"
LIMIT = "a number from 0 to 2,147,483,647"
SETTINGS = FleeSettings()

REFUSED = {
    "people of a place": (
        {L: HEAD + A + B.replace(",,\n", ",,2147483648\n") + CAMP},
        f"{L}, line 3: '2147483648' is not a number of people in 'B'. Allowed: {LIMIT}",
    ),
    "capacity of a camp": ({L: HEAD + A + B + CAMP.replace("5000", "1e10")}, "people in 'C'"),
    "a count": (
        {"source_data/c.csv": "2020-01-01,9e9\n"},
        f"source_data/c.csv, line 1: '9e9' is not a number of people in 'C'. Allowed: {LIMIT}",
    ),
    "a count of the total": ({"source_data/refugees.csv": "2020-01-01,3e9\n"}, "people in 'total'"),
    "two camps": (
        {
            L: HEAD + A + "B,R,X,1,2,camp,,\n" + CAMP,
            D: "B,b.csv\nC,c.csv\n",
            "source_data/b.csv": "2020-01-01,2e9\n",
            "source_data/c.csv": "2020-01-01,1e9\n",
        },
        f"{D}, 'B': 3,000,000,000 people are displaced in all",
    ),
    "two files of a camp": (
        {D: "C,c.csv,d.csv\n", "source_data/c.csv": "2020-01-01,2e9\n", "source_data/d.csv": "2020-01-01,2e9\n"},
        f"{D}, 'C': 4,000,000,000 people",
    ),
    "those who come later": (
        {
            L: HEAD + A + "B,R,X,1,2,camp,,\n" + CAMP,
            D: "total,refugees.csv\nB,b.csv\nC,c.csv\n",
            "source_data/b.csv": "2020-01-01,0\n2020-01-09,2e9\n",
            "source_data/c.csv": "2020-01-01,2e9\n",
        },
        "4,000,000,000 people are displaced in all",
    ),
    "a correction": (
        {X: "C,2020-01-03\n", "source_data/c.csv": "2020-01-01,2000\n2020-01-02,1\n2020-01-03,2e6\n"},
        f"{X}, line 1: 'C' comes to more than 2,147,483,647 people once it is applied",
    ),
    "a correction beyond any number": (
        {X: "C,2020-01-03\n", "source_data/c.csv": "2020-01-01,0\n2020-01-02,1e-320\n2020-01-03,2e9\n"},
        "'C' comes to more than",
    ),
}  # fmt: skip


@pytest.mark.parametrize("faults", [False, True])
@pytest.mark.parametrize("case", REFUSED)
def test_too_many_people_are_refused(make, case, faults):
    changes, message = REFUSED[case]
    with pytest.raises(FleeError) as error:
        read_counts(read_directory(make(changes)), SETTINGS, faults=faults)
    assert message in str(error.value)


def test_as_many_as_can_be_recorded_are_carried(make):
    most = 2**31 - 1
    directory = read_directory(
        make({"source_data/c.csv": f"2020-01-01,{most - 9000}\n2020-01-10,{most}\n", D: "C,c.csv\n"})
    )
    result = run(make_world(directory, read_counts(directory, SETTINGS), SETTINGS), seed=1)
    assert result.present.min() >= 0
    assert result.present[0, -1].sum(dtype=np.int64) + result.on_links[0, -1] == most


@pytest.mark.parametrize(
    ("people", "changes", "settings", "message"),
    [
        (5e8, {}, {}, f"{L}, 'A': by day 4 more than 2,147,483,647 people are displaced in all"),
        (5e8, {}, {"conflict_driven": "pop_ratio", "displaced_per_conflict_day": 5e8}, "by day 0 more"),
        (
            3e8,
            {R: "#a\nA,B,1,\nB,C,4000,\n"},
            {"default_movechance": 0.95},
            f"{R}: on day 0 people set out more than 2,147,483,647 times from 'B' to 'A'",
        ),
    ],
)
def test_conflict_that_displaces_too_many_is_refused(make, people, changes, settings, message):
    directory = read_directory(make(changes))
    chosen = replace(SETTINGS, conflict_driven="constant", displaced_per_conflict_day=people)
    with pytest.raises(FleeError) as error:
        run(make_world(directory, None, replace(chosen, **settings)), seed=1)
    assert message in str(error.value)
