"""A Flee directory as it stands in ``input_csv``: places, roads, closures, conflicts, period.

What can be read in one way only is read, and said in `FleeDirectory.remarks`; what cannot is an error.
Both are listed in `docs/flee.md`. The layout is that of Flee 3 (Suleimenova, Bell & Groen 2017,
doi:10.1038/s41598-017-13828-9, and the manual of Flee 3).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from forewarn.errors import ForewarnError, Problem, nearest
from forewarn.flee.tables import Findings, Row, Table

LONGEST_DAYS: Final = 36_525  # a hundred years: an assumption; longer periods are slips of the pen
MOST_PEOPLE: Final = 10_000_000_000

Kind = Literal["town", "camp", "idpcamp", "conflict_zone", "forwarding_hub", "marker"]
ClosureKind = Literal["country", "location", "camp", "idpcamp", "link", "remove_forced_redirection"]
CLOSURE_KINDS: Final[tuple[ClosureKind, ...]] = (
    "country", "location", "camp", "idpcamp", "link", "remove_forced_redirection",
)  # fmt: skip
LOCATION_NUMBERS: Final = ("capacity_per_day", "deactivation_probability")
ROUTE_NUMBERS: Final = ("max_move_speed", "walk_probability")


class FleeError(ForewarnError):
    """A Flee directory or its settings cannot be read, or ask for what is not carried."""


@dataclass(frozen=True, slots=True)
class Location:
    """A row of ``locations.csv``.

    Parameters
    ----------
    name, region, country
        As written.
    first, second
        Columns 4 and 5, degrees, as written; which is the latitude the header says.
    latitude, longitude
        Degrees.
    kind
        Kind of place.
    conflict_day
        Day of the period on which conflict starts, for conflict zones; 0 from the start.
    people
        Column 8: people who live there, or the capacity of a camp (0: none given).
    numbers
        Further columns that have an effect: ``capacity_per_day``, people; ``deactivation_probability``.
    """

    name: str
    region: str
    country: str
    first: float
    second: float
    latitude: float
    longitude: float
    kind: Kind
    conflict_day: int
    people: int
    numbers: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Route:
    """A row of ``routes.csv``: a road in both directions.

    `redirection` is 1 if whoever is in `start` is sent to `end`, 2 if the other way round, otherwise 0.
    """

    start: str
    end: str
    km: float
    redirection: int
    numbers: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Closure:
    """A row of ``closures.csv``; `first` and `last` are days of the period, `last` -1: for good."""

    kind: ClosureKind
    one: str
    other: str
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Change:
    """A row of ``location_changes.csv``: a place is of another kind from a day on."""

    place: str
    kind: Kind
    day: int


@dataclass(frozen=True, slots=True)
class Demographic:
    """A table ``demographics_<attribute>.csv``.

    Parameters
    ----------
    attribute
        Name of the attribute.
    values
        Its values, as written.
    weights
        Column name (``Default`` or a place) to weights, one for each value.
    """

    attribute: str
    values: tuple[str, ...]
    weights: Mapping[str, tuple[float, ...]]


@dataclass(frozen=True, slots=True)
class FleeDirectory:
    """The scenario of a Flee directory.

    Parameters
    ----------
    name, folder
        Name of the folder, and the folder that holds ``input_csv``.
    start, length_days
        The period.
    conflicts
        (day, location) intensity 0-1 of ``conflicts.csv`` by order of `locations`, at least `length_days`
        rows; or none.
    remarks
        What was read in a documented way rather than as it stands.
    """

    name: str
    folder: Path
    start: date
    length_days: int
    locations: tuple[Location, ...]
    routes: tuple[Route, ...]
    closures: tuple[Closure, ...]
    changes: tuple[Change, ...]
    demographics: tuple[Demographic, ...]
    conflicts: NDArray[np.float64] | None
    remarks: tuple[Problem, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Names of all locations, in the order of the file."""
        return tuple(location.name for location in self.locations)


