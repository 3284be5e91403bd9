"""The numbers that move a forecast most, tried out: the same members with one number low, then high.

`sensitivity` reads off the ensemble which numbers go with the spread; there, all numbers vary at once. Here
a few members run twice with the same luck and one number set to its 10th, then to its 90th percentile: the
difference is what that number does alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from forewarn.arraytypes import Floats
from forewarn.errors import Problem, UsageError
from forewarn.forecast.member_worlds import MemberWorld
from forewarn.forecast.members import run_members
from forewarn.forecast.running import Executor, Progress, executing
from forewarn.forecast.sampling import Address, quantile
from forewarn.forecast.sensitivity import Driver
from forewarn.forecast.summary import ORDINARY
from forewarn.forecast.variables import CAUSES, check
from forewarn.kernel.arrays import Record, State
from forewarn.kernel.draws import QUANTITY
from forewarn.network import Network, build, key_of
from forewarn.scenario import Quantity, Scenario, quantities

if TYPE_CHECKING:
    from forewarn.forecast.members import Posterior

MEMBERS: Final = 20
"""Futures run for each number and each end: few, since pairs share their luck and each costs a simulation."""
MOST: Final = 10
ENDS: Final = (0.1, 0.9)
"""Percentiles that a number is set to."""
CENTRAL: Final = (0.05, 0.5, 0.95)


@dataclass(frozen=True, slots=True)
class PairedRun:
    """What a number does alone to one course: result with it high less result with it low, people.

    Parameters
    ----------
    course, path
        As in `Driver`.
    low_value, high_value
        The number's 10th and 90th percentile.
    low, median, high
        5 %, 50 % and 95 % quantile of the difference over the members.
    members
        Pairs that were run.
    """

    course: str
    path: str
    low_value: float
    high_value: float
    low: int
    median: int
    high: int
    members: int


class _Pair(NamedTuple):
    """A number and where the two runs of its members pin it."""

    driver: Driver
    quantity: Quantity
    ends: tuple[float, float]
    members: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class _Pinned:
    """A posterior in which one number is the same for every member."""

    posterior: Posterior | None
    address: Address
    uniform: float

    @property
    def days(self) -> tuple[int, ...]:
        return () if self.posterior is None else self.posterior.days

    def uniforms(self, course: str, draws: NDArray[np.int64]) -> Mapping[Address, Floats]:
        before = {} if self.posterior is None else self.posterior.uniforms(course, draws)
        return {**before, self.address: np.full(len(draws), self.uniform)}

    def condition(self, day: int, world: MemberWorld, state: State, network: Network, record: Record) -> None:
        assert self.posterior is not None
        self.posterior.condition(day, world, state, network, record)

    def probability(self, course: str) -> float:
        assert self.posterior is not None
        return self.posterior.probability(course)


def run_pairs(
    dataset: xr.Dataset,
    scenario: Scenario,
    drivers: Sequence[Driver],
    *,
    members: int = MEMBERS,
    most: int = MOST,
    posterior: Posterior | None = None,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> tuple[PairedRun, ...]:
    """Run the first members of a forecast again with single numbers low and high.

    Parameters
    ----------
    dataset
        A forecast of `scenario`, with its seed.
    drivers
        Numbers to choose from (`sensitivity.drivers`): those whose quarters lie farthest apart are run.
    members
        Futures for each number and each of its two ends, at least 2; fewer if its course has fewer.
    most
        Numbers to run, over all courses.
    posterior
        The posterior that the forecast was drawn from, if any; percentiles of a number are then its own.
    executor, progress
        As for `run`.

    Returns
    -------
    tuple of PairedRun
        In the order of `drivers`.

    Raises
    ------
    UsageError
        If there are fewer than 2 members.
    """
    check(dataset)
    if members < 2:
        raise UsageError(Problem("members of a paired run", f"{members}", "2 or more"))
    pairs = _pairs(dataset, scenario, drivers, members, most, posterior)
    network, seed = build(scenario), int(dataset.attrs["seed"])
    with executing(executor) as pool:
        futures = [
            [
                pool.submit(
                    _displaced, scenario, network, seed, pair.members, _pinned(pair.driver, end, posterior)
                )
                for end in pair.ends
            ]
            for pair in pairs
        ]
        found = []
        for number, (pair, ends) in enumerate(zip(pairs, futures, strict=True), start=1):
            low, high = (each.result() for each in ends)
            found.append(_summed_up(pair, high - low))
            if progress is not None:
                progress(number, len(pairs))
    return tuple(found)


def _pairs(
    dataset: xr.Dataset,
    scenario: Scenario,
    drivers: Sequence[Driver],
    members: int,
    most: int,
    posterior: Posterior | None,
) -> list[_Pair]:
    """Choose the numbers that are worth it, and the members to run."""
    courses = dataset["course"].values.astype(str)
    draws = dataset["draw"].values
    known = dict(quantities(scenario))
    greatest = sorted(drivers, key=lambda each: -abs(each.high - each.low))[:most]
    pairs = []
    for driver in (each for each in drivers if each in greatest):
        of_course = np.flatnonzero(courses == driver.course)
        ends = ENDS
        if posterior is not None:
            learnt = posterior.uniforms(driver.course, draws[of_course]).get(_address(driver.path))
            if learnt is not None:
                ends = (float(np.quantile(learnt, ENDS[0])), float(np.quantile(learnt, ENDS[1])))
        pairs.append(_Pair(driver, known[driver.path], ends, of_course[:members]))
    return pairs


def _address(path: str) -> Address:
    return Address(int(QUANTITY), int(key_of(path)), 0)


def _pinned(driver: Driver, uniform: float, posterior: Posterior | None) -> _Pinned:
    return _Pinned(posterior, _address(driver.path), uniform)


def _displaced(
    scenario: Scenario, network: Network, seed: int, members: NDArray[np.int64], posterior: _Pinned
) -> NDArray[np.int64]:
    """People displaced by the offensive, fear or a warning at the horizon, (n,)."""
    left = run_members(scenario, network, seed, members, posterior)["left_home"][:, -1]
    by_offensive = [number for number, cause in enumerate(CAUSES) if cause != ORDINARY]
    return np.asarray(left[:, by_offensive].sum(axis=1, dtype=np.int64))


def _summed_up(pair: _Pair, difference: NDArray[np.int64]) -> PairedRun:
    low_value, high_value = quantile(pair.quantity, np.array(pair.ends)).tolist()
    low, median, high = np.quantile(difference, CENTRAL, method="inverted_cdf").astype(int).tolist()
    return PairedRun(
        course=pair.driver.course,
        path=pair.driver.path,
        low_value=low_value,
        high_value=high_value,
        low=low,
        median=median,
        high=high,
        members=len(difference),
    )
