"""Counts of places move pulls: gains by hand, weights of a member on its way, and where people go afterwards."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.special import logit

from forewarn.forecast.members import run_members
from forewarn.forecast.updating import parse_observations
from forewarn.forecast.updating.conditioning import anchors
from forewarn.forecast.updating.observations import Observation
from forewarn.forecast.updating.posterior import MemberPosterior
from forewarn.forecast.updating.pulls import PullFilter, PullPrior, Seen, log_ratios, pull_prior
from forewarn.network import build
from forewarn.scenario import change, load, narrow, path_of

ALL = np.ones(4, dtype=np.bool_)
FOUR = PullPrior(("a", "b", "c", "d"), ALL, np.array([0, 0, 1, 1]), place_variance=2.0, area_variance=0.5)
WANDER = 0.3


def count(*places, day=30, area=""):
    return Observation("present", area or places[0], places, 0, day, 500, 0.1, day, "")


def test_the_gain_of_one_count_is_prior_over_prior_and_wander():
    gains, errors, variances = PullFilter(FOUR, WANDER).learn([count("a")], [0])
    assert errors == pytest.approx([WANDER])
    assert variances == pytest.approx([2.5])
    assert gains[0, 0] == pytest.approx(2.5 / (2.5 + WANDER**2))
    assert gains[1, 0] == pytest.approx(0.5 / (2.5 + WANDER**2)), "its area shares a part"
    assert gains[2:, 0].tolist() == [0, 0]


def test_a_count_of_an_area_moves_its_places_alike():
    gains, *_ = PullFilter(FOUR, WANDER).learn([count("a", "b", area="north")], [0])
    shared = (2.0 / 2 + 0.5) / (2.0 / 2 + 0.5 + WANDER**2)
    assert gains[:, 0] == pytest.approx([shared, shared, 0, 0])


def test_a_count_of_everywhere_tells_nothing_of_shares():
    found = PullFilter(FOUR, WANDER).learn([count("a", "b", "c", "d", area="anywhere")], [0])
    assert [each.any() for each in found] == [False] * 3


def test_a_second_count_of_a_series_moves_less():
    pulls = PullFilter(FOUR, WANDER)
    first, *_ = pulls.learn([count("a")], [0])
    second, *_ = pulls.learn([count("a", day=60)], [30])
    left = 2.5 * (1 - 2.5 / (2.5 + WANDER**2)) + WANDER**2
    assert second[0, 0] == pytest.approx(left / (left + WANDER**2))
    assert 0.5 < second[0, 0] < first[0, 0]


@pytest.mark.parametrize("measure", ["present", "arrivals"])
def test_what_was_learnt_of_places_holds_for_counts_of_any_kind(measure):
    """Weekly arrivals, each since the week before, are a series each."""
    pulls = PullFilter(FOUR, WANDER)
    first, *_ = pulls.learn([count("a")], [0])
    weekly = Observation(measure, "A", ("a",), 30, 37, 500, 0.1, 37, "")
    second, *_ = pulls.learn([weekly], [30])
    assert second[0, 0] < first[0, 0]


def test_a_place_that_nobody_chooses_teaches_nothing():
    shut = FOUR._replace(chosen=np.array([False, True, True, True]))
    assert not any(each.any() for each in PullFilter(shut, WANDER).learn([count("a")], [0]))


def ratio(before, after, base=(0.0, 0.0, 0.0), expected=(0.2, 0.3, 0.5)):
    seen = Seen(*(np.array(each) for each in (before, after, [base], expected)))
    [found] = log_ratios(seen, [np.array([0])])
    return found


def test_ratios_are_of_those_who_came_since_and_relative_to_all():
    before, after = (1000.0, 1000.0, 2000.0), (4000.0, 2000.0, 2000.0)
    assert ratio(before, after) == pytest.approx(logit(0.5) - logit(0.25))
    assert ratio(before, after, (500.0, 0.0, 0.0)) == pytest.approx(logit(3500 / 7500) - logit(500 / 3500))
    assert ratio(before, before) == pytest.approx(0)


def test_where_hardly_anybody_came_the_pulls_speak_for_the_member():
    assert ratio((50.0, 1000.0, 1000.0), (4000.0, 2000.0, 2000.0)) == pytest.approx(logit(0.5) - logit(0.2))
    nobody = ratio((0.0, 1000.0, 1000.0), (4000.0, 2000.0, 2000.0), expected=(1e-9, 0.5, 0.5))
    assert nobody == pytest.approx(logit(0.5) - logit(1e-9))


def test_a_count_of_hardly_anybody_never_raises_a_pull():
    few = (20.0, 500.0, 480.0)
    assert ratio(few, few, expected=(0.02, 0.5, 0.48)) == 0
    for expected in ((1e-9, 0.5, 0.5), (0.0, 0.5, 0.5), (0.3, 0.4, 0.3)):
        assert ratio((0.0, 1000.0, 1000.0), (0.0, 1000.0, 1000.0), expected=expected) <= 0


def test_where_nobody_has_left_yet_a_count_tells_nothing_of_pulls():
    assert ratio((0.0, 0.0, 0.0), (500.0, 0.0, 0.0), expected=(0.0, 0.0, 0.0)) == 0


def shares_afterwards(scenario, place, posterior):
    """Mean share of a place among those who arrive anywhere from day 9 on."""
    network = build(scenario)
    arrivals = run_members(scenario, network, 1, np.arange(60), posterior)["arrivals"][:, 9:]
    return arrivals[:, :, network.names.index(place)].sum() / arrivals.sum()


def test_people_go_on_to_where_they_were_seen_to_go(star):
    scenario, place = star.scenario(days=30), star.NAMES[2]
    before = run_members(scenario, build(scenario), 1, np.arange(60))
    left = int(np.median(before["left_home"][:, 5, :-1].sum(axis=1)))
    rows = f"2024-01-06,{place},present,{round(0.6 * left)},0.05\n2024-01-06,anywhere,displaced,{left},0.05\n"
    counts = parse_observations(f"date,place,measure,people,error\n{rows}", scenario).rows
    held = anchors(counts, pull_prior(scenario), model_error=0.3)
    unmoved = tuple(replace(each, pulls=each.pulls._replace(gain=0 * each.pulls.gain)) for each in held)
    plain = shares_afterwards(scenario, place, None)
    control = shares_afterwards(scenario, place, MemberPosterior({}, unmoved))
    learnt = shares_afterwards(scenario, place, MemberPosterior({}, held))
    assert plain < 0.25
    assert control < 0.25, "people were moved, and pulls were not"
    assert 0.45 < learnt < 0.75, "wanted 0.6"


def crossroads(*changes):
    """The teaching example with its attack on day 5, and pulls that differ from place to place."""
    wide = ("model.destination.pull_spread=1", "courses.attack.stages.assault.start=5", *changes)
    return narrow(change(load("crossroads"), wide), course="attack")


def test_moved_pulls_weigh_as_if_they_had_been_so_from_the_start():
    """A member whose pulls are moved before its first day is the member of a scenario with these pulls."""
    from forewarn.forecast.updating import pulls

    camp = path_of(("model", "destination", "camp_pull"))
    scenario, moved = crossroads(f"{camp}=0"), crossroads(f"{camp}=0.7")
    network = build(scenario)
    shift = np.array([0.7 * (place.kind == "camp") for place in scenario.places])

    class Moves:
        days = (4,)

        def uniforms(self, course, draws):
            return {}

        def probability(self, course):
            return 1.0

        def condition(self, day, world, state, network, record):
            pulls.move_pulls(shift, world.traits, state)

    found = run_members(scenario, network, 1, np.arange(4), Moves())
    wanted = run_members(moved, network, 1, np.arange(4))
    plain = run_members(scenario, network, 1, np.arange(4))
    for name in ("present", "departures", "flows"):
        assert np.array_equal(found[name], wanted[name]), name
    assert not np.array_equal(found["present"], plain["present"])
