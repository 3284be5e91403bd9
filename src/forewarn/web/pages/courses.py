"""Buttons for the courses of a scenario: one is shown at a time."""

from __future__ import annotations

from collections.abc import Callable

from nicegui import ui

from forewarn.outlook.wording import chance, percent
from forewarn.scenario import Scenario
from forewarn.web.pages.elements import Text


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
        with ui.element("div").classes("courses").props('role="group" aria-label="Course"'):
            for course in scenario.courses:
                button = ui.element("button").props('type="button"').mark(f"course-{course.name}")
                button.on("click", lambda _, name=course.name: self.choose(name))
                self._buttons[course.name] = button
                with button:
                    Text("span", course.title or course.name)
                    said = f"probability {chance(course.probability.typical())}"
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
        before = {course.name: course.probability.typical() for course in (base or scenario).courses}
        for course in scenario.courses:
            now = course.probability.typical()
            said = f"probability {percent(now) if computed else chance(now)}"
            if abs(now - before.get(course.name, now)) > 1e-9:
                said += f", was {chance(before[course.name])}"
            self._chances[course.name].set_text(said)

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
