"""What a quantity counts, and the plight it is in: the noun after it and the cue nearest to it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from forewarn.facts import Term, Unit
from forewarn.reading.numbers.quantities import Counted
from forewarn.reading.text.rules import FigureRules, TermRule

HOUSING = ("destroyed-housing", "partially-destroyed-housing", "uninhabitable-housing")
# Characters: how far a cue may stand from its quantity. Weights below are characters of distance too, set
# by hand on the half of IDETECT's training excerpts whose group is even; the other half was only scored.
_FARTHEST = 170
_FARTHEST_WITHOUT_NOUN = 40
_BETWEEN_NUMBERS = 40
_BEFORE = 15
_CLAUSE = 25
_WHOLE = re.compile(r"\s(?:of\s)?(?:the|its|their|all|those)\s(?:[\w-]+\s){0,2}")
_POPULATION = re.compile(r"\s(?:of\s)?(?:the|its|their)\s(?:[\w-]+\s){0,2}?(population)\b", re.IGNORECASE)
_MAKE_UP = re.compile(
    r"\b(?:mak(?:e|es|ing) up|account(?:s|ing)? for|constitut\w+|represent\w*|compris\w+)\s(?:\w+\s)?$"
)
# A verb between: the noun is another ("900 have gone home").
_VERBS = (
    r"(?:ha(?:s|ve|d)|were|was|are|is|will|would|could|may|might|"
    r"fled|left|lost|went|ran|came|crossed|returned|sleep|live)"
)
_NOUN_GAP = re.compile(rf"(?:[\s(]*(?!{_VERBS}\b)[^\s\d.;:,()]+,?){{0,5}}?[\s(]*$")


@dataclass(frozen=True, slots=True)
class Noun:
    """What is counted.

    Parameters
    ----------
    start, end
        Characters of the noun.
    """

    start: int
    end: int
    unit: Unit
    is_housing: bool
    is_after: bool


@dataclass(frozen=True, slots=True)
class TermCue:
    """A cue of a term, at some distance."""

    start: int
    end: int
    term: Term
    flow: str
    distance: float


class Hit(NamedTuple):
    """Where a cue stands, and its rule."""

    start: int
    end: int
    rule: TermRule


def find_noun(
    text: str, counted: Counted, rules: FigureRules, limits: tuple[int, int], demonyms: Collection[str]
) -> Noun | None:
    """Find the noun that a quantity counts: soon after it, else in the label before it.

    Parameters
    ----------
    text
        Repaired text.
    counted
        The quantity.
    rules
        Nouns that are counted.
    limits
        Characters between which to look: the sentence, up to the next quantity.
    demonyms
        Words such as "Syrians", which count people.
    """
    after = text[counted.end : min(limits[1], counted.end + 80)]
    found = [
        (match.start(), -match.end(), rule.unit, rule.housing)
        for rule in rules.counted
        for match in rule.pattern.finditer(after)
        if _NOUN_GAP.fullmatch(after[: match.start()])
    ]
    for word in re.finditer(r"[A-Z]\w+s\b", after):
        if word[0] in demonyms and _NOUN_GAP.fullmatch(after[: word.start()]):
            found.append((word.start(), -word.end(), "people", False))
    if counted.quantity.share is not None and (whole := _POPULATION.match(after)):
        return Noun(counted.end + whole.start(1), counted.end + whole.end(), "people", False, True)
    if found:
        start, end, unit, housing = min(found)
        return Noun(counted.end + start, counted.end - end, unit, housing, True)  # type: ignore[arg-type]
    return _noun_before(text, counted, rules, limits[0])


def _noun_before(text: str, counted: Counted, rules: FigureRules, start: int) -> Noun | None:
    """Find the noun of "Evacuated families: 3,614" and "the number of displaced families is 349"."""
    label = text[max(start, counted.start - 90) : counted.start]
    is_label = re.search(r"[:=–-]\s*$", label) or re.search(
        r"\b(?:number|figure|total|toll|count)\b[^.;]*\b(?:is|was|at|to|of|be|reached|exceeds?|stands?)\s*$",
        label,
        re.IGNORECASE,
    )
    if not is_label:
        return None
    found = [
        (match.end(), match.start(), rule.unit, rule.housing)
        for rule in rules.counted
        for match in rule.pattern.finditer(label)
    ]
    if not found:
        return None
    end, begin, unit, housing = max(found)
    base = counted.start - len(label)
    return Noun(base + begin, base + end, unit, housing, False)  # type: ignore[arg-type]


def find_hits(text: str, rules: FigureRules, limits: tuple[int, int]) -> tuple[Hit, ...]:
    """Find every cue of a term in a stretch of text.

    Parameters
    ----------
    text
        Repaired text.
    rules
        Cues.
    limits
        Characters of the sentence.
    """
    sentence = text[slice(*limits)]
    return tuple(
        Hit(limits[0] + match.start(), limits[0] + match.end(), rule)
        for rule in rules.terms
        for match in rule.pattern.finditer(sentence)
    )


def find_cues(
    text: str,
    counted: Counted,
    noun: Noun | None,
    hits: Sequence[Hit],
    limits: tuple[int, int],
    others: Sequence[Counted],
) -> tuple[TermCue, ...]:
    """Tell what cues may be the plight of a quantity, the nearest first; one beyond another quantity is far.

    Parameters
    ----------
    text
        Repaired text.
    counted, noun
        The quantity and what it counts.
    hits
        The cues of the sentence.
    limits
        Characters between which cues count.
    others
        The other quantities of the sentence.
    """
    cues = list(_cues(text, counted, noun, hits, limits, others))
    if _MAKE_UP.search(text[limits[0] : counted.start]):
        cues = [cue for cue in cues if cue.end <= counted.start] or cues
    return tuple(sorted(cues, key=lambda cue: (cue.distance, cue.start)))


def choose_cue(text: str, cues: Sequence[TermCue], noun: Noun | None) -> TermCue | None:
    """Choose the cue that tells the plight by rules alone; nothing if the nearest is too far.

    Parameters
    ----------
    text
        Repaired text.
    cues
        Those of `find_cues`.
    noun
        What is counted.
    """
    if not cues:
        return None
    best = cues[0]
    if best.term == "sheltered":
        # Those who shelter in a camp are people in a camp.
        best = next((cue for cue in cues if cue.term == "in-relief-camp" and cue.distance <= _FARTHEST), best)
    if best.term == "partially-destroyed-housing":
        # "Damaged or destroyed" counts as the graver of the two.
        best = next(
            (cue for cue in cues if cue.term == "destroyed-housing" and _are_joined(text, best, cue)), best
        )
    farthest = _FARTHEST if noun else _FARTHEST_WITHOUT_NOUN
    return best if best.distance <= farthest else None


def _are_joined(text: str, one: TermCue, other: TermCue) -> bool:
    between = text[min(one.end, other.end) : max(one.start, other.start)]
    return bool(re.fullmatch(r"\s(?:or|and|and/or)\s(?:\w+ly\s)?", between))


def _cues(
    text: str,
    counted: Counted,
    noun: Noun | None,
    hits: Sequence[Hit],
    limits: tuple[int, int],
    others: Sequence[Counted],
) -> Iterator[TermCue]:
    for at, stop, rule in hits:
        if at < limits[0] or stop > limits[1] or not _fits(rule.term, noun):
            continue
        if at < counted.start < stop < counted.end:
            continue
        if (
            rule.term == "population"
            and counted.quantity.share is not None
            and _WHOLE.fullmatch(text[counted.end : at])
        ):
            continue  # "half of the population": what it is a share of, not the plight
        # A cue that holds the quantity ("forced 2,500 people out of their homes") is next to it.
        holds = at <= counted.start and counted.end <= stop
        distance = 0.0 if holds else _distance(text, counted, (at, stop), others) + rule.weight
        yield TermCue(at, stop, rule.term, rule.flow, distance)  # type: ignore[arg-type]


def _fits(term: str, noun: Noun | None) -> bool:
    if noun is None:
        return True
    if term in HOUSING:
        return noun.is_housing
    # Houses are evacuated too, but they do not return or die.
    return not noun.is_housing or term in ("evacuated", "at-risk", "relocated")


def _distance(text: str, counted: Counted, cue: tuple[int, int], others: Sequence[Counted]) -> float:
    if cue[0] >= counted.end:
        gap, low, high = cue[0] - counted.end, counted.end, cue[0]
        cost = 0.0
    else:
        gap, low, high = counted.start - cue[1], cue[1], counted.start
        cost = float(_BEFORE)
    between = text[low:high]
    cost += _BETWEEN_NUMBERS * sum(low <= other.start and other.end <= high for other in others)
    cost += _CLAUSE * len(re.findall(r"[;:(]|, (?:and|while|but|as|which|where|who) ", between))
    return gap + cost
