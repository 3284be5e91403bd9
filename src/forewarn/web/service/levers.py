"""What a planner can imagine or negotiate, as changes to a scenario."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from forewarn.errors import ForewarnError, Problem
from forewarn.scenario import Course, Quantity, Scenario, change, path_of
from forewarn.scenario.changes.adding import add_camp
from forewarn.web.service.limits import MOST_CAMPS

MOST_LATER_DAYS: Final = 180
FASTEST: Final = 4.0
"""Stages go at most so many times as fast, and at least so many times as slow."""
MOST_CAPACITY: Final = 10_000_000
MOST_CHARACTERS: Final = 20_000
"""Longest link that is read; assumption: a hundred places named take 3,000."""

Posts = Literal["", "ignored", "respected"]
Status = Literal["closed", "open", "leaking", "limited"]
Key = Annotated[str, Field(max_length=200)]
Pace = Annotated[float, Field(ge=1 / FASTEST, le=FASTEST)]
Capacity = Annotated[int, Field(ge=0, le=MOST_CAPACITY)]


class _Closed(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class CrossingLever(_Closed):
    """What a crossing does in the changed world, from the issue day on and in every course."""

    status: Status
    pass_rate: Annotated[float, Field(ge=0, le=1)] | None = Field(
        None, description="Leaking: chance that somebody who waits gets across on a day."
    )
    people_per_day: Annotated[int, Field(ge=0, le=MOST_CAPACITY)] | None = Field(
        None, description="Limited: people let across per day."
    )


class CampLever(_Closed):
    """A camp that is not there yet."""

    name: Annotated[str, Field(min_length=1, max_length=80)]
    lat: Annotated[float, Field(ge=-90, le=90)]
    lon: Annotated[float, Field(ge=-180, le=180)]
    capacity: Capacity


class Levers(_Closed):
    """Everything that is changed; nothing by default.

    Stages are called ``course/stage``.
    """

    later: dict[Key, Annotated[int, Field(ge=-MOST_LATER_DAYS, le=MOST_LATER_DAYS)]] = Field(
        default_factory=dict, description="Days by which the first stages of a course start later, by course."
    )
    pace: dict[Key, Pace] = Field(
        default_factory=dict, description="How many times as fast the stages of a course go, by course."
    )
    off: tuple[Key, ...] = Field((), max_length=200, description="Stages that do not happen.")
    places: dict[Key, tuple[Key, ...]] = Field(
        default_factory=dict, description="Places that a stage attacks instead of its own, by stage."
    )
    crossings: dict[Key, CrossingLever] = Field(default_factory=dict, description="Crossings, by name.")
    posts: Posts = Field(
        "", description="Whether observation posts are respected; empty: as in the scenario."
    )
    capacity: dict[Key, Capacity] = Field(
        default_factory=dict, description="People that a place can hold, by place."
    )
    camps: tuple[CampLever, ...] = Field((), max_length=MOST_CAMPS, description="New camps.")
    chances: dict[Key, Annotated[float, Field(ge=0, le=1)]] = Field(
        default_factory=dict, description="Probabilities of courses; the others fill up to 1."
    )

    @property
    def count(self) -> int:
        """How many things are changed."""
        groups = (self.later, self.pace, self.off, self.places, self.crossings, self.capacity, self.camps)
        return sum(len(group) for group in groups) + bool(self.posts) + bool(self.chances)

    def to_text(self) -> str:
        """Write it for a link; empty if nothing is changed."""
        content = self.model_dump(mode="json", exclude_defaults=True, exclude_none=True)
        return json.dumps(content, ensure_ascii=False, separators=(",", ":")) if content else ""

    @classmethod
    def from_text(cls, text: str) -> Self:
        """Read what `to_text` wrote.

        Raises
        ------
        ForewarnError
            It is something else.
        """
        if not text:
            return cls()
        if len(text) > MOST_CHARACTERS:
            raise ForewarnError(Problem("link", f"{len(text):,} characters", f"at most {MOST_CHARACTERS:,}"))
        try:
            return cls.model_validate_json(text)
        except ValidationError as error:
            raise ForewarnError(list(problems_of(error, "link"))) from error


def problems_of(error: ValidationError, where: str) -> Iterator[Problem]:
    """Say in our words what pydantic found."""
    for each in error.errors(include_url=False, include_context=False, include_input=False):
        place = ", ".join([where, *map(str, each["loc"])])
        yield Problem(place, each["msg"])


def changes(levers: Levers, scenario: Scenario) -> tuple[str, ...]:
    """Write levers as changes that `forewarn compare --with` takes; new camps are not among them."""
    return tuple(_changes(levers, scenario))


def _changes(levers: Levers, scenario: Scenario) -> Iterator[str]:
    by_name = {course.name: course for course in scenario.courses}
    for name, days in levers.later.items():
        if days:
            yield from _later(by_name.get(name), name, days)
    for name, pace in levers.pace.items():
        if pace != 1:
            yield from _paced(by_name.get(name), name, pace)
    for key in levers.off:
        path = _stage_path(key)
        yield f"{path}.intensity=0"
        if _falls(by_name, key):
            yield f"{path}.control_after="
            yield f"{path}.falls_after_days="
    for key, places in levers.places.items():
        yield f"{_stage_path(key)}.places={json.dumps(places, ensure_ascii=False)}"
    for name, crossing in levers.crossings.items():
        yield from _crossing(scenario, name, crossing)
    if levers.posts:
        yield f"model.posts.effect={0 if levers.posts == 'ignored' else 1}"
    for name, people in levers.capacity.items():
        yield f"{path_of(('places', name, 'capacity'))}={people}"
    for name, chance in levers.chances.items():
        yield f"{path_of(('courses', name, 'probability'))}={chance!r}"


def _stage_path(key: str) -> str:
    course, _, stage = key.partition("/")
    return path_of(("courses", course, "stages", stage))


def _falls(by_name: dict[str, Course], key: str) -> bool:
    course, _, name = key.partition("/")
    stages = by_name[course].stages if course in by_name else ()
    return any(stage.name == name and stage.control_after is not None for stage in stages)


def _later(course: Course | None, name: str, days: int) -> Iterator[str]:
    if course is None or not course.stages:
        # The path leads nowhere, and the error names what is there.
        yield f"{path_of(('courses', name, 'stages', '-', 'start'))}+={days}"
        return
    for stage in course.stages:
        if stage.start.after is None:
            path = path_of(("courses", name, "stages", stage.name, "start"))
            if min(stage.start.days.bounds()[0], *stage.start.days.numbers()) + days >= 0:
                yield f"{path}+={days}"
            else:
                yield f"{path}={_earlier(stage.start.days, days)}"


def _earlier(start: Quantity, days: int) -> str:
    """Write a start that is moved ahead, but not before the issue day: what would be, is on it."""

    def moved(number: float) -> float:
        return max(0.0, number + days)

    if start.quantiles is not None:
        pairs = {probability: moved(value) for probability, value in start.quantiles}
        if len(set(pairs.values())) > 1:
            return "{quantiles: {" + ", ".join(f"{p!r}: {value!r}" for p, value in pairs.items()) + "}}"
        return repr(moved(start.typical()))
    numbers = {key: moved(getattr(start, key)) for key in sorted(start.form)}
    if numbers.get("low", 0.0) == numbers.get("high", 1.0) or numbers.get("median") == 0:
        return repr(moved(start.typical()))
    return "{" + ", ".join(f"{key}: {value!r}" for key, value in numbers.items()) + "}"


def _paced(course: Course | None, name: str, pace: float) -> Iterator[str]:
    if course is None or not course.stages:
        yield f"{path_of(('courses', name, 'stages', '-', 'spread_days'))}*={1 / pace!r}"
        return
    for stage in course.stages:
        path = ("courses", name, "stages", stage.name)
        if stage.start.after is not None:
            yield f"{path_of((*path, 'start'))}*={1 / pace!r}"
        yield f"{path_of((*path, 'spread_days'))}*={1 / pace!r}"
        if stage.falls_after_days is not None:
            yield f"{path_of((*path, 'falls_after_days'))}*={1 / pace!r}"


def _crossing(scenario: Scenario, name: str, lever: CrossingLever) -> Iterator[str]:
    """Change a crossing, and every later change of it in the scenario or a course."""
    paths: list[tuple[str, ...]] = [("crossings", name)]
    for crossing in scenario.crossings:
        if crossing.name == name:
            paths += [("crossings", name, "changes", str(i)) for i in range(len(crossing.changes))]
    for course in scenario.courses:
        paths += [
            ("courses", course.name, "crossing_changes", str(i))
            for i, each in enumerate(course.crossing_changes)
            if each.crossing == name
        ]
    for path in paths:
        if lever.status == "leaking":
            yield f"{path_of((*path, 'pass_rate'))}={0.1 if lever.pass_rate is None else lever.pass_rate!r}"
        if lever.status == "limited":
            people = 500 if lever.people_per_day is None else lever.people_per_day
            yield f"{path_of((*path, 'people_per_day'))}={people}"
        yield f"{path_of((*path, 'status'))}={lever.status}"


def apply(levers: Levers, scenario: Scenario) -> Scenario:
    """Make the changed scenario.

    Raises
    ------
    ChangeError
        A lever names something that is not there, or the result breaks a rule.
    """
    wanted = changes(levers, scenario)
    changed = change(scenario, wanted) if wanted else scenario
    for camp in levers.camps:
        changed = add_camp(changed, name=camp.name, lat=camp.lat, lon=camp.lon, capacity=camp.capacity)
    return changed


def chances_used(chances: Mapping[str, float], scenario: Scenario) -> dict[str, float]:
    """Give the probabilities of all courses that the model uses where some are set; they add to 1.

    Raises
    ------
    ChangeError
        Those that are set exceed 1, or nothing is left that could fill up to it.
    """
    changed = apply(Levers(chances=dict(chances)), scenario)
    return {course.name: course.probability.typical() for course in changed.courses}


def as_dict(levers: Levers) -> dict[str, Any]:
    """Write it as plain data."""
    return levers.model_dump(mode="json", exclude_defaults=True, exclude_none=True)
