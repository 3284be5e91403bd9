"""Forecasts issued again and again: what is known, the straight line, scores."""

from __future__ import annotations

import numpy as np
import pytest

from forewarn.errors import UsageError
from forewarn.forecast.updating import parse_observations
from forewarn.hindcast import reissuing
from forewarn.hindcast.reissuing import equal_members, line, reissue, truth_of
from forewarn.scenario import change, load

SCENARIO = change(
    load("crossroads"),
    [
        "model.flight.share_leaving={low: 0.2, mode: 0.5, high: 0.9}",
        "model.flight.days_to_half={median: 8, p90: 30}",
    ],
)
ROWS = tuple(
    f"2024-03-{day},anywhere,displaced,{people},0.05,2024-03-{day + 1}"
    for day, people in ((12, 300), (16, 1200), (20, 2000), (24, 2600), (28, 3000))
)


def counts(*rows):
    return parse_observations("\n".join(("date,place,measure,people,error,published", *rows)), SCENARIO)


def issued(*rows, **changes):
    wanted = {"every_days": 4, "ahead_days": 8, "members": 60, "seed": 1} | changes
    return reissue(SCENARIO, counts(*rows), **wanted)


@pytest.fixture(scope="module")
def rows():
    return issued(*ROWS)


def test_only_days_with_a_count_before_and_a_truth_after_are_issued(rows):
    assert [(row.day, row.target_day) for row in rows] == [(12, 20), (16, 24)]
    assert [row.counts for row in rows] == [1, 2]
    assert rows[0].truth == pytest.approx(2000 + 600 * 1 / 4)


def test_what_comes_later_does_not_change_an_issue(rows):
    other = issued(*ROWS[:3], "2024-03-24,anywhere,displaced,2900,0.05,2024-03-25", *ROWS[4:])
    assert other[0].forecast == rows[0].forecast
    assert other[0].line == rows[0].line
    assert other[0].truth != rows[0].truth
    assert other[0].crps != rows[0].crps


def test_a_count_that_was_not_yet_published_is_not_known():
    late = ROWS[1].replace("2024-03-17", "2024-03-27")
    assert [row.counts for row in issued(ROWS[0], late, *ROWS[2:])] == [1, 1]


def test_the_line_carries_the_change_of_thirty_days_on():
    found = counts(*ROWS[:2]).rows
    assert line(found, 16, 24) == pytest.approx(1200 + 1200 * 8 / 30)


def test_the_line_of_a_stock_does_not_start_at_nobody_and_never_falls_below():
    stocks = counts("2024-03-12,Elm Camp,present,900,0.05,", "2024-03-20,Elm Camp,present,300,0.05,").rows
    assert line(stocks, 20, 30) == pytest.approx(300 - 600 * 10 / 30)
    assert line(stocks, 20, 60) == 0.0


def test_truth_lies_between_counts_and_only_near_one():
    observed = counts(*ROWS)
    series = observed.rows[0].series
    assert truth_of(observed, series, 17) == pytest.approx(1600)
    assert np.isnan(truth_of(observed, series, 28))
    assert np.isnan(truth_of(counts(ROWS[0], "2024-04-20,anywhere,displaced,5000,0.05,"), series, 30))


def test_members_of_a_weighted_ensemble_count_by_their_weight():
    values = np.array([3.0, 1.0, 2.0])
    found = equal_members(values, np.array([0.5, 0.25, 0.25]))
    assert np.array_equal(np.unique(found), [1.0, 2.0, 3.0])
    assert found.mean() == pytest.approx(0.5 * 3 + 0.25 * 1 + 0.25 * 2)


def test_five_errors_of_its_own_dress_the_line(monkeypatch):
    monkeypatch.setattr(reissuing, "TOLERANCE_DAYS", 0)
    monkeypatch.setattr(reissuing, "ENOUGH_ERRORS", 1)
    daily = tuple(
        f"2024-03-{day},anywhere,displaced,{100 * (day - 11)},0.05,2024-03-{day}" for day in range(12, 31)
    )
    rows = issued(*daily, every_days=6, ahead_days=6)
    assert len(rows) > 1
    assert rows[0].line[0] < rows[0].line[1] < rows[0].line[2]
    own = (rows[0].truth - rows[0].line[1]) / rows[0].line[1]
    assert rows[1].line[0] == pytest.approx(rows[1].line[1] * (1 + own))


def test_counts_that_nothing_can_be_scored_with_are_an_error():
    with pytest.raises(UsageError, match="no issue every 4 days can be scored 8 days ahead"):
        issued(ROWS[0])
