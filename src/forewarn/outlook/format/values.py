"""Numbers, dates and names as people read them."""

from __future__ import annotations

import unicodedata
from datetime import date
from typing import Final

import numpy as np

from forewarn.outlook.format.suppression import SUPPRESS_BELOW, is_suppressed

SIGNIFICANT_DIGITS: Final = 3


def people(count: int, *, suppress_below: int = SUPPRESS_BELOW) -> str:
    """Round a number of people to three digits, tens at least.

    Counts above 0 and below `suppress_below` are suppressed: they all read the same.

    Examples
    --------
    >>> people(412_345), people(1_203_456), people(57), people(3), people(0)
    ('412,000', '1,200,000', '60', 'under 10', '0')
    """
    if is_suppressed(count, suppress_below):
        return f"under {suppress_below}"
    return f"{rounded(count, least=10):,}"


def rounded(count: int, *, least: int = 1) -> int:
    """Round to three digits, half up, and to `least` at least.

    Examples
    --------
    >>> rounded(412_345), rounded(57), rounded(57, least=10)
    (412000, 57, 60)
    """
    unit = max(least, int(10 ** max(0, len(str(abs(count))) - SIGNIFICANT_DIGITS)))
    return (count + unit // 2) // unit * unit


def signed(difference: int, *, suppress_below: int = SUPPRESS_BELOW) -> str:
    """Write a difference in people with its sign, rounded like a number of people.

    Small ones are suppressed, and which way they go too: `under 10`, as for numbers of people.

    Examples
    --------
    >>> signed(12_345), signed(-40_120), signed(4), signed(-4), signed(0)
    ('+12,300', '−40,100', 'under 10', 'under 10', '0')
    """
    size = people(abs(difference), suppress_below=suppress_below)
    if abs(difference) < suppress_below or size == "0":
        return size
    return ("+" if difference > 0 else "−") + size


def signed_range(low: int, high: int, *, suppress_below: int = SUPPRESS_BELOW) -> str:
    """Write an interval of differences; one number if both ends read the same.

    Examples
    --------
    >>> signed_range(-12_345, 57), signed_range(0, 0), signed_range(-3, 4)
    ('−12,300 to +60', '0', 'under 10')
    """
    first, last = signed(low, suppress_below=suppress_below), signed(high, suppress_below=suppress_below)
    return first if first == last else f"{first} to {last}"


def between(low: int, high: int, *, suppress_below: int = SUPPRESS_BELOW) -> str:
    """Write an interval; one number if both ends read the same.

    Examples
    --------
    >>> between(151_234, 298_765), between(0, 0)
    ('151,000–299,000', '0')
    """
    first, last = people(low, suppress_below=suppress_below), people(high, suppress_below=suppress_below)
    return first if first == last else f"{first}–{last}"


def percent(share: float) -> str:
    """Write a probability in whole per cent; simulated shares are never quite 0 or 1.

    Examples
    --------
    >>> percent(0.123), percent(0.002), percent(0.999)
    ('12 %', 'under 1 %', 'over 99 %')
    """
    if share < 0.01:
        return "under 1 %"
    if share > 0.99:
        return "over 99 %"
    return f"{share * 100:.0f} %"


def chance(probability: float) -> str:
    """Write a probability that the scenario states, 0 and 1 included.

    Examples
    --------
    >>> chance(0.25), chance(1.0), chance(0.125)
    ('25 %', '100 %', '12.5 %')
    """
    return f"{round(probability * 100, 1):g} %"


def day(when: date | np.datetime64) -> str:
    """Write a date.

    Examples
    --------
    >>> day(date(2018, 8, 30))
    '30 August 2018'
    """
    known = calendar_day(when)
    return f"{known.day} {known:%B} {known.year}"


def short_day(when: date | np.datetime64) -> str:
    """Write a date for an axis.

    Examples
    --------
    >>> short_day(date(2018, 8, 30))
    '30 Aug'
    """
    known = calendar_day(when)
    return f"{known.day} {known:%b}"


def calendar_day(when: date | np.datetime64) -> date:
    """Make a plain date of one out of a Dataset."""
    if isinstance(when, np.datetime64):
        return date.fromisoformat(str(when.astype("datetime64[D]")))
    return when


def listed(names: list[str]) -> str:
    """Join names with commas and a last "and".

    Examples
    --------
    >>> listed(["north", "east", "south"])
    'north, east and south'
    """
    return " and ".join(part for part in (", ".join(names[:-1]), *names[-1:]) if part)


def isolated(name: str) -> str:
    """Keep a name that is written from right to left from moving the numbers and brackets beside it.

    Such a name is put between the signs FSI and PDI (Unicode Standard Annex 9); others stay as they are.

    Examples
    --------
    >>> isolated("Idleb"), len(isolated("إدلب"))
    ('Idleb', 6)
    """
    from_the_right = any(unicodedata.bidirectional(sign) in ("R", "AL") for sign in name)
    return f"\u2068{name}\u2069" if from_the_right else name
