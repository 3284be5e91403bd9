"""What counts of arrivals have changed in a forecast, in words and tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from forewarn.outlook.contents.drivers import in_words, names_of, value_in_words
from forewarn.outlook.format.text_table import TextTable
from forewarn.outlook.format.values import chance, day, percent

if TYPE_CHECKING:
    from forewarn.forecast.updating.diagnosis import Diagnosis, ObservationFit, ParameterChange
    from forewarn.forecast.updating.observations import Observation
    from forewarn.outlook.view import ForecastView

MOST_COUNTS: Final = 20
MOST_LEARNT: Final = 8

MEASURES: Final = {
    "present": "newly displaced people there",
    "arrivals": "arrivals",
    "departures": "first departures",
    "displaced": "people displaced",
}


@dataclass(frozen=True, slots=True)
class UpdateSection:
    """That the forecast rests on counts, and what they have changed."""

    until: str
    text: str
    warnings: tuple[str, ...]
    notes: tuple[str, ...]
    chances: TextTable
    fits: TextTable
    learnt: TextTable | None


def build_update(view: ForecastView) -> UpdateSection | None:
    """Say what the counts have changed; nothing if there were none."""
    if view.updated is None:
        return None
    found = view.updated.diagnosis
    likely = max(found.chances, key=lambda each: each.after).course
    counts = int(view.dataset.attrs["observations"])
    until = last_observation_day(view)
    return UpdateSection(
        until=until,
        text=(
            f"This forecast starts from {counts:,} {'count' if counts == 1 else 'counts'} up to {until}. "
            f"Days after it are forecast; days before it are what the model makes of the counts. The chances "
            f"of the courses are those of the scenario, weighed by how well each course explains the counts."
        ),
        warnings=found.warnings,
        notes=found.notes,
        chances=_chances(view, found),
        fits=_fits(view, likely, found.fits),
        learnt=_learnt(view, likely, found.learnt),
    )


def last_observation_day(view: ForecastView) -> str:
    """Day of the last count."""
    until = str(view.dataset.attrs["observed_until"])
    return day(next(date for date in view.dates if str(date)[:10] == until))


def _chances(view: ForecastView, found: Diagnosis) -> TextTable:
    rows = tuple(
        (view.formatter.title(each.course), chance(each.before), percent(each.after))
        for each in found.chances
    )
    return TextTable("Chances of the courses", ("Course", "Before the counts", "With them"), rows)


def _fits(view: ForecastView, course: str, fits: Sequence[ObservationFit]) -> TextTable:
    mine = [each for each in fits if each.course == course]
    shown = sorted(mine, key=lambda each: (-each.observation.day, -each.observation.people))[:MOST_COUNTS]
    rows = tuple(
        (
            f"{_where(each.observation)}, {day(view.dates[each.observation.day])}",
            view.formatter.people(each.observation.people),
            _spread(view, each.before),
            _spread(view, each.after),
        )
        for each in shown
    )
    rest, title = len(mine) - len(shown), view.formatter.title(course)
    return TextTable(
        caption=f"Counts beside what the forecast says of them, in the course “{title}”",
        columns=("Count", "Counted", "Forecast before (8 of 10)", "With the counts (8 of 10)"),
        rows=rows,
        note=(f"{rest} earlier or smaller counts and the other courses: " if rest else "The other courses: ")
        + "observed.csv.",
    )


def _where(count: Observation) -> str:
    what = MEASURES[count.measure]
    return what if count.measure == "displaced" else f"{count.area}: {what}"


def _spread(view: ForecastView, three: tuple[float, float, float]) -> str:
    low, middle, high = (view.formatter.people(round(value)) for value in three)
    return middle if low == high else f"{middle} ({low}–{high})"


def _learnt(view: ForecastView, course: str, learnt: Sequence[ParameterChange]) -> TextTable | None:
    mine = [each for each in learnt if each.course == course][:MOST_LEARNT]
    if not mine:
        return None
    rows = tuple((*_before_and_after(view, each), percent(each.shrinkage)) for each in mine)
    return TextTable(
        caption=f"What the counts say most about, in the course “{view.formatter.title(course)}”",
        columns=("Number", "Before (8 of 10)", "With the counts (8 of 10)", "Uncertainty gone"),
        rows=rows,
        note=(
            "Uncertainty gone: the share of the variance that the counts have taken away. Pull of a place: "
            "how much more people choose it than its size and distance say, as a standard score. Early "
            "counts seldom tell how many will leave from how fast they leave. All numbers: learnt.csv."
        ),
    )


def _before_and_after(view: ForecastView, each: ParameterChange) -> tuple[str, str, str]:
    """Name of a number, and its values before and after."""
    if each.place:
        return each.name, _compared(each.before), _compared(each.after)
    words, unit = in_words(each.name, names=names_of(view))
    before, after = ([value_in_words(value, unit) for value in three] for three in (each.before, each.after))
    return words, f"{before[1]} ({before[0]} to {before[2]})", f"{after[1]} ({after[0]} to {after[2]})"


def _compared(three: tuple[float, float, float]) -> str:
    return f"{three[1]:+.1f} ({three[0]:+.1f} to {three[2]:+.1f})"
