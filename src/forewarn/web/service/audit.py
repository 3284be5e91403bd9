"""The log of who signed in, drafted, ran, exported and deleted: what, to which id, and no contents."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from forewarn.web.service.limits import Rates

PERSON: Final[ContextVar[str]] = ContextVar("person", default="")
"""Who acts: set for each request and each connection of a page, and handed on to all they start."""
MONTH: Final = re.compile(r"\d{4}-\d\d")
REFUSALS: Final = {"per_minute": 1, "burst": 20}
"""Refused attempts that are written down: a flood of them must not fill the disk."""


class Audit:
    """Lines of JSON, one file a month, never changed.

    Parameters
    ----------
    folder
        Where the files are; made if missing.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._refusals = Rates(**REFUSALS)
        folder.mkdir(exist_ok=True)

    def note(self, what: str, about: str = "", *, person: str | None = None, **more: str) -> None:
        """Write down that somebody did something.

        Parameters
        ----------
        what
            A verb.
        about
            Id of what it was done to.
        person
            Who; whoever acts now if None.
        """
        now = datetime.now(UTC)
        who = PERSON.get() if person is None else person
        entry = {
            "time": now.isoformat(timespec="seconds"),
            "person": who,
            "what": what,
            "about": about,
            **more,
        }
        path = self._folder / f"{now:%Y-%m}.jsonl"
        with self._lock:
            path.touch(mode=0o600)
            with path.open("a", encoding="utf-8", newline="\n") as file:
                file.write(json.dumps(entry, ensure_ascii=False) + "\n")

    def refused(self, address: str) -> None:
        """Write down that somebody was not let in; the name may be a password in the wrong field."""
        if self._refusals.take("all") == 0:
            self.note("was refused", person="", address=address)

    def entries(self, most: int) -> list[dict[str, Any]]:
        """Give the newest entries, newest first."""
        found: list[dict[str, Any]] = []
        for path in sorted(self._files(), reverse=True):
            lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
            for line in reversed(lines):
                # The last line of a file may be half: a disk was full, or the power went.
                try:
                    entry = json.loads(line)
                except ValueError:
                    continue
                if isinstance(entry, dict):
                    found.append(entry)
                if len(found) == most:
                    return found
        return found

    def forget(self, before: datetime) -> None:
        """Remove the files of the months that ended before a time."""
        for path in self._files():
            first = datetime.strptime(path.stem, "%Y-%m").replace(tzinfo=UTC)
            # Whatever month it is, the next one has begun 31 days later.
            if first + timedelta(days=31) < before:
                path.unlink(missing_ok=True)

    def _files(self) -> Iterator[Path]:
        return (path for path in self._folder.glob("*.jsonl") if MONTH.fullmatch(path.stem))
