"""Hostile files through every door: each ends in an error that names it, or is read, within bounds."""

import errno
import io
import os
import zipfile
from pathlib import Path

import pytest
from openpyxl import Workbook

from forewarn.drafting.user_tables import read_places
from forewarn.drafting.user_tables.grids import read_grids
from forewarn.errors import ForewarnError
from forewarn.forecast.updating import read_observations
from forewarn.intake import isolated
from forewarn.intake.archives import unpack
from forewarn.intake.files import open_file, read_file
from forewarn.ledger import verify_export
from forewarn.reading.documents.loading import load as load_report
from forewarn.scenario import load
from forewarn.scenario.workbook import import_workbook

CASES = Path(__file__).parents[3] / "shared" / "cases" / "hostile"
DOORS = {
    "report.txt": load_report,
    "report.pdf": load_report,
    "places.csv": lambda path: read_places([str(path)]),
    "places.xlsx": lambda path: read_places([str(path)]),
    "places.geojson": lambda path: read_places([str(path)]),
    "places.osm": lambda path: read_places([str(path)]),
    "book.xlsx": import_workbook,
    "scenario.yaml": load,
    "observed.csv": lambda path: read_observations(path, load("crossroads")),
    "ledger.jsonl": verify_export,
}
posix = pytest.mark.skipif(os.name != "posix", reason="FIFOs and devices are of POSIX")


@posix
@pytest.mark.parametrize("name", DOORS)
def test_a_fifo_is_refused_at_every_door(tmp_path, name):
    """Opened as a file is, it would wait for a writer for ever."""
    os.mkfifo(tmp_path / name)
    with pytest.raises(ForewarnError, match="not a regular file"):
        DOORS[name](tmp_path / name)


@posix
@pytest.mark.parametrize("name", DOORS)
def test_an_endless_device_behind_a_link_is_refused_at_every_door(tmp_path, name):
    (tmp_path / name).symlink_to("/dev/zero")
    with pytest.raises(ForewarnError, match="not a regular file"):
        DOORS[name](tmp_path / name)


def test_a_file_that_grows_is_read_up_to_its_limit(tmp_path, monkeypatch):
    path = tmp_path / "grows"
    path.write_bytes(b"x" * 1000)
    monkeypatch.setattr(os, "fstat", lambda number, real=os.fstat: Smaller(real(number)))
    with pytest.raises(ForewarnError, match="at most 10 bytes"):
        read_file(path, most_bytes=10)


class Smaller:
    """What a file system says of a file that is longer than it says."""

    def __init__(self, real):
        self.st_mode, self.st_size = real.st_mode, 1


VRT = (
    '<OGRVRTDataSource><OGRVRTLayer name="points"><SrcDataSource>{source}</SrcDataSource><SrcLayer>secret</SrcLayer>'
    '<GeometryType>wkbPoint</GeometryType><GeometryField encoding="PointFromColumns" x="lon" y="lat"/>'
    "</OGRVRTLayer></OGRVRTDataSource>"
)


@pytest.mark.parametrize("suffix", [".osm", ".osm.pbf", ".geojson"])
@pytest.mark.parametrize("source", ["secret.csv", "/vsicurl/http://127.0.0.1:9/x.csv", "/vsizip//etc/passwd"])
@pytest.mark.parametrize("wrapped", ["{}", "<osm><!-- {} --></osm>", "\n\n{}"])
def test_a_map_extract_is_read_as_what_its_name_promises(tmp_path, suffix, source, wrapped):
    (tmp_path / "secret.csv").write_text("name,place,lat,lon\nSECRET,town,1,1\n", encoding="utf-8")
    path = tmp_path / f"evil{suffix}"
    path.write_text(wrapped.format(VRT.format(source=source)), encoding="utf-8")
    with pytest.raises(ForewarnError) as caught:
        read_places([str(path)])
    assert "SECRET" not in str(caught.value)
    assert path.name in str(caught.value)


def test_entities_of_a_map_extract_are_not_expanded(tmp_path):
    path = tmp_path / "area.osm"
    path.write_text(
        '<!DOCTYPE osm [<!ENTITY x SYSTEM "file:///etc/passwd">]><osm version="0.6">'
        '<node id="1" lat="1" lon="1"><tag k="place" v="town"/><tag k="name" v="&x;"/></node></osm>',
        encoding="utf-8",
    )
    with pytest.raises(ForewarnError, match="not a readable OpenStreetMap extract"):
        read_places([str(path)])


