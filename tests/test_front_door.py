"""``import forewarn as fw``: what it offers, what it costs, and that it gives the numbers of the commands."""

from __future__ import annotations

import ast
import csv
import inspect
import os
import pkgutil
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xarray as xr

import forewarn as fw
from forewarn.cli import outlook as command_of_outlook
from forewarn.errors import UsageError
from forewarn.forecast.variables import VARIABLES, named

SOURCE = Path(__file__).parents[1] / "src" / "forewarn"
MEMBERS, SEED = 40, 1
FUNCTIONS = [name for name in fw.__all__ if inspect.isfunction(getattr(fw, name))]
SUMMARIES = {
    "planning_figures": ("left_home",),
    "displaced": ("left_home",),
    "exceedance": ("left_home",),
    "destinations": ("arrivals", "present"),
    "origins": ("departures",),
    "flows": ("flows",),
    "needs": ("present",),
}
"""What each summary uses."""


@pytest.fixture(scope="module")
def forecast():
    return fw.run("crossroads", members=MEMBERS, seed=SEED)


def command(*words, folder):
    """Run a command as a person does."""
    subprocess.run(
        [sys.executable, "-m", "forewarn", *map(str, words)],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(SOURCE.parent)},
        capture_output=True,
        check=True,
    )


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """Folder that the command writes for the same forecast."""
    folder = tmp_path_factory.mktemp("told")
    command("outlook", "crossroads", "--members", MEMBERS, "--seed", SEED, "-o", "out", folder=folder)
    return folder / "out"


# What it offers


def test_the_names_stand_in_one_order_everywhere():
    tree = ast.parse((SOURCE / "__init__.py").read_text(encoding="utf-8"))
    (block,) = (node for node in tree.body if isinstance(node, ast.If))
    for_types = {
        alias.name: node.module
        for node in block.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    assert for_types == fw._HOME_OF
    assert sorted(fw.__all__) == sorted([*fw._HOME_OF, "__version__"])
    assert dir(fw) == sorted(fw.__all__)


def test_no_name_is_that_of_a_room():
    rooms = {module.name for module in pkgutil.iter_modules([str(SOURCE)])}
    assert "reading" in rooms
    assert rooms & set(fw.__all__) == set()


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'forecasts'"):
        fw.forecasts  # noqa: B018


def test_the_version():
    assert fw.__version__ == version("forewarn")


@pytest.mark.parametrize("name", FUNCTIONS)
def test_arguments_after_the_second_go_by_name(name):
    parameters = inspect.signature(getattr(fw, name)).parameters.values()
    by_place = [each for each in parameters if each.kind is not inspect.Parameter.KEYWORD_ONLY]
    assert len(by_place) <= 2
    assert all(each.kind is inspect.Parameter.POSITIONAL_OR_KEYWORD for each in by_place)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_function_is_explained_with_an_example(name):
    words = inspect.getdoc(getattr(fw, name))
    examples = "".join(inspect.getdoc(getattr(fw, each)) for each in FUNCTIONS)
    assert f"fw.{name}(" in examples or name == "draft"  # the notebook drafts
    assert words.splitlines()[0].endswith(".")


def test_defaults_are_those_of_the_commands():
    from forewarn.api import forecasts, outlooks

    assert forecasts.MEMBERS == command_of_outlook.DEFAULT_MEMBERS
    assert forecasts.SEED == command_of_outlook.DEFAULT_SEED
    assert outlooks.PAIRED_RUNS == command_of_outlook.DEFAULT_PAIRED_RUNS


def test_it_is_a_command_too():
    done = subprocess.run(
        [sys.executable, "-m", "forewarn", "--version"],
        env=os.environ | {"PYTHONPATH": str(SOURCE.parent)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == f"forewarn {fw.__version__}"


# What it costs

READERS = {"spacy", "lxml", "trafilatura", "pypdf", "osmium"}
APP = {"nicegui", "fastapi", "sqlalchemy", "typer"}
PICTURES = {"matplotlib", "geopandas", "reportlab", "jinja2", "xlsxwriter"}
ENGINE = {"numba", "xarray", "pandas", "scipy"}
HEAVY = READERS | APP | PICTURES | ENGINE
COSTS = {
    "forewarn.errors": HEAVY,
    "forewarn.scenario.model.models": HEAVY,
    "forewarn.api.scenarios": HEAVY,
    "forewarn.api.reports": HEAVY,
    "forewarn.api.forecasts": HEAVY - ENGINE,
    "forewarn.api.summaries": HEAVY - ENGINE,
    "forewarn.api.reference": HEAVY - {"xarray", "pandas", "scipy"},
    "forewarn.api.outlooks": READERS | APP | {"matplotlib"},
}
"""What a name does not load when it is first used."""


def loaded(code):
    script = f"import sys\n{code}\nprint(*[name for name in {sorted(HEAVY)!r} if name in sys.modules])"
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(SOURCE.parent), *sys.path])}
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, env=environment, check=True
    )
    return set(done.stdout.splitlines()[-1].split())


