import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st

from forewarn.errors import UsageError
from forewarn.forecast import summary
from forewarn.forecast.quantiles import (
    mixture_bounds,
    quantile_bounds,
    quantiles_by_course,
    weighted_quantiles,
)

PROBABILITIES = (0.0, 0.05, 0.25, 0.5, 0.75, 0.9, 0.95, 1.0)


def members(values, **coordinates):
    values = np.asarray(values)
    coordinates = {name: ("member", np.asarray(array)) for name, array in coordinates.items()}
    return xr.DataArray(values, dims=("member", "day")[: values.ndim], coords=coordinates)


def smallest_that_covers(values, probability):
    """The definition, by counting: the smallest v with a share of values up to v of at least q."""
    ordered = sorted(values)
    needed = max(1, -(-int(round(probability * 10_000)) * len(ordered) // 10_000))
    return ordered[needed - 1]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 50), st.integers(1, 6)), min_size=1, max_size=25))
def test_weights_are_repetitions(pairs):
    values, repeats = zip(*pairs, strict=True)
    weights = xr.DataArray(np.array(repeats) / 7.0, dims="member")
    found = weighted_quantiles(members(values), weights=weights, probabilities=PROBABILITIES)
    repeated = [value for value, times in pairs for _ in range(times)]
    assert found.values.tolist() == [smallest_that_covers(repeated, q) for q in PROBABILITIES]


def test_a_plain_quantile_would_differ():
    values, weights = members([1, 2, 3]), xr.DataArray([0.8, 0.1, 0.1], dims="member")
    weighted = weighted_quantiles(values, weights=weights, probabilities=[0.5])
    plain = weighted_quantiles(values, weights=xr.ones_like(weights), probabilities=[0.5])
    assert (int(weighted[0]), int(plain[0])) == (1, 2)


def test_rounding_of_weights_moves_no_quantile():
    values = members(np.arange(10))
    weights = xr.DataArray(np.array([0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.05, 0.15]), dims="member")
    # Ten sums of 0.1 miss 0.3 by rounding; the third member must still reach it.
    assert int(weighted_quantiles(values, weights=weights, probabilities=[0.3])[0]) == 2


def test_members_without_weight_are_not_there():
    weights = xr.DataArray([0.0, 1.0], dims="member")
    assert weighted_quantiles(members([0, 9]), weights=weights, probabilities=[0.0]).values.tolist() == [9]


@pytest.mark.parametrize(
    ("weights", "probability"), [([0.0, 0.0], 0.5), ([1.0, -0.5], 0.5), ([1.0, 1.0], 1.2)]
)
def test_senseless_quantiles_are_refused(weights, probability):
    with pytest.raises(UsageError):
        weighted_quantiles(
            members([1, 2]), weights=xr.DataArray(weights, dims="member"), probabilities=[probability]
        )


def test_quantiles_by_course_keep_courses_apart():
    values = members([[1], [100], [3], [300], [2], [200]], course=list("ababab"),
                     weight=[0.2, 0.1] * 3)  # fmt: skip
    found = quantiles_by_course(values, probabilities=[0.5])
    assert found.dims == ("course", "quantile", "day")
    assert found.sel(course="a").values.ravel().tolist() == [2]
    assert found.sel(course="b").values.ravel().tolist() == [200]


@pytest.fixture
def tiny(synthetic, crossroads):
    """Eight members of two courses; people who left at the horizon can be read off the fingers.

    attack (0.75): 1,000 2,000 3,000 4,000 and 100 ordinary each; calm (0.25): 0, 0, 10, 20 and 50 each.
    """
    dataset = synthetic.empty(crossroads, members=8)
    for k, (attacked, afraid) in enumerate(
        [(700, 300), (0, 0), (1500, 500), (0, 0), (2500, 500), (5, 5), (3600, 400), (10, 10)]
    ):
        ordinary = 50 if k % 2 else 100
        dataset["left_home"][k, -1] = [attacked, afraid, 0, ordinary]
        dataset["arrivals"][k, 5, 1] = attacked
        dataset["arrivals"][k, 7, 1] = afraid
        dataset["present"][k, -1, 1] = attacked
        dataset["present"][k, -1, 2] = afraid
        dataset["departures"][k, 3, 0] = attacked + afraid
        dataset["waiting"][k, 4, 1] = afraid
        dataset["blocked"][k, 2:5] = k
        dataset["returned"][k, -1] = ordinary
    return dataset


def test_displaced_people_by_cause(tiny):
    at_the_end = {name: summary.displaced_people(tiny, measure=name)[0, -1] for name in summary.MEASURES}
    assert {name: int(value) for name, value in at_the_end.items()} == {
        "offensive": 1000,
        "ordinary": 100,
        "all": 1100,
    }


def test_displaced_table(tiny):
    table = summary.displaced_table(tiny)
    assert table["table_day"].values.tolist() == [30, 60]
    attack = table.sel(course="attack", table_day=60)
    assert attack["offensive"].values.tolist() == [1000, 1000, 2000, 3000, 4000]
    assert attack["all"].values.tolist() == [1100, 1100, 2100, 3100, 4100]
    assert table.sel(course="attack", table_day=30)["all"].values.tolist() == [0] * 5


