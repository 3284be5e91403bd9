"""What a forecast says: quantiles, planning figures, exceedance, destinations, claims.

Pure functions of a forecast (`forecast/variables.py`). Quantiles are given course by course, and given an
offensive over the courses that hold one, each by its chance. Over all courses there are only probabilities:
whether an offensive comes at all is the first thing to be told.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from forewarn.charts.scales import round_steps
from forewarn.errors import Problem, UsageError
from forewarn.forecast.quantiles import (
    QUANTILES,
    mixture_bounds,
    pick,
    quantile_bounds,
    quantiles_by_course,
    weighted_quantiles,
)
from forewarn.forecast.variables import PEOPLE

if TYPE_CHECKING:
    from forewarn.scenario import Scenario

WORST_CASE: Final = 0.9
ORDINARY: Final = "ordinary"

Measure = Literal["offensive", "ordinary", "all"]
MEASURES: Final[tuple[Measure, ...]] = ("offensive", "ordinary", "all")


@dataclass(frozen=True, slots=True)
class PeopleRange:
    """Median, 50 % and 90 % interval of a number of people."""

    p05: int
    p25: int
    median: int
    p75: int
    p95: int


@dataclass(frozen=True, slots=True)
class PlanningFigure:
    """People displaced at the horizon because of an offensive, fear or a warning, in one course.

    `worst_case` is exceeded with probability `worst_case_probability` at most; `worst_case_low` and
    `worst_case_high` bound it with 95 % confidence, given the number of members.
    """

    course: str
    probability: float
    members: int
    most_likely: int
    worst_case: int
    worst_case_probability: float
    worst_case_low: int
    worst_case_high: int


@dataclass(frozen=True, slots=True)
class OffensiveFigure:
    """People displaced at the horizon given an offensive, whichever of its possible `courses` it takes.

    One distribution over the members of these courses, each course by its chance: its intervals (`people`)
    and its `planning` figure, whose course is empty.
    """

    courses: tuple[str, ...]
    people: PeopleRange
    planning: PlanningFigure


@dataclass(frozen=True, slots=True)
class PlaceFigure:
    """People at, or from, one place in one course.

    For destinations `people` are there at the horizon and `moved` have arrived up to then (repeat moves
    counted); for origins both count first departures up to the horizon.
    """

    course: str
    place: str
    pcode: str
    admin1: str
    kind: str
    people: PeopleRange
    moved: PeopleRange


@dataclass(frozen=True, slots=True)
class ClaimShare:
    """Shares of the members of one course that end below, within and above a published figure."""

    claim: int
    course: str
    below: float
    within: float
    above: float


@dataclass(frozen=True, slots=True)
class BlockedFigure:
    """Queues, attempts to leave that found no way, and returns in one course.

    `most_waiting` and `most_blocked` are the highest counts on one day; `attempts_blocked` sums over
    days, so one person may be in it more than once.
    """

    course: str
    most_waiting: PeopleRange
    waiting_at_horizon: PeopleRange
    most_blocked: PeopleRange
    attempts_blocked: PeopleRange
    returned: PeopleRange
    organised_returns: PeopleRange


def courses(dataset: xr.Dataset) -> tuple[str, ...]:
    """Names of the courses in the order of the members."""
    return tuple(dict.fromkeys(str(name) for name in dataset["course"].values))


def course_probability(dataset: xr.Dataset) -> dict[str, float]:
    """Probability of each course: the sum of its members' weights."""
    names = dataset["course"].values.astype(str)
    weights = dataset["weight"].values
    return {name: float(weights[names == name].sum()) for name in courses(dataset)}


def members_per_course(dataset: xr.Dataset) -> dict[str, int]:
    """Count the members of each course: what its quantiles rest on."""
    names = dataset["course"].values.astype(str)
    return {name: int((names == name).sum()) for name in courses(dataset)}


def offensive_probability(dataset: xr.Dataset, scenario: Scenario) -> float:
    """Sum the probabilities of the courses that have stages."""
    with_stages = {course.name for course in scenario.courses if course.stages}
    return sum(share for name, share in course_probability(dataset).items() if name in with_stages)


def given_offensive(values: xr.DataArray, scenario: Scenario) -> xr.DataArray:
    """Keep the members (member, …) of the courses with an offensive that have a chance.

    Weighed by their `weight` they are one sample of the future given an offensive, whichever course it takes.
    """
    staged = [course.name for course in scenario.courses if course.stages]
    likely = np.isin(values["course"].values.astype(str), staged) & (values["weight"].values > 0.0)
    return values.isel(member=np.flatnonzero(likely))


