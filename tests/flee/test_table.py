"""The table of directories in docs/flee.md is what tools/make_flee_table.py gives."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DATA = ROOT.parent / "shared" / "data"


@pytest.fixture(scope="module")
def tool():
    spec = importlib.util.spec_from_file_location("make_flee_table", ROOT / "tools" / "make_flee_table.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_a_directory_runs_or_is_refused_with_the_first_reason(tool, make):
    assert tool.row(make()) == "| small | runs | no notes |\n"
    refused = make({"source_data/c.csv": "2020-01-01,-4\n"})
    assert tool.row(refused) == (
        "| small | refused | source_data/c.csv, line 1: '-4' is not a number of people in 'C' |\n"
    )


@pytest.mark.reference
@pytest.mark.skipif(not DATA.is_dir(), reason="needs ../shared/data")
def test_the_page_holds_the_table(tool):
    page = (ROOT / "docs" / "flee.md").read_text(encoding="utf-8")
    assert tool.on_page(page) == tool.table([DATA / "flee", DATA / "flee-wild"])
