"""Differences in paired worlds, summed up."""

from __future__ import annotations

import pytest

from forewarn.errors import UsageError
from forewarn.forecast import compare, differences, run
from forewarn.forecast.kept_members import KeptMember
from forewarn.scenario import change, load, narrow


@pytest.fixture(scope="module")
def pair(crossroads):
    return compare(crossroads, change(crossroads, ["crossings.bridge.status=closed"]), members=40, seed=1)


def test_totals_for_each_course_and_table_day(pair):
    rows = [row for row in differences(*pair) if not row.place]
    assert [(row.course, row.day) for row in rows] == [
        (course, day) for course in ("attack", "calm") for day in (30, 60)
    ]
    assert all((row.low, row.median, row.high) == (0, 0, 0) for row in rows)
    assert next(row.base for row in rows if row.course == "attack" and row.day == 60) == pytest.approx(
        6000, rel=0.05
    )


def test_the_places_that_change_most_come_first(pair):
    rows = [row for row in differences(*pair) if row.place]
    assert {row.course for row in rows} == {"attack"}
    # By hand (README of the scenario): Farside −2,398, Oakford 4,996 − 2,997, Elm Camp 999 − 599.
    by_hand = {"Farside": -2398, "Oakford": 1998, "Elm Camp": 400}
    assert [row.place for row in rows] == list(by_hand)
    assert [row.median for row in rows] == pytest.approx(list(by_hand.values()), abs=60)
    assert all(row.low <= row.median <= row.high for row in rows)


def test_as_many_places_as_wanted(pair):
    assert len([row for row in differences(*pair, places=1) if row.place]) == 1
    assert not [row for row in differences(*pair, places=0) if row.place]


def test_no_change_no_difference(crossroads):
    rows = differences(*compare(crossroads, crossroads, members=6, seed=1))
    assert not [row for row in rows if row.place]
    assert {(row.low, row.median, row.high) for row in rows} == {(0, 0, 0)}


def test_members_are_paired(pair):
    before, after = pair
    assert before["member"].equals(after["member"])
    assert before["weight"].equals(after["weight"])


@pytest.mark.parametrize("what", ["course", "horizon_days"])
def test_other_courses_or_horizon_cannot_be_compared(crossroads, what):
    other = narrow(crossroads, **{what: "attack" if what == "course" else 30})
    with pytest.raises(UsageError, match="courses or horizon"):
        compare(crossroads, other, members=2, seed=1)


def test_progress_covers_both(crossroads):
    told = []
    compare(
        crossroads,
        crossroads,
        members=24,
        seed=1,
        progress=lambda done, members: told.append((done, members)),
    )
    assert told == [(40, 48), (48, 48)]


@pytest.mark.parametrize(
    ("text", "is_late"),
    [
        ("courses.staged.stages.city.start+=3", True),
        ("courses.staged.stages.city.places=[Idleb, Dana]", True),
        ("crossings.bab-al-hawa.status=open", False),
    ],
)
def test_both_are_the_forecasts_that_each_would_be_alone(text, is_late, monkeypatch):
    """Where a change matters late the second goes on from the first, and a course without it is not run again."""
    base = load("idlib-2018")
    changed = change(base, [text])
    began = []
    newest = KeptMember.newest_day
    monkeypatch.setattr(KeptMember, "newest_day", lambda *given: began.append(newest(*given)) or began[-1])
    pair = compare(base, changed, members=8, seed=20180830)
    assert len(began) == 8
    assert (max(began) == base.horizon_days) == is_late
    for mine, alone in zip(
        pair, (run(each, members=8, seed=20180830) for each in (base, changed)), strict=True
    ):
        assert mine.attrs | {"created": ""} == alone.attrs | {"created": ""}
        assert all(mine[name].values.tobytes() == alone[name].values.tobytes() for name in alone.data_vars)
        assert mine.equals(alone)
