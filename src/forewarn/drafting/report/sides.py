"""Who attacks, which countries are parties to it, what attackers hold, and which borders are open."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from forewarn.drafting.basis import SourcedFact
from forewarn.drafting.report.naming import mention_of
from forewarn.drafting.report.roles import NamedRole
from forewarn.facts import Actor, Event, Reading
from forewarn.reading.places.gazetteer import fold
from forewarn.reading.text.sentences import sentence_bounds

ATTACKS: Final = ("attack", "siege", "chemical-attack")
STATES: Final = ("government", "armed-forces", "office")
FORCES: Final = (*STATES, "armed-group")
BORDER_CHARACTERS: Final = 60
"""A country named so near to an open border, in characters, is the one that it leads to; assumption."""
_HELD_BY: Final = re.compile(
    r"\b(?:held|controlled|taken|captured|seized|overrun|occupied) by\b|\bin the hands of\b|\bfell to\b|"
    r"\bunder the control of\b",
    re.IGNORECASE,
)
_HOLDS: Final = re.compile(
    r"\b(?:taken|took|captured|seized|overran|overrun|occup(?:y|ies|ied)|holds?|controls?|recaptured|retook)\b",
    re.IGNORECASE,
)
_WISHED: Final = re.compile(
    r"\b(?:(?:ask|urg|call|appeal|demand|plead|hop|want|den[yi])\w*|should|must|could|may|might|would|will|if|"
    r"unless|not|never)\b",
    re.IGNORECASE,
)
"""Words before an open border that make it no fact."""
_CLAUSE_ENDS: Final = re.compile(r"[,.;:]|\b(?:but|while|except|who|which|where)\b")


@dataclass(frozen=True, slots=True)
class Sides:
    """Sides of the fighting, and what they shut.

    Parameters
    ----------
    attackers
        Names and words of those who attack, folded.
    parties
        Countries whose government or forces are a party to the fighting, without that of the area.
    held
        Names of places that attackers are said to hold, folded, with the sentence.
    closed, opened
        Countries with a border that is said to be closed, or open, with the sentence.
    """

    attackers: frozenset[str]
    parties: frozenset[str]
    held: tuple[tuple[str, SourcedFact], ...]
    closed: tuple[tuple[str, SourcedFact], ...]
    opened: tuple[tuple[str, SourcedFact], ...]

    @property
    def shut(self) -> frozenset[str]:
        """Countries nobody is sent to, whoever calls their border open."""
        return self.parties | {country for country, _ in self.closed}

    def attacks_from(self, zone: str) -> bool:
        """Whether a zone bears the name of an attacker."""
        words = set(fold(zone).split())
        return bool(words) and any(words <= set(name.split()) for name in self.attackers)


def find_sides(
    readings: Sequence[Reading],
    events: Sequence[tuple[Event, SourcedFact]],
    country: str,
    roles: Sequence[NamedRole] = (),
) -> Sides:
    """Tell who fights, and what is shut.

    Parameters
    ----------
    events
        Of all reports, with their sentences.
    country
        Of the area attacked, ISO 3166-1 alpha-3.
    roles
        Parts that names play: where no attacker is known, whatever was taken is taken for his.
    """
    actors = {actor.key: actor for reading in readings for actor in reading.actors}
    attacks = [pair for pair in events if pair[0].kind in ATTACKS and pair[0].status != "asked-for"]
    borders = [pair for pair in events if pair[0].kind == "border"]
    doers = {key for event, _ in attacks for key in event.actors if _is(actors.get(key), FORCES)}
    done_to = {key for event, _ in attacks for key in event.targets}
    parties = {actors[key].country for key in doers | done_to if _is(actors.get(key), STATES)}
    attackers = [actors[key] for key in sorted(doers)]
    return Sides(
        attackers=frozenset(fold(name) for actor in attackers for name in _names(actor)),
        parties=frozenset(parties - {"", country}),
        held=tuple(_held(readings, doers) if doers else _fallen(readings, roles)),
        closed=tuple(_closed(borders, country)),
        opened=tuple(_opened(borders)),
    )


def _is(actor: Actor | None, kinds: Sequence[str]) -> bool:
    return actor is not None and actor.kind in kinds


def _names(actor: Actor) -> tuple[str, ...]:
    return actor.key, actor.name, actor.speaks_for, *(mention.text for mention in actor.mentions)


def _held(readings: Sequence[Reading], doers: set[str]) -> Iterator[tuple[str, SourcedFact]]:
    """Yield places in a clause with "X holds", or before "held by X", of an attacker X."""
    for number, reading in enumerate(readings):
        text = reading.document.text
        mentions = [span for actor in reading.actors if actor.key in doers for span in actor.mentions]
        for first, last in sentence_bounds(text):
            own = [span for span in mentions if first <= span.start and span.end <= last]
            for found in (*_HELD_BY.finditer(text, first, last), *_HOLDS.finditer(text, first, last)):
                start, end = _clause(text, (first, last), found)
                passive = _HELD_BY.match(text, found.start()) is not None
                low, high = (found.end(), end) if passive else (start, found.start())
                if not any(low <= span.start and span.end <= high for span in own):
                    continue
                low, high = (start, found.start()) if passive else (found.end(), end)
                said = SourcedFact(number, " ".join(text[first:last].split()))
                for place in reading.places:
                    if low <= place.span.start and place.span.end <= high and place.kind != "country":
                        yield from ((fold(name), said) for name in {place.name, place.span.text})


def _fallen(readings: Sequence[Reading], roles: Sequence[NamedRole]) -> Iterator[tuple[str, SourcedFact]]:
    """Yield places that are said to have fallen or been taken, by whomever."""
    for role in roles:
        if role.role == "fallen":
            place = mention_of(role.span, readings[role.said.report])
            yield from ((fold(name), role.said) for name in {place.name, role.span.text})


def _clause(text: str, sentence: tuple[int, int], found: re.Match[str]) -> tuple[int, int]:
    """Bounds of the clause around some words."""
    start, end = sentence
    for mark in _CLAUSE_ENDS.finditer(text, *sentence):
        if mark.end() <= found.start():
            start = mark.end()
        elif mark.start() >= found.end():
            return start, mark.start()
    return start, end


def _closed(borders: Sequence[tuple[Event, SourcedFact]], home: str) -> Iterator[tuple[str, SourcedFact]]:
    """Yield countries whose border is said to be closed; the area's own if no other is named."""
    for event, said in borders:
        if dict(event.details).get("state") == "closed" and event.status not in ("denied", "asked-for"):
            named = dict.fromkeys(place.country for place in event.places if place.country)
            yield from ((country, said) for country in ([c for c in named if c != home] or named))


def _opened(borders: Sequence[tuple[Event, SourcedFact]]) -> Iterator[tuple[str, SourcedFact]]:
    """Yield countries named beside a border that is said to be open, as a fact."""
    for event, said in borders:
        before = said.sentence.partition(" ".join(event.span.text.split()))[0]
        is_fact = event.status in ("past", "under-way") and not _WISHED.search(before)
        if dict(event.details).get("state") != "open" or not is_fact:
            continue
        first, last = event.span.start - BORDER_CHARACTERS, event.span.end + BORDER_CHARACTERS
        near = [place for place in event.places if first <= place.span.end and place.span.start <= last]
        yield from ((country, said) for country in dict.fromkeys(place.country for place in near) if country)
