"""Registrations day by day as Flee reads them: what drives a run, and what it is compared with.

FLEE.md, 1.10: linear between registrations and cut to whole people; the first and the last value hold
outside. This knows the future of every registration, so it is for Flee's runs alone; hindcasts use
`registrations`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from forewarn.errors import Problem
from forewarn.flee.directory import FleeDirectory, FleeError
from forewarn.flee.settings import FleeSettings
from forewarn.flee.tables import Findings

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]


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


@dataclass(frozen=True, slots=True)
class DailyCounts:
    """Registrations on each day of the period.

    Parameters
    ----------
    camps
        Names, in the order of the data layout.
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
    """

    camps: tuple[str, ...]
    people: Counts
    initial: Counts
    new: Counts
    debt: Counts
    raw: Counts
    remarks: tuple[Problem, ...]


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
    series = _layout(findings, directory, faults)
    _correct(findings, directory, series)
    if findings.problems:
        raise FleeError(findings.problems)
    days = np.arange(directory.length_days)
    camps = tuple(name for name in series if name in directory.names)
    # Flee counts people of a camp that is not on its map among those who are displaced all the same.
    elsewhere = [name for name in series if faults and name not in ("total", *camps)]
    table = np.stack([series[camp].at(days) for camp in (*camps, *elsewhere)], axis=1)
    total = series["total"].at(days) if "total" in series else table.sum(axis=1)
    first, first_total = table[0].copy(), int(total[0])
    if settings.empty_camps_on_day0:
        table, total = table - first, total - first_total
    followed = table.sum(axis=1) if settings.sum_from_camps else total
    start = int(followed[0])
    if faults:
        start = int(table[0].sum()) + (int(total[0]) if "total" in series else 0)
    change = np.append(start, np.diff(followed))
    inserted = settings.insert_day0 and not settings.empty_camps_on_day0
    new, debt = arrivals(change, inserted=settings.insert_day0)
    initial = first if inserted else np.zeros_like(first)
    table, initial = table[:, : len(camps)], initial[: len(camps)]
    return DailyCounts(camps, table, initial, new, debt, change.cumsum(), tuple(findings.remarks))


def arrivals(change: Counts, *, inserted: bool) -> tuple[Counts, Counts]:
    """People displaced each day: increases, less what earlier decreases left owing (FLEE.md, 1.9)."""
    new, debt = np.zeros_like(change), np.zeros_like(change)
    owing = 0
    for day, rise in enumerate(change.tolist()):
        people = 0 if inserted and day == 0 else rise - owing
        owing = max(0, -people)
        new[day], debt[day] = max(0, people), owing
    return new, debt


def _layout(findings: Findings, directory: FleeDirectory, faults: bool) -> dict[str, Dated]:
    name = "source_data/data_layout.csv"
    found: dict[str, Dated] = {}
    for row in findings.table(name, ()).rows:
        place = "total" if row.cell(0).lower() == "total" else row.cell(0)
        files = [cell for cell in row.cells[1:] if cell]
        if place in found:
            findings.fail(row.where, f"'{place}' stands there twice", remedy="Name all its files in one row")
        elif not files:
            findings.fail(row.where, f"no file is named for '{place}'", "name,file[,more files]")
        elif any(Path(file).name != file for file in files):
            findings.fail(row.where, "a file lies outside source_data", "names of files in source_data")
        else:
            parts = [_dated(findings, directory, f"source_data/{file}", faults) for file in files]
            if all(len(part.days) for part in parts):
                found[place] = _sum(parts, faults)
                if place not in ("total", *directory.names):
                    findings.remark(row.where, f"'{place}' is not in locations.csv: no column of its own")
            else:
                findings.fail(row.where, f"'{place}' has no registration", "at least one in each file")
    if not findings.problems and not [place for place in found if place in directory.names]:
        findings.fail(name, "names no camp", "a row for each camp: name,file")
    return found


def _dated(findings: Findings, directory: FleeDirectory, name: str, faults: bool) -> Dated:
    """Read the counts of one file; with faults every row stays where it stands."""
    kept: dict[int, float] = {}
    as_written: list[tuple[int, float]] = []
    latest: int | None = None
    for row in findings.table(name, ("date", "datetime")).rows:
        day = findings.day(row.where, row.cell(0))
        if row.cell(1) == "":
            findings.remark(row.where, "the count is blank: the row says nothing")
            continue
        people = findings.number(row.where, row.cell(1), what="number of people", least=0, most=1e10)
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
        day = findings.day(row.where, row.cell(1))
        if day is None:
            continue
        if row.cell(0) not in series:
            findings.remark(row.where, f"'{row.cell(0)}' is not in data_layout.csv: not applied")
            continue
        at = (day - directory.start).days
        dated = series[row.cell(0)]
        same = np.flatnonzero(dated.days == at)
        # Only with faults can a day stand there twice; Flee takes the last of them.
        here = int(same[-1]) if len(same) else 0
        if at < 0:
            findings.remark(row.where, f"{day} is before the period: not applied")
        elif not len(same):
            allowed = "the day of a registration of this place"
            findings.fail(row.where, f"there is no registration on {day}", allowed)
        elif here == 0 or dated.people[here - 1] == 0:
            findings.remark(row.where, "nobody was registered before: not applied")
        else:
            people = dated.people.copy()
            people[:here] *= people[here] / people[here - 1]
            series[row.cell(0)] = Dated(dated.days, people)
