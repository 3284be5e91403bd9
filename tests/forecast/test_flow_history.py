"""Where people go when others went before: shares worked out by hand from docs/model.md, step G.

A hub among four alike places at the same distance, so that the history alone tells them apart. Tolerances are four standard
errors of a binomial share over all members.
"""

from __future__ import annotations

import numpy as np
import pytest

from forewarn.forecast import run
from forewarn.scenario import change, explicit, narrow, resolve

PEOPLE, MEMBERS = 10_000, 20
WENT = {"North": 0, "East": 100, "South": 300, "West": 800}
EXPONENT, SCALE = 0.5, 100
FACTORS = np.array([(1 + went / SCALE) ** EXPONENT for went in WENT.values()])
WORD = "assumption: test"
ON = [
    "model.flight.share_leaving=1",
    f"model.destination.history_exponent={EXPONENT}",
    f"model.destination.history_scale={SCALE}",
]


def place(name, people, **facts):
    return {
        "name": name, "lat": 10, "lon": 40, "kind": "town", "zone": "valley", "residents": people,
        "attraction": 1000, "source": WORD, "local": False, **facts,
    }  # fmt: skip


def row(start, goal, people):
    return {"from": start, "to": goal, "people": people, "source": WORD}


@pytest.fixture(scope="module")
def star(crossroads):
    """People of the hub have gone to three of the places, and people of these to others."""
    document = explicit(narrow(crossroads, course="attack"))
    document["courses"][0]["stages"][0]["places"] = ["Hub"]
    document |= {
        "places": [place("Hub", PEOPLE), *(place(name, 0) for name in WENT)],
        "routes": [{"from": "Hub", "to": name, "km": 20, "source": WORD} for name in WENT],
        "crossings": [],
        "flow_history": [
            row("West", "North", 90_000),
            *(row("Hub", name, people) for name, people in WENT.items() if people),
        ],
    }
    return change(resolve(document), ON)


def shares(scenario):
    """Shares of the places of all who are there at the end."""
    forecast = run(scenario, members=MEMBERS, seed=3)
    there = forecast["present"].sel(place=list(WENT)).isel(day=-1).sum("member").values
    assert there.sum() > 0.9 * PEOPLE * MEMBERS
    return there / there.sum()


def farthest(found, expected):
    """Greatest distance between shares, in standard errors."""
    return np.max(np.abs(found - expected) / np.sqrt(expected * (1 - expected) / (0.9 * PEOPLE * MEMBERS)))


def test_shares_are_those_of_the_history(star):
    expected = FACTORS / FACTORS.sum()
    assert farthest(shares(star), expected) < 4
    assert farthest(shares(change(star, ["model.destination.history_scale*=1.3"])), expected) > 4, (
        "no control"
    )
    assert farthest(shares(change(star, ["model.destination.history_exponent*=0.8"])), expected) > 4, (
        "no control"
    )


def test_without_a_history_all_places_are_alike(star):
    none = resolve(explicit(star) | {"flow_history": []})
    assert farthest(shares(none), np.full(4, 0.25)) < 4


def test_an_exponent_of_zero_leaves_the_history_out_to_the_last_person(star):
    off = change(star, ["model.destination.history_exponent=0"])
    none = resolve(explicit(star) | {"flow_history": []})
    with_rows, without, on = (run(each, members=3, seed=3)["present"] for each in (off, none, star))
    assert np.array_equal(with_rows, without)
    assert not np.array_equal(on, without)


@pytest.mark.parametrize("stayed", [0, 1500])
def test_those_who_stayed_within_their_place_keep_others_there(star, stayed):
    """The hub at 0 km beside four places at 20 km; softening 10 km, exponent of distance 1, danger as in the example."""
    document = explicit(star)
    document["places"][0]["local"] = True
    document["flow_history"].append(row("Hub", "Hub", stayed))
    local = change(
        resolve(document),
        ["model.destination.local_pull=0", "model.destination.danger=0", "model.churn.monthly_rate=0"],
    )
    destination = local.model.destination
    softening, power = destination.softening_km.value, destination.distance_exponent.value
    here = softening**-power * (1 + stayed / SCALE) ** EXPONENT
    there = (softening + 20) ** -power * FACTORS.sum()
    forecast = run(local, members=MEMBERS, seed=3)
    within = forecast["within"].sel(place="Hub").isel(day=-1).values.mean()
    left = forecast["left_home"].isel(day=-1).sum("cause").values.mean()
    share = here / (here + there)
    assert local.model.flight.newly_displaced_multiplier.value == 0
    assert abs(within / left - share) < 4 * np.sqrt(share * (1 - share) / (left * MEMBERS))
