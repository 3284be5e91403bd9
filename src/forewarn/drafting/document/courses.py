"""Courses of a draft: a deal or nothing, a first stage, the whole offensive."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from forewarn.drafting.basis import Basis, SourcedFact
from forewarn.drafting.document.chances import chance_that_it_comes, chance_that_it_goes_on
from forewarn.drafting.document.sectors import places_of
from forewarn.drafting.report.situation import Situation, is_bombardment
from forewarn.drafting.surroundings.model import Surroundings

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
    first = _first_stage(situation, around)
    start = _start(situation, issued)
    kind = _kind(situation)
    calm, basis = _calm(situation)
    later = tuple(name for name in around.threatened if name not in first.places)
    courses: list[dict[str, Any]] = []
    notes: tuple[str, ...] = ()
    if first.places and later:
        half = round(chance / 2, 3)
        one = _stage("first", first.places, kind, start)
        two = _stage("later", later, kind, {"after": "first", **LATER, "source": NO_DATE})
        split = found | {"source": SPLIT}
        if "note" in found:
            split["note"] = f"{found['note']}, both courses together"
        courses.append(_course("first-stage", "First stage only", split | {"value": half}, [one]))
        rest = split | {"value": round(chance - half, 3)}
        courses.append(_course("staged", "The whole offensive, stage by stage", rest, [one, two]))
    else:
        only = _stage("offensive", around.threatened, kind, start)
        courses.append(_course("offensive", _title(situation, kind), found, [only]))
        notes = _undistinguished_stages(situation)
    for course in courses:
        for stage in course["stages"]:
            path = f"courses.{course['name']}.stages.{stage['name']}"
            basis.append(Basis(f"{path}.places", first.said))
            said = situation.running or (situation.dated[1] if situation.dated else None)
            if said is not None and "after" not in stage["start"]:
                basis.append(Basis(f"{path}.start", said))
    total = sum(course["probability"]["value"] for course in courses)
    calm["probability"] = {"value": round(1 - total, 3), "source": why}
    return DraftedCourses((calm, *courses), tuple(basis), notes)


def _undistinguished_stages(situation: Situation) -> tuple[str, ...]:
    """Say that a report tells stages of an attack whose places the draft does not tell apart."""
    parts = any(
        event.excluded or event.stage or set(event.sectors) - {"city"} for event, _ in situation.attacks
    )
    if not parts:
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
class _First:
    places: tuple[str, ...]
    said: SourcedFact


def _first_stage(situation: Situation, around: Surroundings) -> _First:
    """Places of the first stage; none if the report does not tell stages apart."""
    rows = [row for row in around.places if row["name"] in around.threatened]
    for event, said in situation.attacks:
        sides = [sector for sector in event.sectors if sector != "city"]
        if sides and (event.stage in (None, 1)):
            spared = {around.city} if event.excluded else set()
            chosen = tuple(name for name in places_of(sides, rows) if name not in spared)
            if chosen:
                return _First(chosen, said)
        if event.excluded and event.stage == 1:
            chosen = tuple(name for name in around.threatened if name != around.city)
            return _First(chosen, said)
    return _First((), situation.named)


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
