"""What is saved is whole, found again, and never named by a visitor."""

import io
import subprocess
import sys
import zipfile
from importlib.resources import files

import pytest

from forewarn.errors import ForewarnError
from forewarn.scenario import bundled, dump, load
from forewarn.scenario.workbook import export_workbook
from forewarn.web.service.incoming import PLAIN_NAME, read_report, read_scenario, shown_name
from forewarn.web.service.limits import ConflictError, NotFoundError, TooLargeError
from forewarn.web.service.passwords import Password, PasswordFile, hashed, make_file
from forewarn.web.service.workspace import Workspace

HOSTILE = (
    "../secret",
    "..",
    ".",
    "",
    "/etc/passwd",
    "C:\\x",
    "0123456789abcdef/..",
    "a" * 16,
    "\0",
    "crossroads/../x",
    "%2e%2e",
)


def test_bundled_scenarios_are_there(workspace):
    assert [entry.id for entry in workspace.entries()] == [each.name for each in bundled()]
    assert "crossroads" in [entry.id for entry in workspace.entries()]
    assert workspace.scenario("crossroads") == load("crossroads")


def test_saved_is_found_again_by_another_process(tmp_path):
    one = Workspace(tmp_path)
    entry = one.save(load("crossroads"), origin="imported", note="mine.xlsx")
    one.close()
    other = Workspace(tmp_path)
    assert other.entry(entry.id).note == "mine.xlsx"
    assert dump(other.scenario(entry.id)) == dump(load("crossroads"))
    assert other.entries()[0].id == entry.id
    other.close()


def test_two_processes_do_not_share_a_workspace(workspace):
    code = f"from pathlib import Path; from forewarn.web.service.workspace import Workspace; Workspace(Path({str(workspace.folder)!r}))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert "another forewarn serve works in it" in done.stderr


@pytest.mark.parametrize("name", HOSTILE)
def test_no_name_of_a_visitor_reaches_the_disk(workspace, name):
    (workspace.folder / "scenarios" / "aaaaaaaaaaaaaaab").mkdir()
    for ask in (workspace.entry, workspace.scenario, workspace.readings, workspace.take_away):
        with pytest.raises(NotFoundError):
            ask(name)


def test_taken_away_is_kept(workspace):
    entry = workspace.save(load("crossroads"), origin="imported")
    workspace.take_away(entry.id)
    with pytest.raises(NotFoundError):
        workspace.scenario(entry.id)
    kept = list((workspace.folder / "taken-away").iterdir())
    assert (kept[0] / "scenario.yaml").is_file()
    with pytest.raises(ConflictError, match="comes with Forewarn"):
        workspace.take_away("crossroads")


