"""Published figures of people who may flee: placed in the forecast if they can be about its people."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from forewarn.drafting.basis import Basis, SourcedFact
from forewarn.drafting.distances import distance_km, position_of
from forewarn.drafting.refusals import TABLE_COLUMNS
from forewarn.drafting.report.area import RIVAL_KM
from forewarn.drafting.report.situation import Situation
from forewarn.drafting.surroundings.people import PopulatedPlaces
from forewarn.errors import ForewarnError, Problem
from forewarn.facts import Figure, PlaceMention

Claim = tuple[Figure, SourcedFact]

CLAIMED: Final = ("feared", "projected", "planned")
WARNED: Final = ("feared", "projected")
FLEE: Final = ("displaced", "forced-to-flee")
HOSTED: Final = ("displaced", "stock")


def fit_claims(
    situation: Situation, people: PopulatedPlaces, under: int, everybody: int
) -> tuple[tuple[Claim, ...], tuple[str, ...]]:
    """Keep the claims that the people drafted can meet, and say which are larger.

    A claim about the area that more people flee, or are at risk, than live in all places of the draft is an
    error; and so is one above the people under threat, if nobody but the gazetteer has told these.

    Parameters
    ----------
    under, everybody
        People in the places under threat, and in all places of the draft.

    Raises
    ------
    ForewarnError
        Claims are larger than the people that they can be about.
    """
    figures = [pair for pair in situation.figures if pair[0].unit == "people"]
    claims = [pair for pair in figures if pair[0].status in CLAIMED and pair[0].term in FLEE]
    there = [pair for pair in figures if pair[0].term == "at-risk" or (pair[0].term, pair[0].flow) == HOSTED]
    most = under if people.are_guessed else everybody
    wrong = [
        pair for pair in (*claims, *there) if _least(pair[0]) > most and _is_about(pair[0], situation.area)
    ]
    if wrong:
        raise ForewarnError([_problem(situation, pair, most) for pair in wrong])
    large = [pair for pair in claims if _least(pair[0]) > under]
    notes = [
        f"A figure of {_least(figure):,} people ('{said.sentence}') is above the {under:,} in the places "
        "under threat: it speaks of a wider area and is not placed in the forecast."
        for figure, said in large
    ]
    return tuple(pair for pair in claims if pair not in large), tuple(dict.fromkeys(notes))


def warning_of(claims: Sequence[Claim]) -> Claim | None:
    """Find the largest figure of people who are feared or projected to flee."""
    found = [pair for pair in claims if pair[0].status in WARNED and pair[0].quantity.value]
    return max(found, key=lambda pair: pair[0].quantity.value or 0.0) if found else None


def draft_claims(
    claims: Sequence[Claim], courses: Sequence[str], keys: Sequence[str]
) -> tuple[list[dict[str, Any]], list[Basis]]:
    """Write ``claims`` and what they rest on.

    Parameters
    ----------
    courses
        Names of the courses that the claims speak of.
    keys
        Of the reports, in ``sources``.
    """
    made: list[dict[str, Any]] = []
    basis = []
    for figure, said in claims:
        quantity = figure.quantity
        if quantity.low is not None and quantity.high is not None and quantity.low < quantity.high:
            number: dict[str, Any] = {"low": int(quantity.low), "high": int(quantity.high)}
        elif quantity.value is not None:
            number = {"people": int(quantity.value)}
        else:
            continue
        key = keys[said.report]
        if any({**number, "source": key}.items() <= claim.items() for claim in made):
            continue
        wording = figure.span.text if len(figure.span.text) <= 160 else figure.quantity_span.text
        made.append({**number, "wording": " ".join(wording.split()), "courses": list(courses), "source": key})
        basis.append(Basis(f"claims.{len(made) - 1}", said))
    return made, basis


def _least(figure: Figure) -> int:
    """People that a figure speaks of at least."""
    quantity = figure.quantity
    low = quantity.low if quantity.value is None else quantity.value
    return int(low or 0)


def _is_about(figure: Figure, area: PlaceMention) -> bool:
    """Whether a figure names no place, one near the area, or a region of its country."""
    return not figure.places or any(_is_around(place, area) for place in figure.places)


def _is_around(place: PlaceMention, area: PlaceMention) -> bool:
    if place.kind in ("country", "region") or place.lat is None:
        return place.kind == "region" and place.country == area.country
    return distance_km(position_of(place), position_of(area)) <= RIVAL_KM


def _problem(situation: Situation, claim: Claim, most: int) -> Problem:
    figure, said = claim
    name = situation.area.name
    what = f"{_least(figure):,} people are more than the {most:,} whom the draft of {name} has"
    remedy = f"Give a table of the places that it speaks of, and their people: --places ({TABLE_COLUMNS})"
    return Problem(f"'{said.sentence}'", what, remedy=remedy)
