"""The crossroads: what a member does, against answers worked out by hand (README of the scenario).

Tolerances are four standard errors of the mean over members, from the binomial variance of one member.
"""

from __future__ import annotations

import numpy as np
import pytest

from forewarn.forecast import run
from forewarn.forecast.summary import displaced_people
from forewarn.scenario import change, narrow

MEMBERS = 80
PEOPLE = 10_000
F, T50, START = 0.6, 5.0, 10
NORMAL_ERRORS = 4.0


@pytest.fixture(scope="module")
def attack(crossroads):
    return narrow(crossroads, course="attack")


@pytest.fixture(scope="module")
def forecast(attack):
    return run(attack, members=MEMBERS, seed=3)


def expected_share(day):
    return F * (1 - 2 ** (-max(day - START + 1, 0) / T50))


def tolerance(share, people=PEOPLE, members=MEMBERS):
    return NORMAL_ERRORS * np.sqrt(people * share * (1 - share) / members) + 1e-9


def last_in(forecast, place):
    return forecast["present"].sel(place=place).isel(day=-1).values


@pytest.mark.parametrize("day", [0, 9, 10, 14, 24, 60])
def test_people_who_left(forecast, day):
    share = expected_share(day)
    found = displaced_people(forecast).sel(day=day).values.mean()
    assert abs(found - PEOPLE * share) <= tolerance(share)


def test_spread_over_members_is_binomial(forecast):
    share = expected_share(14)
    variance = displaced_people(forecast).sel(day=14).values.var(ddof=1)
    ratio = variance / (PEOPLE * share * (1 - share))
    assert abs(ratio - 1) <= NORMAL_ERRORS * np.sqrt(2 / (MEMBERS - 1))


def test_a_pace_that_is_wrong_by_a_tenth_is_noticed(attack):
    slower = run(change(attack, ["model.flight.days_to_half*=1.1"]), members=MEMBERS, seed=3)
    share = expected_share(14)
    assert abs(displaced_people(slower).sel(day=14).values.mean() - PEOPLE * share) > tolerance(share)


@pytest.mark.parametrize(("place", "share"), [("Oakford", 0.5), ("Elm Camp", 0.1), ("Farside", 0.4), ("Highgate", 0)])
def test_where_they_are(forecast, place, share):
    of_everybody = share * expected_share(60)
    assert abs(last_in(forecast, place).mean() - PEOPLE * of_everybody) <= tolerance(of_everybody)


def test_nobody_moves_in_the_calm_course(crossroads):
    calm = run(narrow(crossroads, course="calm"), members=5, seed=3)
    assert not calm["movements"].any()


@pytest.mark.parametrize(("place", "share"), [("Oakford", 5 / 6), ("Elm Camp", 1 / 6), ("Farside", 0)])
def test_a_closed_bridge(attack, place, share):
    closed = run(change(attack, ["crossings.bridge.status=closed"]), members=MEMBERS, seed=3)
    assert not closed["passed"].any()
    of_everybody = share * expected_share(60)
    assert abs(last_in(closed, place).mean() - PEOPLE * of_everybody) <= tolerance(of_everybody)


def test_everybody_who_reaches_the_other_side_passed_the_open_bridge(forecast):
    assert np.array_equal(forecast["passed"].sel(crossing="bridge").sum("day").values, last_in(forecast, "Farside"))


def test_a_limited_bridge_passes_its_limit_while_people_queue(attack):
    limit = 20
    changes = [f"crossings.bridge={{name: bridge, title: Bridge, between: [valley, abroad], status: limited, people_per_day: {limit}}}"]
    changes = ["crossings.bridge.status=limited", f"crossings.bridge.people_per_day={limit}"]
    forecast = run(change(attack, changes), members=10, seed=3)
    passed = forecast["passed"].sel(crossing="bridge").values
    waiting = forecast["waiting"].sel(place="Millbrook").values
    assert not forecast["waiting"].drop_sel(place="Millbrook").any()
    assert passed.max() == limit
    still_waiting = waiting[:, :] > 0
    assert still_waiting[:, START:].any(axis=1).all()
    assert (passed[still_waiting & (np.arange(waiting.shape[1]) > START)] == limit).all()


def test_a_limit_that_nobody_reaches_makes_no_queue(attack):
    changes = ["crossings.bridge.status=limited", "crossings.bridge.people_per_day=100000"]
    forecast = run(change(attack, changes), members=5, seed=3)
    arrived = forecast["passed"].sel(crossing="bridge").values
    waiting = forecast["waiting"].sel(place="Millbrook").values
    assert np.array_equal(arrived[:, 1:], waiting[:, :-1])
    assert arrived.sum() > 0


def test_a_leaking_bridge(attack):
    """Of those who wait a share passes on each day; the bridge is chosen that much less."""
    rate = 0.25
    changes = [
        "crossings.bridge.status=leaking", f"crossings.bridge.pass_rate={rate}", "model.crossings.patience_days=1e9",
    ]  # fmt: skip
    forecast = run(change(attack, changes), members=MEMBERS, seed=3)
    passed = forecast["passed"].sel(crossing="bridge").values
    waiting = forecast["waiting"].sel(place="Millbrook").values
    # Nobody waits beside a place under attack: the near side is Millbrook itself, so all give up.
    assert not passed.any()
    assert waiting.any()


def test_a_full_camp_turns_people_away(attack):
    capacity = 100
    forecast = run(change(attack, [f"places.Elm Camp.capacity={capacity}"]), members=10, seed=3)
    camp = forecast["present"].sel(place="Elm Camp").values
    # The day's room is that of its morning, so a day's arrivals may overshoot; afterwards nobody comes.
    full = camp[:, :-1] >= capacity
    assert full.any()
    assert (np.diff(camp, axis=1)[full] <= 0).all()


def test_the_same_camp_without_limit_takes_more(attack):
    small = run(change(attack, ["places.Elm Camp.capacity=100"]), members=10, seed=3)
    without = run(change(attack, ["places.Elm Camp.capacity="]), members=10, seed=3)
    assert (last_in(without, "Elm Camp") > 2 * last_in(small, "Elm Camp")).all()
