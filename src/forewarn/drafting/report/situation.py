"""What reports say of a looming offensive: where, in which stages, with what borders, posts and talks."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from forewarn.drafting.basis import SourcedFact
from forewarn.drafting.refusals import NoOffensiveError
from forewarn.drafting.report.area import find_area
from forewarn.drafting.report.naming import NamedPlace, find_named, locate_stage, mention_of
from forewarn.drafting.report.orders import find_order
from forewarn.drafting.report.roles import ATTACKED, NamedRole, find_roles
from forewarn.drafting.report.sentences import sentence_at
from forewarn.drafting.report.sides import ATTACKS, Sides, find_sides
from forewarn.drafting.report.signs import find_signs, is_about_another_time
from forewarn.drafting.report.stages import ToldStage, find_stages
from forewarn.drafting.report.targets import NAMED, targets_of
from forewarn.drafting.user_tables.places import OwnPlace
from forewarn.errors import Problem
from forewarn.facts import Event, Figure, PlaceMention, Reading
from forewarn.reading.text.sentences import sentence_bounds

LOOMING: Final = ("planned", "threatened", "possible", "under-way")
KNOWN: Final = ("planned", "threatened", "under-way", "denied")
"""Of attacks in whose sentences no further sign is looked for."""
FRESH_DAYS: Final = 14
"""An attack reported as past, so many days before the report at most, is taken to go on; assumption."""
LOOMING_POINTS: Final = 4
"""Points of an attack that the reader found; one is enough for a draft: a convention."""
LEFT: Final = "told-to-leave"
"""Part of a place whose people are told to leave, which proves no attack by itself."""
POSSIBLE_POINTS: Final = 2
"""Points of an attack that is only possible, such as "for fear of clashes": two, or signs beside it."""
ENOUGH_POINTS: Final = 4
"""Points of signs from which on a report speaks of an attack: two plain sentences; a convention."""
LATEST_DAYS: Final = 60
"""A day farther off is not taken for that of the attack, in days; assumption."""
REFUGES: Final = ("refuge", "crossing", "barrier")
"""Parts of places that nobody attacks unless an attack is said to be on them."""
_ISLAND = re.compile(r"\b(?:islands?|isles?|archipelago)\b", re.IGNORECASE)
_OVER = re.compile(
    r"\b(?:was|were|had|lifted|broken|broke|ended|ends|over|after|since|until)\b", re.IGNORECASE
)
_AFTER = re.compile(
    r"\b(?:weeks?|months?|years?|days?) after (?:the|an?|last \w+[’'\w]*) (?:\w+ )?$",  # noqa: RUF001
    re.IGNORECASE,
)
"""Words before an attack that is over: "ten weeks after the attack"."""
_AIR = re.compile(r"\b(air ?strike|bomb|shell|artillery|barrel|missile|drone|air raid)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Situation:
    """All that a draft is made of.

    Parameters
    ----------
    area, targets
        The place that most attacks are on, and the others.
    stages
        In which order they are attacked, as far as it is told.
    places
        Places that are named with another part: refuges, camps, crossings, places taken.
    """

    area: PlaceMention
    attacks: tuple[tuple[Event, SourcedFact], ...]
    figures: tuple[tuple[Figure, SourcedFact], ...]
    talks: SourcedFact | None
    posts: SourcedFact | None
    siege: SourcedFact | None
    ordered: SourcedFact | None
    sides: Sides
    named: SourcedFact
    running: SourcedFact | None = None
    dated: tuple[tuple[date, date], SourcedFact] | None = None
    targets: tuple[PlaceMention, ...] = ()
    stages: tuple[ToldStage, ...] = ()
    places: tuple[NamedPlace, ...] = ()
    rivals: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    is_island: bool = False


def find_situation(readings: Sequence[Reading], own: Sequence[OwnPlace] = ()) -> Situation:
    """Put together what reports say.

    Parameters
    ----------
    readings
        Of reports about the same offensive.
    own
        The user's own places, whose names are looked for too.

    Raises
    ------
    NoOffensiveError
        No attack looms or is under way in them, or none at a place that could be found.
    UnknownPlaceError
        The attack is on a place that nobody knows the position of.
    """
    ground = [
        (event, said)
        for event, said in _events(readings)
        if event.kind in ATTACKS
        and event.kind != "chemical-attack"
        and _looms(event, said, readings[said.report].document.issued)
    ]
    roles = find_roles(readings)
    ground += _named_attacks(readings, roles, ground)
    known = sum(
        POSSIBLE_POINTS if event.status == "possible" or (NAMED, LEFT) in event.details else LOOMING_POINTS
        for event, _ in ground
    )
    more, signs = _signs(readings, known)
    points = known + more
    quoted = {said.sentence for _, said in ground}
    ground += [(event, said) for event, said in signs if said.sentence not in quoted]
    disasters = sum(event.kind == "disaster" for event, _ in _events(readings))
    if not ground or points < ENOUGH_POINTS or disasters >= len(ground):
        raise NoOffensiveError(_refusal(readings))
    refuges = {(role.said.report, role.span) for role in roles if role.role in REFUGES}
    told = find_stages(readings, ground, roles)
    staged = {name.text for stage in told for name in stage.names} if len(told) > 1 else set()
    asked = [
        role.span.text
        for role in roles
        if role.role != "fallen"
        and (where := mention_of(role.span, readings[role.said.report])).lat is None
        and where.kind != "country"
    ]
    found = find_area(readings, ground, own, refuges=refuges, staged=staged, asked=asked)
    if found is None:
        raise NoOffensiveError(
            Problem(_names(readings), "an attack is reported, but at no place that could be found",
                    remedy="Write the scenario by hand (docs/scenario.md), or name the places with --places")
        )  # fmt: skip
    area = found.place
    stages = tuple(locate_stage(stage, readings[stage.said.report], area, own) for stage in told)
    stages = tuple(stage for stage in stages if stage.places or stage.sides or stage.is_city)
    attacked_in_stages = [place for stage in stages for place in stage.places]
    named = next(
        (said for event, said in ground if any(p.name == area.name for p in event.places)), ground[0][1]
    )
    return Situation(
        area=area,
        targets=tuple({place.name: place for place in (*found.targets, *attacked_in_stages)}.values()),
        stages=stages,
        places=find_named(readings, roles, area, own),
        rivals=found.rivals,
        unknown=found.unknown,
        is_island=any(_ISLAND.search(reading.document.text) for reading in readings),
        attacks=tuple(ground),
        figures=tuple(_figures(readings)),
        talks=_first(readings, ("talks", "agreement", "meeting", "ceasefire")),
        posts=_first(readings, ("post",)),
        siege=_first(readings, ("siege",)),
        ordered=find_order(readings),
        sides=find_sides(readings, list(_events(readings)), area.country, roles),
        named=named,
        running=_running(ground, _names_of(area, *found.targets) | set(found.unknown)),
        dated=_dated(ground, readings),
    )


def is_bombardment(event: Event, said: SourcedFact) -> bool:
    """Whether an attack is said to come from the air or from guns alone."""
    return bool(_AIR.search(event.span.text)) or (
        bool(_AIR.search(said.sentence)) and "offensive" not in said.sentence
    )


def _events(readings: Sequence[Reading]) -> Iterator[tuple[Event, SourcedFact]]:
    for number, reading in enumerate(readings):
        text = reading.document.text
        sentences = sentence_bounds(text)
        for event in reading.events:
            yield event, SourcedFact(number, sentence_at(text, event.span, sentences))


def _signs(readings: Sequence[Reading], known: int) -> tuple[int, list[tuple[Event, SourcedFact]]]:
    """Signs in sentences whose attacks, if the reader found any, do not loom: their points, and as events."""
    points, events = 0, []
    for number, reading in enumerate(readings):
        attacked_at = [
            event.span.start for event in reading.events if event.kind in ATTACKS and event.status in KNOWN
        ]
        found = find_signs(reading, apart_from=attacked_at)
        points += found.points(known)
        if found.points(known):
            text = reading.document.text
            sentences = sentence_bounds(text)
            events += [
                (sign.event, SourcedFact(number, sentence_at(text, sign.event.span, sentences)))
                for sign in found.signs
            ]
    return points, events


def _named_attacks(
    readings: Sequence[Reading],
    roles: Sequence[NamedRole],
    ground: Sequence[tuple[Event, SourcedFact]],
) -> Iterator[tuple[Event, SourcedFact]]:
    """Attacks that the words beside a name tell of, where the reader found none on it: "Dohuk's turn"."""
    for role in roles:
        reading = readings[role.said.report]
        told = [
            place.span
            for event, said in ground
            if said == role.said
            for place in targets_of(event, reading.document.text)
        ]
        another_time = is_about_another_time(role.said.sentence, reading.document.issued)
        if role.role in ATTACKED and role.span not in told and not another_time:
            event = Event(
                span=role.span,
                kind="attack",
                status="under-way" if role.role == "under-fire" else "threatened",
                places=(mention_of(role.span, reading),),
                details=((NAMED, role.role),),
            )
            yield event, role.said


def _figures(readings: Sequence[Reading]) -> Iterator[tuple[Figure, SourcedFact]]:
    for number, reading in enumerate(readings):
        text = reading.document.text
        sentences = sentence_bounds(text)
        for figure in reading.figures:
            yield figure, SourcedFact(number, sentence_at(text, figure.quantity_span, sentences))


def _looms(event: Event, said: SourcedFact, issued: date | None) -> bool:
    words = " ".join(event.span.text.split())
    if _AFTER.search(said.sentence.partition(words)[0]):
        return False
    if event.status in LOOMING:
        return True
    if event.kind == "siege" and event.status == "past" and event.date is None:
        # "Blockade of the town, week 34": a siege goes on until somebody says that it is over.
        over = event.span.text.lower() == "surrounded" or _OVER.search(said.sentence)
        return not over and not is_about_another_time(said.sentence, issued)
    latest = None if event.date is None else event.date.latest
    fresh = latest is not None and issued is not None and 0 <= (issued - latest).days <= FRESH_DAYS
    return event.status == "past" and fresh


def _running(attacks: Sequence[tuple[Event, SourcedFact]], attacked: Collection[str]) -> SourcedFact | None:
    """Sentence that says that an attack goes on; a siege is one only where nothing else looms.

    One in a sentence that names only other places goes on elsewhere.
    """
    besieged_only = all(event.kind == "siege" for event, _ in attacks)
    return next(
        (
            said
            for event, said in attacks
            if event.status in ("under-way", "past")
            and (besieged_only or event.kind != "siege")
            and (not event.places or bool(_names_of(*event.places).intersection(attacked)))
        ),
        None,
    )


def _names_of(*places: PlaceMention) -> set[str]:
    return {name for place in places for name in (place.name, place.span.text)}


def _dated(
    attacks: Sequence[tuple[Event, SourcedFact]], readings: Sequence[Reading]
) -> tuple[tuple[date, date], SourcedFact] | None:
    """First and last day of a looming attack whose day is told and still to come."""
    for event, said in attacks:
        issued = readings[said.report].document.issued
        when = event.date
        if when is None or issued is None or event.status not in ("planned", "threatened"):
            continue
        if when.latest is not None and 0 <= (when.latest - issued).days <= LATEST_DAYS:
            return (when.earliest or issued, when.latest), said
    return None


def _first(readings: Sequence[Reading], kinds: Sequence[str]) -> SourcedFact | None:
    return next((said for event, said in _events(readings) if event.kind in kinds), None)


def _refusal(readings: Sequence[Reading]) -> Problem:
    disaster = any(event.kind == "disaster" for event, _ in _events(readings))
    past = any(event.kind in ATTACKS for event, _ in _events(readings))
    what = "no offensive that looms or is under way was found"
    if disaster:
        what += "; it speaks of a disaster, which Forewarn does not forecast"
    elif past:
        what += "; the attacks it speaks of are over or denied"
    remedy = "Write a scenario by hand if you know better (docs/scenario.md)"
    foreign = dict.fromkeys(
        reading.document.language for reading in readings if reading.document.language not in ("", "en")
    )
    if foreign:
        what += f"; the text seems to be in another language ({', '.join(foreign)}), and English is read"
        remedy = "Translate it first, then draft from the translation"
    return Problem(_names(readings), what, remedy=remedy)


def _names(readings: Sequence[Reading]) -> str:
    return ", ".join(reading.document.name for reading in readings)
