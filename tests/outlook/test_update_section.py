import csv
import io
import re

import numpy as np
import pytest

from forewarn.charts.geometry import ObservedDot, fan_chart
from forewarn.forecast.summary import PeopleRange
from forewarn.forecast.updating import parse_observations, update
from forewarn.outlook import write
from forewarn.outlook.charts.observed_dots import dots
from forewarn.outlook.page.model import build_page_model
from forewarn.outlook.page.render import render_page
from forewarn.outlook.tables.update_sheets import LEARNT, OBSERVED, build_update_sheets
from forewarn.outlook.view import ForecastView
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
    text = render_page(updated.forecast, SCENARIO, updated=updated)
    assert "What the counts have changed" in text
    assert "starts from 3 counts up to 20 March 2024" in text
    assert "(75 % in the scenario)" in text
    assert "brought up to date with counts up to 20 March 2024" in text


def numbers(path):
    return [float(number) for number in re.findall(r"-?[0-9.]+", path)]


def test_counts_are_dots_where_they_belong(updated):
    found = build_page_model(ForecastView(updated.forecast, SCENARIO, updated=updated))
    for course in found.courses:
        [error] = [shape for shape in course.fan.shapes if shape.style == "error"]
        [dot] = [shape for shape in course.fan.shapes if shape.style == "dot"]
        x, low, high = numbers(error.path)
        per_person = (course.fan.y_ticks[0].at - course.fan.y_ticks[1].at) / 2000
        assert [tick.label for tick in course.fan.y_ticks[:2]] == ["0", "2,000"]
        # 4,000 people on day 19 of 60; nine tenths of an error of a tenth: 3,342 to 4,658.
        assert x == pytest.approx(course.fan.left + 19 / 60 * (course.fan.right - course.fan.left), abs=0.01)
        assert low == pytest.approx(course.fan.y_ticks[0].at - 3342 * per_person, abs=0.02)
        assert high == pytest.approx(course.fan.y_ticks[0].at - 4658 * per_person, abs=0.02)
        assert numbers(dot.path)[1] == pytest.approx((low + high) / 2, abs=0.02)
    small = {fan.place: fan.chart for item in found.destination_fans for fan in item.fans}
    dotted = {place for place, chart in small.items() if any(shape.style == "dot" for shape in chart.shapes)}
    assert dotted == {"Elm Camp"}
    plain = build_page_model(ForecastView(updated.forecast, SCENARIO))
    assert not any(shape.style in ("dot", "error") for course in plain.courses for shape in course.fan.shapes)
    assert plain.ruled_out == ""


def test_small_counts_are_not_drawn(updated):
    assert [
        each.people for each in dots(ForecastView(updated.forecast, SCENARIO, 1, updated), "arrivals")
    ] == [4]
    assert dots(ForecastView(updated.forecast, SCENARIO, 10, updated), "arrivals") == ()


def test_the_axis_holds_a_count_above_everything():
    by_day = [PeopleRange(0, 1, 2, 3, 4)] * 3
    chart = fan_chart(
        title="", description="", by_day=by_day, labels=[], highest=4, dots=[ObservedDot(1, 900, 800, 1000)]
    )
    assert chart.y_ticks[-1].label == "1,000"
    assert numbers(chart.shapes[-2].path)[2] == chart.top


@pytest.mark.parametrize(("after", "gone"), [(0.0, True), (0.0005, True), (0.001, True), (0.002, False)])
def test_a_course_that_counts_rule_out_has_one_line(updated, after, gone):
    calm = updated.forecast["course"].values == "calm"
    chances = np.where(calm, after / calm.sum(), (1 - after) / (~calm).sum())
    weight = updated.forecast["weight"].copy(data=chances)
    forecast = updated.forecast.assign_coords(weight=weight)
    found = build_page_model(ForecastView(forecast, SCENARIO, updated=updated))
    said = (
        "Ruled out (chance up to 0.1 % with the counts), so without figures here: Nothing happens. "
        "The CSV files hold their rows."
    )
    assert found.ruled_out == (said if gone else "")
    assert ("Nothing happens" in {row[0] for row in found.planning.rows}) != gone
    text = render_page(forecast, SCENARIO, updated=updated)
    assert text.count(said) == gone
    assert ("<h3>Nothing happens" in text) != gone


def test_without_counts_it_says_nothing_of_them(updated):
    text = render_page(updated.forecast, SCENARIO)
    assert "What the counts have changed" not in text
    assert "The chance of one is an assumption: " in text
    assert "an assumption weighed by the counts up to" in render_page(
        updated.forecast, SCENARIO, updated=updated
    )


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
    observed, learnt = build_update_sheets(ForecastView(updated.forecast, SCENARIO, updated=updated))
    assert all(set(row) == {column.name for column in OBSERVED} for row in observed.rows)
    assert all(set(row) == {column.name for column in LEARNT} for row in learnt.rows)
