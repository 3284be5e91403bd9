"""The teaching example: the answers of its README follow from its numbers."""

from __future__ import annotations

import pytest

from forewarn.scenario import load, quantities


@pytest.fixture(scope="module")
def scenario():
    return load("crossroads")


def test_every_number_is_exact(scenario):
    assert {quantity.kind for _, quantity in quantities(scenario)} == {"exact"}


def test_people_who_leave(scenario):
    flight, stage = scenario.model.flight, scenario.courses[0].stages[0]
    leavers = scenario.places[0].residents * flight.share_leaving.value

    def left(day):
        days = day - stage.start.days.value + 1
        return leavers * (1 - 2 ** (-days * stage.intensity.value / flight.days_to_half.value))

    assert left(9) == 0
    assert left(14) == pytest.approx(3000)
    assert left(24) == pytest.approx(5250)
    assert left(scenario.horizon_days) == pytest.approx(5994.9, abs=0.05)


def test_where_they_go(scenario):
    destination = scenario.model.destination
    pulls = {place.name: place.attraction / 1000 for place in scenario.places}
    weights = {
        route.to: pulls[route.to] / (destination.softening_km.value + route.km)
        for route in scenario.routes
        if route.to != "Highgate"
    }
    assert weights == pytest.approx({"Oakford": 0.5, "Elm Camp": 0.1, "Farside": 0.4})
    zones = {place.name: place.zone for place in scenario.places}
    assert zones["Highgate"] != zones["Millbrook"]
    assert not [crossing for crossing in scenario.crossings if "hills" in crossing.between]


def test_journeys_take_less_than_a_day(scenario):
    assert max(route.km for route in scenario.routes) < scenario.model.travel.km_per_day.value