@pytest.mark.parametrize("home", list(fw._HOMES))
def test_a_name_loads_what_it_needs_and_no_more(home):
    uses = "\n".join(f"forewarn.{name}" for name in fw._HOMES[home])
    assert loaded(f"import forewarn\n{uses}") & COSTS[home] == set()


def test_a_name_that_loads_too_much_is_noticed():
    assert {"numba", "xarray"} <= loaded("import forewarn\nforewarn.run")


def test_looking_around_loads_nothing():
    assert loaded("import forewarn\ndir(forewarn), forewarn.__version__, forewarn.__doc__") == set()


# Scenarios


def test_a_scenario_comes_by_name_folder_or_as_itself(tmp_path):
    crossroads = fw.load("crossroads")
    assert fw.load(crossroads) is crossroads
    (tmp_path / "mine").mkdir()
    assert fw.load(fw.dump(crossroads, tmp_path / "mine" / "scenario.yaml")) == crossroads
    assert fw.load(tmp_path / "mine") == fw.loads(fw.dumps("crossroads")) == crossroads


@pytest.mark.parametrize("given", [None, 3, {"name": "crossroads"}])
def test_anything_else_is_not_a_scenario(given):
    with pytest.raises(UsageError, match="Allowed: a Scenario, the name"):
        fw.run(given)


def test_a_draft_is_told_where_its_scenario_is():
    class Draft:
        scenario = None

    with pytest.raises(UsageError, match="Use its attribute scenario"):
        fw.load(Draft())


def test_the_bundled_ones_are_listed():
    assert {"crossroads", "idlib-2018"} <= set(fw.scenarios().index)


def test_one_change_or_several():
    other = "courses.attack.stages.assault.start+=2"
    one = f"crossings.{fw.load('crossroads').crossings[0].name}.status=closed"
    assert fw.change("crossroads", one) == fw.change("crossroads", [one])
    assert fw.change("crossroads", [one, other]) != fw.change("crossroads", one)
    with pytest.raises(fw.ForewarnError, match="unknown name 'none'"):
        fw.change("crossroads", "crossings.none.status=open")


# The numbers of the commands


def rows(path):
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


QUANTILES = {"p05": 0.05, "p25": 0.25, "median": 0.5, "p75": 0.75, "p95": 0.95}


def unequal(table, issued, name, cell, *, blank=range(1, 10)):
    """Rows of a CSV file whose numbers are not those that `cell` finds; blanks must be of small numbers."""
    found = []
    for row in table:
        day = (pd.Timestamp(row["reference_period_end"]) - pd.Timestamp(issued)).days
        for short, probability in QUANTILES.items():
            number = cell(row).sel(course=row["course"], quantile=probability, table_day=day).item()
            said = row[f"{name}_{short}"]
            if (number not in blank) if said == "" else (int(said) != number):
                found.append(row)
    return found


PLACES = [
    ("present.csv", "destinations", "present"),
    ("arrivals.csv", "destinations", "arrivals"),
    ("departures.csv", "origins", "departures"),
]


@pytest.mark.parametrize(("file", "function", "variable"), PLACES)
def test_places_are_those_of_the_tables(told, forecast, file, function, variable):
    found = getattr(fw, function)(forecast)[variable]
    table = rows(told / file)
    assert len(table) == found.sizes["course"] * found.sizes["table_day"] * found.sizes["place"]
    assert unequal(table, "2024-03-01", "population", lambda row: found.sel(place=row["place"])) == []


