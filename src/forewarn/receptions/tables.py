"""Tables of receptions: where people were counted after an offensive, and where they could have gone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Final

from forewarn.errors import Problem, nearest
from forewarn.intake.csv_tables import Line, TableColumns, TableError, parse_lines, read_lines
from forewarn.receptions.spelling import folded

UNITS: Final = ("site", "town", "city", "district", "zone", "region", "country")
COMPLETE: Final = ("all", "top", "partial")
BORDERS: Final = ("same", "neighbour")
CROSSINGS: Final = ("open", "limited", "closed", "unknown")
SIDES: Final = ("same", "attacker", "third", "neutral")
ATTACKED: Final = ("no", "partly", "yes")
CAMPS: Final = ("none", "before", "opened")
REMAINDERS: Final = ("other", "outside", "part of georgia")
SHELTERS: Final = ("evacuation centres", "collective centres", "home-based", "host families", "tent camps")
TOO_MUCH: Final = 1.02
"""Shares of one table may add up to this: they were rounded."""
COLUMNS: Final = TableColumns(
    ("event", "as_of", "destination", "unit", "share", "measure", "complete"),
    ("from_date", "people", "of_total", "source", "published", "url", "note", "crisis"),
)
PLACE_COLUMNS: Final = TableColumns(
    ("event", "place", "km_from_origin", "population"),
    (
        *("level", "count", "kind", "iso3", "lat", "lon", "border", "crossing", "control", "attacked"),
        *("population_source", "idps_before", "idps_source", "camps", "open_road", "known", "note"),
        "overlaps",
    ),
)
EVENT_COLUMNS: Final = TableColumns(("event", "name", "start_date", "quality", "movement"))


@dataclass(frozen=True, slots=True)
class Reception:
    """Share of the displaced of an event who were counted at one place by one day; nan is unknown."""

    event: str
    crisis: str
    as_of: date
    from_date: date | None
    destination: str
    unit: str
    people: float
    share: float
    of_total: float
    measure: str
    complete: str
    source: str
    published: str
    url: str
    where: str


@dataclass(frozen=True, slots=True)
class ReceivingPlace:
    """A place that people of an event could choose, and what was known of it; nan and nothing are unknown.

    Parameters
    ----------
    level
        Where an event names places of several levels; one choice set has one.
    remainder, overlaps
        A remainder is no place; a row that contains others is kept out of their choice set.
    """

    event: str
    name: str
    level: str
    kind: str
    km: float
    population: float
    idps_before: float
    border: str
    crossing: str
    control: str
    attacked: str
    camps: str
    open_road: str
    remainder: bool
    overlaps: bool


@dataclass(frozen=True, slots=True)
class PastMovement:
    """An event of the package's table: when it began, how good its counts are, how people moved."""

    event: str
    name: str
    start: date | None
    quality: str
    movement: str


@dataclass(frozen=True, slots=True)
class ReceptionTables:
    """Receptions and the places of their events, checked against each other."""

    receptions: tuple[Reception, ...]
    places: Mapping[tuple[str, str], ReceivingPlace]

    def events(self) -> tuple[str, ...]:
        """Names of the events, as they come."""
        return tuple(dict.fromkeys(row.event for row in self.receptions))


@cache
def load_receptions() -> ReceptionTables:
    """Read the package's tables."""
    problems: list[Problem] = []
    receptions = parse_lines(_package_text("receptions.csv"), "receptions.csv", COLUMNS, problems)
    places = parse_lines(_package_text("places.csv"), "places.csv", PLACE_COLUMNS, problems)
    return _tables(receptions, places, problems)


@cache
def load_movements() -> Mapping[str, PastMovement]:
    """Read the package's list of events."""
    problems: list[Problem] = []
    lines = parse_lines(_package_text("events.csv"), "events.csv", EVENT_COLUMNS, problems)
    return {
        line.text("event"): PastMovement(
            line.text("event"), line.text("name"), line.day("start_date", optional=True),
            line.text("quality"), line.text("movement"),
        )
        for line in lines
    }  # fmt: skip


def read_receptions(table: Path, places: Path) -> ReceptionTables:
    """Read a user's tables (docs/destinations.md lists the columns).

    Raises
    ------
    TableError
        Columns are missing or misspelt, cells break a rule, shares are above 1 or add up to more, a place is
        not in the table of places, or stands there under two names. All problems are listed.
    """
    problems: list[Problem] = []
    receptions = read_lines(table, COLUMNS, problems)
    return _tables(receptions, read_lines(places, PLACE_COLUMNS, problems), problems)


def crisis_of(event: str) -> str:
    """All of Iraq is one crisis, and all of Sudan; elsewhere each offensive is its own."""
    return {"irq": "iraq", "sdn": "sudan"}.get(event.split("_")[0], event)


