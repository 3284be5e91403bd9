"""What if: levers on the left, what they change on the right, at once."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from nicegui import ui

from forewarn.charts import geometry as charts
from forewarn.errors import ForewarnError
from forewarn.forecast import summary
from forewarn.forecast.summary import PeopleRange
from forewarn.forecast.variables import table_days
from forewarn.outlook.charts import forecast_charts as pictures
from forewarn.outlook.contents.where_unknown import WHERE_UNKNOWN
from forewarn.outlook.format.ranges import (
    futures_said,
    intervals_said,
    share_said,
    spread,
    supported,
    widest,
)
from forewarn.outlook.format.suppression import SUPPRESS_BELOW
from forewarn.outlook.format.text_table import TextTable
from forewarn.outlook.format.values import day, isolated, people, percent, short_day, signed, signed_range
from forewarn.scenario import Scenario
from forewarn.web.pages.courses import CourseButtons, gravest
from forewarn.web.pages.elements import ChartElement, MapElement, Text, table
from forewarn.web.pages.forecast import day_slider, draw_fan_key, draw_legend
from forewarn.web.pages.frame import (
    View,
    away,
    page,
    page_frame,
    say_counts,
    say_problems,
    show_fault,
    title_of,
)
from forewarn.web.pages.lever_controls import LeverControls
from forewarn.web.pages.progress import JobLine
from forewarn.web.service import scenes
from forewarn.web.service.commands import compare_command, outlook_command
from forewarn.web.service.comparison import PairedForecasts, PlaceDifference
from forewarn.web.service.jobs import Job
from forewarn.web.service.levers import CampLever, Levers
from forewarn.web.service.limits import StoppedError
from forewarn.web.service.service import Service

SETTLED_SECONDS: Final = 0.9
"""Without a change for so long, all futures are computed."""
MOST_PLACES: Final = 12
MOST_NAMED: Final = 3
"""Places, and zones, with more people, and with fewer, that the answer names."""


def register(service: Service, *, signed_in: bool) -> None:
    """Register the page."""

    @page("/what-if")
    async def what_if(
        scenario: str = "", course: str = "", day: str = "", levers: str = "", counts: str = ""
    ) -> None:
        with page_frame(service, "/what-if", scenario=scenario, counts=counts, signed_in=signed_in) as view:
            title_of(view)
            what = "the courses have the chances that they leave; the futures start from the scenario alone"
            say_counts(view, what)
            document = await away(service.base, view.scenario, view.update)
            try:
                wanted = Levers.from_text(levers)
            except ForewarnError as error:
                say_problems(error)
                wanted = Levers()
            WhatIfPage(view, document, wanted, course=course, day=day)


class WhatIfPage:
    """One visitor's what-if."""

    def __init__(self, view: View, scenario: Scenario, levers: Levers, *, course: str, day: str) -> None:
        self.view = view
        self.scenario = scenario
        self.levers = levers
        self.comparison: PairedForecasts | None = None
        names = [each.name for each in scenario.courses]
        self.course = course if course in names else gravest(scenario)
        self.day = (
            min(int(day), scenario.horizon_days)
            if day.isdecimal() and len(day) < 6
            else scenario.horizon_days
        )
        self._wanted, self._shown, self._busy, self._moved = 1, 0, False, time.monotonic()
        self._draw()
        ui.timer(0.05, self._preview, once=True)
        self._settling = ui.timer(0.3, self._settle)

    def _draw(self) -> None:
        # The answer comes first, on a phone before all levers.
        self.answer = ui.element("div").props('aria-live="polite"')
        with self.answer:
            Text("p", "Making a first comparison …", classes="answer")
        members = self.view.service.draws(self.scenario) * len(self.scenario.courses)
        self.line = JobLine(self.view, what=f"all {members:,} futures", on_done=self._whole)
        self.faults = ui.element("div")
        with ui.element("div").classes("board levers"):
            with ui.element("section").props('aria-label="What is changed"'):
                Text("h2", "What if …").style("margin-top:0")
                self.controls = LeverControls(self.scenario, self.levers, self._change)
                self.controls.place_button.on_click(self._ask_for_spot)
                ui.button("Back to the base case", on_click=self._reset).props("flat").mark("reset")
            with ui.element("section").props('aria-label="What it changes"'):
                self.buttons = CourseButtons(self.scenario, self.course, self._choose_course)
                self._draw_map()
                self.result = ui.element("div")
                self._draw_ways_out()

    def _draw_map(self) -> None:
        self.map = MapElement(
            scenes.scene(self.scenario), None, day=self.day, label="Map of differences by place"
        )
        self.map.on_spot(self._place_camp)
        self.map.set_camps([camp.model_dump() for camp in self.levers.camps])
        with ui.element("div").classes("day"):
            self.when = Text("span", classes="when")
            slider = day_slider(self.scenario, self.day)
            slider.on("update:model-value", js_handler=f"(day) => getElement({self.map.id}).show(day)")
            slider.on_value_change(lambda event: self._choose_day(int(event.value or 0)))
        draw_legend(self.scenario, difference=True)

    def _draw_ways_out(self) -> None:
        Text("h2", "Keep it")
        with ui.element("div").classes("buttons"):
            ui.button("Save as a scenario", on_click=self._save).props("outline").mark("save")
            ui.button("Write its outlook", on_click=self._outlook).props("outline").mark("outlook")

    # What somebody does

    def _change(self, levers: Levers) -> None:
        if levers == self.levers:
            return
        camps = levers.camps != self.levers.camps
        self.levers = levers
        if camps:
            self.controls.place_button.on_click(self._ask_for_spot)
            self.map.set_camps([camp.model_dump() for camp in levers.camps])
        self._wanted += 1
        self._moved = time.monotonic()
        self.line.leave()
        self._settling.activate()
        self._remember()
        ui.timer(0.0, self._preview, once=True)

    def _reset(self) -> None:
        self.controls.reset(Levers())
        self.controls.place_button.on_click(self._ask_for_spot)
        self.map.set_camps([])
        self._change(Levers())

    def _ask_for_spot(self) -> None:
        self.map.place(True)
        ui.notify("Click on the map where the camp is to be.")

    def _place_camp(self, lat: float, lon: float) -> None:
        self.map.place(False)
        with ui.dialog(value=True) as dialog, ui.card():
            Text("h3", "A new camp")
            name = (
                ui.input("Name", value=f"New camp {len(self.levers.camps) + 1}")
                .props("maxlength=80")
                .mark("camp-name")
            )
            size = ui.number("People it can hold", value=20000, min=1, max=10_000_000, step=1000, precision=0)
            size.mark("camp-size")

            def add() -> None:
                if not (name.value or "").strip() or not size.value:
                    ui.notify("Give it a name and a size.")
                    return
                dialog.close()
                self.controls.add_camp(
                    CampLever(
                        name=name.value.strip()[:80],
                        lat=round(lat, 4),
                        lon=round(lon, 4),
                        capacity=int(size.value),
                    )
                )

            with ui.row():
                ui.button("Leave it", on_click=dialog.close).props("flat")
                ui.button("Add it", on_click=add).mark("add-camp")

    def _choose_course(self, name: str) -> None:
        self.course = name
        self._show()
        self._remember()

    def _choose_day(self, number: int) -> None:
        self.day = number
        self._show_day()
        self._remember()

    def _save(self) -> None:
        try:
            entry = self.view.service.save_changed(self.view.scenario, self.levers, self.view.update)
        except ForewarnError as error:
            self._say(error)
            return
        ui.notify(f"Saved: {entry.title}")
        ui.navigate.to(self.view.link("/forecast", scenario=entry.id))

    def _outlook(self) -> None:
        try:
            job = self.view.service.start_outlook(
                self.view.scenario, user=self.view.user, levers=self.levers, update=self.view.update
            )
        except ForewarnError as error:
            self._say(error)
            return
        ui.navigate.to(self.view.link("/downloads", scenario=self.view.scenario, job=job.id))

    def _remember(self) -> None:
        self.view.remember(course=self.course, day=self.day, levers=self.levers.to_text())

    # What the page does

    async def _preview(self) -> None:
        """Compare in few futures; while one comparison runs, changes wait for the next."""
        if self._busy:
            return
        self._busy = True
        try:
            while self._shown != self._wanted:
                wanted = self._wanted
                await self._compare()
                self._shown = wanted
        finally:
            self._busy = False

    async def _compare(self) -> None:
        try:
            found = await away(
                self.view.service.compare,
                self.view.scenario,
                self.levers,
                user=self.view.user,
                update=self.view.update,
            )
        except StoppedError:
            return
        except ForewarnError as error:
            self._say(error)
            return
        self.faults.clear()
        self.comparison = found
        self._show()

    def _settle(self) -> None:
        """Ask for all futures once nothing moves any more."""
        if self._busy or self._shown != self._wanted or time.monotonic() - self._moved < SETTLED_SECONDS:
            return
        self._settling.deactivate()
        if self.comparison is None:
            return
        if self.comparison.draws >= self.view.service.draws(self.scenario):
            self._rest(self.comparison)
            return
        try:
            job = self.view.service.start_forecast(
                self.view.scenario, user=self.view.user, levers=self.levers, update=self.view.update
            )
        except ForewarnError as error:
            self._say(error)
            return
        rests = futures_said(self.comparison.members, self.comparison.draws)
        self.line.follow(job, meanwhile=f"What is shown rests on {rests}.")

    def _rest(self, found: PairedForecasts) -> None:
        """Say on how many futures the page rests, and how to repeat it on the command line."""
        entry, seed = self.view.entry, found.base.seed
        if entry is None:
            return
        said = f"{futures_said(found.members, found.draws)}, seed {seed}."
        if not self.levers.count:
            repeatable = self.view.update is None
            command = outlook_command(entry, members=found.members, seed=seed) if repeatable else ""
            self.line.rest(said, command)
            return
        said = said.replace(", seed", ", each with and without the change, seed")
        if self.levers.camps:
            said += " The command line knows no new camps: save it as a scenario first."
        if self.view.update is not None:
            said += " There the chances are those of the scenario, and the differences the same."
        command = compare_command(entry, self.levers, self.scenario, members=found.members, seed=seed)
        self.line.rest(said, command)

    async def _whole(self, job: Job) -> None:
        if job.spec.get("levers") == self.levers.model_dump(
            mode="json", exclude_defaults=True, exclude_none=True
        ):
            await self._compare()
            if self.comparison is not None:
                self._rest(self.comparison)

    def _say(self, error: ForewarnError) -> None:
        show_fault(self.faults, error)

    def _show(self) -> None:
        if self.comparison is None:
            return
        comparison = self.comparison
        self.buttons.say_chances(comparison.changed.scenario, comparison.base.scenario)
        self.map.set(scenes.difference_frames(comparison, self.course, self.scenario))
        self.map.show(self.day)
        self._show_answer(comparison)
        self._show_day()

    def _show_answer(self, comparison: PairedForecasts) -> None:
        self.answer.clear()
        last = self.scenario.horizon_days
        with self.answer:
            if not self.levers.count:
                Text(
                    "p",
                    "Nothing is changed yet. Move a lever, and see the forecast bend.",
                    classes="answer first",
                )
            else:
                for number, sentence in enumerate(what_changes(comparison, self.course, last)):
                    Text("p", sentence, classes="answer first" if number == 0 else "answer")
            for sentence in _chances(comparison):
                Text("p", sentence, classes="answer")

    def _show_day(self) -> None:
        if self.comparison is None:
            return
        when = self.scenario.issued + timedelta(days=self.day)
        self.when.set_text(f"{day(when)} · day {self.day}")
        self.result.clear()
        with self.result:
            draw_result(self.comparison, self.course, self.day)


