"""``forewarn ledger`` as people run it."""

from __future__ import annotations

import csv
import sys

import pytest

from forewarn.cli import main as entry
from forewarn.ledger import open_ledger


@pytest.fixture
def forewarn(monkeypatch, capsys, tmp_path):
    """Run a command of the ledger in a folder of its own: (exit code, standard output, standard error)."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["forewarn", "ledger", *map(str, arguments)])
        code = 0
        try:
            entry()
        except SystemExit as stop:
            code = stop.code or 0
        said = capsys.readouterr()
        assert "Traceback" not in said.out + said.err
        return code, said.out, said.err

    return run


INCIDENT = (
    "--what",
    "Shelling of a clinic",
    "--when",
    "2018-09-06",
    "--place",
    "Millbrook",
    "--source",
    "Radio",
)


def test_from_adding_to_verifying(forewarn, tmp_path, reading, where):
    (tmp_path / "note.jsonl").write_text(reading.model_dump_json() + "\n", encoding="utf-8")
    at = ("--ledger", where)
    assert forewarn("add", "note.jsonl", *at)[1] == "note.jsonl: added as entry 2 (document: entry 1)\n"
    assert "already there as entry 2" in forewarn("add", "note.jsonl", *at)[1]
    assert (
        forewarn(
            "incident", *INCIDENT, "--alleged-responsible", "the army", "--alleged-by", "the council", *at
        )[1]
        == "Added as entry 3\n"
    )
    code, head, _ = forewarn("head", *at)
    assert (code, len(head)) == (0, 65)
    assert forewarn("correct", 3, "--set", "place.name=Oakford", "--reason", "wrong town", *at)[0] == 0
    code, out, _ = forewarn("redact", 1, "--words", "Ahmad Saleh", "--reason", "asked for", *at)
    assert (code, out.count("taken out")) == (0, 2)
    code, out, _ = forewarn("list", *at)
    assert [line.split()[0] for line in out.splitlines()] == list("123456")
    assert "the council says the army is responsible" in out
    assert "Saleh" not in out
    assert [line.split()[0] for line in forewarn("list", "--actor", "council", *at)[1].splitlines()] == ["3"]
    assert "As corrected" in forewarn("show", 3, *at)[1]
    code, out, _ = forewarn("verify", "--head", head.strip(), *at)
    assert code == 0
    assert "3 entries since" in out
    assert forewarn("export", "-o", "all.jsonl", *at)[1] == "all.jsonl: 6 entries\n"
    assert forewarn("verify", "--export", "all.jsonl", "--head", head.strip())[0] == 0
    assert forewarn("export", "-o", "all.csv", "--format", "csv", *at)[1] == "all.csv: 3 rows\n"
    with (tmp_path / "all.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["what"] for row in rows] == ["statement", "statement", "incident"]
    assert rows[0]["source"] == "Commander █████ █████"
    assert rows[2]["place"] == "Oakford"


def test_verification_that_fails(forewarn, tmp_path, some_incident):
    with open_ledger(tmp_path / "ledger.db") as ledger:
        ledger.add_incident(some_incident())
    code, out, err = forewarn("verify", "--head", "ab" * 32)
    assert (code, out) == (1, "")
    assert "cut off, or the chain was written anew" in err


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (("verify",), 1, "no such ledger"),
        (("verify", "--head", "short"), 2, "64 digits"),
        (("list", "--kind", "rumour"), 2, "document, reading"),
        (("list", "--since", "May"), 2, "is not a day"),
        (("correct", "1", "--set", "x", "--reason", "y"), 1, "no such ledger"),
        (("redact", "1", "--reason", "y"), 2, "--span, --field or --words"),
        (("redact", "1", "--span", "a:b", "--reason", "y"), 2, "START:END"),
        (("export", "-o", "x", "--format", "pdf"), 2, "jsonl, csv"),
        (("add", "nothing.json"), 1, "file not found"),
        (("show", "0"), 2, "greater than or equal to 1"),
        (("head", "--ledger", "postgresql://x@/y?host=/nowhere"), 3, "no database"),
    ],
)  # fmt: skip
def test_exit_codes(forewarn, arguments, code, message):
    found, _, err = forewarn(*arguments)
    assert (found, message in err) == (code, True), err


def test_one_bad_file_does_not_stop_the_others(forewarn, tmp_path, reading):
    (tmp_path / "bad.json").write_text("{", encoding="utf-8")
    (tmp_path / "good.json").write_text(reading.model_dump_json(), encoding="utf-8")
    code, out, err = forewarn("add", "bad.json", "good.json")
    assert (code, "good.json: added" in out, "bad.json" in err) == (1, True, True)


def test_a_document_cannot_steer_the_terminal_or_a_spreadsheet(
    forewarn, tmp_path, make_reading, some_incident
):
    with open_ledger(tmp_path / "ledger.db") as ledger:
        ledger.add_reading(make_reading("\x1b[31mred \x9b2J \u202egnp [bold]x[/bold]"))
        ledger.add_incident(some_incident(what="=HYPERLINK(1)"))
    for command in (("list",), ("show", "1")):
        _, out, _ = forewarn(*command)
        assert not set(out) & set("\x1b\x9b\u202e")
    assert "[bold]x[/bold]" in out
    forewarn("export", "-o", "all.csv", "--format", "csv")
    assert ",'=HYPERLINK(1)," in (tmp_path / "all.csv").read_text(encoding="utf-8")
