"""Small fan charts of the largest destinations, and the table behind them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from forewarn.charts import geometry as charts
from forewarn.forecast import summary
from forewarn.forecast.quantiles import quantiles_by_course
from forewarn.forecast.summary import PeopleRange
from forewarn.outlook.charts.observed_dots import dots
from forewarn.outlook.format.suppression import is_suppressed
from forewarn.outlook.format.text_table import TextTable
from forewarn.outlook.format.values import short_day

if TYPE_CHECKING:
    from forewarn.outlook.view import ForecastView

STOPS: Final = 4
"""Days in the table: each quarter of the forecast."""


@dataclass(frozen=True, slots=True)
class SmallFan:
    """A place and its chart."""

    place: str
    chart: charts.Chart


@dataclass(frozen=True, slots=True)
class DestinationFans:
    """The largest destinations of a course, day by day."""

    title: str
    gravest: bool
    fans: tuple[SmallFan, ...]
    table: TextTable


def build_destination_fans(view: ForecastView) -> tuple[DestinationFans, ...]:
    """Draw newly displaced people by day at the largest destinations, course by course.

    The charts of a course have one scale. Courses that bring nobody anywhere are left out.
    """
    dataset = view.possible
    places = [str(name) for name in dataset["place"].values]
    chosen = sorted({places.index(each.place) for each in view.destinations})
    quantiles = quantiles_by_course(dataset["present"].isel(place=chosen))
    drawn = []
    for course, present in zip(view.courses, quantiles.values, strict=True):
        own = [each for each in view.destinations if each.course == course]
        if not own:
            continue
        by_day = {
            each.place: summary.intervals(present[:, :, chosen.index(places.index(each.place))])
            for each in own
        }
        drawn.append(
            DestinationFans(
                title=view.formatter.title(course),
                gravest=course == view.gravest,
                fans=_fans(view, by_day),
                table=_table(view, course, by_day),
            )
        )
    return tuple(drawn)


def _fans(view: ForecastView, by_day: dict[str, tuple[PeopleRange, ...]]) -> tuple[SmallFan, ...]:
    drawn = {place: [_visible(item, view.suppress_below) for item in days] for place, days in by_day.items()}
    counted = {place: dots(view, "present", places=(place,)) for place in by_day}
    highest = max(
        *(item.p95 for days in drawn.values() for item in days),
        *(each.high for found in counted.values() for each in found),
    )
    dates = view.dates
    words = view.formatter
    labels = [(at, short_day(dates[at])) for at in dict.fromkeys((0, len(dates) - 1))]
    return tuple(
        SmallFan(
            place=place,
            chart=charts.small_fan_chart(
                title=place,
                description=(
                    f"Newly displaced people there by day; on the last day {words.median_and_90(days[-1])}."
                ),
                by_day=drawn[place],
                labels=labels,
                highest=highest,
                dots=counted[place],
            ),
        )
        for place, days in by_day.items()
    )


def _visible(item: PeopleRange, suppress_below: int) -> PeopleRange:
    """Draw small groups as nobody."""
    five = (item.p05, item.p25, item.median, item.p75, item.p95)
    return PeopleRange(*(0 if is_suppressed(value, suppress_below) else value for value in five))


def _table(view: ForecastView, course: str, by_day: dict[str, tuple[PeopleRange, ...]]) -> TextTable:
    dates = view.dates
    last = len(dates) - 1
    stops = sorted({max(1, round(last * part / STOPS)) for part in range(1, STOPS + 1)})
    return TextTable(
        caption=f"{view.formatter.title(course)}: newly displaced people at the largest destinations, by day",
        columns=("Place", *(short_day(dates[at]) for at in stops)),
        rows=tuple(
            (place, *(view.formatter.median_and_90(days[at]) for at in stops))
            for place, days in by_day.items()
        ),
        note="Median (90 % interval). Every day: present.csv and forecast.nc.",
    )
