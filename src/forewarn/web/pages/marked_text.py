"""The text of a report with what was read in it marked; every word of it is text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from nicegui import ui

from forewarn.facts import Reading, Span
from forewarn.web.pages.elements import Text, scrolling

MOST_MARKS = 3000
"""Marks that are drawn; beyond that the rest of the text is plain."""


class Mark(NamedTuple):
    """A stretch of the text, what it is, and what is said of it."""

    start: int
    end: int
    kind: str
    says: str


def draw_report(reading: Reading, used: frozenset[str] = frozenset()) -> None:
    """Draw the text with its figures, statements, places, actors and events marked.

    Parameters
    ----------
    used
        Sentences that a draft rests on; they get a frame.
    """
    text = reading.document.text
    with scrolling("Text of the report").classes("marked report"):
        for start, end, marks in _stretches(text, sorted(marks_of(reading, used))):
            if marks:
                piece = Text(
                    "span", text[start:end], classes=" ".join(dict.fromkeys(each.kind for each in marks))
                )
                piece.props["title"] = "; ".join(dict.fromkeys(each.says for each in marks if each.says))
            else:
                Text("span", text[start:end])


def draw_key() -> None:
    """Say what the colours of a marked text mean."""
    with ui.element("div").classes("marked"):
        for kind, said in (
            ("figure", "figure"), ("statement", "statement"), ("cue", "who says so"), ("place", "place"),
            ("actor", "actor"), ("event", "event"), ("used", "used in the draft"),
        ):  # fmt: skip
            Text("span", said, classes=kind).style("margin-right: .8rem")


def marks_of(reading: Reading, used: frozenset[str]) -> Iterator[Mark]:
    """Give all stretches that something is said of."""
    for figure in reading.figures:
        yield _mark(figure.span, "figure", f"{figure.term.replace('-', ' ')}, {figure.status}")
    for statement in reading.statements:
        for span in statement.content:
            yield _mark(span, "statement", statement.kind)
        for part in (statement.source, statement.cue):
            if part is not None:
                yield _mark(part, "cue", "who says so")
    for event in reading.events:
        yield _mark(event.span, "event", f"{event.kind}, {event.status}")
    for place in reading.places:
        yield _mark(place.span, "place", ", ".join(filter(None, (place.name, place.admin1, place.country))))
    for actor in reading.actors:
        for span in actor.mentions:
            yield _mark(span, "actor", actor.name)
    for words in (sentence.rstrip("…").split() for sentence in used):
        # The white space of a quotation is folded.
        found = re.search(r"\s+".join(map(re.escape, words)), reading.document.text) if words else None
        if found is not None:
            yield Mark(*found.span(), "used", "used in the draft")


def _mark(span: Span, kind: str, says: str) -> Mark:
    return Mark(span.start, span.end, kind, says)


def _stretches(text: str, marks: list[Mark]) -> Iterator[tuple[int, int, list[Mark]]]:
    """Cut the text at every end of a mark, and give the marks over each stretch."""
    kept = [mark for mark in marks if 0 <= mark.start < mark.end <= len(text)][:MOST_MARKS]
    cuts = sorted({0, len(text), *(at for mark in kept for at in (mark.start, mark.end))})
    waiting, over = list(reversed(kept)), list[Mark]()
    for start, end in zip(cuts, cuts[1:], strict=False):
        over = [mark for mark in over if mark.end > start]
        while waiting and waiting[-1].start == start:
            over.append(waiting.pop())
        yield start, end, list(over)
