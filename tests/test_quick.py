"""Which tests `make quick` takes to belong to an edit."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def quick():
    spec = importlib.util.spec_from_file_location("quick", ROOT / "tools" / "quick.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("edited", "tests"),
    [
        ("src/forewarn/ledger/book.py", {"tests/ledger", "src/forewarn/ledger/book.py"}),
        ("src/forewarn/sphere.py", {"tests/test_sphere.py", "src/forewarn/sphere.py"}),
        ("src/forewarn/data/skill/summary.csv", {"tests/test_skill_page.py"}),
        ("tests/ledger/conftest.py", {"tests/ledger"}),
        ("tests/ledger/test_sealing.py", {"tests/ledger/test_sealing.py"}),
        ("docs/ledger.md", set()),
        ("src/forewarn/gone/away.py", set()),
    ],
)
def test_tests_of_an_edit(quick, edited, tests):
    assert set(quick.chosen([edited], [])) == {*tests, *quick.ALWAYS}


def test_a_room_is_taken_whole(quick):
    found = quick.chosen(["tests/ledger/test_sealing.py", "src/forewarn/ledger/book.py"], ["ledger"])
    assert set(found) == {"tests/ledger", "src/forewarn/ledger", *quick.ALWAYS}


def test_what_is_named_is_there(quick):
    assert [each for each in (*quick.ALWAYS, *quick.BESIDE.values()) if not (ROOT / each).exists()] == []


def test_a_room_that_is_not_there_is_an_error(quick, capsys):
    assert quick.main(["nowhere"]) == 2
    assert "nowhere" in capsys.readouterr().err
