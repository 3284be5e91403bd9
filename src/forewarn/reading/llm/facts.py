"""Facts of a language model, kept only where the text of the document bears them out.

A model may invent, and a document may try to steer it. So its words are never taken: every quotation must
stand in the text, and the number is parsed from the text by the rules. What is left is added to the reading
by rules.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from typing import Any, Final, cast, get_args

from forewarn.facts import (
    Document,
    Figure,
    FigureStatus,
    Flow,
    Quotation,
    Reading,
    Span,
    Statement,
    StatementKind,
    Term,
    Unit,
)
from forewarn.reading.dates.find import find_dates
from forewarn.reading.documents.loading import read_boxed
from forewarn.reading.figures.find import link_figures
from forewarn.reading.llm.client import MOST_CHARACTERS, Endpoint, ask
from forewarn.reading.numbers.quantities import Counted, find_quantities
from forewarn.reading.statements.relations import find_relations
from forewarn.reading.text.rules import load_rules
from forewarn.reading.text.sentences import sentence_starts

# Assumptions: characters of a quotation; characters from what is said to who says it; facts of one kind.
_LONGEST_QUOTE: Final = 800
_REACH: Final = 600
_MOST_FACTS: Final = 300
_QUOTES: Final = "\"“”«»'‘’"  # noqa: RUF001


class _UngroundedError(ValueError):
    """The text does not bear a fact out; the message says what is wrong with it."""


def read_with_model(document: Document, endpoint: Endpoint) -> Reading:
    """Read a document by rules, and add the grounded facts of a language model that the rules did not find.

    The facts of the rules keep their indexes. The notes count what the model added, what both found and what
    was dropped, and say which facts are the model's.

    Parameters
    ----------
    document
        Of `documents.from_text` or `loading.load`.
    endpoint
        Where its text is sent to.

    Raises
    ------
    ForewarnError
        The endpoint gives no usable answer.
    """
    reading = read_boxed(document)
    return merge(reading, ask(endpoint, document.text), model=endpoint.model)


def merge(reading: Reading, answer: dict[str, Any], *, model: str) -> Reading:
    """Add the grounded facts of an answer to a reading.

    Parameters
    ----------
    reading
        By rules.
    answer
        JSON object with lists ``figures`` and ``statements``; nothing in it is trusted.
    model
        Name of the model, for the notes.
    """
    dropped: Counter[str] = Counter()
    both = 0
    figures, statements = list(reading.figures), list(reading.statements)
    quantities = _quantities(reading.document)
    for item in _items(answer, "figures", dropped):
        try:
            figure = _figure(item, reading, quantities, model)
        except _UngroundedError as reason:
            dropped[str(reason)] += 1
            continue
        if any(_overlap(figure.quantity_span, other.quantity_span) for other in figures):
            both += 1
        else:
            figures.append(figure)
    starts = sorted(set(sentence_starts(reading.document.text)))
    for item in _items(answer, "statements", dropped):
        try:
            statement = _statement(item, reading, starts)
        except _UngroundedError as reason:
            dropped[str(reason)] += 1
            continue
        if any(_is_same(statement, other) for other in statements):
            both += 1
        else:
            statements.append(statement)
    linked = link_figures(figures, statements)
    return reading.model_copy(
        update={
            "reader": f"{reading.reader} + llm {model}",
            "figures": linked,
            "statements": tuple(statements),
            "relations": find_relations(tuple(statements), linked, reading.events),
            "notes": (*reading.notes, *_notes(reading, len(figures), len(statements), both, dropped, model)),
        }
    )


def _items(answer: dict[str, Any], name: str, dropped: Counter[str]) -> list[dict[str, Any]]:
    found = answer.get(name, [])
    if not isinstance(found, list):
        dropped[f"{name} is not a list"] += 1
        return []
    kept = [item for item in found[:_MOST_FACTS] if isinstance(item, dict)]
    if len(kept) < len(found):
        dropped[f"{name}: no object, or more than {_MOST_FACTS}"] += len(found) - len(kept)
    return kept


def _figure(item: dict[str, Any], reading: Reading, quantities: Sequence[Counted], model: str) -> Figure:
    text = reading.document.text
    quote, words = _words(item, "quote"), _words(item, "quantity")
    within = quote.find(words)
    if within < 0:
        raise _UngroundedError("quantity not in its quotation")
    starts = _places_of(text, quote)
    here = [(start, c) for start in starts for c in quantities if _holds(start + within, len(words), c)]
    if not here:
        raise _UngroundedError("no quantity of people at the quotation")
    start, counted = here[0]
    if not _agrees(item.get("number"), counted):
        raise _UngroundedError("number other than the text's")
    first, last = min(start, counted.start), max(start + len(quote), counted.end)
    return Figure(
        span=_span(text, first, last),
        quantity_span=_span(text, counted.start, counted.end),
        quantity=counted.quantity,
        unit=cast("Unit", _choice(item, "unit", get_args(Unit))),
        term=cast("Term", _choice(item, "term", get_args(Term))),
        flow=cast("Flow", _choice(item, "flow", get_args(Flow), default="unknown")),
        status=cast("FigureStatus", _choice(item, "status", get_args(FigureStatus), default="reported")),
        places=tuple(p for p in reading.places if first <= p.span.start and p.span.end <= last),
        notes=(f"Found by the language model '{model}', not by the rules.",),
    )


def _statement(item: dict[str, Any], reading: Reading, starts: Sequence[int]) -> Statement:
    text = reading.document.text
    quote = _words(item, "quote")
    kind = cast("StatementKind", _choice(item, "kind", get_args(StatementKind)))
    at = _places_of(text, quote)[0]
    content = _span(text, at, at + len(quote))
    source = _nearest(text, _words(item, "source"), content, "source")
    if _overlap(source, content):
        raise _UngroundedError("source inside its content")
    cue = _nearest(text, _words(item, "cue"), content, "cue") if item.get("cue") else None
    first, last = min(content.start, source.start), max(content.end, source.end)
    begin = starts[max(0, bisect_right(starts, first) - 1)]
    after = bisect_right(starts, last - 1)
    end = starts[after] if after < len(starts) else len(text)
    actor = next(
        (a.key for a in reading.actors if any(_overlap(mention, source) for mention in a.mentions)), ""
    )
    return Statement(
        source=source,
        actor=actor,
        cue=cue,
        content=(content,),
        sentence=_span(text, begin, begin + len(text[begin:end].rstrip())),
        quotation=_quotation(text, content),
        kind=kind,
    )


def _words(item: dict[str, Any], key: str) -> str:
    words = item.get(key)
    if not isinstance(words, str) or not words.strip() or len(words) > _LONGEST_QUOTE:
        raise _UngroundedError(f"{key} missing, empty or too long")
    return words.strip()


def _choice(item: dict[str, Any], key: str, allowed: Sequence[str], *, default: str = "") -> str:
    chosen = item.get(key, default)
    if chosen not in allowed:
        raise _UngroundedError(f"{key} unknown")
    return str(chosen)


def _places_of(text: str, words: str) -> list[int]:
    """Return where words stand in a text as words of their own, not as part of others."""
    found = []
    at = text.find(words)
    while at >= 0:
        end = at + len(words)
        cut = (at and text[at - 1 : at + 1].isalnum()) or (
            end < len(text) and text[end - 1 : end + 1].isalnum()
        )
        if not cut:
            found.append(at)
        at = text.find(words, at + 1)
    if not found:
        raise _UngroundedError("quotation not in the text")
    return found


def _nearest(text: str, words: str, content: Span, what: str) -> Span:
    spans = [_span(text, at, at + len(words)) for at in _places_of(text, words)]
    distance, _, span = min((_distance(span, content), span.start, span) for span in spans)
    if distance > _REACH:
        raise _UngroundedError(f"{what} far from its content")
    return span


def _quantities(document: Document) -> list[Counted]:
    dates = [(span.start, span.end) for span, _ in find_dates(document.text, document.issued)]
    return list(find_quantities(document.text, load_rules(document.language), dates))


def _holds(start: int, length: int, counted: Counted) -> bool:
    return start < counted.end and counted.start < start + length


def _agrees(number: object, counted: Counted) -> bool:
    """Whether a number is the value, a bound or the share (also in per cent) that the text gives."""
    if isinstance(number, bool) or not isinstance(number, int | float):
        return False
    try:
        given = float(number)
    except OverflowError:
        return False
    quantity = counted.quantity
    share = (quantity.share, 100 * quantity.share) if quantity.share is not None else ()
    known = [x for x in (quantity.value, quantity.low, quantity.high, *share) if x is not None]
    return any(abs(given - x) <= 1e-6 * max(1.0, abs(x)) for x in known)


def _quotation(text: str, content: Span) -> Quotation:
    inside = content.text
    if inside[0] in _QUOTES or text[max(0, content.start - 1) : content.start] in tuple('"“«'):
        return "direct"
    return "mixed" if any(mark in inside for mark in '"“«') else "indirect"


def _is_same(one: Statement, other: Statement) -> bool:
    return any(_overlap(a, b) for a in one.content for b in other.content) and (
        other.source is None or one.source is None or _overlap(one.source, other.source)
    )


def _overlap(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end


def _distance(one: Span, other: Span) -> int:
    return max(0, other.start - one.end, one.start - other.end)


def _span(text: str, start: int, end: int) -> Span:
    return Span(start=start, end=end, text=text[start:end])


def _notes(
    reading: Reading, figures: int, statements: int, both: int, dropped: Counter[str], model: str
) -> list[str]:
    first, second = len(reading.figures), len(reading.statements)
    notes = [
        f"The language model '{model}' added {figures - first} figures and {statements - second} statements; "
        f"{both} facts were found by the rules too; {dropped.total()} were dropped: not grounded in the text."
    ]
    if figures > first:
        notes.append(f"Figures of the language model: indexes {first} to {figures - 1}.")
    if statements > second:
        notes.append(f"Statements of the language model: indexes {second} to {statements - 1}.")
    notes += [f"Dropped, {reason}: {count}." for reason, count in sorted(dropped.items())]
    if len(reading.document.text) > MOST_CHARACTERS:
        notes.append(f"The language model was given the first {MOST_CHARACTERS:,} characters only.")
    return notes
