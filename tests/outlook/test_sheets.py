"""One description of the tables serves CSV, workbook and data package."""

from __future__ import annotations

import csv
import io
import json
import math

import frictionless
import openpyxl
import pyogrio
import pytest

from forewarn.outlook.contents.needs_standards import SHELTERS, groups, handbook, standards
from forewarn.outlook.tables import tidy as tables
from forewarn.outlook.tables.sheets import build_sheets
from forewarn.outlook.view import ForecastView
from forewarn.outlook.writing import write


@pytest.fixture(scope="module")
def made(dataset, scenario):
    return {sheet.name: sheet for sheet in build_sheets(ForecastView(dataset, scenario, 10))}


@pytest.fixture(scope="module")
def folder(dataset, scenario, tmp_path_factory):
    return write(dataset, scenario, tmp_path_factory.mktemp("outlook") / "plain")


@pytest.fixture(scope="module")
def tagged(dataset, scenario, tmp_path_factory):
    return write(dataset, scenario, tmp_path_factory.mktemp("outlook") / "tagged", hxl=True)


def test_every_row_has_exactly_the_columns_of_its_sheet(made):
    for sheet in made.values():
        names = {column.name for column in sheet.columns}
        assert sheet.rows
        assert all(set(row) == names for row in sheet.rows)


def test_needs_are_the_standards_times_the_people(made):
    people = {(row["course"], row["place"], row["reference_period_end"]): row for row in made["present"].rows}
    checked = 0
    for row in made["needs"].rows:
        there = people[row["course"], row["place"], row["reference_period_end"]]["population_median"]
        if row["item"] == "water" and there not in ("", "0"):
            assert int(row["quantity_median"]) == 15 * int(there)
            checked += 1
        if row["item"] == "latrines" and there not in ("", "0"):
            assert int(row["quantity_median"]) == math.ceil(int(there) / 20)
    assert checked > 3


def test_needs_do_not_tell_a_number_that_may_not_be_told(dataset, scenario):
    whole = tables.present(ForecastView(dataset, scenario, 0))
    most = max(int(row["population_p95"]) for row in whole)
    for sheet in build_sheets(ForecastView(dataset, scenario, most + 1)):
        if sheet.name == "needs":
            assert all(row["quantity_median"] in ("", "0") for row in sheet.rows)


def test_groups_add_up_to_everybody(scenario):
    assert sum(group.share for group in groups(scenario)) == pytest.approx(1)
    assert len({(group.gender, group.age_range) for group in groups(scenario)}) == 8


def test_the_standards_are_those_of_the_handbook(scenario):
    """Read a second time from the handbook: 15 l, 1:20 and 1:50, 250 + 200 g, 2,100 kcal, 3.5 m²."""
    found = {standard.item: standard.per_person for standard in handbook()}
    assert found == {
        "water": 15, "latrines": 1 / 20, "latrines (first weeks)": 1 / 50, "soap": 0.45, "food": 2100, "covered space": 3.5,
    }  # fmt: skip
    (shelter,) = (each for each in standards(scenario) if each.item == SHELTERS)
    assert shelter.quantity(1) == 1


@pytest.mark.parametrize("which", ["folder", "tagged"])
def test_the_data_package_validates(which, request):
    folder = request.getfixturevalue(which)
    report = frictionless.Package(str(folder / "datapackage.json")).validate()
    assert report.valid, report.flatten(["type", "note"])[:5]


def test_the_data_package_notices_a_changed_table(dataset, scenario, tmp_path):
    folder = write(dataset, scenario, tmp_path / "o")
    path = folder / "arrivals.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("2", "x", 1), encoding="utf-8")
    assert not frictionless.Package(str(folder / "datapackage.json")).validate().valid


def test_the_row_of_tags_stands_below_the_header(tagged, folder):
    rows = list(csv.reader(io.StringIO((tagged / "needs.csv").read_text(encoding="utf-8"))))
    assert all(tag.startswith("#") for tag in rows[1])
    assert len(rows[1]) == len(rows[0])
    plain = list(csv.reader(io.StringIO((folder / "needs.csv").read_text(encoding="utf-8"))))
    assert rows[2:] == plain[1:]


