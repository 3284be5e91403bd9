import importlib.util
from pathlib import Path

import pytest

from forewarn.scenario import load


@pytest.fixture(scope="session")
def synthetic():
    path = Path(__file__).parents[1] / "forecast" / "synthetic.py"
    specification = importlib.util.spec_from_file_location("synthetic", path)
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def scenario():
    return load("crossroads")


@pytest.fixture(scope="session")
def dataset(synthetic, scenario):
    return synthetic.forecast(scenario, members=24)
