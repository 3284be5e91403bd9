"""Scores on IDETECT's training excerpts: floors a little below what is reached (docs/reading.md)."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DATA = ROOT.parent / "shared" / "data" / "reading"


# The scorer, which is not ours, leaves its files to the garbage collector.
@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.reference
@pytest.mark.skipif(not DATA.exists(), reason="../shared is not there")
@pytest.mark.parametrize(
    ("half", "fact", "location", "country"), [("all", 0.875, 0.88, 0.89), ("odd", 0.81, 0.86, 0.85)]
)
def test_scores(half, fact, location, country):
    spec = importlib.util.spec_from_file_location("score_reading", ROOT / "tools" / "score_reading.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    scores, _ = module.score(DATA, half)
    assert scores["fact"][2] >= fact
    assert scores["location~"][2] >= location
    assert scores["country"][2] >= country
