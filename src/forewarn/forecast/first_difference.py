"""The first day on which two worlds of a member differ in anything that the kernel looks at."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from forewarn.arraytypes import Floats, Ints
from forewarn.forecast.member_worlds import MemberWorld
from forewarn.kernel.arrays import ALMOST_FULL, Record, Schedule, Traits

Days = NDArray[np.bool_]

DAYS_APART = 10
"""Of kept states of a member; assumption: a dozen for each at most."""


def days_before_attacks(_: int, world: MemberWorld) -> tuple[int, ...]:
    """Days on which to keep a member: before attacks begin or are seen, `DAYS_APART` or more apart."""
    begins = np.unique(np.minimum(world.plan.start, world.plan.seen_from) - 1)
    days: list[int] = []
    for day in begins[(begins > 0) & (begins < world.plan.ceasefire.size - 1)].tolist():
        if not days or day >= days[-1] + DAYS_APART:
            days.append(day)
    return tuple(days)


def first_difference(before: MemberWorld, after: MemberWorld, record: Record | None = None) -> int | None:
    """Give the first day that the kernel simulates differently in the second world; None if there is none.

    A day of a member is a function of its state at the end of the day before, of its network, key, traits and
    behaviour, and of what its schedule says of that day. So two members of one network are the same to the
    end of the day before, and what the first kept then the second can go on from.

    Schedules are compared by what they say of each day, not row by row: how strongly each place is attacked,
    whether it is besieged or seen to be attacked soon, which places fall in which order, crossings,
    programmes of return under way, and the share of the warning. Posts only weaken attacks, so they count as
    part of these. What the kernel remembers of earlier days is in its state.

    Parameters
    ----------
    before, after
        Worlds of one network.
    record
        What was recorded of the first, to its horizon: another capacity of a place then differs only from
        the day on which the place may have been crowded; without a record, from the first.

    Returns
    -------
    int or None
        A day from 1; 0 if keys, traits, behaviour or the horizon differ, so that all days may.
    """
    if not _is_same_throughout(before, after):
        return 0
    one, other = before.plan, after.plan
    differs = (one.crossing_mode != other.crossing_mode).any(axis=0)
    differs |= (one.crossing_rate != other.crossing_rate).any(axis=0)
    differs |= one.warning_share != other.warning_share
    differs |= _capacities_differ(before.traits, after.traits, record, len(differs))
    if not differs[1]:
        differs |= _falls_differ(one, other) | _programmes_differ(one, other) | _attacks_differ(before, after)
    differs[0] = False  # nothing happens on the issue day itself
    return int(differs.argmax()) if differs.any() else None


def _is_same_throughout(before: MemberWorld, after: MemberWorld) -> bool:
    """Whether key, behaviour, horizon and all traits but capacities and the shelter of posts are the same."""
    nothing = np.zeros(0)
    traits = [each.traits._replace(shelter=nothing, capacity=nothing) for each in (before, after)]
    return (
        np.array_equal(before.key, after.key)
        and before.behaviour == after.behaviour
        and before.plan.crossing_mode.shape == after.plan.crossing_mode.shape
        and all(np.array_equal(one, other) for one, other in zip(*traits, strict=True))
    )


def _capacities_differ(before: Traits, after: Traits, record: Record | None, days: int) -> Days:
    """Days on which a place may be crowded whose capacity is another.

    Nobody is in a place who was neither there nor on the road at the end of the day before.
    """
    places = np.flatnonzero(before.capacity != after.capacity)
    if record is None or not places.size:
        return np.full(days, places.size > 0)
    capacity = np.minimum(before.capacity, after.capacity)[places]
    there = record.present[:-1, places] + record.remaining[:-1, places] + record.on_the_road[:-1, np.newaxis]
    may_be_crowded = (there > ALMOST_FULL * capacity) | (there >= capacity)
    return np.append(False, may_be_crowded.any(axis=1))


def _attacks_differ(before: MemberWorld, after: MemberWorld) -> Days:
    places = np.union1d(before.plan.place, after.plan.place)
    pairs = zip(*(_attacks_by_day(each.plan, each.traits, places) for each in (before, after)), strict=True)
    differs = [(one != other).any(axis=1) for one, other in pairs]
    return np.asarray(np.any(differs, axis=0))


def _attacks_by_day(plan: Schedule, traits: Traits, places: Ints) -> tuple[Floats, Days, Days]:
    """Own exposure, siege and foresight of some places by day, (H + 1, places)."""
    day = np.arange(plan.ceasefire.size)[:, np.newaxis]
    is_running = (
        (plan.start <= day) & (day < np.minimum(plan.end, plan.fall)) & ~plan.ceasefire[:, np.newaxis]
    )
    is_seen = (plan.seen_from <= day) & (day < plan.start)
    strength = np.where(is_running, plan.intensity * traits.shelter[plan.place], 0.0)
    acts = plan.intensity > 0.0
    of_rows = (strength, is_running & plan.siege & acts, is_seen & acts)
    # A row of nothing for each place, so that none is without a row.
    at = np.concatenate([plan.place, places])
    order = np.argsort(at, kind="stable")
    first = np.searchsorted(at[order], places)

    def of_places(values: NDArray[np.generic]) -> NDArray[np.generic]:
        nothing = np.zeros((len(values), len(places)), dtype=values.dtype)
        rows = np.concatenate([values, nothing], axis=1)[:, order]
        return np.maximum.reduceat(rows, first, axis=1) if len(places) else rows

    strongest, besieged, seen = (of_places(values) for values in of_rows)
    return strongest, besieged, seen  # type: ignore[return-value]


def _falls_differ(before: Schedule, after: Schedule) -> Days:
    """Days on which other places fall, or the same in another order."""
    one, other = _falls(before), _falls(after)
    differs = np.zeros(before.ceasefire.size, dtype=np.bool_)
    shared = min(len(one), len(other))
    unlike = np.flatnonzero((one[:shared] != other[:shared]).any(axis=1))
    first = unlike[0] if unlike.size else shared
    # In order of days: where the two lists part, the earlier of the next two falls is missing in the other.
    differs[[falls[first, 0] for falls in (one, other) if first < len(falls)]] = True
    return differs


def _falls(plan: Schedule) -> Ints:
    """Day, place and new zone of each fall within the horizon, in the order in which the kernel sees them."""
    matters = (plan.zone_after >= 0) & (plan.fall >= 1) & (plan.fall < plan.ceasefire.size)
    falls = np.stack([plan.fall, plan.place, plan.zone_after], axis=1)[matters]
    return np.asarray(falls[np.argsort(falls[:, 0], kind="stable")])


def _programmes_differ(before: Schedule, after: Schedule) -> Days:
    """First days of programmes of return that are not the same row in both."""
    one, other = (
        np.column_stack([plan.programme, plan.programme_people]).astype(np.int64) for plan in (before, after)
    )
    differs = np.zeros(before.ceasefire.size, dtype=np.bool_)
    shared = min(len(one), len(other))
    unlike = (one[:shared] != other[:shared]).any(axis=1)
    starts = np.concatenate(
        [one[:shared][unlike, 2], other[:shared][unlike, 2], one[shared:, 2], other[shared:, 2]]
    )
    differs[np.maximum(starts[starts < differs.size], 1)] = True
    return differs
