"""What is shipped stands for the conflicts it was learnt from, and is not used on them."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from forewarn.hindcast.cold_start.shares import GRID
from forewarn.hindcast.data.as_of import issues
from forewarn.hindcast.forecasters.base import MODES
from forewarn.hindcast.forecasters.catalogue import every, shippable
from forewarn.hindcast.forecasters.learnt import LearntGrid, Training, spread, thinned
from forewarn.hindcast.forecasters.shipped import from_json, learn_all, load, marks, to_json
from forewarn.hindcast.running import run
from forewarn.hindcast.scores.summary import summarise
from tests.hindcast.conflicts import drawn

FOUND = {name: drawn(seed, name=name) for seed, name in enumerate(("one", "two", "three", "four"))}
ISSUES = {
    name: {horizon: issues(one, horizon_days=horizon) for horizon in (30, 90)} for name, one in FOUND.items()
}


@pytest.fixture(scope="module")
def shipped():
    """Learnt from three conflicts and read from the file that would be shipped."""
    three = [FOUND[name] for name in ("two", "three", "four")]
    learnt = learn_all(shippable(), {one.name: ISSUES[one.name] for one in three}, MODES)
    return from_json(json.loads(json.dumps(to_json(three, learnt, LearntGrid(3, np.arange(4.0))))))


@pytest.mark.parametrize(
    "name", ["forewarn", "drift", "forewarn-open-camps", "forewarn-pool", "drift+pooled"]
)
def test_it_stands_for_the_conflicts_themselves(shipped, name):
    beside = run(ISSUES, [every()[name]], modes=MODES, only=["one"])
    alone = run({"one": ISSUES["one"]}, [every(prior=shipped.prior)[name]], modes=MODES)
    bare = run({"one": ISSUES["one"]}, [every()[name]], modes=MODES)
    rows = [summarise(list(found)) for found in (beside, alone, bare)]
    for with_others, with_prior, _ in zip(*rows, strict=True):
        assert with_prior.error == pytest.approx(with_others.error, abs=1e-6)
        assert with_prior.crps == pytest.approx(with_others.crps, rel=0.02)
    # The control: without anything learnt the scores are others.
    assert any(two.crps != pytest.approx(three.crps, rel=0.02) for two, three in zip(*rows[1:], strict=True))


def test_conflicts_are_known_again_by_name_and_by_their_registrations(shipped):
    renamed = replace(FOUND["two"], name="something-else")
    cut = replace(renamed, series=renamed.series[:1])
    moved = replace(renamed, start=renamed.start.replace(year=2021))
    one = renamed.series[0]
    short = replace(renamed, series=(replace(one, days=one.days[4:12], counts=one.counts[4:12]),))
    changed = [replace(one, counts=one.counts + np.arange(len(one.counts)) % 3) for one in renamed.series]
    assert shipped.known_again([FOUND["one"]]) == ()
    assert shipped.known_again([replace(FOUND["one"], name="two")]) == ("two",)
    assert shipped.known_again([renamed]) == shipped.known_again([cut]) == ("something-else",)
    assert shipped.known_again([moved]) == shipped.known_again([short]) == ("something-else",)
    assert shipped.known_again([replace(renamed, series=tuple(changed))]) == ()
    assert marks(renamed) == marks(FOUND["two"])


def test_quantiles_stand_for_the_errors():
    errors = np.sort(np.random.Generator(np.random.Philox(3)).gamma(1.0, 1.0, 1000))
    again = spread(thinned(errors, 200).tolist(), 1000)
    assert len(again) == 1000
    assert np.abs(again - errors)[:-30].max() < 0.05
    assert len(spread([], 0)) == 0


def test_what_was_learnt_is_joined_by_conflicts():
    one = Training(1, (0.0, 1.0), np.array([1.0]))
    three = Training(3, (1.0, 0.0), np.array([0.0, 2.0]))
    both = one.joined(three)
    assert both.conflicts == 4
    assert both.parameters == (0.75, 0.25)
    assert both.errors.tolist() == [0, 1, 2]
    assert one.joined(None) is one
    assert Training(0, (5.0, 5.0)).joined(three) is three


def test_what_the_program_ships_can_be_read():
    found = load()
    assert len(found.names) == 10
    assert ("forewarn", "total-forecast", 30) in found.prior
    assert all(np.isfinite(one.errors).all() for one in found.prior.values())
    # Errors on the scale of nobody were tens of thousands of scales.
    assert max(np.abs(one.errors).max(initial=0) for one in found.prior.values()) < 1000
    assert found.known_again(FOUND.values()) == ()
    assert len(found.cold.errors) == len(GRID)
