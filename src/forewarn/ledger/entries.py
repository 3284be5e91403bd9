"""What stands in the ledger: entries, and incidents that were entered by hand."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal, Self, get_args

from pydantic import Field, ValidationError, field_validator, model_validator

from forewarn.errors import Problem
from forewarn.facts import EventKind, Fact, PartialDate
from forewarn.ledger.canonical_form import Json, LedgerError
from forewarn.ledger.contacts import PLACE_DECIMALS

EntryKind = Literal["document", "reading", "incident", "correction", "redaction", "observation", "run"]
KINDS: Final[tuple[str, ...]] = get_args(EntryKind)
IncidentStatus = Literal["alleged", "corroborated"]


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """One entry as it stands: redacted words are covered by ``█``."""

    sequence: int
    """Number in the chain, from 1."""
    time: str
    """When it was entered: UTC, ISO 8601, to the second."""
    kind: str
    reader: str
    """Name and version of what read it; empty if it was entered by hand."""
    document: str
    """SHA-256 of the document's bytes; empty if there is none."""
    about: int | None
    """The entry that a correction, redaction or reading points at."""
    body: dict[str, Any]
    body_hash: str
    previous: str
    """`digest` of the entry before; zeros for the first."""
    digest: str
    redacted: int
    """Number of words and values that were taken out."""


class IncidentPlace(Fact):
    """Where an incident was; coordinates to about a kilometre at most."""

    name: str = Field(min_length=1, max_length=200)
    pcode: str = Field("", max_length=40)
    lat: float | None = Field(None, ge=-90, le=90, description="Degrees north.")
    lon: float | None = Field(None, ge=-180, le=180, description="Degrees east.")

    @model_validator(mode="after")
    def _coarse(self) -> Self:
        if (self.lat is None) != (self.lon is None):
            raise ValueError("give both lat and lon, or neither")
        for value in (self.lat, self.lon):
            if value is not None and round(value, PLACE_DECIMALS) != value:
                message = f"{value} is too exact; allowed: {PLACE_DECIMALS} decimals, about a kilometre"
                raise ValueError(message)
        return self


class Incident(Fact):
    """Something that sources say happened. Who is responsible stands in it as an allegation only.

    Examples
    --------
    >>> shelling = Incident(
    ...     what="Shelling of a clinic",
    ...     when=parse_when("2018-09-06"),
    ...     place=IncidentPlace(name="Millbrook"),
    ...     sources=("Radio Farside, 6 September 2018",),
    ... )
    >>> shelling.status, shelling.independent_sources
    ('alleged', 1)
    """

    what: str = Field(min_length=1, max_length=2000, description="What is said to have happened.")
    kind: EventKind = "other"
    when: PartialDate
    place: IncidentPlace
    sources: tuple[str, ...] = Field(min_length=1, max_length=50, description="Who reports it, and where.")
    status: IncidentStatus = "alleged"
    alleged_responsible: str = Field("", max_length=200, description="Who is said to be responsible.")
    alleged_by: str = Field("", max_length=200, description="Who says so.")
    note: str = Field("", max_length=2000)

    @field_validator("sources")
    @classmethod
    def _distinct(cls, sources: tuple[str, ...]) -> tuple[str, ...]:
        folded = [re.sub(r"\W+", " ", source).strip().casefold() for source in sources]
        if not all(folded):
            raise ValueError("a source without words")
        if len(set(folded)) < len(folded):
            raise ValueError("the same source twice: one source is one, however often it is given")
        return sources

    @model_validator(mode="after")
    def _never_a_fact(self) -> Self:
        if bool(self.alleged_responsible.strip()) != bool(self.alleged_by.strip()):
            raise ValueError(
                "give both alleged_responsible and alleged_by: an allegation has somebody who makes it"
            )
        if self.status == "corroborated" and len(self.sources) < 2:
            raise ValueError("corroborated needs at least two independent sources")
        return self

    @property
    def independent_sources(self) -> int:
        """Number of sources; whoever enters the incident answers for their independence."""
        return len(self.sources)


def parse_when(words: str) -> PartialDate:
    """Read a day, a month or a year; other words are kept, with no bounds.

    Examples
    --------
    >>> parse_when("2018-02").latest
    datetime.date(2018, 2, 28)
    >>> parse_when("early September").earliest is None
    True
    """
    text = words.strip()
    match = re.fullmatch(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?", text)
    if not match:
        return PartialDate(words=text, earliest=None, latest=None)
    year, month, day = (None if part is None else int(part) for part in match.groups())
    try:
        first = date(int(year or 0), month or 1, day or 1)
    except ValueError as error:
        raise LedgerError(
            Problem("when", f"'{text}' is not a valid date", "2018-09-06, 2018-09 or 2018")
        ) from error
    if day:
        last = first
    elif month:
        last = date.fromordinal(date(first.year + month // 12, month % 12 + 1, 1).toordinal() - 1)
    else:
        last = date(first.year, 12, 31)
    return PartialDate(words=text, earliest=first, latest=last)


def make_incident(where: str = "incident", **fields: object) -> Incident:
    """Make an incident; every problem of its fields is listed in one `LedgerError`."""
    try:
        return Incident.model_validate(fields)
    except ValidationError as error:
        raise LedgerError(validation_problems(error, where)) from error


def validation_problems(error: ValidationError, where: str) -> list[Problem]:
    """Say what pydantic found in our words: where, and what; never the value of a field."""
    return [
        Problem(
            ".".join((where, *map(str, each["loc"]))),
            each["msg"].removeprefix("Value error, "),
        )
        for each in error.errors(include_url=False, include_input=False)
    ]


def as_body(fact: Fact) -> dict[str, Json]:
    """Give a fact as plain JSON."""
    body: dict[str, Json] = fact.model_dump(mode="json")
    return body
