import numpy as np
import pytest

from forewarn import forecast, outlook
from forewarn.errors import ForewarnError
from forewarn.forecast import differences
from forewarn.forecast.pairing import run_pairs
from forewarn.forecast.sensitivity import drivers
from forewarn.forecast.variables import COORDINATES, VARIABLES, check, named, table_days
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
        surprise=dataset["returned"],
    )
    broken["blocked"].attrs["units"] = "persons"
    found = problems(broken)
    assert len(found) == 4
    assert any("movements: type float64. Allowed: int32" in problem for problem in found)
    assert any("present: dims ('member', 'place', 'day')" in problem for problem in found)
    assert any("surprise: unknown" in problem for problem in found)
    assert any("blocked: units 'persons'. Allowed: 'people'" in problem for problem in found)


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
        if callable(getattr(room, name)) and "Dataset" in str(_parameters(getattr(room, name)))
    }
    assert exported == {"differences", "headline", "page", "write"}


def _parameters(function):
    return {key: kind for key, kind in getattr(function, "__annotations__", {}).items() if key != "return"}
