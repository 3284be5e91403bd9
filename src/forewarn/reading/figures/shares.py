"""Shares of people, resolved against the figure that the text makes them a share of."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from forewarn.reading.figures.classify import Found
from forewarn.reading.numbers.quantities import resolve_share

_FARTHEST = 400  # characters back to the figure that "a third of them" is a part of (assumption)
# "A third of whom", "of these, half": a part of the figure before.
_PART_AFTER = re.compile(r"\s?of (?:them|whom|which|these|those|that)\b", re.IGNORECASE)
_PART_BEFORE = re.compile(r"\bof (?:them|whom|which|these|those)\b[^.;\d]{0,30}$", re.IGNORECASE)
# "80 per cent of the town's 110,000 inhabitants".
_OF_NEXT = re.compile(r"\s?of (?:[\w'’-]+\s){0,4}$")
_OF_ALL = re.compile(
    r"\s?(?:of )?(?:the|its|their|all) (?:[\w'’-]+ ){0,3}?"
    r"(?:population|people|residents|inhabitants|townspeople|villagers|citizens)\b",
    re.IGNORECASE,
)


def resolve_shares(found: Sequence[Found], text: str, notes: list[str]) -> Iterator[Found]:
    """Resolve the shares among the figures of a document, and say of what they are shares.

    Parameters
    ----------
    found
        The figures, in order.
    text
        Repaired text.
    notes
        Notes of the reading: shares that could not be resolved are added.
    """
    for at, one in enumerate(found):
        if one.counted.quantity.share is None:
            yield one
            continue
        whole = _whole(found, at, text)
        if whole is None:
            words = text[one.counted.start : one.counted.end]
            notes.append(f"A share ('{words}') could not be resolved: no population is given.")
            yield one
        else:
            figure, said = whole
            words = text[figure.counted.start : figure.noun.end if figure.noun else figure.counted.end]
            label = said.format(words, figure.cue.term.replace("-", " "))
            yield replace(one, counted=resolve_share(one.counted, figure.counted.size, label))


def _whole(found: Sequence[Found], at: int, text: str) -> tuple[Found, str] | None:
    """Find the figure that one is a share of, and the words of a note."""
    one = found[at]
    after, before = (
        text[one.counted.end : one.counted.end + 80],
        text[max(0, one.counted.start - 60) : one.counted.start],
    )
    if at + 1 < len(found) and _OF_NEXT.fullmatch(text[one.counted.end : found[at + 1].counted.start]):
        return found[at + 1], "of the figure after it, {}"
    if _PART_AFTER.match(after) or _PART_BEFORE.search(before):
        for other in reversed(found[:at]):
            if one.counted.start - other.counted.end > _FARTHEST:
                return None
            if other.counted.size > 0 and other.counted.quantity.share is None:
                return other, "of the figure before it, {}"
        return None
    return _population(found) if _OF_ALL.match(after) else None


def _population(found: Sequence[Found]) -> tuple[Found, str] | None:
    wholes = [other for other in found if other.counted.size > 0 and other.counted.quantity.share is None]
    for terms, said in (
        (("population",), "population given as {}"),
        (("at-risk", "in-need", "trapped"), "population not given; taken as the {} said to be {}"),
    ):
        matching = [other for other in wholes if other.cue.term in terms]
        if matching:
            return max(matching, key=lambda other: other.counted.size), said
    return None