def is_no_place(name: str) -> bool:
    """Whether a destination is what was left over, or a kind of shelter: no place, and no zero.

    Examples
    --------
    >>> is_no_place("other (rest of Tigray)"), is_no_place("Iligan, host families"), is_no_place("Dana")
    (True, True, False)
    """
    plain = name.lower()
    left_over = plain.split(" (")[0].strip() in ("other", "rest", "outside") or plain.startswith("other ")
    return left_over or any(kind in plain for kind in SHELTERS)


def _package_text(name: str) -> str:
    return (files("forewarn") / "data" / "receptions" / name).read_text(encoding="utf-8")


def _tables(receptions: Sequence[Line], places: Sequence[Line], problems: list[Problem]) -> ReceptionTables:
    found = _places(places)
    rows = [_reception(line) for line in receptions]
    known = {event for event, _ in found}
    for line, row in zip(receptions, rows, strict=True):
        if (row.event, row.destination) in found or is_no_place(row.destination):
            continue
        names = [name for event, name in found if event == row.event]
        what = f"'{row.destination}' is not a place of '{row.event}'"
        if row.complete != "partial" and row.share == row.share and row.event in known:
            line.add("destination", what, nearest(row.destination, names), "Add it to the table of places")
        elif row.event not in known:
            line.add("event", f"no place of '{row.event}' is in the table of places", remedy="Add its places")
    _check_sums(rows, found, problems)
    if problems:
        raise TableError(problems)
    return ReceptionTables(tuple(rows), found)


def _reception(line: Line) -> Reception:
    event = line.needed("event")
    share = line.number("share", -1e9, 1e9)
    if share < 0 or share > 1:
        line.add("share", f"{share:g} is not a share", "0 to 1", "Write 62 % as 0.62")
    return Reception(
        event=event,
        crisis=line.text("crisis") or crisis_of(event),
        as_of=line.day("as_of") or date.min,
        from_date=line.day("from_date", optional=True),
        destination=line.needed("destination"),
        unit=line.one_of("unit", UNITS),
        people=line.number("people"),
        share=share,
        of_total=line.number("of_total"),
        measure=line.text("measure"),
        complete=line.one_of("complete", COMPLETE),
        source=line.text("source"),
        published=line.text("published"),
        url=line.text("url"),
        where=line.where,
    )


def _places(lines: Sequence[Line]) -> dict[tuple[str, str], ReceivingPlace]:
    found: dict[tuple[str, str], ReceivingPlace] = {}
    spelt: dict[tuple[str, str, str], str] = {}
    for line in lines:
        place = ReceivingPlace(
            event=line.needed("event"),
            name=line.needed("place"),
            level=line.text("level"),
            kind=line.text("kind"),
            km=line.number("km_from_origin", 0, 20_040),
            population=line.number("population"),
            idps_before=line.number("idps_before"),
            border=line.one_of("border", BORDERS),
            crossing=line.one_of("crossing", CROSSINGS),
            control=line.one_of("control", SIDES),
            attacked=line.one_of("attacked", ATTACKED),
            camps=line.one_of("camps", CAMPS),
            open_road=line.text("open_road"),
            remainder=line.text("count").lower() in REMAINDERS,
            overlaps=line.text("overlaps").lower() == "yes",
        )
        key, plain = (place.event, place.name), (place.event, place.kind, folded(place.name))
        if key in found:
            line.add("place", f"'{place.name}' stands there twice for '{place.event}'")
        elif plain in spelt and not place.overlaps:
            what = f"'{place.name}' and '{spelt[plain]}' are one place under two names"
            line.add("place", what, remedy="Use one name in both tables, or mark one as overlaps: yes")
        if not place.overlaps:
            spelt[plain] = place.name
        found[key] = place
    return found


def _check_sums(
    rows: Iterable[Reception], places: Mapping[tuple[str, str], ReceivingPlace], problems: list[Problem]
) -> None:
    """Note tables whose shares add up to more than 1: levels are mixed, or a place is counted twice."""
    sums: dict[tuple[object, ...], list[Reception]] = {}
    for row in rows:
        place = places.get((row.event, row.destination))
        shelter = any(kind in row.destination.lower() for kind in SHELTERS)
        if (
            row.complete != "partial"
            and 0 <= row.share <= 1
            and not shelter
            and not (place and place.overlaps)
        ):
            sums.setdefault((row.event, row.as_of, row.from_date, row.measure), []).append(row)
    for (event, day, *_), table in sums.items():
        total = sum(row.share for row in table)
        if total > TOO_MUCH:
            units = ", ".join(sorted({row.unit for row in table}))
            problems.append(
                Problem(
                    table[0].where,
                    f"the shares of '{event}' by {day} add up to {total:.2f} ({units})",
                    "at most 1",
                    "Keep levels apart: mark rows that contain others as overlaps in the table of places",
                )
            )
