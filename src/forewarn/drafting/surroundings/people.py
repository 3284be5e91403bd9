"""How many people live where a draft is about: the report's figures against a table's or the gazetteer's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from forewarn.drafting.basis import Basis, SourcedFact
from forewarn.drafting.refusals import TABLE_COLUMNS, UnknownPlaceError
from forewarn.drafting.report.situation import Situation
from forewarn.drafting.rows import PlaceRow
from forewarn.drafting.surroundings.model import Surroundings
from forewarn.drafting.wording import some
from forewarn.errors import Problem
from forewarn.facts import Figure

LIVING: Final = ("population", "at-risk", "in-need", "trapped")
"""Terms that may speak of everybody in an area, the surest first."""
PART: Final = 0.3
"""A figure below this part of the gazetteer's people does not speak of everybody (ratio); assumption."""
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
    them a total in the report is divided among the places in proportion to the gazetteer (largest
    remainder), and a share of displaced people among them is taken from each.

    Raises
    ------
    UnknownPlaceError
        Neither a report nor the gazetteer knows how many people live in the places under threat.
    """
    total = _total(situation)
    share = _share(situation, total)
    zones = set(around.threatened_zones)
    table = around.people_from and any(people_in(row) for row in around.places if row["zone"] in zones)
    settled = (_with_table if table else _without_table)(around, total, share)
    others = _other_reports(situation, total)
    if total is None or not others:
        return settled
    numbers = " and ".join(f"{number:,}" for number, _ in others)
    note = f"Another report puts the people there at {numbers}, not {total[0]:,}; the largest was taken."
    basis = [Basis("report.population", said) for _, said in others]
    return replace(settled, notes=(note, *settled.notes), basis=(*settled.basis, *basis))


def _total(situation: Situation) -> tuple[int, SourcedFact] | None:
    """Largest number of everybody in the area, of the surest term."""
    for term in LIVING:
        found = _totals(situation, term)
        if found:
            return max(found, key=lambda pair: pair[0])
    return None


def _totals(situation: Situation, term: str) -> list[tuple[int, SourcedFact]]:
    return [
        (_number(figure), said)
        for figure, said in situation.figures
        if figure.term == term
        and figure.unit == "people"
        and figure.status in ("reported", "estimated")
        and _number(figure) > 0
    ]


def _other_reports(
    situation: Situation, total: tuple[int, SourcedFact] | None
) -> list[tuple[int, SourcedFact]]:
    """Largest total of each other report, where it differs."""
    largest: dict[int, tuple[int, SourcedFact]] = {}
    for term in LIVING if total is not None else ():
        for number, said in _totals(situation, term):
            if total is not None and said.report != total[1].report and number >= PART * total[0]:
                before = largest.get(said.report, (0, said))
                largest[said.report] = max(before, (number, said), key=lambda pair: pair[0])
        if largest:
            break
    return [
        pair
        for pair in largest.values()
        if total is not None and abs(pair[0] - total[0]) > FAR_APART * total[0]
    ]


def _share(situation: Situation, total: tuple[int, SourcedFact] | None) -> tuple[float, SourcedFact] | None:
    """Share of people displaced earlier among those who live there."""
    for figure, said in situation.figures:
        if figure.term == "displaced" and figure.quantity.share is not None and figure.flow != "flow":
            return figure.quantity.share, said
    if total is None:
        return None
    for figure, said in situation.figures:
        number = _number(figure)
        if figure.term == "displaced" and figure.flow == "stock" and 0 < number < total[0]:
            return number / total[0], said
    return None


def _number(figure: Figure) -> int:
    quantity = figure.quantity
    return int(quantity.value if quantity.value is not None else quantity.low or 0)


def _with_table(
    around: Surroundings, total: tuple[int, SourcedFact] | None, share: tuple[float, SourcedFact] | None
) -> PopulatedPlaces:
    zones = set(around.threatened_zones)
    here = [row for row in around.places if row["zone"] in zones]
    own = sum(people_in(row) for row in here)
    displaced = sum(int(row.get("displaced") or 0) for row in here)
    notes = []
    basis: list[Basis] = [
        Basis(
            "places.residents, places.displaced",
            f"{around.people_from}: {own:,} people, {displaced:,} displaced",
        )
    ]
    if total is not None:
        basis.append(Basis("report.population", total[1]))
        apart = abs(total[0] - own) / own
        words = (
            f"The report speaks of {total[0]:,} people, {around.people_from} has {own:,} ({apart:.1%} apart)"
        )
        notes.append(
            f"{words}; the latter stand" + ("." if apart <= FAR_APART else ", but ask who is right.")
        )
    if share is not None:
        basis.append(Basis("report.displaced", share[1]))
        notes.append(
            f"The report puts the displaced at {share[0]:.0%} of all, {around.people_from} "
            f"at {displaced / own:.0%}."
        )
    return PopulatedPlaces(tuple(row.copy() for row in around.places), tuple(basis), tuple(notes))


def _without_table(
    around: Surroundings, total: tuple[int, SourcedFact] | None, share: tuple[float, SourcedFact] | None
) -> PopulatedPlaces:
    rows = [row.copy() for row in around.places]
    under = [row for row in rows if row["name"] in around.threatened]
    known = sum(people_in(row) for row in under)
    counted = all(people_in(row) for row in under)
    basis: list[Basis] = []
    notes = []
    if total is not None and total[0] < PART * known:
        notes.append(
            f"The report's {total[0]:,} people are fewer than the gazetteer's {known:,} and taken for a part."
        )
        total = None
    if total is not None:
        weights = [people_in(row) if counted else 1 for row in under]
        for row, people in zip(under, divided(total[0], weights), strict=True):
            row["residents"] = people
            row["population_source"] = "assumption: the report's total divided as the gazetteer's people are"
        basis.append(Basis("places.residents", total[1]))
        notes.append(
            f"The report's {total[0]:,} people are divided among the places under threat ({len(under)}); "
            + (f"the gazetteer has {known:,} there." if counted else "the gazetteer does not know them all.")
        )
    elif not counted:
        names = some([row["name"] for row in under if not people_in(row)])
        what = (
            "the attack is said to be there, and neither report nor gazetteer says how many people live there"
        )
        raise UnknownPlaceError(
            Problem(names, what, remedy=f"Give a table with their number: --places ({TABLE_COLUMNS})")
        )
    else:
        basis.append(
            Basis(
                "places.residents",
                "assumption: people of the gazetteer, of unknown year; the report gives no total",
            )
        )
    if share is not None:
        for row in under:
            row["displaced"] = round(row["residents"] * share[0])
            row["residents"] -= row["displaced"]
        basis.append(Basis("places.displaced", share[1]))
    return PopulatedPlaces(tuple(rows), tuple(basis), tuple(notes), are_guessed=total is None)


def divided(total: int, weights: Sequence[int]) -> list[int]:
    """Divide whole people in proportion to weights, by the largest remainder; equally if nobody weighs.

    Examples
    --------
    >>> divided(10, [1, 1, 1])
    [4, 3, 3]
    """
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
