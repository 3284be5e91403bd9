"""What whoever corrects a draft must know."""

from __future__ import annotations

from typing import Final

from forewarn.drafting.basis import SourcedFact
from forewarn.drafting.report.situation import Situation
from forewarn.drafting.surroundings.gazetteer import GAZETTEER
from forewarn.drafting.surroundings.model import Surroundings
from forewarn.drafting.wording import some
from forewarn.reading.places.gazetteer import fold

__all__ = ["held_places", "notes_of"]

WHERE_NOT_KNOWN: Final = (
    "Who holds the places round about is not known, so the outlook tells totals and not where people go. "
    "Give a table with a zone for each place, the attacker's under the name that the report gives it "
    "(--places), or set where_known in the block 'draft' once the places, zones and crossings are right."
)


def notes_of(situation: Situation, around: Surroundings) -> tuple[str, ...]:
    """Say what the reports and surroundings leave open."""
    notes = [*_area_notes(situation)]
    from_gazetteer = GAZETTEER in around.sources
    if situation.is_island and from_gazetteer:
        notes.append(
            "The reports speak of an island: roads are straight lines and may lead over water. Take those "
            "out of routes.csv, or give --routes; boats are not in the draft."
        )
    notes.append(
        "Probabilities of courses are base rates of a selected sample of past cases; set them yourself."
    )
    if from_gazetteer:
        notes.append(
            "No country pack knows this area: towns and people are the gazetteer's, and roads are straight "
            "lines times a factor."
        )
    if not around.posts and situation.posts is not None:
        notes.append(
            "The report speaks of observation posts; their places are not known, so none is in the draft."
        )
    if not around.pack:
        notes += _border_notes(situation, around)
    if held := list(held_places(situation, around)):
        notes.append(f"Nobody is drafted to choose {some(held)}, which an attacker is said to hold.")
    if not around.where_known:
        notes.append(WHERE_NOT_KNOWN)
    return tuple(notes)


def held_places(situation: Situation, around: Surroundings) -> dict[str, SourcedFact]:
    """Places of the draft that an attacker is said to hold, with the sentence."""
    said = dict(situation.sides.held)
    return {
        row["name"]: said[fold(row["name"])]
        for row in around.places
        if row.get("attraction") == 0 and fold(row["name"]) in said
    }


def _area_notes(situation: Situation) -> list[str]:
    notes = []
    if situation.unknown:
        notes.append(
            f"An attack is also said to be on {some(situation.unknown)}, which the gazetteer does not know "
            'near here and the draft does not hold. Give it with --locate "NAME=LAT,LON" or --places.'
        )
    if situation.rivals:
        notes.append(
            f"The area was taken to be {situation.area.name}; the reports may as well be about "
            f"{some(situation.rivals)}. Look at the map first, and draft again with --places if it is wrong."
        )
    return notes


def _border_notes(situation: Situation, around: Surroundings) -> list[str]:
    """Say which borders are drafted as closed, and why."""
    sides, home = situation.sides, situation.area.country
    abroad = {row["country"] for row in around.places} - {"", home}
    closed = {country for country, _ in sides.closed}
    both = sorted(abroad & closed & {country for country, _ in sides.opened})
    unsaid = sorted(abroad - sides.shut - {country for country, _ in sides.opened})
    notes = []
    if sides.parties:
        notes.append(f"Nobody is drafted to go to {some(sorted(sides.parties))}: a party to the fighting.")
    if both:
        notes.append(
            f"One border with {some(both)} is said to be open, another closed: crossings are drafted as they "
            "are named, all else as closed."
        )
    if unsaid:
        notes.append(f"No report calls the border with {some(unsaid)} open: it is drafted as closed.")
    return notes
