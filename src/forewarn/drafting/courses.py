"""Courses of a draft: a deal or nothing, a first stage, the whole offensive."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from forewarn.drafting.said import Said
from forewarn.drafting.sectors import places_of
from forewarn.drafting.situation import Situation, is_bombardment
from forewarn.drafting.surroundings import Surroundings

HORIZON_DAYS: Final = 120
NO_DATE: Final = "assumption: the report does not say when"
PACE: Final = "assumption: how fast it goes is not known; as wide as past offensives"
# Days; all assumptions, written beside the numbers.
START: Final = {"low": 1, "mode": 14, "high": 90}
UNDER_WAY: Final = {"low": 0, "mode": 1, "high": 7}
SPREAD: Final = {"low": 3, "mode": 21, "high": 60}
DURATION: Final = {"low": 7, "mode": 30, "high": 90}
LATER: Final = {"low": 7, "mode": 30, "high": 90}


@dataclass(frozen=True, slots=True)
class Drafted:
    """Courses, how probable an offensive is, and what they rest on: pairs of a path and a fact."""

    courses: tuple[dict[str, Any], ...]
    basis: tuple[tuple[str, Said | str], ...]


def draft_courses(
    situation: Situation, around: Surroundings, issued: date, *, leave_out: Sequence[str]
) -> Drafted:
    """Make the courses that a report speaks of."""
    chance, why = _chance(issued, leave_out)
    first = _first_stage(situation, around)
    kind = _kind(situation)
    basis: list[tuple[str, Said | str]] = []
    calm = "deal" if situation.talks is not None else "no-offensive"
    basis.append((f"courses.{calm}", situation.talks or "assumption: every threat may come to nothing"))
    courses: list[dict[str, Any]] = [
        {
            "name": calm,
            "title": "Talks succeed" if situation.talks is not None else "No offensive",
            "probability": {"value": round(1 - chance, 3), "source": f"assumption: {why}"},
        }
    ]
    everything = tuple(name for name in around.threatened if name not in first.places)
    if first.places and everything:
        half = round(chance / 2, 3)
        split = "assumption: half of the chance of an offensive each; whether it stops there nobody knows"
        start = _stage("first", first.places, kind, UNDER_WAY if first.under_way else START)
        later = _stage("later", everything, kind, {"after": "first", **LATER})
        courses.append(_course("first-stage", "First stage only", half, split, [start]))
        courses.append(
            _course(
                "staged",
                "The whole offensive, stage by stage",
                round(chance - half, 3),
                split,
                [start, later],
            )
        )
        for course in ("first-stage", "staged"):
            basis.append((f"courses.{course}.stages.first.places", first.said))
        basis.append(("courses.staged.stages.later.places", first.said))
    else:
        stage = _stage("offensive", around.threatened, kind, UNDER_WAY if first.under_way else START)
        courses.append(_course("offensive", "Offensive", round(chance, 3), f"assumption: {why}", [stage]))
        basis.append(("courses.offensive.stages.offensive.places", first.said))
    total = sum(course["probability"]["value"] for course in courses[1:])
    courses[0]["probability"]["value"] = round(1 - total, 3)
    return Drafted(tuple(courses), tuple(basis))


@dataclass(frozen=True, slots=True)
class _First:
    places: tuple[str, ...]
    under_way: bool
    said: Said


def _first_stage(situation: Situation, around: Surroundings) -> _First:
    """Places of the first stage; none if the report does not tell stages apart."""
    under_way = any(event.status == "under-way" for event, _ in situation.attacks)
    rows = [row for row in around.places if row["name"] in around.threatened]
    for event, said in situation.attacks:
        sides = [sector for sector in event.sectors if sector != "city"]
        if sides and (event.stage in (None, 1)):
            spared = {around.city} if event.excluded else set()
            chosen = tuple(name for name in places_of(sides, rows) if name not in spared)
            if chosen:
                return _First(chosen, under_way, said)
        if event.excluded and event.stage == 1:
            chosen = tuple(name for name in around.threatened if name != around.city)
            return _First(chosen, under_way, said)
    return _First((), under_way, situation.named)


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
        "start": start | {"source": NO_DATE},
        "spread_days": SPREAD | {"source": PACE},
        "duration_days": DURATION | {"source": PACE},
    }


def _course(name: str, title: str, chance: float, why: str, stages: list[dict[str, Any]]) -> dict[str, Any]:
    return {"name": name, "title": title, "probability": {"value": chance, "source": why}, "stages": stages}


def _chance(issued: date, leave_out: Sequence[str]) -> tuple[float, str]:
    """Chance that the attack comes within the horizon, from past warnings as known on the issue day."""
    from forewarn.analogues import prospect, select_warnings

    found = prospect(select_warnings(as_of=issued, leave_out=leave_out), horizon_days=HORIZON_DAYS)
    why = (
        f"mean of {found.came + found.did_not_come} past warnings known by {issued} ({found.came} came true "
        f"in {HORIZON_DAYS} days), a collection and no base rate; set it yourself"
    )
    return min(0.95, max(0.05, round(found.chance_mean, 2))), why
