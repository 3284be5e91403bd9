"""Changes for comparison."""

from __future__ import annotations

import pytest

from forewarn.errors import ChangeError
from forewarn.scenario import change, explicit, load, quantities
from forewarn.scenario.changes.change_paths import read_change


@pytest.fixture(scope="module")
def scenario():
    return load("crossroads")


@pytest.mark.parametrize(
    ("text", "parts", "operator", "value"),
    [
        ("model.fear.intensity=0", ("model", "fear", "intensity"), "=", 0),
        ("places.Atma (camp cluster).capacity*=2", ("places", "Atma (camp cluster)", "capacity"), "*=", 2),
        ("courses.a.stages.b.start += 14", ("courses", "a", "stages", "b", "start"), "+=", 14),
        ('places."St. Mary".lat=1', ("places", "St. Mary", "lat"), "=", 1),
        ("places[St. Mary].lat=1", ("places", "St. Mary", "lat"), "=", 1),
        ("places['a=b'].lat=1", ("places", "a=b", "lat"), "=", 1),
        ("places.Ma'arrat An Nu'man.residents*=2", ("places", "Ma'arrat An Nu'man", "residents"), "*=", 2),
        ("routes.A>B.km=3", ("routes", "A>B", "km"), "=", 3),
        ("model.fear.decay_km={low: 1, high: 2}", ("model", "fear", "decay_km"), "=", {"low": 1, "high": 2}),
    ],
)
def test_reading(text, parts, operator, value):
    read = read_change(text)
    assert (read.parts, read.operator, read.value) == (parts, operator, value)


@pytest.mark.parametrize("text", ["", "=", "model.fear.intensity", "model..intensity=1", "a=[", "a.=1"])
def test_what_is_no_change(text):
    with pytest.raises(ChangeError):
        read_change(text)


def test_words_are_set(scenario):
    assert change(scenario, ["crossings.bridge.status=closed"]).crossings[0].status == "closed"
    assert scenario.crossings[0].status == "open"


def test_numbers_carry_the_change_as_their_source(scenario):
    text = "model.flight.share_leaving*=0.5"
    changed = change(scenario, [text]).model.flight.share_leaving
    assert changed.value == 0.3
    assert changed.source == f"assumption: changed for comparison ({text})"


def test_shift_and_scale_move_all_numbers_of_a_distribution(scenario):
    drawn = change(scenario, ["model.fear.decay_km={low: 10, mode: 20, high: 40}"])
    shifted = change(drawn, ["model.fear.decay_km+=5"]).model.fear.decay_km
    scaled = change(drawn, ["model.fear.decay_km*=2"]).model.fear.decay_km
    assert (shifted.low, shifted.mode, shifted.high) == (15, 25, 45)
    assert (scaled.low, scaled.mode, scaled.high) == (20, 40, 80)


def test_scaling_to_nothing_leaves_an_exact_nought(scenario):
    drawn = change(scenario, ["model.fear.intensity={low: 0.1, mode: 0.2, high: 0.4}"])
    assert change(drawn, ["model.fear.intensity*=0"]).model.fear.intensity.value == 0


def test_days_may_be_dates_and_shifts(scenario):
    start = "courses.attack.stages.assault.start"
    assert change(scenario, [f"{start}=2024-03-05"]).courses[0].stages[0].start.days.value == 4
    assert change(scenario, [f"{start}+=14"]).courses[0].stages[0].start.days.value == 24


def test_people_are_whole_and_marked(scenario):
    text = "places.Millbrook.residents*=1.23456"
    place = change(scenario, [text]).places[0]
    assert place.residents == 12346
    assert type(place.residents) is int
    assert place.population_source.endswith(f"({text})")
    assert place.source == "assumption: teaching example"


def test_plain_numbers_are_marked(scenario):
    text = "routes.Millbrook>Oakford.km*=2"
    route = change(scenario, [text]).routes[0]
    assert route.km == 60
    assert route.source.endswith(f"({text})")


def test_capacity_doubles_and_is_lifted(scenario):
    assert change(scenario, ["places.Elm Camp.capacity*=2"]).places[2].capacity.value == 4000
    assert change(scenario, ["places.Elm Camp.capacity="]).places[2].capacity is None


def test_other_probabilities_are_rescaled_in_proportion(scenario):
    three = explicit(scenario)
    three["courses"][1]["probability"]["value"] = 0.05
    three["courses"].append(
        three["courses"][1] | {"name": "deal", "probability": {"value": 0.2, "source": "assumption: x"}}
    )
    from forewarn.scenario import resolve  # noqa: PLC0415

    changed = change(resolve(three), ["courses.attack.probability=0.5"])
    assert [course.probability.value for course in changed.courses] == pytest.approx([0.5, 0.1, 0.4])
    assert "changed for comparison" in changed.courses[1].probability.source


def test_all_probabilities_may_be_set(scenario):
    changed = change(scenario, ["courses.attack.probability=0.5", "courses.calm.probability=0.5"])
    assert [course.probability.value for course in changed.courses] == [0.5, 0.5]
    with pytest.raises(ChangeError, match="add to"):
        change(scenario, ["courses.attack.probability=0.5", "courses.calm.probability=0.4"])


def test_stages_follow_the_intensity_of_their_kind(scenario):
    changed = change(scenario, ["model.intensity.ground_attack=0.5"])
    assert changed.courses[0].stages[0].intensity.value == 0.5


def test_stages_with_an_intensity_of_their_own_do_not_follow(scenario):
    own = change(scenario, ["courses.attack.stages.assault.intensity=0.8"])
    changed = change(own, ["model.intensity.ground_attack=0.5"])
    assert changed.courses[0].stages[0].intensity.value == 0.8


def test_lists_may_be_replaced(scenario):
    changed = change(scenario, ["courses.attack.ceasefires=[{start: 20, duration_days: 5}]"])
    assert changed.courses[0].ceasefires[0].duration_days.value == 5


def test_every_path_can_be_changed(scenario):
    for path, quantity in quantities(scenario):
        if not path.endswith(".probability"):
            changed = dict(quantities(change(scenario, [f"{path}*=1"])))
            assert changed[path].typical() == quantity.typical()
            assert changed[path].source != quantity.source


def test_no_change_changes_nothing(scenario):
    assert change(scenario, []) == scenario


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("modle.fear.intensity=0", "Did you mean 'model'"),
        ("model.fear.intensty=0", "Did you mean 'intensity'"),
        ("crossings.brigde.status=open", "Did you mean 'bridge'"),
        ("crossings.bridge.status=opne", "Did you mean 'open'"),
        ("crossings.bridge.status=limited", "people_per_day is missing"),
        ("crossings.bridge.pass_rate*=2", "no number to change"),
        ("crossings.bridge=open", "whole entry"),
        ("crossings.bridge.status*=2", "is not a number"),
        ("model.fear.intensity.value=0", "'intensity' has nothing below it"),
        ("model.fear.intensity=2", "out of range"),
        ("model.fear.intensity*=two", "needs a number"),
        ("courses.attack.probability=1.5", "exceed 1"),
        ("courses.attack.probability={low: 0, high: 1}", "plain number"),
        ("places.Millbrook.zone=hils", "Did you mean 'hills'"),
    ],
)
def test_errors_name_what_is_wrong(scenario, text, says):
    with pytest.raises(ChangeError) as error:
        change(scenario, [text])
    assert says in str(error.value)
