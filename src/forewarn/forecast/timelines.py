"""When things happen in a course, as each member draws it: attacks, ceasefires, crossings, returns."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from forewarn.arraytypes import Floats, Ints
from forewarn.forecast.sampling import Sampler, whole
from forewarn.kernel.arrays import CLOSED, LEAKING, LIMITED, NEVER, OPEN
from forewarn.kernel.draws import STAGE_REACHES
from forewarn.network import Network, key_of
from forewarn.scenario import Course, CourseCrossingChange, Crossing, CrossingChange, Scenario, Stage, path_of

MODES = {"closed": CLOSED, "open": OPEN, "leaking": LEAKING, "limited": LIMITED}


@dataclass(frozen=True, slots=True)
class Attacks:
    """Attack rows of n members: a row for each stage and place. Days as in `kernel.arrays.Plan`."""

    place: Ints  # (A,)
    start: Ints  # (n, A)
    end: Ints  # (n, A)
    fall: Ints  # (n, A)
    intensity: Floats  # (n, A)
    zone_after: Ints  # (A,)
    siege: NDArray[np.bool_]  # (A,)


def ceasefires(scenario: Scenario, course: Course, sampler: Sampler) -> NDArray[np.bool_]:
    """Whether each day is one of ceasefire, (n, horizon + 1)."""
    day = np.arange(scenario.horizon_days + 1)
    quiet = np.zeros((len(sampler), len(day)), dtype=np.bool_)
    for i, ceasefire in enumerate(course.ceasefires):
        path = ("courses", course.name, "ceasefires", str(i))
        start = sampler.whole(path_of((*path, "start")), ceasefire.start, 1)[:, None]
        length = sampler.whole(path_of((*path, "duration_days")), ceasefire.duration_days)[:, None]
        quiet |= (day >= start) & (day < start + length)
    return quiet


def attacks(
    scenario: Scenario, course: Course, network: Network, sampler: Sampler, quiet: NDArray[np.bool_]
) -> Attacks:
    """Attack rows of a course. `quiet` is what `ceasefires` gives."""
    starts = _stage_starts(course, sampler)
    stages = course.stages
    rows = [_rows(stage, course, network, sampler, starts[stage.name]) for stage in stages]
    empty = np.zeros((len(sampler), 0), dtype=np.int64)
    nothing = np.zeros(0, dtype=np.int64)
    fall = np.concatenate([empty, *(row.fall for row in rows)], axis=1)
    return Attacks(
        place=np.concatenate([nothing, *(row.place for row in rows)]),
        start=np.concatenate([empty, *(row.start for row in rows)], axis=1),
        end=np.concatenate([empty, *(row.end for row in rows)], axis=1),
        fall=_first_day_without_ceasefire(fall, quiet),
        intensity=np.concatenate([empty.astype(np.float64), *(row.intensity for row in rows)], axis=1),
        zone_after=np.concatenate([nothing, *(row.zone_after for row in rows)]),
        siege=np.concatenate([nothing.astype(np.bool_), *(row.siege for row in rows)]),
    )


def _stage_starts(course: Course, sampler: Sampler) -> dict[str, Floats]:
    """Start of each stage in days after the issue day, not yet rounded, (n,)."""
    stages = {stage.name: stage for stage in course.stages}
    starts: dict[str, Floats] = {}

    def start_of(name: str) -> Floats:
        if name not in starts:
            start = stages[name].start
            days = sampler.draw(path_of(("courses", course.name, "stages", name, "start")), start.days)
            starts[name] = days if start.after is None else days + start_of(start.after)
        return starts[name]

    for name in stages:
        start_of(name)
    return starts


def _rows(stage: Stage, course: Course, network: Network, sampler: Sampler, stage_start: Floats) -> Attacks:
    path = ("courses", course.name, "stages", stage.name)
    place = np.array([network.names.index(name) for name in stage.places], dtype=np.int64)
    spread_path = path_of((*path, "spread_days"))
    spread = sampler.draw(spread_path, stage.spread_days)[:, None]
    uniform = sampler.uniforms(STAGE_REACHES, network.places.key[place], key_of(spread_path))[:, :, 0]
    start = np.maximum(whole(stage_start), 1)[:, None] + np.floor(uniform * (spread + 1)).astype(np.int64)
    length = sampler.whole(path_of((*path, "duration_days")), stage.duration_days, 1)[:, None]
    fall = np.full_like(start, NEVER)
    if stage.falls_after_days is not None:
        fall = start + sampler.whole(path_of((*path, "falls_after_days")), stage.falls_after_days)[:, None]
    intensity = sampler.draw(path_of((*path, "intensity")), stage.intensity)[:, None]
    after = -1 if stage.control_after is None else network.zones.index(stage.control_after)
    return Attacks(
        place=place,
        start=start,
        end=start + length,
        fall=fall,
        intensity=np.broadcast_to(intensity, start.shape),
        zone_after=np.full(len(place), after, dtype=np.int64),
        siege=np.full(len(place), stage.kind == "siege"),
    )


def _first_day_without_ceasefire(day: Ints, quiet: NDArray[np.bool_]) -> Ints:
    """Put off days of ceasefire, (n, A); to NEVER if the ceasefire outlasts the horizon."""
    members, days = quiet.shape
    free = np.full((members, days + 1), NEVER, dtype=np.int64)
    for d in range(days - 1, -1, -1):
        free[:, d] = np.where(quiet[:, d], free[:, d + 1], d)
    within = np.minimum(day, days)
    put_off = np.take_along_axis(free, within, axis=1)
    return np.where(day < days, put_off, day)


def crossing_states(scenario: Scenario, course: Course, sampler: Sampler) -> tuple[Ints, Floats]:
    """Mode and rate of each crossing on each day, both (n, crossings, horizon + 1)."""
    shape = (len(sampler), len(scenario.crossings), scenario.horizon_days + 1)
    mode, rate = np.zeros(shape, dtype=np.int64), np.zeros(shape)
    for c, crossing in enumerate(scenario.crossings):
        path: tuple[str, ...] = ("crossings", crossing.name)
        mode[:, c] = MODES[crossing.status]
        rate[:, c] = _rate(crossing, path, sampler)[:, None]
        changes: list[tuple[CrossingChange, tuple[str, ...]]] = [
            (change, (*path, "changes", str(i))) for i, change in enumerate(crossing.changes)
        ]
        changes += [
            (change, ("courses", course.name, "crossing_changes", str(i)))
            for i, change in enumerate(course.crossing_changes)
            if change.crossing == crossing.name
        ]
        _apply(changes, sampler, mode[:, c], rate[:, c])
    return mode, rate


def _apply(
    changes: list[tuple[CrossingChange, tuple[str, ...]]], sampler: Sampler, mode: Ints, rate: Floats
) -> None:
    """Write changes into mode and rate, (n, days), in the order of their days; a course's own win ties."""
    if not changes:
        return
    start = np.stack([sampler.whole(path_of((*path, "start")), change.start) for change, path in changes])
    rates = [_rate(change, path, sampler) for change, path in changes]
    day = np.arange(mode.shape[1])
    for rank in np.argsort(start, axis=0, kind="stable"):
        for member, i in enumerate(rank):
            since = day >= start[i, member]
            mode[member, since] = MODES[changes[i][0].status]
            rate[member, since] = rates[i][member]


