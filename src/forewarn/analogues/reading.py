"""Read tables of events and warnings: the package's own, and a user's."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Final

from forewarn.analogues.attributes import exits_of, kind_of
from forewarn.analogues.events import EXITS, KINDS, SCOPES, DatedCount, PastOffensive, PastWarning
from forewarn.errors import Problem, nearest
from forewarn.intake.csv_tables import Line, TableColumns, TableError, parse_lines, read_lines

LARGEST_BYTES: Final = 20_000_000
COLUMNS: Final = TableColumns(
    (
        *("id", "start_date", "end_date", "scope", "attack_kind", "exits_open"),
        *("population_exposed", "displaced_total"),
    ),
    (
        *("name", "areas", "cluster", "kind", "exits", "population_published", "displaced_published"),
        *("share_usable", "days_to_half", "days_published", "crossed_border", "crossed_published"),
        *("displaced_source", "url1"),
    ),
    # What the columns are called in the compilation that the package's table was made from.
    aliases={"fraction_usable": "share_usable", "days_to_50pct": "days_to_half"},
    # A description of the attack or of the exits may be left out where the class itself is given.
    instead={"attack_kind": "kind", "exits_open": "exits"},
)

Cells = Mapping[str, str]


@cache
def load_events() -> tuple[PastOffensive, ...]:
    """Read the package's table of past events."""
    problems: list[Problem] = []
    return _events(parse_lines(_package_table("events.csv"), "events.csv", COLUMNS, problems), problems)


@cache
def load_warnings() -> tuple[PastWarning, ...]:
    """Read the package's table of warnings."""
    return tuple(_warning(row) for row in csv.DictReader(io.StringIO(_package_table("warnings.csv"))))


@cache
def load_counts() -> Mapping[str, Sequence[DatedCount]]:
    """Load the package's dated counts, by event."""
    found: dict[str, list[DatedCount]] = {}
    for row in csv.DictReader(_package_table("counts.csv").splitlines()):
        day, published = (date.fromisoformat(row[name]) for name in ("date", "published"))
        found.setdefault(row["event"], []).append(DatedCount(day, float(row["displaced"]), published))
    return found


def read_events(path: Path) -> tuple[PastOffensive, ...]:
    """Read a user's table of events (docs/analogues.md lists the columns).

    Raises
    ------
    TableError
        If the file cannot be read, columns are missing or misspelt, or cells break a rule: unknown
        classes, no numbers, shares above 1, dates that run backwards. All problems are listed.
    """
    problems: list[Problem] = []
    return _events(read_lines(path, COLUMNS, problems, most_bytes=LARGEST_BYTES), problems)


def _package_table(name: str) -> str:
    return (files("forewarn") / "data" / "analogues" / name).read_text(encoding="utf-8")


def _events(lines: Sequence[Line], problems: list[Problem]) -> tuple[PastOffensive, ...]:
    events, seen = [], set[str]()
    for line in lines:
        row = _Row(line)
        event = row.event()
        if event.id in seen:
            line.add("id", f"'{event.id}' stands there twice")
        seen.add(event.id)
        events.append(event)
    if problems:
        raise TableError(problems)
    return tuple(events)


class _Row:
    """One line of a table, read as an event."""

    def __init__(self, line: Line) -> None:
        self.add, self.text = line.add, line.text

    def event(self) -> PastOffensive:
        identifier = self.text("id")
        if not identifier:
            self.add("id", "the cell is empty", "a name for the event, once in the table")
        start, end = self.day("start_date"), self.day("end_date")
        if start and end and end < start:
            self.add("end_date", f"{end} is before the start, {start}", "the start or a later day")
        known = end or start or date.min
        name = self.text("name") or identifier
        event = PastOffensive(
            id=identifier,
            name=name,
            areas=_names(self.text("areas") or name.split(",")[0]),
            cluster=self.text("cluster") or identifier,
            start=start or known,
            end=known,
            scope=self.chosen("scope", self.text("scope").lower(), SCOPES),
            kind=self.classed("kind", "attack_kind", KINDS),
            exits=self.classed("exits", "exits_open", EXITS),
            population=self.number("population_exposed", above_zero=True),
            population_published=self.day("population_published", known),
            displaced=self.number("displaced_total"),
            displaced_published=self.day("displaced_published", known),
            share_usable=self.text("share_usable").lower() != "no",
            days_to_half=self.number("days_to_half", above_zero=True),
            days_published=self.day("days_published", known),
            crossed=self.number("crossed_border"),
            crossed_published=self.day("crossed_published", known),
            source=self.text("displaced_source"),
            url=self.text("url1"),
        )
        self.check(event)
        return event

    def check(self, event: PastOffensive) -> None:
        share = event.share()
        if share is not None and share > 1:
            what = (
                f"{event.displaced:,.0f} of {event.population:,.0f} people exposed is a share of {share:.2f}"
            )
            remedy = "Take figures for one and the same area, or write 'no' in share_usable"
            self.add("displaced_total", what, "at most as many as population_exposed", remedy)
        if event.displaced_published < event.start:
            what = f"{event.displaced_published} is before the start, {event.start}"
            self.add("displaced_published", what, "the start or a later day")
        if self.text("share_usable").lower() not in ("", "yes", "no"):
            self.add("share_usable", f"'{self.text('share_usable')}'", "yes, no")

    def chosen(self, column: str, value: str, allowed: Sequence[str]) -> str:
        if value not in allowed:
            self.add(column, f"unknown {column} '{value}'", nearest(value, allowed))
        return value

    def classed(self, column: str, description: str, allowed: Sequence[str]) -> str:
        """Take the class itself if it is given, else read it from the description; blank is unknown."""
        if given := self.text(column).lower():
            return self.chosen(column, given, allowed)
        words = self.text(description)
        if not words:
            return ""
        found = kind_of(words) if column == "kind" else exits_of(words)
        if found is None:
            what = f"no known {column} in '{words}'"
            self.add(description, what, f"words that name one of {', '.join(allowed)}")
        return found or ""

    def number(self, column: str, *, above_zero: bool = False) -> float | None:
        text = self.text(column)
        if not text:
            return None
        try:
            value = float(text)
        except ValueError:
            value = float("nan")
        if not 0 <= value < 1e10 or (above_zero and value == 0):
            self.add(column, f"'{text}'", "a number above 0" if above_zero else "0 or a number above it")
            return None
        return value

    def day(self, column: str, otherwise: date | None = None) -> date:
        text = self.text(column)
        if not text and otherwise is not None:
            return otherwise
        try:
            return date.fromisoformat(text)
        except ValueError:
            self.add(column, f"'{text}'" if text else "the cell is empty", "a day such as 2018-08-30")
            return otherwise or date.min


def _names(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(";") if part.strip())


def _warning(row: Cells) -> PastWarning:
    def number(column: str) -> float | None:
        return float(row[column]) if row[column] else None

    def day(column: str) -> date | None:
        return date.fromisoformat(row[column]) if row[column] else None

    warned = date.fromisoformat(row["warned"])
    return PastWarning(
        id=row["id"],
        name=row["name"],
        areas=_names(row["areas"]),
        cluster=row["cluster"],
        collected_as=row["collected_as"],
        warned=warned,
        publisher=row["publisher"],
        figure=number("warned_central"),
        outcome=row["outcome"],
        attack_after_days=int(row["attack_after_days"]) if row["attack_after_days"] else None,
        no_attack_until=day("no_attack_until"),
        speaks_of_attack=row["outcome"] != "after the start",
        displaced_without_attack=number("displaced_without_attack"),
        displaced_published=day("displaced_published") or warned,
        url=row["url1"],
    )
