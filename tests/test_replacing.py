"""Files and folders are whole or not there, wherever the program is killed."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from forewarn import replacing
from forewarn.replacing import exchange, replacing_file, replacing_folder, tidy

SOURCE = Path(__file__).parents[1] / "src"
posix = pytest.mark.skipif(os.name != "posix", reason="signals and locks")


def fill(folder, text):
    (folder / "a.txt").write_text(text, encoding="utf-8")
    (folder / "b.txt").write_text(text, encoding="utf-8")


def contents(folder):
    return {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir()}


def whole(text):
    return {"a.txt": text, "b.txt": text}


@pytest.fixture
def target(tmp_path):
    with replacing_folder(tmp_path / "folder") as draft:
        fill(draft, "old")
    return tmp_path / "folder"


@pytest.fixture(params=[True, False], ids=["exchange", "two renames"])
def way(request, monkeypatch):
    if not request.param:
        monkeypatch.setattr(replacing, "exchange", lambda *_: False)
    return request.param


def test_a_folder_is_replaced_whole(target, way):
    with replacing_folder(target) as draft:
        fill(draft, "new")
        assert contents(target) == whole("old")
    assert contents(target) == whole("new")
    assert list(target.parent.iterdir()) == [target]


def test_an_error_leaves_the_old_one(target, way):
    def stop():
        with replacing_folder(target) as draft:
            fill(draft, "new")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        stop()
    assert contents(target) == whole("old")
    assert list(target.parent.iterdir()) == [target]


@pytest.mark.skipif(sys.platform not in ("linux", "darwin"), reason="no such call")
def test_two_folders_exchange_their_names(tmp_path):
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
        fill(tmp_path / name, name)
    assert exchange(tmp_path / "one", tmp_path / "other")
    assert contents(tmp_path / "one") == whole("other")
    assert contents(tmp_path / "other") == whole("one")
    assert not exchange(tmp_path / "one", tmp_path / "nothing")


CHILD = """
import os, signal, sys
from pathlib import Path
from forewarn import replacing
die = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
target, where, way = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
if way == "two renames":
    replacing.exchange = lambda *_: False
if where == "before":
    replacing.put = die
if where == "after":
    replacing.remove = die
with replacing.replacing_folder(target) as draft:
    (draft / "a.txt").write_text("new", encoding="utf-8")
    if where == "half":
        die()
    (draft / "b.txt").write_text("new", encoding="utf-8")
    if where == "between":
        rename = Path.rename
        Path.rename = lambda path, to: rename(path, to) if ".draft-" not in path.name else die()
"""


def killed(target, where, way):
    done = subprocess.run(
        [sys.executable, "-c", CHILD, str(target), where, way],
        env=os.environ | {"PYTHONPATH": str(SOURCE)},
        check=False,
    )
    assert done.returncode == -signal.SIGKILL


@posix
@pytest.mark.parametrize("way", ["exchange", "two renames"])
@pytest.mark.parametrize(("where", "left"), [("half", "old"), ("before", "old"), ("after", "new")])
def test_killed_there_is_the_old_or_the_new_under_its_name(target, where, left, way):
    killed(target, where, way)
    assert contents(target) == whole(left)
    assert len(list(target.parent.iterdir())) == 2
    with replacing_folder(target) as draft:
        fill(draft, "next")
    assert contents(target) == whole("next")
    assert list(target.parent.iterdir()) == [target]


@posix
def test_killed_between_two_renames_the_old_one_comes_back(target):
    killed(target, "between", "two renames")
    assert not target.exists()
    tidy(target.parent)
    assert contents(target) == whole("old")
    assert list(target.parent.iterdir()) == [target]


@posix
def test_what_somebody_still_writes_is_left_alone(target):
    with replacing_folder(target) as draft, replacing_file(target.parent / "file") as other:
        fill(draft, "new")
        other.write_text("new", encoding="utf-8")
        tidy(target.parent)
        tidy(target.parent, "folder")
        assert contents(draft) == whole("new")
        assert other.exists()
    assert contents(target) == whole("new")


def test_names_that_only_look_alike_are_left_alone(tmp_path):
    names = (".hidden", "folder.draft-0123abcd", ".folder.draft-x", ".folder.drafts-0123abcd")
    for name in names:
        (tmp_path / name).mkdir()
    tidy(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(names)


def test_drafts_of_another_name_are_left_to_their_own(tmp_path):
    for name in (".one.draft-0123abcd", ".other.draft-0123abcd", ".one.draft-77-0123abcd"):
        (tmp_path / name).mkdir()
        os.utime(tmp_path / name, (0, 0))
    tidy(tmp_path, "one")
    assert [path.name for path in tmp_path.iterdir()] == [".other.draft-0123abcd"]


@posix
def test_a_private_file_is_private_from_the_first_byte(tmp_path):
    with replacing_file(tmp_path / "file", private=True) as draft:
        assert draft.stat().st_mode & 0o077 == 0
        draft.write_text("secret", encoding="utf-8")
    assert (tmp_path / "file").stat().st_mode & 0o077 == 0


def write_locked(place):
    """As HDF5 does: who writes a file locks it, and does not wait."""
    fcntl = pytest.importorskip("fcntl", reason="a system without these locks")
    with place.open("wb") as file:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        file.write(b"whole")


def test_what_locks_its_files_itself_can_write_one(tmp_path):
    path = tmp_path / "forecast.nc"
    with replacing_file(path, locks_itself=True) as draft:
        write_locked(draft)
    assert path.read_bytes() == b"whole"
    assert [each.name for each in tmp_path.iterdir()] == [path.name]
    with pytest.raises(BlockingIOError), replacing_file(path) as draft:
        write_locked(draft)
    assert [each.name for each in tmp_path.iterdir()] == [path.name]


def test_an_error_leaves_nothing_of_what_locks_itself(tmp_path):
    def break_off(draft):
        write_locked(draft)
        raise ZeroDivisionError

    with (
        pytest.raises(ZeroDivisionError),
        replacing_file(tmp_path / "forecast.nc", locks_itself=True) as draft,
    ):
        break_off(draft)
    assert list(tmp_path.iterdir()) == []
