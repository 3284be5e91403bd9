"""Signs of an attack that comes or goes on, in sentences in which the reader found no attack.

Reports tell of sieges and clashes in passing: an ultimatum, a column on the road, guns at night. One such
sentence proves nothing; several do. A sign becomes an event of the draft, with the places of its sentence.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Final, cast

from forewarn.facts import Event, EventStatus, PlaceMention, Reading, Span
from forewarn.reading.text.sentences import sentence_bounds

SIGN: Final = "sign"
"""Key of an event's details that says that it is a sign, and of how many points."""
ENOUGH: Final = 6
"""Points of signs and sentences with armed men, together, that make signs count: a convention."""
_YEAR = re.compile(r"\b(1[89]\d\d|20\d\d)\b")
_LONG_AGO = re.compile(
    r"\b(?:years? ago|last year|decades?|anniversary|commemorat\w+|remember\w*|at the time|in those days|"
    r"exercises?|manoeuvres|drill)\b",
    re.IGNORECASE,
)
_WAS = re.compile(r"\b(?:was|were|had been|when|after|during|since the) (?:\w+ ){0,3}$", re.IGNORECASE)
_SIEGE = re.compile(r"siege|besieg|blockad|encircl|surround|cut off", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class AttackSign:
    """A sentence that speaks of an attack, as an event, and how much it says (points)."""

    event: Event
    points: int


@dataclass(frozen=True, slots=True)
class Signs:
    """What the sentences of a report that tell of now speak of.

    Parameters
    ----------
    signs
        Of an attack that comes or goes on, at most one in a sentence.
    armed, other
        Sentences with armed men or weapons, and sentences about a disaster or another matter.
    """

    signs: tuple[AttackSign, ...]
    armed: int
    other: int

    def points(self, known: int = 0) -> int:
        """Sum the signs; nothing if they are few, nobody is armed, or other matters prevail.

        Parameters
        ----------
        known
            Points of the attacks that the reader found.
        """
        points = sum(sign.points for sign in self.signs)
        enough = points + self.armed + known >= ENOUGH
        return points if self.armed and self.other <= self.armed and enough else 0


def find_signs(reading: Reading, *, apart_from: Sequence[int] = ()) -> Signs:
    """Find signs in the sentences that tell of now.

    Parameters
    ----------
    reading
        Of one report.
    apart_from
        First characters of attacks that are known already; their sentences give no sign.
    """
    text = reading.document.text
    years = [int(year) for year in _YEAR.findall(text)]
    issued = reading.document.issued or (date(max(years), 1, 1) if years else None)
    found, armed, other = [], 0, 0
    for start, end in sentence_bounds(text):
        sentence = text[start:end]
        if is_about_another_time(sentence, issued):
            continue
        armed += _speaks_of("armed", sentence)
        other += _speaks_of("other", sentence)
        if any(start <= at < end for at in apart_from):
            continue
        best = max(_matches(sentence), key=lambda each: each[1], default=None)
        if best is not None:
            found.append(_sign(reading.places, *best, start, end))
    return Signs(tuple(found), armed, other)


def is_about_another_time(sentence: str, issued: date | None) -> bool:
    """Whether a sentence tells of another year, or of a memory or an exercise.

    Examples
    --------
    >>> is_about_another_time("The town fell in 2015.", date(2021, 6, 22))
    True
    """
    years = {int(year) for year in _YEAR.findall(sentence)}
    return any(issued is None or year < issued.year for year in years) or bool(_LONG_AGO.search(sentence))


def _sign(
    places: Sequence[PlaceMention], match: re.Match[str], points: int, status: str, start: int, end: int
) -> AttackSign:
    # People go somewhere else than where an attack is; forces go where it will be.
    there = points > 1
    here = tuple(
        place for place in places if start <= place.span.start < end and (there or place.role != "to")
    )
    span = Span(start=start + match.start(), end=start + match.end(), text=match[0])
    kind = "siege" if _SIEGE.search(match[0]) else "attack"
    details = ((SIGN, str(points)),)
    made = Event(span=span, kind=kind, status=cast("EventStatus", status), places=here, details=details)
    return AttackSign(made, points)


def _matches(sentence: str) -> Iterator[tuple[re.Match[str], int, str]]:
    for row in _rows():
        match = row.pattern.search(sentence) if row.kind == "sign" else None
        if match is None or (_SIEGE.search(match[0]) and _WAS.search(sentence[: match.start()])):
            continue
        yield match, row.points, row.status


def _speaks_of(kind: str, sentence: str) -> bool:
    return any(row.pattern.search(sentence) for row in _rows() if row.kind == kind)


@dataclass(frozen=True, slots=True)
class _Row:
    kind: str
    status: str
    points: int
    pattern: re.Pattern[str]


@cache
def _rows() -> tuple[_Row, ...]:
    text = (files("forewarn") / "data" / "drafting" / "signs.csv").read_text(encoding="utf-8")
    return tuple(
        _Row(row["class"], row["status"], int(row["points"]), re.compile(row["pattern"], re.IGNORECASE))
        for row in csv.DictReader(text.splitlines())
    )
