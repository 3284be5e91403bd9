"""The crossroads: what a member does, against answers worked out by hand (README of the scenario).

Tolerances are four standard errors of the mean over members, from the binomial variance of one member.
"""

from __future__ import annotations

import numpy as np
import pytest

from forewarn.forecast import run
from forewarn.forecast.summary import displaced_people
from forewarn.scenario import change, explicit, narrow, resolve

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


@pytest.mark.parametrize(
    ("place", "share"), [("Oakford", 0.5), ("Elm Camp", 0.1), ("Farside", 0.4), ("Highgate", 0)]
)
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
    assert np.array_equal(
        forecast["passed"].sel(crossing="bridge").sum("day").values, last_in(forecast, "Farside")
    )


@pytest.fixture(scope="module")
def ferry(attack):
    """The bridge 35 km away from the fighting, so that people can wait before it; nobody gives up."""
    document = explicit(attack)
    word = "assumption: test"
    document["places"].append(
        {
            "name": "Ferry", "admin1": "Valley", "lat": 9.8, "lon": 39.8, "kind": "crossing", "zone": "valley",
            "residents": 0, "displaced": 0, "attraction": 0, "source": word, "population_source": word,
        }
    )  # fmt: skip
    bridge = next(route for route in document["routes"] if route["to"] == "Farside")
    bridge |= {"from": "Ferry", "km": 5}
    document["routes"].append({"from": "Millbrook", "to": "Ferry", "km": 35, "road": "lane", "source": word})
    return change(resolve(document), ["model.crossings.patience_days=1.0e+9"])


def queue(scenario, members):
    """People through the bridge and people waiting before it, (members, days) each."""
    forecast = run(scenario, members=members, seed=3)
    assert not forecast["waiting"].drop_sel(place="Ferry").any()
    return (
        forecast,
        forecast["passed"].sel(crossing="bridge").values,
        forecast["waiting"].sel(place="Ferry").values,
    )


def limited(people_per_day):
    return ["crossings.bridge.status=limited", f"crossings.bridge.people_per_day={people_per_day}"]


def leaking(pass_rate):
    return ["crossings.bridge.status=leaking", f"crossings.bridge.pass_rate={pass_rate}"]


def test_a_limited_bridge_passes_its_limit_while_people_queue(ferry):
    limit = 20
    forecast, passed, waiting = queue(change(ferry, limited(limit)), 10)
    wanted = passed + waiting  # of those who wait in the evening none gives up
    assert np.array_equal(passed, np.minimum(wanted, limit))
    assert (passed == limit).any(axis=1).all()
    assert (waiting.max(axis=1) > 2 * limit).all()
    assert np.array_equal(passed.sum(axis=1), last_in(forecast, "Farside"))


def test_a_limit_of_nobody_is_a_closed_bridge(ferry):
    shut, nobody = (
        run(change(ferry, changes), members=5, seed=3)
        for changes in (
            ["crossings.bridge.status=closed"],
            ["crossings.bridge.status=limited", "crossings.bridge.people_per_day=0"],
        )
    )
    assert np.array_equal(shut["present"], nobody["present"])


def test_a_leaking_bridge(ferry):
    """A quarter of those who wait pass on each day, and the bridge has a quarter of its pull."""
    rate = 0.25
    forecast, passed, waiting = queue(change(ferry, leaking(rate)), MEMBERS)
    tries = (passed + waiting).sum()
    assert abs(passed.sum() - rate * tries) <= NORMAL_ERRORS * np.sqrt(tries * rate * (1 - rate))
    of_everybody = 0.4 * rate / (0.5 + 0.1 + 0.4 * rate) * expected_share(60)
    chose = (last_in(forecast, "Farside") + last_in(forecast, "Ferry")).mean()
    assert abs(chose - PEOPLE * of_everybody) <= tolerance(of_everybody)


