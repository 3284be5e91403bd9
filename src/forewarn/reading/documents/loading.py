"""Where documents come from: files, folders, addresses, standard input. The box parses and reads them."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from datetime import date
from http.client import HTTPException
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import HTTPHandler, HTTPRedirectHandler, HTTPSHandler, OpenerDirector, Request

from forewarn.errors import ForewarnError, Problem
from forewarn.facts import Document, Reading
from forewarn.intake import Limits, isolated, read_file
from forewarn.intake.files import read_limited
from forewarn.reading.documents.document import MOST_BYTES
from forewarn.reading.documents.formats import SUFFIXES

_TIMEOUT_SECONDS = 20.0
_DEADLINE_SECONDS = 120.0


def load(where: str | Path, *, issued: date | None = None) -> Document:
    """Load a document from a file, an http(s) address, or standard input ("-").

    Parameters
    ----------
    where
        Path, address or "-".
    issued
        Day it was published; nothing = what an HTML page says of itself.

    Raises
    ------
    ForewarnError
        It is not there, too large (32 MiB), empty, binary, encrypted or broken.
    """
    said = str(where)
    if said == "-":
        return parsed(read_limited(sys.stdin.buffer, said, most_bytes=MOST_BYTES), name="-", issued=issued)
    if "://" in said:
        data, media_type = fetch(said)
        return parsed(data, name=said, issued=issued, media_type=media_type)
    try:
        data = read_file(where, most_bytes=MOST_BYTES, name=said)
    except ForewarnError as error:
        if Path(where).is_dir():
            raise ForewarnError(
                Problem(said, "is a folder", remedy="Expand it with list_documents")
            ) from error
        raise
    return parsed(data, name=said, issued=issued)


def parsed(data: bytes | str, *, name: str, issued: date | None = None, media_type: str = "") -> Document:
    """Make a document of what somebody sent, in the box.

    Parameters
    ----------
    data
        A whole file, or text that is at hand.
    name, issued, media_type
        As for `documents.from_bytes`.

    Raises
    ------
    ForewarnError
        As `documents.from_bytes`; or it took more time or memory than a document may.
    """
    made = isolated(_parsed)(data, name=name, issued=issued, media_type=media_type)
    return Document.model_validate(made)


def read_boxed(document: Document) -> Reading:
    """Read a document in the box: as `read.read`, within limits of time and memory.

    Raises
    ------
    ForewarnError
        It took more than a document may.
    """
    made = isolated(_read, limits=READING)(document.model_dump(), name=document.name)
    return Reading.model_validate(made)


READING = Limits(processor_seconds=150.0, memory_bytes=2 * 2**30, wall_seconds=300.0)
"""What reading one document may take; 400,000 characters of dispatches took 34 s (docs/reading.md)."""


def _parsed(data: bytes | str, *, name: str, issued: date | None, media_type: str) -> dict[str, Any]:
    from forewarn.reading.documents.document import from_bytes, from_text

    if isinstance(data, str):
        return from_text(data, name=name, issued=issued).model_dump()
    return from_bytes(data, name=name, issued=issued, media_type=media_type).model_dump()


def _read(document: dict[str, Any], *, name: str) -> dict[str, Any]:  # noqa: ARG001  (named in errors)
    from forewarn.reading.reader import read

    return read(Document.model_validate(document)).model_dump()


def list_documents(given: Iterable[str]) -> Iterator[str]:
    """Expand folders to the documents in them, in the order of their names.

    Parameters
    ----------
    given
        Files, folders, addresses and "-". Of a folder and its folders, files that end in one of `SUFFIXES`;
        links out of it are not followed.
    """
    for where in given:
        folder = Path(where)
        if where == "-" or "://" in where or not folder.is_dir():
            yield where
            continue
        found = sorted(
            path for path in folder.rglob("*") if path.suffix.lower() in SUFFIXES and path.is_file()
        )
        root = folder.resolve()
        yield from (str(path) for path in found if path.resolve().is_relative_to(root))


def fetch(address: str) -> tuple[bytes, str]:
    """Fetch an address by http or https, within 32 MiB and two minutes.

    Returns
    -------
    tuple
        The bytes and the media type.

    Raises
    ------
    ForewarnError
        Another scheme, no answer, an error, or too much.
    """
    try:
        parts = urlsplit(address)
        valid = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        valid = False
    if not valid:
        raise ForewarnError(Problem(address, "not an address that is read", "http:// or https://"))
    request = Request(
        address, headers={"User-Agent": "forewarn", "Accept": "text/html, application/pdf, text/plain"}
    )  # noqa: S310
    try:
        with _opener().open(request, timeout=_TIMEOUT_SECONDS) as answer:
            data = read_limited(answer, address, most_bytes=MOST_BYTES, deadline_seconds=_DEADLINE_SECONDS)
            return data, str(answer.headers.get_content_type())
    except HTTPError as error:
        raise ForewarnError(Problem(address, f"the server answers {error.code} {error.reason}")) from error
    except (URLError, OSError, HTTPException, ValueError) as error:
        if isinstance(error, ForewarnError):
            raise
        reason = getattr(error, "reason", None) or str(error) or type(error).__name__
        raise ForewarnError(Problem(address, f"cannot be fetched: {reason}")) from error


def _opener() -> OpenerDirector:
    """Build an opener that knows http and https only, also after a redirection."""
    from urllib.request import HTTPDefaultErrorHandler, HTTPErrorProcessor, ProxyHandler, UnknownHandler

    opener = OpenerDirector()
    for handler in (ProxyHandler, UnknownHandler, HTTPHandler, HTTPSHandler, HTTPDefaultErrorHandler):
        opener.add_handler(handler())
    opener.add_handler(HTTPRedirectHandler())
    opener.add_handler(HTTPErrorProcessor())
    return opener
