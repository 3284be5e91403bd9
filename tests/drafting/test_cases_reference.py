"""The rules of drafts on seven reports that were drafted wrongly once; no rule was written for one of them."""

from __future__ import annotations

import importlib.util
import sys
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from forewarn.drafting import draft
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
    "goma1": date(2024, 10, 1),
    "pokrovsk": date(2024, 10, 1),
    "rafah": date(2024, 5, 2),
    "tyre": date(2024, 10, 1),
}
ATTACKED = {
    "babanusa": ([["Babanūsah"]], 150_000),
    "el-fasher-april": ([["El Fasher (east and north)"], ["El Fasher (the rest)", "Zamzam"]], 1_500_000),
    "el-fasher-may": ([["El Fasher (east)"], ["El Fasher (centre)"], ["Zamzam"]], 1_800_000),
    "goma1": ([["Goma"]], 1_000_000),
    "pokrovsk": ([["Pokrovsk"]], 60_000),
    "rafah": ([["Rafaḩ (east)"], ["Rafaḩ (centre and west)"]], 1_400_000),
    "tyre": ([["Tyre"]], 250_000),
}
OPEN = {"el-fasher-april": ("Tine", "Adré"), "el-fasher-may": ("Tine",)}
DISPLACED = {"el-fasher-april": 800_000, "el-fasher-may": 800_000, "rafah": 1_200_000}
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
def test_the_attack_is_on_the_places_that_are_named_with_the_people_that_are_told(name):
    scenario = made(name).scenario
    stages, people = ATTACKED[name]
    assert [list(stage.places) for stage in scenario.courses[-1].stages] == stages
    under = [each for each in scenario.places if each.name in sum(stages, [])]
    assert sum(place.residents + place.displaced for place in under) == people
    assert sum(place.displaced for place in under) == DISPLACED.get(name, 0)


def test_every_part_of_what_a_planner_expects_is_met():
    tool = Path(__file__).parents[2] / "tools" / "score_drafts.py"
    spec = importlib.util.spec_from_file_location("score_drafts", tool)
    module = importlib.util.module_from_spec(spec)
    sys.modules["score_drafts"] = module
    spec.loader.exec_module(module)
    missed = [
        (path.stem, part.kind, part.what)
        for path, labels in module.cases_of(REPORTS)
        for part in module.parts_of(module.Made(*module.made_of(path, labels["issued"])), labels)
        if not part.is_met
    ]
    assert missed == []


@pytest.mark.parametrize("name", ISSUED)
def test_where_people_go_is_not_told(name):
    assert not made(name).scenario.where_known


@pytest.mark.parametrize("name", ISSUED)
def test_nobody_arrives_in_a_partys_country_over_a_border_or_where_an_attacker_holds(name):
    scenario = made(name).scenario
    (home,) = {place.country for place in scenario.places if place.zone == "threatened"}
    arrivals = run(scenario, members=4, seed=1)["arrivals"].sum(["member", "day"])
    abroad = [
        each.name for each in scenario.places if each.country != home and each.name not in OPEN.get(name, ())
    ]
    assert int(arrivals.sum()) > 0
    assert int(arrivals.sel(place=abroad).sum()) == 0
    for place in scenario.places:
        if place.attraction == 0:
            assert int(arrivals.sel(place=place.name)) == 0
    if name in PARTIES:
        assert any(PARTIES[name] in note and "party to the fighting" in note for note in made(name).notes)


def test_what_the_attacker_has_taken_is_no_destination_and_a_refuge_is_one():
    pulls = {place.name: place.attraction for place in made("el-fasher-april").scenario.places}
    assert pulls["Mellit"] == 0
    assert min(pulls[name] for name in ("Tawila", "Nyala", "El Daein", "Tine", "Adré")) >= 250_000


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
    assert {fold(place).split()[0] for place in attacked} <= {"el", "abu", "zamzam"}
    arrivals = run(scenario, members=4, seed=1)["arrivals"].sum(["member", "day"])
    held = [place.name for place in scenario.places if place.zone == "rsf"]
    assert held
    assert int(arrivals.sel(place=held).sum()) == 0
    assert int(arrivals.sel(place="Tawila")) > 0