def _rate(
    state: Crossing | CrossingChange | CourseCrossingChange, path: tuple[str, ...], sampler: Sampler
) -> Floats:
    """Pass rate of a leaking crossing, whole people per day of a limited one, else 0; (n,)."""
    if state.status == "leaking" and state.pass_rate is not None:
        return sampler.draw(path_of((*path, "pass_rate")), state.pass_rate)
    if state.status == "limited" and state.people_per_day is not None:
        return np.floor(sampler.draw(path_of((*path, "people_per_day")), state.people_per_day))
    return np.zeros(len(sampler))


def return_programmes(course: Course, network: Network, sampler: Sampler) -> tuple[Ints, Ints]:
    """Rows (from, to, first day, last day), (n, O, 4), and people in all, (n, O).

    People are taken from the places in proportion to the displaced people there, and taken to the
    others evenly, both in whole numbers.
    """
    rows, people = (
        [np.zeros((len(sampler), 0, 4), dtype=np.int64)],
        [np.zeros((len(sampler), 0), dtype=np.int64)],
    )
    for i, programme in enumerate(course.return_programmes):
        path = ("courses", course.name, "return_programmes", str(i))
        total = sampler.whole(path_of((*path, "people")), programme.people)
        first = sampler.whole(path_of((*path, "start")), programme.start, 1)
        length = sampler.whole(path_of((*path, "duration_days")), programme.duration_days, 1)
        sources = np.array([network.names.index(name) for name in programme.from_], dtype=np.int64)
        goals = np.array([network.names.index(name) for name in programme.to], dtype=np.int64)
        of_source = whole_shares(total, network.places.displaced_before[sources])
        of_both = np.stack(
            [whole_shares(of_source[:, s], np.ones(len(goals), dtype=np.int64)) for s in range(len(sources))],
            axis=1,
        )
        row = np.empty((len(sampler), len(sources), len(goals), 4), dtype=np.int64)
        row[..., 0] = sources[:, None]
        row[..., 1] = goals
        row[..., 2] = first[:, None, None]
        row[..., 3] = (first + length - 1)[:, None, None]
        rows.append(row.reshape(len(sampler), -1, 4))
        people.append(of_both.reshape(len(sampler), -1))
    return np.concatenate(rows, axis=1), np.concatenate(people, axis=1)


def whole_shares(total: Ints, counts: Ints) -> Ints:
    """Share each total, (n,), over cells in proportion to `counts`, (m,), in whole numbers: (n, m).

    Examples
    --------
    >>> whole_shares(np.array([10]), np.array([1, 1, 1]))
    array([[3, 3, 4]])
    """
    everything = int(counts.sum())
    if everything == 0:
        return np.zeros((len(total), len(counts)), dtype=np.int64)
    edges = np.concatenate([[0], np.cumsum(counts)])
    return np.asarray(np.diff(total[:, None] * edges // everything, axis=1))
