"""The nearest past offensives with where their people went: a second opinion that needs no model."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from math import isfinite, log10
from typing import Final

from forewarn.errors import ForewarnError, Problem, nearest
from forewarn.receptions.tables import (
    PastMovement,
    Reception,
    ReceptionTables,
    is_no_place,
    load_movements,
)

NEAREST: Final = 5
SHOWN: Final = 6
"""Places that are shown of a count; the rest is one remainder."""
MOVEMENTS: Final = ("flight", "siege", "expulsion", "screening")
BORDERS: Final = ("border none", "border open", "border closed")
CAMPS: Final = ("camps none", "camps before")
_EXPULSION: Final = ("expulsion", "ordered", "taken to")


@dataclass(frozen=True, slots=True)
class MovementWords:
    """What is known of a new event; nothing and None are unknown.

    Parameters
    ----------
    movement
        One of `MOVEMENTS`.
    border
        ``none`` within reach, ``open`` (or limited), ``closed``.
    camps
        Whether camps stood before: ``none`` or ``before``.
    """

    movement: str = ""
    border: str = ""
    camps: str = ""
    people: float | None = None


@dataclass(frozen=True, slots=True)
class PastDestinations:
    """A past event, its last whole count, and how unlike it is to what was asked for.

    Parameters
    ----------
    shares
        (place, share), the largest first; what is left over is no place and stands as ``other``.
    """

    event: str
    name: str
    movement: str
    quality: str
    as_of: date
    people: float
    words: MovementWords
    shares: tuple[tuple[str, float], ...]
    sources: tuple[str, ...]
    distance: float = 0.0


def parse_words(text: str) -> MovementWords:
    """Read what is known of an event, in words separated by commas.

    Raises
    ------
    ForewarnError
        For words that are not understood, or said twice.

    Examples
    --------
    >>> parse_words("siege, border closed, 400000 people")
    MovementWords(movement='siege', border='closed', camps='', people=400000.0)
    """
    found: dict[str, str | float] = {}
    problems = []
    for word in (part.strip().lower() for part in text.split(",") if part.strip()):
        key, value = _meaning(word)
        allowed = (*MOVEMENTS, *BORDERS, *CAMPS, "400000 people")
        if not key:
            problems.append(Problem("--like", f"'{word}' is not understood", nearest(word, allowed)))
        elif key in found:
            problems.append(Problem("--like", f"'{word}' is a second {key}", "one of each"))
        found[key] = value
    if not found:
        problems.append(
            Problem("--like", "nothing is said of the event", ", ".join((*MOVEMENTS, *BORDERS, *CAMPS)))
        )
    if problems:
        raise ForewarnError(problems)
    people = found.get("people")
    return MovementWords(
        str(found.get("movement", "")), str(found.get("border", "")), str(found.get("camps", "")),
        None if people is None else float(people),
    )  # fmt: skip


def _meaning(word: str) -> tuple[str, str | float]:
    if word in MOVEMENTS:
        return "movement", word
    if word in BORDERS or word in CAMPS:
        first, second = word.split()
        return first, second
    if match := re.fullmatch(r"([\d.]+)\s*(million)?\s*people", word):
        try:
            number = float(match[1]) * (1e6 if match[2] else 1)
        except ValueError:
            return "", ""
        return ("people", number) if number >= 1 else ("", "")
    return "", ""


def past_destinations(tables: ReceptionTables) -> tuple[PastDestinations, ...]:
    """List the events of tables, each with its last count that covers its total, else the last there is."""
    movements = load_movements()
    found = []
    for event in tables.events():
        rows = _last_count(
            [row for row in tables.receptions if row.event == event and row.share == row.share]
        )
        if not rows:
            continue
        movement = movements.get(event, PastMovement(event, event, None, "", ""))
        sources = tuple(dict.fromkeys(f"{row.source} {row.url}".strip() for row in rows))
        totals = [row.of_total for row in rows if row.of_total > 0]
        found.append(
            PastDestinations(
                event, movement.name, movement.movement, movement.quality, rows[0].as_of,
                max(totals, default=float("nan")), _words_of(tables, movement, max(totals, default=None)),
                _largest(rows), sources,
            )
        )  # fmt: skip
    return tuple(found)


def nearest_destinations(
    words: MovementWords, tables: ReceptionTables, *, count: int = NEAREST
) -> tuple[PastDestinations, ...]:
    """Find the past events most like a new one, nearest first; of equally near ones the latest first."""
    cases = [replace(case, distance=unlikeness(words, case.words)) for case in past_destinations(tables)]
    cases.sort(key=lambda case: (round(case.distance, 9), -case.as_of.toordinal(), case.event))
    return tuple(cases[:count])


def unlikeness(asked: MovementWords, past: MovementWords) -> float:
    """Count 1 for another kind of movement, another border, and a factor of ten in people; a half for camps.

    What is unknown of either counts nothing. A convention, not a fit.
    """
    apart = float(bool(asked.movement and past.movement) and asked.movement != past.movement)
    apart += float(bool(asked.border and past.border) and asked.border != past.border)
    apart += float(bool(asked.camps and past.camps) and asked.camps != past.camps) / 2
    if asked.people is not None and past.people is not None:
        apart += abs(log10(asked.people / past.people))
    return apart


def _last_count(rows: Sequence[Reception]) -> list[Reception]:
    whole = [row for row in rows if row.complete == "all" and "sub-population" not in row.measure] or rows
    if not whole:
        return []
    last = max(whole, key=lambda row: (row.as_of, row.of_total if isfinite(row.of_total) else 0.0))
    return [row for row in whole if (row.as_of, row.measure) == (last.as_of, last.measure)]


def _largest(rows: Sequence[Reception]) -> tuple[tuple[str, float], ...]:
    places = sorted((row for row in rows if not is_no_place(row.destination)), key=lambda row: -row.share)
    shown = [(row.destination, row.share) for row in places[:SHOWN] if row.share > 0]
    rest = 1 - sum(share for _, share in shown)
    return (*shown, ("other", rest)) if rest > 0.005 else tuple(shown)


def _words_of(tables: ReceptionTables, movement: PastMovement, people: float | None) -> MovementWords:
    places = [place for (event, _), place in tables.places.items() if event == movement.event]
    abroad = [place for place in places if place.border == "neighbour"]
    shut = abroad and all(place.crossing == "closed" for place in abroad)
    border = "closed" if shut else "open" if abroad else "none"
    kind = "flight"
    for name, terms in (("siege", ("siege",)), ("screening", ("screening",)), ("expulsion", _EXPULSION)):
        if any(term in movement.movement for term in terms):
            kind = name
    camps = "before" if any(place.camps == "before" for place in places) else "none"
    return MovementWords(kind if movement.movement else "", border, camps, people)
