"""The language of a text."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

# Short texts full of names are taken for some other language too easily (assumption).
_FEWEST_LETTERS = 40
_LONGEST = 20_000  # characters looked at: more says no more
_ENGLISH = frozenset(
    [
        "the",
        "of",
        "and",
        "to",
        "in",
        "that",
        "said",
        "have",
        "has",
        "were",
        "was",
        "with",
        "from",
        "for",
        "are",
        "been",
        "their",
        "by",
        "after",
        "more",
        "than",
        "people",
    ]
)


@cache
def _identifier() -> LanguageIdentifier:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


def detect_language(text: str) -> str:
    """Tell the language of a text as ISO 639-1; empty if there is too little of it.

    A text in which one word in eight is a common English one is English: that is fast, and sure where names
    of places and people mislead the statistics.

    Examples
    --------
    >>> detect_language("Des milliers de personnes ont fui les combats dans le nord du pays cette semaine.")
    'fr'
    """
    sample = text[:_LONGEST]
    if sum(map(str.isalpha, sample)) < _FEWEST_LETTERS:
        return ""
    words = [word.strip(".,;:()\"'").lower() for word in sample.split()]
    if sum(word in _ENGLISH for word in words) * 8 >= len(words):
        return "en"
    code, probability = _identifier().classify(sample)
    return str(code) if probability >= 0.5 else ""
