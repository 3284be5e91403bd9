"""Forecasts that anybody can make with a spreadsheet: what a fitted model has to beat."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np

from forewarn.receptions.choices import DestinationCase, Floats
from forewarn.receptions.covariates import NEAR_KM, SMALL

PREVIOUS_POPULATION_EXPONENT: Final = 0.8
PREVIOUS_DISTANCE_EXPONENT: Final = 1.3
PREVIOUS_CAMP_PULL: Final = 0.5
PREVIOUS_DANGER: Final = 3.0
"""Modes of `model.destination` in version 0.1.0: assumptions of that version."""
GRAVITY_PART: Final = 0.1
"""Part of gravity in `last_with_gravity`, as asked for."""

Baseline = Callable[[DestinationCase], Floats]


def equal(case: DestinationCase) -> Floats:
    """Give every place the same share."""
    return np.full(len(case.places), 1 / len(case.places))


def population(case: DestinationCase) -> Floats:
    """Shares in proportion to residents."""
    return normalised(case, case.covariates["raw_people"])


def population_by_km(case: DestinationCase) -> Floats:
    """Shares in proportion to residents over distance, at least 10 km."""
    return normalised(case, case.covariates["raw_people"] / np.maximum(case.covariates["raw_km"], NEAR_KM))


def displaced(case: DestinationCase) -> Floats:
    """Shares of the displaced who are already there, outside what is under attack."""
    free = 1 - case.covariates.get("attacked", np.zeros(len(case.places)))
    return normalised(case, case.covariates["raw_displaced"] * free)


def gravity(case: DestinationCase) -> Floats:
    """Shares by the modes of version 0.1.0: nobody stays, residents^0.8 (km + 10)^-1.3, camps, danger."""
    known, nothing = case.covariates, np.zeros(len(case.places))
    pulled = known["raw_people"] ** PREVIOUS_POPULATION_EXPONENT
    pulled = pulled * (known["raw_km"] + NEAR_KM) ** -PREVIOUS_DISTANCE_EXPONENT
    felt = PREVIOUS_CAMP_PULL * known.get("camp", nothing) - PREVIOUS_DANGER * known.get("attacked", nothing)
    return normalised(case, pulled * np.exp(felt) * (1 - own(case)))


def all_stay(case: DestinationCase) -> Floats:
    """Everybody stays in the own area; gravity where it is no choice."""
    return own(case) if own(case).any() else gravity(case)


def stay_with_gravity(stay: float) -> Baseline:
    """Give a share that stays in the own area, and gravity for the rest."""

    def forecast(case: DestinationCase) -> Floats:
        part = stay if own(case).any() else 0.0
        return part * own(case) + (1 - part) * gravity(case)

    return forecast


def last(case: DestinationCase) -> Floats:
    """Shares of what was counted before stay as they were."""
    return normalised(case, case.before)


def last_with_gravity(case: DestinationCase) -> Floats:
    """Give nine tenths as counted before, and a tenth by gravity."""
    return (1 - GRAVITY_PART) * last(case) + GRAVITY_PART * gravity(case)


def own_history(case: DestinationCase) -> Floats:
    """Earlier flows of the same origin, decayed, and 500 people of gravity."""
    return normalised(case, case.before + SMALL * gravity(case))


def own(case: DestinationCase) -> Floats:
    """1 for the area that people left."""
    return case.covariates.get("own", np.zeros(len(case.places)))


def normalised(case: DestinationCase, values: Floats) -> Floats:
    """Values as shares; equal ones where there is nothing to go by."""
    total = values.sum()
    return values / total if total > 0 else equal(case)


COLD: Final[dict[str, Baseline]] = {
    "equal": equal,
    "population": population,
    "population / km": population_by_km,
    "displaced outside the front": displaced,
    "gravity of 0.1.0": gravity,
    "all stay": all_stay,
}
WITH_HISTORY: Final[dict[str, Baseline]] = {
    "last shares": last,
    "last shares, 10 % gravity": last_with_gravity,
    "own history, decayed": own_history,
}
AFTER_A_COUNT: Final[dict[str, Baseline]] = {
    "equal": equal,
    "gravity of 0.1.0": gravity,
    "last shares": last,
    "last shares, 10 % gravity": last_with_gravity,
}
