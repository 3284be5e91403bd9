"""The charts of a forecast."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from forewarn.charts import geometry as charts
from forewarn.charts.scales import round_steps
from forewarn.forecast import summary
from forewarn.forecast.summary import PeopleRange
from forewarn.outlook.format.ranges import intervals_said, supported
from forewarn.outlook.format.values import short_day

if TYPE_CHECKING:
    from forewarn.outlook.view import ForecastView
    from forewarn.scenario import Scenario

STEPS_OF_THE_CURVE = 160


@dataclass(frozen=True, slots=True)
class LabelledClaim:
    """A published figure and the letter that stands for it in charts."""

    letter: str
    text: str
    low: int
    high: int

    @property
    def lines(self) -> list[tuple[int, str]]:
        """Where it stands on an axis of people."""
        return [(bound, self.letter) for bound in dict.fromkeys((self.low, self.high))]


@dataclass(frozen=True, slots=True)
class Fan:
    """Quantiles of one course by day and their chart."""

    by_day: tuple[PeopleRange, ...]
    chart: charts.Chart


def labelled_claims(scenario: Scenario) -> tuple[LabelledClaim, ...]:
    """Give each claim a letter: A, B, …."""
    found = []
    for index, claim in enumerate(scenario.claims):
        low, high = summary.claim_bounds(claim.people, claim.low, claim.high)
        text = f"{low:,}" if low == high else f"{low:,}–{high:,}"
        found.append(LabelledClaim(_letter(index), text, low, high))
    return tuple(found)


def fans(
    view: ForecastView, courses: Sequence[str], dots: Sequence[charts.ObservedDot] = ()
) -> dict[str, Fan]:
    """Draw people displaced by day for each of these courses, on one scale, and what was counted of them."""
    table = view.displaced_by_day.sel(course=list(courses))
    highest = max(float(table.max()), *(each.high for each in dots), 1.0)
    said = f" Dots: {len(dots)} counts with their error; they too stand in a table." if dots else ""
    labels = [(number, short_day(view.dates[number])) for number in labelled_days(len(view.dates) - 1)]
    drawn = {}
    for name in courses:
        own, members = table.sel(course=name), view.members_per_course[name]
        by_day = summary.intervals(own.values)
        chart = charts.fan_chart(
            title=view.formatter.title(name),
            description=f"{intervals_said(members)} by day; the numbers stand in the table below." + said,
            by_day=[supported(item, members) for item in by_day],
            labels=labels,
            highest=highest,
            dots=dots,
        )
        drawn[name] = Fan(by_day, chart)
    return drawn


def exceedance(view: ForecastView, claims: tuple[LabelledClaim, ...]) -> charts.Chart:
    """Draw the chance that more people than x are displaced, over all courses."""
    highest = int(summary.displaced_people(view.dataset, measure="offensive").isel(day=-1).max())
    steps = round_steps(highest, about=STEPS_OF_THE_CURVE)
    curve = summary.exceedance(view.dataset, thresholds=steps)
    points = list(zip(curve["people"].values.tolist(), curve.values.tolist(), strict=True))
    return charts.exceedance_chart(
        title="Chance that more than so many people leave, over all courses",
        description="A falling curve; numbers in the table below. Dashed: the first published figure.",
        curve=points,
        claims=claims[0].lines if claims else [],
    )


def claims(view: ForecastView, labelled: tuple[LabelledClaim, ...]) -> charts.Chart:
    """Draw each course's distribution at the horizon with the published figures across."""
    last, words = view.displaced_by_day.isel(day=-1), view.formatter
    members = {name: view.members_per_course[name] for name in view.courses}
    rows = [
        (words.title(name), supported(summary.interval(last.sel(course=name)), own))
        for name, own in members.items()
    ]
    return charts.interval_chart(
        title="Published figures in the distribution of each course",
        description=f"{intervals_said(min(members.values()))} of each course, and below them the published "
        "figures.",
        rows=rows,
        claims=[(f"{claim.letter}. {claim.text}", claim.low, claim.high) for claim in labelled],
    )


def _letter(index: int) -> str:
    letter = chr(ord("A") + index % 26)
    return letter if index < 26 else f"{letter}{index // 26}"


def labelled_days(horizon_days: int) -> list[int]:
    """Give the days that an axis names."""
    step = max(1, round(horizon_days / 4))
    return [number for number in range(0, horizon_days + 1, step) if number <= horizon_days]
