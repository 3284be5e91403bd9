"""Displacement figures: quantities with what they count, the plight, the status, the places, the cause."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from forewarn.facts import Document, Figure, PlaceMention, Span
from forewarn.reading.circumstances import Circumstances, cause_of, circumstances
from forewarn.reading.dates import find_dates
from forewarn.reading.gazetteer import load_gazetteer
from forewarn.reading.quantities import Counted, find_quantities, resolve_share
from forewarn.reading.rules import Rules, load_rules
from forewarn.reading.terms import Cue, Noun, find_cue, find_noun

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
class _Found:
    counted: Counted
    noun: Noun | None
    cue: Cue
    sentence: tuple[int, int]


def find_figures(
    doc: Doc, document: Document, places: Sequence[PlaceMention]
) -> tuple[tuple[Figure, ...], tuple[str, ...]]:
    """Find the figures of a document, in the order of the text.

    Of a language other than English only figures in digits are read. A number with neither a noun that counts
    people, households or houses, nor a cue of displacement beside it, is no figure.

    Parameters
    ----------
    doc
        The pipeline's tokens and sentences of `document.text`.
    document
        The document.
    places
        Its places.

    Returns
    -------
    tuple
        The figures, and notes on what was left out.

    Notes
    -----
    F1 of quantity, unit and term on IDETECT's training excerpts, clean labels, top-1: docs/reading.md.
    """
    rules = load_rules(document.language)
    notes: list[str] = []
    found = list(_find(doc, document, rules))
    resolved = [_resolve(one, found, document.text, notes) for one in found]
    overall = cause_of(document.text, rules)
    figures = tuple(
        _figure(one, document, circumstances(_frame(one), document, places, rules, overall=overall))
        for one in resolved
    )
    return figures, tuple(notes)


def _find(doc: Doc, document: Document, rules: Rules) -> Iterator[_Found]:
    text = document.text
    dates = [(span.start, span.end) for span, _ in find_dates(text, document.issued)]
    quantities = list(find_quantities(text, rules, dates))
    if document.language not in ("", "en"):
        quantities = [counted for counted in quantities if counted.in_digits]
    demonyms = list(load_gazetteer().demonyms)
    at = 0
    for sentence in doc.sents:
        start, end = sentence.start_char, sentence.end_char
        here = []
        while at < len(quantities) and quantities[at].start < end:
            here.append(quantities[at])
            at += 1
        for index, counted in enumerate(here):
            until = here[index + 1].start if index + 1 < len(here) else end
            first, last = max(start, counted.start - _REACH), min(end, counted.end + _REACH)
            noun = find_noun(text, counted, rules, (first, until), demonyms)
            if noun is None:
                first, last = max(first, counted.start - _ALONE), min(last, counted.end + _ALONE)
            near = here[max(0, index - _MOST_OTHERS) : index + _MOST_OTHERS]
            others = [other for other in near if other is not counted]
            cue = find_cue(text, counted, noun, rules, (first, last), others)
            if cue is not None and (noun is not None or _stands_alone(text, counted, cue)):
                yield _Found(counted, noun, cue, (first, last))


def _stands_alone(text: str, counted: Counted, cue: Cue) -> bool:
    """Whether a number without a noun counts people by its cue alone: "483 homeless", "displaced: 36,157"."""
    if counted.quantity.share is not None or counted.size < 2:
        return counted.quantity.share is not None
    if cue.start >= counted.end:
        between = text[counted.end : cue.start]
        is_near = len(between) < _NEAR and not re.search("[,.;:]", between) and counted.size >= _FEWEST
        return bool(_ELLIPSIS.fullmatch(between)) or is_near
    between = text[cue.end : counted.start]
    return bool(re.fullmatch(r"[^.;,]{0,25}[:=–-]?\s*", between)) and counted.size >= _FEWEST


def _resolve(one: _Found, found: Sequence[_Found], text: str, notes: list[str]) -> _Found:
    """Resolve a share against the figure of the document that it is most likely a share of."""
    if one.counted.quantity.share is None:
        return one
    wholes = [other for other in found if other.counted.size > 0 and other.counted.quantity.share is None]
    for terms, said in (
        (("population",), "population given as {}"),
        (("at-risk", "in-need", "trapped"), "population not given; taken as the {} said to be {}"),
    ):
        matching = [other for other in wholes if other.cue.term in terms]
        if matching:
            whole = max(matching, key=lambda other: other.counted.size)
            words = text[whole.counted.start : whole.noun.end if whole.noun else whole.counted.end]
            label = said.format(words, whole.cue.term.replace("-", " "))
            return _Found(
                resolve_share(one.counted, whole.counted.size, label), one.noun, one.cue, one.sentence
            )
    notes.append(
        f"A share ('{text[one.counted.start : one.counted.end]}') could not be resolved: "
        "no population is given."
    )
    return one


def _frame(one: _Found) -> tuple[Counted, Cue, tuple[int, int]]:
    return one.counted, one.cue, one.sentence


def _figure(one: _Found, document: Document, around: Circumstances) -> Figure:
    counted, noun, cue = one.counted, one.noun, one.cue
    start = min(counted.start, cue.start, noun.start if noun else counted.start)
    end = max(counted.end, cue.end, noun.end if noun else counted.end)
    notes = list(around.notes)
    if counted.quantity.whole:
        notes.append(f"Share resolved: {counted.quantity.whole}.")
    return Figure(
        span=_span(document.text, start, end),
        quantity_span=_span(document.text, counted.start, counted.end),
        quantity=counted.quantity,
        unit=noun.unit if noun else "people",
        household_size=around.household_size,
        term=_term(noun, cue),
        flow=around.flow,
        status=around.status,
        places=around.places,
        cause=around.cause,
        period=around.period,
        notes=tuple(notes),
    )


def _term(noun: Noun | None, cue: Cue):  # type: ignore[no-untyped-def]  # noqa: ANN202
    if noun is None and cue.term in (
        "destroyed-housing",
        "partially-destroyed-housing",
        "uninhabitable-housing",
    ):
        return "other"
    return cue.term


def _span(text: str, start: int, end: int) -> Span:
    return Span(start=start, end=end, text=text[start:end])
