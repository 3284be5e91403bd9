"""``flight: {prior: reference-class, …}``: F from past offensives, as known on the issue day.

People write the attributes of the offensive; what stands in the explicit scenario are the numbers. What an
event's class needs to know and the scenario says itself is taken from there: the people under attack in each
course, and how long its attacks go on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final, get_args

from forewarn.errors import ForewarnError, Problem, ScenarioError, nearest
from forewarn.scenario.addressing.messages import Origins
from forewarn.scenario.model.models import Course, EventKind, EventScope, Exits, Place, Scenario, Stage

if TYPE_CHECKING:
    from forewarn.analogues.calibration import EventClass as Event
    from forewarn.analogues.calibration import Exposed, PlaceLevel

PRIOR: Final = "reference-class"
SOURCE: Final = "reference-class"
KEYS: Final = ("prior", "scope", "kind", "exits", "leave_out")
NUMBER: Final = "share_leaving"
PROBABILITIES: Final = (0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95)
_STAND_IN: Final = {"value": 0.5, "source": "assumption: stands in until the class is asked"}
_REACHED: Final = (0.125, 0.375, 0.625, 0.875)  # when an attack reaches a place, as a part of spread_days


@dataclass(frozen=True, slots=True)
class FlightPrior:
    """What a scenario says of its offensive, so that past ones can stand for it."""

    scope: str
    kind: str
    exits: str | None
    leave_out: tuple[str, ...]
    wanted: bool
    """Whether the document leaves F to the class."""


def take_prior(model: Any, origins: Origins) -> tuple[Any, FlightPrior | None, list[Problem]]:  # noqa: ANN401
    """Take the attributes out of a raw `model` block.

    Returns
    -------
    The model without them, the prior if one is asked for, and what is wrong with it.
    """
    flight = model.get("flight") if isinstance(model, Mapping) else None
    if not isinstance(flight, Mapping) or not any(key in flight for key in KEYS):
        return model, None, []
    rest = dict(model) | {"flight": {key: value for key, value in flight.items() if key not in KEYS}}
    problems = [
        Problem(origins.where(("model", "flight", key), None), what, allowed, remedy)
        for key, what, allowed, remedy in _faults(flight)
    ]
    if problems:
        return rest, None, problems
    wanted = NUMBER not in flight
    if wanted:
        rest["flight"][NUMBER] = _STAND_IN
    left_out = tuple(str(name) for name in flight["leave_out"])
    return rest, FlightPrior(flight["scope"], flight["kind"], flight.get("exits"), left_out, wanted), []


def _faults(flight: Mapping[Any, Any]) -> list[tuple[str, str, str, str]]:
    if flight.get("prior") != PRIOR:
        what = "missing" if "prior" not in flight else f"unknown prior {flight['prior']!r}"
        remedy = "Write it beside scope, kind, exits and leave_out" if "prior" not in flight else ""
        return [("prior", what, PRIOR, remedy)]
    found = []
    for key, words in (("scope", EventScope), ("kind", EventKind), ("exits", Exits)):
        allowed: tuple[str, ...] = get_args(words)
        if key not in flight:
            if key != "exits":
                found.append((key, "missing", ", ".join(allowed), ""))
        elif flight[key] not in allowed:
            found.append((key, f"unknown {key} {flight[key]!r}", nearest(str(flight[key]), allowed), ""))
    left_out = flight.get("leave_out")
    if not isinstance(left_out, list | tuple) or not all(isinstance(name, str) for name in left_out):
        what = "missing" if left_out is None else f"found {left_out!r}"
        names = "a list of areas of the class, such as [Idlib]; [] if it does not know this area"
        found.append(("leave_out", what, names, "A forecast must not learn from its own area"))
    return found


def with_prior(
    scenario: Scenario, document: dict[str, Any], prior: FlightPrior, origins: Origins
) -> dict[str, Any]:
    """Put the class's F into an explicit document.

    Parameters
    ----------
    scenario
        Valid, with a stand-in for F if it is wanted.
    document
        The same as plain data.

    Raises
    ------
    ScenarioError
        If no course attacks anybody, too few past events were known by then, or an area to be left out is
        unknown.
    """
    where = origins.where(("model", "flight", "prior"), None)
    if SOURCE in scenario.sources:
        what = f"'{SOURCE}' is the name of the source that this prior adds"
        raise ScenarioError(
            Problem(origins.where(("sources", SOURCE), None), what, remedy="Use another name")
        )
    found = [_schedule(scenario, course) for course in scenario.courses if attacked(scenario, course)]
    schedules = [each for each in found if any(max(group.exposure) > 0 for group in each.exposed)]
    if not schedules:
        what = "no course attacks anybody"
        raise ScenarioError(Problem(where, what, remedy="Add stages, or give share_leaving"))
    try:
        events, count = _events(scenario.issued, prior, schedules)
    except ForewarnError as error:
        raise ScenarioError(
            Problem(where, each.what, each.allowed, each.remedy) for each in error.problems
        ) from error
    return _filled(document, scenario, prior, _calibrated(scenario, events), count)


@dataclass(frozen=True, slots=True)
class Attacked:
    """What a course's offensive is, at the typical value of every number.

    Parameters
    ----------
    people
        In the places attacked, on the issue day.
    days
        From the first attack to the end of the last.
    """

    people: int
    days: int


def attacked(scenario: Scenario, course: Course) -> Attacked | None:
    """Say how many people are under attack in a course, and for how long; nothing if nobody is."""
    starts = _starts(course)
    named = {place.name: place for place in scenario.places}
    people = sum(_people(named[name]) for name in {name for stage in course.stages for name in stage.places})
    if people == 0:
        return None
    ends = (
        starts[stage.name] + stage.spread_days.typical() + stage.duration_days.typical()
        for stage in course.stages
    )
    return Attacked(people, max(1, round(max(ends) - min(starts.values()))))


@dataclass(frozen=True, slots=True)
class _Schedule:
    """A course's offensive, and who is exposed to it when."""

    attacked: Attacked
    exposed: tuple[Exposed, ...]


