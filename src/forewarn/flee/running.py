"""Members of a Flee directory: run in threads, each a function of the seed and its own number."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from forewarn.errors import Problem
from forewarn.flee.directory import FleeError
from forewarn.flee.tables import MOST_PEOPLE
from forewarn.flee.world import FleeWorld, make_world
from forewarn.kernel.flee.arrays import (
    FINISHED,
    N_OVERFLOWN,
    NOWHERE_TO_SPAWN,
    TOO_MANY_PEOPLE,
    FleeRecord,
    FleeState,
    new_flee_record,
    new_flee_state,
)

__all__ = ["CHUNK", "FleeResult", "FleeWorld", "make_world", "run"]

CHUNK: Final = 10
"""Members that a thread runs before it asks for more."""


@dataclass(frozen=True, slots=True)
class FleeResult:
    """What members recorded, people.

    Parameters
    ----------
    world
        What was run.
    present, spawned
        (member, day, place), there at the end of a day; newly displaced on it.
    set_out
        (member, day, link), who entered a link on a day, counted each time.
    gone, on_links
        (member, day), who have left a sink for good by a day; on the way at its end.
    """

    world: FleeWorld
    present: NDArray[np.int32]
    set_out: NDArray[np.int32]
    spawned: NDArray[np.int32]
    gone: NDArray[np.int32]
    on_links: NDArray[np.int32]


def run(
    world: FleeWorld, *, members: int = 1, seed: int, chunk: int = CHUNK, threads: int | None = None
) -> FleeResult:
    """Run members of a world; member k is a function of the seed and k alone.

    Parameters
    ----------
    world
        From `make_world`.
    members
        Number of runs.
    seed
        Whole number from 0.
    chunk, threads
        How the work is cut, and how many share it (one for each processor); neither changes a result.

    Raises
    ------
    FleeError
        If people are displaced on a day on which no populated place is in conflict, or more are displaced
        or set out on a road on one day than 32 bits hold.
    """
    out = _room(world, members)
    chunks = [range(first, min(first + chunk, members)) for first in range(0, members, chunk)]
    with ThreadPoolExecutor(max_workers=threads or os.cpu_count()) as pool:
        for done in [pool.submit(_run_chunk, world, seed, own, out) for own in chunks]:
            done.result()
    present, set_out, spawned = (
        _over_classes(part, world.classes) for part in (out.present, out.set_out, out.spawned)
    )
    return FleeResult(world, present, set_out, spawned, out.gone, out.on_links)


def _over_classes(part: NDArray[np.int32], classes: int) -> NDArray[np.int32]:
    """Add up people of all classes of awareness, which come class by class on the last axis."""
    if classes == 1:
        return part
    together = part.reshape(*part.shape[:2], classes, -1).sum(axis=2, dtype=np.int64)
    if together.max(initial=0) > MOST_PEOPLE:
        what = "people set out more often on a road on one day than can be counted"
        raise FleeError(Problem("input_csv/routes.csv", what, f"at most {MOST_PEOPLE:,}"))
    return np.asarray(together, dtype=np.int32)


def _room(world: FleeWorld, members: int) -> FleeRecord:
    """Make the record of all members: as that of one, with members first."""
    one = new_flee_record(world.graph, world.places)
    return FleeRecord(*(np.zeros((members, *part.shape), dtype=part.dtype) for part in one))


def _run_chunk(world: FleeWorld, seed: int, members: range, out: FleeRecord) -> None:
    """Run some members and write their own rows of `out`."""
    from forewarn.kernel.flee.member import run_member

    number = len(world.places.initial)
    weights, drawn = np.zeros(number), np.zeros(number, dtype=np.int64)
    chosen = np.zeros(world.most_plans + 1, dtype=np.int64)
    for member in members:
        key = np.random.SeedSequence(seed, spawn_key=(member,)).generate_state(2).astype(np.uint64)
        record = FleeRecord(*(part[member] for part in out))
        state = new_flee_state(world.graph, world.places)
        answer = run_member(
            key, world.rules, world.graph, world.places, world.plan_of, state, record, weights, drawn, chosen
        )
        if answer != FINISHED:
            raise FleeError(_problem(world, answer & 3, answer >> 2, state, drawn))


def _remedy(world: FleeWorld, day: int) -> str:
    """Say what to change so that people can be displaced on a day."""
    places = world.places
    if (places.spawn[places.epoch[day]] > 0).any():
        if world.rules.take_from_population:
            return (
                "The population of the places in conflict is used up: give them more, or do not take from it"
            )
        return "Give the places in conflict a population"
    before = np.flatnonzero((places.spawn[places.epoch[:day]] > 0).any(axis=1))
    if not len(before):
        return "Let conflict start by then"
    last = int(before[-1])
    return (
        f"Conflict ended after day {last} while people still arrive: let it last, or run {day} days (--days)"
    )


def _problem(world: FleeWorld, code: int, day: int, state: FleeState, drawn: NDArray[np.int64]) -> Problem:
    """Say why a member stopped on a day."""
    names, limit = world.directory.names, f"at most {MOST_PEOPLE:,}"
    if code == NOWHERE_TO_SPAWN:
        what = f"on day {day} people are displaced, but no populated place is in conflict"
        return Problem("input_csv/conflicts.csv", what, remedy=_remedy(world, day))
    if code == TOO_MANY_PEOPLE:
        what = f"by day {day} more than {MOST_PEOPLE:,} people are displaced in all, that day most here"
        where = f"input_csv/locations.csv, '{names[int(drawn.argmax())]}'"
        return Problem(where, what, limit, "Displace fewer people")
    link = state.number[N_OVERFLOWN] - 1
    ends = (
        names[world.graph.link_from[link] % len(names)],
        names[world.graph.link_to[link] % len(names)],
    )
    what = f"on day {day} people set out more than {MOST_PEOPLE:,} times from '{ends[0]}' to '{ends[1]}'"
    return Problem("input_csv/routes.csv", what, limit, "Displace fewer people")
