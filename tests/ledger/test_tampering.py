"""Any one change through raw SQL is found; an untouched chain verifies."""

from __future__ import annotations

import json
import shutil
import tempfile
from datetime import datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forewarn.ledger import GENESIS, LedgerError, book, export_lines, open_ledger, verify_export
from forewarn.ledger.chain import COLUMNS, digest_of, verify_rows

ENTRIES = 8
TABLE = "forewarn_entries"
DROP = {
    "sqlite": ("DROP TRIGGER forewarn_no_delete", "DROP TRIGGER forewarn_no_update"),
    "postgresql": (f"ALTER TABLE {TABLE} DISABLE TRIGGER USER",),
}
QUIET = settings(
    max_examples=150, deadline=None, derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
FEW = settings(QUIET, max_examples=20)


def edited(value, draw):
    """Another value of the same column."""
    if value is None or isinstance(value, int):
        return (value or 0) + draw(st.integers(1, 5))
    at = draw(st.integers(0, max(0, len(value) - 1)))
    letter = draw(st.sampled_from('0a1 }"é'))
    ways = [
        value[:at] + letter + value[at:],
        value[:at] + letter + value[at + 1 :],
        value[:at] + value[at + 1 :],
    ]
    return draw(st.sampled_from([way for way in ways if way != value]))


@st.composite
def tamperings(draw):
    """One change: how, where, and a way to draw the rest from the row."""
    how = draw(st.sampled_from(["edit", "delete", "insert", "swap", "swap bodies", "tombstone", "forge"]))
    first, second = draw(st.lists(st.integers(1, ENTRIES), min_size=2, max_size=2, unique=True))
    return how, first, second, draw(st.sampled_from(COLUMNS)), draw


def write(connection, at, /, **values):
    sets = ", ".join(f"{name} = :{name}" for name in values)
    connection.execute(sa.text(f"UPDATE {TABLE} SET {sets} WHERE sequence = :at"), {**values, "at": at})


def tamper(connection, change):
    how, first, second, column, draw = change
    found = connection.exec_driver_sql(
        f"SELECT {', '.join(COLUMNS)} FROM {TABLE} ORDER BY sequence"
    ).mappings()
    rows = {row["sequence"]: dict(row) for row in found}
    if how == "edit":
        value = edited(rows[first][column], draw)
        if column == "sequence":
            value += ENTRIES
        write(connection, first, **{column: value})
    elif how == "delete":
        connection.execute(sa.text(f"DELETE FROM {TABLE} WHERE sequence = :at"), {"at": first})
    elif how == "swap":
        write(connection, first, sequence=-1)
        write(connection, second, sequence=first)
        write(connection, -1, sequence=second)
    elif how == "swap bodies":
        for at, other in ((first, second), (second, first)):
            write(connection, at, **{name: rows[other][name] for name in ("body", "seals", "body_hash")})
    elif how == "forge":
        forged = {**rows[first], "reader": "forged"}
        write(connection, first, reader="forged", digest=digest_of(forged))
    elif how == "tombstone":
        write(connection, first, body=json.dumps({"gone": True}, separators=(",", ":")))
    else:
        for at in range(ENTRIES, first - 1, -1):
            write(connection, at, sequence=at + 1)
        new = {**rows[second], "sequence": first, "previous": rows[first]["previous"] + "0"}
        new["previous"] = "f" * 64
        new["digest"] = digest_of(new)
        names = ", ".join(COLUMNS)
        marks = ", ".join(f":{name}" for name in COLUMNS)
        connection.execute(sa.text(f"INSERT INTO {TABLE} ({names}) VALUES ({marks})"), new)


def engine_of(where):
    url = where.replace("postgresql://", "postgresql+psycopg://") if "://" in where else f"sqlite:///{where}"
    return sa.create_engine(url, poolclass=sa.NullPool)


def disarm(where):
    engine = engine_of(where)
    with engine.begin() as connection:
        for statement in DROP[engine.dialect.name]:
            connection.exec_driver_sql(statement)


def found_in(where, head, change):
    """Tamper, and verify."""
    try:
        with engine_of(where).begin() as connection:
            tamper(connection, change)
    except sa.exc.DBAPIError:
        return None  # the database itself refused it: a doubled key
    with open_ledger(where, create=False) as ledger:
        return ledger.verify(head)


@pytest.fixture
def filled(where, fill):
    with open_ledger(where) as ledger:
        fill(ledger)
        head = ledger.head()
        assert ledger.verify(head).entries == ENTRIES
    disarm(where)
    return where, head


@pytest.fixture
def sqlite_filled(tmp_path, fill):
    where = str(tmp_path / "whole.db")
    with open_ledger(where) as ledger:
        fill(ledger)
        head = ledger.head()
    disarm(where)
    return where, head


@pytest.mark.slow
@given(change=tamperings())
@QUIET
def test_any_tampering_is_found(sqlite_filled, change):
    where, head = sqlite_filled
    with tempfile.TemporaryDirectory() as folder:
        copy = str(Path(folder) / "copy.db")
        shutil.copy(where, copy)
        found = found_in(copy, head, change)
    assert found is None or not found.ok


@pytest.fixture
def postgres_filled(server, fill):
    name = server.new_database()
    with open_ledger(server.url(name)) as ledger:
        fill(ledger)
        head = ledger.head()
    disarm(server.url(name))
    return name, head


@pytest.mark.slow
@given(change=tamperings())
@FEW
def test_any_tampering_of_a_server_is_found(server, postgres_filled, change):
    name, head = postgres_filled
    copy = server.new_database(template=name)
    found = found_in(server.url(copy), head, change)
    server.run("dropdb", "-h", server.folder, "-U", "forewarn", copy)
    assert found is None or not found.ok


def test_an_untouched_chain_verifies(filled):
    where, head = filled
    with engine_of(where).begin() as connection:
        write(
            connection,
            2,
            reader=connection.exec_driver_sql(f"SELECT reader FROM {TABLE} WHERE sequence = 2").scalar(),
        )
    with open_ledger(where, create=False) as ledger:
        found = ledger.verify(head)
    assert (found.ok, found.faults, found.since_head) == (True, (), 0)


def run(where, *statements):
    with engine_of(where).begin() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)


