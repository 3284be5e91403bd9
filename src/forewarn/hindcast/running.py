"""Hindcasts: every forecaster on every conflict, issue by issue, with only what was known."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from forewarn.hindcast.data.as_of import Issue
from forewarn.hindcast.forecasters.base import Forecaster, issue_forecast
from forewarn.hindcast.scores.records import Scored, score

Progress = Callable[[int, int], None]


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
            yield score(forecaster.name, mode, issue, forecast)
    if progress is not None:
        progress(len(jobs), len(jobs))
