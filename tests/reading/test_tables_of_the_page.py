"""The tables of docs/reading.md about our own corpus say what its stored scores say."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "reading.md"


@pytest.fixture(scope="module")
def maker():
    spec = importlib.util.spec_from_file_location("maker", ROOT / "tools" / "make_reading_tables.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_page_follows_from_the_stored_scores(maker):
    page = PAGE.read_text(encoding="utf-8")
    assert maker.page(page, maker.stored()) == page, "run make skill"


def test_another_score_makes_another_page(maker):
    scores = maker.stored()
    scores["figures"]["two people"]["figures"] = "12.3"
    page = PAGE.read_text(encoding="utf-8")
    assert "| 83.0 | 12.3 |" in maker.page(page, scores)


def test_a_column_that_is_scored_stands_before_the_two_people(maker):
    scores = maker.stored()
    found = {row: "50.0" for rows in maker.ROWS.values() for names in rows.values() for row in names}
    maker.add(scores, "held, 1 Dec", found)
    maker.add(scores, "held, 30 Nov", {**found, "figures": "51.0"})
    page = maker.page(PAGE.read_text(encoding="utf-8"), scores)
    assert "| held, 24 Nov | held, 30 Nov | held, 1 Dec | two people |" in page
    assert "| 51.0 | 50.0 | 96.0 |" in page


def test_stored_scores_are_written_as_they_were_read(maker, tmp_path, monkeypatch):
    before = maker.SCORES.read_bytes()
    scores = maker.stored()
    monkeypatch.setattr(maker, "SCORES", tmp_path / "scores.csv")
    maker.store(scores)
    assert maker.SCORES.read_bytes() == before
