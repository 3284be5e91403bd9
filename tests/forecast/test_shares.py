"""Shares by level: from members and not from medians, the finest known level, codes and areas."""

import numpy as np
import pytest

from forewarn.forecast.shares import MOST_ASTRAY, _parent, finest_known, levels, shares_of_course
from forewarn.scenario import load


@pytest.fixture
def two_futures(synthetic):
    """All people of future 1 are at the first place of the region `Valley`, of future 2 at the second."""

    def made(first, second, *, members=2):
        scenario = load("crossroads")
        dataset = synthetic.empty(scenario, members=2 * members).copy(deep=True)
        names = dataset["place"].values.tolist()
        attack = np.flatnonzero(dataset["course"].values == "attack")
        for number, member in enumerate(attack):
            place = (first, second)[number % 2]
            dataset["present"][member, -1, names.index(place)] = 1000
        return dataset

    return made


def by_name(dataset, name, course="attack"):
    [level] = [each for each in levels(dataset) if each.name == name]
    return shares_of_course(dataset, course, level)


def test_two_places_of_one_region_are_known_together_and_not_apart(two_futures):
    dataset = two_futures("Oakford", "Elm Camp")
    places = by_name(dataset, "place")
    assert dict(zip(places.names, places.mean, strict=True))["Oakford"] == pytest.approx(0.5)
    assert places.astray == pytest.approx(0.5), "half of the people are always elsewhere"
    assert not places.is_known
    told = finest_known(dataset, "attack")
    assert told.level.name == "area"
    assert (told.names[0], told.mean[0], told.astray) == ("valley in Valley", 1.0, 0.0)


def test_where_even_sides_differ_it_is_hardly_known(two_futures):
    told = finest_known(two_futures("Oakford", "Farside"), "attack")
    assert told.astray == pytest.approx(0.5)
    assert told.astray > MOST_ASTRAY
    assert not told.is_known
    assert told.level == levels(two_futures("Oakford", "Farside"))[-1]


def test_a_course_that_displaces_nobody_has_no_shares(two_futures):
    found = by_name(two_futures("Oakford", "Oakford"), "place", course="calm")
    assert not found.mean.any()
    assert found.astray == 0


def test_shares_are_taken_future_by_future(two_futures):
    """A future with ten times the people counts as much as another; medians would say otherwise."""
    dataset = two_futures("Oakford", "Elm Camp")
    dataset["present"][:, -1] *= np.where(np.arange(dataset.sizes["member"]) > 1, 10, 1)[:, None]
    assert by_name(dataset, "place").mean[:2] == pytest.approx([0.5, 0.5])


def test_levels_follow_codes_and_each_is_coarser(synthetic):
    dataset = synthetic.empty(load("idlib-2018"), members=4)
    found = levels(dataset)
    assert [each.name for each in found] == ["place", "pcode", "parent_pcode", "area", "zone"]
    sizes = [len(set(each.units)) for each in found]
    assert sizes == sorted(sizes, reverse=True)
    units = {
        each.name: dict(zip(dataset["place"].values.tolist(), each.units, strict=True)) for each in found
    }
    assert units["pcode"]["Dana"] == units["pcode"]["Sarmada"] == "Dana and 4 more (SY070301)"
    assert "(SY0703…)" in units["parent_pcode"]["Dana"]
    assert units["area"]["A'zaz"] == "turkish-backed in Aleppo"
    assert units["zone"]["Aleppo city"] == "government"


@pytest.mark.parametrize(
    ("code", "parent"),
    [
        ("SY070301", "SY0703…"),
        ("SY07030102", "SY070301…"),
        ("SD01001", "SD01001"),
        ("NG008", "NG008"),
        ("", ""),
    ],
)
def test_the_parent_of_a_code_is_told_where_it_is_plain(code, parent):
    assert _parent(code) == parent


def test_levels_of_the_same_units_are_told_once(synthetic):
    """No place of the teaching example has a code."""
    found = levels(synthetic.empty(load("crossroads"), members=2))
    assert [each.name for each in found] == ["place", "area"]
