"""Steps G and H of the model page: weights of a day, and who goes where."""

import math
from itertools import accumulate

from .draws import party_key, words
from .roads import Gate, Reached, Roads
from .state import FLIGHT, FOLLOWER, RETURNED, Party, Record, State
from .world import LEAKING, Place


class Today:
    """What holds all day after step D: exposure, roads, room, and the weights made from them."""

    def __init__(self, state: State, day: int, ceasefire: bool, roads: Roads) -> None:
        self.state = state
        self.world = state.world
        self.day = day
        self.ceasefire = ceasefire
        self.roads = roads
        self.own: list[float] = []
        self.fear: list[float] = []
        self.exposure: list[float] = []
        self.newly_attacked: set[int] = set()
        self.new_epoch = False
        self.room: list[float] = []
        self._weights: dict[int, list[float]] = {}
        self.words_taken: dict[tuple[int, int], int] = {}

    def close_step_d(self) -> None:
        """Take stock of room; choices see it for the whole day."""
        self.room = [self._room(place) for place in self.state.places]

    def _room(self, place: int) -> float:
        capacity = self.world.places[place].capacity
        state = self.state
        people = state.at_home(place) + state.within[place]
        people += state.displaced_at(place) + state.waiting_at(place)
        # reading: people on the road to a gate will wait at its near side, so they are on the road to it;
        # people returning to j are too.
        people += sum(party.people for party in state.parties if party.goal == place)
        if people >= capacity:
            return 0.0
        if people <= 0.9 * capacity:
            return 1.0
        return (capacity - people) / (capacity - 0.9 * capacity)

    def weights(self, start: int) -> list[float]:
        """Weights of a place's choice set; its own is 0."""
        if start not in self._weights:
            chosen = self.roads.choice_set(start)
            self._weights[start] = [0.0] + [self.weight(start, step) for step in chosen[1:]]
        return self._weights[start]

    def weight(self, start: int, step: Reached) -> float:
        """w_ij of the page, factor by factor from left to right."""
        world = self.world
        goal = world.places[step.place]
        if goal.attraction <= 0:
            return 0.0
        # Who comes through a gate to the start and stays there comes from elsewhere.
        followed = 0.0 if step.place == start else self.history(start, step.place)
        return (
            self._size_and_distance(goal, step.km)
            * math.exp(self._pull(start, step.place) + followed)
            * math.exp(-world.danger * self.exposure[step.place])
            * self.shunned(start, step.place)
            * self.room[step.place]
            * self._gate_factor(step)
        )

    def local_weight(self, place: int) -> float:
        """Weight of staying within the place, w of step E; 0 where nobody may."""
        facts = self.world.places[place]
        if facts.local_pull is None or facts.attraction <= 0:
            return 0.0
        return (
            self._size_and_distance(facts, 0.0)
            * math.exp(self._pull(place, place) + facts.local_pull + self.history(place, place))
            * math.exp(-self.world.danger * self.exposure[place])
        )

    def _size_and_distance(self, goal: Place, km: float) -> float:
        world = self.world
        size = (goal.attraction / 1000) ** world.attraction_exponent
        return size * (world.softening_km + km) ** -world.distance_exponent

    def _pull(self, start: int, goal: int) -> float:
        world = self.world
        facts = world.places[goal]
        pull = facts.camp_foreign_pull + facts.pull
        if world.zone_pull is not None:
            pull += world.zone_pull[world.places[start].zone0][self.state.zones[goal]]
        return pull

    def history(self, start: int, goal: int) -> float:
        """Pull of those who went from one place to another before the issue day."""
        return self.world.history.get((start, goal), 0.0)

    def shunned(self, start: int, goal: int) -> float:
        """Product of the two factors that keep people from places attacked, or taken by another side."""
        # reading: the two factors are multiplied with each other first, then into the weight.
        factor = self.world.shunned
        by_danger = factor if self._attack_is_remembered(goal) or self._attack_is_foreseen(goal) else 1.0
        return by_danger * (factor if self._is_taken(start, goal) else 1.0)

    def _attack_is_remembered(self, place: int) -> bool:
        last = self.state.last_attacked[place]
        return last is not None and self.day - last <= self.world.memory_days

    def _attack_is_foreseen(self, place: int) -> bool:
        # reading: the day on which a row starts is all that is foreseen, no ceasefire nor fall.
        last = self.day + self.world.foresight_days
        return any(
            row.place == place and row.intensity > 0 and self.day < row.start <= last
            for row in self.world.attacks
        )

    def _is_taken(self, start: int, goal: int) -> bool:
        places = self.world.places
        zone = self.state.zones[goal]
        return zone not in (places[goal].zone0, places[start].zone0) and zone not in self.world.liberators

    def _gate_factor(self, step: Reached) -> float:
        if step.gate is None:
            return 1.0
        crossing = self.roads.crossing_day(step.gate[0])
        if crossing.mode == LEAKING:
            return crossing.rate
        turned_away = self.state.turned_away.get(self.roads.crossing[step.gate[0]], 0)
        return crossing.per_day / (crossing.per_day + turned_away)

    def can_leave(self, place: int) -> bool:
        """Whether anybody can go anywhere from a place."""
        return any(weight > 0 for weight in self.weights(place))


def distribute(
    today: Today, origin: int, place: int, people: int, weights: list[float], purpose: int
) -> list[int]:
    """People of one party by member of the choice set; `purpose` is 11 or 16."""
    sums = list(accumulate(weights))
    last = max(index for index, weight in enumerate(weights) if weight > 0)
    c1 = party_key(today.world.places[place].key, today.world.origin_group_keys[origin])
    found = [0 for _ in sums]
    left, first = _together(today, c1, place, people, sums, found, last, purpose)
    _person_by_person(today, place, left, sums, found, first, last, purpose + 1)
    return found


