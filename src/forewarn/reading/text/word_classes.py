"""Classes of words that tell what a number counts and what befalls it: `data/reading/word_classes.csv`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from types import MappingProxyType
from typing import NamedTuple

from forewarn.reading.text.lexicon import inflect, read_rows

_WORD = re.compile(r"[^\W\d_][\w'’-]*|\d[\d.,]*\d|\d|[.,;:()\"“”!?–—•%+-]")  # noqa: RUF001
_POSSESSIVE = re.compile(r"['’]s?$")


class Word(NamedTuple):
    """A word or sign of a sentence: its characters, its lower-cased form and its classes."""

    start: int
    end: int
    form: str
    classes: tuple[str, ...]


@cache
def load_classes() -> Mapping[str, tuple[str, ...]]:
    """Load the classes of every listed form, in lower case."""
    classes: dict[str, dict[str, None]] = {}
    for row in read_rows("word_classes.csv"):
        for word in row["words"].split():
            for form in _forms(word, row["forms"]):
                classes.setdefault(form, {})[row["class"]] = None
    return MappingProxyType({form: tuple(names) for form, names in classes.items()})


def _forms(word: str, kind: str) -> set[str]:
    """Make the regular forms of a listed word.

    Examples
    --------
    >>> sorted(_forms("family", "noun")), sorted(_forms("flee", "verb"))
    (['families', 'family'], ['flee', 'fleed', 'fleeing', 'flees'])
    """
    if kind == "word":
        return {word}
    if kind == "verb":
        return _verb_forms(word)
    if word.endswith("y") and word[-2] not in "aeiou":
        return {word, f"{word[:-1]}ies"}
    if word.endswith("man"):
        return {word, f"{word[:-3]}men"}
    return {word, f"{word}es" if word.endswith(("s", "sh", "ch", "x")) else f"{word}s"}


def _verb_forms(word: str) -> set[str]:
    if word.endswith("ee"):
        return {word, f"{word}s", f"{word}d", f"{word}ing"}
    forms = inflect(word)
    if word.endswith("y") and word[-2] not in "aeiou":
        forms |= {f"{word[:-1]}ied", f"{word[:-1]}ies"}
    if re.search(r"[^aeiou][aiou][bdglmnprt]$", word):  # "strand" keeps one d, "trap" takes two p
        forms |= {f"{word}{word[-1]}ed", f"{word}{word[-1]}ing"}
    return forms


def words_of(text: str, start: int, end: int) -> Iterator[Word]:
    """Cut a stretch of text into words and signs, with their classes.

    Parameters
    ----------
    text
        Repaired text.
    start, end
        The stretch.

    Examples
    --------
    >>> [(word.form, word.classes) for word in words_of("Refugees fled.", 0, 14)]
    [('refugees', ('displaced-noun',)), ('fled', ('leave',)), ('.', ())]
    """
    classes = load_classes()
    for found in _WORD.finditer(text, start, end):
        form = _POSSESSIVE.sub("", found[0].lower()) or found[0]
        yield Word(found.start(), found.end(), form, classes.get(form, ()))
