"""Put a member's people where they were counted, in whole numbers, on each day of a count.

What was learnt of the parameters brings members near the counts; here the rest is made up. People are moved
between places, and out of homes or back, so that the places counted hold what was counted within its
error. Where people came from keeps its composition, and nobody is lost or made.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from scipy.special import ndtri

from forewarn.arraytypes import Floats, Ints
from forewarn.forecast.timelines import whole_shares
from forewarn.forecast.updating.observation_error import (
    DAYS_OF_MODEL_ERROR,
    counting_variance,
    off_scale,
    on_scale,
    predict,
)
from forewarn.forecast.updating.observations import Observation
from forewarn.forecast.updating.pulls import PullFilter, PullGain, PullPrior
from forewarn.kernel.arrays import AT_ONCE, MOVER, RESIDENT, STAYER, T_ATTACK, Record, State
from forewarn.network import Network


@dataclass(frozen=True, slots=True)
class Anchor:
    """The counts of a day that say where people are, and how far to trust the model against them.

    Parameters
    ----------
    day
        At whose end members are brought to the counts.
    counts
        Those of ``present``, ``arrivals`` and ``displaced``; first departures from a place teach parameters
        only.
    since
        (count,), day on which members were last brought to the count's series.
    after
        Day on which members were last brought to any count, or 0.
    pulls
        What the counts say of pulls.
    model_error
        As in `observation_error.MODEL_ERROR`.
    """

    day: int
    counts: tuple[Observation, ...]
    since: tuple[int, ...]
    after: int
    pulls: PullGain
    model_error: float


def anchors(
    observations: Sequence[Observation], prior: PullPrior, *, model_error: float
) -> tuple[Anchor, ...]:
    """Sort the counts that say where people are by day; nothing if the model is known to be true."""
    if model_error == 0:
        return ()
    days: dict[int, list[tuple[Observation, int]]] = {}
    for each, since in zip(observations, _set_right(observations).tolist(), strict=True):
        if each.measure != "departures":
            days.setdefault(each.day, []).append((each, since))
    found: list[Anchor] = []
    pulls, after = PullFilter(prior, model_error), 0
    for day, counted in sorted(days.items()):
        counts, since = tuple(each for each, _ in counted), tuple(start for _, start in counted)
        found.append(Anchor(day, counts, since, after, pulls.learn(counts, since), model_error))
        after = day
    return tuple(found)


def covered(held: Anchor, names: Sequence[str]) -> list[Ints]:
    """Numbers of the places of each count."""
    number = {name: index for index, name in enumerate(names)}
    return [np.array([number[name] for name in count.places]) for count in held.counts]


def _set_right(observations: Sequence[Observation]) -> Ints:
    """Day at whose end members were last brought to the series of each count, or its own `since`, (d,)."""
    days = []
    for each in observations:
        earlier = [one.day for one in observations if one.series == each.series and one.day < each.day]
        days.append(max(each.since, *earlier) if earlier else each.since)
    return np.array(days, dtype=np.int64)


class Wanted(NamedTuple):
    """What a member says of a count by itself, and what it shall say, people."""

    member: int
    people: float


def wanted_people(held: Anchor, record: Record, names: Sequence[str], uniform: Floats) -> list[Wanted]:
    """Give what a member says of each count and what it shall say.

    A count and the member's own number are weighed by their errors on the scale of comparison, of which for
    places pulls are a part; what is left of both is drawn at `uniform`, (count,).
    """
    variables = {
        name: getattr(record, name)[np.newaxis] for name in ("present", "arrivals", "departures", "left_home")
    }
    member = predict(variables, names, held.counts)[0]
    counted = on_scale(np.array([each.people for each in held.counts]))
    days = held.day - np.array(held.since, dtype=np.float64)
    of_model = held.model_error**2 * days / DAYS_OF_MODEL_ERROR + held.pulls.variance
    of_count = counting_variance(held.counts)
    weight = of_model / (of_model + of_count)
    spread = np.sqrt(of_model * of_count / (of_model + of_count))
    middle = on_scale(member) + weight * (counted - on_scale(member))
    people = off_scale(middle + spread * ndtri(np.clip(uniform, 2.0**-54, 1 - 2.0**-53)))
    return [Wanted(*each) for each in zip(member.tolist(), people.tolist(), strict=True)]


def target_people(held: Anchor, wanted: Sequence[Wanted], state: State, names: Sequence[str]) -> Ints:
    """People to be settled at each place or within it, (P,), so that each count is what is wanted.

    Counts of few places come before those of more, and of stocks before those of flows; places nobody counted
    keep what they have unless a wider count says otherwise.
    """
    here = state.people.displaced_at + state.people.within
    target = here.astype(np.float64)
    is_set = np.zeros(len(names), dtype=np.bool_)
    places_of = covered(held, names)
    order = sorted(
        range(len(wanted)), key=lambda i: (len(held.counts[i].places), held.counts[i].measure != "present")
    )
    for i in order:
        count, (member, people) = held.counts[i], wanted[i]
        places = places_of[i]
        free = places[~is_set[places]]
        if not free.size:
            continue
        waiting = state.people.waiting_at[places].sum()
        now = float(here[places].sum())
        total = people - waiting if count.measure == "present" else now + people - member
        rest = max(total - float(target[places[is_set[places]]].sum()), 0.0)
        there = target[free]
        target[free] = rest * (there / there.sum() if there.sum() > 0 else 1 / len(free))
        is_set[free] = True
    assert np.isfinite(target).all()
    return np.floor(target + 0.5).astype(np.int64)


def condition_state(
    target: Ints, state: State, network: Network, record: Record, day: int, after: int = 0
) -> None:
    """Move newly displaced people so that each place holds its target; change state and record of the day.

    Parameters
    ----------
    target
        (P,) people settled at each place, those within their own place included.
    state
        Of a member at the end of `day`; changed.
    network
        Places and groups of origins.
    record
        Of the member; the row of `day` is written again. First departures stay those simulated. Arrivals of
        the days since `after` rise and fall with the people at a place who came from elsewhere.
    """
    people = state.people
    target = _within_reach(target, state)
    here, from_elsewhere = people.displaced_at + people.within, people.displaced_at.copy()
    surplus = np.maximum(here - target, 0)
    deficit = np.maximum(target - here, 0)
    pool = np.zeros(people.displaced.shape[1], dtype=np.int64)
    for place in np.flatnonzero(surplus).tolist():
        pool += _leave_place(place, surplus[place : place + 1], state, network)
    missing = int(deficit.sum() - surplus.sum())
    if missing > 0:
        pool += _leave_home(missing, state, network)
    elif missing < 0:
        pool -= _go_home(whole_shares(np.array([-missing]), pool)[0], state, network)
    for place in np.flatnonzero(deficit).tolist():
        coming = whole_shares(deficit[place : place + 1], pool)[0]
        people.displaced[place] += coming
        pool -= coming
    people.displaced_at[:] = people.displaced.sum(axis=1)
    _add_arrivals(people.displaced_at - from_elsewhere, record, day, after)
    # Those who would leave at once tomorrow are among the displaced: no more of them than are still there.
    gone = np.maximum(people.restless - people.displaced, 0)
    people.restless[:] -= gone
    people.unsettled[:] -= gone.sum(axis=1)
    record.present[day] = people.displaced_at + people.waiting_at + people.within
    record.within[day] = people.within
    record.remaining[day] = people.home.sum(axis=(1, 2))
    record.left_home[day] = state.scratch.total[: record.left_home.shape[1]]


def _add_arrivals(more: Ints, record: Record, day: int, after: int) -> None:
    """Let arrivals of some days rise or fall by people at each place, (P,), keeping the days they came on."""
    days = slice(after + 1, day + 1)
    for place in np.flatnonzero(more).tolist():
        came = record.arrivals[days, place].astype(np.int64)
        total = np.array([max(int(came.sum() + more[place]), 0)])
        if not came.any():
            came[-1] = 1
        record.arrivals[days, place] = whole_shares(total, came)[0]


def _leave_place(place: int, surplus: Ints, state: State, network: Network) -> Ints:
    """Let people leave a place where they are displaced, or within it; by group of origins, (G,)."""
    people, group = state.people, network.places.group[place]
    leaving = whole_shares(surplus, np.append(people.displaced[place], people.within[place]))[0]
    pool, of_within = leaving[:-1].copy(), int(leaving[-1])
    people.displaced[place] -= pool
    people.within[place] -= of_within
    people.away[place] += of_within
    people.away_of_group[group] += of_within
    pool[group] += of_within
    return np.asarray(pool)


def _within_reach(target: Ints, state: State) -> Ints:
    """Lower targets that ask for more people than there are."""
    people = state.people
    most = int(people.displaced_at.sum() + people.within.sum() + people.home[:, :2].sum())
    asked = int(target.sum())
    return target if asked <= most else whole_shares(np.array([most]), target)[0]


def _leave_home(missing: int, state: State, network: Network) -> Ints:
    """Let people leave home, mostly where others have left; by group of origins, (G,)."""
    people, places = state.people, network.places
    pool = np.zeros(people.displaced.shape[1], dtype=np.int64)
    # Movers where somebody has left, then movers elsewhere, then those who would stay.
    order = ((AT_ONCE, True), (MOVER, True), (AT_ONCE, False), (MOVER, False), (STAYER, False))
    for kind, where_others_left in order:
        at_home = people.home[:, :2, kind].sum(axis=1)
        leaving = _shared(missing, people.away if where_others_left else at_home, at_home)
        for place in np.flatnonzero(leaving):
            cells = people.home[place, :2, kind]
            cells -= whole_shares(leaving[place : place + 1], cells)[0]
        people.away[:] += leaving
        by_group = np.bincount(places.group, weights=leaving, minlength=len(pool)).astype(np.int64)
        people.away_of_group[:] += by_group
        state.scratch.total[T_ATTACK] += leaving.sum()
        pool += by_group
        missing -= int(leaving.sum())
    return pool


def _go_home(going: Ints, state: State, network: Network) -> Ints:
    """Put people of each group of origins, (G,), back where they left; give back how many that were."""
    people, places = state.people, network.places
    done = np.zeros_like(going)
    causes = state.scratch.total[: T_ATTACK + 4]
    for group in np.flatnonzero(going):
        homes = np.flatnonzero(places.group == group)
        back = _shared(int(going[group]), people.away[homes], people.away[homes])
        people.home[homes, RESIDENT, MOVER] += back
        people.away[homes] -= back
        done[group] = back.sum()
    people.away_of_group[:] -= done
    causes -= _shared(int(done.sum()), causes.copy(), causes.copy())
    return done


def _shared(wanted: int, weight: Ints, limit: Ints) -> Ints:
    """Share a number over cells by weight, at most the limit of each and all limits together."""
    wanted = min(wanted, int(limit.sum()))
    shares = np.zeros_like(limit)
    open_cells = (limit > 0) & (weight > 0)
    while wanted > 0 and open_cells.any():
        more = whole_shares(np.array([wanted]), np.where(open_cells, weight, 0))[0]
        more = np.minimum(more, limit - shares)
        shares += more
        wanted -= int(more.sum())
        open_cells &= shares < limit
        if not more.any():
            break
    return shares
