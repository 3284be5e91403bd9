"""Reading ``input_csv`` of a Flee directory.

What can be read in one way only is read, and said in `FleeDirectory.remarks`; what cannot is an error.
Both are listed in `docs/flee.md`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from forewarn.errors import Problem, nearest
from forewarn.flee.directory import (
    CLOSURE_KINDS,
    Closure,
    Demographic,
    FleeDirectory,
    FleeError,
    FleeRoute,
    Kind,
    Location,
    LocationChange,
)
from forewarn.flee.tables import LONGEST_DAYS, MOST_PEOPLE, Findings, FleeTable, TableRow

# Further columns that have an effect, with the greatest value of each.
LOCATION_NUMBERS: Final = {
    "capacity_per_day": 1e9,
    "deactivation_probability": 1.0,
    "conflict_intensity": 1.0,
}
ROUTE_NUMBERS: Final = {"max_move_speed": 1e9, "walk_probability": 1.0}


def read_directory(folder: Path, *, days: int | None = None) -> FleeDirectory:
    """Read the scenario of a Flee directory (the folder that holds ``input_csv``).

    Parameters
    ----------
    folder
        The directory.
    days
        Flee's argument ``<days>``: the length of the run in days, 0 for that of ``sim_period.csv``; where
        ``conflicts.csv`` ends earlier the run ends there too. None: the period, which the table has to cover.

    Raises
    ------
    FleeError
        If a file is missing or a row cannot be read. All problems are listed.
    """
    findings = Findings(folder)
    if not (folder / "input_csv").is_dir():
        what = "folder input_csv not found" if folder.is_dir() else "folder not found"
        allowed = "a Flee directory with input_csv and source_data"
        raise FleeError(Problem(str(folder), what, allowed, _remedy(folder)))
    start, length = _period(findings)
    length = days or length
    locations = _locations(findings)
    names = {location.name: number for number, location in enumerate(locations)}
    countries = {location.country for location in locations}
    routes = _routes(findings, names)
    closures = _closures(findings, names, countries)
    changes = _changes(findings, names, locations)
    conflicts = _conflicts(findings, names, length, cuts=days is not None)
    if conflicts is not None and days is not None:
        length = min(length, len(conflicts))
    demographics = _demographics(findings, names)
    floods = _floods(findings, names)
    _remark_on_the_rest(findings)
    _remark_on_lonely_camps(findings, locations, routes)
    if findings.problems or start is None:
        raise FleeError(findings.problems)
    return FleeDirectory(
        folder.resolve().name, folder, start, length, locations, routes, closures, changes, demographics,
        conflicts, tuple(findings.remarks), floods, findings.is_coupled,
    )  # fmt: skip


def _remedy(folder: Path) -> str:
    """Name a Flee directory near by: the folder above, or those in it."""
    if folder.name in ("input_csv", "source_data"):
        return "Name the folder above it"
    near = sorted(path.parent.name for path in folder.glob("*/input_csv"))[:3] if folder.is_dir() else []
    return f"Name one of the folders in it: {', '.join(near)}" if near else ""


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
        ("forward", "forwarding_hub"), ("marker", "marker"), ("flood", "flood_zone"),
        ("town", "town"), ("default", "town"),
    )  # fmt: skip
    return next((kind for part, kind in parts if part in lower), None)


def _kind(findings: Findings, where: str, word: str) -> Kind | None:
    kind = kind_of(word)
    if kind is None:
        known = (
            "town",
            "camp",
            "idpcamp",
            "conflict_zone",
            "forwarding_hub",
            "marker",
            "flood_zone",
            "default",
        )
        findings.fail(where, f"'{word}' is not a kind of place", nearest(word, known))
    return kind


def _locations(findings: Findings) -> tuple[Location, ...]:
    name = "input_csv/locations.csv"
    table = findings.table(name, ("name",))
    first_is_latitude = len(table.header) > 3 and table.header[3].lower().startswith("lat")
    kept: dict[str, Location] = {}
    cells: dict[str, tuple[str, ...]] = {}
    for row in table.rows:
        if (name_of := row.cell(0)) in cells and name_of:
            if cells[name_of] == row.cells:
                what = f"'{name_of}' stands there twice alike: taken once (Flee makes two places of it)"
                findings.remark(row.where, what)
                continue
            what = f"'{name_of}' stands there twice, and differs: this row counts, to which Flee's roads lead"
            findings.remark(row.where, what, "Name each place once")
        cells[name_of] = row.cells
        location = _location(findings, table, row, first_is_latitude)
        if location is not None:
            kept[location.name] = location
    if blank := [row.cell(0) for row in table.rows if "" in (row.cell(3), row.cell(4))]:
        what = f"coordinates are blank for {', '.join(blank[:3])}{' and others' if len(blank) > 3 else ''}"
        findings.remark(name, f"{what}: taken as 0, as in Flee")
    if not table.rows and not any(p.where == name for p in findings.problems):
        findings.fail(name, "names no place", "at least one row")
    return tuple(kept.values())


def _location(
    findings: Findings, table: FleeTable, row: TableRow, first_is_latitude: bool
) -> Location | None:
    if not row.cell(0) or len(row.cells) < 6:
        findings.fail(row.where, f"has {len(row.cells)} columns", "name,region,country,latitude,longitude,"
                      "location_type,conflict_date,population")  # fmt: skip
        return None
    first = findings.number(row.where, row.cell(3), what="coordinate", least=-180, most=180, blank=0.0)
    second = findings.number(row.where, row.cell(4), what="coordinate", least=-180, most=180, blank=0.0)
    kind = _kind(findings, row.where, row.cell(5))
    conflict = findings.whole(
        row.where, row.cell(6), what="day", least=-LONGEST_DAYS, most=LONGEST_DAYS, blank=0
    )
    what = f"number of people in '{row.cell(0)}'"
    people = findings.number(row.where, row.cell(7), what=what, least=0, most=MOST_PEOPLE, blank=0)
    numbers = _numbers(findings, table, row, 8, LOCATION_NUMBERS)
    if first is None or second is None or kind is None or conflict is None or people is None:
        return None
    latitude, longitude = (first, second) if first_is_latitude else (second, first)
    return Location(
        row.cell(0), row.cell(1), row.cell(2), first, second, latitude, longitude, kind, max(0, conflict),
        int(people), numbers,
    )  # fmt: skip


def _numbers(
    findings: Findings, table: FleeTable, row: TableRow, first: int, known: Mapping[str, float]
) -> Mapping[str, float]:
    """Read the columns with an effect; a remark on each of the others, once."""
    numbers = {}
    for column in range(first, len(row.cells)):
        title = table.header[column] if column < len(table.header) else ""
        if title in known:
            most = known[title]
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
        findings.fail(where, f"'{name}' is not in locations.csv", _nearest_place(name, names))
        return False
    return True


def _nearest_place(name: str, names: Mapping[str, object]) -> str:
    few = tuple(names) if len(names) <= 12 else get_close_matches(name, names, n=3, cutoff=0.6)
    return nearest(name, few) if few else ""


def _routes(findings: Findings, names: Mapping[str, int]) -> tuple[FleeRoute, ...]:
    table = findings.table("input_csv/routes.csv", ("name1", "name"))
    kept: list[FleeRoute] = []
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
        kept.append(FleeRoute(row.cell(0), row.cell(1), km, redirection, numbers))
    return tuple(kept)


def _closures(findings: Findings, names: Mapping[str, int], countries: set[str]) -> tuple[Closure, ...]:
    name = "input_csv/closures.csv"
    if not findings.exists(name):
        findings.remark(name, "file not found: nothing closes")
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
        span = _span(findings, row, found[0])
        if span is not None:
            kept.append(Closure(found[0], row.cell(1), row.cell(2), *span))
    return tuple(kept)


def _span(findings: Findings, row: TableRow, kind: str) -> tuple[int, int] | None:
    """Read first and last day of a closure, as Flee acts on them: each on its own day, if that comes."""
    first = findings.whole(
        row.where, row.cell(3), what="day", least=-LONGEST_DAYS, most=LONGEST_DAYS, blank=0
    )
    last = findings.whole(
        row.where, row.cell(4), what="day", least=-LONGEST_DAYS, most=LONGEST_DAYS, blank=-1
    )
    if first is None or last is None:
        return None
    if first < 0:
        findings.remark(row.where, f"starts on day {first}, before the period: never closes, as in Flee")
    elif -1 < last < first and not (kind == "remove_forced_redirection" and last == 0):
        what = f"ends on day {last}, before it starts on day {first}: closes for good, as in Flee"
        findings.remark(row.where, what)
    return first, max(-1, last)


def _changes(
    findings: Findings, names: Mapping[str, int], locations: Sequence[Location]
) -> tuple[LocationChange, ...]:
    # Flee looks for it where it is started, and not among the other tables.
    found = [n for n in ("input_csv/location_changes.csv", "location_changes.csv") if findings.exists(n)]
    if not found:
        return ()
    kept = []
    for row in findings.table(found[0], ("name",)).rows:
        known = _known(findings, row.where, row.cell(0), names)
        kind = _kind(findings, row.where, row.cell(1))
        day = findings.whole(row.where, row.cell(2), what="day", least=0, most=LONGEST_DAYS)
        if not known or kind is None or day is None:
            continue
        before = locations[names[row.cell(0)]].kind
        if kind != before and "marker" in (kind, before):
            what = (
                f"'{row.cell(0)}' goes from {before} to {kind}: markers that come and go are not carried yet"
            )
            findings.fail(row.where, what, "any kind but marker")
        kept.append(LocationChange(row.cell(0), kind, day))
    return tuple(kept)


def _conflicts(
    findings: Findings, names: Mapping[str, int], length: int, *, cuts: bool
) -> NDArray[np.float64] | None:
    """Read the intensities, (day, place); with `cuts` a table that ends early is a remark."""
    name = "input_csv/conflicts.csv"
    if not findings.exists(name):
        findings.remark(name, "file not found: conflict starts as locations.csv says")
        return None
    before = len(findings.problems)
    table = findings.table(name, ("day",))
    if len(findings.problems) > before:
        return None
    places = list(table.header[1:])
    while places and not places[-1]:
        places.pop()
    if not table.header:
        findings.fail(name, "header not found", "#Day and the names of places")
        return None
    named = [place for place in places if place]
    if len(named) < len(places):
        findings.remark(f"{name}, header", "a column has no name: not used")
    if len(set(named)) < len(named):
        findings.fail(f"{name}, header", "a place stands there twice", "every place once")
    for place in named:
        if place not in names:
            what = f"'{place}' is not in locations.csv: its column is not used, as in Flee"
            findings.remark(f"{name}, header", what, _nearest_place(place, names))
    if any(row.cell(0) != str(number) for number, row in enumerate(table.rows)):
        what = "the column of days does not read 0, 1, 2, …: rows count as days in their order, as in Flee"
        findings.remark(name, what)
    intensity = np.zeros((max(len(table.rows), length), len(names)))
    for number, row in enumerate(table.rows):
        for column, place in enumerate(places, start=1):
            if not place:
                continue
            value = findings.number(row.where, row.cell(column), what="conflict intensity", least=0, most=1)
            if value is not None and place in names:
                intensity[number, names[place]] = value
    if cuts and 0 < len(table.rows) < length:
        what = f"ends on day {len(table.rows) - 1} of {length} days: the run ends there too, as in Flee"
        findings.remark(name, what, "Add rows, or set --days")
        return intensity[: len(table.rows)]
    if len(table.rows) < length:
        findings.fail(name, f"ends on day {len(table.rows) - 1}", f"a row for each of the {length} days")
    return intensity


def _floods(findings: Findings, names: Mapping[str, int]) -> NDArray[np.float64] | None:
    """Read ``flood_level.csv``, (day, place): rows are days in their order, levels are cut to whole ones."""
    name = "input_csv/flood_level.csv"
    if not findings.exists(name):
        return None
    table = findings.table(name, ("day",))
    levels = np.zeros((len(table.rows), len(names)))
    for column, place in enumerate(table.header[1:], start=1):
        if place not in names:
            if place:
                what = f"'{place}' is not in locations.csv: its column is not used, as in Flee"
                findings.remark(f"{name}, header", what, _nearest_place(place, names))
            continue
        for day, row in enumerate(table.rows):
            level = findings.number(row.where, row.cell(column), what="level", least=0, most=1000)
            levels[day, names[place]] = int(level or 0)
    return levels


def _demographics(findings: Findings, names: Mapping[str, int]) -> tuple[Demographic, ...]:
    kept = []
    for path in sorted((findings.folder / "input_csv").glob("demographics_*.csv")):
        attribute = path.stem.removeprefix("demographics_")
        table = findings.table(f"input_csv/{path.name}", (attribute.lower(),))
        columns = table.header[1:]
        if "Default" not in columns:
            findings.fail(f"input_csv/{path.name}", "column 'Default' not found", f"{attribute},Default,…")
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


_OF_OTHER_RULES: Final = {
    "region_attributes_IPC.csv": "flee_when_starving",
    "major_routes.csv": "fixed_routes",
    "agents.csv": "read_from_agents_csv_file",
}


def _remark_on_lonely_camps(
    findings: Findings, locations: Sequence[Location], routes: Sequence[FleeRoute]
) -> None:
    reached = {name for route in routes for name in (route.start, route.end)}
    for location in locations:
        if location.kind in ("camp", "idpcamp") and location.name not in reached:
            findings.remark("input_csv/routes.csv", f"no road leads to the camp '{location.name}'")


def _remark_on_the_rest(findings: Findings) -> None:
    """Say which files belong to rules that are not carried; asking for such a rule is an error."""
    for name, rule in _OF_OTHER_RULES.items():
        if findings.exists(f"input_csv/{name}"):
            findings.remark(f"input_csv/{name}", f"acts with '{rule}' alone, which is not carried: not used")
    if not findings.is_coupled:
        return
    what = "a coupled pair: one map is made of its halves, and people are displaced by the first one's total"
    findings.remark("input_csv/locations-0.csv", what)
    for name in ("coupled_locations.csv", "precipitation.csv", "40yrs_tp.csv"):
        if findings.exists(f"input_csv/{name}"):
            findings.remark(f"input_csv/{name}", "is for two halves that run side by side: not used")
