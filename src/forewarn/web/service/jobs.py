"""Work that takes longer than a moment: written down before it starts, queued in turn, stopped when asked."""

from __future__ import annotations

import logging
import threading
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, Final, Literal

from forewarn.errors import ForewarnError, Problem
from forewarn.web.service.audit import Audit
from forewarn.web.service.files import read_json, write_json
from forewarn.web.service.limits import (
    MOST_QUEUED,
    MOST_QUEUED_IN_ALL,
    BusyError,
    ConflictError,
    NotFoundError,
    StoppedError,
)
from forewarn.web.service.workspace import IDENTIFIER, new_id

State = Literal["queued", "running", "done", "stopped", "failed", "interrupted"]
Kind = Literal["forecast", "outlook", "update"]
AT_ONCE: Final = 2
"""Jobs that run at the same time; they share one pool, so more would only take more memory."""
KEPT: Final = 300
"""Records of jobs that are over; the oldest go."""
ACTIVE: Final = ("queued", "running")

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Job:
    """One piece of work as it stands.

    Parameters
    ----------
    spec
        What was asked for, as plain data: enough to start it again.
    user
        The browser that asked.
    done, total
        Progress, in futures; 0 of 0 while nothing is known.
    position
        Place in the queue, from 1; 0 unless it is queued.
    problems
        Why it failed.
    result
        What came out, as plain data.
    """

    id: str
    kind: Kind
    title: str
    user: str
    spec: Mapping[str, Any]
    created: str
    state: State = "queued"
    finished: str = ""
    done: int = 0
    total: int = 0
    position: int = 0
    problems: tuple[Mapping[str, str], ...] = ()
    result: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_active(self) -> bool:
        """Whether it waits or runs."""
        return self.state in ACTIVE


@dataclass(frozen=True, slots=True)
class Running:
    """What a job is given while it runs."""

    job: Job
    progress: Callable[[int, int], None]
    stop: threading.Event


Work = Callable[[Running], Mapping[str, Any]]


