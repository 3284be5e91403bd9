"""The box: child processes in which files of strangers are parsed, within limits.

A child is started when it is first needed, used again, and killed and replaced when it breaks a limit. It
gets bytes and gives back plain data; it opens no files, reaches no network and starts no programs
(`lockdown`).
"""

from __future__ import annotations

import atexit
import contextlib
import importlib
import os
import pickle
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, wraps
from pathlib import Path
from queue import LifoQueue
from typing import Any, Final, ParamSpec, TypeVar

from forewarn.errors import ForewarnError, Problem
from forewarn.intake.messages import receive, send

P = ParamSpec("P")
T = TypeVar("T")

CHILDREN: Final = 2
"""Boxes at once; assumption: as many as a laptop has processors to spare."""
WATCH_SECONDS: Final = 0.05
"""How often memory is looked at from outside, where the system sets no limit to it."""
LIMITED_BY_SYSTEM: Final = sys.platform.startswith("linux")
"""Whether the system itself holds a process to an amount of memory: macOS and Windows do not."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a piece of work may take.

    Parameters
    ----------
    processor_seconds
        Time of one processor; assumption: the longest report that is read takes half of it.
    memory_bytes
        Address space in all, of which some 400 MB are libraries.
    wall_seconds
        From question to answer.
    """

    processor_seconds: float = 60.0
    memory_bytes: int = 3 * 2**29
    wall_seconds: float = 120.0


class BrokenLimitError(ForewarnError):
    """A file took more time or memory than it may."""


def isolated(function: Callable[P, T], *, limits: Limits = Limits()) -> Callable[P, T]:  # noqa: B008
    """Give a function that does the same in the box.

    Parameters
    ----------
    function
        Of a module of ours, by its name there. It takes and gives plain data: text, bytes, numbers, dates,
        lists, tuples and mappings of them.
    limits
        What one call may take.

    Returns
    -------
    Callable
        It raises what `function` raises, if that is a `ForewarnError`; otherwise a `ForewarnError` that says
        what broke, and `BrokenLimitError` beyond the limits. The first argument that is called ``name``, or
        else the function, stands in these.

    Examples
    --------
    >>> from forewarn.errors import nearest
    >>> isolated(nearest)("pcod", ["name", "pcode"])
    "name, pcode. Did you mean 'pcode'?"
    """

    @wraps(function)
    def call(*arguments: P.args, **named: P.kwargs) -> T:
        with _taken() as child:
            answer: T = child.call(function, arguments, named, limits)
        return answer

    return call


class Child:
    """One box: a process that is started at the first call.

    Not for several threads at once.
    """

    def __init__(self, *, limited_by_system: bool = LIMITED_BY_SYSTEM) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._limited_by_system = limited_by_system
        self.network = ""
        """How the network is closed: ``namespace`` or ``audit hook``; empty before the first call."""

    def call(
        self,
        function: Callable[..., Any],
        arguments: tuple[Any, ...],
        named: dict[str, Any],
        limits: Limits,
    ) -> Any:  # noqa: ANN401
        """Call a function in the box; see `isolated`."""
        process = self._running()
        work = {
            "module": function.__module__,
            "function": function.__qualname__,
            "arguments": arguments,
            "named": named,
            "processor_seconds": limits.processor_seconds,
            "memory_bytes": limits.memory_bytes if self._limited_by_system else None,
        }
        about = str(named.get("name") or function.__name__)
        with _watching(process, limits, memory=not self._limited_by_system) as broken:
            try:
                answer = _asked(process, work)
            except BaseException as error:
                self.close()
                if isinstance(error, (EOFError, BrokenPipeError, OSError, pickle.UnpicklingError)):
                    raise _ended(about, process.returncode, broken, limits) from error
                raise
        if answer[0] == "memory":
            self.close()
        return _told(about, answer, limits)

    def close(self) -> None:
        """End the process, if there is one."""
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.wait()
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                with contextlib.suppress(OSError):
                    stream.close()
        if self._folder is not None:
            self._folder.cleanup()

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is not None and self._process.poll() is None:
            return self._process
        self.close()
        # The folder that a command happens to be run in is no place for programs, and may hold secrets.
        own_code = str(Path(__file__).parents[2])
        found = [path for path in sys.path if Path(path).is_absolute() and path != str(Path.cwd())]
        paths = list(dict.fromkeys([own_code, *found]))
        self._folder = tempfile.TemporaryDirectory(prefix="forewarn-box-", ignore_cleanup_errors=True)
        own = self._folder.name
        start = f"import sys; sys.path[:] = {paths!r}; from forewarn.intake.child import main; main({own!r})"
        # -I -S: neither the environment nor the folder it happens to run in may add code.
        self._process = subprocess.Popen(  # noqa: S603
            [sys.executable, "-I", "-S", "-c", start],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={name: value for name, value in os.environ.items() if name in _KEPT}
            | {"TMPDIR": own, "TEMP": own},
        )
        try:
            assert self._process.stdout is not None  # noqa: S101
            _, self.network = receive(self._process.stdout)
        except (EOFError, OSError) as error:
            self.close()
            raise ForewarnError(Problem("the box for files", "could not be started")) from error
        return self._process


