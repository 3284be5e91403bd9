"""Coarse classes of words: by their tag where a tagger has run, else by their form and by short lists.

The lists hold closed classes alone, and what is beside them is told by its ending, so that a sentence that
was never parsed can still be read by the order of its words.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

from forewarn.reading.text.lexicon import load_verbs, word_set

if TYPE_CHECKING:
    from spacy.tokens import Token

WordClass = Literal[
    "finite", "helper", "noun", "pronoun", "determiner", "adjective", "number", "preposition", "conjunction",
    "relative", "question", "adverb", "participle", "gerund", "base", "to", "mark", "other",
]  # fmt: skip

_HELPERS = word_set(
    "has have had is are was were be been being am do does did will would can could may might "
    "must shall should 's 've 'd 'll"
)
_PRONOUNS = word_set("he she they it we i you him her them us me who himself herself themselves itself")
_DETERMINERS = word_set(
    "the a an this that these those his her their its our my your some any no each every both "
    "all another other several many few most"
)
_PREPOSITIONS = word_set(
    "of in on at by for from with to about after before against over under near between among "
    "during through since until within without into towards toward across around outside inside "
    "along despite amid beyond behind like as upon per than via"
)
_CONJUNCTIONS = word_set("and but or nor yet so while whereas although though because if when")
_QUESTIONS = word_set("what where when why how whether")
_RELATIVES = frozenset(["who", "which", "whom", "whose"])
_ADVERBS = word_set(
    "not never also again later earlier then now still already yet however meanwhile too only "
    "just even yesterday today tonight twice once soon here there n't repeatedly"
)
_TAGS: dict[str, WordClass] = {
    "VBD": "finite", "VBZ": "finite", "VBP": "finite", "MD": "helper", "VBN": "participle", "VBG": "gerund",
    "VB": "base", "NN": "noun", "NNS": "noun", "NNP": "noun", "NNPS": "noun", "FW": "noun", "PRP": "pronoun",
    "DT": "determiner", "PDT": "determiner", "PRP$": "determiner", "EX": "pronoun", "JJ": "adjective",
    "JJR": "adjective", "JJS": "adjective", "CD": "number", "IN": "preposition", "TO": "to",
    "CC": "conjunction", "WP": "relative", "WDT": "relative", "WP$": "relative", "WRB": "question",
    "RB": "adverb", "RBR": "adverb", "RBS": "adverb", "RP": "adverb", "POS": "other",
}  # fmt: skip
_CLOSED: dict[str, WordClass] = {
    **dict.fromkeys(_PREPOSITIONS, "preposition"),
    **dict.fromkeys(_DETERMINERS, "determiner"),
    **dict.fromkeys(_PRONOUNS, "pronoun"),
    **dict.fromkeys(_CONJUNCTIONS, "conjunction"),
    **dict.fromkeys(_QUESTIONS, "question"),
    **dict.fromkeys(_RELATIVES, "relative"),
    **dict.fromkeys(_ADVERBS, "adverb"),
    **dict.fromkeys(_HELPERS, "helper"),
    "to": "to",
}
_NUMBER = re.compile(r"\d[\d.,]*\d|\d")


def class_of(token: Token) -> WordClass:
    """Tell the class of a word.

    Parameters
    ----------
    token
        With or without a tag.

    Examples
    --------
    >>> import spacy
    >>> [class_of(word) for word in spacy.blank("en")("The mayor said that nobody had escaped")]
    ['determiner', 'noun', 'finite', 'determiner', 'noun', 'helper', 'participle']
    """
    word = token.lower_
    if not any(sign.isalnum() for sign in word):
        return "mark"
    if word in ("having", "being"):
        return "gerund"
    if word in _HELPERS and word != "'s":
        return "helper"
    if token.tag_:
        return _TAGS.get(token.tag_, "other")
    return _CLOSED.get(word) or _by_form(token)


def _by_form(token: Token) -> WordClass:
    word = token.lower_
    if _NUMBER.fullmatch(word):
        return "number"
    if word in ("'s", "’s"):  # noqa: RUF001
        return "other"
    if token.text[0].isupper() and not token.is_sent_start:
        return "noun"
    if word in load_verbs():
        return "gerund" if word.endswith("ing") else "finite"
    if word.endswith("ing"):
        return "gerund"
    if word.endswith("ed") and len(word) > 4:
        after = token.doc[token.i + 1].lower_ if token.i + 1 < len(token.doc) else ""
        before = token.doc[token.i - 1].lower_ if token.i else ""
        return "participle" if before in _HELPERS or after in ("by", "in", "from", "near") else "finite"
    return "adverb" if word.endswith("ly") else "noun"
