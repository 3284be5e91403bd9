"""A service on a small scenario, and an application around it."""

from __future__ import annotations

import warnings

import pytest

with warnings.catch_warnings():
    # It wants a successor of httpx, which nothing here needs; said once, when it is imported.
    warnings.filterwarnings("ignore", message="Using `httpx` with `starlette.testclient` is deprecated")
    import starlette.testclient  # noqa: F401

from forewarn.scenario import bundled
from forewarn.web.service import workspace as workspace_module
from forewarn.web.service.service import Service, Settings
from forewarn.web.service.workspace import Workspace

REPORT = """OAKFORD, 1 March 2024. Government forces are preparing a staged offensive on the town of Idlib, a source close to
the army said. The United Nations warned that an assault risks forcing another 700,000 people out of their homes.
Three million people live in the enclave, half of them already displaced. The governor denied that an attack was planned.
"""


@pytest.fixture(scope="session", autouse=True)
def bundled_scenarios_are_read_once():
    """Each workspace reads the bundled scenarios anew, which takes a second; they are frozen and the same for all."""
    read, names = workspace_module.load, {each.name for each in bundled()}
    kept = {}

    def load(where):
        if where not in names:
            return read(where)
        if where not in kept:
            kept[where] = read(where)
        return kept[where]

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(workspace_module, "load", load)
        yield


@pytest.fixture
def workspace(tmp_path):
    made = Workspace(tmp_path / "workspace")
    yield made
    made.close()


@pytest.fixture
def service(tmp_path):
    made = Service(Workspace(tmp_path / "workspace"), Settings(members=100, seed=7, workers=2))
    yield made
    made.close()


@pytest.fixture
def report():
    return REPORT
