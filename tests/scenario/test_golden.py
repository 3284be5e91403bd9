"""Each shipped scenario resolves to the explicit form kept beside these tests.

``PYTHONPATH=src python tests/scenario/regenerate.py`` writes the files again.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from forewarn.scenario import bundled, change, dump, load, resolve
from forewarn.scenario.yaml_files import parse


def golden(name: str) -> Path:
    return Path(__file__).parent / "golden" / f"{name}.yaml"


NAMES = [name for name, *_ in bundled()]


@pytest.mark.parametrize("name", NAMES)
def test_a_shipped_scenario_resolves_to_its_golden_file(name):
    assert dump(load(name)) == golden(name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", NAMES)
def test_a_golden_file_is_itself_valid_input(name):
    assert load(golden(name)) == load(name)


def test_a_changed_scenario_does_not_match_its_golden_file():
    changed = change(load("crossroads"), ["model.flight.share_leaving+=0.001"])
    assert dump(changed) != golden("crossroads").read_text(encoding="utf-8")


def test_a_changed_golden_file_does_not_match_its_scenario():
    text = golden("crossroads").read_text(encoding="utf-8")
    changed = resolve(parse(text.replace("km: 30", "km: 31"), "changed"))
    assert changed != load("crossroads")


def test_bundled_scenarios_are_listed_with_title_and_day():
    assert ("crossroads", "The crossroads (teaching example)") in [entry[:2] for entry in bundled()]
    assert all(load(entry.name).issued == entry.issued for entry in bundled())
