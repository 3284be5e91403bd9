"""How far along a road people can be after whole days of driving and walking (FLEE.md, 1.4)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from forewarn.flee.paths import Link
from forewarn.flee.settings import FleeSettings


class Phases:
    """How far along a link a party can be after whole days, and what a further day makes of it.

    Parameters
    ----------
    links
        All links.
    numbers
        For each link the further columns of its road.
    settings
        Speeds of those that have none of their own.
    """

    def __init__(
        self, links: Sequence[Link], numbers: Sequence[Mapping[str, float]], settings: FleeSettings
    ) -> None:
        self.speed = np.array([own.get("max_move_speed", settings.max_move_speed) for own in numbers])
        self.walk = np.array([own.get("walk_probability", 0.0) for own in numbers])
        self.km: list[float] = []
        self.drive: list[int] = []
        self.on_foot: list[int] = []
        self.fresh: list[bool] = []
        self.first = np.zeros(len(links), dtype=np.int64)
        self.first_fresh = np.zeros(len(links), dtype=np.int64)
        for number, link in enumerate(links):
            foot = settings.max_walk_speed
            self.first[number] = self._add(link.km, self.speed[number], foot, self.walk[number], False)
            self.first_fresh[number] = self.first[number]
            if settings.start_on_foot:
                self.first_fresh[number] = self._add(link.km, 0.0, foot, 1.0, True)
        self.width = np.diff(np.append(self.first, len(self.km)))

    def _add(self, length: float, drive: float, foot: float, walk: float, fresh: bool) -> int:
        """Add the phases of one link; days driven and days walked say where a party is."""
        first = len(self.km)
        found = {(0, 0): first}
        pending = [(0, 0)]
        while pending:
            driven, walked = pending.pop(0)
            km = driven * drive + walked * foot
            self.km.append(km)
            self.fresh.append(fresh)
            onward = []
            for step, speed, possible in (((1, 0), drive, walk < 1), ((0, 1), foot, walk > 0)):
                state = (driven + step[0], walked + step[1])
                if not possible or km + speed > length:
                    onward.append(-1)
                    continue
                if state not in found:
                    found[state] = first + len(found)
                    pending.append(state)
                onward.append(found[state])
            self.drive.append(onward[0])
            self.on_foot.append(onward[1])
        return first
