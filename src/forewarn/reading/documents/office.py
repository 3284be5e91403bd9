"""Text of office documents: Word (.docx) and OpenDocument (.odt), bounded in what they unpack to."""

from __future__ import annotations

import io
import zipfile
from typing import Final, NamedTuple

from forewarn.errors import ForewarnError, Problem
from forewarn.intake.archives import names_in
from forewarn.reading.documents.formats import FORMATS

DOCX: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
ODT: Final = "application/vnd.oasis.opendocument.text"
_MOST_UNPACKED: Final = 128 * 2**20
"""Bytes of a document once it is unpacked, pictures included; assumption."""
_OTHERS: Final = {
    "xl/": "a workbook",
    "ppt/": "slides",
    "content.xml": "an OpenDocument file that is not a text document",
}


class OfficeText(NamedTuple):
    """What an office document says."""

    text: str
    title: str
    media: str


def read_office(data: bytes, *, name: str) -> OfficeText:
    """Read the text of a document in a zip archive: paragraphs, tables and notes, in their order.

    Pictures are left out; links in it are not followed.

    Parameters
    ----------
    data
        The whole file.
    name
        For errors.

    Raises
    ------
    ForewarnError
        It is another kind of archive, broken, encrypted, or too large once unpacked.
    """
    media = _kind(data, name)
    try:
        text, title = _word(data, name) if media == DOCX else _open_document(data)
    except MemoryError:
        raise
    except Exception as error:  # the libraries raise many kinds on hostile bytes
        what = f"the document is broken ({type(error).__name__})"
        raise ForewarnError(Problem(name, what, remedy="Save it anew, or as PDF")) from error
    return OfficeText(text, title, media)


def _kind(data: bytes, name: str) -> str:
    try:
        names = names_in(data, name=name, most_bytes=_MOST_UNPACKED)
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            mime = archive.read("mimetype")[:100].decode("ascii", "replace") if "mimetype" in names else ""
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError) as error:
        raise ForewarnError(Problem(name, "a zip archive that cannot be read", FORMATS)) from error
    if "word/document.xml" in names:
        return DOCX
    if mime.startswith(ODT):
        return ODT
    what = next((what for start, what in _OTHERS.items() if any(n.startswith(start) for n in names)), "")
    raise ForewarnError(
        Problem(name, what or "a zip archive", FORMATS, "Save it as PDF, or take the report out of it")
    )


def _word(data: bytes, name: str) -> tuple[str, str]:
    import mammoth

    from forewarn.reading.documents.html import read_html

    def no_picture(picture: object) -> dict[str, str]:  # noqa: ARG001
        return {"src": ""}

    made = mammoth.convert_to_html(
        io.BytesIO(data), convert_image=mammoth.images.img_element(no_picture), external_file_access=False
    )
    page = read_html(f"<html><body>{made.value}</body></html>", name=name, whole=True)
    return page.text, _word_title(data)


def _word_title(data: bytes) -> str:
    from lxml import etree  # type: ignore[import-untyped]

    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        if "docProps/core.xml" not in archive.namelist():
            return ""
        parser = etree.XMLParser(resolve_entities=False, no_network=True)
        found = etree.fromstring(archive.read("docProps/core.xml"), parser).findtext(
            "{http://purl.org/dc/elements/1.1/}title"
        )
    return str(found or "")


_ODT_PARTS: Final = (
    "//*[self::text:h or self::text:p or self::table:table-row]"
    "[not(ancestor::text:p or ancestor::text:h or ancestor::table:table-row or "
    "ancestor::text:tracked-changes)]"
)


def _open_document(data: bytes) -> tuple[str, str]:
    from odfdo import Document

    document = Document(io.BytesIO(data))
    parts = document.body.xpath(_ODT_PARTS)
    # A row of a table is a line: its cells say one thing together.
    lines = (" ".join(str(getattr(part, "text_recursive", part)).split()) for part in parts)
    return "\n\n".join(line for line in lines if line), str(document.meta.title or "")
