"""What reports say of a looming offensive: where, in which stages, with what borders, posts and talks."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Final

from forewarn.errors import ForewarnError, Problem
from forewarn.facts import Event, Figure, PlaceMention, Reading, Span
from forewarn.reading.gazetteer import fold, load_gazetteer

LOOMING: Final = ("planned", "threatened", "possible", "under-way")
ATTACKS: Final = ("attack", "siege", "chemical-attack")
FRESH_DAYS: Final = 14
"""An attack reported as past, so many days before the report at most, is taken to go on; assumption."""
CAPITAL: Final = 0.2
"""Factor on the score of a capital, which mostly stands for its government: a convention."""
LONGEST_QUOTATION: Final = 300
"""Characters of a sentence that are kept beside a number."""
WEIGHTS: Final = {"planned": 3, "threatened": 3, "under-way": 2, "possible": 1}
"""Of a place named beside an attack, by how near the attack is: a convention."""
_AIR = re.compile(r"\b(air ?strike|bomb|shell|artillery|barrel|missile|drone|air raid)", re.IGNORECASE)
_SENTENCE = re.compile(r"[^.!?\n]*[.!?\n]?")


class NoOffensiveError(ForewarnError):
    """The reports hold no offensive that looms or is under way."""


@dataclass(frozen=True, slots=True)
class Said:
    """A fact with the sentence that it was read in, and which report it came from."""

    report: int
    sentence: str


@dataclass(frozen=True, slots=True)
class Situation:
    """All that a draft is made of."""

    area: PlaceMention
    attacks: tuple[tuple[Event, Said], ...]
    figures: tuple[tuple[Figure, Said], ...]
    talks: Said | None
    posts: Said | None
    siege: Said | None
    closed_borders: tuple[tuple[str, Said], ...]
    named: Said
    countries: tuple[str, ...] = field(default=())


def find_situation(readings: Sequence[Reading]) -> Situation:
    """Put together what reports say.

    Raises
    ------
    NoOffensiveError
        No attack looms or is under way in them, or none at a place that could be found.
    """
    attacks = [
        (event, said)
        for event, said in _events(readings)
        if event.kind in ATTACKS and _looms(event, readings[said.report].document.issued)
    ]
    ground = [(event, said) for event, said in attacks if event.kind != "chemical-attack"]
    disasters = sum(event.kind == "disaster" for event, _ in _events(readings))
    if not ground or disasters >= len(ground):
        raise NoOffensiveError(_refusal(readings))
    area = _area(readings, ground)
    if area is None:
        raise NoOffensiveError(
            Problem(_names(readings), "an attack is reported, but at no place that could be found",
                    remedy="Write the scenario by hand (docs/scenario.md), or name the places with --places")
        )  # fmt: skip
    named = next(
        (said for event, said in ground if any(p.name == area.name for p in event.places)), ground[0][1]
    )
    return Situation(
        area=area,
        attacks=tuple(ground),
        figures=tuple(_figures(readings)),
        talks=_first(readings, ("talks", "agreement", "meeting", "ceasefire")),
        posts=_first(readings, ("post",)),
        siege=_first(readings, ("siege",)),
        closed_borders=tuple(_closed(readings)),
        named=named,
        countries=tuple(
            dict.fromkeys(place.country for each in readings for place in each.places if place.country)
        ),
    )


def is_bombardment(event: Event, said: Said) -> bool:
    """Whether an attack is said to come from the air or from guns alone."""
    return bool(_AIR.search(event.span.text)) or (
        bool(_AIR.search(said.sentence)) and "offensive" not in said.sentence
    )


def sentence_at(text: str, span: Span) -> str:
    """Give the sentence that a span begins in, cut to a quotation."""
    for match in _SENTENCE.finditer(text):
        if match.start() <= span.start < match.end():
            words = " ".join(match[0].split())
            return words if len(words) <= LONGEST_QUOTATION else f"{words[:LONGEST_QUOTATION]}…"
    return " ".join(span.text.split())


def _events(readings: Sequence[Reading]) -> Iterator[tuple[Event, Said]]:
    for number, reading in enumerate(readings):
        for event in reading.events:
            yield event, Said(number, sentence_at(reading.document.text, event.span))


def _figures(readings: Sequence[Reading]) -> Iterator[tuple[Figure, Said]]:
    for number, reading in enumerate(readings):
        for figure in reading.figures:
            yield figure, Said(number, sentence_at(reading.document.text, figure.quantity_span))


def _looms(event: Event, issued: date | None) -> bool:
    if event.status in LOOMING:
        return True
    latest = None if event.date is None else event.date.latest
    fresh = latest is not None and issued is not None and 0 <= (issued - latest).days <= FRESH_DAYS
    return event.status == "past" and fresh


def _first(readings: Sequence[Reading], kinds: Sequence[str]) -> Said | None:
    return next((said for event, said in _events(readings) if event.kind in kinds), None)


def _closed(readings: Sequence[Reading]) -> Iterator[tuple[str, Said]]:
    for event, said in _events(readings):
        words = said.sentence.lower()
        if event.kind == "border" and any(word in words for word in ("closed", "sealed", "shut", "wall")):
            for country in dict.fromkeys(place.country for place in event.places if place.country):
                yield country, said


def _area(readings: Sequence[Reading], attacks: Sequence[tuple[Event, Said]]) -> PlaceMention | None:
    """Find the place that most looming attacks are said to be on; other mentions break ties."""
    score: Counter[tuple[str, str]] = Counter()
    first: dict[tuple[str, str], PlaceMention] = {}
    for event, _ in attacks:
        for place in (*event.places, *event.excluded):
            if place.kind != "country" and place.lat is not None:
                key = (place.name, place.country)
                score[key] += 10 * WEIGHTS.get(event.status, 1) * (2 if event.stage else 1)
                first.setdefault(key, place)
    named_nowhere = not score
    for reading in readings:
        for place in reading.places:
            key = (place.name, place.country)
            # Where no attack names its place, the place that the report speaks of most is taken.
            if place.lat is not None and place.kind != "country" and (named_nowhere or key in score):
                score[key] += 1 + 5 * (place.span.text in reading.document.title)
                first.setdefault(key, place)
    if named_nowhere and not any(
        event.status in ("planned", "threatened", "under-way", "past") for event, _ in attacks
    ):
        return None
    counts = Counter(place.country for reading in readings for place in reading.places if place.country)
    for key, place in first.items():
        # A capital mostly stands for its government, and a place in another country for a meeting there.
        score[key] = round(score[key] * (counts[place.country] / max(counts.values(), default=1)) * 100)
        if fold(place.name) in capitals():
            score[key] = round(score[key] * CAPITAL)
    return _as_town(first[max(score, key=lambda key: score[key])], readings) if score else None


def _as_town(area: PlaceMention, readings: Sequence[Reading]) -> PlaceMention:
    """Take the town where a region bears its name and the report says "town of" and never "region of"."""
    if area.kind != "region":
        return area
    text = " ".join(reading.document.text for reading in readings)
    name = re.escape(area.span.text)
    kinds = "province|region|governorate|state|district"
    if re.search(rf"\b(?:{kinds}) of {name}\b|\b{name} (?:{kinds})\b", text, re.IGNORECASE):
        return area
    if not re.search(rf"\b(?:town|city|village) of {name}\b", text, re.IGNORECASE):
        return area
    towns = [
        p for p in load_gazetteer().find(area.span.text) if p.kind == "town" and p.country == area.country
    ]
    if not towns:
        return area
    town = towns[0]
    own = {"name": town.name, "kind": "town", "lat": town.lat, "lon": town.lon, "population": town.population}
    return area.model_copy(update=own)


@cache
def capitals() -> frozenset[str]:
    """Names of capitals, folded, from the reader's table of states."""
    text = (files("forewarn") / "data" / "reading" / "states.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines())
    return frozenset(fold(name) for row in rows for name in row["metonyms"].split(";") if name)


def _refusal(readings: Sequence[Reading]) -> Problem:
    disaster = any(event.kind == "disaster" for event, _ in _events(readings))
    past = any(event.kind in ATTACKS for event, _ in _events(readings))
    what = "no offensive that looms or is under way was found"
    if disaster:
        what += "; it speaks of a disaster, which Forewarn does not forecast"
    elif past:
        what += "; the attacks it speaks of are over or denied"
    return Problem(
        _names(readings), what, remedy="Write a scenario by hand if you know better (docs/scenario.md)"
    )


def _names(readings: Sequence[Reading]) -> str:
    return ", ".join(reading.document.name for reading in readings)
