"""The fitted numbers in the package, its record of scores, and both put to use on tables of a user."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from dataclasses import fields
from functools import cache
from importlib.resources import files
from typing import Any, Final, get_type_hints

import numpy as np

from forewarn.receptions import models, scoring
from forewarn.receptions.choices import DestinationCase
from forewarn.receptions.dressing import Dressing
from forewarn.receptions.logit import DestinationLogit
from forewarn.receptions.scoring import DestinationScores, PointForecast

ALIKE: Final = 0.8
"""Part of the places of a table that a fitted country must know for its own fit to be used."""
ANYWHERE: Final = "anywhere"


@cache
def load_fitted() -> dict[str, Any]:
    """Read the fitted numbers: models and baselines by kind of case, and credit."""
    return dict(json.loads(_package_text("fitted.json")))


@cache
def load_scores() -> tuple[DestinationScores, ...]:
    """Read the record of scores."""
    kinds = get_type_hints(DestinationScores)
    rows = []
    for row in csv.DictReader(_package_text("scores.csv").splitlines()):
        values: dict[str, Any] = {field.name: row[field.name] for field in fields(DestinationScores)}
        pit = tuple(float(part) for part in values.pop("pit").split())
        rows.append(DestinationScores(**{name: kinds[name](text) for name, text in values.items()}, pit=pit))
    return tuple(rows)


def load_table(name: str) -> list[dict[str, str]]:
    """Read another table of the record: ``coverage.csv``, ``by_crisis.csv`` or ``candidates.csv``."""
    return list(csv.DictReader(_package_text(name).splitlines()))


def fitted_for(case: DestinationCase) -> str:
    """Name the fit that is used for a case: of a country whose places it has, else of any."""
    if case.dataset == "receptions":
        return "receptions"
    for country in models.FLOW_DATASETS:
        known = load_fitted()["models"][f"{country} cold"]["places"]
        if len(known.keys() & set(case.places)) >= ALIKE * len(case.places):
            return country
    return ANYWHERE


def shipped_logit(kind: str, case: DestinationCase) -> DestinationLogit:
    """Build the logit of a kind of case such as ``somalia cold``, with effects of places."""
    found = load_fitted()["models"][kind]
    return DestinationLogit(
        tuple(found["covariates"]),
        np.array(list(found["covariates"].values())),
        {},
        {(case.dataset, place): effect for place, effect in found["places"].items()},
    )


def score_shipped(cases: Sequence[DestinationCase], *, seed: int = 1) -> list[DestinationScores]:
    """Score the shipped fit and every baseline on cases of a user; all of them of one data set and stage.

    Nothing is fitted here: models, stay shares and dressings are those of the package.
    """
    country, stage = fitted_for(cases[0]), cases[0].stage
    # Only Somalia has a fit with history; elsewhere the effects of its places find no place to act on.
    kind = "somalia history" if stage == "history" else f"{country} {stage}"
    dressing = Dressing(**load_fitted()["models"][kind]["dressing"])
    if stage == "first-count":
        forecast = models.forecast_carried(cases)
    else:
        logit = shipped_logit(kind, cases[0])
        forecast = PointForecast(models.FITTED, [logit.shares(case) for case in cases], np.ones(len(cases)))
    known = load_fitted()["baselines"]["somalia cold" if kind == f"{ANYWHERE} cold" else kind]
    stays = [known["stay"]] * len(cases) if "stay" in known and stage == "cold" else None
    naive = models.forecast_baselines(cases, stays)
    scores = [scoring.score_cases(cases, forecast, [dressing] * len(cases), seed=seed)]
    scores += [
        scoring.score_cases(cases, one, [Dressing(**known[one.name])] * len(cases), seed=seed)
        for one in naive
    ]
    return scoring.summarise_scores(cases, scores, [one.name for one in naive], seed=seed)


def _package_text(name: str) -> str:
    return (files("forewarn") / "data" / "receptions" / name).read_text(encoding="utf-8")
