"""Counts that came in after the issue day: a table people write, checked against the scenario."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, Final, Literal, get_args

from forewarn.errors import ForewarnError, Problem, ScenarioError, nearest
from forewarn.scenario import Scenario
from forewarn.scenario.model.triggers import ANYWHERE
from forewarn.scenario.tables import Layout, parse_table
from forewarn.scenario.yaml_files import read_text

Measure = Literal["present", "arrivals", "departures", "displaced"]
CUMULATIVE: Final = frozenset({"arrivals", "departures", "displaced"})

USUAL_ERROR: Final = 0.15
"""Standard error of a published count as a share of it, where the table gives none. An assumption: agencies
that count the same people in the same week differ by a tenth to a third (data/analogues)."""

LARGEST_ERROR: Final = 2.0
LARGEST_BYTES: Final = 2**22
"""4 MiB: some fifty thousand rows."""

LAYOUT: Final = Layout(
    columns=("date", "place", "measure", "people", "since", "error", "unit", "published", "source"),
    needed=frozenset({"date", "place", "measure", "people"}),
    whole=frozenset({"people"}),
    decimal=frozenset({"error"}),
)


@dataclass(frozen=True, slots=True)
class Observation:
    """A count of people.

    Parameters
    ----------
    measure
        ``present``: newly displaced people there on the day. Counted from the day after `since` up to the
        day: ``arrivals`` of newly displaced people there, first ``departures`` from there,
        ``displaced``: distinct people who left anywhere because of the offensive, fear or a warning.
    area, places
        As it was written, and the places that it means.
    since, day
        Days after the issue day.
    people
        The count.
    error
        Its standard error as a share of it.
    known
        Day after the issue day on which it was published.
    source
        Who counted.
    """

    measure: Measure
    area: str
    places: tuple[str, ...]
    since: int
    day: int
    people: int
    error: float
    known: int
    source: str

    @property
    def series(self) -> tuple[str, str, int]:
        """What it has in common with earlier and later counts of the same thing."""
        return self.measure, self.area, self.since


@dataclass(frozen=True, slots=True)
class Observations:
    """What a table of observations holds, and how it was read where that is not plain."""

    rows: tuple[Observation, ...]
    notes: tuple[str, ...] = ()

    def as_of(self, day: int) -> Observations:
        """Keep what was published up to a day after the issue day."""
        return replace(self, rows=tuple(each for each in self.rows if each.known <= day))


def read_observations(path: str | Path, scenario: Scenario) -> Observations:
    """Read a CSV file of observations.

    Raises
    ------
    ForewarnError
        Listing every row that cannot be used.
    """
    path = Path(path)
    return parse_observations(
        read_text(path, path.name, largest_bytes=LARGEST_BYTES), scenario, name=path.name
    )


def parse_observations(text: str, scenario: Scenario, *, name: str = "observations") -> Observations:
    """Make observations of the text of a CSV table.

    Columns: date, place (a name, a p-code, a first-level region, a zone or ``anywhere``), measure,
    people; and if need be since, error, unit (people or households), published, source. A row of HXL tags
    is passed over. Counts of one thing on one day by two sources, published together, become their mean,
    with an error that covers both.

    Examples
    --------
    >>> from forewarn.scenario import load
    >>> table = "date,place,measure,people" + chr(10) + "2024-03-06,Elm Camp,present,220"
    >>> [found] = parse_observations(table, load("crossroads")).rows
    >>> found.day, found.people, found.error
    (5, 220, 0.15)
    """
    table = parse_table(text, name, LAYOUT)
    problems: list[Problem] = []
    notes: list[str] = []
    found: list[tuple[str, Observation]] = []
    for row, where in zip(table.rows, table.origins, strict=True):
        if str(next(iter(row.values()))).startswith("#"):
            continue
        try:
            found.append((where, _observation(row, where, scenario, notes)))
        except ForewarnError as error:
            problems.extend(error.problems)
    if not found and not problems:
        problems.append(Problem(name, "no row holds an observation", "one row or more"))
    merged = _merged(found, notes)
    problems.extend(_falls(merged))
    if problems:
        raise ScenarioError(problems)
    return Observations(tuple(each for _, each in merged), tuple(dict.fromkeys(notes)))


def _observation(row: dict[str, Any], where: str, scenario: Scenario, notes: list[str]) -> Observation:
    reader = _Row(row, where, scenario)
    measure: Measure = reader.choice("measure", get_args(Measure))
    places = reader.places(measure)
    day = reader.day("date")
    since = reader.day("since") if "since" in row else 0
    known = reader.day("published", latest=False) if "published" in row else day
    people, error = reader.number("people", 0.0, 1e9), reader.number("error", 0.0, LARGEST_ERROR, USUAL_ERROR)
    unit = reader.choice("unit", ("people", "households"), "people")
    if measure == "present" and "since" in row:
        reader.problem("since", str(row["since"]), "blank for 'present', which is a number on a day")
    if day is not None and since is not None and not since < day:
        reader.problem("date", str(row.get("date")), "a day after the issue day, and after 'since'")
    if known is not None and day is not None and known < day:
        reader.problem("published", str(row.get("published")), "not before 'date'")
    if reader.problems:
        raise ScenarioError(reader.problems)
    if unit == "households":
        size = scenario.model.demographics.household_size.typical()
        people *= size
        notes.append(f"Households are read as {size:g} people each, as the scenario says.")
    area = str(row["place"])
    source = str(row.get("source", "")).strip()
    return Observation(measure, area, places, since, day, round(people), error, known, source)


class _Row:
    """One row being read: problems are collected, and what is wrong counts as not there."""

    def __init__(self, row: dict[str, Any], where: str, scenario: Scenario) -> None:
        self.row, self.where, self.scenario = row, where, scenario
        self.problems: list[Problem] = []

    def problem(self, column: str, what: str, allowed: str) -> None:
        self.problems.append(Problem(f"{self.where}, {column}", what or "blank", allowed))

    def choice(self, column: str, allowed: tuple[str, ...], otherwise: str = "") -> Any:  # noqa: ANN401
        word = str(self.row.get(column, otherwise)).strip().lower()
        if word not in allowed:
            self.problem(column, f"'{word}'" if word else "", nearest(word, allowed))
        return word

    def number(self, column: str, least: float, most: float, otherwise: float | None = None) -> float:
        value = self.row.get(column, otherwise)
        if isinstance(value, (int, float)) and least <= value <= most:
            return float(value)
        self.problem(column, "" if value is None else f"'{value}'", f"a number from {least:g} to {most:g}")
        return least

    def day(self, column: str, *, latest: bool = True) -> Any:  # noqa: ANN401
        text = str(self.row.get(column, "")).strip()
        try:
            day = (date.fromisoformat(text) - self.scenario.issued).days
        except ValueError:
            self.problem(column, f"'{text}'" if text else "", "a day such as 2018-09-12")
            return None
        if day < 0 or (latest and day > self.scenario.horizon_days):
            issued, horizon = self.scenario.issued, self.scenario.horizon_days
            self.problem(column, text, f"from {issued} (issue day) on, {horizon} days long")
            return None
        return day

    def places(self, measure: str) -> tuple[str, ...]:
        area = str(self.row.get("place", "")).strip()
        if not area:
            self.problem("place", "", "a place, p-code, region, zone or 'anywhere'")
            return ()
        if measure == "displaced" and area.lower() != ANYWHERE:
            self.problem("place", area, "'anywhere' for 'displaced'; by place write 'departures'")
        return self._meant(area)

    def _meant(self, area: str) -> tuple[str, ...]:
        places = self.scenario.places
        if area.lower() == ANYWHERE:
            return tuple(place.name for place in places)
        for field in ("name", "pcode", "admin1", "zone"):
            found = tuple(place.name for place in places if getattr(place, field) == area)
            if found:
                return found
        known = {getattr(place, field) for place in places for field in ("name", "pcode", "admin1", "zone")}
        self.problem("place", f"'{area}' is not in the scenario", nearest(area, sorted(known - {""})))
        return ()


def _merged(found: list[tuple[str, Observation]], notes: list[str]) -> list[tuple[str, Observation]]:
    """Make one of several counts of one thing, day and day of publication; in order of series and days."""
    groups: dict[tuple[object, ...], list[tuple[str, Observation]]] = {}
    for where, each in found:
        groups.setdefault((each.series, each.day, each.known), []).append((where, each))
    merged = []
    for rows in groups.values():
        where, first = rows[0]
        different = list({(each.people, each.source): each for _, each in rows}.values())
        if len(rows) > len(different):
            notes.append(f"{where}: the same count stands there more than once; it is used once.")
        if len(different) > 1:
            first = _of_several(different)
            notes.append(
                f"{where}: {len(different)} counts of {first.measure} at {first.area} for one day; "
                f"their mean {first.people:,} is used, with an error of {first.error:.0%}."
            )
        merged.append((where, first))
    return sorted(merged, key=lambda item: (*item[1].series, item[1].day))


def _of_several(counts: list[Observation]) -> Observation:
    mean = sum(each.people for each in counts) / len(counts)
    furthest = max(abs(each.people - mean) for each in counts)
    error = max(max(each.error for each in counts), furthest / mean if mean else 0.0)
    return replace(
        counts[0],
        people=round(mean),
        error=min(error, LARGEST_ERROR),
        known=max(each.known for each in counts),
        source="; ".join(dict.fromkeys(each.source for each in counts if each.source)),
    )


def _falls(merged: list[tuple[str, Observation]]) -> Iterator[Problem]:
    """Find cumulative counts that fall by more than their errors explain."""
    highest: dict[tuple[str, str, int], Observation] = {}
    for where, each in merged:
        before = highest.get(each.series)
        if before is None or each.people >= before.people:
            highest[each.series] = each
            continue
        doubt = 2 * ((before.error * before.people) ** 2 + (each.error * each.people) ** 2) ** 0.5
        if each.measure in CUMULATIVE and before.people - each.people > doubt:
            yield Problem(
                f"{where}, people",
                f"{each.people:,} after {before.people:,} on day {before.day}",
                "a count since a day, which rises, or falls within twice its error",
                "Write 'present' for numbers on a day",
            )
