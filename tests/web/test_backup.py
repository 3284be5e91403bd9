"""A workspace and its ledger in one file, and back: whole and verified, wherever it is killed."""

import hashlib
import json
import os
import shutil
import signal
import stat
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from typer.testing import CliRunner

from forewarn.cli.commands import app
from forewarn.errors import ForewarnError
from forewarn.ledger import make_incident, open_ledger
from forewarn.scenario import load
from forewarn.web.service.backup import MANIFEST, back_up, restore, verify
from forewarn.web.service.files import write_json
from forewarn.web.service.limits import ConflictError
from forewarn.web.service.workspace import Workspace

SOURCE = Path(__file__).parents[2] / "src"
posix = pytest.mark.skipif(os.name != "posix", reason="signals")


def make(folder, mark):
    workspace = Workspace(folder)
    for _ in range(2):
        workspace.save(load("crossroads").model_copy(update={"title": mark}), origin="imported", note=mark)
    saved = next(path.name for path in (folder / "scenarios").iterdir())
    workspace.take_away(saved)
    write_json(folder / "retention.json", {"jobs": 90})
    write_json(folder / "jobs" / "0123456789abcdef.json", {"kind": "forecast", "title": mark})
    (folder / "outlooks" / "0123456789abcdef" / "alerts").mkdir(parents=True)
    (folder / "outlooks" / "0123456789abcdef" / "alerts" / "one.xml").write_text(mark, encoding="utf-8")
    (folder / "futures" / "x.npz").write_bytes(b"can be made again")
    with open_ledger(folder / "ledger.db") as ledger:
        for number in range(4):
            place, words = {"name": "Millbrook"}, {"words": "May"}
            ledger.add_incident(
                make_incident(what=f"{mark} {number}", when=words, place=place, sources=["Radio"])
            )
    workspace.close()


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Two workspaces, and a backup of the old one."""
    folder = tmp_path_factory.mktemp("made")
    for mark in ("old", "new"):
        make(folder / mark, mark)
    back_up(folder / "old", folder / "backup.zip")
    return folder


@pytest.fixture
def workspace(tmp_path, made):
    return shutil.copytree(made / "old", tmp_path / "workspace")


@pytest.fixture
def other(tmp_path, made):
    return shutil.copytree(made / "new", tmp_path / "other")


@pytest.fixture
def file(tmp_path, made):
    return shutil.copy(made / "backup.zip", tmp_path / "backup.zip")


def contents(folder):
    """What a workspace holds, by name; the ledger by its head."""
    left_out = {"lock", "futures", "ledger.db", "secret"}
    found = {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.relative_to(folder).parts[0] not in left_out
    }
    with open_ledger(folder / "ledger.db", create=False) as ledger:
        verified = ledger.verify()
    assert verified.ok
    return {**found, "head": verified.head}


def test_there_and_back(workspace, file, tmp_path):
    checked = restore(file, tmp_path / "other")
    assert contents(tmp_path / "other") == contents(workspace)
    assert checked == verify(file)
    assert checked.ledger_entries == 4
    assert not list((tmp_path / "other" / "futures").iterdir())
    assert sorted(path.name for path in tmp_path.iterdir()) == ["backup.zip", "other", "workspace"]
    opened = Workspace(tmp_path / "other")
    assert [each.title for each in opened.entries()][0] == "old"
    assert len(opened.taken_away()) == 1
    opened.close()


def test_no_keys_are_in_it(workspace, tmp_path):
    opened = Workspace(workspace)
    secret = opened.secret()
    write_json(workspace / "sessions.json", {"x": {}})
    # While the app runs.
    back_up(workspace, tmp_path / "backup.zip")
    opened.close()
    with zipfile.ZipFile(tmp_path / "backup.zip") as archive:
        assert not {"secret", "sessions.json", "lock"} & set(archive.namelist())
        assert all(secret.encode() not in archive.read(name) for name in archive.namelist())
    assert stat.S_IMODE((tmp_path / "backup.zip").stat().st_mode) & 0o077 == 0 or os.name != "posix"


def test_a_writer_in_between_leaves_a_ledger_that_verifies(workspace, tmp_path):
    with open_ledger(workspace / "ledger.db") as ledger:
        back_up(workspace, tmp_path / "backup.zip")
        place = {"name": "Millbrook"}
        ledger.add_incident(
            make_incident(what="later", when={"words": "May"}, place=place, sources=["Radio"])
        )
    assert restore(tmp_path / "backup.zip", tmp_path / "other").ledger_entries == 4


def test_a_workspace_that_is_there_is_replaced_only_when_asked(workspace, file, other):
    before = contents(other)
    with pytest.raises(ForewarnError, match="--replace"):
        restore(file, other)
    assert contents(other) == before
    restore(file, other, replace=True)
    assert contents(other) == contents(workspace)


def test_what_is_no_workspace_is_never_replaced(file, tmp_path):
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "thesis.txt").write_text("mine", encoding="utf-8")
    for target in (tmp_path / "thesis", tmp_path / "thesis" / "thesis.txt"):
        with pytest.raises(ForewarnError, match="there already"):
            restore(file, target, replace=True)
    assert (tmp_path / "thesis" / "thesis.txt").read_text(encoding="utf-8") == "mine"
    with pytest.raises(ForewarnError, match="not a workspace"):
        back_up(tmp_path / "thesis", tmp_path / "x.zip")


def test_a_workspace_in_use_is_not_replaced(workspace, file):
    opened = Workspace(workspace)
    with pytest.raises(ConflictError, match="works in it"):
        restore(file, workspace, replace=True)
    opened.close()


def rewritten(file, change):
    """The same backup with its parts changed; every checksum fits again."""
    with zipfile.ZipFile(file) as archive:
        parts = {each.filename: (each, archive.read(each)) for each in archive.infolist()}
    manifest = json.loads(parts.pop(MANIFEST)[1])
    change(parts, manifest)
    with zipfile.ZipFile(file, "w") as archive:
        for info, data in parts.values():
            archive.writestr(info, data)
        archive.writestr(MANIFEST, json.dumps(manifest))


def add(name, data=b"x", mode=0o100600):
    def change(parts, manifest):
        info = zipfile.ZipInfo(name)
        info.external_attr = mode << 16
        parts[name] = info, data
        manifest["files"][name] = {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}

    return change


def break_ledger(parts, manifest):
    info, data = parts["ledger.db"]
    broken = data.replace(b"old 2", b"odd 2")
    assert broken != data
    parts["ledger.db"] = info, broken
    manifest["files"]["ledger.db"]["sha256"] = hashlib.sha256(broken).hexdigest()


def change_file(parts, manifest):
    name = next(name for name in parts if name.endswith("scenario.yaml"))
    info, data = parts[name]
    parts[name] = info, data.replace(b"old", b"odd")


def lose_file(parts, manifest):
    parts.pop(next(name for name in parts if name.endswith("scenario.yaml")))


def shrink(parts, manifest):
    manifest["files"]["ledger.db"]["bytes"] -= 1


def other_head(parts, manifest):
    manifest["ledger_head"] = "0" * 64


@pytest.mark.parametrize(
    "change",
    [
        *(add(name) for name in ("../x", "/x", "scenarios/../x", "scenarios//x", "scenarios/.x", "x", "lock", "secret")),
        *(add(name) for name in ("scenarios/a:b", "scenarios\\x", "futures/x.npz", "scenarios/", "jobs/a\nb", "jobs")),
        add("scenarios/link", b"/etc/passwd", 0o120777),
        add("scenarios/pipe", b"", 0o010600),
        *(break_ledger, change_file, lose_file, shrink, other_head),
        lambda parts, manifest: manifest.clear(),
        lambda parts, manifest: manifest["files"].update({"jobs/x": {"bytes": 10**12, "sha256": ""}}),
        lambda parts, manifest: manifest["files"].update({"jobs/x": 1}),
    ],
)  # fmt: skip
def test_what_is_not_as_it_was_restores_nothing(file, other, tmp_path, change):
    before = contents(other)
    rewritten(file, change)
    with pytest.raises(ForewarnError):
        restore(file, other, replace=True)
    with pytest.raises(ForewarnError):
        verify(file)
    assert contents(other) == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["backup.zip", "other"]


@pytest.mark.parametrize("data", [b"", b"nothing", b"PK\x05\x06" + b"\0" * 18])
def test_what_is_no_backup_is_refused(tmp_path, data):
    (tmp_path / "x.zip").write_bytes(data)
    with pytest.raises(ForewarnError, match="not a backup"):
        restore(tmp_path / "x.zip", tmp_path / "other")
    assert not (tmp_path / "other").exists()


CHILD = """
import os, signal, sys
from pathlib import Path
from forewarn import replacing
from forewarn.web.service import backup
die = lambda *_, **__: os.kill(os.getpid(), signal.SIGKILL)
what, file, workspace, where = sys.argv[1:]
if where.isdigit():
    copy, calls = backup._copy, []
    def counted(*given):
        calls.append(1)
        return die() if len(calls) > int(where) else copy(*given)
    backup._copy = counted
