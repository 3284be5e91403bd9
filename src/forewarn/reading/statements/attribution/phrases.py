"""Phrases of a parsed sentence as ranges of characters: sources, clauses, objects, addressees."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from forewarn.reading.text.lexicon import saying_words

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

    from forewarn.reading.text.quotations import Quote

Range = tuple[int, int]
# Verbs that only carry a noun: "made an appeal", "issued a warning".
LIGHT_VERBS = frozenset(
    [
        "make",
        "makes",
        "made",
        "making",
        "issue",
        "issues",
        "issued",
        "issuing",
        "voice",
        "voices",
        "voiced",
        "voicing",
        "express",
        "expresses",
        "expressed",
        "expressing",
        "raise",
        "raises",
        "raised",
        "raising",
        "give",
        "gives",
        "gave",
        "given",
        "giving",
        "repeat",
        "repeats",
        "repeated",
        "launch",
        "launched",
        "deliver",
        "delivered",
        "have",
        "has",
        "had",
        "release",
        "released",
    ]
)
_NEGATIONS = frozenset(["not", "n't", "n’t", "never", "neither", "nor"])  # noqa: RUF001
_EDGES = ' \t\n,;:–—-."“”'  # noqa: RUF001
_RELATIVES = frozenset(["who", "which", "that", "whom", "whose"])
_CLAUSES = ("acl:relcl", "acl", "advcl", "parataxis", "ccomp", "conj")


def text_of(doc: Doc) -> str:
    """Text of a parsed document; spaCy puts `doc.text` together anew each time."""
    text = doc.user_data.get("text")
    return text if isinstance(text, str) else doc.text


def reach(token: Token) -> Range:
    """Characters from the first to the last word under a token."""
    last = token.right_edge
    return token.left_edge.idx, last.idx + len(last)


def trim(text: str, start: int, end: int) -> Range:
    """Cut blanks, quotation marks and outer punctuation off."""
    while start < end and text[start] in _EDGES:
        start += 1
    while end > start and text[end - 1] in _EDGES:
        end -= 1
    return start, end


def has_child(token: Token, relation: str, word: str) -> bool:
    """Whether a child has this relation and this form."""
    return any(child.dep_ == relation and child.lower_ == word for child in token.children)


def same_sentence(token: Token, quote: Quote) -> bool:
    """Whether a quote overlaps the sentence of a token, or ends right before it."""
    sentence = token.sent
    start, end = sentence.start_char, sentence.end_char
    return quote.outer_start < end and start < quote.outer_end + 1


def stands_alone(text: str, quote: Quote) -> bool:
    """Whether a quote starts its paragraph or sentence and ends with it."""
    before = text[: quote.outer_start].rstrip(" ")[-1:]
    after = text[quote.outer_end :].lstrip(" ")[:1]
    ended = text[quote.end - 1 : quote.end] in ".?!…" or after in ("", "\n", ".")
    return (before in ("", "\n", ".", "?", "!", "”", '"')) and ended


def subject_of(verb: Token) -> Token | None:
    """Find the subject of a verb, its own or that of the verb it hangs on."""
    current = verb
    for _ in range(4):
        for child in current.children:
            if child.dep_.startswith("nsubj"):
                return _antecedent(child, current)
        if current.dep_ in ("acl:relcl", "acl") and current.head.tag_.startswith(("NN", "PRP", "DT")):
            return current.head
        if current.dep_ not in ("conj", "xcomp", "advcl", "parataxis") or current.head.i == current.i:
            return None
        current = current.head
    return None


def _antecedent(subject: Token, verb: Token) -> Token:
    if subject.lower_ in _RELATIVES and verb.dep_ == "acl:relcl":
        return verb.head
    return subject


def subject_range(verb: Token) -> Range | None:
    """Range of the subject."""
    subject = subject_of(verb)
    return noun_range(subject) if subject is not None else None


def source_of(verb: Token) -> Range | None:
    """Range of who says: the subject, or who follows "by" in the passive."""
    if not is_passive(verb):
        return subject_range(verb)
    for child in verb.children:
        if child.dep_ in ("obl:agent", "obl") and has_child(child, "case", "by"):
            return noun_range(child)
    return None


def owner_of(noun: Token) -> Range | None:
    """Range of whose word it is: "X's denial", "warnings by the UN", "their fears"."""
    for child in noun.children:
        if child.dep_ == "nmod:poss" or child.tag_ == "PRP$":
            return noun_range(child)
    for child in noun.children:
        if child.dep_.startswith(("nmod", "obl")) and any(
            has_child(child, "case", w) for w in ("by", "from")
        ):
            return noun_range(child)
    return None


def noun_range(noun: Token, first: int | None = None) -> Range:
    """Range of a noun phrase, with a title or name beside it, without relative clauses and remarks.

    Parameters
    ----------
    noun
        Its head.
    first
        Token that it starts at, where a preposition would else be part of it.
    """
    begin, end = noun.i, noun.i
    for child in noun.children:
        if child.dep_ in ("case", "punct", "cc", "mark") or child.dep_ in _CLAUSES[:-1]:
            continue
        if child.i > noun.i and _after_comma(child) and not _short_name(child):
            continue
        begin, end = min(begin, child.left_edge.i), max(end, _last_before_clause(child))
    if first is not None:
        begin = max(begin, first)
    doc = noun.doc
    start, stop = doc[begin].idx, doc[end].idx + len(doc[end])
    if doc[end].lower_ in ("'s", "’s", "'", "’"):  # noqa: RUF001
        stop = doc[end - 1].idx + len(doc[end - 1])
    return trim(text_of(doc), start, stop)


def _after_comma(child: Token) -> bool:
    return child.doc[child.left_edge.i - 1].text in (",", "(", "–", "—") or child.left_edge.text == ","


def _short_name(child: Token) -> bool:
    """Whether an office's holder follows, or a description: "the source, an official of …"."""
    return child.dep_ in ("appos", "flat", "list") and (
        child.tag_.startswith("NNP") or child.left_edge.lower_ in ("an", "a")
    )


