"""Several reports at once: they must be about one area."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import Final

from forewarn.drafting.distances import distance_km, position_of
from forewarn.drafting.refusals import NoOffensiveError
from forewarn.drafting.report.situation import find_situation
from forewarn.drafting.user_tables.places import OwnPlace
from forewarn.errors import ForewarnError, Problem
from forewarn.facts import PlaceMention, Reading

APART_KM: Final = 300.0
"""Areas farther apart than this, in km, are those of two offensives; assumption."""


def refuse_two_areas(readings: Sequence[Reading], own: Sequence[OwnPlace] = ()) -> None:
    """Refuse reports that, each for itself, are about areas far from one another.

    A report that holds no attack of its own only adds figures, and is about no area.

    Raises
    ------
    ForewarnError
        Two reports are about two areas.
    """
    found: list[tuple[str, PlaceMention]] = []
    for reading in readings if len(readings) > 1 else ():
        try:
            found.append((reading.document.name, find_situation([reading], own).area))
        except NoOffensiveError:
            continue
    for (one, first), (other, second) in combinations(found, 2):
        if distance_km(position_of(first), position_of(second)) > APART_KM:
            what = f"{one} is about {first.name}, {other} about {second.name}"
            remedy = "Draft each offensive from its own reports"
            raise ForewarnError(Problem(f"{one}, {other}", what, "reports about one area", remedy))
