"""The article of an HTML page: its text, title and day; scripts and menus are left out."""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass
from datetime import date

from forewarn.errors import ForewarnError, Problem

_LEFT_OUT = (
    "//script|//style|//noscript|//template|//iframe|//object|//svg|//nav|//footer|//form|"
    "//head/*[not(self::title)]|//comment()"
)
_BLOCKS = (
    "//p|//div|//br|//li|//h1|//h2|//h3|//h4|//h5|//h6|"
    "//tr|//td|//article|//section|//blockquote|//figcaption"
)
_TAG = re.compile(
    r"""<(?P<name>[A-Za-z][^\s/>"']*+)(?P<rest>(?:[^>"']++|"[^"]*+(?:"|\Z)|'[^']*+(?:'|\Z))*+)(?:>|\Z)"""
)
_QUOTED = re.compile(r"""\"[^"]*+"|'[^']*+'""")
_MOST_ATTRIBUTES = 200  # of a tag; assumption: what a page shows never needs a tenth of it


@dataclass(frozen=True, slots=True)
class Page:
    """What an HTML page says."""

    text: str
    title: str
    issued: date | None


def read_html(text: str, *, name: str, whole: bool = False) -> Page:
    """Read the article of a page with trafilatura; where that finds none, all visible text.

    Nothing is loaded, no script is run, no entity of the document's own is expanded.

    Parameters
    ----------
    text
        The page's source.
    name
        For the error.
    whole
        Whether all of it is the article, as of a document that was turned into a page.

    Raises
    ------
    ForewarnError
        The page shows no text.
    """
    from trafilatura import bare_extraction

    text = _with_short_tags(text)
    if whole:
        return Page(_visible(text), "", None)
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    parameters = {"extensive_search": False, "original_date": True}
    try:
        found = bare_extraction(
            text,
            include_comments=False,
            include_tables=True,
            with_metadata=True,
            date_extraction_params=parameters,
        )
    except Exception:  # a page that breaks the extractor still has its visible text
        found = None
    article = str(getattr(found, "text", "") or "")
    visible = _visible(text)
    # An article that is a small part of a short page is a wrong guess of the extractor.
    body = article if len(article) * 3 >= min(len(visible), 3000) else visible
    if not body.strip():
        raise ForewarnError(
            Problem(name, "the page shows no text", remedy="Its text may be made by a script")
        )
    return Page(body, str(getattr(found, "title", "") or ""), _day(getattr(found, "date", None)))


def _with_short_tags(text: str) -> str:
    """Take the attributes of tags that have hundreds away: libxml2's time grows with their square."""

    def shortened(tag: re.Match[str]) -> str:
        rest = tag["rest"]
        if len(rest) <= 2 * _MOST_ATTRIBUTES:
            return tag[0]
        many = len(_QUOTED.sub("", rest).split()) > _MOST_ATTRIBUTES
        return f"<{tag['name']}>" if many else tag[0]

    return _TAG.sub(shortened, text)


def _visible(text: str) -> str:
    from lxml import etree  # type: ignore[import-untyped]
    from lxml import html as parser

    try:
        tree = parser.document_fromstring(
            text.encode("utf-8", errors="replace"),
            parser=parser.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False),
        )
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return ""
    for element in tree.xpath(_LEFT_OUT):
        element.drop_tree() if element.getparent() is not None else None
    for element in tree.xpath(_BLOCKS):
        element.tail = "\n" + (element.tail or "")
        element.text = ("\n" if element.tag == "br" else "") + (element.text or "")
    return "\n".join(line.strip() for line in str(tree.text_content()).splitlines() if line.strip())


def _day(said: object) -> date | None:
    try:
        return date.fromisoformat(str(said)[:10]) if said else None
    except ValueError:
        return None
