"""Ledgers that are none, and ledgers that are not there."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys

import pytest

from forewarn.errors import MissingPartError
from forewarn.ledger import LedgerError, ledger_head, make_incident, open_ledger, parse_when


def test_a_folder(tmp_path):
    with pytest.raises(LedgerError, match="a folder"):
        open_ledger(tmp_path)


def test_no_such_folder(tmp_path):
    with pytest.raises(LedgerError, match="its folder does not exist"):
        open_ledger(tmp_path / "a" / "ledger.db")


def test_no_such_file_is_not_made_by_looking(tmp_path):
    with pytest.raises(LedgerError, match="no such ledger"):
        ledger_head(tmp_path / "ledger.db")
    assert list(tmp_path.iterdir()) == []


def test_a_file_of_something_else(tmp_path):
    path = tmp_path / "notes.txt"
    path.write_bytes(b"These are notes and no ledger. " * 99)
    with pytest.raises(LedgerError, match="not an SQLite database"):
        open_ledger(path)
    assert path.read_bytes() == b"These are notes and no ledger. " * 99


def test_a_database_of_something_else(tmp_path):
    path = tmp_path / "other.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE recipes (name TEXT)")
    connection.close()
    with pytest.raises(LedgerError, match="a database of something else"):
        open_ledger(path)


def test_an_empty_file_is_no_ledger_yet(tmp_path):
    path = tmp_path / "empty.db"
    path.touch()
    with pytest.raises(LedgerError, match="no ledger in it yet"):
        open_ledger(path, create=False)
    with open_ledger(path) as ledger:
        assert ledger.verify().ok


def test_a_cut_file(tmp_path, fill):
    path = tmp_path / "ledger.db"
    with open_ledger(path) as ledger:
        fill(ledger)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(LedgerError), open_ledger(path, create=False) as ledger:
        ledger.verify()


@pytest.mark.parametrize("change", ["UPDATE forewarn_ledger SET format = 0", "DELETE FROM forewarn_ledger"])
def test_another_format(tmp_path, change):
    path = tmp_path / "ledger.db"
    open_ledger(path).close()
    connection = sqlite3.connect(path)
    connection.execute(change)
    connection.commit()
    connection.close()
    with pytest.raises(LedgerError, match="a ledger of format .*Allowed: format 1"):
        open_ledger(path)


@pytest.mark.skipif(os.geteuid() == 0 and shutil.which("runuser") is None, reason="root may write anything")
def test_a_read_only_file_can_be_checked_but_not_written(tmp_path, fill):
    folder = tmp_path / "shelf"
    folder.mkdir()
    path = folder / "ledger.db"
    with open_ledger(path) as ledger:
        fill(ledger)
    path.chmod(0o444)
    above = [str(each) for each in (tmp_path, *tmp_path.parents) if "pytest-" in str(each)]
    script = f"""
import os
if os.geteuid() == 0:
    for folder in {above!r}:
        os.chmod(folder, 0o755)
from forewarn.ledger import open_ledger
if os.geteuid() == 0:
    os.setuid(65534)
with open_ledger({str(path)!r}, create=False) as ledger:
    print(ledger.verify().ok)
    try:
        ledger.add_run({{"a": 1}})
    except ValueError as error:
        print(error)
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[0] == "True"
    assert "read-only" in done.stdout.splitlines()[1]


def test_the_file_is_private(tmp_path):
    path = tmp_path / "ledger.db"
    open_ledger(path).close()
    assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("where", "message"),
    [
        ("mysql://somebody@host/x", "a database of kind 'mysql'"),
        ("https://example.org/ledger", "a database of kind 'https'"),
        ("://", "not a URL"),
    ],
)
def test_other_addresses(where, message):
    with pytest.raises(LedgerError, match=message):
        open_ledger(where)


def test_a_server_that_is_not_there(tmp_path):
    pytest.importorskip("psycopg")
    with pytest.raises(MissingPartError, match="no database") as missing:
        open_ledger(f"postgresql://somebody:secret@/ledger?host={tmp_path}")
    assert missing.value.exit_code == 3
    assert "secret" not in str(missing.value)


def test_a_database_that_is_not_there(server):
    with pytest.raises(MissingPartError, match="does not exist"):
        open_ledger(server.url("nowhere"))


def test_psycopg_that_is_not_there(monkeypatch):
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(MissingPartError, match="psycopg is not installed.*extra 'postgres'"):
        open_ledger("postgresql://somebody@host/ledger")


def test_a_server_with_tables_of_others(server, fill):
    name = server.new_database()
    server.run("psql", "-h", server.folder, "-U", "forewarn", "-c", "CREATE TABLE recipes (name TEXT)", name)
    with open_ledger(server.url(name)) as ledger:
        fill(ledger)
        assert ledger.verify().ok


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"sources": ()}, "sources"),
        ({"sources": ("Radio", "RADIO.")}, "the same source twice"),
        ({"sources": (" ",)}, "without words"),
        ({"status": "corroborated"}, "two independent sources"),
        ({"alleged_by": ""}, "somebody who makes it"),
        ({"kind": "alien"}, "kind"),
        ({"victim": "x"}, "victim"),
        ({"what": ""}, "what"),
        ({"place": {"name": "x", "lat": 1.0}}, "both lat and lon"),
        ({"place": {"name": "x", "lat": 1.234, "lon": 2.0}}, "too exact"),
        ({"place": {"name": "x", "lat": 91, "lon": 2.0}}, "lat"),
    ],
)
def test_incidents_that_are_refused(some_incident, changes, message):
    with pytest.raises(LedgerError, match=message):
        some_incident(**changes)


def test_all_problems_of_an_incident_at_once():
    with pytest.raises(LedgerError) as refused:
        make_incident(what="", kind="alien", when={"words": "May"}, place={"name": ""}, sources=())
    assert len(refused.value.problems) == 4


@pytest.mark.parametrize("words", ["2018-02-30", "2018-13", "0000"])
def test_days_that_are_none(words):
    with pytest.raises(LedgerError, match="not a valid date"):
        parse_when(words)