@pytest.mark.parametrize(("file", "function", "variable"), PLACES)
def test_other_futures_are_noticed(told, file, function, variable):
    found = getattr(fw, function)(fw.run("crossroads", members=MEMBERS, seed=SEED + 1))[variable]
    assert unequal(rows(told / file), "2024-03-01", "population", lambda row: found.sel(place=row["place"]))


def test_flows_are_those_of_the_table(told, forecast):
    found = fw.flows(forecast)["flows"]

    def cell(row):
        ends = row["origin_place"], row["destination_place"]
        for number, pair in enumerate(
            zip(found.route_from.values.tolist(), found.route_to.values.tolist(), strict=True)
        ):
            if set(pair) == set(ends):
                return found.isel(route=number).sel(direction="forth" if pair == ends else "back")
        raise AssertionError(ends)

    table = rows(told / "flows.csv")
    assert len(table) == found.size / found.sizes["quantile"]
    assert unequal(table, "2024-03-01", "population", cell) == []


def test_needs_are_those_of_the_table(told, forecast):
    found = fw.needs(forecast)

    def cell(row):
        if row["item"] == "people":
            return found["people"].sel(group=f"{row['gender']} {row['age_range']}", place=row["place"])
        assert found["unit"].sel(item=row["item"]).item() == row["unit"]
        assert found["sector"].sel(item=row["item"]).item() == row["sector_code"]
        return found["quantity"].sel(item=row["item"], place=row["place"])

    table = rows(told / "needs.csv")
    assert len(table) == 90
    # Nine people, whose number is blank, need so much at most.
    assert unequal(table, "2024-03-01", "quantity", cell, blank=range(2000)) == []


def test_headline_and_planning_figures_are_those_of_the_page(told, forecast):
    from forewarn.forecast import summary
    from forewarn.outlook.format.values import people

    figures = fw.planning_figures(forecast)
    page = (told / "index.html").read_text(encoding="utf-8")
    for name in ("most_likely", "worst_case"):
        assert people(figures[name].sel(course="attack").item()) in page
    expected = {each.course: each for each in summary.planning_figures(forecast)}
    for name in figures.data_vars:
        for course in figures["course"].values.tolist():
            assert figures[name].sel(course=course).item() == getattr(expected[course], name)
    table = summary.displaced_table(forecast)
    found = fw.displaced(forecast).sel(day=table["table_day"].values)
    for measure in summary.MEASURES:
        assert (found[measure].values == table[measure].values).all()


def test_any_offensive_comes_first_where_several_courses_hold_one():
    from forewarn.forecast import summary

    scenario = fw.load("idlib-2018")
    forecast = fw.run(scenario, members=40, seed=SEED, horizon_days=20)
    figures = fw.planning_figures(forecast)
    assert figures["course"].values[0] == "any offensive"
    expected = summary.offensive_figure(forecast, scenario).planning
    assert figures["worst_case"].values[0] == expected.worst_case
    assert figures["probability"].values[0] == pytest.approx(expected.probability)
    # Without the scenario nobody knows which courses hold one.
    assert "any offensive" not in fw.planning_figures(forecast.drop_vars("scenario_document"))["course"]


def test_a_comparison_is_that_of_the_command(tmp_path):
    later = "courses.attack.stages.assault.start+=25"
    command(
        "compare", "crossroads", "--with", later, "--members", MEMBERS, "--seed", SEED, "-o", "d.csv",
        folder=tmp_path,
    )  # fmt: skip
    found = fw.compare("crossroads", [later], members=MEMBERS, seed=SEED)
    table = rows(tmp_path / "d.csv")
    assert {bool(row["place"]) for row in table} == {True, False}
    for row in table:
        name = "present" if row["place"] else "displaced"
        at = {"course": row["course"]}
        at |= {"place": row["place"]} if row["place"] else {"table_day": int(row["day"])}
        difference = found[f"{name}_difference"].sel(at)
        assert found[f"{name}_base"].sel(at).item() == float(row["base"])
        for column, probability in (("low", 0.05), ("median", 0.5), ("high", 0.95)):
            assert difference.sel(quantile=probability).item() == float(row[column])
    assert found.attrs["changes"] == later
    changed = fw.change("crossroads", later)
    assert fw.compare("crossroads", changed, members=MEMBERS, seed=SEED).equals(found)
    assert not fw.compare("crossroads", changed, members=MEMBERS, seed=SEED + 1).equals(found)


