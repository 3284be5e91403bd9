"""What the kernel is given, keeps and hands back: named groups of plain arrays.

P places, R routes, Z zones, C crossings, G groups of origins, Q gates (a route in one direction whose
crossing may be limited or leaking), H days. Places, routes and so on are numbered from 0; -1 is none.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]  # numbers of things and days: one width, so that the kernel is compiled once
Counts = NDArray[np.int64]  # people
Stored = NDArray[np.int32]  # people in the record
# Numbers and people in large tables, half as wide, so that more stays at hand. What is read from them is made an
# int64 before it is handed to a function, which would otherwise be compiled for both widths.
Small = NDArray[np.int32]
Floats = NDArray[np.float64]
Words = NDArray[np.uint32]
Keys = NDArray[np.uint64]
Flags = NDArray[np.bool_]


def _whole(number: int) -> int:
    """A constant of the width the kernel counts in; as a plain literal each value would be compiled anew."""
    return np.int64(number)  # type: ignore[return-value]


def _flag(value: bool) -> bool:
    return np.bool_(value)  # type: ignore[return-value]


# States of a crossing on a day, and of a route.
CLOSED = _whole(0)
OPEN = _whole(1)
LEAKING = _whole(2)
LIMITED = _whole(3)
GATED = _whole(2)  # of a route: its crossing leaks or is limited

# Status of people at home, and whether they are among those who leave under a sustained attack, and how soon.
RESIDENT = _whole(0)
DISPLACED_BEFORE = _whole(1)
RETURNED = _whole(2)
STAYER = _whole(0)
MOVER = _whole(1)
AT_ONCE = _whole(2)

# Kinds of party on the road.
FLEEING = _whole(0)
RETURNING = _whole(1)

# What is put back in the work space.
DISTANCES = _flag(False)
ALL_OF_IT = _flag(True)

# Where people choose from.
HERE = _flag(False)
BEYOND_GATE = _flag(True)
NO_GATE = _whole(-1)
NOT_WEIGHED = _whole(-1)
NONE = _whole(0)
FIRST = _whole(0)
NOWHERE = _whole(-1)
END = _whole(-1)

ALMOST_FULL = 0.9  # share of the capacity from which a place becomes less likely to be chosen; assumption

NEVER = _whole(1_000_000)  # a day beyond any horizon

# What `simulate` answers.
DONE = _whole(0)
TOO_MANY_PARTIES = _whole(1)


class Roads(NamedTuple):
    """Roads, who may govern them, and what is near what; the same for every member."""

    start: Ints  # (P + 1,) first neighbour of each place in the five arrays below
    place: Ints  # (2R,) neighbour, in the order of routes
    route: Ints  # (2R,)
    direction: Ints  # (2R,) 0 if the route is taken forth, 1 if back
    km: Floats  # (2R,)
    gate: Ints  # (2R,) gate in that direction, -1 if it can have none
    ends: Ints  # (R, 2)
    crossing: Ints  # (R,) crossing that the route names
    pair_crossing: Ints  # (Z, Z) crossing of all other roads between two zones
    gate_route: Ints  # (Q,)
    gate_near: Ints  # (Q,) place before the gate
    gate_far: Ints  # (Q,) place behind it
    gate_key: Keys  # (Q,) address of its draws
    near_start: Ints  # (P + 1,) first place within reach of fear in the two arrays below
    near_place: Ints
    near_km: Floats  # by road, whoever holds it


class Places(NamedTuple):
    """Places and groups of origins; the same for every member."""

    key: Keys  # (P,) address of their draws
    zone: Ints  # (P,) on the issue day
    group: Ints  # (P,) group of origins
    group_key: Keys  # (G,)
    residents: Counts  # (P,) people at home on the issue day
    displaced_before: Counts  # (P,) people displaced earlier who live here on the issue day


class Schedule(NamedTuple):
    """What happens when, for one member. Days count from 1; ends are exclusive."""

    place: Ints  # (A,) attack rows
    start: Ints
    end: Ints
    fall: Ints  # day the place falls, or NEVER
    intensity: Floats  # 0-1
    zone_after: Ints  # -1 keeps control as it is
    siege: Flags
    seen_from: Ints  # day from which people see the attack coming and shun the place
    ceasefire: Flags  # (H + 1,)
    crossing_mode: Ints  # (C, H + 1)
    crossing_rate: Floats  # (C, H + 1) pass rate per day, or whole people per day
    programme: Ints  # (O, 4) from, to, first day, last day
    programme_people: Counts  # (O,)
    warning_share: Floats  # (H + 1,) share of those whom the warning moves, by day


class Traits(NamedTuple):
    """Places as one member sees them."""

    share_leaving: Floats  # (P,) F
    days_to_half: Floats  # (P,) t50, days, of all who leave under a sustained attack
    days_of_followers: Floats  # (P,) days until half of those have left who do not go at once
    appeal: Floats  # (P,) log pull on people who choose; -inf: nobody chooses it
    local_pull: (
        Floats  # (P,) log pull of a place on people who leave home there; -inf: nobody stays within it
    )
    capacity: Floats  # (P,) people; inf: unlimited
    churn: Floats  # (P,) chance per person and day of an ordinary move
    warning: Floats  # (P,) chance per person that the warning moves them, over all days
    shelter: Floats  # (P,) factor on attacks: 1 less the effect of a post
    zone_pull: Floats  # (Z, Z) log pull of the second zone on people of the first
    liberates: Flags  # (Z,) places that it takes are not shunned
    history_start: Ints  # (P + 1,) first place of each place in the two arrays below
    history_place: Ints  # (N,) where people went from there before the issue day
    history: Floats  # (N,) log pull of it


class Behaviour(NamedTuple):
    """Numbers that hold everywhere, for one member. Units as in docs/scenario.md."""

    fear_intensity: float
    fear_decay_km: float
    share_at_once: float  # of the people who leave under a sustained attack
    days_at_once: float  # days of full exposure until half of these have left
    displaced_multiplier: float
    newly_displaced_multiplier: float
    distance_exponent: float
    softening_km: float
    danger: float
    shunned: float  # factor on the weight of places attacked, about to be, or taken
    memory_days: int  # days for which a place that was attacked is shunned
    onward_chance: float  # per person and day where it is crowded or near the fighting
    radius_km: float
    km_per_day: float
    give_up_chance: float  # per person waiting and day
    return_chance: float  # per person and calm day
    calm_days: int
    calm_exposure: float


class Record(NamedTuple):
    """What is recorded, people; row 0 is the issue day. docs/model.md, section 5."""

    left_home: Stored  # (H + 1, 4) by cause, cumulative
    movements: Stored  # (H + 1,) cumulative
    present: Stored  # (H + 1, P)
    within: Stored  # (H + 1, P)
    arrivals: Stored  # (H + 1, P)
    departures: Stored  # (H + 1, P)
    waiting: Stored  # (H + 1, P)
    remaining: Stored  # (H + 1, P)
    on_the_road: Stored  # (H + 1,)
    returned: Stored  # (H + 1,) cumulative
    organised_returns: Stored  # (H + 1,) cumulative
    blocked: Stored  # (H + 1,)
    passed: Stored  # (H + 1, C)
    origin_destination: Stored  # (T, G, P)
    flows: Stored  # (T, R, 2) cumulative


class Population(NamedTuple):
    """Where everybody is; whole numbers, nobody twice."""

    home: Counts  # (P, status 3, pace 3: stayer, mover, at once)
    within: Counts  # (P,) left home here, and live here still
    staying: Counts  # (P,) left home today and stay within the place
    displaced: Counts  # (P, G) by place and origin
    displaced_at: Counts  # (P,) the same over origins
    waiting: Counts  # (Q, G)
    waiting_of_gate: Counts  # (Q,) the same over origins
    waiting_at: Counts  # (P,) the same by near side
    bound_for: Counts  # (P,) on the road to a place
    away: Counts  # (P,) left home here and not set out for home again
    away_of_group: Counts  # (G,)
    leaving_home: Counts  # (P,) left home or the place today and about to choose
    leaving_again: Counts  # (P, G) the same of newly displaced people
    unsettled: Counts  # (P,) leaving again or restless, over origins
    restless: Counts  # (P, G) stopped on the way, or given up beside an attack; among displaced
    admitted: Counts  # (Q, G) let through a gate today
    admitted_of_gate: Counts  # (Q,) the same over origins


class Today(NamedTuple):
    """The state of places, routes and gates on the current day."""

    zone: Ints  # (P,)
    route: Ints  # (R,) CLOSED, OPEN or GATED
    route_crossing: Ints  # (R,) crossing that governs it, -1 if none
    attack: Floats  # (P,) own exposure
    attack_before: Floats  # (P,) yesterday's
    fear: Floats  # (P,)
    exposure: Floats  # (P,)
    besieged: Flags  # (P,)
    last_exposed: Ints  # (P,) 0: never
    crowding: Floats  # (P,) capacity as a factor on weights: below 1 where it is crowded
    room: Floats  # (P,) the same with danger, and with attacks that are remembered or seen to come
    is_seen: Flags  # (P,) an attack is seen to come
    last_attacked: Ints  # (P,) 0: never
    gate_factor: Floats  # (Q,)
    turned_away: Counts  # (C,) people whom each crossing did not let through the day before
    weighed: Ints  # (P,) day on which the cumulative weights of a choice set were made, or NOT_WEIGHED
    factor_day: Ints  # (1,) last day on which a factor on weights changed
    changed_in: Ints  # (P,) last epoch in which the place or a route at it changed hands or state


class ChoiceSets(NamedTuple):
    """Where people from a place can go: filled when first asked for, and anew when a place of it has changed."""

    epoch: Ints  # (P,) last epoch in which the set was found to be right
    size: Ints  # (P,)
    free: Ints  # (P,) how many of them open roads reach; they come first
    place: Small  # (P, K)
    km: Floats  # (P, K)
    before: Small  # (P, K) index in the set of the place before, -1 at the source
    step: Small  # (P, K) 2 × route + direction of the last step, -1 at the source
    gate: Small  # (P, K) gate on the way, -1 if none
    way: Small  # (P, K) index in the set of the place they walk to: the near side of the gate, else itself
    days: Small  # (P, K) at most NEVER; whole days on the road to there
    at: Small  # (P, P) where in the set a place may be found; (P, 0) where sets are cut
    uses_crossing: Flags  # (P, K) the way there uses an open crossing
    gone: Counts  # (P, K) people who have set out to there and are not yet counted on routes
    weight: Floats  # (P, K) today's factors left out
    cumulative: Floats  # (P, K) running sum with today's factors
    guide: Small  # (P, steps) where to start a search of the running sum
    last: Ints  # (P,) last index with a weight today, -1 if nobody can go anywhere


class Parties(NamedTuple):
    """People on the road, in a chain of rows for each day of arrival."""

    table: Small  # (room, COLUMNS) a row for each party, columns as below
    first: Ints  # (H + 2,) first row that is due on each day; the last chain is due after the horizon
    free: Ints  # (2,) first row given back, or -1; rows ever used


# Columns of a party.
KIND = 0
ORIGIN = 1  # group of origins
SET_OUT_FROM = 2  # place
GOAL = 3  # place, or near side of the gate
GATE = 4  # gate they are bound for, or NO_GATE
LEFT = 5  # day of setting out
PEOPLE = 6
NEXT = 7  # next row of the chain, or END
COLUMNS = 8


class Scratch(NamedTuple):
    """Work space of one member."""

    km: Floats  # (P,) best distance so far
    before: Ints  # (P,) place before
    step: Ints  # (P,)
    gate: Ints  # (P,)
    settled: Ints  # (P,) index in the set being filled, -1 if not settled
    heap_km: Floats  # (2R + P,)
    heap_place: Ints  # (2R + P,)
    chosen: Counts  # (K,) people of a group by index of the choice set
    words: Words  # (WORDS,) random words of those who choose one by one at a place
    drawn: Ints  # (3,) how far these and the next arrays are used at a place today, by the names below
    touched: Ints  # (K + 1,) indices of the set that somebody of the group chose; one to spare
    chance: Floats  # (K,) chance of each option for those who chose none before it
    log_rest: Floats  # (K,) `log_rest` of the chance
    options: Ints  # (K + 1,) indices of the set that somebody chose at a place today; one to spare
    heading: Counts  # (K,) people who have chosen at a place today, by index of its choice set
    flows: Counts  # (R, 2) running total, less those in `ChoiceSets.gone`
    total: Counts  # (8,) running totals, by the names below
    clock: Ints  # (2,) last day done or NOT_BEGUN, and number of the epoch


# Running totals.
T_ATTACK, T_FEAR, T_WARNING, T_ORDINARY, T_MOVEMENTS, T_RETURNED, T_ORGANISED, T_BLOCKED = range(8)


# How far arrays of a place and day are used: persons who took a word, chances made, options chosen.
PERSONS, CHANCES, OPTIONS = range(3)

# Clock of a member.
TODAY, EPOCH = range(2)
NOT_BEGUN = _whole(-1)

GUIDE_STEPS = 128
WORDS = 32  # random words made together: eight addresses, as many as a processor makes at once


class State(NamedTuple):
    """What one member keeps while it runs."""

    people: Population
    today: Today
    sets: ChoiceSets
    parties: Parties
    scratch: Scratch


def new_state(roads: Roads, places: Places, plan: Schedule, reach: int, party_room: int) -> State:
    """State of a member before its first day.

    Parameters
    ----------
    roads, places
        The network.
    plan
        What happens when: its days and crossings count.
    reach
        Greatest number of places in a choice set.
    party_room
        Greatest number of parties on the road.
    """
    p, g = len(places.key), len(places.group_key)
    r, q = len(roads.crossing), len(roads.gate_route)
    crossings = len(plan.crossing_mode)

    def counts(*shape: int) -> Counts:
        return np.zeros(shape, dtype=np.int64)

    people = Population(
        home=counts(p, 3, 3), within=counts(p), staying=counts(p), displaced=counts(p, g), displaced_at=counts(p), waiting=counts(q, g),
        waiting_of_gate=counts(q), waiting_at=counts(p), bound_for=counts(p), away=counts(p), away_of_group=counts(g),
        leaving_home=counts(p), leaving_again=counts(p, g), unsettled=counts(p), restless=counts(p, g),
        admitted=counts(q, g), admitted_of_gate=counts(q),
    )  # fmt: skip
    today = Today(
        zone=places.zone.copy(), route=counts(r) - 1, route_crossing=counts(r) - 1, attack=np.zeros(p),
        attack_before=np.zeros(p), fear=np.zeros(p), exposure=np.zeros(p), besieged=np.zeros(p, dtype=np.bool_),
        last_exposed=counts(p), crowding=np.ones(p), room=np.ones(p), is_seen=np.zeros(p, dtype=np.bool_), last_attacked=counts(p), gate_factor=np.zeros(q), turned_away=counts(crossings), weighed=counts(p) - 1,
        factor_day=counts(1), changed_in=counts(p),
    )  # fmt: skip
    sets = ChoiceSets(
        epoch=counts(p) - 1, size=counts(p), free=counts(p), place=_small(p, reach), km=np.empty((p, reach)),
        before=_small(p, reach), step=_small(p, reach), gate=_small(p, reach), way=_small(p, reach),
        days=_small(p, reach), at=np.zeros((p, p if reach == p else 0), dtype=np.int32), uses_crossing=np.zeros((p, reach), dtype=np.bool_), gone=counts(p, reach), weight=np.empty((p, reach)),
        cumulative=np.empty((p, reach)), guide=_small(p, GUIDE_STEPS), last=counts(p) - 1,
    )  # fmt: skip
    scratch = Scratch(
        km=np.full(p, np.inf), before=_unset(p), step=_unset(p), gate=_unset(p), settled=counts(p) - 1, heap_km=np.empty(2 * r + p),
        heap_place=_unset(2 * r + p), chosen=counts(reach), words=np.empty(WORDS, dtype=np.uint32), drawn=counts(3), options=counts(reach + 1),
        touched=counts(reach + 1), chance=np.empty(reach),
        log_rest=np.empty(reach), heading=counts(reach), flows=counts(r, 2), total=counts(8),
        clock=np.array([NOT_BEGUN, FIRST], dtype=np.int64),
    )  # fmt: skip
    parties = Parties(
        _small(party_room, COLUMNS), counts(plan.ceasefire.size + 1) - 1, np.array([-1, 0], dtype=np.int64)
    )
    return State(people, today, sets, parties, scratch)


def _unset(*shape: int) -> Ints:
    return np.empty(shape, dtype=np.int64)


def _small(*shape: int) -> Small:
    return np.empty(shape, dtype=np.int32)
