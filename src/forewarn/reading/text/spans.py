"""Stretches of text by where they stand: found without a look at all the others."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from typing import Generic, TypeVar

T = TypeVar("T")


class Ordered(Generic[T]):
    """Things that start somewhere in a text, in that order; things that start at one place stay as they came.

    Parameters
    ----------
    things
        In any order.
    start
        Gives the character at which a thing starts.
    """

    def __init__(self, things: Iterable[T], start: Callable[[T], int]) -> None:
        self.things: Sequence[T] = sorted(things, key=start)
        self._starts = [start(thing) for thing in self.things]

    def between(self, first: int, last: int) -> Sequence[T]:
        """Things that start at `first` or after it, and before `last`."""
        return self.things[bisect_left(self._starts, first) : bisect_left(self._starts, last)]


class Taken:
    """Stretches of which no two overlap."""

    def __init__(self) -> None:
        self._starts: list[int] = []
        self._ends: list[int] = []

    def take(self, start: int, end: int) -> bool:
        """Take a stretch unless it overlaps one that is taken; say whether it was.

        Examples
        --------
        >>> taken = Taken()
        >>> taken.take(5, 9), taken.take(8, 12), taken.take(9, 12), taken.take(0, 5)
        (True, False, True, True)
        """
        at = bisect_left(self._starts, end)
        if at and self._ends[at - 1] > start:
            return False
        at = bisect_left(self._starts, start)
        self._starts.insert(at, start)
        self._ends.insert(at, end)
        return True
