"""Geometry of the charts of a forecast, which `svg.draw_chart` writes as SVG and the app draws itself.

Charts are 400 units wide, the width of a phone, so that their lettering is never shrunk.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from forewarn.charts.scales import Scale, Tick, people_ticks, shortened

WIDTH = 400
LEFT, RIGHT, TOP, BOTTOM = 60, 18, 22, 34
ROW_HEIGHT = 42
CLAIM_HEIGHT = 32
LETTER_WIDTH = 6.2
MOST_LETTERS = int((WIDTH - RIGHT) / LETTER_WIDTH)
DOT = 3.2
SMALL_WIDTH, SMALL_HEIGHT, SMALL_LEFT = 200.0, 122.0, 58.0


class Spread(Protocol):
    """Five quantiles of a number of people."""

    @property
    def p05(self) -> int:
        """Lower end of the 90 % interval."""

    @property
    def p25(self) -> int:
        """Lower end of the 50 % interval."""

    @property
    def median(self) -> int:
        """Half of all are below it."""

    @property
    def p75(self) -> int:
        """Upper end of the 50 % interval."""

    @property
    def p95(self) -> int:
        """Upper end of the 90 % interval."""


@dataclass(frozen=True, slots=True)
class ChartShape:
    """An SVG path and the class that colours it."""

    path: str
    style: str


@dataclass(frozen=True, slots=True)
class ObservedDot:
    """A count on a day, people, and the ends of the line that shows its error."""

    day: int
    people: int
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Chart:
    """Everything a chart draws, in user units."""

    title: str
    description: str
    height: float
    x_label: str
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...] = ()
    y_label: str = ""
    shapes: tuple[ChartShape, ...] = ()
    marks: tuple[Tick, ...] = ()
    names: tuple[Tick, ...] = ()
    width: float = WIDTH
    left: float = LEFT
    right: float = WIDTH - RIGHT
    top: float = TOP
    bottom: float = field(default=0.0)


def fan_chart(
    *,
    title: str,
    description: str,
    by_day: Sequence[Spread],
    labels: Sequence[tuple[int, str]],
    highest: float,
    before: Sequence[int] = (),
    dots: Sequence[ObservedDot] = (),
) -> Chart:
    """Draw median, 50 % and 90 % interval over days.

    Parameters
    ----------
    title, description
        Read out by screen readers.
    by_day
        People on day 0, 1, ….
    labels
        Days to label and their labels.
    highest
        People at the top of the axis, the same for all courses that are compared.
    before
        Medians of what it is compared with, for a second line.
    dots
        What was counted; the axis is made high enough for it.
    """
    height = 230.0
    x = Scale(0, max(1, len(by_day) - 1), LEFT, WIDTH - RIGHT)
    highest = max(highest, *(each.high for each in dots), 1.0)
    y, ticks = _people_axis(highest, height - BOTTOM, TOP, about=4)
    return Chart(
        title=title,
        description=description,
        height=height,
        x_label="",
        x_ticks=tuple(Tick(x(day), label) for day, label in labels),
        y_ticks=ticks,
        y_label="people",
        shapes=(*_fan(by_day, x, y, before), *_dots(dots, x, y)),
        bottom=height - BOTTOM,
    )


def difference_chart(
    *,
    title: str,
    description: str,
    by_day: Sequence[Spread],
    labels: Sequence[tuple[int, str]],
) -> Chart:
    """Draw what a change does over days: median, 50 % and 90 % interval around a line of no difference."""
    height = 200.0
    highest = max(1, *(item.p95 for item in by_day))
    lowest = min(-1, *(item.p05 for item in by_day))
    ticks = [(value, label) for value, label in people_ticks(highest) if value]
    below = [(-value, f"−{label}") for value, label in people_ticks(-lowest) if value]
    # A scale that one side hardly uses is cut there, so that the other side can be read.
    top = ticks[-1][0] if highest * 12 > -lowest else highest
    bottom = below[-1][0] if -lowest * 12 > highest else lowest
    x = Scale(0, max(1, len(by_day) - 1), LEFT, WIDTH - RIGHT)
    y = Scale(bottom, top, height - BOTTOM, TOP)
    steps = [(0, "0"), *((value, label) for value, label in (*ticks, *below) if bottom <= value <= top)]
    room = 14.0
    shown = [step for step in steps if step[0] == 0 or abs(y(step[0]) - y(0)) > room]
    outer = _band(x, y, [item.p05 for item in by_day], [item.p95 for item in by_day])
    inner = _band(x, y, [item.p25 for item in by_day], [item.p75 for item in by_day])
    median = _line(x, y, list(enumerate(item.median for item in by_day)))
    zero = f"M{LEFT} {y(0)}H{WIDTH - RIGHT}"
    return Chart(
        title=title,
        description=description,
        height=height,
        x_label="",
        x_ticks=tuple(Tick(x(day), label) for day, label in labels),
        y_ticks=tuple(Tick(y(value), label) for value, label in shown),
        y_label="people more (+) or fewer (−)",
        shapes=(
            ChartShape(outer, "outer"),
            ChartShape(inner, "inner"),
            ChartShape(zero, "tick"),
            ChartShape(median, "median"),
        ),
        bottom=height - BOTTOM,
    )


def small_fan_chart(
    *,
    title: str,
    description: str,
    by_day: Sequence[Spread],
    labels: Sequence[tuple[int, str]],
    highest: float,
    dots: Sequence[ObservedDot] = (),
) -> Chart:
    """Draw a fan chart of half the width, one of several; parameters as for `fan_chart`."""
    right = SMALL_WIDTH - 8.0
    bottom = SMALL_HEIGHT - 22.0
    x = Scale(0, max(1, len(by_day) - 1), SMALL_LEFT, right)
    y, ticks = _people_axis(highest, bottom, 8.0, about=3)
    return Chart(
        title=title,
        description=description,
        height=SMALL_HEIGHT,
        x_label="",
        x_ticks=tuple(Tick(x(day), label) for day, label in labels),
        y_ticks=ticks,
        shapes=(*_fan(by_day, x, y), *_dots(dots, x, y)),
        width=SMALL_WIDTH,
        left=SMALL_LEFT,
        right=right,
        top=8.0,
        bottom=bottom,
    )


def _people_axis(highest: float, bottom: float, top: float, *, about: int) -> tuple[Scale, tuple[Tick, ...]]:
    ticks = people_ticks(highest, about=about)
    y = Scale(0, ticks[-1][0], bottom, top)
    return y, tuple(Tick(y(value), label) for value, label in ticks)


def _fan(by_day: Sequence[Spread], x: Scale, y: Scale, before: Sequence[int] = ()) -> tuple[ChartShape, ...]:
    outer = _band(x, y, [item.p05 for item in by_day], [item.p95 for item in by_day])
    inner = _band(x, y, [item.p25 for item in by_day], [item.p75 for item in by_day])
    median = _line(x, y, list(enumerate(item.median for item in by_day)))
    former = (ChartShape(_line(x, y, list(enumerate(before))), "before"),) if before else ()
    return ChartShape(outer, "outer"), ChartShape(inner, "inner"), *former, ChartShape(median, "median")


def _dots(dots: Sequence[ObservedDot], x: Scale, y: Scale) -> tuple[ChartShape, ...]:
    """Draw lines first, so that no line lies over a dot; nothing if there is none."""
    if not dots:
        return ()
    lines = "".join(f"M{x(each.day)} {y(each.low)}V{y(each.high)}" for each in dots)
    around = f"a{DOT} {DOT} 0 1 0 {2 * DOT} 0a{DOT} {DOT} 0 1 0 {-2 * DOT} 0Z"
    circles = "".join(f"M{round(x(each.day) - DOT, 2)} {y(each.people)}{around}" for each in dots)
    return ChartShape(lines, "error"), ChartShape(circles, "dot")


def exceedance_chart(
    *,
    title: str,
    description: str,
    curve: Sequence[tuple[int, float]],
    claims: Sequence[tuple[int, str]] = (),
) -> Chart:
    """Draw the probability that more people than x are displaced, with claims as vertical lines."""
    height = 250.0
    highest = max([people for people, _ in curve] + [people for people, _ in claims])
    ticks = people_ticks(highest)
    x = Scale(0, ticks[-1][0], LEFT, WIDTH - RIGHT)
    y = Scale(0, 1, height - BOTTOM, TOP)
    return Chart(
        title=title,
        description=description,
        height=height,
        x_label="more than so many people",
        x_ticks=tuple(Tick(x(value), label) for value, label in ticks),
        y_ticks=tuple(Tick(y(share / 4), f"{share * 25} %") for share in range(5)),
        y_label="chance",
        shapes=(ChartShape(_line(x, y, curve), "median"),),
        marks=tuple(Tick(x(people), label) for people, label in claims),
        bottom=height - BOTTOM,
    )


def interval_chart(
    *,
    title: str,
    description: str,
    rows: Sequence[tuple[str, Spread]],
    claims: Sequence[tuple[str, int, int]],
) -> Chart:
    """Draw a row for each course (90 % and 50 % interval, median) and each published figure.

    Parameters
    ----------
    title, description
        Read out by screen readers.
    rows
        Names and distributions of courses, people.
    claims
        Names and bounds of published figures, people. The first is drawn across the courses too.
    """
    left, top = 16.0, 8.0
    bottom = top + ROW_HEIGHT * len(rows) + CLAIM_HEIGHT * len(claims)
    ticks = people_ticks(max([item.p95 for _, item in rows] + [high for _, _, high in claims]))
    x = Scale(0, ticks[-1][0], left, WIDTH - RIGHT)
    shapes: list[ChartShape] = []
    names: list[Tick] = []
    for _, low, high in claims[:1]:
        shapes += [ChartShape(f"M{x(bound)} {top}V{bottom}", "mark") for bound in dict.fromkeys((low, high))]
    for index, (name, item) in enumerate(rows):
        middle = top + ROW_HEIGHT * index + 27
        names.append(Tick(middle - 12, shortened(name, MOST_LETTERS)))
        shapes.append(ChartShape(_box(x(item.p05), x(item.p95), middle, 4), "outer"))
        shapes.append(ChartShape(_box(x(item.p25), x(item.p75), middle, 7), "inner"))
        shapes.append(ChartShape(f"M{x(item.median)} {middle - 9}V{middle + 9}", "median"))
    for index, (name, low, high) in enumerate(claims):
        middle = top + ROW_HEIGHT * len(rows) + CLAIM_HEIGHT * index + 25
        names.append(Tick(middle - 9, shortened(name, MOST_LETTERS)))
        shapes.append(ChartShape(_box(x(low) - 2, x(high) + 2, middle, 4), "claim"))
    return Chart(
        title=title,
        description=description,
        height=bottom + BOTTOM,
        x_label="people",
        x_ticks=tuple(Tick(x(value), label) for value, label in ticks),
        shapes=tuple(shapes),
        names=tuple(names),
        left=left,
        top=top,
        bottom=bottom,
    )


def _line(x: Scale, y: Scale, points: Sequence[tuple[int, float]]) -> str:
    return "M" + "L".join(f"{x(across)} {y(up)}" for across, up in points)


def _band(x: Scale, y: Scale, low: Sequence[int], high: Sequence[int]) -> str:
    there = [f"{x(day)} {y(value)}" for day, value in enumerate(high)]
    back = [f"{x(day)} {y(value)}" for day, value in reversed(list(enumerate(low)))]
    return "M" + "L".join(there + back) + "Z"


def _box(start: float, end: float, middle: float, half: float) -> str:
    # A course where all members agree would have no width to see.
    end = max(end, start + 1.5)
    return f"M{start} {middle - half}H{end}V{middle + half}H{start}Z"