def offensive_figure(dataset: xr.Dataset, scenario: Scenario) -> OffensiveFigure | None:
    """Give the distribution at the horizon given an offensive; nothing if no course with one has a chance."""
    people = given_offensive(displaced_people(dataset, measure="offensive").isel(day=-1), scenario)
    if not people.size:
        return None
    weights = people["weight"]
    found = weighted_quantiles(people, weights=weights, probabilities=(*QUANTILES, WORST_CASE))
    low, high = mixture_bounds(people, WORST_CASE)
    five = interval(found[: len(QUANTILES)])
    planning = PlanningFigure(
        course="",
        probability=float(weights.sum()),
        members=people.size,
        most_likely=five.median,
        worst_case=int(found[-1]),
        worst_case_probability=round(1.0 - WORST_CASE, 12),
        worst_case_low=low,
        worst_case_high=high,
    )
    return OffensiveFigure(tuple(dict.fromkeys(people["course"].values.astype(str).tolist())), five, planning)


def displaced_people(dataset: xr.Dataset, *, measure: Measure = "all") -> xr.DataArray:
    """Count distinct people who have left their home since the issue day.

    Parameters
    ----------
    dataset
        A forecast.
    measure
        ``all`` causes; ``offensive``: because of an attack, fear or a warning; ``ordinary`` moves alone.

    Returns
    -------
    xarray.DataArray
        (member, day), people.
    """
    left = dataset["left_home"]
    is_ordinary = left["cause"] == ORDINARY
    if measure == "offensive":
        left = left.isel(cause=np.flatnonzero(~is_ordinary.values))
    elif measure == "ordinary":
        left = left.isel(cause=np.flatnonzero(is_ordinary.values))
    return left.sum("cause", dtype=np.int64).assign_attrs(units=PEOPLE)


def displaced_table(dataset: xr.Dataset) -> xr.Dataset:
    """Give people displaced per course on every table day.

    Returns
    -------
    xarray.Dataset
        Variables ``offensive``, ``ordinary`` and ``all`` (course, quantile, table_day), people.
    """
    days = dataset["table_day"].values
    tables = {}
    for measure in MEASURES:
        people = displaced_people(dataset, measure=measure).sel(day=days).drop_vars("date")
        tables[measure] = quantiles_by_course(people).rename(day="table_day")
    return xr.Dataset(tables)


def planning_figures(dataset: xr.Dataset) -> tuple[PlanningFigure, ...]:
    """Give the most likely (median) and worst case (1 in 10) figure of each course at the horizon."""
    people = displaced_people(dataset, measure="offensive").isel(day=-1)
    names = dataset["course"].values.astype(str)
    probability = course_probability(dataset)
    figures = []
    for name in courses(dataset):
        ordered = np.sort(people.values[names == name])
        low, high = quantile_bounds(ordered, WORST_CASE)
        figures.append(
            PlanningFigure(
                course=name,
                probability=probability[name],
                members=ordered.size,
                most_likely=pick(ordered, 0.5),
                worst_case=pick(ordered, WORST_CASE),
                worst_case_probability=round(1.0 - WORST_CASE, 12),
                worst_case_low=low,
                worst_case_high=high,
            )
        )
    return tuple(figures)


def exceedance(dataset: xr.Dataset, *, thresholds: Sequence[int] | None = None) -> xr.DataArray:
    """Give the probability, over all courses, that more people than each threshold are displaced.

    Counts people who left because of an offensive, fear or a warning, at the horizon.

    Parameters
    ----------
    dataset
        A forecast.
    thresholds
        People; by default 0 and round steps up to the highest member.

    Returns
    -------
    xarray.DataArray
        (people,), probability 0–1.
    """
    people = displaced_people(dataset, measure="offensive").isel(day=-1).values
    grid = round_steps(int(people.max())) if thresholds is None else tuple(thresholds)
    weights = dataset["weight"].values
    above = [float(weights[people > threshold].sum()) for threshold in grid]
    return xr.DataArray(above, dims="people", coords={"people": list(grid)}, name="exceedance")


def destinations(dataset: xr.Dataset, *, count: int = 10) -> tuple[PlaceFigure, ...]:
    """Give, per course, the places with the most newly displaced people at the horizon, by median."""
    present = quantiles_by_course(dataset["present"].isel(day=-1))
    arrived = quantiles_by_course(dataset["arrivals"].sum("day", dtype=np.int64))
    return largest_places(dataset, people=present, moved=arrived, count=count)


