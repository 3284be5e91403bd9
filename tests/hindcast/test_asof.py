"""What is known on an issue day and what is true, by hand, by perturbing the future, and by the reference."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from forewarn.flee.registrations import RegistrationSeries
from forewarn.hindcast.data.as_of import corrected, issues, known, truth
from forewarn.hindcast.data.cases import interpolate, read_cases
from forewarn.hindcast.forecasters.naive import naive_forecasters
from forewarn.hindcast.scores.formulas import normalised_absolute_error
from tests.hindcast.conflicts import conflict, drawn, series, write

REFERENCE = Path(__file__).parents[3] / "shared" / "data" / "flee"

NORTH = series("North", (0, 10.0), (20, 100.0), (50, 200.0), (80, 50.0), (95, 60.0))
SOUTH = series("South", (40, 40.0))
MADE_UP = conflict(NORTH, SOUTH, corrections=[("North", 80)])


def test_the_last_count_is_carried_forward_and_nothing_later_is_known():
    assert known(MADE_UP, 49).counts().tolist() == [100, 40]
    assert known(MADE_UP, 50).counts().tolist() == [200, 40]
    assert known(MADE_UP, 49).counts(30).tolist() == [10, 0]
    assert known(MADE_UP, 0).counts(1).tolist() == [0, 0]


REGISTERS = [
    # what was counted by day 90; change over 60 days, people; people per day
    ([(0, 0.0), (90, 138_107.0)], 0, 0),  # nigeria2022_adm2: a register begins
    ([(90, 138_107.0)], 0, 0),
    ([(0, 0.0), (50, 100_000.0), (80, 130_000.0)], 30_000, 30_000 / 40),
    ([(0, 0.0), (85, 900.0), (90, 1000.0)], 100, 100 / 30),  # over five days: mostly chance
    ([(0, 500.0), (40, 0.0), (60, 700.0), (90, 760.0)], 60, 60 / 30),  # it begins again
    ([(0, 500.0), (80, 0.0)], -500, -500 / 60),  # a camp that closes is a change that was counted
    ([(0, 10.0), (20, 40.0), (60, 50.0)], 10, 10 / 60),
    ([(0, 0.0), (80, 0.0)], 0, 0),
    ([], 0, 0),
]


@pytest.mark.parametrize(("rows", "change", "per_day"), REGISTERS)
def test_the_first_count_of_somebody_tells_how_many_were_there_not_how_many_came(rows, change, per_day):
    seen = known(conflict(series("North", *rows)), 90)
    assert seen.changes(60).tolist() == [change]
    assert seen.rates(60).tolist() == pytest.approx([per_day])


def test_a_correction_rescales_what_came_before_it_once_it_is_known():
    assert known(MADE_UP, 79).counts(40).tolist() == [100, 0]
    assert known(MADE_UP, 80).counts(40).tolist() == [25, 40]
    assert corrected(NORTH, MADE_UP.corrections, as_of=400).tolist() == [2.5, 25, 50, 50, 60]


@pytest.mark.parametrize("day", [0, 81])
def test_a_correction_with_nothing_to_correct_changes_nothing(day):
    made_up = conflict(NORTH, SOUTH, corrections=[("North", day)])
    assert corrected(NORTH, made_up.corrections, as_of=400).tolist() == NORTH.counts.tolist()


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (-11, np.nan),  # nothing within ten days
        (-10, 10.0),  # before the first: the first
        (10, 55.0),  # between, ten days from both
        (35, np.nan),
        (60, 200 - 150 / 3),  # the correction of day 80 is not known by day 70
        (70, 50.0),  # and is by day 80: 200 is 50, and 50 after it
        (80, 50.0),
        (90, 50 + 10 * 10 / 15),
        (105, 60.0),
        (106, np.nan),
    ],
)
def test_truth_is_linear_between_registrations_that_are_near(day, expected):
    assert truth(MADE_UP, day)[0] == pytest.approx(expected, nan_ok=True)


def test_two_counts_of_one_day_step_on_that_day():
    step = conflict(series("North", (10, 80.0), (10, 100.0), (20, 110.0)), SOUTH)
    assert known(step, 10).counts()[0] == 100
    assert [truth(step, day)[0] for day in (9, 10, 15)] == [80, 100, 105]


def test_an_issue_needs_two_places_and_somebody_in_them():
    alone = conflict(NORTH, SOUTH, length_days=200)
    assert [issue.issue_day for issue in issues(alone, horizon_days=30)] == []
    pair = conflict(NORTH, replace_name(NORTH, "South"), length_days=200)
    assert [issue.issue_day for issue in issues(pair, horizon_days=30)] == [30, 60]
    nobody = conflict(*(RegistrationSeries(place, NORTH.days, 0 * NORTH.counts) for place in "ab"))
    assert issues(nobody, horizon_days=30) == ()


def replace_name(one, place):
    return replace(one, place=place)


def test_no_issue_whose_target_is_the_last_day_or_later():
    pair = drawn(1, length_days=120)
    assert max(issue.issue_day for issue in issues(pair, horizon_days=30)) == 60


@pytest.mark.parametrize("seed", range(5))
def test_the_future_cannot_be_seen(seed):
    """Whatever is registered or corrected after the issue day, what is known stays the same."""
    first = drawn(seed)
    day = 120
    changed = [
        RegistrationSeries(one.place, one.days, np.where(one.days > day, one.counts * 7 + 3, one.counts))
        for one in first.series
    ]
    late = next(int(late) for late in first.series[0].days if late > day)
    second = conflict(*changed, corrections=[("Camp 0", late)], length_days=first.length_days)
    for one, other in zip(known(first, day).series, known(second, day).series, strict=True):
        assert one.days.tolist() == other.days.tolist()
        assert one.counts.tolist() == other.counts.tolist()
    assert not np.array_equal(truth(first, day + 60), truth(second, day + 60), equal_nan=True)


def test_interpolation_does_see_the_future():
    """The negative control of the test above: the variant of the papers leaks."""
    assert known(interpolate(MADE_UP), 35).counts().tolist() == pytest.approx([37.5, 40])
    assert known(MADE_UP, 35).counts().tolist() == [100, 0]


@pytest.mark.parametrize(
    ("kind", "kept"), [("town", 3), ("conflict_zone", 3), ("camp", 4), ("idpcamp", 4), ("Camp", 4), ("", 4)]
)
def test_only_camps_are_forecast_and_scored(tmp_path, kind, kept):
    """As Flee's own columns and the reference have it: mali2017_adm1 has 14 registered places, ten of them camps."""
    folder = write(drawn(1), tmp_path / "x")
    locations = folder / "input_csv" / "locations.csv"
    first, *others = locations.read_text().split("1,0,camp")
    locations.write_text(f"{first}1,0,{kind}" + "1,0,camp".join(others))
    (case,) = read_cases([folder])
    assert len(case.registrations.series) == kept
    told = [str(remark) for remark in case.registrations.remarks if "left out" in str(remark)]
    assert told == (
        [] if kept == 4 else [f"source_data/data_layout.csv: 'Camp 0' is a {kind}, not a camp: left out."]
    )
    assert all("Camp 0" in issue.known.places for issue in case.issues[30]) == (kept == 4)


def reference():
    if not REFERENCE.is_dir():
        return []
    with (REFERENCE / "reference.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.mark.reference
@pytest.mark.parametrize("horizon", [30, 90])
def test_naive_columns_equal_those_of_the_reference(horizon):
    if not reference():
        pytest.skip("needs ../shared")
    compared = 0
    for row in reference():
        (case,) = read_cases([REFERENCE / row["conflict"]])
        found = case.issues[horizon]
        assert len(found) == int(row[f"issues{horizon}"])
        for forecaster in naive_forecasters():
            suffix = "_total_given" if forecaster.needs_total else ""
            column = f"nae{horizon}_{forecaster.name}{suffix}"
            if column not in row:
                assert forecaster.name == "distance"
                continue
            errors = [
                normalised_absolute_error(
                    forecaster.point(issue.known.only(issue.places), horizon, issue.truth.sum()), issue.truth
                )
                for issue in found
            ]
            assert abs(float(np.mean(errors)) - float(row[column])) <= 0.000501, (row["conflict"], column)
            compared += 1
    assert compared == 10 * 7
