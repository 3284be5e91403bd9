"""Futures kept course by course are those of the ensemble, to the byte."""

import time

import numpy as np
import pytest

from forewarn.forecast import run, summary
from forewarn.forecast.comparing import compare
from forewarn.forecast.kept_members import KeptMember
from forewarn.forecast.members import keep_members
from forewarn.forecast.quantiles import quantiles_by_course
from forewarn.network import build
from forewarn.scenario import change, load
from forewarn.web.service.comparison import PairedForecasts, displaced, intervals
from forewarn.web.service.engine import Engine, ForecastRequest
from forewarn.web.service.futures import alone, key_of, of_dataset
from forewarn.web.service.kept_states import KeptStates
from forewarn.web.service.pool import Pool

ME = ForecastRequest("me")


@pytest.fixture
def pool():
    made = Pool(2)
    yield made
    made.close()


@pytest.mark.parametrize("name", ["crossroads", "idlib-2018"])
def test_a_forecast_of_courses_is_the_ensemble(pool, name):
    scenario = load(name)
    draws = 3
    found = Engine(pool).forecast(scenario, draws=draws, seed=11, request=ME)
    whole = run(scenario, members=draws * len(scenario.courses), seed=11)
    mine = found.dataset
    for variable in mine.data_vars:
        assert mine[variable].dims == whole[variable].dims
        np.testing.assert_array_equal(mine[variable].values, whole[variable].values, err_msg=str(variable))
    assert set(whole.data_vars) - set(mine.data_vars) == {"remaining", "origin_destination"}
    np.testing.assert_array_equal(mine["weight"].values, whole["weight"].values)
    assert summary.planning_figures(mine) == summary.planning_figures(whole)
    for course in scenario.courses:
        own = whole.isel(member=np.flatnonzero(whole["course"].values == course.name))
        summed = own["origin_destination"].values.sum(axis=0)
        np.testing.assert_array_equal(found.courses[course.name].origins, summed)


def test_another_seed_is_noticed(pool):
    scenario = load("crossroads")
    one, other = (Engine(pool).forecast(scenario, draws=3, seed=seed, request=ME) for seed in (1, 2))
    assert not np.array_equal(one.dataset["present"].values, other.dataset["present"].values)


def test_more_draws_go_on_where_the_first_ended(pool, tmp_path):
    scenario = load("crossroads")
    engine = Engine(pool, tmp_path)
    engine.forecast(scenario, draws=5, seed=1, request=ME)
    grown = engine.forecast(scenario, draws=60, seed=1, request=ME)
    fresh = Engine(pool).forecast(scenario, draws=60, seed=1, request=ME)
    for course, futures in fresh.courses.items():
        for name, array in futures.arrays.items():
            np.testing.assert_array_equal(grown.courses[course].arrays[name], array)
        np.testing.assert_array_equal(grown.courses[course].origins, futures.origins)


def test_futures_are_read_from_disk_and_a_broken_file_is_made_again(pool, tmp_path):
    scenario = load("crossroads")
    made = Engine(pool, tmp_path).forecast(scenario, draws=60, seed=1, request=ME)
    files = sorted(tmp_path.glob("*.npz"))
    assert len(files) == 2
    again = Engine(pool, tmp_path).known(scenario, draws=60, seed=1)
    np.testing.assert_array_equal(again.dataset["present"].values, made.dataset["present"].values)
    files[0].write_bytes(b"nothing")
    engine = Engine(pool, tmp_path)
    assert engine.known(scenario, draws=60, seed=1) is None
    once_more = engine.forecast(scenario, draws=60, seed=1, request=ME)
    np.testing.assert_array_equal(once_more.dataset["present"].values, made.dataset["present"].values)


def test_probabilities_need_no_simulation_and_other_changes_do(pool):
    scenario = load("idlib-2018")
    keys = [key_of(alone(scenario, course), 1) for course in scenario.courses]
    assert len(set(keys)) == len(keys)
    likelier = change(scenario, ["courses.staged.probability=0.6"])
    assert [key_of(alone(likelier, course), 1) for course in likelier.courses] == keys
    later = change(scenario, ["courses.staged.stages.south.start+=1"])
    changed = [key_of(alone(later, course), 1) for course in later.courses]
    differs = [one != other for one, other in zip(keys, changed, strict=True)]
    assert differs == [course.name == "staged" for course in scenario.courses]


PREVIEW = ForecastRequest("me", urgent=True)


def kept_by(engine, scenario, course, draws):
    """Wait until the states of a course are kept."""
    [wanted] = (each for each in scenario.courses if each.name == course)
    key = key_of(alone(scenario, wanted), 1)
    deadline = time.monotonic() + 60
    while any(engine._states.get(key, first) is None for first in range(0, draws, 4)):
        assert time.monotonic() < deadline
        time.sleep(0.01)


