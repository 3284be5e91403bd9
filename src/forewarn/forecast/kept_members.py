"""Members kept as they stood on some days, so that others can go on from there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from forewarn.arraytypes import Ints
from forewarn.forecast.first_difference import first_difference
from forewarn.forecast.member_worlds import MemberWorld
from forewarn.forecast.variables import table_days
from forewarn.kernel.arrays import (
    GATE,
    NO_GATE,
    ChoiceSets,
    Record,
    Roads,
    State,
)
from forewarn.network import Network
from forewarn.scenario import Scenario

MOST_PLACES: Final = 300
"""Above, a state takes more than 3 MB, and keeping many of them more memory than it is worth; assumption."""

_TABLES: Final = ("origin_destination", "flows")
"""Variables of the record that have rows for table days, not for days."""
_OF_ATTACKS: Final = (
    *("gate", "gate_route", "gate_near", "gate_far", "gate_key"),
    *("near_start", "near_place", "near_km"),
)
"""Arrays of the roads that depend on what courses attack, besides the roads themselves."""
_WIDTHS: Final = (np.int8, np.int16, np.int32)


@dataclass(frozen=True, slots=True)
class KeptMember:
    """A member that ran to the horizon, and its states on the way.

    Parameters
    ----------
    world
        What it drew.
    states
        Its state at the end of some days, squeezed (`squeezed`): some 0.4 MB each for Idlib 2018. Never
        handed to the kernel; `copy_into` copies them.
    record
        Of all days; read only.
    """

    world: MemberWorld
    states: Mapping[int, State]
    record: Record

    @property
    def nbytes(self) -> int:
        """Memory of its states and its record, bytes."""
        groups = [group for state in self.states.values() for group in state]
        return sum(array.nbytes for group in (self.record, *groups) for array in group)

    def newest_day(self, world: MemberWorld, last_day: int, others: tuple[int, ...] = ()) -> int:
        """Give the newest day from whose end a member of another world may go on; 0 if there is none.

        Parameters
        ----------
        world
            Of the other member.
        last_day
            Day to which it is simulated; the answer if nothing differs so far.
        others
            Days on which it is changed besides (`Posterior.days`), not before their ends.
        """
        differs = first_difference(self.world, world, self.record)
        first = min([last_day + 1 if differs is None else differs, *others])
        return last_day if first > last_day else max((day for day in self.states if day < first), default=0)

    def copy_into(self, state: State, record: Record, day: int, gates: Ints | None = None) -> bool:
        """Write days into a record of zeros up to that of `newest_day`, and its end into a new state.

        Parameters
        ----------
        state
            What `new_state` gives.
        record
            Zeros.
        day
            Of `newest_day`.
        gates
            What `KeptMembers.gates_in` gives for another network.

        Returns
        -------
        bool
            False if the state has no room for the parties.
        """
        tables = sum(each <= day for each in table_days(len(self.record.movements) - 1))
        for name, own, other in zip(Record._fields, self.record, record, strict=True):
            rows = tables if name in _TABLES else day + 1
            other[:rows] = own[:rows]
        if day not in self.states:  # nothing differs, and nothing is left to simulate
            return True
        kept = self.states[day]
        if gates is not None:
            kept = _with_other_gates(kept, gates, len(state.people.waiting))
        if len(kept.parties.table) > len(state.parties.table):
            return False
        groups: Iterable[tuple[Any, Any]] = zip(state, kept, strict=True)
        for group, of_kept in groups:
            for array, of_array in zip(group, of_kept, strict=True):
                array[: len(of_array)] = of_array
        return True


@dataclass(frozen=True, slots=True)
class KeptMembers:
    """Members of one scenario, by their numbers in the ensemble."""

    scenario: Scenario
    network: Network
    members: Mapping[int, KeptMember]

    @property
    def nbytes(self) -> int:
        """Memory of all, bytes."""
        return sum(member.nbytes for member in self.members.values())

    def gates_in(self, scenario: Scenario, network: Network) -> Ints | None:
        """Give the number of each gate in the network of another scenario, -1 where it has none; (Q,).

        None if its members cannot go on from these: places, routes or the reach of fear are others.

        What a course attacks and who then holds it decides which roads may ever be gated, and for which
        places it is kept what is near. As long as two worlds are the same, what only one of the networks
        has is not used in either: nobody waits at a gate that is not gated, and nobody fears an attack that
        has not begun.
        """
        own, other = self.network.roads, network.roads
        shared = [
            (getattr(own, name), getattr(other, name)) for name in Roads._fields if name not in _OF_ATTACKS
        ]
        shared += zip(self.network.places, network.places, strict=True)
        reach = [each.model.fear.decay_km.bounds()[1] for each in (self.scenario, scenario)]
        is_same = self.network.reach == network.reach and reach[0] == reach[1]
        if not is_same or not all(np.array_equal(one, another) for one, another in shared):
            return None
        ways = zip(other.gate_route.tolist(), other.gate_near.tolist(), strict=True)
        number = {way: gate for gate, way in enumerate(ways)}
        mine = zip(own.gate_route.tolist(), own.gate_near.tolist(), strict=True)
        return np.array([number.get(way, -1) for way in mine], dtype=np.int64)


def squeezed(state: State) -> State:
    """Copy a state into as few bytes as hold it: whole numbers as narrow as they are, parties that are there.

    What choice sets hold beyond their size was never written, and becomes zero.
    """
    parties = state.parties._replace(table=state.parties.table[: state.parties.free[1]])
    groups = state._replace(sets=_written(state.sets), parties=parties)
    return State._make(type(group)._make(map(_narrow, group)) for group in groups)


def _with_other_gates(state: State, gates: Ints, number: int) -> State:
    """Give gates of a kept state new numbers; `number` gates in all."""
    there = np.flatnonzero(gates >= 0)
    or_none = np.append(gates, NO_GATE)

    def moved(rows: NDArray[Any]) -> NDArray[Any]:
        out = np.zeros((number, *rows.shape[1:]), dtype=rows.dtype)
        out[gates[there]] = rows[there]
        return out

    table = state.parties.table.astype(np.int32)
    table[:, GATE] = or_none[table[:, GATE]]
    by_gate = ("waiting", "waiting_of_gate", "admitted", "admitted_of_gate")
    return state._replace(
        people=state.people._replace(**{name: moved(getattr(state.people, name)) for name in by_gate}),
        today=state.today._replace(gate_factor=moved(state.today.gate_factor)),
        sets=state.sets._replace(gate=or_none[state.sets.gate]),
        parties=state.parties._replace(table=table),
    )


def _written(sets: ChoiceSets) -> ChoiceSets:
    reach = sets.place.shape[1]
    is_written = np.arange(reach) < sets.size[:, np.newaxis]
    by_option = (
        "place",
        "km",
        "before",
        "step",
        "gate",
        "way",
        "days",
        "uses_crossing",
        "weight",
        "cumulative",
    )
    return sets._replace(
        **{name: np.where(is_written, getattr(sets, name), 0) for name in by_option},
        guide=np.where(sets.last[:, np.newaxis] >= 0, sets.guide, 0),
    )


def _narrow(array: NDArray[np.generic]) -> NDArray[np.generic]:
    """Copy an array, whole numbers in the narrowest type that holds them."""
    if array.dtype.kind != "i" or not array.size:
        return array.copy()
    least, most = array.min(), array.max()
    for width in _WIDTHS:
        if np.iinfo(width).min <= least and most <= np.iinfo(width).max:
            return array.astype(width)
    return array.copy()
