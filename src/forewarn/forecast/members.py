"""A chunk of members: a pure function of scenario, seed and member numbers, whoever runs it."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from forewarn.forecast.variables import CAUSES, table_days
from forewarn.forecast.worlds import World, worlds
from forewarn.kernel.arrays import DONE, Record, new_state
from forewarn.kernel.member import simulate
from forewarn.network import Network
from forewarn.scenario import Scenario

_FIRST_PARTY_ROOM = (
    4096  # parties on the road at once; doubled when a member needs more, and kept for those after it
)


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
    scenario: Scenario, network: Network, seed: int, members: NDArray[np.int64]
) -> Mapping[str, NDArray[np.int32]]:
    """Simulate some members of an ensemble.

    Member k follows course ``k mod C`` with draw ``k div C``, C being the number of courses.

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
        for row, world in zip(rows, worlds(scenario, course, network, seed, draws), strict=True):
            record = Record(*(out[name][row] for name in out))
            room = _run_member(world, network, scenario.horizon_days, record, room)
    return out


def _run_member(world: World, network: Network, horizon_days: int, record: Record, room: int) -> int:
    """Fill the record of one member; return the room for parties that it took."""
    days = np.array(table_days(horizon_days), dtype=np.int64)
    while True:
        state = new_state(network.roads, network.places, world.plan, network.reach, room)
        code = simulate(
            world.key,
            days,
            network.roads,
            network.places,
            world.plan,
            world.traits,
            world.behaviour,
            state,
            record,
        )
        if code == DONE:
            return room
        room *= 2
        for variable in record:
            variable[...] = 0
