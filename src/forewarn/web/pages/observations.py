"""Observations: counts go in, and the forecast bends; before and after stand side by side."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Final

import numpy as np
from nicegui import ui

from forewarn.charts import geometry as charts
from forewarn.errors import ForewarnError, Problem
from forewarn.forecast.summary import PeopleRange
from forewarn.outlook.charts import forecast_charts as pictures
from forewarn.outlook.format.formatter import Formatter
from forewarn.outlook.format.ranges import futures_said, intervals_said, share_said, supported
from forewarn.outlook.format.suppression import SUPPRESS_BELOW
from forewarn.outlook.format.text_table import TextTable
from forewarn.outlook.format.values import day, short_day
from forewarn.scenario import Scenario
from forewarn.web.pages.courses import CourseButtons, gravest
from forewarn.web.pages.elements import ChartElement, MapElement, Text, table
from forewarn.web.pages.forecast import draw_fan_key, draw_legend
from forewarn.web.pages.frame import View, away, page, page_frame, show_fault, title_of
from forewarn.web.pages.progress import JobLine
from forewarn.web.pages.uploading import upload
from forewarn.web.service import scenes
from forewarn.web.service.commands import update_command
from forewarn.web.service.comparison import intervals
from forewarn.web.service.counted import ObservedSeries
from forewarn.web.service.futures import MemberForecast
from forewarn.web.service.jobs import Job
from forewarn.web.service.limits import MOST_TABLE_BYTES
from forewarn.web.service.service import Service
from forewarn.web.service.updates import UpdateSummary

SUFFIXES: Final = (".csv", ".txt")
MOST_PLACES: Final = 12
MARK: Final = {"before": "Before the counts", "after": "With the counts"}


def register(service: Service, *, signed_in: bool) -> None:
    """Register the page."""

    @page("/observations")
    async def observations(scenario: str = "", job: str = "", course: str = "") -> None:
        with page_frame(service, "/observations", scenario=scenario, signed_in=signed_in) as view:
            title_of(view)
            document = await away(service.workspace.scenario, view.scenario)
            ObservationsPage(view, document, job, course)


class ObservationsPage:
    """One visitor's update."""

    def __init__(self, view: View, scenario: Scenario, job: str, course: str) -> None:
        self.view = view
        self.scenario = scenario
        self.updated: UpdateSummary | None = None
        self.job = job
        self.course = course if course in [each.name for each in scenario.courses] else gravest(scenario)
        self.side = "after"
        self.series = 1
        self.map: MapElement | None = None
        self._draw_field()
        members = max(30, view.service.draws(scenario)) * len(scenario.courses)
        self.line = JobLine(view, what=f"{members:,} futures that learn from the counts", on_done=self._done)
        self.faults = ui.element("div")
        self.result = ui.element("div")
        if job:
            ui.timer(0.05, self._open, once=True)

    def _draw_field(self) -> None:
        Text("h2", "What was counted since")
        Text(
            "p",
            "Counts of arrivals, of people present, of first departures, or of all people displaced. The "
            "forecast then starts from the last of them.",
        )
        first = (self.scenario.issued + timedelta(days=14)).isoformat()
        place = next((p.name for p in self.scenario.places if p.kind == "camp"), self.scenario.places[0].name)
        example = (
            f"date,place,measure,people,error,source\n{first},{place},arrivals,4000,0.15,camp registrations"
        )
        with ui.element("div").classes("two"):
            with ui.element("section"):
                self.text = ui.textarea(label="Table of counts (CSV)", placeholder=example)
                self.text.props(
                    "outlined autogrow stack-label input-style=max-height:18rem;font-family:monospace"
                )
                self.text.style("width:100%").mark("counts")
                with ui.element("div").classes("buttons"):
                    ui.button("Update the forecast", on_click=self._start).mark("update")
                    ui.button("Put an example in", on_click=lambda: self.text.set_value(example)).props(
                        "flat"
                    ).mark("example")
            with ui.element("section"):
                upload(
                    "Or choose a table",
                    SUFFIXES,
                    MOST_TABLE_BYTES,
                    self._read,
                    mark="counts-file",
                    on_rejected=self._say,
                )
                Text(
                    "p",
                    "measure: present, arrivals, departures or displaced; place: a name, a p-code, a region, "
                    "a zone or anywhere; error: standard error as a share. Count newly displaced people "
                    "only: take off what was there on the issue day.",
                    classes="note",
                )

    async def _read(self, data: bytes, name: str) -> None:
        try:
            self.text.set_value(data.decode("utf-8-sig"))
        except UnicodeDecodeError:
            self._say(ForewarnError(Problem(name, "is not text in UTF-8", remedy="Save it as CSV UTF-8")))

    async def _start(self) -> None:
        self.faults.clear()
        try:
            job = await away(
                self.view.service.start_update, self.view.scenario, self.text.value or "", user=self.view.user
            )
        except ForewarnError as error:
            self._say(error)
            return
        self.job = job.id
        self._remember()
        self.line.follow(job)

    async def _open(self) -> None:
        """Show an update that a link names, or how it comes along."""
        try:
            job = self.view.service.jobs.job(self.job)
            if job.is_active:
                self.line.follow(job)
                return
            await self._done(job)
        except ForewarnError as error:
            self._say(error)

    async def _done(self, job: Job) -> None:
        self.line.rest("Reading what was learnt …")
        try:
            self.updated = await away(self.view.service.update_summary, job.id, user=self.view.user)
        except ForewarnError as error:
            self.line.rest("")
            self._say(error)
            return
        if not self.text.value:
            self.text.set_value(str(job.spec.get("table", "")))
        self._rest(self.updated, int(job.result.get("counts", 0)))
        self.series = 1
        self._show(self.updated)

    def _rest(self, updated: UpdateSummary, counts: int) -> None:
        """Say on what the page rests, and how to repeat it on the command line."""
        members, seed = updated.after.members, updated.after.seed
        said = (
            f"{futures_said(members, updated.after.draws)}, seed {seed}, which learnt from {counts} counts "
            "(here in counts.csv)."
        )
        if self.view.entry is not None:
            self.line.rest(said, update_command(self.view.entry, members=members, seed=seed))

    def _say(self, error: ForewarnError) -> None:
        show_fault(self.faults, error)

    def _remember(self) -> None:
        self.view.remember(job=self.job, course=self.course)

    def _show(self, updated: UpdateSummary) -> None:
        self.result.clear()
        with self.result:
            Text("h2", "What the counts have changed")
            for number, sentence in enumerate(updated.answer):
                Text("p", sentence, classes="answer first" if number == 0 else "answer")
            Text("p", updated.text, classes="soft")
            for warning in updated.warnings:
                with ui.element("div").classes("draft").props('role="alert"'):
                    Text("p", warning)
            for note in updated.notes:
                Text("p", note, classes="note")
            table(updated.chances)
            buttons = CourseButtons(updated.after.scenario, self.course, self._choose)
            buttons.say_chances(updated.after.scenario, updated.before.scenario, computed=True)
            self._draw_map(updated)
            self.below = ui.element("div")
            link = self.view.link("/downloads", scenario=self.view.scenario, job=self.job)
            ui.link("The outlook with the counts, to download", link)
        self._show_course()

    def _draw_map(self, updated: UpdateSummary) -> None:
        side = ui.toggle(MARK, value=self.side, on_change=lambda event: self._look(str(event.value)))
        side.props("no-caps unelevated toggle-color=primary").mark("side")
        last = self.scenario.horizon_days
        self.map = MapElement(
            scenes.scene(self.scenario), None, day=last, label="Map of newly displaced people on the last day"
        )
        Text(
            "p",
            f"Newly displaced people on {day(self.scenario.issued + timedelta(days=last))}.",
            classes="soft",
        )
        draw_legend(self.scenario)

    def _look(self, side: str) -> None:
        self.side = side
        self._show_map()

    def _choose(self, name: str) -> None:
        self.course = name
        self._show_course()
        self._remember()

    def _choose_series(self, number: int) -> None:
        self.series = number
        self._show_course()

    def _show_map(self) -> None:
        if self.updated is None or self.map is None:
            return
        one, other = (
            scenes.frames(self.updated.before, self.course),
            scenes.frames(self.updated.after, self.course),
        )
        largest = max(one["largest"], other["largest"])
        shown = one if self.side == "before" else other
        self.map.set({**shown, "largest": largest, "busiest": max(one["busiest"], other["busiest"])})

    def _show_course(self) -> None:
        if self.updated is None:
            return
        self._show_map()
        self.below.clear()
        with self.below:
            draw_update(self.updated, self.course, self.series, self._choose_series)


