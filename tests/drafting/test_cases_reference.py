"""The rules of drafts on seven reports that were drafted wrongly once; no rule was written for one of them."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path

import pytest

from forewarn.drafting import UnknownPlaceError, draft
from forewarn.drafting.user_tables import read_places
from forewarn.forecast import run
from forewarn.reading.documents.loading import load
from forewarn.reading.places.gazetteer import fold
from forewarn.reading.reader import read

REPORTS = Path(__file__).parents[3] / "shared" / "cases" / "reports"
ISSUED = {
    "babanusa": date(2024, 10, 1),
    "el-fasher-april": date(2024, 4, 24),
    "el-fasher-may": date(2024, 5, 24),
    "pokrovsk": date(2024, 10, 1),
    "rafah": date(2024, 5, 2),
    "tyre": date(2024, 10, 1),
}
ATTACKED = {
    "babanusa": ("Babanūsah", 150_000),
    "el-fasher-april": ("El Fasher", 1_500_000),
    "el-fasher-may": ("El Fasher", 1_800_000),
    "pokrovsk": ("Pokrovsk", 60_000),
    "rafah": ("Rafaḩ", 1_400_000),
    "tyre": ("Tyre", 250_000),
}
PARTIES = {"pokrovsk": "RUS", "rafah": "ISR", "tyre": "ISR"}

pytestmark = [
    pytest.mark.reference,
    pytest.mark.skipif(not REPORTS.exists(), reason="needs ../shared"),
]


def reading(name, issued):
    return read(load(str(REPORTS / f"{name}.txt"), issued=issued))


@cache
def made(name):
    return draft([reading(name, ISSUED[name])], issued=ISSUED[name])


@pytest.mark.parametrize("name", ISSUED)
def test_the_attack_is_on_the_place_that_is_named_with_the_people_that_are_told(name):
    scenario = made(name).scenario
    stages = [stage for course in scenario.courses for stage in course.stages]
    place, people = ATTACKED[name]
    assert {each for stage in stages for each in stage.places} == {place}
    (found,) = [each for each in scenario.places if each.name == place]
    assert found.residents + found.displaced == people


@pytest.mark.parametrize("name", ISSUED)
def test_where_people_go_is_not_told(name):
    assert not made(name).scenario.where_known


@pytest.mark.parametrize("name", ISSUED)
def test_nobody_arrives_in_a_partys_country_over_a_border_or_where_an_attacker_holds(name):
    scenario = made(name).scenario
    (home,) = {place.country for place in scenario.places if place.zone == "threatened"}
    arrivals = run(scenario, members=4, seed=1)["arrivals"].sum(["member", "day"])
    abroad = [place.name for place in scenario.places if place.country != home]
    assert int(arrivals.sum()) > 0
    assert int(arrivals.sel(place=abroad).sum()) == 0
    for place in scenario.places:
        if place.attraction == 0:
            assert int(arrivals.sel(place=place.name)) == 0
    if name in PARTIES:
        assert any(PARTIES[name] in note and "party to the fighting" in note for note in made(name).notes)


def test_what_the_attacker_has_taken_is_no_destination():
    assert [p.name for p in made("el-fasher-april").scenario.places if p.attraction == 0] == ["Mellit"]


@pytest.mark.parametrize("name", ISSUED)
def test_the_evidence_is_whole_sentences_of_the_report(name):
    text = " ".join((REPORTS / f"{name}.txt").read_text(encoding="utf-8").split())
    heading = (REPORTS / f"{name}.txt").read_text(encoding="utf-8").partition("\n")[0]
    said = [words for _, words, report in made(name).explained if report]
    assert len(said) >= 3
    for words in said:
        assert words in text
        assert words == heading or words.endswith((".", ".”", '."'))
        assert not words.endswith((" 1.", "U.N."))


def test_a_place_that_could_not_be_located_is_refused_with_its_name():
    with pytest.raises(UnknownPlaceError, match=r"Goma.*--places"):
        draft([reading("goma1", date(2024, 10, 1))])


@pytest.mark.parametrize("name", ["el-fasher-april", "el-fasher-may"])
def test_with_the_planners_zones_nobody_goes_to_the_attackers(name):
    with_table = draft(
        [reading(name, ISSUED[name])],
        issued=ISSUED[name],
        places=read_places([str(REPORTS / "ef-places.csv")]),
        routes=str(REPORTS / "ef-roads.csv"),
    )
    scenario = with_table.scenario
    assert scenario.where_known
    attacked = {place for course in scenario.courses for stage in course.stages for place in stage.places}
    assert "El Fasher town" in attacked
    assert {fold(place).split()[0] for place in attacked} <= {"el", "abu"}
    arrivals = run(scenario, members=4, seed=1)["arrivals"].sum(["member", "day"])
    held = [place.name for place in scenario.places if place.zone == "rsf"]
    assert held
    assert int(arrivals.sel(place=held).sum()) == 0
    assert int(arrivals.sel(place="Tawila")) > 0
