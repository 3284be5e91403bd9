"""One compute pool for everybody: previews before full runs, the shortest first, and long work in turn.

The pool has as many threads as the machine has processors; the kernel lets go of the interpreter's lock. Work
comes in pieces of a fraction of a second, so that whoever asks next does not wait for a long run to end.
"""

from __future__ import annotations

import os
import threading
from collections import OrderedDict, deque
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class _Task:
    future: Future[Any]
    function: Callable[..., Any]
    arguments: tuple[Any, ...]


class Pool:
    """Threads that take pieces of work from the queues of all users, one user after the other.

    Parameters
    ----------
    workers
        Threads; one for each processor if None.
    """

    def __init__(self, workers: int | None = None) -> None:
        self.workers = workers or os.cpu_count() or 1
        self._ready = threading.Condition()
        self._queues: tuple[OrderedDict[str, deque[_Task]], OrderedDict[str, deque[_Task]]] = (
            OrderedDict(),
            OrderedDict(),
        )
        self._closed = False
        self._threads = [
            threading.Thread(target=self._work, name=f"forewarn-pool-{number}", daemon=True)
            for number in range(self.workers)
        ]
        for thread in self._threads:
            thread.start()

    def submit(
        self,
        user: str,
        function: Callable[..., Any],
        /,
        *arguments: Any,  # noqa: ANN401
        urgent: bool = False,
    ) -> Future[Any]:
        """Queue ``function(*arguments)`` for a user.

        Urgent work of anybody comes before all other, that of whoever has least of it left first: of two
        previews that share the pool piece by piece both would be late. Other work is done in turn, user by
        user.
        """
        future: Future[Any] = Future()
        with self._ready:
            if self._closed:
                future.cancel()
                return future
            self._queues[0 if urgent else 1].setdefault(user, deque()).append(
                _Task(future, function, arguments)
            )
            self._ready.notify()
        return future

    def close(self) -> None:
        """Finish what runs, drop what waits."""
        with self._ready:
            self._closed = True
            for queue in self._queues:
                for tasks in queue.values():
                    for task in tasks:
                        task.future.cancel()
                queue.clear()
            self._ready.notify_all()
        for thread in self._threads:
            thread.join()

    def _work(self) -> None:
        while (task := self._next()) is not None:
            if not task.future.set_running_or_notify_cancel():
                continue
            try:
                task.future.set_result(task.function(*task.arguments))
            except BaseException as error:  # noqa: BLE001  (whoever waits gets it)
                task.future.set_exception(error)

    def _next(self) -> _Task | None:
        with self._ready:
            while True:
                urgent, other = self._queues
                if urgent:
                    return _taken(urgent, min(urgent, key=lambda user: len(urgent[user])))
                if other:
                    return _taken(other, next(iter(other)))
                if self._closed:
                    return None
                self._ready.wait()


def _taken(queue: OrderedDict[str, deque[_Task]], user: str) -> _Task:
    """Take the next task of a user, who then stands last."""
    tasks = queue.pop(user)
    task = tasks.popleft()
    if tasks:
        queue[user] = tasks
    return task
