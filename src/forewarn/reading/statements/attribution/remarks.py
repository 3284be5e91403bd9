"""Sources put into or behind what they say: "…, says a source.", "…, the official said, …"."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from forewarn.reading.statements.attribution.clauses import is_clause, pass_over
from forewarn.reading.statements.attribution.phrases import Range, text_of, trim
from forewarn.reading.statements.attribution.speaker_phrases import phrase_after
from forewarn.reading.statements.attribution.speakers import find_before
from forewarn.reading.text.lexicon import load_verbs
from forewarn.reading.text.parts_of_speech import class_of

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

_COMMAS = (",", "”", '"', "?", "!", "–", "—")
_CLOSING = frozenset([".", ",", "?", "!", ";", ":", ")", "–", "—"])


class Remark(NamedTuple):
    """Ranges of what is said, in pieces, and of who says it."""

    content: tuple[Range, ...]
    source: Range


def find_remark(verb: Token, start: int, stop: int) -> Remark | None:
    """Find content and source where the content stands before the cue.

    Parameters
    ----------
    verb
        A cue.
    start, stop
        First token of its sentence or of the quote it stands in, and the one after its last.

    Examples
    --------
    >>> from forewarn.reading.text.sentences import build_pipeline
    >>> doc = build_pipeline()("The council has not asked, its head said on Friday.")
    >>> found = find_remark(doc[8], 0, len(doc))
    >>> [doc.text[slice(*piece)] for piece in found.content], doc.text[slice(*found.source)]
    (['The council has not asked'], 'its head')
    """
    if class_of(verb) not in ("finite", "participle") or verb.i - start < 3:
        return None
    inverted = verb.doc[verb.i - 1].text in _COMMAS
    return _inverted(verb, start, stop) if inverted else _behind(verb, start, stop)


def _inverted(verb: Token, start: int, stop: int) -> Remark | None:
    """Read "…, says a source."."""
    doc, text = verb.doc, text_of(verb.doc)
    if verb.i + 1 >= stop or class_of(doc[verb.i + 1]) not in (
        "noun",
        "pronoun",
        "determiner",
        "adjective",
        "number",
    ):
        return None
    if doc[verb.i + 1].lower_ in ("me", "us", "him", "them"):
        return None
    last = phrase_after(doc, verb.i + 1, stop)
    after = doc[last + 1] if last + 1 < stop else None
    open_ = after is not None and (class_of(after) in ("finite", "helper") or after.lower_ in ("that", "to"))
    if open_ or not is_clause(doc, start, verb.i - 1) and not _is_headline(verb, stop):
        return None
    content = trim(text, doc[start].idx, doc[verb.i - 1].idx)
    source = trim(text, doc[verb.i + 1].idx, doc[last].idx + len(doc[last]))
    return Remark((content,), source) if content[1] - content[0] > 3 else None


def _behind(verb: Token, start: int, stop: int) -> Remark | None:
    """Read "…, the official said." and "…, the official said, …"."""
    doc, text = verb.doc, text_of(verb.doc)
    after = pass_over(verb, stop)
    if after < stop and doc[after].text not in _CLOSING and not doc[after].is_space:
        return None
    source = find_before(verb)
    if source is None:
        return None
    first = next(token.i for token in doc[start : verb.i] if token.idx >= source[0])
    if first - 1 <= start or doc[first - 1].text not in _COMMAS:
        return None
    content = [trim(text, doc[start].idx, doc[first - 1].idx)]
    whole = is_clause(doc, start, first - 1)
    if content[0][1] - content[0][0] < 4:
        return None
    if after + 1 < stop and doc[after].text == "," and _goes_on(doc, after + 1, whole):
        content.append(trim(text, doc[after + 1].idx, doc[stop - 1].idx + len(doc[stop - 1])))
        whole = whole or any(class_of(token) in ("finite", "helper") for token in doc[after + 1 : stop])
    return Remark(tuple(content), source) if whole else None


def _goes_on(doc: Doc, at: int, whole: bool) -> bool:
    """Whether the words after a remark are still what was said."""
    word = doc[at].lower_
    if word in load_verbs() or word in (
        "according",
        "without",
        "citing",
        "quoting",
        "but",
        "and",
        "while",
        "though",
        "although",
        "that",
    ):
        return False
    return not whole or class_of(doc[at]) in ("preposition", "finite", "helper", "adverb", "relative")


def _is_headline(verb: Token, stop: int) -> bool:
    """Whether a line without a full stop ends with who says it: "Camp full, says agency"."""
    doc = verb.doc
    closed = stop >= len(doc) or doc[stop - 1].is_space or doc[stop - 1].text not in (".", "?", "!")
    return closed and stop - verb.i < 8
