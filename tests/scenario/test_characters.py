"""Text at the door of a scenario: control characters, and two forms of one letter."""

import copy
import unicodedata

import pytest

from forewarn.errors import ScenarioError
from forewarn.scenario import load
from forewarn.scenario.resolving import explicit, resolve


@pytest.fixture
def document():
    return copy.deepcopy(explicit(load("crossroads")))


@pytest.mark.parametrize(
    ("character", "said"),
    [
        ("\x1b", "U\\+001B"),
        ("\0", "U\\+0000"),
        ("\x85", "U\\+0085"),
        ("\ufffe", "U\\+FFFE"),
        ("\ud800", "U\\+D800"),
        ("\u202e", "U\\+202E .right-to-left override."),
    ],
    ids=["escape", "zero", "next-line", "no-character", "surrogate", "override"],
)
def test_a_control_character_is_refused_with_its_place(document, character, said):
    document["title"] = f"A{character}title"
    with pytest.raises(ScenarioError, match=f"title: the control character {said}"):
        resolve(document)


def test_every_text_that_has_one_is_named(document):
    document["courses"][0]["title"] = "\x07"
    document["places"][1]["name"] += "\x1b"
    with pytest.raises(ScenarioError) as caught:
        resolve(document)
    assert [problem.where for problem in caught.value.problems] == [
        "places[Oakford].name",
        "courses[attack].title",
    ]


def test_in_a_table_it_is_named_by_its_line(tmp_path, document):
    (tmp_path / "places.csv").write_text("name,lat,lon,kind,zone\nA\x1b,1,1,town,z\n", encoding="utf-8")
    (tmp_path / "routes.csv").write_text("from,to,km\nA,B,3\n", encoding="utf-8")
    (tmp_path / "scenario.yaml").write_text("format: forewarn-scenario/1\n", encoding="utf-8")
    with pytest.raises(ScenarioError, match="places.csv, line 2, name: the control character U.001B"):
        load(tmp_path)


def test_lines_tabs_and_marks_of_direction_are_text(document):
    document["title"] = "a\tb\nc \u200fإدلب\u200e"
    assert resolve(document).title == document["title"]


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_a_name_in_two_forms_is_one_place(document, form):
    document["places"][0]["name"] = unicodedata.normalize("NFC", "Mühle")
    text = unicodedata.normalize(form, "Mühle")
    for route in document["routes"]:
        for end in ("from", "to"):
            route[end] = text if route[end] == "Millbrook" else route[end]
    for stage in document["courses"][0]["stages"]:
        stage["places"] = [text if place == "Millbrook" else place for place in stage["places"]]
    made = resolve(document)
    assert "Mühle" in {made.routes[0].from_, made.routes[0].to} | {place.name for place in made.places}
    assert all(unicodedata.is_normalized("NFC", place.name) for place in made.places)


@pytest.mark.parametrize("day", ["9999-12-01", "2200-01-01", "1899-12-31", "0001-01-01"])
def test_issue_days_out_of_the_calendar_are_refused(document, day):
    document["issued"] = day
    with pytest.raises(ScenarioError, match=f"issued: {day} is out of range"):
        resolve(document)


@pytest.mark.parametrize(("number", "most"), [(1e300, "36,525"), (36_526, "36,525"), (1e11, "36,525")])
def test_days_beyond_a_century_are_refused(document, number, most):
    document["courses"][0]["stages"][0]["duration_days"] = {"value": number, "source": "assumption: x"}
    with pytest.raises(ScenarioError, match=f"duration_days: .* out of range. Allowed: at most {most}"):
        resolve(document)


@pytest.mark.parametrize("day", ["2018-02-31", "2018-13-01", "2018-00-10"])
def test_a_date_that_is_none_is_refused_with_its_line(tmp_path, day):
    (tmp_path / "scenario.yaml").write_text(f"format: forewarn-scenario/1\nissued: {day}\n", encoding="utf-8")
    with pytest.raises(ScenarioError, match=f"scenario.yaml, line 2: '{day}' is not a valid date"):
        load(tmp_path)
