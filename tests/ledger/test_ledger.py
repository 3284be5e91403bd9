"""What can be entered, corrected, taken out and found again, on both databases."""

from __future__ import annotations

import subprocess
import sys
from datetime import date

import pytest
import sqlalchemy as sa

from forewarn.ledger import GENESIS, LedgerError, add_incident, add_reading, ledger_head, open_ledger

WRITER = """
import sys
from forewarn.ledger import make_incident, open_ledger
with open_ledger(sys.argv[1]) as ledger:
    for number in range(12):
        ledger.add_incident(make_incident(what=f"{sys.argv[2]} {number}", when={"words": "May"},
            place={"name": "Millbrook"}, sources=("Radio",)))
"""


def raw(where):
    """Everything that the database holds in its rows, as text."""
    url = where.replace("postgresql://", "postgresql+psycopg://") if "://" in where else f"sqlite:///{where}"
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.connect() as connection:
        return "\n".join(
            str(tuple(row)) for row in connection.exec_driver_sql("SELECT * FROM forewarn_entries")
        )


def test_an_empty_ledger(ledger):
    assert (ledger.head(), list(ledger.entries()), ledger.verify().ok) == (GENESIS, [], True)
    assert ledger.verify(GENESIS).ok


def test_a_reading_comes_back_as_it_was(where, reading):
    entry, is_new = add_reading(where, reading)
    assert is_new
    with open_ledger(where, create=False) as ledger:
        assert [each.kind for each in ledger.entries()] == ["document", "reading"]
        assert ledger.reading(entry.sequence) == reading
        assert entry.document == reading.document.sha256
        assert entry.about == 1


def test_the_same_reading_is_entered_once(ledger, reading, make_reading):
    first, _ = ledger.add_reading(reading)
    assert ledger.add_reading(reading) == (first, False)
    newer, is_new = ledger.add_reading(make_reading(reader="test 2"))
    assert is_new
    assert [each.kind for each in ledger.entries()] == ["document", "reading", "reading"]
    assert newer.about == first.about == 1


def test_the_words_of_a_document_stand_in_it_alone(ledger, reading):
    entry, _ = ledger.add_reading(reading)
    assert "Commander" not in str(entry.body)
    assert "Commander" in ledger.entry(1).body["text"]


def test_a_span_that_is_not_in_the_text_is_refused(ledger, reading):
    wrong = reading.places[0].model_copy(
        update={"span": reading.places[0].span.model_copy(update={"text": "Oak"})}
    )
    with pytest.raises(LedgerError, match="not what stands in the text"):
        ledger.add_reading(reading.model_copy(update={"places": (wrong,)}))
    assert ledger.head() == GENESIS


def test_odd_text_comes_back(ledger, make_reading):
    odd = "\u0000 \ud800 = \u202e ليبيا \N{FULL BLOCK} \U0001f600  <script>\r\n\t' OR 1=1; --\u00a0"
    made = make_reading(odd)
    entry, _ = ledger.add_reading(made)
    assert ledger.reading(entry.sequence) == made
    assert ledger.verify(ledger.head()).ok


def test_a_correction_leaves_the_old_entry(where, some_incident):
    add_incident(where, some_incident())
    with open_ledger(where) as ledger:
        before = ledger.entry(1)
        ledger.correct(
            1, {"place.name": "Oakford", "when": "2018-09"}, reason="wrong town", source="the council"
        )
        assert ledger.entry(1) == before
        now = ledger.current(1)
        assert now["place"]["name"] == "Oakford"
        assert (now["when"]["earliest"], now["when"]["latest"]) == ("2018-09-01", "2018-09-30")
        assert [each.kind for each in ledger.about(1)] == ["correction"]
        assert ledger.verify().ok


@pytest.mark.parametrize(
    ("entry", "changes", "message"),
    [
        (3, {}, "nothing to correct"),
        (3, {"place.nam": "x"}, "Did you mean 'name'"),
        (3, {"sources.7": "x"}, "a number below 1"),
        (3, {"what.more": "x"}, "nothing below a value"),
        (3, {"status": "corroborated"}, "at least two independent sources"),
        (3, {"status": "certain"}, "status"),
        (3, {"alleged_by": ""}, "somebody who makes it"),
        (3, {"place.lat": 10.123456}, "too exact"),
        (3, {"what": 7}, "a number"),
        (3, {"note": "write to a.b@example.org"}, "an e-mail address"),
        (4, {"reason": "x"}, "Correct entry 3"),
        (5, {"reason": "x"}, "Correct entry 1"),
        (1, {"text": "x"}, "was redacted"),
        (99, {"what": "x"}, "entry 99"),
        (2**70, {"what": "x"}, "not in"),
    ],
)
def test_corrections_that_do_not_fit(ledger, fill, entry, changes, message):
    fill(ledger)
    head = ledger.head()
    with pytest.raises(LedgerError, match=message):
        ledger.correct(entry, changes, reason="because")
    assert ledger.head() == head


