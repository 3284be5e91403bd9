"""The posterior after observations, in the form in which members are run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from forewarn.arraytypes import Floats
from forewarn.forecast.member_worlds import MemberWorld
from forewarn.forecast.sampling import Address, Sampler, normal
from forewarn.forecast.updating.conditioning import (
    Anchor,
    condition_state,
    covered,
    target_people,
    wanted_people,
)
from forewarn.forecast.updating.observations import Observation
from forewarn.forecast.updating.parameters import Parameter, uniforms_at
from forewarn.forecast.updating.pulls import Seen, expected_shares, log_ratios, move_pulls
from forewarn.kernel.arrays import Record, State
from forewarn.kernel.draws import COUNTED, COUNTING_ERROR
from forewarn.network import Network, key_of


@dataclass(frozen=True, slots=True)
class CoursePosterior:
    """Scores, (draws, parameters), at which the members of a course draw its parameters, and its chance."""

    parameters: tuple[Parameter, ...]
    scores: Floats
    probability: float


@dataclass(frozen=True, slots=True)
class MemberPosterior:
    """The posterior of all courses (`forecast.members.Posterior`).

    Parameters
    ----------
    of_course
        By its name; a course that is not there is as before the counts.
    anchors
        Counts that members are brought to, in the order of their days; none while learning.
    """

    of_course: Mapping[str, CoursePosterior]
    anchors: tuple[Anchor, ...] = ()

    @property
    def days(self) -> tuple[int, ...]:
        """Days at whose ends members are brought to what was counted."""
        return tuple(anchor.day for anchor in self.anchors)

    def uniforms(self, course: str, draws: NDArray[np.int64]) -> Mapping[Address, Floats]:
        """Uniforms of these draws of a course, by address."""
        course_posterior = self.of_course.get(course)
        if course_posterior is None:
            return {}
        return uniforms_at(course_posterior.parameters, course_posterior.scores[draws])

    def probability(self, course: str) -> float:
        """How probable a course is after what was observed."""
        return self.of_course[course].probability

    def condition(self, day: int, world: MemberWorld, state: State, network: Network, record: Record) -> None:
        """Bring a member, at the end of one of `days`, to what was counted."""
        [held] = (each for each in self.anchors if each.day == day)
        keys = np.array([key_of(_name(count)) for count in held.counts], dtype=np.uint64)
        uniform = Sampler(world.key[np.newaxis]).uniforms(COUNTED, keys)[0]
        wanted = wanted_people(held, record, network.names, uniform[:, 0])
        target = target_people(held, wanted, state, network.names)
        before = record.present[day].copy()
        condition_state(target, state, network, record, day, held.after)
        if held.pulls.gain.any():
            left = record.departures[held.after + 1 : day + 1].sum(axis=0)
            base = record.present[list(held.since)]
            seen = Seen(before, record.present[day], base, expected_shares(left, state))
            ratios = log_ratios(seen, covered(held, network.names)) + held.pulls.error * normal(uniform[:, 1])
            move_pulls(held.pulls.gain @ ratios, world.traits, state)


def counting_errors(keys: NDArray[np.uint64], observations: tuple[Observation, ...], step: int) -> Floats:
    """Uniforms of the errors that a step gives each member's copy of the counts, (n, d)."""
    of_counts = np.array([key_of(_name(each)) for each in observations], dtype=np.uint64)
    return Sampler(keys).uniforms(COUNTING_ERROR, of_counts, step)[:, :, 0]


def _name(count: Observation) -> str:
    return "|".join(str(part) for part in (*count.series, count.day))
