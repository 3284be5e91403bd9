"""What was found in each sentence, so that no sentence has to look through the whole document."""

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