def workbook(change):
    """A workbook one of whose parts was changed by hand."""
    book, data, changed = Workbook(), io.BytesIO(), io.BytesIO()
    book.active.title = "settings"
    book.active.append(["path", "value"])
    book.active.append(["title", "A title"])
    book.save(data)
    with zipfile.ZipFile(data) as old, zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            new.writestr(entry.filename, change(entry.filename, old.read(entry)))
    return changed.getvalue()


def with_entities(name, content):
    """Nine levels of ten: a billion words."""
    if not name.endswith("sheet1.xml"):
        return content
    levels = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    head = f'<!DOCTYPE x [<!ENTITY a0 "people">{levels}]>'.encode()
    return head + content.replace(b"A title", b"&a9;") if b"A title" in content else head + content


def with_a_cell_at_the_end(name, content):
    """A row far down, and a sheet that says that it is full."""
    if not name.endswith("sheet1.xml"):
        return content
    row = b'<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c></row></sheetData>'
    return content.replace(b"</sheetData>", row).replace(b'ref="A1:B2"', b'ref="A1:XFD1048576"')


def with_much_of_nothing(name, content):
    return content + (b" " * 2**29 if name.endswith("sheet1.xml") else b"")


@pytest.mark.parametrize(
    "door", [import_workbook, lambda path: read_places([str(path)])], ids=["scenario", "table"]
)
@pytest.mark.parametrize("change", [with_entities, with_a_cell_at_the_end, with_much_of_nothing])
def test_a_hostile_workbook_is_refused(tmp_path, door, change):
    path = tmp_path / "book.xlsx"
    path.write_bytes(workbook(change))
    assert path.stat().st_size < 2**20
    with pytest.raises(ForewarnError):
        door(path)


def test_rows_that_a_sheet_only_declares_are_not_made_up(tmp_path):
    path = tmp_path / "book.xlsx"
    path.write_bytes(workbook(with_a_cell_at_the_end))
    (grid,) = read_grids(str(path))
    assert [number for number, _ in grid.rows][-2:] != []
    assert len(grid.rows) <= 3


@pytest.mark.parametrize(
    ("files", "most_files", "most_bytes", "said"),
    [
        ({str(n): b"" for n in range(30)}, 20, 100, "30 files. Allowed: at most 20"),
        ({"zeros": b"\0" * 10**7}, 20, 10**6, "unpacked: .* Allowed: at most"),
    ],
    ids=["many", "large"],
)
def test_an_archive_beyond_its_limits_is_refused(files, most_files, most_bytes, said):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    with pytest.raises(ForewarnError, match=f"a.zip.*{said}"):
        isolated(unpack)(data.getvalue(), name="a.zip", most_files=most_files, most_bytes=most_bytes)


@pytest.mark.parametrize(
    "text",
    [
        "[" * 100_000,
        "a: " + "{" * 100_000,
        "- " * 50_000 + "x",
        "x: &a [1]\ny: *a\n",
        "!!python/object:os.system x",
    ],
    ids=["lists", "mappings", "nested", "alias", "tag"],
)
def test_hostile_yaml_is_refused(tmp_path, text):
    (tmp_path / "scenario.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(ForewarnError, match="scenario.yaml"):
        load(tmp_path)


@pytest.mark.parametrize(
    "text", ["[" * 200_000, '{"features": ' + "[" * 100_000, '{"features": [{"geometry": 5}]}']
)
def test_hostile_geojson_is_refused(tmp_path, text):
    (tmp_path / "places.geojson").write_text(text, encoding="utf-8")
    with pytest.raises(ForewarnError, match="places.geojson"):
        read_places([str(tmp_path / "places.geojson")])


@pytest.mark.reference
@pytest.mark.parametrize("name", ["evil.osm", "sp1m.xlsx"])
def test_the_tables_of_the_review_are_refused(name):
    if not CASES.exists():
        pytest.skip("needs ../shared")
    with pytest.raises(ForewarnError, match=name):
        read_places([str(CASES / name)])


@pytest.mark.reference
def test_the_nested_forms_of_the_review_are_read_within_bounds():
    if not CASES.exists():
        pytest.skip("needs ../shared")
    assert "30,000 people had fled Idlib" in load_report(CASES / "expform.pdf").text


def test_an_error_of_who_reads_is_not_taken_for_one_of_the_file(tmp_path):
    """A disk that fills while something is copied from a file says nothing against that file."""
    path = tmp_path / "source"
    path.write_bytes(b"x")
    with pytest.raises(OSError, match="No space left") as caught, open_file(path):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    assert not isinstance(caught.value, ForewarnError)
