"""Everybody in turn, previews first, and nothing lost that was written down."""

import threading
import time

import pytest

from forewarn.errors import ForewarnError, Problem
from forewarn.web.service.jobs import Jobs
from forewarn.web.service.limits import BusyError, ConcurrencyLimit, ConflictError, NotFoundError, Rates
from forewarn.web.service.pool import Pool


def until(condition, seconds=10.0):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not come to pass"
        time.sleep(0.01)


@pytest.fixture
def pool():
    made = Pool(1)
    yield made
    made.close()


def test_urgent_work_comes_first_and_users_take_turns(pool):
    gate, order = threading.Event(), []
    pool.submit("somebody", gate.wait)
    until(lambda: not pool._queues[1])
    for number in range(3):
        pool.submit("a", order.append, f"a{number}")
    pool.submit("b", order.append, "b0")
    last = pool.submit("b", order.append, "b1")
    urgent = pool.submit("c", order.append, "c0", urgent=True)
    gate.set()
    urgent.result(10)
    last.result(10)
    until(lambda: len(order) == 6)
    assert order == ["c0", "a0", "b0", "a1", "b1", "a2"]


def test_the_shortest_preview_comes_first(pool):
    gate, order = threading.Event(), []
    pool.submit("somebody", gate.wait)
    until(lambda: not pool._queues[1])
    for number in range(4):
        pool.submit("long", order.append, f"long{number}", urgent=True)
    for number in range(2):
        pool.submit("short", order.append, f"short{number}", urgent=True)
    for number in range(2):
        pool.submit("as short", order.append, f"later{number}", urgent=True)
    gate.set()
    until(lambda: len(order) == 8)
    assert order == ["short0", "short1", "later0", "later1", "long0", "long1", "long2", "long3"]


