"""The package's tables, list of cases, numbers and record: what they must hold, and how they were made."""

import csv
import subprocess
import sys
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest

from forewarn.receptions import load_fitted, load_receptions, load_scores, past_destinations, reception_cases
from forewarn.receptions.models import recipe_of
from forewarn.receptions.tables import load_movements

REPOSITORY = Path(__file__).resolve().parents[2]
TABLES = files("forewarn") / "data" / "receptions"
PACK = REPOSITORY.parent / "shared" / "data" / "receptions"


def rows(name):
    return list(csv.DictReader((TABLES / name).read_text(encoding="utf-8").splitlines()))


def test_sizes():
    tables = load_receptions()
    assert len(tables.events()) == len(load_movements()) == 39
    assert {movement.quality for movement in load_movements().values()} == {"A", "B", "C"}
    assert len(past_destinations(tables)) == 39


def test_every_row_names_its_source_and_day():
    assert all(
        row.source and (row.url or row.event == "syr_nw_2019_20") for row in load_receptions().receptions
    )


def test_the_list_of_cases():
    counts = {}
    for row in rows("cases.csv"):
        key = row["dataset"], row["stage"]
        counts[key] = counts.get(key, 0) + 1
    assert counts == {
        ("receptions", "cold"): 32, ("receptions", "first-count"): 12, ("somalia", "cold"): 199,
        ("somalia", "history"): 187, ("afghanistan", "cold"): 92, ("sudan", "cold"): 12,
        ("nigeria", "cold"): 180, ("iraq", "cold"): 63,
    }  # fmt: skip


def test_the_cases_of_the_tables_are_those_of_the_list():
    listed = {
        (row["stage"], row["event"], row["as_of"], row["destinations"])
        for row in rows("cases.csv")
        if row["dataset"] == "receptions"
    }
    cases = reception_cases(load_receptions())
    assert {(case.stage, case.event, case.as_of, "; ".join(case.places)) for case in cases} == listed
    assert len({case.crisis for case in cases}) == 10
    for case in cases:
        assert case.truth.sum() == pytest.approx(1)
        assert all(np.isfinite(values).all() for values in case.covariates.values())


def test_nothing_is_fitted_on_north_west_syria():
    assert not [case for case in reception_cases(load_receptions()) if case.event.startswith("syr_nw")]


def test_the_fitted_numbers_are_those_of_the_recipes():
    models = load_fitted()["models"]
    for dataset, stage in (
        ("receptions", "cold"),
        ("somalia", "cold"),
        ("afghanistan", "cold"),
        ("somalia", "history"),
    ):
        assert tuple(models[f"{dataset} {stage}"]["covariates"]) == recipe_of(dataset, stage).covariates
    assert models["anywhere cold"]["places"] == {}
    assert "UNHCR" in load_fitted()["credit"]


def test_people_like_near_and_large_places():
    for model in ("receptions cold", "somalia cold", "anywhere cold"):
        assert load_fitted()["models"][model]["covariates"]["log_km"] < 0


def test_the_record_holds_every_forecast():
    names = {(row.dataset, row.stage): [] for row in load_scores()}
    for row in load_scores():
        names[row.dataset, row.stage].append(row.forecast)
        assert 0 < row.s < 1
        assert row.ratio_low <= row.ratio_high
    assert names["receptions", "cold"][0] == "fitted"
    assert {"equal", "population", "population / km", "gravity of 0.1.0"} <= set(names["receptions", "cold"])
    assert {"all stay", "fitted stay share, gravity"} <= set(names["somalia", "cold"])
    assert "own history, decayed" in names["somalia", "history"]


@pytest.mark.parametrize("dataset", ["sudan", "nigeria", "iraq"])
def test_what_has_no_target_is_reported(dataset):
    assert [row for row in load_scores() if row.dataset == dataset and row.forecast == "fitted elsewhere"]


@pytest.mark.reference
@pytest.mark.parametrize("script", ["make_receptions", "make_destination_cases"])
def test_the_scripts_give_the_same_bytes(script):
    assert PACK.exists()
    before = {
        name: (TABLES / name).read_bytes()
        for name in ("receptions.csv", "places.csv", "events.csv", "cases.csv")
    }
    subprocess.run([sys.executable, REPOSITORY / "tools" / f"{script}.py"], check=True)
    assert before == {name: (TABLES / name).read_bytes() for name in before}