def test_redaction_takes_the_words_and_keeps_the_hashes(where, reading):
    with open_ledger(where) as ledger:
        ledger.add_reading(reading)
        before = [ledger.entry(1), ledger.entry(2)]
        head = ledger.head()
        start = reading.document.text.index("Ahmad")
        made = ledger.redact(1, spans=[(start, start + len("Ahmad Saleh"))], reason="asked for by a relative")
        assert [each.about for each in made] == [1, 2]
        after = [ledger.entry(1), ledger.entry(2)]
        assert [each.digest for each in after] == [each.digest for each in before]
        assert after[0].body["text"].startswith("Commander █████ █████ said")
        left = ledger.reading(2)
        assert left.actors[0].name == "█████ █████"
        assert left.statements[0].source.text == ""
        assert left.figures[0].quantity_span.text == "more than 3,000"
        assert left.actors[1] == reading.actors[1]
        assert ledger.verify(head).since_head == len(made)
        assert ledger.verify(head).ok
    assert "saleh" not in raw(where).casefold()
    assert "Commander" in raw(where)


def test_redacted_words_are_not_in_the_file(tmp_path, reading):
    path = tmp_path / "ledger.db"
    with open_ledger(path) as ledger:
        ledger.add_reading(reading)
        assert b"Saleh" in path.read_bytes()
        ledger.redact(1, words=["ahmad  saleh"], reason="asked for")
    assert b"saleh" not in path.read_bytes().lower()
    assert list(tmp_path.iterdir()) == [path]


def test_redacted_words_are_not_in_the_tables_of_the_server(server, make_reading):
    name = server.new_database()
    with open_ledger(server.url(name)) as ledger:
        ledger.add_reading(make_reading("The word Xylophonist stands here."))
        checkpoint = ("-h", server.folder, "-U", "forewarn", "-c", "CHECKPOINT", name)
        server.run("psql", *checkpoint)
        files = server.folder / "data" / "base"

        def held():
            return [
                each for each in files.rglob("*") if each.is_file() and b"Xylophonist" in each.read_bytes()
            ]

        assert held()
        ledger.redact(1, words=["Xylophonist"], reason="asked for")
        server.run("psql", *checkpoint)
        assert not held()


def test_a_redacted_document_does_not_come_back(ledger, reading, make_reading):
    ledger.add_reading(reading)
    ledger.redact(1, words=["Saleh"], reason="asked for")
    for again in (reading, make_reading(reader="test 2")):
        with pytest.raises(LedgerError, match="redacted as entry 1"):
            ledger.add_reading(again)


def test_redaction_of_fields_reaches_corrections(ledger, some_incident):
    ledger.add_incident(some_incident())
    ledger.correct(1, {"alleged_by": "the clinic's director"}, reason="not the council")
    made = ledger.redact(1, fields=["alleged_by", "place.lat"], reason="at risk")
    assert [each.about for each in made] == [1, 2]
    assert ledger.entry(1).body["alleged_by"] == "███ ███████"
    assert ledger.entry(1).body["place"]["lat"] is None
    assert "director" not in str(ledger.entry(2).body)
    assert ledger.current(1)["alleged_by"] == "███ ████████ ████████"
    assert ledger.verify().ok


def test_redacting_twice(ledger, reading):
    ledger.add_reading(reading)
    ledger.redact(1, words=["Ahmad"], reason="asked for")
    ledger.redact(1, spans=[(0, 12)], reason="asked for again")
    assert ledger.entry(1).body["text"].startswith("█████████ █████ Saleh")
    assert ledger.verify().ok