@pytest.mark.parametrize(
    "changes",
    [
        ["courses.staged.stages.border.intensity=0", "courses.staged.stages.border.control_after=",
         "courses.staged.stages.border.falls_after_days="],
        ["courses.staged.stages.city.places=[Idleb, Dana]"],
        ["courses.staged.stages.city.start+=4"],
    ],
    ids=lambda changes: changes[0],
)  # fmt: skip
def test_a_preview_that_begins_late_is_the_same_to_the_byte(pool, monkeypatch, changes):
    base, draws = load("idlib-2018"), 6
    engine = Engine(pool)
    first = change(base, ["courses.staged.stages.south.start+=1"])
    engine.forecast(first, draws=draws, seed=1, request=PREVIEW, base=base)
    kept_by(engine, base, "staged", draws)
    began = []
    newest = KeptMember.newest_day
    monkeypatch.setattr(KeptMember, "newest_day", lambda *given: began.append(newest(*given)) or began[-1])
    changed = change(base, changes)
    late = engine.forecast(changed, draws=draws, seed=1, request=PREVIEW, base=base)
    assert min(began) > 0
    fresh = Engine(pool).forecast(changed, draws=draws, seed=1, request=ME)
    for name, futures in fresh.courses.items():
        np.testing.assert_array_equal(late.courses[name].origins, futures.origins)
        for variable, array in futures.arrays.items():
            np.testing.assert_array_equal(late.courses[name].arrays[variable], array, err_msg=variable)
    assert len(began) == draws


def test_only_previews_of_changes_keep_states(pool):
    base = load("crossroads")
    later = change(base, ["courses.attack.stages.assault.start+=5"])
    engine = Engine(pool)
    engine.forecast(later, draws=3, seed=1, request=ME, base=base)
    engine.forecast(base, draws=3, seed=1, request=PREVIEW)
    assert engine._states.ask(key_of(alone(base, base.courses[0]), 1), 0) is not None


def test_kept_states_stay_within_their_memory():
    base = load("crossroads")
    pieces = [keep_members(base, build(base), 1, np.arange(n, n + 2))[1] for n in range(3)]
    states = KeptStates(2 * max(each.nbytes for each in pieces))
    tickets = [states.ask("a", n) for n in range(3)]
    assert states.ask("a", 0) is None
    for n, (piece, ticket) in enumerate(zip(pieces, tickets, strict=True)):
        states.put("a", n, piece, ticket)
    assert [states.get("a", n) for n in range(3)] == [None, *pieces[1:]]
    assert states.ask("a", 0) is not None, "what is gone may be kept again"
    assert states.ask("a", 1) is None
    KeptStates(1).put("a", 0, pieces[0], 0)


def test_states_that_are_let_go_of_do_not_come_back():
    base = load("crossroads")
    piece = keep_members(base, build(base), 1, np.arange(2))[1]
    states = KeptStates()
    ticket = states.ask("a", 0)
    states.put("a", 0, piece, ticket)
    late = states.ask("a", 2)
    states.clear()
    states.put("a", 2, piece, late)
    assert states.get("a", 0) is states.get("a", 2) is None
    again = states.ask("a", 2)
    states.give_up("a", 2)
    assert states.ask("a", 2) == again


def test_a_comparison_is_that_of_the_command_line(pool):
    base = load("crossroads")
    slower = change(base, ["courses.attack.stages.assault.start+=5"])
    engine = Engine(pool)
    found = PairedForecasts(*(engine.forecast(each, draws=10, seed=3, request=ME) for each in (base, slower)))
    before, after = compare(base, slower, members=20, seed=3)
    difference = summary.displaced_people(after, measure="offensive") - summary.displaced_people(
        before, measure="offensive"
    )
    expected = quantiles_by_course(difference.astype(np.int64)).sel(course="attack")
    for day, item in enumerate(found.course("attack").by_day):
        assert item == summary.interval(expected.isel(day=day))
    calm = found.course("calm")
    assert all(item.p05 == item.p95 == 0 for item in calm.by_day)


def test_places_of_both_worlds_are_paired_by_name(pool):
    from forewarn.scenario.changes.adding import add_camp

    base = load("crossroads")
    wider = add_camp(base, name="Ash Camp", lat=10.02, lon=40.02, capacity=500)
    engine = Engine(pool)
    found = PairedForecasts(*(engine.forecast(each, draws=10, seed=3, request=ME) for each in (base, wider)))
    rows = {row.place: row for row in found.places("attack", 60)}
    assert rows["Ash Camp"].base.p95 == 0
    assert rows["Ash Camp"].difference == rows["Ash Camp"].changed
    assert rows["Ash Camp"].changed.median > 100
    assert found.chance_of_more(3000) == (0.75, 0.75)


def test_quantiles_are_those_of_the_forecast(pool):
    found = Engine(pool).forecast(load("crossroads"), draws=9, seed=5, request=ME)
    expected = quantiles_by_course(summary.displaced_people(found.dataset, measure="offensive"))
    for course, futures in found.courses.items():
        mine = intervals(displaced(futures))
        for day in (0, 20, 60):
            assert mine[day] == summary.interval(expected.sel(course=course).isel(day=day))


def test_a_forecast_taken_apart_is_the_same(pool):
    scenario = load("crossroads")
    taken = of_dataset(run(scenario, members=8, seed=2))
    made = Engine(pool).forecast(scenario, draws=4, seed=2, request=ME)
    for course, futures in made.courses.items():
        np.testing.assert_array_equal(taken[course].arrays["flows"], futures.arrays["flows"])
        np.testing.assert_array_equal(taken[course].origins, futures.origins)