if where == "before":
    replacing.put = die
    Path.replace = die
if where == "after":
    replacing.remove = die
    replace = Path.replace
    Path.replace = lambda path, to: (replace(path, to), die())
if what == "backup":
    backup.back_up(Path(workspace), Path(file))
else:
    backup.restore(Path(file), Path(workspace), replace=True)
"""


def killed(what, file, workspace, where):
    command = [sys.executable, "-c", CHILD, what, str(file), str(workspace), where]
    done = subprocess.run(command, env=os.environ | {"PYTHONPATH": str(SOURCE)}, check=False)
    assert done.returncode == -signal.SIGKILL


@posix
@pytest.mark.parametrize(("where", "left"), [("0", "old"), ("5", "old"), ("before", "old"), ("after", "new")])
def test_a_backup_that_is_killed_leaves_the_old_file_or_the_new(file, workspace, tmp_path, where, left):
    old = verify(file)
    with open_ledger(workspace / "ledger.db") as ledger:
        place = {"name": "Millbrook"}
        ledger.add_incident(make_incident(what="new", when={"words": "May"}, place=place, sources=["Radio"]))
    killed("backup", file, workspace, where)
    assert (verify(file) == old) is (left == "old")
    back_up(workspace, file)
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []
    assert verify(file).ledger_entries == 5


@posix
@pytest.mark.parametrize(("where", "left"), [("0", "new"), ("5", "new"), ("before", "new"), ("after", "old")])
def test_a_restore_that_is_killed_leaves_the_old_state_or_the_new(file, made, other, tmp_path, where, left):
    states = {"old": contents(made / "old"), "new": contents(other)}
    killed("restore", file, other, where)
    assert contents(other) == states[left]
    restore(file, other, replace=True)
    assert contents(other) == states["old"]
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_the_commands_say_what_they_verified(workspace, tmp_path):
    run = CliRunner()
    made = run.invoke(app, ["backup", str(tmp_path / "b.zip"), "--workspace", str(workspace)])
    assert made.exit_code == 0, made.output
    assert "the ledger's chain of 4 entries" in made.output
    back = run.invoke(app, ["restore", str(tmp_path / "b.zip"), "--workspace", str(tmp_path / "other")])
    assert back.exit_code == 0, back.output
    assert contents(tmp_path / "other") == contents(workspace)