# What libraries need of the environment: where the system is, and how the linear algebra is set.
_KEPT: Final = frozenset(
    {"PATH", "SYSTEMROOT", "LD_LIBRARY_PATH", "OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE", "TZ", "LANG", "LC_ALL"}
)


@cache
def _pool() -> LifoQueue[Child]:
    free: LifoQueue[Child] = LifoQueue()
    children = [Child() for _ in range(CHILDREN)]
    for child in children:
        free.put(child)
        atexit.register(child.close)
    return free


@contextlib.contextmanager
def _taken() -> Iterator[Child]:
    """Take the box that was used last; wait while all are at work."""
    free = _pool()
    child = free.get()
    try:
        yield child
    finally:
        free.put(child)


def _asked(process: subprocess.Popen[bytes], work: dict[str, Any]) -> Any:  # noqa: ANN401
    assert process.stdin is not None  # noqa: S101
    assert process.stdout is not None  # noqa: S101
    send(process.stdin, work)
    return receive(process.stdout)


@contextlib.contextmanager
def _watching(process: subprocess.Popen[bytes], limits: Limits, *, memory: bool) -> Iterator[list[str]]:
    """Kill a process that takes too long, or too much where the system does not see to it; say which."""
    broken: list[str] = []
    over = threading.Event()

    def watch() -> None:
        until = time.monotonic() + limits.wall_seconds
        while not over.wait(min(WATCH_SECONDS, limits.wall_seconds) if memory else limits.wall_seconds):
            if memory and _memory_of(process.pid) > limits.memory_bytes:
                broken.append("memory")
            elif time.monotonic() >= until:
                broken.append("time")
            else:
                continue
            process.kill()
            return

    watcher = threading.Thread(target=watch, name="forewarn-box-watch", daemon=True)
    watcher.start()
    try:
        yield broken
    finally:
        over.set()
        watcher.join()


def _memory_of(number: int) -> int:
    """Memory that a process holds, in bytes; 0 if it is gone."""
    import psutil

    try:
        return int(psutil.Process(number).memory_info().rss)
    except psutil.Error:
        return 0


def _ended(about: str, code: int | None, broken: list[str], limits: Limits) -> ForewarnError:
    """Say why a box ended: by us, by the system's limit of processor time, or by itself."""
    import signal

    if broken == ["memory"]:
        return _too_much_memory(about, limits)
    if broken or code == -getattr(signal, "SIGXCPU", 0):
        most = limits.wall_seconds if broken else limits.processor_seconds
        what = f"reading it takes more than {most:.0f} seconds"
        return BrokenLimitError(Problem(about, what, remedy="Keep only the pages that matter"))
    return BrokenLimitError(Problem(about, "reading it broke the program that reads", remedy="Save it anew"))


def _too_much_memory(about: str, limits: Limits) -> ForewarnError:
    what = f"reading it takes more than {limits.memory_bytes / 2**30:.1f} GiB of memory"
    return BrokenLimitError(Problem(about, what, remedy="Keep only the pages that matter"))


class _InTheBox(Exception):  # noqa: N818
    """Where it happened, in words: the traceback of another process."""


def _told(about: str, answer: tuple[Any, ...], limits: Limits) -> Any:  # noqa: ANN401
    kind, *rest = answer
    if kind == "done":
        return rest[0]
    if kind == "memory":
        raise _too_much_memory(about, limits)
    if kind == "refused":
        module, name, problems = rest
        raise _error_kind(module, name)([Problem(*(str(part) for part in problem)) for problem in problems])
    what, trace = rest
    raise ForewarnError(Problem(about, f"cannot be read ({what})", remedy="Save it anew")) from _InTheBox(
        trace
    )


def _error_kind(module: str, name: str) -> type[ForewarnError]:
    """Find a kind of error of ours by its name; any other is a plain one."""
    if module.startswith("forewarn."):
        found = getattr(importlib.import_module(module), name, None)
        if isinstance(found, type) and issubclass(found, ForewarnError):
            return found
    return ForewarnError
