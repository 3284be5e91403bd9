"""Attributions by the order of words alone: noun phrase, cue, content, where a small parser fails."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from forewarn.reading.statements.attribution.phrases import Range, text_of, trim
from forewarn.reading.text.lexicon import saying

if TYPE_CHECKING:
    from spacy.tokens import Token

    from forewarn.reading.text.lexicon import Cue

# Kinds of cues that are read so whatever follows them, and whose content names whom they are about.
DISPUTED = ("accusation", "denial")
_STOPS = frozenset(';:.?!,—–“”"•')  # noqa: RUF001
_OPENERS = frozenset(["and", "but", "while", "that", "whereas"])
_NEXT_CLAUSE = re.compile(
    r";|,\s(?:and|but|while|whereas|saying|adding|according)\b|"
    rf"\sand\s?(?:{saying('next-clause')})\b"
)
_REST = re.compile(
    r"\s+(?:(?:on|in|last|late|early|earlier)\s(?:\w+\s){0,2}?\w+\s(?=that\b))?"
    r"(?P<that>that\s)?(?!by\b|to\b|in\b|on\b)(?P<what>[\w\"“'].+)",
    re.DOTALL,
)
_TELLS = re.compile(r"(?:\s(?:on|in|by|from)\s(?:\w+\s){0,3}?\w+)?\sthat\b")
_QUOTED = re.compile(r"\b(?:quot(?:ed|es|ing)|cit(?:ed|es|ing))\s(?!by\b)(?P<who>[^;.\n]{2,80}?)\sas\s$")
_LONGEST_SOURCE = 14  # words (assumption)


class Plain(NamedTuple):
    """What was read: construction, and ranges of source, content and target."""

    frame: str
    source: Range
    content: Range
    target: Range | None


def read_plain(verb: Token, cue: Cue) -> Plain | None:
    """Read "noun phrase, cue, content".

    Only cues of denial and accusation, "put … at" a number, and any that "that" follows: little else can
    stand there.

    Parameters
    ----------
    verb
        Form of the cue, whatever the tagger took it for.
    cue
        What is known of it.
    """
    text = text_of(verb.doc)
    rest = _REST.match(text, verb.idx + len(verb), _clause_end(text, verb.idx, verb.sent.end_char))
    source = _find_source(verb)
    if rest is None or source is None:
        return None
    if not (cue.kind in DISPUTED or rest["that"] or "at" in cue.frames):
        return None
    content = trim(text, *rest.span("what"))
    target = None
    if cue.frames & {"of", "for", "at"}:
        links = r"\sat\s(?=\D{0,40}\d)" if "at" in cue.frames else r"\s(?:of|for|on)\s"
        link = re.search(links, text[slice(*content)])
        if link is None and "at" in cue.frames:
            return None
        target = content[0], content[0] + link.start() if link else content[1]
    elif "object" not in cue.frames and not rest["that"]:
        return None
    if content[1] - content[0] < 3:
        return None
    return Plain("clause" if rest["that"] else "object", source, content, target)


def reach_clause(verb: Token, content: Range) -> Range:
    """Stretch what is denied over the clause that tells it: "reports *that homes were used*".

    Parameters
    ----------
    verb
        The cue.
    content
        What the parser put under it.
    """
    text, end = text_of(verb.doc), verb.sent.end_char
    if content[0] < verb.idx or not _TELLS.match(text, content[1], end):
        return content
    return trim(text, content[0], _clause_end(text, content[1], end))


def find_quoted(verb: Token) -> Range | None:
    """Find who speaks in "quoted the mayor as saying": whom the quoting names, and not who quotes.

    Parameters
    ----------
    verb
        The cue, "saying", "warning" and the like.
    """
    if verb.i == verb.sent.start or verb.doc[verb.i - 1].lower_ != "as" or not verb.lower_.endswith("ing"):
        return None
    found = _QUOTED.search(text_of(verb.doc), verb.sent.start_char, verb.idx)
    return found.span("who") if found else None


def _find_source(verb: Token) -> Range | None:
    """Find the noun phrase right before a cue, back to where its clause opens."""
    doc, at = verb.doc, verb.i - 1
    while at > verb.sent.start and (doc[at].tag_ == "RB" or doc[at].lower_ in ("has", "have", "had")):
        at -= 1
    start = at + 1
    while start > verb.sent.start and not _opens_clause(doc[start - 1]):
        start -= 1
    words = doc[start : at + 1]
    if not 1 <= len(words) <= _LONGEST_SOURCE:
        return None
    if words[0].tag_ in ("IN", "TO", "CC", "WRB", "WDT", "WP", "MD"):
        return None
    if words[-1].tag_ not in ("NN", "NNS", "NNP", "NNPS", "PRP", "CD"):
        return None
    if any(word.tag_ in ("VBD", "VBZ", "VBP", "MD", "VB") for word in words):
        return None
    return trim(text_of(doc), words[0].idx, words[-1].idx + len(words[-1]))


def _opens_clause(token: Token) -> bool:
    return token.is_space or token.text in _STOPS or token.lower_ in _OPENERS


def _clause_end(text: str, start: int, end: int) -> int:
    found = _NEXT_CLAUSE.search(text, start, end)
    return found.start() if found else end
