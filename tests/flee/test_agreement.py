"""Flee's own conflicts: with its faults, the error Flee has (../shared/data/flee/reference.csv)."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from forewarn.flee.counts import read_counts
from forewarn.flee.reading import read_directory
from forewarn.flee.running import make_world, run
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


def rescaled_ard(name, settings):
    directory = read_directory(DATA / name)
    counts = read_counts(directory, settings, faults=True)
    present = run(make_world(directory, counts, settings, faults=True), members=10, seed=1).present
    there = present[:, :, [directory.names.index(camp) for camp in counts.camps]].astype(float)
    registered = counts.people.sum(axis=1)
    scale = registered / np.maximum(there.sum(axis=2), 1)
    missed = np.abs(there * scale[:, :, None] - counts.people).sum(axis=2)
    return float((missed / np.maximum(registered, 1)).mean())


@pytest.mark.slow
@pytest.mark.parametrize("name", CASES)
def test_error_is_that_of_flee(name):
    with (DATA / "reference.csv").open() as file:
        expected = {row["conflict"]: float(row["flee_ard_rescaled"]) for row in csv.DictReader(file)}
    assert rescaled_ard(name, read_settings(DATA / "modern125.yml")) == pytest.approx(
        expected[name], abs=0.02
    )
