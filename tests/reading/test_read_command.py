"""``forewarn read`` as people run it."""

from __future__ import annotations

import csv
import io
import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from forewarn.cli import main as entry
from forewarn.reading.documents.document import from_text
from forewarn.reading.export.page import page_end, page_start, reading_part
from forewarn.reading.reader import read

ZOO = Path(__file__).parent / "zoo"


@pytest.fixture
def forewarn(monkeypatch, capsys):
    def run(*arguments):
        monkeypatch.setattr("sys.argv", ["forewarn", *map(str, arguments)])
        code = 0
        try:
            entry()
        except SystemExit as stop:
            code = stop.code or 0
        out = capsys.readouterr()
        return code, out.out, out.err

    return run


@pytest.fixture
def note(tmp_path):
    path = tmp_path / "note.txt"
    path.write_text("More than 3,000 people fled Sarmada on Monday, the mayor said.", encoding="utf-8")
    return path


def test_a_table(forewarn, note):
    code, out, _ = forewarn("read", note, "--issued", "2018-09-12")
    assert code == 0
    assert "≥ 3,000" in out
    assert "Sarmada" in out


def test_json_lines(forewarn, note):
    code, out, _ = forewarn("read", note, ZOO / "french.txt", "--format", "jsonl", "--issued", "2018-09-12")
    first, second = map(json.loads, out.splitlines())
    assert code == 0
    assert first["figures"][0]["period"]["earliest"] == "2018-09-10"
    assert second["document"]["language"] == "fr"


def test_csv_into_a_file(forewarn, note, tmp_path):
    path = tmp_path / "out.csv"
    code, out, _ = forewarn("read", note, "--format", "csv", "-o", path)
    (row,) = csv.DictReader(io.StringIO(path.read_text(encoding="utf-8")))
    assert (code, out) == (0, "")
    assert (row["quantifier"], row["reported"], row["term"]) == (
        "more than or equal",
        "3000",
        "forced-to-flee",
    )


def test_bad_documents_are_reported_and_the_others_read(forewarn, note, tmp_path):
    (tmp_path / "bad.txt").write_bytes(b"")
    code, out, err = forewarn("read", tmp_path, "--format", "jsonl")
    assert code == 1
    assert len(out.splitlines()) == 1
    assert "bad.txt: the document is empty" in err


def test_usage(forewarn, note):
    code, _, err = forewarn("read", note, "--issued", "Monday")
    assert code == 2
    assert "not a day" in err


class _Tags(HTMLParser):
    def __init__(self):
        super().__init__()
        self.tags = set()
        self.attributes = set()

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes.update(name for name, _ in attrs)


def test_hostile_text_is_never_markup():
    text = "<script>alert(1)</script> said 900 people fled <img src=x onerror=alert(2)> to Sarmada\" onclick='x'."
    reading = read(from_text(text, name="<b onload=1>"))
    page = page_start("<script>") + reading_part(reading) + page_end()
    found = _Tags()
    found.feed(page)
    assert not found.tags & {"script", "img", "b onload"}
    assert not {name for name in found.attributes if name.startswith("on")}
    shown = re.sub(r"<a [^>]*>[^<]*</a>", "", page.split('<div class="text">')[1].split("</div>")[0])
    assert (
        re.sub(r"<[^>]+>", "", shown)
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", '"')
        .replace("&#x27;", "'")
        .replace("&amp;", "&")
        == reading.document.text
    )


def test_the_page_loads_nothing():
    reading = read(from_text("Some 900 people fled Sarmada.", name="x"))
    page = page_start("x") + reading_part(reading) + page_end()
    assert not re.search(r"""(?:src|href)\s*=\s*["'](?!#)""", page)
    assert "http" not in page.replace("http-equiv", "")


def test_a_ledger_gets_the_readings(forewarn, note, tmp_path):
    ledger = tmp_path / "ledger.db"
    code, _, err = forewarn("read", note, "--format", "csv", "--ledger", ledger)
    assert (code, err) == (0, "")
    code, out, _ = forewarn("ledger", "list", "--ledger", ledger)
    assert code == 0
    assert "note.txt" in out
