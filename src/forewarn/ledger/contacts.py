"""Contact details and whereabouts of persons: what the ledger refuses."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from forewarn.ledger.canonical_form import Json
from forewarn.ledger.sealing import Path

PHONE_DIGITS: Final = (8, 15)
"""Digits of a number in international form (at most 15: ITU-T E.164; at least 8: assumption)."""
PLACE_DECIMALS: Final = 2
"""Decimals of a degree that an incident may have: about one kilometre (assumption: no single house)."""
HASH: Final = re.compile(r"[0-9a-f]{64}")
"""Digits that are no telephone number: SHA-256."""

_DOMAIN: Final = re.compile(r"(?:@|\s?[\[(]at[\])]\s?)[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
_MAILBOX: Final = re.compile(r"[\w.%+-]{1,64}\Z")
_INTERNATIONAL: Final = re.compile(r"(?<![\d.,])(?:\+|\b00)\s?\(?\d(?:[ ().\u00a0/-]{0,2}\d){7,16}(?!\d)")
_CALLED: Final = re.compile(
    r"\b(?:tel(?:ephone)?|phone|mobile|cell|whatsapp|signal(?=\s*:)|viber|fax|hotline|call|text|sms)\b"
    r"[\s.:#()]{0,4}(?:(?:number|no|us|me|him|her|at)[\s.:]{1,3}){0,2}"
    r"(\d(?:[ ().\u00a0/-]{0,2}\d){5,14})(?![\d,]*\d)",
    re.IGNORECASE,
)
_DECIMAL: Final = re.compile(
    r"(?<![\d.])-?\d{1,3}\.\d{3,}\s*°?\s*[NSns]?\s*[,;/ ]\s*-?\d{1,3}\.\d{3,}\s*°?\s*[EWew]?(?!\d)"
)
_SEXAGESIMAL: Final = re.compile(
    r"\d{1,2}°\s?\d{1,2}['′]\s?\d{1,2}(?:\.\d+)?[\"″]?\s?[NS][,;\s]+\d{1,3}°\s?\d{1,2}['′]\s?\d{1,2}"
    r"(?:\.\d+)?[\"″]?\s?[EW]",
)
_NAMED: Final = re.compile(
    r"\b(?:Mr|Mrs|Ms|Dr|Sheikh|Imam|Father|Sister|Commander|General|Colonel|Captain|Major|Judge|Mayor)\b\.?\s+[A-Z]"
    r"|\b[A-Z][a-z]+(?:[ -](?:al|el|bin|ibn|de|van)[ -]?)?[ -][A-Z][a-z]+"
)


@dataclass(frozen=True, slots=True)
class Contact:
    """Contact details or whereabouts found in a string; `start` and `end` count characters."""

    what: str
    start: int
    end: int


def find_contacts(text: str, *, persons: Iterable[str] = ()) -> list[Contact]:
    """Find e-mail addresses, telephone numbers, and exact coordinates in a sentence that names a person.

    Parameters
    ----------
    text
        Any text.
    persons
        Names of persons that are known to be in it.

    Returns
    -------
    list of Contact
        In the order of the text. Coordinates are exact from three decimals, or seconds, upward.

    Examples
    --------
    >>> [found.what for found in find_contacts("Write to press@example.org or +41 22 555 01 00")]
    ['an e-mail address', 'a telephone number']
    >>> find_contacts("On 2018-08-30 some 700,000 people (1,400,000 by 2019) at 35.9306, 36.6339")
    []
    """
    found = [Contact("an e-mail address", *span) for span in _mailboxes(text)]
    found += [Contact("a telephone number", *match.span()) for match in _INTERNATIONAL.finditer(text)
              if PHONE_DIGITS[0] <= _digits(match[0].lstrip("0")) <= PHONE_DIGITS[1]]  # fmt: skip
    found += [Contact("a telephone number", *match.span(1)) for match in _CALLED.finditer(text)
              if not _is_date(match[1])]  # fmt: skip
    found += [
        Contact("exact coordinates of a named person", start, end)
        for start, end in _coordinates(text)
        if _names_person(_around(text, start, end), persons)
    ]
    return sorted(found, key=lambda contact: (contact.start, contact.end))


def exact_coordinates(text: str) -> list[Contact]:
    """Find coordinates that are exact to less than about a hundred metres, whoever they belong to."""
    return [Contact("exact coordinates", start, end) for start, end in _coordinates(text)]


def strings(body: Json, path: Path = ()) -> Iterator[tuple[Path, str]]:
    """Give every string of a body with its path."""
    if isinstance(body, dict):
        for name, child in body.items():
            yield from strings(child, (*path, name))
    elif isinstance(body, list):
        for index, child in enumerate(body):
            yield from strings(child, (*path, index))
    elif isinstance(body, str):
        yield path, body


def _mailboxes(text: str) -> Iterator[tuple[int, int]]:
    # From the domain backward: forward, a long run of letters would be tried from each of them.
    for match in _DOMAIN.finditer(text):
        before = _MAILBOX.search(text[max(0, match.start() - 64) : match.start()])
        if before:
            yield match.start() - len(before[0]), match.end()


def _coordinates(text: str) -> Iterator[tuple[int, int]]:
    for pattern in (_DECIMAL, _SEXAGESIMAL):
        for match in pattern.finditer(text):
            yield match.span()


def _around(text: str, start: int, end: int) -> str:
    """Give the sentence around a stretch, at most 300 characters to each side."""
    left = re.split(r"[.!?]\s|\n", text[max(0, start - 300) : start])[-1]
    right = re.split(r"[.!?]\s|\n", text[end : end + 300])[0]
    return f"{left} {right}"


def _names_person(sentence: str, persons: Iterable[str]) -> bool:
    return bool(_NAMED.search(sentence)) or any(name and name in sentence for name in persons)


def _digits(text: str) -> int:
    return sum(character.isdigit() for character in text)


def _is_date(text: str) -> bool:
    return bool(re.fullmatch(r"\d{4}-\d\d-\d\d|\d\d?[./]\d\d?[./]\d{4}", text.strip()))
