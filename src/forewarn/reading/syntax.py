"""Tags and dependencies of a document: a small parser trained on GUM, run on the sentences that are given.

Weights in `data/reading/syntax`, made by `tools/train_reading_syntax.py`. On the dev documents of GUM, which
it was not trained on: tags 94.7, heads 82.2, heads with relations 77.2 per cent right. Relations are those
of Universal Dependencies 2.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from forewarn.errors import ForewarnError, Problem

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

WEIGHTS = Path(__file__).resolve().parents[1] / "data" / "reading" / "syntax"


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


def parse(doc: Doc, parser: Language | None = None) -> Doc:
    """Make a copy of a document with tags and dependencies; its sentences stay as they are.

    Parameters
    ----------
    doc
        Tokens, with sentence starts set.
    parser
        Another tagger and parser; the shipped one if none is given.

    Returns
    -------
    Doc
        The same tokens, `token.i` for `token.i`.
    """
    from spacy.tokens import Doc as NewDoc

    parser = parser or load_parser()
    copy = NewDoc(
        parser.vocab,
        words=[token.text for token in doc],
        spaces=[bool(token.whitespace_) for token in doc],
        sent_starts=[token.i == 0 or bool(token.is_sent_start) for token in doc],
    )
    copy.user_data["text"] = doc.text
    for _, component in parser.pipeline:
        copy = component(copy)
    return copy
