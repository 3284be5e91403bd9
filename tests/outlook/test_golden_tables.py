"""The tables of a real forecast of the crossroads, kept beside these tests.

``PYTHONPATH=src python tests/outlook/regenerate.py`` writes them again. A second look: in the course without an
attack nobody moves; in the other, 0.6 of the 10,000 people of Millbrook leave in the end, half of them
within five days (the scenario's numbers are exact), and whoever left is somewhere.
"""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from forewarn.csvfiles import csv_text
from forewarn.forecast import run
from forewarn.outlook.tables.sheets import build_sheets
from forewarn.outlook.view import ForecastView
from forewarn.scenario import load

FOLDER = Path(__file__).parent / "golden" / "crossroads"
NAMES = ("arrivals.csv", "departures.csv", "present.csv", "shares.csv", "flows.csv", "needs.csv")


def forecast(seed=1):
    return run(load("crossroads"), members=40, seed=seed)


def tables_of(dataset):
    """Text of each table as `outlook.write` writes it."""
    made = {}
    for sheet in build_sheets(ForecastView(dataset, load("crossroads"), 10)):
        columns = tuple(column.name for column in sheet.columns)
        made[f"{sheet.name}.csv"] = csv_text(sheet.rows, columns)
    return made


@pytest.fixture(scope="module")
def made():
    return tables_of(forecast())


@pytest.mark.parametrize("name", NAMES)
def test_a_table_is_its_golden_file(made, name):
    assert made[name] == (FOLDER / name).read_text(encoding="utf-8")


def test_there_is_no_other_table(made):
    assert set(made) == set(NAMES) == {path.name for path in FOLDER.iterdir()}


def test_another_seed_gives_other_tables(made):
    other = tables_of(forecast(seed=2))
    assert [name for name in NAMES if other[name] == made[name]] == []


def rows(name, **wanted):
    table = csv.DictReader(io.StringIO((FOLDER / name).read_text(encoding="utf-8")))
    return [row for row in table if all(row[key] == value for key, value in wanted.items())]


def test_a_second_look_nobody_moves_without_an_attack():
    for name in ("arrivals.csv", "departures.csv", "present.csv", "flows.csv"):
        found = rows(name, course="calm")
        assert found
        assert {row["population_p95"] for row in found} == {"0"}
    assert rows("needs.csv", course="calm") == []


def test_a_second_look_at_who_leaves():
    """The attack begins on day 10 of 60 and goes on: 50 days are ten half-lives."""
    last = {"course": "attack", "reference_period_end": "2024-04-30"}
    (left,) = rows("departures.csv", place="Millbrook", **last)
    assert int(left["population_median"]) == pytest.approx(6_000, rel=0.02)
    there = [row for row in rows("present.csv", **last) if row["population_median"]]
    assert sum(int(row["population_median"]) for row in there) == pytest.approx(6_000, rel=0.02)
    # One road leads from the valley across the bridge, and nobody is sent over it by an order.
    assert {row["place"] for row in there if int(row["population_median"]) > 0} <= {
        "Oakford", "Elm Camp", "Farside", "Highgate",
    }  # fmt: skip
