"""The answer of a what-if says where people are, in sums within each future."""

import re

import numpy as np
import pytest

from forewarn.forecast.summary import PeopleRange
from forewarn.outlook.format.ranges import supported
from forewarn.scenario import load
from forewarn.web.pages.what_if import what_changes
from forewarn.web.service.comparison import PairedForecasts
from forewarn.web.service.engine import Engine, ForecastRequest
from forewarn.web.service.futures import Futures, MemberForecast
from forewarn.web.service.levers import CampLever, CrossingLever, Levers, apply
from forewarn.web.service.pool import Pool

ME = ForecastRequest("me")
DRAWS = 7
OPEN = CrossingLever(status="open")
TURKEY = ("bab-al-hawa", "khirbet-al-joz", "bab-al-salama")


@pytest.fixture(scope="module")
def engine():
    pool = Pool(2)
    yield Engine(pool)
    pool.close()


def alone(name, course):
    """A bundled scenario with one of its courses."""
    base = load(name)
    (chosen,) = (each for each in base.courses if each.name == course)
    certain = chosen.probability.model_copy(update={"value": 1.0})
    only = chosen.model_copy(update={"probability": certain})
    return base.model_copy(update={"courses": (only,), "claims": ()})


def compared(engine, base, levers):
    both = (base, apply(levers, base))
    return PairedForecasts(*(engine.forecast(each, draws=DRAWS, seed=1, request=ME) for each in both))


@pytest.mark.parametrize(
    ("levers", "more", "fewer"),
    [
        (Levers(crossings=dict.fromkeys(TURKEY, OPEN)), "Turkey", "Armed opposition groups (the enclave)"),
        (Levers(capacity={"Atma (camp cluster)": 1000}), "Daret Azza", "Atma (camp cluster)"),
        (Levers(camps=(CampLever(name="Ash", lat=36.2, lon=36.7, capacity=50_000),)), "Ash", "Dana"),
        (
            Levers(crossings=dict.fromkeys(("ghazawiya", "deir-ballut"), CrossingLever(status="closed"))),
            "Armed opposition groups (the enclave)",
            "Turkish-backed opposition (northern Aleppo)",
        ),
    ],
)
def test_people_who_are_elsewhere_are_told_where_as_many_leave(engine, levers, more, fewer):
    found = compared(engine, alone("idlib-2018", "staged"), levers)
    first, how_many, *where = what_changes(found, "staged", 120)
    assert first == (
        "Nobody more or fewer is displaced by 28 December 2018, in the course “Staged offensive to Idleb city "
        "and the border”, but people are elsewhere."
    )
    assert how_many.startswith("About ")
    assert "people are then elsewhere than without the change (half of 7 futures: " in how_many
    told = " ".join(where)
    assert re.search(rf"[:;] {re.escape(more)} [0-9,]+ more( \(\+|[;.])", told)
    assert re.search(rf"[:;] {re.escape(fewer)} [0-9,]+ fewer( \(−|[;.])", told)


def test_opening_the_border_of_idlib_takes_tens_of_thousands_to_turkey(engine):
    levers = Levers(crossings=dict.fromkeys(TURKEY, OPEN))
    found = compared(engine, alone("idlib-2018", "staged"), levers)
    assert found.course("staged").by_day[120] == PeopleRange(0, 0, 0, 0, 0)
    turkey = next(row for row in found.zones("staged", 120) if row.place == "Turkey")
    assert turkey.difference.median > 50_000
    # Each future is added up before the median is taken.
    at = [number for number, place in enumerate(found.changed.scenario.places) if place.zone == "turkey"]
    sums = np.sort(found.changed.courses["staged"].arrays["present"][:, 120, at].sum(axis=1))
    assert turkey.changed.median == sums[3]
    assert found.elsewhere("staged", 120).median >= turkey.difference.median


@pytest.mark.parametrize(
    ("levers", "said"),
    [
        (
            Levers(chances={"attack": 0.5}),
            "No difference: nobody more or fewer is displaced by 30 April 2024",
        ),
        (Levers(later={"attack": 30}), "fewer people are displaced"),
        (Levers(crossings={"bridge": CrossingLever(status="closed")}), "but people are elsewhere."),
        (Levers(capacity={"Elm Camp": 100}), "but people are elsewhere."),
    ],
)
def test_only_what_changes_nothing_makes_no_difference(engine, levers, said):
    found = compared(engine, load("crossroads"), levers)
    sentences = what_changes(found, "attack", 60)
    assert said in sentences[0]
    assert ("elsewhere" in " ".join(sentences)) != bool(levers.chances)


def made(present):
    """A forecast of the crossroads in which newly displaced people are where the rows of futures say."""
    scenario = load("crossroads")
    people = np.zeros((len(present), 61, len(scenario.places)), dtype=np.int32)
    people[:, 60, : len(present[0])] = present
    arrays = {
        "movements": np.zeros((len(present), 61), dtype=np.int32),
        "present": people,
        "left_home": np.zeros((len(present), 61, 4), dtype=np.int32),
    }
    futures = Futures(arrays, np.zeros(0, dtype=np.int64), 0)
    return MemberForecast(scenario, 1, {course.name: futures for course in scenario.courses})


@pytest.mark.parametrize(
    ("before", "after", "people"),
    [
        # Every place gains nobody in the median, and one place or the other 300 in every future.
        ([[0, 0, 900]] * 3, [[300, 0, 600], [0, 300, 600], [0, 0, 900]], 300),
        # From one place to another: each person counts once.
        ([[500, 0, 0]] * 3, [[0, 300, 200]] * 3, 500),
        # From the road, or from home.
        ([[0, 0, 0]] * 3, [[100, 50, 0]] * 3, 150),
        ([[100, 50, 0]] * 3, [[0, 0, 20]] * 3, 150),
        ([[100, 50, 0]] * 3, [[100, 50, 0]] * 3, 0),
    ],
)
def test_people_elsewhere_are_added_up_within_each_future(before, after, people):
    found = PairedForecasts(made(before), made(after))
    assert found.elsewhere("attack", 60).median == people


@pytest.mark.parametrize(
    ("draws", "ends"), [(21, (1, 5)), (20, (2, 4)), (13, (2, 4)), (5, (2, 4)), (4, (3, 3)), (1, (3, 3))]
)
def test_ends_with_no_future_beyond_them_are_drawn_in(draws, ends):
    found = supported(PeopleRange(1, 2, 3, 4, 5), draws)
    assert (found.p05, found.p95) == ends
