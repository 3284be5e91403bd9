"""From a document to its reading: figures, places, actors, statements, events and their relations."""

from __future__ import annotations

from importlib.metadata import version
from typing import TYPE_CHECKING

from forewarn.facts import Document, Figure, PlaceMention, Reading
from forewarn.reading.actors.find import find_actors
from forewarn.reading.dates.find import FoundDates
from forewarn.reading.events.find import find_events
from forewarn.reading.figures.find import find_figures, link_figures
from forewarn.reading.places.find import find_places
from forewarn.reading.statements.find import find_statements
from forewarn.reading.statements.relations import find_relations
from forewarn.reading.text.sentences import build_pipeline

if TYPE_CHECKING:
    from spacy.tokens import Doc

READER = f"forewarn-rules {version('forewarn')}"


def read(document: Document) -> Reading:
    """Read a document.

    In a language other than English only figures in digits are read, and the notes say so.

    Parameters
    ----------
    document
        Of `documents.from_text` or `loading.load`; all spans count characters of its text.

    Examples
    --------
    >>> from datetime import date
    >>> from forewarn.reading.documents.document import from_text
    >>> text = "More than 3,000 people fled Sarmada on Monday, the mayor said."
    >>> reading = read(from_text(text, name="note", issued=date(2018, 9, 12)))
    >>> [(figure.quantity.low, figure.term) for figure in reading.figures]
    [(3000.0, 'forced-to-flee')]
    """
    doc = build_pipeline()(document.text)
    dates = FoundDates(document)
    figures, places, notes = read_figures(doc, document, dates)
    if document.language not in ("", "en"):
        said = f"The language is '{document.language}', not English: only figures in digits were read."
        return Reading(document=document, reader=READER, figures=figures, places=places, notes=(said, *notes))
    actors = find_actors(doc, document)
    statements = find_statements(doc, document, actors, dates=dates)
    events = find_events(doc, document, actors, statements, places, dates=dates)
    figures = link_figures(figures, statements)
    relations = find_relations(statements, figures, events)
    return Reading(
        document=document,
        reader=READER,
        figures=figures,
        statements=statements,
        actors=actors,
        places=places,
        events=events,
        relations=relations,
        notes=notes,
    )


def read_figures(
    doc: Doc, document: Document, dates: FoundDates | None = None
) -> tuple[tuple[Figure, ...], tuple[PlaceMention, ...], tuple[str, ...]]:
    """Read only the figures and places, and notes on what was left out.

    Parameters
    ----------
    doc
        The pipeline's tokens and sentences of `document.text`.
    document
        The document.
    dates
        Of the document; found if none are given.
    """
    places = find_places(doc, document)
    figures, notes = find_figures(doc, document, places, dates=dates)
    return figures, places, notes
