"""Where quotation marks open and close, also when a quote runs over paragraphs or was never closed."""

from __future__ import annotations

import re
from dataclasses import dataclass

_MARK = re.compile(r"[\"“”„«»]|(?<![\w])'(?=\w)|(?<=[\w.,!?])'(?![\w])|(?<!\w)‘|’(?!\w)")  # noqa: RUF001
_OPENS = {"“", "„", "«", "‘"}  # noqa: RUF001
_CLOSES = {"”", "»", "’"}  # noqa: RUF001
_SINGLE = {"'", "‘", "’"}  # noqa: RUF001


@dataclass(frozen=True, slots=True)
class Quote:
    """A quotation: characters between its marks, and those with them."""

    start: int
    end: int
    outer_start: int
    outer_end: int

    @property
    def words(self) -> int:
        """Rough number of words: characters over six."""
        return (self.end - self.start) // 6


def find_quotes(text: str) -> tuple[Quote, ...]:
    """Find the quotations of a text, in order, none inside another.

    A quote ends at its closing mark, at the end of its paragraph if that lacks one, or runs on if the next
    paragraph opens with a mark again (the custom of newspapers); each paragraph is then a quote of its own.

    Parameters
    ----------
    text
        Text of a document.

    Examples
    --------
    >>> [(q.start, q.end) for q in find_quotes('He said "go" and left.')]
    [(9, 11)]
    >>> [(q.start, q.end) for q in find_quotes("rock 'n' roll is the boys' music")]
    []
    """
    quotes: list[Quote] = []
    for paragraph in re.finditer(r"[^\n]+", text):
        quotes += _in_paragraph(text, paragraph.start(), paragraph.end())
    return tuple(quotes)


def _in_paragraph(text: str, start: int, end: int) -> list[Quote]:
    quotes: list[Quote] = []
    opened: re.Match[str] | None = None
    for mark in _MARK.finditer(text, start, end):
        sign = mark[0]
        if opened is None:
            before = text[max(mark.start() - 1, 0) : mark.start()]
            if sign == "'" and before.strip() and mark.start() > start:
                continue
            if sign not in _CLOSES and not (sign == '"' and _looks_closing(text, mark)):
                opened = mark
        elif (sign in _SINGLE) == (opened[0] in _SINGLE) and sign not in _OPENS:
            if mark.start() - opened.end() > 1 and (opened[0] not in _SINGLE or _spoken(text, opened, mark)):
                quotes.append(Quote(opened.end(), mark.start(), opened.start(), mark.end()))
            opened = None
        elif sign in _OPENS and sign not in _SINGLE and opened[0] in _SINGLE:
            opened = mark
    if opened is not None and opened[0] not in _SINGLE:
        quotes.append(Quote(opened.end(), end, opened.start(), end))
    return quotes


def _looks_closing(text: str, mark: re.Match[str]) -> bool:
    before, after = text[mark.start() - 1 : mark.start()], text[mark.end() : mark.end() + 1]
    return bool(before.strip()) and not after.strip()


def _spoken(text: str, opened: re.Match[str], closed: re.Match[str]) -> bool:
    """Whether single marks hold words, and are no apostrophes."""
    return " " in text[opened.end() : closed.start()].strip()
