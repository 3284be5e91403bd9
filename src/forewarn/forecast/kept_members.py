"""Members kept as they stood on some days, so that others can go on from there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from forewarn.forecast.first_difference import first_difference
from forewarn.forecast.member_worlds import MemberWorld
from forewarn.forecast.variables import table_days
from forewarn.kernel.arrays import DONE, TOO_MANY_PARTIES, ChoiceSets, Record, State
from forewarn.network import Network

_TABLES: Final = ("origin_destination", "flows")
"""Variables of the record that have rows for table days, not for days."""
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
        """Memory of its states, bytes; its record is shared with the variables of the run that kept it."""
        return sum(array.nbytes for state in self.states.values() for group in state for array in group)

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
        differs = first_difference(self.world, world)
        first = min([last_day + 1 if differs is None else differs, *others])
        return last_day if first > last_day else max((day for day in self.states if day < first), default=0)

    def copy_into(self, state: State, record: Record, day: int) -> int:
        """Write days into a record of zeros up to that of `newest_day`, and its end into a new state.

        Returns
        -------
        int
            DONE, or TOO_MANY_PARTIES, as `simulate`.
        """
        tables = sum(each <= day for each in table_days(len(self.record.movements) - 1))
        for name, own, other in zip(Record._fields, self.record, record, strict=True):
            rows = tables if name in _TABLES else day + 1
            other[:rows] = own[:rows]
        if day not in self.states:  # nothing differs, and nothing is left to simulate
            return DONE
        kept = self.states[day]
        if len(kept.parties.table) > len(state.parties.table):
            return TOO_MANY_PARTIES
        for group, of_kept in zip(state, kept, strict=True):
            for array, of_array in zip(group, of_kept, strict=True):
                array[: len(of_array)] = of_array
        return DONE


@dataclass(frozen=True, slots=True)
class KeptMembers:
    """Members of one network, by their numbers in the ensemble."""

    network: Network
    members: Mapping[int, KeptMember]

    @property
    def nbytes(self) -> int:
        """Memory of the states of all, bytes."""
        return sum(member.nbytes for member in self.members.values())

    def fit(self, network: Network) -> bool:
        """Whether members of another network may go on from these: its arrays are the same."""
        own = self.network
        if own is network:
            return True
        arrays = zip((*own.roads, *own.places), (*network.roads, *network.places), strict=True)
        return own.reach == network.reach and all(np.array_equal(one, other) for one, other in arrays)


def squeezed(state: State) -> State:
    """Copy a state into as few bytes as hold it: whole numbers as narrow as they are, parties that are there.

    What choice sets hold beyond their size was never written, and becomes zero.
    """
    parties = state.parties._replace(table=state.parties.table[: state.parties.free[1]])
    groups = state._replace(sets=_written(state.sets), parties=parties)
    return State._make(type(group)._make(map(_narrow, group)) for group in groups)


def _written(sets: ChoiceSets) -> ChoiceSets:
    reach = sets.place.shape[1]
    is_written = np.arange(reach) < sets.size[:, np.newaxis]
    by_option = ("place", "km", "before", "step", "gate", "way", "days", "weight", "cumulative")
    return sets._replace(
        **{name: np.where(is_written, getattr(sets, name), 0) for name in by_option},
        guide=np.where(sets.last[:, np.newaxis] >= 0, sets.guide, 0),
    )


def _narrow(array: NDArray[np.generic]) -> NDArray[np.generic]:
    """Copy an array, whole numbers in the narrowest type that holds them."""
    if array.dtype != np.int64 or not array.size:
        return array.copy()
    least, most = array.min(), array.max()
    for width in _WIDTHS:
        if np.iinfo(width).min <= least and most <= np.iinfo(width).max:
            return array.astype(width)
    return array.copy()
