"""Rules for places, the roads between them and who went where before."""

from __future__ import annotations

from statistics import median

from forewarn.scenario.checks.findings import Check
from forewarn.scenario.model.models import MOST_PEOPLE
from forewarn.sphere import great_circle_km

FARTHEST_KM = 1500.0


def check_places(this: Check) -> None:
    """Check names, zones, roads and coordinates."""
    scenario = this.scenario
    this.distinct(("places",), "name", (place.name for place in scenario.places))
    zones = tuple(scenario.zones)
    for i, place in enumerate(scenario.places):
        this.known(("places", i, "zone"), "zone", place.zone, zones)
    _check_routes(this)
    _check_flow_history(this)
    _check_isolated(this)
    _check_coordinates(this)
    _check_people(this)


def _check_people(this: Check) -> None:
    """Find places with more people than can be counted, or the largest of places that together have more."""
    places = this.scenario.places
    people = [place.residents + place.displaced for place in places]
    allowed = f"up to {MOST_PEOPLE:,} people, in all places together"
    remedy = "Is a p-code or another number in the column of people?"
    for i, count in enumerate(people):
        if count > MOST_PEOPLE:
            this.problem(("places", i), f"'{places[i].name}' has {count:,} people", allowed, remedy)
    if max(people) <= MOST_PEOPLE < sum(people):
        i = people.index(max(people))
        what = f"all places have {sum(people):,} people, most of them '{places[i].name}', {people[i]:,}"
        this.problem(("places", i), what, allowed, remedy)


def _check_routes(this: Check) -> None:
    places = tuple(place.name for place in this.scenario.places)
    crossings = tuple(crossing.name for crossing in this.scenario.crossings)
    known, seen = frozenset(places), dict[frozenset[str], int]()
    for i, route in enumerate(this.scenario.routes):
        for key, end in (("from", route.from_), ("to", route.to)):
            if end not in known:
                this.known(("routes", i, key), "place", end, places)
        if route.crossing is not None:
            this.known(("routes", i, "crossing"), "crossing", route.crossing, crossings)
        ends = frozenset((route.from_, route.to))
        if len(ends) == 1:
            this.problem(
                ("routes", i), f"the route leads from '{route.to}' to itself", "two different places"
            )
        elif ends in seen:
            what = f"there is already a route between '{route.from_}' and '{route.to}'"
            this.problem(("routes", i), what, remedy="Keep one; routes go both ways")
        seen.setdefault(ends, i)


def _check_flow_history(this: Check) -> None:
    places = tuple(place.name for place in this.scenario.places)
    known, seen = frozenset(places), set[tuple[str, str]]()
    for i, flow in enumerate(this.scenario.flow_history):
        for key, end in (("from", flow.from_), ("to", flow.to)):
            if end not in known:
                this.known(("flow_history", i, key), "place", end, places)
        if (flow.from_, flow.to) in seen:
            what = f"there is already a row from '{flow.from_}' to '{flow.to}'"
            this.problem(("flow_history", i), what, remedy="Keep one, with the sum of their people")
        seen.add((flow.from_, flow.to))


def _check_isolated(this: Check) -> None:
    """Compare what the routes connect with what is declared; a pocket may have routes of its own."""
    main = _main_part(this)
    for i, place in enumerate(this.scenario.places):
        if place.isolated and place.name in main:
            what = f"'{place.name}' is called isolated, but a route reaches it"
            this.problem(("places", i, "isolated"), what, remedy="Leave isolated out, or remove the route")
        elif not place.isolated and place.name not in main:
            what = f"no route connects '{place.name}' with the rest"
            this.problem(("places", i), what, remedy="Give a route, or say isolated: yes")


def _main_part(this: Check) -> set[str]:
    """Find the connected part with most of the places that are not called isolated."""
    neighbours: dict[str, list[str]] = {place.name: [] for place in this.scenario.places}
    for route in this.scenario.routes:
        neighbours.setdefault(route.from_, []).append(route.to)
        neighbours.setdefault(route.to, []).append(route.from_)
    isolated = {place.name for place in this.scenario.places if place.isolated}
    main, left = set[str](), dict.fromkeys(neighbours)
    while left:
        part, ahead = set[str](), [left.popitem()[0]]
        while ahead:
            place = ahead.pop()
            if place not in part:
                part.add(place)
                left.pop(place, None)
                ahead.extend(neighbours[place])
        if len(part - isolated) >= len(main - isolated) and part - isolated:
            main = part
    return main


def _check_coordinates(this: Check) -> None:
    """Find places whose latitude and longitude look swapped: far from the rest, but near if swapped.

    Near is at most 1,500 km, and less than half as far.
    """
    places = this.scenario.places
    if len(places) < 3:
        return
    centre = median(place.lat for place in places), median(place.lon for place in places)
    for i, place in enumerate(places):
        if great_circle_km(place.lat, place.lon, *centre) <= FARTHEST_KM:
            continue
        others = places[:i] + places[i + 1 :]
        middle = median(other.lat for other in others), median(other.lon for other in others)
        far = great_circle_km(place.lat, place.lon, *middle)
        if far <= FARTHEST_KM or abs(place.lon) > 90:
            continue
        if great_circle_km(place.lon, place.lat, *middle) <= min(FARTHEST_KM, far / 2):
            what = f"latitude and longitude of '{place.name}' look swapped ({place.lat:g}, {place.lon:g})"
            this.problem(("places", i), what, remedy="Write lat before lon")
