"""The zoo of the user's own tables: one folder per mistake or odd form, with what Forewarn says to it.

A folder holds ``places*`` and ``routes*`` files; the report is the march on Wad Madani. `expected.txt` holds the
message, or what was read. To add a case, make its folder and run ``python tests/drafting/regenerate.py``; then
read what it wrote.
"""

from __future__ import annotations

import struct
import zlib
from datetime import date
from functools import cache
from pathlib import Path

import pytest
from openpyxl import Workbook

from forewarn.drafting import draft, write_draft
from forewarn.drafting.user_tables import read_places, read_routes
from forewarn.drafting.user_tables.cells import NotANumberError, degrees_of, number_of, people_of
from forewarn.drafting.user_tables.columns import plain_heading
from forewarn.errors import ForewarnError
from forewarn.reading.documents.document import from_text
from forewarn.reading.reader import read
from forewarn.scenario import load

HERE = Path(__file__).parent
ZOO = HERE / "zoo"


@cache
def report():
    text = (HERE / "reports" / "march-on-capital.txt").read_text(encoding="utf-8")
    return read(from_text(text, name="march-on-capital.txt", issued=date(2023, 12, 11)))


def cases():
    return sorted(folder.name for folder in ZOO.iterdir())


def drafted(folder):
    files = [str(path) for path in sorted(folder.glob("places*"))]
    routes = next((str(path) for path in folder.glob("routes*")), None)
    return draft([report()], places=read_places(files), routes=routes)


def message(case):
    """What drafting with the files of a case says, or what it read of them."""
    try:
        made = drafted(ZOO / case)
    except ForewarnError as error:
        return str(error).replace(str(ZOO / case), "FOLDER")
    lines = ["read"]
    scenario = made.scenario
    for place in scenario.places:
        people = f"{place.residents} + {place.displaced}"
        lonely = ", isolated" if place.isolated else ""
        code = f" [{place.pcode}]" if place.pcode else ""
        lines.append(
            f"{place.name}{code} {place.lat:g} {place.lon:g} {place.zone} {place.kind}, {people}{lonely}"
        )
    for route in scenario.routes:
        where = " ".join(part for part in (route.road, route.crossing or "") if part)
        rest = "assumed" if route.source.startswith("assumption") else "given"
        lines.append(f"{route.from_} - {route.to} {route.km:g} km {where} {rest}".replace("  ", " "))
    lines += [f"note: {note}" for note in made.notes if "Probabilities" not in note]
    lines += [f"source: {key}: {source.title}" for key, source in scenario.sources.items() if "own" in key]
    return "\n".join(lines)


@pytest.mark.parametrize("case", cases())
def test_each_case_says_what_is_expected(case):
    assert message(case) == (ZOO / case / "expected.txt").read_text(encoding="utf-8").strip()


@pytest.mark.parametrize("case", cases())
def test_each_case_is_named_for_what_it_does(case):
    said = (ZOO / case / "expected.txt").read_text(encoding="utf-8")
    assert case.startswith("accepted-") == said.startswith("read\n")


def test_there_are_many_cases():
    assert len(cases()) >= 55


def workbook(path, **sheets):
    book = Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        page = book.create_sheet(name)
        for row in rows:
            page.append(row)
    book.save(path)
    return book


COD = {
    "ADM1": [
        ("ADM1_EN", "ADM1_PCODE", "x_coord", "y_coord"),
        ("Aj Jazirah", "SD15", 33.3, 14.5),
    ],
    "ADM2": [
        ("ADM1_EN", "ADM2_EN", "ADM2_PCODE", "x_coord", "y_coord"),
        ("Aj Jazirah", "Medani Al Kubra", "SD15023", 33.52, 14.40),
        ("Sennar", "Sennar", "SD14010", 33.60, 13.55),
    ],
}
PEOPLE = {
    "ADM1": [("ADM1_PCODE", "T_TL"), ("SD15", 5_000_000)],
    "ADM2": [("ADM2_PCODE", "T_TL"), ("SD15023", 500_000), ("SD14010", 320_000)],
}


def test_the_sheets_of_workbooks_are_joined_at_the_deepest_level(tmp_path):
    workbook(tmp_path / "ab.xlsx", **COD)
    workbook(tmp_path / "ps.xlsx", **PEOPLE)
    read = read_places([str(tmp_path / "ab.xlsx"), str(tmp_path / "ps.xlsx")])
    assert [(each.row["name"], each.row["residents"]) for each in read.places] == [
        ("Medani Al Kubra", 500_000),
        ("Sennar", 320_000),
    ]
    assert read.people_from == "ps.xlsx, sheet 'ADM2', column 'T_TL'"
    assert read.sources["own-places"]["title"].startswith("ab.xlsx, sheet 'ADM2', columns 'ADM2_EN'")


