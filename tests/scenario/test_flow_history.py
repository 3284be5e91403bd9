"""Who went where before the issue day: a table of a scenario."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from forewarn.cli.commands import app
from forewarn.errors import ChangeError, ScenarioError
from forewarn.scenario import change, doubts, dump, explicit, load, resolve, schema, tally
from forewarn.scenario.workbook import export_workbook, import_workbook
from forewarn.scenario.yaml_files import parse
from tests.scenario.test_schema import fits

ZOO = Path(__file__).parent / "zoo"
PEOPLE = {("Alder", "Birch"): 1200, ("Alder", "Alder"): 300.5, ("Birch", "Alder"): 10}
ON = "model.destination.history_exponent=0.5"


@pytest.fixture
def folder(tmp_path):
    for each in (*(ZOO / "base").iterdir(), *(ZOO / "accepted-flow-history").iterdir()):
        shutil.copy(each, tmp_path / each.name)
    return tmp_path


@pytest.fixture
def scenario(folder):
    return load(folder)


def rows(scenario):
    return {(row.from_, row.to): row.people for row in scenario.flow_history}


def test_rows_of_a_file_and_rows_of_the_document_are_the_same(scenario):
    assert rows(scenario) == PEOPLE
    assert [row.source for row in scenario.flow_history] == ["census", "census", "assumption: made up"]
    written = explicit(load(ZOO / "base"))
    assert written["flow_history"] == []
    written["flow_history"] = [
        {"from": a, "to": b, "people": people, "source": row.source}
        for ((a, b), people), row in zip(PEOPLE.items(), scenario.flow_history, strict=True)
    ]
    assert resolve(written) == scenario


def test_the_explicit_form_and_a_workbook_keep_it(scenario, tmp_path):
    assert resolve(parse(dump(scenario), "dump")) == scenario
    export_workbook(scenario, tmp_path / "book.xlsx")
    assert import_workbook(tmp_path / "book.xlsx") == scenario


def test_a_file_that_the_document_does_not_name_is_not_read(folder):
    shutil.copy(ZOO / "base" / "scenario.yaml", folder / "scenario.yaml")
    assert load(folder).flow_history == ()


def test_a_file_needs_a_folder(scenario):
    with pytest.raises(ScenarioError, match=r"flow_history: 'flow_history\.csv' cannot be read without"):
        resolve(explicit(scenario) | {"flow_history": "flow_history.csv"})


def test_what_people_write_fits_the_schema(scenario):
    made = schema()
    assert fits(explicit(scenario), made, made)
    assert fits(explicit(scenario) | {"flow_history": "flow_history.csv"}, made, made)
    assert not fits(explicit(scenario) | {"flow_history": [{"from": "Alder", "people": 3}]}, made, made)


def test_each_row_is_a_number_with_a_source(scenario):
    before, after = tally(load(ZOO / "base")), tally(scenario)
    assert after.by_source["census"] == before.by_source["census"] + 2
    assert [each.path for each in after.assumptions if each.path.startswith("flow")] == [
        "flow_history.Birch>Alder.people"
    ]


def test_a_row_can_be_changed_by_its_ends(scenario):
    doubled = change(scenario, ["flow_history.Alder>Birch.people*=2"])
    assert rows(doubled) == PEOPLE | {("Alder", "Birch"): 2400}
    assert doubled.flow_history[0].source.startswith("assumption: changed for comparison")
    with pytest.raises(ChangeError, match="unknown name 'Birch>Cedar'"):
        change(scenario, ["flow_history.Birch>Cedar.people=2"])


def test_a_history_that_changes_nothing_is_doubted(scenario):
    assert "flow_history" in [problem.where for problem in doubts(scenario)]
    assert "flow_history" not in [problem.where for problem in doubts(change(scenario, [ON]))]
    assert "flow_history" not in [problem.where for problem in doubts(load(ZOO / "base"))]


def test_the_check_counts_it(folder):
    said = CliRunner().invoke(app, ["scenario", "check", str(folder)]).output
    assert "History of flows: 1,510 people between 3 pairs of places." in said
    assert "model.destination.history_exponent is 0" in " ".join(said.split())
    assert "flows" not in CliRunner().invoke(app, ["scenario", "check", str(ZOO / "base")]).output