def _last_before_clause(token: Token) -> int:
    last = token.i
    for child in token.children:
        if child.dep_ in ("acl:relcl", "parataxis", "punct") and _after_comma(child):
            continue
        last = max(last, child.right_edge.i)
    return last


def object_range(verb: Token) -> Range | None:
    """Range of the object."""
    for child in verb.children:
        if child.dep_ in ("obj", "iobj"):
            return noun_range(child)
    return None


def head_noun_range(noun: Token) -> Range:
    """Range of a noun and what stands before it."""
    return trim(text_of(noun.doc), noun.left_edge.idx, noun.idx + len(noun))


def addressee_of(token: Token) -> Range | None:
    """Range of to whom: "told reporters", "appeal to the government", "urged all sides"."""
    for child in token.children:
        if child.dep_ == "iobj":
            return noun_range(child)
        if child.dep_ in ("obl", "nmod") and child.i > token.i and has_child(child, "case", "to"):
            return trim(text_of(token.doc), *_without_case(child))
    if token.lower_ in saying_words("to-whom"):
        return object_range(token)
    return None


def _without_case(noun: Token) -> Range:
    start, end = noun_range(noun)
    cases = [c for c in noun.children if c.dep_ == "case" and c.i < noun.i]
    after = max((c.idx + len(c) for c in cases), default=start)
    return max(start, after), end


def is_passive(verb: Token) -> bool:
    """Whether a verb is in the passive."""
    if verb.tag_ not in ("VBN", "VBD"):
        return False
    if any(child.dep_ in ("aux:pass", "nsubj:pass") for child in verb.children):
        return True
    return verb.dep_ == "acl" and any(
        has_child(c, "case", "by") for c in verb.children if c.dep_.startswith("obl")
    )


def is_negated(verb: Token) -> bool:
    """Whether a verb is negated by its own words."""
    return any(child.lower_ in _NEGATIONS and child.i < verb.i for child in verb.children)


def host_of(verb: Token) -> Token | None:
    """Find the clause that "…, he said" is put into or after: its governor, if the verb is a remark in it."""
    if verb.dep_ == "parataxis" and verb.head.i != verb.i:
        return verb.head
    for child in verb.children:
        if child.dep_ == "parataxis":
            return child
    return None


def without(text: str, content: Range, holes: Iterable[Range]) -> tuple[Range, ...]:
    """Cut holes out of a content: the cue with its source, a remark put into it.

    Parameters
    ----------
    text
        Text of the document.
    content
        Range of what is governed.
    holes
        Ranges that are no part of it.

    Returns
    -------
    tuple of Range
        What is left, trimmed; pieces without a letter or figure are dropped.

    Examples
    --------
    >>> without("Help, she said, is near.", (0, 24), [(6, 14)])
    ((0, 4), (16, 23))
    """
    pieces = [content]
    for start, end in holes:
        pieces = [
            piece
            for a, b in pieces
            for piece in ((a, min(b, start)), (max(a, end), b))
            if start < b and a < end and piece[0] < piece[1]
        ] + [(a, b) for a, b in pieces if not (start < b and a < end)]
    trimmed = [trim(text, *piece) for piece in sorted(pieces)]
    return tuple(piece for piece in trimmed if any(sign.isalnum() for sign in text[slice(*piece)]))


def inside(piece: Range | None, holders: Iterable[Range]) -> bool:
    """Whether a range lies in one of others."""
    return piece is not None and any(start <= piece[0] and piece[1] <= end for start, end in holders)
