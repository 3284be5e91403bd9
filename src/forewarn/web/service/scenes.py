"""What the map draws, as plain data: the ground once, and people day by day."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from forewarn.forecast.variables import table_days
from forewarn.outlook.contents.where_unknown import WHERE_UNKNOWN
from forewarn.outlook.format.suppression import zero_if_suppressed
from forewarn.outlook.maps.basemap import DISCLAIMER, BasemapArea, Box, land
from forewarn.outlook.maps.page_map import COLOURS, attacked_places, latest_table, passable, roads_said
from forewarn.scenario import Scenario
from forewarn.web.service.comparison import PairedForecasts
from forewarn.web.service.futures import MemberForecast

MARGIN_DEGREES: Final = 0.06
AROUND_DEGREES: Final = 3.0
"""Land is drawn so far beyond the places, so that somebody can look around."""
DECIMALS: Final = 4


def scene(scenario: Scenario) -> dict[str, Any]:
    """Give land, places, roads and posts of a scenario."""
    places = scenario.places
    # A place that no road reaches may be far away; somebody can look around for it.
    near = [place for place in places if not place.isolated] or list(places)
    south, north = min(p.lat for p in near), max(p.lat for p in near)
    west, east = min(p.lon for p in near), max(p.lon for p in near)
    view = Box(
        west=max(-180.0, west - AROUND_DEGREES),
        south=max(-90.0, south - AROUND_DEGREES),
        east=min(180.0, east + AROUND_DEGREES),
        north=min(90.0, north + AROUND_DEGREES),
    )
    ground = land(view)
    zones = list(scenario.zones)
    at = {place.name: number for number, place in enumerate(places)}
    return {
        "bounds": [
            [south - MARGIN_DEGREES, west - MARGIN_DEGREES],
            [north + MARGIN_DEGREES, east + MARGIN_DEGREES],
        ],
        "countries": [_area(area) for area in ground.countries],
        "disputed": [_area(area) for area in ground.disputed],
        "colours": [COLOURS[number % len(COLOURS)] for number in range(len(zones))],
        "places": [
            {
                "name": place.name,
                "lat": place.lat,
                "lon": place.lon,
                "zone": zones.index(place.zone),
                "weight": place.residents + place.displaced,
            }
            for place in places
        ],
        "roads": [
            {
                "from": at[route.from_],
                "to": at[route.to],
                "closed": places[at[route.from_]].zone != places[at[route.to]].zone
                and not passable(
                    scenario, route.crossing, places[at[route.from_]].zone, places[at[route.to]].zone
                ),
            }
            for route in scenario.routes
        ],
        "posts": [
            {"name": post.name, "lat": post.lat, "lon": post.lon, "metres": 1000 * (post.radius_km or 0)}
            for post in scenario.posts
            if post.lat is not None and post.lon is not None
        ],
    }


def legend(scenario: Scenario) -> list[tuple[str, str]]:
    """Give colours and titles of the zones that hold places."""
    held = {place.zone for place in scenario.places}
    return [
        (COLOURS[number % len(COLOURS)], zone.title)
        for number, (name, zone) in enumerate(scenario.zones.items())
        if name in held
    ]


def ground_note(scenario: Scenario) -> str:
    """Say where the borders come from and what they do not mean."""
    place = scenario.places[0]
    return f"{DISCLAIMER} {land(Box(place.lon, place.lat, place.lon, place.lat)).source}."


def frames(forecast: MemberForecast, course: str) -> dict[str, Any]:
    """Give medians of people by day and place, and of those who set out along roads, in one course."""
    futures, scenario = forecast.courses[course], forecast.scenario
    tables = table_days(scenario.horizon_days)
    present = _median(futures.arrays["present"])
    moved = _median(futures.arrays["flows"].sum(axis=3))
    return {
        # A map without people says at each place why.
        "where_unknown": "" if forecast.scenario.where_known else WHERE_UNKNOWN,
        "people": (zero_if_suppressed(present) * forecast.scenario.where_known).tolist(),
        "moved": [
            [0] * len(scenario.routes),
            *(zero_if_suppressed(moved) * forecast.scenario.where_known).tolist(),
        ],
        "table": [latest_table(tables, number) for number in range(scenario.horizon_days + 1)],
        "roads": roads_said([scenario.issued + timedelta(days=number) for number in tables]),
        # One scale for all courses, so that they can be compared by eye.
        "largest": max(1, *(_largest(each.arrays["present"]) for each in forecast.courses.values())),
        "busiest": max(
            1, *(_largest(each.arrays["flows"].sum(axis=3)) for each in forecast.courses.values())
        ),
        "attacked": _attacked(scenario, course),
        "difference": False,
    }


def difference_frames(comparison: PairedForecasts, course: str, ground: Scenario) -> dict[str, Any]:
    """Give medians of the difference in people by day and place of `ground` in one course."""
    one, other = (
        _present(each, course, comparison.draws, ground) for each in (comparison.base, comparison.changed)
    )
    visible = zero_if_suppressed(_median(other - one)) * ground.where_known
    return {
        "where_unknown": "" if ground.where_known else WHERE_UNKNOWN,
        "people": visible.tolist(),
        "moved": [],
        "largest": max(1, int(np.abs(visible).max())),
        "busiest": 1,
        "table": [],
        "roads": [],
        "attacked": [
            number
            for number, place in enumerate(ground.places)
            if place.name in attacked_places(comparison.changed.scenario, course)
        ],
        "difference": True,
    }


def _present(forecast: MemberForecast, course: str, draws: int, ground: Scenario) -> NDArray[np.int64]:
    """Give newly displaced people by draw, day and place of `ground`; nobody at places it does not know."""
    values = forecast.courses[course].first(draws).arrays["present"]
    number = {place.name: at for at, place in enumerate(forecast.scenario.places)}
    out = np.zeros((*values.shape[:2], len(ground.places)), dtype=np.int64)
    for at, place in enumerate(ground.places):
        if place.name in number:
            out[:, :, at] = values[:, :, number[place.name]]
    return out


def _attacked(scenario: Scenario, course: str) -> list[int]:
    hit = attacked_places(scenario, course)
    return [number for number, place in enumerate(scenario.places) if place.name in hit]


def _median(values: NDArray[Any]) -> NDArray[np.int64]:
    """Median over draws by the definition of `forewarn.forecast.quantiles`: a value of some draw."""
    rank = max(0, -(-len(values) // 2) - 1)
    return np.asarray(np.partition(values, rank, axis=0)[rank], dtype=np.int64)


def _largest(values: NDArray[Any]) -> int:
    return int(_median(values).max(initial=0))


def _area(area: BasemapArea) -> dict[str, Any]:
    """Give rings as Leaflet takes them: latitude first."""
    return {
        "name": area.name,
        "rings": [[[round(lat, DECIMALS), round(lon, DECIMALS)] for lon, lat in ring] for ring in area.rings],
    }
