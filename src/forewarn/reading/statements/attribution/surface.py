"""What commas, word order and quotation marks say about attribution, where a small parser goes astray."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from forewarn.reading.statements.attribution.phrases import Range, is_passive, text_of, trim
from forewarn.reading.text.lexicon import load_verbs

if TYPE_CHECKING:
    from spacy.tokens import Span, Token

_FINITE = ("VBD", "VBZ", "VBP", "VBN")
# What may stand between a cue and the word that opens its content: when, where, to whom, how.
_BETWEEN = re.compile(
    r"\s*(?:,?\s*without (?:\w+ ){0,2}\w+,|(?:on|in|at|during)\s+(?:\w+ ){0,3}?[A-Z]\w+|"
    r"(?:earlier|later|late|early|last|this|also|again|repeatedly|today|yesterday)(?: (?:on|in|this|last))?"
    r"(?: (?:week|month|year|[A-Z]\w+day))?|[a-z]+ly|to (?:[\w']+ ){1,3}?)(?=\s|,)"
)
_LONGEST_SOURCE = 14  # words (assumption)


def widen(verb: Token, content: Range | None) -> Range | None:
    """Stretch a clause from right behind its cue to the end of its sentence, or to the next telling.

    Parameters
    ----------
    verb
        The cue.
    content
        What the parser put under it, or nothing.
    """
    text, sentence = text_of(verb.doc), verb.sent
    if content is not None and content[0] < verb.idx:
        return content
    begin = verb.idx + len(verb)
    while found := _BETWEEN.match(text, begin, sentence.end_char):
        begin = found.end()
    aside = re.match(r",\s[^,]{0,60},\s+(?=that\b)", text[verb.idx + len(verb) : sentence.end_char])
    if aside:
        return trim(text, begin := verb.idx + len(verb) + aside.end(), _ending(verb, sentence, begin))
    opened = _opening(verb, sentence, begin)
    if opened is None and content is None:
        return None
    start = opened if opened is not None else content[0] if content else begin
    if content is not None and opened is None and content[0] - begin < 4:
        start = begin
    end = _ending(verb, sentence, start)
    if content is not None:
        end = max(end, min(content[1], sentence.end_char)) if end < content[1] and end <= start else end
    return trim(text, start, end) if end - start > 2 else content


def _opening(verb: Token, sentence: Span, begin: int) -> int | None:
    """Where the content opens: at "that" within some words, or right behind the cue at a clause."""
    tail = [token for token in verb.doc[verb.i + 1 : sentence.end] if token.idx >= begin]
    for token in verb.doc[verb.i + 1 : min(verb.i + 9, sentence.end)]:
        if token.lower_ == "that" and token.tag_ in ("IN", "WDT", "DT"):
            return token.idx
        if token.tag_ in ("VBD", "VBZ", "VBP", "MD", "VB"):
            break
    if tail and tail[0].tag_ in ("DT", "PRP", "PRP$", "NNP", "NNPS", "NNS", "NN", "EX", "JJ", "CD"):
        for token in tail[:14]:
            if token.tag_ in ("VBD", "VBZ", "VBP", "MD"):
                return tail[0].idx
            if token.text in (";", ":", "“", '"'):
                break
    return None


def _ending(verb: Token, sentence: Span, start: int) -> int:
    """End of a content: before "…, according to", "…, he said", "…, warning that" and "and X said"."""
    doc, verbs = verb.doc, load_verbs()
    for token in doc[verb.i + 1 : sentence.end]:
        if token.idx <= start or token.text not in (",", "and", "but", ";"):
            continue
        ahead = doc[token.i + 1 : min(token.i + 9, sentence.end)]
        if len(ahead) and ahead[0].lower_ in ("according", "without"):
            return token.idx
        if len(ahead) and ahead[0].lower_ in verbs and ahead[0].tag_ in ("VBG", "VBD", "VBZ"):
            return token.idx
        for word in ahead:
            if word.tag_ in ("VBD", "VBZ", "VBP", "MD"):
                if word.lower_ in verbs and verbs[word.lower_].group == "speech":
                    return token.idx
                break
    return sentence.end_char


def is_verb_after_all(token: Token) -> bool:
    """Whether a form in -s that was taken for a noun is a verb: "the UN warns of", "Kenya fears that"."""
    doc = token.doc
    if (
        not token.tag_.startswith("NN")
        or not token.lower_.endswith("s")
        or token.i + 1 >= len(doc)
        or not token.i
    ):
        return False
    before, after = doc[token.i - 1], doc[token.i + 1].lower_
    subject = before.text == "," or before.tag_.startswith(("NNP", "PRP", "RB")) and before.tag_ != "PRP$"
    return subject and (after in ("that", "against") or after == "of" and token.lower_ == "warns")


def find_rest(verb: Token) -> Range | None:
    """Find what follows an active verb up to the end of its clause: "denied shelling the camp"."""
    doc, sentence = verb.doc, verb.sent
    following = doc[verb.i + 1] if verb.i + 1 < sentence.end else None
    if following is None or verb.tag_ not in _FINITE or is_passive(verb) or not following.is_alpha:
        return None
    if following.tag_ in ("IN", "TO", "CC", "RB"):
        return None
    return trim(text_of(doc), following.idx, _ending(verb, sentence, verb.idx + len(verb)))


def find_infinitive(verb: Token) -> tuple[Range, Range | None] | None:
    """Find what is asked for, and of whom: "urged both sides to let convoys pass".

    Parameters
    ----------
    verb
        A cue that takes an infinitive.
    """
    doc, sentence = verb.doc, verb.sent
    for token in doc[verb.i + 1 : min(verb.i + 9, sentence.end - 1)]:
        if token.text in (",", ";", ":", ".") or token.tag_ in ("VBD", "VBZ", "VBP", "MD"):
            return None
        if token.lower_ == "to" and (doc[token.i + 1].tag_ == "VB" or token.tag_ == "TO"):
            whom = trim(text_of(doc), doc[verb.i + 1].idx, token.idx) if token.i > verb.i + 1 else None
            return trim(text_of(doc), token.idx, _ending(verb, sentence, token.idx)), whom
    return None


def stretch(verb: Token, content: Range) -> Range:
    """Stretch a phrase over the prepositions and infinitives that follow it, as far as the clause goes.

    Parameters
    ----------
    verb
        The cue.
    content
        Phrase that the parser put under it.
    """
    doc, sentence = verb.doc, verb.sent
    following = next((token for token in doc[verb.i : sentence.end] if token.idx >= content[1]), None)
    if following is None or content[0] < verb.idx or following.tag_ not in ("IN", "TO"):
        return content
    clause = (
        "that",
        "because",
        "while",
        "after",
        "before",
        "as",
        "if",
        "since",
        "when",
        "although",
        "though",
    )
    if following.lower_ in clause:
        return content
    return trim(text_of(doc), content[0], _ending(verb, sentence, content[1] - 1))
