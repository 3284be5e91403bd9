"""What the map of the app draws, day by day."""

import numpy as np
import pytest

from forewarn.scenario import load
from forewarn.web.service.engine import Engine, ForecastRequest
from forewarn.web.service.pool import Pool
from forewarn.web.service.scenes import frames

ME = ForecastRequest("me")


@pytest.fixture(scope="module")
def forecast():
    pool = Pool(2)
    yield Engine(pool).forecast(load("crossroads"), draws=5, seed=1, request=ME)
    pool.close()


@pytest.mark.parametrize(
    ("number", "of_day", "said"),
    [
        (0, None, "Roads show nobody before 31 March 2024"),
        (1, None, "Roads show nobody before 31 March 2024"),
        (29, None, "Roads show nobody before 31 March 2024"),
        (30, 0, "up to 31 March 2024, in both directions (median)."),
        (59, 0, "up to 31 March 2024, in both directions (median)."),
        (60, 1, "up to 30 April 2024, in both directions (median)."),
    ],
)
def test_roads_show_flows_of_the_latest_day_that_has_them(forecast, number, of_day, said):
    found = frames(forecast, "attack")
    flows = forecast.courses["attack"].arrays["flows"].sum(axis=3)
    median = np.sort(flows, axis=0)[2]
    assert median[0].max() >= 10
    expected = (
        np.zeros_like(median[0]) if of_day is None else np.where(median[of_day] >= 10, median[of_day], 0)
    )
    np.testing.assert_array_equal(found["moved"][found["table"][number]], expected)
    assert said in found["roads"][found["table"][number]]
