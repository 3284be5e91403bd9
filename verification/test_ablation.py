"""Every part of the model does something, in the direction that its definition demands."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest

MEMBERS = 24


def _tool():
    path = Path(__file__).parents[1] / "tools" / "ablation.py"
    specification = importlib.util.spec_from_file_location("ablation", path)
    module = importlib.util.module_from_spec(specification)
    sys.modules["ablation"] = module  # dataclasses look their module up
    specification.loader.exec_module(module)
    return module


ablation = _tool()


@pytest.mark.slow
@pytest.mark.parametrize("switch", ablation.SWITCHES, ids=lambda switch: switch.what)
def test_a_switch_changes_the_output_in_its_direction(switch):
    found = ablation.effect(switch, MEMBERS)
    assert found.members_changed > 0
    assert found.median < 0 if switch.direction == ablation.LOWER else found.median > 0


def test_a_switch_that_is_off_already_changes_nothing():
    switch = ablation.Switch(
        "nothing",
        "staged",
        ablation._always("model.fear.intensity*=1"),
        "movements",
        ablation._last("movements"),
        "lower",
    )
    assert ablation.effect(switch, 2).members_changed == 0
