"""Where the places are that a report names with a part to play, and which of them nobody has located."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from forewarn.drafting.basis import SourcedFact
from forewarn.drafting.distances import distance_km, position_of
from forewarn.drafting.report.area import as_mention, resolved_to
from forewarn.drafting.report.roles import ATTACKED, NamedRole, Passage, Role
from forewarn.drafting.report.stages import ToldStage
from forewarn.drafting.user_tables.places import OwnPlace
from forewarn.facts import PlaceMention, Reading, Span
from forewarn.reading.places.find import country_of
from forewarn.reading.places.gazetteer import fold, load_gazetteer

FARTHEST_KM: Final = 1_000.0
"""A place of that name farther from the area, in km, is another one; assumption."""


@dataclass(frozen=True, slots=True)
class NamedPlace:
    """A place that a report names, and the part it plays.

    Parameters
    ----------
    name
        As the report writes it.
    role
        Its part: the first that is told.
    passage
        Whether people are said to be let in or through: what is said last.
    said
        The sentence.
    place
        What it was resolved to; nothing if nobody has told where it is.
    side
        Of a barrier: the side that nobody may go to.
    """

    name: str
    role: Role
    passage: Passage
    said: SourcedFact
    place: PlaceMention | None = None
    side: str = ""


def find_named(
    readings: Sequence[Reading],
    roles: Sequence[NamedRole],
    area: PlaceMention,
    own: Sequence[OwnPlace] = (),
) -> tuple[NamedPlace, ...]:
    """Name each place once with its part, and where it is.

    Parameters
    ----------
    area
        Place attacked: of two places of one name the nearer is meant.
    own
        The user's places, which stand first.
    """
    found: dict[str, NamedPlace] = {}
    for role in roles:
        if role.role in ATTACKED:
            continue
        place = resolve(role.span, readings[role.said.report], area, own)
        key = fold(place.name if place is not None else role.span.text)
        known = found.get(key)
        if known is None or known.role == "fallen":
            found[key] = NamedPlace(role.span.text, role.role, role.passage, role.said, place, role.side)
        else:
            found[key] = replace(
                known,
                passage=role.passage or known.passage,
                role="crossing" if role.role == "crossing" else known.role,
            )
    return tuple(found.values())


def locate_stage(
    stage: ToldStage, reading: Reading, area: PlaceMention, own: Sequence[OwnPlace] = ()
) -> ToldStage:
    """Resolve the names of a stage; where it names places, its sides only say where these lie.

    Countries, regions and the area itself are no places of a stage.
    """
    found = [place for span in stage.names if (place := resolve(span, reading, area, own)) is not None]
    places = tuple(p for p in found if p.kind not in ("country", "region") and p.name != area.name)
    is_city = any(place.name == area.name for place in found) and not stage.sides
    return replace(stage, places=places, is_city=is_city, sides=() if places else stage.sides)


def resolve(
    span: Span, reading: Reading, area: PlaceMention, own: Sequence[OwnPlace] = ()
) -> PlaceMention | None:
    """Find where a name of a report is: in the user's table, near the area, or a country; nothing if nowhere.

    Parameters
    ----------
    span
        Of the name in the report's text.
    """
    said = fold(span.text)
    mine = next((each for each in own if is_name_of(said, fold(each.row["name"]))), None)
    if mine is not None:
        return as_mention(mine)
    read = next((each for each in reading.places if each.span == span), None)
    if read is not None and (read.kind == "country" or _is_near(read, area)):
        return read
    near = [
        resolved_to(PlaceMention(span=span, name=span.text), each)
        for each in load_gazetteer().find(span.text)
        if each.kind != "country"
    ]
    near = [each for each in near if _is_near(each, area)]
    return min(near, key=lambda each: (each.country != area.country, _apart(each, area)), default=None)


def mention_of(span: Span, reading: Reading) -> PlaceMention:
    """Resolve a name where no area is known yet: as it was read, else in the country the report is about."""
    read = next((each for each in reading.places if each.span == span), None)
    if read is not None:
        return read
    mention = PlaceMention(span=span, name=span.text)
    country = country_of(reading.places, reading.document.text)
    found = [each for each in load_gazetteer().find(span.text) if each.country == country and each.lat]
    return resolved_to(mention, found[0]) if found else mention


def is_name_of(said: str, given: str) -> bool:
    """Whether a folded name stands for a place of a table: "zamzam" for "zamzam camp".

    Examples
    --------
    >>> is_name_of("zamzam", "zamzam camp"), is_name_of("zam", "zamzam camp")
    (True, False)
    """
    return f"{given} ".startswith(f"{said} ")


def _is_near(place: PlaceMention, area: PlaceMention) -> bool:
    return place.lat is not None and _apart(place, area) <= FARTHEST_KM


def _apart(place: PlaceMention, area: PlaceMention) -> float:
    return distance_km(position_of(place), position_of(area))
