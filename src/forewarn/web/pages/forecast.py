"""The forecast: the answer, the map day by day, places, and the figures of every course."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import numpy as np
from nicegui import ui

from forewarn.charts import geometry as charts
from forewarn.errors import ForewarnError
from forewarn.forecast import summary
from forewarn.outlook.charts import forecast_charts as pictures
from forewarn.outlook.contents.planning import build_planning_table
from forewarn.outlook.contents.where_unknown import WHERE_UNKNOWN
from forewarn.outlook.format.ranges import futures_said, most, share_said, spread, widest
from forewarn.outlook.format.suppression import SUPPRESS_BELOW
from forewarn.outlook.format.values import day, percent, short_day
from forewarn.outlook.view import ForecastView
from forewarn.scenario import Scenario, doubts
from forewarn.web.pages.courses import CourseButtons, gravest
from forewarn.web.pages.elements import ChartElement, MapElement, Slider, Text, scrolling, table
from forewarn.web.pages.frame import View, away, page, page_frame, say_counts, say_problems, title_of
from forewarn.web.pages.places import PlacePanel
from forewarn.web.pages.progress import JobLine
from forewarn.web.service import scenes
from forewarn.web.service.commands import outlook_command, update_command
from forewarn.web.service.comparison import displaced, intervals
from forewarn.web.service.futures import MemberForecast
from forewarn.web.service.jobs import Job
from forewarn.web.service.limits import StoppedError
from forewarn.web.service.plain_data import answers
from forewarn.web.service.service import Service
from forewarn.web.service.updates import UpdateSummary


def register(service: Service, *, signed_in: bool) -> None:
    """Register the page."""

    @page("/forecast")
    async def forecast(
        scenario: str = "", course: str = "", day: str = "", place: str = "", counts: str = ""
    ) -> None:
        with page_frame(service, "/forecast", scenario=scenario, counts=counts, signed_in=signed_in) as view:
            title_of(view)
            say_counts(view, "it starts from them, and its courses have the chances that they leave")
            document = await away(service.workspace.scenario, view.scenario)
            _say_draft(document)
            for problem in await away(doubts, document):
                with ui.element("div").classes("draft"):
                    Text("p", f"Look at this first. {problem}")
            ForecastPage(view, document, course=course, day=day, place=place)


class ForecastPage:
    """One visitor's view of a forecast."""

    def __init__(self, view: View, scenario: Scenario, *, course: str, day: str, place: str) -> None:
        self.view = view
        self.scenario = scenario
        self.forecast: MemberForecast | None = None
        self.updated: UpdateSummary | None = None
        names = [each.name for each in scenario.courses]
        self.course = course if course in names else gravest(scenario)
        self.day = (
            min(int(day), scenario.horizon_days)
            if day.isdecimal() and len(day) < 6
            else scenario.horizon_days
        )
        self.place = next((n for n, each in enumerate(scenario.places) if each.name == place), -1)
        self._draw()
        ui.timer(0.05, self.load, once=True)

    def _draw(self) -> None:
        members = self.view.service.draws(self.scenario) * len(self.scenario.courses)
        self.answer = ui.element("div").props('aria-live="polite"')
        with self.answer:
            _waiting("Making a first forecast of some fifty futures …")
        self.line = JobLine(self.view, what=f"all {members:,} futures", on_done=self._whole)
        self.faults = ui.element("div")
        self.buttons = CourseButtons(self.scenario, self.course, self._choose_course)
        with ui.element("div").classes("board"):
            with ui.element("div"):
                self._draw_map()
            self.panel = ui.element("div").classes("panel")
        self.below = ui.element("div")

    def _draw_map(self) -> None:
        self.map = MapElement(
            scenes.scene(self.scenario), None, day=self.day, label="Map of places and newly displaced people"
        )
        self.map.on_place(self._choose_place)
        with ui.element("div").classes("day"):
            self.when = Text("span", classes="when")
            slider = day_slider(self.scenario, self.day)
            # The map follows the hand; the figures beside it follow when the server has them.
            slider.on("update:model-value", js_handler=f"(day) => getElement({self.map.id}).show(day)")
            slider.on_value_change(lambda event: self._choose_day(int(event.value or 0)))
        draw_legend(self.scenario)
        names = {number: each.name for number, each in enumerate(self.scenario.places)}
        self.chooser = ui.select(
            names, value=self.place if self.place >= 0 else None, label="Place: choose here or on the map",
            with_input=True, clearable=True,
        ).props("outlined dense options-dense").mark("choose-place")  # fmt: skip
        self.chooser.on_value_change(
            lambda event: self._choose_place(-1 if event.value is None else int(event.value))
        )

    async def load(self) -> None:
        """Show what was made before, or a preview, and ask for the rest."""
        service, name, update = self.view.service, self.view.scenario, self.view.update
        try:
            if update is not None:
                self.updated = await away(service.update_summary, update.job, user=self.view.user)
                self._show(self.updated.after)
                self._rest(self.updated.after)
                return
            found = await away(service.known, name)
            if found is None:
                found = await away(service.preview, name, user=self.view.user)
                shown = f"What is shown rests on {futures_said(found.members, found.draws)}."
                self.line.follow(service.start_forecast(name, user=self.view.user), meanwhile=shown)
                self._show(found)
            else:
                self._show(found)
                self._rest(found)
        except StoppedError:
            return
        except ForewarnError as error:
            self.answer.clear()
            with self.faults:
                say_problems(error)

    async def _whole(self, job: Job) -> None:
        found = await away(self.view.service.known, self.view.scenario)
        if found is not None:
            self._show(found)
            self._rest(found)

    def _rest(self, found: MemberForecast) -> None:
        if self.view.entry is not None:
            repeat = outlook_command if self.updated is None else update_command
            command = repeat(self.view.entry, members=found.members, seed=found.seed)
            learnt = "" if self.updated is None else ", which learnt from the counts (here in counts.csv)"
            said = f"{futures_said(found.members, found.draws)}, seed {found.seed}{learnt}."
            self.line.rest(said, command)

    def _show(self, forecast: MemberForecast) -> None:
        self.forecast = forecast
        self.answer.clear()
        updated = self.updated
        if updated is not None:
            self.buttons.say_chances(updated.after.scenario, updated.before.scenario, computed=True)
        with self.answer:
            for number, sentence in enumerate(updated.answer if updated else answers(forecast)):
                Text("p", sentence, classes="answer first" if number == 0 else "answer")
        self._show_course()
        self.below.clear()
        with self.below:
            draw_figures(forecast, counted=updated is not None)

    def _show_course(self) -> None:
        if self.forecast is None:
            return
        self.map.set(scenes.frames(self.forecast, self.course))
        self.map.show(self.day)
        self.map.pick(self.place)
        self._show_panel()

    def _show_panel(self) -> None:
        if self.forecast is None:
            return
        number = self.day
        when = self.scenario.issued + timedelta(days=number)
        self.when.set_text(f"{day(when)} · day {number}")
        self.panel.clear()
        with self.panel:
            if self.place >= 0:
                PlacePanel(self.forecast, self.course, self.place, self.day, on_close=self._close_place)
            else:
                draw_totals(self.forecast, self.course, self.day, on_place=self._choose_place)

    def _close_place(self) -> None:
        self.chooser.set_value(None)

    def _choose_course(self, name: str) -> None:
        self.course = name
        self._show_course()
        self._remember()

    def _choose_day(self, number: int) -> None:
        self.day = number
        self._show_panel()
        self._remember()

    def _choose_place(self, index: int) -> None:
        if index == self.place or index >= len(self.scenario.places):
            return
        self.place = index
        self.chooser.set_value(index if index >= 0 else None)
        self.map.pick(index)
        self._show_panel()
        self._remember()

    def _remember(self) -> None:
        place = self.scenario.places[self.place].name if self.place >= 0 else ""
        self.view.remember(course=self.course, day=self.day, place=place)


