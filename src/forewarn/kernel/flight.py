"""Steps F and G of a day: who leaves home, who flees again, who goes home."""

from __future__ import annotations

import math

from forewarn.kernel.arrays import (
    DISPLACED_BEFORE,
    HERE,
    MOVER,
    NO_GATE,
    RETURNED,
    RETURNING,
    STAYER,
    T_ATTACK,
    T_BLOCKED,
    T_FEAR,
    T_ORDINARY,
    T_WARNING,
)
from forewarn.kernel.choosing import follow
from forewarn.kernel.compiling import compiled
from forewarn.kernel.draws import (
    BACKGROUND,
    BACKGROUND_FROM_WARNING,
    FIRST,
    FLIGHT,
    FLIGHT_FROM_FEAR,
    NOBODY,
    RETURN,
    SECONDARY,
    binomial,
)
from forewarn.kernel.routing import fill_choice_set, find, weigh
from forewarn.kernel.travel import set_out


@compiled
def can_go(place, day, epoch, roads, places, traits, behaviour, today, sets, scratch):  # type: ignore[no-untyped-def]
    """Whether people at a place have anywhere to go today; prepares its choice set."""
    fill_choice_set(place, epoch, roads, places.zone, today, traits, behaviour, sets, scratch)
    return weigh(place, day, HERE, today, sets) >= 0


@compiled
def _flight_chance(exposure, pace, days_to_half):  # type: ignore[no-untyped-def]
    return 1.0 - math.pow(2.0, -exposure * pace / days_to_half)


@compiled
def leave_home(day, epoch, key, roads, places, plan, traits, behaviour, stays, today, sets, scratch, record):  # type: ignore[no-untyped-def]
    """Flight, ordinary moves and the warning, at every place (step F)."""
    for place in range(places.key.size):
        warning = traits.warning[place] * plan.warning_share[day]
        if today.exposure[place] > 0.0 or traits.churn[place] > 0.0 or warning > 0.0:
            _leave_place(place, day, epoch, key, warning, roads, places, traits, behaviour, stays, today, sets,
                         scratch, record)  # fmt: skip


@compiled
def _draw_status(place, status, day, key, warning, places, traits, behaviour, stays, today):  # type: ignore[no-untyped-def]
    """How many of a status leave: flight of movers, of these from fear; other moves of stayers and movers, of these the warned."""
    address = places.key[place]
    movers = stays.home[place, status, MOVER]
    flight = 0
    from_fear = 0
    exposure = today.exposure[place]
    if exposure > 0.0 and movers > 0:
        pace = behaviour.displaced_multiplier if status == DISPLACED_BEFORE else 1.0
        chance = _flight_chance(exposure, pace, traits.days_to_half[place])
        flight = binomial(movers, chance, key, FLIGHT, address, NOBODY, day, status)
        attack = today.attack[place]
        fear = today.fear[place]
        if attack == 0.0:
            from_fear = flight
        elif fear > 0.0:
            from_fear = binomial(flight, fear / (attack + fear), key, FLIGHT_FROM_FEAR, address, NOBODY, day, status)
    churn = traits.churn[place]
    chance = churn + warning - churn * warning
    moved_stayers = 0
    moved_movers = 0
    warned = 0
    if chance > 0.0:
        of_warning = warning / (churn + warning)
        index = 2 * status
        moved_stayers = binomial(stays.home[place, status, STAYER], chance, key, BACKGROUND, address, NOBODY, day, index)
        warned = binomial(moved_stayers, of_warning, key, BACKGROUND_FROM_WARNING, address, NOBODY, day, index)
        index += 1
        moved_movers = binomial(movers - flight, chance, key, BACKGROUND, address, NOBODY, day, index)
        warned += binomial(moved_movers, of_warning, key, BACKGROUND_FROM_WARNING, address, NOBODY, day, index)
    return flight, from_fear, moved_stayers, moved_movers, warned


