"""What a Flee directory holds in ``input_csv``: places, roads, closures, conflicts, period.

The layout is that of Flee 3 (Suleimenova, Bell & Groen 2017, doi:10.1038/s41598-017-13828-9, and the manual
of Flee 3). `forewarn.flee.reading` reads it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from forewarn.errors import ForewarnError, Problem

Kind = Literal["town", "camp", "idpcamp", "conflict_zone", "forwarding_hub", "marker", "flood_zone"]
ClosureKind = Literal["country", "location", "camp", "idpcamp", "link", "remove_forced_redirection"]
CLOSURE_KINDS: Final[tuple[ClosureKind, ...]] = (
    "country", "location", "camp", "idpcamp", "link", "remove_forced_redirection",
)  # fmt: skip


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
        Further columns that have an effect: ``capacity_per_day``, people; ``deactivation_probability``;
        ``conflict_intensity`` of a conflict zone until ``conflicts.csv`` says otherwise.
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

    @property
    def kind_at_start(self) -> Kind:
        """Kind on day 0: a conflict zone of a later day is a town until then, as in Flee."""
        return "town" if self.kind == "conflict_zone" and self.conflict_day > 0 else self.kind


@dataclass(frozen=True, slots=True)
class FleeRoute:
    """A row of ``routes.csv``: a road in both directions.

    `redirection` says to which end whoever is in the other is sent: 1 to `start`, 2 to `end`; otherwise 0.
    So published directories mean it: 2 stands on the road from a forwarding hub to the camp that it serves.
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
class LocationChange:
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
    floods
        (day, location) whole levels of ``flood_level.csv``, as many days as it has; or none.
    is_coupled
        Whether this was a coupled pair, of which one map was made.
    """

    name: str
    folder: Path
    start: date
    length_days: int
    locations: tuple[Location, ...]
    routes: tuple[FleeRoute, ...]
    closures: tuple[Closure, ...]
    changes: tuple[LocationChange, ...]
    demographics: tuple[Demographic, ...]
    conflicts: NDArray[np.float64] | None
    remarks: tuple[Problem, ...]
    floods: NDArray[np.float64] | None = None
    is_coupled: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """Names of all locations, in the order of the file."""
        return tuple(location.name for location in self.locations)
