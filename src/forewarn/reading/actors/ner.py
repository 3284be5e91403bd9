"""Persons, organisations and locations: a small sequence model over shapes, word lists and the document.

One linear-chain conditional random field (python-crfsuite) per label, so that a name may be a place and a
government at once. Weights are made by tools/train_entities.py from re3d (Dstl, 2017), without its
Wikipedia documents. Only names are found, without articles.
"""

from __future__ import annotations

import gzip
import re
import tomllib
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Final, Literal, get_args

from forewarn.reading.actors.catalogue import Lexicon, load_lexicon
from forewarn.reading.text.lexicon import saying_words

if TYPE_CHECKING:
    from pycrfsuite import ItemSequence, Tagger
    from spacy.tokens import Doc

Label = Literal["person", "organisation", "location"]
LABELS: Final[tuple[Label, ...]] = get_args(Label)
# The annotators marked more than a field dares to: chosen on another shuffling than is reported.
THRESHOLD: Final = 0.7


@dataclass(frozen=True, slots=True)
class Entity:
    """A mention: characters of the text, half open, and its label."""

    start: int
    end: int
    label: Label


def find_entities(doc: Doc) -> tuple[Entity, ...]:
    """Find mentions of persons, organisations and locations.

    Five folds over the 72 documents of re3d, seed 0, F1 × 100 of exact span and label of names without
    their articles: person 61.1, organisation 61.4, location 72.8, together 65.5 (81.8 if any overlap counts).
    With all that re3d marks, pronouns and descriptions such as "our partners" too: 63.3, 54.8, 64.5,
    together 59.4. The aim was 70. Some of what is missing are slips of the marking ("Jan" as a person).

    Parameters
    ----------
    doc
        Tokens and sentences of a text.

    Returns
    -------
    tuple of Entity
        By start; those of different labels may overlap.
    """
    from pycrfsuite import ItemSequence

    found: list[Entity] = []
    lists = load_lists()
    taggers = {label: _tagger(label) for label in LABELS}
    for tokens, features in sequences(doc, lists):
        # Made once for the three taggers: to make it takes longer than to tag it.
        items = ItemSequence(features)
        for label, tagger in taggers.items():
            found += decode(doc, tokens, tag(tagger, items), label)
    return tuple(sorted(found, key=lambda entity: (entity.start, -entity.end, entity.label)))


def tag(
    tagger: Tagger, features: Sequence[Sequence[str]] | ItemSequence, *, threshold: float = THRESHOLD
) -> list[str]:
    """Tag a sequence: a token is outside only if that is more probable than `threshold`.

    Parameters
    ----------
    tagger
        Of one label.
    features
        One list per token.
    """
    tagger.set(features)
    known = set(tagger.labels())
    names = [name for name in ("B", "I") if name in known]
    tags = []
    for position in range(len(features)):
        chance = {name: tagger.marginal(name, position) for name in names}
        inside = sum(chance.values())
        tags.append("O" if 1 - inside > threshold else max(chance, key=lambda name: chance[name]))
    return tags


def decode(doc: Doc, tokens: Sequence[int], tags: Sequence[str], label: Label) -> Iterator[Entity]:
    """Yield the entities that a sequence of B, I and O stands for.

    Parameters
    ----------
    tokens
        Indexes in `doc`, one per tag.
    """
    first = None
    for position, tag in enumerate([*tags, "O"]):
        if first is not None and tag != "I":
            last = doc[tokens[position - 1]]
            yield Entity(doc[tokens[first]].idx, last.idx + len(last), label)
            first = None
        if tag == "B" or (tag == "I" and first is None):
            first = position


@dataclass(frozen=True, slots=True)
class WordLists:
    """What is known before a document is opened: names of places and the lexicon of actors."""

    places: frozenset[str]
    lexicon: Lexicon
    groups: Mapping[str, frozenset[str]]


@cache
def load_lists() -> WordLists:
    """Load the word lists once; about 0.1 s."""
    packed = files("forewarn").joinpath("data", "reading", "place_words.txt.gz").read_bytes()
    table = tomllib.loads(
        files("forewarn").joinpath("data", "reading", "actor_words.toml").read_text("utf-8")
    )
    groups = {name: frozenset(words.split()) for name, words in table["features"].items()}
    return WordLists(frozenset(gzip.decompress(packed).decode().splitlines()), load_lexicon(), groups)


@cache
def _tagger(label: Label) -> Tagger:
    from pycrfsuite import Tagger

    tagger = Tagger()
    tagger.open_inmemory(_weights(label))
    return tagger


@cache
def _weights(label: Label) -> bytes:
    """Weights of a label; cached, since CRFsuite keeps a pointer into them."""
    return gzip.decompress(
        files("forewarn").joinpath("data", "reading", f"entities-{label}.crf.gz").read_bytes()
    )


def fold(word: str) -> str:
    """Lower-case a word and drop its accents.

    Examples
    --------
    >>> fold("Türkiye")
    'turkiye'
    """
    if word.isascii():
        return word.lower()
    decomposed = unicodedata.normalize("NFKD", word.replace("’", "'"))  # noqa: RUF001
    return "".join(character for character in decomposed if not unicodedata.combining(character)).lower()


def shape(word: str) -> str:
    """Reduce a word to its shape, repeats squeezed.

    Examples
    --------
    >>> shape("KC-135R")
    'X-dX'
    """
    letters = re.sub(r"[^\W\d_]", lambda found: "X" if found[0].isupper() else "x", word)
    reduced = re.sub(r"\d", "d", letters)
    return re.sub(r"(.)\1+", r"\1", reduced)


