"""The simulation gets ready in the background, and says so until it is."""

import logging
import threading
import time

import pytest

from forewarn.forecast.readiness import get_ready
from forewarn.web.service.readiness import COMPILING, LOADING, Readiness


def until(condition, seconds=10.0):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not come to pass"
        time.sleep(0.01)


@pytest.mark.parametrize(("short", "said"), [(True, LOADING), (False, COMPILING)])
def test_it_says_what_is_waited_for_until_it_is_done(short, said):
    gate = threading.Event()
    readiness = Readiness(lambda: gate.wait(10), is_short=lambda: short)
    assert readiness.said == ""
    assert readiness.start() == readiness.said == said
    gate.set()
    until(lambda: readiness.said == "")


def test_it_begins_once():
    gate, begun = threading.Event(), []
    readiness = Readiness(lambda: begun.append(1) or gate.wait(10), is_short=lambda: True)
    assert [readiness.start() for _ in range(3)] == [LOADING] * 3
    gate.set()
    until(lambda: not readiness.said)
    assert begun == [1]


def test_a_failure_is_logged_and_stops_nobody(caplog):
    readiness = Readiness(lambda: 1 // 0, is_short=lambda: True)
    with caplog.at_level(logging.ERROR):
        readiness.start()
        until(lambda: not readiness.said)
    assert "Getting ready failed" in caplog.text


def test_getting_ready_runs_the_simulation(monkeypatch):
    from forewarn.forecast import readiness

    ran = []
    run = readiness.run_members
    monkeypatch.setattr(readiness, "run_members", lambda *given: ran.append(run(*given)) or ran[-1])
    get_ready()
    assert ran[0]["movements"].sum() > 0
