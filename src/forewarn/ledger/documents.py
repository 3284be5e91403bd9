"""Documents and readings as bodies, and back.

The words of a span stand once, in the document: what is taken out there is gone from every fact that rests
on it.
"""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError

from forewarn.errors import Problem
from forewarn.facts import Reading
from forewarn.ledger.canonical_form import Json, LedgerError
from forewarn.ledger.contacts import HASH, find_contacts
from forewarn.ledger.entries import LedgerEntry, validation_problems
from forewarn.ledger.sealing import GONE

_SPAN = {"start", "end", "text"}
COVER = "█"
"""Stands for each letter of a contact detail, so that every offset still holds."""


def parse_reading(text: str, where: str) -> Reading:
    """Read a reading that was written as JSON; `LedgerError` lists what is wrong with it."""
    try:
        return Reading.model_validate_json(text)
    except ValidationError as error:
        raise LedgerError(validation_problems(error, where)[:20]) from error


def document_body(reading: Reading) -> dict[str, Json]:
    """Give the document of a reading as a body."""
    body: dict[str, Json] = reading.document.model_dump(mode="json")
    return body


def reading_body(reading: Reading) -> dict[str, Json]:
    """Give what was read as a body: spans keep their offsets, without their words.

    Raises
    ------
    LedgerError
        A span whose words are not those of the text.
    """
    problems: list[Problem] = []
    body = _without_words(
        reading.model_dump(mode="json", exclude={"document", "reader"}),
        reading.document.text,
        reading.document.name,
        problems,
    )
    if problems:
        raise LedgerError(problems[:20])
    return body  # type: ignore[no-any-return]


def whole_reading(entry: LedgerEntry, document: LedgerEntry) -> Reading:
    """Put a reading and its document together again.

    Raises
    ------
    LedgerError
        So much was redacted that it is no reading any more.
    """
    text = str(document.body["text"])
    facts = _with_words(entry.body, text, redacted=document.redacted > 0)
    try:
        return Reading.model_validate({**facts, "document": document.body, "reader": entry.reader})
    except ValidationError as error:
        where = f"entry {entry.sequence}"
        if entry.redacted or document.redacted:
            remedy = "forewarn ledger show prints what is left"
            raise LedgerError(Problem(where, "too much of it was redacted", remedy=remedy)) from error
        raise LedgerError(validation_problems(error, where)) from error


def without_contacts(reading: Reading) -> Reading:
    """Cover the contact details in a reading, wherever they stand: those that the ledger refuses."""
    persons = tuple(actor.name for actor in reading.actors if actor.kind == "person")
    document = _covered(document_body(reading), persons)
    facts = _with_words(_covered(reading_body(reading), persons), document["text"], redacted=False)
    return Reading.model_validate({**facts, "document": document, "reader": reading.reader})


def _covered(value: Any, persons: tuple[str, ...]) -> Any:  # noqa: ANN401
    if isinstance(value, dict):
        return {name: _covered(child, persons) for name, child in value.items()}
    if isinstance(value, list):
        return [_covered(child, persons) for child in value]
    if isinstance(value, str) and not HASH.fullmatch(value):
        for contact in find_contacts(value, persons=persons):
            length = contact.end - contact.start
            value = value[: contact.start] + COVER * length + value[contact.end :]
    return value


def _without_words(value: Any, text: str, where: str, problems: list[Problem]) -> Any:  # noqa: ANN401
    if isinstance(value, dict):
        if set(value) == _SPAN:
            start, end = value["start"], value["end"]
            if end > len(text) or value["text"] not in ("", text[start:end]):
                problems.append(Problem(where, f"the span {start}:{end} is not what stands in the text"))
            return {"start": start, "end": end}
        return {name: _without_words(child, text, where, problems) for name, child in value.items()}
    if isinstance(value, list):
        return [_without_words(child, text, where, problems) for child in value]
    return value


def _with_words(value: Any, text: str, *, redacted: bool) -> Any:  # noqa: ANN401
    if isinstance(value, dict):
        if set(value) == {"start", "end"}:
            words = text[value["start"] : value["end"]]
            return {**value, "text": "" if redacted and GONE in words else words}
        return {name: _with_words(child, text, redacted=redacted) for name, child in value.items()}
    if isinstance(value, list):
        return [_with_words(child, text, redacted=redacted) for child in value]
    return value