def read_directory(folder: Path) -> FleeDirectory:
    """Read the scenario of a Flee directory (the folder that holds ``input_csv``).

    Raises
    ------
    FleeError
        If a file is missing or a row cannot be read. All problems are listed.
    """
    findings = Findings(folder)
    if not (folder / "input_csv").is_dir():
        what = "there is no folder input_csv" if folder.is_dir() else "there is no such folder"
        raise FleeError(Problem(str(folder), what, "a Flee directory with input_csv and source_data"))
    start, length = _period(findings)
    locations = _locations(findings)
    names = {location.name: number for number, location in enumerate(locations)}
    countries = {location.country for location in locations}
    routes = _routes(findings, names)
    closures = _closures(findings, names, countries)
    changes = _changes(findings, names)
    conflicts = _conflicts(findings, names, length)
    demographics = _demographics(findings, names)
    _refuse_the_rest(findings)
    if findings.problems or start is None:
        raise FleeError(findings.problems)
    return FleeDirectory(
        folder.resolve().name, folder, start, length, locations, routes, closures, changes, demographics,
        conflicts, tuple(findings.remarks),
    )  # fmt: skip


def _period(findings: Findings) -> tuple[date | None, int]:
    name = "input_csv/sim_period.csv"
    before = len(findings.problems)
    table = findings.table(name, ())
    if len(findings.problems) > before:
        return None, 0
    found = {row.cell(0).lower(): row for row in table.rows}
    start, length = None, 0
    for key, spelt in (("startdate", "StartDate"), ("length", "Length")):
        if key not in found:
            findings.fail(name, f"the row '{spelt}' is missing", "StartDate,2015-05-01 and Length,396")
    if "startdate" in found:
        start = findings.day(found["startdate"].where, found["startdate"].cell(1))
    if "length" in found:
        row = found["length"]
        length = (
            findings.whole(row.where, row.cell(1), what="length in days", least=1, most=LONGEST_DAYS) or 0
        )
    return start, length


def kind_of(word: str) -> Kind | None:
    """Tell the kind of place that a word of ``location_type`` means, None if it means none that is carried.

    Examples
    --------
    >>> kind_of("forwarding_hub"), kind_of("IDPcamp"), kind_of("harbour")
    ('forwarding_hub', 'idpcamp', None)
    """
    lower = word.lower()
    parts: tuple[tuple[str, Kind], ...] = (
        ("idpcamp", "idpcamp"), ("camp", "camp"), ("conflict", "conflict_zone"),
        ("forward", "forwarding_hub"), ("marker", "marker"), ("town", "town"), ("default", "town"),
    )  # fmt: skip
    return next((kind for part, kind in parts if part in lower), None)


def _kind(findings: Findings, where: str, word: str) -> Kind | None:
    kind = kind_of(word)
    if kind is None:
        known = ("town", "camp", "idpcamp", "conflict_zone", "forwarding_hub", "marker", "default")
        if "flood" in word.lower():
            findings.fail(where, f"'{word}': flooding is not carried yet", ", ".join(known))
        else:
            findings.fail(where, f"'{word}' is not a kind of place", nearest(word, known))
    return kind


def _locations(findings: Findings) -> tuple[Location, ...]:
    name = "input_csv/locations.csv"
    table = findings.table(name, ("name",))
    first_is_latitude = len(table.header) > 3 and table.header[3].lower().startswith("lat")
    kept: dict[str, Location] = {}
    for row in table.rows:
        if row.cell(0) in kept:
            findings.fail(row.where, f"'{row.cell(0)}' stands there twice", "every place once")
            continue
        location = _location(findings, table, row, first_is_latitude)
        if location is not None:
            kept[location.name] = location
    if not table.rows and not any(p.where == name for p in findings.problems):
        findings.fail(name, "names no place", "at least one row")
    return tuple(kept.values())


