"""Coordinates and lengths of roads that cannot both be right, or that a map contradicts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from forewarn.errors import Problem
from forewarn.scenario.addressing.addresses import path_of
from forewarn.scenario.checks.land import NEAR_DEGREES, country_code, lies_in, lies_on_land
from forewarn.scenario.model.models import Place, Route, Scenario
from forewarn.sphere import great_circle_km, is_too_short

LISTED: Final = 5
"""Roads or places that are named; the others are counted."""
LAST_LATITUDE: Final = 90.0


class Coordinates(NamedTuple):
    """A place on the globe, WGS 84 degrees."""

    lat: float
    lon: float

    def exchanged(self) -> Coordinates | None:
        """Exchange latitude and longitude; nothing if there is no such latitude."""
        return Coordinates(self.lon, self.lat) if abs(self.lon) <= LAST_LATITUDE else None


def doubts_about_places(scenario: Scenario) -> tuple[Problem, ...]:
    """Find places whose latitude and longitude look swapped, and roads shorter than the straight line."""
    positions = {place.name: Coordinates(place.lat, place.lon) for place in scenario.places}
    swapped = _against_the_map(scenario.places, positions)
    mended = positions | {name: other for name in swapped if (other := positions[name].exchanged())}
    swapped |= _against_the_roads(scenario.routes, mended)
    found = (
        [_say_swapped({name: positions[name] for name in positions if name in swapped})] if swapped else []
    )
    left = [route for route in scenario.routes if not swapped & {route.from_, route.to}]
    return (*found, *_say_short(left, positions))


def _against_the_map(places: Sequence[Place], positions: Mapping[str, Coordinates]) -> set[str]:
    """Find places that lie outside their country, or all at sea, and would not with coordinates exchanged."""
    codes = {place.name: country_code(place.country, place.pcode) for place in places}
    turned = {name: other for name, here in positions.items() if (other := here.exchanged())}
    if any(codes.values()):
        return {
            name
            for name, other in turned.items()
            if codes[name]
            and not lies_in(codes[name], *positions[name], near=NEAR_DEGREES)
            and lies_in(codes[name], *other)
        }
    if any(lies_on_land(*here, near=NEAR_DEGREES) for here in positions.values()):
        return set()
    on_land = {name for name, other in turned.items() if lies_on_land(*other)}
    return on_land if len(on_land) == len(positions) else set()


def _against_the_roads(routes: Sequence[Route], positions: Mapping[str, Coordinates]) -> set[str]:
    """Find places with every road too short, and none of them once coordinates are exchanged."""
    roads: dict[str, list[tuple[float, Coordinates]]] = defaultdict(list)
    for route in routes:
        roads[route.from_].append((route.km, positions[route.to]))
        roads[route.to].append((route.km, positions[route.from_]))

    def too_short(here: Coordinates, name: str) -> list[bool]:
        return [is_too_short(km, great_circle_km(*here, *end)) for km, end in roads[name]]

    return {
        name
        for name in roads
        if all(too_short(positions[name], name))
        and (other := positions[name].exchanged()) is not None
        and not any(too_short(other, name))
    }


def _say_swapped(positions: Mapping[str, Coordinates]) -> Problem:
    named = [f"{name} ({here.lat:g}, {here.lon:g})" for name, here in positions.items()]
    more = f" and {len(named) - LISTED:,} more" if len(named) > LISTED else ""
    what = f"latitude and longitude look swapped: {', '.join(named[:LISTED])}{more}"
    why = "As they stand, the map or the lengths of the roads contradict them; exchanged, nothing does"
    return Problem("places", what, remedy=f"{why}. Write lat before lon")


def _say_short(routes: Sequence[Route], positions: Mapping[str, Coordinates]) -> list[Problem]:
    straight = [(great_circle_km(*positions[route.from_], *positions[route.to]), route) for route in routes]
    short = [(km, route) for km, route in straight if is_too_short(route.km, km)]
    short.sort(key=lambda each: each[1].km / each[0])
    found = [
        Problem(
            path_of(("routes", f"{route.from_}>{route.to}", "km")),
            f"the road has {route.km:g} km, the straight line {km:.0f} km",
            remedy="Look at its unit and at the coordinates of both places",
        )
        for km, route in short[:LISTED]
    ]
    if len(short) > LISTED:
        found.append(Problem("routes", f"{len(short) - LISTED:,} more roads are too short"))
    return found
