"""What lowers the certainty of a statement: hedges of its teller and of the text, as labelled spans.

Rules in `data/reading/hedges.csv`: "sentence" patterns count anywhere in the sentence, "content" patterns
in what is said alone, "around" patterns in the sentence and the next.
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple, cast

from forewarn.facts import Hedge
from forewarn.reading.text.lexicon import read_rows

Range = tuple[int, int]
_ANONYMOUS_NOUN = (
    "sources?|officials?|diplomats?|officers?|commanders?|residents?|witnesses|activists?|insiders?|analysts?|"
    "observers?|experts?|spokes\\w+|people|rebels?|fighters?|aides?|envoys?|workers?|medics?|employees?"
)
# A described source without a name: "a source close to", "diplomats", "the official", "three officials".
_ANONYMOUS = re.compile(
    rf"^(?:(?:an?|the|some|several|many|two|three|four|five|one|other|both|another)\s+)?"
    rf"(?:[\w'’-]+\s+){{0,3}}?(?:{_ANONYMOUS_NOUN})\b(?!\s+(?-i:[A-Z][a-z]))",  # noqa: RUF001
    re.IGNORECASE,
)
_OFFICES = re.compile(r"\b(?:spokes\w+|minister|ambassador|president|secretary)\b", re.IGNORECASE)
_NAME = re.compile(r"(?:,\s+|\s)[A-Z][a-z]+(?:\s+(?:al-)?[A-Z][\w-]+)+")
_CROWDS = re.compile(
    r"\b(?:residents?|witnesses|people|workers|rebels?|fighters?|experts?|activists?)\b", re.I
)


class HedgeRule(NamedTuple):
    """A pattern, its hedge, and where it counts."""

    hedge: Hedge
    where: str
    pattern: re.Pattern[str]


@cache
def load_rules() -> tuple[HedgeRule, ...]:
    """Load the patterns of hedges."""
    return tuple(
        HedgeRule(
            cast("Hedge", row["hedge"]), row["where"], re.compile(rf"\b(?:{row['pattern']})\b", re.IGNORECASE)
        )
        for row in read_rows("hedges.csv")
    )


def find_hedges(
    text: str, sentence: Range, content: tuple[Range, ...], cue: Range | None, *, around: int
) -> list[tuple[Hedge, Range]]:
    """Find the hedges of one statement.

    Parameters
    ----------
    text
        Text of the document.
    sentence
        The sentence it stands in.
    content
        What is said.
    cue
        The word of saying; "without evidence" and the like belong to it, and not to what is said.
    around
        Where the next sentence ends.
    """
    found: list[tuple[Hedge, Range]] = []
    for rule in load_rules():
        end = around if rule.where == "around" else sentence[1]
        for match in rule.pattern.finditer(text, sentence[0], end):
            inside = any(a <= match.start() and match.end() <= b for a, b in content)
            if rule.where == "content" and not inside:
                continue
            teller = rule.hedge in ("without-evidence", "without-saying-when", "anonymous")
            if teller and inside and cue is not None:
                continue
            found.append((rule.hedge, match.span()))
    return found


def is_anonymous(source: str) -> bool:
    """Whether a source is described and not named.

    Examples
    --------
    >>> is_anonymous("a source close to the ministry"), is_anonymous("diplomats")
    (True, True)
    >>> is_anonymous("the spokesman Jan Roe"), is_anonymous("Western powers"), is_anonymous("two residents")
    (False, False, False)
    """
    found = _ANONYMOUS.match(source)
    if not found or _CROWDS.search(found[0]) or _OFFICES.search(source):
        return False
    return not _NAME.search(source[found.end() :][:40]) or bool(
        re.match(r"[^,]*\b(?:close|of|in|from)\b", source)
    )
