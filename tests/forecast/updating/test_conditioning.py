from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from forewarn.forecast.member_worlds import worlds
from forewarn.forecast.members import run_members, shapes
from forewarn.forecast.sampling import Sampler, member_keys
from forewarn.forecast.updating.conditioning import (
    Anchor,
    anchors,
    condition_state,
    target_people,
    wanted_people,
)
from forewarn.forecast.updating.observations import Observation
from forewarn.forecast.updating.posterior import CoursePosterior, MemberPosterior
from forewarn.forecast.updating.pulls import PullGain, pull_prior
from forewarn.kernel.arrays import DONE, Record, new_state
from forewarn.kernel.native.member import simulate
from forewarn.network import build
from forewarn.scenario import change, load, narrow

DAY = 60
ATMA = "Atma (camp cluster)"


@cache
def idlib():
    return load("idlib-2018")


@cache
def network():
    return build(idlib())


def stopped(scenario):
    """A member of the staged offensive on its sixtieth day: world, state, record."""
    course = next(each for each in scenario.courses if each.name == "staged")
    [world] = worlds(scenario, course, network(), Sampler(member_keys(3, np.array([5]))))
    record = Record(*(np.zeros(shape, dtype=np.int32) for shape in shapes(scenario, network()).values()))
    state = new_state(network().roads, network().places, world.plan, network().reach, 65_536)
    assert simulate_to(world, DAY, state, record) == DONE
    return world, state, record


def simulate_to(world, day, state, record):
    days = np.array([30, 60, 90, 120], dtype=np.int64)
    return simulate(world.key, day, days, network().roads, network().places, *world[1:], state, record)


@pytest.fixture
def member():
    return stopped(idlib())


def everybody(state):
    people = state.people
    settled = people.home.sum() + people.within.sum() + people.displaced.sum()
    return int(settled + people.waiting.sum() + people.bound_for.sum())


def there(state):
    """Newly displaced people living at each place, those within their own place included."""
    return state.people.displaced_at + state.people.within


def by_origin(state):
    return state.people.displaced.sum(axis=0)


@pytest.mark.parametrize("factor", [0.0, 0.5, 0.98, 1.0, 1.3, 4.0])
def test_nobody_is_lost_or_made_and_every_sum_holds(member, factor):
    _, state, record = member
    before = everybody(state)
    target = np.floor(there(state) * factor * np.linspace(0.5, 1.5, len(network().names))).astype(np.int64)
    condition_state(target, state, network(), record, DAY)
    people = state.people
    assert everybody(state) == before
    assert np.array_equal(there(state), target)
    assert np.array_equal(people.displaced.sum(axis=1), people.displaced_at)
    assert people.displaced.min() >= 0
    assert people.home.min() >= 0
    assert np.array_equal(record.present[DAY], there(state) + people.waiting_at)
    assert np.array_equal(record.remaining[DAY], people.home.sum(axis=(1, 2)))
    assert people.away.min() >= 0
    away = np.bincount(network().places.group, weights=people.away, minlength=len(people.away_of_group))
    assert np.array_equal(away, people.away_of_group)


@pytest.mark.parametrize("factor", [0.0, 0.5, 0.98, 1.3])
def test_those_within_their_own_place_are_part_of_what_was_counted(factor):
    on = ["model.destination.local_pull=2", "model.flight.share_at_once=0.3"]
    _, state, record = stopped(change(idlib(), on))
    people = state.people
    before, within = everybody(state), people.within.copy()
    assert within.sum() > 1000
    target = np.floor((people.displaced_at + within) * factor).astype(np.int64)
    condition_state(target, state, network(), record, DAY)
    assert everybody(state) == before
    assert np.array_equal(people.displaced_at + people.within, target)
    assert np.array_equal(record.present[DAY], target + people.waiting_at)
    assert np.array_equal(record.within[DAY], people.within)
    assert (people.within <= within).all()
    away = np.bincount(network().places.group, weights=people.away, minlength=len(people.away_of_group))
    assert np.array_equal(away, people.away_of_group)


