"""How fast people leave once an attack reaches them, fitted to dated counts of past events.

An attack reaches people one after another: at times spread evenly over the first part of the event, a part
that nobody knows in advance (even between none and all of it). Of those reached who will leave, half have
left after a half-life, log-normal over events. So the share of an event's final total that has gone by day d
of an event of T days is

    G(d) / G(T),  G(d) = mean over r, even on [0, ρ T], of 1 − 2^(−max(d − r, 0) / h),

with ρ even on [0, 1] and log h normal. The half-life is t50 of a place in docs/model.md. A part that goes at
once (`at_once`) is another pace; no set of counts asks for it (docs/analogues.md, *How fast people leave*).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
from scipy.special import ndtri

from forewarn.analogues.events import DatedCount
from forewarn.analogues.selection import ReferenceClass
from forewarn.arraytypes import Floats

WITHIN_DAYS: Final = 30
"""Counts of the first days of an event that are fitted and scored."""
_NODES: Final = (np.arange(24) + 0.5) / 24
SHORTEST_DAYS: Final = 0.5
"""Half-life at the least; assumption: counts by the day tell none that is shorter."""
_LEAST_DAYS: Final = 0.01  # an attack that reaches all at once, in a formula that divides by its length


class DatedShare(NamedTuple):
    """A count: by so many days of an event of so many, this share of its final total had gone."""

    cluster: str
    event: str
    day: float
    length: float
    share: float


@dataclass(frozen=True, slots=True)
class PaceLaw:
    """Half-lives of those who leave.

    Parameters
    ----------
    median
        Of the half-life, in days of full exposure.
    spread
        Standard deviation of its logarithm over events.
    reach
        Most of an event's length over which the attack reaches people: 0 is all on its first day.
    at_once, days_at_once
        Part that goes with another half-life, in days.
    """

    median: float
    spread: float
    reach: float = 1.0
    at_once: float = 0.0
    days_at_once: float = 1.0

    def half_lives(self, probabilities: Sequence[float] | Floats) -> Floats:
        """Give quantiles of the half-life, in days, at least `SHORTEST_DAYS`."""
        log = np.log(self.median) + self.spread * ndtri(np.asarray(probabilities))
        return np.asarray(np.maximum(np.exp(log), SHORTEST_DAYS))

    def shares(self, day: Floats, length: Floats) -> Floats:
        """Give the share of the final total gone by a day, (count, member): 24 half-lives by 24 reaches.

        Parameters
        ----------
        day, length
            (count,), in days; a day lies within its event.
        """
        return self.shares_of(self.half_lives(_NODES), day, length)

    def shares_of(self, half_lives: Floats, day: Floats, length: Floats) -> Floats:
        """Give the same for half-lives that are given, in days: (count, half-life × reach)."""
        half, reached = (part.ravel() for part in np.meshgrid(half_lives, self.reach * _NODES))

        def gone(days: Floats) -> Floats:
            over = np.maximum(reached * length[:, None], _LEAST_DAYS)
            first, second = (
                (_area(days[:, None], pace) - _area(days[:, None] - over, pace)) / over
                for pace in (np.array(self.days_at_once), half)
            )
            return np.asarray(self.at_once * first + (1 - self.at_once) * second)

        return gone(day) / gone(length)


def _area(days: Floats, half_life: Floats) -> Floats:
    """Integral of 1 − 2^(−x / half-life) from 0 to `days`, in days; 0 before."""
    days = np.maximum(days, 0.0)
    rate = np.log(2) / half_life
    return np.asarray(days + np.expm1(-rate * days) / rate)


def dated_shares(
    chosen: ReferenceClass, counts: Mapping[str, Sequence[DatedCount]], *, within_days: int = WITHIN_DAYS
) -> tuple[DatedShare, ...]:
    """Take the counts of the first days of each event, as shares of its highest count.

    An event is as long as its counts; what was published after the class's day is unknown.
    """
    found = []
    for event in chosen.events:
        known = [
            count
            for count in counts.get(event.id, ())
            if count.day >= event.start and (chosen.as_of is None or count.published <= chosen.as_of)
        ]
        if len(known) < 2:
            continue
        length = (max(count.day for count in known) - event.start).days
        highest = max(count.people for count in known)
        for count in known:
            day = (count.day - event.start).days
            if day <= within_days and day < length:
                found.append(DatedShare(event.cluster, event.id, day, length, count.people / highest))
    return tuple(found)


def crps(law: PaceLaw, rows: Sequence[DatedShare], *, half_lives: Floats | None = None) -> Floats:
    """Give the continuous ranked probability score of each count: (count,), shares.

    Parameters
    ----------
    half_lives
        That stand for those of the law, in days.
    """
    day, length = (np.array([getattr(row, of) for row in rows]) for of in ("day", "length"))
    half = law.half_lives(_NODES) if half_lives is None else half_lives
    members = np.sort(law.shares_of(half, day, length))
    number = members.shape[1]
    weights = (2 * np.arange(1, number + 1) - number - 1) / number**2
    truth = np.array([row.share for row in rows])
    return np.asarray(np.abs(members - truth[:, None]).mean(axis=1) - members @ weights)


def weights(rows: Sequence[DatedShare]) -> Floats:
    """Let every cluster weigh the same, and in it every event: (count,), adding to 1."""
    events: dict[str, set[str]] = {}
    counts: dict[str, int] = {}
    for row in rows:
        events.setdefault(row.cluster, set()).add(row.event)
        counts[row.event] = counts.get(row.event, 0) + 1
    return np.array([1 / counts[row.event] / len(events[row.cluster]) / len(events) for row in rows])
