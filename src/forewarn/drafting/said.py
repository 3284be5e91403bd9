"""The sentence that a fact was read in."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from forewarn.facts import Span

LONGEST_QUOTATION: Final = 300
"""Characters of a sentence that are kept beside a number."""
_SENTENCE = re.compile(r"[^.!?\n]*[.!?\n]?")


@dataclass(frozen=True, slots=True)
class Said:
    """A fact with the sentence that it was read in, and which report it came from."""

    report: int
    sentence: str


def sentence_at(text: str, span: Span) -> str:
    """Give the sentence that a span begins in, cut to a quotation."""
    for match in _SENTENCE.finditer(text):
        if match.start() <= span.start < match.end():
            words = " ".join(match[0].split())
            return words if len(words) <= LONGEST_QUOTATION else f"{words[:LONGEST_QUOTATION]}…"
    return " ".join(span.text.split())