def _location(findings: Findings, table: Table, row: Row, first_is_latitude: bool) -> Location | None:
    if not row.cell(0) or len(row.cells) < 6:
        findings.fail(row.where, f"has {len(row.cells)} columns", "name,region,country,latitude,longitude,"
                      "location_type,conflict_date,population")  # fmt: skip
        return None
    first = findings.number(row.where, row.cell(3), what="coordinate", least=-180, most=180)
    second = findings.number(row.where, row.cell(4), what="coordinate", least=-180, most=180)
    kind = _kind(findings, row.where, row.cell(5))
    conflict = findings.whole(row.where, row.cell(6), what="day", least=0, most=LONGEST_DAYS, blank=0)
    people = findings.number(
        row.where, row.cell(7), what="number of people", least=0, most=MOST_PEOPLE, blank=0
    )
    numbers = _numbers(findings, table, row, 8, LOCATION_NUMBERS)
    if first is None or second is None or kind is None or conflict is None or people is None:
        return None
    latitude, longitude = (first, second) if first_is_latitude else (second, first)
    return Location(
        row.cell(0), row.cell(1), row.cell(2), first, second, latitude, longitude, kind, conflict,
        int(people), numbers,
    )  # fmt: skip


def _numbers(
    findings: Findings, table: Table, row: Row, first: int, known: Sequence[str]
) -> Mapping[str, float]:
    """Read the columns with an effect; a remark on each of the others, once."""
    numbers = {}
    for column in range(first, len(row.cells)):
        title = table.header[column] if column < len(table.header) else ""
        if title in known:
            most = 1.0 if "probability" in title else 1e9
            value = findings.number(row.where, row.cell(column), what=title, least=0, most=most, blank=-1.0)
            if value is not None and value >= 0:
                numbers[title] = value
        elif row.cell(column):
            where = row.where.split(",")[0]
            note = Problem(where, f"the column '{title or column + 1}' has no effect here: not used")
            if note not in findings.remarks:
                findings.remarks.append(note)
    return numbers


def _known(findings: Findings, where: str, name: str, names: Mapping[str, object]) -> bool:
    if name not in names:
        few = tuple(names) if len(names) <= 12 else tuple(n for n in names if n[:1] == name[:1])[:12]
        findings.fail(where, f"'{name}' is not in locations.csv", nearest(name, few) if few else "")
        return False
    return True


def _routes(findings: Findings, names: Mapping[str, int]) -> tuple[Route, ...]:
    table = findings.table("input_csv/routes.csv", ("name1", "name"))
    kept: list[Route] = []
    seen: dict[tuple[frozenset[str], float], int] = {}
    for row in table.rows:
        ends = frozenset(row.cells[:2])
        known = [_known(findings, row.where, row.cell(column), names) for column in (0, 1)]
        if all(known) and len(ends) == 1:
            findings.fail(row.where, f"leads from '{row.cell(0)}' to itself", "two different places")
        km = findings.number(row.where, row.cell(2), what="distance in km", least=1e-3, most=50_000)
        redirection = findings.whole(
            row.where, row.cell(3), what="forced_redirection", least=0, most=2, blank=0
        )
        numbers = _numbers(findings, table, row, 4, ROUTE_NUMBERS)
        if km is None or redirection is None or not all(known):
            continue
        if numbers.get("max_move_speed") == 0:
            findings.fail(row.where, "max_move_speed is 0", "km a day above 0, or nothing")
        if seen.setdefault((ends, km), len(kept)) < len(kept):
            findings.remark(row.where, "the same road stands there twice: used once, in Flee twice as likely")
        kept.append(Route(row.cell(0), row.cell(1), km, redirection, numbers))
    return tuple(kept)


def _closures(findings: Findings, names: Mapping[str, int], countries: set[str]) -> tuple[Closure, ...]:
    name = "input_csv/closures.csv"
    if not findings.exists(name):
        findings.remark(name, "there is no such file: nothing closes")
        return ()
    kept = []
    for row in findings.table(name, ("closure_type",)).rows:
        found = [kind for kind in CLOSURE_KINDS if kind == row.cell(0).lower()]
        if not found:
            findings.fail(
                row.where, f"'{row.cell(0)}' is not a kind of closure", nearest(row.cell(0), CLOSURE_KINDS)
            )
            continue
        needed = (
            (row.cell(1), row.cell(2)) if found[0] not in ("location", "camp", "idpcamp") else (row.cell(1),)
        )
        if found[0] == "country":
            for country in needed:
                if country not in countries:
                    findings.remark(row.where, f"no place is in '{country}': closes nothing")
        elif not all([_known(findings, row.where, place, names) for place in needed]):
            continue
        first = findings.whole(row.where, row.cell(3), what="day", least=0, most=LONGEST_DAYS, blank=0)
        last = findings.whole(row.where, row.cell(4), what="day", least=-1, most=LONGEST_DAYS, blank=-1)
        if first is not None and last is not None:
            if -1 < last < first and not (found[0] == "remove_forced_redirection" and last == 0):
                findings.fail(row.where, f"ends on day {last}, before it starts on day {first}",
                              "closure_start before closure_end; -1 for good")  # fmt: skip
            kept.append(Closure(found[0], row.cell(1), row.cell(2), first, last))
    return tuple(kept)


