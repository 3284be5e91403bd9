import inspect

import numpy as np
import pytest

from forewarn import forecast, outlook
from forewarn.errors import ForewarnError
from forewarn.forecast import differences
from forewarn.forecast.pairing import run_pairs
from forewarn.forecast.sensitivity import drivers
from forewarn.forecast.variables import (
    COORDINATES,
    VARIABLES,
    check,
    named,
    refuse_unknown_where,
    require,
    table_days,
)
from forewarn.outlook.brief.document import write_brief


@pytest.fixture
def dataset(synthetic, crossroads):
    return synthetic.empty(crossroads, members=4)


def problems(dataset):
    with pytest.raises(ForewarnError) as raised:
        check(dataset)
    return [str(problem) for problem in raised.value.problems]


def test_a_forecast_passes(dataset):
    check(dataset)


def test_names_are_unique_and_every_sentence_is_there():
    table = [*VARIABLES, *COORDINATES]
    assert len({variable.name for variable in table}) == len(table)
    assert all(variable.sentence and variable.dims for variable in table)


def test_every_dimension_has_a_coordinate():
    dims = {dim for variable in VARIABLES for dim in variable.dims}
    assert dims == {variable.name for variable in COORDINATES if variable.dims == (variable.name,)}


@pytest.mark.parametrize("name", [variable.name for variable in VARIABLES])
def test_a_missing_variable_is_named(dataset, name):
    (problem,) = problems(dataset.drop_vars(name))
    assert f"variable {name}: missing" in problem


@pytest.mark.parametrize("name", [item.name for item in COORDINATES if item.name != "weight"])
def test_a_missing_coordinate_is_named(dataset, name):
    assert any(f"coordinate {name}: missing" in problem for problem in problems(dataset.drop_vars(name)))


def test_all_deviations_are_listed_at_once(dataset):
    broken = dataset.assign(
        movements=dataset["movements"].astype("float64"),
        present=dataset["present"].transpose("member", "place", "day"),
    )
    broken["blocked"].attrs["units"] = "persons"
    found = problems(broken)
    assert len(found) == 3
    assert any("movements: type float64. Allowed: int32" in problem for problem in found)
    assert any("present: dims ('member', 'place', 'day')" in problem for problem in found)
    assert any("blocked: units 'persons'. Allowed: 'count'" in problem for problem in found)


def test_further_variables_are_welcome(dataset):
    check(
        dataset.assign(surprise=dataset["returned"]).assign_coords(group=("place", dataset["place"].values))
    )


def test_units_are_those_of_udunits():
    """Names that UDUNITS knows, and standard names of the CF conventions (version 1.11 of both tables)."""
    table = [*VARIABLES, *COORDINATES]
    assert {variable.units for variable in table} <= {
        "",
        "1",
        "count",
        "day",
        "degrees_north",
        "degrees_east",
    }
    assert {each.name: each.standard_name for each in table if each.standard_name} == {
        "date": "time",
        "latitude": "latitude",
        "longitude": "longitude",
    }


def test_what_is_required_comes_in_the_order_of_the_table(dataset):
    used = require(dataset.transpose(..., "member"), "present", "left_home")
    assert set(used.data_vars) == {"present", "left_home"}
    assert used["present"].dims == ("member", "day", "place")
    assert float(require(dataset.isel(member=[0, 1]))["weight"].sum()) == pytest.approx(1.0)
    assert require(dataset, "present")["weight"].equals(dataset["weight"])


@pytest.mark.parametrize(
    ("broken", "words"),
    [
        (lambda good: good.drop_vars("present"), "variable present: missing"),
        (lambda good: good.drop_vars("weight"), "coordinate weight: missing"),
        (lambda good: good.isel(day=0), "variable present: dims"),
        (lambda good: good.assign(present=good["present"].astype(str)), "type .*Allowed: numbers"),
        (lambda good: good.assign_coords(weight=good["weight"] * 0), "weight: adds to 0"),
        (lambda good: good.assign_coords(weight=good["weight"] - 0.3), "weight: adds to -"),
        (lambda good: good.isel(member=[]), "weight: adds to 0"),
    ],
)
def test_what_cannot_be_used_is_named(dataset, broken, words):
    require(dataset, "present")
    with pytest.raises(ForewarnError, match=words):
        require(broken(dataset), "present")


def test_where_is_not_told_of_a_draft_that_does_not_know(dataset):
    refuse_unknown_where(dataset, "here")
    with pytest.raises(ForewarnError, match="here: where people go is not known"):
        refuse_unknown_where(dataset.assign_attrs(where_known="false"), "here")


def test_weights_add_to_one(dataset):
    heavy = dataset.assign_coords(weight=("member", np.full(4, 0.3), dataset["weight"].attrs))
    (problem,) = problems(heavy)
    assert "weight: adds to 1.2" in problem


def test_causes_stand_in_their_order(dataset):
    (problem,) = problems(dataset.isel(cause=[1, 0, 2, 3]))
    assert "coordinate cause" in problem


def test_days_begin_at_the_issue_day(dataset):
    (problem,) = problems(dataset.isel(day=slice(1, None)))
    assert "coordinate day" in problem


def test_nearest_name():
    with pytest.raises(ForewarnError, match="Did you mean 'left_home'"):
        named("left_hom")


@pytest.mark.parametrize(("horizon", "days"), [(20, (20,)), (30, (30,)), (31, (30, 31)), (90, (30, 60, 90))])
def test_table_days(horizon, days):
    assert table_days(horizon) == days


DOORS = [
    lambda bad, good, scenario, path: differences(bad, good),
    lambda bad, good, scenario, path: differences(good, bad),
    lambda bad, good, scenario, path: drivers(bad, scenario),
    lambda bad, good, scenario, path: run_pairs(bad, scenario, ()),
    lambda bad, good, scenario, path: outlook.headline(bad, scenario),
    lambda bad, good, scenario, path: outlook.render_page(bad, scenario),
    lambda bad, good, scenario, path: outlook.write(bad, scenario, path / "out"),
    lambda bad, good, scenario, path: write_brief(bad, scenario, path / "brief.pdf"),
]


@pytest.mark.parametrize("door", DOORS)
def test_doors_check_a_forecast_and_write_nothing_of_another(dataset, crossroads, tmp_path, door):
    """docs/architecture.md names them."""
    with pytest.raises(ForewarnError, match="forecast, variable waiting: missing"):
        door(dataset.drop_vars("waiting"), dataset, crossroads, tmp_path)
    assert not list(tmp_path.iterdir())


def test_every_exported_function_that_takes_a_forecast_is_among_the_doors():
    exported = {
        name
        for room in (forecast, outlook)
        for name in room.__all__
        if inspect.isfunction(getattr(room, name)) and "Dataset" in str(_parameters(getattr(room, name)))
    }
    assert exported == {"differences", "headline", "render_page", "write"}


def _parameters(function):
    return {key: kind for key, kind in getattr(function, "__annotations__", {}).items() if key != "return"}
