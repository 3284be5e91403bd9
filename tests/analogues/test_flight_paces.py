"""How fast people leave: the formula, and what was fitted with it."""

from __future__ import annotations

import csv
import json
from datetime import date, timedelta
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest

from forewarn.analogues import load_events, select
from forewarn.analogues.events import DatedCount
from forewarn.analogues.flight_paces import SHORTEST_DAYS, DatedShare, PaceLaw, crps, dated_shares, weights
from forewarn.analogues.reading import load_counts
from forewarn.scenario import load

TABLES = Path(str(files("forewarn") / "data" / "analogues"))


def at(*days):
    return np.array(days, dtype=float)


def test_one_half_life_and_no_reach_is_an_exponential():
    law = PaceLaw(median=4.0, spread=0.0, reach=0.0)
    gone = law.shares(at(4, 8, 16), at(16, 16, 16))
    expected = np.array([0.5, 0.75, 1 - 2**-4]) / (1 - 2**-4)
    assert gone == pytest.approx(np.repeat(expected[:, None], gone.shape[1], axis=1), rel=2e-3)


def test_a_part_at_once_is_a_second_exponential():
    law = PaceLaw(median=10.0, spread=0.0, reach=0.0, at_once=0.25, days_at_once=2.0)
    plain = lambda day, half: 1 - 2 ** (-day / half)  # noqa: E731
    expected = (0.25 * plain(5, 2) + 0.75 * plain(5, 10)) / (0.25 * plain(20, 2) + 0.75 * plain(20, 10))
    assert law.shares(at(5), at(20))[0] == pytest.approx(expected, rel=2e-3)


def test_people_who_leave_as_they_are_reached_leave_evenly():
    """With half-lives far below the reach, the share gone is the share reached: d / (ρ T), at most 1."""
    law = PaceLaw(median=SHORTEST_DAYS, spread=0.0)
    gone = np.sort(law.shares(at(400), at(1000))[0])
    reached = np.repeat((np.arange(24) + 0.5) / 24, 24) * 1000
    assert gone == pytest.approx(np.sort(np.minimum(1, 400 / reached)), abs=0.01)


def test_the_formula_is_the_mean_over_people():
    """Against people one by one, reached at even times and leaving at exponential ones."""
    generator = np.random.default_rng(3)
    law, half, length = PaceLaw(median=6.0, spread=0.0), 6.0, 60.0
    over = 23.5 / 24 * length
    leave = generator.uniform(0, over, 400_000) + generator.exponential(half / np.log(2), 400_000)
    by_hand = (leave <= 20).mean() / (leave <= length).mean()
    assert law.shares(at(20), at(length))[0][-1] == pytest.approx(by_hand, abs=0.003)


def test_nobody_leaves_before_the_event_and_all_have_at_its_end():
    law = PaceLaw(median=2.0, spread=1.5)
    assert law.shares(at(0), at(30)) == pytest.approx(0.0)
    assert law.shares(at(30), at(30)) == pytest.approx(1.0)
    path = law.shares(at(1, 5, 10, 20, 29), np.full(5, 30.0))
    assert (np.diff(path, axis=0) >= 0).all()


def test_the_score_is_that_of_the_definition():
    law = PaceLaw(median=3.0, spread=1.0)
    row = DatedShare("c", "e", 7.0, 30.0, 0.4)
    members = law.shares(at(7), at(30))[0]
    by_hand = np.abs(members - 0.4).mean() - np.abs(members[:, None] - members).mean() / 2
    assert crps(law, [row])[0] == pytest.approx(by_hand)


def test_every_cluster_weighs_the_same_whatever_was_counted_in_it():
    rows = [DatedShare("a", "a1", 1, 9, 0.1)] * 5 + [
        DatedShare("a", "a2", 1, 9, 0.1),
        DatedShare("b", "b", 1, 9, 0.1),
    ]
    found = weights(rows)
    assert found[:5].sum() == pytest.approx(0.25)
    assert found[5:] == pytest.approx([0.25, 0.5])


def test_a_fit_finds_the_law_that_made_the_counts():
    true = PaceLaw(median=4.0, spread=1.0)
    generator = np.random.default_rng(1)
    days, rows = at(3, 8, 15, 25), []
    drawn = true.shares(days, np.full(4, 60.0))
    for event in range(150):
        member = generator.integers(drawn.shape[1])
        rows += [
            DatedShare(str(event), str(event), day, 60.0, share)
            for day, share in zip(days, drawn[:, member], strict=True)
        ]
    scores = {
        (median, spread): (weights(rows) @ crps(PaceLaw(median, spread), rows))
        for median in (1.0, 4.0, 16.0)
        for spread in (0.5, 1.0, 2.0)
    }
    assert min(scores, key=scores.__getitem__)[0] == 4.0
    assert scores[4.0, 1.0] < 1.01 * min(scores.values())


def test_counts_are_shares_of_what_was_published_by_the_day():
    event = next(event for event in load_events() if event.id == "irq_fallujah_2016")
    chosen = select(as_of=date(2016, 12, 31))
    counts = [
        DatedCount(event.start + timedelta(days), people, event.start + timedelta(published))
        for days, people, published in ((5, 100.0, 5), (20, 400.0, 20), (40, 800.0, 40), (50, 1600.0, 500))
    ]
    found = dated_shares(chosen, {event.id: counts})
    assert [(row.day, row.length, row.share) for row in found] == [(5, 40, 0.125), (20, 40, 0.5)]
    assert not dated_shares(chosen, {event.id: counts[:1]})


def test_the_defaults_are_what_was_fitted_in_2018():
    fits = json.loads((TABLES / "flight_paces.json").read_text("utf-8"))["fits"]
    known = {fit["known_by"]: PaceLaw(fit["median"], fit["spread"]) for fit in fits}
    default = load("idlib-2018").model.flight
    assert default.days_to_half.source == default.share_at_once.source == "flight-paces-2018"
    written = dict(default.days_to_half.quantiles)
    expected = known["2018-08-30"].half_lives(list(written))
    assert list(written.values()) == pytest.approx(expected.tolist(), rel=0.02)


def test_what_was_fitted_beats_the_exponential_on_the_class_and_a_part_at_once_does_not_help():
    with (TABLES / "flight_paces_tried.csv").open(encoding="utf-8") as file:
        ratios = {
            row["structure"]: float(row["crps_ratio"])
            for row in csv.DictReader(file)
            if row["source"] == "reference class"
        }
    chosen = ratios["reached one after another, one pace"]
    assert chosen < 0.9
    assert chosen <= ratios["reached one after another, a part at once"]
    assert chosen < ratios["all reached on the first day, one pace"]


def test_the_shipped_fit_is_better_than_a_wrong_one_on_the_shipped_counts():
    rows = dated_shares(select(as_of=None), load_counts())
    score = lambda law: weights(rows) @ crps(law, rows)  # noqa: E731
    assert len(rows) >= 20
    assert score(PaceLaw(1.0, 2.5)) < 0.95 * score(PaceLaw(15.0, 0.5))
    assert score(PaceLaw(1.0, 2.5)) < 0.75 * score(PaceLaw(15.0, 1.0, reach=0.0, at_once=0.5))
