"""One writer of CSV files, one rule for cells that a spreadsheet would run."""

import ast
import csv
import io
from pathlib import Path

import pytest

from forewarn.csvfiles import as_meant, csv_text, harmless

SOURCE = Path(__file__).parents[1] / "src" / "forewarn"
RUN = [
    "=1+1",
    "+A1",
    "-A1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    " =1",
    "a;=1",
    "a|=1",
    "\uff1dA1",
    "\uff0bA1",
    "a,\n=1",
]


@pytest.mark.parametrize("text", RUN)
def test_what_a_spreadsheet_would_run_gets_an_apostrophe(text):
    assert harmless(text) == f"'{text}"
    assert as_meant(harmless(text)) == text


@pytest.mark.parametrize(
    "text", ["Dana", "-12", "+3.5", "1e-9", "-inf", "", "a=b", "Jisr ash-Shugur", "'quoted'", "#place"]
)
def test_what_it_would_not_run_stays(text):
    assert harmless(text) == text
    assert as_meant(text) == text


def test_rows_are_mappings_or_sequences():
    rows = [{"name": "=A", "people": -3, "other": "left out"}, ["Dana", None]]
    assert list(csv.reader(io.StringIO(csv_text(rows, ["name", "people"])))) == [
        ["name", "people"],
        ["'=A", "-3"],
        ["Dana", ""],
    ]


def test_nobody_writes_csv_in_another_way():
    writers = {
        path.relative_to(SOURCE).as_posix()
        for path in SOURCE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and node.attr in ("writer", "DictWriter", "to_csv")
    }
    assert writers == {"csvfiles.py"}