def _waiting(said: str) -> None:
    with ui.element("div").classes("waiting").props('role="status"'):
        ui.spinner(size="2rem").props('aria-hidden="true"')
        Text("p", said)


def day_slider(scenario: Scenario, number: int) -> Slider:
    """Make the slider over the days of a forecast."""
    days = [scenario.issued + timedelta(days=each) for each in range(scenario.horizon_days + 1)]
    words = [f"{day(each)}, day {at}" for at, each in enumerate(days)]
    slider = Slider(
        lowest=0,
        highest=scenario.horizon_days,
        step=1,
        value=number,
        label="Day of the forecast",
        words=words,
    )
    return slider.mark("day")


def _say_draft(scenario: Scenario) -> None:
    if scenario.draft is not None:
        with ui.element("div").classes("draft"):
            Text("p", "This scenario is a draft made from reports, and nobody has corrected it yet.")
    if scenario.hindsight:
        with ui.element("div").classes("draft"):
            Text("p", "Made in hindsight: it uses figures that were published after the issue day.")


def draw_legend(scenario: Scenario, *, difference: bool = False) -> None:
    """Say what the marks of the map mean."""
    people_marks = (
        (("fewer", "fewer newly displaced people there, median"), ("more", "more, median"))
        if difference
        else (
            ("big", "newly displaced people there, median"),
            ("bar way", "people who set out along the road, median"),
        )
    )
    with ui.element("ul").classes("key"):
        for colour, title in scenes.legend(scenario):
            with ui.element("li"):
                ui.element("i").style(f"background:{colour}")
                Text("span", title)
        for mark, said in (
            *(people_marks if scenario.where_known else ()),
            ("ring", "attacked in this course"),
        ):
            with ui.element("li"):
                ui.element("i").classes(mark)
                Text("span", said)
        for sign, said in (("×", "no way across on the issue day"), ("▲", "observation post")):
            with ui.element("li"):
                Text("b", sign).props('aria-hidden="true"')
                Text("span", f" {said}")
    Text("p", scenes.ground_note(scenario), classes="note wide-text")