def test_the_workbook_holds_the_same_numbers(folder):
    book = openpyxl.load_workbook(folder / "outlook.xlsx")
    assert book.sheetnames == ["about", "arrivals", "departures", "present", "shares", "flows", "needs"]
    for name in book.sheetnames[1:]:
        page = book[name]
        assert page.freeze_panes == "A2"
        rows = list(csv.reader(io.StringIO((folder / f"{name}.csv").read_text(encoding="utf-8"))))
        cells = [[cell_text(cell) for cell in row] for row in page.iter_rows(values_only=True)]
        assert cells == rows


def cell_text(value):
    if value is None:
        return ""
    if hasattr(value, "date"):
        return value.date().isoformat()
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def test_the_workbook_looks_like_one(folder):
    """Bold white heads on blue that stay in sight, a filter, thousands apart, days as days, columns wide enough."""
    book = openpyxl.load_workbook(folder / "outlook.xlsx")
    page = book["arrivals"]
    names = [cell.value for cell in page[1]]
    assert all(cell.font.bold and cell.font.color.rgb == "FFFFFFFF" for cell in page[1])
    assert {cell.fill.fgColor.rgb for cell in page[1]} == {"FF1F4E79"}
    assert page.auto_filter.ref == page.dimensions
    row = dict(zip(names, page[2], strict=True))
    assert row["reference_period_end"].number_format == "yyyy-mm-dd"
    assert row["reference_period_end"].is_date
    assert row["population_p95"].number_format == "#,##0"
    assert row["course"].number_format == row["probability_of_course"].number_format == "General"
    # Neighbours of one width share an entry.
    shared = page.column_dimensions.values()
    widths = [next(one.width for one in shared if one.min <= cell.column <= one.max) for cell in page[1]]
    assert all(len(name) < width <= 41 for name, width in zip(names, widths, strict=True))
    assert book["about"]["A1"].font.bold
    assert not book["about"]["B1"].font.bold
    assert book.properties.creator == "Forewarn"


def test_text_that_looks_like_a_link_or_a_number_stays_text(tmp_path):
    from forewarn.outlook.tables.sheets import Column, OutlookSheet
    from forewarn.outlook.tables.workbook import write_workbook

    column = Column("place", "string", "#loc", "A place")
    texts = ("https://example.org", "007", "{=1+1}", "A\x01B")
    sheet = OutlookSheet("s", "t", (column,), tuple({"place": text} for text in texts))
    write_workbook([sheet], [("Outlook", "https://example.org")], tmp_path / "b.xlsx")
    page = openpyxl.load_workbook(tmp_path / "b.xlsx")["s"]
    assert [row[0].value for row in page.iter_rows(min_row=2)][:3] == list(texts[:3])
    assert {row[0].data_type for row in page.iter_rows(min_row=2)} == {"s"}
    assert page["A2"].hyperlink is None


def cells_of(texts, path, type="string"):  # noqa: A002
    """What a workbook holds of a column of these texts."""
    from forewarn.outlook.tables.sheets import Column, OutlookSheet
    from forewarn.outlook.tables.workbook import write_workbook

    column = Column("place", type, "#loc", "A place")
    sheet = OutlookSheet("s", "t", (column,), tuple({"place": text} for text in texts))
    write_workbook([sheet], [("Outlook", "x")], path)
    return [row[0] for row in openpyxl.load_workbook(path)["s"].iter_rows(min_row=2, values_only=True)]


@pytest.mark.parametrize(
    "text", ["a & b", "<is><t>", '"q"', "إدلب", " two  spaces ", "a\nb", "]]>", "A\x01B", "_x0041_", "1e5"]
)
def test_any_text_reads_back_as_it_was(text, tmp_path):
    from openpyxl.utils.escape import unescape

    (found,) = cells_of([text], tmp_path / "b.xlsx")
    assert unescape(found) == text