COUNTS = pd.DataFrame(
    [["2024-03-15", "Elm Camp", "arrivals", 400, "2024-03-16"]],
    columns=["date", "place", "measure", "people", "published"],
)


def test_an_update_is_that_of_the_command(tmp_path):
    COUNTS.to_csv(tmp_path / "observed.csv", index=False)
    command(
        "update", "crossroads", "observed.csv", "--members", 60, "--seed", SEED, "-o", "out", folder=tmp_path
    )
    updated = fw.update("crossroads", tmp_path / "observed.csv", members=60, seed=SEED)
    with fw.open_forecast(tmp_path / "out") as theirs:
        assert theirs.present.equals(updated.forecast.present)
    from_frame = fw.update("crossroads", COUNTS, members=60, seed=SEED, as_of="2024-03-20")
    assert from_frame.forecast.present.equals(updated.forecast.present)
    assert fw.planning_figures(updated).equals(fw.planning_figures(updated.forecast))
    assert updated.chances["after"].sum() == pytest.approx(1.0)
    fw.write_outlook(updated, tmp_path / "mine", paired_runs=0)
    for name in ("observed.csv", "learnt.csv", "present.csv"):
        assert (tmp_path / "mine" / name).read_bytes() == (tmp_path / "out" / name).read_bytes()
    with pytest.raises(UsageError, match="observations: none"):
        fw.update("crossroads", COUNTS, members=60, seed=SEED, as_of="2024-03-10")
    with pytest.raises(UsageError, match="as_of: 'soon' is not a date"):
        fw.update("crossroads", COUNTS, as_of="soon")
    with pytest.raises(UsageError, match="observed: a int"):
        fw.update("crossroads", 400)


REPORT = Path(__file__).parent / "drafting" / "reports" / "siege-one-exit.txt"


@pytest.mark.slow
def test_reading_and_drafting_are_those_of_the_commands(tmp_path):
    day = "2024-09-03"
    command("read", REPORT, "--issued", day, "--format", "csv", "-o", "figures.csv", folder=tmp_path)
    reading = fw.read(REPORT, issued=day)
    theirs = pd.read_csv(tmp_path / "figures.csv", keep_default_na=False, dtype=str)
    mine = fw.figures(reading)
    assert len(mine) == len(theirs) > 2
    for name in theirs:
        if name in ("reported", "reported_low", "reported_high"):
            assert [*mine[name].dropna()] == [float(each) for each in theirs[name] if each]
        elif mine[name].dtype.kind not in "if":
            assert [*mine[name]] == [*theirs[name]], name
    assert fw.figures([reading, reading]).shape == (2 * len(mine), len(mine.columns))
    command("draft", REPORT, "--issued", day, "-o", "draft", folder=tmp_path)
    made = fw.draft(REPORT, issued=day)
    assert made.scenario == fw.draft([reading], issued=day).scenario
    assert fw.load(made.write(tmp_path / "mine").parent) == fw.load(tmp_path / "draft")
    assert len(repr(made)) < 300
    shown = made._repr_html_()
    assert "corrected by nobody" in shown
    assert len(shown) < 30_000


def test_the_reference_class_is_that_of_its_room():
    from datetime import date

    from forewarn.analogues import parse, predictive

    like = "place, siege, exits closed, 400000 people"
    found = fw.reference_class(like, as_of="2018-08-30", leave_out=["Idlib"])
    expected = predictive(parse(like), as_of=date(2018, 8, 30), leave_out=["Idlib"])
    assert found["share"].values.tolist() == list(expected.share)
    assert found["days_to_half"].values.tolist() == list(expected.days_to_half)
    assert found["share"].attrs["events"] == expected.share_events
    assert not found["share"].equals(fw.reference_class("region, ground", as_of="2018-08-30")["share"])
    with pytest.raises(UsageError, match="as_of: 'soon'"):
        fw.reference_class(like, as_of="soon")


# Files


def test_an_outlook_is_that_of_the_command(told, forecast, tmp_path):
    """Also written by somebody who has the file alone."""
    with fw.open_forecast(told) as kept:
        fw.write_outlook(kept, tmp_path / "out", paired_runs=0)
    fw.write_outlook(forecast, tmp_path / "mine", paired_runs=0)
    for file in told.glob("*.csv"):
        for folder in ("out", "mine"):
            assert (tmp_path / folder / file.name).read_bytes() == file.read_bytes(), file.name
    assert (tmp_path / "out" / "scenario.yaml").read_bytes() == (told / "scenario.yaml").read_bytes()