def draw_totals(
    forecast: MemberForecast, course: str, number: int, *, on_place: Callable[[int], None]
) -> None:
    """Write the totals of a course on a day, its fan chart and the places where most people are."""
    futures, scenario = forecast.courses[course], forecast.scenario
    words = forecast.view.formatter
    by_day = intervals(displaced(futures))
    Text("h2", words.title(course))
    described = next(each for each in scenario.courses if each.name == course)
    if described.summary:
        Text("p", described.summary, classes="soft")
    waiting = intervals(futures.arrays["waiting"].sum(axis=2, dtype=np.int64))[number]
    moving = intervals(futures.arrays["on_the_road"].astype(np.int64))[number]
    arrived = intervals(futures.arrays["arrivals"].sum(axis=2, dtype=np.int64))[number]
    with ui.element("ul").classes("numbers"):
        for count, said in (
            (by_day[number], "people displaced by then"),
            (moving, "on the road"),
            (waiting, "waiting at crossings"),
            (arrived, "arriving that day"),
        ):
            with ui.element("li"):
                Text("strong", words.people(count.median))
                Text("span", said)
                Text("span", spread(count, futures.draws))
    ChartElement(fan(forecast, course)).point_at(number / max(1, scenario.horizon_days))
    draw_fan_key(futures.draws)
    _draw_destinations(forecast, course, number, on_place=on_place)


def _draw_destinations(
    forecast: MemberForecast, course: str, number: int, *, on_place: Callable[[int], None]
) -> None:
    """Write the places where most people are on a day, or why that is not known."""
    futures, scenario = forecast.courses[course], forecast.scenario
    words = forecast.view.formatter
    if not scenario.where_known:
        Text("p", WHERE_UNKNOWN)
        return
    present = intervals(futures.arrays["present"][:, number].astype(np.int64))
    order = sorted(range(len(present)), key=lambda at: -present[at].median)[:8]
    Text(
        "h3",
        f"Where most newly displaced people are on {short_day(scenario.issued + timedelta(days=number))}",
    )
    with scrolling("Places"), ui.element("table"):
        with ui.element("thead"), ui.element("tr"):
            for name in ("Place", "Median", share_said(futures.draws).capitalize()):
                Text("th", name).props('scope="col"')
        with ui.element("tbody"):
            for at in (each for each in order if present[each].p95 >= SUPPRESS_BELOW):
                with ui.element("tr"):
                    with ui.element("th").props('scope="row"'):
                        button = Text("button", scenario.places[at].name, classes="link-button")
                        button.props('type="button"').on("click", lambda _, at=at: on_place(at))
                    Text("td", words.people(present[at].median))
                    Text("td", most(present[at], futures.draws))


def fan(forecast: MemberForecast, course: str) -> charts.Chart:
    """Draw people displaced by day in one course, on the scale of all."""
    return pictures.fans(forecast.view, tuple(forecast.courses))[course].chart


def draw_fan_key(draws: int, *, counted: bool = False) -> None:
    """Say what the bands of a fan chart of so many futures are, and its dots."""
    bands = (("outer", "9 in 10", 90), ("inner", "half", 50))
    drawn = [
        (mark, f"{share} of {draws:,} futures") for mark, share, least in bands if widest(draws) >= least
    ]
    if not drawn:
        Text("p", share_said(draws).capitalize(), classes="note")
    dots = (("dot", "a count; its line holds nine tenths of its error"),) if counted else ()
    with ui.element("ul").classes("key"):
        for mark, said in (*drawn, *dots):
            with ui.element("li"):
                ui.element("i").classes(mark)
                Text("span", said)


def draw_figures(forecast: MemberForecast, *, counted: bool = False) -> None:
    """Write what holds for all courses: planning figures, the curve, published figures.

    Parameters
    ----------
    counted
        Whether it has learnt from counts.
    """
    scenario = forecast.scenario
    view = ForecastView(forecast.dataset, scenario, observed=True) if counted else forecast.view
    Text("h2", f"Planning figures by {view.until}")
    table(build_planning_table(view))
    chances = "what the counts leave of the scenario's" if counted else "assumptions of the scenario"
    Text("p", f"The chances are {chances}.", classes="note")
    claims = pictures.labelled_claims(scenario)
    with ui.element("div").classes("two"):
        with ui.element("section"):
            Text("h3", "The chance that more than so many people leave, over all courses")
            ChartElement(pictures.exceedance(view, claims))
            for labelled, claim in zip(claims, scenario.claims, strict=True):
                high = summary.claim_bounds(claim.people, claim.low, claim.high)[1]
                share = percent(view.chance_of_more(high))
                Text(
                    "p",
                    f"{labelled.letter}: {labelled.text}, {claim.by}. More than that: {share}.",
                    classes="note",
                )
        if claims:
            with ui.element("section"):
                Text("h3", "Each course beside published figures")
                ChartElement(pictures.claims(view, claims))
