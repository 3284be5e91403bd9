"""Steps E and F of the model page: who leaves home, who leaves again, who goes back."""

import math
from dataclasses import dataclass
from itertools import accumulate

from .choosing import Today, set_out
from .draws import uniforms
from .state import AT_ONCE, EARLIER, FOLLOWER, RETURN, RETURNED, STAYER, Record

# E


@dataclass(frozen=True)
class Leavers:
    """People of one status who leave home today: in flight and otherwise, by stayer, follower, at once."""

    status: int
    fled: list[int]
    moved: list[int]


def leave_home(today: Today, record: Record) -> tuple[dict[int, int], dict[int, int]]:
    """People who leave home today, by place: those who leave the place, and those who stay within it."""
    from_home: dict[int, int] = {}
    staying: dict[int, int] = {}
    for place in today.state.places:
        leaving = leavers_by_status(today, place)
        people = sum(sum(row.fled) + sum(row.moved) for row in leaving)
        if people == 0:
            continue
        if not today.can_leave(place):
            record.blocked[today.day] += people
            continue
        staying[place] = stay_within(today, place, people)
        from_home[place] = people - staying[place]
        today.state.away[place] += from_home[place]
        record.movements_so_far += people
        for row in leaving:
            home = today.state.home[place][row.status]
            today.state.home[place][row.status] = [
                n - fled - moved for n, fled, moved in zip(home, row.fled, row.moved, strict=True)
            ]
        count_first_departures(today, record, place, leaving)
    return from_home, staying


def leavers_by_status(today: Today, place: int) -> list[Leavers]:
    """Who leaves home at a place, resident, displaced before and returned."""
    found = []
    for status in range(3):
        home = today.state.home[place][status]
        fled = [0, flee(today, place, status, FOLLOWER), flee(today, place, status, AT_ONCE)]
        indices = [2 * status + STAYER, 2 * status + FOLLOWER, 6 + status]
        moved = [
            move_otherwise(today, place, n - gone, index)
            for n, gone, index in zip(home, fled, indices, strict=True)
        ]
        found.append(Leavers(status, fled, moved))
    return found


def flee(today: Today, place: int, status: int, pace: int) -> int:
    """People of one status and pace who flee."""
    facts = today.world.places[place]
    multiplier = today.world.displaced_multiplier if status == EARLIER else 1.0
    index, half_life = status, facts.days_to_half_of_followers or facts.days_to_half
    if pace == AT_ONCE:
        index, half_life = 3 + status, today.world.days_at_once
    chance = 1 - 2.0 ** (-today.exposure[place] * multiplier / half_life)
    return today.state.draw(today.state.home[place][status][pace], chance, 6, facts.key, 0, today.day, index)


def stay_within(today: Today, place: int, people: int) -> int:
    """How many of those who left home stay within the place."""
    weight = today.local_weight(place)
    others = list(accumulate(today.weights(place)))[-1]
    return today.state.draw(
        people, weight / (weight + others), 24, today.world.places[place].key, 0, today.day
    )


def count_first_departures(today: Today, record: Record, place: int, leaving: list[Leavers]) -> None:
    """Count people who leave home for the first time, by cause."""
    first = [row for row in leaving if row.status != RETURNED]
    fled, moved = sum(sum(row.fled) for row in first), sum(sum(row.moved) for row in first)
    causes = by_cause(today, place, fled, moved)
    record.departures[today.day][place] += sum(causes)
    record.causes = [total + part for total, part in zip(record.causes, causes, strict=True)]


def move_otherwise(today: Today, place: int, n: int, index: int) -> int:
    """People of one cell who move as in any month or after the warning."""
    churn, warning = today.world.places[place].churn, warning_today(today, place)
    chance = churn + warning - churn * warning
    return today.state.draw(n, chance, 8, today.world.places[place].key, 0, today.day, index)


def warning_today(today: Today, place: int) -> float:
    """Chance per person that the warning moves them today."""
    half_life = today.world.warning_half_life
    share = 2.0 ** (-(today.day - 1) / half_life) - 2.0 ** (-today.day / half_life)
    return today.world.places[place].warning * share


def by_cause(today: Today, place: int, fled: int, moved: int) -> list[int]:
    """Of those who leave for the first time: for attacks, for fear, after the warning, as in any month."""
    facts = today.world.places[place]
    own, fear = today.own[place], today.fear[place]
    afraid = fled if own == 0 else today.state.draw(fled, fear / (own + fear), 7, facts.key, 0, today.day)
    warning = warning_today(today, place)
    warned = 0
    if moved > 0:
        warned = today.state.draw(moved, warning / (facts.churn + warning), 9, facts.key, 0, today.day)
    return [fled - afraid, afraid, warned, moved - warned]


