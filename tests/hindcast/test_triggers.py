"""Triggers, counted by hand."""

from __future__ import annotations

import numpy as np
import pytest

from forewarn.hindcast.data.as_of import Issue, issues, known
from forewarn.hindcast.forecasters.catalogue import chosen
from forewarn.hindcast.forecasters.naive import naive_names
from forewarn.hindcast.running import run
from forewarn.hindcast.scores.records import IssueForecast, Scored
from forewarn.hindcast.scores.triggers import (
    ACTIVATES_ABOVE,
    THRESHOLDS,
    Threshold,
    base_rate,
    said,
    trigger_skill,
)
from tests.hindcast.conflicts import conflict, drawn, series


def entry(name, forecaster, truth, samples, *, day=30, counts=(1000, 200, 50)):
    made_up = conflict(
        *(series(place, (0, count)) for place, count in zip("ABC", counts, strict=True)), name=name
    )
    issue = Issue(name, 30, known(made_up, day), ("A", "B", "C"), np.array(truth))
    forecast = IssueForecast(np.array([np.mean(one) for one in samples]), tuple(map(np.array, samples)))
    return Scored(forecaster, "total-forecast", issue, forecast, 0.0, 0.0, 0.0, ())


def test_thresholds_of_the_place_and_of_all():
    # A: 1,000 people, above 1,100; B: 200, above 220; C has too few people for a rule of its own.
    one = entry("x", "f", [1101.0, 220.0, 90.0], [[1100, 1102, 1200, 900], [221.0, 230], [60.0]])
    of_place = said(one, Threshold("place", 0.10))
    assert of_place.probability.tolist() == [0.5, 1.0]
    assert of_place.happened.tolist() == [True, False]  # 220 is not above 220
    of_all = said(one, Threshold("total", 0.10))  # 125 more
    assert of_all.probability.tolist() == [0.25, 0.0, 0.0]
    assert of_all.happened.tolist() == [False, False, False]


def test_rates_and_brier_scores_by_hand():
    sure, half, never = [1300.0, 1300], [1300.0, 900], [900.0, 900]
    quiet = [200.0, 200]
    scored = [
        entry("x", "f", [1300.0, 200, 50], [sure, quiet, [50.0]]),
        entry("x", "f", [1300.0, 200, 50], [half, quiet, [50.0]], day=60),
        entry("y", "f", [1300.0, 200, 50], [never, quiet, [50.0]]),
        entry("y", "f", [1000.0, 200, 50], [sure, quiet, [50.0]], day=60),
    ]
    rows = trigger_skill(scored, naive=naive_names())
    assert len(rows) == len(THRESHOLDS) * len(ACTIVATES_ABOVE)
    low, middle, _ = (row for row in rows if row.threshold == Threshold("place", 0.25))
    assert (middle.forecasts, middle.events, middle.activations, middle.hits) == (8, 3, 2, 1)
    assert (low.activations, low.hits) == (3, 2)  # above 0.3 the half counts
    assert low.activation.value == pytest.approx(3 / 8)
    assert low.detection.value == pytest.approx(2 / 3)
    assert low.false_alarm_ratio.value == pytest.approx(1 / 3)
    assert low.false_alarm_rate.value == pytest.approx(1 / 5)
    assert low.brier == pytest.approx(((0 + 0.25 / 2) / 2 + (1 / 2 + 1 / 2) / 2) / 2)
    # Parts of events are 2/4 in x and 1/4 in y: x is told 1/4, y 1/2.
    assert low.best_naive == "base_rate"
    assert low.brier_naive == pytest.approx(((0.75**2 + 0.25**2) / 2 + 0.25) / 2)
    assert low.brier_skill.value == pytest.approx(1 - low.brier / low.brier_naive)


def test_a_base_rate_is_that_of_the_other_conflicts():
    one = said(entry("x", "f", [1300.0, 300, 50], [[1.0], [1.0], [1.0]]), Threshold("place", 0.25))
    two = said(entry("y", "f", [1000.0, 200, 50], [[1.0], [1.0], [1.0]]), Threshold("place", 0.25))
    told = base_rate({"x": [one], "y": [two]})
    assert told["x"][0].probability.tolist() == [0, 0]
    assert told["y"][0].probability.tolist() == [1, 1]


def test_nobody_to_compare_with_and_no_event():
    rows = trigger_skill(
        [entry("x", "f", [1000.0, 200, 50], [[1000.0], [200.0], [50.0]])], naive=naive_names()
    )
    assert {(row.detection, row.false_alarm_ratio, row.brier_skill) for row in rows} == {(None, None, None)}
    assert all(row.activation.value == 0 for row in rows)


def test_places_too_small_for_a_rule_leave_no_rows():
    rows = trigger_skill(
        [entry("x", "f", [9.0, 2, 1], [[9.0], [2.0], [1.0]], counts=(5, 2, 1))], naive=naive_names()
    )
    assert rows == ()


def test_every_forecaster_is_scored_on_the_same_events():
    found = {}
    for number, name in enumerate(("one", "two")):
        found[name] = {30: issues(drawn(number, name=name), horizon_days=30)}
    scored = list(run(found, chosen(["last_value", "drift", "forewarn"]), modes=["total-forecast"]))
    rows = trigger_skill(scored, naive=naive_names())
    for threshold in THRESHOLDS:
        counted = {(row.forecasts, row.events) for row in rows if row.threshold == threshold}
        assert len(counted) == 1
    assert all(row.brier_skill.value <= 1e-12 for row in rows if row.forecaster == row.best_naive)
