"""Levers become changes of the scenario, and links bring them back."""

from dataclasses import replace
from functools import cache

import pytest

from forewarn.errors import ChangeError, ForewarnError
from forewarn.scenario import load
from forewarn.web.service.commands import compare_command, outlook_command, update_command
from forewarn.web.service.levers import CampLever, CrossingLever, Levers, apply, chances_used, changes
from forewarn.web.service.workspace import WorkspaceScenario

EVERYTHING = Levers(
    later={"staged": 14, "first-stage": -3},
    pace={"staged": 2.0},
    off=("turkish-led/operation",),
    places={"staged/south": ("Latmana", "Khan Shaykun")},
    crossings={
        "bab-al-hawa": CrossingLever(status="leaking", pass_rate=0.25),
        "ghazawiya": CrossingLever(status="closed"),
        "deir-ballut": CrossingLever(status="limited", people_per_day=100),
    },
    posts="ignored",
    capacity={"Atma (camp cluster)": 5000},
    camps=(CampLever(name="A <b>new</b> one", lat=36.2, lon=36.7, capacity=20000),),
    chances={"deal": 0.5},
)


@cache
def idlib():
    return load("idlib-2018")


def bundled():
    return WorkspaceScenario("idlib-2018", idlib().title, idlib().issued, 120, 86, 4, "bundled")


def command(levers, entry=None):
    return compare_command(entry or bundled(), levers, idlib(), members=52, seed=7)


def course(scenario, name):
    return next(each for each in scenario.courses if each.name == name)


def test_everything_is_applied():
    found = apply(EVERYTHING, idlib())
    before, after = course(idlib(), "staged"), course(found, "staged")
    assert after.stages[0].start.days.low == before.stages[0].start.days.low + 14
    assert after.stages[1].start.days.mode == before.stages[1].start.days.mode / 2
    assert after.stages[0].spread_days.mode == before.stages[0].spread_days.mode / 2
    assert after.stages[0].duration_days == before.stages[0].duration_days
    assert after.stages[0].places == ("Latmana", "Khan Shaykun")
    operation = course(found, "turkish-led").stages[0]
    assert operation.intensity.value == 0
    crossings = {each.name: each for each in found.crossings}
    assert crossings["bab-al-hawa"].pass_rate.value == 0.25
    assert crossings["deir-ballut"].people_per_day.value == 100
    # What a course would do to a crossing later gives way too.
    assert {each.status for each in after.crossing_changes if each.crossing == "ghazawiya"} == {"closed"}
    assert found.model.posts.effect.value == 0
    places = {place.name: place for place in found.places}
    assert places["Atma (camp cluster)"].capacity.value == 5000
    assert places["A <b>new</b> one"].attraction == 20000
    assert course(found, "deal").probability.value == 0.5
    assert sum(each.probability.value for each in found.courses) == pytest.approx(1)


@pytest.mark.parametrize("days", [-1, -2, -10, -50, -180])
@pytest.mark.parametrize(
    "start",
    [
        "{low: 1, mode: 10, high: 90}",
        "{low: 3, high: 9}",
        "5",
        "{median: 6, p90: 20}",
        "{quantiles: {0.1: 2, 0.9: 40}}",
    ],
)
def test_nothing_starts_before_the_issue_day(start, days):
    from forewarn.scenario import change

    base = change(load("crossroads"), [f"courses.attack.stages.assault.start={start}"])
    before = base.courses[0].stages[0].start.days
    after = apply(Levers(later={"attack": days}), base).courses[0].stages[0].start.days
    assert after.bounds()[0] >= 0
    assert after.typical() == pytest.approx(max(0, before.typical() + days), abs=25)
    assert after.typical() < before.typical()


def test_a_stage_that_is_off_takes_nothing():
    found = apply(Levers(off=("staged/south",)), idlib())
    stage = course(found, "staged").stages[0]
    assert (stage.intensity.value, stage.control_after, stage.falls_after_days) == (0, None, None)


def test_nothing_changes_nothing():
    assert apply(Levers(), idlib()) is idlib()
    assert Levers().to_text() == ""
    assert Levers().count == 0


