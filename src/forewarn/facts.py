"""What a document says: figures, statements, events, and the spans of text that they rest on.

Offsets count characters of `Document.text`, half open, so that ``text[span.start:span.end] == span.text``.
A fact never says more than its document: who is responsible stands in a statement of somebody, never by
itself. The fields of `Figure` map one to one on those that analysts of displacement key in (docs/reading.md).
"""

from __future__ import annotations

from datetime import date
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from forewarn.display import html_table

Unit = Literal["people", "households"]
Bound = Literal["exact", "approximate", "at-least", "at-most", "range"]
Term = Literal[
    "displaced",
    "evacuated",
    "forced-to-flee",
    "homeless",
    "in-relief-camp",
    "sheltered",
    "relocated",
    "destroyed-housing",
    "partially-destroyed-housing",
    "uninhabitable-housing",
    "at-risk",
    "returned",
    "trapped",
    "in-need",
    "population",
    "killed",
    "other",
]
Flow = Literal["stock", "flow", "unknown"]
FigureStatus = Literal["reported", "estimated", "projected", "planned", "feared", "denied"]
PlaceRole = Literal["in", "from", "to"]
Cause = Literal["conflict", "disaster", "other", "unknown"]

Quotation = Literal["direct", "indirect", "mixed"]
StatementKind = Literal[
    "report",
    "estimate",
    "assessment",
    "warning",
    "hope",
    "fear",
    "accusation",
    "denial",
    "condemnation",
    "demand",
    "commitment",
    "threat",
    "description",
    "position",
]
Hedge = Literal[
    "without-evidence",
    "unverified",
    "without-saying-when",
    "anonymous",
    "second-hand",
    "possibility",
    "alleged",
]
ActorKind = Literal[
    "person", "office", "government", "armed-forces", "armed-group", "agency", "alliance", "media", "other"
]
EventKind = Literal[
    "attack",
    "chemical-attack",
    "siege",
    "displacement",
    "agreement",
    "talks",
    "meeting",
    "post",
    "border",
    "control",
    "support",
    "listing",
    "return",
    "ceasefire",
    "disaster",
    "other",
]
EventStatus = Literal[
    "past", "under-way", "planned", "threatened", "possible", "alleged", "asked-for", "denied"
]
Link = Literal["denies", "disputes", "differs", "supports", "repeats"]


class Fact(BaseModel):
    """Anything that was read: frozen, and closed to unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Span(Fact):
    """A stretch of a document's text."""

    start: int = Field(ge=0, description="First character.")
    end: int = Field(description="One past the last character.")
    text: str = Field(description="The words; empty when they were redacted.")

    @model_validator(mode="after")
    def _forwards(self) -> Self:
        if self.end < self.start:
            message = f"a span ends at {self.end}, before it starts at {self.start}"
            raise ValueError(message)
        return self


class PartialDate(Fact):
    """A date that may be known only by its month, its year or two bounds.

    Examples
    --------
    >>> PartialDate(words="earlier this month", earliest=date(2018, 9, 1), latest=date(2018, 9, 5)).is_day
    False
    """

    words: str = Field(description="As the document says it.")
    earliest: date | None = Field(None, description="First day it can be; nothing = unknown.")
    latest: date | None = Field(None, description="Last day it can be; nothing = unknown or still to come.")

    @property
    def is_day(self) -> bool:
        """Whether it is known to the day."""
        return self.earliest is not None and self.earliest == self.latest


class StatedNumber(Fact):
    """A number as a document gives it, with what bounds it.

    "More than 3,000" has `value` 3000, `low` 3000 and no `high`; "tens of thousands" no `value`, `low` 20,000
    and `high` 99,999; "half of the population" a `share` of 0.5, and a value if the population is known.
    """

    value: float | None = Field(None, ge=0, description="The number, in the figure's unit.")
    low: float | None = Field(None, ge=0, description="Lower bound; nothing = none given.")
    high: float | None = Field(None, ge=0, description="Upper bound; nothing = none given.")
    bound: Bound = Field("exact", description="How the words bind it.")
    share: float | None = Field(None, ge=0, le=1, description="Share of a whole, if it was given as one.")
    whole: str = Field("", description="What the share is a share of, and the figure it was resolved with.")


class PlaceMention(Fact):
    """A place named in a document, and what it was resolved to."""

    span: Span
    name: str = Field(description="Name of the gazetteer; the words themselves if nothing was found.")
    role: PlaceRole = "in"
    pcode: str = ""
    country: str = Field("", description="ISO 3166-1 alpha-3; empty if unknown.")
    admin1: str = ""
    kind: str = Field("", description="country, region, area, town, camp, crossing, …")
    lat: float | None = Field(None, ge=-90, le=90)
    lon: float | None = Field(None, ge=-180, le=180)
    population: int | None = Field(None, ge=0, description="Of the gazetteer, people.")
    candidates: tuple[str, ...] = Field(
        (), description="Other places that it may be: 'name, admin1, country'."
    )


