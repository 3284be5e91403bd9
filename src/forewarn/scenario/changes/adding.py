"""A camp that is not there yet: the same scenario with one more place and roads to it."""

from __future__ import annotations

from typing import Any, Final

from forewarn.errors import ChangeError, Problem, ScenarioError
from forewarn.scenario.model.models import Place, Scenario
from forewarn.scenario.resolving import explicit, resolve
from forewarn.sphere import great_circle_km

ROADS: Final = 3
"""Nearest places that a new camp gets a road to; assumption: a camp is put beside a road."""
WINDING: Final = 1.3
"""Road distance over straight distance; assumption, as 1.2 to 1.4 on most road networks."""
LEAST_KM: Final = 1.0
"""Shortest road to a new camp: it lies outside the town."""


def add_camp(
    scenario: Scenario, *, name: str, lat: float, lon: float, capacity: int, zone: str | None = None
) -> Scenario:
    """Make a scenario with one more camp, empty on the issue day, with roads to the nearest places.

    Parameters
    ----------
    scenario
        Left as it is.
    name
        New and unique.
    lat, lon
        WGS 84 degrees.
    capacity
        People it can hold. It attracts as a place of so many people does.
    zone
        Who holds it; by default whoever holds the nearest place that is not abroad. Roads lead to places of
        the same zone only: across a line there has to be a crossing, which the scenario must name.

    Raises
    ------
    ChangeError
        There is such a place already, no place of the zone, or the result breaks a rule.

    Examples
    --------
    >>> from forewarn.scenario import load
    >>> wider = add_camp(load("crossroads"), name="Ash Camp", lat=10.1, lon=40.1, capacity=500)
    >>> wider.places[-1].name, wider.places[-1].zone
    ('Ash Camp', 'valley')
    """
    where = f"new camp {name!r}"
    if any(place.name == name for place in scenario.places):
        raise ChangeError(Problem(where, "a place already has this name", remedy="Use another name"))
    near = sorted(
        (great_circle_km(place.lat, place.lon, lat, lon), number, place)
        for number, place in enumerate(scenario.places)
        if place.kind != "foreign" and not place.isolated and zone in (None, place.zone)
    )
    if not near:
        raise ChangeError(
            Problem(where, f"no place is held by {zone!r}", ", ".join({p.zone for p in scenario.places}))
        )
    holder = near[0][2].zone
    joined = [(km, place) for km, _, place in near if place.zone == holder][:ROADS]
    document = explicit(scenario)
    document["places"] = [*document["places"], _place(name, lat, lon, capacity, near[0][2])]
    document["routes"] = [*document.get("routes", ()), *(_road(name, place, km) for km, place in joined)]
    try:
        return resolve(document)
    except ScenarioError as error:
        raise ChangeError(error.problems) from error


def _place(name: str, lat: float, lon: float, capacity: int, beside: Place) -> dict[str, Any]:
    source = "assumption: a camp set up for comparison"
    return {
        "name": name,
        "admin1": beside.admin1,
        "country": beside.country,
        "lat": lat,
        "lon": lon,
        "kind": "camp",
        "zone": beside.zone,
        "capacity": {"value": capacity, "source": source},
        "source": source,
    }


def _road(name: str, place: Place, straight_km: float) -> dict[str, Any]:
    return {
        "from": name,
        "to": place.name,
        "km": max(LEAST_KM, round(straight_km * WINDING, 1)),
        "road": "to a camp set up for comparison",
        "source": f"assumption: {WINDING:g} times the straight distance",
    }
