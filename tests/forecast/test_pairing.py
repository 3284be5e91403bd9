"""Paired runs: one number low and high, the luck and all other numbers the same."""

import numpy as np
import pytest

from forewarn.errors import UsageError
from forewarn.forecast import run
from forewarn.forecast.pairing import run_pairs
from forewarn.forecast.sensitivity import Driver
from forewarn.forecast.summary import displaced_people
from forewarn.scenario import change, load

PATH = "model.flight.share_leaving"
LOW, HIGH = 0.2, 0.8


def uncertain():
    return change(load("crossroads"), [f"{PATH}={{low: {LOW}, high: {HIGH}, source: 'assumption: test'}}"])


def driver(path, course="attack"):
    return Driver(course, path, "assumption: test", 0.5, LOW, HIGH, 0, 5000)


def test_a_pair_is_the_scenario_with_the_number_set():
    scenario = uncertain()
    dataset = run(scenario, members=20, seed=3)
    (found,) = run_pairs(dataset, scenario, [driver(PATH)], members=6)
    # The 10th and 90th percentile of a uniform from 0.2 to 0.8, set by hand.
    ends = []
    for value in (0.26, 0.74):
        fixed = change(load("crossroads"), [f"{PATH}={value}"])
        other = run(fixed, members=20, seed=3)
        here = np.flatnonzero(other["course"].values == "attack")[:6]
        ends.append(displaced_people(other, measure="offensive").isel(day=-1).values[here])
    by_hand = np.quantile(ends[1] - ends[0], (0.05, 0.5, 0.95), method="inverted_cdf")
    assert (found.low_value, found.high_value) == pytest.approx((0.26, 0.74))
    assert (found.low, found.median, found.high) == tuple(by_hand.astype(int))
    assert found.median > 1000
    assert found.members == 6


def test_a_course_that_the_number_does_not_touch_stays_as_it_is():
    scenario = uncertain()
    dataset = run(scenario, members=20, seed=3)
    (found,) = run_pairs(dataset, scenario, [driver(PATH, "calm")], members=4)
    assert (found.low, found.median, found.high) == (0, 0, 0)


def test_one_member_is_no_pair():
    scenario = uncertain()
    dataset = run(scenario, members=4, seed=3)
    with pytest.raises(UsageError):
        run_pairs(dataset, scenario, [driver(PATH)], members=1)
