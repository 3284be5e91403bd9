"""A draft that does not know who holds the places tells totals, and nowhere where people go."""

from __future__ import annotations

import csv
import json
import re

import openpyxl
import pyogrio
import pytest
import xarray as xr
from pypdf import PdfReader

from forewarn.cli import main
from forewarn.cli.outlook import print_headline
from forewarn.errors import ScenarioError
from forewarn.outlook.contents.answer import answer
from forewarn.outlook.contents.where_unknown import WHERE_UNKNOWN
from forewarn.outlook.page.render import render_page
from forewarn.outlook.view import ForecastView
from forewarn.outlook.writing import write
from forewarn.scenario import dump, explicit, resolve


def drafted(scenario, *, where_known, **changes):
    note = {"reports": ["report.txt"], "where_known": where_known}
    return resolve(explicit(scenario) | {"draft": note} | changes)


@pytest.fixture(scope="module")
def untold(scenario):
    return drafted(scenario, where_known=False)


@pytest.fixture(scope="module")
def told(scenario):
    return drafted(scenario, where_known=True)


@pytest.fixture(scope="module")
def folders(dataset, untold, told, tmp_path_factory):
    folder = tmp_path_factory.mktemp("where")
    return write(dataset, untold, folder / "untold"), write(dataset, told, folder / "told")


@pytest.fixture(scope="module")
def pages(dataset, untold, told):
    return render_page(dataset, untold), render_page(dataset, told)


def destinations(dataset, scenario):
    """Names of the places where people arrive and that nobody leaves."""
    attacked = {place for course in scenario.courses for stage in course.stages for place in stage.places}
    arrived = dataset["arrivals"].sum(["member", "day"])
    return [
        place.name
        for place in scenario.places
        if place.name not in attacked and int(arrived.sel(place=place.name)) > 0
    ]


def test_only_a_draft_that_says_so_does_not_know(scenario, untold, told):
    assert scenario.where_known
    assert told.where_known
    assert not untold.where_known
    assert explicit(untold)["draft"]["where_known"] is False


def test_the_answer_says_that_where_is_not_known_and_keeps_its_totals(dataset, untold, told):
    without, with_where = (answer(ForecastView(dataset, each, 10)) for each in (untold, told))
    assert WHERE_UNKNOWN in without
    assert WHERE_UNKNOWN not in with_where
    assert without[0] == with_where[0]
    assert not any("largest numbers of newly displaced people" in sentence for sentence in without)
    assert any("largest numbers of newly displaced people" in sentence for sentence in with_where)


def test_the_page_has_no_table_of_destinations_and_no_people_on_its_map(pages):
    without, with_where = pages
    assert without.count(WHERE_UNKNOWN) >= 2
    for mark in (
        'class="people"',
        'class="flow"',
        "places destinations",
        "small-fan",
        "present.csv",
        "needs.csv",
    ):
        assert mark not in without
    for mark in ('class="people"', 'class="flow"', "places destinations"):
        assert mark in with_where
    assert 'class="road"' in without
    assert 'id="planning"' in without


def test_the_tables_hold_departures_alone(folders):
    without, with_where = folders
    assert {path.name for path in without.glob("*.csv")} == {"departures.csv"}
    assert {"arrivals.csv", "present.csv", "shares.csv", "flows.csv", "needs.csv"} <= {
        p.name for p in with_where.glob("*.csv")
    }
    package = json.loads((without / "datapackage.json").read_text(encoding="utf-8"))
    assert [each["name"] for each in package["resources"]] == ["departures"]
    book = openpyxl.load_workbook(without / "outlook.xlsx", read_only=True)
    assert not {"arrivals", "present", "flows", "needs"} & set(book.sheetnames)
    first = [cell for row in book[book.sheetnames[0]].iter_rows(values_only=True) for cell in row]
    assert WHERE_UNKNOWN in first


def test_the_layers_and_the_forecast_say_so(folders):
    without, with_where = folders
    for layer, mark in (("places", "_present_"), ("routes", "_moved_")):
        fields = pyogrio.read_info(without / "places.gpkg", layer=layer)["fields"]
        assert not any(mark in field for field in fields)
        assert any(
            mark in field for field in pyogrio.read_info(with_where / "places.gpkg", layer=layer)["fields"]
        )
    styles = pyogrio.read_dataframe(without / "places.gpkg", layer="layer_styles", read_geometry=False)
    assert not styles["styleQML"].str.contains("_median").any()
    with xr.open_dataset(without / "forecast.nc", engine="h5netcdf") as forecast:
        assert forecast.attrs["where"] == WHERE_UNKNOWN
    assert json.loads((without / "run.json").read_text(encoding="utf-8"))["where"] == WHERE_UNKNOWN


def test_the_brief_names_no_destination(folders, dataset, untold):
    without, with_where = (
        re.sub(r"\s+", " ", "".join(each.extract_text() for each in PdfReader(folder / "brief.pdf").pages))
        for folder in folders
    )
    assert "Where people go is not known" in without
    assert "Top destinations" not in without
    assert "newly displaced people at each place" not in without
    assert "Top destinations" in with_where
    for name in destinations(dataset, untold):
        assert not re.search(rf"{re.escape(name)}\W+[\d,]{{2,}}", without.partition("Destinations")[2])


@pytest.mark.parametrize(
    ("rule", "accepted"),
    [
        ("arrivals in Elm Camp > 500 within 30 days with probability > 0.3", False),
        ("present in Elm Camp > 500 within 30 days with probability > 0.3", False),
        ("departures in Millbrook > 500 within 30 days with probability > 0.3", True),
        ("arrivals in anywhere > 500 within 30 days with probability > 0.3", True),
    ],
)
def test_a_trigger_on_arrivals_needs_to_know_where(scenario, rule, accepted):
    triggers = [{"name": "one", "when": rule, "action": "Act"}]
    drafted(scenario, where_known=True, triggers=triggers)
    if accepted:
        drafted(scenario, where_known=False, triggers=triggers)
        return
    with pytest.raises(ScenarioError, match=r"not known where people go.*draft\.where_known"):
        drafted(scenario, where_known=False, triggers=triggers)


def test_the_terminal_says_so(dataset, untold, told, capsys):
    for scenario, said in ((untold, True), (told, False)):
        print_headline(ForecastView(dataset, scenario))
        assert (WHERE_UNKNOWN in " ".join(capsys.readouterr().out.split())) is said


def test_a_comparison_tells_totals_alone(untold, tmp_path, monkeypatch):
    (tmp_path / "scenario.yaml").write_text(dump(untold), encoding="utf-8")
    table = tmp_path / "difference.csv"
    line = [
        "forewarn",
        "compare",
        str(tmp_path),
        "--with",
        "model.flight.share_leaving=0.9",
        "--members",
        "4",
    ]
    monkeypatch.setattr("sys.argv", [*line, "-o", str(table)])
    with pytest.raises(SystemExit) as left:
        main()
    assert not left.value.code
    rows = list(csv.DictReader(table.read_text(encoding="utf-8").splitlines()))
    assert rows
    assert {row["place"] for row in rows} == {""}
