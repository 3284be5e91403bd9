"""Every form of quantity has the distribution that docs/scenario.md gives it."""

from __future__ import annotations

import numpy as np
import pytest
import scipy

from forewarn.forecast.sampling import Sampler, member_keys, quantile, whole
from forewarn.scenario import Quantity
from forewarn.scenario.model.quantity import Share

P = np.array([0.001, 0.05, 0.25, 0.5, 0.75, 0.9, 0.999])
PERT_ALPHA, PERT_BETA = 1 + 4 * (2 - 1) / 4, 1 + 4 * (5 - 2) / 4
FORMS = {
    "pert": (
        {"low": 1, "mode": 2, "high": 5},
        lambda: scipy.stats.beta(PERT_ALPHA, PERT_BETA, loc=1, scale=4),
    ),
    "uniform": ({"low": 1, "high": 5}, lambda: scipy.stats.uniform(1, 4)),
    "lognormal": (
        {"median": 15, "p90": 61},
        lambda: scipy.stats.lognorm(s=np.log(61 / 15) / scipy.stats.norm.ppf(0.9), scale=15),
    ),
}


def quantity(kind=Quantity, **form):
    return kind(**form, source="assumption: test")


@pytest.mark.parametrize("name", FORMS)
def test_quantiles_are_those_of_the_distribution(name):
    form, distribution = FORMS[name]
    np.testing.assert_allclose(quantile(quantity(**form), P), distribution().ppf(P), rtol=1e-9)


@pytest.mark.parametrize("name", FORMS)
def test_draws_follow_the_distribution(name):
    form, distribution = FORMS[name]
    drawn = Sampler(member_keys(11, np.arange(2000))).draw("model.fear.decay_km", quantity(**form))
    assert scipy.stats.kstest(drawn, distribution().cdf).pvalue > 1e-3


def test_a_wrong_distribution_is_noticed():
    form, _ = FORMS["pert"]
    drawn = Sampler(member_keys(11, np.arange(2000))).draw("model.fear.decay_km", quantity(**form))
    assert scipy.stats.kstest(drawn, scipy.stats.uniform(1, 4).cdf).pvalue < 1e-3


def test_exact():
    assert quantile(quantity(value=0.4), P).tolist() == [0.4] * len(P)


def test_median_and_p90_of_a_lognormal():
    assert quantile(quantity(median=15, p90=61), np.array([0.5, 0.9])) == pytest.approx([15, 61])


def test_points_of_a_quantile_function():
    given = quantity(quantiles={0.1: 0.21, 0.5: 0.46, 0.9: 0.9})
    assert quantile(given, np.array([0.1, 0.3, 0.5, 0.9])) == pytest.approx([0.21, 0.335, 0.46, 0.9])


def test_beyond_the_outermost_quantiles():
    given = quantity(quantiles={0.1: 0.21, 0.5: 0.46, 0.9: 0.9})
    slope = (0.46 - 0.21) / 0.4
    assert quantile(given, np.array([0.0])) == pytest.approx([0.21 - slope * 0.05])


def test_the_permitted_range_ends_a_quantile_function():
    given = quantity(Share, quantiles={0.1: 0.0, 0.5: 0.5, 0.9: 1.0})
    assert quantile(given, np.array([0.0, 1.0])).tolist() == [0.0, 1.0]


@pytest.mark.parametrize(
    "form", [FORMS[name][0] for name in FORMS] + [{"quantiles": {0.2: 1, 0.4: 1, 0.8: 7}}], ids=str
)
def test_quantiles_never_fall_and_are_finite(form):
    values = quantile(quantity(**form), np.concatenate([[0.0], np.linspace(0.001, 0.999, 99)]))
    assert np.isfinite(values).all()
    assert (np.diff(values) >= 0).all()


def test_a_draw_depends_on_its_path_and_on_nothing_else():
    form = quantity(low=0, high=1)
    keys = member_keys(5, np.arange(6))
    all_of_them = Sampler(keys).draw("model.fear.intensity", form)
    assert Sampler(keys[4:5]).draw("model.fear.intensity", form)[0] == all_of_them[4]
    assert not np.array_equal(Sampler(keys).draw("model.fear.decay_km", form), all_of_them)
    assert not np.array_equal(
        Sampler(member_keys(6, np.arange(6))).draw("model.fear.intensity", form), all_of_them
    )


def test_half_is_rounded_up_and_bounded():
    assert whole(np.array([0.5, 1.5, 2.4])).tolist() == [1, 2, 2]
    assert Sampler(member_keys(1, np.arange(2))).whole("x", quantity(value=0.2), 1).tolist() == [1, 1]


@pytest.mark.parametrize("number", [2.0**31, 1e19, 1e300, np.inf])
def test_a_number_beyond_all_people_does_not_turn_negative(number):
    """An organised return of so many people, or an attack of so many days, was one of less than nothing."""
    assert whole(np.array([number, 2.4])).tolist() == [2**31 - 1, 2]
