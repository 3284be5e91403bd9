"""Steps C and D of a day, and setting out: people on the road."""

from __future__ import annotations

import math

import numpy as np

from forewarn.kernel.arrays import FLEEING, GATED, MOVER, RETURNED, RETURNING, T_MOVEMENTS, T_RETURNED
from forewarn.kernel.compiling import compiled
from forewarn.kernel.routing import fill_choice_set, find


@compiled
def arrive(day, kind, origin, goal, gate, people, roads, stays, scratch, record):  # type: ignore[no-untyped-def]
    """People reach their goal: a place, the near side of a gate, or home."""
    if kind == RETURNING:
        stays.home[goal, RETURNED, MOVER] += people
        scratch.total[T_RETURNED] += people
    elif gate >= 0:
        stays.waiting[gate, origin] += people
        stays.waiting_at[roads.gate_near[gate]] += people
        record.arrivals[day, goal] += people
    else:
        stays.displaced[goal, origin] += people
        stays.displaced_at[goal] += people
        record.arrivals[day, goal] += people


@compiled
def set_out(day, kind, origin, start, goal, gate, km, people, roads, behaviour, stays, parties, scratch, record):  # type: ignore[no-untyped-def]
    """Send people on their way; they arrive at once if the way is less than a day's.

    Returns False if there is no room for another party.
    """
    scratch.total[T_MOVEMENTS] += people
    days = int(math.floor(km / behaviour.km_per_day))
    if days == 0:
        arrive(day, kind, origin, goal, gate, people, roads, stays, scratch, record)
        return True
    i = parties.number[0]
    if i == parties.kind.size:
        return False
    parties.number[0] = i + 1
    parties.kind[i] = kind
    parties.origin[i] = origin
    parties.start[i] = start
    parties.goal[i] = goal
    parties.gate[i] = gate
    parties.home[i] = goal if kind == RETURNING else -1
    parties.left[i] = day
    parties.due[i] = day + days
    parties.people[i] = people
    stays.bound_for[goal] += people
    return True


@compiled
def receive(day, roads, stays, parties, scratch, record):  # type: ignore[no-untyped-def]
    """Parties that are due arrive; the others keep their order."""
    kept = 0
    for i in range(parties.number[0]):
        if parties.due[i] == day:
            stays.bound_for[parties.goal[i]] -= parties.people[i]
            arrive(day, parties.kind[i], parties.origin[i], parties.goal[i], parties.gate[i], parties.people[i],
                   roads, stays, scratch, record)  # fmt: skip
        else:
            if kept != i:
                _move(i, kept, parties)
            kept += 1
    parties.number[0] = kept


@compiled
def _move(i, j, parties):  # type: ignore[no-untyped-def]
    parties.kind[j] = parties.kind[i]
    parties.origin[j] = parties.origin[i]
    parties.start[j] = parties.start[i]
    parties.goal[j] = parties.goal[i]
    parties.gate[j] = parties.gate[i]
    parties.home[j] = parties.home[i]
    parties.left[j] = parties.left[i]
    parties.due[j] = parties.due[i]
    parties.people[j] = parties.people[i]


@compiled
def _position(i, day, behaviour, sets, parties, scratch):  # type: ignore[no-untyped-def]
    """First place on the party's path at or beyond the km it has gone; the way beyond is taken back."""
    source = parties.start[i]
    gone_km = (day - parties.left[i]) * behaviour.km_per_day
    k = find(source, parties.goal[i], sets)
    while sets.before[source, k] >= 0 and sets.km[source, sets.before[source, k]] >= gone_km:
        step = sets.step[source, k]
        scratch.flows[step // 2, step % 2] -= parties.people[i]
        k = sets.before[source, k]
    return sets.place[source, k]


@compiled
def _add_flow(source, k, people, sets, scratch):  # type: ignore[no-untyped-def]
    while sets.before[source, k] >= 0:
        step = sets.step[source, k]
        scratch.flows[step // 2, step % 2] += people
        k = sets.before[source, k]


@compiled
def look_again(day, epoch, is_new_epoch, roads, places, traits, behaviour, stays, today, sets, parties, scratch, record):  # type: ignore[no-untyped-def]
    """Parties whose way or goal is lost go on by another way or stop at the next place (step C)."""
    number = parties.number[0]
    concerned = np.zeros(number, dtype=np.bool_)
    for i in range(number):
        goal = parties.goal[i]
        concerned[i] = is_new_epoch or (today.attack[goal] > 0.0 and today.attack_before[goal] == 0.0)
        if concerned[i]:
            parties.start[i] = _position(i, day, behaviour, sets, parties, scratch)
    kept = 0
    for i in range(number):
        goes_on = True
        if concerned[i]:
            goes_on = _go_on(i, day, epoch, roads, places, traits, behaviour, today, sets, parties, scratch)
            if not goes_on:
                _stop(i, day, stays, parties, record)
        if goes_on:
            if kept != i:
                _move(i, kept, parties)
            kept += 1
    parties.number[0] = kept


@compiled
def _go_on(i, day, epoch, roads, places, traits, behaviour, today, sets, parties, scratch):  # type: ignore[no-untyped-def]
    """Whether the party can still get to its goal; if so it goes on from where it is."""
    start = parties.start[i]
    goal = parties.goal[i]
    gate = parties.gate[i]
    if parties.kind[i] == FLEEING and today.attack[goal] > 0.0:
        return False
    if gate >= 0 and today.route[roads.gate_route[gate]] != GATED:
        return False
    fill_choice_set(start, epoch, roads, places.zone, today, traits, behaviour, sets, scratch)
    k = find(start, goal, sets)
    if k < 0:
        return False
    parties.left[i] = day
    parties.due[i] = day + int(math.floor(sets.km[start, k] / behaviour.km_per_day))
    _add_flow(start, k, parties.people[i], sets, scratch)
    return True


@compiled
def _stop(i, day, stays, parties, record):  # type: ignore[no-untyped-def]
    place = parties.start[i]
    origin = parties.origin[i]
    people = parties.people[i]
    stays.bound_for[parties.goal[i]] -= people
    stays.displaced[place, origin] += people
    stays.displaced_at[place] += people
    record.arrivals[day, place] += people
    if parties.kind[i] == FLEEING:
        stays.restless[place, origin] += people
    else:
        home = parties.home[i]
        stays.away[home] += people
        stays.away_of_group[origin] += people
