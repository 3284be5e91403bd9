"""The lexicon of saying, thinking and finding: `data/reading/cues.csv`, `cue_nouns.csv` and `saying.csv`.

`cues.csv` says what each verb carries; `saying.csv` which forms of such verbs are looked for where, so that
no other module lists any.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any, cast

from forewarn.facts import StatementKind


@dataclass(frozen=True, slots=True)
class Cue:
    """A verb or noun of saying, thinking or finding.

    Parameters
    ----------
    word
        Its plain form.
    group
        speech, thought, finding or noun.
    kind
        What kind of statement it makes by itself.
    frames
        Which constructions carry its content: clause, quote, object, infinitive, as, name, of, for, about.
    """

    word: str
    group: str
    kind: StatementKind
    frames: frozenset[str]


def read_rows(name: str) -> Iterator[dict[str, str]]:
    """Read a table of rules.

    Parameters
    ----------
    name
        File in ``data/reading``.
    """
    with files("forewarn").joinpath("data", "reading", name).open(encoding="utf-8") as lines:
        yield from csv.DictReader(lines)


def word_set(words: str) -> frozenset[str]:
    """Cut words at blanks.

    Examples
    --------
    >>> sorted(word_set("who which"))
    ['which', 'who']
    """
    return frozenset(words.split())


def inflect(verb: str) -> set[str]:
    """Make the regular forms of a verb.

    Examples
    --------
    >>> sorted(inflect("note"))
    ['note', 'noted', 'notes', 'noting']
    """
    stem = verb[:-1] if verb.endswith("e") else verb
    third = f"{verb}es" if verb.endswith(("sh", "ch", "ss", "x")) else f"{verb}s"
    return {verb, third, f"{stem}ed", f"{stem}ing"}


@cache
def load_verbs() -> Mapping[str, Cue]:
    """Load the verbs, by every form in lower case."""
    verbs: dict[str, Cue] = {}
    for row in read_rows("cues.csv"):
        cue = Cue(row["word"], row["class"], _kind(row["kind"]), frozenset(row["frames"].split()))
        base = row["word"].split()[0]
        for form in inflect(base) | set(row["irregular"].split()):
            verbs[form] = cue
    return MappingProxyType(verbs)


@cache
def load_nouns() -> Mapping[str, Cue]:
    """Load the nouns, singular and plural, in lower case."""
    nouns: dict[str, Cue] = {}
    for row in read_rows("cue_nouns.csv"):
        cue = Cue(row["word"], "noun", _kind(row["kind"]), frozenset({"noun"}))
        word = row["word"]
        plural = f"{word[:-1]}ies" if word.endswith("y") else f"{word}s"
        nouns[word] = nouns[plural] = cue
    return MappingProxyType(nouns)


@cache
def load_saying() -> Mapping[str, str]:
    """Load the lists of forms of `saying.csv`: name → alternatives of a regular expression."""
    return MappingProxyType({row["list"]: row["forms"] for row in read_rows("saying.csv")})


def saying(name: str) -> str:
    """Give a list of forms as alternatives of a regular expression, without brackets.

    Parameters
    ----------
    name
        Of a list in `saying.csv`.

    Examples
    --------
    >>> saying("in-apposition")
    'said|says|told'
    """
    return load_saying()[name]


@cache
def saying_words(name: str) -> frozenset[str]:
    """Give a list of forms as words.

    Parameters
    ----------
    name
        Of a list in `saying.csv` that holds plain words.

    Examples
    --------
    >>> sorted(saying_words("in-apposition"))
    ['said', 'says', 'told']
    """
    return frozenset(saying(name).split("|"))


def _kind(word: str) -> StatementKind:
    return cast("StatementKind", cast("Any", word))
