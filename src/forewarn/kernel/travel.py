"""Steps C and D of a day, and setting out: people on the road."""

from __future__ import annotations

import math

from forewarn.kernel.arrays import (
    COLUMNS,
    DUE,
    FLEEING,
    GATE,
    GATED,
    GOAL,
    KIND,
    LEFT,
    MOVER,
    NONE,
    ORIGIN,
    PEOPLE,
    RETURNED,
    RETURNING,
    SET_OUT_FROM,
    T_MOVEMENTS,
    T_RETURNED,
    Behaviour,
    ChoiceSets,
    Counts,
    Parties,
    People,
    Places,
    Record,
    Roads,
    Scratch,
    Today,
    Traits,
)
from forewarn.kernel.compiling import compiled, merged
from forewarn.kernel.routing import fill_choice_set, find


@compiled
def arrive(
    day: int,
    kind: int,
    origin: int,
    goal: int,
    gate: int,
    people: int,
    stays: People,
    scratch: Scratch,
    record: Record,
) -> None:
    """People reach their goal: a place, the near side of a gate, or home."""
    if kind == RETURNING:
        stays.home[goal, RETURNED, MOVER] += people
        scratch.total[T_RETURNED] += people
        return
    record.arrivals[day, goal] += people
    if gate >= 0:
        stays.waiting[gate, origin] += people
        stays.waiting_of_gate[gate] += people
        stays.waiting_at[goal] += people
    else:
        stays.displaced[goal, origin] += people
        stays.displaced_at[goal] += people


@compiled
def set_out(
    day: int,
    kind: int,
    origin: int,
    start: int,
    goal: int,
    gate: int,
    km: float,
    people: int,
    behaviour: Behaviour,
    stays: People,
    parties: Parties,
    scratch: Scratch,
    record: Record,
) -> bool:
    """Send people on their way; they arrive at once if the way is less than a day's.

    Returns False if there is no room for another party.
    """
    scratch.total[T_MOVEMENTS] += people
    days = int(math.floor(km / behaviour.km_per_day))
    if days == 0:
        arrive(day, kind, origin, goal, gate, people, stays, scratch, record)
        return True
    i = parties.number[0]
    party = parties.table
    if i == party.shape[0]:
        return False
    parties.number[0] = i + 1
    party[i, KIND] = kind
    party[i, ORIGIN] = origin
    party[i, SET_OUT_FROM] = start
    party[i, GOAL] = goal
    party[i, GATE] = gate
    party[i, LEFT] = day
    party[i, DUE] = day + days
    party[i, PEOPLE] = people
    stays.bound_for[goal] += people
    return True


@compiled
def _keep(i: int, j: int, party: Counts) -> None:
    """Move row `i` of the table up to row `j`."""
    if i != j:
        for column in range(COLUMNS):
            party[j, column] = party[i, column]


@merged
def receive(day: int, stays: People, parties: Parties, scratch: Scratch, record: Record) -> None:
    """Parties that are due arrive; the others keep their order."""
    party = parties.table
    bound_for = stays.bound_for
    kept = NONE
    for i in range(parties.number[0]):
        if party[i, DUE] == day:
            bound_for[party[i, GOAL]] -= party[i, PEOPLE]
            arrive(day, party[i, KIND], party[i, ORIGIN], party[i, GOAL], party[i, GATE], party[i, PEOPLE], stays,
                   scratch, record)  # fmt: skip
        else:
            _keep(i, kept, party)
            kept += 1
    parties.number[0] = kept


@merged
def _position(row: Counts, day: int, behaviour: Behaviour, sets: ChoiceSets, scratch: Scratch) -> int:
    """First place on the party's path at or beyond the km it has gone; the way beyond is taken back."""
    source = row[SET_OUT_FROM]
    gone_km = (day - row[LEFT]) * behaviour.km_per_day
    k = find(source, row[GOAL], sets)
    while sets.before[source, k] >= 0 and sets.km[source, sets.before[source, k]] >= gone_km:
        step = sets.step[source, k]
        scratch.flows[step // 2, step % 2] -= row[PEOPLE]
        k = sets.before[source, k]
    return sets.place[source, k]


@compiled
def _add_flow(source: int, k: int, people: int, sets: ChoiceSets, scratch: Scratch) -> None:
    while sets.before[source, k] >= 0:
        step = sets.step[source, k]
        scratch.flows[step // 2, step % 2] += people
        k = sets.before[source, k]


@merged
def look_again(
    day: int,
    epoch: int,
    is_new_epoch: bool,
    roads: Roads,
    places: Places,
    traits: Traits,
    behaviour: Behaviour,
    stays: People,
    today: Today,
    sets: ChoiceSets,
    parties: Parties,
    scratch: Scratch,
    record: Record,
) -> None:
    """Parties whose way or goal is lost go on by another way or stop at the next place (step C)."""
    number = parties.number[0]
    party = parties.table
    concerned = parties.concerned
    for i in range(number):
        goal = party[i, GOAL]
        concerned[i] = is_new_epoch or (today.attack[goal] > 0.0 and today.attack_before[goal] == 0.0)
        if concerned[i]:
            party[i, SET_OUT_FROM] = _position(party[i], day, behaviour, sets, scratch)
    kept = NONE
    for i in range(number):
        if concerned[i] and not _go_on(
            party[i], day, epoch, roads, places, traits, behaviour, today, sets, scratch
        ):
            _stop(party[i], day, stays, record)
        else:
            _keep(i, kept, party)
            kept += 1
    parties.number[0] = kept


@merged
def _go_on(
    row: Counts,
    day: int,
    epoch: int,
    roads: Roads,
    places: Places,
    traits: Traits,
    behaviour: Behaviour,
    today: Today,
    sets: ChoiceSets,
    scratch: Scratch,
) -> bool:
    """Whether the party can still get to its goal; if so it goes on from where it is."""
    start = row[SET_OUT_FROM]
    goal = row[GOAL]
    gate = row[GATE]
    if row[KIND] == FLEEING and today.attack[goal] > 0.0:
        return False
    if gate >= 0 and today.route[roads.gate_route[gate]] != GATED:
        return False
    fill_choice_set(start, epoch, roads, places.zone, today, traits, behaviour, sets, scratch)
    k = find(start, goal, sets)
    if k < 0:
        return False
    row[LEFT] = day
    row[DUE] = day + int(math.floor(sets.km[start, k] / behaviour.km_per_day))
    _add_flow(start, k, row[PEOPLE], sets, scratch)
    return True


@merged
def _stop(row: Counts, day: int, stays: People, record: Record) -> None:
    place = row[SET_OUT_FROM]
    origin = row[ORIGIN]
    people = row[PEOPLE]
    stays.bound_for[row[GOAL]] -= people
    stays.displaced[place, origin] += people
    stays.displaced_at[place] += people
    record.arrivals[day, place] += people
    if row[KIND] == FLEEING:
        stays.restless[place, origin] += people
        stays.unsettled[place] += people
    else:
        stays.away[row[GOAL]] += people
        stays.away_of_group[origin] += people
