import importlib.util
from pathlib import Path

import pytest

from forewarn.scenario import load


def _module(name):
    path = Path(__file__).parent / f"{name}.py"
    specification = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def synthetic():
    return _module("synthetic")


@pytest.fixture(scope="session")
def star():
    """A town under attack in the middle of others."""
    return _module("star")


@pytest.fixture(scope="session")
def crossroads():
    return load("crossroads")
