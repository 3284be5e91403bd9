"""A reading as a page: the text with its spans marked, the facts beside it; one file that loads nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape
from importlib.resources import files
from typing import NamedTuple

from forewarn.facts import Figure, PlaceMention, Reading, Span, Statement
from forewarn.reading.export.table import said_quantity

_KINDS = (
    ("figure", "F figure"),
    ("statement", "S statement"),
    ("cue", "who says so"),
    ("place", "place"),
    ("actor", "actor"),
    ("event", "E event"),
)


class _Mark(NamedTuple):
    start: int
    end: int
    kind: str
    label: str  # of the fact, such as F1; only where the fact is first named
    says: str


def page_start(title: str) -> str:
    """Start a page of readings: head, style and legend.

    Parameters
    ----------
    title
        Of the page; escaped.
    """
    style = files("forewarn").joinpath("reading", "export", "page.css").read_text(encoding="utf-8")
    legend = "".join(f'<span class="{kind}">{said}</span>' for kind, said in _KINDS)
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        # Even if a word of a document got through, no script could run and nothing could be loaded.
        '<meta http-equiv="Content-Security-Policy" '
        "content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        f"<title>{escape(title)}</title>\n<style>\n{style}</style>\n</head>\n<body>\n"
        f'<p class="legend about">{legend}</p>\n'
    )


def page_end() -> str:
    """End a page of readings."""
    return "</body>\n</html>\n"


def reading_part(reading: Reading, *, number: int = 1) -> str:
    """Write one reading as a part of a page; every word of the document is escaped.

    Parameters
    ----------
    reading
        What was read.
    number
        Of the document on the page: part of every label's address.
    """
    document = reading.document
    issued = f"issued {document.issued}" if document.issued else "day of issue not known: dates stay open"
    about = (
        f"{document.name} · {issued} · language {document.language or 'not told'} · read by {reading.reader}"
    )
    facts = "\n".join(
        section
        for section in (
            _section("Figures", _figures(reading, number)),
            _section("Statements", _statements(reading, number)),
            _section("Events", _events(reading, number)),
            _section("Contradictions and support", _relations(reading, number)),
            _section("Places", _places(reading.places)),
            _section("Actors", (escape(f"{actor.name} ({actor.kind})") for actor in reading.actors)),
            _section("Not read", map(escape, (*document.notes, *reading.notes))),
        )
        if section
    )
    return (
        f"<article>\n<h1>{escape(document.title or document.name)}</h1>\n"
        f'<p class="about">{escape(about)}</p>\n'
        f'<div class="columns">\n<div class="text">{_marked(reading, number)}</div>\n<div>\n'
        f"{facts or '<p>Nothing was read in it.</p>'}\n</div>\n</div>\n</article>\n"
    )


def _marks(reading: Reading) -> Iterator[_Mark]:
    for at, figure in enumerate(reading.figures, 1):
        yield _Mark(
            *_ends(figure.span), "figure", f"F{at}", f"{said_quantity(figure)} {figure.unit}, {figure.term}"
        )
    for at, statement in enumerate(reading.statements, 1):
        for index, span in enumerate(statement.content):
            yield _Mark(*_ends(span), "statement", "" if index else f"S{at}", f"{statement.kind}")
        for part in (statement.source, statement.cue):
            if part is not None:
                yield _Mark(*_ends(part), "cue", "", "who says so")
    for at, event in enumerate(reading.events, 1):
        yield _Mark(*_ends(event.span), "event", f"E{at}", f"{event.kind}, {event.status}")
    for place in reading.places:
        yield _Mark(*_ends(place.span), "place", "", f"{place.name}, {place.country}")
    for actor in reading.actors:
        for span in actor.mentions:
            yield _Mark(*_ends(span), "actor", "", actor.name)


def _ends(span: Span) -> tuple[int, int]:
    return span.start, span.end


def _marked(reading: Reading, number: int) -> str:
    """Cut the text at every end of a span; each stretch carries the classes of all spans over it."""
    text = reading.document.text
    marks = sorted(_marks(reading), key=lambda mark: (mark.start, mark.end))
    cuts = sorted({0, len(text), *(at for mark in marks for at in (mark.start, mark.end))})
    out: list[str] = []
    waiting, open_marks = iter([*marks, _Mark(len(text) + 1, 0, "", "", "")]), list[_Mark]()
    following = next(waiting)
    for start, end in zip(cuts, cuts[1:], strict=False):
        open_marks = [mark for mark in open_marks if mark.end > start]
        while following.start == start:
            if following.label:
                address = f"d{number}-{following.label}"
                out.append(f'<a id="{address}" href="#{address}-fact">{following.label}</a>')
            open_marks.append(following)
            following = next(waiting)
        words = escape(text[start:end])
        kinds = " ".join(dict.fromkeys(mark.kind for mark in open_marks if mark.end > start))
        says = "; ".join(dict.fromkeys(mark.says for mark in open_marks))
        out.append(f'<span class="{kinds}" title="{escape(says)}">{words}</span>' if kinds else words)
    return "".join(out)


def _section(title: str, items: Iterable[str]) -> str:
    listed = "\n".join(f"<li{item if item.startswith(' id=') else '>' + item}</li>" for item in items)
    return f"<h2>{title}</h2>\n<ul>\n{listed}\n</ul>" if listed else ""


def _labelled(number: int, label: str, said: str) -> str:
    return f' id="d{number}-{label}-fact"><b><a href="#d{number}-{label}">{label}</a></b> {said}'


def _figures(reading: Reading, number: int) -> Iterator[str]:
    for at, figure in enumerate(reading.figures, 1):
        said = f"<b>{escape(said_quantity(figure))} {figure.unit}</b> {_term(figure)}"
        where = "; ".join(f"{place.role} {place.name}" for place in figure.places)
        when = f"{figure.period.words} ({_bounds(figure)})" if figure.period else ""
        by = f"in S{figure.statement + 1}" if figure.statement is not None else ""
        details = " · ".join(filter(None, (where, when, f"cause: {figure.cause}", by, *figure.notes)))
        yield _labelled(number, f"F{at}", f'{said}<br><span class="note">{escape(details)}</span>')


def _term(figure: Figure) -> str:
    flow = "" if figure.flow == "unknown" else f", {figure.flow}"
    return escape(f"{figure.term.replace('-', ' ')}, {figure.status}{flow}")


def _bounds(figure: Figure) -> str:
    period = figure.period
    first, last = (period.earliest, period.latest) if period else (None, None)
    return str(first) if first == last and first else f"{first or '…'} to {last or '…'}"


def _statements(reading: Reading, number: int) -> Iterator[str]:
    for at, statement in enumerate(reading.statements, 1):
        source = statement.source.text if statement.source else "source not named"
        said = f"<b>{escape(source)}</b>: {statement.kind}, {statement.quotation}"
        yield _labelled(
            number, f"S{at}", f'{said}<br><span class="note">{escape(_details(statement))}</span>'
        )


def _details(statement: Statement) -> str:
    hedges = [f"{name} (“{span.text}”)" for name, span in statement.hedges]
    chain = f"through {', '.join(span.text for span in statement.chain)}" if statement.chain else ""
    when = statement.date.words if statement.date else ""
    inside = f"inside S{statement.inside + 1}" if statement.inside is not None else ""
    return " · ".join(filter(None, (*hedges, chain, when, inside))) or "no hedge"


def _events(reading: Reading, number: int) -> Iterator[str]:
    for at, event in enumerate(reading.events, 1):
        where = ", ".join(place.name for place in event.places)
        stage = f", stage {event.stage}" if event.stage else ""
        said = f"<b>{event.kind}</b>, {event.status}{stage} {escape(where)}"
        yield _labelled(number, f"E{at}", said)


def _relations(reading: Reading, number: int) -> Iterator[str]:
    for relation in reading.relations:
        letter = "S" if relation.of == "statements" else "F"
        first, second = (f"{letter}{at + 1}" for at in (relation.first, relation.second))
        links = [f'<a href="#d{number}-{label}-fact">{label}</a>' for label in (second, first)]
        yield f"{links[0]} {relation.kind} {links[1]}: {escape(relation.about)}"


def _places(places: tuple[PlaceMention, ...]) -> Iterator[str]:
    seen: dict[tuple[str, str], list[PlaceMention]] = {}
    for place in places:
        seen.setdefault((place.name, place.country), []).append(place)
    for mentions in seen.values():
        place = mentions[0]
        where = ", ".join(filter(None, (place.admin1, place.country, place.kind, place.pcode)))
        at = f" · {place.lat:.2f}, {place.lon:.2f}" if place.lat is not None and place.lon is not None else ""
        unsure = f" · may also be {'; '.join(place.candidates[:3])}" if place.candidates else ""
        details = f"{where or 'not in the gazetteer'}{at} · named {len(mentions)} ×{unsure}"
        yield f'<b>{escape(place.name)}</b> <span class="note">{escape(details)}</span>'
