"""Courses of a draft: a deal or nothing, a first stage, the whole offensive."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from forewarn.drafting.basis import Basis, SourcedFact
from forewarn.drafting.document.chances import chance_that_it_comes, chance_that_it_goes_on
from forewarn.drafting.report.naming import is_name_of
from forewarn.drafting.report.situation import Situation, is_bombardment
from forewarn.drafting.report.stages import ToldStage
from forewarn.drafting.rows import PlaceRow
from forewarn.drafting.surroundings.model import Surroundings
from forewarn.drafting.surroundings.parts import part_name
from forewarn.drafting.surroundings.sectors import places_of
from forewarn.reading.places.gazetteer import fold

HORIZON_DAYS: Final = 120
NO_DATE: Final = "assumption: the report does not say when"
GOES_ON: Final = "assumption: the attack is said to be under way"
DATED: Final = "assumption: the day that the report gives, and up to a month later"
PACE: Final = "assumption: how fast it goes is not known; as wide as past offensives"
# Days; all assumptions, written beside the numbers.
START: Final = {"low": 1, "mode": 14, "high": 90}
UNDER_WAY: Final = {"low": 0, "mode": 1, "high": 7}
SPREAD: Final = {"low": 3, "mode": 21, "high": 60}
DURATION: Final = {"low": 7, "mode": 30, "high": 90}
LATER: Final = {"low": 7, "mode": 30, "high": 90}
LATE_DAYS: Final = 30
"""An announced attack may come so many days late; assumption."""
SPLIT: Final = "assumption: half of the chance of an offensive each; whether it stops there nobody knows"


@dataclass(frozen=True, slots=True)
class DraftedCourses:
    """Courses, what they rest on, and what they leave out."""

    courses: tuple[dict[str, Any], ...]
    basis: tuple[Basis, ...]
    notes: tuple[str, ...] = ()


def draft_courses(
    situation: Situation, around: Surroundings, issued: date, *, leave_out: Sequence[str]
) -> DraftedCourses:
    """Make the courses that a report speaks of."""
    if situation.running:
        found = chance_that_it_goes_on(issued, leave_out=leave_out, days=DURATION["low"])
    else:
        found = chance_that_it_comes(issued, leave_out=leave_out, horizon_days=HORIZON_DAYS)
    chance, why = found["value"], found["source"]
    told = _told_stages(situation, around)
    start = _start(situation, issued)
    kind = _kind(situation)
    calm, basis = _calm(situation)
    courses: list[dict[str, Any]] = []
    notes: tuple[str, ...] = ()
    if len(told) > 1:
        half = round(chance / 2, 3)
        split = found | {"source": SPLIT}
        if "note" in found:
            split["note"] = f"{found['note']}, both courses together"
        stages = [_stage("first", told[0].places, kind, start)]
        for number, later in enumerate(told[1:], 1):
            name = "later" if number == 1 else f"later-{number}"
            after = {"after": stages[-1]["name"], **LATER, "source": NO_DATE}
            stages.append(_stage(name, later.places, kind, after))
        courses.append(_course("first-stage", "First stage only", split | {"value": half}, stages[:1]))
        rest = split | {"value": round(chance - half, 3)}
        courses.append(_course("staged", "The whole offensive, stage by stage", rest, stages))
    else:
        only = _stage("offensive", around.threatened, kind, start)
        courses.append(_course("offensive", _title(situation, kind), found, [only]))
        notes = _undistinguished_stages(situation)
    for course in courses:
        for stage in course["stages"]:
            path = f"courses.{course['name']}.stages.{stage['name']}"
            basis.append(Basis(f"{path}.places", told[0].said))
            said = situation.running or (situation.dated[1] if situation.dated else None)
            if said is not None and "after" not in stage["start"]:
                basis.append(Basis(f"{path}.start", said))
    total = sum(course["probability"]["value"] for course in courses)
    calm["probability"] = {"value": round(1 - total, 3), "source": why}
    return DraftedCourses((calm, *courses), tuple(basis), notes)


def _undistinguished_stages(situation: Situation) -> tuple[str, ...]:
    """Say that a report tells stages of an attack whose places the draft does not tell apart."""
    if not situation.stages:
        return ()
    return (
        "The reports speak of parts or stages of the attack that the places of the draft cannot distinguish: "
        "it is one stage. Give the quarters, camps and villages with --places.",
    )


def _calm(situation: Situation) -> tuple[dict[str, Any], list[Basis]]:
    """Make the course without an offensive."""
    if situation.talks is not None:
        return {"name": "deal", "title": "Talks succeed"}, [Basis("courses.deal", situation.talks)]
    if situation.running:
        why = "assumption: every attack may end at once"
        return {"name": "no-offensive", "title": "The attack stops"}, [Basis("courses.no-offensive", why)]
    why = "assumption: every threat may come to nothing"
    title = "No assault; the siege goes on" if situation.siege is not None else "No offensive"
    return {"name": "no-offensive", "title": title}, [Basis("courses.no-offensive", why)]


def _title(situation: Situation, kind: str) -> str:
    what = {"siege": "siege", "bombardment": "bombardment"}.get(kind, "offensive")
    return f"The {what} goes on" if situation.running else what.capitalize()


def _start(situation: Situation, issued: date) -> dict[str, Any]:
    """Say when the first attack comes: it goes on, on the day that was announced, or some time."""
    if situation.running:
        return UNDER_WAY | {"source": GOES_ON}
    if situation.dated is None:
        return START | {"source": NO_DATE}
    (earliest, latest), _ = situation.dated
    low, mode = max(0, (earliest - issued).days), max(1, (latest - issued).days)
    return {"low": min(low, mode), "mode": mode, "high": mode + LATE_DAYS, "source": DATED}


@dataclass(frozen=True, slots=True)
class _Places:
    places: tuple[str, ...]
    said: SourcedFact


def _told_stages(situation: Situation, around: Surroundings) -> list[_Places]:
    """Places of each stage; all of them in one if the reports tell no order, or none that can be drawn.

    A place that several stages name belongs to the last of them; one that no stage names to the last of all.
    A part of the town that the draft cannot tell apart stands for the town.
    """
    rows = [row for row in around.places if row["name"] in around.threatened]
    order: dict[str, int] = {}
    for stage in situation.stages:
        chosen = _of_stage(stage, situation, around, rows)
        order |= dict.fromkeys(chosen, stage.order)
        if not chosen:
            order.setdefault(around.city, stage.order)
    last = max(max(order.values(), default=1), 2 if order else 1)
    for name in around.threatened:
        order.setdefault(name, last)
    said = {stage.order: stage.said for stage in situation.stages}
    first = next(iter(said.values()), situation.named)
    return [
        _Places(tuple(name for name in around.threatened if order[name] == each), said.get(each, first))
        for each in sorted(set(order.values()))
    ]


def _of_stage(
    stage: ToldStage, situation: Situation, around: Surroundings, rows: Sequence[PlaceRow]
) -> list[str]:
    """Places under threat that a stage is on."""
    names = {fold(name) for place in stage.places for name in (place.name, place.span.text)}
    chosen = [row["name"] for row in rows if any(is_name_of(name, fold(row["name"])) for name in names)]
    if stage.is_city:
        chosen.append(around.city)
    if stage.sides:
        part = part_name(situation.area.name, stage.sides)
        is_part = any(row["name"] == part for row in rows)
        chosen += [part] if is_part else places_of(stage.sides, rows) if len(rows) > 1 else []
    return chosen


def _kind(situation: Situation) -> str:
    """Kind of attack; a siege alone closes the roads of its places, an attack on them lets some out."""
    if all(event.kind == "siege" for event, _ in situation.attacks):
        return "siege"
    if all(is_bombardment(event, said) for event, said in situation.attacks):
        return "bombardment"
    return "ground-attack"


def _stage(name: str, places: Sequence[str], kind: str, start: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": name,
        "places": list(places),
        "kind": kind,
        "start": start,
        "spread_days": SPREAD | {"source": PACE},
        "duration_days": DURATION | {"source": PACE},
    }


def _course(name: str, title: str, chance: dict[str, Any], stages: list[dict[str, Any]]) -> dict[str, Any]:
    return {"name": name, "title": title, "probability": chance, "stages": stages}
