"""Roads of one day: which are open or gated, who reaches whom, by which path (steps A and G)."""

import heapq
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

from .world import CLOSED, LEAKING, LIMITED, NONE, OPEN, CrossingDay, Route, World

Gate = tuple[int, int]
"""Route and direction; gates sort by route, then direction."""

LARGE = 1000
NEAREST = 256


@dataclass(frozen=True)
class Reached:
    """A place on a shortest path: how far it is, how it was entered, and its first gate if any."""

    place: int
    km: float
    before: "Reached | None" = None
    hop: Gate | None = None
    gate: Gate | None = None

    def path(self) -> list["Reached"]:
        """Every place of the path, the start first."""
        return [*self.before.path(), self] if self.before else [self]

    def near_side(self) -> "Reached":
        """The last place before the gate; this place itself if there is none."""
        if self.gate is None:
            return self
        entered = next(step for step in self.path() if step.hop == self.gate)
        return entered.before


def roads_of(world: World, place: int) -> Iterator[tuple[Gate, Route, int]]:
    """Roads of a place in the order of the routes: (route and direction, route, other end)."""
    for number, route in enumerate(world.routes):
        for direction in (0, 1):
            near, far = route.ends(direction)
            if near == place:
                yield (number, direction), route, far


def settle(
    world: World,
    found: dict[int, Reached],
    limit: float,
    passable: Callable[[int], bool],
    shut: Collection[int] = (),
) -> dict[int, Reached]:
    """Dijkstra from the places already `found`; the result is in the order of (km, place number).

    Paths lead over no place of `shut`.
    """
    found = dict(found)
    heap = [(step.km, place) for place, step in found.items()]
    heapq.heapify(heap)
    settled: dict[int, Reached] = {}
    while heap:
        _, place = heapq.heappop(heap)
        if place in settled:
            continue
        here = settled[place] = found[place]
        for hop, route, far in roads_of(world, place):
            km = here.km + route.km
            if not passable(hop[0]) or km > limit or far in settled or far in shut:
                continue
            if far not in found or km < found[far].km:
                found[far] = Reached(far, km, here, hop, here.gate)
                heapq.heappush(heap, (km, far))
    return settled


def fear_distances(world: World) -> list[dict[int, float]]:
    """Road km from each place to those within four times the greatest decay, whoever holds them."""
    limit = 4 * world.max_decay_km
    distances = []
    for place in range(len(world.places)):
        settled = settle(world, {place: Reached(place, 0.0)}, limit, lambda route: True)
        distances.append({other: step.km for other, step in settled.items()})
    return distances


class Roads:
    """The roads under one day's control, crossings and sieges."""

    def __init__(self, world: World, zones: list[int], besieged: set[int], day: int) -> None:
        self.world = world
        self.day = day
        self.between_zones = [zones[route.a] != zones[route.b] for route in world.routes]
        self.crossing = [governing_crossing(world, route, zones) for route in world.routes]
        self.state = [self._state(number, besieged) for number in range(len(world.routes))]
        self._choice_sets: dict[int, list[Reached]] = {}

    def crossing_day(self, route: int) -> CrossingDay:
        """State today of the crossing that governs a route; closed if there is none."""
        crossing = self.crossing[route]
        return CrossingDay(CLOSED) if crossing == NONE else self.world.crossings[crossing][self.day]

    def _state(self, number: int, besieged: set[int]) -> str:
        route = self.world.routes[number]
        if route.a in besieged or route.b in besieged:
            return "closed"
        if not self.between_zones[number]:
            return "open"
        today = self.crossing_day(number)
        if today.mode == OPEN:
            return "open"
        if (today.mode == LIMITED and today.per_day > 0) or (today.mode == LEAKING and today.rate > 0):
            return "gated"
        return "closed"

    def is_open(self, route: int) -> bool:
        """Whether a route can be walked without waiting."""
        return self.state[route] == "open"

    def way(self, start: int, goal: int) -> Reached | None:
        """Gate-free path to a place of the choice set, or None."""
        steps = self.choice_set(start)
        return next((step for step in steps if step.place == goal and step.gate is None), None)

    def choice_set(self, start: int) -> list[Reached]:
        """The choice set of a place, itself first."""
        if start not in self._choice_sets:
            itself = {start: Reached(start, 0.0)}
            free = settle(self.world, itself, self.world.radius_km, self.is_open)
            chosen = [*free.values(), *self._through_one_gate(free).values()]
            self._choice_sets[start] = chosen[:NEAREST] if len(self.world.places) > LARGE else chosen
        return self._choice_sets[start]

    def _through_one_gate(self, free: dict[int, Reached]) -> dict[int, Reached]:
        found: dict[int, Reached] = {}
        for here in free.values():
            for hop, route, far in roads_of(self.world, here.place):
                km = here.km + route.km
                if self.state[hop[0]] != "gated" or km > self.world.radius_km or far in free:
                    continue
                if far not in found or km < found[far].km:
                    found[far] = Reached(far, km, here, hop, hop)
        return settle(self.world, found, self.world.radius_km, self.is_open, shut=free)


def governing_crossing(world: World, route: Route, zones: list[int]) -> int:
    """Crossing that governs a route between two zones: the one it names, else the pair's.

    A route within one zone has none.
    """
    if zones[route.a] == zones[route.b]:
        return NONE
    # reading: a named crossing governs its route whichever two zones the ends are in today, and
    # a pair of zones has no direction.
    if route.crossing != NONE:
        return route.crossing
    pair = zones[route.a], zones[route.b]
    return world.pair_crossing.get(pair, world.pair_crossing.get(pair[::-1], NONE))