def test_a_sheet_can_be_named(tmp_path):
    workbook(tmp_path / "ab.xlsx", **COD)
    (only,) = read_places([f"{tmp_path / 'ab.xlsx'}#ADM1"]).places
    assert only.row["name"] == "Aj Jazirah"
    with pytest.raises(ForewarnError, match="sheet 'ADM9' not found.*ADM1, ADM2"):
        read_places([f"{tmp_path / 'ab.xlsx'}#ADM9"])


@pytest.mark.parametrize("column", ["E", "D", "B"])
def test_a_formula_that_nobody_calculated_is_refused(tmp_path, column):
    """Latitude, longitude or a name: a table of a library was read with blank cells."""
    book = workbook(tmp_path / "ab.xlsx", **COD)
    book["ADM2"][f"{column}3"] = "=1+1"
    book.save(tmp_path / "ab.xlsx")
    with pytest.raises(ForewarnError, match=rf"ab\.xlsx, sheet 'ADM2', {column}3: a formula without a value"):
        read_places([str(tmp_path / "ab.xlsx")])
    assert read_places([f"{tmp_path / 'ab.xlsx'}#ADM1"]).places


def test_formulas_of_people_and_of_roads_are_refused_too(tmp_path):
    book = workbook(tmp_path / "ps.xlsx", **PEOPLE)
    book["ADM2"]["B2"] = "=250000*2"
    book.save(tmp_path / "ps.xlsx")
    workbook(tmp_path / "ab.xlsx", **COD)
    with pytest.raises(ForewarnError, match="sheet 'ADM2', B2: a formula without a value"):
        read_places([str(tmp_path / "ab.xlsx"), str(tmp_path / "ps.xlsx")])
    workbook(tmp_path / "roads.xlsx", roads=[("from", "to", "km"), ("Sennar", "Medani Al Kubra", "=50*2")])
    rows = [each.row for each in read_places([str(tmp_path / "ab.xlsx")]).places]
    with pytest.raises(ForewarnError, match="sheet 'roads', C2: a formula without a value"):
        read_routes(str(tmp_path / "roads.xlsx"), rows)


def test_codes_keep_the_zeros_that_a_cell_shows(tmp_path):
    rows = [("name", "pcode", "lat", "lon"), ("Medani", 123, 14.4, 33.5), ("Sennar", "0124", 13.5, 33.6)]
    book = workbook(tmp_path / "places.xlsx", places=rows)
    book["places"]["B2"].number_format = "0000"
    book.save(tmp_path / "places.xlsx")
    assert [each.row["pcode"] for each in read_places([str(tmp_path / "places.xlsx")]).places] == [
        "0123",
        "0124",
    ]


def test_a_missing_file_is_named():
    with pytest.raises(ForewarnError, match="nowhere.csv: file not found"):
        read_places(["nowhere.csv"])


def test_utf_16_and_a_mark_are_read(tmp_path):
    for encoding in ("utf-16", "utf-8-sig"):
        (tmp_path / "places.csv").write_bytes("name,lat,lon\nود مدني,14.4,33.5\n".encode(encoding))
        (only,) = read_places([str(tmp_path / "places.csv")]).places
        assert only.row["name"] == "ود مدني"


def varint(number):
    out = bytearray()
    while True:
        number, low = number >> 7, number & 127
        out.append(low | (128 if number else 0))
        if not number:
            return bytes(out)


def field(number, value):
    """One field of a protocol buffer: a number, or bytes."""
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    return varint(number << 3 | 2) + varint(len(value)) + value


def zigzag(number):
    return number << 1 if number >= 0 else (-number << 1) - 1


def packed(steps):
    return b"".join(varint(zigzag(step)) for step in steps)


def block(kind, payload):
    blob = field(2, len(payload)) + field(3, zlib.compress(payload))
    header = field(1, kind.encode()) + field(3, len(blob))
    return struct.pack(">I", len(header)) + header + blob


def pbf():
    """An extract of two towns and the road between them, in OpenStreetMap's binary format."""
    words = ["", "place", "town", "name", "Wad Madani", "Sennar", "highway", "trunk", "population", "430000"]
    table = b"".join(field(1, word.encode()) for word in words)
    tags = [(1, 2, 3, 4, 8, 9), (1, 2, 3, 5), ()]  # of nodes 1, 2 and 3, as numbers of words
    dense = field(1, packed((1, 1, 1)))  # every number is a step from the one before
    dense += field(8, packed((144_000_000, -8_500_000, 4_500_000)))
    dense += field(9, packed((335_200_000, 800_000, 1_000_000)))
    dense += field(10, b"".join(varint(word) for each in tags for word in (*each, 0)))
    refs = packed((1, 2, -1))  # nodes 1, 3, 2
    way = field(1, 10) + field(2, varint(6)) + field(3, varint(7)) + field(8, refs)
    data = field(1, table) + field(2, field(2, dense)) + field(2, field(3, way))
    head = field(4, b"OsmSchema-V0.6") + field(4, b"DenseNodes")
    return block("OSMHeader", head) + block("OSMData", data)