def draw_result(comparison: PairedForecasts, course: str, number: int) -> None:
    """Draw what a change does in one course: over time, by place on a day, and in all courses."""
    scenario = comparison.base.scenario
    found = comparison.course(course)
    title = _title(scenario, course)
    labels = [
        (each, short_day(scenario.issued + timedelta(days=each)))
        for each in pictures.labelled_days(scenario.horizon_days)
    ]
    share = number / max(1, scenario.horizon_days)
    draws = comparison.draws
    changed, difference = (
        [supported(item, draws) for item in by_day] for by_day in (found.changed, found.by_day)
    )
    with ui.element("div").classes("two"):
        with ui.element("section"):
            Text("h3", "People displaced with the change")
            highest = max(item.p95 for item in (*found.base, *changed))
            chart = charts.fan_chart(
                title=f"{title}: people displaced with the change",
                description=f"{intervals_said(draws)} by day; broken line: the median without it.",
                by_day=changed,
                labels=labels,
                highest=highest,
                before=[item.median for item in found.base],
            )
            ChartElement(chart).point_at(share)
            Text("p", "Broken line: the median without the change.", classes="note")
        with ui.element("section"):
            Text("h3", "The difference, in paired worlds")
            chart = charts.difference_chart(
                title=f"{title}: difference in people displaced",
                description=f"{intervals_said(draws)} of the difference, future by future.",
                by_day=difference, labels=labels,
            )  # fmt: skip
            ChartElement(chart).point_at(share)
            draw_fan_key(draws)
    _draw_places(comparison, course, number)
    _draw_courses(comparison, course)


