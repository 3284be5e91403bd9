"""Where a clause is one, and where what is said ends: before the next who speaks."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from forewarn.reading.statements.attribution.phrases import text_of
from forewarn.reading.text.lexicon import load_verbs
from forewarn.reading.text.parts_of_speech import class_of

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

    from forewarn.reading.text.lexicon import Cue

# What a writer adds to a claim: ", a number that a coordinator called guesswork".
_REMARKED = re.compile(
    r",\s(?:an?|the)\s(?:\w+\s)?(?:number|figure|claim|charge|allegation|accusation|statement|deadline|version|estimate|toll|"
    r"count|story|threat|promise)\s(?:that|which|the|an?)\b"
)
_STOPS = frozenset(";:•")


def clause_end(verb: Token, first: int, stop: int) -> int:
    """Find the end of what is said: before "…, according to", "; X says", "and X said", ", warning that".

    Parameters
    ----------
    verb
        The cue.
    first
        First word of what is said.
    stop
        Token after the last that counts.
    """
    doc, verbs = verb.doc, load_verbs()
    quoted = doc[first].text in ('"', "“") or doc[first - 1].text in ('"', "“")
    for k in range(first + 1, stop):
        token = doc[k]
        word = token.lower_
        if word in ('"', "“", "”"):
            quoted = word == "“" or word == '"' and not quoted
        if quoted:
            continue
        if token.text == ";":
            return token.idx
        if word in ("and", "but", "while", "whereas", "although", "though") or token.text in (",", "–", "—"):
            ahead = doc[k + 1 : min(k + 11, stop)]
            if not len(ahead):
                continue
            if ahead[0].lower_ in ("according", "without"):
                return token.idx
            if (
                ahead[0].lower_ in verbs
                and class_of(ahead[0]) in ("finite", "gerund")
                and _is_own(doc, ahead[0], verbs[ahead[0].lower_])
            ):
                return token.idx
            if ahead[0].lower_ in ("could", "would", "did", "does") and any(
                t.lower_ in verbs for t in ahead[1:4]
            ):
                return token.idx
            if (
                _tells_next(doc, k + 1, stop)
                or token.text == ","
                and _REMARKED.match(text_of(doc), token.idx)
            ):
                return token.idx
        elif word == "according" and k + 1 < stop and doc[k + 1].lower_ == "to" and k > first + 2:
            return token.idx
    return end_of(doc, stop)


def _is_own(doc: Doc, verb: Token, cue: Cue) -> bool:
    """Whether "and warned", ", adding that" goes on with the source of the cue before, in another clause."""
    if class_of(verb) == "gerund":
        return cue.group == "speech"
    return cue.group == "speech" or cue.kind in ("denial", "accusation", "fear", "hope")


def _tells_next(doc: Doc, first: int, stop: int) -> bool:
    """Whether a new clause with a source and a cue of its own starts here: ", and the mayor said"."""
    verbs = load_verbs()
    if first < stop and doc[first].lower_ in ("and", "but", "while", "whereas", "although", "though"):
        first += 1
    if first >= stop or class_of(doc[first]) not in ("noun", "pronoun", "determiner", "adjective", "number"):
        return False
    for k in range(first + 1, min(first + 9, stop)):
        token = doc[k]
        kind = class_of(token)
        if kind in ("finite", "base") or kind == "noun" and token.lower_ in verbs and k > first + 1:
            known = verbs.get(token.lower_)
            return known is not None and kind != "noun" and known.group == "speech"
        if token.text in (",", ";", ":", ".") or token.lower_ in ("that", "and"):
            return False
    return False


def is_clause(doc: Doc, first: int, stop: int) -> bool:
    """Whether a finite verb comes that no relative word opened the clause of.

    Parameters
    ----------
    doc, first
        Words, and index of the first.
    stop
        Token after the last that counts.
    """
    open_, seen = 0, 0
    for k in range(first, min(stop, first + 26)):
        token = doc[k]
        kind, word = class_of(token), token.lower_
        if word in _STOPS or token.text in (".", "?", "!") and not doc[k - 1].is_alpha:
            return False
        if kind in ("finite", "helper") and word not in ("be", "been", "being", "having"):
            before = doc[k - 1].lower_
            if word in ("have", "do") and before == "to":
                continue
            if not open_:
                return seen > 0 or kind == "helper"
            open_ -= 1
        elif k > first and (
            kind == "relative"
            or word in ("that", "where", "when", "because", "as", "while", "which")
            and class_of(doc[k - 1]) in ("noun", "mark")
        ):
            open_ += 1
        elif kind not in ("mark", "adverb"):
            seen += 1
    return False


def end_of(doc: Doc, stop: int) -> int:
    """Give the character after the last token before `stop`."""
    last = doc[stop - 1]
    return last.idx + len(last)
