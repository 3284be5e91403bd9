"""From the document people write to the explicit scenario."""

from __future__ import annotations

import copy
import math
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forewarn.errors import ScenarioError
from forewarn.scenario import Scenario, dump, explicit, load, resolve
from forewarn.scenario.resolving import shipped_defaults
from forewarn.scenario.yaml_files import parse, write

BASE = Path(__file__).parent / "zoo" / "base"


@pytest.fixture(scope="module")
def base():
    return load(BASE)


def document():
    return copy.deepcopy(explicit(load(BASE)))


def test_resolving_the_explicit_form_changes_nothing(base):
    assert resolve(explicit(base)) == base
    assert resolve(parse(dump(base), "dump")) == base


def test_dates_become_days_after_issue(base):
    start = base.courses[0].stages[0].start.days
    assert (start.low, start.high) == (4, 92)


def test_the_source_written_nearest_holds():
    written = document()
    stage = written["courses"][0]["stages"][0]
    stage["source"] = "census"
    stage["duration_days"] = {"value": 3, "source": "assumption: nearer"}
    stage["start"] = 5
    made = resolve(written).courses[0].stages[0]
    assert made.duration_days.source == "assumption: nearer"
    assert made.start.days.source == "census"


def test_population_and_capacity_take_the_source_of_the_place_unless_they_have_their_own(tmp_path):
    for file in BASE.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    places = (BASE / "places.csv").read_text(encoding="utf-8").splitlines()
    more = [
        ",population_source,capacity_source",
        ",,",
        ",,",
        ",assumption: people,assumption: room",
        ",,",
        ",,",
    ]
    text = "\n".join(row + rest for row, rest in zip(places, more, strict=True))
    (tmp_path / "places.csv").write_text(text, encoding="utf-8")
    alder, _, cedar = load(tmp_path).places[:3]
    assert (alder.source, alder.population_source) == ("assumption: made up", "assumption: made up")
    assert (cedar.source, cedar.population_source) == ("census", "assumption: people")
    assert cedar.capacity.source == "assumption: room"


def test_attraction_is_people_or_the_capacity_of_an_empty_camp(base):
    pulls = {place.name: place.attraction for place in base.places}
    assert pulls == {"Alder": 1200, "Birch": 2000, "Cedar": 500, "Dogwood": 3000, "Elder": 50}


@pytest.mark.parametrize(
    ("residents", "displaced", "capacity", "kind", "expected"),
    [
        (1000, 200, None, "town", 1200),
        (0, 200, 50, "camp", 200),
        (0, 0, 50, "camp", 50),
        (0, 0, 50, "town", 0),
    ],
)
def test_attraction_is_a_function_of_residents_and_displaced(residents, displaced, capacity, kind, expected):
    written = document()
    place = written["places"][4]
    del place["attraction"]
    place |= {"residents": residents, "displaced": displaced, "kind": kind, "capacity": capacity}
    made = resolve(written)
    assert made.places[4].attraction == expected
    place |= {"attraction": 7}
    assert resolve(written).places[4].attraction == 7


def test_defaults_stand_in_with_their_sources(base):
    assert base.model.warning.share.source == "reference-class-2018"
    assert base.sources["reference-class-2018"].published == date(2018, 8, 30)
    assert base.model.flight.share_leaving.mode == 0.4


def test_sources_of_defaults_that_are_not_used_do_not_appear():
    assert "reference-class-2018" not in load("crossroads").sources


def test_a_default_source_that_is_too_late_breaks_the_vintage_rule():
    written = document()
    del written["model"], written["sources"]["reference-class-2018"]
    written["issued"] = date(2018, 8, 29)
    with pytest.raises(ScenarioError, match="reference-class-2018: it was published on 2018-08-30"):
        resolve(written)


def test_a_source_may_not_take_the_name_of_a_default():
    written = document()
    del written["model"]["warning"]
    written["sources"]["reference-class-2018"]["title"] = "Another"
    with pytest.raises(ScenarioError, match="a source of the shipped defaults"):
        resolve(written)


def test_stages_take_their_intensity_by_kind(base):
    first, second = base.courses[0].stages
    assert first.intensity == base.model.intensity.bombardment
    assert second.intensity == base.model.intensity.ground_attack


def test_claims_speak_of_all_courses_unless_they_say_so(base):
    assert base.claims[0].courses == ("attack", "calm")


def test_a_pocket_with_roads_of_its_own_is_isolated():
    written = document()
    written["places"].append(written["places"][4] | {"name": "Fir"})
    written["routes"].append({"from": "Elder", "to": "Fir", "km": 5, "source": "census"})
    assert resolve(written).places[5].isolated
    written["places"][5]["isolated"] = written["places"][4]["isolated"] = False
    with pytest.raises(ScenarioError, match="no route connects 'Fir' with the rest"):
        resolve(written)


