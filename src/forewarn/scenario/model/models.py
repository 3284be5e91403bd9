"""The explicit scenario: frozen, closed, with no default and no inherited source left."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Final, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, StrictBool, StrictInt, StrictStr, model_validator

from forewarn.display import html_table
from forewarn.scenario.model.behaviour import Model, filled
from forewarn.scenario.model.boundaries import Boundaries
from forewarn.scenario.model.quantity import (
    Amount,
    Block,
    Day,
    Days,
    Number,
    Probability,
    Quantity,
    Share,
    wrong,
)
from forewarn.scenario.model.triggers import Trigger
from forewarn.sources import Source, is_assumption

PlaceKind = Literal["town", "camp", "crossing", "foreign"]
Status = Literal["closed", "open", "leaking", "limited"]
EventScope = Literal["place", "region", "country"]
EventKind = Literal["ground", "siege", "bombardment", "expulsion", "evacuation order"]
Exits = Literal["open", "partial", "closed"]
AttackKind = Literal["bombardment", "ground-attack", "siege", "chemical-attack"]

MOST_PEOPLE: Final = 2**31 - 1
"""People in all places of a scenario together: forecasts count them in whole numbers of 32 bits."""

Name = Annotated[StrictStr, Field(min_length=1, max_length=200)]
SourceWord = Annotated[StrictStr, Field(min_length=1, description="Entry of sources, or 'assumption: why'.")]


def _only_dates(raw: Any) -> Any:  # noqa: ANN401
    """Refuse times of day and numbers, which pydantic would read as dates."""
    if type(raw) is date or isinstance(raw, str):
        return raw
    raise wrong(f"{raw!r} is not a date", "a date such as 2018-08-30")


def _within_reason(day: date) -> date:
    """Refuse issue days from which a forecast would run out of the calendar, or that are slips of the pen."""
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise wrong(f"{day} is out of range", f"a day of the years {FIRST_YEAR} to {LAST_YEAR}")
    return day


FIRST_YEAR, LAST_YEAR = 1900, 2199
"""Of issue days; assumption."""
PlainDate = Annotated[date, BeforeValidator(_only_dates)]


class Place(Block):
    """A place where people are or may go."""

    name: Name = Field(description="Unique name.")
    pcode: StrictStr = Field("", description="P-code; may repeat, as of a camp inside a sub-district.")
    admin1: StrictStr = Field("", description="First-level region.")
    country: Annotated[StrictStr, Field(pattern=r"^([A-Z]{3})?$")] = Field(
        "", description="Country, ISO 3166-1 alpha-3."
    )
    lat: Number = Field(ge=-90, le=90, description="Latitude, WGS 84 degrees.")
    lon: Number = Field(ge=-180, le=180, description="Longitude, WGS 84 degrees.")
    kind: PlaceKind = Field(description="Kind of place.")
    zone: Name = Field(description="Who holds it on the issue day: key of zones.")
    residents: StrictInt = Field(0, ge=0, description="Residents at home on the issue day, people.")
    displaced: StrictInt = Field(0, ge=0, description="People displaced earlier who live here, people.")
    capacity: Amount | None = Field(None, description="People it can hold in all; nothing = unlimited.")
    attraction: Number = filled("Pull on people who choose where to go, in people.", ge=0)
    isolated: StrictBool = Field(False, description="Whether no road given in routes reaches it.")
    local: StrictBool = filled("Whether people who leave home may stay within the place; usual for towns.")
    source: SourceWord = filled("Source of coordinates and of whatever has no other source.")
    population_source: SourceWord = filled("Source of residents and displaced.")


class Route(Block):
    """A road between two places, in both directions."""

    from_: Name = Field(alias="from", description="Name of a place.")
    to: Name = Field(description="Name of a place.")
    km: Number = Field(gt=0, description="Length in km.")
    road: StrictStr = Field("", description="Free text.")
    crossing: Name | None = Field(None, description="Key of crossings that governs it.")
    source: SourceWord = filled("Source of the length.")


class PastFlow(Block):
    """Movements counted before the issue day from one place to another, or within one."""

    from_: Name = Field(alias="from", description="Name of the place they left.")
    to: Name = Field(description="Name of the place they went to; the same for people who stayed within it.")
    people: Number = Field(ge=0, le=MOST_PEOPLE, description="Movements counted, people.")
    source: SourceWord = filled("Source of the count.")


class Zone(Block):
    """Who holds a place."""

    title: StrictStr = filled("Name to print.")


class CrossingState(Block):
    """What a crossing does."""

    status: Status = Field(description="What it does.")
    pass_rate: Share | None = Field(
        None, description="Leaking: chance that a person waiting gets across on a given day."
    )
    people_per_day: Amount | None = Field(
        None, description="Limited: people let across per day, both directions together."
    )

    @model_validator(mode="after")
    def _has_its_rate(self) -> Self:
        for status, key in (("leaking", "pass_rate"), ("limited", "people_per_day")):
            if self.status == status and getattr(self, key) is None:
                raise wrong(f"the status is {status}, but {key} is missing", remedy=f"Give {key}")
        return self


class CrossingChange(CrossingState):
    """What a crossing does from some day on."""

    start: Day = Field(description="First day of it.")


class Crossing(CrossingState):
    """A way between two zones."""

    name: Name = Field(description="Unique name.")
    title: StrictStr = filled("Name to print.")
    between: tuple[Name, Name] = Field(description="The two zones.")
    roads: Literal["named", "all"] = Field(
        "named", description="'all': also every route between the two zones that names no other crossing."
    )
    changes: tuple[CrossingChange, ...] = Field((), description="Changes that are known to come.")


class Post(Block):
    """An observation post."""

    name: Name = Field(description="Unique name.")
    lat: Number | None = Field(None, ge=-90, le=90, description="Latitude, WGS 84 degrees.")
    lon: Number | None = Field(None, ge=-180, le=180, description="Longitude, WGS 84 degrees.")
    radius_km: Number | None = Field(None, gt=0, description="It covers places within this distance, km.")
    places: tuple[Name, ...] = Field((), description="Places it covers, if its position is unknown.")
    source: SourceWord = filled("Source of its position or of the places it covers.")

    @model_validator(mode="after")
    def _somewhere(self) -> Self:
        given = [key for key in ("lat", "lon", "radius_km") if getattr(self, key) is not None]
        if len(given) not in (0, 3) or bool(given) == bool(self.places):
            found = ", ".join(given + ["places"] * bool(self.places)) or "neither position nor places"
            raise wrong(f"found {found}", "lat, lon and radius_km together, or places alone")
        return self


class Start(Block):
    """When a stage starts: days after the issue day, or after another stage's start."""

    days: Day = Field(description="Days after the issue day, or after the start of the stage in `after`.")
    after: Name | None = Field(None, description="Name of a stage of the same course.")