def test_moving_people_between_places_leaves_their_origins_as_they_were():
    _, state, record = stopped(change(idlib(), ["model.destination.local_pull=-30"]))
    origins = by_origin(state)
    condition_state(np.roll(state.people.displaced_at, 7), state, network(), record, DAY)
    assert np.array_equal(by_origin(state), origins)


def test_more_people_than_there_are_cannot_be_asked_for(member):
    _, state, record = member
    before = everybody(state)
    condition_state(np.full(len(network().names), 10**6, dtype=np.int64), state, network(), record, DAY)
    assert everybody(state) == before
    assert state.people.home[:, :2].sum() == 0


def test_those_who_left_are_counted_again(member):
    _, state, record = member
    before = record.left_home[DAY].sum()
    condition_state(there(state) + 10, state, network(), record, DAY)
    assert record.left_home[DAY].sum() - before == 10 * len(network().names)
    condition_state(there(state) - np.minimum(there(state), 10), state, network(), record, DAY)
    assert record.left_home[DAY].sum() <= before


def test_what_stays_as_it_is_changes_nothing(member):
    _, state, record = member
    displaced, home = state.people.displaced.copy(), state.people.home.copy()
    condition_state(there(state), state, network(), record, DAY)
    assert np.array_equal(state.people.displaced, displaced)
    assert np.array_equal(state.people.home, home)


def test_nobody_leaves_twice_where_few_are_left(member):
    """People who gave up waiting beside an attack go tomorrow, but not those who are no longer there."""
    world, state, record = member
    people = state.people
    place, group = (int(each) for each in np.unravel_index(people.displaced.argmax(), people.displaced.shape))
    people.restless[place, group] = people.displaced[place, group]
    people.unsettled[place] = people.restless[place].sum()
    target = there(state)
    target[place] = target[place] // 10
    condition_state(target, state, network(), record, DAY)
    assert (people.restless <= people.displaced).all()
    assert np.array_equal(people.restless.sum(axis=1), people.unsettled)
    everyone = everybody(state)
    assert simulate_to(world, DAY + 1, state, record) == DONE
    assert people.displaced.min() >= 0
    assert everybody(state) == everyone


def test_members_are_brought_to_counts_of_several_days():
    scenario = narrow(idlib(), course="staged")
    held = anchors(
        [
            replace(count("present", number, ATMA, error=1e-6), day=day)
            for day, number in ((30, 170_000), (DAY, 120_000))
        ],
        pull_prior(idlib()),
        model_error=0.5,
    )
    of_course = {"staged": CoursePosterior((), np.zeros((3, 0)), 1.0)}
    at = network().names.index(ATMA)

    def present(*held):
        posterior = MemberPosterior(of_course, held)
        return run_members(scenario, network(), 3, np.arange(3), posterior)["present"][:, :, at]

    both, first, neither = present(*held), present(held[0]), present()
    assert both[:, 30] == pytest.approx(170_000, rel=0.001)
    assert both[:, DAY] == pytest.approx(120_000, rel=0.001)
    assert np.array_equal(both[:, :DAY], first[:, :DAY])
    assert np.array_equal(first[:, :30], neither[:, :30])
    assert abs(first[:, DAY] - 120_000).min() > 1000, "no control"
    assert abs(neither[:, 30] - 170_000).min() > 1000, "no control"


def count(measure, people, *places, error=0.001, area=""):
    return Observation(measure, area or places[0], places, 0, DAY, people, error, DAY, "")


def targets(member, *counts, model_error=1.0):
    _, state, record = member
    silent = PullGain(*(np.zeros(len(counts)) for _ in range(3)))
    held = Anchor(DAY, counts, (0,) * len(counts), 0, silent, model_error)
    wanted = wanted_people(held, record, network().names, np.full(len(counts), 0.5))
    return target_people(held, wanted, state, network().names)


