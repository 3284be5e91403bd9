"""Registrations day by day as Flee reads them: what drives a run, and what it is compared with.

FLEE.md, 1.10: linear between registrations and cut to whole people; the first and the last value hold
outside. This knows the future of every registration, so it is for Flee's runs alone; hindcasts use
`registrations`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from forewarn.arraytypes import Counts, Floats
from forewarn.errors import Problem
from forewarn.flee.directory import FleeDirectory, FleeError
from forewarn.flee.settings import FleeSettings
from forewarn.flee.tables import MOST_PEOPLE, Findings, TableRow
from forewarn.flee.timeline import chances_of

# Flee takes a place with a lower chance per day of moving on for a camp (FLEE.md, 1.12, 8).
CHANCE_OF_A_CAMP: Final = 0.005


@dataclass(frozen=True, slots=True)
class Dated:
    """Counts at days of the period: in order of day or, with Flee's faults, of the file."""

    days: Floats
    people: Floats

    def at(self, days: NDArray[np.int64]) -> Counts:
        """People on each of `days`, whole: linear in between, level outside.

        A day lies between the first row that is not before it and the row above that, whatever order rows
        are in: so Flee finds them.
        """
        found = np.searchsorted(np.maximum.accumulate(self.days), days)
        below = np.clip(found, 0, len(self.days) - 1)
        above = np.maximum(below - 1, 0)
        way = np.maximum(self.days[below] - self.days[above], 1)
        slope = (self.people[below] - self.people[above]) / way
        between = self.people[above] + slope * (days - self.days[above])
        is_outside = (found == 0) | (found == len(self.days)) | (self.days[below] == days)
        return np.where(is_outside, self.people[below], between).astype(np.int64)


NOBODY: Final = Dated(np.zeros(1), np.zeros(1))


@dataclass(frozen=True, slots=True)
class DailyCounts:
    """Registrations on each day of the period.

    Parameters
    ----------
    camps
        Names of the registered places that are camps, in the order of the data layout.
    people
        (day, camp), people; day 0 is subtracted where camps start empty.
    initial
        (camp,), people there before the first day.
    new, debt
        (day,), people displaced on a day; decreases not yet made up for.
    raw
        (day,), people registered, as Flee counts them.
    remarks
        What was read in a documented way.
    first_day
        People registered on day 0 by place of the map, towns too.
    """

    camps: tuple[str, ...]
    people: Counts
    initial: Counts
    new: Counts
    debt: Counts
    raw: Counts
    remarks: tuple[Problem, ...]
    first_day: Mapping[str, int] = field(default_factory=dict)


def read_counts(directory: FleeDirectory, settings: FleeSettings, *, faults: bool = False) -> DailyCounts:
    """Read ``source_data`` as Flee does.

    Parameters
    ----------
    directory
        From `forewarn.flee.reading.read_directory`.
    settings
        Whether totals are sums over camps, and whether camps start empty or with people.
    faults
        Add files of one camp, leave rows in the order of the file, and count the first day, as Flee does
        (FLEE.md, 1.10).

    Raises
    ------
    FleeError
        If a file is missing or a row cannot be read. All problems are listed.
    """
    findings = Findings(directory.folder)
    if directory.is_coupled:  # as its halves together were meant to (FLEE-2.md, 5)
        settings = replace(settings, sum_from_camps=False, insert_day0=settings.insert_day0 and not faults)
    series, listed = _layout(findings, directory, faults)
    _correct(findings, directory, series)
    if findings.problems:
        raise FleeError(findings.problems)
    days, names = np.arange(directory.length_days), directory.names
    rows = {name: dated.at(days) for name, dated in series.items()}
    first_day = {name: int(row[0]) for name, row in rows.items() if name in names}
    if settings.empty_camps_on_day0:
        rows = {name: row - row[0] for name, row in rows.items()}
    are_camps = _camps(directory, settings, faults)
    camps = tuple(name for name in rows if name in are_camps)
    for name in [name for name in first_day if name not in camps]:
        what = f"'{name}' is not a camp: it has no column, and holds nobody before the first day"
        findings.remark("source_data/data_layout.csv", what)
    people = np.array([rows[camp] for camp in camps], dtype=np.int64).reshape(len(camps), len(days)).T
    change = _change(rows, listed, names, settings, faults and not directory.is_coupled)
    new, debt = arrivals(change, inserted=settings.insert_day0)
    is_inserted = settings.insert_day0 and not settings.empty_camps_on_day0
    initial = np.array([first_day[camp] * is_inserted for camp in camps], dtype=np.int64)
    _refuse_too_many(rows, initial, new)
    return DailyCounts(camps, people, initial, new, debt, change.cumsum(), tuple(findings.remarks), first_day)


