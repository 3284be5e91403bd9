"""The reference-class comparison: what past offensives say beside the simulation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from forewarn.forecast import summary
from forewarn.outlook.format.values import day, listed, people, percent

if TYPE_CHECKING:
    from forewarn.analogues import Attributes
    from forewarn.analogues.likeness import Analogue
    from forewarn.outlook.view import ForecastView
    from forewarn.scenario import Course

PROBABILITIES: Final = (0.05, 0.25, 0.5, 0.75, 0.95)


@dataclass(frozen=True, slots=True)
class ReferenceClassRow:
    """One course with an offensive: people under attack, and how many leave by class and by simulation."""

    title: str
    attacked: str
    by_class: str
    by_class_most: str
    simulated: str
    simulated_most: str


@dataclass(frozen=True, slots=True)
class PastCase:
    """A past offensive, with how many left."""

    name: str
    when: str
    exposed: str
    share: str
    days_to_half: str
    source: str
    url: str


@dataclass(frozen=True, slots=True)
class ReferenceClassComparison:
    """The reference class as known on the issue day."""

    like: str
    left_out: str
    events: int
    courses: tuple[ReferenceClassRow, ...]
    cases: tuple[PastCase, ...]
    sentence: str


def compare_with_reference_class(view: ForecastView) -> ReferenceClassComparison | None:
    """Ask the reference class what it expects of each course; nothing if the scenario has no `analogues`.

    The share of the class is taken of the people in the places that a course attacks. The simulation's number
    beside it counts those who left because of the offensive, fear or a warning by the horizon.
    """
    from forewarn.analogues import Attributes, nearest_cases, predictive, select
    from forewarn.scenario import attacked

    scenario = view.scenario
    like = scenario.analogues
    if like is None:
        return None
    rows, widest = [], None
    events = 0
    for course in scenario.courses:
        found = attacked(scenario, course)
        if found is None or course.name not in view.courses:
            continue
        asked = Attributes(like.scope, like.kind, like.exits, found.people)
        if widest is None or found.people > (widest.people or 0):
            widest = asked
        expected = predictive(
            asked, as_of=scenario.issued, leave_out=like.leave_out, probabilities=PROBABILITIES
        )
        events = expected.share_events
        rows.append(_row(view, course, found.people, expected.share))
    if widest is None:
        return None
    chosen = select(as_of=scenario.issued, leave_out=like.leave_out)
    cases = nearest_cases(widest, chosen)
    return ReferenceClassComparison(
        like=_in_words(widest),
        left_out=listed(list(like.leave_out)),
        events=events,
        courses=tuple(rows),
        cases=tuple(_case(case) for case in cases),
        sentence=_sentence(cases),
    )


def _row(view: ForecastView, course: Course, exposed: int, shares: tuple[float, ...]) -> ReferenceClassRow:
    words = view.formatter
    table = view.displaced_table.sel(course=course.name).isel(table_day=-1)
    found = summary.interval(table["offensive"])
    expected = [round(share * exposed) for share in shares]
    return ReferenceClassRow(
        title=course.title or course.name,
        attacked=words.people(exposed),
        by_class=f"{words.people(expected[2])} ({percent(shares[2])})",
        by_class_most=words.people_between(expected[0], expected[-1]),
        simulated=words.people(found.median),
        simulated_most=words.interval_90(found),
    )


def _case(case: Analogue) -> PastCase:
    event = case.event
    return PastCase(
        name=event.name,
        when=f"{day(event.start)} to {day(event.end)}",
        exposed=people(round(event.population or 0)),
        share=percent(case.share),
        days_to_half="unknown" if case.days_to_half is None else f"{case.days_to_half:g}",
        source=event.source,
        url=event.url if event.url.lower().startswith(("http://", "https://")) else "",
    )


def _sentence(cases: tuple[Analogue, ...]) -> str:
    shares = np.sort([case.share for case in cases])
    middle = percent(float(np.median(shares)))
    return (
        f"In the {len(cases)} past offensives most like it between {percent(shares[0])} and "
        f"{percent(shares[-1])} of the people exposed left, in half of them {middle} or more."
    )


def _in_words(attributes: Attributes) -> str:
    from forewarn.analogues.attributes import known

    return ", ".join(known(attributes))