def _draw_places(comparison: PairedForecasts, course: str, number: int) -> None:
    scenario = comparison.base.scenario
    when = day(scenario.issued + timedelta(days=number))

    def weight(row: PlaceDifference) -> int:
        return -abs(row.difference.median)

    rows = tuple(
        (
            row.place,
            people(row.base.median),
            people(row.changed.median),
            signed(row.difference.median),
            _range(row.difference, comparison.draws),
        )
        for row in sorted(comparison.places(course, number), key=weight)[:MOST_PLACES]
        if abs(row.difference.median) >= SUPPRESS_BELOW
    )
    share = share_said(comparison.draws).capitalize()
    columns = ("Place", "Without", "With the change", "Difference (median)", share)
    if not scenario.where_known:
        Text("p", WHERE_UNKNOWN, classes="note")
    elif rows:
        table(TextTable(f"Newly displaced people there on {when}: the largest differences", columns, rows))
    else:
        Text("p", f"On {when} no place differs by 10 people or more.", classes="note")


def _draw_courses(comparison: PairedForecasts, course: str) -> None:
    scenario = comparison.base.scenario
    rows = []
    for each in scenario.courses:
        found = comparison.course(each.name)
        # All days of the tables for the course that is shown, the last one for the others.
        for number in table_days(scenario.horizon_days) if each.name == course else (scenario.horizon_days,):
            item = found.by_day[number]
            when = short_day(scenario.issued + timedelta(days=number))
            rows.append(
                (
                    each.title or each.name,
                    when,
                    people(found.base[number].median),
                    signed(item.median),
                    _range(item, comparison.draws),
                )
            )
    columns = ("Course", "By", "Without", "Difference (median)", share_said(comparison.draws).capitalize())
    note = "Medians are taken each for itself, so base and difference need not add up."
    table(
        TextTable("People displaced by the offensive, fear or a warning", columns, tuple(rows), note),
        classes="words-first",
    )


