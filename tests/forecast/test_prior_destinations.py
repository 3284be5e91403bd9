"""A star of places gives the shares of the fitted law: defaults, kernel and law by itself."""

import numpy as np
import pytest

from forewarn import forecast
from forewarn.forecast.sampling import quantile
from forewarn.receptions import load_fitted
from forewarn.scenario import load

MEMBERS = 800
NUMBERS = {
    "attraction": "attraction_exponent",
    "distance": "distance_exponent",
    "spread": "pull_spread",
}


def simulated(star, *changes):
    """Shares of the refuges at the end, (member, refuge)."""
    found = forecast.run(star.scenario(*changes), members=MEMBERS, seed=3)["present"].sel(
        place=list(star.NAMES)
    )
    people = found.isel(day=-1).values.astype(float)
    return people / people.sum(axis=1, keepdims=True)


def by_the_law(star):
    """The same by its formula, from draws of its own."""
    destination = star.scenario().model.destination
    generator = np.random.Generator(np.random.Philox(8))
    drawn = {
        name: quantile(getattr(destination, key), generator.random(20_000))[:, None]
        for name, key in NUMBERS.items()
    }
    weight = np.array(star.RESIDENTS) ** drawn["attraction"] * (np.array(star.KM) + 10) ** -drawn["distance"]
    weight = weight * generator.standard_gamma(np.broadcast_to(drawn["spread"] ** -2.0, weight.shape))
    return weight / weight.sum(axis=1, keepdims=True)


def apart(first, second):
    """Largest difference of means and of quantiles of a place's share."""
    probabilities = (0.1, 0.25, 0.5, 0.75, 0.9)
    means = np.abs(first.mean(axis=0) - second.mean(axis=0)).max()
    quantiles = np.abs(np.quantile(first, probabilities, axis=0) - np.quantile(second, probabilities, axis=0))
    return max(means, quantiles.max())


@pytest.mark.statistical
def test_a_star_gives_the_fitted_shares(star):
    """Chance alone leaves some 0.04 between quantiles of 800 members and the law."""
    assert apart(simulated(star), by_the_law(star)) < 0.08


@pytest.mark.statistical
@pytest.mark.parametrize(
    "change",
    ["model.destination.distance_exponent*=0.5", "model.destination.pull_spread*=0.4",
     "model.destination.attraction_exponent*=0.3"],
)  # fmt: skip
def test_other_numbers_would_be_noticed(star, change):
    assert apart(simulated(star, change), by_the_law(star)) > 0.08


def test_a_star_without_chance_gives_the_formula(star):
    exact = ("model.destination.distance_exponent=1.5", "model.destination.attraction_exponent=0.5",
             "model.destination.pull_spread=0")  # fmt: skip
    weight = np.array(star.RESIDENTS) ** 0.5 * (np.array(star.KM) + 10) ** -1.5
    assert simulated(star, *exact).mean(axis=0) == pytest.approx(weight / weight.sum(), abs=0.001)


def test_the_defaults_are_the_fitted_numbers(star):
    fitted = load_fitted()["simulation"]["then"]
    percentiles = load_fitted()["simulation"]["percentiles"]
    destination = star.scenario().model.destination
    for name, key in NUMBERS.items():
        pairs = tuple(zip(percentiles, fitted[name], strict=True))
        assert getattr(destination, key).quantiles == pairs
        assert getattr(destination, key).source == "destinations-2018"
        assert getattr(load("idlib-2018").model.destination, key).quantiles == pairs
