"""Section 3 and 5 of the model page: where everybody is, and what is recorded."""

from dataclasses import dataclass

from .draws import binomial, key_of, shares
from .roads import Gate, Reached
from .world import World

RESIDENT, EARLIER, RETURNED = 0, 1, 2
STAYER, FOLLOWER, AT_ONCE = 0, 1, 2
FLIGHT, RETURN = "flight", "return"
ATTACK, FEAR, WARNING, ORDINARY = 0, 1, 2, 3

Cells = dict[tuple[int, int], int]


@dataclass
class Party:
    """People on the road together, to a place or (if `gate` is set) to the near side of a gate.

    `home` is the place a return party goes back to: where it stops may be another.
    """

    origin: int
    path: list[Reached]
    gate: Gate | None
    departure: int
    due: int
    people: int
    kind: str
    home: int

    @property
    def goal(self) -> int:
        """Place where the party stops walking."""
        return self.path[-1].place


class State:
    """Every person is in exactly one cell of home, within, displaced, waiting or parties."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.zones = [place.zone0 for place in world.places]
        self.home = [[self._day_zero(number, status) for status in range(3)] for number in self.places]
        self.within = [0 for _ in self.places]
        self.displaced: Cells = {}
        self.restless: Cells = {}
        self.waiting: dict[Gate, dict[int, int]] = {}
        self.turned_away: dict[int, int] = {}
        self.parties: list[Party] = []
        self.away = [0 for _ in self.places]
        self.last_exposed = [0 for _ in self.places]
        self.last_attacked: list[int | None] = [None for _ in self.places]
        self.own = [0.0 for _ in self.places]
        self.route_states: list[str] | None = None

    @property
    def places(self) -> range:
        """Place numbers."""
        return range(len(self.world.places))

    @property
    def origins(self) -> range:
        """Origin numbers."""
        return range(len(self.world.origin_group_keys))

    def _day_zero(self, number: int, status: int) -> list[int]:
        place = self.world.places[number]
        people = (place.residents, place.displaced, 0)[status]
        movers = self.draw(people, place.share_leaving, 5, place.key, 0, 0, status)
        at_once = self.draw(movers, self.world.share_at_once, 22, place.key, 0, 0, status)
        return [people - movers, movers - at_once, at_once]

    def draw(self, n: int, p: float, purpose: int, c1: int, c2: int, day: int, index: int = 0) -> int:
        """Draw a binomial number with the member's key."""
        return binomial(n, p, self.world.key, purpose, c1, c2, day, index)

    def gate_key(self, gate: Gate) -> int:
        """Key of a gate: of `from>to`."""
        near, far = self.world.routes[gate[0]].ends(gate[1])
        return key_of(f"{self.world.places[near].name}>{self.world.places[far].name}")

    def near_side(self, gate: Gate) -> int:
        """Place where people wait for the gate."""
        return self.world.routes[gate[0]].ends(gate[1])[0]

    def at_home(self, place: int) -> int:
        """People at home at a place."""
        return sum(sum(cell) for cell in self.home[place])

    def origin_of(self, place: int) -> int:
        """Origin of people who leave home at a place."""
        return self.world.places[place].origin_group

    def displaced_at(self, place: int) -> int:
        """Newly displaced people who live at a place, but for those within it who left home there."""
        return sum(people for (_, where), people in self.displaced.items() if where == place)

    def waiting_at(self, place: int) -> int:
        """People waiting at the gates whose near side a place is."""
        return sum(
            sum(queue.values()) for gate, queue in self.waiting.items() if self.near_side(gate) == place
        )

    def settled(self, origin: int, place: int) -> int:
        """Newly displaced people of an origin at a place who are not restless."""
        return self.displaced.get((origin, place), 0) - self.restless.get((origin, place), 0)

    def settle(self, origin: int, place: int, people: int) -> None:
        """Let people live at a place (or, if negative, leave it)."""
        self.displaced[origin, place] = self.displaced.get((origin, place), 0) + people

    def queue(self, gate: Gate, origin: int, people: int) -> None:
        """Let people wait at a gate."""
        queue = self.waiting.setdefault(gate, {})
        queue[origin] = queue.get(origin, 0) + people

    def leave_queue(self, gate: Gate, admitted: dict[int, int]) -> None:
        """Take people out of the queue at a gate."""
        for origin, people in admitted.items():
            self.waiting[gate][origin] -= people

    def everybody(self) -> int:
        """People in all cells together."""
        at_home = sum(self.at_home(place) for place in self.places)
        queued = sum(sum(queue.values()) for queue in self.waiting.values())
        on_the_road = sum(party.people for party in self.parties)
        return at_home + sum(self.within) + sum(self.displaced.values()) + queued + on_the_road


class Record:
    """Section 5's variables; day variables have days 0 … H, tables the table days."""

    def __init__(self, state: State) -> None:
        world = state.world
        days = range(world.days + 1)
        self.table_days = [day for day in world.table_days if day < world.days] + [world.days]
        self.causes = [0, 0, 0, 0]
        self.flow_totals = [[0, 0] for _ in world.routes]
        self.arrivals = [[0 for _ in state.places] for _ in days]
        self.departures = [[0 for _ in state.places] for _ in days]
        self.blocked = [0 for _ in days]
        self.passed = [[0 for _ in world.crossings] for _ in days]
        self.returned_so_far = self.organised_so_far = self.movements_so_far = 0
        self.left_home: list[list[int]] = []
        self.movements: list[int] = []
        self.present: list[list[int]] = []
        self.within: list[list[int]] = []
        self.waiting: list[list[int]] = []
        self.remaining: list[list[int]] = []
        self.on_the_road: list[int] = []
        self.returned: list[int] = []
        self.organised_returns: list[int] = []
        self.origin_destination: list[list[list[int]]] = []
        self.flows: list[list[list[int]]] = []

    def close_day(self, day: int, state: State) -> None:
        """Step J."""
        self.left_home.append(list(self.causes))
        self.movements.append(self.movements_so_far)
        self.waiting.append([state.waiting_at(place) for place in state.places])
        self.within.append(list(state.within))
        self.present.append(
            [
                state.within[place] + state.displaced_at(place) + state.waiting_at(place)
                for place in state.places
            ]
        )
        self.remaining.append([state.at_home(place) for place in state.places])
        self.on_the_road.append(sum(party.people for party in state.parties))
        self.returned.append(self.returned_so_far)
        self.organised_returns.append(self.organised_so_far)
        if day in self.table_days:
            self.origin_destination.append(origin_destination(state))
            self.flows.append([list(directions) for directions in self.flow_totals])

    def variables(self) -> dict[str, list]:
        """Section 5's variables by name, and `table_days`."""
        names = (
            "left_home movements present within arrivals departures waiting remaining on_the_road "
            "returned organised_returns blocked passed origin_destination flows table_days"
        )
        return {name: getattr(self, name) for name in names.split()}


def origin_destination(state: State) -> list[list[int]]:
    """People displaced, waiting and within their own place, by origin and place."""
    table = [[state.displaced.get((origin, place), 0) for place in state.places] for origin in state.origins]
    for place, people in enumerate(state.within):
        table[state.origin_of(place)][place] += people
    for gate, queue in state.waiting.items():
        for origin, people in queue.items():
            table[origin][state.near_side(gate)] += people
    return table


def shares_by(total: int, counts: dict) -> dict:
    """Whole-number shares over the sorted keys of `counts`."""
    keys = sorted(counts)
    return dict(zip(keys, shares(total, [counts[key] for key in keys]), strict=True))