def _range(item: PeopleRange, draws: int) -> str:
    if not widest(draws):
        return "–"
    inside = supported(item, draws)
    return signed_range(inside.p05, inside.p95)


def what_changes(comparison: PairedForecasts, course: str, number: int) -> tuple[str, ...]:
    """Say how many more or fewer are displaced by a day in one course, and where people are then instead."""
    scenario, draws = comparison.base.scenario, comparison.draws
    item, elsewhere = comparison.course(course).by_day[number], comparison.elsewhere(course, number)
    when = day(scenario.issued + timedelta(days=number))
    same = item.p05 == item.p95 == 0
    first = f"{_how_many(item, draws)} by {when}, in the course “{_title(scenario, course)}”"
    if not scenario.where_known:
        return f"{first}.", WHERE_UNKNOWN
    if supported(elsewhere, draws).p95 < SUPPRESS_BELOW:
        return (f"No difference: {first[0].lower()}{first[1:]}." if same else f"{first}.",)
    if elsewhere.median < SUPPRESS_BELOW:
        few = "Hardly anybody is then elsewhere than without the change"
        return f"{first}.", f"{few} ({spread(elsewhere, draws)})."
    but = ", but people are elsewhere" if same else ""
    zones, places = comparison.zones(course, number), comparison.places(course, number)
    return (
        f"{first}{but}.",
        f"About {people(elsewhere.median)} people are then elsewhere than without the change "
        f"({spread(elsewhere, draws)}).",
        *(f"By who held a place on the issue day: {named}." for named in [_where(zones, draws)] if named),
        *(f"By place: {named}." for named in [_where(places)] if named),
    )


def _how_many(item: PeopleRange, draws: int) -> str:
    if item.p05 == item.p95 == 0:
        return "Nobody more or fewer is displaced"
    of = f"{share_said(draws)}: {_range(item, draws)}" if widest(draws) else share_said(draws)
    if abs(item.median) < SUPPRESS_BELOW:
        return f"Hardly anybody more or fewer is displaced ({of})"
    word = "more" if item.median > 0 else "fewer"
    return f"About {people(abs(item.median))} {word} people are displaced ({of})"


def _where(rows: Sequence[PlaceDifference], draws: int = 0) -> str:
    """List where most more people are than without the change, and where most fewer; with ranges of draws."""
    named = []
    for sign, word in ((1, "more"), (-1, "fewer")):
        most_first = sorted(rows, key=lambda row: -sign * row.difference.median)
        for row in most_first[:MOST_NAMED]:
            if sign * row.difference.median >= SUPPRESS_BELOW:
                around = f" ({_range(row.difference, draws)})" if widest(draws) else ""
                named.append(f"{isolated(row.place)} {people(abs(row.difference.median))} {word}{around}")
    return "; ".join(named)


def _chances(comparison: PairedForecasts) -> list[str]:
    scenario = comparison.base.scenario
    if not scenario.claims:
        return []
    claim = scenario.claims[0]
    high = summary.claim_bounds(claim.people, claim.low, claim.high)[1]
    before, after = comparison.chance_of_more(high)
    words = f"Over all courses, the chance that more than {high:,} leave"
    if abs(before - after) < 0.005:
        return [f"{words} stays at {percent(before)}."]
    return [f"{words} {'rises' if after > before else 'falls'} from {percent(before)} to {percent(after)}."]


def _title(scenario: Scenario, course: str) -> str:
    found = next(each for each in scenario.courses if each.name == course)
    return found.title or found.name
