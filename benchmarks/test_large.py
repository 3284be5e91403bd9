"""How long one member takes among 20,000 places: a country of villages, a year, origins kept by region."""

from __future__ import annotations

import resource
from datetime import date

import numpy as np

from forewarn.forecast.members import run_members
from forewarn.network import build
from forewarn.scenario import Scenario, resolve

SIDE = 142  # villages in a row of the grid
PLACES = 20_000
ROADS = 24_000
REGIONS = 20


def large_scenario() -> Scenario:
    """Villages on a grid, joined by a random tree and more roads up to `ROADS`; five stages take 40 each."""
    rng = np.random.default_rng(1)
    km = rng.uniform(2.0, 5.0, 2 * PLACES)
    names = [f"village {i}" for i in range(PLACES)]
    ends = [(i, i - 1 if i % SIDE and rng.random() < 0.5 or i < SIDE else i - SIDE) for i in range(1, PLACES)]
    more = [(i, i - SIDE) for i in range(SIDE, PLACES) if ends[i - 1] != (i, i - SIDE)]
    chosen = rng.permutation(len(more))[: ROADS - len(ends)]
    ends += [more[i] for i in chosen]
    people = rng.integers(100, 3_000, PLACES)
    return resolve(
        {
            "format": 1,
            "name": "large",
            "title": "Twenty thousand villages",
            "issued": date(2030, 1, 1),
            "horizon_days": 365,
            "source": "assumption: made up to measure speed",
            "zones": {"north": {"title": "The north"}, "south": {"title": "The south"}},
            "crossings": [
                {
                    "name": "front line",
                    "title": "The front line",
                    "between": ["north", "south"],
                    "roads": "all",
                    "status": "leaking",
                    "pass_rate": 0.02,
                }
            ],
            "model": {"churn": {"zones": ["north", "south"]}, "warning": {"zones": []}},
            "places": [
                {
                    "name": names[i],
                    "admin1": f"region {i * REGIONS // PLACES}",
                    "kind": "town",
                    "zone": "north" if i < PLACES // 2 else "south",
                    "lat": 10.0 + (i // SIDE) * 0.03,
                    "lon": 20.0 + (i % SIDE) * 0.03,
                    "residents": int(people[i]),
                }
                for i in range(PLACES)
            ],
            "routes": [
                {"from": names[a], "to": names[b], "km": round(float(km[i]), 1)}
                for i, (a, b) in enumerate(ends)
            ],
            "courses": [
                {
                    "name": "offensive",
                    "title": "An offensive in five stages",
                    "probability": 1.0,
                    "stages": [
                        {
                            "name": f"stage {number}",
                            "places": [names[PLACES // 2 + 40 * number + i] for i in range(40)],
                            "kind": "ground-attack",
                            "start": date(2030, number + 2, 1),
                            "duration_days": 60,
                            "falls_after_days": 30,
                            "control_after": "north",
                        }
                        for number in range(5)
                    ],
                }
            ],
        }
    )


def test_a_year_of_twenty_thousand_places(benchmark):
    scenario = large_scenario()
    network = build(scenario)
    members = np.array([0])
    benchmark.pedantic(run_members, (scenario, network, 1, members), rounds=1, warmup_rounds=0)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    benchmark.extra_info["peak_gib"] = round(peak, 2)