def test_a_forecast_comes_back_from_its_file(forecast, tmp_path):
    file = fw.save_forecast(forecast, tmp_path / "forecast.nc")
    assert [path.name for path in tmp_path.iterdir()] == ["forecast.nc"]
    with fw.open_forecast(file) as again:
        xr.testing.assert_equal(again.load(), forecast)
        assert again.sel(date="2024-03-20").day == 19
        assert again.attrs["Conventions"].startswith("CF-")
        for name, array in again.data_vars.items():
            assert array.attrs == named(str(name)).attributes
    with fw.open_forecast(tmp_path) as again:
        assert fw.planning_figures(again).equals(fw.planning_figures(forecast))
    part = forecast[["present"]].isel(member=slice(4))
    with fw.open_forecast(fw.save_forecast(part, tmp_path / "part.nc")) as again:
        xr.testing.assert_equal(again.load(), part)


def test_what_is_not_a_forecast_is_not_opened(tmp_path):
    with pytest.raises(fw.ForewarnError, match="not found"):
        fw.open_forecast(tmp_path / "none.nc")
    (tmp_path / "text.nc").write_text("no netCDF", encoding="utf-8")
    with pytest.raises(fw.ForewarnError, match="cannot be read as netCDF-4"):
        fw.open_forecast(tmp_path / "text.nc")
    xr.Dataset({"a": 1}).to_netcdf(tmp_path / "other.nc", engine="h5netcdf")
    with pytest.raises(fw.ForewarnError, match="coordinate course: missing"):
        fw.open_forecast(tmp_path / "other.nc")
    with pytest.raises(fw.ForewarnError, match="coordinate course: missing"):
        fw.save_forecast(xr.Dataset(), tmp_path / "empty.nc")
    assert not (tmp_path / "empty.nc").exists()


# Parts of a forecast


@pytest.mark.parametrize("name", [*SUMMARIES, "write_outlook"])
@pytest.mark.parametrize("given", [xr.Dataset(), xr.DataArray([1]), {}, "forecast.nc"])
def test_what_is_not_a_forecast_is_our_error(name, given, tmp_path):
    arguments = [given, tmp_path / "out"] if name == "write_outlook" else [given]
    with pytest.raises(fw.ForewarnError, match="missing|Allowed: a Dataset"):
        getattr(fw, name)(*arguments)


@pytest.mark.parametrize("name", SUMMARIES)
def test_what_is_missing_is_named(name, forecast):
    summary = getattr(fw, name)
    for variable in (each.name for each in VARIABLES):
        without = forecast.drop_vars(variable)
        if variable in SUMMARIES[name]:
            with pytest.raises(fw.ForewarnError, match=f"variable {variable}: missing"):
                summary(without)
        else:
            assert summary(without).equals(summary(forecast))
    for coordinate in ("course", "weight"):
        with pytest.raises(fw.ForewarnError, match=f"coordinate {coordinate}: missing"):
            summary(forecast.drop_vars(coordinate))


@pytest.mark.parametrize("name", SUMMARIES)
def test_further_variables_order_and_width_do_not_matter(name, forecast):
    summary, expected = getattr(fw, name), getattr(fw, name)(forecast)
    odd = forecast.assign(mine=("member", np.ones(MEMBERS)), note="x").transpose(..., "member")
    assert summary(odd).equals(expected)
    wide = forecast.copy()
    for variable in SUMMARIES[name]:
        wide[variable] = forecast[variable].astype("int64")
    xr.testing.assert_equal(summary(wide), expected)
    assert "member" in forecast["present"].dims[0]  # and nothing is changed in place