def test_a_forged_entry_with_a_fresh_digest_is_found_without_a_head(filled):
    where, _ = filled
    with engine_of(where).begin() as connection:
        tamper(connection, ("forge", 3, 4, "reader", None))
    with open_ledger(where, create=False) as ledger:
        found = ledger.verify()
    assert [problem.where for problem in found.faults] == ["entry 4"]
    assert "does not follow" in found.faults[0].what


def test_a_cut_tail_is_found_by_the_head_alone(filled):
    where, head = filled
    run(where, f"DELETE FROM {TABLE} WHERE sequence > 6")
    with open_ledger(where, create=False) as ledger:
        assert ledger.verify().ok
        assert not ledger.verify(head).ok
        assert "cut off" in str(ledger.verify(head).faults[0])


def test_a_rewritten_chain_is_found_by_the_head_alone(filled, some_incident, tmp_path):
    _, head = filled
    with open_ledger(tmp_path / "other.db") as ledger:
        ledger.add_incident(some_incident())
        assert ledger.verify().ok
        assert not ledger.verify(head).ok


def test_a_cut_redaction_is_found(filled):
    where, _ = filled
    run(where, f"DELETE FROM {TABLE} WHERE sequence > 4")
    with open_ledger(where, create=False) as ledger:
        assert "no redaction says so" in str(ledger.verify().faults)


def test_redacted_words_that_are_put_back_are_found(where, fill, reading):
    with open_ledger(where) as ledger:
        ledger.add_reading(reading)
    engine = engine_of(where)
    with engine.connect() as connection:
        before = connection.exec_driver_sql(f"SELECT body, seals FROM {TABLE} WHERE sequence = 1").one()
    with open_ledger(where) as ledger:
        ledger.redact(1, words=["Ahmad"], reason="asked for")
    disarm(where)
    with engine.begin() as connection:
        write(connection, 1, body=before.body, seals=before.seals)
    with open_ledger(where, create=False) as ledger:
        assert "are back" in str(ledger.verify().faults)


