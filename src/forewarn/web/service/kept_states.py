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
        self._asked: set[str] = set()
        self._lock = threading.Lock()

    def get(self, course: str, first: int) -> KeptMembers | None:
        """Give what is kept of a course for the piece that begins with a draw."""
        with self._lock:
            found = self._pieces.get((course, first))
            if found is not None:
                self._pieces.move_to_end((course, first))
            return found

    def ask(self, course: str) -> bool:
        """Say whether a course is still to be kept; whoever hears so keeps it."""
        with self._lock:
            is_new = course not in self._asked
            self._asked.add(course)
            return is_new

    def put(self, course: str, first: int, members: KeptMembers) -> None:
        """Keep a piece, and let go of others where there is no room."""
        with self._lock:
            self._pieces[course, first] = members
            while self._pieces and sum(each.nbytes for each in self._pieces.values()) > self._most_bytes:
                gone, _ = self._pieces.popitem(last=False)[0]
                if not any(course == gone for course, _ in self._pieces):
                    self._asked.discard(gone)

    def clear(self) -> None:
        """Let go of everything."""
        with self._lock:
            self._pieces.clear()
            self._asked.clear()
