"""Buttons for the courses of a scenario: one is shown at a time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from nicegui import ui

from forewarn.outlook.format.values import chance, percent
from forewarn.scenario import Scenario
from forewarn.web.pages.elements import Text

LEAST_SAID: Final = 0.0005
"""Probabilities are written in tenths of a per cent."""


def chances_said(chances: Mapping[str, float]) -> dict[str, str]:
    """Write the probabilities of all courses: 0 % of what is 0, and 100 % only if all others are.

    Examples
    --------
    >>> chances_said({"a": 0.125, "b": 0.875})
    {'a': '12.5 %', 'b': '87.5 %'}
    >>> chances_said({"a": 1e-9, "b": 1.0, "c": 0.0})
    {'a': 'under 1 %', 'b': 'over 99 %', 'c': '0 %'}
    """
    is_certain = sum(each > 0 for each in chances.values()) == 1
    return {
        name: chance(each) if is_certain or each == 0 or LEAST_SAID < each < 1 - LEAST_SAID else percent(each)
        for name, each in chances.items()
    }


def chances_of(scenario: Scenario) -> dict[str, float]:
    """Give the probabilities of the courses of a scenario."""
    return {course.name: course.probability.typical() for course in scenario.courses}


class CourseButtons:
    """A row of toggles.

    Parameters
    ----------
    scenario
        Whose courses.
    chosen
        Name of the one that is shown first.
    on_choose
        Called with the name of the one that somebody chooses.
    """

    def __init__(self, scenario: Scenario, chosen: str, on_choose: Callable[[str], None]) -> None:
        self._on_choose = on_choose
        self._buttons: dict[str, ui.element] = {}
        self._chances: dict[str, Text] = {}
        words = chances_said(chances_of(scenario))
        with ui.element("div").classes("courses").props('role="group" aria-label="Course"'):
            for course in scenario.courses:
                button = ui.element("button").props('type="button"').mark(f"course-{course.name}")
                button.on("click", lambda _, name=course.name: self.choose(name))
                self._buttons[course.name] = button
                with button:
                    Text("span", course.title or course.name)
                    said = f"probability {words[course.name]}"
                    self._chances[course.name] = Text("span", said, classes="chance")
        self._press(chosen)

    def choose(self, name: str) -> None:
        """Show another course."""
        self._press(name)
        self._on_choose(name)

    def say_chances(
        self, scenario: Scenario, base: Scenario | None = None, *, computed: bool = False
    ) -> None:
        """Write probabilities; with a base case also what they were.

        Those that were computed are never quite 0 or 1.
        """
        before, now = chances_of(base or scenario), chances_of(scenario)
        words, were = chances_said(now), chances_said(before)
        for name, share in now.items():
            said = f"probability {percent(share) if computed else words[name]}"
            if abs(share - before.get(name, share)) > 1e-9:
                said += f", was {were[name]}"
            self._chances[name].set_text(said)

    def _press(self, name: str) -> None:
        for each, button in self._buttons.items():
            button.props["aria-pressed"] = "true" if each == name else "false"
            button.update()


def gravest(scenario: Scenario) -> str:
    """Give the course that attacks most people, to begin with."""
    people = {place.name: place.residents + place.displaced for place in scenario.places}

    def attacked(number: int) -> int:
        return sum(
            people[place]
            for stage in scenario.courses[number].stages
            for place in dict.fromkeys(stage.places)
        )

    return scenario.courses[max(range(len(scenario.courses)), key=attacked)].name
