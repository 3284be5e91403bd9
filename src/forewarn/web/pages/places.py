"""One place: how many people come, from where, and what they need."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Final

import numpy as np
from nicegui import ui

from forewarn.charts import geometry as charts
from forewarn.forecast import summary
from forewarn.forecast.variables import table_days
from forewarn.network import build
from forewarn.outlook.charts import forecast_charts as pictures
from forewarn.outlook.contents.needs import amount
from forewarn.outlook.contents.needs_standards import SOURCE, standards
from forewarn.outlook.contents.where_unknown import WHERE_UNKNOWN
from forewarn.outlook.format.ranges import intervals_said, spread, supported, widest
from forewarn.outlook.format.suppression import SUPPRESS_BELOW
from forewarn.outlook.format.text_table import TextTable
from forewarn.outlook.format.values import day, people, short_day
from forewarn.web.pages.elements import ChartElement, Text, table
from forewarn.web.service.comparison import intervals
from forewarn.web.service.futures import MemberForecast

MOST_ORIGINS: Final = 8
KINDS: Final = {"town": "town", "camp": "camp", "crossing": "crossing", "foreign": "abroad"}


class PlacePanel:
    """What a forecast says about one place in one course on a day."""

    def __init__(
        self, forecast: MemberForecast, course: str, place: int, number: int, *, on_close: Callable[[], None]
    ) -> None:
        self.forecast = forecast
        self.futures = forecast.courses[course]
        self.course = course
        self.place = place
        self.day = number
        self.words = forecast.view.formatter
        self._draw(on_close)

    def _draw(self, on_close: Callable[[], None]) -> None:
        where = self.forecast.scenario.places[self.place]
        Text("h2", where.name)
        Text("p", self._about(), classes="soft")
        ui.button("Back to the totals", on_click=on_close).props("flat dense icon=arrow_back").mark(
            "close-place"
        )
        if not self.forecast.scenario.where_known:
            Text("p", WHERE_UNKNOWN)
            return
        present = intervals(self.futures.arrays["present"][:, :, self.place].astype(np.int64))
        now = present[self.day]
        when = self.forecast.scenario.issued + timedelta(days=self.day)
        waiting = intervals(self.futures.arrays["waiting"][:, :, self.place].astype(np.int64))[self.day]
        left = intervals(self.futures.arrays["departures"][:, :, self.place].cumsum(axis=1, dtype=np.int64))
        with ui.element("ul").classes("numbers"):
            for count, said in (
                (now, f"newly displaced people there on {short_day(when)}"),
                (waiting, "of these waiting at its crossings"),
                (left[self.day], "have left it by then"),
            ):
                with ui.element("li"):
                    Text("strong", self.words.people(count.median))
                    Text("span", said)
                    Text("span", spread(count, self.futures.draws))
        self._chart(present)
        self._origins()
        self._needs(now)

    def _about(self) -> str:
        where = self.forecast.scenario.places[self.place]
        held = self.forecast.scenario.zones[where.zone].title
        parts = [KINDS[where.kind], where.admin1, where.pcode, f"held on the issue day by {held}"]
        counts = [f"{people(where.residents)} residents", f"{people(where.displaced)} displaced earlier"]
        if where.capacity is not None:
            counts.append(f"holds about {people(round(where.capacity.typical()))} in all")
        return f"{', '.join(part for part in parts if part)}. {'; '.join(counts)}."

    def _chart(self, present: tuple[summary.PeopleRange, ...]) -> None:
        scenario, draws = self.forecast.scenario, self.futures.draws
        by_day = [supported(item, draws) for item in present]
        chart = charts.fan_chart(
            title=f"Newly displaced people in {scenario.places[self.place].name}",
            description=f"{intervals_said(draws)} by day.",
            by_day=by_day,
            labels=[
                (number, short_day(scenario.issued + timedelta(days=number)))
                for number in pictures.labelled_days(scenario.horizon_days)
            ],
            highest=max(item.p95 for item in by_day),
        )
        ChartElement(chart).point_at(self.day / max(1, scenario.horizon_days))

    def _origins(self) -> None:
        """List where those who are there came from, on the nearest day that has tables."""
        scenario = self.forecast.scenario
        days = table_days(scenario.horizon_days)
        at = min(range(len(days)), key=lambda number: abs(days[number] - self.day))
        origins = build(scenario).origins
        mean = self.futures.origins[at, :, self.place] / self.futures.summed
        order = [int(number) for number in np.argsort(-mean, kind="stable")[:MOST_ORIGINS]]
        rows = tuple(
            (origins[number], self.words.people(round(float(mean[number]))))
            for number in order
            if mean[number] >= SUPPRESS_BELOW
        )
        when = day(scenario.issued + timedelta(days=days[at]))
        if rows:
            table(TextTable(f"Where they came from, {when}", ("From", "People (mean)"), rows))
        else:
            Text(
                "p",
                f"Nobody newly displaced is there on {when}, or the numbers are suppressed (fewer than 10).",
                classes="note",
            )

    def _needs(self, now: summary.PeopleRange) -> None:
        """List needs of the median and of the upper end of the range that is shown."""
        share, high = widest(self.futures.draws), supported(now, self.futures.draws).p95
        if high < SUPPRESS_BELOW:
            return
        upper = {90: ("1 in 20",), 50: ("1 in 4",), 0: ()}[share]
        rows = tuple(
            (
                f"{each.item}, {each.unit}" if each.unit not in each.item else each.item,
                amount(each.quantity(now.median)) if now.median >= SUPPRESS_BELOW else "–",
                *(amount(each.quantity(high)) for _ in upper),
            )
            for each in standards(self.forecast.scenario)
        )
        caption = "What newly displaced people there need that day"
        table(TextTable(caption, ("Need", "Median", *upper), rows, SOURCE))
