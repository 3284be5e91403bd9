"""One forecast, whoever runs it and in whatever pieces."""

from __future__ import annotations

import multiprocessing
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from datetime import timedelta

import numpy as np
import pytest

from forewarn.errors import ForewarnError, UsageError
from forewarn.forecast import run, running, scenario_hash
from forewarn.forecast.members import run_members, shapes
from forewarn.forecast.running import weights
from forewarn.forecast.variables import check
from forewarn.network import build
from forewarn.scenario import change, load, narrow
from forewarn.scenario.model.models import MOST_PEOPLE

MEMBERS = 10
SEED = 7


@pytest.fixture(scope="module")
def scenario():
    """Idleb for 45 days: every part of the model has something to do."""
    return narrow(load("idlib-2018"), horizon_days=45)


@pytest.fixture(scope="module")
def forecast(scenario):
    return run(scenario, members=MEMBERS, seed=SEED)


def unequal(one, other):
    return [name for name in one.data_vars if not np.array_equal(one[name].values, other[name].values)]


def test_it_is_a_forecast(forecast):
    check(forecast)


@pytest.mark.parametrize("chunk", [1, 3, 100])
def test_any_size_of_chunk(monkeypatch, scenario, forecast, chunk):
    monkeypatch.setattr(running, "CHUNK", chunk)
    assert unequal(run(scenario, members=MEMBERS, seed=SEED), forecast) == []


@pytest.mark.parametrize("workers", [1, 2])
def test_any_number_of_threads(monkeypatch, scenario, forecast, workers):
    monkeypatch.setattr(running, "CHUNK", 4)
    with ThreadPoolExecutor(workers) as pool:
        assert unequal(run(scenario, members=MEMBERS, seed=SEED, executor=pool), forecast) == []


@pytest.mark.slow
def test_processes(monkeypatch, scenario, forecast):
    monkeypatch.setattr(running, "CHUNK", 5)
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as pool:
        assert unequal(run(scenario, members=MEMBERS, seed=SEED, executor=pool), forecast) == []


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")  # what other people's libraries deprecate is not ours to mend
def test_dask(monkeypatch, scenario, forecast):
    distributed = pytest.importorskip("distributed", reason="the extra 'cluster' is not installed")
    monkeypatch.setattr(running, "CHUNK", 5)
    with distributed.Client(
        processes=False, n_workers=1, threads_per_worker=2, dashboard_address=None
    ) as client:
        assert unequal(run(scenario, members=MEMBERS, seed=SEED, executor=client), forecast) == []


@pytest.mark.parametrize("member", [0, 7, MEMBERS - 1])
def test_a_member_alone(scenario, forecast, member):
    alone = run_members(scenario, build(scenario), SEED, np.array([member]))
    assert [name for name in alone if not np.array_equal(alone[name][0], forecast[name].values[member])] == []


def test_members_in_any_order(scenario, forecast):
    backwards = np.arange(MEMBERS)[::-1].copy()
    found = run_members(scenario, build(scenario), SEED, backwards)
    assert all(np.array_equal(found[name][::-1], forecast[name].values) for name in found)


def test_the_first_of_a_larger_ensemble(scenario, forecast):
    larger = run(scenario, members=MEMBERS + 5, seed=SEED)
    assert unequal(larger.isel(member=slice(MEMBERS)), forecast) == []


def test_another_seed_differs(scenario, forecast):
    assert "left_home" in unequal(run(scenario, members=MEMBERS, seed=SEED + 1), forecast)


def test_members_differ(forecast):
    same_course = forecast["left_home"].values[:: len(set(forecast["course"].values.tolist()))]
    assert not np.array_equal(same_course[0], same_course[1])


def test_a_small_room_for_parties_changes_nothing(monkeypatch, scenario, forecast):
    from forewarn.forecast import members

    monkeypatch.setattr(members, "_FIRST_PARTY_ROOM", 8)
    found = run_members(scenario, build(scenario), SEED, np.arange(3))
    assert all(np.array_equal(found[name], forecast[name].values[:3]) for name in found)


def test_weights_add_to_one(scenario):
    for members in (len(scenario.courses), 13, 200):
        assert weights(scenario, members).sum() == pytest.approx(1.0, abs=1e-12)


def test_weight_of_a_course_is_its_probability(scenario, forecast):
    for course in scenario.courses:
        mine = forecast["course"].values == course.name
        assert forecast["weight"].values[mine].sum() == pytest.approx(course.probability.value)


def test_labels(scenario, forecast):
    assert forecast["place"].values.tolist() == [place.name for place in scenario.places]
    assert forecast["date"].values[-1] == np.datetime64(
        scenario.issued + timedelta(days=scenario.horizon_days)
    )
    assert forecast["draw"].values.tolist() == [k // len(scenario.courses) for k in range(MEMBERS)]


def test_stamp(scenario, forecast):
    assert forecast.attrs["scenario_hash"] == scenario_hash(scenario)
    assert scenario_hash(change(scenario, ["model.fear.intensity=0"])) != scenario_hash(scenario)
    assert (forecast.attrs["seed"], forecast.attrs["members"]) == (SEED, MEMBERS)


def test_shapes_follow_the_record(scenario, forecast):
    for name, shape in shapes(scenario, build(scenario)).items():
        assert forecast[name].shape == (MEMBERS, *shape)


def test_progress_ends_at_all_members(crossroads):
    told = []
    run(crossroads, members=50, seed=1, progress=lambda done, members: told.append((done, members)))
    assert told[-1] == (50, 50)
    assert sorted(told) == told


def test_all_mistakes_at_once(crossroads):
    with pytest.raises(UsageError) as caught:
        run(crossroads, members=1, seed=-1)
    assert len(caught.value.problems) == 2


def test_as_many_people_as_can_be_counted_stay_as_many(crossroads):
    """Nothing goes negative at the very limit: 2,147,483,647 people in all places together."""
    others = sum(place.residents + place.displaced for place in crossroads.places[1:])
    full = change(crossroads, [f"places.Millbrook.residents={MOST_PEOPLE - others}"])
    found = run(full, members=2, seed=SEED)
    smallest = min(int(found[name].min()) for name in found.data_vars)
    assert smallest == 0
    last = found.sel(member=0).isel(day=-1)
    assert (
        int(last["remaining"].sum(dtype="int64") + last["present"].sum() + last["on_the_road"]) == MOST_PEOPLE
    )


def test_movements_that_cannot_be_counted_are_refused(crossroads):
    """People are few enough, but move again and again."""
    restless = change(
        narrow(crossroads, course="attack"),
        [
            *("places.Millbrook.residents=2000000000", "horizon_days=400", "model.churn.monthly_rate=0.9"),
            *(
                "model.churn.zones=[valley, abroad]",
                "model.returns.half_life_days=3",
                "model.returns.calm_days=1",
            ),
        ],
    )
    with pytest.raises(ForewarnError, match=r"movements.* more than 2,147,483,647.*churn"):
        run(restless, members=1, seed=SEED)
    calmer = change(restless, ["horizon_days=15"])
    assert (np.diff(run(calmer, members=1, seed=SEED)["movements"].values.astype(np.int64)) >= 0).all()