@pytest.mark.parametrize(
    ("entry", "options", "message"),
    [
        (5, {"fields": ["reason"]}, "a redaction"),
        (1, {"spans": [(5, 5)]}, "outside the text"),
        (1, {"spans": [(0, 10**6)]}, "outside the text"),
        (3, {"spans": [(0, 1)]}, "it has no spans"),
        (1, {"words": ["Rumpelstiltskin"]}, "do not stand in it"),
        (1, {"words": [" "]}, "do not stand in it"),
        (3, {"fields": ["nope"]}, "no such field"),
        (3, {}, "nothing to redact"),
        (3, {"words": ["Millbrook"], "reason": "Millbrook is secret"}, "repeats words"),
        (3, {"words": ["clinic"], "reason": ""}, "characters"),
        (3, {"words": ["clinic"], "reason": "ask +41 22 555 01 00"}, "a telephone number"),
    ],
)
def test_redactions_that_do_not_fit(ledger, fill, entry, options, message):
    fill(ledger)
    head = ledger.head()
    with pytest.raises(LedgerError, match=message):
        ledger.redact(entry, **{"reason": "asked for", **options})
    assert ledger.head() == head


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({}, [1, 2, 3, 4, 5, 6, 7, 8]),
        ({"kind": "incident"}, [3]),
        ({"actor": "COUNCIL"}, [3]),
        ({"actor": "mayor"}, [2]),
        ({"place": "mill"}, [2, 3]),
        ({"place": "oakford"}, [4, 7]),
        ({"since": date(2018, 9, 7)}, [7]),
        ({"until": date(2018, 9, 4)}, [2]),
        ({"since": date(2018, 9, 6), "until": date(2018, 9, 6), "place": "Millbrook"}, [3]),
    ],
)
def test_filters(ledger, fill, wanted, found):
    fill(ledger)
    assert [each.sequence for each in ledger.entries(**wanted)] == found


def test_contact_details_are_refused_or_masked(where, make_reading):
    text = "The camp is full. Contact: press@agency.example or +41 22 555 01 00. Some 700,000 people fled."
    with open_ledger(where) as ledger:
        with pytest.raises(LedgerError) as refused:
            ledger.add_reading(make_reading(text))
        assert {problem.what for problem in refused.value.problems} == {
            "an e-mail address",
            "a telephone number",
        }
        assert "press@" not in str(refused.value)
        assert ledger.head() == GENESIS
        entry, _ = ledger.add_reading(make_reading(text), mask_contacts=True)
        assert ledger.reading(entry.sequence).document.text == (
            "The camp is full. Contact: ████████████████████ or ███ ██ ███ ██ ███ Some 700,000 people fled."
        )
        assert ledger.verify().ok
        assert ledger.add_reading(make_reading(text), mask_contacts=True) == (entry, False)
    assert "press@" not in raw(where)


def test_an_incident_may_not_say_where_somebody_is(ledger, some_incident):
    with pytest.raises(LedgerError, match="exact coordinates"):
        ledger.add_incident(some_incident(note="He hides at 35.93061, 36.63391"))
    ledger.add_incident(some_incident(note="Near 35.9, 36.6"))


def test_two_writers_do_not_fork_the_chain(where):
    writers = [subprocess.Popen([sys.executable, "-c", WRITER, where, name]) for name in ("one", "two")]
    assert [writer.wait() for writer in writers] == [0, 0]
    with open_ledger(where, create=False) as ledger:
        found = ledger.verify(ledger_head(where))
        assert (found.ok, found.entries) == (True, 24)
        said = [entry.body["what"] for entry in ledger.entries()]
    assert sorted(said) == sorted(f"{name} {number}" for name in ("one", "two") for number in range(12))


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM forewarn_entries WHERE sequence = 2",
        "DELETE FROM forewarn_entries",
        "UPDATE forewarn_entries SET body = '{}' WHERE sequence = 3",
        "UPDATE forewarn_entries SET time = 'x' WHERE sequence = 1",
    ],
)
def test_the_database_refuses_changes(where, fill, statement):
    with open_ledger(where) as ledger:
        fill(ledger)
    url = where.replace("postgresql://", "postgresql+psycopg://") if "://" in where else f"sqlite:///{where}"
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.connect() as connection, pytest.raises(sa.exc.DBAPIError, match="append-only"):
        connection.exec_driver_sql(statement)


def test_a_body_that_is_too_large_or_no_json(ledger):
    with pytest.raises(LedgerError, match="at most 4,194,304 bytes"):
        ledger.add_run({"text": "x" * 5 * 2**20})
    with pytest.raises(LedgerError, match="not JSON"):
        ledger.add_run({"number": float("nan")})
    with pytest.raises(LedgerError, match="not JSON"):
        ledger.add_run({"day": date(2018, 9, 6)})
    with pytest.raises(LedgerError, match="keys that are not text"):
        ledger.add_run({1: 2})
    deep = {}
    for _ in range(2000):
        deep = {"a": deep}
    with pytest.raises(LedgerError, match="nested deeper"):
        ledger.add_run(deep)
    assert ledger.head() == GENESIS
