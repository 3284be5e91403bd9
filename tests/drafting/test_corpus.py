"""Forty dispatches, of which it was decided by hand whether a draft should come, and for which area.

Rules were written by the first twenty, the reports in ``passing`` and the ``develop-*`` reports in ``refused``.
The others check them: whoever wrote the rules had read them (to decide) and looked at their totals alone.
"""

from __future__ import annotations

import csv
import json
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from forewarn.drafting import NoOffensiveError
from forewarn.drafting.distances import distance_km
from forewarn.drafting.report.signs import find_signs, is_about_another_time
from forewarn.drafting.report.situation import find_situation
from forewarn.drafting.surroundings.find import find_surroundings
from forewarn.reading.documents.document import from_text
from forewarn.reading.documents.loading import load
from forewarn.reading.reader import read

HERE = Path(__file__).parent
BUILD = HERE.parents[1] / "corpus" / "build"
NEAR_KM = 25.0  # of a listed place, some place under threat must lie within


def rows(half):
    with (HERE / "corpus_areas.csv").open(encoding="utf-8") as file:
        return [row for row in csv.DictReader(file) if row["half"] == half]


@cache
def drafted(number):
    """The places under threat in the draft of a dispatch; nothing if it is refused."""
    (path,) = BUILD.glob(f"{number}-*.txt")
    issued = json.loads(path.with_suffix("").with_suffix(".first.json").read_text(encoding="utf-8"))["issued"]
    return under_threat(read(load(str(path), issued=date.fromisoformat(issued))))


def under_threat(reading):
    try:
        around = find_surroundings(find_situation([reading]))
    except NoOffensiveError:
        return None
    return [row for row in around.places if row["name"] in around.threatened]


def is_right(areas, places):
    for area in areas.split("; "):
        *_, lat, lon = area.split()
        there = {"lat": float(lat), "lon": float(lon)}
        if any(distance_km(place, there) <= NEAR_KM for place in places):
            return True
    return False


def counted(half):
    wanted = [row for row in rows(half) if row["draft"] == "yes"]
    made = [(row, drafted(row["dispatch"])) for row in wanted]
    return (
        len(wanted),
        sum(places is not None for _, places in made),
        sum(places is not None and is_right(row["areas"], places) for row, places in made),
    )


@pytest.mark.parametrize(
    ("half", "wanted", "least_drafted", "least_right"), [("develop", 19, 17, 14), ("check", 16, 12, 8)]
)
def test_most_reports_of_attacks_are_drafted_for_their_area(half, wanted, least_drafted, least_right):
    """Measured: 17 and 14 of the 19 by which rules were written, 13 and 8 of the 16 that check them."""
    assert counted(half)[0] == wanted
    assert counted(half)[1] >= least_drafted
    assert counted(half)[2] >= least_right


@pytest.mark.parametrize("half", ["develop", "check"])
def test_no_report_without_an_attack_is_drafted(half):
    assert [row["dispatch"] for row in rows(half) if row["draft"] == "no" and drafted(row["dispatch"])] == []


@pytest.mark.parametrize("path", sorted((HERE / "reports" / "refused").glob("*.txt")), ids=lambda p: p.stem)
def test_reports_of_other_matters_are_refused(path):
    assert under_threat(read(from_text(path.read_text(encoding="utf-8"), name=path.name))) is None


def test_attacks_told_in_passing_are_drafted():
    paths = sorted((HERE / "reports" / "passing").glob("*.txt"))
    made = [under_threat(read(from_text(path.read_text(encoding="utf-8"), name=path.name))) for path in paths]
    assert len(paths) == 8
    assert sum(places is not None for places in made) >= 6


def test_the_table_lists_every_dispatch_once():
    listed = [row["dispatch"] for half in ("develop", "check") for row in rows(half)]
    assert listed == sorted(path.name[:2] for path in BUILD.glob("*.txt"))


def test_one_sign_proves_nothing():
    """A negative control: the same sentences, one by one and without armed men."""
    ultimatum = "The administration gave the quarter until Friday to leave."
    guns = "Gunfire was heard again in Kosina, and fighters took the bridge."
    assert find_signs(read(from_text(ultimatum, name="one"))).points() == 0
    both = read(from_text(f"{ultimatum} {guns} Shells fell on the market.", name="both"))
    assert find_signs(both).points() >= 4
    peace = "The council gave the traders until Friday to leave. Families left. The market is empty."
    assert find_signs(read(from_text(peace, name="peace"))).points() == 0


def test_other_years_and_memories_are_not_now():
    assert is_about_another_time("The city fell in 2015.", date(2021, 6, 22))
    assert is_about_another_time("Thousands remember the siege.", date(2021, 6, 22))
    assert not is_about_another_time("The city may fall in 2022.", date(2021, 6, 22))
