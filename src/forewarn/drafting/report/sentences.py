"""The sentence that a fact was read in."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from typing import Final

from forewarn.facts import Span

LONGEST_QUOTATION: Final = 1000
"""Characters of a sentence that are kept beside a number: no prose has longer ones; assumption."""


def sentence_at(text: str, span: Span, sentences: Sequence[tuple[int, int]]) -> str:
    """Give the whole sentence that a span begins in, its white space folded.

    Parameters
    ----------
    sentences
        Of the text (`forewarn.reading.text.sentences.sentence_bounds`).
    """
    at = bisect_right(sentences, span.start, key=lambda bounds: bounds[0]) - 1
    words = " ".join(text[slice(*sentences[at])].split()) if at >= 0 else span.text
    return words if len(words) <= LONGEST_QUOTATION else f"{words[:LONGEST_QUOTATION].rpartition(' ')[0]}…"
