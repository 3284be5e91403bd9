"""Displacement figures: quantities with what they count, the plight, the status, the places, the cause."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from forewarn.facts import Document, Figure, PlaceMention, Span, Statement
from forewarn.reading.dates.find import FoundDates
from forewarn.reading.figures.candidates import find_candidates
from forewarn.reading.figures.classify import Found, by_learning, by_rules
from forewarn.reading.figures.context import Circumstances, cause_of, circumstances
from forewarn.reading.figures.linear_models import Choice, load_choices
from forewarn.reading.figures.shares import resolve_shares
from forewarn.reading.figures.terms import TermCue
from forewarn.reading.numbers.quantities import Counted
from forewarn.reading.text.rules import load_rules
from forewarn.reading.text.spans import Ordered

if TYPE_CHECKING:
    from spacy.tokens import Doc


def find_figures(
    doc: Doc,
    document: Document,
    places: Sequence[PlaceMention],
    *,
    choices: Mapping[str, Choice] | None = None,
    dates: FoundDates | None = None,
) -> tuple[tuple[Figure, ...], tuple[str, ...]]:
    """Find the figures of a document, in the order of the text.

    In English every quantity that measures nothing else is a candidate, and what was learned from our own
    corpus decides which are figures. In other languages rules decide, and only figures in digits are read: a
    number with neither a noun that counts people, households or houses, nor a cue of displacement beside it,
    is no figure.

    Parameters
    ----------
    doc
        The pipeline's tokens and sentences of `document.text`.
    document
        The document.
    places
        Its places.
    choices
        Other learned choices than those that are shipped.
    dates
        Of the document; found if none are given.

    Returns
    -------
    tuple
        The figures, and notes on what was left out.

    Notes
    -----
    Scores on our own corpus, by folds and held out, and on IDETECT's training excerpts: docs/reading.md.
    """
    rules = load_rules(document.language)
    notes: list[str] = []
    dates = FoundDates(document) if dates is None else dates
    candidates = list(find_candidates(doc, document, rules, dates))
    if document.language in ("", "en"):
        found = list(by_learning(document.text, candidates, rules, choices or load_choices()))
    else:
        found = list(by_rules(document.text, candidates, rules))
    resolved = list(resolve_shares(found, document.text, notes))
    overall = cause_of(document.text, rules)
    figures = tuple(
        _figure(
            one, document, circumstances(_frame(one), document, places, rules, dates=dates, overall=overall)
        )
        for one in resolved
    )
    return figures, tuple(notes)


def _frame(one: Found) -> tuple[Counted, TermCue, tuple[int, int]]:
    return one.counted, one.cue, one.sentence


def _figure(one: Found, document: Document, around: Circumstances) -> Figure:
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
        unit=one.unit,
        household_size=around.household_size,
        term=cue.term,
        flow=one.flow,
        status=one.status,
        places=around.places,
        cause=around.cause,
        period=around.period,
        notes=tuple(notes),
    )


def _span(text: str, start: int, end: int) -> Span:
    return Span(start=start, end=end, text=text[start:end])


def link_figures(figures: Sequence[Figure], statements: Sequence[Statement]) -> tuple[Figure, ...]:
    """Give every figure the index of the innermost statement whose content holds its quantity.

    Parameters
    ----------
    figures, statements
        Of one document.
    """
    pieces = [(span.start, span.end, index) for index, one in enumerate(statements) for span in one.content]
    ordered = Ordered(pieces, lambda piece: piece[0])
    longest = max((end - start for start, end, _ in pieces), default=0)
    return tuple(
        figure.model_copy(update={"statement": _innermost(figure, ordered, longest)}) for figure in figures
    )


def _innermost(figure: Figure, pieces: Ordered[tuple[int, int, int]], longest: int) -> int | None:
    start, end = figure.quantity_span.start, figure.quantity_span.end
    near = pieces.between(start - longest, start + 1)
    holding = [(last - first, index) for first, last, index in near if end <= last]
    return min(holding)[1] if holding else None
