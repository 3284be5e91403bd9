"""The rules of reading that are data: loaded once from `data/reading/*.csv` and compiled."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import NamedTuple


class TermRule(NamedTuple):
    """A cue of a term: how it flows by itself, and how far off it counts as (characters)."""

    term: str
    flow: str
    weight: int
    pattern: re.Pattern[str]


class CountedRule(NamedTuple):
    """Nouns that are counted."""

    unit: str
    housing: bool
    pattern: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class FigureRules:
    """Patterns of figures.

    Parameters
    ----------
    bounds_before, bounds_after
        (bound, pattern) of the words round a number.
    other_before, other_after
        What tells that a number measures something else.
    code_before
        What tells that a number below a thousand is a rank or code.
    people_next
        A counted noun right after a number.
    counted
        Nouns that are counted.
    terms
        Cues of terms.
    statuses
        (status, where, pattern).
    flows, causes
        (name, pattern).
    """

    bounds_before: tuple[tuple[str, re.Pattern[str]], ...]
    bounds_after: tuple[tuple[str, re.Pattern[str]], ...]
    other_before: re.Pattern[str]
    other_after: re.Pattern[str]
    code_before: re.Pattern[str]
    people_next: re.Pattern[str]
    counted: tuple[CountedRule, ...]
    terms: tuple[TermRule, ...]
    statuses: tuple[tuple[str, str, re.Pattern[str]], ...]
    flows: tuple[tuple[str, re.Pattern[str]], ...]
    causes: tuple[tuple[str, re.Pattern[str]], ...]


def read_table(name: str) -> Iterator[dict[str, str]]:
    """Yield the rows of a table of `data/reading`.

    Parameters
    ----------
    name
        File name.
    """
    with files("forewarn").joinpath("data", "reading", name).open(encoding="utf-8") as file:
        yield from csv.DictReader(file)


@cache
def load_rules(language: str = "en") -> FigureRules:
    """Load and compile the rules.

    Parameters
    ----------
    language
        ISO 639-1. English words are always known; of other languages those of `language`, or of all when it
        is empty.
    """
    wanted = {"en", language} if language else None

    def languages(row: dict[str, str]) -> bool:
        return wanted is None or row["language"] in wanted

    counted = tuple(
        CountedRule(row["unit"], row["housing"] == "1", _words(row["pattern"]))
        for row in read_table("counted.csv")
        if languages(row)
    )
    bounds = list(read_table("bounds.csv"))
    others = list(read_table("other_measures.csv"))
    nouns = "|".join(row["pattern"] for row in read_table("counted.csv") if languages(row))
    return FigureRules(
        bounds_before=tuple(
            (
                row["bound"],
                re.compile(
                    rf"(?:(?<=\W)|^)(?:{row['pattern']})[\"”]?\s?(?:another |an additional )?$", re.IGNORECASE
                ),
            )
            for row in bounds
            if row["side"] == "before"
        ),
        bounds_after=tuple(
            (row["bound"], re.compile(row["pattern"], re.IGNORECASE))
            for row in bounds
            if row["side"] == "after"
        ),
        other_before=_any(
            row["pattern"] for row in others if row["side"] == "before" and "code" not in row["what"]
        ),
        other_after=_any(row["pattern"] for row in others if row["side"] == "after"),
        code_before=_any(
            row["pattern"] for row in others if row["side"] == "before" and "code" in row["what"]
        ),
        people_next=re.compile(rf"\s?(?:\w+ )?(?:{nouns})\b", re.IGNORECASE),
        counted=counted,
        terms=tuple(
            TermRule(row["term"], row["flow"], int(row["weight"]), _words(row["pattern"]))
            for row in read_table("terms.csv")
            if languages(row)
        ),
        statuses=tuple(
            (row["status"], row["where"], re.compile(row["pattern"], re.IGNORECASE))
            for row in read_table("status.csv")
        ),
        flows=_pairs("flow.csv", "flow"),
        causes=_pairs("causes.csv", "cause"),
    )


def _pairs(name: str, key: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((row[key], re.compile(row["pattern"], re.IGNORECASE)) for row in read_table(name))


def _words(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-])(?:{pattern})(?![\w])", re.IGNORECASE)


def _any(patterns: Iterator[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns), re.IGNORECASE)