def sequences(doc: Doc, lists: WordLists) -> Iterator[tuple[list[int], list[list[str]]]]:
    """Yield, for each sentence, the indexes of its tokens and a list of features for each.

    Parameters
    ----------
    doc
        Tokens and sentences.
    lists
        Of `load_lists`.
    """
    whole = _Document(doc, lists)
    for sentence in doc.sents:
        tokens = [token.i for token in sentence if not token.is_space]
        if tokens:
            yield tokens, whole.features(tokens)


class _Document:
    """Features that need the whole document: how else a word is used in it."""

    def __init__(self, doc: Doc, lists: WordLists) -> None:
        self.groups = lists.groups
        self.heads = lists.groups["body"] | lists.groups["place"]
        self.words = [token.text for token in doc]
        distinct = set(self.words)
        folded, shapes = {word: fold(word) for word in distinct}, {word: shape(word) for word in distinct}
        self.low = [folded[word] for word in self.words]
        self.shapes = [shapes[word] for word in self.words]
        self.listed = self._listed(doc, lists)
        self.uses: dict[str, set[str]] = {}
        self.counts = Counter(self.low)
        for at, word in enumerate(self.words):
            if word[:1].isupper() and at:
                self.uses.setdefault(self.low[at], set()).update(self._uses(at))
        self.small = {low for low, word in zip(self.low, self.words, strict=True) if word.islower()}

    def _uses(self, at: int) -> Iterator[str]:
        """How a capitalised word is used here; the words of one name share what stands around it."""
        first = last = at
        while (
            first and self.words[first - 1][:1].isupper() and self.low[first - 1] not in self.groups["title"]
        ):
            first -= 1
        while last + 1 < len(self.words) and self.words[last + 1][:1].isupper():
            last += 1
        before = self.low[first - 1] if first else ""
        after = self.low[last + 1] if last + 1 < len(self.low) else ""
        if before in self.groups["title"]:
            yield "title"
        if before in {"in", "near", "at"}:
            yield "where"
        if before in {"the", "("}:
            yield before
        if after in saying_words("after-a-name"):
            yield "says"
        if self.low[last] in self.groups["body"] and last != at:
            yield "body"
        if last > first:
            yield "run"

    def _listed(self, doc: Doc, lists: WordLists) -> list[list[str]]:
        """Mark each token with the word lists it is in: begin or inside, and of what."""
        marks: list[list[str]] = [[] for _ in self.words]
        at_character = {token.idx: token.i for token in doc}
        for match in lists.lexicon.matches(doc.text):
            first = at_character.get(match.start)
            if first is None:
                continue
            at = first
            while at < len(self.words) and doc[at].idx < match.end:
                marks[at].append(f"{'b' if at == first else 'i'}-{match.entry.kind}")
                at += 1
        skip = 0
        for at, word in enumerate(self.words):
            if at < skip or not word[:1].isupper():
                continue
            for length in (4, 3, 2, 1):
                joined = " ".join(self.low[at : at + length]).replace(" - ", "-")
                if joined in lists.places:
                    for inside in range(at, min(at + length, len(marks))):
                        marks[inside].append(f"{'b' if inside == at else 'i'}-place{min(length, 2)}")
                    skip = at + length
                    break
        return marks

    def features(self, tokens: Sequence[int]) -> list[list[str]]:
        """Return the features of each token of a sentence."""
        own = [self._word(at) for at in tokens]
        features = []
        for position, at in enumerate(tokens):
            row = ["bias", *own[position], *self._document(at)]
            for offset in (-3, -2, -1, 1, 2, 3):
                other = position + offset
                if not 0 <= other < len(tokens):
                    row.append(f"{offset}:edge")
                    continue
                near = own[other] if offset in (-1, 1) else own[other][:2]
                row += [f"{offset}:{feature}" for feature in near]
            if position:
                row.append(f"pair={self.low[tokens[position - 1]]}|{self.low[at]}")
            if position + 1 < len(tokens):
                row.append(f"next={self.low[at]}|{self.low[tokens[position + 1]]}")
            row += self._run(tokens, position)
            features.append(row)
        return features

    def _word(self, at: int) -> list[str]:
        low = self.low[at]
        row = [f"w={low}", f"s={self.shapes[at]}", f"s3={low[-3:]}"]
        row += [f"l={mark}" for mark in self.listed[at]]
        groups = self.groups
        row += [f"g={name}" for name, words in groups.items() if low in words]
        return row

    def _document(self, at: int) -> list[str]:
        low = self.low[at]
        row = [f"p3={low[:3]}", f"s2={low[-2:]}", f"s4={low[-4:]}"]
        if self.words[at][:1].isupper():
            row += [f"d={use}" for use in sorted(self.uses.get(low, ()))]
            row.append(f"d=small:{low in self.small}")
            row.append(f"d=often:{min(self.counts[low], 3)}")
        return row

    def _run(self, tokens: Sequence[int], position: int) -> list[str]:
        """Features of the run of capitalised words around a token: the head decides what a name names."""
        if not self.words[tokens[position]][:1].isupper():
            ahead = (self.low[at] for at in tokens[position + 1 : position + 5])
            return [f"ahead={word}" for word in ahead if word in self.heads][:1]
        last = position
        while last + 1 < len(tokens) and self.words[tokens[last + 1]][:1].isupper():
            last += 1
        first = position
        while first and self.words[tokens[first - 1]][:1].isupper():
            first -= 1
        before = self.low[tokens[first - 1]] if first else "^"
        after = self.low[tokens[last + 1]] if last + 1 < len(tokens) else "$"
        head, start = self.low[tokens[last]], self.low[tokens[first]]
        return [
            f"head={head}",
            f"start={start}",
            f"before={before}",
            f"after={after}",
            f"long={last - first}",
        ]
