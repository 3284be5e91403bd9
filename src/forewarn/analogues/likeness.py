"""The nearest past cases: a second opinion that needs no model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import log10
from typing import Final

from forewarn.analogues.attributes import Attributes
from forewarn.analogues.events import EXITS, PastOffensive
from forewarn.analogues.selection import ReferenceClass

NEAREST: Final = 10


@dataclass(frozen=True, slots=True)
class Analogue:
    """A past event with its distance from what was asked for, and its figures as known on the day."""

    event: PastOffensive
    distance: float
    share: float
    days_to_half: float | None
    crossing: float | None


def nearest_cases(
    attributes: Attributes, chosen: ReferenceClass, *, count: int = NEAREST
) -> tuple[Analogue, ...]:
    """Find the past events most like a new one, among those whose share displaced is known.

    Nearest first; of equally near ones the latest first.
    """
    cases = [
        Analogue(
            event, distance(attributes, event), share, event.days(chosen.as_of), event.crossing(chosen.as_of)
        )
        for event, share in chosen.shares()
    ]
    cases.sort(key=lambda case: (round(case.distance, 9), -case.event.end.toordinal(), case.event.id))
    return tuple(cases[:count])


def distance(attributes: Attributes, event: PastOffensive) -> float:
    """Say how unlike an event is: 1 for another scope or kind, a half for each step of exits.

    A factor of ten in people, or in the length of the window, counts 1. Unknown attributes count nothing.
    The weights are a convention, not a fit.
    """
    apart = float(attributes.scope not in (None, event.scope))
    apart += float(bool(event.kind) and attributes.kind not in (None, event.kind))
    if attributes.exits and event.exits:
        apart += abs(EXITS.index(attributes.exits) - EXITS.index(event.exits)) / 2
    if attributes.people is not None and event.population:
        apart += abs(log10(attributes.people / event.population))
    if attributes.window_days is not None:
        apart += abs(log10(attributes.window_days / event.window_days))
    return apart


def shares_range(cases: Sequence[Analogue]) -> tuple[float, float, float]:
    """Give the least, the middle and the greatest share displaced of some cases."""
    shares = sorted(case.share for case in cases)
    half = len(shares) // 2
    middle = shares[half] if len(shares) % 2 else (shares[half - 1] + shares[half]) / 2
    return shares[0], middle, shares[-1]
