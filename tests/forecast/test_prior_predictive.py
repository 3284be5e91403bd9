"""F from the reference class gives events like the class, and people leave as they are reached: simulation, formula, class."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from forewarn import forecast
from forewarn.analogues import Attributes, predictive
from forewarn.analogues.calibration import AtOnce, EventClass, Exposed, _still_here, place_level
from forewarn.scenario import attacked, change, explicit, load, resolve

PROBABILITIES = (0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95)
# Ordinary moves and the warning are no part of an event; fear adds what the formula leaves out.
ALONE = [
    "model.churn.monthly_rate=0",
    "model.warning.figure=0",
    "model.fear.intensity=0",
    "model.posts.effect=0",
]


def one_place(*, factor=1.0):
    """A town of 100,000 attacked for 45 days on end, and a safe town near by."""
    document = {
        "format": 1,
        "name": "one-place",
        "title": "One place under attack",
        "issued": date(2024, 1, 1),
        "horizon_days": 60,
        "zones": {"land": {"title": "Land"}},
        "places": [
            {"name": "Town", "lat": 10.0, "lon": 40.0, "kind": "town", "zone": "land", "residents": 100_000,
             "displaced": 0, "source": "assumption: made up"},
            {"name": "Refuge", "lat": 10.0, "lon": 40.5, "kind": "town", "zone": "land", "residents": 100_000,
             "displaced": 0, "source": "assumption: made up"},
        ],
        "routes": [{"from": "Town", "to": "Refuge", "km": 60.0, "source": "assumption: made up"}],
        "model": {"flight": {"prior": "reference-class", "scope": "place", "kind": "ground", "leave_out": []}},
        "courses": [
            {"name": "attack", "probability": 1.0, "source": "assumption: made up",
             "stages": [{"name": "assault", "places": ["Town"], "kind": "ground-attack", "start": 1, "duration_days": 45,
                         "source": "assumption: made up"}]}
        ],
    }  # fmt: skip
    scenario = resolve(document)
    return change(
        scenario, [*ALONE, f"model.flight.share_leaving*={factor}", "model.returns.half_life_days=1000000000"]
    )


def measured(found, scenario, course):
    """Shares of the people attacked who left, and days until half of them had, (members of the course,)."""
    places = sorted({name for stage in course.stages for name in stage.places})
    left = found["departures"].sel(place=places).sum("place").values[found["course"].values == course.name]
    left = left.cumsum(axis=1)
    shares = left[:, -1] / attacked(scenario, course).people
    moved = left[left[:, -1] > 0]
    first, half = (moved > 0).argmax(axis=1), (moved >= moved[:, -1:] / 2).argmax(axis=1)
    return shares, half - first + 1


def class_of(scenario, course):
    like, offensive = scenario.analogues, attacked(scenario, course)
    asked = Attributes(like.scope, like.kind, like.exits, offensive.people, offensive.days)
    return predictive(asked, as_of=scenario.issued, leave_out=like.leave_out, probabilities=PROBABILITIES)


@pytest.mark.statistical
def test_one_place_reproduces_its_class():
    scenario = one_place()
    course = scenario.courses[0]
    shares, _ = measured(forecast.run(scenario, members=600, seed=5), scenario, course)
    expected = class_of(scenario, course)
    middle = slice(1, 6)
    reached = np.quantile(shares, PROBABILITIES)
    assert reached[middle] == pytest.approx(expected.share[middle], abs=0.07)


@pytest.mark.statistical
def test_people_leave_as_the_attack_reaches_them():
    """Reached on a day from 1 to 31, half gone after four days of full exposure: the mean over members."""
    attack = "courses.attack.stages.assault"
    scenario = change(
        one_place(),
        [
            *("model.flight.share_leaving=0.8", "model.flight.share_leaving_spread=0.01"),
            *(
                "model.flight.days_to_half=4",
                "model.flight.days_to_half_spread=0.001",
                "model.intensity.ground_attack=1",
            ),
            *(f"{attack}.spread_days=30", f"{attack}.start=1"),
        ],
    )
    left = forecast.run(scenario, members=1500, seed=5)["departures"].sel(place="Town").values.cumsum(axis=1)
    first = np.arange(1, 32)
    for day in (5, 15, 30, 40):
        exposed = np.clip(day - first + 1, 0, 45)
        expected = 0.8 * (1 - 2 ** (-exposed / 4)).mean()
        assert left[:, day].mean() / 100_000 == pytest.approx(expected, abs=0.03)


@pytest.mark.statistical
def test_the_default_half_lives_are_those_of_the_fit():
    """Attacked at once, an ensemble has the half-lives of the law: whole days, from the first of the attack."""
    scenario = change(
        one_place(), ["model.flight.days_to_half_spread=0.001", "model.intensity.ground_attack=1"]
    )
    _, days = measured(forecast.run(scenario, members=1500, seed=5), scenario, scenario.courses[0])
    assert np.quantile(days, (0.25, 0.5, 0.75)) == pytest.approx([1, 1, 6], abs=1.01)
    assert np.mean(days <= 1) == pytest.approx(0.25 + 0.25 * 0.5 / 0.76, abs=0.05)


@pytest.mark.statistical
def test_another_share_would_be_noticed():
    scenario = one_place(factor=0.7)
    course = scenario.courses[0]
    shares, _ = measured(forecast.run(scenario, members=300, seed=5), scenario, course)
    assert np.median(shares) < class_of(scenario, course).share[3] - 0.07


@pytest.mark.slow
@pytest.mark.statistical
def test_the_courses_of_idlib_lie_around_their_classes():
    """One F has to serve three courses: their mean is met, and none leaves the class's 80 % interval."""
    scenario = load("idlib-2018")
    free = change(scenario, [*ALONE, "horizon_days=300"])
    found = forecast.run(free, members=4 * 100, seed=5)
    medians, expected = [], []
    for course in free.courses:
        if not course.stages:
            continue
        shares, _ = measured(found, free, course)
        known = class_of(scenario, course)
        medians.append(np.median(shares))
        expected.append(known.share[3])
        assert known.share[1] < np.median(shares) < known.share[5]
    assert len(medians) == 3
    assert np.mean(medians) == pytest.approx(np.mean(expected), abs=0.06)


