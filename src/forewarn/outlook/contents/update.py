"""What counts of arrivals have changed in a forecast, in words and tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from forewarn.outlook.contents.drivers import in_words, names_of, value_in_words
from forewarn.outlook.format.sentences import TextTable
from forewarn.outlook.format.values import chance, day, percent

if TYPE_CHECKING:
    from forewarn.forecast.updating import Updated
    from forewarn.forecast.updating.diagnosis import Diagnosis, ObservationFit, ParameterChange
    from forewarn.forecast.updating.observations import Observation
    from forewarn.outlook.format.sentences import Teller

MOST_COUNTS: Final = 20
MOST_LEARNT: Final = 8

MEASURES: Final = {
    "present": "newly displaced people there",
    "arrivals": "arrivals",
    "departures": "first departures",
    "displaced": "people displaced",
}


@dataclass(frozen=True, slots=True)
class UpdateStory:
    """That the forecast has learnt from counts, and what."""

    until: str
    text: str
    warnings: tuple[str, ...]
    notes: tuple[str, ...]
    chances: TextTable
    fits: TextTable
    learnt: TextTable | None


def tell_update(teller: Teller, updated: Updated | None) -> UpdateStory | None:
    """Say what the counts have changed; nothing if there were none."""
    if updated is None:
        return None
    found = updated.diagnosis
    likely = max(found.chances, key=lambda each: each.after).course
    counts = int(teller.dataset.attrs["observations"])
    until = last_count(teller)
    return UpdateStory(
        until=until,
        text=(
            f"This forecast starts from {counts:,} {'count' if counts == 1 else 'counts'} up to {until}. "
            f"Days after it are forecast; days before it are what the model makes of the counts. The chances "
            f"of the courses are those of the scenario, weighed by how well each course explains the counts."
        ),
        warnings=found.warnings,
        notes=found.notes,
        chances=_chances(teller, found),
        fits=_fits(teller, likely, found.fits),
        learnt=_learnt(teller, likely, found.learnt),
    )


def last_count(teller: Teller) -> str:
    """Day of the last count."""
    dates = teller.dataset["date"].values
    until = str(teller.dataset.attrs["observed_until"])
    return day(next(date for date in dates if str(date)[:10] == until))


def _chances(teller: Teller, found: Diagnosis) -> TextTable:
    rows = tuple(
        (teller.title(each.course), chance(each.before), percent(each.after)) for each in found.chances
    )
    return TextTable("Chances of the courses", ("Course", "Before the counts", "With them"), rows)


def _fits(teller: Teller, course: str, fits: Sequence[ObservationFit]) -> TextTable:
    mine = [each for each in fits if each.course == course]
    shown = sorted(mine, key=lambda each: (-each.observation.day, -each.observation.people))[:MOST_COUNTS]
    rows = tuple(
        (
            f"{_where(each.observation)}, {day(teller.dataset['date'].values[each.observation.day])}",
            teller.count(each.observation.people),
            _spread(teller, each.before),
            _spread(teller, each.after),
        )
        for each in shown
    )
    rest = len(mine) - len(shown)
    return TextTable(
        caption=f"Counts beside what the forecast says of them, in the course “{teller.title(course)}”",
        columns=("Count", "Counted", "Forecast before (8 of 10)", "With the counts (8 of 10)"),
        rows=rows,
        note=(f"{rest} earlier or smaller counts and the other courses: " if rest else "The other courses: ")
        + "observed.csv.",
    )


def _where(count: Observation) -> str:
    what = MEASURES[count.measure]
    return what if count.measure == "displaced" else f"{count.area}: {what}"


def _spread(teller: Teller, three: tuple[float, float, float]) -> str:
    low, middle, high = (teller.count(round(value)) for value in three)
    return middle if low == high else f"{middle} ({low}–{high})"


def _learnt(teller: Teller, course: str, learnt: Sequence[ParameterChange]) -> TextTable | None:
    mine = [each for each in learnt if each.course == course][:MOST_LEARNT]
    if not mine:
        return None
    rows = tuple((*_told(teller, each), percent(each.shrinkage)) for each in mine)
    return TextTable(
        caption=f"What the counts say most about, in the course “{teller.title(course)}”",
        columns=("Number", "Before (8 of 10)", "With the counts (8 of 10)", "Uncertainty gone"),
        rows=rows,
        note=(
            "Uncertainty gone: the share of the variance that the counts have taken away. Pull of a place: "
            "how much more people choose it than its size and distance say, as a standard score. Early "
            "counts seldom tell how many will leave from how fast they leave. All numbers: learnt.csv."
        ),
    )


def _told(teller: Teller, each: ParameterChange) -> tuple[str, str, str]:
    """Name of a number, and its values before and after."""
    if each.place:
        return each.name, _compared(each.before), _compared(each.after)
    words, unit = in_words(each.name, names=names_of(teller))
    before, after = ([value_in_words(value, unit) for value in three] for three in (each.before, each.after))
    return words, f"{before[1]} ({before[0]} to {before[2]})", f"{after[1]} ({after[0]} to {after[2]})"


def _compared(three: tuple[float, float, float]) -> str:
    return f"{three[1]:+.1f} ({three[0]:+.1f} to {three[2]:+.1f})"
