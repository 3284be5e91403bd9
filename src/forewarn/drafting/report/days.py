"""The day of a report that was not told: the date at its head."""

from __future__ import annotations

from datetime import date
from typing import Final

from forewarn.facts import Document
from forewarn.reading.dates.find import find_dates

HEAD_CHARACTERS: Final = 400
"""A date so near to a report's beginning is taken for its day; assumption."""


def with_day(document: Document) -> Document:
    """Give a document the day that stands at its head, if it has none; a day without a year is none.

    Parameters
    ----------
    document
        As it was loaded.

    Examples
    --------
    >>> from forewarn.reading.documents.document import from_text
    >>> str(with_day(from_text("BUNIA, 3 June 2024 - Rebels closed in.", name="report")).issued)
    '2024-06-03'
    """
    found = None if document.issued is not None else head_day(document.text)
    return document if found is None else document.model_copy(update={"issued": found[0]})


def head_day(text: str) -> tuple[date, str] | None:
    """Find the first whole date near the beginning of a text, and its words."""
    for span, when in find_dates(text[:HEAD_CHARACTERS], None):
        if when.is_day and when.latest is not None:
            return when.latest, span.text
    return None
