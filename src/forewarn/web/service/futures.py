"""Futures of one course: simulated in pieces, joined, kept, and put together to a forecast.

A member of an ensemble is a draw of a course (docs/architecture.md), and depends neither on the other
courses nor on how probable its own is. So futures are kept course by course: a change that touches one course
costs that course alone, and a change of probabilities costs nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import Final

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from forewarn.forecast.kept_members import KeptMembers
from forewarn.forecast.members import run_members
from forewarn.forecast.running import labelled, labels
from forewarn.forecast.variables import VARIABLES
from forewarn.network import Network, build
from forewarn.outlook.view import ForecastView
from forewarn.scenario import Course, Scenario

SUMMED: Final = "origin_destination"
"""The one table that is only kept as a sum over draws: it would be as large as all others together."""
LEFT_OUT: Final = ("remaining", SUMMED)


@dataclass(frozen=True, slots=True)
class Futures:
    """The first draws of one course.

    Parameters
    ----------
    arrays
        Variables of a forecast by name, people; the first dimension is the draw.
    origins
        Sum over draws of newly displaced people by day of the tables, origin and place.
    summed
        How many draws `origins` adds up.
    """

    arrays: Mapping[str, NDArray[np.int32]]
    origins: NDArray[np.int64]
    summed: int

    @property
    def draws(self) -> int:
        """How many draws there are."""
        return len(self.arrays["movements"])

    @property
    def nbytes(self) -> int:
        """Memory it takes, bytes."""
        return self.origins.nbytes + sum(array.nbytes for array in self.arrays.values())

    def first(self, draws: int) -> Futures:
        """Give the first draws alone; `origins` stays the sum over all."""
        if draws >= self.draws:
            return self
        return Futures(
            {name: array[:draws] for name, array in self.arrays.items()}, self.origins, self.summed
        )


def joined(parts: Sequence[Futures]) -> Futures:
    """Put pieces together in the order of their draws."""
    if len(parts) == 1:
        return parts[0]
    return Futures(
        {name: np.concatenate([part.arrays[name] for part in parts]) for name in parts[0].arrays},
        np.sum([part.origins for part in parts], axis=0),
        sum(part.summed for part in parts),
    )


def simulate(
    scenario: Scenario, network: Network, seed: int, first: int, last: int, kept: KeptMembers | None = None
) -> Futures:
    """Simulate draws `first` to before `last` of a scenario with one course, from kept states if they fit."""
    found = run_members(scenario, network, seed, np.arange(first, last), kept=kept)
    return Futures(
        {name: array for name, array in found.items() if name not in LEFT_OUT},
        found[SUMMED].sum(axis=0, dtype=np.int64),
        last - first,
    )


def of_dataset(dataset: xr.Dataset) -> dict[str, Futures]:
    """Take a forecast apart by course."""
    names = dataset["course"].values.astype(str)
    taken = {}
    for name in dict.fromkeys(names.tolist()):
        own = dataset.isel(member=np.flatnonzero(names == name))
        arrays = {str(key): own[key].values for key in own.data_vars if key not in LEFT_OUT}
        origins = own[SUMMED].values.sum(axis=0, dtype=np.int64)
        taken[name] = Futures(arrays, origins, own.sizes["member"])
    return taken


def alone(scenario: Scenario, course: Course) -> Scenario:
    """Give the scenario with one course and without what no future depends on."""
    bare = course.model_copy(
        update={
            "title": "",
            "summary": "",
            "probability": course.probability.model_copy(
                update={"value": 1.0, "source": "assumption: alone"}
            ),
        }
    )
    return scenario.model_copy(
        update={
            "name": "alone",
            "title": "alone",
            "summary": "",
            "courses": (bare,),
            "claims": (),
            "triggers": (),
            "draft": None,
            "analogues": None,
            "sources": {},
        }
    )


def key_of(single: Scenario, seed: int) -> str:
    """Fingerprint of what the futures of one course depend on: SHA-256, 64 hexadecimal digits."""
    return hashlib.sha256(f"{seed}\n{single.model_dump_json(by_alias=True)}".encode()).hexdigest()


@dataclass(frozen=True)
class MemberForecast:
    """A scenario and the futures of its courses, the same number of each."""

    scenario: Scenario
    seed: int
    courses: Mapping[str, Futures]

    @property
    def members(self) -> int:
        """How many futures there are in all."""
        return sum(futures.draws for futures in self.courses.values())

    @property
    def draws(self) -> int:
        """How many futures each course has."""
        return min(futures.draws for futures in self.courses.values())

    @cached_property
    def dataset(self) -> xr.Dataset:
        """Label it with the names of a forecast, so that every summary of one can be asked.

        `remaining` and `origin_destination` are missing: this is for reading, not for handing on.
        """
        scenario, count = self.scenario, len(self.courses)
        members = count * self.draws
        dims = {variable.name: variable.dims for variable in VARIABLES}
        values = {}
        for name in next(iter(self.courses.values())).arrays:
            parts = [self.courses[course.name].arrays[name][: self.draws] for course in scenario.courses]
            # Member k is draw k div C of course k mod C.
            values[name] = (dims[name], np.stack(parts, axis=1).reshape(members, *parts[0].shape[1:]))
        attributes = {
            "scenario": scenario.name,
            "seed": self.seed,
            "members": members,
            "issued": scenario.issued.isoformat(),
            "created": datetime.now(UTC).isoformat(timespec="seconds"),
        }
        return labelled(values, labels(scenario, build(scenario), members), attributes)

    @cached_property
    def view(self) -> ForecastView:
        """The summaries that the outlook and the app share, each computed once."""
        return ForecastView(self.dataset, self.scenario)
