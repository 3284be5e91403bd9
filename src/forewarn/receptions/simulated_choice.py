"""The law by which a simulation's people choose where to go, fitted to what was counted.

A place draws people as attraction^a · (km + 10)^-b times a random factor, gamma distributed with mean 1. In
`model.destination` of a scenario they are `attraction_exponent`, `distance_exponent` and `pull_spread`, the
factor's standard deviation.

Every crisis has three numbers of its own; a scenario of another crisis gets percentiles over crises, in which
every crisis weighs the same. Receptions hold few places each, those that somebody reported; flows between
districts hold all places, and fighting of any size. Both are one-sided.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, NamedTuple
from zlib import crc32

import numpy as np

from forewarn.receptions import baselines
from forewarn.receptions.choices import DestinationCase, Floats, weights
from forewarn.receptions.dressing import DRAWS, PULLS
from forewarn.receptions.logit import Penalties, design, fit_logit, softmax
from forewarn.receptions.scoring import PointForecast, choose_dressing, score_dressings

NAME: Final = "simulation"
COVARIATES: Final = ("log_people", "log_km")
PENALTIES: Final = Penalties(coefficient=1.0, crisis=1.0, families=4.0)
"""Exponents of a crisis differ from those of all by about 1 (assumption)."""
PERCENTILES: Final = (0.1, 0.25, 0.5, 0.75, 0.9)
FEWEST_LEAVERS: Final = 200.0
"""People who left the own area for others; with fewer a case tells nothing of where they go. Assumption."""


class CrisisChoice(NamedTuple):
    """Exponents of attraction and of distance, and spread of the random factor, of one crisis."""

    attraction: float
    distance: float
    spread: float


@dataclass(frozen=True, slots=True)
class ChoiceLaw:
    """Percentiles over crises of the three numbers, (percentile,) each."""

    attraction: Floats
    distance: Floats
    spread: Floats

    def draw(self, case: DestinationCase, *, seed: int = 1) -> Floats:
        """Draw shares of a case as members of an ensemble have them, (draw, place), in whole people."""
        generator = np.random.Generator(np.random.Philox(key=[seed, crc32(case.key.encode())]))
        attraction, distance, spread = (
            np.interp(generator.random(DRAWS), PERCENTILES, values)[:, None]
            for values in (self.attraction, self.distance, self.spread)
        )
        known = case.covariates
        utility = attraction * known["log_people"] - distance * known["log_km"]
        raised = np.exp(utility - utility.max(axis=1, keepdims=True))
        raised *= generator.standard_gamma(np.broadcast_to(spread**-2.0, raised.shape))
        drawn = raised / raised.sum(axis=1, keepdims=True)
        return np.asarray(np.rint(drawn * case.people) / case.people)


def _fixed(attraction: Sequence[float], distance: Sequence[float], spread: Sequence[float]) -> ChoiceLaw:
    return ChoiceLaw(np.array(attraction), np.array(distance), np.array(spread))


FORMER: Final = _fixed(
    (0.66, 0.72, 0.79, 0.85, 0.91), (1.04, 1.16, 1.33, 1.5, 1.64), (0.35, 0.42, 0.5, 0.58, 0.65)
)
"""The ranges of version 0.1.0, assumptions all."""
EQUAL: Final = _fixed((0.0,) * 5, (0.0,) * 5, (1.3,) * 5)
"""No place draws more than another but by its random factor."""


def leavers(cases: Sequence[DestinationCase]) -> list[DestinationCase]:
    """Leave the own area out: where those go who leave it. Cases with hardly any leavers drop out."""
    found = []
    for case in cases:
        away = baselines.own(case) == 0
        left = float(case.truth[away].sum())
        if left * case.people < FEWEST_LEAVERS:
            continue
        known = {name: values[away] for name, values in case.covariates.items()}
        places = tuple(place for place, is_away in zip(case.places, away, strict=True) if is_away)
        truth, people = case.truth[away] / left, case.people * left
        found.append(replace(case, places=places, truth=truth, people=people, covariates=known))
    return found


def fit_choices(cases: Sequence[DestinationCase]) -> dict[str, CrisisChoice]:
    """Fit the numbers of every crisis; `cases` as `leavers` gives them, of one data set."""
    weighed = weights(cases)
    fitted = fit_logit(cases, weighed / weighed.mean(), COVARIATES, PENALTIES)
    found = {}
    for crisis in sorted({case.crisis for case in cases}):
        attraction, distance = fitted.coefficients + fitted.deviations[crisis]
        inside = [case for case in cases if case.crisis == crisis]
        spread = _spread(inside, attraction, distance)
        found[crisis] = CrisisChoice(float(attraction), -float(distance), spread)
    return found


def _spread(cases: Sequence[DestinationCase], attraction: float, distance: float) -> float:
    """Spread of the random factor with the least S."""
    slopes = np.array([attraction, distance])
    shares = [softmax(design(case, COVARIATES) @ slopes) for case in cases]
    forecast = PointForecast(NAME, shares, np.ones(len(cases)), PULLS)
    chosen = choose_dressing(cases, score_dressings(cases, forecast), forecast)
    return float(chosen.shape**-0.5)


def choice_law(choices: Mapping[str, CrisisChoice]) -> ChoiceLaw:
    """Take percentiles over crises, (percentile,) each."""
    table = np.array(list(choices.values()))
    # Each crisis stands in the middle of its part of the probabilities.
    middle = (np.arange(len(table)) + 0.5) / len(table)
    return ChoiceLaw(*(np.interp(PERCENTILES, middle, np.sort(table[:, column])) for column in range(3)))
