"""Futures on demand: from memory, from disk, or simulated in the pool."""

from __future__ import annotations

import contextlib
import threading
import zipfile
from collections import OrderedDict
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from concurrent.futures import TimeoutError as NotYetError
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from forewarn.forecast.kept_members import MOST_PLACES
from forewarn.forecast.members import keep_members
from forewarn.network import build
from forewarn.replacing import replacing_file
from forewarn.scenario import Scenario
from forewarn.web.service.futures import Futures, MemberForecast, alone, joined, key_of, simulate
from forewarn.web.service.kept_states import KeptStates
from forewarn.web.service.limits import MIB, StoppedError
from forewarn.web.service.pool import Pool

PIECE_CELLS: Final = 48_000
"""Draws × days × places of a piece of work: 4 draws of Idlib, a tenth of a second of one processor."""
MOST_IN_A_PIECE: Final = 20
MOST_MEMORY_BYTES: Final = 768 * MIB
SMALLEST_KEPT_ON_DISK: Final = 50
"""Draws from which on futures are kept on disk: fewer are a preview, and made again in a second."""
MOST_DISK_BYTES: Final = 2048 * MIB
LOOK_SECONDS: Final = 0.1

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class ForecastRequest:
    """Who asks, how urgently, and how to tell and stop them.

    Parameters
    ----------
    user
        Whose turn it takes in the pool.
    urgent
        Whether it comes before work that is not.
    progress
        Called with (draws done, draws in all).
    stop
        Set when nobody wants the result any more.
    """

    user: str
    urgent: bool = False
    progress: Progress | None = None
    stop: threading.Event | None = None

    def check(self) -> None:
        """Raise if nobody wants the result any more."""
        if self.stop is not None and self.stop.is_set():
            raise StoppedError


