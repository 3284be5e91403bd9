"""The stored scores: read as they stand, complete, and every column explained."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from forewarn import record

SKILL = Path(record.__file__).parent / "data" / "skill"
TABLES = {
    "summary.csv": record.scores,
    "comparison.csv": record.comparisons,
    "calibration.csv": record.calibrations,
    "triggers.csv": record.triggers,
}


def rows(name):
    with (SKILL / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("name", TABLES)
def test_every_row_is_read(name):
    read, written = TABLES[name](), rows(name)
    assert len(read) == len(written) > 0
    assert [one.forecaster for one in read] == [row["forecaster"] for row in written]


def test_rates_follow_from_their_counts():
    for one in record.triggers():
        assert 0 <= one.hits <= min(one.events, one.activations) <= one.forecasts
        assert one.activation.value == pytest.approx(one.activations / one.forecasts, abs=1e-4)
        if one.detection is None:
            assert one.events == 0
        else:
            assert one.detection.value == pytest.approx(one.hits / one.events, abs=1e-4)
            assert one.detection.low <= one.detection.value <= one.detection.high
        if one.activations:
            false = 1 - one.hits / one.activations
            assert one.false_alarm_ratio.value == pytest.approx(false, abs=1e-4)
        else:
            assert one.false_alarm_ratio is None


def test_rank_histograms_add_to_one():
    for one in record.calibrations():
        assert len(one.ranks) == 10
        assert sum(one.ranks) == pytest.approx(1, abs=1e-3)
        assert one.coverage_50.value <= one.coverage_80.value <= one.coverage_90.value


def test_every_column_has_a_meaning():
    explained = {column for found in record.columns().values() for column in found}
    for name in TABLES:
        for column in rows(name)[0]:
            stem = column.removesuffix("_low").removesuffix("_high")
            stem = "coverage_50" if stem.startswith("coverage_") else stem
            stem = "rank_1" if stem.startswith("rank_") else stem
            assert stem in explained or column in explained, (name, column)


@pytest.mark.parametrize("name", ["reissues.csv", "against-what-came.csv", "unseen.csv"])
def test_columns_of_what_was_checked_have_a_meaning(name):
    explained = record.columns()[name]
    assert explained
    assert set(explained) <= set(rows(name)[0])


def test_conflicts_of_the_tables_are_those_named():
    named = set(record.about()["conflicts"])
    assert {one.conflict for one in record.scores()} == named | {record.POOLED}


@pytest.mark.parametrize(
    ("days", "horizon"), [(3, None), (15, 30), (60, 30), (61, 90), (120, 90), (121, None)]
)
def test_which_record_speaks_for_a_lead_time(days, horizon):
    assert record.horizon_for(days) == horizon
