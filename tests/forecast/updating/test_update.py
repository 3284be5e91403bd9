import numpy as np
import pytest

from forewarn.errors import UsageError
from forewarn.forecast import run
from forewarn.forecast.updating import Observations, parse_observations, update
from forewarn.forecast.updating.observation_error import covariance, off_scale, on_scale
from forewarn.forecast.variables import check
from forewarn.scenario import change, load

UNCERTAIN = change(
    load("crossroads"),
    [
        "model.flight.share_leaving={low: 0.2, mode: 0.5, high: 0.9}",
        "model.flight.days_to_half={median: 8, p90: 30}",
        "model.destination.pull_spread=0.5",
    ],
)
MEMBERS = 80


def counts(*rows):
    return parse_observations("\n".join(("date,place,measure,people,error", *rows)), UNCERTAIN)


FEW = counts("2024-03-20,anywhere,displaced,800,0.05", "2024-03-20,Elm Camp,present,300,0.05")
MANY = counts("2024-03-20,anywhere,displaced,5000,0.05", "2024-03-20,Elm Camp,present,1800,0.05")
NONE = counts("2024-03-20,anywhere,displaced,0,0.05")


@pytest.fixture(scope="module")
def few():
    return update(UNCERTAIN, FEW, members=MEMBERS, seed=1)


@pytest.fixture(scope="module")
def many():
    return update(UNCERTAIN, MANY, members=MEMBERS, seed=1)


def of_attack(forecast, name):
    return forecast[name].values[forecast["course"].values == "attack"]


def test_it_is_a_forecast_and_says_what_it_learnt_from(few):
    check(few.forecast)
    assert few.forecast.attrs["observations"] == 2
    assert few.forecast.attrs["observed_until"] == "2024-03-20"


def test_more_people_counted_means_more_people_forecast(few, many):
    low, high = (np.median(of_attack(each.forecast, "left_home")[:, -1].sum(axis=1)) for each in (few, many))
    assert high > 1.5 * low


def test_people_are_where_they_were_counted(few, many):
    for updated, people in ((few, 300), (many, 1800)):
        there = of_attack(updated.forecast, "present")[:, 19, 2]
        assert np.median(there) == pytest.approx(people, rel=0.1)


def test_people_add_up_on_every_day(few):
    forecast = few.forecast
    everybody = sum(place.residents + place.displaced for place in UNCERTAIN.places)
    there = forecast["remaining"].sum("place") + forecast["present"].sum("place") + forecast["on_the_road"]
    assert (there == everybody).all()


def test_courses_are_weighed_by_what_they_explain(few):
    nothing = update(UNCERTAIN, NONE, members=MEMBERS, seed=1)
    chance = {each.course: each.after for each in nothing.diagnosis.chances}
    assert chance["calm"] > 0.99
    chance = {each.course: each.after for each in few.diagnosis.chances}
    assert chance["attack"] > 0.99
    assert few.forecast["weight"].values.sum() == pytest.approx(1)


def test_a_count_that_nothing_can_explain_is_a_warning():
    found = update(UNCERTAIN, counts("2024-03-05,anywhere,displaced,40000,0.05"), members=MEMBERS, seed=1)
    assert any("outside everything" in warning for warning in found.diagnosis.warnings)


def test_counts_that_fit_are_none(few):
    assert few.diagnosis.warnings == ()


def test_what_is_learnt_is_told(many):
    names = [each.name for each in many.diagnosis.learnt if each.course == "attack"]
    assert names[0] in ("model.flight.share_leaving", "model.flight.days_to_half")
    fit = next(each for each in many.diagnosis.fits if each.course == "attack")
    assert abs(fit.after[1] - fit.observation.people) < abs(fit.before[1] - fit.observation.people)


def test_the_same_whoever_runs_it_and_in_which_chunks(few, monkeypatch):
    monkeypatch.setattr("forewarn.forecast.running.CHUNK", 7)
    again = update(UNCERTAIN, FEW, members=MEMBERS, seed=1)
    assert again.forecast.drop_attrs().identical(few.forecast.drop_attrs())


def test_another_seed_is_another_forecast(few):
    other = update(UNCERTAIN, FEW, members=MEMBERS, seed=2)
    assert not np.array_equal(other.forecast["present"].values, few.forecast["present"].values)


def test_nothing_learnt_leaves_the_forecast_as_it_was():
    """A count whose error is as great as can be, on a day before anything happens."""
    said = counts("2024-03-05,anywhere,displaced,0,2")
    updated = update(UNCERTAIN, said, members=MEMBERS, seed=1, model_error=0)
    plain = run(UNCERTAIN, members=MEMBERS, seed=1)
    assert np.array_equal(updated.forecast["present"].values, plain["present"].values)


def test_progress_goes_from_nothing_to_all():
    heard = []
    update(UNCERTAIN, FEW, members=60, seed=1, progress=lambda done, of: heard.append((done, of)))
    assert heard == sorted(heard)
    assert heard[-1] == (300, 300)


def test_too_few_members_and_no_counts_are_errors():
    with pytest.raises(UsageError, match="30 members each"):
        update(UNCERTAIN, FEW, members=40, seed=1)
    with pytest.raises(UsageError, match="observations: none"):
        update(UNCERTAIN, Observations(()), members=MEMBERS, seed=1)


def test_errors_of_the_model_grow_with_time_and_are_shared_within_a_series():
    rows = ("2024-03-11,Elm Camp,present,1000,0.1", "2024-03-31,Elm Camp,present,1000,0.1",
            "2024-03-31,Oakford,present,1000,0.1")  # fmt: skip
    observations = counts(*rows).rows
    found = covariance(observations, model_error=0.3)
    early, late, other = 0, 1, 2
    assert found[late, late] > found[early, early]
    assert found[early, late] == pytest.approx(0.3**2 * 10 / 30)
    assert found[late, other] == pytest.approx(0.5 * 0.3**2 * 30 / 30)
    assert np.diag(covariance(observations, model_error=0)) == pytest.approx((0.1 * 1000 / 1100) ** 2)


def test_the_scale_is_turned_back():
    people = np.array([0.0, 1.0, 250_000.0])
    assert off_scale(on_scale(people)) == pytest.approx(people)


def test_a_count_that_sends_people_home_leaves_later_counts_numbers_of_people():
    """The second counts from a day before the first, by which more had left than stay away."""
    rows = ("2024-03-21,anywhere,present,2000,,", "2024-03-23,anywhere,displaced,100,,2024-03-20")
    text = "\n".join(("date,place,measure,people,error,since", *rows))
    scenario = load("crossroads")
    found = update(scenario, parse_observations(text, scenario), members=60, seed=1).forecast
    everybody = sum(place.residents + place.displaced for place in scenario.places)
    for name in ("present", "arrivals", "within", "remaining"):
        assert (found[name].values >= 0).all(), name
    there = found["present"].sum("place") + found["remaining"].sum("place") + found["on_the_road"]
    assert (there == everybody).all()
