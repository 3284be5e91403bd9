"""Cold start: who goes where when nobody has been registered yet and only the total of each day is given.

What arrives on a day is shared by a gravity model: people in places attacked by then, network kilometres
to each camp, borders and camps open on that day, and nothing else. Capacities are not used: in published
directories they are the greatest registration. Parameters come from other conflicts alone: of a grid named
in `GRID`, the tenth that erred least there, averaged.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra

from forewarn.arraytypes import Flags, Floats
from forewarn.errors import Problem
from forewarn.flee.directory import FleeDirectory
from forewarn.flee.reading import read_directory
from forewarn.flee.registrations import RegistrationError
from forewarn.flee.timeline import intensities
from forewarn.hindcast.data.cases import Case, interpolate
from forewarn.hindcast.data.geography import km_to_fighting
from forewarn.hindcast.forecasters.naive import NEAREST_KM
from forewarn.hindcast.scores.formulas import rescaled_averaged_relative_difference

KEPT: Final = 0.1  # part of the grid that is averaged; assumption: a tenth
_TOGETHER: Final = 100  # entries of the grid that are added up at once: a bound on memory
TINY: Final = 1e-300  # so that a camp out of all reach is the last choice rather than none


@dataclass(frozen=True, slots=True)
class Gravity:
    """Parameters of the gravity model.

    Parameters
    ----------
    softening_km, power
        A camp at d km has the pull (d + softening)^−power or, if `power` is 0, e^(−d / softening).
    population_power
        A place under attack sends in proportion to its population to this power.
    by_origin
        Every place sends all its people; otherwise those near camps send more.
    within_countries
        ``no``; ``nearest``: countries pull as their nearest camp does, camps share that; ``root``: as
        the root of the sum over their camps.
    evenness
        Part of the people who spread evenly over all open camps.
    """

    softening_km: float
    power: float
    population_power: float
    by_origin: bool
    within_countries: str
    evenness: float


_DECAYS: Final = (
    *((soft, power) for soft in (0.0, 50.0, 150.0) for power in (0.5, 1.0, 1.5, 2.0, 3.0)),
    *((reach, 0.0) for reach in (50.0, 100.0, 200.0, 400.0)),
)
GRID: Final = tuple(
    Gravity(*decay, population_power, by_origin, within_countries, evenness)
    for decay, population_power, by_origin, within_countries, evenness in product(
        _DECAYS, (0.0, 0.5, 1.0), (False, True), ("no", "nearest", "root"), (0.0, 0.25, 0.5, 0.75)
    )
)


@dataclass(frozen=True, slots=True)
class ColdCase:
    """What is known without registrations, and the registrations to compare with.

    Parameters
    ----------
    fighting
        (day, origin), intensity of the attack by then.
    people
        (origin,), who live there.
    km
        (origin, camp), on the road; inf if there is none.
    camp_countries
        (camp,), names.
    is_closed
        (day, camp).
    km_to_fighting
        (day, camp), as the crow flies; nan while nothing is attacked.
    registered
        (day, camp), people: interpolated as papers on Flee do.
    """

    name: str
    camps: tuple[str, ...]
    fighting: Floats
    people: Floats
    km: Floats
    camp_countries: NDArray[np.str_]
    is_closed: Flags
    km_to_fighting: Floats
    registered: Floats


def read_cold_case(folder: Path, case: Case) -> ColdCase:
    """Read what a cold start may know of a Flee directory.

    Raises
    ------
    RegistrationError
        If no populated place is ever attacked: there is nothing to start from.
    """
    directory = read_directory(folder)
    names, camps = directory.names, case.registrations.places
    attacks = intensities(directory, faults=False)[: directory.length_days]
    origins = [
        index
        for index, place in enumerate(directory.locations)
        if place.kind in ("conflict_zone", "town") and attacks[:, index].max() > 0
    ]
    if not origins:
        what = "no town or conflict zone is ever attacked, so a cold start has no origins"
        raise RegistrationError(Problem(f"{folder}: input_csv/conflicts.csv", what, "an intensity above 0"))
    at = [names.index(camp) for camp in camps]
    registered = interpolate(case.registrations)
    length = directory.length_days
    return ColdCase(
        name=case.name,
        camps=camps,
        fighting=attacks[:, origins],
        people=np.maximum([float(directory.locations[index].people) for index in origins], 1.0),
        km=road_km(directory)[np.ix_(origins, at)],
        camp_countries=np.array([directory.locations[index].country for index in at]),
        is_closed=closed(directory, camps),
        km_to_fighting=km_to_fighting(folder, camps, length)[:length],
        registered=np.stack([series.counts[:length] for series in registered.series], axis=1),
    )


def road_km(directory: FleeDirectory) -> Floats:
    """Measure the shortest way between all places: (place, place), km; inf if there is none."""
    at = {name: index for index, name in enumerate(directory.names)}
    shortest: dict[tuple[int, int], float] = {}
    for road in directory.routes:
        ends = at[road.start], at[road.end]
        for key in (ends, ends[::-1]):
            shortest[key] = min(road.km, shortest.get(key, np.inf))
    keys = np.array(list(shortest) or [(0, 0)])
    km = np.array(list(shortest.values()) or [0.0])
    graph = csr_matrix((km, (keys[:, 0], keys[:, 1])), shape=(len(at), len(at)))
    return np.asarray(dijkstra(graph, directed=False))


def closed(directory: FleeDirectory, camps: Sequence[str]) -> Flags:
    """Tell which camps are closed, by themselves or behind a closed border of their own country: (day, camp).

    Camps in a country that is attacked are behind no border.
    """
    country = {place.name: place.country for place in directory.locations}
    attacked = intensities(directory, faults=False).max(axis=0) > 0
    home = {place.country for place, here in zip(directory.locations, attacked, strict=True) if here}
    found = np.zeros((directory.length_days, len(camps)), bool)
    for closure in directory.closures:
        days = slice(max(closure.first, 0), None if closure.last < 0 else closure.last)
        ends = {closure.one, closure.other}
        for index, camp in enumerate(camps):
            if closure.kind == "country":
                shut = country[camp] in ends - home and bool(ends & home)
            else:
                shut = closure.kind in ("camp", "idpcamp", "location") and closure.one == camp
            if shut:
                found[days, index] = True
    return found


def flow_shares(case: ColdCase, gravity: Gravity) -> Floats:
    """Share what arrives on each day: (day, camp), adding to 1."""
    found = np.empty(case.is_closed.shape)
    sent = case.fighting * case.people**gravity.population_power
    states, state_of = np.unique(case.is_closed, axis=0, return_inverse=True)
    for number, is_closed in enumerate(states):
        is_open = ~is_closed if not is_closed.all() else np.ones_like(is_closed)
        days = state_of.reshape(-1) == number
        even = is_open / is_open.sum()
        came = sent[days] @ _pulls(case, gravity, is_open)
        total = came.sum(axis=1, keepdims=True)
        went = np.where(total > 0, came / np.where(total > 0, total, 1), even)
        found[days] = (1 - gravity.evenness) * went + gravity.evenness * even
    return found


def _pulls(case: ColdCase, gravity: Gravity, is_open: Flags) -> Floats:
    """Give the pull of each camp on each origin: (origin, camp)."""
    with np.errstate(divide="ignore"):
        pull = (
            np.exp(-case.km / gravity.softening_km)
            if gravity.power == 0
            else (np.maximum(case.km, 1.0) + gravity.softening_km) ** -gravity.power
        )
    pull = (np.where(np.isfinite(case.km), pull, 0) + TINY) * is_open
    if gravity.within_countries != "no":
        for country in np.unique(case.camp_countries):
            own = case.camp_countries == country
            inside = pull[:, own].sum(axis=1, keepdims=True)
            outside = (
                pull[:, own].max(axis=1, keepdims=True)
                if gravity.within_countries == "nearest"
                else np.sqrt(inside)
            )
            pull[:, own] *= outside / np.where(inside > 0, inside, 1)
    return pull / pull.sum(axis=1, keepdims=True) if gravity.by_origin else pull


def present(case: ColdCase, shares: Floats) -> Floats:
    """Add up what arrives, the total of each day given: (day, …, camp), people, for such shares.

    Where the total falls, every camp loses the same part.
    """
    totals = case.registered.sum(axis=1)
    found = np.empty_like(shares)
    found[0] = totals[0] * shares[0]
    for day in range(1, len(totals)):
        change = totals[day] - totals[day - 1]
        if change >= 0 or totals[day - 1] <= 0:
            found[day] = found[day - 1] + change * shares[day]
        else:
            found[day] = found[day - 1] * totals[day] / totals[day - 1]
    return found


def error(case: ColdCase, people: Floats) -> float:
    """Give the rescaled ARD of (day, camp) people or shares."""
    return rescaled_averaged_relative_difference(
        np.broadcast_to(people, case.registered.shape), case.registered
    )


def grid_errors(case: ColdCase) -> Floats:
    """Give the rescaled ARD of every entry of `GRID`."""
    found = []
    for start in range(0, len(GRID), _TOGETHER):
        part = _present(case, range(start, min(start + _TOGETHER, len(GRID))))
        found += [error(case, part[:, entry]) for entry in range(part.shape[1])]
    return np.array(found)


def _present(case: ColdCase, entries: Sequence[int]) -> Floats:
    """Give people of some entries of `GRID`: (day, entry, camp)."""
    shares = [flow_shares(case, GRID[entry]) for entry in entries]
    return present(case, np.stack(shares, axis=1))


def kept(errors: Mapping[str, Floats]) -> tuple[int, ...]:
    """Give the numbers of the entries of `GRID` that err least on average over these conflicts."""
    mean = np.mean(list(errors.values()), axis=0)
    return tuple(np.argsort(mean, kind="stable")[: int(KEPT * len(GRID))].tolist())


def averaged(case: ColdCase, entries: Sequence[int]) -> Floats:
    """Average what these entries of `GRID` forecast: (day, camp), people."""
    return np.asarray(_present(case, entries).mean(axis=1))


def distance_only(case: ColdCase) -> Floats:
    """Share the total of a day ∝ 1 / max(km to the nearest fighting, 50): (day, camp)."""
    km = np.where(np.isnan(case.km_to_fighting), np.inf, case.km_to_fighting)
    weight = np.where(np.isfinite(km), 1 / np.maximum(km, NEAREST_KM), 0.0)
    return np.asarray(np.where(weight.sum(axis=1, keepdims=True) > 0, weight, 1.0))
