"""From candidates to figures: which quantities are figures, their term, unit, flow and status."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import cast

from forewarn.facts import FigureStatus, Flow, Term, Unit
from forewarn.reading.figures.candidate_features import features, surroundings
from forewarn.reading.figures.candidates import Candidate
from forewarn.reading.figures.context import ruled_flow, ruled_status
from forewarn.reading.figures.field_features import (
    Before,
    cue_or_place,
    flow_and_status,
    term_features,
    unit_features,
)
from forewarn.reading.figures.linear_models import Choice
from forewarn.reading.figures.terms import HOUSING, Noun, TermCue
from forewarn.reading.numbers.quantities import Counted
from forewarn.reading.text.rules import FigureRules

FIELDS = ("unit", "term", "flow", "status")
# Chance from which a quantity is a figure; less is asked where rules find noun and cue as well (assumption).
THRESHOLD, THRESHOLD_RULED = 0.5, 0.35
_DEADLY = (
    45  # characters: a cue of death that is nearest and nearer than this tells of the dead, not of the living
)
_OF_HOUSES = ("evacuated", "at-risk", "relocated", "population")
_REACH = 170  # characters: a cue farther off is not the words that told the term


@dataclass(frozen=True, slots=True)
class Found:
    """A quantity that is a figure, with what was chosen for it."""

    counted: Counted
    noun: Noun | None
    cue: TermCue
    sentence: tuple[int, int]
    unit: Unit
    flow: Flow
    status: FigureStatus


def by_rules(text: str, candidates: Sequence[Candidate], rules: FigureRules) -> Iterator[Found]:
    """Choose by rules alone, as in languages that nothing was learned of: figures in digits.

    Parameters
    ----------
    text
        Repaired text.
    candidates
        All of the document.
    rules
        Words of flow and status.
    """
    for one in candidates:
        if one.cue is None or not one.is_ruled or not one.counted.in_digits or one.cue.term == "killed":
            continue
        frame = (one.counted, one.cue, one.sentence)
        term = "other" if one.noun is None and one.cue.term in HOUSING else one.cue.term
        yield Found(
            one.counted,
            one.noun,
            replace(one.cue, term=term),
            one.sentence,
            one.noun.unit if one.noun else "people",
            ruled_flow(text, frame, rules),
            ruled_status(text, frame, rules),
        )


def by_learning(
    text: str, candidates: Sequence[Candidate], rules: FigureRules, choices: Mapping[str, Choice]
) -> Iterator[Found]:
    """Choose as two readers of our own corpus would, as far as words round a quantity tell.

    Parameters
    ----------
    text
        Repaired text.
    candidates
        All of the document, in order.
    rules
        Words of flow and status.
    choices
        Those of `choices.load_choices`.
    """
    around = surroundings(candidates, len(text))
    last: Candidate | None = None
    labels = dict.fromkeys(FIELDS, "none")
    for at, one in enumerate(candidates):
        listed = features(candidates, at, around, text)
        if not _is_figure(one, listed, choices["figure"]):
            continue
        is_here = last is not None and last.words is one.words
        before = {field: Before(labels[field], is_here) for field in FIELDS}
        labels = fields_of(text, candidates, at, listed, rules, before, choices)
        last = one
        yield Found(
            one.counted,
            one.noun,
            _cue_of(one, cast("Term", labels["term"])),
            one.sentence,
            cast("Unit", labels["unit"]),
            cast("Flow", labels["flow"]),
            cast("FigureStatus", labels["status"]),
        )


def _is_figure(one: Candidate, listed: Sequence[str], choice: Choice) -> bool:
    if one.cues and one.cues[0].term == "killed" and one.cues[0].distance < _DEADLY:
        return False
    least = THRESHOLD_RULED if one.is_ruled and one.noun else THRESHOLD
    return choice.chance("yes", listed) >= least


def fields_of(
    text: str,
    candidates: Sequence[Candidate],
    at: int,
    listed: Sequence[str],
    rules: FigureRules,
    before: Mapping[str, Before],
    choices: Mapping[str, Choice],
) -> dict[str, str]:
    """Choose unit, term, flow and status of a figure, each with the one before in view.

    A noun tells the unit; a cue beside a noun the term; words of stock or flow the flow. What was learned
    decides where these are silent, and the status, whose words often belong to another figure.
    """
    one = candidates[at]
    unit = one.noun.unit if one.noun else choices["unit"].choose(unit_features(one, listed, before["unit"]))
    if one.cue is not None and one.is_ruled and one.cue.term != "killed":
        term: str = "other" if one.noun is None and one.cue.term in HOUSING else one.cue.term
    else:
        terms = term_features(candidates, at, listed, before["term"])
        term = _term(one, choices["term"], terms, before["term"])
    flow, status, flows, statuses = flow_and_status(
        text, one, listed, rules, term, (before["flow"], before["status"])
    )
    is_beside = f"words {status} before beside" in statuses
    return {
        "unit": unit,
        "term": term,
        "flow": choices["flow"].choose(flows) if flow == "unknown" else flow,
        "status": status if is_beside else choices["status"].choose(statuses),
    }


def _term(one: Candidate, choice: Choice, listed: Sequence[str], before: Before) -> str:
    """Choose the likeliest term that fits the noun: houses are not trapped, people not destroyed."""
    is_housing = one.noun.is_housing if one.noun else before.label in HOUSING
    ranked = sorted(zip(choice.chances(listed), choice.labels, strict=True), reverse=True)
    fitting = (
        label
        for _, label in ranked
        if (label in HOUSING) == is_housing or is_housing and (one.noun is None or label in _OF_HOUSES)
    )
    return next(fitting, ranked[0][1])


def _cue_of(one: Candidate, term: Term) -> TermCue:
    """Take the nearest cue of a term; where there is none, the quantity's own place stands in for it."""
    near = (cue for cue in (one.cue, *one.cues) if cue is not None and cue.term == term)
    fallback = replace(cue_or_place(one), start=one.counted.start, end=one.counted.end)
    return next((cue for cue in near if cue.distance <= _REACH), replace(fallback, term=term))