def test_a_flood_of_exposure_leaves_the_share_itself():
    """Everybody exposed for years at once: F of a place is the share of the event."""
    long = (Exposed(1000, 1.0, (1.0,) * 2000),)
    wanted = EventClass((0.2, 0.5, 0.8), long)
    found = place_level(
        (0.1, 0.5, 0.9), [wanted], days_to_half=(4.0, 9.0, 20.0), share_spread=0.0, days_spread=0.0
    )
    assert found.share_leaving == pytest.approx(wanted.share, abs=0.01)


def test_both_paces_are_in_the_law():
    """A third at once with a half-life of two days, the others so that half of all have left after ten."""
    exposure = np.array([0.0, 1.0, 10.0, 30.0])
    here = _still_here(exposure, 10.0, AtOnce((0.0, 0.4, 0.4, 0.4), 2.0))
    followers = -10 / np.log2((0.5 - 0.4 * 2**-5) / 0.6)
    two_paces = 0.4 * 2 ** (-exposure / 2) + 0.6 * 2 ** (-exposure / followers)
    assert here == pytest.approx(0.25 * 2 ** (-exposure / 10) + 0.75 * two_paces)
    assert here[[0, 2]] == pytest.approx([1.0, 0.5])


def test_a_slow_place_needs_a_greater_share_for_the_same_event():
    """Half of those who leave have left at the end: F is twice the share of the event."""
    month = (Exposed(1000, 1.0, (1.0,) * 30),)
    wanted = EventClass((0.1, 0.2, 0.3), month)
    found = place_level((0.1, 0.5, 0.9), [wanted], days_to_half=(30.0,), share_spread=0.0, days_spread=0.0)
    assert found.share_leaving == pytest.approx((0.2, 0.4, 0.6), abs=0.02)
    hasty = place_level(
        (0.1, 0.5, 0.9),
        [wanted],
        days_to_half=(30.0,),
        share_spread=0.0,
        days_spread=0.0,
        at_once=AtOnce((0.4,), 1.0),
    )
    assert hasty.event_share[0] == pytest.approx(wanted.share, abs=0.01)


def test_what_cannot_be_met_is_said():
    """Nine tenths cannot leave an attack that is over before the slow half has set out."""
    short = (Exposed(1000, 1.0, (1.0,) * 10),)
    wanted = EventClass((0.7, 0.8, 0.9), short)
    found = place_level((0.1, 0.5, 0.9), [wanted], days_to_half=(10.0,), share_spread=0.0, days_spread=0.0)
    assert found.event_share[0][2] < 0.55


def test_a_hamlet_counts_as_the_smallest_event_of_the_class():
    """No slope on size beyond what was learnt from: a thousand people and a hundred have the same F."""

    def share(people):
        document = explicit(one_place())
        document["places"][0]["residents"] = people
        document["model"]["flight"] = {
            "prior": "reference-class",
            "scope": "place",
            "kind": "ground",
            "leave_out": [],
        }
        for key in ("analogues", "draft"):
            document.pop(key, None)
        for key in ("reference-class", "flight-paces-2018"):
            document["sources"].pop(key)
        return resolve(document).model.flight.share_leaving

    assert share(100) == share(1000)
    assert share(100) != share(400_000)
