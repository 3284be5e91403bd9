import sys
import textwrap

import pytest

from forewarn.intake.sandbox import Child

TASKS = textwrap.dedent(
    '''
    """What a parser might do with a stranger's file."""

    import os
    import socket
    import subprocess
    import time

    from forewarn.errors import ForewarnError, Problem, ScenarioError


    def echo(value, name=""):
        return value


    def number(name=""):
        return os.getpid()


    def loop(name=""):
        while True:
            pass


    def wait(seconds, name=""):
        time.sleep(seconds)


    def fill(size, name=""):
        return len(bytearray(size))


    def hold(size, seconds, name=""):
        held = b"x" * size
        time.sleep(seconds)
        return len(held)


    def vanish(name=""):
        os._exit(0)


    def refuse(name=""):
        raise ScenarioError([Problem("a", "b", "c", "d"), Problem("e", "f")])


    def fail(name=""):
        return {}["nothing"]


    def give_class(name=""):
        return Problem("a", "b")


    def chatter(name=""):
        print("what a library prints")
        return 1


    def open_file(path, mode="r", name=""):
        with open(path, mode) as file:
            return file.read() if mode == "r" else 0


    def own_file(name=""):
        import tempfile

        with tempfile.TemporaryFile() as file:
            return file.write(b"model")


    def connect(port, name=""):
        with socket.create_connection(("127.0.0.1", port), timeout=2):
            return True


    def start(name=""):
        return subprocess.run(["true"]).returncode


    def call_system(name=""):
        return os.system("true")


    def remove(path, name=""):
        os.remove(path)


    def many_files(name=""):
        return [os.dup(1) for _ in range(200)]
    '''
)


@pytest.fixture(scope="session")
def tasks(tmp_path_factory):
    """Functions that a box can import, as it imports parsers."""
    folder = tmp_path_factory.mktemp("tasks")
    (folder / "hostile_tasks.py").write_text(TASKS, encoding="utf-8")
    sys.path.append(str(folder))
    import hostile_tasks

    yield hostile_tasks
    sys.path.remove(str(folder))


@pytest.fixture
def box():
    child = Child()
    yield child
    child.close()