def _camps(directory: FleeDirectory, settings: FleeSettings, faults: bool) -> frozenset[str]:
    """Names of camps, which have a column and begin with people; with faults, what Flee takes for one too.

    Under floods every place has a column (FLEE-2.md, 2).
    """
    chances = chances_of(settings)
    return frozenset(
        place.name
        for place in directory.locations
        if settings.flood_driven
        or place.kind in ("camp", "idpcamp")
        or (faults and chances[place.kind_at_start] < CHANCE_OF_A_CAMP)
    )


def _change(
    rows: Mapping[str, Counts],
    listed: Sequence[str],
    names: Sequence[str],
    settings: FleeSettings,
    faults: bool,
) -> Counts:
    """People registered on the first day, then how many more each day, in camps and towns of the map: (day,).

    Flee adds up all rows of the layout, `listed`, on the first day, then all but the first row (FLEE.md,
    1.10), so that a camp with several rows counts several times (FLEE-2.md, 4).
    """
    mapped = [row for name, row in rows.items() if name in names]
    everywhere = [rows[name] for name in listed] if faults else list(rows.values())
    counted = everywhere[1:] if faults else mapped
    followed = sum(counted, np.zeros_like(everywhere[0]))
    if not settings.sum_from_camps:
        followed = rows.get("total", sum(mapped, np.zeros_like(followed)))
    start = sum(int(row[0]) for row in everywhere) if faults else followed[0]
    return np.append(start, np.diff(followed))


def _refuse_too_many(rows: Mapping[str, Counts], initial: Counts, new: Counts) -> None:
    if (total := int(initial.sum()) + int(new.sum())) > MOST_PEOPLE:
        place = max(rows, key=lambda name: int(rows[name].max()))
        what = f"{total:,} people are displaced in all, and most of them are registered here"
        raise FleeError(Problem(f"source_data/data_layout.csv, '{place}'", what, f"at most {MOST_PEOPLE:,}"))


def arrivals(change: Counts, *, inserted: bool) -> tuple[Counts, Counts]:
    """People displaced each day: increases, less what earlier decreases left owing (FLEE.md, 1.9)."""
    new, debt = np.zeros_like(change), np.zeros_like(change)
    owing = 0
    for day, rise in enumerate(change.tolist()):
        people = 0 if inserted and day == 0 else rise - owing
        owing = max(0, -people)
        new[day], debt[day] = max(0, people), owing
    return new, debt


def _layout(
    findings: Findings, directory: FleeDirectory, faults: bool
) -> tuple[dict[str, Dated], tuple[str, ...]]:
    """Read the registrations of every place, and the names of the places row by row."""
    name = "source_data/data_layout.csv"
    found: dict[str, Dated] = {}
    listed: list[str] = []
    read: dict[str, set[str]] = {}
    for row in findings.table(name, ()).rows:
        place = "total" if row.cell(0).lower() == "total" else row.cell(0)
        files = [cell for cell in row.cells[1:] if cell]
        if files and place in found:
            further = [file for file in files if file not in read[place]]
            if faults:
                findings.remark(
                    row.where, f"'{place}' stands there twice: the first row counts twice, as in Flee"
                )
                listed.append(place)
                continue
            what = f"{', '.join(further)} added to the row above" if further else "taken once"
            findings.remark(row.where, f"'{place}' stands there twice: {what}")
            files = further
            if not files:
                continue
        if not files:
            findings.fail(row.where, f"no file is named for '{place}'", "name,file[,more files]")
        elif any(Path(file).name != file for file in files):
            findings.fail(row.where, "a file lies outside source_data", "names of files in source_data")
        else:
            problems = len(findings.problems)
            folder = f"source_data{row.half}"
            parts = [_dated(findings, directory, place, f"{folder}/{file}", faults) for file in files]
            read.setdefault(place, set()).update(files)
            if all(len(part.days) for part in parts):
                is_known = place in found
                found[place] = _sum([found[place], *parts] if is_known else parts, faults)
                listed.append(place)
                if not is_known and place not in ("total", *directory.names):
                    findings.remark(row.where, f"'{place}' is not in locations.csv: no column of its own")
            elif len(findings.problems) > problems:
                continue  # what is wrong in its files has been said
            elif place in directory.names:
                findings.remark(row.where, f"'{place}' has no registration: nobody is registered there")
                found.setdefault(place, NOBODY)
                listed.append(place)
            else:
                findings.fail(row.where, f"'{place}' has no registration", "at least one in each file")
    if not findings.problems and found and all(dated is NOBODY for dated in found.values()):
        findings.fail(name, "no place has a registration", "at least one")
    if not findings.problems and not [place for place in found if place in directory.names]:
        findings.fail(name, "names no camp", "a row for each camp: name,file")
    return found, tuple(listed)


