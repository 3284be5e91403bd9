"""How many people live where a draft is about: the report's figures against a table's or the gazetteer's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from forewarn.drafting.basis import Basis, SourcedFact
from forewarn.drafting.distances import distance_km, position_of
from forewarn.drafting.refusals import TABLE_COLUMNS, UnknownPlaceError
from forewarn.drafting.report.situation import Situation
from forewarn.drafting.rows import PlaceRow
from forewarn.drafting.surroundings.model import Surroundings
from forewarn.drafting.wording import some
from forewarn.errors import Problem
from forewarn.facts import Figure, PlaceMention

LIVING: Final = ("population", "at-risk", "in-need", "trapped")
"""Terms that may speak of everybody in an area, the surest first."""
PART: Final = 0.3
"""A figure below this part of the gazetteer's people does not speak of everybody (ratio); assumption."""
UNCOUNTED: Final = 0.2
"""People of a place that nobody counts, as a part of the mean of the others (ratio); assumption."""
AROUND_KM: Final = 30.0
"""A total "in and around" a place is also of places so near, in km; assumption."""
COUNTED: Final = ("reported", "estimated")
"""Figures of people who are there: not feared, projected or planned."""
FAR_APART: Final = 0.1
"""Part by which two totals may differ before the draft says so (ratio); assumption."""


@dataclass(frozen=True, slots=True)
class PopulatedPlaces:
    """Rows of places with their people, what they rest on, and what does not agree.

    Parameters
    ----------
    are_guessed
        Whether the people under threat are the gazetteer's alone, of unknown year.
    """

    rows: tuple[PlaceRow, ...]
    basis: tuple[Basis, ...]
    notes: tuple[str, ...]
    are_guessed: bool = False


def populate_places(situation: Situation, around: Surroundings) -> PopulatedPlaces:
    """Put people into the places under threat.

    A country pack's numbers, or those of the user's table, stand, and a report that differs is named. Without
    them a total in the report is divided among the places that it is said of, in proportion to the gazetteer
    (largest remainder), and people displaced earlier are told apart among them.

    Raises
    ------
    UnknownPlaceError
        Neither a report nor the gazetteer knows how many people live in the places under threat.
    """
    total = _total(situation)
    displaced = _displaced(situation, total)
    zones = set(around.threatened_zones)
    table = around.people_from and any(people_in(row) for row in around.places if row["zone"] in zones)
    settled = (_with_table if table else _without_table)(around, total, displaced)
    others = _other_reports(situation, total)
    if total is None or not others:
        return settled
    numbers = " and ".join(f"{other.number:,}" for other in others)
    note = f"Another report puts the people there at {numbers}, not {total.number:,}; the largest was taken."
    basis = [Basis("report.population", other.said) for other in others]
    return replace(settled, notes=(note, *settled.notes), basis=(*settled.basis, *basis))


@dataclass(frozen=True, slots=True)
class _Total:
    """Everybody in an area, as a report says; `places` are those that it is said of."""

    number: int
    said: SourcedFact
    places: tuple[PlaceMention, ...] = ()


@dataclass(frozen=True, slots=True)
class _Displaced:
    """People displaced earlier among those who live there: a number, or a share (0 to 1)."""

    number: int | None
    share: float
    said: SourcedFact

    def of(self, people: int) -> int:
        """Count them among so many people."""
        return round(people * self.share) if self.number is None else min(people, self.number)


def _total(situation: Situation) -> _Total | None:
    """Largest number of everybody in the area, of the surest term."""
    for term in LIVING:
        found = _totals(situation, term)
        if found:
            return max(found, key=lambda total: total.number)
    return None


def _totals(situation: Situation, term: str) -> list[_Total]:
    return [
        _Total(_number(figure), said, figure.places)
        for figure, said in situation.figures
        if figure.term == term
        and figure.unit == "people"
        and figure.status in COUNTED
        and _number(figure) > 0
        and not _is_of_refuges(figure, said, situation)
    ]


def _other_reports(situation: Situation, total: _Total | None) -> list[_Total]:
    """Largest total of each other report, where it differs."""
    if total is None:
        return []
    largest: dict[int, _Total] = {}
    for term in LIVING:
        for other in _totals(situation, term):
            if other.said.report != total.said.report and other.number >= PART * total.number:
                before = largest.get(other.said.report, other)
                largest[other.said.report] = max(before, other, key=lambda each: each.number)
        if largest:
            break
    return [each for each in largest.values() if abs(each.number - total.number) > FAR_APART * total.number]


def _displaced(situation: Situation, total: _Total | None) -> _Displaced | None:
    """People displaced earlier: a share, else a number beside the total, else one that is said to be there.

    People who are feared or planned for are not displaced yet.
    """
    figures = [
        pair for pair in situation.figures if pair[0].term == "displaced" and pair[0].status in COUNTED
    ]
    for figure, said in figures:
        if figure.quantity.share is not None and figure.flow != "flow":
            return _Displaced(None, figure.quantity.share, said)
    if total is None:
        return None
    fitting = [(figure, said) for figure, said in figures if 0 < _number(figure) < total.number]
    beside = [pair for pair in fitting if pair[1] == total.said]
    there = [pair for pair in fitting if pair[0].flow == "stock"]
    for figure, said in beside or there:
        number = _number(figure)
        return _Displaced(number, number / total.number, said)
    return None


def _is_of_refuges(figure: Figure, said: SourcedFact, situation: Situation) -> bool:
    """Whether a figure's sentence names where people go as its place, and no place that is attacked."""
    names = {place.span.text for place in figure.places if place.span.text in said.sentence}
    attacked = {each.span.text for each in (situation.area, *situation.targets)}
    refuges = {named.name for named in situation.places if named.role in ("refuge", "camp")}
    return bool(names & refuges) and not names & attacked


