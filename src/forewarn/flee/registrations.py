"""Registrations by camp in a Flee directory: what ``source_data`` and the corrections say, and what was odd.

What can be read in one way only is read, and said in `Registrations.remarks`; what cannot is an error.
`docs/hindcast.md` lists both.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

import numpy as np

from forewarn.arraytypes import Floats, Ints
from forewarn.errors import ForewarnError, Problem, nearest
from forewarn.flee.tables import LONGEST_DAYS, MOST_PEOPLE, Findings, day_of

LARGEST_BYTES: Final = 50_000_000
_HEADS: Final = ("date", "datetime", "day")
_TOTAL: Final = "total"


class RegistrationError(ForewarnError):
    """The registrations of a Flee directory cannot be read."""


@dataclass(frozen=True, slots=True)
class RegistrationSeries:
    """Registrations of one place.

    Parameters
    ----------
    place
        Name, as in ``locations.csv``.
    days
        (registration,), days since the start of the period, not decreasing; may be negative. A day stands
        twice where a file has two counts for it, the smaller first.
    counts
        (registration,), people registered, not corrected.
    """

    place: str
    days: Ints
    counts: Floats


@dataclass(frozen=True, slots=True)
class Correction:
    """A change of what is counted: earlier counts of `place` are rescaled to meet the count of `day`."""

    place: str
    day: int


@dataclass(frozen=True, slots=True)
class Registrations:
    """All registrations of a conflict.

    Parameters
    ----------
    name
        Name of the folder.
    start, length_days
        The period of ``sim_period.csv``.
    series
        One for each camp of the layout that is a location and has at least one registration.
    corrections
        In the order of the file; those of places that are not in `series` are left out, with a remark.
    total
        Registrations of the whole conflict, if the layout names them.
    remarks
        What was read in a documented way rather than as it stands.
    """

    name: str
    start: date
    length_days: int
    series: tuple[RegistrationSeries, ...]
    corrections: tuple[Correction, ...]
    total: RegistrationSeries | None
    remarks: tuple[Problem, ...]

    @property
    def places(self) -> tuple[str, ...]:
        """Names of the camps, in the order of the layout."""
        return tuple(series.place for series in self.series)


def read_registrations(folder: Path) -> Registrations:
    """Read the registrations of a Flee directory (the folder that holds ``input_csv`` and ``source_data``).

    Raises
    ------
    RegistrationError
        If a file that is named is not there, a row cannot be read, a count is negative, or no camp is
        left. All problems are listed.
    """
    reader = _Reader(folder)
    start, length = reader.period()
    locations = reader.locations()
    corrections = [] if start is None else reader.corrections(start)
    series, total = ([], None) if start is None else reader.layout(start, locations)
    known = {entry.place: entry for entry in series}
    kept = tuple(entry for entry in corrections if reader.can_apply(entry, known))
    reader.refuse_too_many(series)
    if not reader.problems and not series:
        reader.fail("source_data/data_layout.csv", "names no camp that is a location and has registrations")
    if reader.problems or start is None:
        raise RegistrationError(reader.problems)
    return Registrations(
        folder.resolve().name, start, length, tuple(series), kept, total, tuple(reader.remarks)
    )


class _Reader(Findings):
    """Reads the files of one folder; collects problems and remarks."""

    largest_bytes = LARGEST_BYTES

    def rows(self, name: str) -> Iterator[tuple[str, list[str]]]:
        """Give (where, cells) of the rows of a table that are neither blank nor comments."""
        text = self.text(name)
        lines = csv.reader(io.StringIO(text, newline=""))
        try:
            for cells in lines:
                stripped = [cell.strip() for cell in cells]
                if any(stripped) and not stripped[0].startswith("#"):
                    yield f"{name}, line {lines.line_num}", stripped
        except csv.Error as error:
            self.fail(f"{name}, line {lines.line_num}", f"this is not a CSV table: {error}")

    def period(self) -> tuple[date | None, int]:
        """Read start and length of the period."""
        name = "input_csv/sim_period.csv"
        found = {cells[0].lower(): (where, cells[1]) for where, cells in self.rows(name) if len(cells) > 1}
        start, length = None, 0
        if self.problems:
            return start, length
        for key in ("startdate", "length"):
            if key not in found:
                spelt = {"startdate": "StartDate", "length": "Length"}[key]
                self.fail(name, f"the row '{spelt}' is missing", "StartDate,2015-05-01 and Length,396")
        if "startdate" in found:
            start = self._date(*found["startdate"])
        if "length" in found:
            where, text = found["length"]
            length = int(text) if text.isascii() and text.isdigit() else 0
            if not 0 < length <= LONGEST_DAYS:
                self.fail(where, f"'{text}' is not a length", f"whole days from 1 to {LONGEST_DAYS}")
        return start, length

    def locations(self) -> frozenset[str]:
        """Read the names of all locations."""
        rows = self.rows("input_csv/locations.csv")
        return frozenset(cells[0] for _, cells in rows if cells[0].lower() != "name")

    def corrections(self, start: date) -> list[Correction]:
        """Read the corrections; a folder need not have any."""
        name = "input_csv/registration_corrections.csv"
        if not (self.folder / name).exists():
            return []
        found = []
        for where, cells in self.rows(name):
            if len(cells) < 2:
                self.fail(where, "a correction without a date", "name,date")
            elif cells[1].lower() not in _HEADS and (day := self._date(where, cells[1])) is not None:
                entry = Correction(cells[0], (day - start).days)
                if entry in found:
                    self.remark(
                        where, f"the correction of {cells[0]} on {cells[1]} stands twice: applied once"
                    )
                else:
                    found.append(entry)
        return found

    def can_apply(self, correction: Correction, series: dict[str, RegistrationSeries]) -> bool:
        """Tell whether a correction has something to correct; remark on it if not."""
        where = "input_csv/registration_corrections.csv"
        what = f"{correction.place}, day {correction.day}: not applied,"
        if correction.place not in series:
            self.remark(
                where, f"{what} since no such camp is scored", nearest(correction.place, tuple(series))
            )
            return False
        days, counts = series[correction.place].days, series[correction.place].counts
        at = int(np.searchsorted(days, correction.day))
        if at == len(days) or days[at] != correction.day:
            self.remark(where, f"{what} since that day has no registration")
            return False
        if at == 0 or counts[at - 1] == 0:
            self.remark(where, f"{what} since nobody was registered before")
            return False
        return True

    def refuse_too_many(self, series: Sequence[RegistrationSeries]) -> None:
        """Refuse registrations that come to more people than can be recorded."""
        most = {entry.place: float(entry.counts.max()) for entry in series}
        if sum(most.values()) > MOST_PEOPLE:
            place = max(most, key=lambda name: most[name])
            what = f"{sum(most.values()):,.0f} people are registered in all, most of them here"
            self.fail(f"source_data/data_layout.csv, '{place}'", what, f"at most {MOST_PEOPLE:,}")

    def layout(
        self, start: date, locations: frozenset[str]
    ) -> tuple[list[RegistrationSeries], RegistrationSeries | None]:
        """Read the series of every camp that the layout names, and the total."""
        name = "source_data/data_layout.csv"
        found: dict[str, RegistrationSeries] = {}
        total = None
        rows: dict[str, tuple[str, list[str]]] = {}
        for where, cells in self.rows(name):
            if cells[0] in rows:
                self.remark(where, f"'{cells[0]}' stands there twice: its files are added, each once")
            rows.setdefault(cells[0], (where, []))[1].extend(cell for cell in cells[1:] if cell)
        for place, (where, files) in rows.items():
            is_total = place.lower() == _TOTAL
            if not files:
                self.fail(where, f"no file is named for '{place}'", "name,file[,more files]")
            elif not is_total and place not in locations:
                self.remark(where, f"'{place}' is not in locations.csv: left out")
            else:
                series = self._place(place, files, start)
                if is_total:
                    total = series
                elif len(series.days):
                    found[place] = series
                else:
                    self.remark(where, f"'{place}' has no registrations: left out")
        return list(found.values()), total

    def _place(self, place: str, files: Sequence[str], start: date) -> RegistrationSeries:
        """Add up files: at every date of any, the last count known from each; 0 before its first."""
        parts = []
        for file in dict.fromkeys(files):
            if Path(file).name != file:
                self.fail(
                    "source_data/data_layout.csv", f"'{file}' is not a file of source_data", "a file name"
                )
            else:
                parts.append(self._counts(place, f"source_data/{file}", start))
        if len(files) != len(set(files)):
            self.remark("source_data/data_layout.csv", f"'{place}' names a file twice: counted once")
        if len(parts) == 1:
            return RegistrationSeries(place, *parts[0])
        days = np.unique(np.concatenate([part[0] for part in parts] or [np.zeros(0, np.int64)]))
        counts = np.zeros(len(days))
        for own_days, own_counts in parts:
            counts += np.append(0.0, own_counts)[np.searchsorted(own_days, days, side="right")]
        return RegistrationSeries(place, days, counts)

    def _counts(self, place: str, name: str, start: date) -> tuple[Ints, Floats]:
        """Read one file of dated counts of a place, put in order; two counts of one day are both kept."""
        found: set[tuple[int, float]] = set()
        last: int | None = None
        for number, (where, cells) in enumerate(self.rows(name)):
            if number == 0 and cells[0].lower() in _HEADS:
                continue
            day, count = self._date(where, cells[0]), self._count(place, where, cells)
            if day is None or count is None:
                continue
            offset = (day - start).days
            if last is not None and offset < last:
                self.remark(where, f"{day} is before the date above it: put in order")
            if (offset, count) not in found and any(offset == other for other, _ in found):
                self.remark(where, f"{day} has another count too: both are kept, the smaller first")
            found.add((offset, count))
            last = offset
        rows = sorted(found)
        days = np.array([day for day, _ in rows], np.int64)
        return days, np.array([count for _, count in rows], np.float64)

    def _count(self, place: str, where: str, cells: Sequence[str]) -> float | None:
        text = cells[1] if len(cells) > 1 else ""
        if not text:
            self.remark(where, "the count is blank: the row says nothing")
            return None
        try:
            count = float(text)
        except ValueError:
            count = math.nan
        if not 0 <= count <= MOST_PEOPLE:
            allowed = f"a number from 0 to {MOST_PEOPLE:,}, without separators"
            self.fail(where, f"'{text}' is not a count of people in '{place}'", allowed)
            return None
        return count

    def _date(self, where: str, text: str) -> date | None:
        found = day_of(text)
        if found is None:
            self.fail(where, f"'{text}' is not a day", "a day such as 2015-05-01")
        return found
