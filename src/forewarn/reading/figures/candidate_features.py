"""What a learned choice looks at: words and classes of words round a quantity, its noun, cues, neighbours."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import log10

from forewarn.reading.figures.candidates import Candidate
from forewarn.reading.text.word_classes import Word

_CLOSE, _WIDE, _FARTHEST = 3, 9, 36  # words: beside a quantity, near it, in reach (assumption)
_INDENT = 9  # characters, bullet included
_STOPS = frozenset(';:.?!()"“”–—•')  # noqa: RUF001
# Classes of a plight: how often a text has them tells what it is about.
_PLIGHT = frozenset(["displaced-noun", "displace", "leave", "return", "trap", "evacuate", "shelter-place"])
_FEW, _MANY = 0.01, 0.03  # plight words per word of the text (assumption)
_NUMERALS = frozenset(["hundred", "thousand", "million", "billion", "lakh", "crore", "dozen"])


@dataclass(frozen=True, slots=True)
class CandidateContext:
    """What the candidates of a document have in common.

    Parameters
    ----------
    ruled_sizes
        Sizes that rules alone take for figures.
    topic
        How much the text speaks of displacement: little, some, much.
    """

    ruled_sizes: frozenset[float]
    topic: str


def surroundings(candidates: Sequence[Candidate], length: int) -> CandidateContext:
    """Sum a document up.

    Parameters
    ----------
    candidates
        All of the document.
    length
        Characters of its text.
    """
    sentences = {id(one.words): one.words for one in candidates}
    plights = sum(bool(_PLIGHT.intersection(word.classes)) for words in sentences.values() for word in words)
    share = plights * 6.0 / max(length, 1)  # six characters a word
    topic = "little" if share < _FEW else "some" if share < _MANY else "much"
    return CandidateContext(frozenset(one.counted.size for one in candidates if one.is_ruled), topic)


def features(candidates: Sequence[Candidate], at: int, around: CandidateContext, text: str) -> list[str]:
    """List the features of a candidate that hold.

    Parameters
    ----------
    candidates
        All of the document, in order.
    at
        Which.
    around
        What they have in common.
    text
        Repaired text.
    """
    one = candidates[at]
    words = one.words
    after = bisect_left(words, one.counted.end, key=lambda word: word.start)
    first = bisect_right(words, one.counted.start, key=lambda word: word.start)
    while first > 0 and words[first - 1].end > one.counted.start:
        first -= 1
    found = ["bias", f"topic={around.topic}"]
    found += _quantity(one, around)
    noun = list(_noun(one, words, after))
    found += noun
    found += _cues(one)
    found += _beside(words, first, after)
    found += _clause(words, first, after)
    found += _neighbours(candidates, at)
    found += _layout(text, one, words, first, after)
    found += [
        f"{noun[0]} {each}" for each in found[1:] if each.startswith(("topic", "cue=", "n1", "p1", "size"))
    ]
    return list(dict.fromkeys(found))


def _quantity(one: Candidate, around: CandidateContext) -> Iterator[str]:
    quantity, size = one.counted.quantity, one.counted.size
    yield f"bound={quantity.bound}"
    if quantity.share is not None:
        yield "size=share"
        return
    yield f"size={min(int(log10(max(size, 1))), 6)}"
    yield f"digits={one.counted.in_digits}"
    if size >= 100 and size % 100 == 0:
        yield "is round"
    if size >= 30 and size in around.ruled_sizes:
        yield "size is ruled"
    if one.is_ruled:
        yield "is ruled"


def _noun(one: Candidate, words: Sequence[Word], after: int) -> Iterator[str]:
    """Tell the noun; the first feature is the one that others are joined with."""
    noun = one.noun
    if noun is None:
        return iter(["noun=none"])
    kind = "housing" if noun.is_housing else noun.unit
    at = bisect_left(words, noun.start, key=lambda word: word.start)
    word = words[at] if at < len(words) else None
    found = [f"noun={kind}"]
    if word is not None:
        found += [f"noun is {name}" for name in word.classes] + [f"noun word={word.form}"]
        found.append(f"noun after={min(at - after, 3) if noun.is_after else 'label'}")
        found += [f"noun mod {name}" for each in words[after:at] for name in each.classes]
    return iter(found)


def _cues(one: Candidate) -> Iterator[str]:
    if one.cue is None:
        yield "cue=none"
    else:
        yield f"cue={one.cue.term}"
        yield f"cue side={'after' if one.cue.start >= one.counted.end else 'before'}"
    seen: Counter[str] = Counter()
    for cue in one.cues:
        seen[cue.term] += 1
        if seen[cue.term] == 1:
            yield f"cue {cue.term} at {_near(cue.distance)}"
    if one.cues:
        yield f"nearest {one.cues[0].term}"
        yield f"nearest at {_near(one.cues[0].distance)}"


def _near(distance: float) -> str:
    return "0" if distance < 20 else "1" if distance < 45 else "2" if distance < 90 else "3"


def _beside(words: Sequence[Word], first: int, after: int) -> Iterator[str]:
    for side, places in (
        ("n", range(after, after + _CLOSE)),
        ("p", range(first - 1, first - 1 - _CLOSE, -1)),
    ):
        for step, at in enumerate(places, 1):
            if not 0 <= at < len(words):
                yield f"{side}{step}=edge"
                break
            word = words[at]
            yield f"{side}{step} word={_shape(word)}"
            for name in word.classes or (_ending(word),):
                yield f"{side}{step}={name}"


def _shape(word: Word) -> str:
    return "9" if word.form[0].isdigit() else word.form


def _ending(word: Word) -> str:
    if not word.form[0].isalpha():
        return word.form[0] if not word.form[0].isdigit() else "9"
    if word.form in _NUMERALS:
        return "numeral"
    return next((f"-{end}" for end in ("ing", "ed", "ly", "s") if word.form.endswith(end)), "-")


def _clause(words: Sequence[Word], first: int, after: int) -> Iterator[str]:
    last, least = min(len(words), after + _FARTHEST), max(-1, first - 1 - _FARTHEST)
    for side, places in (("after", range(after, last)), ("before", range(first - 1, least, -1))):
        inside = True
        for steps, at in enumerate(places, 1):
            word = words[at]
            if word.form in _STOPS:
                inside = False
            for name in word.classes:
                if name in ("prep", "be", "have", "conj", "more"):
                    continue
                yield f"sentence {name}"
                if inside:
                    yield f"{side} {name}"
                    if steps <= _WIDE:
                        yield f"near {side} {name}"


def _neighbours(candidates: Sequence[Candidate], at: int) -> Iterator[str]:
    one = candidates[at]
    for name, other in (("last", at - 1), ("next", at + 1)):
        if not 0 <= other < len(candidates):
            yield f"{name} none"
            continue
        near = candidates[other]
        where = "here" if near.words is one.words else "there"
        yield f"{name} {where} {'ruled' if near.is_ruled else 'not'}"
        if near.words is one.words:
            yield f"{name} noun {near.noun.unit if near.noun else 'none'}"


def _layout(text: str, one: Candidate, words: Sequence[Word], first: int, after: int) -> Iterator[str]:
    start = one.counted.start
    if text[max(0, start - 1) : start] == "(":
        yield "in brackets"
    if text[max(0, start - _INDENT) : start].rstrip(" •–—-")[-1:] in ("", "\n"):  # noqa: RUF001
        yield "starts a line"
    quotes = text[one.sentence[0] : start]
    if (quotes.count('"') + quotes.count("“") - quotes.count("”")) % 2:
        yield "in speech"
    if words and words[-1].form not in ".?!":
        yield "no full stop"
    if after < len(words) and words[after].form == ":":
        yield "before colon"
    if first > 0 and words[first - 1].form == ":":
        yield "after colon"
