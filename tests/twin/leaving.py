"""Steps E and F of the model page: who leaves home, who leaves again, who goes back."""

import math

from .choosing import Today, set_out
from .draws import uniforms
from .state import EARLIER, MOVER, RETURN, RETURNED, STAYER, Record

# E


def leave_home(today: Today, record: Record) -> dict[int, int]:
    """People who leave home today, by place."""
    from_home: dict[int, int] = {}
    for place in today.state.places:
        leaving = leavers_by_status(today, place)
        people = sum(sum(row[1:]) for row in leaving)
        if people == 0:
            continue
        if not today.can_leave(place):
            record.blocked[today.day] += people
            continue
        from_home[place] = people
        record.movements_so_far += people
        today.state.away[place] += people
        for status, fled, movers, stayers in leaving:
            today.state.home[place][status][MOVER] -= fled + movers
            today.state.home[place][status][STAYER] -= stayers
        first = [row for row in leaving if row[0] != RETURNED]
        causes = by_cause(today, place, sum(row[1] for row in first), sum(row[2] + row[3] for row in first))
        record.departures[today.day][place] += sum(causes)
        record.causes = [total + part for total, part in zip(record.causes, causes, strict=True)]
    return from_home


def leavers_by_status(today: Today, place: int) -> list[tuple[int, int, int, int]]:
    """Status, movers who flee, other movers and stayers who leave."""
    found = []
    for status in range(3):
        stayers, movers = today.state.home[place][status]
        fled = flee(today, place, status)
        found.append(
            (
                status,
                fled,
                move_otherwise(today, place, movers - fled, 2 * status + MOVER),
                move_otherwise(today, place, stayers, 2 * status + STAYER),
            )
        )
    return found


def flee(today: Today, place: int, status: int) -> int:
    """Movers who flee."""
    facts = today.world.places[place]
    pace = today.world.displaced_multiplier if status == EARLIER else 1.0
    chance = 1 - 2.0 ** (-today.exposure[place] * pace / facts.days_to_half)
    return today.state.draw(
        today.state.home[place][status][MOVER], chance, 6, facts.key, 0, today.day, status
    )


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
