"""A Forewarn scenario as a Flee directory: the most likely course of events, one course at a time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from forewarn.csvfiles import csv_text
from forewarn.errors import Problem, UsageError, nearest
from forewarn.scenario import Course, Crossing, Scenario, Stage

_KINDS = {"town": "town", "foreign": "town", "camp": "camp", "crossing": "forwarding_hub"}
_HEAD = (
    "#name",
    "region",
    "country",
    "latitude",
    "longitude",
    "location_type",
    "conflict_date",
    "population",
)


@dataclass(frozen=True, slots=True)
class Exported:
    """Files by name, relative to the directory, and what of the scenario is not in them."""

    files: Mapping[str, str]
    losses: tuple[Problem, ...]


def to_directory(scenario: Scenario, *, course: str | None = None) -> Exported:
    """Write a scenario in Flee's layout; zones are its countries, quantities take their typical value.

    Parameters
    ----------
    scenario
        A resolved scenario.
    course
        Which course; the first by default.

    Raises
    ------
    UsageError
        If the course is unknown, or no place can hold registrations.
    """
    named = {one.name: one for one in scenario.courses}
    if course is not None and course not in named:
        known = nearest(course, tuple(named))
        raise UsageError(Problem("--course", f"course '{course}' not found", known))
    chosen = scenario.courses[0] if course is None else named[course]
    camps = [place for place in scenario.places if place.kind == "camp"]
    if not camps:
        raise UsageError(Problem("places", "no camp found", remedy="Flee needs one with registrations"))
    files = {
        "input_csv/sim_period.csv": _rows(
            [("StartDate", scenario.issued), ("Length", scenario.horizon_days)]
        ),
        "input_csv/locations.csv": _locations(scenario, chosen),
        "input_csv/routes.csv": _rows(
            [
                ("#name1", "name2", "distance", "forced_redirection"),
                *((r.from_, r.to, f"{r.km:g}", 0) for r in scenario.routes),
            ]
        ),
        "input_csv/closures.csv": _closures(scenario, chosen),
        "source_data/data_layout.csv": _rows(
            [(place.name, f"camp-{number}.csv") for number, place in enumerate(camps)]
        ),
    }
    if chosen.stages:
        files["input_csv/conflicts.csv"] = _conflicts(scenario, chosen)
    for number, place in enumerate(camps):
        files[f"source_data/camp-{number}.csv"] = _rows([(scenario.issued, place.displaced)])
    return Exported(files, tuple(_losses(scenario, chosen)))


def _rows(rows: Iterable[Sequence[object]]) -> str:
    return csv_text(rows)


def _locations(scenario: Scenario, course: Course) -> str:
    first = {
        place: int(np.argmax(column > 0))
        for place, column in _attacks(scenario, course).items()
        if column.any()
    }
    rows: list[Sequence[object]] = [_HEAD]
    for place in scenario.places:
        kind = _KINDS[place.kind]
        people: object = place.residents
        if kind == "camp":
            people = "" if place.capacity is None else round(place.capacity.typical())
        elif place.name in first:
            kind = "conflict_zone"  # and with day 0 it would be in conflict from the start
        rows.append(
            (
                place.name,
                place.admin1,
                place.zone,
                place.lat,
                place.lon,
                kind,
                first.get(place.name, 0),
                people,
            )
        )
    return _rows(rows)


def _start(stage: Stage, stages: Mapping[str, Stage]) -> float:
    before = 0.0 if stage.start.after is None else _start(stages[stage.start.after], stages)
    return before + stage.start.days.typical()


def _attacks(scenario: Scenario, course: Course) -> dict[str, NDArray[np.float64]]:
    """Give for each place that is attacked the greatest intensity of its stages, (day,)."""
    stages = {stage.name: stage for stage in course.stages}
    attacked = sorted({place for stage in course.stages for place in stage.places})
    columns = {place: np.zeros(scenario.horizon_days) for place in attacked}
    for stage in course.stages:
        first = max(0, round(_start(stage, stages)))
        end = max(first, first + round(stage.duration_days.typical()))
        for place in stage.places:
            days = columns[place][first:end]
            np.maximum(days, min(1.0, stage.intensity.typical()), out=days)
    return columns


def _conflicts(scenario: Scenario, course: Course) -> str:
    columns = _attacks(scenario, course)
    table = np.stack(list(columns.values()), axis=1).tolist()
    return _rows([("#Day", *columns), *((day, *(f"{x:g}" for x in row)) for day, row in enumerate(table))])


def _closures(scenario: Scenario, course: Course) -> str:
    """Write a border where one crossing governs all its roads, otherwise each road."""
    zone = {place.name: place.zone for place in scenario.places}
    by_name = {crossing.name: crossing for crossing in scenario.crossings}
    general = {frozenset(c.between): c for c in scenario.crossings if c.roads == "all"}
    borders: dict[frozenset[str], list[tuple[str, str, Crossing | None]]] = {}
    for route in scenario.routes:
        pair = frozenset((zone[route.from_], zone[route.to]))
        if len(pair) == 2:
            governs = by_name.get(route.crossing or "", general.get(pair))
            borders.setdefault(pair, []).append((route.from_, route.to, governs))
    rows: list[Sequence[object]] = [("#closure_type", "name1", "name2", "closure_start", "closure_end")]
    for pair, routes in borders.items():
        if len({id(governs) for _, _, governs in routes}) == 1:
            one, other = sorted(pair)
            rows += [("country", one, other, *span) for span in _closed(routes[0][2], course)]
        else:
            for start, end, governs in routes:
                rows += [("link", start, end, *span) for span in _closed(governs, course)]
    return _rows(rows)


def _closed(crossing: Crossing | None, course: Course) -> list[tuple[int, int]]:
    """Days on which a crossing closes and opens, -1: never again; a front line is closed for good."""
    if crossing is None:
        return [(0, -1)]
    states = [(0, crossing.status)]
    changes = (*crossing.changes, *(c for c in course.crossing_changes if c.crossing == crossing.name))
    states += sorted((round(change.start.typical()), change.status) for change in changes)
    spans: list[tuple[int, int]] = []
    since: int | None = None
    for day, status in states:
        if status == "closed" and since is None:
            since = day
        elif status != "closed" and since is not None:
            spans.append((since, day))
            since = None
    return spans if since is None else [*spans, (since, -1)]


def _losses(scenario: Scenario, course: Course) -> list[Problem]:
    found = []

    def lose(where: str, what: str) -> None:
        found.append(Problem(where, what))

    if len(scenario.courses) > 1:
        lose("courses", f"all but '{course.name}'")
    if any(place.displaced for place in scenario.places if place.kind != "camp"):
        lose("places", "displaced people outside camps")
    if any(crossing.status in ("leaking", "limited") for crossing in scenario.crossings):
        lose("crossings", "how many pass: leaking and limited crossings are open")
    if any(stage.control_after for stage in course.stages):
        lose(f"courses.{course.name}", "changes of control, and the roads that they open or close")
    if {stage.kind for stage in course.stages} - {"ground-attack"}:
        lose(f"courses.{course.name}", "kinds of attack: what stays is the intensity")
    if course.ceasefires or course.return_programmes:
        lose(f"courses.{course.name}", "ceasefires and return programmes")
    lose("model", "behaviour: Flee's settings say how many leave, and where they go")
    lose("scenario", "ranges of quantities, sources, claims, triggers and posts")
    return found