def test_planning_figures(tiny):
    attack, calm = summary.planning_figures(tiny)
    assert (attack.course, attack.probability, attack.members) == ("attack", 0.75, 4)
    assert (attack.most_likely, attack.worst_case, attack.worst_case_probability) == (2000, 4000, 0.1)
    assert (calm.most_likely, calm.worst_case) == (0, 20)


def test_the_worst_case_is_not_the_maximum(synthetic, crossroads):
    dataset = synthetic.empty(crossroads, members=40)
    dataset["left_home"][::2, -1, 0] = np.arange(1, 21)
    attack = summary.planning_figures(dataset)[0]
    assert (attack.worst_case, int(dataset["left_home"].max())) == (18, 20)
    assert attack.worst_case_low <= 18 <= attack.worst_case_high


@pytest.mark.statistical
def test_sampling_range_covers_the_true_quantile():
    generator = np.random.Generator(np.random.Philox(11))
    # The 0.9 quantile of a uniform is 0.9; scaled to whole numbers.
    samples = np.sort((generator.random((800, 200)) * 1_000_000).astype(int), axis=1)
    covered = [low <= 900_000 <= high for low, high in (quantile_bounds(row, 0.9) for row in samples)]
    assert 0.93 <= np.mean(covered) <= 0.99


@pytest.mark.statistical
def test_sampling_range_over_courses_covers_the_true_quantile():
    generator = np.random.Generator(np.random.Philox(12))
    # Half of the members are uniform on 0 to 1, of a course of 25 %; half on 0.5 to 1.5, of one of 15 %. So
    # 0.625 + 0.375 (x - 0.5) = 0.9 at x = 1.2333; scaled to whole numbers.
    courses = {"course": list("ab" * 100), "weight": [0.25 / 100, 0.15 / 100] * 100}
    samples = (1_000_000 * (generator.random((400, 200)) + np.tile([0.0, 0.5], 100))).astype(int)
    bounds = [mixture_bounds(members(row, **courses), 0.9) for row in samples]
    assert 0.93 <= np.mean([low <= 1_233_333 <= high for low, high in bounds]) <= 0.99


def test_a_range_over_one_course_is_the_range_within_it():
    ordered = np.arange(200)
    alone = mixture_bounds(members(ordered, course=["a"] * 200, weight=[0.001] * 200), 0.9)
    assert np.abs(np.subtract(alone, quantile_bounds(ordered, 0.9))).max() <= 1


def test_exceedance(tiny):
    curve = summary.exceedance(tiny, thresholds=[0, 10, 999, 1000, 3999, 4000])
    assert np.allclose(curve.values, [0.75 + 0.125, 0.75 + 0.0625, 0.75, 0.5625, 0.1875, 0.0])


def test_exceedance_grid_reaches_the_highest_member(tiny):
    curve = summary.exceedance(tiny)
    assert curve["people"].values[0] == 0
    assert curve["people"].values[-1] >= 4000
    assert float(curve[-1]) == 0.0


def test_probability_of_an_offensive(tiny, crossroads):
    assert summary.offensive_probability(tiny, crossroads) == pytest.approx(0.75)


def test_destinations_are_ordered_by_median(tiny):
    attack = [item for item in summary.destinations(tiny, count=2) if item.course == "attack"]
    names = tiny["place"].values
    assert [item.place for item in attack] == [names[1], names[2]]
    assert attack[0].people == summary.PeopleRange(700, 700, 1500, 2500, 3600)
    assert attack[0].moved == summary.PeopleRange(1000, 1000, 2000, 3000, 4000)


def test_origins_count_departures(tiny):
    attack = [item for item in summary.origins(tiny) if item.course == "attack"]
    assert [item.people.median for item in attack] == [2000]


def test_places_nobody_goes_to_are_left_out(tiny):
    assert len([item for item in summary.destinations(tiny) if item.course == "attack"]) == 2


def test_blocked_figures(tiny):
    attack, calm = summary.blocked_figures(tiny)
    assert attack.most_waiting.median == 400
    assert attack.waiting_at_horizon.median == 0
    assert (attack.most_blocked.median, attack.attempts_blocked.median) == (2, 6)
    assert calm.returned.median == 50


@pytest.mark.parametrize(
    ("people", "low", "high", "expected"),
    [
        (2000, None, None, (0.25, 0.25, 0.5)),
        (None, 1500, 3000, (0.25, 0.5, 0.25)),
        (9000, None, None, (1, 0, 0)),
    ],
)
def test_claims(tiny, crossroads, people, low, high, expected):
    claim = crossroads.claims[0].model_copy(update={"people": people, "low": low, "high": high})
    scenario = crossroads.model_copy(update={"claims": (claim,)})
    (share,) = summary.place_claims(tiny, scenario)
    assert (share.course, share.below, share.within, share.above) == ("attack", *expected)


def test_claims_leave_ordinary_moves_out(tiny, crossroads):
    claim = crossroads.claims[0].model_copy(update={"people": 4050})
    (share,) = summary.place_claims(tiny, crossroads.model_copy(update={"claims": (claim,)}))
    # With the 100 ordinary moves the highest member, 4,100, would be above.
    assert share.above == 0.0
