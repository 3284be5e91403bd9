"""Tags and dependencies of a document: a small parser trained on GUM, run on the sentences that are given.

Weights in `data/reading/syntax`, made by `tools/train_reading_syntax.py`. On the dev documents of GUM, which
it was not trained on: tags 94.7, heads 81.1, heads with relations 76.4 per cent right. Relations are those
of Universal Dependencies 2.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from forewarn.errors import ForewarnError, Problem

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

WEIGHTS = Path(__file__).resolve().parents[2] / "data" / "reading" / "syntax"


@cache
def load_parser(folder: Path = WEIGHTS) -> Language:
    """Load the tagger and parser.

    Parameters
    ----------
    folder
        Where the trained pipeline lies.

    Raises
    ------
    ForewarnError
        If the weights are missing.
    """
    import spacy

    if not (folder / "config.cfg").exists():
        problem = Problem(
            str(folder), "the weights of the parser are missing", "", "install Forewarn anew, or train them"
        )
        raise ForewarnError([problem])
    return spacy.load(folder)


def parse(
    doc: Doc, parser: Language | None = None, *, needed: Callable[[Sequence[str]], bool] | None = None
) -> Doc:
    """Make a copy of a document with tags and dependencies; its sentences stay as they are.

    Parameters
    ----------
    doc
        Tokens, with sentence starts set.
    parser
        Another tagger and parser; the shipped one if none is given.
    needed
        Tells by the lower-cased words of a sentence whether it is to be parsed; all are if not given. In
        others, tokens have no tag and hang on the first.

    Returns
    -------
    Doc
        The same tokens, `token.i` for `token.i`.
    """
    parser = parser or load_parser()
    words, spaces, lows, starts = [], [], [], []
    for token in doc:
        words.append(token.text)
        spaces.append(bool(token.whitespace_))
        lows.append(token.lower_)
        if token.i == 0 or token.is_sent_start:
            starts.append(token.i)
    ranges = list(pairwise([*starts, len(words)]))
    wanted = ranges if needed is None else [(a, b) for a, b in ranges if needed(lows[a:b])]
    read = _run(parser, words, spaces, wanted)
    parsed = read if len(wanted) == len(ranges) else _spread(read, words, spaces, ranges, wanted)
    parsed.user_data["text"] = doc.user_data["text"] = doc.text
    parsed.user_data["plain"] = doc
    return parsed


Range = tuple[int, int]


def _run(parser: Language, words: list[str], spaces: list[bool], ranges: Sequence[Range]) -> Doc:
    """Parse the sentences of these ranges alone, as one document."""
    from spacy.tokens import Doc

    chosen = [at for first, end in ranges for at in range(first, end)]
    begins = {first for first, _ in ranges}
    copy = Doc(
        parser.vocab,
        words=[words[at] for at in chosen],
        spaces=[spaces[at] for at in chosen],
        sent_starts=[at in begins for at in chosen],
    )
    if chosen:
        for _, component in parser.pipeline:
            copy = component(copy)
    return copy


def _spread(
    read: Doc, words: list[str], spaces: list[bool], ranges: Sequence[Range], wanted: Sequence[Range]
) -> Doc:
    """Make the whole document of parsed sentences and of those that were not."""
    from spacy.tokens import Doc

    tags, relations = [""] * len(words), [""] * len(words)
    heads = [first for first, end in ranges for _ in range(first, end)]
    for first, _ in ranges:
        relations[first] = "ROOT"
    at = 0
    for first, end in wanted:
        shift = first - at
        for here in range(first, end):
            token = read[at]
            tags[here], relations[here], heads[here] = token.tag_, token.dep_, token.head.i + shift
            at += 1
    return Doc(read.vocab, words=words, spaces=spaces, tags=tags, heads=heads, deps=relations)
