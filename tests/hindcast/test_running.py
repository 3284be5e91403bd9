"""Hindcasts: what a forecaster is shown, what is learnt from whom, and what the summary says."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pytest

from forewarn.errors import UsageError
from forewarn.hindcast.data import as_of as asof
from forewarn.hindcast.data.as_of import TOLERANCE_DAYS, Issue, issues
from forewarn.hindcast.forecasters.base import MODES
from forewarn.hindcast.forecasters.catalogue import chosen, every, usual
from forewarn.hindcast.forecasters.naive import naive_names
from forewarn.hindcast.running import run
from forewarn.hindcast.scores.formulas import normalised_absolute_error
from forewarn.hindcast.scores.records import IssueForecast, Scored, losses
from forewarn.hindcast.scores.summary import POOLED, compare, summarise
from tests.hindcast.conflicts import conflict, drawn, series

CONFLICTS = {name: drawn(seed, name=name) for seed, name in enumerate(("one", "two", "three"))}
ISSUES = {
    name: {horizon: issues(found, horizon_days=horizon) for horizon in (30, 90)}
    for name, found in CONFLICTS.items()
}


@dataclass
class Witness:
    """A forecaster that notes what it is shown."""

    name: str = "witness"
    seen: list = field(default_factory=list)

    def can(self, mode):
        return True

    def learn(self, others, horizon_days, mode):
        self.others = set(others)
        self.mode = mode
        return self

    def issue(self, known, horizon_days, *, total=None, matured=()):
        self.seen.append((self.others, self.mode, known, horizon_days, total, tuple(matured)))
        point = known.counts() + 1
        return IssueForecast(point, tuple(np.array([value]) for value in point))


def test_a_forecaster_sees_the_past_and_other_conflicts_alone():
    witness = Witness()
    scored = list(run(ISSUES, [witness], modes=MODES))
    assert len(scored) == len(witness.seen)
    for entry, (others, mode, known, horizon, total, matured) in zip(scored, witness.seen, strict=True):
        assert entry.issue.conflict not in others
        assert len(others) == 2
        assert all(one.days.max(initial=0) <= entry.issue.issue_day for one in known.series)
        assert all(past.issue_day + horizon + TOLERANCE_DAYS <= entry.issue.issue_day for past in matured)
        assert all(past.conflict == entry.issue.conflict for past in matured)
        if mode == "total-given":
            assert total == entry.issue.truth.sum()
            assert known.places == entry.issue.places
        else:
            assert total is None
            assert known.places == CONFLICTS[entry.issue.conflict].places
    assert any(matured for *_, matured in witness.seen)


def test_conflicts_that_are_learnt_from_alone_are_not_scored():
    witness = Witness()
    scored = list(run(ISSUES, [witness], modes=MODES[:1], only=["two"]))
    assert {entry.issue.conflict for entry in scored} == {"two"}
    assert witness.seen[0][0] == {"one", "three"}


def test_progress_reaches_its_end():
    told = []
    list(run(ISSUES, usual(), modes=MODES, progress=lambda done, jobs: told.append((done, jobs))))
    assert told[0][0] == 0
    assert told[-1][0] == told[-1][1] == len(told) - 1


@pytest.fixture(scope="module")
def scored():
    return list(run(ISSUES, usual(), modes=MODES))


def test_a_perfect_forecast_scores_nothing_and_is_covered():
    class Oracle(Witness):
        def issue(self, known, horizon_days, *, total=None, matured=()):
            found = next(e for e in ISSUES["one"][30] if e.issue_day == known.issue_day)
            return IssueForecast(found.truth, tuple(np.array([value]) for value in found.truth))

    for entry in run({"one": {30: ISSUES["one"][30]}}, [Oracle()], modes=["total-given"]):
        assert (entry.error, entry.crps, entry.weighted_interval_score) == (0, 0, 0)
        assert all(all(level) for level in entry.covered)


def test_pooled_rows_are_means_over_conflicts(scored):
    rows = [row for row in summarise(scored) if (row.mode, row.horizon_days) == ("total-given", 90)]
    own = [row for row in rows if row.forecaster == "drift"]
    pool = own.pop()
    assert pool.conflict == POOLED
    assert {row.conflict for row in own} == set(CONFLICTS)
    assert pool.error == pytest.approx(np.mean([row.error for row in own]))
    assert pool.coverage[1] == pytest.approx(np.mean([row.coverage[1] for row in own]))
    assert pool.issues == sum(row.issues for row in own)


def test_the_comparison_is_with_the_best_naive_forecast(scored):
    found = compare(scored, naive=naive_names())
    assert {one.forecaster for one in found} == {"forewarn", "forewarn-open-camps", "forewarn-pool"}
    assert len(found) == 2 * 2 * 3 * 3
    rows = {
        (row.mode, row.horizon_days, row.forecaster): row
        for row in summarise(scored)
        if row.conflict == POOLED
    }
    for one in found:
        key = (one.mode, one.horizon_days)
        best = min(
            getattr(row, one.measure)
            for (*where, name), row in rows.items()
            if tuple(where) == key and not name.startswith("forewarn")
        )
        ours = getattr(rows[(*key, one.forecaster)], one.measure)
        assert one.ratio.value == pytest.approx(ours / best)
        assert one.ratio.low <= one.ratio.value <= one.ratio.high


def test_losses_keep_the_order_of_time(scored):
    some = [e for e in scored if e.mode == "total-given" and e.issue.horizon_days == 30]
    assert [len(values) for values in losses(some, "drift", "crps").values()] == [
        len(ISSUES[name][30]) for name in ISSUES
    ]


def test_the_same_again_to_the_digit(scored):
    again = list(run(ISSUES, usual(), modes=MODES))
    assert [entry.crps for entry in again] == [entry.crps for entry in scored]


def test_unknown_forecasters_are_named():
    with pytest.raises(UsageError, match="Did you mean 'drift'"):
        chosen(["drfit"])
    assert [one.name for one in chosen(["drift", "forewarn", "drift"])] == ["drift", "forewarn"]
    assert len(chosen([])) == len(usual()) < len(every())


def made(name, truth, point):
    registered = conflict(series("A", (0, 10)), series("B", (0, 10)), name=name)
    issue = Issue(name, 30, asof.known(registered, 30), ("A", "B"), np.array(truth))
    forecast = IssueForecast(np.array(point), tuple(np.array([value]) for value in point))
    error = normalised_absolute_error(point, truth)
    return Scored("f", "total-given", issue, forecast, error, error, error, ((True, True),) * 3)


def test_ards_are_over_target_days_and_pooled_over_conflicts():
    """Right shares of half the people: the rescaled error is 0; all in the wrong place: 2."""
    half = [made("x", [60.0, 40.0], [30.0, 20.0]), made("x", [60.0, 40.0], [60.0, 40.0])]
    wrong = [made("y", [60.0, 0.0], [0.0, 60.0])]
    x, y, pooled = summarise([*half, *wrong])
    assert (x.ard, x.rescaled_ard) == (pytest.approx(0.25), 0)
    assert (y.ard, y.rescaled_ard) == (2, 2)
    assert (pooled.ard, pooled.rescaled_ard) == (pytest.approx(1.125), 1)
    assert [row.ard for row in (x, y, pooled)] == [row.error for row in (x, y, pooled)]
