"""Coordinates and lengths of roads that cannot both be right, or that a map contradicts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Final

from forewarn.errors import Problem
from forewarn.scenario.addresses import path_of
from forewarn.scenario.land import NEAR_DEGREES, country_code, lies_in, lies_on_land
from forewarn.scenario.models import Place, Route, Scenario
from forewarn.sphere import great_circle_km, is_too_short

LISTED: Final = 5
"""Roads or places that are named; the others are counted."""
LAST_LATITUDE: Final = 90.0


def doubts_about_places(scenario: Scenario) -> tuple[Problem, ...]:
    """Find places whose latitude and longitude look swapped, and roads shorter than the straight line."""
    places = {place.name: place for place in scenario.places}
    swapped = _against_the_map(scenario.places)
    mended = places | {name: other for name in swapped if (other := _exchanged(places[name]))}
    swapped |= _against_the_roads(scenario.routes, mended)
    found = [_say_swapped([place for name, place in places.items() if name in swapped])] if swapped else []
    left = [route for route in scenario.routes if not swapped & {route.from_, route.to}]
    return (*found, *_say_short([route for route in left if _is_short(route, places)], places))


def _is_short(route: Route, places: Mapping[str, Place]) -> bool:
    return is_too_short(route.km, _straight_km(places[route.from_], places[route.to]))


def _straight_km(here: Place, there: Place) -> float:
    return great_circle_km(here.lat, here.lon, there.lat, there.lon)


def _against_the_roads(routes: Sequence[Route], places: Mapping[str, Place]) -> set[str]:
    """Find places with every road too short, and none of them once coordinates are exchanged."""
    ends: dict[str, list[tuple[float, str]]] = defaultdict(list)
    for route in routes:
        ends[route.from_].append((route.km, route.to))
        ends[route.to].append((route.km, route.from_))
    found = set()
    for name, roads in ends.items():
        here, other = places[name], _exchanged(places[name])
        lines = [(km, _straight_km(here, places[end]), places[end]) for km, end in roads]
        if (
            other is not None
            and all(is_too_short(km, straight) for km, straight, _ in lines)
            and not any(is_too_short(km, _straight_km(other, end)) for km, _, end in lines)
        ):
            found.add(name)
    return found


def _exchanged(place: Place) -> Place | None:
    """Exchange latitude and longitude; nothing if there is no such latitude."""
    if abs(place.lon) > LAST_LATITUDE:
        return None
    return place.model_copy(update={"lat": place.lon, "lon": place.lat})


def _against_the_map(places: Sequence[Place]) -> set[str]:
    """Find places that lie outside their country, or all at sea, and would not with coordinates exchanged."""
    turned = [(place, other) for place in places if (other := _exchanged(place)) is not None]
    codes = {place.name: country_code(place.country, place.pcode) for place in places}
    if any(codes.values()):
        return {
            place.name
            for place, other in turned
            if (code := codes[place.name])
            and not lies_in(code, place.lat, place.lon, near=NEAR_DEGREES)
            and lies_in(code, other.lat, other.lon)
        }
    at_sea = not any(lies_on_land(place.lat, place.lon, near=NEAR_DEGREES) for place in places)
    if at_sea and len(turned) == len(places) and all(lies_on_land(o.lat, o.lon) for _, o in turned):
        return set(codes)
    return set()


def _say_swapped(places: Sequence[Place]) -> Problem:
    named = ", ".join(f"{place.name} ({place.lat:g}, {place.lon:g})" for place in places[:LISTED])
    more = f" and {len(places) - LISTED} more" if len(places) > LISTED else ""
    what = f"latitude and longitude look swapped: {named}{more}"
    why = "As they stand, the map or the lengths of the roads contradict them; exchanged, nothing does"
    return Problem("places", what, remedy=f"{why}. Write lat before lon")


def _say_short(routes: Collection[Route], places: Mapping[str, Place]) -> list[Problem]:
    straight = [(_straight_km(places[route.from_], places[route.to]), route) for route in routes]
    worst = sorted(straight, key=lambda each: each[1].km / each[0])
    found = [
        Problem(
            path_of(("routes", f"{route.from_}>{route.to}", "km")),
            f"the road has {route.km:g} km, the straight line {km:.0f} km",
            remedy="Look at its unit and at the coordinates of both places",
        )
        for km, route in worst[:LISTED]
    ]
    if len(worst) > LISTED:
        found.append(Problem("routes", f"{len(worst) - LISTED} more roads are too short"))
    return found
