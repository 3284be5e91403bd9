"""A chunk of members: a pure function of scenario, seed and member numbers, whoever runs it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from forewarn.arraytypes import Floats
from forewarn.errors import ForewarnError, Problem
from forewarn.forecast.member_worlds import MemberWorld, worlds
from forewarn.forecast.sampling import Address, Sampler, member_keys
from forewarn.forecast.variables import CAUSES, table_days
from forewarn.kernel.arrays import DONE, Record, State, new_state
from forewarn.kernel.native.member import simulate
from forewarn.network import Network
from forewarn.scenario import Scenario
from forewarn.scenario.model.models import MOST_PEOPLE

_FIRST_PARTY_ROOM = 16_384
"""Parties on the road at once; doubled when a member needs more, and kept for those after it.

A member that needs more is begun again, and a piece of a preview is four members: with room for 4,096
one member of Idlib in five was.
"""


class Posterior(Protocol):
    """What is known after observations: how members draw, and where people were counted."""

    @property
    def day(self) -> int | None:
        """Day on which members are brought to what was counted; None if they are not."""

    def uniforms(self, course: str, draws: NDArray[np.int64]) -> Mapping[Address, Floats]:
        """Uniforms of these draws of a course, by address."""

    def condition(self, key: NDArray[np.uint64], state: State, network: Network, record: Record) -> None:
        """Bring a member, at the end of `day`, to what was counted."""

    def probability(self, course: str) -> float:
        """How probable a course is after what was observed."""


def shapes(scenario: Scenario, network: Network) -> dict[str, tuple[int, ...]]:
    """Shape of each recorded variable of one member; the order is that of the kernel's record."""
    days, places = scenario.horizon_days + 1, len(network.names)
    tables, routes = len(table_days(scenario.horizon_days)), len(scenario.routes)
    by_place = dict.fromkeys(("present", "arrivals", "departures", "waiting", "remaining"), (days, places))
    by_day = dict.fromkeys(("on_the_road", "returned", "organised_returns", "blocked"), (days,))
    return {
        "left_home": (days, len(CAUSES)),
        "movements": (days,),
        **by_place,
        **by_day,
        "passed": (days, len(scenario.crossings)),
        "origin_destination": (tables, len(network.origins), places),
        "flows": (tables, routes, 2),
    }


def run_members(
    scenario: Scenario,
    network: Network,
    seed: int,
    members: NDArray[np.int64],
    posterior: Posterior | None = None,
    last_day: int | None = None,
) -> Mapping[str, NDArray[np.int32]]:
    """Simulate some members of an ensemble.

    Member k follows course ``k mod C`` with draw ``k div C``, C being the number of courses.

    Parameters
    ----------
    scenario, network, seed
        What the ensemble is of.
    members
        Numbers of members.
    posterior
        The posterior after observations, if any.
    last_day
        Stop here and leave later days at zero; the horizon if None.

    Returns
    -------
    Each variable of `shapes` with a leading dimension for the given members, people.
    """
    courses = scenario.courses
    out = {
        name: np.zeros((len(members), *shape), dtype=np.int32)
        for name, shape in shapes(scenario, network).items()
    }
    room = _FIRST_PARTY_ROOM
    for number, course in enumerate(courses):
        rows = np.flatnonzero(members % len(courses) == number)
        if not rows.size:
            continue
        draws = members[rows] // len(courses)
        sampler = Sampler(
            member_keys(seed, draws), None if posterior is None else posterior.uniforms(course.name, draws)
        )
        for row, world in zip(rows, worlds(scenario, course, network, sampler), strict=True):
            record = Record(*(out[name][row] for name in out))
            room = _run_member(world, network, last_day or scenario.horizon_days, record, room, posterior)
    return out


def _run_member(
    world: MemberWorld,
    network: Network,
    last_day: int,
    record: Record,
    room: int,
    posterior: Posterior | None,
) -> int:
    """Fill the record of one member; return the room for parties that it took."""
    days = np.array(table_days(len(record.movements) - 1), dtype=np.int64)
    counted = None if posterior is None else posterior.day
    while True:
        state = new_state(network.roads, network.places, world.plan, network.reach, room)
        code = DONE
        if posterior is not None and counted is not None and counted <= last_day:
            code = _go_on(world, network, counted, days, state, record)
            if code == DONE:
                posterior.condition(world.key, state, network, record)
        if code == DONE:
            code = _go_on(world, network, last_day, days, state, record)
        if code == DONE:
            _refuse_overflow(record.movements[: last_day + 1])
            return room
        room *= 2
        for variable in record:
            variable[...] = 0


def _refuse_overflow(movements: NDArray[np.int32]) -> None:
    """Refuse a member whose movements, the one sum that counts people again and again, left 32 bits.

    No day adds more than all people, of whom there are at most `MOST_PEOPLE`, so that the sum then falls.
    """
    if (movements[1:] < movements[:-1]).any():
        what = f"movements, repeat moves counted, add to more than {MOST_PEOPLE:,}"
        remedy = "Forecast fewer days, fewer places together, or a lower model.churn.monthly_rate"
        raise ForewarnError(Problem("forecast", what, remedy=remedy))


def _go_on(
    world: MemberWorld, network: Network, day: int, days: NDArray[np.int64], state: State, record: Record
) -> int:
    """Simulate a member up to a day."""
    return simulate(
        world.key,
        day,
        days,
        network.roads,
        network.places,
        world.plan,
        world.traits,
        world.behaviour,
        state,
        record,
    )
