"""How the tests are collected, and shared among processes that run at the same time."""

import gc
import os
from collections.abc import Generator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock
from xdist.scheduler import LoadScopeScheduling

ROOT = Path(__file__).parent

# What the tests of a folder simulate. Each of the two is compiled once for all processes: it takes most of a
# minute.
SIMULATE = {
    **dict.fromkeys(("browser", "forecast", "outlook", "web"), ("scenarios",)),
    **dict.fromkeys(("flee", "hindcast", "kernel"), ("scenarios", "Flee")),
    "twin_flee": ("Flee",),
}
# What takes longest begins first, and what simulates alternates with what does not: while one process
# compiles, the other has something to do.
FIRST = (
    "tests/web/test_pages.py",
    "tests/reading",
    "tests/browser",
    "tests/drafting",
    "tests/hindcast",
    "tests/ledger",
    "tests/outlook",
    "tests/flee",
)
# Files that share what is costly to make run in one process. All others: each file in one.
TOGETHER = {
    "tests/browser/test_accessibility.py": "pages in a browser",
    "tests/browser/test_page_in_browser.py": "pages in a browser",
}


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix() if path.is_relative_to(ROOT) else path.as_posix()


def _turn(name: str) -> int:
    return next((turn for turn, begin in enumerate(FIRST) if name.startswith(begin)), len(FIRST))


@pytest.hookimpl(wrapper=True)
def pytest_collect_file(
    file_path: Path,
) -> Generator[None, list[pytest.Collector], list[pytest.Collector]]:
    """Look for examples only in modules of the program that have some: importing all takes seconds."""
    collectors = yield
    if file_path.is_relative_to(ROOT / "src") and b">>>" in file_path.read_bytes():
        return collectors
    return [each for each in collectors if type(each).__name__ != "DoctestModule"]


def pytest_collection(session: pytest.Session) -> None:
    """Look for no garbage while modules are imported and tests are made: nearly all of it stays."""
    if session.config.getoption("dist", "no") == "no":  # else others collect
        gc.disable()


def pytest_collection_finish() -> None:
    """Look for garbage again."""
    gc.enable()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Order the files."""
    items.sort(key=lambda item: _turn(_name(item.path)))


class ByFile(LoadScopeScheduling):
    """Give the tests of a file to one process, in their order."""

    def _split_scope(self, nodeid: str) -> str:
        name = nodeid.partition("::")[0]
        return "examples" if name.startswith("src/") else TOGETHER.get(name, name)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByFile:  # noqa: ANN401
    """Share the tests among processes by file, the files in our order and not by their numbers of tests."""
    config.option.loadscopereorder = False
    return ByFile(config, log)


def _get_flee_ready() -> None:
    from forewarn.flee.running import run
    from tests.twin_flee.worlds import random_case

    run(random_case(5, days=2).world(), members=1, seed=1)


@cache
def _compile(simulation: str) -> None:
    """Compile a simulation, or load it; another process that does so meanwhile is waited for."""
    from forewarn.forecast.readiness import get_ready
    from forewarn.kernel.compiling import CACHE_FOLDER

    work = {"scenarios": get_ready, "Flee": _get_flee_ready}[simulation]
    Path(CACHE_FOLDER).mkdir(parents=True, exist_ok=True)
    with FileLock(Path(CACHE_FOLDER) / f"{simulation}.lock"):
        work()


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Have a simulation compiled before the first test that runs it."""
    if "PYTEST_XDIST_WORKER" in os.environ:
        for folder in SIMULATE.keys() & set(_name(item.path).split("/")):
            for simulation in SIMULATE[folder]:
                _compile(simulation)
