"""A reading as tables on the terminal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, TextIO

from rich.console import Console
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from forewarn.facts import Reading

_FILE_WIDTH = 140  # columns where there is no terminal to ask


def print_reading(reading: Reading, stream: TextIO, *, to_terminal: bool) -> None:
    """Print what was read; words of the document are never taken for markup.

    Parameters
    ----------
    reading
        Of one document.
    stream
        Where to.
    to_terminal
        Whether the terminal's own width counts.
    """
    from forewarn.reading.export.table import said_quantity

    console = (
        Console(file=stream) if to_terminal and stream.isatty() else Console(file=stream, width=_FILE_WIDTH)
    )
    document = reading.document
    issued = f"issued {document.issued}" if document.issued else "day of issue not known"
    console.print(
        Text(f"{document.name}: {issued}, language {document.language or 'not told'}", style="bold")
    )
    figures = [
        (
            *(said_quantity(figure), figure.unit, figure.term, figure.status, figure.flow),
            ", ".join(f"{place.role} {place.name}" for place in figure.places),
            _shortened(figure.span.text),
        )
        for figure in reading.figures
    ]
    _print(console, "Figures", ("quantity", "unit", "term", "status", "flow", "places", "words"), figures)
    statements = [
        (
            statement.source.text if statement.source else "–",
            statement.kind,
            ", ".join(name for name, _ in statement.hedges),
            _shortened(" … ".join(span.text for span in statement.content)),
        )
        for statement in reading.statements
    ]
    _print(console, "Statements", ("who", "kind", "hedges", "what"), statements)
    events = [
        (
            event.kind,
            event.status,
            ", ".join(place.name for place in event.places),
            _shortened(event.span.text),
        )
        for event in reading.events
    ]
    _print(console, "Events", ("kind", "status", "places", "words"), events)
    letters = {"statements": "statement", "figures": "figure"}
    relations = [
        (f"{letters[link.of]} {link.second + 1} {link.kind} {letters[link.of]} {link.first + 1}", link.about)
        for link in reading.relations
    ]
    _print(console, "Contradictions and support", ("which", "about"), relations)
    for note in (*document.notes, *reading.notes):
        console.print(Text(f"Note: {note}"))


def _print(console: Console, title: str, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    if not rows:
        console.print(Text(f"{title}: none"))
        return
    table = Table(title=f"{title} ({len(rows)})", title_justify="left")
    for head in heads:
        table.add_column(head, justify="right" if head == "quantity" else "left", overflow="fold")
    for row in rows:
        table.add_row(*map(Text, row))
    console.print(table)


def _shortened(words: str, most: int = 90) -> str:
    said = " ".join(words.split())
    return said if len(said) <= most else f"{said[: most - 1].rstrip()}…"
