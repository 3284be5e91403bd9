"""Text of PDF documents, bounded in pages, characters and processor time."""

from __future__ import annotations

import io
import logging
import time

from forewarn.errors import ForewarnError, Problem

# What is wrong with a file is told once, by an error or a note.
logging.getLogger("pypdf").setLevel(logging.CRITICAL)

_MOST_PAGES = 400
_MOST_CHARACTERS = 2_000_000
_MOST_SECONDS = 20.0  # of processor time; looked at after every page, so that what was read is kept
_MOST_OPERATORS = 500_000  # of a document; assumption: a dense page has 5,000


def read_pdf(data: bytes, *, name: str) -> tuple[str, str, tuple[str, ...]]:
    """Read the text of a PDF.

    A document that needs a password to be changed, but none to be read, is read. Streams that inflate beyond
    pypdf's limit (75 MB) are refused by it, and their page is left out.

    Parameters
    ----------
    data
        The whole file.
    name
        For errors.

    Returns
    -------
    tuple
        Text with pages apart by an empty line, title, notes on what was left out.

    Raises
    ------
    ForewarnError
        Encrypted with a password, broken, or without any text.
    """
    from pypdf import PdfReader

    try:
        reader = PdfReader(io.BytesIO(data), strict=False)
        locked = reader.is_encrypted and not reader.decrypt("")
        pages = 0 if locked else len(reader.pages)
    except Exception as error:  # pypdf raises many kinds on hostile bytes
        raise ForewarnError(
            Problem(name, f"the PDF is broken ({_said(error)})", remedy="Print it to PDF anew")
        ) from error
    if locked:
        raise ForewarnError(Problem(name, "the PDF is encrypted", remedy="Save it without a password"))
    texts: list[str] = []
    notes: list[str] = []
    start = time.process_time()
    operators = _Operators()
    for number in range(min(pages, _MOST_PAGES)):
        try:
            texts.append(reader.pages[number].extract_text(visitor_operand_before=operators.count))
        except MemoryError:
            raise
        except Exception as error:
            notes.append(f"Page {number + 1} could not be read ({_said(error)}).")
        if sum(map(len, texts)) > _MOST_CHARACTERS or time.process_time() - start > _MOST_SECONDS:
            notes.append(f"Only the first {number + 1} of {pages} pages were read.")
            break
    else:
        if pages > _MOST_PAGES:
            notes.append(f"Only the first {_MOST_PAGES} of {pages} pages were read.")
    if not any(text.strip() for text in texts):
        why = f" ({notes[0]})" if notes else ""
        raise ForewarnError(
            Problem(name, f"no text was found in the PDF{why}", remedy="A scan needs to be recognised first")
        )
    return "\n\n".join(texts), _title(reader), tuple(notes[:20])


class _TooManyError(Exception):
    def __init__(self) -> None:
        super().__init__(f"more than {_MOST_OPERATORS:,} operators")


class _Operators:
    """Counts what a document tells a printer to do: a short one may ask for the same thing for ever."""

    def __init__(self) -> None:
        self._seen = 0

    def count(self, *_: object) -> None:
        self._seen += 1
        if self._seen > _MOST_OPERATORS:
            raise _TooManyError


def _title(reader: object) -> str:
    try:
        return str(getattr(getattr(reader, "metadata", None), "title", "") or "")
    except Exception:  # broken metadata are no reason to lose the text
        return ""


def _said(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:120] if str(error) else type(error).__name__
