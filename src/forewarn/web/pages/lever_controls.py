"""The controls of the what-if page: what a planner can imagine or negotiate."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, Final

from nicegui import ui

from forewarn.errors import ForewarnError
from forewarn.outlook.format.values import chance, people, short_day
from forewarn.scenario import Course, Crossing, Place, Scenario, Stage
from forewarn.web.pages.courses import chances_said
from forewarn.web.pages.elements import Slider, Text
from forewarn.web.service.levers import FASTEST, CampLever, CrossingLever, Levers, chances_used

MOST_LATER: Final = 60
"""Days that the slider goes to; a link may hold more."""
PACES: Final = (0.25, 0.5, 0.67, 0.8, 1.0, 1.25, 1.5, 2.0, 3.0, FASTEST)
AS_IT_IS: Final = "as in the scenario"
STATUS: Final = {
    "": "as in the scenario",
    "closed": "closed",
    "leaking": "leaking: some get across",
    "limited": "limited: so many a day",
    "open": "open",
}
POSTS: Final = {
    "": "as in the scenario",
    "respected": "respected: no attack near them",
    "ignored": "ignored: no effect",
}
DEFAULT_PASS_RATE: Final = 0.1
DEFAULT_PER_DAY: Final = 500
SAME_CHANCE: Final = 1e-9
"""Probabilities that differ by less are the same: sums of decimal fractions miss each other by so much."""


class LeverControls:
    """All controls; whoever moves one hears of the new levers.

    Parameters
    ----------
    scenario
        The base case.
    levers
        What is changed to begin with.
    on_change
        Called with the new levers.
    """

    def __init__(self, scenario: Scenario, levers: Levers, on_change: Callable[[Levers], None]) -> None:
        self.scenario = scenario
        self.levers = levers
        self._on_change = on_change
        self._box = ui.element("div")
        self._draw()

    def reset(self, levers: Levers) -> None:
        """Set all controls anew."""
        self.levers = levers
        self._draw()

    def _set(self, **update: Any) -> None:  # noqa: ANN401
        self.levers = self.levers.model_copy(update=update)
        self._on_change(self.levers)

    def _draw(self) -> None:
        self._box.clear()
        with self._box:
            offensives = [course for course in self.scenario.courses if course.stages]
            if offensives:
                with _group("When it starts, and how fast it goes", opened=True):
                    for course in offensives:
                        self._timing(course)
                with _group("Which places are attacked", opened=bool(self.levers.places or self.levers.off)):
                    for course in offensives:
                        Text("h3", course.title or course.name)
                        for stage in course.stages:
                            self._stage(course, stage)
            if self.scenario.crossings:
                with _group("Border and crossings", opened=bool(self.levers.crossings)):
                    for crossing in self.scenario.crossings:
                        self._crossing(crossing)
            if self.scenario.posts:
                with _group("Observation posts", opened=bool(self.levers.posts)):
                    self._posts()
            with _group("Camps", opened=bool(self.levers.capacity or self.levers.camps)):
                self._camps()
            with _group("Chances of the courses", opened=bool(self.levers.chances)):
                self._chances()

    def _timing(self, course: Course) -> None:
        title = course.title or course.name
        Text("h3", title)
        days = self.levers.later.get(course.name, 0)
        words = {each: self._later_words(course, each) for each in range(-MOST_LATER, MOST_LATER + 1)}
        with _row("Starts", self._later_words(course, days)) as said:
            slider = Slider(
                lowest=-MOST_LATER, highest=MOST_LATER, step=1, value=min(MOST_LATER, max(-MOST_LATER, days)),
                label=f"Days later: {title}", words=tuple(words.values()),
            ).mark(f"later-{course.name}")  # fmt: skip
            slider.on_value_change(lambda event: self._later(course, int(event.value or 0), said))
        pace = self.levers.pace.get(course.name, 1.0)
        at = min(range(len(PACES)), key=lambda number: abs(PACES[number] - pace))
        with _row("Pace", _pace_words(pace)) as told:
            slider = Slider(
                lowest=0, highest=len(PACES) - 1, step=1, value=at, label=f"Pace: {title}",
                words=[_pace_words(each) for each in PACES],
            ).mark(f"pace-{course.name}")  # fmt: skip
            slider.on_value_change(lambda event: self._pace(course.name, PACES[int(event.value or 0)], told))

    def _later(self, course: Course, days: int, said: Text) -> None:
        said.set_text(self._later_words(course, days))
        self._set(later=_with(self.levers.later, course.name, days, days == 0))

    def _later_words(self, course: Course, days: int) -> str:
        """Say how much later a course starts, and about when its first stage then does."""
        starts = [stage.start.days.typical() for stage in course.stages if stage.start.after is None]
        if not starts:
            return _days_later(days)
        when = self.scenario.issued + timedelta(days=max(0, round(min(starts) + days)))
        return f"{_days_later(days)}, about {short_day(when)}"

    def _pace(self, course: str, pace: float, said: Text) -> None:
        said.set_text(_pace_words(pace))
        self._set(pace=_with(self.levers.pace, course, pace, pace == 1.0))

    def _stage(self, course: Course, stage: Stage) -> None:
        key = f"{course.name}/{stage.name}"
        with ui.element("div").classes("lever"):
            switch = ui.switch(
                f"{stage.name}: {stage.kind.replace('-', ' ')}", value=key not in self.levers.off
            )
            switch.mark(f"stage-{course.name}-{stage.name}")
            switch.on_value_change(lambda event: self._happens(key, on=bool(event.value)))
            names = [place.name for place in self.scenario.places if place.kind != "foreign"]
            value = [name for name in self.levers.places.get(key, stage.places) if name in names]
            choose = ui.select(names, value=value, multiple=True, with_input=True, label="Places it attacks")
            choose.props("outlined dense options-dense use-chips").style("width:100%").mark(
                f"places-{course.name}-{stage.name}"
            )
            choose.on_value_change(lambda event: self._places(key, stage, tuple(event.value or ())))

    def _happens(self, key: str, *, on: bool) -> None:
        rest = tuple(each for each in self.levers.off if each != key)
        self._set(off=rest if on else (*rest, key))

    def _places(self, key: str, stage: Stage, places: tuple[str, ...]) -> None:
        if not places:
            ui.notify("A stage attacks at least one place. To leave it out, switch it off.")
            return
        self._set(places=_with(self.levers.places, key, places, set(places) == set(stage.places)))

    def _crossing(self, crossing: Crossing) -> None:
        lever = self.levers.crossings.get(crossing.name)
        with ui.element("div").classes("lever"):
            label = f"{crossing.title or crossing.name} (now {crossing.status})"
            choose = ui.select(STATUS, value=lever.status if lever else "", label=label)
            choose.props("outlined dense options-dense").style("width:100%").mark(f"crossing-{crossing.name}")
            chance_now = lever.pass_rate if lever else None
            limit_now = lever.people_per_day if lever else None
            rate = ui.number(
                "Chance to get across on a day",
                value=DEFAULT_PASS_RATE if chance_now is None else chance_now,
                min=0, max=1, step=0.05, format="%.2f",
            )  # fmt: skip
            per_day = ui.number(
                "People a day",
                value=DEFAULT_PER_DAY if limit_now is None else limit_now,
                min=0, max=1_000_000, step=100, precision=0,
            )  # fmt: skip
            for field in (rate, per_day):
                field.props("outlined dense")
            rate.bind_visibility_from(choose, "value", value="leaking").mark(f"rate-{crossing.name}")
            per_day.bind_visibility_from(choose, "value", value="limited").mark(f"per-day-{crossing.name}")

            def moved() -> None:
                self._cross(crossing.name, str(choose.value or ""), rate.value, per_day.value)

            choose.on_value_change(moved)
            rate.on_value_change(moved)
            per_day.on_value_change(moved)

    def _cross(self, name: str, status: str, rate: float | None, per_day: float | None) -> None:
        lever = None
        if status:
            lever = CrossingLever.model_validate(
                {
                    "status": status,
                    "pass_rate": min(1.0, max(0.0, rate or 0.0)) if status == "leaking" else None,
                    "people_per_day": int(max(0, per_day or 0)) if status == "limited" else None,
                }
            )
        self._set(crossings=_with(self.levers.crossings, name, lever, lever is None))

    def _posts(self) -> None:
        Text("p", f"{len(self.scenario.posts)} posts are in the scenario.", classes="soft")
        choose = ui.radio(POSTS, value=self.levers.posts).mark("posts")
        choose.on_value_change(lambda event: self._set(posts=event.value or ""))

    def _camps(self) -> None:
        for place in self._sized_places():
            self._capacity(place)
        if self.levers.camps:
            Text("h3", "New camps")
        for camp in self.levers.camps:
            with ui.element("div").classes("row-label"):
                Text("span", f"{camp.name}: {people(camp.capacity)} people")
                button = ui.button("Take away", on_click=lambda _, camp=camp: self.remove_camp(camp))
                button.props("flat dense").props(f'aria-label="Take away {_attribute(camp.name)}"')
        self.place_button = ui.button("Place a new camp on the map", icon="add_location_alt")
        self.place_button.props("outline").mark("new-camp")

    def _sized_places(self) -> list[Place]:
        """Camps, and whatever else has a capacity."""
        return [p for p in self.scenario.places if p.kind == "camp" or p.capacity is not None]

    def _capacity(self, place: Place) -> None:
        usual = None if place.capacity is None else round(place.capacity.typical())
        known = "no limit in the scenario" if usual is None else f"{people(usual)} in the scenario"
        with ui.element("div").classes("lever"):
            field = ui.number(
                f"{place.name}: people it can hold", value=self.levers.capacity.get(place.name),
                min=0, max=10_000_000, step=1000, precision=0, placeholder=known,
            )  # fmt: skip
            field.props("outlined dense clearable stack-label debounce=400").style("width:100%").mark(
                f"capacity-{place.name}"
            )
            field.on_value_change(lambda event: self._hold(place.name, event.value))

    def _hold(self, place: str, count: float | None) -> None:
        capacity = 0 if count is None else int(max(0, count))
        self._set(capacity=_with(self.levers.capacity, place, capacity, count is None))

    def add_camp(self, camp: CampLever) -> None:
        """Add a new camp."""
        self.levers = self.levers.model_copy(update={"camps": (*self.levers.camps, camp)})
        self._draw()
        self._on_change(self.levers)

    def remove_camp(self, camp: CampLever) -> None:
        """Take a new camp away again."""
        rest = tuple(each for each in self.levers.camps if each != camp)
        self.levers = self.levers.model_copy(update={"camps": rest})
        self._draw()
        self._on_change(self.levers)

    def _chances(self) -> None:
        Text(
            "p",
            "The others are scaled so that all add to 100 %. This needs no new simulation.",
            classes="soft",
        )
        try:
            self._used = chances_used(self.levers.chances, self.scenario)
        except ForewarnError:
            # A link that asks for the impossible; the comparison says so.
            self._used = chances_used({}, self.scenario)
        self._sliders: dict[str, tuple[Slider, Text]] = {}
        for course in self.scenario.courses:
            title = course.title or course.name
            with _row(title, "") as said:
                slider = Slider(
                    lowest=0, highest=1, step=0.01, value=self._used[course.name], label=f"Chance: {title}",
                    words=[chance(each / 100) for each in range(101)],
                ).mark(f"chance-{course.name}")  # fmt: skip
                slider.on_value_change(
                    lambda event, name=course.name: self._chance(name, float(event.value or 0))
                )
            self._sliders[course.name] = slider, said
        self._show_chances()

    def _show_chances(self) -> None:
        """Let every slider stand at the chance that is used."""
        for name, words in chances_said(self._used).items():
            slider, said = self._sliders[name]
            said.set_text(words)
            slider.stand_at(self._used[name], words)

    def _chance(self, course: str, value: float) -> None:
        if abs(value - self._used[course]) < SAME_CHANCE:
            return
        set_before = {name: each for name, each in self.levers.chances.items() if name in self._used}
        chances = {**set_before, course: value}
        if sum(chances.values()) > 1 or len(chances) == len(self._used):
            # The one that is moved counts; what was set before gives way.
            chances = {course: value}
            if set_before.keys() - {course}:
                ui.notify("Those set before are scaled again, so that all add to 100 %.")
        try:
            used = chances_used(chances, self.scenario)
        except ForewarnError as error:
            ui.notify(str(error))
        else:
            usual = chances_used({}, self.scenario)
            moved = any(abs(used[name] - usual[name]) >= SAME_CHANCE for name in used)
            self._used = used
            self._set(chances=chances if moved else {})
        self._show_chances()


@contextmanager
def _group(title: str, *, opened: bool) -> Iterator[None]:
    with ui.expansion(title, value=opened).classes("group"), ui.element("div").classes("inside"):
        yield


@contextmanager
def _row(label: str, value: str) -> Iterator[Text]:
    with ui.element("div").classes("lever"):
        with ui.element("div").classes("row-label"):
            Text("span", label)
            said = Text("b", value)
        yield said


def _with(table: Mapping[str, Any], key: str, value: Any, usual: bool) -> dict[str, Any]:  # noqa: ANN401, FBT001
    """Set a value, or take it out if it is what the scenario says anyway."""
    rest = {name: each for name, each in table.items() if name != key}
    return rest if usual else rest | {key: value}


def _days_later(days: int) -> str:
    if days == 0:
        return AS_IT_IS
    unit = "day" if abs(days) == 1 else "days"
    return f"{abs(days)} {unit} {'later' if days > 0 else 'earlier'}"


def _pace_words(pace: float) -> str:
    return f"1 ×, {AS_IT_IS}" if pace == 1.0 else f"{pace:g} × as fast"


def _attribute(text: str) -> str:
    """Make a text safe inside a quoted property."""
    return text.replace("\\", "\\\\").replace('"', "'")
