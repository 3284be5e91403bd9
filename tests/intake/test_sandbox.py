"""The box: plain data in and out, and nothing else, within limits."""

import datetime
import os
import pickle
import socket
import sys
import threading

import pytest

from forewarn.errors import ForewarnError, Problem, ScenarioError, nearest
from forewarn.intake import Limits, isolated, sandbox
from forewarn.intake.messages import receive, send
from forewarn.intake.sandbox import BrokenLimitError, Child

SHORT = Limits(processor_seconds=1.0, memory_bytes=2**29, wall_seconds=10.0)
LINUX = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="limits of Linux")


def ask(box, function, *arguments, limits=SHORT, name="file.bin"):
    return box.call(function, arguments, {"name": name}, limits)


@pytest.mark.parametrize(
    "value",
    [
        "text",
        b"\0bytes",
        [1, 2.5, None, True],
        {"day": datetime.date(2018, 8, 30), "when": datetime.datetime(2018, 8, 30, 12)},
        (("nested", ()),),
        float("inf"),
        "x" * 5_000_000,
    ],
    ids=["text", "bytes", "list", "dates", "tuples", "infinity", "long"],
)
def test_plain_data_come_back_as_they_went(box, tasks, value):
    assert ask(box, tasks.echo, value) == value


def test_one_process_serves_call_after_call(box, tasks):
    assert ask(box, tasks.number) == ask(box, tasks.number) != os.getpid()


def test_what_a_library_prints_is_no_answer(box, tasks):
    assert ask(box, tasks.chatter) == 1
    assert ask(box, tasks.echo, 2) == 2


def test_errors_of_ours_arrive_with_their_kind_and_every_problem(box, tasks):
    with pytest.raises(ScenarioError) as caught:
        ask(box, tasks.refuse)
    assert caught.value.problems == (Problem("a", "b", "c", "d"), Problem("e", "f"))


def test_errors_of_others_are_refusals_that_name_the_file_and_keep_the_traceback(box, tasks):
    with pytest.raises(ForewarnError, match="report.pdf: cannot be read .KeyError: 'nothing'") as caught:
        ask(box, tasks.fail, name="report.pdf")
    assert "in fail" in str(caught.value.__cause__)
    assert ask(box, tasks.echo, 1) == 1


@pytest.mark.parametrize(
    "value", [Problem("a", "b"), nearest, os.system], ids=["object", "function", "system"]
)
def test_no_class_and_no_function_comes_out_of_the_box(value, tmp_path):
    with (tmp_path / "message").open("wb") as stream:
        send(stream, value)
    with (
        (tmp_path / "message").open("rb") as stream,
        pytest.raises(pickle.UnpicklingError, match="not plain data"),
    ):
        receive(stream)


def test_a_box_that_answers_with_an_object_is_replaced(box, tasks):
    before = ask(box, tasks.number)
    with pytest.raises(BrokenLimitError, match="file.bin"):
        ask(box, tasks.give_class)
    assert ask(box, tasks.number) != before


@LINUX
def test_a_loop_ends_with_its_processor_time(box, tasks):
    before = ask(box, tasks.number)
    with pytest.raises(BrokenLimitError, match="endless.pdf: reading it takes more than 1 seconds"):
        ask(box, tasks.loop, name="endless.pdf")
    assert ask(box, tasks.number) != before


def test_waiting_ends_with_the_time_on_the_wall(box, tasks):
    with pytest.raises(BrokenLimitError, match="more than 0 seconds"):
        ask(box, tasks.wait, 60, limits=Limits(wall_seconds=0.3))
    assert ask(box, tasks.echo, 1) == 1


@LINUX
def test_memory_is_refused_by_the_system(box, tasks):
    assert ask(box, tasks.fill, 2**27) == 2**27
    with pytest.raises(BrokenLimitError, match="more than 0.5 GiB of memory"):
        ask(box, tasks.fill, 2**30)
    assert ask(box, tasks.fill, 2**27) == 2**27


def test_where_the_system_refuses_no_memory_it_is_watched_from_outside(tasks):
    box = Child(limited_by_system=False)
    try:
        with pytest.raises(BrokenLimitError, match="more than 0.2 GiB of memory"):
            ask(box, tasks.hold, 2**29, 30, limits=Limits(memory_bytes=2**28))
    finally:
        box.close()


def test_a_box_that_dies_is_replaced(box, tasks):
    with pytest.raises(BrokenLimitError, match="broke the program that reads"):
        ask(box, tasks.vanish)
    assert ask(box, tasks.echo, 1) == 1


@pytest.mark.parametrize("path", ["/etc/passwd", "/proc/self/environ", __file__])
def test_it_opens_no_file_of_the_machine(box, tasks, path):
    with pytest.raises(ForewarnError, match="the box opens no files"):
        ask(box, tasks.open_file, path)


def test_it_writes_in_a_folder_of_its_own_alone(box, tasks, tmp_path):
    assert ask(box, tasks.own_file) == 5
    with pytest.raises(ForewarnError, match="the box opens no files"):
        ask(box, tasks.open_file, str(tmp_path / "new"), "w")
    kept = tmp_path / "kept"
    kept.write_text("kept")
    with pytest.raises(ForewarnError, match="the box changes no files"):
        ask(box, tasks.remove, str(kept))
    assert kept.read_text() == "kept"


@pytest.mark.parametrize("act", ["start", "call_system"])
def test_it_starts_no_program(box, tasks, act):
    with pytest.raises(ForewarnError, match="the box does no"):
        ask(box, getattr(tasks, act))


@pytest.fixture
def listener():
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.5)
        yield server


def test_it_reaches_no_network(box, tasks, listener):
    with pytest.raises(ForewarnError, match="the box does no socket"):
        ask(box, tasks.connect, listener.getsockname()[1])
    with pytest.raises(TimeoutError):
        listener.accept()


def test_the_network_is_closed_by_the_system_where_it_can_be(box, tasks):
    ask(box, tasks.echo, 1)
    assert box.network in ("namespace", "audit hook")


def test_the_tasks_reach_the_network_outside_the_box(tasks, listener):
    """Negative control: it is the box that refuses, not the task."""
    assert tasks.connect(listener.getsockname()[1])


@LINUX
def test_it_holds_few_files_open(box, tasks):
    with pytest.raises(ForewarnError, match="Too many open files"):
        ask(box, tasks.many_files)


@pytest.fixture
def fresh_boxes():
    """Boxes that know where the tasks are; those of other tests were started before."""
    sandbox._pool.cache_clear()
    yield
    sandbox._pool.cache_clear()


def test_threads_share_two_boxes(tasks, fresh_boxes):
    numbers, alive = set(), threading.Barrier(6)

    def work():
        alive.wait()
        numbers.update(isolated(tasks.number)() for _ in range(20))

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert 1 <= len(numbers) <= 2


def test_an_isolated_function_is_called_as_it_is():
    assert isolated(nearest)("pcod", ["name", "pcode"]) == nearest("pcod", ["name", "pcode"])
