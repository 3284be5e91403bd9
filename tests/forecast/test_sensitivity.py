"""Given-data sensitivity: known indexes, and numbers that do nothing."""

from __future__ import annotations

import numpy as np
import pytest

from forewarn import forecast
from forewarn.forecast.sensitivity import CLASSES, drivers, first_order_index
from forewarn.scenario import change, load


def test_the_index_of_ishigami():
    """Ishigami and Homma 1990, a = 7, b = 0.1: first-order indexes 0.314, 0.442 and 0.

    Eight classes cannot see all of a curve within them: integrals over each class give 0.295 and 0.361.
    """
    x = np.random.Generator(np.random.Philox(3)).uniform(-np.pi, np.pi, (40_000, 3))
    y = np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])
    found = [first_order_index(x[:, i], y) for i in range(3)]
    grid = np.linspace(-np.pi, np.pi, 80_001)
    variance = 7**2 / 8 + 0.1 * np.pi**4 / 5 + 0.1**2 * np.pi**8 / 18 + 0.5
    effects = np.sin(grid) * (1 + 0.1 * np.pi**4 / 5), 7 * np.sin(grid) ** 2
    seen = [
        np.var([part.mean() for part in np.array_split(effect, CLASSES)]) / variance for effect in effects
    ]
    assert found == pytest.approx([*seen, 0.0], abs=0.015)
    assert seen == pytest.approx([0.314, 0.442], rel=0.2)


def test_chance_alone_gives_about_nothing():
    rng = np.random.Generator(np.random.Philox(4))
    found = [first_order_index(rng.uniform(size=200), rng.normal(size=200)) for _ in range(200)]
    assert np.mean(found) < 0.02
    assert np.quantile(found, 0.9) < 0.06


def test_a_constant_result_has_no_driver():
    assert first_order_index(np.arange(10.0), np.ones(10)) == 0.0


@pytest.fixture(scope="module")
def uncertain():
    """The teaching scenario with one number that matters and one that cannot."""
    from forewarn.scenario import explicit, resolve

    document = explicit(load("crossroads"))
    document["model"]["flight"]["share_leaving"] = {"low": 0.1, "high": 0.9, "source": "assumption: made up"}
    document["model"]["warning"]["half_life_days"] = {"low": 5, "high": 20, "source": "assumption: made up"}
    return resolve(document)


def test_the_number_that_matters_is_found(uncertain):
    dataset = forecast.run(uncertain, members=240, seed=2)
    (found,) = drivers(dataset, uncertain)
    assert found.path == "model.flight.share_leaving"
    assert found.index > 0.9
    assert found.low < found.high
    assert found.low_value == pytest.approx(0.2, abs=0.05)
    assert found.high_value == pytest.approx(0.8, abs=0.05)


def test_another_seed_finds_nothing(uncertain):
    """Draws that are not the members' own go with nothing: the negative control."""
    dataset = forecast.run(uncertain, members=240, seed=2).assign_attrs(seed=3)
    assert drivers(dataset, uncertain) == ()


def test_too_few_members_give_none(uncertain):
    assert drivers(forecast.run(uncertain, members=40, seed=2), uncertain) == ()


def test_a_scenario_without_uncertain_numbers_has_none():
    scenario = change(load("crossroads"), ["model.fear.decay_km=20"])
    assert drivers(forecast.run(scenario, members=200, seed=2), scenario) == ()
