"""A visitor's own places and roads: what comes in beside a report, and what is refused."""

import io
import tempfile
import zipfile
from datetime import date
from functools import cache
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from forewarn.drafting import draft
from forewarn.drafting.user_tables import read_places
from forewarn.errors import ForewarnError
from forewarn.intake.workbooks import MOST_UNPACKED
from forewarn.reading.documents.document import from_text
from forewarn.reading.reader import read
from forewarn.web.app import make_api
from forewarn.web.service.own_tables import MOST_FILES, OwnTable, OwnTables, readable

DRAFTING = Path(__file__).parents[1] / "drafting"
TEXT = (DRAFTING / "reports" / "march-on-capital.txt").read_text(encoding="utf-8")
DAY = date(2023, 12, 11)


def tables(case, *, named="{}"):
    """The files of a case of the zoo, under the names that somebody gives them."""
    folder = DRAFTING / "zoo" / case
    places = tuple(
        OwnTable(path.read_bytes(), named.format(path.name)) for path in sorted(folder.glob("places*"))
    )
    routes = [OwnTable(path.read_bytes(), named.format(path.name)) for path in folder.glob("routes*")]
    return OwnTables(places, routes[0] if routes else None)


@cache
def packed(size):
    """A workbook of a few kilobytes that unpacks to `size` bytes."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"<c/>" * (size // 4))
    return content.getvalue()


def problems(tables):
    with pytest.raises(ForewarnError) as refusal, readable(tables):
        pass
    return str(refusal.value)


@pytest.mark.parametrize("case", ["accepted-own-format", "accepted-cod-tables"])
def test_a_draft_is_that_of_the_command_line(service, case):
    entry = service.draft(TEXT, "report", issued=DAY, own=tables(case))
    folder = DRAFTING / "zoo" / case
    expected = draft(
        [read(from_text(TEXT, name="report", issued=DAY))],
        issued=DAY,
        places=read_places([str(path) for path in sorted(folder.glob("places*"))]),
        routes=next((str(path) for path in folder.glob("routes*")), None),
    ).scenario
    made = service.workspace.scenario(entry.id)
    assert [(each.name, each.residents, each.lat) for each in made.places] == [
        (each.name, each.residents, each.lat) for each in expected.places
    ]
    assert [(each.from_, each.to, each.km) for each in made.routes] == [
        (each.from_, each.to, each.km) for each in expected.routes
    ]
    without = service.workspace.scenario(service.draft(TEXT, "report", issued=DAY).id)
    assert [each.name for each in without.places] != [each.name for each in made.places]


def test_names_are_labels_and_never_paths(service, tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    entry = service.draft(
        TEXT, "report", issued=DAY, own=tables("accepted-own-format", named="../../../up/a\0<b>{}")
    )
    assert "a<b>places" in entry.note
    assert "(here places-1.csv)" in entry.note
    assert "up/" not in entry.note
    # Nothing of the visitor's is left, neither in its folder nor beside it.
    assert [each.name for each in tmp_path.iterdir()] == ["workspace"]


def test_problems_name_our_files_and_no_folder():
    said = problems(OwnTables((OwnTable(b"no table at all", "x/y.csv"),)))
    assert "places-1.csv" in said
    assert tempfile.gettempdir() not in said


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (lambda: [OwnTable(b"MZ", "places.exe")], "ends in '.exe'"),
        (lambda: [OwnTable(b"a", "a.csv")] * (MOST_FILES + 1), f"at most {MOST_FILES}"),
        (lambda: [OwnTable(b"x" * 9_000_000, "a.csv")], "9,000,000 bytes"),
        (lambda: [OwnTable(b"PK no workbook", "a.xlsx")], "not a workbook"),
        (lambda: [OwnTable(packed(MOST_UNPACKED + 4), "a.xlsx")], "places-1.xlsx, unpacked"),
    ],
    ids=["ending", "too many", "too large", "broken", "bomb"],
)
def test_what_is_no_table_is_refused(given, said):
    assert said in problems(OwnTables(tuple(given())))


def test_a_workbook_within_the_limit_is_opened():
    assert "unpacked" not in problems(OwnTables((OwnTable(packed(4000), "a.xlsx"),)))


def test_a_scenario_in_a_workbook_that_blows_up_is_refused(service):
    with pytest.raises(ForewarnError, match="unpacked"):
        service.import_file(packed(MOST_UNPACKED + 4), "scenario.xlsx")


def test_the_interface_takes_them(service):
    client = TestClient(make_api(service))
    own = tables("accepted-own-format")
    files = [("file", ("report.txt", TEXT.encode()))]
    files += [("places", (table.name, table.data)) for table in own.places]
    if own.routes is not None:
        files.append(("routes", (own.routes.name, own.routes.data)))
    made = client.post("/api/reports/draft/file", files=files, data={"issued": DAY.isoformat()})
    assert made.status_code == 201, made.text
    assert "places-1.csv" in made.json()["note"]
    files[1] = ("places", ("places.csv", b""))
    refused = client.post("/api/reports/draft/file", files=files, data={"issued": DAY.isoformat()})
    assert refused.status_code == 422