def test_every_default_has_a_source_and_a_reason():
    def quantities(raw):
        if "source" in raw:
            yield raw
        else:
            for value in raw.values():
                if isinstance(value, dict):
                    yield from quantities(value)

    defaults = shipped_defaults()
    found = list(quantities(defaults["model"]))
    assert len(found) == 49
    for quantity in found:
        source = quantity["source"]
        assert source in defaults["sources"] or len(source) > len("assumption: ") + 20


def test_the_room_needs_no_numpy():
    code = "import sys, forewarn.scenario; sys.exit('numpy' in sys.modules or 'numba' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0  # noqa: S603


def test_only_one_module_knows_yaml():
    room = Path(sys.modules["forewarn.scenario"].__file__).parent
    sources = {path.name: path.read_text(encoding="utf-8").splitlines() for path in room.rglob("*.py")}
    assert [name for name, lines in sources.items() if "import yaml" in lines] == ["yaml_files.py"]


ODD = (
    None,
    "",
    "odd",
    -1,
    1.5,
    math.nan,
    10**30,
    True,
    [None],
    {"a": 1},
    date(2018, 9, 1),
)


def _spots(value, path=()):
    yield path
    if isinstance(value, dict | list):
        for key in value if isinstance(value, dict) else range(min(len(value), 2)):
            yield from _spots(value[key], (*path, key))


def _replaced(value, path, new):
    if not path:
        return new
    changed = copy.copy(value)
    changed[path[0]] = _replaced(value[path[0]], path[1:], new)
    return changed


@pytest.mark.parametrize("odd", ODD, ids=repr)
def test_odd_values_anywhere_are_errors_of_ours_or_accepted(odd):
    whole = document()
    for path in (path for path in _spots(whole) if path and path[:2] != ("model", "destination")):
        try:
            made = resolve(_replaced(whole, path, odd))
        except ScenarioError as error:
            assert all(problem.where and problem.what for problem in error.problems)  # noqa: PT017
        else:
            assert isinstance(made, Scenario)


NUMBERS = st.floats(0, 1, allow_subnormal=False)
SHARES = st.one_of(
    NUMBERS,
    st.tuples(NUMBERS, NUMBERS, NUMBERS)
    .map(sorted)
    .filter(lambda three: three[0] < three[2])
    .map(lambda three: dict(zip(("low", "mode", "high"), three, strict=True))),
    st.tuples(NUMBERS, NUMBERS).map(lambda two: {"quantiles": {0.1: min(two), 0.9: max(two)}}),
)
WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("C",)), min_size=1, max_size=8)


@st.composite
def small_documents(draw):
    names = draw(st.lists(WORDS, min_size=2, max_size=4, unique=True))
    places = [
        {
            "name": name,
            "lat": draw(st.floats(-3, 3)),
            "lon": draw(st.floats(-3, 3)),
            "kind": draw(st.sampled_from(["town", "camp", "foreign"])),
            "zone": draw(st.sampled_from(["one", "two"])),
            "residents": draw(st.integers(0, 10**6)),
            "capacity": draw(st.none() | st.integers(0, 10**5)),
        }
        for name in names
    ]
    routes = [
        {"from": a, "to": b, "km": draw(st.floats(0.1, 100))} for a, b in zip(names, names[1:], strict=False)
    ]
    stage = {
        "name": draw(WORDS),
        "places": [draw(st.sampled_from(names))],
        "kind": draw(st.sampled_from(["bombardment", "ground-attack", "siege"])),
        "start": draw(st.integers(0, 50) | st.dates(date(2020, 1, 1), date(2020, 3, 1))),
        "duration_days": draw(st.integers(0, 50)),
    }
    share = draw(NUMBERS)
    return {
        "format": 1,
        "name": "small",
        "title": draw(WORDS),
        "issued": date(2020, 1, 1),
        "horizon_days": draw(st.integers(1, 730)),
        "source": "assumption: drawn",
        "zones": {"one": None, "two": {"title": draw(WORDS)}},
        "places": places,
        "routes": routes,
        "model": draw(st.just({}) | SHARES.map(lambda share: {"fear": {"intensity": share}})),
        "courses": [
            {"name": "a", "probability": share, "stages": [stage]},
            {"name": "b", "probability": 1 - share},
        ],
    }


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(small_documents())
def test_small_documents_resolve_once_and_for_all(written):
    scenario = resolve(written)
    assert resolve(explicit(scenario)) == scenario
    assert resolve(parse(dump(scenario), "dump")) == scenario
    assert write(explicit(scenario)) == dump(scenario)
