"""A forecast of an issue, and what it scored: the records that every table of scores is made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from forewarn.arraytypes import Floats
from forewarn.hindcast.data.as_of import Issue
from forewarn.hindcast.scores.formulas import (
    LEVELS,
    covered,
    crps,
    normalised_absolute_error,
    weighted_interval_score,
)


@dataclass(frozen=True, slots=True)
class IssueForecast:
    """Forecast of one issue.

    Parameters
    ----------
    point
        (place,), people.
    samples
        For each place (member,), people, all members equally likely.
    """

    point: Floats
    samples: tuple[Floats, ...]


@dataclass(frozen=True, slots=True)
class Scored:
    """One forecast and its scores.

    Parameters
    ----------
    crps, weighted_interval_score
        Sums over places divided by the people who were there: comparable between conflicts.
    covered
        (level of `scores.LEVELS`, place), whether the central interval held the truth.
    """

    forecaster: str
    mode: str
    issue: Issue
    forecast: IssueForecast
    error: float
    crps: float
    weighted_interval_score: float
    covered: tuple[tuple[bool, ...], ...]


def score(name: str, mode: str, issue: Issue, forecast: IssueForecast) -> Scored:
    """Score the forecast that a forecaster made of an issue in a mode."""
    people = issue.truth.sum()
    pairs = list(zip(forecast.samples, issue.truth, strict=True))
    inside = [covered(samples, true) for samples, true in pairs]
    return Scored(
        forecaster=name,
        mode=mode,
        issue=issue,
        forecast=forecast,
        error=normalised_absolute_error(forecast.point, issue.truth),
        crps=float(sum(crps(samples, true) for samples, true in pairs) / people),
        weighted_interval_score=float(
            sum(weighted_interval_score(samples, true) for samples, true in pairs) / people
        ),
        covered=tuple(tuple(place[level] for place in inside) for level in range(len(LEVELS))),
    )


def losses(scored: Sequence[Scored], forecaster: str, measure: str) -> dict[str, Floats]:
    """Collect a loss of one forecaster by conflict: (issue,), in order of time."""
    found: dict[str, list[float]] = {}
    for entry in scored:
        if entry.forecaster == forecaster:
            found.setdefault(entry.issue.conflict, []).append(getattr(entry, measure))
    return {name: np.array(values) for name, values in found.items()}
