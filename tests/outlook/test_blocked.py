"""People who cannot get away are said beside those who did, and only where there are some."""

from __future__ import annotations

import pytest

from forewarn.outlook.contents.blocked import blocked_sentences, find_blocked
from forewarn.outlook.page.model import build_page_model
from forewarn.outlook.page.render import render_page
from forewarn.outlook.view import ForecastView


def members_of(dataset, course):
    return [at for at, name in enumerate(dataset["course"].values) if name == course]


def attacking(scenario):
    return next(course for course in scenario.courses if course.stages)


@pytest.fixture
def calm(synthetic, scenario):
    """A forecast in which nobody moves; tests put people into it."""
    return synthetic.empty(scenario, members=24).copy(deep=True)


def block(dataset, course, people):
    dataset["blocked"].values[members_of(dataset, course), 5] = people


def displace(dataset, course, people):
    dataset["left_home"].values[members_of(dataset, course), :, 0] = people


def test_nobody_is_named_where_nobody_is_blocked(calm, scenario):
    assert find_blocked(ForecastView(calm, scenario)) == ()
    assert blocked_sentences(ForecastView(calm, scenario)) == ()


def test_blocked_people_are_said_beside_the_displaced(calm, scenario):
    course = attacking(scenario)
    block(calm, course.name, 5000)
    displace(calm, course.name, 700)
    (found,) = find_blocked(ForecastView(calm, scenario))
    assert (found.course, found.blocked.median, found.displaced) == (course.name, 5000, 700)
    (words,) = blocked_sentences(ForecastView(calm, scenario))
    assert "5,000 (median; 90 % interval 5,000) want to leave and find no way" in words
    assert "not counted as displaced" in words
    html = render_page(calm, scenario)
    assert "Find no way out, worst day" in html
    assert words.replace("“", "“") in html


def test_a_course_that_displaces_fewer_than_a_calm_one_says_why(calm, scenario):
    course = attacking(scenario)
    calmer = next((each for each in scenario.courses if not each.stages), None)
    if calmer is None:
        pytest.fail("the example needs a course without an offensive")
    block(calm, course.name, 5000)
    displace(calm, course.name, 700)
    displace(calm, calmer.name, 1400)
    (words,) = blocked_sentences(ForecastView(calm, scenario))
    assert "fewer displaced people (700)" in words
    assert "(1,400): fewer get away, and more are in danger" in words


def test_few_blocked_among_many_displaced_are_no_headline(calm, scenario):
    course = attacking(scenario)
    block(calm, course.name, 150)
    displace(calm, course.name, 100_000)
    assert find_blocked(ForecastView(calm, scenario)) == ()
    block(calm, course.name, 2500)
    assert len(find_blocked(ForecastView(calm, scenario))) == 1


def attacked_and_other(dataset, course):
    """Numbers of a place that the course attacks, and of one that it does not."""
    attacked = {name for stage in course.stages for name in stage.places}
    there = [name in attacked for name in dataset["place"].values]
    return there.index(True), there.index(False)


def put(dataset, course, variable, place, people, *, day=-1):
    for member in members_of(dataset, course.name):
        dataset[variable].values[member, day, place] = people


def blocked_row_of(dataset, scenario, course):
    table = build_page_model(ForecastView(dataset, scenario)).blocked_table
    row = next(row for row in table.rows if row[0] == course.title)
    return dict(zip(table.columns, row, strict=True))


@pytest.mark.parametrize("share", [0.6, 0.9, 1.0])
def test_who_arrived_in_a_place_attacked_is_not_blocked(calm, scenario, share):
    course = attacking(scenario)
    here, away = attacked_and_other(calm, course)
    displace(calm, course.name, 1000)
    put(calm, course, "present", here, int(1000 * share))
    put(calm, course, "present", away, 1000 - int(1000 * share))
    assert find_blocked(ForecastView(calm, scenario)) == ()
    said = blocked_row_of(calm, scenario, course)
    assert (
        said["Newly displaced in places that the course attacks, 30 April 2024"] == f"{int(1000 * share):,}"
    )
    assert said["Found no way out, most on one day"] == "0"


def test_who_waits_at_a_crossing_is_said(calm, scenario):
    course = attacking(scenario)
    here, away = attacked_and_other(calm, course)
    displace(calm, course.name, 10_000)
    put(calm, course, "waiting", here, 250, day=7)
    put(calm, course, "waiting", away, 50, day=7)
    (found,) = find_blocked(ForecastView(calm, scenario))
    assert (found.blocked, found.waiting.median) == (None, 300)
    (words,) = blocked_sentences(ForecastView(calm, scenario))
    assert "300 (median; 90 % interval 300) wait at crossings on the worst day" in words
    table = build_page_model(ForecastView(calm, scenario)).planning
    assert table.columns[-1] == "Wait at crossings, worst day"
    assert [row[-1] for row in table.rows] == ["300", "–"]


def test_few_who_wait_are_no_headline(calm, scenario):
    course = attacking(scenario)
    displace(calm, course.name, 10_000)
    put(calm, course, "waiting", 0, 199, day=7)
    assert find_blocked(ForecastView(calm, scenario)) == ()


def test_who_is_blocked_and_who_waits_are_two_sentences(calm, scenario):
    course = attacking(scenario)
    displace(calm, course.name, 1000)
    block(calm, course.name, 500)
    put(calm, course, "waiting", 0, 400, day=7)
    blocked, waiting = blocked_sentences(ForecastView(calm, scenario))
    assert "500 (median; 90 % interval 500) want to leave and find no way" in blocked
    assert "400 (median; 90 % interval 400) wait at crossings" in waiting


def test_a_course_without_an_offensive_traps_nobody(calm, scenario):
    quiet = next(course for course in scenario.courses if not course.stages)
    block(calm, quiet.name, 5000)
    assert find_blocked(ForecastView(calm, scenario)) == ()
    assert blocked_row_of(calm, scenario, quiet)["Found no way out, most on one day"] == "5,000"
