"""The reference class beside the simulation."""

from __future__ import annotations

import pytest

from forewarn import forecast
from forewarn.analogues import Attributes, predictive
from forewarn.outlook.contents.reference_class import compare_with_reference_class
from forewarn.outlook.page.render import render_page
from forewarn.outlook.view import ForecastView
from forewarn.scenario import explicit, load, resolve


@pytest.fixture(scope="module")
def idlib():
    scenario = load("idlib-2018")
    return forecast.run(scenario, members=8, seed=1), scenario


def test_it_speaks_of_every_course_with_an_offensive(idlib):
    found = compare_with_reference_class(ForecastView(*idlib))
    assert [row.title for row in found.courses] == [
        course.title for course in idlib[1].courses if course.stages
    ]
    assert len(found.cases) == 10
    assert found.events == 23


def test_its_numbers_are_those_of_the_class(idlib):
    row = next(
        row
        for row in compare_with_reference_class(ForecastView(*idlib)).courses
        if row.title.startswith("Staged")
    )
    scenario = idlib[1]
    places = {
        name for course in scenario.courses if course.name == "staged" for stage in course.stages
        for name in stage.places
    }  # fmt: skip
    exposed = sum(place.residents + place.displaced for place in scenario.places if place.name in places)
    expected = predictive(
        Attributes("region", "ground", "partial", exposed), as_of=scenario.issued, leave_out=["Idlib"], probabilities=(0.5,)
    )  # fmt: skip
    assert f"({expected.share[0]:.0%})".replace("%", " %") in row.by_class
    assert int(row.by_class.split()[0].replace(",", "")) == pytest.approx(
        expected.share[0] * exposed, rel=0.01
    )


def test_only_events_that_had_ended_by_then(idlib):
    for case in compare_with_reference_class(ForecastView(*idlib)).cases:
        assert int(case.when[-4:]) <= 2018
        assert "Idlib" not in case.name


def test_a_scenario_that_does_not_say_what_it_is_like_has_none(idlib):
    dataset, scenario = idlib
    silent = resolve({key: value for key, value in explicit(scenario).items() if key != "analogues"})
    assert compare_with_reference_class(ForecastView(dataset, silent)) is None
    assert "Comparison with the reference class" not in render_page(dataset, silent)
    assert "Comparison with the reference class" in render_page(dataset, scenario)


def test_scope_kind_and_exits_are_the_words_of_the_class():
    from typing import get_args

    from forewarn.analogues import events
    from forewarn.scenario.model import models

    assert get_args(models.EventScope) == events.SCOPES
    assert get_args(models.EventKind) == events.KINDS
    assert get_args(models.Exits) == events.EXITS
