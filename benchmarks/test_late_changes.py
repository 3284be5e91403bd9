"""How long futures of Idlib 2018 take that go on from kept states, by how late their change matters."""

from __future__ import annotations

import numpy as np
import pytest

from forewarn.forecast.members import keep_members, run_members
from forewarn.network import build
from forewarn.scenario import change, load, narrow

MEMBERS = np.arange(13)
CHANGES = {
    "a crossing": "crossings.bab-al-hawa.status=open",
    "the first stage": "courses.staged.stages.south.start+=10",
    "posts": "model.posts.effect=0",
    "the fourth stage": "courses.staged.stages.city.start+=5",
    "the last stage": "courses.staged.stages.border.start+=5",
    "a larger camp": "places.Atma (camp cluster).capacity=300000",
}


@pytest.fixture(scope="module")
def staged():
    return narrow(load("idlib-2018"), course="staged")


@pytest.fixture(scope="module")
def kept(staged):
    return keep_members(staged, build(staged), 1, MEMBERS)[1]


@pytest.mark.parametrize("name", CHANGES)
@pytest.mark.parametrize("begins", ["late", "on the first day"])
def test_changed_members(benchmark, staged, kept, name, begins):
    changed = change(staged, [CHANGES[name]])
    network = build(changed)
    given = (changed, network, 1, MEMBERS, None, None, kept if begins == "late" else None)
    benchmark.pedantic(run_members, given, rounds=3, warmup_rounds=1)


def test_keeping_them(benchmark, staged):
    """What it costs to keep states, and how large they are."""
    _, kept = benchmark.pedantic(keep_members, (staged, build(staged), 1, MEMBERS), rounds=3)
    benchmark.extra_info["MB"] = kept.nbytes / 1e6