def _number(figure: Figure) -> int:
    quantity = figure.quantity
    return int(quantity.value if quantity.value is not None else quantity.low or 0)


def _with_table(around: Surroundings, total: _Total | None, displaced: _Displaced | None) -> PopulatedPlaces:
    zones = set(around.threatened_zones)
    here = [row for row in around.places if row["zone"] in zones]
    own = sum(people_in(row) for row in here)
    earlier = sum(int(row.get("displaced") or 0) for row in here)
    notes = []
    basis: list[Basis] = [
        Basis(
            "places.residents, places.displaced",
            f"{around.people_from}: {own:,} people, {earlier:,} displaced",
        )
    ]
    if total is not None:
        basis.append(Basis("report.population", total.said))
        apart = abs(total.number - own) / own
        words = f"The report speaks of {total.number:,} people, {around.people_from} has {own:,}"
        words += f" ({apart:.1%} apart)"
        notes.append(
            f"{words}; the latter stand" + ("." if apart <= FAR_APART else ", but ask who is right.")
        )
    if displaced is not None:
        basis.append(Basis("report.displaced", displaced.said))
        notes.append(
            f"The report puts the displaced at {displaced.share:.0%} of all, {around.people_from} "
            f"at {earlier / own:.0%}."
        )
    return PopulatedPlaces(tuple(row.copy() for row in around.places), tuple(basis), tuple(notes))


def _without_table(
    around: Surroundings, total: _Total | None, displaced: _Displaced | None
) -> PopulatedPlaces:
    rows = [row.copy() for row in around.places]
    under = [row for row in rows if row["name"] in around.threatened]
    told = under if total is None else _told_of(total, under)
    known = sum(people_in(row) for row in told)
    uncounted = [row["name"] for row in under if not people_in(row)]
    basis: list[Basis] = []
    notes = []
    if total is not None and total.number < PART * known:
        notes.append(
            f"The report's {total.number:,} people are fewer than the gazetteer's {known:,} and "
            "taken for a part."
        )
        total = None
    if total is not None:
        counted = [people_in(row) for row in told if people_in(row)]
        unknown = round(UNCOUNTED * known / len(counted)) if counted else 1
        weights = [people_in(row) or unknown for row in told]
        for row, people in zip(told, divided(total.number, weights), strict=True):
            row["residents"] = people
            row["population_source"] = "assumption: the report's total divided as the gazetteer's people are"
        basis.append(Basis("places.residents", total.said))
        notes.append(
            f"The report's {total.number:,} people are divided among the places under threat ({len(told)}); "
            + (
                "the gazetteer does not know them all."
                if uncounted
                else f"the gazetteer has {known:,} there."
            )
        )
        uncounted = [row["name"] for row in under if not people_in(row)]
    else:
        basis.append(
            Basis(
                "places.residents",
                "assumption: people of the gazetteer, of unknown year; the report gives no total",
            )
        )
    if len(uncounted) == len(under) or (uncounted and total is None and around.city in uncounted):
        what = (
            "the attack is said to be there, and neither report nor gazetteer says how many people live there"
        )
        remedy = f"Say how many: --locate NAME=LAT,LON,PEOPLE, or a table: --places ({TABLE_COLUMNS})"
        raise UnknownPlaceError(Problem(some(uncounted), what, remedy=remedy))
    if uncounted:
        notes.append(f"Nobody says how many people live in {some(uncounted)}: give them with --places.")
    if displaced is not None:
        _displace(told, displaced)
        basis.append(Basis("places.displaced", displaced.said))
    return PopulatedPlaces(tuple(rows), tuple(basis), tuple(notes), are_guessed=total is None)


def _told_of(total: _Total, under: Sequence[PlaceRow]) -> list[PlaceRow]:
    """Places under threat that a total is said of, or that lie near; all of them if it names none."""
    named = [p for p in total.places if p.lat is not None and p.kind in ("town", "camp") and p.role != "from"]
    near = [row for row in under if any(distance_km(row, position_of(place)) <= AROUND_KM for place in named)]
    return near or list(under)


def _displace(rows: Sequence[PlaceRow], displaced: _Displaced) -> None:
    """Tell apart who was displaced earlier: in camps everybody, the others where people live."""
    left = displaced.of(sum(row["residents"] for row in rows))
    camps = [row for row in rows if row["kind"] == "camp"]
    for group in (camps, [row for row in rows if row["kind"] != "camp"]):
        people = [row["residents"] for row in group]
        part = min(left, sum(people))
        for row, number in zip(group, divided(part, people), strict=True):
            row["displaced"] = number
            row["residents"] -= number
        left -= part


def divided(total: int, weights: Sequence[int]) -> list[int]:
    """Divide whole people in proportion to weights, by the largest remainder; equally if nobody weighs.

    Examples
    --------
    >>> divided(10, [1, 1, 1])
    [4, 3, 3]
    """
    if not weights:
        return []
    if not any(weights):
        weights = [1] * len(weights)
    whole = sum(weights)
    exact = [total * weight / whole for weight in weights]
    shares = [int(each) for each in exact]
    order = sorted(range(len(weights)), key=lambda i: (shares[i] - exact[i], i))
    for i in order[: total - sum(shares)]:
        shares[i] += 1
    return shares


def people_in(row: PlaceRow) -> int:
    """Everybody who stays in a place, residents and displaced."""
    return int(row.get("residents") or 0) + int(row.get("displaced") or 0)
