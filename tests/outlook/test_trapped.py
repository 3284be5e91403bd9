"""People who cannot get away are said beside those who did, and only where there are some."""

from __future__ import annotations

import pytest

from forewarn.outlook.page import page
from forewarn.outlook.trapped import find_trapped, say_trapped


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


def test_nobody_is_trapped_where_nobody_is_blocked(calm, scenario):
    assert find_trapped(calm, scenario) == ()
    assert say_trapped(calm, scenario, smallest=10) == ()


def test_blocked_people_are_said_beside_the_displaced(calm, scenario):
    course = attacking(scenario)
    block(calm, course.name, 5000)
    displace(calm, course.name, 700)
    (found,) = find_trapped(calm, scenario)
    assert (found.course, found.worst_day.median, found.displaced) == (course.name, 5000, 700)
    (words,) = say_trapped(calm, scenario, smallest=10)
    assert "5,000 (median; 90 % interval 5,000) want to leave and find no way" in words
    assert "not counted as displaced" in words
    html = page(calm, scenario)
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
    (words,) = say_trapped(calm, scenario, smallest=10)
    assert "fewer displaced people (700)" in words
    assert "(1,400): fewer get away, and more are in danger" in words


def test_few_blocked_among_many_displaced_are_no_headline(calm, scenario):
    course = attacking(scenario)
    block(calm, course.name, 150)
    displace(calm, course.name, 100_000)
    assert find_trapped(calm, scenario) == ()
    block(calm, course.name, 2500)
    assert len(find_trapped(calm, scenario)) == 1


def test_people_who_left_home_and_did_not_get_out_are_said(calm, scenario):
    course = attacking(scenario)
    attacked = {name for stage in course.stages for name in stage.places}
    here = [at for at, name in enumerate(calm["place"].values) if name in attacked]
    away = [at for at in range(calm.sizes["place"]) if at not in here]
    members = members_of(calm, course.name)
    displace(calm, course.name, 1000)
    for member in members:
        calm["present"].values[member, -1, here[0]] = 900
        calm["present"].values[member, -1, away[0]] = 100
    (found,) = find_trapped(calm, scenario)
    assert found.worst_day is None
    assert found.inside.median == 900
    assert "did not get out" in say_trapped(calm, scenario, smallest=10)[0]
    for member in members:
        calm["present"].values[member, -1, here[0]] = 400
    assert find_trapped(calm, scenario) == ()
