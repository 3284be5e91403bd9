"""Positions that the user gives to names of a report: ``--locate "Palma=-10.77,40.47"``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NotRequired

from forewarn.drafting.rows import Position
from forewarn.errors import ForewarnError, Problem
from forewarn.facts import PlaceMention, Reading, Span
from forewarn.reading.places.gazetteer import fold, load_gazetteer
from forewarn.scenario.checks.land import lies_in

__all__ = ["LocatedPlace", "located_names", "refuse_unnamed", "with_located"]

WIDER_KM: Final = (50.0, 200.0, 800.0)
"""Radii within which towns tell what countries a position may lie in, in km; assumption."""
_DEGREES: Final = r"-?\d+(?:\.\d+)?"
_GIVEN: Final = re.compile(
    rf"\s*(?P<name>[^=]+?)\s*=\s*(?P<lat>{_DEGREES})\s*,\s*(?P<lon>{_DEGREES})\s*(?:,\s*(?P<people>\d+)\s*)?"
)


class LocatedPlace(Position):
    """A position, and the people who live there if they are told."""

    people: NotRequired[int]


def located_names(given: Sequence[str]) -> dict[str, LocatedPlace]:
    """Read names with their positions, WGS 84 degrees, and their people if they are told.

    Raises
    ------
    ForewarnError
        One is not written as NAME=LAT,LON or NAME=LAT,LON,PEOPLE, or lies nowhere on the globe.

    Examples
    --------
    >>> located_names(["Palma=-10.77,40.47", "Zamzam=13.49,25.31,300000"])
    {'Palma': {'lat': -10.77, 'lon': 40.47}, 'Zamzam': {'lat': 13.49, 'lon': 25.31, 'people': 300000}}
    """
    found: dict[str, LocatedPlace] = {}
    for words in given:
        match = _GIVEN.fullmatch(words)
        if match is None or not (abs(float(match["lat"])) <= 90 and abs(float(match["lon"])) <= 180):
            what = f"'{words}' is not a name with its position"
            remedy = 'Write it as --locate "Palma=-10.77,40.47": latitude, then longitude, in degrees'
            raise ForewarnError(Problem("--locate", what, "NAME=LAT,LON or NAME=LAT,LON,PEOPLE", remedy))
        found[match["name"]] = {"lat": float(match["lat"]), "lon": float(match["lon"])}
        if match["people"]:
            found[match["name"]]["people"] = int(match["people"])
    return found


def with_located(reading: Reading, located: Mapping[str, LocatedPlace]) -> Reading:
    """Resolve the names that the user has located, wherever a report has them.

    Examples
    --------
    >>> from forewarn.reading.documents.document import from_text
    >>> from forewarn.reading.reader import read
    >>> reading = read(from_text("They fled to Zumbu.", name="note"))
    >>> found = with_located(reading, {"Zumbu": {"lat": 1.5, "lon": 30.2}})
    >>> [(place.name, place.country, place.lat) for place in found.places]
    [('Zumbu', 'COD', 1.5)]
    """
    text = reading.document.text
    mentions = [mention for name, where in located.items() for mention in _mentions(text, name, where)]
    if not mentions:
        return reading

    def resolved(places: Sequence[PlaceMention]) -> tuple[PlaceMention, ...]:
        return tuple(next((new for new in mentions if _overlap(new, old)), old) for old in places)

    found = [
        *(place for place in reading.places if not any(_overlap(place, new) for new in mentions)),
        *(_with_role(new, reading.places) for new in mentions),
    ]
    events = tuple(
        event.model_copy(update={"places": resolved(event.places), "excluded": resolved(event.excluded)})
        for event in reading.events
    )
    figures = tuple(
        figure.model_copy(update={"places": resolved(figure.places)}) for figure in reading.figures
    )
    places = tuple(sorted(found, key=lambda place: place.span.start))
    return reading.model_copy(update={"places": places, "events": events, "figures": figures})


def _mentions(text: str, name: str, where: LocatedPlace) -> Iterator[PlaceMention]:
    country = _country_at(where)
    for found in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", text, re.IGNORECASE):
        span = Span(start=found.start(), end=found.end(), text=found[0])
        is_camp = re.match(r"\s+camps?\b", text[found.end() : found.end() + 8]) is not None
        kind = "camp" if is_camp else "town"
        yield PlaceMention(
            span=span,
            name=name,
            country=country,
            kind=kind,
            lat=where["lat"],
            lon=where["lon"],
            population=where.get("people"),
        )


def _with_role(new: PlaceMention, before: Sequence[PlaceMention]) -> PlaceMention:
    role = next((old.role for old in before if _overlap(new, old)), new.role)
    return new.model_copy(update={"role": role})


def _overlap(first: PlaceMention, second: PlaceMention) -> bool:
    return first.span.start < second.span.end and second.span.start < first.span.end


def _country_at(where: LocatedPlace) -> str:
    """Country that a position lies in, of those with towns near it; else that of the largest town near."""
    seen: dict[str, None] = {}
    for km in WIDER_KM:
        near = load_gazetteer().near(where["lat"], where["lon"], within_km=km)
        seen |= dict.fromkeys(place.country for place in near)
        for country in seen:
            if lies_in(country, where["lat"], where["lon"]):
                return country
    return next(iter(seen), "")


def refuse_unnamed(readings: Sequence[Reading], located: Mapping[str, LocatedPlace]) -> None:
    """Refuse names that no report has.

    Raises
    ------
    ForewarnError
        No report has one of the names.
    """
    words = " ".join(fold(reading.document.text) for reading in readings)
    missing = [name for name in located if f" {fold(name)} " not in f" {words} "]
    if missing:
        remedy = "Write the name as the report has it"
        raise ForewarnError(Problem("--locate", f"no report names {', '.join(missing)}", remedy=remedy))