class Actor(Fact):
    """A person in a public role, an office, a government, a force, an agency."""

    key: str = Field(description="Stable key: of the catalogue, or made from the name.")
    name: str
    kind: ActorKind = "other"
    country: str = Field("", description="ISO 3166-1 alpha-3 of what it belongs to; empty if none.")
    speaks_for: str = Field("", description="Key of the actor that it speaks for (Lavrov → russia).")
    mentions: tuple[Span, ...] = ()


class Figure(Fact):
    """How many people, in which plight, where, when, and who says so."""

    span: Span = Field(description="The whole expression: quantity, unit and term.")
    quantity_span: Span
    quantity: StatedNumber
    unit: Unit = "people"
    household_size: float | None = Field(
        None, gt=0, description="People per household, if the text gives it."
    )
    term: Term
    flow: Flow = "unknown"
    status: FigureStatus = "reported"
    places: tuple[PlaceMention, ...] = ()
    cause: Cause = "unknown"
    period: PartialDate | None = None
    statement: int | None = Field(None, description="Index of the statement it stands in.")
    notes: tuple[str, ...] = Field((), description="What a reader should know: part of a total, sum, update.")


class Statement(Fact):
    """Somebody said something."""

    source: Span | None = Field(None, description="Who says it, as words; nothing if nobody is named.")
    actor: str = Field("", description="Key of the actor; empty if it was not resolved.")
    cue: Span | None = None
    content: tuple[Span, ...] = Field(min_length=1)
    sentence: Span | None = Field(None, description="The sentence or sentences it stands in.")
    quotation: Quotation
    kind: StatementKind
    hedges: tuple[tuple[Hedge, Span], ...] = ()
    chain: tuple[Span, ...] = Field((), description="Through whom: outermost teller last.")
    date: PartialDate | None = None
    addressee: Span | None = None
    target: Span | None = Field(
        None, description="Whom or what it accuses, warns, describes or demands from."
    )
    inside: int | None = Field(None, description="Index of the statement whose content it stands in.")


class Event(Fact):
    """Something that a document says happens, happened or may happen."""

    span: Span
    kind: EventKind
    status: EventStatus
    stage: int | None = Field(None, ge=1, description="Order among the stages of a planned attack.")
    actors: tuple[str, ...] = Field((), description="Keys of those who do it.")
    targets: tuple[str, ...] = Field((), description="Keys of those it is done to or for.")
    places: tuple[PlaceMention, ...] = ()
    sectors: tuple[str, ...] = Field((), description="Parts of an area: south, west, city, …")
    excluded: tuple[PlaceMention, ...] = Field(
        (), description="Places said not to be part of it, or not yet."
    )
    date: PartialDate | None = None
    statement: int | None = Field(None, description="Index of the statement it stands in.")
    details: tuple[tuple[str, str], ...] = Field(
        (), description="Further pairs, such as ('means', 'chlorine')."
    )


class Relation(Fact):
    """Two statements, or two figures, about the same thing."""

    kind: Link
    about: str = Field(description="What both are about, in a few words.")
    of: Literal["statements", "figures"]
    first: int = Field(ge=0, description="Index of the one that came first or claims.")
    second: int = Field(ge=0, description="Index of the one that denies, disputes, differs or supports.")
    reason: str = ""


class Document(Fact):
    """A document as it was read."""

    name: str = Field(description="File name, address or '-' for standard input.")
    sha256: str = Field(pattern="^[0-9a-f]{64}$", description="Hash of the bytes as they came.")
    media_type: str = "text/plain"
    title: str = ""
    text: str = Field(description="Text that all offsets count in: entities mended, markup gone.")
    language: str = Field("", description="ISO 639-1; empty if it could not be told.")
    issued: date | None = Field(None, description="Day the document was published, if given or found.")
    notes: tuple[str, ...] = Field((), description="What was left out when it was read in.")


class Reading(Fact):
    """All that was read in a document."""

    document: Document
    reader: str = Field(description="Name and version of the reader.")
    figures: tuple[Figure, ...] = ()
    statements: tuple[Statement, ...] = ()
    actors: tuple[Actor, ...] = ()
    places: tuple[PlaceMention, ...] = ()
    events: tuple[Event, ...] = ()
    relations: tuple[Relation, ...] = ()
    notes: tuple[str, ...] = Field((), description="What was not read, and why.")

    def __repr__(self) -> str:
        """Say what was found in a line, and nothing of the document's words but its name."""
        return f"<Reading of {self.document.name!r}: {', '.join(self._facts())}>"

    __str__ = __repr__

    def _repr_html_(self) -> str:
        rows = [
            (
                figure.quantity.value if figure.quantity.value is not None else figure.quantity.low,
                figure.unit,
                figure.term,
                figure.status,
                ", ".join(place.name for place in figure.places),
                figure.span.text,
            )
            for figure in self.figures
        ]
        heads = ("number", "unit", "term", "status", "places", "words")
        return html_table(self.document.name, heads, rows, facts=self._facts(), notes=self.notes)

    def _facts(self) -> tuple[str, ...]:
        """Say the day, and how much of everything."""
        issued = self.document.issued
        counts = {
            name: len(getattr(self, name)) for name in ("figures", "statements", "actors", "places", "events")
        }
        return (
            "day unknown" if issued is None else f"issued {issued}",
            *(f"{count} {name if count != 1 else name.removesuffix('s')}" for name, count in counts.items()),
        )
