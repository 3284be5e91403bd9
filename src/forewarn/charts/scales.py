"""Scales, ticks and labels of charts."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tick:
    """A labelled place on an axis."""

    at: float
    label: str


@dataclass(frozen=True, slots=True)
class Scale:
    """A linear way from values to user units, rounded to `decimals`."""

    low: float
    high: float
    start: float
    end: float
    decimals: int = 2

    def __call__(self, value: float) -> float:
        """Place a value; values beyond the scale stay at its end."""
        inside = min(max(value, self.low), self.high)
        share = (inside - self.low) / (self.high - self.low)
        return round(self.start + share * (self.end - self.start), self.decimals)


def round_steps(highest: int, *, about: int = 20) -> tuple[int, ...]:
    """Give about `about` round numbers from 0 to the first at or above `highest`.

    Examples
    --------
    >>> round_steps(100, about=4)
    (0, 25, 50, 75, 100)
    >>> round_steps(0)
    (0, 1)
    """
    step = 1
    while step * about < highest:
        step = next(size for size in _round_sizes() if size > step)
    last = max(1, -(-highest // step))
    return tuple(step * index for index in range(last + 1))


def people_ticks(highest: float, *, about: int = 4) -> tuple[tuple[int, str], ...]:
    """Choose about so many round numbers of people from 0 on, with labels in thousands or millions.

    Examples
    --------
    >>> people_ticks(900)[-1], people_ticks(1_600_000)[-1]
    ((1000, '1,000'), (2000000, '2 m'))
    """
    steps = round_steps(max(1, int(highest)), about=about)
    if steps[-1] >= 1_000_000:
        return tuple((step, f"{step / 1e6:g} m" if step else "0") for step in steps)
    if steps[-1] >= 10_000:
        return tuple((step, f"{step / 1e3:g},000" if step else "0") for step in steps)
    return tuple((step, f"{step:,}") for step in steps)


def shortened(name: str, letters: int) -> str:
    """Cut a name that is longer than so many letters.

    Examples
    --------
    >>> shortened("Ma'arrat An Nu'man", 10), shortened("Dana", 10)
    ("Ma'arrat…", 'Dana')
    """
    return name if len(name) <= letters else name[: letters - 1].rstrip() + "…"


def _round_sizes() -> tuple[int, ...]:
    return tuple(
        digit * 10**power // 10
        for power in range(1, 11)
        for digit in (10, 20, 25, 50)
        if digit * 10**power >= 10
    )
