"""A chunk of members: a pure function of scenario, seed and member numbers, whoever runs it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from forewarn.arraytypes import Floats, Ints
from forewarn.errors import ForewarnError, Problem
from forewarn.forecast.first_difference import days_before_attacks
from forewarn.forecast.kept_members import KeptMember, KeptMembers, squeezed
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


ChooseDays = Callable[[int, MemberWorld], Sequence[int]]


class Posterior(Protocol):
    """What is known after observations: how members draw, and where people were counted."""

    @property
    def days(self) -> tuple[int, ...]:
        """Days at whose ends members are brought to what was counted, in order."""

    def uniforms(self, course: str, draws: NDArray[np.int64]) -> Mapping[Address, Floats]:
        """Uniforms of these draws of a course, by address."""

    def condition(self, day: int, world: MemberWorld, state: State, network: Network, record: Record) -> None:
        """Bring a member, at the end of one of `days`, to what was counted.

        It may change the state, the record of that day and earlier ones, and the appeal of places.
        """

    def probability(self, course: str) -> float:
        """How probable a course is after what was observed."""


def shapes(scenario: Scenario, network: Network) -> dict[str, tuple[int, ...]]:
    """Shape of each recorded variable of one member; the order is that of the kernel's record."""
    days, places = scenario.horizon_days + 1, len(network.names)
    tables, routes = len(table_days(scenario.horizon_days)), len(scenario.routes)
    by_place = dict.fromkeys(
        ("present", "within", "arrivals", "departures", "waiting", "remaining"), (days, places)
    )
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


def zeros(scenario: Scenario, network: Network, members: int) -> dict[str, NDArray[np.int32]]:
    """Give the variables of `shapes` for so many members, nobody anywhere yet."""
    return {
        name: np.zeros((members, *shape), dtype=np.int32) for name, shape in shapes(scenario, network).items()
    }


def worlds_of_members(
    scenario: Scenario,
    network: Network,
    seed: int,
    members: NDArray[np.int64],
    posterior: Posterior | None = None,
) -> Iterator[tuple[int, MemberWorld]]:
    """Draw the worlds of members, course by course, each with its row in `members`."""
    courses = scenario.courses
    for number, course in enumerate(courses):
        rows = np.flatnonzero(members % len(courses) == number)
        if not rows.size:
            continue
        draws = members[rows] // len(courses)
        given = None if posterior is None else posterior.uniforms(course.name, draws)
        sampler = Sampler(member_keys(seed, draws), given)
        yield from zip(rows.tolist(), worlds(scenario, course, network, sampler), strict=True)


def run_members(
    scenario: Scenario,
    network: Network,
    seed: int,
    members: NDArray[np.int64],
    posterior: Posterior | None = None,
    last_day: int | None = None,
    kept: KeptMembers | None = None,
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
    kept
        Members of this or another scenario that `keep_members` kept. Where one has the same number and is
        the same up to a day that was kept, the member goes on from there. It changes no result.

    Returns
    -------
    Each variable of `shapes` with a leading dimension for the given members, people.
    """
    run = _Run(scenario, network, last_day or scenario.horizon_days, posterior, kept=kept)
    return run.members(seed, members)[0]


def keep_members(
    scenario: Scenario,
    network: Network,
    seed: int,
    members: NDArray[np.int64],
    days: ChooseDays = days_before_attacks,
) -> tuple[Mapping[str, NDArray[np.int32]], KeptMembers]:
    """Simulate some members and keep them as they stood at the end of some days.

    Parameters
    ----------
    scenario, network, seed, members
        As for `run_members`.
    days
        Gives the days from 1 to the horizon on which to keep a member, by its number and its world.

    Returns
    -------
    What `run_members` gives, and what it takes to go on from there. The records of kept members are the
    variables themselves: they are not to be changed.
    """
    run = _Run(scenario, network, scenario.horizon_days, keep=days)
    variables, kept = run.members(seed, members)
    return variables, KeptMembers(scenario, network, kept)


@dataclass(frozen=True, slots=True)
class _Run:
    """How members are run: what they have in common, and where they stop."""

    scenario: Scenario
    network: Network
    last_day: int
    posterior: Posterior | None = None
    keep: ChooseDays | None = None
    kept: KeptMembers | None = None

    def members(
        self, seed: int, members: NDArray[np.int64]
    ) -> tuple[Mapping[str, NDArray[np.int32]], Mapping[int, KeptMember]]:
        """Give the variables of some members, and those that are kept."""
        out = zeros(self.scenario, self.network, len(members))
        keeps: dict[int, KeptMember] = {}
        gates = None if self.kept is None else self.kept.gates_in(self.scenario, self.network)
        begins = {} if self.kept is None or gates is None else self.kept.members
        room = _FIRST_PARTY_ROOM
        for row, world in worlds_of_members(self.scenario, self.network, seed, members, self.posterior):
            member = int(members[row])
            record = Record(*(out[name][row] for name in out))
            keep_days = () if self.keep is None else self.keep(member, world)
            states, room = self._member(world, record, room, keep_days, begins.get(member), gates)
            if self.keep is not None:
                keeps[member] = KeptMember(world, states, record)
        return out, keeps

    def _member(
        self,
        world: MemberWorld,
        record: Record,
        room: int,
        keep_days: Sequence[int],
        begin: KeptMember | None,
        gates: Ints | None,
    ) -> tuple[Mapping[int, State], int]:
        """Fill the record of one member; return the states to keep and the room for parties that it took."""
        since = 0 if begin is None else begin.newest_day(world, self.last_day, self._counted)
        while True:
            state = new_state(self.network.roads, self.network.places, world.plan, self.network.reach, room)
            has_room = begin is None or since == 0 or begin.copy_into(state, record, since, gates)
            states = self._go_on(world, since, state, record, keep_days) if has_room else None
            if states is not None:
                _refuse_overflow(record.movements[: self.last_day + 1])
                return states, room
            room *= 2
            for variable in record:
                variable[...] = 0

    @property
    def _counted(self) -> tuple[int, ...]:
        return () if self.posterior is None else self.posterior.days

    def _go_on(
        self, world: MemberWorld, since: int, state: State, record: Record, keep_days: Sequence[int]
    ) -> Mapping[int, State] | None:
        """Simulate a member from the end of day `since`; give what is kept, None for want of room."""
        days = np.array(table_days(self.scenario.horizon_days), dtype=np.int64)
        if self._counted:
            world = world._replace(traits=world.traits._replace(appeal=world.traits.appeal.copy()))
        stops = {*self._counted, *keep_days, self.last_day}
        states = {}
        for day in sorted(day for day in stops if since < day <= self.last_day):
            code = simulate(
                world.key, day, days, self.network.roads, self.network.places, world.plan, world.traits,
                world.behaviour, state, record,
            )  # fmt: skip
            if code != DONE:
                return None
            if self.posterior is not None and day in self._counted:
                self.posterior.condition(day, world, state, self.network, record)
            if day in keep_days:
                states[day] = squeezed(state)
        return states


def _refuse_overflow(movements: NDArray[np.int32]) -> None:
    """Refuse a member whose movements, the one sum that counts people again and again, left 32 bits.

    No day adds more than all people, of whom there are at most `MOST_PEOPLE`, so that the sum then falls.
    """
    if (movements[1:] < movements[:-1]).any():
        what = f"movements, repeat moves counted, add to more than {MOST_PEOPLE:,}"
        remedy = "Forecast fewer days, fewer places together, or a lower model.churn.monthly_rate"
        raise ForewarnError(Problem("forecast", what, remedy=remedy))