def test_a_save_that_fails_leaves_nothing(workspace, monkeypatch):
    from forewarn.web.service import workspace as module

    def stop(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(module, "write_json", stop)
    with pytest.raises(KeyboardInterrupt):
        workspace.save(load("crossroads"), origin="imported")
    assert list((workspace.folder / "scenarios").iterdir()) == []


def packed(files_by_name):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files_by_name.items():
            archive.writestr(name, text)
    return out.getvalue()


def folder_of_crossroads():
    folder = files("forewarn") / "data" / "scenarios" / "crossroads"
    return {
        name: folder.joinpath(name).read_text(encoding="utf-8")
        for name in ("scenario.yaml", "places.csv", "routes.csv")
    }


def test_a_folder_comes_as_an_archive(tmp_path):
    inside = folder_of_crossroads()
    assert read_scenario(packed(inside), "mine.zip") == load("crossroads")
    assert read_scenario(packed({f"a/b/{name}": text for name, text in inside.items()}), "mine.ZIP") == load(
        "crossroads"
    )


def test_a_workbook_and_a_document_come_too(tmp_path):
    export_workbook(load("crossroads"), tmp_path / "x.xlsx")
    assert (
        read_scenario((tmp_path / "x.xlsx").read_bytes(), "any thing.xlsx").places
        == load("crossroads").places
    )
    assert read_scenario(dump(load("crossroads")).encode(), "scenario.yaml") == load("crossroads")


def test_an_archive_cannot_write_elsewhere(tmp_path):
    inside = folder_of_crossroads()
    evil = {
        **inside,
        "../../outside.csv": "x",
        "/abs.csv": "x",
        "deeper/places.csv": "x",
        ".hidden.csv": "x",
        "run.py": "x",
        "C:places.csv": "x",
        "scenario.yaml:places.csv": "x",
        "..\\..\\places.csv": "x",
        "a\0b.csv": "x",
        "line\nbreak.csv": "x",
    }
    assert read_scenario(packed(evil), "x.zip") == load("crossroads")
    assert not (tmp_path.parent / "outside.csv").exists()


@pytest.mark.parametrize(
    "name", ["C:x.csv", "a:b.csv", "..\\x.csv", "\n.csv", "..", ".x.csv", " x.csv", "-x.csv"]
)
def test_names_that_mean_something_to_a_machine_are_not_plain(name):
    assert not PLAIN_NAME.fullmatch(name)


@pytest.mark.parametrize("name", ["places.csv", "Orte 2 (neu).csv", "قائمة.csv"])
def test_plain_names_are(name):
    assert PLAIN_NAME.fullmatch(name)


def bomb():
    return packed({"scenario.yaml": "#" + "a" * 30_000_000})


@pytest.mark.parametrize(
    ("data", "name", "said"),
    [
        (b"nothing", "x.zip", "not an archive"),
        (b"", "x.zip", "not an archive"),
        (packed({"a.txt": "x"}), "x.zip", "0 files called scenario.yaml"),
        (packed({"a/scenario.yaml": "x", "b/scenario.yaml": "x"}), "x.zip", "2 files called"),
        (packed({f"{n}.csv": "x" for n in range(30)}), "x.zip", "30 files"),
        (bomb(), "x.zip", "unpacked"),
        (b"x" * 9_000_000, "x.yaml", "bytes"),
        (b"format: 1", "x.exe", ".exe"),
        (b"\xff\xfe\x00", "scenario.yaml", "scenario.yaml"),
        (b"PK\x03\x04broken", "x.xlsx", "xlsx"),
        (b"format: 1\nname: x", "scenario.yaml", "file not found"),
        (b"format: 1\nname: x\nplaces: []\nroutes: []", "scenario.yaml", "title"),
        (b"a: &a [*a]", "scenario.yaml", "scenario.yaml"),
    ],
    ids=range(13),
)
def test_what_cannot_be_read_says_why(data, name, said):
    with pytest.raises(ForewarnError, match=said) as error:
        read_scenario(data, name)
    # Nor where this machine keeps its files.
    assert "forewarn-" not in str(error.value)


def test_reports_are_read_by_ending_and_size(report):
    assert read_report(report.encode(), "a/b\\report.txt", issued=None).document.name == "report.txt"
    with pytest.raises(ForewarnError, match="exe"):
        read_report(b"x", "report.exe", issued=None)
    with pytest.raises(TooLargeError):
        read_report("x" * 9_000_000, "pasted", issued=None)
    with pytest.raises(TooLargeError, match="characters of text"):
        read_report(b"word " * 100_000, "long.txt", issued=None)
    with pytest.raises(ForewarnError, match=r"empty|no text was found"):
        read_report("  ", "pasted", issued=None)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../x.txt", "x.txt"),
        ("C:\\a\\b.txt", "b.txt"),
        ("a\nb\x00.txt", "ab.txt"),
        ("", "file"),
        ("/", "file"),
        ("x" * 300, "x" * 120),
    ],
)
def test_names_are_labels(name, shown):
    assert shown_name(name) == shown


def test_a_password_is_known_by_its_hash(tmp_path):
    path = tmp_path / "password"
    make_file(path, "correct horse battery")
    assert path.stat().st_mode & 0o077 == 0
    assert "horse" not in path.read_text(encoding="utf-8")
    people = PasswordFile(path)
    assert not people.has_names
    assert people.identify("", "correct horse battery") == ""
    assert people.identify("anybody", "correct horse battery") == ""
    assert people.identify("", "correct horse batterz") is None
    assert people.identify("", "x" * 5000) is None
    with pytest.raises(ForewarnError, match="already"):
        make_file(path, "correct horse battery")


@pytest.mark.parametrize(
    "line", ["", "plain password", "scrypt$1$1", "scrypt$9999999999$8$1$AAAA$AAAA", "md5$1$1$1$AAAA$AAAA"]
)
def test_a_file_of_something_else_is_no_password(line):
    with pytest.raises(ForewarnError, match="make-password-file"):
        Password(line)


def test_short_passwords_are_refused():
    with pytest.raises(ForewarnError, match="12"):
        hashed("short")
    assert hashed("a long enough one") != hashed("a long enough one")


def test_the_secret_is_made_once_and_private(workspace):
    first = workspace.secret()
    assert workspace.secret() == first
    assert (workspace.folder / "secret").stat().st_mode & 0o077 == 0