class Stage(Block):
    """An attack on some places."""

    name: Name = Field(description="Unique within the course.")
    places: tuple[Name, ...] = Field(min_length=1, description="Names of the places attacked.")
    kind: AttackKind = Field(description="Kind of attack.")
    intensity: Share = filled("Exposure of people in the places, 0 to 1; by kind from model.intensity.")
    start: Start = Field(description="When it starts.")
    spread_days: Days = filled("It reaches its places at random times within so many days.")
    duration_days: Days = Field(description="Days of attack at each place.")
    control_after: Name | None = Field(None, description="Zone that holds a place once it has fallen.")
    falls_after_days: Days | None = Field(
        None, description="Days from the attack reaching a place until it falls."
    )

    @model_validator(mode="after")
    def _falls_to_somebody(self) -> Self:
        if (self.control_after is None) != (self.falls_after_days is None):
            given, missing = "control_after", "falls_after_days"
            if self.control_after is None:
                given, missing = missing, given
            raise wrong(f"{given} is given without {missing}", remedy=f"Give both, or leave out {given}")
        return self


class Ceasefire(Block):
    """A time in which no attack goes on and no place falls."""

    start: Day = Field(description="First day.")
    duration_days: Days = Field(description="Length in days.")


class CourseCrossingChange(CrossingChange):
    """What a crossing does from some day on in one course."""

    crossing: Name = Field(description="Name of the crossing.")