def draw_update(
    updated: UpdateSummary, course: str, number: int = 1, on_series: Callable[[int], None] | None = None
) -> None:
    """Draw prior and posterior of one course beside the counts, and what was learnt.

    Parameters
    ----------
    number
        Which series stands below the total.
    on_series
        Called with the number of another that somebody chooses.
    """
    words = updated.before.view.formatter
    total, *others = updated.series
    _draw_series(updated, course, total, words)
    if others:
        names = {at: each.title for at, each in enumerate(others, start=1)}
        choose = ui.select(names, value=number, label="Another series of counts")
        choose.props("outlined dense options-dense").classes("chooser").mark("series")
        if on_series is not None:
            choose.on_value_change(lambda event: on_series(int(event.value)))
        _draw_series(updated, course, updated.series[number], words)
    table(_places(updated, course, words))
    table(updated.fits)
    if updated.learnt is not None:
        table(updated.learnt)


def _draw_series(updated: UpdateSummary, course: str, series: ObservedSeries, words: Formatter) -> None:
    scenario = updated.before.scenario
    draws = updated.after.draws
    before, after = (
        [supported(item, draws) for item in intervals(series.predicted(each, course))]
        for each in (updated.before, updated.after)
    )
    labels = [
        (number, short_day(scenario.issued + timedelta(days=number)))
        for number in pictures.labelled_days(scenario.horizon_days)
    ]
    highest = max(*(item.p95 for item in (*before, *after)), *(each.high for each in series.dots), 1.0)
    what = f"{series.title[0].upper()}{series.title[1:]}"
    at = updated.last_day / max(1, scenario.horizon_days)
    with ui.element("div").classes("two"):
        for name, by_day, line in (
            ("before", before, ()),
            ("after", after, [item.median for item in before]),
        ):
            with ui.element("section"):
                Text("h3", f"{what}, {MARK[name].lower()}")
                chart = charts.fan_chart(
                    title=f"{words.title(course)}: {series.title}, {MARK[name].lower()}",
                    description=f"{intervals_said(draws)} by day; broken line: the median before. "
                    f"{len(series.dots)} counts are dots; they stand in the table below.",
                    by_day=by_day,
                    labels=labels,
                    highest=highest,
                    before=line,
                    dots=series.dots,
                )
                ChartElement(chart).point_at(at)
    draw_fan_key(draws, counted=True)
    Text("p", "Upright line: the last count. Broken line: the median before the counts.", classes="note")


def _places(updated: UpdateSummary, course: str, words: Formatter) -> TextTable:
    scenario = updated.before.scenario
    before, after = (_present(each, course) for each in (updated.before, updated.after))
    order = sorted(range(len(after)), key=lambda at: -max(after[at].median, before[at].median))[:MOST_PLACES]
    rows = tuple(
        (scenario.places[at].name, words.median_and_90(before[at]), words.median_and_90(after[at]))
        for at in order
        if max(before[at].p95, after[at].p95) >= SUPPRESS_BELOW
    )
    when = day(scenario.issued + timedelta(days=scenario.horizon_days))
    share = share_said(updated.after.draws)
    columns = ("Place", f"Before: median ({share})", f"With the counts: median ({share})")
    return TextTable(f"Newly displaced people there on {when}", columns, rows)


def _present(forecast: MemberForecast, course: str) -> tuple[PeopleRange, ...]:
    return intervals(forecast.courses[course].arrays["present"][:, -1].astype(np.int64))