@compiled
def _leave_place(place, day, epoch, key, warning, roads, places, traits, behaviour, stays, today, sets, scratch, record):  # type: ignore[no-untyped-def]
    may_leave = False
    for status in range(3):
        flight, from_fear, moved_stayers, moved_movers, warned = _draw_status(
            place, status, day, key, warning, places, traits, behaviour, stays, today
        )
        people = flight + moved_stayers + moved_movers
        if people == 0:
            continue
        if not may_leave:
            may_leave = can_go(place, day, epoch, roads, places, traits, behaviour, today, sets, scratch)
        if not may_leave:
            scratch.total[T_BLOCKED] += people
            continue
        stays.home[place, status, STAYER] -= moved_stayers
        stays.home[place, status, MOVER] -= flight + moved_movers
        stays.away[place] += people
        stays.away_of_group[places.group[place]] += people
        stays.leaving_home[place] += people
        if status != RETURNED:
            record.departures[day, place] += people
            scratch.total[T_ATTACK] += flight - from_fear
            scratch.total[T_FEAR] += from_fear
            scratch.total[T_WARNING] += warned
            scratch.total[T_ORDINARY] += moved_stayers + moved_movers - warned


@compiled
def flee_again(day, epoch, key, roads, places, traits, behaviour, stays, today, sets, scratch):  # type: ignore[no-untyped-def]
    """Newly displaced people leave a place that has become unsafe (secondary displacement, step G)."""
    for place in range(places.key.size):
        exposure = today.exposure[place]
        if exposure <= 0.0 or stays.displaced_at[place] == 0:
            continue
        chance = _flight_chance(exposure, behaviour.newly_displaced_multiplier, traits.days_to_half[place])
        if chance <= 0.0:
            continue
        may_leave = can_go(place, day, epoch, roads, places, traits, behaviour, today, sets, scratch)
        for origin in range(places.group_key.size):
            people = stays.displaced[place, origin] - stays.restless[place, origin]
            if people <= 0:
                continue
            people = binomial(people, chance, key, SECONDARY, places.key[place], places.group_key[origin], day, FIRST)
            if not may_leave:
                scratch.total[T_BLOCKED] += people
            elif people > 0:
                stays.displaced[place, origin] -= people
                stays.displaced_at[place] -= people
                stays.leaving_again[place, origin] += people


@compiled
def _is_calm(home, day, places, behaviour, stays, today):  # type: ignore[no-untyped-def]
    last = today.last_exposed[home]
    return (
        stays.away[home] > 0
        and last > 0
        and day - last >= behaviour.calm_days
        and today.exposure[home] < behaviour.calm_exposure
        and today.zone[home] == places.zone[home]
    )


@compiled
def go_home(day, epoch, key, roads, places, traits, behaviour, stays, today, sets, parties, scratch, record):  # type: ignore[no-untyped-def]
    """People return to places that have been calm and are held as before (step G). False: too many parties."""
    if behaviour.return_chance <= 0.0:
        return True
    for home in range(places.key.size):
        if not _is_calm(home, day, places, behaviour, stays, today):
            continue
        origin = places.group[home]
        fill_choice_set(home, epoch, roads, places.zone, today, traits, behaviour, sets, scratch)
        for k in range(1, sets.size[home]):
            place = sets.place[home, k]
            people = stays.displaced[place, origin] - stays.restless[place, origin]
            if sets.gate[home, k] >= 0 or people <= 0 or stays.away[home] == 0:
                continue
            chance = behaviour.return_chance * (stays.away[home] / stays.away_of_group[origin])
            people = binomial(people, chance, key, RETURN, places.key[place], places.key[home], day, FIRST)
            people = min(people, stays.away[home])
            if people == 0:
                continue
            fill_choice_set(place, epoch, roads, places.zone, today, traits, behaviour, sets, scratch)
            way = find(place, home, sets)
            if way < 0:
                continue
            stays.displaced[place, origin] -= people
            stays.displaced_at[place] -= people
            stays.away[home] -= people
            stays.away_of_group[origin] -= people
            follow(day, place, way, people, roads, today, sets, scratch, record)
            if not set_out(day, RETURNING, origin, place, home, NO_GATE, sets.km[place, way], people, roads, behaviour,
                           stays, parties, scratch, record):  # fmt: skip
                return False
    return True
