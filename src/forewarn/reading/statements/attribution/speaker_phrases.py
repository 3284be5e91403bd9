"""Noun phrases that speak, from their first word on: with appositions and relative clauses, up to a verb."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from forewarn.reading.text.lexicon import load_verbs, word_set
from forewarn.reading.text.parts_of_speech import class_of

if TYPE_CHECKING:
    from spacy.tokens import Doc
# Signs and commas that part phrases; times that end one.
HARD = frozenset(';:“”"«»•')
COMMAS = frozenset([",", "–", "—", "--"])
_SMALL = word_set("a an the one his her its their our")
WHEN = re.compile(
    r"(?:\b(?:on|late on|early on)\s)?(?:\b(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|\byesterday|\btoday|"
    r"\btonight)"
    r"(?:\s(?:morning|afternoon|evening|night))?\s*$"
)


def phrase_after(doc: Doc, first: int, stop: int) -> int:
    """Find the last word of a noun phrase with its appositions and relative clauses.

    Parameters
    ----------
    doc, first
        Words, and index of the first.
    stop
        Token after the last that counts.

    Examples
    --------
    >>> import spacy
    >>> doc = spacy.blank("en")("said Ana Ruiz, who runs a kitchen, on Monday.")
    >>> doc[phrase_after(doc, 1, len(doc))].text
    'kitchen'
    """
    last, k, open_ = first, first, 0
    while k < stop:
        token = doc[k]
        kind, word = class_of(token), token.lower_
        if (
            token.is_space
            or word in HARD
            or token.text in (".", "?", "!", "(")
            or token.text in COMMAS
            and token.text != ","
        ):
            break
        if token.text == ",":
            named = is_name(doc, first, last) and last - first < 1
            if named or not _is_apposition(doc, k + 1, stop):
                break
        elif (
            kind == "relative" and word != "that" or word == "that" and k > first and _restricts(doc, k, stop)
        ):
            open_ += 1
        elif kind in ("finite", "helper") and word not in ("be", "been", "being"):
            if not open_ and doc[k - 1].lower_ not in ("i", "we", "he", "she", "they"):
                break
            open_ = max(open_ - 1, 0)
        elif (
            k > first
            and (
                word == "that"
                and not _restricts(doc, k, stop)
                or kind == "to"
                and open_ == 0
                or kind in ("conjunction",)
                and word not in ("and", "or")
            )
            or k > first
            and WHEN.match(f"on {token.text}")
            and kind == "noun"
            or k > first
            and kind == "preposition"
            and word in ("on", "in", "late", "after", "during", "before", "since")
            and k + 1 < stop
            and WHEN.search(doc[k + 1].text)
        ):
            break
        if token.text != ",":
            last = k
        k += 1
    return last


def _restricts(doc: Doc, that: int, stop: int) -> bool:
    """Whether "that" goes back to the noun before it and a verb follows: "the alliance that supports"."""
    return (
        that + 1 < stop
        and class_of(doc[that + 1]) in ("finite", "helper")
        and class_of(doc[that - 1]) == "noun"
    )


def _is_apposition(doc: Doc, at: int, stop: int) -> bool:
    """Whether a comma is followed by a description or a name, and no clause: ", who runs", ", a teacher,"."""
    if at >= stop:
        return False
    if doc[at].lower_ in ("who", "whose", "whom", "which"):
        return not any(token.lower_ in load_verbs() for token in doc[at + 1 : min(at + 4, stop)])
    described = doc[at].lower_ in (
        "a",
        "an",
        "the",
        "head",
        "chief",
        "director",
        "spokesman",
        "spokeswoman",
        "secretary",
    )
    named = doc[at].text[:1].isupper()
    if not (described or named):
        return False
    for k in range(at, min(stop, at + 12)):
        if doc[k].text in (",", ".", "?", "!", ";") or doc[k].is_space:
            return True
        if class_of(doc[k]) == "relative" or doc[k].lower_ == "that" and k > at:
            return True
        if class_of(doc[k]) in ("finite", "helper", "gerund", "pronoun"):
            return False
    return True


def is_name(doc: Doc, first: int, last: int) -> bool:
    """Whether a source is known by its name alone, so that what is told of it beside is no part of it."""
    return all(token.text[0].isupper() for token in doc[first : last + 1]) and doc[first].lower_ not in _SMALL