def origins(dataset: xr.Dataset, *, count: int = 10) -> tuple[PlaceFigure, ...]:
    """Give, per course, the places that most people have left for the first time, by median."""
    left = quantiles_by_course(dataset["departures"].sum("day", dtype=np.int64))
    return largest_places(dataset, people=left, moved=left, count=count)


def largest_places(
    dataset: xr.Dataset, *, people: xr.DataArray, moved: xr.DataArray, count: int = 10
) -> tuple[PlaceFigure, ...]:
    """Give, per course, the places with the highest median; places nobody is at or from are left out.

    Parameters
    ----------
    dataset
        A forecast; its courses are listed.
    people, moved
        Quantiles (course, quantile, place), people, of these courses at least.
    """
    names = [str(name) for name in dataset["place"].values]
    figures = []
    for course in courses(dataset):
        own, own_moved = people.sel(course=course), moved.sel(course=course)
        medians, upper = own.sel(quantile=0.5).values, own.sel(quantile=0.95).values
        ranked = sorted(range(len(names)), key=lambda at: (-medians[at], -upper[at], names[at]))
        for at in ranked[:count]:
            if upper[at] == 0:
                continue
            figures.append(
                PlaceFigure(
                    course=course,
                    place=names[at],
                    pcode=str(dataset["place_pcode"].values[at]),
                    admin1=str(dataset["place_admin1"].values[at]),
                    kind=str(dataset["place_kind"].values[at]),
                    people=interval(own.isel(place=at)),
                    moved=interval(own_moved.isel(place=at)),
                )
            )
    return tuple(figures)


def place_claims(dataset: xr.Dataset, scenario: Scenario) -> tuple[ClaimShare, ...]:
    """Place each published figure in the distribution of each course it speaks of.

    Counts people who left because of an offensive, fear or a warning, at the horizon: the share of the
    members below the figure (its lower bound), within its bounds, and above it.
    """
    people = displaced_people(dataset, measure="offensive").isel(day=-1).values
    names = dataset["course"].values.astype(str)
    shares = []
    for index, claim in enumerate(scenario.claims):
        low, high = claim_bounds(claim.people, claim.low, claim.high)
        for name in claim.courses or courses(dataset):
            own = people[names == name]
            if not own.size:
                continue
            below, above = float((own < low).mean()), float((own > high).mean())
            shares.append(ClaimShare(index, name, below, max(0.0, 1.0 - below - above), above))
    return tuple(shares)


def claim_bounds(people: int | None, low: int | None, high: int | None) -> tuple[int, int]:
    """Give the bounds of a claim that states one figure or a range.

    Examples
    --------
    >>> claim_bounds(700_000, None, None)
    (700000, 700000)
    """
    bounds = (people, people) if people is not None else (low, high)
    if bounds[0] is None or bounds[1] is None:
        raise UsageError(
            Problem("claim", f"people {people}, low {low}, high {high}", "people, or low and high")
        )
    return bounds[0], bounds[1]


def blocked_figures(dataset: xr.Dataset) -> tuple[BlockedFigure, ...]:
    """Give queues at crossings, blocked attempts to leave and returns, per course."""
    waiting = dataset["waiting"].sum("place", dtype=np.int64)
    blocked = dataset["blocked"]
    measures = {
        "most_waiting": waiting.max("day"),
        "waiting_at_horizon": waiting.isel(day=-1),
        "most_blocked": blocked.max("day"),
        "attempts_blocked": blocked.sum("day", dtype=np.int64),
        "returned": dataset["returned"].isel(day=-1),
        "organised_returns": dataset["organised_returns"].isel(day=-1),
    }
    tables = {name: quantiles_by_course(values) for name, values in measures.items()}
    return tuple(
        BlockedFigure(course=name, **{key: interval(table.sel(course=name)) for key, table in tables.items()})
        for name in courses(dataset)
    )


def interval(quantiles: xr.DataArray) -> PeopleRange:
    """Make an `PeopleRange` of five quantiles (quantile,) in the order of `QUANTILES`."""
    (found,) = intervals(quantiles.values[:, None])
    return found


def intervals(quantiles: NDArray[Any]) -> tuple[PeopleRange, ...]:
    """Make a `PeopleRange` of each column of quantiles (quantile, n) in the order of `QUANTILES`."""
    return tuple(PeopleRange(*map(int, column)) for column in quantiles.T.tolist())
