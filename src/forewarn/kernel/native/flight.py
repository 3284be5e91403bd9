"""Steps E and F of a day: who leaves home, who flees again, who goes home."""

from __future__ import annotations

import math

import numpy as np

from forewarn.kernel.arrays import (
    AT_ONCE,
    DISPLACED_BEFORE,
    FIRST,
    HERE,
    MOVER,
    NONE,
    RETURNED,
    STAYER,
    T_ATTACK,
    T_BLOCKED,
    T_FEAR,
    T_MOVEMENTS,
    T_ORDINARY,
    T_RETURNED,
    T_WARNING,
    Behaviour,
    ChoiceSets,
    Keys,
    Parties,
    Places,
    Population,
    Record,
    Roads,
    Schedule,
    Scratch,
    Today,
    Traits,
)
from forewarn.kernel.compiling import compiled, merged, wide
from forewarn.kernel.draws import (
    BACKGROUND,
    BACKGROUND_FROM_WARNING,
    FLIGHT,
    FLIGHT_FROM_FEAR,
    NOBODY,
    RETURN,
    SECONDARY,
    SECONDARY_PERSON,
    SECONDARY_TOTAL,
    SECONDARY_WITHIN,
    STAY_WITHIN,
    binomial,
    binomial_again,
    log_rest,
    uniforms,
)
from forewarn.kernel.native.destinations import set_out
from forewarn.kernel.native.routing import fill_choice_set, find, weigh
from forewarn.kernel.native.travel import set_out_for_home


