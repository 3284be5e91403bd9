"""Section 4 of the model page: a day, step by step, and a whole member."""

import math

from .choosing import Today, add_flows, arrive, choose_beyond_gates, choose_from_places
from .draws import shares
from .leaving import go_back, leave_again, leave_home
from .roads import Gate, Roads, fear_distances
from .state import EARLIER, FLIGHT, FOLLOWER, RETURNED, Party, Record, State, shares_by
from .world import LEAKING, LIMITED, NONE, Attack, World


def simulate(world: World) -> dict[str, list]:
    """Run one member and return section 5's variables as nested lists, with `table_days`."""
    state = State(world)
    record = Record(state)
    distances = fear_distances(world)
    # reading: yesterday of day 1 is day 0, with the zones and crossings of the issue day and no siege.
    state.route_states = Roads(world, state.zones, set(), 0).state
    people = state.everybody()
    record.close_day(0, state)
    for day in range(1, world.days + 1):
        run_day(state, record, distances, day)
        record.close_day(day, state)
        if state.everybody() != people:
            raise AssertionError(f"day {day}: {state.everybody()} people, {people} on the issue day")
    return record.variables()


def run_day(state: State, record: Record, distances: list[dict[int, float]], day: int) -> None:
    """Steps A to I."""
    today = control_and_crossings(state, day)
    expose(today, distances)
    lost_ways(today, record)
    arrivals(today, record)
    today.close_step_d()
    from_home, staying = leave_home(today, record)
    leaving_again = leave_again(today, record)
    go_back(today, record)
    for place, people in staying.items():
        state.within[place] += people
    choose_from_places(today, record, from_home, leaving_again)
    choose_beyond_gates(today, record, crossings(today, record))
    organised_returns(state, record, day)


# A


def control_and_crossings(state: State, day: int) -> Today:
    """Places fall; roads open and close; a change begins a new epoch."""
    world = state.world
    zones_before = list(state.zones)
    for attack in world.attacks:
        if attack.fall_day == day and attack.zone_after != NONE:
            state.zones[attack.place] = attack.zone_after
    ceasefire = any(start <= day < end for start, end in world.ceasefires)
    besieged = {
        row.place
        for row in world.attacks
        if row.siege and row.intensity > 0 and is_running(row, day, ceasefire)
    }
    roads = Roads(world, list(state.zones), besieged, day)
    today = Today(state, day, ceasefire, roads)
    today.new_epoch = state.zones != zones_before or roads.state != state.route_states
    state.route_states = roads.state
    return today


def is_running(attack: Attack, day: int, ceasefire: bool) -> bool:
    """Whether an attack row runs that day."""
    return attack.start <= day < attack.end and day < attack.fall_day and not ceasefire


# B


def expose(today: Today, distances: list[dict[int, float]]) -> None:
    """Own exposure, fear of attacks elsewhere, and what they add up to."""
    state, world = today.state, today.world
    today.own = [own_exposure(today, place) for place in state.places]
    today.fear = [fear_exposure(today, place, distances[place]) for place in state.places]
    today.exposure = [min(1.0, own + fear) for own, fear in zip(today.own, today.fear, strict=True)]
    for place in state.places:
        if today.exposure[place] >= world.calm_exposure:
            state.last_exposed[place] = today.day
        if today.own[place] > 0:
            state.last_attacked[place] = today.day
    today.newly_attacked = {place for place in state.places if today.own[place] > 0 and state.own[place] == 0}
    state.own = today.own


def own_exposure(today: Today, place: int) -> float:
    """Greatest intensity of the rows that run at a place, less what a post takes away."""
    world = today.world
    rows = [
        row for row in world.attacks if row.place == place and is_running(row, today.day, today.ceasefire)
    ]
    intensity = max((row.intensity for row in rows), default=0.0)
    return intensity * (1 - world.post_effect) if world.places[place].covered else intensity


def fear_exposure(today: Today, place: int, distance: dict[int, float]) -> float:
    """Exposure by attacks on other places of the same zone."""
    # reading: km(p, q) is summed along the road from p, the place that fears, to q.
    zones, world = today.state.zones, today.world
    near = [
        today.own[other] * math.exp(-km / world.fear_decay_km)
        for other, km in distance.items()
        if other != place and zones[other] == zones[place] and today.own[other] > 0
    ]
    return world.fear_intensity * max(near, default=0.0)


# C


def lost_ways(today: Today, record: Record) -> None:
    """Parties whose way or goal is lost go on from where they are, or stop there."""
    if not today.new_epoch and not today.newly_attacked:
        return
    state = today.state
    parties, state.parties = state.parties, []
    for party in parties:
        goal_is_attacked = party.gate is None and party.goal in today.newly_attacked
        if (today.new_epoch or goal_is_attacked) and not goes_on(today, record, party):
            stop(today, record, party)
        else:
            state.parties.append(party)


def goes_on(today: Today, record: Record, party: Party) -> bool:
    """Look at a party where it is now; put it on its new way if there is one."""
    walked = (today.day - party.departure) * today.world.km_per_day
    at = next((index for index, step in enumerate(party.path) if step.km >= walked), len(party.path) - 1)
    goal = party.goal
    add_flows(record, party.path[at:], -party.people)
    party.path = party.path[: at + 1]
    if party.kind == FLIGHT and party.gate is None and today.own[goal] > 0:
        return False
    if party.gate is not None and today.roads.state[party.gate[0]] != "gated":
        return False
    way = today.roads.way(party.path[-1].place, goal)
    if way is None:
        return False
    party.path = way.path()
    party.departure = today.day
    party.due = today.day + math.floor(way.km / today.world.km_per_day)
    add_flows(record, party.path, party.people)
    return True


