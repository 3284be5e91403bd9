"""The interface against its own description: whatever is sent, no fault of the program."""

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings

from forewarn.web.app import make_api
from forewarn.web.service.service import Service, Settings
from forewarn.web.service.workspace import Workspace

pytestmark = pytest.mark.slow

BOUNDED = settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    service = Service(
        Workspace(tmp_path_factory.mktemp("workspace")), Settings(members=50, seed=7, workers=2)
    )
    yield make_api(service)
    service.close()


def operations(app):
    schema = schemathesis.openapi.from_asgi("/api/openapi.json", app)
    return [result.ok() for result in schema.get_all_operations()]


def check(operation, call):
    """Send what the description allows, and what comes near it."""
    seen = set()

    @given(case=operation.as_strategy())
    @BOUNDED
    def sent(case):
        response = call(case)
        seen.add(response.status_code)
        assert response.status_code < 500, response.text
        if response.status_code >= 400 and response.status_code != 405:
            assert response.json()["problems"]

    sent()
    return seen


def test_no_fault_of_the_program(app):
    found = {f"{each.method} {each.path}": check(each, lambda case: case.call()) for each in operations(app)}
    assert len(found) >= 24
    assert all(found.values()), found
    # Not everything is refused: the other half of the promise.
    assert any(codes & {200, 201, 202} for codes in found.values())


def test_a_fault_is_noticed(app):
    @app.get("/api/broken/{number}")
    def broken(number: int) -> int:
        return 1 // (number * 0)

    (operation,) = (each for each in operations(app) if each.path.startswith("/api/broken"))
    with pytest.raises((AssertionError, ZeroDivisionError)):
        check(operation, lambda case: case.call())
