"""Flee's own conflicts: with its faults, the error Flee has (../shared/data/flee/reference.csv)."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from forewarn.flee.settings import read_settings

DATA = Path(__file__).parents[3] / "shared" / "data" / "flee"
CASES = (
    "burundi2015", "car2013", "mali2012", "ssudan2013", "syria2013", "nigeria2016",
    "tigray2020", "ssudan2016", "nigeria2022_adm2", "mali2017_adm1",
)  # fmt: skip
pytestmark = [
    pytest.mark.reference,
    pytest.mark.skipif(not DATA.is_dir(), reason="needs ../shared/data/flee"),
]


@pytest.mark.slow
@pytest.mark.parametrize("name", CASES)
def test_error_is_that_of_flee(tool, name):
    with (DATA / "reference.csv").open() as file:
        expected = {row["conflict"]: float(row["flee_ard_rescaled"]) for row in csv.DictReader(file)}
    result, counts = tool.members_of(DATA / name, read_settings(DATA / "modern125.yml"), members=10)
    assert tool.rescaled_error(result, counts) == pytest.approx(expected[name], abs=0.02)