def _dated(findings: Findings, directory: FleeDirectory, place: str, file: str, faults: bool) -> Dated:
    """Read the counts of one file of a place; with faults every row stays where it stands."""
    what = f"number of people in '{place}'"
    kept: dict[int, float] = {}
    as_written: list[tuple[int, float]] = []
    latest: int | None = None
    for row in findings.table(file, ("date", "datetime")).rows:
        day = findings.day(row.where, row.cell(0))
        if row.cell(1) == "":
            findings.remark(row.where, "the count is blank: the row says nothing")
            continue
        people = findings.number(row.where, row.cell(1), what=what, least=0, most=MOST_PEOPLE)
        if day is None or people is None:
            continue
        at = (day - directory.start).days
        if latest is not None and at < latest:
            reading = "left where it stands, as in Flee" if faults else "put in order"
            findings.remark(row.where, f"{day} is before the date above it: {reading}")
        if kept.get(at, people) != people:
            findings.remark(
                row.where, f"{day} stands there twice with different counts: the later row counts"
            )
        kept[at] = people
        as_written.append((at, people))
        latest = at
    rows = np.array(as_written if faults else sorted(kept.items()), dtype=np.float64).reshape(-1, 2)
    return Dated(rows[:, 0], rows[:, 1])


def _sum(parts: Sequence[Dated], faults: bool) -> Dated:
    """Add the files of one place: both interpolated and, before their first row, nobody; or as Flee does."""
    result = parts[0]
    for part in parts[1:]:
        if faults:
            result = add_as_flee(result, part)
        else:
            days = np.union1d(result.days, part.days)
            people = sum(np.interp(days, one.days, one.people, left=0.0) for one in (result, part))
            result = Dated(days, np.asarray(people))
    return result


def add_as_flee(one: Dated, other: Dated) -> Dated:
    """Add two files as Flee's AddCSVTables does (FLEE.md, 1.10), to the end of the shorter one."""
    days: list[float] = []
    people: list[float] = []
    i = j = 0
    while i < len(one.days) and j < len(other.days):
        day = min(one.days[i], other.days[j])
        takes_one, takes_other = one.days[i] == day, other.days[j] == day
        of_other = other.people[j] if takes_other else (other.people[j - 1] if j else 0.0)
        days.append(float(day))
        people.append(float(one.people[i] + of_other))
        i += int(takes_one)
        j += int(takes_other)
    return Dated(np.array(days), np.array(people))


def _correct(findings: Findings, directory: FleeDirectory, series: dict[str, Dated]) -> None:
    """Rescale what was registered before a change of counting to the level after it."""
    name = "input_csv/registration_corrections.csv"
    if not findings.exists(name):
        return
    for row in findings.table(name, ("name",)).rows:
        day, place = findings.day(row.where, row.cell(1)), row.cell(0)
        if day is None:
            continue
        if place not in series:
            findings.remark(row.where, f"'{place}' is not in data_layout.csv: not applied")
            continue
        at = (day - directory.start).days
        # Only with faults can a day stand there twice; Flee corrects by each of its rows in turn.
        same = np.flatnonzero(series[place].days == at).tolist()
        if at < 0:
            findings.remark(row.where, f"{day} is before the period: not applied")
        elif not same:
            allowed = "the day of a registration of this place"
            findings.fail(row.where, f"has no registration on {day}", allowed)
        else:
            for here in same:
                series[place] = _rescaled(findings, row, series[place], here)


def _rescaled(findings: Findings, row: TableRow, dated: Dated, here: int) -> Dated:
    """Rescale all rows above the row `here` so that the last of them meets it."""
    if here == 0 or dated.people[here - 1] == 0:
        findings.remark(row.where, "nobody was registered before: not applied")
        return dated
    people = dated.people.copy()
    with np.errstate(over="ignore", invalid="ignore"):
        people[:here] *= people[here] / people[here - 1]
    if not people.max() <= MOST_PEOPLE:
        what = f"'{row.cell(0)}' comes to more than {MOST_PEOPLE:,} people once it is applied"
        findings.fail(row.where, what, remedy="Look at the count of that day and the one before it")
        return dated
    return Dated(dated.days, people)
