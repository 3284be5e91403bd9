"""What is known of an event in advance, and how words are read as classes."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from forewarn.analogues.events import EXITS, KINDS, SCOPES
from forewarn.errors import Problem, UsageError, nearest

_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}\b)")
_PEOPLE = re.compile(r"([\d.]+)\s*(million|thousand|k|m)?\s*(people|persons|inhabitants)")
_DAYS = re.compile(r"([\d.]+)\s*days?")
_FACTORS = {"million": 1e6, "m": 1e6, "thousand": 1e3, "k": 1e3, "": 1.0}
_ALLOWED = (
    *SCOPES,
    *KINDS,
    *(f"exits {word}" for word in EXITS),
    "400000 people",
    "30 days",
)


@dataclass(frozen=True, slots=True)
class Attributes:
    """What is known of a new event; None where it is not known.

    Parameters
    ----------
    scope, kind, exits
        One of `events.SCOPES`, `KINDS`, `EXITS`.
    people
        People in the area that is to be attacked.
    window_days
        Length of the attack, in days.
    """

    scope: str | None = None
    kind: str | None = None
    exits: str | None = None
    people: float | None = None
    window_days: float | None = None

    def __post_init__(self) -> None:
        problems = [
            Problem(name, f"unknown {name} '{value}'", nearest(value, allowed))
            for name, value, allowed in (
                ("scope", self.scope, SCOPES),
                ("kind", self.kind, KINDS),
                ("exits", self.exits, EXITS),
            )
            if value is not None and value not in allowed
        ]
        problems += [
            Problem(name, f"{value:g} is not a possible number", "a number above 0")
            for name, value in (("people", self.people), ("window_days", self.window_days))
            if value is not None and not 0 < value < 1e10
        ]
        if problems:
            raise UsageError(problems)


@cache
def _terms() -> tuple[tuple[str, int, str], ...]:
    """Terms with their rank and class, from the package's table."""
    text = (files("forewarn") / "data" / "analogues" / "classes.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines())
    return tuple((row["term"], int(row["rank"]), row["class"]) for row in rows)


def kind_of(description: str) -> str | None:
    """Read the kind of attack from a description; None if no term of the table is in it.

    The term of the highest rank decides; of equal ones, the first in the description.

    Examples
    --------
    >>> kind_of("ground offensive; siege; bombardment")
    'siege'
    """
    words = description.lower().replace("-", " ")
    found = [
        (rank, words.index(term.replace("-", " ")), name)
        for term, rank, name in _terms()
        if term.replace("-", " ") in words
    ]
    return min(found)[2] if found else None


def exits_of(description: str) -> str | None:
    """Read whether people could get out; None if the description does not say.

    Remarks in parentheses do not count. Closed on one side or for some time and open on the other,
    or later, is ``partial``.

    Examples
    --------
    >>> exits_of("closed until 11 Mar 2018, then partially open")
    'partial'
    """
    words = re.sub(r"\([^)]*\)", " ", description.lower())
    closed = re.search(r"\bclosed|\bsealed", words)
    partial = re.search(r"\bpartial", words)
    is_open = re.search(r"\bopen", words)
    if partial or (closed and is_open):
        return "partial"
    if closed:
        return "closed"
    return "open" if is_open else None


def parse(words: str) -> Attributes:
    """Read attributes such as ``place, siege, exits closed, 400000 people, 60 days``.

    Raises
    ------
    UsageError
        If a part is not understood, or two parts speak of the same thing.
    """
    found: dict[str, str | float] = {}
    problems = []
    parts = [part.strip() for part in _THOUSANDS.sub("", words.lower()).split(",")]
    for part in filter(None, parts):
        name, value = _read_part(part)
        if name is None:
            problems.append(Problem("--like", f"'{part}' is not understood", nearest(part, _ALLOWED)))
        elif name in found:
            problems.append(Problem("--like", f"'{part}' is a second {name}", remedy="Say it once"))
        else:
            found[name] = value
    if not found and not problems:
        problems.append(Problem("--like", "nothing is said of the event", ", ".join(_ALLOWED)))
    if problems:
        raise UsageError(problems)
    return Attributes(**found)  # type: ignore[arg-type]


def _read_part(part: str) -> tuple[str | None, str | float]:
    if part in SCOPES:
        return "scope", part
    if "exit" in part or "border" in part:
        exits = exits_of(part)
        return ("exits", exits) if exits else (None, "")
    if match := _PEOPLE.fullmatch(part):
        return "people", _number(match[1]) * _FACTORS[match[2] or ""]
    if match := _DAYS.fullmatch(part):
        return "window_days", _number(match[1])
    kind = kind_of(part)
    return ("kind", kind) if kind else (None, "")


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0


def known(attributes: Attributes) -> Sequence[str]:
    """Say the attributes in words, those not known left out."""
    said = [attributes.scope, attributes.kind, f"exits {attributes.exits}" if attributes.exits else None]
    if attributes.people is not None:
        said.append(f"{float(f'{attributes.people:.3g}'):,.0f} people")
    if attributes.window_days is not None:
        said.append(f"{attributes.window_days:g} days")
    return [part for part in said if part]
