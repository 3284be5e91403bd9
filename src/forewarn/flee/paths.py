"""Plans: paths over open country from every place to every place it is aware of (FLEE.md, 1.6)."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from forewarn.errors import Problem
from forewarn.flee.directory import FleeError

MOST_PLANS: Final = 2_000_000  # about 1 GiB of state; an assumption about the machine


@dataclass(frozen=True, slots=True)
class Link:
    """A road in one direction."""

    start: int
    end: int
    km: float
    road: int


@dataclass(frozen=True, slots=True)
class PathPlan:
    """A simple path: its links, and its length."""

    links: tuple[int, ...]
    km: float


def find_plans(
    links: Sequence[Link], *, places: int, markers: frozenset[int], awareness: int
) -> list[list[PathPlan]]:
    """Find all plans of every place.

    Parameters
    ----------
    links
        Both directions of every road.
    places
        Number of places.
    markers
        Places that are no goal and use up no step.
    awareness
        Greatest number of steps; -1: neighbours alone, nothing beyond a marker, as in Flee.

    Returns
    -------
    list of list of Plan
        By place, in the order in which paths are found; every distinct path to a place is a plan of its own.
    """
    onward: list[list[int]] = [[] for _ in range(places)]
    for number, link in enumerate(links):
        onward[link.start].append(number)
    found = []
    total = 0
    for place in range(places):
        found.append(_from(place, links, onward, markers, awareness, MOST_PLANS - total))
        total += len(found[-1])
    return found


def _from(
    place: int,
    links: Sequence[Link],
    onward: Sequence[Sequence[int]],
    markers: frozenset[int],
    awareness: int,
    most: int,
) -> list[PathPlan]:
    plans: list[PathPlan] = []
    pending: deque[tuple[int, tuple[int, ...], frozenset[int], float, int]] = deque(
        [(place, (), frozenset({place}), 0.0, abs(awareness))]
    )
    while pending:
        here, path, seen, km, steps = pending.popleft()
        if steps == 0:
            continue
        for number in onward[here]:
            link = links[number]
            if link.end in seen:
                continue
            longer, further = (*path, number), km + link.km
            left = steps
            if link.end not in markers:
                plans.append(PathPlan(longer, further))
                left -= 1
            elif awareness < 0:
                continue
            if len(plans) > most:
                what = f"there are more than {MOST_PLANS:,} paths with awareness_level {awareness}"
                raise FleeError(Problem("routes.csv", what, remedy="Lower awareness_level"))
            pending.append((link.end, longer, seen | {link.end}, further, left))
    return plans