def test_binary_extracts_are_read(tmp_path):
    path = tmp_path / "area.osm.pbf"
    path.write_bytes(pbf())
    read = read_places([str(path)])
    assert [(each.row["name"], each.row["residents"]) for each in read.places] == [
        ("Wad Madani", 430_000),
        ("Sennar", 0),
    ]
    rows = [each.row for each in read.places]
    (road,) = read_routes(str(path), rows).rows
    straight = 94.9
    by_the_node = 48.5 + 51.2
    assert straight < road["km"] == pytest.approx(by_the_node, abs=1.0)


@pytest.mark.parametrize(
    ("text", "comma", "number"),
    [
        ("1,234,567", False, 1_234_567),
        ("1 234 567", False, 1_234_567),
        ("1\u202f234", False, 1234),
        ("1'234", False, 1234),
        ("1.234.567", False, 1_234_567),
        ("12.5", False, 12.5),
        ("12,5", True, 12.5),
        ("1.234,5", True, 1234.5),
        ("-0.25", False, -0.25),
        ("1e3", False, 1000),
    ],
)
def test_numbers_of_many_countries(text, comma, number):
    assert number_of(text, decimal_comma=comma) == number


@pytest.mark.parametrize("text", ["", "12,5", "1,23,456", "0x10", "12 to 15", "NaN", "inf", "1_000", "½"])
def test_what_is_no_number(text):
    with pytest.raises(NotANumberError):
        number_of(text)


def test_people_and_degrees_are_bounded():
    assert people_of("430.5", factor=1000) == 430_500
    assert people_of("1234.6") == 1235
    assert degrees_of("-180", 180) == -180
    with pytest.raises(NotANumberError, match="WGS 84"):
        degrees_of("556000", 180)


@pytest.mark.parametrize(
    ("heading", "plain"),
    [
        ("ADM2_PCODE", "adm2 pcode"),
        ("admin2Name_en", "admin2 name en"),
        ("Length (km)", "length km"),
        ("  Population 2023 ", "population 2023"),
    ],
)
def test_headings_are_folded(heading, plain):
    assert plain_heading(heading) == plain


def test_what_is_drafted_from_own_files_can_be_written_and_run(tmp_path):
    made = drafted(ZOO / "accepted-zones-and-crossing")
    write_draft(made, tmp_path / "draft")
    again = load(tmp_path / "draft")
    assert [(place.name, place.zone, place.residents) for place in again.places] == [
        ("Wad Madani", "army", 700_000),
        ("Al Hasaheisa", "rsf", 120_000),
        ("Sennar", "army", 150_000),
    ]
    assert again.courses == made.scenario.courses


def test_an_area_that_only_the_users_table_knows_is_found(tmp_path):
    text = (
        "PORT SUDAN, 11 December - Fighters plan an offensive on Kosinara within days, officers said. "
        "About 40,000 people live in Kosinara."
    )
    reading = read(from_text(text, name="report.txt", issued=date(2023, 12, 11)))
    (tmp_path / "places.csv").write_text(
        "name,lat,lon,population\nKosinara,14.1,33.1,40000\nSennar,13.55,33.6,150000\n", encoding="utf-8"
    )
    made = draft([reading], places=read_places([str(tmp_path / "places.csv")]))
    (stage,) = made.scenario.courses[-1].stages
    assert stage.places == ("Kosinara",)


def test_roads_alone_join_the_gazetteers_towns(tmp_path):
    without = draft([report()], use_packs=False)
    names = [place.name for place in without.scenario.places]
    rows = "".join(f"{names[0]},{name},{50 + at}\n" for at, name in enumerate(names[1:-1]))
    (tmp_path / "routes.csv").write_text("from,to,km\n" + rows, encoding="utf-8")
    with pytest.raises(ForewarnError, match="straight line"):
        # Lengths that cannot be: the gazetteer's towns are farther apart.
        draft([report()], routes=str(tmp_path / "routes.csv"))
    rows = "".join(f"{names[0]},{name},{300 + at}\n" for at, name in enumerate(names[1:-1]))
    (tmp_path / "routes.csv").write_text("from,to,km\n" + rows, encoding="utf-8")
    made = draft([report()], routes=str(tmp_path / "routes.csv"))
    assert len(made.scenario.routes) == len(names) - 2
    assert [place.name for place in made.scenario.places if place.isolated] == [names[-1]]


def test_swapped_columns_are_told_from_a_place_far_away(tmp_path):
    """A negative control: the same table, right, is read."""
    (tmp_path / "places.csv").write_text("name,lat,lon\nWad Madani,14.4,33.52\nSennar,13.55,33.6\n", "utf-8")
    assert len(drafted(tmp_path).scenario.places) == 2
    (tmp_path / "places.csv").write_text("name,lat,lon\nWad Madani,33.52,14.4\nSennar,33.6,13.55\n", "utf-8")
    with pytest.raises(ForewarnError, match="swapped"):
        drafted(tmp_path)
