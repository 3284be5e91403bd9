"""The one spaCy pipeline: blank English, its tokenizer, and rules for where sentences start."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from forewarn.reading.text.lexicon import saying

if TYPE_CHECKING:
    from collections.abc import Iterator

    from spacy.language import Language
    from spacy.tokens import Doc

# Words whose full stop ends no sentence, when a name or number follows.
_ABBREVIATIONS = frozenset(
    [
        "mr",
        "mrs",
        "ms",
        "dr",
        "prof",
        "gen",
        "lt",
        "col",
        "maj",
        "capt",
        "sgt",
        "cpl",
        "adm",
        "brig",
        "cmdr",
        "cmdt",
        "pte",
        "pvt",
        "insp",
        "supt",
        "amb",
        "sec",
        "mme",
        "mlle",
        "messrs",
        "gov",
        "sen",
        "rep",
        "hon",
        "pres",
        "st",
        "ste",
        "mt",
        "ft",
        "rev",
        "fr",
        "sr",
        "jr",
        "no",
        "nos",
        "art",
        "fig",
        "figs",
        "vol",
        "pp",
        "ch",
        "para",
        "paras",
        "vs",
        "cf",
        "al",
        "approx",
        "est",
        "dept",
        "min",
        "jan",
        "feb",
        "mar",
        "apr",
        "jun",
        "jul",
        "aug",
        "sep",
        "sept",
        "oct",
        "nov",
        "dec",
        "mon",
        "tue",
        "tues",
        "wed",
        "thu",
        "thurs",
        "fri",
        "sat",
        "sun",
    ]
)
# Abbreviations that often end a sentence too: only a lower-case word after them keeps it going.
_END = re.compile(r"[.!?…]+[\"'”’»)\]]*(?=\s)|[。！？؟]+")
_NEXT = re.compile(r"[\"'“‘«(\[•*–—-]*\s*(?P<first>\S)")
_LINE_BREAK = re.compile(r"[ \t]*\n[ \t]*(?P<blank>(?:\n[ \t]*)*)")
_BULLET = re.compile(r"(?:[•●▪◦‣·*–—-]|\(?\d{1,2}[.)]|[a-z]\))\s")
_SAYING = re.compile(rf"(?:[A-Z][\w.'’-]*\s+){{1,5}}(?:{saying('after-a-quotation')})\b")
_LONE_QUOTE = re.compile(r"[ ]*[\"”][ ]*(?:\n|$)")
# A line that ends so goes on.
_HANGING = re.compile(
    r"\b(?:some|about|around|of|the|a|an|in|to|and|or|at|by|for|from|with|than|nearly|over|up|least|most|was|were|is|"
    r"are|have|has|had|been|that|which|as|its|their|his|her|on),?$",
    re.IGNORECASE,
)
# Tokens: no prose has longer sentences, lists without full stops do; work grows with the square (assumption).
LONGEST_SENTENCE = 300
_SHORT_LINE = 60  # characters: a line without a full stop that is shorter is a heading (assumption)


@cache
def build_pipeline() -> Language:
    """Build the pipeline: tokens and sentences of English; nothing is downloaded.

    The sentences respect abbreviations, initials, decimals, headings, list items and quotes: a closing quote
    stays with its sentence, and ``"Stop!" he said`` is one. Sentences inside a long quote are split, and what
    goes on for `LONGEST_SENTENCE` tokens without an end.

    Returns
    -------
    Language
        Cached; call it on `Document.text`.

    Examples
    --------
    >>> [s.text for s in build_pipeline()("Gen. Ali left. He said so.").sents]
    ['Gen. Ali left.', 'He said so.']
    """
    import spacy
    from spacy.language import Language

    if not Language.has_factory("forewarn_sentences"):
        Language.component("forewarn_sentences", func=mark_sentences)
    pipeline = spacy.blank("en")
    # Rules alone need no more memory for longer text; reading/documents/document.py bounds what comes in.
    pipeline.max_length = 10**9
    pipeline.add_pipe("forewarn_sentences")
    return pipeline


def mark_sentences(doc: Doc) -> Doc:
    """Set where sentences start.

    Parameters
    ----------
    doc
        Tokens of a text.
    """
    from spacy.tokens import Doc

    starts = sorted(set(sentence_starts(doc.text)))
    begins: list[bool] = []
    at = length = 0
    for token in doc:
        pending = at < len(starts) and starts[at] < token.idx + len(token)
        # White space that follows a break must not be a sentence of its own.
        opens = pending and not token.is_space
        while opens and at < len(starts) and starts[at] < token.idx + len(token):
            at += 1
        opens = opens or length == LONGEST_SENTENCE and not token.is_space
        length = 1 if opens or not begins else min(length + 1, LONGEST_SENTENCE)
        begins.append(opens or not begins)
    # Token by token, spaCy would look through the whole text every time.
    return Doc(
        doc.vocab,
        words=[token.text for token in doc],
        spaces=[bool(token.whitespace_) for token in doc],
        sent_starts=begins,  # type: ignore[arg-type]
    )


def sentence_starts(text: str) -> Iterator[int]:
    """Yield the characters at which a sentence, a heading or an item of a list starts.

    Parameters
    ----------
    text
        Repaired text.
    """
    yield 0
    for found in _END.finditer(text):
        after = _NEXT.match(text, _skip_space(text, found.end()))
        if after and not _LONE_QUOTE.match(text, found.end()) and _ends(text, found, after):
            yield _skip_space(text, found.end())
    for found in _LINE_BREAK.finditer(text):
        if found["blank"] or _breaks_line(text, found):
            yield found.end()


def sentence_bounds(text: str) -> tuple[tuple[int, int], ...]:
    """Give the first and the one past the last character of each sentence, heading and item of a list.

    Parameters
    ----------
    text
        Repaired text.

    Examples
    --------
    >>> text = "The U.N. says 1.5 million fled. Gen. Ali denied it."
    >>> [text[slice(*bounds)] for bounds in sentence_bounds(text)]
    ['The U.N. says 1.5 million fled.', 'Gen. Ali denied it.']
    """
    starts = sorted(set(sentence_starts(text)))
    stretches = zip(starts, [*starts[1:], len(text)], strict=True)
    bounds = ((_skip_space(text, start), start + len(text[start:end].rstrip())) for start, end in stretches)
    return tuple((start, end) for start, end in bounds if start < end)


def _skip_space(text: str, at: int) -> int:
    while at < len(text) and text[at].isspace():
        at += 1
    return at


def _ends(text: str, end: re.Match[str], after: re.Match[str]) -> bool:
    first = after["first"]
    if first.islower():
        return False
    mark = end[0]
    if mark.endswith(('"', "”", "'", "’", "»")) and mark[0] in "?!":
        return _SAYING.match(text, _skip_space(text, end.end())) is None
    if not mark.startswith(".") or mark.startswith(".."):
        return True
    word = re.search(r"[\w.&-]*$", text[max(0, end.start() - 20) : end.start()])
    before = word[0] if word else ""
    if before.lower().rpartition("-")[2] in _ABBREVIATIONS:
        return before.lower() in {"no", "min", "art", "sun", "sat", "mar", "may"} and not first.isdigit()
    is_initial = len(before) == 1 and before.isupper()
    return not is_initial and not re.fullmatch(r"(?:[A-Za-z]\.)+[A-Za-z]", before) or _new_topic(after)


def _new_topic(after: re.Match[str]) -> bool:
    """Whether "U.S." or "p.m." is followed by a word that begins a sentence and no name."""
    word = re.match(r"[A-Za-z]+", after.string[after.start("first") : after.start("first") + 20])
    return bool(word) and word[0] in {  # type: ignore[index]
        *("The", "A", "An", "It", "He", "She", "They", "We", "In", "On", "At", "But", "And", "This", "That"),
        *("These", "Those", "There", "However", "Some", "More", "About", "According", "As", "If", "While"),
    }


def _breaks_line(text: str, found: re.Match[str]) -> bool:
    start = text.rfind("\n", 0, found.start()) + 1
    line = text[start : found.start()].rstrip()
    rest = text[found.end() : found.end() + 40]
    if not line or not rest:
        return True
    if re.fullmatch(r"[\d.,\s]+", line) or _HANGING.search(line):
        return False
    if _BULLET.match(rest) or line.endswith((".", "!", "?", ":", "”", '"', "»")):
        return not rest[0].islower()
    return len(line) < _SHORT_LINE and (rest[0].isupper() or rest[0].isdigit() or rest[0] in "\"'“‘(")
