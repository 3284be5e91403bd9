"""A Flee directory as a Forewarn scenario; what does not fit is listed, not dropped in silence.

Forewarn's own rules then run on it: how many people leave follows from attacks and not from registrations,
so that results differ from those of Flee's rules by intent. `docs/flee.md` lists what is lost.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components

from forewarn.errors import Problem
from forewarn.flee.counts import DailyCounts
from forewarn.flee.directory import Closure, FleeDirectory, FleeError, Location
from forewarn.flee.timeline import intensities
from forewarn.scenario import Scenario, resolve

LONGEST_DAYS: Final = 730  # of a scenario
COURSE: Final = "as-reported"
_SOURCE: Final = "flee-directory"
# Published directories give a camp the greatest number that was ever registered in it.
_CAPACITY_SOURCE: Final = (
    "assumption: as in the directory; in published ones the greatest registration, known only afterwards"
)

Loss = Problem


@dataclass(frozen=True, slots=True)
class Converted:
    """A scenario, and what of the directory is not in it."""

    scenario: Scenario
    losses: tuple[Loss, ...]


def to_scenario(directory: FleeDirectory, counts: DailyCounts | None) -> Converted:
    """Convert a directory; people registered in camps and towns on day 0 are displaced on the issue day.

    Raises
    ------
    FleeError
        If a place has no position that a map knows.
    ScenarioError
        If what comes out is no valid scenario; every problem is listed.
    """
    _refuse_positions(directory)
    zones = _zones(directory)
    name = re.sub(r"[^a-z0-9]+", "-", directory.name.lower()).strip("-") or "flee"
    horizon = min(directory.length_days, LONGEST_DAYS)
    document = {
        "format": 1,
        "name": name,
        "title": f"{directory.name}, from a Flee directory",
        "summary": "Conflict and closures as in the directory, in one course.",
        "issued": directory.start,
        "horizon_days": horizon,
        "hindsight": True,  # the course holds what happened after the issue day
        "sources": {_SOURCE: _source(directory)},
        "source": _SOURCE,
        "zones": {zone: {"title": country or "not named"} for country, zone in zones.items()},
        "places": _places(directory, counts, zones),
        "routes": [{"from": r.start, "to": r.end, "km": r.km} for r in _single_routes(directory)],
        "crossings": _crossings(directory, zones, horizon),
        "courses": [
            {
                "name": COURSE,
                "title": "As reported",
                "probability": 1.0,
                "stages": _stages(directory, horizon),
            }
        ],
    }
    return Converted(resolve(document, name=name), tuple(_losses(directory)))


def _refuse_positions(directory: FleeDirectory) -> None:
    problems = [
        Problem(
            f"locations.csv, '{place.name}'",
            f"latitude {place.latitude:g}",
            "from -90 to 90",
            "Name the fourth column latitude or longitude in the header",
        )  # fmt: skip
        for place in directory.locations
        if abs(place.latitude) > 90
    ]
    if problems:
        raise FleeError(problems)


def _source(directory: FleeDirectory) -> dict[str, Any]:
    return {
        "title": f"Flee directory {directory.name}",
        "publisher": "not said",
        "published": f"{directory.start + timedelta(days=directory.length_days):%Y}",
        "kind": "data",
    }


def _zones(directory: FleeDirectory) -> dict[str, str]:
    """Give each country a zone, in the order of the file."""
    zones: dict[str, str] = {}
    for place in directory.locations:
        if place.country not in zones:
            key = re.sub(r"[^a-z0-9]+", "-", place.country.lower()).strip("-") or "zone"
            taken = sum(zone == key or zone.startswith(f"{key}--") for zone in zones.values())
            zones[place.country] = f"{key}--{taken + 1}" if taken else key
    return zones


def _kind(place: Location, home: str) -> str:
    if place.kind in ("camp", "idpcamp"):
        return "camp"
    if place.kind in ("marker", "forwarding_hub"):
        return "crossing"
    return "town" if place.country == home else "foreign"


def _places(
    directory: FleeDirectory, counts: DailyCounts | None, zones: Mapping[str, str]
) -> list[dict[str, Any]]:
    displaced = counts.first_day if counts else {}
    main = _largest_part(directory)
    rows = []
    for place in directory.locations:
        row: dict[str, Any] = {
            "name": place.name,
            "admin1": place.region,
            "lat": place.latitude,
            "lon": place.longitude,
            "kind": _kind(place, directory.locations[0].country),
            "zone": zones[place.country],
            "displaced": displaced.get(place.name, 0),
        }
        if row["kind"] == "camp":
            capacity = {"value": float(place.people), "source": _CAPACITY_SOURCE}
            row |= {"capacity": capacity} if place.people else {}
        else:
            row["residents"] = place.people
        if row["kind"] == "crossing":
            row["attraction"] = 0.0
        if place.name not in main:
            row["isolated"] = True
        rows.append(row)
    return rows


def _largest_part(directory: FleeDirectory) -> frozenset[str]:
    """Names of the places in the greatest connected part of the network."""
    number = {name: index for index, name in enumerate(dict.fromkeys(directory.names))}
    ends = np.array([(number[r.start], number[r.end]) for r in directory.routes], dtype=np.int64).reshape(
        -1, 2
    )
    graph = csr_matrix((np.ones(len(ends)), ends.T), shape=(len(number), len(number)))
    part = connected_components(graph, directed=False)[1]
    greatest = part[np.bincount(part)[part].argmax()]
    return frozenset(name for name, label in zip(number, part, strict=True) if label == greatest)


def _single_routes(directory: FleeDirectory) -> list[Any]:
    """Give each pair of places its shortest road: a scenario has one between two places."""
    best: dict[frozenset[str], Any] = {}
    for route in directory.routes:
        ends = frozenset((route.start, route.end))
        if ends not in best or route.km < best[ends].km:
            best[ends] = route
    return list(best.values())


def _crossings(directory: FleeDirectory, zones: Mapping[str, str], horizon: int) -> list[dict[str, Any]]:
    """Make one for each pair of countries that a road joins: open, but for closures of the border."""
    country = {place.name: place.country for place in directory.locations}
    pairs = {frozenset((country[r.start], country[r.end])) for r in directory.routes}
    found = []
    for one, other in sorted(sorted(pair) for pair in pairs if len(pair) == 2):
        closures = [
            closure
            for closure in directory.closures
            if closure.kind == "country" and {closure.one, closure.other} == {one, other}
        ]
        is_closed = any(closure.first == 0 and closure.last != 0 for closure in closures)
        entry: dict[str, Any] = {
            "name": f"{zones[one]}-to-{zones[other]}",
            "title": f"{one} – {other}",
            "between": [zones[one], zones[other]],
            "roads": "all",
            "status": "closed" if is_closed else "open",
        }
        changes = _changes(closures, directory, horizon)
        if changes:
            entry["changes"] = changes
        found.append(entry)
    return found


def _changes(closures: Sequence[Closure], directory: FleeDirectory, horizon: int) -> list[dict[str, Any]]:
    days: dict[int, str] = {closure.first: "closed" for closure in closures}
    days |= {closure.last: "open" for closure in closures if closure.last >= 0}
    return [
        {"start": directory.start + timedelta(days=day), "status": days[day]}
        for day in sorted(days)
        if 0 < day <= horizon
    ]


def _stages(directory: FleeDirectory, horizon: int) -> list[dict[str, Any]]:
    """Make a stage for each run of days on which the intensity of a place stays the same."""
    table = intensities(directory, faults=False)[:horizon]
    stages = []
    for number, place in enumerate(directory.names):
        edges = np.flatnonzero(np.diff(table[:, number])) + 1
        bounds = [0, *edges.tolist(), len(table)]
        for first, end in zip(bounds, bounds[1:], strict=False):
            level = float(table[first, number])
            if level <= 0:
                continue
            stage: dict[str, Any] = {
                "name": f"{place} from day {first}",
                "places": [place],
                "kind": "ground-attack",
                "start": directory.start + timedelta(days=first),
                "duration_days": end - first,
                "intensity": level,
            }
            stages.append(stage)
    return stages


def _losses(directory: FleeDirectory) -> list[Loss]:
    found = []

    def lose(where: str, what: str) -> None:
        found.append(Loss(f"input_csv/{where}", what))

    if directory.length_days > LONGEST_DAYS:
        lose("sim_period.csv", f"the days after day {LONGEST_DAYS}: a scenario is not longer")
    other = sorted({closure.kind for closure in directory.closures} - {"country"})
    if other:
        lose("closures.csv", f"closures of kind {', '.join(other)}: only borders between countries close")
    if directory.changes:
        lose(
            "location_changes.csv",
            "changes of kind, but for conflict: a place is what it is on the first day",
        )
    if directory.floods is not None:
        lose("flood_level.csv", "floods: nobody is displaced by them")
    if directory.demographics:
        lose("demographics_*.csv", "demographics")
    if len(_single_routes(directory)) < len(directory.routes):
        lose("routes.csv", "further roads between two places: the shortest is kept")
    if any(route.redirection for route in directory.routes):
        lose("routes.csv", "forced redirections")
    further = [set(one.numbers) for one in directory.routes]
    further += [set(place.numbers) - {"conflict_intensity"} for place in directory.locations]
    if any(further):
        lose("routes.csv, locations.csv", "speeds, walking, capacity per day and sinks")
    kinds = {place.kind for place in directory.locations}
    if "idpcamp" in kinds:
        lose("locations.csv", "the difference between camp and idpcamp: both are camps")
    lose("../source_data", "registrations after day 0: they are what a forecast is compared with")
    return found
