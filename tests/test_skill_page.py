"""docs/skill.md says what the stored scores say, and the stored scores are those of the program."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest

import forewarn
from forewarn import record
from forewarn.hindcast.cold_start.shares import distance_only, error
from forewarn.hindcast.cold_start.table import read_cold_cases
from forewarn.hindcast.data.cases import read_cases
from forewarn.hindcast.forecasters.base import MODES
from forewarn.hindcast.forecasters.catalogue import chosen
from forewarn.hindcast.forecasters.naive import naive_names
from forewarn.hindcast.forecasters.shipped import load
from forewarn.hindcast.running import run
from forewarn.hindcast.scores.summary import summarise
from forewarn.hindcast.scores.triggers import trigger_skill

ROOT = Path(__file__).parents[1]
REFERENCE = ROOT.parent / "shared" / "data" / "flee"


def tool(name):
    found = importlib.util.spec_from_file_location(name, ROOT / "tools" / f"{name}.py")
    module = importlib.util.module_from_spec(found)
    sys.modules[name] = module  # dataclasses look their module up
    found.loader.exec_module(module)
    return module


def test_the_page_and_its_figures_follow_from_the_stored_scores():
    for name, content in tool("make_skill").page().items():
        assert (ROOT / "docs" / name).read_text(encoding="utf-8") == content, f"run make skill: {name}"


def test_another_score_makes_another_page(monkeypatch):
    maker = tool("make_skill")
    before = maker.page()["skill.md"]
    monkeypatch.setattr(
        record, "comparisons", lambda: record._read("comparison.csv", record.ComparisonRecord)[3:]
    )
    assert maker.page()["skill.md"] != before


def test_persistence_that_gets_nearly_all_is_said_first(monkeypatch):
    maker = tool("make_skill")
    row = {"forecaster": "forewarn-pool", "parameter": "persistence", "value": "0.95"}
    monkeypatch.setattr(maker, "rows_of", lambda name: [row])
    assert maker.first_line().startswith("**Persistence gets up to 0.95 of the pool's weight")


def test_a_forecast_that_held_nothing_would_be_said(monkeypatch):
    maker = tool("make_skill")
    rows = [{**row, "truth": "9e9"} for row in maker.rows_of("reissues.csv")]
    assert "held 0 of" not in maker.reissued()
    monkeypatch.setattr(maker, "rows_of", lambda name: rows)
    assert f"held 0 of {len(rows)}." in maker.reissued()


def test_what_was_scored_on_conflicts_never_seen_stands_there_as_it_was(monkeypatch):
    maker = tool("make_skill")
    page = maker.page()["skill.md"]
    for row in (
        "| 0.1.0, total given, 30 days | 0.90 | 0.73 | 0.51 / 0.74 / 0.91 |",
        "| 0.1.0, total given, 90 days | 0.94 | 0.73 | 0.48 / 0.79 / 0.95 |",
        "| 0.1.0, total forecast, 30 days | **1.24** | **1.12** | 0.41 / 0.69 / 0.83 |",
        "| 0.1.0, total forecast, 90 days | **1.50** | **1.33** | 0.29 / 0.61 / 0.82 |",
    ):
        assert row in page
    worse = [{**row, "crps_ratio": "1.2"} for row in maker.rows_of("unseen.csv")]
    monkeypatch.setattr(maker, "rows_of", lambda name: worse)
    assert maker.unseen().count("| **1.20** |") == len(worse) == 10


@pytest.mark.slow
def test_the_scenarios_issued_again_give_what_is_stored():
    from forewarn.hindcast.writing import reissues_as_csv

    scorer, maker = tool("score_reissues"), tool("make_skill")
    stored = (maker.SKILL / "reissues.csv").read_text(encoding="utf-8")
    assert reissues_as_csv(scorer.reissues()) == stored
    (row,) = maker.rows_of("against-what-came.csv")
    assert {name: str(value) for name, value in scorer.before().items()} == row


@pytest.fixture(scope="module")
def cases():
    if not REFERENCE.is_dir():
        pytest.skip("needs the published conflicts in ../shared")
    return read_cases([REFERENCE / name for name in record.about()["conflicts"]])


@pytest.mark.reference
@pytest.mark.parametrize("mode", MODES)
def test_a_part_of_the_hindcast_gives_the_stored_scores(cases, mode):
    names = ["last_value", "drift", "forewarn"]
    only = {case.name: {30: case.issues[30]} for case in cases}
    scored = list(run(only, chosen(names), modes=[mode]))
    stored = {(one.mode, one.horizon_days, one.forecaster, one.conflict): one for one in record.scores()}
    for row in summarise(scored):
        kept = stored[row.mode, row.horizon_days, row.forecaster, row.conflict]
        assert row.issues == kept.issues
        assert row.error == pytest.approx(kept.error, abs=6e-5)
        assert row.crps == pytest.approx(kept.crps, abs=6e-5)
    warned = {
        (
            one.mode,
            one.horizon_days,
            one.forecaster,
            one.threshold_of,
            one.threshold_part,
            one.activates_above,
        ): one
        for one in record.triggers()
    }
    rows = trigger_skill(scored, naive=naive_names())
    assert rows
    for row in rows:
        key = (
            row.mode,
            row.horizon_days,
            row.forecaster,
            row.threshold.of,
            row.threshold.part,
            row.activates_above,
        )
        kept = warned[key]
        assert (row.forecasts, row.events, row.activations, row.hits) == (
            *(kept.forecasts, kept.events, kept.activations, kept.hits),
        )
        assert row.brier == pytest.approx(kept.brier, abs=6e-5)


@pytest.mark.reference
def test_what_is_learnt_from_six_gives_the_stored_scores_on_the_other_four(cases):
    now = [row for row in tool("make_skill").rows_of("unseen.csv") if row["version"] == forewarn.__version__]
    found = tool("score_hindcasts").unseen(cases)
    assert [[str(cell) for cell in row] for row in found] == [list(row.values()) for row in now]


@pytest.mark.reference
def test_a_cold_start_of_nearness_gives_the_stored_errors(cases):
    stored = {
        row["conflict"]: float(row["rescaled_ard"])
        for row in tool("make_skill").rows_of("cold-start.csv")
        if row["forecaster"] == "distance"
    }
    names = record.about()["conflicts"]
    for case in read_cold_cases([REFERENCE / name for name in names], cases):
        assert error(case, distance_only(case)) == pytest.approx(stored[case.name], abs=6e-5)


@pytest.mark.reference
def test_what_is_shipped_knows_the_published_conflicts_again(cases):
    assert load().known_again(case.registrations for case in cases) == tuple(record.about()["conflicts"])


@pytest.mark.reference
def test_the_stored_totals_are_those_of_the_program(monkeypatch, cases):
    """The base and one idea, at 30 days: the rest is the same code."""
    compare = tool("compare_totals")
    wanted = {compare.BASE, "… camps that are to open not known"}
    chosen_ideas = [idea for idea in compare.ideas() if idea.name in wanted]
    monkeypatch.setattr(compare, "ideas", lambda: chosen_ideas)
    monkeypatch.setattr(compare, "HORIZONS_DAYS", (30,))
    found = [[str(cell) for cell in row] for row in compare.rows(cases)]
    stored = tool("make_skill").rows_of("totals.csv")
    assert found == [
        list(row.values()) for row in stored if row["idea"] in wanted and row["horizon_days"] == "30"
    ]
