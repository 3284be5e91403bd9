"""What the learned choices of a figure's term, flow and status look at, beyond what told that it is one."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from forewarn.facts import FigureStatus, Flow
from forewarn.reading.figures.candidates import Candidate
from forewarn.reading.figures.context import ruled_flow, ruled_status
from forewarn.reading.figures.terms import TermCue
from forewarn.reading.text.rules import FigureRules

_CLOSE, _FAR = 40, 100  # characters between a quantity and a cue (assumption)
_BESIDE, _REACH = 20, 70  # characters between a quantity and words of flow or status (assumption)
_WORDS = 60  # words on either side that are looked at (assumption)
_HOUSEHOLDS = frozenset(["families", "family", "households", "houses"])
_PREDICATES = frozenset(
    [
        "leave",
        "arrive",
        "displace",
        "displaced-noun",
        "shelter",
        "shelter-place",
        "return",
        "trap",
        "remain",
        "need",
    ]
    + ["evacuate", "relocate", "risk", "destroy", "residents", "home", "count", "say", "kin", "workers"]
)
_ENDS = frozenset(";:.?!")
_OF_TERM = ("cue", "nearest", "noun=", "noun is", "is ruled", "topic")
_OF_STATUS = ("near ", "n1", "n2", "n3", "p1", "p2", "p3")


@dataclass(frozen=True, slots=True)
class Before:
    """The figure before: its chosen label, and whether it stands in the same sentence."""

    label: str
    is_here: bool


NOTHING = Before("none", False)


def cue_or_place(one: Candidate) -> TermCue:
    """Take the cue that rules choose; where there is none, the quantity's own place stands in for it."""
    return one.cue or TermCue(one.counted.start, one.counted.end, "displaced", "unknown", 0.0)


def unit_features(one: Candidate, found: Sequence[str], before: Before) -> list[str]:
    """List what tells whether a number without a noun counts people or households.

    Parameters
    ----------
    one
        The candidate.
    found
        Its features of `figure_features`.
    before
        The figure before and its unit.
    """
    first = bisect_left(one.words, one.counted.start, key=lambda word: word.end)
    near = range(max(0, first - _WORDS), min(len(one.words), first + _WORDS))
    said = "households" if any(one.words[at].form in _HOUSEHOLDS for at in near) else "none"
    listed = ["bias", f"before={before.label}", f"before={before.label} {before.is_here}", f"said={said}"]
    listed.append(f"before={before.label} {before.is_here} {said}")
    return listed + [each for each in found if each.startswith(("n1", "n2", "p1", "size=", "last", "next"))]


def term_features(
    candidates: Sequence[Candidate], at: int, found: Sequence[str], before: Before
) -> list[str]:
    """List what tells the term.

    Parameters
    ----------
    candidates
        All of the document.
    at
        Which.
    found
        Its features of `figure_features`.
    before
        The figure before and its term: figures of a series share one.
    """
    one = candidates[at]
    ruled = one.cue.term if one.cue else "none"
    nearest = one.cues[0] if one.cues else None
    reach = (
        "no"
        if nearest is None or nearest.distance >= _FAR
        else "far"
        if nearest.distance >= _CLOSE
        else "near"
    )
    noun = "noun" if one.noun else "bare"
    listed = ["bias", f"ruled={ruled}", f"first={nearest.term if nearest else 'none'} {reach}"]
    listed += [
        f"before={before.label}",
        f"before={before.label} {before.is_here}",
        f"before={before.label} {ruled}",
    ]
    listed += [
        f"before={before.label} {reach} {noun}",
        f"before={before.label} {reach} {before.is_here} {noun}",
    ]
    listed += [each for each in found if each.startswith(_OF_TERM)]
    listed += _predicates(candidates, at)
    return list(dict.fromkeys(listed))


def _predicates(candidates: Sequence[Candidate], at: int) -> Iterator[str]:
    """Tell the first words of a plight after and before a quantity, up to the next quantity or stop."""
    one = candidates[at]
    words = one.words
    following = candidates[at + 1] if at + 1 < len(candidates) else None
    preceding = candidates[at - 1] if at else None
    end = following.counted.start if following and following.words is words else one.sentence[1]
    start = preceding.counted.end if preceding and preceding.words is words else one.sentence[0]
    after = bisect_left(words, one.counted.end, key=lambda word: word.start)
    first = bisect_left(words, one.counted.start, key=lambda word: word.end)
    ahead, back = (
        range(after, min(len(words), after + _WORDS)),
        range(first - 1, max(-1, first - 1 - _WORDS), -1),
    )
    for side, most, places in (("A", 2, ahead), ("B", 1, back)):
        seen = 0
        for place in places:
            word = words[place]
            if word.start >= end or word.end <= start or word.form in _ENDS or seen == most:
                break
            names = _PREDICATES.intersection(word.classes)
            seen += bool(names)
            for name in sorted(names):
                yield f"{side}{seen}={name}"


class FieldFeatures(NamedTuple):
    """What rules say of flow and status, and what the learned choices of both look at."""

    flow: Flow
    status: FigureStatus
    flow_features: list[str]
    status_features: list[str]


def _words_beside(text: str, one: Candidate, rules: FigureRules) -> Iterator[str]:
    """Tell on which side and how near words of flow and status stand."""
    start, end = one.sentence
    for name, pattern in (*rules.flows, *((status, pattern) for status, _, pattern in rules.statuses)):
        gaps = [
            (found.start() - one.counted.end, "after")
            if found.start() >= one.counted.end
            else (max(one.counted.start - found.end(), 0), "before")
            for found in pattern.finditer(text, start, end)
        ]
        if gaps:
            gap, side = min(gaps)
            yield f"words {name}"
            yield f"words {name} {side} {'beside' if gap < _BESIDE else 'near' if gap < _REACH else 'far'}"


def flow_and_status(
    text: str,
    one: Candidate,
    found: Sequence[str],
    rules: FigureRules,
    term: str,
    before: tuple[Before, Before],
) -> FieldFeatures:
    """Tell by rules whether a figure is a stock or flow and its status, and list what else tells them.

    Parameters
    ----------
    text
        Repaired text.
    one
        The candidate.
    found
        Its features of `figure_features`.
    rules
        Words of flow and status.
    term
        Its term, chosen before.
    before
        The figure before: its flow, its status.
    """
    frame = (one.counted, cue_or_place(one), one.sentence)
    by_rules = ruled_flow(text, frame, rules), ruled_status(text, frame, rules)
    said = [f"flow={by_rules[0]}", f"status={by_rules[1]}", *_words_beside(text, one, rules)]
    flow, status = before
    flows = ["bias", f"before={flow.label}", f"before={flow.label} {flow.is_here}", *said]
    flows += [f"term={term}", f"term={term} {said[0]}"]
    statuses = ["bias", f"before={status.label}", f"before={status.label} {status.is_here}", *said]
    statuses += [each for each in found if each.startswith(_OF_STATUS)]
    return FieldFeatures(*by_rules, list(dict.fromkeys(flows)), list(dict.fromkeys(statuses)))
