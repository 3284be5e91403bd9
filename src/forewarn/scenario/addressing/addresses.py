"""Names of the numbers of a scenario, such as ``courses.staged.stages.city.start``.

Entries of lists are called by their name; routes and flows by their ends (``Atma>Sarmada``); entries
that have neither (ceasefires, changes, organised returns, claims) by their number, counted from 0. The names
are the addresses of random draws, so they must not change.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pydantic import BaseModel

from forewarn.scenario.addressing.messages import Location
from forewarn.scenario.addressing.structure import attributes
from forewarn.scenario.model.models import PastFlow, Place, Route, Scenario, Stage, Start
from forewarn.scenario.model.quantity import Quantity
from forewarn.sources import ASSUMPTION, is_assumption


@dataclass(frozen=True, slots=True)
class Assumption:
    """A number that no publication stands behind."""

    path: str
    why: str


@dataclass(frozen=True, slots=True)
class Tally:
    """How well a scenario is sourced.

    `sourced` counts numbers with a publication, `by_source` the same by its key; `assumptions` lists
    the others.
    """

    sourced: int
    assumptions: tuple[Assumption, ...]
    by_source: Mapping[str, int]

    @property
    def assumed(self) -> int:
        """How many numbers are assumed."""
        return len(self.assumptions)


def entry_name(entry: object, index: int) -> str:
    """Name of an entry of a list: its own, a route's ends, or its number."""
    if isinstance(entry, Mapping):
        ends = entry.get("from"), entry.get("to")
        name = entry.get("name")
    else:
        ends = getattr(entry, "from_", None), getattr(entry, "to", None)
        name = getattr(entry, "name", None)
    if isinstance(name, str):
        return name
    if isinstance(ends[0], str) and isinstance(ends[1], str):
        return f"{ends[0]}>{ends[1]}"
    return str(index)


def path_of(parts: tuple[str, ...]) -> str:
    """Join keys and names with dots; what would be misread is put in quotes.

    Examples
    --------
    >>> path_of(("places", "St. Mary", "capacity"))
    'places."St. Mary".capacity'
    """
    return ".".join(_quoted(part) if _ambiguous(part) else part for part in parts)


def _ambiguous(part: str) -> bool:
    return any(sign in part for sign in ".[]\"'=\\") or part != part.strip() or part.endswith(("+", "*"))


def _quoted(part: str) -> str:
    escaped = part.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def quantities(scenario: Scenario) -> Iterator[tuple[str, Quantity]]:
    """Every quantity of a scenario with its path, in the order of the document."""
    for _, parts, item in _walk(scenario, (), ()):
        if isinstance(item, Quantity):
            yield path_of(parts), item


def _walk(
    item: object, location: Location, parts: tuple[str, ...]
) -> Iterator[tuple[Location, tuple[str, ...], Quantity | BaseModel]]:
    """Go through blocks and quantities; `location` says where in the document, `parts` by what name."""
    if isinstance(item, Quantity):
        yield location, parts, item
    elif isinstance(item, Start):
        yield location, parts, item.days
    elif isinstance(item, BaseModel):
        yield location, parts, item
        for key, attribute in attributes(type(item)).items():
            yield from _walk(getattr(item, attribute), (*location, key), (*parts, key))
    elif isinstance(item, tuple):
        for index, each in enumerate(item):
            yield from _walk(each, (*location, index), (*parts, entry_name(each, index)))
    elif isinstance(item, Mapping):
        for key, each in item.items():
            yield from _walk(each, (*location, key), (*parts, str(key)))


def numbers_with_sources(scenario: Scenario) -> Iterator[tuple[Location, str]]:
    """Where every mention of a source stands, and what it says."""
    for location, _, item in _walk(scenario, (), ()):
        for key in ("source", "population_source"):
            source = getattr(item, key, None)
            if isinstance(source, str):
                yield (*location, key), source


def tally(scenario: Scenario) -> Tally:
    """Count the numbers of a scenario that have a publication behind them, and list the others.

    Each quantity is one number, so are the coordinates of a place or post, the residents and the
    displaced of a place that has either, an attraction of its own, the length of a route, the people of a
    flow counted earlier and the figure of a claim. A stage that takes its intensity from ``model.intensity``
    does not count it again.
    """
    by_source: dict[str, int] = {}
    assumptions = []
    for path, source in _numbers(scenario):
        if is_assumption(source):
            assumptions.append(Assumption(path, source.removeprefix(ASSUMPTION).strip()))
        else:
            by_source[source] = by_source.get(source, 0) + 1
    return Tally(sum(by_source.values()), tuple(assumptions), by_source)


def _numbers(scenario: Scenario) -> Iterator[tuple[str, str]]:
    followers = {id(stage.intensity) for stage in _stages(scenario) if follows_model(scenario, stage)}
    for _, parts, item in _walk(scenario, (), ()):
        if isinstance(item, Quantity):
            if id(item) not in followers:
                yield path_of(parts), item.source
        elif isinstance(item, Place):
            yield from ((path_of((*parts, key)), source) for key, source in _numbers_of_place(item))
        elif isinstance(item, Route):
            yield path_of((*parts, "km")), item.source
        elif isinstance(item, PastFlow):
            yield path_of((*parts, "people")), item.source
        elif parts and parts[0] in ("posts", "claims") and isinstance(source := _source(item), str):
            yield path_of(parts), source


def _source(item: object) -> object:
    return getattr(item, "source", None)


def _numbers_of_place(place: Place) -> Iterator[tuple[str, str]]:
    yield "coordinates", place.source
    people = place.residents + place.displaced
    if people:
        yield "residents", place.population_source
        yield "displaced", place.population_source
    derived = place.capacity.typical() if place.kind == "camp" and not people and place.capacity else people
    if place.attraction != derived and place.attraction:
        yield "attraction", place.source


def _stages(scenario: Scenario) -> Iterator[Stage]:
    return (stage for course in scenario.courses for stage in course.stages)


def follows_model(scenario: Scenario, stage: Stage) -> bool:
    """Whether a stage takes its intensity from ``model.intensity``."""
    usual: Quantity = getattr(scenario.model.intensity, stage.kind.replace("-", "_"))
    return stage.intensity == usual
