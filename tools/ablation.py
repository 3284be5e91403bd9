"""Switch off one part of the model at a time and see what becomes of the forecast of idlib-2018.

    python tools/ablation.py [MEMBERS]

Writes docs/ablation.md. Every row is a pair of forecasts with the same luck.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from forewarn.forecast import run
from forewarn.scenario import Scenario, change, load, narrow

SCENARIO = "idlib-2018"
MEMBERS = 120
SEED = 20180830
PAGE = Path(__file__).parents[1] / "docs" / "ablation.md"
LOWER, HIGHER = "lower", "higher"

Output = Callable[[xr.Dataset, Scenario], NDArray[np.int64]]
Changes = Callable[[Scenario], list[str]]


@dataclass(frozen=True, slots=True)
class Switch:
    """A part that is switched off (or over), and what has to follow from its definition.

    Attributes
    ----------
    what
        In words.
    course
        Forecast alone, as if it were certain.
    changes
        For `forewarn.scenario.change`.
    looked_at, output
        One number of people for each member, (members,), in words and as a function.
    direction
        `LOWER` or `HIGHER`.
    """

    what: str
    course: str
    changes: Changes
    looked_at: str
    output: Output
    direction: str


@dataclass(frozen=True, slots=True)
class Effect:
    """What a switch did: changed less base, member by member, people."""

    base: float
    low: float
    median: float
    high: float
    members_changed: int


def _always(*changes: str) -> Changes:
    return lambda _: list(changes)


def _last(name: str, **where: str) -> Output:
    """Value of a variable on the last day."""

    def of(forecast: xr.Dataset, _: Scenario) -> NDArray[np.int64]:
        array = forecast[name].isel(day=-1)
        for dim, value in where.items():
            array = array.isel({dim: np.flatnonzero(forecast[dim].values == value)}).sum(dim)
        return np.asarray(array.values.reshape(len(array), -1).sum(axis=1), dtype=np.int64)

    return of


def _left_for_attacks(forecast: xr.Dataset, _: Scenario) -> NDArray[np.int64]:
    """People who left because of an attack or for fear, in all, (member,)."""
    left = forecast["left_home"].sel(cause=["attack", "fear"]).isel(day=-1)
    return np.asarray(left.sum("cause").values)


def _passed(*crossings: str) -> Output:
    def of(forecast: xr.Dataset, _: Scenario) -> NDArray[np.int64]:
        mine = np.isin(forecast["crossing"].values.astype(str), crossings)
        return np.asarray(forecast["passed"].values[:, :, mine].sum(axis=(1, 2)), dtype=np.int64)

    return of


def _from_enclave_to(zone: str) -> Output:
    """Newly displaced people of the enclave who are in places of a zone at the horizon."""

    def of(forecast: xr.Dataset, _: Scenario) -> NDArray[np.int64]:
        zones = forecast["place_zone"].values.astype(str)
        table = forecast["origin_destination"].values[:, -1]
        there = table[:, zones == "opposition"][:, :, zones == zone]
        return np.asarray(there.sum(axis=(1, 2)), dtype=np.int64)

    return of


def _limited(scenario: Scenario) -> list[str]:
    return [place.name for place in scenario.places if place.capacity is not None]


def _present_where_limited(forecast: xr.Dataset, scenario: Scenario) -> NDArray[np.int64]:
    mine = np.isin(forecast["place"].values.astype(str), _limited(scenario))
    return np.asarray(forecast["present"].values[:, -1, mine].sum(axis=1), dtype=np.int64)


def _at_attacked(name: str) -> Output:
    """Values of all days in places that a stage names; of people present, these are days that they spend there."""

    def of(forecast: xr.Dataset, scenario: Scenario) -> NDArray[np.int64]:
        named = {place for course in scenario.courses for stage in course.stages for place in stage.places}
        mine = np.isin(forecast["place"].values.astype(str), list(named))
        return np.asarray(forecast[name].values[:, :, mine].sum(axis=(1, 2), dtype=np.int64))

    return of


def _no_capacities(scenario: Scenario) -> list[str]:
    return [f'places."{name}".capacity=' for name in _limited(scenario)]


_NORTH = ("deir-ballut", "ghazawiya")
_CLOSED = tuple(f"crossings.{name}.status=closed" for name in _NORTH)
_OPEN = tuple(f"crossings.{name}.status=open" for name in _NORTH)
_CEASEFIRE = "courses.staged.ceasefires=[{start: 2018-09-15, duration_days: 60}]"

SWITCHES = (
    Switch(
        "no secondary displacement", "staged", _always("model.flight.newly_displaced_multiplier=0"),
        "departures of any kind", _last("movements"), LOWER,
    ),
    Switch(
        "no returns", "turkish-led", _always("model.returns.half_life_days=1.0e+9"),
        "people back home", _last("returned"), LOWER,
    ),
    Switch(
        "no fear", "staged", _always("model.fear.intensity=0"),
        "people who left for fear", _last("left_home", cause="fear"), LOWER,
    ),
    Switch(
        "posts without effect", "staged", _always("model.posts.effect=0"),
        "people who left because of an attack or for fear of one", _left_for_attacks, HIGHER,
    ),
    Switch(
        "no limits of capacity", "staged", _no_capacities,
        "newly displaced people in places with a capacity", _present_where_limited, HIGHER,
    ),
    Switch(
        "no danger at the destination", "staged", _always("model.destination.danger=0"),
        "days that newly displaced people spend in places that a stage names", _at_attacked("present"), HIGHER,
    ),
    Switch(
        "attacked places are not shunned", "staged", _always("model.destination.shunned=1"),
        "arrivals at places that a stage names", _at_attacked("arrivals"), HIGHER,
    ),
    Switch(
        "attacks are forgotten the next day", "staged", _always("model.destination.memory_days=0"),
        "arrivals at places that a stage names", _at_attacked("arrivals"), HIGHER,
    ),
    Switch(
        "no attack is seen to come", "staged", _always("model.destination.foresight_days=0"),
        "arrivals at places that a stage names", _at_attacked("arrivals"), HIGHER,
    ),
    Switch(
        "the government's taking of a place frightens nobody away", "staged",
        _always("model.destination.liberators=[government]"),
        "arrivals at places that a stage names", _at_attacked("arrivals"), HIGHER,
    ),
    Switch(
        "nobody stays within their own place", "staged", _always("model.destination.local_pull=-30"),
        "people within their own place", _last("within"), LOWER,
    ),
    Switch(
        "a tenth a month moves on where it is crowded or unsafe", "staged", _always("model.onward.monthly_rate=0.1"),
        "departures of any kind", _last("movements"), HIGHER,
    ),
    Switch(
        "front line closed instead of leaking", "staged", _always("crossings.front-line.status=closed"),
        "people of the enclave on the government's side", _from_enclave_to("government"), LOWER,
    ),
    Switch(
        "northern crossings closed instead of limited", "first-stage", _always(*_CLOSED),
        "people of the enclave in the Turkish-backed north", _from_enclave_to("turkish-backed"), LOWER,
    ),
    Switch(
        "northern crossings open instead of limited", "first-stage", _always(*_OPEN),
        "people through the northern crossings", _passed(*_NORTH), HIGHER,
    ),
    Switch(
        "northern crossings do not open later", "staged", _always("courses.staged.crossing_changes=[]"),
        "people through the northern crossings", _passed(*_NORTH), LOWER,
    ),
    Switch(
        "corridor at Abu Duhur closed instead of limited", "staged", _always("crossings.abu-duhur.status=closed"),
        "people through the corridor", _passed("abu-duhur"), LOWER,
    ),
    Switch(
        "Bab al-Hawa open instead of closed", "staged", _always("crossings.bab-al-hawa.status=open"),
        "people of the enclave in Turkey", _from_enclave_to("turkey"), HIGHER,
    ),
    Switch(
        "a ceasefire of 60 days from 15 September (the scenario has none)", "staged", _always(_CEASEFIRE),
        "people who left because of an attack", _last("left_home", cause="attack"), LOWER,
    ),
    Switch(
        "no return programme", "deal", _always("courses.deal.return_programmes=[]"),
        "people in organised returns", _last("organised_returns"), LOWER,
    ),
    Switch(
        "no flight after a warning", "deal", _always("model.warning.figure=0"),
        "people who left because of the warning", _last("left_home", cause="warning"), LOWER,
    ),
    Switch(
        "no ordinary movement", "deal", _always("model.churn.monthly_rate=0"),
        "people who left as in ordinary times", _last("left_home", cause="ordinary"), LOWER,
    ),
)  # fmt: skip


@cache
def _base(course: str, members: int) -> tuple[Scenario, xr.Dataset]:
    scenario = narrow(load(SCENARIO), course=course)
    return scenario, run(scenario, members=members, seed=SEED)


def effect(switch: Switch, members: int) -> Effect:
    """Run a pair of forecasts."""
    scenario, base = _base(switch.course, members)
    changed = run(change(scenario, switch.changes(scenario)), members=members, seed=SEED)
    before = switch.output(base, scenario)
    difference = switch.output(changed, scenario) - before
    low, median, high = np.quantile(difference, [0.05, 0.5, 0.95], method="inverted_cdf")
    return Effect(float(np.median(before)), low, median, high, int(np.count_nonzero(difference)))


def _signed(people: float) -> str:
    return f"{people:+,.0f}" if round(people) else "0"


def _row(switch: Switch, found: Effect, members: int) -> str:
    right = found.median < 0 if switch.direction == LOWER else found.median > 0
    cells = (
        switch.what,
        switch.course,
        switch.looked_at,
        f"{found.base:,.0f}",
        switch.direction,
        _signed(found.median),
        f"{_signed(found.low)} to {_signed(found.high)}",
        f"{found.members_changed} of {members}",
        "yes" if right else "**no**",
    )
    return "| " + " | ".join(cells) + " |"


def main(members: int = MEMBERS) -> None:
    """Write the page."""
    rows = []
    for switch in SWITCHES:
        rows.append(_row(switch, effect(switch, members), members))
        print(rows[-1], flush=True)
    head = (
        "switched",
        "course",
        "output",
        "base",
        "should be",
        "difference",
        "nine futures in ten",
        "changed",
        "so?",
    )
    text = [
        "# What each part of the model does",
        "",
        f"`python tools/ablation.py` forecasts {SCENARIO} with one part switched off, in paired worlds: {members} members,",
        f"seed {SEED}, each course as if it were certain. Numbers are people at the horizon (or up to it). *Base* is the",
        "median without the change; *difference* is the median of changed less base, member by member, and beside it the",
        "5 % and 95 % quantiles. *Should be* is the direction that the definition of the part leaves no choice about",
        "for the median; a single future may go the other way where people go on to choose elsewhere. *Changed* counts",
        "members whose number changes at all.",
        "",
        "Opening the northern crossings lets people go back as well as out: returns pass no limited crossing, so that",
        "the number who are in the north at the horizon may even fall. What must rise is the number who get through.",
        "",
        "These are effects inside the model. They say what a part does to the forecast, not that the part is right.",
        "",
        "| " + " | ".join(head) + " |",
        "| --- | --- | --- | ---: | --- | ---: | --- | --- | --- |",
        *rows,
        "",
    ]
    PAGE.write_text("\n".join(text), encoding="utf-8")


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:2]))
