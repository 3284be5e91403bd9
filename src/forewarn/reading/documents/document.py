"""Documents in: text, HTML, PDF, office files and e-mails as bytes, bounded in size, decoded and repaired."""

from __future__ import annotations

import hashlib
import re
from datetime import date

from forewarn.errors import ForewarnError, Problem
from forewarn.facts import Document
from forewarn.intake.files import too_large
from forewarn.reading.documents.formats import FORMATS
from forewarn.reading.documents.language import detect_language
from forewarn.reading.documents.mail import is_mail, read_mail
from forewarn.reading.documents.repair import repair_text, unwrap

# Limits: a dispatch has 5,000 characters, a situation report 100,000 (assumption: twenty times that is junk).
MOST_BYTES = 32 * 2**20
MOST_HTML_BYTES = 8 * 2**20
MOST_CHARACTERS = 2_000_000
_MOST_DEPTH = 3  # e-mails in e-mails; assumption: a forwarded forward

_BOMS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\0\0", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_SAMPLE = 100_000  # bytes that an encoding is told from
_MAGIC = {
    b"\x1f\x8b": "a gzip archive",
    b"\x89PNG": "an image",
    b"\xff\xd8\xff": "an image",
    b"GIF8": "an image",
    b"\x7fELF": "a program",
    b"\xd0\xcf\x11\xe0": "an old office file",
    b"SQLite format": "a database",
}


def from_text(text: str, *, name: str, issued: date | None = None) -> Document:
    """Make a document of text that is at hand; it is repaired, never interpreted.

    Parameters
    ----------
    text
        As it came: broken entities, mojibake and joined words are repaired. Of more than two million
        characters the rest is left out, and `Document.notes` says so.
    name
        File name or other name of the document.
    issued
        Day it was published, if known.

    Raises
    ------
    ForewarnError
        There is no text.

    Examples
    --------
    >>> from_text("At least140,000 people & # 39;fled& # 39;", name="note").text
    "At least 140,000 people 'fled'"
    """
    return _document(text, text.encode("utf-8", errors="surrogatepass"), name=name, issued=issued)


def from_bytes(
    data: bytes, *, name: str, issued: date | None = None, media_type: str = "", depth: int = 0
) -> Document:
    """Make a document of bytes: PDF, HTML, .docx, .odt, e-mail or text, told by what is in them.

    Parameters
    ----------
    data
        The whole file.
    name
        File name or address.
    issued
        Day it was published; nothing = what an HTML page says of itself.
    media_type
        As a server said, if one did.
    depth
        In how many e-mails it was attached.

    Raises
    ------
    ForewarnError
        Empty, too large, binary, encrypted or broken.
    """
    if len(data) > MOST_BYTES:
        raise ForewarnError(too_large(name, len(data), MOST_BYTES))
    if not data.strip(b" \t\r\n\0"):
        raise ForewarnError(Problem(name, "the document is empty"))
    if b"%PDF-" in data[:1024]:
        from forewarn.reading.documents.pdf import read_pdf

        text, title, notes = read_pdf(data, name=name)
        return _document(
            text, data, name=name, issued=issued, media="application/pdf", title=title, notes=notes
        )
    if data.startswith(b"PK\x03\x04"):
        from forewarn.reading.documents.office import read_office

        office = read_office(data, name=name)
        return _document(office.text, data, name=name, issued=issued, media=office.media, title=office.title)
    if is_mail(data, name):
        return _mail(data, name=name, issued=issued, depth=depth)
    text = decode(data, name=name)
    if _is_html(text, name, media_type):
        from forewarn.reading.documents.html import read_html

        if len(data) > MOST_HTML_BYTES:
            raise ForewarnError(too_large(name, len(data), MOST_HTML_BYTES))
        page = read_html(text, name=name)
        day = issued or page.issued
        return _document(page.text, data, name=name, issued=day, media="text/html", title=page.title)
    return _document(text, data, name=name, issued=issued)


