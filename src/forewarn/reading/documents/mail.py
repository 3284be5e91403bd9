"""Text of e-mails (.eml): the message and the reports attached to it, in whatever encoding they came."""

from __future__ import annotations

import email
import email.policy
import re
from collections.abc import Callable
from datetime import date
from email.message import MIMEPart
from typing import Final, NamedTuple

from forewarn.errors import ForewarnError, Problem

_HEAD = re.compile(rb"\A(?:[A-Za-z][A-Za-z0-9-]{1,40}:[^\n]*\n(?:[ \t][^\n]*\n)*){2,}", re.MULTILINE)
_KNOWN = re.compile(rb"^(?:From|Received|MIME-Version|Message-ID|Return-Path):", re.MULTILINE | re.IGNORECASE)
_MOST_PARTS: Final = 30
"""Parts of an e-mail that are looked at; assumption: a message with ten reports has twenty."""


class MailText(NamedTuple):
    """What an e-mail says."""

    text: str
    title: str
    sent: date | None
    notes: tuple[str, ...]


def is_mail(data: bytes, name: str) -> bool:
    """Whether bytes are an e-mail: by their name, or by the lines they begin with."""
    if name.lower().endswith(".eml"):
        return True
    head = _HEAD.match(data[:20_000])
    return head is not None and len(set(found.lower() for found in _KNOWN.findall(head[0]))) >= 2


ReadPart = Callable[[bytes, str, str], tuple[str, tuple[str, ...]]]


def read_mail(data: bytes, *, name: str, read_part: ReadPart) -> MailText:
    """Read the text of an e-mail, and of the reports attached to it.

    Addresses in its head are left out.

    Parameters
    ----------
    data
        The whole file.
    name
        For errors.
    read_part
        Gives the text of an attachment or an HTML message, and notes on it: its bytes, name and media type.

    Raises
    ------
    ForewarnError
        It is no e-mail, or no text was found in it.
    """
    message = email.message_from_bytes(data, policy=email.policy.default)
    if not message.keys():
        raise ForewarnError(Problem(name, "not a valid e-mail", "a message saved as .eml"))
    texts: list[str] = []
    notes: list[str] = []
    body = message.get_body(("plain", "html"))
    if body is not None:
        text, more = _text(body, "the message", read_part)
        texts.append(text)
        notes.extend(more)
    for number, part in enumerate(message.iter_attachments(), start=1):
        called = str(part.get_filename() or f"part {number}")[:120]
        if number > _MOST_PARTS:
            notes.append(f"Only the first {_MOST_PARTS} attachments were looked at.")
            break
        try:
            text, more = _text(part, called, read_part)
            texts.append(f"{called}\n\n{text}")
            notes.extend(more)
        except ForewarnError as error:
            notes.append(f"The attachment {called} was not read: {error.problems[0].what}.")
    if not any(text.strip() for text in texts):
        raise ForewarnError(Problem(name, "no text was found in the e-mail"))
    return MailText("\n\n".join(texts), str(message["subject"] or ""), _sent(message), tuple(notes))


def _text(part: MIMEPart, name: str, read_part: ReadPart) -> tuple[str, tuple[str, ...]]:
    if part.get_content_type() == "message/rfc822":
        inner = part.get_content()
        return read_part(inner.as_bytes(), f"{name}.eml", "message/rfc822")
    if part.get_content_maintype() == "text" and part.get_content_subtype() != "html":
        try:
            return str(part.get_content(errors="replace")), ()
        except LookupError:  # an encoding that nobody knows
            return read_part(_bytes_of(part), name, "text/plain")
    return read_part(_bytes_of(part), name, part.get_content_type())


def _bytes_of(part: MIMEPart) -> bytes:
    data = part.get_payload(decode=True)
    return data if isinstance(data, bytes) else b""


def _sent(message: MIMEPart) -> date | None:
    try:
        when = message["date"].datetime
    except (AttributeError, ValueError, TypeError):
        return None
    return when.date() if when is not None else None