class Jobs:
    """The queue.

    Parameters
    ----------
    folder
        Where jobs are written down. Those that were not over when the program ended are interrupted.
    work
        What to do, by kind.
    audit
        Where it is written down who asked.
    """

    def __init__(self, folder: Path, work: Mapping[Kind, Work], audit: Audit | None = None) -> None:
        self._folder = folder
        self._audit = audit
        self._work = work
        self._jobs: dict[str, Job] = {}
        self._stops: dict[str, threading.Event] = {}
        self._turn: list[str] = []
        self._ready = threading.Condition()
        self._closed = False
        self._read()
        self._threads = [
            threading.Thread(target=self._serve, name=f"forewarn-job-{number}", daemon=True)
            for number in range(AT_ONCE)
        ]
        for thread in self._threads:
            thread.start()

    def start(self, kind: Kind, *, title: str, user: str, spec: Mapping[str, Any]) -> Job:
        """Write a job down and queue it.

        Raises
        ------
        BusyError
            This user, or everybody together, has too many.
        """
        job = Job(new_id(), kind, title, user, dict(spec), _now())
        with self._ready:
            active = Counter(each.user for each in self._jobs.values() if each.is_active)
            if active[user] >= MOST_QUEUED or active.total() >= MOST_QUEUED_IN_ALL:
                what = f"{active[user]} jobs of yours and {active.total()} in all are waiting or running"
                remedy = "Wait for one to end, or stop one"
                raise BusyError(Problem("jobs", what, f"{MOST_QUEUED} and {MOST_QUEUED_IN_ALL}", remedy))
            self._write(job)
            self._jobs[job.id] = job
            self._ready.notify()
        if self._audit is not None:
            self._audit.note("ran", job.id, kind=kind)
        return self.job(job.id)

    def restart(self, name: str, *, user: str) -> Job:
        """Start a job that is over again, as a new one.

        Raises
        ------
        ConflictError
            It is not over.
        """
        old = self.job(name)
        if old.is_active:
            raise ConflictError(Problem("job", "has not ended yet"))
        return self.start(old.kind, title=old.title, user=user, spec=old.spec)

    def stop(self, name: str, *, user: str) -> Job:
        """Take a job out of the queue, or ask it to stop.

        Raises
        ------
        ConflictError
            It is over, or somebody else's.
        """
        with self._ready:
            job = self._jobs.get(name)
            if job is None:
                raise _no_job()
            if job.user != user:
                raise ConflictError(Problem("job", "was started in another browser", remedy="Stop it there"))
            if job.state == "queued":
                self._end(replace(job, state="stopped"))
            elif job.state == "running":
                self._stops[name].set()
            else:
                raise ConflictError(Problem("job", f"has ended already: {job.state}"))
        return self.job(name)

    def job(self, name: str) -> Job:
        """Give a job as it stands.

        Raises
        ------
        NotFoundError
            There is none of this name.
        """
        with self._ready:
            if name not in self._jobs:
                raise _no_job()
            return self._placed(self._jobs[name])

    def of_user(self, user: str) -> tuple[Job, ...]:
        """List the jobs of a browser, newest first."""
        with self._ready:
            mine = [self._placed(job) for job in self._jobs.values() if job.user == user]
        return tuple(sorted(mine, key=lambda job: job.created, reverse=True))

    def interrupted(self) -> tuple[Job, ...]:
        """List the jobs that the end of the program interrupted, whoever started them, newest first."""
        with self._ready:
            found = [job for job in self._jobs.values() if job.state == "interrupted"]
        return tuple(sorted(found, key=lambda job: job.created, reverse=True))

    def all(self) -> tuple[Job, ...]:
        """List all jobs, whoever started them."""
        with self._ready:
            return tuple(self._jobs.values())

    def forget(self, name: str) -> None:
        """Delete the record of a job that is over.

        Raises
        ------
        ConflictError
            It is not over.
        """
        with self._ready:
            if name not in self._jobs:
                raise _no_job()
            if self._jobs[name].is_active:
                raise ConflictError(Problem("job", "has not ended yet", remedy="Stop it first"))
            (self._folder / f"{name}.json").unlink(missing_ok=True)
            del self._jobs[name]

    def close(self) -> None:
        """Stop everything; what has not ended is interrupted when the program starts again."""
        with self._ready:
            self._closed = True
            for stop in self._stops.values():
                stop.set()
            self._ready.notify_all()
        for thread in self._threads:
            thread.join()

    def _placed(self, job: Job) -> Job:
        if job.state != "queued":
            return job
        return replace(job, position=[each.id for each in self._order()].index(job.id) + 1)

    def _order(self) -> list[Job]:
        """Give the order in which queued jobs will start: users in turn, each user's oldest first.

        Whoever has least running comes first, then whoever was served longest ago.
        """
        load = Counter(job.user for job in self._jobs.values() if job.state == "running")
        queues: dict[str, list[Job]] = {}
        for job in sorted(self._jobs.values(), key=lambda job: job.created):
            if job.state == "queued":
                queues.setdefault(job.user, []).append(job)
        last = {user: number for number, user in enumerate(self._turn)}
        ranked = [
            (load[user] + number, last.get(user, -1), job.created, job.id, job)
            for user, queue in queues.items()
            for number, job in enumerate(queue)
        ]
        return [job for *_, job in sorted(ranked, key=lambda item: item[:4])]

    def _serve(self) -> None:
        while (running := self._next()) is not None:
            self._run(running)

    def _next(self) -> Running | None:
        with self._ready:
            while not self._closed:
                order = self._order()
                if order:
                    job = replace(order[0], state="running")
                    self._jobs[job.id] = job
                    self._turn = [*(user for user in self._turn if user != job.user), job.user][-1000:]
                    stop = self._stops[job.id] = threading.Event()
                    self._write(job)
                    return Running(job, partial(self._tell, job.id), stop)
                self._ready.wait()
        return None

    def _tell(self, name: str, done: int, total: int) -> None:
        with self._ready:
            stop = self._stops.get(name)
            if stop is not None and stop.is_set():
                raise StoppedError
            self._jobs[name] = replace(self._jobs[name], done=done, total=total)

    def _run(self, running: Running) -> None:
        job = running.job
        try:
            result = self._work[job.kind](running)
            ended = replace(self._jobs[job.id], state="done", result=result)
        except StoppedError:
            ended = replace(self._jobs[job.id], state="stopped")
        except ForewarnError as error:
            problems = tuple(asdict(problem) for problem in error.problems)
            ended = replace(self._jobs[job.id], state="failed", problems=problems)
        except Exception:
            logger.exception("A job failed")
            fault = Problem(job.title, "a fault of the program", remedy="The program's log says more")
            ended = replace(self._jobs[job.id], state="failed", problems=(asdict(fault),))
        with self._ready:
            if not self._closed or ended.state in ("done", "failed"):
                self._end(ended)

    def _end(self, job: Job) -> None:
        job = replace(job, finished=_now())
        self._stops.pop(job.id, None)
        self._jobs[job.id] = job
        self._write(job)
        over = sorted((j for j in self._jobs.values() if not j.is_active), key=lambda j: j.created)
        for old in over[: max(0, len(over) - KEPT)]:
            del self._jobs[old.id]
            (self._folder / f"{old.id}.json").unlink(missing_ok=True)

    def _write(self, job: Job) -> None:
        content = asdict(job)
        del content["position"]
        write_json(self._folder / f"{job.id}.json", content)

    def _read(self) -> None:
        for path in self._folder.glob("*.json"):
            content = read_json(path)
            if content is None or not IDENTIFIER.fullmatch(path.stem):
                continue
            try:
                job = Job(**{**content, "id": path.stem, "problems": tuple(content.get("problems", ()))})
            except TypeError:
                continue
            if job.kind not in self._work:
                continue
            if job.is_active:
                job = replace(job, state="interrupted", finished=_now())
                self._write(job)
            self._jobs[job.id] = job


def _no_job() -> NotFoundError:
    return NotFoundError(Problem("job", "not found"))


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")