def stop(today: Today, record: Record, party: Party) -> None:
    """A party ends at its position: restless if it fled, back to being away if it was returning."""
    state = today.state
    here = party.goal
    state.settle(party.origin, here, party.people)
    record.arrivals[today.day][here] += party.people
    if party.kind == FLIGHT:
        state.restless[party.origin, here] = state.restless.get((party.origin, here), 0) + party.people
    else:
        state.away[party.home] += party.people


# D


def arrivals(today: Today, record: Record) -> None:
    """Parties that are due arrive."""
    parties, today.state.parties = today.state.parties, []
    for party in parties:
        if party.due == today.day:
            arrive(today, record, party)
        else:
            today.state.parties.append(party)


# H


def crossings(today: Today, record: Record) -> dict[Gate, dict[int, int]]:
    """Let people through the gates; return those admitted by gate and origin."""
    state = today.state
    queues = {gate: queue for gate, queue in sorted(state.waiting.items()) if sum(queue.values()) > 0}
    quotas = limited_quotas(today, queues)
    admitted: dict[Gate, dict[int, int]] = {}
    state.turned_away = {}
    for gate, queue in queues.items():
        route_state = today.roads.state[gate[0]]
        if route_state != "closed":
            admitted[gate] = admit(today, gate, queue, quotas)
            state.leave_queue(gate, admitted[gate])
            count_passed(today, record, gate, sum(admitted[gate].values()))
        if route_state == "gated":
            crossing = today.roads.crossing[gate[0]]
            state.turned_away[crossing] = state.turned_away.get(crossing, 0) + sum(queue.values())
        give_up(today, gate, tired(today, gate, queue))
    return admitted


def tired(today: Today, gate: Gate, queue: dict[int, int]) -> dict[int, int]:
    """Who gives up of those left: everybody at a closed gate or beside an attack, else some."""
    state, world = today.state, today.world
    if today.roads.state[gate[0]] == "closed" or today.own[state.near_side(gate)] > 0:
        return dict(queue)
    key, keys = state.gate_key(gate), world.origin_group_keys
    return {
        origin: state.draw(people, 1 / world.patience_days, 14, key, keys[origin], today.day)
        for origin, people in sorted(queue.items())
    }


def limited_quotas(today: Today, queues: dict[Gate, dict[int, int]]) -> dict[Gate, int]:
    """People each gate of a limited crossing lets through today."""
    by_crossing: dict[int, dict[Gate, int]] = {}
    for gate, queue in queues.items():
        crossing = today.roads.crossing_day(gate[0])
        if today.roads.state[gate[0]] == "gated" and crossing.mode == LIMITED:
            by_crossing.setdefault(today.roads.crossing[gate[0]], {})[gate] = sum(queue.values())
    quotas: dict[Gate, int] = {}
    for crossing, waiting in by_crossing.items():
        per_day = today.world.crossings[crossing][today.day].per_day
        quotas |= shares_by(min(per_day, sum(waiting.values())), waiting)
    return quotas


def admit(today: Today, gate: Gate, queue: dict[int, int], quotas: dict[Gate, int]) -> dict[int, int]:
    """People of each origin who pass a gate."""
    if today.roads.is_open(gate[0]):
        return dict(queue)
    crossing = today.roads.crossing_day(gate[0])
    if crossing.mode == LEAKING:
        key, keys = today.state.gate_key(gate), today.world.origin_group_keys
        return {
            origin: today.state.draw(people, crossing.rate, 13, key, keys[origin], today.day)
            for origin, people in sorted(queue.items())
        }
    return shares_by(quotas[gate], queue)


def count_passed(today: Today, record: Record, gate: Gate, people: int) -> None:
    """Count people let through, by crossing and along the gate's own road."""
    # reading: people who pass set out along the gate's road, so they are in `flows`.
    route, direction = gate
    record.flow_totals[route][direction] += people
    crossing = today.roads.crossing[route]
    if crossing != NONE:
        record.passed[today.day][crossing] += people


def give_up(today: Today, gate: Gate, people: dict[int, int]) -> None:
    """People waiting settle on the near side; beside an attack they are restless there."""
    state = today.state
    near = state.near_side(gate)
    state.leave_queue(gate, people)
    for origin, number in people.items():
        state.settle(origin, near, number)
        if today.own[near] > 0:
            state.restless[origin, near] = state.restless.get((origin, near), 0) + number


# I


def organised_returns(state: State, record: Record, day: int) -> None:
    """Rows of the returns programme move people displaced before the issue day."""
    for row in state.world.returns_programme:
        if not row.first <= day <= row.last:
            continue
        turn, turns = day - row.first + 1, row.last - row.first + 1
        planned = row.people * turn // turns - row.people * (turn - 1) // turns
        cells = state.home[row.origin][EARLIER]
        people = min(planned, sum(cells))
        # reading: an organised return is not one of the departures in `movements`.
        for mover, number in enumerate(shares(people, list(cells))):
            cells[mover] -= number
        state.home[row.destination][RETURNED][FOLLOWER] += people
        record.organised_so_far += people