def test_an_exact_count_of_a_place_is_its_target_and_the_others_stay(member):
    number = network().names.index("Idleb")
    found = targets(member, count("present", 50_000, "Idleb"))
    others = np.arange(len(found)) != number
    assert found[number] + member[1].people.waiting_at[number] == pytest.approx(50_000, rel=0.01)
    assert np.array_equal(found[others], there(member[1])[others])


def test_a_count_of_everybody_is_shared_over_places_that_nobody_counted(member):
    _, state, record = member
    left = int(record.left_home[DAY, :-1].sum())
    one = count("present", 50_000, "Idleb")
    everywhere = count("displaced", 2 * left, *network().names, area="anywhere")
    found = targets(member, everywhere, one)
    assert found.sum() - there(state).sum() == pytest.approx(left, rel=0.02)
    assert found[network().names.index("Idleb")] == pytest.approx(50_000, rel=0.01)


def test_a_count_with_a_great_error_moves_little_and_one_with_none_all(member):
    now = int(member[2].present[DAY, network().names.index("Dana")])
    sure, unsure = (
        targets(member, count("present", 3 * now, "Dana", error=error), model_error=0.1)[
            network().names.index("Dana")
        ]
        for error in (0.001, 2.0)
    )
    assert sure == pytest.approx(3 * now, rel=0.02)
    assert unsure == pytest.approx(now, rel=0.2)


def test_departures_teach_but_do_not_move():
    assert anchors([count("departures", 5, "Dana")], pull_prior(idlib()), model_error=0.3) == ()


def test_with_a_true_model_nobody_is_moved():
    assert anchors([count("present", 5, "Dana")], pull_prior(idlib()), model_error=0) == ()


def test_every_count_holds_on_its_day_and_the_model_wanders_from_the_one_before():
    late = count("present", 5, "Dana")
    early = Observation("present", "Dana", ("Dana",), 0, 20, 7, 0.1, 20, "")
    first, second = anchors([late, early], pull_prior(idlib()), model_error=0.3)
    assert (first.day, first.counts, first.since, first.after) == (20, (early,), (0,), 0)
    assert (second.day, second.counts, second.since, second.after) == (DAY, (late,), (20,), 20)


def test_arrivals_rise_and_fall_with_the_people_who_are_moved(member):
    _, state, record = member
    more, fewer = (network().names.index(name) for name in ("Dana", "Idleb"))
    before, target = record.arrivals.copy(), there(state)
    target[more] *= 2
    target[fewer] //= 2
    change_of, displaced_before = target - there(state), state.people.displaced_at.copy()
    condition_state(target, state, network(), record, DAY, DAY - 20)
    changed = record.arrivals.astype(np.int64) - before
    assert np.array_equal(changed[: DAY - 19], np.zeros_like(changed[: DAY - 19]))
    came = before[DAY - 19 : DAY + 1].sum(axis=0)
    from_elsewhere = state.people.displaced_at - displaced_before
    assert from_elsewhere[more] == change_of[more]
    assert change_of[fewer] < from_elsewhere[fewer] < 0, "some who are within their own place have gone"
    assert changed.sum(axis=0)[more] == change_of[more]
    assert changed.sum(axis=0)[fewer] == max(from_elsewhere[fewer], -came[fewer])
    assert ((record.arrivals > 0) <= (before > 0))[:, more].all(), "days without arrivals stay so"
    others = np.setdiff1d(np.arange(len(target)), [more, fewer])
    assert not changed[:, others].any()


def test_members_do_not_depend_on_who_runs_beside_them():
    alone = run_members(idlib(), network(), 3, np.array([5]))
    beside = run_members(idlib(), network(), 3, np.array([1, 5, 9]))
    assert np.array_equal(alone["present"][0], beside["present"][1])