@pytest.mark.parametrize(
    "changes", [limited(5000), limited(100_000), leaking(1)], ids=lambda changes: changes[1]
)
@pytest.mark.parametrize("of", ["attack", "ferry"])
def test_a_bridge_that_stops_nobody_is_an_open_bridge(of, changes, request):
    """Beside the fighting and away from it: as many pass on each day, and live in each place."""
    scenario = request.getfixturevalue(of)
    unlimited, shut_to_nobody = (run(change(scenario, these), members=20, seed=3) for these in ([], changes))
    assert np.array_equal(unlimited["passed"], shut_to_nobody["passed"])
    assert np.array_equal(unlimited["present"], shut_to_nobody["present"])
    share = 0.4 * expected_share(60)
    passed = shut_to_nobody["passed"].sum(("day", "crossing")).values
    assert abs(passed.mean() - PEOPLE * share) <= tolerance(share, members=20)


def test_a_limited_bridge_beside_the_fighting_passes_its_limit(attack):
    """Those whom it turns away look for another way: nobody waits or settles in Millbrook."""
    limit = 50
    forecast = run(change(attack, limited(limit)), members=10, seed=3)
    passed = forecast["passed"].sel(crossing="bridge").values
    assert (passed[:, START : START + 10] == limit).all()
    assert passed.max() == limit
    assert not forecast["waiting"].any()
    assert (last_in(forecast, "Millbrook") < 10).all()
    assert not forecast["arrivals"].sel(place="Millbrook").any()
    assert np.array_equal(passed.sum(axis=1), last_in(forecast, "Farside"))


@pytest.mark.parametrize("of", ["attack", "ferry"])
def test_a_larger_limit_passes_more_people(of, request):
    scenario = request.getfixturevalue(of)
    passed = [
        run(change(scenario, limited(limit)), members=10, seed=3)["passed"].sum(("day", "crossing")).mean()
        for limit in (0, 5, 20, 50, 100, 200, 300, 400, 5000)
    ]
    assert (np.diff(passed) >= 0).all(), passed
    assert passed[1] >= 5 * 30


@pytest.fixture(scope="module")
def one_way_out(attack):
    """The bridge is the only way out of Millbrook."""
    document = explicit(attack)
    document["routes"] = [route for route in document["routes"] if route["to"] == "Farside"]
    for place in document["places"]:
        place["isolated"] = place["name"] not in ("Millbrook", "Farside")
    return resolve(document)


@pytest.mark.parametrize("rate", [0.02, 0.1, 0.5, 1.0])
def test_a_leaking_bridge_out_of_an_attacked_town(one_way_out, rate):
    """Each day lets through the same share of those who have left home and are still there."""
    forecast = run(change(one_way_out, leaking(rate)), members=MEMBERS, seed=3)
    days = np.arange(START, 61)
    leaving = np.diff([expected_share(day) for day in range(START - 1, 61)])
    share = (leaving * (1 - (1 - rate) ** (61 - days))).sum()
    passed = forecast["passed"].sum(("day", "crossing")).values
    assert abs(passed.mean() - PEOPLE * share) <= tolerance(share)
    assert np.array_equal(passed, last_in(forecast, "Farside"))


def test_a_limited_bridge_out_of_an_attacked_town(one_way_out):
    """Six thousand want to leave; thirty a day can."""
    forecast = run(change(one_way_out, limited(30)), members=5, seed=3)
    assert (forecast["passed"].sel(crossing="bridge").values[:, START:] == 30).all()


@pytest.mark.parametrize("changes", [limited(100_000), leaking(1)], ids=lambda changes: changes[0])
def test_an_attack_on_the_near_side_of_a_bridge_stops_nobody_on_the_way(ferry, changes):
    """On an open road people pass an attacked place; to a bridge that stops nobody they go as far, a day later."""
    document = explicit(change(ferry, ["model.travel.km_per_day=20"]))
    assault = document["courses"][0]["stages"][0]
    raid = assault | {"name": "raid", "places": ["Ferry"], "start": assault["start"] | {"value": 15}}
    document["courses"][0]["stages"].append(raid)
    raided = resolve(document)
    unlimited, shut_to_nobody = (
        run(change(raided, these), members=5, seed=3)["passed"].sel(crossing="bridge").values
        for these in ([], changes)
    )
    assert unlimited.sum() > 0
    assert np.array_equal(unlimited[:, :-1], shut_to_nobody[:, 1:])


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
