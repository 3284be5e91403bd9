"""Quantities: numbers with the words that bound them, apart from dates, money, ages, shares of nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from forewarn.facts import Bound, StatedNumber
from forewarn.reading.numbers.find import Number, find_numbers, scale_of
from forewarn.reading.text.rules import FigureRules
from forewarn.reading.text.spans import Ordered

_GAP = re.compile(r"\s?(?:to|-|–|and|or|a|y|et)\s?", re.IGNORECASE)
# Greatest number of people that a figure can hold: above it something else was counted.
_MOST_PEOPLE = 9e9
_OLDEST = 110  # years
# "Report 14" is a code, "report 4,900" is not (assumption).
_LEAST_NOT_CODE = 10_000


@dataclass(frozen=True, slots=True)
class Counted:
    """A quantity and where it stands.

    Parameters
    ----------
    start, end
        Characters of the whole expression, with the words that bound it.
    quantity
        What it says.
    in_digits
        Whether it is written in digits.
    """

    start: int
    end: int
    quantity: StatedNumber
    in_digits: bool

    @property
    def size(self) -> float:
        """The number that stands for it: the value, or the lower bound of a range; 0 for a bare share."""
        return next((x for x in (self.quantity.value, self.quantity.low) if x is not None), 0.0)


def find_quantities(text: str, rules: FigureRules, dates: Sequence[tuple[int, int]]) -> Iterator[Counted]:
    """Find the quantities that may count people, households or houses.

    Parameters
    ----------
    text
        Repaired text.
    rules
        Words that bound, and words that tell other measures.
    dates
        Where dates stand: their numbers are no quantities.
    """
    known = Ordered(dates, lambda stretch: stretch[0])
    longest = max((end - start for start, end in dates), default=0)
    kept = [
        number
        for number in find_numbers(text)
        if not any(number.start < end for _, end in known.between(number.start - longest, number.end))
    ]
    numbers = [number for number in _joined(kept, text) if not _is_other(number, text, rules)]
    for number in numbers:
        yield _bounded(number, text, rules)


def _joined(numbers: Sequence[Number], text: str) -> Iterator[Number]:
    """Join "100,000 to 120,000" and "between 3 and 4 million" into ranges."""
    skip = -1
    for first, second in pairwise([*numbers, Number(len(text) + 9, len(text) + 9, 0.0)]):
        if first.start <= skip:
            continue
        gap = text[first.end : second.start] if second.end <= len(text) else ""
        united = _unite(first, second, gap, text)
        if united is not None:
            skip = second.start
            yield united
        else:
            yield first


def _unite(first: Number, second: Number, gap: str, text: str) -> Number | None:
    if first.value is None or second.value is None or not _GAP.fullmatch(gap):
        return None
    word = gap.strip().lower()
    before = text[max(0, first.start - 9) : first.start].lower()
    if word in ("and", "y", "et") and not before.endswith(("between ", "entre ")):
        return None
    if word == "a" and not before.endswith(("de ", "entre ")):
        return None
    low, high = first.value, second.value
    scale = scale_of(text[second.start : second.end])
    if low < scale and low * scale < high:  # "two to three million", "between five and six lakh"
        low *= scale
    start = (
        first.start - len(before) + before.rfind("between ") if before.endswith("between ") else first.start
    )
    if low >= high:
        return None
    return Number(start, second.end, None, low, high, in_digits=first.in_digits)


def _is_other(number: Number, text: str, rules: FigureRules) -> bool:
    """Whether it measures something else: money, distance, age, time, a rank, a year, a code."""
    before, after = text[max(0, number.start - 40) : number.start], text[number.end : number.end + 60]
    if number.share is None and (rules.other_after.match(after) or rules.other_before.search(before)):
        return True
    if after[:1].isalpha() or re.match(
        r"[/:]\d|-(?!odd\b|plus\b)[a-z]|(?:st|nd|rd|th)\b", after, re.IGNORECASE
    ):
        return True
    value = number.value
    if value is None:
        return False
    if value <= _OLDEST and number.in_digits and re.search(r"[a-z], $", before) and after.startswith(","):
        return True  # "The baker, 38, sells"
    is_grouped = "," in text[number.start : number.end]
    if value < _LEAST_NOT_CODE and not is_grouped and rules.code_before.search(before):
        return True
    is_year = number.in_digits and 1900 <= value <= 2100 and not is_grouped
    if is_year and not rules.people_next.match(after):
        return True
    return value > _MOST_PEOPLE or value == 0 or value != round(value)


def _bounded(number: Number, text: str, rules: FigureRules) -> Counted:
    before, after = text[max(0, number.start - 45) : number.start], text[number.end : number.end + 20]
    found, start = "exact", number.start
    for bound, pattern in rules.bounds_before:
        match = pattern.search(before)
        if match:
            found, start = bound, number.start - len(before) + match.start()
            break
    end = number.end
    for bound, pattern in rules.bounds_after:
        match = pattern.match(after)
        if match and found in ("exact", "approximate"):
            found, end = bound, number.end + match.end()
            break
    return Counted(start, end, _quantity(number, found), number.in_digits)


def _quantity(number: Number, bound: str) -> StatedNumber:
    value, low, high = number.value, number.low, number.high
    chosen: Bound = "range" if low is not None else "exact"
    if number.share is not None:
        chosen = bound if bound in ("approximate", "at-least", "at-most") else "exact"  # type: ignore[assignment]
        return StatedNumber(share=number.share, bound=chosen)
    if bound == "at-least" and value is not None:
        return StatedNumber(value=value, low=value, bound="at-least")
    if bound == "at-most" and value is not None:
        return StatedNumber(value=value, high=value, bound="at-most")
    if bound == "approximate" and value is not None:
        chosen = "approximate"
    return StatedNumber(value=value, low=low, high=high, bound=chosen)


def resolve_share(counted: Counted, whole: float, said: str) -> Counted:
    """Turn a share into people.

    Parameters
    ----------
    counted
        A share.
    whole
        People that it is a share of.
    said
        Where the whole comes from, for the reader.
    """
    share = counted.quantity.share or 0.0
    bound: Bound = "approximate" if counted.quantity.bound == "exact" else counted.quantity.bound
    quantity = counted.quantity.model_copy(
        update={"value": round(share * whole), "whole": said, "bound": bound}
    )
    return replace(counted, quantity=quantity)
