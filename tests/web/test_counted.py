"""Counts beside what a forecast says of them, series by series."""

import numpy as np
import pytest

from forewarn.forecast.updating import parse_observations
from forewarn.scenario import load
from forewarn.web.service.comparison import displaced
from forewarn.web.service.counted import TOTAL, ObservedSeries, read_stored, series_of, stored

CROSSROADS = load("crossroads")
TABLE = """date,place,measure,people,error,since
2024-03-20,Elm Camp,arrivals,900,0.1,2024-03-11
2024-03-24,Elm Camp,arrivals,1200,0.1,2024-03-11
2024-03-24,anywhere,displaced,4000,0.2,
2024-03-20,anywhere,displaced,3000,0.2,
2024-03-24,Elm Camp,present,5,0.1,
2024-03-25,Valley,present,2000,0.1,
"""


@pytest.fixture(scope="module")
def counts():
    return parse_observations(TABLE, CROSSROADS).rows


def test_totals_come_first_and_then_the_largest(counts):
    found = series_of(counts)
    assert [each.title for each in found] == [
        "people displaced",
        "Valley: newly displaced people there",
        "Elm Camp: arrivals since day 10",
        "Elm Camp: newly displaced people there",
    ]
    assert [count.people for count in found[0].counts] == [3000, 4000]
    assert [each.people for each in found[2].dots] == [900, 1200]


def test_the_total_is_there_without_a_count(counts):
    found = series_of([each for each in counts if each.measure == "arrivals"])
    assert found[0] == TOTAL
    assert found[0].dots == ()


def test_a_small_count_is_not_drawn(counts):
    assert series_of(counts)[3].dots == ()


def test_a_line_of_error_holds_nine_tenths(counts):
    [_, last] = series_of(counts)[0].dots
    assert (last.day, last.people) == (23, 4000)
    assert last.low == pytest.approx(4000 - 1.645 * 800)
    assert last.high == pytest.approx(4000 + 1.645 * 800)


def test_predictions_are_those_of_the_forecast(service, counts):
    forecast = service.preview("crossroads", user="a")
    futures = forecast.courses["attack"]
    total, valley, arrivals, camp = series_of(counts)
    np.testing.assert_array_equal(total.predicted(forecast, "attack"), displaced(futures))
    at = [place.name for place in CROSSROADS.places].index("Elm Camp")
    np.testing.assert_array_equal(camp.predicted(forecast, "attack"), futures.arrays["present"][:, :, at])
    came = futures.arrays["arrivals"][:, :, at].copy()
    came[:, :11] = 0
    np.testing.assert_array_equal(arrivals.predicted(forecast, "attack"), came.cumsum(axis=1))
    assert valley.predicted(forecast, "attack").max() > camp.predicted(forecast, "attack").max() > 0


def test_series_are_stored_as_they_are(counts):
    import json

    found = series_of(counts)
    again = read_stored(json.loads(json.dumps(stored(found))))
    assert again == found
    assert all(isinstance(each, ObservedSeries) for each in again)