def _changes(findings: Findings, names: Mapping[str, int]) -> tuple[Change, ...]:
    name = "input_csv/location_changes.csv"
    if not findings.exists(name):
        return ()
    kept = []
    for row in findings.table(name, ("name",)).rows:
        known = _known(findings, row.where, row.cell(0), names)
        kind = _kind(findings, row.where, row.cell(1))
        day = findings.whole(row.where, row.cell(2), what="day", least=0, most=LONGEST_DAYS)
        if known and kind is not None and day is not None:
            kept.append(Change(row.cell(0), kind, day))
    return tuple(kept)


def _conflicts(findings: Findings, names: Mapping[str, int], length: int) -> NDArray[np.float64] | None:
    name = "input_csv/conflicts.csv"
    if not findings.exists(name):
        findings.remark(name, "there is no such file: conflict starts as locations.csv says")
        return None
    before = len(findings.problems)
    table = findings.table(name, ("day",))
    if len(findings.problems) > before:
        return None
    places = list(table.header[1:])
    while places and not places[-1]:
        places.pop()
    columns = [names[place] if _known(findings, f"{name}, header", place, names) else -1 for place in places]
    if not places:
        findings.fail(name, "there is no header", "#Day and the names of places")
        return None
    if len(set(places)) < len(places):
        findings.fail(f"{name}, header", "a place stands there twice", "every place once")
    intensity = np.zeros((max(len(table.rows), length), len(names)))
    for number, row in enumerate(table.rows):
        if (
            row.cell(0) != str(number)
            and findings.whole(row.where, row.cell(0), what="day", least=number, most=number) is None
        ):
            break
        for column, place in enumerate(columns):
            value = findings.number(row.where, row.cell(column + 1), what="intensity", least=0, most=1)
            if value is not None and place >= 0:
                intensity[number, place] = value
    if len(table.rows) < length:
        findings.fail(name, f"ends on day {len(table.rows) - 1}", f"a row for each of the {length} days")
    return intensity


def _demographics(findings: Findings, names: Mapping[str, int]) -> tuple[Demographic, ...]:
    kept = []
    for path in sorted((findings.folder / "input_csv").glob("demographics_*.csv")):
        attribute = path.stem.removeprefix("demographics_")
        table = findings.table(f"input_csv/{path.name}", (attribute.lower(),))
        columns = table.header[1:]
        if "Default" not in columns:
            findings.fail(f"input_csv/{path.name}", "there is no column 'Default'", f"{attribute},Default,…")
            continue
        for column in columns:
            if column and column != "Default" and column not in names:
                findings.remark(f"input_csv/{path.name}", f"'{column}' is not in locations.csv: not used")
        weights: dict[str, list[float]] = {column: [] for column in columns if column}
        for row in table.rows:
            for number, column in enumerate(columns, start=1):
                if column:
                    value = findings.number(row.where, row.cell(number), what="weight", least=0, most=1e12)
                    weights[column].append(value or 0.0)
        kept.append(Demographic(attribute, tuple(row.cell(0) for row in table.rows),
                                {column: tuple(values) for column, values in weights.items()}))  # fmt: skip
    return tuple(kept)


def _refuse_the_rest(findings: Findings) -> None:
    """Refuse files that change the result in Flee and are not carried."""
    for name in ("flood_level.csv", "region_attributes_IPC.csv", "major_routes.csv", "agents.csv"):
        if findings.exists(f"input_csv/{name}"):
            findings.fail(f"input_csv/{name}", "what this file asks for is not carried yet",
                          remedy="See docs/flee.md; remove the file to run without")  # fmt: skip