def test_a_link_brings_everything_back():
    assert Levers.from_text(EVERYTHING.to_text()) == EVERYTHING
    assert EVERYTHING.count == 12


@pytest.mark.parametrize(
    "text",
    ["{", "[]", '{"later":{"staged":9999}}', '{"unknown":1}', '{"pace":{"x":0}}', '{"chances":{"x":2}}', "x" * 30_000,
     '{"pace":{"x":NaN}}', '{"camps":[{"name":"","lat":1,"lon":1,"capacity":1}]}', '{"posts":"maybe"}'],
)  # fmt: skip
def test_broken_links_say_so(text):
    with pytest.raises(ForewarnError, match="link"):
        Levers.from_text(text)


@pytest.mark.parametrize(
    "levers",
    [
        Levers(later={"stagd": 5}),
        Levers(later={"deal": 5}),
        Levers(pace={"deal": 2.0}),
        Levers(off=("staged/nowhere",)),
        Levers(off=("staged",)),
        Levers(places={"staged/south": ("Nowhere",)}),
        Levers(places={"staged/south": ()}),
        Levers(crossings={"nowhere": CrossingLever(status="open")}),
        Levers(capacity={"Nowhere": 1}),
        Levers(chances={"nowhere": 0.2}),
        Levers(camps=(CampLever(name="Idleb", lat=36.2, lon=36.7, capacity=1),)),
    ],
    ids=lambda levers: levers.to_text(),
)
def test_levers_that_fit_nothing_are_refused(levers):
    with pytest.raises(ChangeError):
        apply(levers, idlib())


def test_the_command_line_does_the_same():
    levers = Levers(later={"staged": 14}, crossings={"bab-al-hawa": CrossingLever(status="open")})
    assert command(levers) == (
        "forewarn compare idlib-2018 --with courses.staged.stages.south.start+=14 "
        "--with crossings.bab-al-hawa.status=open --members 52 --seed 7"
    )
    from forewarn.scenario import change

    assert change(idlib(), list(changes(levers, idlib()))) == apply(levers, idlib())
    assert command(EVERYTHING) == command(Levers()) == ""
    assert "--with places.Idleb.capacity=1 " in command(Levers(capacity={"Idleb": 1}))


def test_a_saved_scenario_is_the_file_that_can_be_downloaded():
    saved = replace(bundled(), id="0123456789abcdef", origin="changed")
    assert outlook_command(saved, members=402, seed=1) == (
        "forewarn outlook 0123456789abcdef.yaml --members 402 --seed 1"
    )
    assert command(Levers(later={"staged": 1}), saved).startswith("forewarn compare 0123456789abcdef.yaml ")
    assert update_command(bundled(), members=120, seed=1) == (
        "forewarn update idlib-2018 counts.csv --members 120 --seed 1"
    )


def test_quotes_in_names_stay_in_the_path():
    levers = Levers(places={"staged/motorways": ("Ma'arrat An Nu'man",)})
    assert course(apply(levers, idlib()), "staged").stages[2].places == ("Ma'arrat An Nu'man",)
    assert "'\"'\"'" in command(levers)


@pytest.mark.parametrize(
    ("chances", "used"),
    [
        ({"deal": 0.7}, [0.7, 0.3 * 25 / 65, 0.3 * 25 / 65, 0.3 * 15 / 65]),
        ({"staged": 0.5, "deal": 0.35}, [0.35, 0.15 * 25 / 40, 0.5, 0.15 * 15 / 40]),
        ({"staged": 1.0}, [0, 0, 1, 0]),
        ({}, [0.35, 0.25, 0.25, 0.15]),
    ],
)
def test_chances_that_are_used_are_those_of_the_model(chances, used):
    found = chances_used(chances, idlib())
    assert list(found.values()) == pytest.approx(used)
    assert sum(found.values()) == pytest.approx(1)
    changed = apply(Levers(chances=chances), idlib())
    assert found == {each.name: each.probability.typical() for each in changed.courses}
