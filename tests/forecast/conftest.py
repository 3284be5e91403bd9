import importlib.util
from pathlib import Path

import pytest

from forewarn.scenario import load


def _module(path):
    specification = importlib.util.spec_from_file_location("synthetic", path)
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def synthetic():
    return _module(Path(__file__).parent / "synthetic.py")


@pytest.fixture(scope="session")
def crossroads():
    return load("crossroads")
