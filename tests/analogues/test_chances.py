"""Base rates of attacks that were warned of or under way, and their Brier scores."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from scipy.stats import beta

from forewarn.analogues import (
    BaseRate,
    load_warnings,
    outcomes_under_way,
    prospect,
    rate_of,
    score_chances,
    select_begun,
    select_warnings,
)
from forewarn.analogues.base_rates import Outcomes, outcomes_of_warnings
from forewarn.analogues.chance_scores import score_outcomes
from forewarn.analogues.events import COLLECTED_AS
from forewarn.analogues.selection import ReferenceClass, WarningClass


def test_jeffreys_interval():
    rate = BaseRate(cases=14, came=4)
    found = beta(4.5, 10.5)
    assert (rate.low, rate.high) == pytest.approx(found.ppf([0.1, 0.9]))
    assert rate.mean == pytest.approx(found.mean())


def test_warnings_are_collected_as_false_alarms_or_with_their_offensives():
    found = [warning.collected_as for warning in load_warnings()]
    assert [found.count(each) for each in COLLECTED_AS] == [19, 5]
    offensives = [warning for warning in load_warnings() if warning.collected_as == "warned offensive"]
    assert all(warning.attack_after_days > 0 for warning in offensives)


def test_the_chance_lies_between_false_alarms_and_all_warnings():
    found = prospect(select_warnings(), horizon_days=120)
    assert (found.false_alarms.came, found.false_alarms.cases) == (4, 14)
    assert (found.warned.came, found.warned.cases) == (9, 19)
    low, middle, high = found.chance
    assert low == found.false_alarms.low < found.false_alarms.mean < middle == found.warned.mean < high
    assert "no sample of all warnings" in found.caution


def test_warnings_are_followed_up_to_the_day_only():
    early = prospect(select_warnings(as_of=date(2018, 8, 30), leave_out=["Idlib"]), horizon_days=120)
    assert (early.false_alarms.came, early.false_alarms.cases) == (3, 6)
    assert (early.warned.came, early.warned.cases) == (4, 7)  # Hodeidah came on 13 June 2018
    before = prospect(select_warnings(as_of=date(2018, 6, 12), leave_out=["Idlib"]), horizon_days=120)
    assert (before.warned.came, before.warned.cases) == (3, 5)
    assert early.moved_without_attack is None


def test_a_longer_horizon_sees_more_attacks():
    shares = [prospect(select_warnings(), horizon_days=days).warned.came for days in (30, 120, 500)]
    assert shares == sorted(set(shares))


def test_without_past_warnings_nothing_is_known():
    nothing = prospect(select_warnings(as_of=date(2000, 1, 1)), horizon_days=120)
    assert nothing.warned.cases == 0
    assert nothing.chance == pytest.approx((0.0245, 0.5, 0.9755), abs=1e-4)


def test_a_warning_given_during_the_attack_has_no_outcome():
    chosen = select_warnings()
    spoken = [replace(each, speaks_of_attack=False) for each in chosen.warnings]
    assert outcomes_of_warnings(WarningClass(tuple(spoken), chosen.as_of), horizon_days=120) == ()


def lasting(days):
    event = select_begun().events[0]
    return replace(event, end=event.start + timedelta(days=days))


@pytest.mark.parametrize(
    ("lasts", "came", "of"),
    [
        (0, 0, 1),
        (6, 0, 7),
        (7, 1, 8),
        (20, 14, 15),
        (21, 15, 15),
        (300, 15, 15),
    ],
)
def test_days_on_which_an_attack_goes_on(lasts, came, of):
    # Of days 0 to 14 as far as it ran, those on which it still ran seven days later.
    (found,) = outcomes_under_way(ReferenceClass((lasting(lasts),)), days=7, began_within=14)
    assert (found.came, found.of) == (came, of)


@pytest.mark.parametrize(("since", "of"), [(6, 0), (7, 1), (10, 4), (21, 15), (400, 15)])
def test_only_what_was_known_by_the_day_counts(since, of):
    event = lasting(300)
    chosen = ReferenceClass((event,), event.start + timedelta(days=since))
    assert sum(each.of for each in outcomes_under_way(chosen, days=7, began_within=14)) == of


def test_attacks_under_way():
    rate = rate_of(outcomes_under_way(select_begun(), days=7, began_within=14))
    assert rate.cases == 79
    assert (rate.low, rate.mean, rate.high) == pytest.approx((0.812, 0.863, 0.909), abs=0.001)
    month = rate_of(outcomes_under_way(select_begun(), days=30, began_within=14))
    assert month.mean < rate.mean


def test_an_attack_under_way_on_the_day_is_known_to_have_begun():
    day = date(2018, 3, 15)
    afrin = next(event for event in select_begun().events if event.id == "syr_afrin_2018")
    assert afrin.start < day < afrin.end
    assert afrin in select_begun(as_of=day).events
    assert afrin not in select_begun(as_of=day, leave_out=["Afrin"]).events
    assert afrin not in select_begun(as_of=date(2018, 1, 1)).events


def test_brier_by_hand():
    # Forecast of a: 1.5/2 from b; of b: 0.5/2 from a.
    found = score_outcomes("x", [Outcomes("a", 0, 1), Outcomes("b", 1, 1)])
    assert (found.brier, found.brier_climatology, found.said, found.came) == (0.75**2, 0.25, 0.5, 0.5)
    assert found.verdict() == "50% said on average, 50% came; no better than 0.5."


def test_a_case_does_not_forecast_its_own_cluster():
    apart = score_outcomes("x", [Outcomes(name, 1, 1) for name in "abc"])
    together = score_outcomes("x", [Outcomes("a", 1, 1) for _ in "abc"])
    assert apart.said == pytest.approx(2.5 / 3)
    assert together.said == 0.5


def test_scores_of_the_shipped_cases():
    scores = {each.forecast: each for each in score_chances()}
    warned = scores["attack within 120 days of a warning"]
    assert (warned.cases, warned.clusters) == (19, 15)
    assert warned.brier == pytest.approx(0.273, abs=0.0005)
    # A constant cannot tell attacks that come from those that do not.
    assert all(each.brier > each.brier_climatology for each in scores.values())
    going_on = scores["attack under way goes on for 7 days"]
    assert going_on.brier == pytest.approx(0.117, abs=0.0005)
    assert "better than 0.5" in going_on.verdict()


def test_before_any_warning_only_attacks_are_scored():
    assert [each.forecast for each in score_chances(as_of=date(2000, 1, 1))] == [
        "attack under way goes on for 7 days"
    ]


def test_the_page_of_docs_says_what_the_program_says():
    page = (Path(__file__).parents[2] / "docs" / "analogues.md").read_text(encoding="utf-8")
    for days in (30, 120, 365):
        found = prospect(select_warnings(), horizon_days=days)
        low, middle, high = (f"{100 * chance:.0f}" for chance in found.chance)
        counts = (f"{each.came:.0f} of {each.cases}" for each in (found.false_alarms, found.warned))
        assert f"| {days} days | {' | '.join(counts)} | {middle} %, {low}–{high} % |" in page
    for each in score_chances():
        briers = (each.brier, each.brier_climatology, each.brier_half)
        numbers = (
            *(f"{brier:.3f}" for brier in briers),
            f"{100 * each.said:.0f} %",
            f"{100 * each.came:.0f} %",
        )
        assert f"| {each.forecast} | {each.cases} | {each.clusters} | {' | '.join(numbers)} |" in page
    rates = [rate_of(outcomes_under_way(select_begun(), days=days, began_within=14)) for days in (7, 30, 120)]
    said = [f"{100 * rate.came / rate.cases:.0f} %" for rate in rates]
    assert f"on {said[0]} of these days ({100 * rates[0].low:.0f}–{100 * rates[0].high:.0f} %" in page
    assert f"{said[1]} a month later, {said[2]} 120 days later" in page
