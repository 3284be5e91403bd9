"""A new scenario to be filled in, as a folder and as a workbook."""

from __future__ import annotations

import re
from datetime import date

import pytest
import yaml

from forewarn.scenario import doubts, load
from forewarn.scenario.resolving import shipped_defaults
from forewarn.scenario.template import FILES, scenario_name, write_book, write_folder
from forewarn.scenario.workbook import import_workbook

DAY = date(2025, 6, 1)


def made(tmp_path, kind):
    if kind == "folder":
        write_folder(tmp_path / "My Town", issued=DAY)
        return load(tmp_path / "My Town")
    write_book(tmp_path / "My Town.xlsx", issued=DAY)
    return import_workbook(tmp_path / "My Town.xlsx")


@pytest.mark.parametrize("kind", ["folder", "workbook"])
def test_the_template_is_valid_and_takes_its_name_and_day(tmp_path, kind):
    found = made(tmp_path, kind)
    assert (found.name, found.title, found.issued) == ("my-town", "My town", DAY)
    assert {place.kind for place in found.places} >= {"town", "camp", "foreign"}


def test_both_ways_give_the_same_scenario(tmp_path):
    assert made(tmp_path, "folder") == made(tmp_path, "workbook")


@pytest.mark.parametrize("kind", ["folder", "workbook"])
def test_behaviour_is_that_of_the_defaults(tmp_path, kind):
    shipped = shipped_defaults()["model"]["flight"]["share_leaving"]
    found = made(tmp_path, kind).model.flight.share_leaving
    assert dict(found.quantiles or ()) == shipped["quantiles"]
    assert found.source == shipped["source"]


@pytest.mark.parametrize("kind", ["folder", "workbook"])
def test_only_what_is_left_of_the_placeholders_is_doubted(tmp_path, kind):
    (problem,) = doubts(made(tmp_path, kind))
    assert re.match(
        r"scenario: 18 numbers are placeholders of the template, such as places\.Town A", str(problem)
    )


def test_every_number_of_the_template_is_a_placeholder_until_it_is_replaced(tmp_path):
    made(tmp_path, "folder")
    text = (tmp_path / "My Town" / FILES[0]).read_text(encoding="utf-8")
    text = text.replace("assumption: placeholder of the template", "assumption: my own")
    (tmp_path / "My Town" / FILES[0]).write_text(text, encoding="utf-8")
    (problem,) = doubts(load(tmp_path / "My Town"))
    assert "14 numbers" in str(problem)
    assert "model" not in yaml.safe_load(text)


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("My Town", "my-town"),
        ("2024", "2024"),
        ("Vallée_du Nord--2", "vallee-du-nord-2"),
        ("ود مدني", "new-scenario"),
        ("'quoted\": {x}", "quoted-x"),
    ],
)
def test_names(said, name, tmp_path):
    assert scenario_name(said) == name
    write_folder(tmp_path / said, issued=DAY)
    assert load(tmp_path / said).name == name
