"""How long a hindcast takes: six conflicts of ten camps over two years, every forecaster, both modes."""

from __future__ import annotations

import numpy as np

from forewarn.flee.registrations import Registrations, RegistrationSeries
from forewarn.hindcast.data.as_of import issues
from forewarn.hindcast.forecasters.base import MODES
from forewarn.hindcast.forecasters.catalogue import usual
from forewarn.hindcast.running import run


def conflict(seed: int) -> Registrations:
    from datetime import date

    draws = np.random.Generator(np.random.Philox(seed))
    series = []
    for place in range(10):
        days = np.sort(draws.choice(730, size=50, replace=False)).astype(np.int64)
        series.append(
            RegistrationSeries(f"Camp {place}", days, np.cumsum(draws.gamma(0.5, 500, size=50)).round())
        )
    return Registrations(f"conflict {seed}", date(2020, 1, 1), 730, tuple(series), (), None, ())


def test_hindcast(benchmark):
    found = {
        case.name: {horizon: issues(case, horizon_days=horizon) for horizon in (30, 90)}
        for case in map(conflict, range(6))
    }
    scored = benchmark.pedantic(lambda: list(run(found, usual(), modes=MODES)), rounds=3)
    benchmark.extra_info["forecasts"] = len(scored)
