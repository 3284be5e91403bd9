"""Examples in docstrings are sought only in the program's modules that have some."""

from collections.abc import Generator
from pathlib import Path

import pytest

SOURCE = Path(__file__).parent / "src"


@pytest.hookimpl(wrapper=True)
def pytest_collect_file(file_path: Path) -> Generator[None, list[pytest.Collector], list[pytest.Collector]]:
    """Leave out modules whose import would find no example: to import all costs every run seconds."""
    collectors = yield
    if file_path.is_relative_to(SOURCE) and b">>>" in file_path.read_bytes():
        return collectors
    return [each for each in collectors if type(each).__name__ != "DoctestModule"]
