"""Ranges as wide as the futures that they rest on can support.

The ends of a range are futures themselves. It is given if futures lie beyond both of them: 9 in 10 from 21
futures of a course on, half from 5 on, and none of fewer.
"""

from __future__ import annotations

from forewarn.forecast.quantiles import is_inside
from forewarn.forecast.summary import PeopleRange
from forewarn.outlook.format.suppression import SUPPRESS_BELOW
from forewarn.outlook.format.values import between


def widest(draws: int) -> int:
    """Give the share of futures in the widest range that so many support: 90, 50 or 0 %.

    Examples
    --------
    >>> [widest(draws) for draws in (4, 5, 20, 21)]
    [0, 50, 50, 90]
    """
    return next((90 - 40 * at for at, low in enumerate((0.05, 0.25)) if is_inside(draws, low)), 0)


def supported(item: PeopleRange, draws: int) -> PeopleRange:
    """Draw the ends of an interval in to the widest range that so many futures support.

    Examples
    --------
    >>> supported(PeopleRange(1, 2, 3, 4, 5), 13)
    PeopleRange(p05=2, p25=2, median=3, p75=4, p95=4)
    """
    if widest(draws) == 90:
        return item
    low, high = (item.p25, item.p75) if widest(draws) else (item.median, item.median)
    return PeopleRange(low, low, item.median, high, high)


def share_said(draws: int) -> str:
    """Say what share of how many futures the widest range holds.

    Examples
    --------
    >>> share_said(100), share_said(13), share_said(3)
    ('9 in 10 of 100 futures', 'half of 13 futures', 'no range: 3 futures are too few')
    """
    if not widest(draws):
        return f"no range: {draws} futures are too few"
    return f"{'9 in 10' if widest(draws) == 90 else 'half'} of {draws:,} futures"


def most(item: PeopleRange, draws: int, *, suppress_below: int = SUPPRESS_BELOW) -> str:
    """Write the widest range that so many futures support."""
    inside = supported(item, draws)
    return between(inside.p05, inside.p95, suppress_below=suppress_below) if widest(draws) else "–"


def spread(item: PeopleRange, draws: int, *, suppress_below: int = SUPPRESS_BELOW) -> str:
    """Write the widest range that so many futures support, and on what it rests.

    Examples
    --------
    >>> item = PeopleRange(100, 200, 300, 400, 500)
    >>> spread(item, 21), spread(item, 13)
    ('9 in 10 of 21 futures: 100–500', 'half of 13 futures: 200–400')
    """
    said = share_said(draws)
    return f"{said}: {most(item, draws, suppress_below=suppress_below)}" if widest(draws) else said


def intervals_said(draws: int) -> str:
    """Name what a chart draws of so many futures, for those who cannot see it."""
    return {90: "Median, 50 % and 90 % interval", 50: "Median and 50 % interval", 0: "Median"}[widest(draws)]


def futures_said(members: int, draws: int) -> str:
    """Say on how many futures something rests, in all and of each course.

    Examples
    --------
    >>> futures_said(400, 100), futures_said(50, 50)
    ('400 futures, 100 of each course', '50 futures')
    """
    return f"{members:,} futures" + (f", {draws:,} of each course" if draws < members else "")
