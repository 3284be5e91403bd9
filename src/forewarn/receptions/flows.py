"""Tables of who went from where to where, and the cases that they make."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from forewarn.receptions.choices import DestinationCase, Floats
from forewarn.receptions.covariates import NEAR_KM, SMALL, centred_log
from forewarn.sphere import great_circle_km

HALF_LIFE_DAYS: Final = 182.6
"""Earlier flows lose half their weight in six months: the number asked for, not fitted."""
FEWEST_PEOPLE: Final = 1000
FEWEST_BEFORE: Final = 500
ATTACKED_DAYS: Final = 183
NEIGHBOUR_KM: Final = 100.0
"""Distance at which an origin counts 1/e of one next door; assumption."""

Period = Literal["month", "week"]


@dataclass(frozen=True, slots=True)
class FlowPlace:
    """A place of a table of flows; nan and nothing are unknown."""

    name: str
    lat: float
    lon: float
    population: float = float("nan")
    region: str = ""
    seat: bool = False


@dataclass(frozen=True, slots=True)
class Flow:
    """People who went from one place to another by a day."""

    day: date
    origin: str
    destination: str
    people: float


class FlowTable:
    """Flows and their places, as arrays.

    Parameters
    ----------
    flows
        In any order; origins and destinations are names of places.
    """

    def __init__(self, flows: Sequence[Flow], places: Sequence[FlowPlace]) -> None:
        self.places = tuple(places)
        self.names = tuple(place.name for place in places)
        index = {name: number for number, name in enumerate(self.names)}
        ordered = sorted(flows, key=lambda flow: flow.day)
        self.day: NDArray[np.intp] = np.array([flow.day.toordinal() for flow in ordered], np.intp)
        self.origin: NDArray[np.intp] = np.array([index[flow.origin] for flow in ordered], np.intp)
        self.destination: NDArray[np.intp] = np.array([index[flow.destination] for flow in ordered], np.intp)
        self.people = np.array([flow.people for flow in ordered], float)
        self.km = np.array(
            [[great_circle_km(a.lat, a.lon, b.lat, b.lon) for b in self.places] for a in self.places]
        )
        self.population = np.array([place.population for place in places])
        self.seat = np.array([place.seat for place in places], float)
        regions = np.array([place.region for place in places])
        self.same_region = (regions[:, None] == regions) & (regions != "") & ~np.eye(len(regions), dtype=bool)

    def summed(
        self, by: NDArray[np.intp], which: NDArray[np.bool_], before: int, *, half_life: float | None
    ) -> Floats:
        """Sum the people of some flows by place, before a day, decayed if there is a half-life."""
        kept = which & (self.day < before)
        faded = self.people[kept]
        if half_life is not None:
            faded = faded * 0.5 ** ((before - self.day[kept]) / half_life)
        return np.asarray(np.bincount(by[kept], faded, len(self.names)), float)


def periods(table: FlowTable, period: Period) -> list[tuple[date, date]]:
    """All months or weeks (Monday to Sunday) of a table, first and last day of each."""
    found = set()
    for ordinal in np.unique(table.day):
        day = date.fromordinal(int(ordinal))
        if period == "week":
            start = day - timedelta(days=day.weekday())
            end = start + timedelta(days=6)
        else:
            start = day.replace(day=1)
            end = (start + timedelta(days=31)).replace(day=1) - timedelta(days=1)
        found.add((start, end))
    return sorted(found)


def flow_cases(
    table: FlowTable,
    *,
    dataset: str,
    period: Period = "month",
    fewest: float = FEWEST_PEOPLE,
    folds: Mapping[tuple[str, date], str] | None = None,
) -> Iterator[DestinationCase]:
    """Make the cases of a table: each origin and period with enough people.

    A case comes cold and, if at least 500 people had left the same origin in earlier periods, again with that
    history.

    Parameters
    ----------
    fewest
        People who left the origin in the period.
    folds
        Of origin and first day of the period; the origin where it has none.
    """
    for start, end in periods(table, period):
        during = (table.day >= start.toordinal()) & (table.day <= end.toordinal())
        left = np.bincount(table.origin[during], table.people[during], len(table.names))
        for origin in np.flatnonzero(left >= fewest):
            chosen = during & (table.origin == origin)
            came = np.bincount(table.destination[chosen], table.people[chosen], len(table.names))
            name = table.names[origin]
            fold = (folds or {}).get((name, start), name)
            for stage in ("cold", "history"):
                known = known_of_places(table, int(origin), start)
                before = np.zeros(0)
                if stage == "history":
                    own = table.origin == origin
                    if (
                        table.summed(table.origin, own, start.toordinal(), half_life=None).sum()
                        < FEWEST_BEFORE
                    ):
                        continue
                    before = table.summed(table.destination, own, start.toordinal(), half_life=HALF_LIFE_DAYS)
                    known["log_before"] = log_with(before, np.exp(known["log_near"]))
                yield DestinationCase(
                    dataset, stage, dataset, name, str(end), fold, table.names, came / came.sum(),
                    float(came.sum()), known, before,
                )  # fmt: skip


def known_of_places(table: FlowTable, origin: int, start: date) -> dict[str, Floats]:
    """Say what was known of each place before a day, as people may leave an origin.

    Flows of the origin itself are its history, which a cold case does not know: they are left out.
    """
    own = np.arange(len(table.names)) == origin
    day = start.toordinal()
    others = table.origin != origin
    displaced = table.summed(table.destination, others, day, half_life=HALF_LIFE_DAYS)
    recent = others & (table.day >= day - ATTACKED_DAYS)
    left = table.summed(table.origin, recent, day, half_life=None)
    km = np.where(own, 0.0, table.km[origin])
    region = table.same_region[origin].astype(float)
    people = centred_log(table.population)
    by_km = 1 / np.maximum(km, NEAR_KM)
    unknown = float(np.nanmean(table.population)) if np.isfinite(table.population).any() else 1.0
    return {
        "own": own.astype(float),
        "own_people": own * people,
        "own_seat": own * table.seat,
        "log_people": people,
        "log_displaced": centred_log(displaced, softened=SMALL),
        "log_km": np.where(own, 0.0, centred_log(np.where(own, np.nan, km), softened=NEAR_KM)),
        "log_near": log_with(neighbours(table, origin, day), by_km / by_km.sum()),
        "region": region,
        "seat": table.seat * ~own,
        "region_seat": table.seat * region,
        "left_before": np.log1p(left / 1000),
        "raw_people": np.nan_to_num(table.population, nan=unknown),
        "raw_km": km,
        "raw_displaced": displaced,
    }


def neighbours(table: FlowTable, origin: int, day: int) -> Floats:
    """Sum where people of other origins went before a day, (place,).

    The nearer the origin the more they count; a large flow counts as the root of its people, in tens. Those
    who stayed in their own area count for the own area.
    """
    kept = (table.origin != origin) & (table.day < day)
    start = table.origin[kept]
    faded = 0.5 ** ((day - table.day[kept]) / HALF_LIFE_DAYS) * np.exp(
        -table.km[origin][start] / NEIGHBOUR_KM
    )
    end = np.where(table.destination[kept] == start, origin, table.destination[kept])
    weighed = 10 * np.sqrt(table.people[kept]) * faded
    return np.asarray(np.bincount(end, weighed, len(table.names)), float)


def log_with(people: Floats, prior: Floats) -> Floats:
    """Log of the shares of people, with 500 more spread as `prior`; never below a millionth."""
    return np.asarray(np.log((people + SMALL * prior) / (people.sum() + SMALL) + 1e-6))
