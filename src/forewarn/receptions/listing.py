"""Which questions a table of receptions can be asked, and their cases.

One choice set has places of one unit, at least four of them with a known share (a zero is one); remainders
and rows that contain others stay out. Of the units of an event the one that covers most of its people is
taken.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Final

import numpy as np

from forewarn.receptions.choices import DestinationCase, Floats
from forewarn.receptions.covariates import NEAR_KM, SMALL, centred_log
from forewarn.receptions.tables import ReceivingPlace, Reception, ReceptionTables

FEWEST_PLACES: Final = 4
NOT_CHOSEN: Final = frozenset({"lka_vanni_2009"})
"""The army took people to closed camps: no choice."""
CHECKS_ONLY: Final = ("syr_nw_",)
"""North-west Syria is a check of whole forecasts: nothing is fitted on it."""
UNKNOWN_TOTAL: Final = 10_000.0

Shares = dict[str, Reception]
Dates = dict[tuple[date | None, date], Shares]


def reception_cases(tables: ReceptionTables) -> tuple[DestinationCase, ...]:
    """Make the cases of tables of receptions: cold, and from the first count to each later one."""
    counted = _counts(tables)
    cases = []
    for (event, measure, unit), dates in sorted(counted.items()):
        kept = {
            days: shares
            for days, shares in sorted(dates.items(), key=lambda item: (str(item[0][0] or ""), item[0][1]))
            if len(shares) >= FEWEST_PLACES
        }
        if not kept or unit != _widest(counted, event, measure):
            continue
        first: dict[date | None, tuple[date, Shares]] = {}
        for (start, day), shares in kept.items():
            cases.append(_case(tables, shares, sorted(shares)))
            if start not in first:
                first[start] = day, shares
                continue
            both = sorted(shares.keys() & first[start][1].keys())
            if len(both) >= FEWEST_PLACES:
                cases.append(_case(tables, shares, both, first[start]))
    return tuple(cases)


def _counts(tables: ReceptionTables) -> dict[tuple[str, str, str], Dates]:
    counted: dict[tuple[str, str, str], Dates] = defaultdict(lambda: defaultdict(dict))
    for row in tables.receptions:
        place = tables.places.get((row.event, row.destination))
        if (
            place is None
            or place.remainder
            or place.overlaps
            or row.event in NOT_CHOSEN
            or row.event.startswith(CHECKS_ONLY)
            or row.complete not in ("all", "top")
            or "sub-population" in row.measure
            or row.share != row.share
        ):
            continue
        counted[row.event, row.measure, row.unit][row.from_date, row.as_of][row.destination] = row
    return counted


def _widest(counted: dict[tuple[str, str, str], Dates], event: str, measure: str) -> str:
    covered = {}
    for (other, how, unit), dates in counted.items():
        sums = [
            sum(row.share for row in shares.values())
            for shares in dates.values()
            if len(shares) >= FEWEST_PLACES
        ]
        if (other, how) == (event, measure) and sums:
            covered[unit] = sum(sums) / len(sums)
    return max(covered, key=lambda unit: (round(covered[unit], 9), unit), default="")


def _case(
    tables: ReceptionTables, shares: Shares, names: list[str], first: tuple[date, Shares] | None = None
) -> DestinationCase:
    one = shares[names[0]]
    places = [tables.places[one.event, name] for name in names]
    truth = np.array([shares[name].share for name in names])
    before = np.zeros(0) if first is None else np.array([first[1][name].share for name in names])
    known = known_of_receptions(places)
    if first is not None:
        start = _start(tables, one)
        age = (first[0] - start).days if start else 0
        known["age_ratio"] = np.full(len(names), (one.as_of - first[0]).days / max(1, age or 30))
    return DestinationCase(
        dataset="receptions",
        stage="cold" if first is None else "first-count",
        crisis=one.crisis,
        event=one.event,
        as_of=str(one.as_of),
        fold=one.crisis,
        places=tuple(names),
        truth=truth / truth.sum() if truth.sum() > 0 else np.full(len(names), 1 / len(names)),
        people=one.of_total if one.of_total > 0 else UNKNOWN_TOTAL,
        covariates=known,
        before=before,
    )


def _start(tables: ReceptionTables, row: Reception) -> date | None:
    from forewarn.receptions.tables import load_movements

    movement = load_movements().get(row.event)
    return movement.start if movement and movement.start else row.from_date


def known_of_receptions(places: list[ReceivingPlace]) -> dict[str, Floats]:
    """Say what was known of places on the day of the attack; camps that opened later were not."""
    people = np.array([place.population for place in places])
    km = np.array([place.km for place in places])
    displaced = np.array([place.idps_before for place in places])

    def are(column: str, **weights: float) -> Floats:
        return np.array([weights.get(getattr(place, column), 0.0) for place in places])

    return {
        "log_people": centred_log(people, softened=1000),
        "log_km": centred_log(km, softened=NEAR_KM),
        "log_displaced": centred_log(displaced, softened=SMALL),
        "attacked": are("attacked", yes=1.0, partly=0.5),
        "camp": are("camps", before=1.0),
        "border": are("border", neighbour=1.0),
        "limited": are("crossing", limited=1.0),
        "closed": are("crossing", closed=1.0),
        "other_side": are("control", attacker=1.0),
        "third_side": are("control", third=1.0, neutral=1.0),
        "no_road": are("open_road", no=1.0, unknown=0.5),
        "raw_people": _filled(people),
        "raw_km": _filled(km),
        "raw_displaced": np.nan_to_num(displaced),
    }


def _filled(values: Floats) -> Floats:
    """Values with the median for unknown ones."""
    known = values[np.isfinite(values)]
    return np.where(np.isfinite(values), values, np.median(known) if len(known) else 1.0)