def test_numbers_read_back_as_they_were(tmp_path):
    whole = ["0", "9", "", "2147483647", "9007199254740991"]
    assert cells_of(whole, tmp_path / "i.xlsx", "integer") == [0, 9, None, 2147483647, 9007199254740991]
    assert cells_of(["0.333333", "1e-05", "0.1"], tmp_path / "n.xlsx", "number") == [0.333333, 1e-05, 0.1]


def test_rows_beyond_those_of_a_sheet_are_left_out(tmp_path, monkeypatch):
    from forewarn.outlook.tables import workbook

    monkeypatch.setattr(workbook, "MOST_ROWS", 4)
    assert cells_of(["a", "b", "c", "d"], tmp_path / "b.xlsx") == ["a", "b", "c"]
    assert openpyxl.load_workbook(tmp_path / "b.xlsx")["s"].auto_filter.ref == "A1:A4"


def test_a_formula_in_a_name_stays_text_in_the_workbook(tmp_path):
    from forewarn.outlook.tables.sheets import Column, OutlookSheet
    from forewarn.outlook.tables.workbook import write_workbook

    column = Column("place", "string", "#loc", "A place")
    write_workbook(
        [OutlookSheet("s", "t", (column,), ({"place": "=1+1"},))], [("Outlook", "=2+2")], tmp_path / "b.xlsx"
    )
    book = openpyxl.load_workbook(tmp_path / "b.xlsx")
    assert book["s"]["A2"].value == "'=1+1"
    assert book["s"]["A2"].data_type == "s"
    assert book["about"]["B1"].data_type == "s"


def test_the_layers_hold_places_routes_and_styles(folder, dataset, scenario):
    path = folder / "places.gpkg"
    names = {name for name, _ in pyogrio.list_layers(path)}
    assert {"places", "routes", "layer_styles"} <= names
    places = pyogrio.read_dataframe(path, layer="places")
    assert list(places["name"]) == [place.name for place in scenario.places]
    assert places.crs.to_epsg() == 4326
    course = str(dataset["course"].values[0])
    there = {
        row["place"]: row
        for row in tables.present(ForecastView(dataset, scenario))
        if row["course"] == course
    }
    last = max(row["reference_period_end"] for row in there.values())
    for _, row in places.iterrows():
        expected = there[row["name"]]
        assert expected["reference_period_end"] == last
        found = row[f"{course}_present_median"]
        assert ("" if found is None or math.isnan(found) else str(int(found))) == expected[
            "population_median"
        ]
    styles = pyogrio.read_dataframe(path, layer="layer_styles")
    assert set(styles["f_table_name"]) <= names
    assert all(style.startswith("<!DOCTYPE qgis") for style in styles["styleQML"])


def test_boundaries_are_a_layer_with_a_style(dataset, scenario, tmp_path, folder):
    from forewarn.outlook.maps.geopackage import write_places
    from forewarn.scenario.model.boundaries import Area, Boundaries

    areas = (
        Area(name="West", pcode="W1", wkt="POLYGON ((39 9, 40 9, 40 11, 39 9))"),
        Area(name="Isles", wkt="MULTIPOLYGON (((39 9, 40 9, 40 11, 39 9)), ((42 9, 43 9, 43 11, 42 9)))"),
    )
    drawn = scenario.model_copy(update={"boundaries": Boundaries(source="assumption: made up", areas=areas)})
    path = tmp_path / "places.gpkg"
    write_places(ForecastView(dataset, drawn), path)
    layer = pyogrio.read_dataframe(path, layer="boundaries")
    assert list(layer["name"]) == ["West", "Isles"]
    assert list(layer["pcode"]) == ["W1", ""]
    assert layer.crs.to_epsg() == 4326
    assert [each.area for each in layer.geometry] == [1, 2]
    styles = pyogrio.read_dataframe(path, layer="layer_styles").set_index("f_table_name")
    assert 'symbol type="fill"' in styles.loc["boundaries", "styleQML"]
    # Without boundaries there is no such layer.
    assert "boundaries" not in {name for name, _ in pyogrio.list_layers(folder / "places.gpkg")}


def test_run_json_lists_every_file(folder):
    run = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    assert set(run["files"]) == {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and path.name != "run.json"
    }