class ReturnProgramme(Block):
    """Organised return of people displaced before the issue day."""

    people: Amount = Field(description="People who return in all.")
    start: Day = Field(description="First day.")
    duration_days: Days = Field(description="Length in days.")
    from_: tuple[Name, ...] = Field(alias="from", min_length=1, description="Places they return from.")
    to: tuple[Name, ...] = Field(min_length=1, description="Places they return to.")


class Course(Block):
    """A named future."""

    name: Name = Field(description="Unique name.")
    title: StrictStr = filled("Name to print.")
    summary: StrictStr = Field("", description="What happens, in a sentence or two.")
    probability: Probability = Field(description="Probabilities of all courses add to 1.")
    stages: tuple[Stage, ...] = Field((), description="Attacks; none in a course without an offensive.")
    ceasefires: tuple[Ceasefire, ...] = Field((), description="Times without attack.")
    crossing_changes: tuple[CourseCrossingChange, ...] = Field((), description="Crossings that change.")
    return_programmes: tuple[ReturnProgramme, ...] = Field((), description="Organised returns.")


class Claim(Block):
    """A published figure to be placed in the forecast."""

    people: StrictInt | None = Field(None, ge=0, description="The figure, if it is one number.")
    low: StrictInt | None = Field(None, ge=0, description="Lower end, if it is a range.")
    high: StrictInt | None = Field(None, ge=0, description="Upper end, if it is a range.")
    wording: StrictStr = Field("", description="Short quotation or paraphrase.")
    by: StrictStr = Field("", description="Who said it.")
    about: StrictStr = Field("", description="What it speaks of.")
    courses: tuple[Name, ...] = filled("Names of the courses it speaks of; all if left out.")
    source: SourceWord = filled("Where it was published.")

    @model_validator(mode="after")
    def _one_figure(self) -> Self:
        found = [key for key in ("people", "low", "high") if getattr(self, key) is not None]
        if found not in (["people"], ["low", "high"]):
            raise wrong(f"found {', '.join(found) or 'no figure'}", "people, or low and high")
        if self.low is not None and self.high is not None and self.low > self.high:
            raise wrong(f"low {self.low} is above high {self.high}")
        return self


class Analogues(Block):
    """What past offensives this one is like; the page compares the simulation with them."""

    scope: EventScope = Field(
        description="What is attacked: a town or camp, several districts, or a country."
    )
    kind: EventKind = Field(description="Kind of offensive, as the reference class knows it.")
    exits: Exits | None = Field(None, description="Whether people can get out.")
    leave_out: tuple[Name, ...] = Field((), description="Areas of the class left out: the one forecast here.")


class Evidence(Block):
    """What a number of a draft rests on."""

    path: StrictStr = Field(description="Path of the number or block, as in a change.")
    words: StrictStr = Field(description="The sentence of the report, or the assumption.")
    report: StrictStr = Field("", description="Key of sources; empty for an assumption.")


class DraftNote(Block):
    """That a scenario was drafted from reports, and what each number rests on."""

    reports: tuple[StrictStr, ...] = Field(description="Names of the reports that were read.")
    notes: tuple[StrictStr, ...] = Field((), description="What whoever corrects the draft must know.")
    evidence: tuple[Evidence, ...] = Field((), description="What each number rests on.")
    where_known: StrictBool = Field(
        True, description="Whether it is known who holds the places; else outputs tell totals and not where."
    )


