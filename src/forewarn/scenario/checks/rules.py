"""Rules that join several parts of a scenario."""

from __future__ import annotations

from collections import Counter

from forewarn.errors import Problem, nearest
from forewarn.scenario.addressing.addresses import numbers_with_sources
from forewarn.scenario.addressing.messages import Location, Origins
from forewarn.scenario.checks.boundary_rules import check_boundaries
from forewarn.scenario.checks.findings import Check
from forewarn.scenario.checks.place_rules import check_places
from forewarn.scenario.model.models import Course, Crossing, Scenario
from forewarn.scenario.model.triggers import ANYWHERE
from forewarn.sources import ASSUMPTION, is_assumption

PROBABILITY_TOLERANCE = 1e-9


def check(scenario: Scenario, origins: Origins) -> list[Problem]:
    """Find everything that is wrong across the fields of a scenario."""
    root: dict[str, object] = {
        key: [{"name": getattr(entry, "name", None)} for entry in getattr(scenario, key)]
        for key in ("crossings", "posts", "places", "triggers")
    }
    if scenario.boundaries is not None:
        root["boundaries"] = {"areas": [{"name": area.name} for area in scenario.boundaries.areas]}
    root["courses"] = [
        {"name": course.name, "stages": [{"name": stage.name} for stage in course.stages]}
        for course in scenario.courses
    ]
    this = Check(scenario, origins, root)
    check_places(this)
    _check_zones_named(this)
    for i, crossing in enumerate(scenario.crossings):
        _check_crossing(this, i, crossing)
    _check_all_roads(this)
    _check_posts(this)
    for i, course in enumerate(scenario.courses):
        _check_course(this, i, course)
    _check_probabilities(this)
    _check_claims(this)
    _check_triggers(this)
    check_boundaries(this)
    _check_sources(this)
    return this.problems


def _check_claims(this: Check) -> None:
    """Find claims of unknown courses, or of more people than live in all places."""
    known = [course.name for course in this.scenario.courses]
    for i, claim in enumerate(this.scenario.claims):
        for name in claim.courses:
            this.known(("claims", i, "courses"), "course", name, known)
        _check_figure(this, ("claims", i), claim.people or claim.low or 0)


def _check_figure(this: Check, location: Location, figure: int) -> None:
    """Refuse a published figure that no outcome can reach: the forecast would call it impossible."""
    people = sum(place.residents + place.displaced for place in this.scenario.places)
    if figure > people:
        what = f"a published figure of {figure:,} people, but only {people:,} live in the scenario's places"
        remedy = "Add the places that it speaks of, or leave it out"
        this.problem(location, what, f"up to {people:,}", remedy)


def _check_triggers(this: Check) -> None:
    this.distinct(("triggers",), "name", (trigger.name for trigger in this.scenario.triggers))
    places = this.scenario.places
    known = (*(place.name for place in places), *(place.pcode for place in places if place.pcode), ANYWHERE)
    for i, trigger in enumerate(this.scenario.triggers):
        this.known(("triggers", i, "when"), "place", trigger.rule.where, known)
        by_place = trigger.rule.where != ANYWHERE and trigger.rule.measure != "departures"
        if by_place and not this.scenario.where_known:
            what = f"it is not known where people go, so nothing can be said of {trigger.rule.where}"
            remedy = "Set draft.where_known once places, zones and crossings are right"
            this.problem(("triggers", i, "when"), what, "departures, or anywhere", remedy)
        if trigger.rule.days > this.scenario.horizon_days:
            what = f"the rule looks {trigger.rule.days} days ahead, the forecast {this.scenario.horizon_days}"
            this.problem(("triggers", i, "when"), what, f"up to {this.scenario.horizon_days} days")


def _check_zones_named(this: Check) -> None:
    model, zones = this.scenario.model, tuple(this.scenario.zones)
    for key in ("churn", "warning"):
        for zone in getattr(model, key).zones:
            this.known(("model", key, "zones"), "zone", zone, zones)
    for zone, seen in model.destination.zone_pull.items():
        this.known(("model", "destination", "zone_pull"), "zone", zone, zones)
        for other in seen:
            this.known(("model", "destination", "zone_pull", zone), "zone", other, zones)
    if model.warning.figure.bounds()[1] > 0 and not model.warning.zones:
        this.problem(
            ("model", "warning", "zones"),
            "there is a warning, but no zone that it applies to",
            remedy="Name its zones, or set model.warning.figure to 0",
        )
    else:
        _check_figure(this, ("model", "warning", "figure"), int(model.warning.figure.bounds()[0]))


