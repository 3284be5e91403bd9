"""A scenario as a workbook, and back."""

from __future__ import annotations

import datetime as dt
import json
import re
import zipfile

import openpyxl
import pytest

from forewarn.errors import ScenarioError
from forewarn.scenario import change, load, resolve, schema
from forewarn.scenario.workbook import EMPTY, SHEETS, export_workbook, import_workbook


@pytest.fixture
def book(tmp_path):
    path = tmp_path / "crossroads.xlsx"
    export_workbook(load("crossroads"), path)
    return path


def edited(path, sheet, cell, value):
    book = openpyxl.load_workbook(path)
    book[sheet][cell] = value
    book.save(path)
    return path


def column(path, sheet, name):
    page = openpyxl.load_workbook(path)[sheet]
    return next(cell.column_letter for cell in page[1] if cell.value == name)


@pytest.mark.parametrize("name", ["crossroads", "idlib-2018"])
def test_there_and_back(name, tmp_path):
    scenario = load(name)
    export_workbook(scenario, tmp_path / "book.xlsx")
    assert import_workbook(tmp_path / "book.xlsx") == scenario


def test_there_and_back_with_everything_in_it(tmp_path):
    """The zoo's base has leaking and limited crossings, ceasefires, all forms of quantities."""
    from pathlib import Path

    scenario = load(Path(__file__).parent / "zoo" / "base")
    export_workbook(scenario, tmp_path / "book.xlsx")
    assert import_workbook(tmp_path / "book.xlsx") == scenario


def test_a_change_in_a_cell_arrives(book):
    letter = column(book, "places", "residents")
    old = load("crossroads").places[0].residents
    found = import_workbook(edited(book, "places", f"{letter}2", old + 7))
    assert found.places[0].residents == old + 7
    assert found != load("crossroads")


def test_what_spreadsheets_do_to_cells_is_undone(book):
    """Whole numbers come back as 5.0, dates as date and time."""
    letter = column(book, "places", "residents")
    edited(book, "places", f"{letter}2", float(load("crossroads").places[0].residents))
    page = openpyxl.load_workbook(book)["settings"]
    row = next(row for row in range(2, page.max_row + 1) if page[f"A{row}"].value == "issued")
    issued = load("crossroads").issued
    edited(book, "settings", f"B{row}", dt.datetime(issued.year, issued.month, issued.day))
    assert import_workbook(book) == load("crossroads")


def test_text_that_looks_like_a_formula_stays_text(tmp_path):
    from forewarn.scenario import explicit

    named = resolve(explicit(load("crossroads")) | {"title": "=1+1"})
    export_workbook(named, tmp_path / "book.xlsx")
    assert import_workbook(tmp_path / "book.xlsx").title == "=1+1"


def test_every_sheet_is_there(book):
    assert set(openpyxl.load_workbook(book).sheetnames) == {"about", *SHEETS}


ROWS = {
    "sources": {
        "key": "census",
        "title": "Census",
        "publisher": "Office",
        "published": "2020",
        "kind": "data",
    },
    "changes": {
        "crossing": "bridge",
        "start.value": 5,
        "start.source": "assumption: a test",
        "status": "closed",
    },
    "posts": {"name": "Post 1", "lat": 10.0, "lon": 40.0, "radius_km": 5, "source": "assumption: a test"},
    "ceasefires": {
        **{"course": "attack", "start.value": 20, "start.source": "assumption: a test"},
        **{"duration_days.value": 3, "duration_days.source": "assumption: a test"},
    },
    "crossing_changes": {
        **{"course": "attack", "crossing": "bridge", "start.value": 9},
        **{"start.source": "assumption: a test", "status": "closed"},
    },
    "return_programmes": {
        **{"course": "calm", "people.value": 50, "people.source": "assumption: a test", "start.value": 4},
        **{"start.source": "assumption: a test", "duration_days.value": 3},
        **{"duration_days.source": "assumption: a test", "from": "Oakford", "to": "Millbrook"},
    },
    "triggers": {
        "name": "camp",
        "when": "present in Elm Camp > 500 within 30 days with probability > 0.3",
        "action": "Open the second site",
    },
}


def test_an_empty_sheet_says_what_it_takes(book):
    """Whoever adds the first source, post or trigger finds its columns, and what is written there is read."""
    filled = openpyxl.load_workbook(book)
    for sheet, row in ROWS.items():
        head = [cell.value for cell in filled[sheet][1]]
        assert set(row) <= set(head), sheet
        filled[sheet].append([row.get(name) for name in head])
    filled.save(book)
    found = import_workbook(book)
    attack, calm = found.courses
    assert found.sources["census"].title == "Census"
    assert found.crossings[0].changes[0].status == "closed"
    assert (found.posts[0].name, found.triggers[0].name) == ("Post 1", "camp")
    assert attack.ceasefires[0].duration_days.value == 3
    assert attack.crossing_changes[0].crossing == "bridge"
    assert calm.return_programmes[0].to == ("Millbrook",)