class Scenario(Block):
    """A looming offensive, in explicit form (`docs/scenario.md`)."""

    format: Literal[1] = Field(description="Version of the format.")
    name: Annotated[StrictStr, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")] = Field(
        description="Lower-case letters, digits and hyphens."
    )
    title: Name = Field(description="Title to print.")
    summary: StrictStr = Field("", description="What it is about, in a few sentences.")
    issued: Annotated[PlainDate, AfterValidator(_within_reason)] = Field(
        description="Day the forecast is made; nothing published later may be used.",
    )
    horizon_days: StrictInt = Field(ge=1, le=730, description="Length of the forecast in days.")
    hindsight: StrictBool = Field(False, description="Lifts the vintage rule; printed on every output.")
    sources: Mapping[str, Source] = Field(default_factory=dict, description="Publications by key.")
    zones: Mapping[str, Zone] = Field(min_length=1, description="Who holds places, by key.")
    places: tuple[Place, ...] = filled("Places, or the name of a CSV file.", min_length=1)
    routes: tuple[Route, ...] = filled("Roads, or the name of a CSV file.")
    flow_history: tuple[PastFlow, ...] = Field(
        (), description="Movements counted earlier, or the name of a CSV file."
    )
    crossings: tuple[Crossing, ...] = Field((), description="Ways between zones.")
    posts: tuple[Post, ...] = Field((), description="Observation posts.")
    model: Model = filled("Behaviour of people.")
    courses: tuple[Course, ...] = Field(min_length=1, description="Named futures.")
    claims: tuple[Claim, ...] = Field((), description="Published figures to be placed in the forecast.")
    triggers: tuple[Trigger, ...] = Field((), description="When alerts are due.")
    draft: DraftNote | None = Field(None, description="Made from reports, and not yet corrected by anybody.")
    analogues: Analogues | None = Field(None, description="What past offensives this one is like.")
    boundaries: Boundaries | None = Field(None, description="Areas to be drawn on the maps.")

    @property
    def where_known(self) -> bool:
        """Whether it may be told where people go: not of a draft that does not know who holds the places."""
        return self.draft is None or self.draft.where_known

    @property
    def chances_assumed(self) -> bool:
        """Whether the chance of any course is an assumption, so that results stand given an offensive."""
        return any(is_assumption(course.probability.source) for course in self.courses)

    def __repr__(self) -> str:
        """Say what it is in a line: the document itself is long (`scenario.dump` writes it)."""
        return f"<Scenario {self.name}: {', '.join(self._facts())}>"

    __str__ = __repr__

    def _repr_html_(self) -> str:
        rows = [
            (course.name, course.title, f"{course.probability.typical():.3g}", len(course.stages))
            for course in self.courses
        ]
        notes = () if self.draft is None else ("A draft that nobody has corrected.", *self.draft.notes)
        heads = ("course", "title", "probability", "stages")
        return html_table(self.title, heads, rows, facts=(self.name, *self._facts()), notes=notes)

    def _facts(self) -> tuple[str, ...]:
        """Say when, for how long, and how much of everything."""
        counts = {
            name: len(getattr(self, name)) for name in ("courses", "places", "routes", "crossings", "claims")
        }
        return (
            f"issued {self.issued}",
            f"{self.horizon_days} days",
            *(f"{count} {name if count != 1 else name.removesuffix('s')}" for name, count in counts.items()),
            *(("in hindsight",) if self.hindsight else ()),
            *(("a draft",) if self.draft is not None else ()),
        )


__all__ = [
    "Analogues",
    "Boundaries",
    "Ceasefire",
    "Claim",
    "Course",
    "CourseCrossingChange",
    "Crossing",
    "CrossingChange",
    "Model",
    "PastFlow",
    "Place",
    "Post",
    "Quantity",
    "ReturnProgramme",
    "Route",
    "Scenario",
    "Source",
    "Stage",
    "Start",
    "Trigger",
    "Zone",
]
