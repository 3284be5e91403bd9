"""Stretches of text by where they lie, or by their sentence: found without a look at all the others."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from typing import Generic, TypeVar

Range = tuple[int, int]
Thing = TypeVar("Thing")


class BySentence(Generic[Thing]):
    """Things of a text by the sentences that they touch, in the order given.

    Parameters
    ----------
    sentences
        Characters of the text, (start, end), in order and not overlapping.
    things
        Anything with ranges of characters.
    ranges
        Tells the ranges of a thing; it is held by every sentence that one of them shares a character with.

    Examples
    --------
    >>> words = BySentence([(0, 10), (11, 20)], [(2, 4), (8, 13)], lambda word: [word])
    >>> words.of(0), words.of(1)
    ([(2, 4), (8, 13)], [(8, 13)])
    """

    def __init__(
        self,
        sentences: Sequence[Range],
        things: Iterable[Thing],
        ranges: Callable[[Thing], Iterable[Range]],
    ) -> None:
        self._held: list[list[Thing]] = [[] for _ in sentences]
        starts, ends = [first for first, _ in sentences], [last for _, last in sentences]
        for thing in things:
            touched = {
                index
                for start, end in ranges(thing)
                for index in range(bisect_right(ends, start), bisect_left(starts, end))
            }
            for index in touched:
                self._held[index].append(thing)

    def of(self, sentence: int) -> list[Thing]:
        """Give what the sentence of this index holds."""
        return self._held[sentence]


class Ordered(Generic[Thing]):
    """Things that start somewhere in a text, in that order; things that start at one place stay as they came.

    Parameters
    ----------
    things
        In any order.
    start
        Gives the character at which a thing starts.
    """

    def __init__(self, things: Iterable[Thing], start: Callable[[Thing], int]) -> None:
        self.things: Sequence[Thing] = sorted(things, key=start)
        self._starts = [start(thing) for thing in self.things]

    def between(self, first: int, last: int) -> Sequence[Thing]:
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
