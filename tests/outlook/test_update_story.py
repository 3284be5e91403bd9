import csv
import io

import pytest

from forewarn.forecast.updating import parse_observations, update
from forewarn.outlook import write
from forewarn.outlook.page import page
from forewarn.outlook.update_sheets import LEARNT, OBSERVED, update_sheets
from forewarn.scenario import change, load

SCENARIO = change(
    load("crossroads"),
    ["model.flight.share_leaving={low: 0.2, mode: 0.5, high: 0.9}", "model.destination.pull_spread=0.5"],
)
COUNTS = parse_observations(
    'date,place,measure,people,error,source\n2024-03-20,anywhere,displaced,4000,0.1,"=cmd|<b>x</b>"\n'
    "2024-03-20,Elm Camp,present,1500,0.1,\n2024-03-11,Elm Camp,arrivals,4,0.1,\n",
    SCENARIO,
)


@pytest.fixture(scope="module")
def updated():
    return update(SCENARIO, COUNTS, members=80, seed=1)


def rows(folder, name):
    return list(csv.DictReader(io.StringIO((folder / name).read_text(encoding="utf-8"))))


def test_the_page_says_what_the_counts_have_changed(updated):
    text = page(updated.forecast, SCENARIO, updated=updated)
    assert "What the counts have changed" in text
    assert "starts from 3 counts up to 20 March 2024" in text
    assert "(75 % in the scenario)" in text
    assert "brought up to date with counts up to 20 March 2024" in text


def test_without_counts_it_says_nothing_of_them(updated):
    text = page(updated.forecast, SCENARIO)
    assert "What the counts have changed" not in text
    assert "The scenario puts the chance" in text


def test_the_tables_hold_every_count_in_every_course_and_small_numbers_are_blank(updated, tmp_path):
    folder = write(updated.forecast, SCENARIO, tmp_path / "new", updated=updated)
    found = rows(folder, "observed.csv")
    assert len(found) == 3 * len(SCENARIO.courses)
    small = [row for row in found if row["measure"] == "arrivals"]
    assert {row["counted"] for row in small} == {""}
    assert {row["suppressed"] for row in small} == {"yes"}
    assert {row["source"] for row in found} == {"", "'=cmd|<b>x</b>"}


def test_negative_scores_are_numbers_and_no_formulas(updated, tmp_path):
    folder = write(updated.forecast, SCENARIO, tmp_path / "new", updated=updated)
    scores = [float(row["before_p10"]) for row in rows(folder, "learnt.csv") if row["place"]]
    assert scores
    assert min(scores) < 0


def test_the_sheets_have_the_columns_that_they_describe(updated):
    observed, learnt = update_sheets(updated, SCENARIO, suppress_below=10)
    assert all(set(row) == {column.name for column in OBSERVED} for row in observed.rows)
    assert all(set(row) == {column.name for column in LEARNT} for row in learnt.rows)
