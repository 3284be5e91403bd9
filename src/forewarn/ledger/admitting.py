"""What may be entered: public roles only, of bearable size."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from forewarn.errors import Problem
from forewarn.ledger.canonical_form import Json, LedgerError, check_body
from forewarn.ledger.contacts import HASH, Contact, exact_coordinates, find_contacts, strings
from forewarn.ledger.paths import dotted
from forewarn.ledger.sealing import Leaf, Path, pieces

LABEL_LENGTH: Final = 200
REASON_LENGTH: Final = 500
"""Characters (assumption: a sentence or two)."""
MOST_CONTACTS: Final = 20
"""Contacts that an error lists (assumption)."""


def admit(
    body: object, where: str, *, persons: Iterable[str] = (), may_mask: bool = False, by_hand: bool = False
) -> dict[str, Json]:
    """Check a body before it is entered.

    Parameters
    ----------
    body
        To be entered.
    where
        What it is, for messages.
    persons
        Names of persons known to be in it.
    may_mask
        Whether contact details will be masked and so are no problem.
    by_hand
        Whether somebody types it: then exact coordinates have no place in any text.

    Returns
    -------
    dict
        The body as plain JSON.

    Raises
    ------
    LedgerError
        Every contact detail, by field and offset, without repeating it.
    """
    plain = check_body(body, where)
    remedy = "Leave it out: the ledger holds public roles only"
    if not by_hand:
        remedy = "Take it out of the document, or add it with --mask-contacts"
    found = [] if may_mask else [
        Problem(f"{where}, {dotted(path)}, character {contact.start}", contact.what, remedy=remedy)
        for path, contact in _contacts(plain, tuple(persons), by_hand=by_hand)
    ]  # fmt: skip
    if found:
        raise LedgerError(found[:MOST_CONTACTS])
    return plain


def masked_keys(body: Json, persons: Iterable[str]) -> set[str]:
    """Give the leaves in which contact details stand."""
    texts = dict(strings(body))
    found: dict[Path, list[tuple[int, int]]] = {}
    for path, contact in _contacts(body, tuple(persons), by_hand=False):
        found.setdefault(path, []).append((contact.start, contact.end))
    return {key for path, spans in found.items() for key in keys_within(path, texts[path], spans)}


def keys_within(path: Path, text: str, spans: Iterable[tuple[int, int]]) -> set[str]:
    """Give the words of a string that stretches of it touch; half open, in any order."""
    waiting = sorted(spans, reverse=True)
    keys, at = set(), 0
    reach = 0  # end of the stretches that began before the end of this word
    for number, piece in enumerate(pieces(text)):
        begin = at + len(piece) - len(piece.lstrip())
        at += len(piece)
        while waiting and waiting[-1][0] < at:
            start, end = waiting.pop()
            reach = max(reach, end if end > start else 0)
        if begin < min(reach, at):
            keys.add(Leaf(path, number, piece).key)
    return keys


def check_label(text: str, where: str) -> None:
    """Make sure that a name fits on a line."""
    if not (text.isprintable() and 0 < len(text) <= LABEL_LENGTH):
        raise LedgerError(Problem(where, "not one line", f"1 to {LABEL_LENGTH} printable characters"))


def check_reason(text: str) -> None:
    """Make sure that a reason is given, and is no place for contact details."""
    if not text.strip() or len(text) > REASON_LENGTH:
        raise LedgerError(Problem("reason", f"{len(text)} characters", f"1 to {REASON_LENGTH} characters"))
    admit({"reason": text}, "reason", by_hand=True)


def _contacts(body: Json, persons: tuple[str, ...], *, by_hand: bool) -> list[tuple[Path, Contact]]:
    found = []
    for path, text in strings(body):
        if HASH.fullmatch(text):
            continue
        contacts = find_contacts(text, persons=persons)
        if by_hand:
            contacts += [each for each in exact_coordinates(text) if not _covered(each, contacts)]
        found += [(path, contact) for contact in contacts]
    return found


def _covered(contact: Contact, others: Iterable[Contact]) -> bool:
    return any(other.start == contact.start and other.end == contact.end for other in others)
