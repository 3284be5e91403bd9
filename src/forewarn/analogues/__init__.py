"""The reference class: what past offensives did to people, dated, fitted and scored."""

from forewarn.analogues.attributes import Attributes, parse
from forewarn.analogues.base_rates import BaseRate, outcomes_under_way, rate_of
from forewarn.analogues.chance_scores import ChanceScores, score_chances
from forewarn.analogues.events import PastOffensive
from forewarn.analogues.fitting import PROBABILITIES, Predictive, ReferenceFit, fit, predictive
from forewarn.analogues.likeness import nearest_cases
from forewarn.analogues.reading import load_events, load_warnings, read_events
from forewarn.analogues.scoring import Scores, score
from forewarn.analogues.selection import (
    ReferenceClass,
    WarningClass,
    select,
    select_begun,
    select_warnings,
)
from forewarn.analogues.warned import Prospect, prospect

__all__ = [
    "PROBABILITIES",
    "Attributes",
    "BaseRate",
    "ChanceScores",
    "PastOffensive",
    "ReferenceFit",
    "Predictive",
    "Prospect",
    "ReferenceClass",
    "Scores",
    "WarningClass",
    "fit",
    "load_events",
    "load_warnings",
    "nearest_cases",
    "outcomes_under_way",
    "parse",
    "predictive",
    "prospect",
    "rate_of",
    "read_events",
    "score",
    "score_chances",
    "select",
    "select_begun",
    "select_warnings",
]