@pytest.mark.parametrize("sheet", EMPTY)
def test_columns_of_empty_sheets_are_keys_that_exist(sheet):
    known = {"key", "course", *re.findall(r'"([a-z_]+)": \{', json.dumps(schema()))}
    if sheet == "changes":
        known.add("crossing")
    assert {name.partition(".")[0] for name in EMPTY[sheet]} <= known


def test_bad_cells_are_reported_with_their_place(book):
    letter = column(book, "places", "lat")
    with pytest.raises(ScenarioError, match=r"places.*lat"):
        import_workbook(edited(book, "places", f"{letter}2", "north"))


def test_unknown_columns_and_sheets_are_reported(book):
    page = openpyxl.load_workbook(book)["places"]
    with pytest.raises(ScenarioError, match=r"unknown key 'residentz'.*residents"):
        import_workbook(edited(book, "places", f"{openpyxl.utils.get_column_letter(page.max_column + 1)}1", "x") and
                        _renamed(book, "places", "residents", "residentz"))  # fmt: skip
    again = openpyxl.load_workbook(book)
    again.create_sheet("place")
    again.save(book)
    with pytest.raises(ScenarioError, match=r"unknown sheet.*places"):
        import_workbook(book)


def _renamed(path, sheet, old, new):
    return edited(path, sheet, f"{column(path, sheet, old)}1", new)


def test_a_stage_of_an_unknown_course_is_reported(book):
    with pytest.raises(ScenarioError, match=r"stages.*row 2.*unknown course 'atack'.*attack"):
        import_workbook(edited(book, "stages", f"{column(book, 'stages', 'course')}2", "atack"))


def with_formula(path, sheet, name, row, value=None):
    """Put a formula into a cell as a library does; `value` is what a spreadsheet would save beside it."""
    cell = f"{column(path, sheet, name)}{row}"
    edited(path, sheet, cell, "=21*2")
    if value is not None:
        parts = {}
        with zipfile.ZipFile(path) as archive:
            parts = {entry: archive.read(entry) for entry in archive.namelist()}
        calculated = f"<f>21*2</f><v>{value}</v>".encode()
        parts = {
            entry: re.sub(rb"<f>21\*2</f><v ?(/>|></v>)", calculated, part) for entry, part in parts.items()
        }
        with zipfile.ZipFile(path, "w") as archive:
            for entry, part in parts.items():
                archive.writestr(entry, part)
    return cell


@pytest.mark.parametrize(
    ("sheet", "name", "row"),
    [
        ("places", "residents", 2),
        ("places", "lat", 3),
        ("routes", "km", 2),
        ("stages", "start.value", 2),
        ("settings", "value", 3),
        ("places", "name", 2),
        ("places", "displaced", 1),
    ],
)
def test_a_formula_that_nobody_calculated_is_refused(book, sheet, name, row):
    """It was read as a blank cell: a town of 0 people."""
    cell = with_formula(book, sheet, name, row)
    with pytest.raises(
        ScenarioError, match=rf"crossroads\.xlsx, sheet '{sheet}', {cell}: a formula without a value"
    ):
        import_workbook(book)


def test_a_formula_with_its_value_is_read(book):
    with_formula(book, "places", "residents", 2, value=42)
    assert import_workbook(book).places[0].residents == 42


def test_a_zero_that_waits_for_its_calculation_is_refused(book):
    """Some libraries write 0 beside a formula and ask for a calculation on opening."""
    with_formula(book, "places", "residents", 2, value=0)
    with pytest.raises(ScenarioError, match="a formula without a value"):
        import_workbook(book)


def test_formulas_of_all_sheets_are_named_at_once_and_many_are_counted(book):
    with_formula(book, "routes", "km", 2)
    letter = column(book, "places", "displaced")
    filled = openpyxl.load_workbook(book)
    for row in range(2, 22):
        filled["places"][f"{letter}{row}"] = "=A1"
    filled.save(book)
    with pytest.raises(
        ScenarioError, match=rf"(?s)'places', {letter}2, .*{letter}9 and 12 more: .*'routes', C2"
    ):
        import_workbook(book)


def test_a_formula_where_nobody_reads_is_left_alone(book):
    edited(book, "places", "Z30", "=1+1")
    edited(book, "about", "A9", "=1+1")
    assert import_workbook(book) == load("crossroads")


@pytest.mark.parametrize(
    "content", [b"", b"name,lat\nA,1\n", b"PK\x03\x04 broken", b"\xd0\xcf\x11\xe0" * 100]
)
def test_files_that_are_no_workbooks_are_refused(content, tmp_path):
    path = tmp_path / "book.xlsx"
    path.write_bytes(content)
    with pytest.raises(ScenarioError, match="not a workbook"):
        import_workbook(path)


def test_a_missing_file_is_reported(tmp_path):
    with pytest.raises(ScenarioError, match="file not found"):
        import_workbook(tmp_path / "nothing.xlsx")


def test_a_negative_control_two_scenarios_differ(tmp_path):
    export_workbook(change(load("crossroads"), ["model.fear.decay_km=33"]), tmp_path / "book.xlsx")
    assert import_workbook(tmp_path / "book.xlsx") != load("crossroads")
