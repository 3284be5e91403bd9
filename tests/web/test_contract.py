"""The interface against its own description: whatever is sent, no fault of the program."""

import itertools
import time
from collections import Counter

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from forewarn.scenario import dump, load
from forewarn.web.api.guard import Access
from forewarn.web.service import evidence, jobs
from forewarn.web.service.passwords import LocalToken
from forewarn.web.service.service import Service, Settings
from forewarn.web.service.workspace import Workspace
from tests.web.doors import app_of, sessions_of

pytestmark = pytest.mark.slow

BOUNDED = settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


class Signed:
    """An application, somebody who is signed in, and things that are there to be asked for."""

    def __init__(self, service):
        token = LocalToken()
        self.service = service
        self.sessions = sessions_of(service, token)
        self.app = app_of(service, Access(sessions=self.sessions, requests_per_minute=10**6, burst=10**6))
        self.headers = {"Host": "127.0.0.1", "Authorization": f"Bearer {token.token}"}
        self.document = dump(load("crossroads"))
        self.outlook, self.update = self.finished("outlook"), self.finished("update")
        self.finished("forecast")
        # What jobs do is tested elsewhere; hundreds of them would keep every answer waiting.
        service.jobs._work = dict.fromkeys(service.jobs._work, lambda running: {})
        service.workspace.entries()
        self.turns = itertools.count()
        self.codes = Counter()

    def finished(self, kind):
        counts = "date,place,measure,people,error\n2024-03-14,anywhere,displaced,3000,0.1"
        start = getattr(self.service, f"start_{kind}")
        job = start("crossroads", *([counts] if kind == "update" else []), user="address testclient")
        while self.service.jobs.job(job.id).is_active:
            time.sleep(0.05)
        assert self.service.jobs.job(job.id).state == "done"
        return job.id

    def there(self, case):
        """Give what the path names, as it is now: a deletion has taken the last one away."""
        path, deletes = case.path, case.method == "DELETE"
        if path.startswith("/api/scenarios/{name}"):
            saved = (
                self.service.import_file(self.document.encode(), "scenario.yaml").id
                if deletes
                else "crossroads"
            )
            return {"name": saved}
        if path.startswith("/api/ledger/entries/{number}"):
            return {"number": 1}
        if path.startswith("/api/sessions/{session}"):
            self.sessions.open("this machine", address="", browser="")
            return {"session": self.sessions.listed()[0].id}
        if path.startswith("/api/jobs/{job}") and deletes:
            return {"job": self.service.start_outlook("crossroads", user="address 127.0.0.1").id}
        job = self.update if path.startswith("/api/updates") else self.outlook
        return {"job": job, "file": "brief.pdf"}

    def call(self, case):
        # Every twentieth asks for whatever the generator thought of.
        if next(self.turns) % 20:
            known = self.there(case)
            case.path_parameters = {name: known[name] for name in case.path_parameters}
        response = case.call(headers=self.headers, timeout=120)
        self.codes[response.status_code] += 1
        return response


@pytest.fixture(scope="module")
def signed(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patched:
        for name in ("MOST_QUEUED", "MOST_QUEUED_IN_ALL"):
            patched.setattr(jobs, name, 10**6)
        workspace = Workspace(tmp_path_factory.mktemp("workspace"))
        service = Service(workspace, Settings(members=50, seed=7, workers=2))
        found = Signed(service)
        answer = found.service.read_report("OAKFORD, 1 March 2024. Ten people fled.", "report", issued=None)
        evidence.enter(workspace.ledger, answer)
        yield found
        service.close()


def operations(signed):
    import schemathesis  # slow to import

    schema = schemathesis.openapi.from_asgi("/api/openapi.json", signed.app, headers=signed.headers)
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


def test_no_fault_of_the_program_for_somebody_who_is_signed_in(signed):
    found = {f"{each.method} {each.path}": check(each, signed.call) for each in operations(signed)}
    assert len(found) >= 30
    assert all(found.values()), found
    # Not everything is refused: the other half of the promise.
    in_all = signed.codes.total()
    assert signed.codes[401] == signed.codes[403] == 0
    assert signed.codes[404] + signed.codes[429] < in_all / 10, signed.codes
    assert sum(count for code, count in signed.codes.items() if code < 300) > in_all / 4, signed.codes
    unanswered = [name for name, codes in found.items() if not codes & {200, 201, 202, 204}]
    assert len(unanswered) < len(found) / 4, unanswered


def test_a_fault_is_noticed(signed):
    @signed.app.get("/api/broken/{number}")
    def broken(number: int) -> int:
        return 1 // (number * 0)

    (operation,) = (each for each in operations(signed) if each.path.startswith("/api/broken"))
    with pytest.raises((AssertionError, ZeroDivisionError)):
        check(operation, lambda case: case.call(headers=signed.headers))
