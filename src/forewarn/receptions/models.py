"""The fitted models of where people go: what each knows, and how each is fitted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from forewarn.receptions import baselines
from forewarn.receptions.choices import DestinationCase, Floats, weights
from forewarn.receptions.logit import DestinationLogit, Penalties, fit_logit
from forewarn.receptions.scoring import PointForecast

FITTED: Final = "fitted"
FLOW_DATASETS: Final = ("somalia", "afghanistan")


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a logit is fitted: its covariates and priors."""

    covariates: tuple[str, ...]
    penalties: Penalties


AREAS: Final = Recipe(
    ("own", "own_seat", "log_people", "log_km", "log_near", "region", "seat", "region_seat"),
    Penalties(coefficient=0.5, place=1.0),
)
"""Flows between areas, one country at a time."""
ANYWHERE: Final = Recipe(AREAS.covariates, Penalties(coefficient=0.5, crisis=1.0, place=1.0))
"""Flows between areas of a country that nothing is known of: deviations of countries are left out in use."""
HISTORY: Final = Recipe(("own", "log_km", "region", "log_before"), Penalties(coefficient=1.0, place=0.5))
"""With earlier flows of the same origin."""
EVENTS: Final = Recipe(("log_people", "log_km"), Penalties(coefficient=0.5))
"""Receptions of offensives."""


def recipe_of(dataset: str, stage: str) -> Recipe | None:
    """Find the recipe for cases of a kind; None after a first count, which is carried on."""
    if stage == "history":
        return HISTORY
    if dataset == "receptions":
        return EVENTS if stage == "cold" else None
    return AREAS


def fit_recipe(
    cases: Sequence[DestinationCase], recipe: Recipe, *, start: DestinationLogit | None = None
) -> DestinationLogit:
    """Fit a recipe; every crisis weighs the same, and in it every event or origin."""
    weighed = weights(cases)
    return fit_logit(cases, weighed / weighed.mean(), recipe.covariates, recipe.penalties, start=start)


def forecast_left_out(cases: Sequence[DestinationCase], recipe: Recipe) -> PointForecast:
    """Forecast each case with a logit fitted on the other folds."""
    whole = fit_recipe(cases, recipe)
    shares: list[Floats] = [np.zeros(0)] * len(cases)
    for fold in sorted({case.fold for case in cases}):
        others = [case for case in cases if case.fold != fold]
        fitted = fit_recipe(others, recipe, start=whole)
        for index, case in enumerate(cases):
            if case.fold == fold:
                shares[index] = fitted.shares(case)
    return PointForecast(FITTED, shares, np.ones(len(cases)))


def carried(case: DestinationCase) -> Floats:
    """Carry a first count on: the later the day, the more of it goes over to gravity.

    A tenth does in as many days as the count was old (days since the attack began): 1 - 0.9^(later / age).
    """
    moved = 1 - (1 - baselines.GRAVITY_PART) ** age_ratio(case)
    return np.asarray((1 - moved) * baselines.last(case) + moved * baselines.gravity(case))


def age_ratio(case: DestinationCase) -> float:
    """Days from the first count to the forecast's day over days from the attack to the first count."""
    return float(case.covariates["age_ratio"][0])


def forecast_carried(cases: Sequence[DestinationCase]) -> PointForecast:
    """Carry first counts on; the concentration falls with the age ratio."""
    firmness = np.array([1 / max(age_ratio(case), 0.05) for case in cases])
    return PointForecast(FITTED, [carried(case) for case in cases], firmness)


def forecast_baselines(
    cases: Sequence[DestinationCase], stays: Sequence[float] | None = None
) -> list[PointForecast]:
    """Forecast with every baseline that the cases allow.

    Parameters
    ----------
    stays
        (case,), share that stays in the own area, from other cases; None = there is no own area.
    """
    known: dict[str, list[Floats]] = {
        name: [baseline(case) for case in cases] for name, baseline in baselines_of(cases).items()
    }
    if stays is not None:
        known[STAY_NAME] = [
            baselines.stay_with_gravity(stay)(case) for stay, case in zip(stays, cases, strict=True)
        ]
    return [PointForecast(name, shares, np.ones(len(cases))) for name, shares in known.items()]


STAY_NAME: Final = "fitted stay share, gravity"


def baselines_of(cases: Sequence[DestinationCase]) -> Mapping[str, baselines.Baseline]:
    """Find the baselines of a kind of case."""
    if cases[0].stage == "history":
        return baselines.WITH_HISTORY | {"gravity of 0.1.0": baselines.gravity}
    if cases[0].stage == "first-count":
        return baselines.AFTER_A_COUNT
    stay = any(baselines.own(case).any() for case in cases)
    return {name: baseline for name, baseline in baselines.COLD.items() if name != "all stay" or stay}


def stay_share(cases: Sequence[DestinationCase]) -> float:
    """Mean share that stayed in the own area."""
    return float(np.dot(weights(cases), [float(case.truth @ baselines.own(case)) for case in cases]))


def stays_left_out(cases: Sequence[DestinationCase]) -> list[float] | None:
    """Take the stay share for each case from the other folds; None where there is no own area."""
    if not any(baselines.own(case).any() for case in cases):
        return None
    found = {
        fold: stay_share([case for case in cases if case.fold != fold] or cases)
        for fold in {case.fold for case in cases}
    }
    return [found[case.fold] for case in cases]