def test_a_chain_built_anew_in_a_database_without_guards_still_has_another_head(filled):
    """Somebody with all rights recomputes every hash: only the head tells."""
    where, head = filled
    with engine_of(where).begin() as connection:
        rows = [
            dict(row)
            for row in connection.exec_driver_sql(f"SELECT * FROM {TABLE} ORDER BY sequence").mappings()
        ]
        connection.exec_driver_sql(f"DELETE FROM {TABLE}")
        previous = GENESIS
        for row in rows:
            new = {**row, "previous": previous, "reader": "forged"}
            new["digest"] = previous = digest_of(new)
            names, marks = ", ".join(COLUMNS), ", ".join(f":{name}" for name in COLUMNS)
            connection.execute(sa.text(f"INSERT INTO {TABLE} ({names}) VALUES ({marks})"), new)
    with open_ledger(where, create=False) as ledger:
        assert ledger.verify().ok
        assert not ledger.verify(head).ok


def test_an_export_verifies_without_the_database(where, fill, tmp_path):
    file = tmp_path / "chain.jsonl"
    with open_ledger(where) as ledger:
        fill(ledger)
        assert export_lines(ledger, file) == ENTRIES
        found = verify_export(file, ledger.head())
        assert (found.ok, found.head, found.entries) == (True, ledger.head(), ENTRIES)


@pytest.mark.parametrize(
    "change",
    [
        lambda lines: [*lines[:3], *lines[4:]],
        lambda lines: [*lines[:3], lines[4], lines[3], *lines[5:]],
        lambda lines: [*lines[:3], lines[3], *lines[3:]],
        lambda lines: lines[:-1],
        lambda lines: [line.replace("clinic", "clinik") for line in lines],
        lambda lines: [line.replace('"time":"2', '"time":"3') for line in lines],
    ],
    ids=["removed", "reordered", "doubled", "cut", "word", "time"],
)
def test_a_changed_export_is_found(tmp_path, fill, change):
    file = tmp_path / "chain.jsonl"
    with open_ledger(tmp_path / "ledger.db") as ledger:
        fill(ledger)
        export_lines(ledger, file)
        head = ledger.head()
    lines = file.read_text(encoding="utf-8").splitlines()
    file.write_text("\n".join(change(lines)) + "\n", encoding="utf-8")
    assert not verify_export(file, head).ok


@pytest.mark.parametrize(
    "text", ["", "{}\n", "no\n", '{"forewarn_ledger":2}\n', '{"forewarn_ledger":1}\n[1]\n', "\x00" * 99]
)
def test_what_is_no_export(tmp_path, text):
    file = tmp_path / "chain.jsonl"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(LedgerError, match="export|empty"):
        verify_export(file)


def test_times_that_run_backwards_are_found(tmp_path, some_incident):
    """A chain that somebody rebuilt with another time in it holds together otherwise."""
    rows, previous = [], GENESIS
    with open_ledger(tmp_path / "ledger.db") as ledger:
        for what in ("first", "second", "third"):
            ledger.add_incident(some_incident(what=what))
        with engine_of(str(tmp_path / "ledger.db")).connect() as connection:
            found = connection.exec_driver_sql(f"SELECT * FROM {TABLE} ORDER BY sequence").mappings()
            rows = [dict(row) for row in found]
    for row, time in zip(rows, ("2026-11-30T10:00:00+00:00", "2026-11-29T10:00:00+00:00", "2026-11-30T10:00:00+00:00"),
                         strict=True):  # fmt: skip
        row |= {"time": time, "previous": previous}
        row["digest"] = previous = digest_of(row)
    faults = verify_rows([], rows).faults
    assert [fault.where for fault in faults] == ["entry 2"]
    assert "before that of an entry before it" in faults[0].what
    rows[1]["time"] = rows[0]["time"]
    rows[1]["digest"] = rows[2]["previous"] = digest_of(rows[1])
    rows[2]["digest"] = digest_of(rows[2])
    assert verify_rows([], rows).ok


def test_a_clock_that_was_set_back_does_not_break_a_ledger(tmp_path, some_incident, monkeypatch):
    class Clock(datetime):
        @classmethod
        def now(cls, zone=None):
            return datetime(next(years), 1, 1, tzinfo=zone)

    years = iter((2026, 2024, 2027))
    monkeypatch.setattr(book, "datetime", Clock)
    with open_ledger(tmp_path / "ledger.db") as ledger:
        times = [ledger.add_incident(some_incident(what=what)).time[:4] for what in ("a", "b", "c")]
        assert times == ["2026", "2026", "2027"]
        assert ledger.verify().ok
