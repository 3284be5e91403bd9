"""Hindcasts: every forecaster on every conflict, issue by issue, with only what was known."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from forewarn.hindcast.data.as_of import Floats, Issue
from forewarn.hindcast.forecasters.base import Forecaster, IssueForecast, issue_forecast
from forewarn.hindcast.scores.formulas import (
    LEVELS,
    covered,
    crps,
    normalised_absolute_error,
    weighted_interval_score,
)

Progress = Callable[[int, int], None]


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


def run(
    issues: Mapping[str, Mapping[int, Sequence[Issue]]],
    forecasters: Sequence[Forecaster],
    *,
    modes: Sequence[str],
    only: Sequence[str] | None = None,
    progress: Progress | None = None,
) -> Iterator[Scored]:
    """Issue and score all forecasts; what a forecaster learns comes from the other conflicts alone.

    Parameters
    ----------
    issues
        By conflict and horizon, in order of time.
    only
        Conflicts to forecast; the others are learnt from alone. All by default.
    progress
        Called with (conflicts × forecasters × modes × horizons done, in all).
    """
    jobs = [
        (name, horizon, mode, forecaster)
        for name in (issues if only is None else only)
        for horizon in issues[name]
        for mode in modes
        for forecaster in forecasters
        if forecaster.can(mode)
    ]
    for done, (name, horizon, mode, forecaster) in enumerate(jobs):
        if progress is not None:
            progress(done, len(jobs))
        others = {other: found[horizon] for other, found in issues.items() if other != name}
        issuer = forecaster.learn(others, horizon, mode)
        for issue in issues[name][horizon]:
            earlier = [past for past in issues[name][horizon] if past.matured_day <= issue.issue_day]
            forecast = issue_forecast(issuer, issue, mode, earlier)
            yield _score(forecaster.name, mode, issue, forecast)
    if progress is not None:
        progress(len(jobs), len(jobs))


def _score(name: str, mode: str, issue: Issue, forecast: IssueForecast) -> Scored:
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