@pytest.mark.parametrize("name", SUMMARIES)
def test_of_some_members_probabilities_are_given_them(name, forecast):
    some = forecast.isel(member=slice(MEMBERS // 2))
    fewer = fw.run("crossroads", members=MEMBERS // 2, seed=SEED)
    xr.testing.assert_allclose(getattr(fw, name)(some), getattr(fw, name)(fewer))


def test_an_outlook_of_some_members(forecast, tmp_path):
    fw.write_outlook(forecast.isel(member=slice(20)), tmp_path / "some", paired_runs=0)
    fewer = fw.run("crossroads", members=20, seed=SEED)
    fw.write_outlook(fewer, tmp_path / "fewer", paired_runs=0)
    for file in (tmp_path / "fewer").glob("*.csv"):
        assert (tmp_path / "some" / file.name).read_bytes() == file.read_bytes()


def test_one_member_alone_is_named(forecast):
    with pytest.raises(fw.ForewarnError, match=r"variable left_home: dims \('day', 'cause'\)"):
        fw.planning_figures(forecast.isel(member=0))
    with pytest.raises(fw.ForewarnError, match="weight: adds to 0"):
        fw.planning_figures(forecast.isel(member=[]))


def test_some_days(forecast):
    month = forecast.isel(day=slice(31))
    assert fw.destinations(month)["table_day"].values.tolist() == [30]
    assert fw.destinations(month)["present"].equals(fw.destinations(forecast)["present"].sel(table_day=[30]))
    with pytest.raises(fw.ForewarnError, match="coordinate day: not 0, 1, 2"):
        fw.destinations(forecast.sel(day=[0, 30]))


def test_what_needs_the_scenario_says_so(forecast, tmp_path):
    bare = forecast.drop_vars("scenario_document")
    with pytest.raises(fw.ForewarnError, match="no coordinate scenario_document"):
        fw.needs(bare)
    with pytest.raises(fw.ForewarnError, match="no coordinate scenario_document"):
        fw.write_outlook(bare, tmp_path / "out")
    assert fw.write_outlook(bare, tmp_path / "out", scenario="crossroads", paired_runs=0).is_dir()


def test_a_draft_that_does_not_know_where_tells_totals_alone(forecast):
    unknown = forecast.assign_attrs(where_known="false")
    for name in ("destinations", "flows", "needs"):
        with pytest.raises(fw.ForewarnError, match=f"{name}: where people go is not known"):
            getattr(fw, name)(unknown)
    assert fw.planning_figures(unknown).equals(fw.planning_figures(forecast))


@pytest.mark.parametrize("name", SUMMARIES)
def test_summaries_say_what_they_hold(name, forecast):
    found = getattr(fw, name)(forecast)
    assert isinstance(found, xr.Dataset)
    for variable in found.data_vars.values():
        assert variable.attrs["long_name"]
        assert variable.attrs["units"]
    assert found.attrs["seed"] == SEED
    assert len(found.to_dataframe())


def test_the_largest_places_come_first(forecast):
    found = (
        fw.destinations(forecast, count=3)["present"].sel(course="attack", quantile=0.5).isel(table_day=-1)
    )
    everywhere = fw.destinations(forecast)["present"].sel(course="attack", quantile=0.5).isel(table_day=-1)
    assert found.values.tolist() == sorted(everywhere.values.tolist(), reverse=True)[:3]


# What is shown

NASTY = "<script>alert('x')</script>"


def test_what_is_shown_is_short():
    scenario = fw.load("idlib-2018")
    assert len(repr(scenario)) < 200
    assert str(scenario) == repr(scenario)
    assert len(scenario._repr_html_()) < 5000
    assert len(fw.dumps(scenario)) > 50_000


def test_html_escapes_what_came_from_documents():
    from forewarn.facts import Document, Reading
    from forewarn.reading.documents.document import from_text

    document = from_text(f"More than 3,000 people fled {NASTY}.", name=NASTY)
    assert isinstance(document, Document)
    shown = Reading(document=document, reader="test", notes=(NASTY,))._repr_html_()
    assert shown.count("&lt;script&gt;") == 2
    assert "<script" not in shown
    scenario = fw.load("crossroads")
    course = scenario.courses[0].model_copy(update={"title": NASTY})
    nasty = scenario.model_copy(update={"title": NASTY, "courses": (course,)})
    shown = nasty._repr_html_()
    assert shown.count("&lt;script&gt;") == 2
    assert "<script" not in shown


def test_long_tables_are_counted_and_long_cells_cut():
    from forewarn.display import MOST_CHARACTERS, MOST_ROWS, html_table

    shown = html_table("t", ["a"], [["x" * 1000]] * (MOST_ROWS + 5))
    assert "and 5 more" in shown
    assert len(shown) < (MOST_ROWS + 2) * (MOST_CHARACTERS + 50)