def test_an_error_reaches_whoever_waits_and_the_pool_goes_on(pool):
    with pytest.raises(ZeroDivisionError):
        pool.submit("a", lambda: 1 // 0).result(10)
    assert pool.submit("a", lambda: 2).result(10) == 2


def test_work_that_is_taken_back_is_not_done(pool):
    gate, done = threading.Event(), []
    pool.submit("a", gate.wait)
    until(lambda: not pool._queues[1])
    back = pool.submit("a", done.append, 1)
    assert back.cancel()
    gate.set()
    pool.submit("a", lambda: None).result(10)
    assert done == []


class Slow:
    """Work that goes on until it is let go."""

    def __init__(self):
        self.gate = threading.Event()
        self.started = []

    def __call__(self, running):
        self.started.append(running.job.title)
        while not self.gate.wait(0.01):
            running.progress(1, 2)
        return {"said": running.job.spec["word"]}


@pytest.fixture
def slow():
    return Slow()


def start(jobs, user, title):
    return jobs.start("forecast", title=title, user=user, spec={"word": title})


def test_two_run_and_the_others_wait_in_turn(tmp_path, slow):
    jobs = Jobs(tmp_path, {"forecast": slow})
    first = start(jobs, "a", "a0")
    until(lambda: len(slow.started) == 1)
    start(jobs, "a", "a1")
    until(lambda: len(slow.started) == 2)
    waiting = [
        start(jobs, user, title) for user, title in (("a", "a2"), ("a", "a3"), ("b", "b0"), ("b", "b1"))
    ]
    # b has nothing running, so it comes first; then in turn.
    places = {job.title: jobs.job(job.id).position for job in waiting}
    assert places == {"b0": 1, "b1": 2, "a2": 3, "a3": 4}
    assert jobs.job(first.id).state == "running"
    assert jobs.job(first.id).position == 0
    stopped = jobs.stop(waiting[2].id, user="b")
    assert stopped.state == "stopped"
    assert jobs.job(waiting[3].id).position == 1
    slow.gate.set()
    until(lambda: not any(job.is_active for job in jobs.of_user("a") + jobs.of_user("b")))
    assert jobs.job(first.id).result == {"said": "a0"}
    assert "b0" not in slow.started
    jobs.close()


def test_a_running_job_is_stopped_by_its_user_alone(tmp_path, slow):
    jobs = Jobs(tmp_path, {"forecast": slow})
    job = start(jobs, "a", "a0")
    until(lambda: slow.started)
    with pytest.raises(ConflictError, match="another browser"):
        jobs.stop(job.id, user="b")
    jobs.stop(job.id, user="a")
    until(lambda: jobs.job(job.id).state == "stopped")
    with pytest.raises(ConflictError, match="ended"):
        jobs.stop(job.id, user="a")
    jobs.close()


def test_one_user_cannot_fill_the_queue(tmp_path, slow):
    jobs = Jobs(tmp_path, {"forecast": slow})
    for number in range(5):
        start(jobs, "a", f"a{number}")
    with pytest.raises(BusyError):
        start(jobs, "a", "one more")
    start(jobs, "b", "b0")
    slow.gate.set()
    until(lambda: not any(job.is_active for job in jobs.of_user("a")))
    jobs.close()


def test_failures_say_why(tmp_path, caplog):
    def wrong(running):
        if running.job.title == "theirs":
            raise ForewarnError(Problem("places.csv", "is empty"))
        raise KeyError("ours")

    jobs = Jobs(tmp_path, {"forecast": wrong})
    theirs, ours = start(jobs, "a", "theirs"), start(jobs, "a", "ours")
    until(lambda: not any(job.is_active for job in jobs.of_user("a")))
    assert jobs.job(theirs.id).problems[0]["what"] == "is empty"
    assert "fault of the program" in jobs.job(ours.id).problems[0]["what"]
    assert "ours" in caplog.text
    jobs.close()


def test_what_was_running_is_interrupted_and_can_be_started_again(tmp_path, slow):
    jobs = Jobs(tmp_path, {"forecast": slow})
    names = {start(jobs, "a", f"a{number}").id for number in range(3)}
    until(lambda: len(slow.started) == 2)
    # As after kill -9: nobody tells the files anything.
    after = Jobs(tmp_path, {"forecast": lambda running: {"again": running.job.spec["word"]}})
    assert {job.id for job in after.interrupted()} == names
    again = after.restart(sorted(names)[0], user="b")
    until(lambda: after.job(again.id).state == "done")
    assert after.job(again.id).result["again"] in {"a0", "a1", "a2"}
    with pytest.raises(NotFoundError):
        after.job("0" * 16)
    slow.gate.set()
    jobs.close()
    after.close()


def test_files_that_are_no_jobs_are_passed_over(tmp_path, slow):
    (tmp_path / "0123456789abcdef.json").write_text("{", encoding="utf-8")
    (tmp_path / "fedcba9876543210.json").write_text('{"id": 1}', encoding="utf-8")
    (tmp_path / "..json").write_text("{}", encoding="utf-8")
    jobs = Jobs(tmp_path, {"forecast": slow})
    assert jobs.interrupted() == ()
    jobs.close()


def test_rates_refill():
    rates = Rates(per_minute=60, burst=2)
    assert [rates.take("a", now=0.0) for _ in range(3)] == [0, 0, 1.0]
    assert rates.take("b", now=0.0) == 0
    assert rates.take("a", now=1.0) == 0
    assert rates.take("a", now=1.5) == pytest.approx(0.5)


def test_rates_forget_who_asked_longest_ago():
    rates = Rates(per_minute=1, burst=1, most_known=2)
    assert rates.take("a", now=0.0) == 0
    assert rates.take("b", now=0.0) == 0
    assert rates.take("c", now=0.0) == 0
    assert rates.take("a", now=0.0) == 0


def test_few_work_at_once_few_wait_and_the_others_are_told():
    limit, gate, order = ConcurrencyLimit("reports", at_once=1, waiting=1), threading.Event(), []

    def work(name):
        with limit.slot():
            order.append(name)
            gate.wait(10)

    threads = [
        threading.Thread(target=work, args=("first",)),
        threading.Thread(target=work, args=("second",)),
    ]
    threads[0].start()
    until(lambda: order == ["first"])
    threads[1].start()
    until(lambda: limit._here == 2)
    with pytest.raises(BusyError, match="2 are being read or wait"), limit.slot():
        pass
    assert order == ["first"]
    gate.set()
    for thread in threads:
        thread.join(10)
    assert order == ["first", "second"]
    with limit.slot():
        order.append("third")
    assert limit._here == 0
