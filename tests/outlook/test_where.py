"""What is said of where people go: the level that is known, hardly known, and the record beside it."""

import numpy as np
import pytest

from forewarn.forecast import run
from forewarn.outlook.contents.answer import answer
from forewarn.outlook.contents.where import build_where, record_of_shares, where_sentence
from forewarn.outlook.tables.sheets import build_sheets
from forewarn.outlook.view import ForecastView
from forewarn.receptions import load_scores
from forewarn.scenario import change, load

WIDE = "model.destination.pull_spread=3"


@pytest.fixture(scope="module")
def sure():
    scenario = load("crossroads")
    return ForecastView(run(scenario, members=40, seed=1), scenario)


@pytest.fixture(scope="module")
def unsure():
    """Pulls of three destinations that differ by far, on two sides."""
    scenario = change(load("crossroads"), [WIDE])
    return ForecastView(run(scenario, members=80, seed=1), scenario)


def test_a_forecast_without_chance_is_known_by_place(sure):
    found = build_where(sure)
    assert "is known by place: by the spread of the futures under 1 %" in found.sentence
    assert "Oakford 50 % (49 %–51 %)" in found.sentence
    assert "Oakford" in answer(sure)[-2]
    assert "hardly known" not in " ".join(answer(sure))


def test_a_forecast_that_may_go_anywhere_says_so_first(unsure):
    sentence = where_sentence(unsure, "attack")
    assert sentence.startswith(
        "Where people go is hardly known in the course “Millbrook is attacked”: even by region and side"
    )
    assert sentence in " ".join(answer(unsure))
    assert "hardly known" in build_where(unsure).gravest.caption


def test_the_record_is_that_of_the_stored_scores(sure):
    text = record_of_shares(sure)
    after = next(row for row in load_scores() if (row.stage, row.forecast) == ("first-count", "fitted"))
    assert f"{after.coverage * 100:.0f} % of {after.cells}" in text
    assert "before anybody is counted hardly anything is known" in text


def test_shares_give_no_small_number_away():
    """Of a hundred people in all shares go by tenths, here and on the page, and what is left tells nothing."""
    scenario = load("crossroads")
    forecast = run(scenario, members=8, seed=1).copy(deep=True)
    forecast["present"].values[:] //= 60
    view = ForecastView(forecast, scenario)
    [sheet] = [each for each in build_sheets(view) if each.name == "shares"]
    told = [float(row[name]) for row in sheet.rows for name in row if name.startswith("share_")]
    people = float(
        np.median(forecast["present"].values[forecast["course"].values == "attack", -1].sum(axis=1))
    )
    step = 1 / np.floor(people / 10)
    assert 80 < people < 120
    assert np.array(told) / step == pytest.approx(np.round(np.array(told) / step), abs=0.01)
    shown = [float(row[1].removesuffix(" %")) / 100 for row in build_where(view).gravest.rows]
    assert np.array(shown) / step == pytest.approx(np.round(np.array(shown) / step), abs=0.1)


def test_shares_of_a_level_add_up_and_are_told_once(unsure):
    [sheet] = [each for each in build_sheets(unsure) if each.name == "shares"]
    rows = [row for row in sheet.rows if row["course"] == "attack"]
    for level in ("place", "area"):
        shares = [float(row["share_mean"]) for row in rows if row["level"] == level]
        assert sum(shares) == pytest.approx(1, abs=0.01)
    assert {row["level"] for row in rows if row["level_told"] == "yes"} == {"area"}
    assert {row["level"] for row in rows} == {"place", "area"}
    columns = [column.name for column in sheet.columns]
    assert all(set(row) == set(columns) for row in sheet.rows)
    order = [float(row[f"share_{rank}"]) for row in rows for rank in ("p05", "p25", "median", "p75", "p95")]
    assert (np.diff(np.array(order).reshape(-1, 5), axis=1) >= 0).all()