def _mail(data: bytes, *, name: str, issued: date | None, depth: int) -> Document:
    """Read an e-mail; what is attached is read as a document of its own would be."""
    if depth >= _MOST_DEPTH:
        raise ForewarnError(Problem(name, f"e-mails attached to one another, {depth} deep", f"{_MOST_DEPTH}"))

    def read_part(part: bytes, called: str, media_type: str) -> tuple[str, tuple[str, ...]]:
        inner = from_bytes(part, name=called, media_type=media_type, depth=depth + 1)
        return inner.text, inner.notes

    mail = read_mail(data, name=name, read_part=read_part)
    return _document(
        mail.text,
        data,
        name=name,
        issued=issued or mail.sent,
        media="message/rfc822",
        title=mail.title,
        notes=mail.notes,
    )


def decode(data: bytes, *, name: str) -> str:
    """Decode bytes: by their mark, as UTF-8, else by what charset-normalizer makes of them.

    Parameters
    ----------
    data
        The bytes of a text.
    name
        For the error.

    Raises
    ------
    ForewarnError
        They are no text.
    """
    for magic, what in _MAGIC.items():
        if data.startswith(magic):
            raise _not_text(name, what)
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return data.decode(encoding, errors="replace")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        text = _guess(data, name)
    odd = sum(character < " " and character not in "\t\n\r\f\v\x1a" for character in text[:_SAMPLE])
    if odd * 50 > len(text[:_SAMPLE]):
        text = _guess(data, name) if b"\0" in data[:_SAMPLE] else ""
        if not text or "\0" in text[:_SAMPLE]:
            raise _not_text(name, "binary data")
    return text


# Of encodings that fit equally well the first of these is taken: what Windows writes (assumption).
_USUAL = ("cp1252", "cp1251", "cp1256", "cp1254", "cp1250")
# No others are tried: browsers know these (WHATWG Encoding), and old ones of terminals only mislead.
_OTHERS = (
    *(
        "utf_16",
        "utf_16_le",
        "utf_16_be",
        "utf_32",
        "cp1253",
        "cp1255",
        "cp1257",
        "cp1258",
        "cp874",
        "koi8_r",
    ),
    *(
        "koi8_u",
        "iso8859_2",
        "iso8859_5",
        "iso8859_6",
        "iso8859_7",
        "iso8859_8",
        "gb18030",
        "big5",
        "shift_jis",
    ),
    *("euc_jp", "euc_kr", "iso2022_jp"),
)


def _guess(data: bytes, name: str) -> str:
    from charset_normalizer import from_bytes as guess

    likely = guess(data[:_SAMPLE], cp_isolation=[*_USUAL, *_OTHERS])
    best = likely.best()
    if best is None:
        raise _not_text(name, "an encoding that could not be told")
    fit = {
        encoding
        for one in likely
        if (one.chaos, one.coherence) == (best.chaos, best.coherence)
        for encoding in (one.encoding, *one.could_be_from_charset)
    }
    chosen = next((encoding for encoding in _USUAL if encoding in fit), best.encoding)
    return data.decode(chosen, errors="replace")


def _not_text(name: str, what: str) -> ForewarnError:
    return ForewarnError(Problem(name, what, FORMATS, "Save it as text or PDF"))


def _is_html(text: str, name: str, media_type: str) -> bool:
    start = text[:2000].lstrip("\ufeff \t\r\n").lower()
    if re.match(r"<(?:!doctype|\?xml|html|head|body|div|p|article|!--)[\s>]", start):
        return True
    named = bool(re.search(r"\.x?html?$", name.lower())) or "html" in media_type
    return named and bool(
        re.search(r"<(?:html|head|body|div|p|span|a|script|table|h\d)\b", text[:20_000].lower())
    )


def _document(
    text: str,
    data: bytes,
    *,
    name: str,
    issued: date | None,
    media: str = "text/plain",
    title: str = "",
    notes: tuple[str, ...] = (),
) -> Document:
    if len(text) > MOST_CHARACTERS:
        notes = (*notes, f"Only the first {MOST_CHARACTERS:,} of {len(text):,} characters were read.")
        text = text[:MOST_CHARACTERS]
    repaired = unwrap(repair_text(text))
    if not repaired:
        raise ForewarnError(
            Problem(name, "no text was found in it", remedy="A scan needs to be recognised first")
        )
    return Document(
        name=name,
        sha256=hashlib.sha256(data).hexdigest(),
        media_type=media,
        title=repair_text(title).replace("\n", " ")[:500],
        text=repaired,
        language=detect_language(repaired),
        issued=issued,
        notes=notes,
    )
