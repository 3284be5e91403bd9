"""Steps F and G of the model page: who leaves home, who leaves again, who goes back."""

import math

from .choosing import Today, set_out
from .draws import uniforms
from .state import ATTACK, EARLIER, FEAR, MOVER, ORDINARY, RETURN, RETURNED, STAYER, WARNING, Record

# F


def leave_home(today: Today, record: Record) -> dict[int, int]:
    """People who leave home today, by place."""
    from_home: dict[int, int] = {}
    for place in today.state.places:
        leaving = leavers_by_status(today, place)
        people = sum(number for _, movers, stayers, _ in leaving for number in (movers, stayers))
        if people == 0:
            continue
        if not today.can_leave(place):
            record.blocked[today.day] += people
            continue
        from_home[place] = people
        record.movements_so_far += people
        today.state.away[place] += people
        for status, movers, stayers, causes in leaving:
            today.state.home[place][status][MOVER] -= movers
            today.state.home[place][status][STAYER] -= stayers
            if status != RETURNED:
                record.departures[today.day][place] += movers + stayers
                record.causes = [total + part for total, part in zip(record.causes, causes, strict=True)]
    return from_home


def leavers_by_status(today: Today, place: int) -> list[tuple[int, int, int, list[int]]]:
    """Movers and stayers who leave, and how many for each cause, for each status."""
    found = []
    for status in range(3):
        fled, afraid = flee(today, place, status)
        leaving = [0, fled]
        causes = [0, 0, 0, 0]
        causes[ATTACK] += fled - afraid
        causes[FEAR] += afraid
        for mover in (STAYER, MOVER):
            n = today.state.home[place][status][mover] - leaving[mover]
            moved, warned = move_otherwise(today, place, n, 2 * status + mover)
            leaving[mover] += moved
            causes[WARNING] += warned
            causes[ORDINARY] += moved - warned
        found.append((status, leaving[MOVER], leaving[STAYER], causes))
    return found


def flee(today: Today, place: int, status: int) -> tuple[int, int]:
    """Movers who flee, and how many of them for fear of attacks elsewhere."""
    facts = today.world.places[place]
    pace = today.world.displaced_multiplier if status == EARLIER else 1.0
    chance = 1 - 2.0 ** (-today.exposure[place] * pace / facts.days_to_half)
    n = today.state.home[place][status][MOVER]
    fled = today.state.draw(n, chance, 6, facts.key, 0, today.day, status)
    own, fear = today.own[place], today.fear[place]
    if fear == 0:
        return fled, 0
    if own == 0:
        return fled, fled
    return fled, today.state.draw(fled, fear / (own + fear), 7, facts.key, 0, today.day, status)


def move_otherwise(today: Today, place: int, n: int, index: int) -> tuple[int, int]:
    """People of one cell who move as in any month or after the warning, and those warned."""
    facts, half_life = today.world.places[place], today.world.warning_half_life
    churn = facts.churn
    warning = facts.warning * (2.0 ** (-(today.day - 1) / half_life) - 2.0 ** (-today.day / half_life))
    moved = today.state.draw(n, churn + warning - churn * warning, 8, facts.key, 0, today.day, index)
    if moved == 0:
        return 0, 0
    return moved, today.state.draw(moved, warning / (churn + warning), 9, facts.key, 0, today.day, index)


# G


def leave_again(today: Today, record: Record) -> dict[tuple[int, int], int]:
    """Secondary flight: displaced people who leave again, by origin and place."""
    state, world = today.state, today.world
    leaving: dict[tuple[int, int], int] = {}
    for place in state.places:
        if today.exposure[place] == 0 or world.newly_displaced_multiplier == 0:
            continue
        facts = world.places[place]
        pace = world.newly_displaced_multiplier
        chance = 1 - 2.0 ** (-today.exposure[place] * pace / facts.days_to_half)
        settled = [state.settled(origin, place) for origin in state.origins]
        if sum(settled) * chance < len(settled):
            found = few_who_leave_again(today, place, settled, chance)
        else:
            keys = world.origin_group_keys
            found = [
                state.draw(n, chance, 10, facts.key, keys[origin], today.day)
                for origin, n in enumerate(settled)
            ]
        if not today.can_leave(place):
            record.blocked[today.day] += sum(found)
            continue
        record.movements_so_far += sum(found)
        for origin, people in enumerate(found):
            state.settle(origin, place, -people)
            leaving[origin, place] = people
    return leaving


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
    """Return of people who left home, once it is calm there."""
    state, world = today.state, today.world
    share = 1 - 2.0 ** (-1 / world.return_half_life)
    for home in state.places:
        if not calm(today, home):
            continue
        origin = world.places[home].origin_group
        group = [place for place in state.places if world.places[place].origin_group == origin]
        for step in today.roads.choice_set(home)[1:]:
            if step.gate is not None:
                continue
            away, of_group = state.away[home], sum(state.away[place] for place in group)
            n = state.settled(origin, step.place)
            if n <= 0 or away == 0:
                continue
            chance = share * away / of_group
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
        state.away[home] > 0
        and state.last_exposed[home] > 0
        and today.day - state.last_exposed[home] >= world.calm_days
        and today.exposure[home] < world.calm_exposure
        and state.zones[home] == world.places[home].zone0
    )