def _together(
    today: Today,
    c1: int,
    place: int,
    people: int,
    sums: list[float],
    found: list[int],
    last: int,
    purpose: int,
) -> tuple[int, int]:
    """Fill `found` option by option while many are left; return how many are left and the next option."""
    chosen = today.roads.choice_set(place)
    rest = people
    for index in range(last):
        if rest <= last - index:
            return rest, index
        passed = sums[index - 1] if index > 0 else 0.0
        share = (sums[index] - passed) / (sums[last] - passed)
        goal_key = today.world.places[chosen[index].place].key
        found[index] = today.state.draw(rest, share, purpose, c1, goal_key, today.day)
        rest -= found[index]
    found[last] = rest
    return 0, last


def _person_by_person(
    today: Today,
    place: int,
    people: int,
    sums: list[float],
    found: list[int],
    first: int,
    last: int,
    purpose: int,
) -> None:
    passed = sums[first - 1] if first > 0 else 0.0
    key = today.world.places[place].key
    so_far = today.words_taken.get((purpose, place), 0)
    today.words_taken[purpose, place] = so_far + people
    for person in range(so_far, so_far + people):
        word = words(today.world.key, purpose, key, person // 4, today.day)[person % 4]
        # reading: the word is multiplied by the weight that is left over 2³², which is exact to divide by.
        level = passed + word * ((sums[last] - passed) / 2**32)
        found[next((index for index in range(first, last) if sums[index] > level), last)] += 1


def set_out(
    today: Today,
    record: Record,
    origin: int,
    goal: Reached,
    people: int,
    kind: str,
    gate: tuple | None = None,
) -> None:
    """Make a party on the path to `goal`; whoever needs less than a day arrives at once."""
    lag = math.floor(goal.km / today.world.km_per_day)
    party = Party(origin, goal.path(), gate, today.day, today.day + lag, people, kind, goal.place)
    add_flows(record, party.path, people)
    # reading: people going on after step C are not counted in `passed` a second time.
    for step in party.path[1:]:
        if today.roads.between_zones[step.hop[0]]:
            record.passed[today.day][today.roads.crossing[step.hop[0]]] += people
    if gate is not None and len(party.path) == 1:
        today.state.queue(gate, origin, people)  # nobody arrives where they already are
    elif lag == 0:
        arrive(today, record, party)
    else:
        today.state.parties.append(party)


def add_flows(record: Record, path: list[Reached], people: int) -> None:
    """Count people (negative: take them back) on every road of a path."""
    for step in path[1:]:
        route, direction = step.hop
        record.flow_totals[route][direction] += people


def arrive(today: Today, record: Record, party: Party) -> None:
    """A party reaches its goal."""
    state = today.state
    if party.kind != FLIGHT:
        state.home[party.goal][RETURNED][FOLLOWER] += party.people
        record.returned_so_far += party.people
        return
    # reading: people who reach a gate have arrived at its near side, as `present` counts them there;
    # when they give up later they do not arrive again.
    record.arrivals[today.day][party.goal] += party.people
    if party.gate is None:
        state.settle(party.origin, party.goal, party.people)
    else:
        state.queue(party.gate, party.origin, party.people)


def send(
    today: Today, record: Record, origin: int, place: int, people: int, weights: list[float], purpose: int
) -> None:
    """Let people choose from a place's choice set and set out."""
    chosen = today.roads.choice_set(place)
    for step, number in zip(chosen, distribute(today, origin, place, people, weights, purpose), strict=True):
        if number > 0:
            set_out(today, record, origin, step.near_side(), number, FLIGHT, step.gate)


def choose_from_places(
    today: Today, record: Record, from_home: dict[int, int], leaving_again: dict[tuple[int, int], int]
) -> None:
    """Leavers place by place and by origin: from home, again and restless people as one party."""
    state = today.state
    for place in state.places:
        for origin in state.origins:
            people = leaving_again.get((origin, place), 0) + take_restless(today, record, origin, place)
            if origin == state.origin_of(place):
                people += from_home.get(place, 0)
            if people > 0:
                send(today, record, origin, place, people, today.weights(place), 11)


def take_restless(today: Today, record: Record, origin: int, place: int) -> int:
    """People stopped or turned away here who now go on; with nowhere to go they are restless no more."""
    # reading: those who find no way are not counted as blocked.
    people = today.state.restless.pop((origin, place), 0)
    if people == 0 or not today.can_leave(place):
        return 0
    today.state.settle(origin, place, -people)
    record.movements_so_far += people
    return people


def choose_beyond_gates(today: Today, record: Record, admitted: dict[Gate, dict[int, int]]) -> None:
    """Those admitted choose at the far side: stay, or go on without another gate."""
    for far, by_origin in by_far_side(today, admitted).items():
        chosen = today.roads.choice_set(far)
        weights = [0.0 if step.gate is not None else today.weight(far, step) for step in chosen]
        for origin, people in sorted(by_origin.items()):
            if people == 0:
                continue
            record.movements_so_far += people
            if any(weight > 0 for weight in weights):
                send(today, record, origin, far, people, weights, 16)
            else:
                today.state.settle(origin, far, people)
                record.arrivals[today.day][far] += people


def by_far_side(today: Today, admitted: dict[Gate, dict[int, int]]) -> dict[int, dict[int, int]]:
    """People admitted, by far side and origin, whichever gate they came through."""
    found: dict[int, dict[int, int]] = {}
    for gate in sorted(admitted):
        _, far = today.world.routes[gate[0]].ends(gate[1])
        here = found.setdefault(far, {})
        for origin, people in admitted[gate].items():
            here[origin] = here.get(origin, 0) + people
    return found