class Engine:
    """Makes forecasts, and keeps the futures of courses that were made before.

    Parameters
    ----------
    pool
        Where work is done.
    folder
        Where futures are kept between runs of the program; nowhere if None.
    """

    def __init__(self, pool: Pool, folder: Path | None = None) -> None:
        self._pool = pool
        self._folder = folder
        self._kept: OrderedDict[str, Futures] = OrderedDict()
        self._lock = threading.Lock()
        self._locks: dict[str, threading.Lock] = {}
        self._states = KeptStates()
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)

    def forecast(
        self,
        scenario: Scenario,
        *,
        draws: int,
        seed: int,
        request: ForecastRequest,
        base: Scenario | None = None,
    ) -> MemberForecast:
        """Give `draws` futures of every course of a scenario.

        Parameters
        ----------
        scenario, draws, seed, request
            What is wanted, and by whom.
        base
            Of which `scenario` is a change. After an urgent request states of its courses are kept, so that
            the next change of it begins on the day on which it first matters; that alters no number.

        Raises
        ------
        StoppedError
            The request was stopped.
        """
        singles = {course.name: alone(scenario, course) for course in scenario.courses}
        keys = {name: key_of(single, seed) for name, single in singles.items()}
        with self._alone_with(list(keys.values()), request):
            found = {name: self._look_up(key) for name, key in keys.items()}
            wanted = {name: self._missing(singles[name], found[name], draws, seed) for name in singles}
            bases = {} if base is None else {each.name: alone(base, each) for each in base.courses}
            for name, single in bases.items():
                if name in wanted and single != singles[name]:
                    wanted[name].base = single
            self._run(wanted, request)
            for name, work in wanted.items():
                if work.pieces:
                    parts = [found[name], *work.results()]
                    whole = joined([part for part in parts if part is not None])
                    found[name] = whole
                    self._keep(keys[name], whole)
                    self._keep_states(work, request)
        return MemberForecast(
            scenario, seed, {name: futures.first(draws) for name, futures in found.items() if futures}
        )

    def known(self, scenario: Scenario, *, draws: int, seed: int) -> MemberForecast | None:
        """Give the forecast if all of it was made before."""
        found = {}
        for course in scenario.courses:
            futures = self._look_up(key_of(alone(scenario, course), seed))
            if futures is None or futures.draws < draws:
                return None
            found[course.name] = futures.first(draws)
        return MemberForecast(scenario, seed, found)

    def forget(self, before: float | None = None) -> None:
        """Delete futures: those that nobody has looked at since a time, or all, since none says whose it is.

        Parameters
        ----------
        before
            Seconds since 1970; all if None.
        """
        if before is None:
            with self._lock:
                self._kept.clear()
        self._states.clear()
        for path in self._folder.glob("*.npz") if self._folder else ():
            with contextlib.suppress(OSError):
                if before is None or path.stat().st_mtime < before:
                    path.unlink()

    @contextlib.contextmanager
    def _alone_with(self, keys: list[str], request: ForecastRequest) -> Iterator[None]:
        """Let long runs of the same futures wait for each other; a preview waits for nobody."""
        if request.urgent:
            yield
            return
        with self._lock:
            locks = [self._locks.setdefault(key, threading.Lock()) for key in sorted(set(keys))]
        held: list[threading.Lock] = []
        try:
            for lock in locks:
                while not lock.acquire(timeout=LOOK_SECONDS):
                    request.check()
                held.append(lock)
            yield
        finally:
            for lock in held:
                lock.release()

    def _missing(self, single: Scenario, have: Futures | None, draws: int, seed: int) -> _Work:
        start = have.draws if have is not None else 0
        cells = (single.horizon_days + 1) * len(single.places)
        size = max(1, min(MOST_IN_A_PIECE, PIECE_CELLS // cells))
        pieces = [(first, min(first + size, draws)) for first in range(start, draws, size)]
        return _Work(single, seed, pieces)

    def _run(self, wanted: dict[str, _Work], request: ForecastRequest) -> None:
        total = sum(work.draws for work in wanted.values())
        done = 0
        try:
            # In turn, so that a preview of all courses ends on all processors at about the same time.
            for work in sorted(wanted.values(), key=lambda work: -work.draws):
                network = build(work.single) if work.pieces else None
                base = key_of(work.base, work.seed) if work.pieces and work.base is not None else ""
                for first, last in work.pieces:
                    kept = self._states.get(base, first)
                    work.running.append(
                        self._pool.submit(
                            request.user, simulate, work.single, network, work.seed, first, last, kept,
                            urgent=request.urgent,
                        )
                    )  # fmt: skip
            for work in wanted.values():
                for (first, last), future in zip(work.pieces, work.running, strict=True):
                    _wait(future, request)
                    done += last - first
                    if request.progress is not None:
                        request.progress(done, total)
        except BaseException:
            for work in wanted.values():
                for future in work.running:
                    future.cancel()
            raise

    def _keep_states(self, work: _Work, request: ForecastRequest) -> None:
        """Have the states of a course kept of which a change was wanted, when there is nothing else to do."""
        base = work.base
        if base is None or not request.urgent or len(base.places) > MOST_PLACES:
            return
        key = key_of(base, work.seed)
        asked = [(piece, self._states.ask(key, piece[0])) for piece in work.pieces]
        tickets = {piece: ticket for piece, ticket in asked if ticket is not None}
        if not tickets:
            return
        network = build(base)

        def keep(first: int, last: int, ticket: int) -> None:
            try:
                _, members = keep_members(base, network, work.seed, np.arange(first, last))
            except BaseException:
                self._states.give_up(key, first)
                raise
            self._states.put(key, first, members, ticket)

        for (first, last), ticket in tickets.items():
            self._pool.submit(request.user, keep, first, last, ticket)

    def _look_up(self, key: str) -> Futures | None:
        with self._lock:
            found = self._kept.get(key)
            if found is not None:
                self._kept.move_to_end(key)
                return found
        found = self._read(key)
        if found is not None:
            self._remember(key, found)
        return found

    def _keep(self, key: str, futures: Futures) -> None:
        self._remember(key, futures)
        if self._folder is not None and futures.draws >= SMALLEST_KEPT_ON_DISK:
            self._write(key, futures)

    def _remember(self, key: str, futures: Futures) -> None:
        with self._lock:
            before = self._kept.get(key)
            if before is None or before.draws < futures.draws:
                self._kept[key] = futures
            self._kept.move_to_end(key)
            while (
                len(self._kept) > 1 and sum(each.nbytes for each in self._kept.values()) > MOST_MEMORY_BYTES
            ):
                self._kept.popitem(last=False)

    def _path(self, key: str) -> Path | None:
        return None if self._folder is None else self._folder / f"{key}.npz"

    def _read(self, key: str) -> Futures | None:
        path = self._path(key)
        if path is None or not path.is_file():
            return None
        found = read_futures(path)
        if found is None:
            # What is kept here can be made again; a broken file is no reason to stop.
            path.unlink(missing_ok=True)
        else:
            path.touch()
        return found

    def _write(self, key: str, futures: Futures) -> None:
        path = self._path(key)
        if path is None or self._folder is None:
            return
        write_futures(path, futures)
        _make_room(self._folder)


def write_futures(path: Path, futures: Futures) -> None:
    """Write futures, whole or not at all."""
    with replacing_file(path) as draft, draft.open("wb") as file:
        np.savez_compressed(
            file, allow_pickle=False, origins=futures.origins, summed=futures.summed, **futures.arrays
        )


def read_futures(path: Path) -> Futures | None:
    """Read what `write_futures` wrote; nothing if it is something else."""
    try:
        with np.load(path, allow_pickle=False) as stored:
            arrays = {name: stored[name] for name in stored.files if name not in ("origins", "summed")}
            return Futures(arrays, stored["origins"], int(stored["summed"]))
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return None


@dataclass(slots=True)
class _Work:
    """What is still to be simulated of one course."""

    single: Scenario
    seed: int
    pieces: list[tuple[int, int]]
    base: Scenario | None = None
    running: list[Future[Futures]] = None  # type: ignore[assignment]

    def __post_init__(self) -> None:
        self.running = []

    @property
    def draws(self) -> int:
        return sum(last - first for first, last in self.pieces)

    def results(self) -> list[Futures]:
        return [future.result() for future in self.running]


def _wait(future: Future[Futures], request: ForecastRequest) -> None:
    while True:
        request.check()
        try:
            future.result(timeout=LOOK_SECONDS)
        except NotYetError:
            continue
        return


def _make_room(folder: Path) -> None:
    """Throw away the futures that nobody looked at for longest."""
    files = sorted((path.stat().st_mtime, path.stat().st_size, path) for path in folder.glob("*.npz"))
    total = sum(size for _, size, _ in files)
    for _, size, path in files:
        if total <= MOST_DISK_BYTES:
            return
        path.unlink(missing_ok=True)
        total -= size
