"""Shares of destinations, by place and by wider areas, and how well each level is known.

Shares are taken member by member, so that those of an area are those of its places together, and medians are
not added up.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final, NamedTuple

import numpy as np
import xarray as xr

from forewarn.arraytypes import Floats
from forewarn.forecast.member_worlds import area_name
from forewarn.forecast.quantiles import QUANTILES

MOST_ASTRAY: Final = 1 / 4
"""Share of the people whom a forecast may expect to be elsewhere than it says for its level to be told
(assumption: three of four right is the least that somebody can plan with)."""
CODED: Final = re.compile(r"(?P<beginning>[A-Z]{2}\d{4}|[A-Z]{2}\d{6})\d{2}")
"""P-codes of six or eight digits, with what they share with those of the same area above: a p-code begins
with its parent's (COD-AB), and in most countries adds two digits."""
LEAST_STEP: Final = 1e-4
"""Of shares in tables (assumption: nobody plans with a hundredth of a per cent)."""


class Level(NamedTuple):
    """A way to add up places.

    Parameters
    ----------
    name
        As in ``shares.csv``: ``place``, ``pcode``, ``parent_pcode``, ``area`` or ``zone``.
    units
        Name of the unit of each place, in the order of the places.
    """

    name: str
    units: tuple[str, ...]


class LevelShares(NamedTuple):
    """Shares of newly displaced people by the units of a level in one course.

    Parameters
    ----------
    names
        Of the units, largest mean share first.
    mean
        (unit,).
    quantiles
        (unit, quantile), at `QUANTILES`.
    interval
        (unit, 2), 10th and 90th percentile.
    people
        Median of newly displaced people in all.
    astray
        Share of the people whom the forecast expects, by its own spread, to be in another unit than its mean
        says: half the mean absolute deviation, summed over units.
    """

    level: Level
    names: tuple[str, ...]
    mean: Floats
    quantiles: Floats
    interval: Floats
    people: float
    astray: float

    def coarse(self, suppress_below: int) -> LevelShares:
        """Round shares to steps worth so many people at least, so that none gives away a small number.

        Rounded, shares of a level need not add to 1, and what is left of 1 tells nothing of a unit.
        """
        step = max(LEAST_STEP, suppress_below / max(self.people, suppress_below, 1))
        step = 1.0 / np.floor(1.0 / step)
        rounded = (np.round(each / step) * step for each in (self.mean, self.quantiles, self.interval))
        mean, quantiles, interval = rounded
        return self._replace(mean=mean, quantiles=quantiles, interval=interval)

    @property
    def is_known(self) -> bool:
        """Whether three of four people are expected where the mean says."""
        return self.astray <= MOST_ASTRAY


def levels(dataset: xr.Dataset) -> tuple[Level, ...]:
    """List the levels of a forecast, finest first; one with as many units as the one before is left out."""
    place, code, admin1, zone = (
        dataset[name].values.astype(str).tolist()
        for name in ("place", "place_pcode", "place_admin1", "place_zone")
    )
    ways: tuple[tuple[str, Callable[[int], str]], ...] = (
        ("place", lambda at: place[at]),
        ("pcode", lambda at: code[at] or place[at]),
        ("parent_pcode", lambda at: _parent(code[at]) or place[at]),
        ("area", lambda at: area_name(zone[at], admin1[at])),
        ("zone", lambda at: zone[at]),
    )
    found: list[Level] = []
    for name, unit in ways:
        units = tuple(unit(at) for at in range(len(place)))
        if not found or len(set(units)) < len(set(found[-1].units)):
            found.append(Level(name, units))
    return tuple(_named(each, place) for each in found)


def shares_of_course(dataset: xr.Dataset, course: str, level: Level) -> LevelShares:
    """Give shares of newly displaced people on the last day of a course, those within their place included.

    Members in which nobody is displaced are left out; without any other the shares are 0.
    """
    chosen = dataset["course"].values.astype(str) == course
    people = dataset["present"].values[chosen, -1].astype(np.float64)
    people = people[people.sum(axis=1) > 0]
    names, number = np.unique(level.units, return_inverse=True)
    shares = np.zeros((max(len(people), 1), len(names)))
    if len(people):
        np.add.at(shares.T, number, people.T)
        shares /= people.sum(axis=1, keepdims=True)
    mean = shares.mean(axis=0)
    order = np.argsort(-mean, kind="stable")
    return LevelShares(
        level,
        tuple(names[order].tolist()),
        mean[order],
        np.quantile(shares, QUANTILES, axis=0).T[order],
        np.quantile(shares, (0.1, 0.9), axis=0).T[order],
        float(np.median(people.sum(axis=1))) if len(people) else 0.0,
        float(np.abs(shares - mean).mean(axis=0).sum() / 2),
    )


def finest_known(dataset: xr.Dataset, course: str) -> LevelShares:
    """Give the shares of the finest level that is known; of the coarsest if none is."""
    for level in levels(dataset):
        found = shares_of_course(dataset, course, level)
        if found.is_known:
            return found
    return found


def _parent(code: str) -> str:
    found = CODED.fullmatch(code)
    return f"{found['beginning']}…" if found else code


def _named(level: Level, place: list[str]) -> Level:
    """Name areas by p-code after their first place, which is their chief one in most tables."""
    if level.name not in ("pcode", "parent_pcode"):
        return level
    members: dict[str, list[str]] = {}
    for unit, name in zip(level.units, place, strict=True):
        members.setdefault(unit, []).append(name)
    titles = {unit: _title(unit, names) for unit, names in members.items()}
    return level._replace(units=tuple(titles[unit] for unit in level.units))


def _title(unit: str, places: list[str]) -> str:
    if places == [unit]:
        return unit
    return f"{places[0]} ({unit})" if len(places) == 1 else f"{places[0]} and {len(places) - 1} more ({unit})"
