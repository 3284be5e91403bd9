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
from forewarn.forecast.quantiles import QUANTILES

MOST_ASTRAY: Final = 1 / 4
"""Share of the people whom a forecast may expect to be elsewhere than it says for its level to be told
(assumption: three of four right is the least that somebody can plan with)."""
CODED: Final = re.compile(r"(?P<parent>[A-Z]{2}\d{4}|[A-Z]{2}\d{6})\d{2}")
"""P-codes of the third and fourth level where each level has two digits, with that of the area above: it
begins with its parent's (COD-AB). Of other codes it is not plain where the parent's ends."""


class Level(NamedTuple):
    """A way to add up places.

    Parameters
    ----------
    name
        As in ``shares.csv``: ``place``, ``pcode``, ``parent_pcode``, ``area`` or ``zone``.
    title
        In words, for one unit.
    units
        Name of the unit of each place, in the order of the places.
    """

    name: str
    title: str
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
    ways: tuple[tuple[str, str, Callable[[int], str]], ...] = (
        ("place", "place", lambda at: place[at]),
        ("pcode", "area with a p-code", lambda at: code[at] or place[at]),
        ("parent_pcode", "area above it by p-code", lambda at: _parent(code[at]) or place[at]),
        ("area", "region by side", lambda at: f"{zone[at]} in {admin1[at]}" if admin1[at] else zone[at]),
        ("zone", "side", lambda at: zone[at]),
    )
    found: list[Level] = []
    for name, title, unit in ways:
        units = tuple(unit(at) for at in range(len(place)))
        if not found or len(set(units)) < len(set(found[-1].units)):
            found.append(Level(name, title, units))
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
        shares = people @ np.eye(len(names))[number] / people.sum(axis=1, keepdims=True)
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
    return found["parent"] if found else code


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
