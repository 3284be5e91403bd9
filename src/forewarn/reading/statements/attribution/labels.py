"""Sources that stand as labels: "Army: …" over a report, "(local authorities)" behind a line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING

from forewarn.reading.actors.catalogue import read_table
from forewarn.reading.actors.mentions import load_words
from forewarn.reading.statements.attribution.attributed import Attribution
from forewarn.reading.statements.attribution.phrases import Range, text_of, trim

if TYPE_CHECKING:
    from spacy.tokens import Doc

_AHEAD = re.compile(
    r"(?:^|(?<=\n))[ \t]*(?:[•*–—-]\s*)?(?P<who>(?:An?\s|The\s)?[A-Z][^:;.\n\"“”?!]{1,80}?)\s?:\s+"
    r"(?P<what>[^\n]+)"
)
_BEHIND = re.compile(
    r"(?:^|(?<=[\n.!?;]))[ \t]*(?:[•*–—-]\s)?(?P<what>[^\n.!?;]{2,400}[^\n.!?;\s])\s"
    r"\((?P<who>[A-Za-z][^()\d:;\n]{1,50}?)(?:,\s[^()\n]{2,20})?\)(?=\s*(?:[.;]|\n|$))"
)


def find_labels(doc: Doc) -> Iterator[Attribution]:
    r"""Find statements whose source is a label before a colon at a line's start, or in brackets at its end.

    Parameters
    ----------
    doc
        The document.

    Examples
    --------
    >>> from forewarn.reading.text.sentences import build_pipeline
    >>> doc = build_pipeline()("Army: Nobody has left the post\nFood: one tap serves forty people.")
    >>> [doc.text[slice(*one.source)] for one in find_labels(doc)]
    ['Army']
    """
    text = text_of(doc)
    for found in _AHEAD.finditer(text):
        who = _without_remark(text, found.span("who"))
        quoted = text[found.start("what")] in "\"“'‘"  # noqa: RUF001
        if _is_source(text[slice(*who)]) or quoted and _is_person(text[slice(*who)]):
            yield _attribution(doc, who, _first_sentence(doc, found.span("what")))
    for found in _BEHIND.finditer(text):
        who, before = found.span("who"), found["what"]
        if _is_source(text[slice(*who)]) and not _abbreviates(text[slice(*who)], before):
            yield _attribution(doc, who, found.span("what"))


def _attribution(doc: Doc, who: Range, what: Range) -> Attribution:
    content = trim(text_of(doc), *what)
    first = doc.char_span(*content, alignment_mode="expand")
    anchor = first[0].i if first is not None and len(first) else 0
    return Attribution("label", None, anchor, who, None, (content,))


def _without_remark(text: str, who: Range) -> Range:
    """Cut ", off the record" off."""
    return trim(text, who[0], who[0] + len(text[slice(*who)].split(", ")[0]))


def _first_sentence(doc: Doc, what: Range) -> Range:
    """Cut what is said before the next sentence."""
    first = doc.char_span(what[0], what[0] + 1, alignment_mode="expand")
    return (what[0], min(what[1], first.sent.end_char)) if first is not None else what


@cache
def _heads() -> frozenset[str]:
    """Last words of names that speak: kinds of bodies, roles."""
    more = "government governments administration authority authorities officials official police un ngo ngos"
    return frozenset([*load_words().heads, *load_words().roles, *more.split()])


@cache
def _names() -> frozenset[str]:
    """Names and short forms of agencies in the catalogue."""
    return frozenset(
        form
        for row in read_table("actors.csv")
        if row["kind"] == "agency"
        for form in (row["name"], *row["aliases"].split(";"))
    )


def _is_source(who: str) -> bool:
    words = re.findall(r"[\w'’-]+", re.sub(r"\([^)]*\)", "", who))  # noqa: RUF001
    return bool(words) and (words[-1].lower() in _heads() or who in _names())


def _is_person(who: str) -> bool:
    return any(word.lower() in _heads() for word in who.split())


def _abbreviates(who: str, before: str) -> bool:
    """Whether brackets hold the short form of the words before them: "the agency of refugees (UNHCR)"."""
    return who.isupper() and bool(re.search(r"\b[A-Z]\w+(?:\s(?:of|for|the|and|on))?\s[A-Z]\w+$", before))
