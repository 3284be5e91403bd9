"""Words that a PDF has joined: "statedthat", "thelast", "families,and".

What is a word is told by those that the parser was trained with (`data/reading/syntax`, from GUM). A joined
pair must hold one short word of grammar, or two longer known words, and only texts are touched that lack
blanks after several commas or stops.
"""

from __future__ import annotations

import json
import re
from functools import cache, lru_cache

from forewarn.reading.text.lexicon import load_verbs, saying_words, word_set
from forewarn.reading.text.syntax import WEIGHTS

# Marks without a blank behind them that make a text a joined one (assumption: three, no slip of the pen).
_SIGNS = 3
# Letters of each of two joined words of which none is one of grammar (assumption).
_LONG = 5
_SIGN = re.compile(
    r"(?<=[a-z)]{2})[,;](?=[A-Za-z])|(?<=[a-z]{2})\.(?=[A-Z][a-z])|(?<=[a-z]{2})[”\"](?=[a-z]{2})"
)
_WORD = re.compile(r"\b[A-Za-z]?[a-z]{4,}\b")
_CAMEL = re.compile(r"\b(?P<short>[Tt]he|[Oo]f|[Ii]n|[Aa]nd|[Tt]o|[Aa]t|[Bb]y|for|from|with)(?=[A-Z])")
_NUMBER = re.compile(
    r"\b(?:of|in|than|from|about|to|on|at|for|and|by|as|with|over|some|nearly|around|least)(?=\d)"
)
_GRAMMAR = word_set(
    "the that of in to and by on at is was be been have had has from with for any its it as are "
    "not will would who were which their his her this these an all there they out more than up "
    "or but many two three four five six seven eight nine ten"
) | saying_words("joined")


def part(text: str) -> str:
    """Part joined words in a text that is full of them; others stay as they are.

    Examples
    --------
    >>> part("Roads,bridges,camps and wells are gone,he statedthat thelast convoy left.")
    'Roads, bridges, camps and wells are gone, he stated that the last convoy left.'
    >>> part("He statedthat thelast convoy left.")
    'He statedthat thelast convoy left.'
    """
    if len(_SIGN.findall(text, 0, 20_000)) < _SIGNS:
        return text
    text = re.sub(r"(?<=[a-z)\d])([,;])(?=[A-Za-z])", r"\1 ", text)
    text = re.sub(r"(?<=[a-z\d)])\.(?=[A-Z][a-z])", ". ", text)
    text = re.sub(r"(?<=[a-z)][\"”])\.(?=[A-Z][a-z])", ". ", text)
    text = "\n".join(_part_quotes(line) for line in text.split("\n"))
    text = re.sub(r"(?<=[a-z]\))(?=[a-z])", " ", text)
    text = _CAMEL.sub(r"\g<short> ", text)
    text = _NUMBER.sub(r"\g<0> ", text)
    return _WORD.sub(lambda found: _parted(found[0]), text)


def _part_quotes(line: str) -> str:
    """Part an opening mark from the word before it, and a closing one from the word behind it."""
    pieces = line.split('"')
    for k in range(1, len(pieces)):
        if k % 2 and pieces[k - 1][-1:].isalpha():
            pieces[k - 1] += " "
        elif not k % 2 and pieces[k][:1].isalpha():
            pieces[k] = f" {pieces[k]}"
    return '"'.join(pieces)


@cache
def _words() -> frozenset[str]:
    strings = json.loads((WEIGHTS / "vocab" / "strings.json").read_text("utf-8"))
    return frozenset(word for word in strings if word.isalpha() and word.islower()) | frozenset(load_verbs())


@lru_cache(maxsize=4096)  # a thousand reports must need no more memory than one
def _parted(word: str) -> str:
    known = _words()
    low = word.lower()
    if low in known or low.endswith("s") and low[:-1] in known:
        return word
    best: tuple[int, int] | None = None
    for at in range(1, len(low)):
        left, right = low[:at], low[at:]
        grammar = left in _GRAMMAR or right in _GRAMMAR
        one = left == "a" and len(right) > 3 and right in known
        if not one and not (left in known and right in known and min(len(left), len(right)) > 1):
            continue
        if one or grammar or min(len(left), len(right)) >= _LONG:
            best = max(
                best or (0, 0),
                (max(len(each) for each in (left, right) if one or each in _GRAMMAR or not grammar), at),
            )
    return f"{word[: best[1]]} {word[best[1] :]}" if best else word
