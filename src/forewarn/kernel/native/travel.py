"""Steps C and D of a day, and setting out: people on the road."""

from __future__ import annotations

from forewarn.kernel.arrays import (
    END,
    FLEEING,
    GATE,
    GATED,
    GOAL,
    KIND,
    LEFT,
    MOVER,
    NEXT,
    NO_GATE,
    NOWHERE,
    ORIGIN,
    PEOPLE,
    RETURNED,
    RETURNING,
    SET_OUT_FROM,
    T_MOVEMENTS,
    T_RETURNED,
    Behaviour,
    ChoiceSets,
    Parties,
    Places,
    Population,
    Record,
    Roads,
    Scratch,
    Small,
    Today,
    Traits,
)
from forewarn.kernel.compiling import compiled, inlined, merged, wide
from forewarn.kernel.native.routing import fill_choice_set, find


@inlined
def arrive(
    day: int,
    kind: int,
    origin: int,
    goal: int,
    gate: int,
    people: int,
    stays: Population,
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


@inlined
def _schedule_party(i: int, day: int, parties: Parties) -> None:
    """Let row `i` be due on a day; beyond the horizon all days are one."""
    day = min(day, parties.first.size - 1)
    parties.table[i, NEXT] = parties.first[day]
    parties.first[day] = i


@inlined
def _free_party(i: int, parties: Parties) -> None:
    parties.table[i, NEXT] = parties.free[0]
    parties.free[0] = i


@inlined
def add_party(
    day: int,
    kind: int,
    origin: int,
    start: int,
    goal: int,
    gate: int,
    days: int,
    people: int,
    parties: Parties,
) -> bool:
    """Put people on the road. False: no room for another party."""
    party = parties.table
    i = parties.free[0]
    if i == END:
        i = parties.free[1]
        if i == party.shape[0]:
            return False
        parties.free[1] = i + 1
    else:
        parties.free[0] = party[i, NEXT]
    party[i, KIND] = kind
    party[i, ORIGIN] = origin
    party[i, SET_OUT_FROM] = start
    party[i, GOAL] = goal
    party[i, GATE] = gate
    party[i, LEFT] = day
    party[i, PEOPLE] = people
    _schedule_party(i, day + days, parties)
    return True


@compiled
def set_out_for_home(
    day: int,
    origin: int,
    start: int,
    home: int,
    days: int,
    people: int,
    stays: Population,
    parties: Parties,
    scratch: Scratch,
    record: Record,
) -> bool:
    """People set out for home, or are there at once. False: no room for another party."""
    scratch.total[T_MOVEMENTS] += people
    if days == 0:
        arrive(day, RETURNING, origin, home, NO_GATE, people, stays, scratch, record)
        return True
    stays.bound_for[home] += people
    return add_party(day, RETURNING, origin, start, home, NO_GATE, days, people, parties)


@merged
def process_arrivals(day: int, stays: Population, parties: Parties, scratch: Scratch, record: Record) -> None:
    """Parties that are due arrive."""
    party = parties.table
    i = parties.first[day]
    parties.first[day] = END
    while i != END:
        following = party[i, NEXT]
        kind, origin, goal = wide(party[i, KIND]), wide(party[i, ORIGIN]), wide(party[i, GOAL])
        gate, people = wide(party[i, GATE]), wide(party[i, PEOPLE])
        stays.bound_for[goal] -= people
        arrive(day, kind, origin, goal, gate, people, stays, scratch, record)
        _free_party(i, parties)
        i = following


@merged
def _position(row: Small, day: int, behaviour: Behaviour, sets: ChoiceSets) -> int:
    """First place on the party's path at or beyond the km it has gone; the way beyond is taken back."""
    source = wide(row[SET_OUT_FROM])
    gone_km = (day - row[LEFT]) * behaviour.km_per_day
    k = find(source, wide(row[GOAL]), sets)
    sets.gone[source, k] -= row[PEOPLE]
    while sets.before[source, k] >= 0 and sets.km[source, sets.before[source, k]] >= gone_km:
        k = sets.before[source, k]
    sets.gone[source, k] += row[PEOPLE]
    return sets.place[source, k]


@merged
def _take_affected(
    day: int,
    is_new_epoch: bool,
    behaviour: Behaviour,
    today: Today,
    sets: ChoiceSets,
    parties: Parties,
) -> int:
    """Take all parties that have to look again off their chains, to where they are now; their own chain."""
    party = parties.table
    concerned = END
    for due in range(day, parties.first.size):
        i = parties.first[due]
        parties.first[due] = END
        while i != END:
            following = party[i, NEXT]
            goal = party[i, GOAL]
            is_attacked = today.attack[goal] > 0.0 and today.attack_before[goal] == 0.0
            if is_new_epoch or (is_attacked and party[i, GATE] < 0):
                party[i, SET_OUT_FROM] = _position(party[i], day, behaviour, sets)
                party[i, NEXT] = concerned
                concerned = i
            else:
                _schedule_party(i, due, parties)
            i = following
    return concerned


@merged
def reroute(
    day: int,
    epoch: int,
    is_new_epoch: bool,
    roads: Roads,
    places: Places,
    traits: Traits,
    behaviour: Behaviour,
    stays: Population,
    today: Today,
    sets: ChoiceSets,
    parties: Parties,
    scratch: Scratch,
    record: Record,
) -> None:
    """Parties whose way or goal is lost go on by another way or stop at the next place (step C)."""
    party = parties.table
    i = _take_affected(day, is_new_epoch, behaviour, today, sets, parties)
    while i != END:
        following = party[i, NEXT]
        days = _days_to_go(party[i], epoch, roads, places, traits, behaviour, today, sets, scratch)
        if days >= 0:
            party[i, LEFT] = day
            _schedule_party(i, day + days, parties)
        else:
            _stop(party[i], day, stays, record)
            _free_party(i, parties)
        i = following


@merged
def _days_to_go(
    row: Small,
    epoch: int,
    roads: Roads,
    places: Places,
    traits: Traits,
    behaviour: Behaviour,
    today: Today,
    sets: ChoiceSets,
    scratch: Scratch,
) -> int:
    """Days to the party's goal by a way from where it is, which it takes; NOWHERE if there is none."""
    start, goal, gate = wide(row[SET_OUT_FROM]), wide(row[GOAL]), wide(row[GATE])
    if row[KIND] == FLEEING and gate < 0 and today.attack[goal] > 0.0:
        return NOWHERE
    if gate >= 0 and today.route[roads.gate_route[gate]] != GATED:
        return NOWHERE
    fill_choice_set(start, epoch, roads, places.zone, today, traits, behaviour, sets, scratch)
    k = find(start, goal, sets)
    if k < 0:
        return NOWHERE
    sets.gone[start, k] += row[PEOPLE]
    return wide(sets.days[start, k])


@merged
def _stop(row: Small, day: int, stays: Population, record: Record) -> None:
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
