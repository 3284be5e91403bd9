"""A change shows itself and nothing else."""

from __future__ import annotations

import numpy as np
import pytest

from forewarn.errors import UsageError
from forewarn.forecast import compare, run
from forewarn.forecast.summary import displaced_people
from forewarn.scenario import change, explicit, narrow, resolve

MEMBERS = 12
SEED = 5

# Quantities of the crossroads as distributions, so that members differ in more than dice.
UNCERTAIN = (
    "model.flight.share_leaving={low: 0.2, mode: 0.5, high: 0.9}",
    "model.flight.days_to_half={median: 8, p90: 30}",
    "model.flight.share_leaving_spread=0.8",
    "model.destination.pull_spread=0.5",
    "model.destination.distance_exponent={low: 0.5, high: 2}",
    "courses.attack.stages.assault.start={low: 2024-03-05, mode: 2024-03-11, high: 2024-04-10}",
    "courses.attack.stages.assault.duration_days={low: 10, high: 40}",
)


@pytest.fixture(scope="module")
def uncertain(crossroads):
    return narrow(change(crossroads, UNCERTAIN), course="attack")


@pytest.fixture(scope="module")
def two_valleys(crossroads):
    """The crossroads and a second valley that no road connects with it, both under attack."""
    document = explicit(change(crossroads, UNCERTAIN))
    word = "assumption: test"
    for number, name in enumerate(("Northby", "Southby")):
        document["places"].append(
            {
                "name": name, "admin1": "Other", "lat": 12.0 + number / 10, "lon": 41.0, "kind": "town",
                "zone": "valley", "residents": 5000, "displaced": 700, "attraction": 5700, "isolated": True,
                "pcode": "", "source": word, "population_source": word,
            }
        )  # fmt: skip
    document["routes"].append({"from": "Northby", "to": "Southby", "km": 12, "road": "lane", "source": word})
    document["courses"][0]["stages"].append(
        document["courses"][0]["stages"][0] | {"name": "elsewhere", "places": ["Northby"]}
    )
    return narrow(resolve(document), course="attack")


def differing(one, other):
    return [name for name in one.data_vars if one[name].values.tobytes() != other[name].values.tobytes()]


def test_a_front_line_that_nobody_crosses(crossroads):
    """The road to Highgate is a front line; how long it is changes nothing."""
    document = explicit(crossroads)
    road = next(route for route in document["routes"] if route["to"] == "Highgate")
    road["km"] = 90
    before, after = compare(crossroads, resolve(document), members=MEMBERS, seed=SEED)
    assert differing(before, after) == []


def test_closing_a_road_that_nobody_uses(uncertain):
    """A long way round beside the bridge: open or closed, no path takes it."""
    document = explicit(uncertain)
    word = "assumption: test"
    ford = {
        "name": "ford",
        "title": "Ford",
        "between": ["valley", "abroad"],
        "roads": "named",
        "status": "open",
    }
    document["crossings"].append(ford | {"source": word})
    document["routes"].append(
        {"from": "Oakford", "to": "Farside", "km": 150, "road": "ford", "crossing": "ford", "source": word}
    )
    with_ford = resolve(document)
    before, after = compare(
        with_ford, change(with_ford, ["crossings.ford.status=closed"]), members=MEMBERS, seed=SEED
    )
    assert not before["passed"].sel(crossing="ford").any()
    assert differing(before, after) == []


def test_closing_a_road_that_people_use_is_seen(uncertain):
    before, after = compare(
        uncertain, change(uncertain, ["crossings.bridge.status=closed"]), members=MEMBERS, seed=SEED
    )
    assert {"present", "passed", "flows"} <= set(differing(before, after))
    assert "departures" not in differing(before, after)  # who leaves does not depend on where they can go


def test_nothing_differs_before_the_change_acts(uncertain):
    later = change(uncertain, ["courses.attack.ceasefires=[{start: 2024-04-01, duration_days: 5}]"])
    before, after = compare(uncertain, later, members=MEMBERS, seed=SEED)
    until = 30  # 31 March
    assert (
        before["left_home"].values[:, : until + 1].tobytes()
        == after["left_home"].values[:, : until + 1].tobytes()
    )
    assert before["left_home"].values[:, -1].tobytes() != after["left_home"].values[:, -1].tobytes()


def test_places_that_a_change_cannot_reach(two_valleys):
    changed = change(two_valleys, ["courses.attack.stages.assault.start+=7", "places.Oakford.attraction*=3"])
    before, after = compare(two_valleys, changed, members=MEMBERS, seed=SEED)
    for name in ("present", "arrivals", "departures", "waiting", "remaining"):
        far = [each[name].sel(place=["Northby", "Southby"]).values.tobytes() for each in (before, after)]
        near = [each[name].sel(place=["Millbrook", "Oakford"]).values.tobytes() for each in (before, after)]
        assert far[0] == far[1], name
        assert name == "waiting" or near[0] != near[1], name
    assert before["present"].sel(place="Southby").values[:, -1].any()


def test_an_added_place_far_away_changes_nothing_here(uncertain, two_valleys):
    """Luck is drawn by name, not by position: more places leave that of the others alone."""
    alone, beside = (run(each, members=MEMBERS, seed=SEED) for each in (uncertain, two_valleys))
    mine = alone["place"].values
    assert alone["present"].values.tobytes() == beside["present"].sel(place=mine).values.tobytes()


@pytest.mark.parametrize(
    "changes",
    [
        ["courses.attack.stages.assault.start+=3"],
        ["model.flight.share_leaving*=0.9"],
        ["crossings.bridge.status=closed"],
        ["model.destination.softening_km=15"],
    ],
    ids=lambda changes: changes[0],
)
def test_half_the_variance_at_most(uncertain, changes):
    """Of differences between paired members, against members with luck of their own."""
    members = 60
    before, after = compare(uncertain, change(uncertain, changes), members=members, seed=SEED)
    strangers = run(change(uncertain, changes), members=members, seed=SEED + 1)

    def looked_at(forecast):
        people = displaced_people(forecast).isel(day=30).values
        return np.stack([people, forecast["present"].sel(place="Oakford").isel(day=30).values])

    paired = (looked_at(after) - looked_at(before)).var(axis=1)
    independent = (looked_at(strangers) - looked_at(before)).var(axis=1)
    assert (paired <= 0.5 * independent).all(), (paired, independent)


def test_courses_share_their_luck(uncertain, crossroads):
    """Draw by draw: a course that repeats another one gives the same members."""
    document = explicit(change(crossroads, UNCERTAIN))
    calm = document["courses"][1]
    document["courses"] = [calm | {"name": name} for name in ("calm", "again")]
    for course in document["courses"]:
        course["probability"] = {"value": 0.5, "source": "assumption: test"}
    document["model"]["churn"] = {
        "monthly_rate": {"low": 0.01, "high": 0.1, "source": "assumption: test"},
        "zones": ["valley"],
    }
    document["claims"] = []
    forecast = run(resolve(document), members=MEMBERS, seed=SEED)
    assert forecast["movements"].values[::2].tobytes() == forecast["movements"].values[1::2].tobytes()
    assert forecast["movements"].values.any()


def test_other_places_cannot_be_compared(uncertain, two_valleys):
    with pytest.raises(UsageError, match="differ in places"):
        compare(uncertain, two_valleys, members=2, seed=1)