# F


def leave_again(today: Today, record: Record) -> dict[tuple[int, int], int]:
    """Secondary flight and moving on: displaced people who leave again, by origin and place."""
    state = today.state
    leaving: dict[tuple[int, int], int] = {}
    for place in state.places:
        chance = chance_to_leave_again(today, place)
        if chance <= 0:
            continue
        found = displaced_who_leave_again(today, place, chance)
        key = today.world.places[place].key
        from_within = state.draw(state.within[place], chance, 23, key, 0, today.day)
        if not today.can_leave(place):
            record.blocked[today.day] += sum(found) + from_within
            continue
        record.movements_so_far += sum(found) + from_within
        for origin, people in enumerate(found):
            state.settle(origin, place, -people)
            leaving[origin, place] = people
        state.within[place] -= from_within
        state.away[place] += from_within
        leaving[state.origin_of(place), place] += from_within
    return leaving


def chance_to_leave_again(today: Today, place: int) -> float:
    """Chance per person, f of the page, that somebody displaced at a place leaves it today."""
    world, exposure = today.world, today.exposure[place]
    pace = world.newly_displaced_multiplier
    chance = 1 - 2.0 ** (-exposure * pace / world.places[place].days_to_half)
    if exposure > 0 or today.room[place] < 1:
        return chance + world.onward_rate - chance * world.onward_rate
    return chance


def displaced_who_leave_again(today: Today, place: int, chance: float) -> list[int]:
    """People displaced at a place who leave it, by origin."""
    state = today.state
    settled = [state.settled(origin, place) for origin in state.origins]
    if sum(settled) * chance < len(settled):
        return few_who_leave_again(today, place, settled, chance)
    here, keys = today.world.places[place].key, today.world.origin_group_keys
    return [state.draw(n, chance, 10, here, keys[origin], today.day) for origin, n in enumerate(settled)]


def few_who_leave_again(today: Today, place: int, settled: list[int], chance: float) -> list[int]:
    """How many of all origins together, then one by one who it is; by origin."""
    key = today.world.places[place].key
    left = list(settled)
    people = today.state.draw(sum(settled), chance, 18, key, 0, today.day)
    for person in range(people):
        u, _ = uniforms(today.world.key, 19, key, 0, today.day, person)
        rank = math.floor(u * sum(left))
        left[next(origin for origin in today.state.origins if rank < sum(left[: origin + 1]))] -= 1
    return [before - after for before, after in zip(settled, left, strict=True)]


def go_back(today: Today, record: Record) -> None:
    """Return of people who left home, once it is calm there: from within the place, then from elsewhere."""
    for home in today.state.places:
        if calm(today, home):
            go_back_within(today, record, home)
            go_back_from_elsewhere(today, record, home)


def share_back(today: Today) -> float:
    """Share of those away who return on a day of calm."""
    return 1 - 2.0 ** (-1 / today.world.return_half_life)


def go_back_within(today: Today, record: Record, home: int) -> None:
    """People within the place go back to their homes the same day."""
    state = today.state
    key = today.world.places[home].key
    people = state.draw(state.within[home], share_back(today), 15, key, key, today.day)
    state.within[home] -= people
    state.home[home][RETURNED][FOLLOWER] += people
    # reading: going home from within the place is a departure for home like any other.
    record.movements_so_far += people
    record.returned_so_far += people


def go_back_from_elsewhere(today: Today, record: Record, home: int) -> None:
    """People of the home's origin set out for it, place by place of its choice set."""
    state, world = today.state, today.world
    origin = state.origin_of(home)
    group = [place for place in state.places if state.origin_of(place) == origin]
    for step in today.roads.choice_set(home)[1:]:
        if step.gate is not None:
            continue
        away, of_group = state.away[home], sum(state.away[place] for place in group)
        n = state.settled(origin, step.place)
        if n <= 0 or away == 0:
            continue
        chance = share_back(today) * away / of_group
        here = world.places[step.place]
        people = min(away, state.draw(n, chance, 15, here.key, world.places[home].key, today.day))
        way = today.roads.way(step.place, home)
        if people > 0 and way is not None:
            state.settle(origin, step.place, -people)
            state.away[home] -= people
            record.movements_so_far += people
            set_out(today, record, origin, way, people, RETURN)


def calm(today: Today, home: int) -> bool:
    """Whether people who left a home may go back to it."""
    state, world = today.state, today.world
    return (
        (state.away[home] > 0 or state.within[home] > 0)
        and state.last_exposed[home] > 0
        and today.day - state.last_exposed[home] >= world.calm_days
        and today.exposure[home] < world.calm_exposure
        and state.zones[home] == world.places[home].zone0
    )
