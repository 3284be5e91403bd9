"""The app tells totals alone of a draft that does not know who holds the places."""

from __future__ import annotations

import numpy as np
import pytest

from forewarn.outlook.contents.where_unknown import WHERE_UNKNOWN
from forewarn.scenario import change, explicit, load, resolve
from forewarn.web.pages.what_if import what_changes
from forewarn.web.service import scenes
from forewarn.web.service.comparison import PairedForecasts
from forewarn.web.service.engine import Engine, ForecastRequest
from forewarn.web.service.plain_data import build_forecast
from forewarn.web.service.pool import Pool

ME = ForecastRequest("me")


@pytest.fixture(scope="module")
def forecasts():
    pool = Pool(2)
    made = []
    for where_known in (False, True):
        note = {"reports": ["report.txt"], "where_known": where_known}
        scenario = resolve(explicit(load("crossroads")) | {"draft": note})
        changed = change(scenario, ["model.flight.share_leaving=0.9"])
        engine = Engine(pool)
        made.append([engine.forecast(each, draws=20, seed=3, request=ME) for each in (scenario, changed)])
    yield made
    pool.close()


def test_the_map_has_no_people_and_says_why(forecasts):
    (untold, _), (told, _) = forecasts
    without, with_where = (scenes.frames(each, "attack") for each in (untold, told))
    assert not np.any(without["people"])
    assert not np.any(without["moved"])
    assert (without["where_unknown"], with_where["where_unknown"]) == (WHERE_UNKNOWN, "")
    assert np.any(with_where["people"])
    assert without["attacked"] == with_where["attacked"]


def test_the_interface_gives_totals_and_no_destinations(forecasts):
    (untold, _), (told, _) = forecasts
    without, with_where = (build_forecast(each) for each in (untold, told))
    assert WHERE_UNKNOWN in without["answer"]
    assert not any(course["destinations"] for course in without["courses"])
    assert any(course["destinations"] for course in with_where["courses"])
    for one, other in zip(without["courses"], with_where["courses"], strict=True):
        assert one["displaced"] == other["displaced"]


def test_a_change_is_told_by_totals(forecasts):
    (untold, told) = (PairedForecasts(*pair) for pair in forecasts)
    assert untold.places("attack", 60) == untold.zones("attack", 60) == ()
    assert what_changes(untold, "attack", 60) == (what_changes(told, "attack", 60)[0], WHERE_UNKNOWN)
    assert "elsewhere" in what_changes(told, "attack", 60)[1]
    assert any(row.difference.median for row in told.places("attack", 60))
    ground = untold.base.scenario
    assert not np.any(scenes.difference_frames(untold, "attack", ground)["people"])
    assert np.any(scenes.difference_frames(told, "attack", told.base.scenario)["people"])
    assert untold.course("attack") == told.course("attack")