def _schedule(scenario: Scenario, course: Course) -> _Schedule:
    """Exposure of everybody attacked in a course."""
    from forewarn.analogues.calibration import Exposed

    found = attacked(scenario, course) or Attacked(0, 1)
    starts = _starts(course)
    attacks: dict[str, list[tuple[Stage, float]]] = {}
    for stage in course.stages:
        for name in stage.places:
            attacks.setdefault(name, []).append((stage, starts[stage.name]))
    named = {place.name: place for place in scenario.places}
    first = min(starts.values())
    pace = scenario.model.flight.displaced_multiplier.typical()
    exposed = []
    for name, own in attacks.items():
        for part in _REACHED:
            exposure = tuple(_exposure(own, first + day, part) for day in range(found.days))
            for count, speed in ((named[name].residents, 1.0), (named[name].displaced, pace)):
                if count:
                    exposed.append(Exposed(count / len(_REACHED), speed, exposure))
    return _Schedule(found, tuple(exposed))


def _people(place: Place) -> int:
    return place.residents + place.displaced


def _starts(course: Course) -> dict[str, float]:
    """Typical first day of each stage."""
    named = {stage.name: stage for stage in course.stages}

    def start(stage: Stage) -> float:
        days = stage.start.days.typical()
        return days if stage.start.after is None else days + start(named[stage.start.after])

    return {name: start(stage) for name, stage in named.items()}


def _exposure(attacks: list[tuple[Stage, float]], day: float, part: float) -> float:
    """Intensity on a day at a place that every attack reaches after a part of its spread."""
    running = [
        stage.intensity.typical()
        for stage, start in attacks
        if 0 <= day - (start + part * stage.spread_days.typical()) < stage.duration_days.typical()
    ]
    return max(running, default=0.0)


def _events(issued: date, prior: FlightPrior, schedules: list[_Schedule]) -> tuple[list[Event], int]:
    """Class of each course's offensive, and how many past events have a share."""
    from forewarn.analogues import Attributes, predictive, select
    from forewarn.analogues.calibration import EventClass as Event

    # A slope on size learnt from towns and regions says nothing of a hamlet.
    chosen = select(as_of=issued, leave_out=prior.leave_out)
    sizes = [event.population for event, _ in chosen.shares() if event.population] or [1.0]
    events = []
    for schedule in schedules:
        people = min(max(schedule.attacked.people, min(sizes)), max(sizes))
        asked = Attributes(prior.scope, prior.kind, prior.exits, people, schedule.attacked.days)
        found = predictive(asked, as_of=issued, leave_out=prior.leave_out, probabilities=PROBABILITIES)
        events.append(Event(found.share, schedule.exposed))
        count = found.share_events
    return events, count


def _calibrated(scenario: Scenario, events: list[Event]) -> PlaceLevel:
    from forewarn.analogues.calibration import AtOnce, place_level

    flight = scenario.model.flight
    return place_level(
        PROBABILITIES,
        events,
        days_to_half=flight.days_to_half.equally_likely(),
        share_spread=flight.share_leaving_spread.typical(),
        days_spread=flight.days_to_half_spread.typical(),
        at_once=AtOnce(flight.share_at_once.equally_likely(), flight.days_at_once.typical()),
    )


def _filled(
    document: dict[str, Any],
    scenario: Scenario,
    prior: FlightPrior,
    found: PlaceLevel,
    count: int,
) -> dict[str, Any]:
    issued = scenario.issued.isoformat()
    left_out = f"; without {', '.join(prior.leave_out)}" if prior.leave_out else ""
    words = ", ".join(filter(None, (prior.scope, prior.kind, prior.exits and f"exits {prior.exits}")))
    source = {
        "title": f"Reference class of past offensives, as known on {issued}",
        "publisher": "Forewarn",
        "published": scenario.issued,
        "kind": "analysis",
        "note": f"Prediction for: {words}{left_out}. Brought from events to places (docs/analogues.md).",
    }
    flight = dict(document["model"]["flight"])
    if prior.wanted:
        pairs = zip(PROBABILITIES, found.share_leaving, strict=True)
        quantiles = {probability: float(f"{value:.3g}") for probability, value in pairs}
        flight[NUMBER] = {"quantiles": quantiles, "source": SOURCE, "note": f"{count} past events"}
    analogues = {"scope": prior.scope, "kind": prior.kind, "leave_out": list(prior.leave_out)}
    if prior.exits is not None:
        analogues["exits"] = prior.exits
    return document | {
        "analogues": analogues,
        "sources": dict(document.get("sources", {})) | {SOURCE: source},
        "model": dict(document["model"]) | {"flight": flight},
    }
