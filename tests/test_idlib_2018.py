"""The bundled scenario idlib-2018 says what was known on 30 August 2018, and no more."""

import csv
import importlib.util
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from forewarn.scenario import change, load

REPOSITORY = Path(__file__).parents[1]
FOLDER = REPOSITORY / "src" / "forewarn" / "data" / "scenarios" / "idlib-2018"
PACK = REPOSITORY.parent / "shared" / "data" / "north-west-syria"
ISSUED = date(2018, 8, 30)


@pytest.fixture(scope="module")
def scenario():
    return load("idlib-2018")


@pytest.fixture(scope="module")
def courses(scenario):
    return {course.name: course for course in scenario.courses}


@pytest.fixture(scope="module")
def maker():
    path = REPOSITORY / "tools" / "make_idlib_2018.py"
    spec = importlib.util.spec_from_file_location("make_idlib_2018", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def pack_places(maker):
    if not PACK.is_dir():
        pytest.skip(f"{PACK} is absent")
    return maker.read(PACK / "places.csv")


def held_by(scenario, zone):
    return [place for place in scenario.places if place.zone == zone]


def attacked(course, *stages):
    return {place for stage in course.stages if not stages or stage.name in stages for place in stage.places}


def test_it_is_issued_on_the_day_of_the_dispatch(scenario):
    assert scenario.issued == ISSUED
    assert not scenario.hindsight


def test_published_totals_hold_to_the_person(scenario):
    enclave = held_by(scenario, "opposition")
    assert sum(place.residents + place.displaced for place in enclave) == 2_987_716
    assert sum(place.displaced for place in enclave) == 1_379_629


def test_afrin_and_azaz_hold_to_the_person(scenario):
    north = held_by(scenario, "turkish-backed")
    afrin = [place for place in north if place.pcode.startswith("SY0203")]
    assert sum(place.residents + place.displaced for place in afrin) == 324_000 - 137_070
    assert sum(place.displaced for place in north if place.pcode == "SY020400") == 167_463


def test_no_source_is_newer_than_the_issue_day(scenario):
    late = {name for name, source in scenario.sources.items() if not source.known_by(ISSUED)}
    assert late == set()


def test_no_source_but_static_geography_is_exempt(scenario):
    exempt = {name for name, source in scenario.sources.items() if source.kind == "reference"}
    assert exempt == {"census-2004", "ocha-cod"}


def test_the_first_stage_leaves_the_city_alone(courses):
    first = attacked(courses["first-stage"])
    assert {"Khan Shaykun", "Kafr Zeita", "Ziyara", "Jisr-Ash-Shugur"} <= first
    assert first.isdisjoint({"Idleb", "Saraqab", "Ma'arrat An Nu'man", "Ariha"})
    assert attacked(courses["staged"], "south", "west") == first
    assert "Idleb" in attacked(courses["staged"], "city")
    assert [stage.name for stage in courses["staged"].stages][-1] == "border"


def test_courses_attack_only_places_of_the_enclave(scenario, courses):
    enclave = {place.name for place in held_by(scenario, "opposition")}
    assert all(attacked(course) <= enclave for course in courses.values())


def test_a_deal_is_among_the_courses(courses):
    assert set(courses) == {"deal", "first-stage", "staged", "turkish-led"}
    assert not courses["deal"].stages
    assert [programme.people.bounds() for programme in courses["deal"].return_programmes] == [
        (150_000, 200_000)
    ]


def test_probabilities_say_that_they_are_assumed(courses):
    assert all(course.probability.source.startswith("assumption:") for course in courses.values())


def test_no_course_assumes_a_chemical_attack(courses):
    assert "chemical-attack" not in {stage.kind for course in courses.values() for stage in course.stages}


def test_the_border_with_turkey_is_closed(scenario):
    into_turkey = {
        crossing.name: crossing.status for crossing in scenario.crossings if "turkey" in crossing.between
    }
    assert into_turkey == dict.fromkeys(("bab-al-hawa", "bab-al-salama", "khirbet-al-joz"), "closed")


def test_every_road_into_turkey_names_its_crossing(scenario):
    zone = {place.name: place.zone for place in scenario.places}
    with FOLDER.joinpath("routes.csv").open(encoding="utf-8", newline="") as file:
        into_turkey = {
            row["crossing"]
            for row in csv.DictReader(file)
            if (zone[row["from"]] == "turkey") != (zone[row["to"]] == "turkey")
        }
    assert into_turkey == {"bab-al-hawa", "bab-al-salama", "khirbet-al-joz"}


def test_there_are_twelve_posts_and_one_is_nowhere(scenario):
    assert len(scenario.posts) == 12
    assert [post.name for post in scenario.posts if post.lat is None] == ["OP8 Zaytunah"]


def test_the_garrison_pocket_is_isolated(scenario):
    assert {place.name for place in scenario.places if place.isolated} == {"Rukban", "Al-Tanf"}


def test_the_warning_is_the_published_one(scenario):
    assert scenario.model.warning.figure.typical() == 700_000
    assert 700_000 in {claim.people for claim in scenario.claims}


@pytest.mark.reference
def test_camps_are_inside_the_counts_of_their_sub_district(scenario, maker, pack_places):
    estimates = {
        "residents": maker.enclave(pack_places, "est_residents_2018", 2_987_716 - 1_379_629),
        "displaced": maker.enclave(pack_places, "est_idps_2018", 1_379_629),
    }
    pcode = {row["name"]: row["pcode"] for row in pack_places}
    for status, by_name in estimates.items():
        expected = Counter({pcode[name]: people for name, people in by_name.items()})
        found = Counter()
        for place in held_by(scenario, "opposition"):
            found[place.pcode] += getattr(place, status)
        assert +found == +expected


@pytest.mark.reference
def test_scaling_moves_no_estimate_by_more_than_a_percent(maker, pack_places):
    scaled = maker.enclave(pack_places, "est_residents_2018", 2_987_716 - 1_379_629)
    estimate = {row["name"]: int(row["est_residents_2018"] or 0) for row in pack_places}
    assert all(abs(people - estimate[name]) <= 0.01 * estimate[name] for name, people in scaled.items())


@pytest.mark.reference
@pytest.mark.usefixtures("pack_places")
def test_tables_are_what_the_script_makes(maker):
    made = maker.make_tables(PACK)
    for name, text in made.items():
        assert (FOLDER / name).read_bytes() == text.encode()
    assert set(made) == {"places.csv", "routes.csv"}


@pytest.mark.reference
@pytest.mark.usefixtures("pack_places")
def test_a_changed_pack_gives_other_tables(maker, tmp_path):
    for name in ("places.csv", "routes.csv"):
        text = PACK.joinpath(name).read_text(encoding="utf-8")
        tmp_path.joinpath(name).write_text(text.replace(",237000,", ",238000,"), encoding="utf-8")
    assert maker.make_tables(tmp_path)["places.csv"] != maker.make_tables(PACK)["places.csv"]


def test_the_border_can_be_made_to_leak(scenario):
    leak = ["crossings.bab-al-hawa.status=leaking", "crossings.bab-al-hawa.pass_rate=0.01"]
    changed = {crossing.name: crossing.status for crossing in change(scenario, leak).crossings}
    assert changed["bab-al-hawa"] == "leaking"


def test_whole_shares_add_up_and_favour_the_largest_remainder(maker):
    assert maker.whole_shares(10, {"a": 1, "b": 1, "c": 1}) == {"a": 4, "b": 3, "c": 3}
    assert maker.whole_shares(7, {"a": 10, "b": 19}) == {"a": 2, "b": 5}
