"""Limits of the app: sizes of what comes in, of what is computed, and how often."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from forewarn.errors import ForewarnError, Problem
from forewarn.scenario import Scenario

MIB: Final = 2**20
MOST_DOCUMENT_BYTES: Final = 8 * MIB
"""Largest scenario, workbook, archive or report that is taken; assumption: the bundled ones have 60 kB."""
MOST_REPORT_CHARACTERS: Final = 400_000
"""Longest text of a report: a book of 200 pages, whose reading takes a minute of one processor."""
MOST_TABLE_BYTES: Final = 1 * MIB
"""Largest table of observations; assumption: a year of daily counts at a hundred places has 1 MB."""
MOST_ARCHIVE_FILES: Final = 20
MOST_MEMBERS: Final = 2000
MOST_CELLS: Final = 400_000_000
"""Futures × days × places that one forecast may have in memory: four tables of so many numbers are 6 GB; the
usual 400 futures of Idlib have 4 million. Larger ones belong on the command line."""
MOST_QUEUED: Final = 5
"""Jobs that one browser may have waiting or running."""
MOST_QUEUED_IN_ALL: Final = 60
MOST_CAMPS: Final = 20
MOST_SCENARIOS: Final = 500


class NotFoundError(ForewarnError):
    """What was asked for is not there."""


class TooLargeError(ForewarnError):
    """What was sent or asked for is beyond a limit of size."""


class BusyError(ForewarnError):
    """Too much was asked for at once; later it will do."""


class ConflictError(ForewarnError):
    """It cannot be done in the state that things are in."""


class StoppedError(ForewarnError):
    """Somebody stopped it."""

    def __init__(self) -> None:
        super().__init__(Problem("forecast", "stopped"))


def check_size(name: str, size: int, most: int) -> None:
    """Refuse what is larger than `most` bytes."""
    if size > most:
        raise TooLargeError(Problem(name, f"{size:,} bytes", f"at most {most:,}"))


def check_work(scenario: Scenario, members: int) -> None:
    """Refuse a forecast that would not fit beside those of others."""
    if members > MOST_MEMBERS:
        raise TooLargeError(Problem("members", f"{members:,}", f"at most {MOST_MEMBERS:,}"))
    cells = members * (scenario.horizon_days + 1) * len(scenario.places)
    if cells > MOST_CELLS:
        what = f"{members:,} futures × {scenario.horizon_days} days × {len(scenario.places):,} places"
        raise TooLargeError(
            Problem(
                "forecast",
                what,
                f"a product of at most {MOST_CELLS:,}",
                "Ask for fewer futures or days, or use the command line: forewarn outlook",
            )
        )


class ConcurrencyLimit:
    """Work that few may do at once, and few may wait for.

    Parameters
    ----------
    what
        Named when there are too many.
    at_once, waiting
        How many.
    """

    def __init__(self, what: str, *, at_once: int, waiting: int) -> None:
        self._what = what
        self._most = at_once + waiting
        self._free = threading.Semaphore(at_once)
        self._lock = threading.Lock()
        self._here = 0

    @contextmanager
    def slot(self) -> Iterator[None]:
        """Wait for a slot, and hold it.

        Raises
        ------
        BusyError
            Too many wait already.
        """
        with self._lock:
            if self._here >= self._most:
                found = f"{self._here} are being read or wait"
                raise BusyError(Problem(self._what, found, f"{self._most} at once", "Try again in a minute"))
            self._here += 1
        try:
            with self._free:
                yield
        finally:
            with self._lock:
                self._here -= 1


class Rates:
    """How often somebody may ask: a bucket of tokens each, refilled at an even pace.

    Parameters
    ----------
    per_minute
        Requests in the long run.
    burst
        Requests at once.
    most_known
        Names that are remembered; the one that asked longest ago is forgotten first.
    """

    def __init__(self, *, per_minute: float, burst: int, most_known: int = 10_000) -> None:
        self._per_second = per_minute / 60
        self._burst = burst
        self._most_known = most_known
        self._known: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, name: str, *, now: float | None = None, keep: bool = False) -> float:
        """Take a token; say how many seconds to wait if there is none, else 0.

        Parameters
        ----------
        keep
            Only say whether there is one.
        """
        at = time.monotonic() if now is None else now
        with self._lock:
            tokens, then = self._known.pop(name, (float(self._burst), at))
            tokens = min(float(self._burst), tokens + (at - then) * self._per_second)
            wait = 0.0 if tokens >= 1 else (1 - tokens) / self._per_second
            self._known[name] = (tokens - 1 if wait == 0 and not keep else tokens, at)
            while len(self._known) > self._most_known:
                self._known.popitem(last=False)
        return wait
