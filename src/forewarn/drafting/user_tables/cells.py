"""Cells become numbers: people, degrees, kilometres; what is wrong is said with its line and column."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import groupby
from typing import Final

from forewarn.errors import Problem

BLANK: Final = ("", "-", "–", "—", ".", "..", "...", "n/a", "na", "nan", "null", "none", "#n/a", "?")
MOST_PEOPLE: Final = 100_000_000
"""In one place; assumption: no district has more."""
SHOWN: Final = 10
"""Problems of one kind that are shown before the rest are counted."""
_SPACES = re.compile(r"[\s\u00a0\u202f'’]")
_GROUPED = re.compile(r"[+-]?\d{1,3}(?:([,.])\d{3})(?:\1\d{3})*")
_POINTS = re.compile(r"\d{1,3}(?:\.\d{3})")
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?")


class NotANumberError(ValueError):
    """A cell does not hold what its column should; the message says what may stand there."""


def is_blank(text: str) -> bool:
    """Whether a cell says nothing."""
    return text.strip().lower() in BLANK


def number_of(text: str, *, decimal_comma: bool = False) -> float:
    """Read a number as tables of any country write it.

    Parameters
    ----------
    text
        Such as ``1 234``, ``1,234,567`` or ``12.5``.
    decimal_comma
        Whether a comma begins the fraction, as in tables that are separated by semicolons.

    Raises
    ------
    NotANumberError
        It is none.

    Examples
    --------
    >>> number_of("1,234,567"), number_of("12,5", decimal_comma=True)
    (1234567.0, 12.5)
    """
    plain = _SPACES.sub("", text)
    if decimal_comma:
        plain = plain.replace(".", "").replace(",", ".") if "," in plain else plain
    grouped = _GROUPED.fullmatch(plain)
    if grouped and (grouped[1] == "," or plain.count(".") > 1):
        plain = plain.replace(grouped[1], "")
    if not _NUMBER.fullmatch(plain):
        message = "a number, such as 1234 or 12.5"
        raise NotANumberError(message)
    return float(plain)


def people_of(text: str, *, decimal_comma: bool = False, factor: int = 1) -> int:
    """Read whole people.

    Parameters
    ----------
    text, decimal_comma
        As in `number_of`.
    factor
        1,000 where the column counts in thousands.

    Raises
    ------
    NotANumberError
        They are not whole, below nothing, or more than live in any place.
    """
    plain = _SPACES.sub("", text)
    if _POINTS.fullmatch(plain):
        if not decimal_comma:
            message = f"a number without a point: is it {plain.split('.')[0]} or {plain.replace('.', ',')}?"
            raise NotANumberError(message)
        plain = plain.replace(".", "")
    people = number_of(plain, decimal_comma=decimal_comma) * factor
    if people < 0 or people > MOST_PEOPLE:
        message = f"0 to {MOST_PEOPLE:,} people"
        raise NotANumberError(message)
    # Estimates are often published with fractions of people; one half of a person moves no forecast.
    if factor == 1 and people % 1 and people < 100:
        message = "whole people; say (thousands) in the column's name if it counts in thousands"
        raise NotANumberError(message)
    return round(people)


def degrees_of(text: str, most: float, *, decimal_comma: bool = False) -> float:
    """Read degrees of latitude (up to 90) or longitude (up to 180).

    Raises
    ------
    NotANumberError
        They are written with minutes, or beyond what there is.
    """
    allowed = f"decimal degrees from -{most:g} to {most:g}"
    try:
        degrees = number_of(text, decimal_comma=decimal_comma)
    except NotANumberError as error:
        if re.search(r"[°º]|\d\s*[NSEWO]\s*$", text):
            message = f"{allowed}; 36°30'N is 36.5"
            raise NotANumberError(message) from error
        raise NotANumberError(allowed) from error
    if abs(degrees) > 1000:
        message = f"{allowed}; these look like metres of a map projection: save the table in WGS 84"
        raise NotANumberError(message)
    if abs(degrees) > most:
        raise NotANumberError(allowed)
    return degrees


def few(problems: Iterable[Problem]) -> list[Problem]:
    """Keep the first problems of each kind and count the rest, so that a whole bad column is one message."""

    def kind(problem: Problem) -> str:
        return re.sub(r"'[^']*'|\d[\d.,]*", "", f"{problem.where}|{problem.what}|{problem.allowed}")

    kept = []
    for _, group in groupby(sorted(problems, key=kind), key=kind):
        same = list(group)
        kept += same[:SHOWN]
        if len(same) > SHOWN:
            kept.append(
                Problem(
                    same[SHOWN].where,
                    f"and {len(same) - SHOWN:,} more like this, from here to the last line",
                )
            )
    return kept
