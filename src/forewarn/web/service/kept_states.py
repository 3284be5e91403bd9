"""Members of courses as they stood on some days, so that previews begin where a change first matters."""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import Final

from forewarn.forecast.kept_members import KeptMembers
from forewarn.web.service.limits import MIB

MOST_BYTES: Final = 256 * MIB
"""For all scenarios together; the 52 members of a preview of Idlib 2018 take some 85 MB."""


class KeptStates:
    """Kept members, piece by piece as they were simulated; those that nobody asked for longest go first."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._most_bytes = most_bytes
        self._pieces: OrderedDict[tuple[str, int], KeptMembers] = OrderedDict()
        self._asked: set[tuple[str, int]] = set()
        self._times_cleared = 0
        self._lock = threading.Lock()

    def get(self, course: str, first: int) -> KeptMembers | None:
        """Give what is kept of a course for the piece that begins with a draw."""
        with self._lock:
            found = self._pieces.get((course, first))
            if found is not None:
                self._pieces.move_to_end((course, first))
            return found

    def ask(self, course: str, first: int) -> int | None:
        """Give a ticket to whoever is to keep a piece; None if it is kept already, or about to be."""
        with self._lock:
            if (course, first) in self._asked:
                return None
            self._asked.add((course, first))
            return self._times_cleared

    def put(self, course: str, first: int, members: KeptMembers, ticket: int) -> None:
        """Keep a piece, unless all has been let go of since, and let go of others where there is no room."""
        with self._lock:
            if ticket != self._times_cleared:
                return
            self._pieces[course, first] = members
            while self._pieces and sum(each.nbytes for each in self._pieces.values()) > self._most_bytes:
                gone, _ = self._pieces.popitem(last=False)
                self._asked.discard(gone)

    def give_up(self, course: str, first: int) -> None:
        """Let a piece that could not be kept be asked for again."""
        with self._lock:
            self._asked.discard((course, first))

    def clear(self) -> None:
        """Let go of everything, and of what is being made."""
        with self._lock:
            self._times_cleared += 1
            self._pieces.clear()
            self._asked.clear()