@merged
def can_go(
    place: int,
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
    """Whether people at a place have anywhere to go today; prepares its choice set."""
    fill_choice_set(place, epoch, roads, places.zone, today, traits, behaviour, sets, scratch)
    return weigh(place, day, HERE, today, sets) >= 0


@compiled
def _flight_chance(exposure: float, pace: float, days_to_half: float) -> float:
    return 1.0 - math.pow(2.0, -exposure * pace / days_to_half)


@merged
def leave_home(
    day: int,
    epoch: int,
    key: Keys,
    roads: Roads,
    places: Places,
    plan: Schedule,
    traits: Traits,
    behaviour: Behaviour,
    stays: Population,
    today: Today,
    sets: ChoiceSets,
    scratch: Scratch,
    record: Record,
) -> None:
    """Flight, ordinary moves and the warning, at every place (step E)."""
    for place in range(places.key.size):
        warning = traits.warning[place] * plan.warning_share[day]
        if today.exposure[place] > 0.0 or traits.churn[place] > 0.0 or warning > 0.0:
            _leave_place(place, day, epoch, key, warning, roads, places, traits, behaviour, stays, today, sets,
                         scratch, record)  # fmt: skip


@merged
def _leave_place(
    place: int,
    day: int,
    epoch: int,
    key: Keys,
    warning: float,
    roads: Roads,
    places: Places,
    traits: Traits,
    behaviour: Behaviour,
    stays: Population,
    today: Today,
    sets: ChoiceSets,
    scratch: Scratch,
    record: Record,
) -> None:
    home = stays.home[place]
    address = places.key[place]
    exposure = today.exposure[place]
    churn = traits.churn[place]
    background = churn + warning - churn * warning
    log_q = log_rest(background)
    leaving = NONE
    fled = NONE  # of those who leave for the first time, and so counted by cause
    moved = NONE
    for status in range(3):
        stayers, movers, hasty = home[status, STAYER], home[status, MOVER], home[status, AT_ONCE]
        if stayers + movers + hasty == 0:
            continue
        flight = NONE
        at_once = NONE
        if exposure > 0.0:
            pace = behaviour.displaced_multiplier if status == DISPLACED_BEFORE else 1.0
            if movers > 0:
                chance = _flight_chance(exposure, pace, traits.days_of_followers[place])
                flight = binomial(movers, chance, key, FLIGHT, address, NOBODY, day, status)
            if hasty > 0:
                chance = _flight_chance(exposure, pace, behaviour.days_at_once)
                at_once = binomial(hasty, chance, key, FLIGHT, address, NOBODY, day, 3 + status)
        moved_stayers = binomial_again(
            stayers, background, log_q, key, BACKGROUND, address, NOBODY, day, 2 * status
        )
        moved_movers = binomial_again(
            movers - flight, background, log_q, key, BACKGROUND, address, NOBODY, day, 2 * status + 1
        )
        moved_hasty = binomial_again(
            hasty - at_once, background, log_q, key, BACKGROUND, address, NOBODY, day, 6 + status
        )
        people = flight + at_once + moved_stayers + moved_movers + moved_hasty
        if people == 0:
            continue
        if leaving == 0 and not can_go(
            place, day, epoch, roads, places, traits, behaviour, today, sets, scratch
        ):
            scratch.total[T_BLOCKED] += people
            continue
        home[status, STAYER] -= moved_stayers
        home[status, MOVER] -= flight + moved_movers
        home[status, AT_ONCE] -= at_once + moved_hasty
        leaving += people
        if status != RETURNED:
            fled += flight + at_once
            moved += moved_stayers + moved_movers + moved_hasty
    if leaving > 0:
        share = _share_staying(place, places, traits, behaviour, today, sets)
        staying = binomial(leaving, share, key, STAY_WITHIN, address, NOBODY, day, FIRST)
        stays.staying[place] = staying
        scratch.total[T_MOVEMENTS] += staying
        leaving -= staying
        stays.away[place] += leaving
        stays.away_of_group[places.group[place]] += leaving
        stays.leaving_home[place] += leaving
        record.departures[day, place] += fled + moved
        _count_causes(fled, moved, place, day, key, churn, warning, address, today, scratch)


@merged
def _share_staying(
    place: int, places: Places, traits: Traits, behaviour: Behaviour, today: Today, sets: ChoiceSets
) -> float:
    """Share of those who leave home that stays within the place: its weight at 0 km over all weights."""
    if traits.local_pull[place] == -math.inf or traits.appeal[place] == -math.inf:
        return 0.0
    zone_pull = traits.zone_pull[places.zone[place], today.zone[place]]
    distance = behaviour.distance_exponent * math.log(behaviour.softening_km)
    pull = traits.appeal[place] + zone_pull + traits.local_pull[place] - distance
    for row in range(traits.history_start[place], traits.history_start[place + 1]):
        if traits.history_place[row] == place:
            pull += traits.history[row]
    weight = math.exp(pull) * math.exp(-behaviour.danger * today.exposure[place])
    return weight / (weight + sets.cumulative[place, sets.last[place]])


@compiled
def _count_causes(
    fled: int,
    moved: int,
    place: int,
    day: int,
    key: Keys,
    churn: float,
    warning: float,
    address: np.uint64,
    today: Today,
    scratch: Scratch,
) -> None:
    """Of those who fled, how many from fear; of those who moved otherwise, how many because of the warning."""
    attack, fear = today.attack[place], today.fear[place]
    from_fear = fled
    if attack > 0.0:
        share = fear / (attack + fear)
        from_fear = binomial(fled, share, key, FLIGHT_FROM_FEAR, address, NOBODY, day, FIRST)
    warned = NONE
    if warning > 0.0:
        share = warning / (churn + warning)
        warned = binomial(moved, share, key, BACKGROUND_FROM_WARNING, address, NOBODY, day, FIRST)
    total = scratch.total
    total[T_ATTACK] += fled - from_fear
    total[T_FEAR] += from_fear
    total[T_WARNING] += warned
    total[T_ORDINARY] += moved - warned


@merged
def displace_again(
    day: int,
    epoch: int,
    key: Keys,
    roads: Roads,
    places: Places,
    traits: Traits,
    behaviour: Behaviour,
    stays: Population,
    today: Today,
    sets: ChoiceSets,
    scratch: Scratch,
) -> None:
    """Newly displaced people leave a place that is unsafe or crowded (secondary displacement, step F)."""
    for place in range(places.key.size):
        if stays.displaced_at[place] == 0 and stays.within[place] == 0:
            continue
        chance = _chance_again(place, traits, behaviour, today)
        if chance <= 0.0:
            continue
        may_leave = can_go(place, day, epoch, roads, places, traits, behaviour, today, sets, scratch)
        people = _draw_again(place, chance, day, key, places, stays)
        from_within = binomial(
            stays.within[place], chance, key, SECONDARY_WITHIN, places.key[place], NOBODY, day, FIRST
        )
        leaving = stays.leaving_again[place]
        displaced = stays.displaced[place]
        if not may_leave:
            scratch.total[T_BLOCKED] += people + from_within
            leaving[:] = 0
            continue
        if people > 0:
            for origin in range(leaving.size):
                displaced[origin] -= leaving[origin]
            stays.displaced_at[place] -= people
            stays.unsettled[place] += people
        if from_within > 0:
            group = places.group[place]
            stays.within[place] -= from_within
            stays.away[place] += from_within
            stays.away_of_group[group] += from_within
            leaving[group] += from_within
            stays.unsettled[place] += from_within


@merged
def _chance_again(place: int, traits: Traits, behaviour: Behaviour, today: Today) -> float:
    """Chance that newly displaced people leave a place today: for what they fear there, or to move on."""
    exposure = today.exposure[place]
    chance = 0.0
    if exposure > 0.0:
        chance = _flight_chance(exposure, behaviour.newly_displaced_multiplier, traits.days_to_half[place])
    if exposure > 0.0 or today.crowding[place] < 1.0:
        chance += behaviour.onward_chance - chance * behaviour.onward_chance
    return chance


@merged
def stay_within(places: Places, stays: Population) -> None:
    """Those who left home today and stay within the place are there from now on (step F)."""
    for place in range(places.key.size):
        stays.within[place] += stays.staying[place]
        stays.staying[place] = 0


@merged
def _draw_again(place: int, chance: float, day: int, key: Keys, places: Places, stays: Population) -> int:
    """Who flees again from a place, by origin, into `leaving_again`; their sum.

    Where fewer people are expected to leave than there are origins, their number is drawn first and
    then the origin of each: the same distribution with fewer draws.
    """
    displaced = stays.displaced[place]
    restless = stays.restless[place]
    leaving = stays.leaving_again[place]
    origins = leaving.size
    there = stays.displaced_at[place]
    for origin in range(origins):
        there -= restless[origin]
    leavers = NONE
    if there * chance < origins:
        leavers = binomial(there, chance, key, SECONDARY_TOTAL, places.key[place], NOBODY, day, FIRST)
        for person in range(leavers):
            u, _ = uniforms(key, SECONDARY_PERSON, places.key[place], NOBODY, day, person, FIRST)
            rank = int(u * (there - person))
            origin = NONE
            here = displaced[origin] - restless[origin] - leaving[origin]
            while rank >= here:
                rank -= here
                origin += 1
                here = displaced[origin] - restless[origin] - leaving[origin]
            leaving[origin] += 1
    else:
        log_q = log_rest(chance)
        for origin in range(origins):
            people = displaced[origin] - restless[origin]
            if people > 0:
                leaving[origin] = binomial_again(
                    people,
                    chance,
                    log_q,
                    key,
                    SECONDARY,
                    places.key[place],
                    places.group_key[origin],
                    day,
                    FIRST,
                )
                leavers += leaving[origin]
    return leavers


@merged
def _is_calm(
    home: int, day: int, places: Places, behaviour: Behaviour, stays: Population, today: Today
) -> bool:
    last = today.last_exposed[home]
    return (
        stays.away[home] + stays.within[home] > 0
        and last > 0
        and day - last >= behaviour.calm_days
        and today.exposure[home] < behaviour.calm_exposure
        and today.zone[home] == places.zone[home]
    )


@merged
def return_home(
    day: int,
    epoch: int,
    key: Keys,
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
) -> bool:
    """People return to places that have been calm and are held as before (step F). False: too many parties."""
    if behaviour.return_chance <= 0.0:
        return True
    for home in range(places.key.size):
        if not _is_calm(home, day, places, behaviour, stays, today):
            continue
        back = binomial(
            stays.within[home],
            behaviour.return_chance,
            key,
            RETURN,
            places.key[home],
            places.key[home],
            day,
            FIRST,
        )
        stays.within[home] -= back
        stays.home[home, RETURNED, MOVER] += back
        scratch.total[T_MOVEMENTS] += back
        scratch.total[T_RETURNED] += back
        if stays.away[home] == 0:
            continue
        origin = places.group[home]
        fill_choice_set(home, epoch, roads, places.zone, today, traits, behaviour, sets, scratch)
        for k in range(1, sets.size[home]):
            place = wide(sets.place[home, k])
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
            set_out(day, place, way, people, today, sets, record)
            if not set_out_for_home(day, origin, place, home, wide(sets.days[place, way]), people, stays, parties,
                                    scratch, record):  # fmt: skip
                return False
    return True
