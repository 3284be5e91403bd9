"""Cues in the passive: "was told by the police to leave", "described as fake by a rival"."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from forewarn.reading.statements.attribution.clauses import is_infinitive
from forewarn.reading.statements.attribution.phrases import Range, text_of, trim
from forewarn.reading.statements.attribution.speaker_phrases import phrase_after
from forewarn.reading.statements.attribution.speakers import find_before
from forewarn.reading.text.lexicon import word_set
from forewarn.reading.text.parts_of_speech import class_of

if TYPE_CHECKING:
    from spacy.tokens import Token

    from forewarn.reading.text.lexicon import Cue

_BE = word_set("is are was were be been being 's ’s")  # noqa: RUF001
_PAST = (
    "ed",
    "told",
    "said",
    "put",
    "seen",
    "known",
    "written",
    "given",
    "heard",
    "found",
    "sworn",
    "foreseen",
    "shown",
)
# Kinds whose cue says something of a thing that is there already: talks "requested by" somebody are none.
TOLD = ("report", "denial", "condemnation", "estimate")
_PLACES = word_set("phone telephone radio day night boat bus road air foot now then")


class Passive(NamedTuple):
    """What was read: construction, and ranges of source, content, target and addressee."""

    frame: str
    source: Range
    content: tuple[Range, ...]
    target: Range | None = None
    addressee: Range | None = None


def is_passive_form(verb: Token) -> bool:
    """Whether a form of "be" stands before a cue, or "by" behind it."""
    if not verb.lower_.endswith(_PAST):
        return False
    doc, at = verb.doc, verb.i - 1
    while at > verb.sent.start and class_of(doc[at]) == "adverb":
        at -= 1
    if doc[at].lower_ in _BE and at >= verb.sent.start:
        return True
    return verb.i + 1 < verb.sent.end and doc[verb.i + 1].lower_ == "by"


def read_passive(verb: Token, cue: Cue, stop: int) -> Passive | None:
    """Read a cue in the passive whose agent is named.

    Parameters
    ----------
    verb
        The cue.
    cue
        What is known of it.
    stop
        Token after its sentence, or after the quote it stands in.

    Examples
    --------
    >>> from forewarn.reading.text.lexicon import load_verbs
    >>> from forewarn.reading.text.sentences import build_pipeline
    >>> doc = build_pipeline()("He was told by the police to shift them.")
    >>> found = read_passive(doc[2], load_verbs()["told"], len(doc))
    >>> doc.text[slice(*found.source)], doc.text[slice(*found.content[0])]
    ('the police', 'to shift them')
    """
    doc, text = verb.doc, text_of(verb.doc)
    by = _agent(verb, stop)
    if by is None:
        return None
    if (
        doc[verb.i - 1].lower_ in _BE
        and doc[verb.i - 2].lower_ == "it"
        and (found := _impersonal(verb, by, stop))
    ):
        return found
    last = phrase_after(doc, by.i + 1, stop)
    source = trim(text, doc[by.i + 1].idx, doc[last].idx + len(doc[last]))
    subject = find_before(verb)
    after = last + 1
    if after < stop and doc[after].text == ",":
        after += 1
    ending = doc[stop - 1].idx + len(doc[stop - 1])
    if after < stop and (
        doc[after].lower_ == "that" or is_infinitive(doc, after, stop) and "infinitive" in cue.frames
    ):
        return Passive("clause", source, (trim(text, doc[after].idx, ending),), None, subject)
    for k in range(verb.i + 1, stop):
        word = doc[k].lower_
        if word in ("as", "of", "for") and word in cue.frames and k + 1 < stop and subject:
            end = by.idx if k < by.i else ending
            begin = doc[k + 1].idx if word == "as" else doc[k].idx
            return Passive(word, source, (subject, trim(text, begin, end)), subject)
        if word in ("that",) and verb.i < k < by.i:
            return Passive("clause", source, (trim(text, doc[k].idx, by.idx),))
    if "object" in cue.frames and subject and cue.group == "speech" and cue.kind in TOLD:
        return Passive("object", source, (subject,))
    return None


def _impersonal(verb: Token, by: Token, stop: int) -> Passive | None:
    """Read "it is feared by women's organisations that …"."""
    doc, text = verb.doc, text_of(verb.doc)
    that = next((token for token in doc[by.i + 2 : min(by.i + 12, stop)] if token.lower_ == "that"), None)
    if that is None:
        return None
    source = trim(text, doc[by.i + 1].idx, that.idx)
    return Passive("clause", source, (trim(text, that.idx, doc[stop - 1].idx + len(doc[stop - 1])),))


def _agent(verb: Token, stop: int) -> Token | None:
    """Find the "by" of the agent: not of a time or a means."""
    doc = verb.doc
    for k in range(verb.i + 1, min(stop - 1, verb.i + 14)):
        if doc[k].text in (";", ":", ".") or doc[k].text == "," and k > verb.i + 1:
            return None
        reported = doc[k].lower_ == "in" and doc[verb.i - 2].lower_ == "it"
        if doc[k].lower_ != "by" and not reported:
            continue
        after = doc[k + 1]
        timed = (
            class_of(after) in ("number", "gerund", "relative")
            or after.lower_ in _PLACES
            or after.lower_.endswith("day")
        )
        if not timed and class_of(after) in ("noun", "determiner", "adjective", "pronoun", "number"):
            return doc[k]
    return None
