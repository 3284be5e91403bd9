"""Candidates for figures: every quantity of a document, with what it may count and the cues round it."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from forewarn.facts import Document
from forewarn.reading.dates.find import FoundDates
from forewarn.reading.figures.terms import Noun, TermCue, choose_cue, find_cues, find_hits, find_noun
from forewarn.reading.numbers.quantities import Counted, find_quantities
from forewarn.reading.places.gazetteer import load_gazetteer
from forewarn.reading.text.rules import FigureRules
from forewarn.reading.text.word_classes import Word, words_of

if TYPE_CHECKING:
    from spacy.tokens import Doc

_ELLIPSIS = re.compile(
    r"\s*(?:(?:have|had|has|were|was|are|is|being|been|be|may|might|could|will|also|already|still|others?|more|"
    r"remain(?:ed)?|who|of (?:them|whom)|had to|left|rendered|made|now)\s+)*$",
    re.IGNORECASE,
)
# A number without a noun counts people only if a cue is nearer than this (characters), and, unless they are
# joined by a verb, if it cannot be a day of a month (assumption).
_NEAR, _FEWEST = 25, 32
# Of a sentence without end only this many characters, and other quantities, round a quantity are looked at.
_REACH, _MOST_OTHERS = 600, 20
_ALONE = 150  # characters, for a number without a noun


@dataclass(frozen=True, slots=True)
class Candidate:
    """A quantity that may be a figure.

    Parameters
    ----------
    counted, noun
        The quantity and what it counts.
    cues
        Cues of terms, the nearest first.
    cue
        The one that rules would choose.
    sentence
        Characters of the sentence, cut short if it has no end.
    words
        Words of the sentence, by position; shared by its candidates.
    is_ruled
        Whether rules alone take it for a figure.
    """

    counted: Counted
    noun: Noun | None
    cues: tuple[TermCue, ...]
    cue: TermCue | None
    sentence: tuple[int, int]
    words: Sequence[Word]
    is_ruled: bool


def find_candidates(
    doc: Doc, document: Document, rules: FigureRules, dates: FoundDates | None = None
) -> Iterator[Candidate]:
    """Find all quantities that may be figures, in the order of the text.

    Parameters
    ----------
    doc
        The pipeline's tokens and sentences of `document.text`.
    document
        The document.
    rules
        Nouns, cues, and what tells other measures.
    dates
        Of the document; found if none are given.
    """
    text = document.text
    dates = FoundDates(document) if dates is None else dates
    quantities = list(find_quantities(text, rules, dates.spans))
    at = 0
    for sentence in doc.sents:
        start, end = sentence.start_char, sentence.end_char
        first = at
        while at < len(quantities) and quantities[at].start < end:
            at += 1
        if at > first:
            yield from _of_sentence(text, (start, end), quantities[first:at], rules)


def _of_sentence(
    text: str, sentence: tuple[int, int], here: Sequence[Counted], rules: FigureRules
) -> Iterator[Candidate]:
    start, end = sentence
    hits = sorted(find_hits(text, rules, sentence), key=lambda hit: hit.start)
    words = tuple(words_of(text, start, end))
    demonyms = load_gazetteer().demonyms
    for index, counted in enumerate(here):
        until = here[index + 1].start if index + 1 < len(here) else end
        first, last = max(start, counted.start - _REACH), min(end, counted.end + _REACH)
        noun = find_noun(text, counted, rules, (first, until), demonyms)
        near = here[max(0, index - _MOST_OTHERS) : index + _MOST_OTHERS]
        others = [other for other in near if other is not counted]
        low, high = (bisect_left(hits, limit, key=lambda hit: hit.start) for limit in (first, last))
        cues = find_cues(text, counted, noun, hits[low:high], (first, last), others)
        close = cues
        if noun is None:
            least, most = max(first, counted.start - _ALONE), min(last, counted.end + _ALONE)
            close = tuple(cue for cue in cues if least <= cue.start and cue.end <= most)
        cue = choose_cue(text, close, noun)
        is_ruled = cue is not None and (noun is not None or stands_alone(text, counted, cue))
        yield Candidate(counted, noun, cues, cue, (first, last), words, is_ruled)


def stands_alone(text: str, counted: Counted, cue: TermCue) -> bool:
    """Whether a number without a noun counts people by its cue alone: "483 homeless", "displaced: 36,157"."""
    if counted.quantity.share is not None or counted.size < 2:
        return counted.quantity.share is not None
    if cue.start >= counted.end:
        between = text[counted.end : cue.start]
        is_near = len(between) < _NEAR and not re.search("[,.;:]", between) and counted.size >= _FEWEST
        return bool(_ELLIPSIS.fullmatch(between)) or is_near
    between = text[cue.end : counted.start]
    return bool(re.fullmatch(r"[^.;,]{0,25}[:=–-]?\s*", between)) and counted.size >= _FEWEST