def _check_crossing(this: Check, i: int, crossing: Crossing) -> None:
    for zone in crossing.between:
        this.known(("crossings", i, "between"), "zone", zone, tuple(this.scenario.zones))
    if crossing.between[0] == crossing.between[1]:
        this.problem(("crossings", i, "between"), "both zones are the same", "two different zones")


def _check_all_roads(this: Check) -> None:
    this.distinct(("crossings",), "name", (crossing.name for crossing in this.scenario.crossings))
    seen: dict[frozenset[str], str] = {}
    for i, crossing in enumerate(this.scenario.crossings):
        pair = frozenset(crossing.between)
        if crossing.roads == "all" and pair in seen:
            what = f"'{seen[pair]}' already governs all roads between {' and '.join(crossing.between)}"
            this.problem(("crossings", i, "roads"), what, remedy="Let one of the two say roads: named")
        elif crossing.roads == "all":
            seen[pair] = crossing.name


def _check_posts(this: Check) -> None:
    this.distinct(("posts",), "name", (post.name for post in this.scenario.posts))
    places = tuple(place.name for place in this.scenario.places)
    for i, post in enumerate(this.scenario.posts):
        for place in post.places:
            this.known(("posts", i, "places"), "place", place, places)


def _check_course(this: Check, i: int, course: Course) -> None:
    at: Location = ("courses", i)
    places = tuple(place.name for place in this.scenario.places)
    for k, stage in enumerate(course.stages):
        for place in stage.places:
            this.known((*at, "stages", k, "places"), "place", place, places)
        for place, count in Counter(stage.places).items():
            if count > 1:
                this.problem((*at, "stages", k, "places"), f"the place '{place}' is there {count} times")
        if stage.control_after is not None:
            zones = tuple(this.scenario.zones)
            this.known((*at, "stages", k, "control_after"), "zone", stage.control_after, zones)
    _check_order_of_stages(this, at, course)
    for k, change in enumerate(course.crossing_changes):
        names = tuple(crossing.name for crossing in this.scenario.crossings)
        this.known((*at, "crossing_changes", k, "crossing"), "crossing", change.crossing, names)
    for k, programme in enumerate(course.return_programmes):
        for key, named in (("from", programme.from_), ("to", programme.to)):
            for place in named:
                this.known((*at, "return_programmes", k, key), "place", place, places)


def _check_order_of_stages(this: Check, at: Location, course: Course) -> None:
    names = tuple(stage.name for stage in course.stages)
    this.distinct((*at, "stages"), "name", names)
    before = {stage.name: stage.start.after for stage in course.stages}
    for k, stage in enumerate(course.stages):
        if stage.start.after is None:
            continue
        location = (*at, "stages", k, "start", "after")
        this.known(location, "stage", stage.start.after, names)
        seen, reached = {stage.name}, before.get(stage.name)
        while reached is not None and reached not in seen:
            seen.add(reached)
            reached = before.get(reached)
        if reached == stage.name:
            this.problem(
                location, f"the stage '{stage.name}' waits for itself", "a stage that starts earlier"
            )


def _check_probabilities(this: Check) -> None:
    courses = this.scenario.courses
    this.distinct(("courses",), "name", (course.name for course in courses))
    total = sum(course.probability.typical() for course in courses)
    if abs(total - 1) > PROBABILITY_TOLERANCE:
        found = " + ".join(f"{course.probability.typical():.10g}" for course in courses)
        this.problem(("courses",), f"the probabilities {found} add to {total:.10g}", "1")


def _check_sources(this: Check) -> None:
    sources, issued = this.scenario.sources, this.scenario.issued
    for location, source in numbers_with_sources(this.scenario):
        if is_assumption(source):
            if not source.removeprefix(ASSUMPTION).strip():
                this.problem(location, "an assumption without a reason", "'assumption: why'")
        elif source not in sources:
            allowed = nearest(source, tuple(sources)) if sources else "no entry yet"
            this.problem(
                location,
                f"unknown source '{source}'",
                f"'assumption: why', or an entry of sources: {allowed}",
            )
    if this.scenario.hindsight:
        return
    for key, publication in sources.items():
        if not publication.known_by(issued):
            this.problem(
                ("sources", key),
                f"it was published on {publication.published}, after the issue day {issued}",
                "sources published by then, or of kind reference",
                "Enter the number as an assumption, or say hindsight: true",
            )
