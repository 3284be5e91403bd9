"""How long members take: Idlib 2018 as shipped, and with a hundred times the people."""

from __future__ import annotations

import numpy as np
import pytest

from forewarn.forecast.members import run_members
from forewarn.network import build
from forewarn.scenario import explicit, load, resolve

MEMBERS = np.arange(40)


def with_people(times: int):
    """Idlib 2018 with so many times the people, capacities and flows of people."""
    document = explicit(load("idlib-2018"))
    for place in document["places"]:
        place["residents"] *= times
        place["displaced"] *= times
    return resolve(document)


@pytest.mark.parametrize("times", [1, 100])
def test_idlib_members(benchmark, times):
    scenario = with_people(times)
    network = build(scenario)
    run_members(scenario, network, 1, MEMBERS[:4])
    benchmark.pedantic(run_members, (scenario, network, 1, MEMBERS), rounds=3)
    benchmark.extra_info["ms_per_member"] = benchmark.stats["mean"] / len(MEMBERS) * 1000
