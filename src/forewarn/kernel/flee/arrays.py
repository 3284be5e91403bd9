"""What the kernel of Flee's rules is given, keeps and hands back: named groups of plain arrays.

P places, L links (a road in one direction), N plans (a path from a place over one to three links), E epochs (days
between changes of conflict, closures, kinds and floods), F phases (how far along a link a party is), H days. A *node* is a
place (people without a plan) or P + plan (people in the middle of a path who still have this plan before them).

Where people of several classes of awareness heed a forecast, a site on the map, one of S, is a place for each class:
place % S is its site. So P is S times the number of classes, which share sites' capacity and population.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from forewarn.kernel.arrays import Counts, Flags, Floats, Ints, Keys, Stored, _whole

# People are pooled by how much they moved lately (q, in days at full speed) and today (m). Each pool keeps the mean of
# both, so that the widths matter to second order only; docs/flee.md says how close this comes.
RECENT_BELOW_ONE = 3  # the short-stint threshold, 1, is an edge
RECENT_BINS = RECENT_BELOW_ONE + 1
TODAY_BINS = 4  # of a day at full speed

SPAWN_GIVEN = _whole(0)  # totals per day, over places by weight
SPAWN_CONSTANT = _whole(1)
SPAWN_POPULATION = _whole(2)
SPAWN_POISSON = _whole(3)

# What `run_member` answers, in the two lowest bits; above them is the day.
FINISHED = _whole(0)
NOWHERE_TO_SPAWN = _whole(1)
TOO_MANY_PEOPLE = _whole(2)
TOO_MANY_ON_A_LINK = _whole(3)
MOST_RECORDED = _whole(2**31 - 1)  # people; records hold whole numbers of 32 bits


class FleeParameters(NamedTuple):
    """Numbers that hold everywhere. Speeds in km a day."""

    max_speed: float
    short_stints: bool  # whether short stints are avoided
    weight_softening: float
    weight_power: float
    pruning: float  # plans below the greatest weight divided by this are dropped; 0: none are
    buffer: float
    scaling: float
    population_base: float
    population_power: float  # 0: chances do not depend on population
    population_pull: float  # power of the pull of population; 0: none
    stays_if_full: bool  # with no weight anywhere people stay; otherwise (Flee) they choose at random
    spawn_mode: int
    spawn_number: float
    take_from_population: bool


class FleeGraph(NamedTuple):
    """Links, plans and phases."""

    plan_start: Ints  # (P + 1,) first plan of each place
    plan_link: Ints  # (N,) first link
    plan_next: Ints  # (N,) plan left after the first link, -1: none
    plan_goal: Ints  # (N,) place
    plan_near: Floats  # (N,) (softening + km of the path)^-power
    plan_home: Floats  # (N,) factor on the score for distance as the crow flies
    plan_cell: Ints  # (N,) first cell on the link, less the link's first phase
    plan_key: Keys  # (N,)
    link_from: Ints  # (L,)
    link_to: Ints
    link_km: Floats
    link_speed: Floats  # km a day
    link_walk: Floats  # chance per day of walking
    link_walk_speed: Floats
    link_road: Ints  # (L,) road, for closures
    link_first: Ints  # (L,) phase at its start
    link_first_fresh: Ints  # (L,) the same for people on their first journey
    phase_km: Floats  # (F,)
    phase_drive: Ints  # (F,) phase after a day's drive, -1: has arrived
    phase_walk: Ints  # (F,) the same after a day on foot
    phase_fresh: Flags  # (F,) first journey, on foot


class FleePlaces(NamedTuple):
    """Places, and what happens when."""

    key: Keys  # (P,)
    class_share: Floats  # (P,) chance that whoever starts here is of this class, if of none before it
    initial: Counts  # (S,) people there before the first day
    population: Counts  # (S,)
    capacity: Floats  # (S,) people; below 1: unlimited
    capacity_per_day: Floats
    sink: Floats  # (P,) chance per day of leaving for good
    limited: Ints  # sites that may have a capacity
    seen_start: Ints  # (limited + 1,) where the places that see each of them begin in `seen_from`
    seen_from: Ints  # places with a plan that leads there
    epoch: Ints  # (H,)
    new: Counts  # (H,) people who are displaced, where totals are given
    score: Floats  # (E, P)
    pulls: Flags  # (E, P) whether population pulls
    chance: Floats  # (E, P) chance per day of moving on
    scales: Flags  # (E, S) whether it depends on population
    foreseen: Floats  # (E, S) the chance that a forecast speaks for
    attention: Floats  # (P,) how much the forecast is heeded
    is_town: Flags  # (E, P)
    is_camp: Flags  # (E, P)
    spawn: Floats  # (E, S) intensity times decay; with other modes, intensity
    forced: Ints  # (E, P) plan everybody follows, -1: none
    is_open: Flags  # (E, roads)


class FleeRecord(NamedTuple):
    """What is recorded, people, at the end of each day."""

    present: Stored  # (H, P)
    set_out: Stored  # (H, L) people who entered a link that day
    spawned: Stored  # (H, P)
    gone: Stored  # (H,) people who left a sink for good, cumulative
    on_links: Stored  # (H,) people on the way


class FleeState(NamedTuple):
    """What one member keeps while it runs."""

    present: Counts  # (P,)
    population: Counts  # (S,)
    fresh: Counts  # (P,) people who have not moved yet
    standing: Counts  # (nodes, RECENT_BINS)
    standing_q: Floats  # the sum of q in each
    standing_all: Counts  # (nodes,)
    undecided: Counts  # (nodes, RECENT_BINS) those of them whose turn has not come today
    undecided_q: Floats
    undecided_all: Counts  # (nodes,)
    undecided_fresh: Counts  # (P,)
    waiting_plans: Ints  # list of nodes with a plan
    is_waiting: Flags  # (nodes,)
    riding: Counts  # (2, cells) on links: today's and tomorrow's
    riding_q: Floats
    riders: Ints  # (2, cells) lists of cells in use
    pool: Counts  # (nodes * RECENT_BINS * TODAY_BINS,) arrived today with time left
    pool_q: Floats
    pool_m: Floats
    visit: Ints  # (same,) times the pool was emptied today, under the day
    queue: Ints  # (TODAY_BINS, nodes * RECENT_BINS) rings of pools to look at
    queue_ends: Ints  # (TODAY_BINS, 2)
    number: Ints  # (8,) by the names below; N_OVERFLOWN: 1 + the link
    room: Floats  # (P,) capacity multiplier
    version: Ints  # (P,) version of the weights of its plans
    total: Floats  # (P,) their sum
    running: Floats  # (N,) running sum
    share: Floats  # (N,) weight as a share of what is left from this plan on
    last: Ints  # (P,) last plan with a weight, -1: none
    gone: Counts  # (1,)
    pull: Floats  # (S,) pull of population


# Numbers in `FleeState.number`.
N_WAITING, N_TODAY, N_TOMORROW, N_TODAY_SIDE, N_VERSION, N_QUEUED, N_DISPLACED, N_OVERFLOWN = range(8)


def new_flee_state(graph: FleeGraph, places: FleePlaces) -> FleeState:
    """State of a member before its first day."""
    p, n = len(places.key), len(graph.plan_link)
    nodes = p + n
    per_link = np.diff(np.append(graph.link_first, len(graph.phase_km)))
    cells = int(per_link[graph.plan_link].sum()) * RECENT_BINS
    pools = nodes * RECENT_BINS * TODAY_BINS

    def counts(*shape: int) -> Counts:
        return np.zeros(shape, dtype=np.int64)

    return FleeState(
        present=counts(p), population=places.population.copy(), fresh=counts(p), standing=counts(nodes, RECENT_BINS),
        standing_q=np.zeros((nodes, RECENT_BINS)), standing_all=counts(nodes),
        undecided=counts(nodes, RECENT_BINS), undecided_q=np.zeros((nodes, RECENT_BINS)),
        undecided_all=counts(nodes), undecided_fresh=counts(p), waiting_plans=counts(nodes),
        is_waiting=np.zeros(nodes, dtype=np.bool_), riding=counts(2, cells), riding_q=np.zeros((2, cells)),
        riders=counts(2, cells), pool=counts(pools), pool_q=np.zeros(pools), pool_m=np.zeros(pools),
        visit=counts(pools), queue=counts(TODAY_BINS, nodes * RECENT_BINS), queue_ends=counts(TODAY_BINS, 2),
        number=counts(8), room=np.ones(p), version=counts(p) - 1, total=np.zeros(p), running=np.zeros(n),
        share=np.zeros(n), last=counts(p) - 1, gone=counts(1), pull=np.ones(len(places.population)),
    )  # fmt: skip


def new_flee_record(graph: FleeGraph, places: FleePlaces) -> FleeRecord:
    """Empty record of a member."""
    days, p, links = len(places.epoch), len(places.key), len(graph.link_from)

    def stored(*shape: int) -> Stored:
        return np.zeros(shape, dtype=np.int32)

    return FleeRecord(stored(days, p), stored(days, links), stored(days, p), stored(days), stored(days))
