"""Which place a report's attacks are on."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files
from typing import Final

from forewarn.drafting.distances import distance_km
from forewarn.drafting.own.places import OwnPlace
from forewarn.drafting.said import Said
from forewarn.facts import Event, PlaceMention, Reading, Span
from forewarn.reading.gazetteer import fold, load_gazetteer

CAPITAL: Final = 0.2
"""Factor on the score of a capital, which mostly stands for its government: a convention."""
WEIGHTS: Final = {"planned": 3, "threatened": 3, "under-way": 2, "possible": 1}
"""Of a place named beside an attack, by how near the attack is: a convention."""
OWN_KM: Final = 150.0
"""The area lies so near to one of the user's own places, in km, if they are given; assumption."""
SHORTEST_NAME: Final = 4
"""Letters of a name that is looked for in a report; assumption: shorter ones are words."""

Scores = Counter[tuple[str, str]]
Firsts = dict[tuple[str, str], PlaceMention]


def find_area(
    readings: Sequence[Reading], attacks: Sequence[tuple[Event, Said]], own: Sequence[OwnPlace] = ()
) -> PlaceMention | None:
    """Find the place that most looming attacks are said to be on; other mentions break ties.

    Parameters
    ----------
    readings
        All reports.
    attacks
        Attacks that loom or are under way, with their sentences.
    own
        The user's places: their names are looked for too, and the area must lie near one of them.
    """
    score: Scores = Counter()
    first: Firsts = {}
    for key, place, points in _beside_attacks(attacks, own):
        score[key] += points
        first.setdefault(key, place)
    named_nowhere = not score
    for reading in readings:
        for place in (*reading.places, *_own_mentions(reading.document.text, own)):
            key = (place.name, place.country)
            # Where no attack names its place, the place that the report speaks of most is taken.
            if place.lat is not None and place.kind != "country" and (named_nowhere or key in score):
                score[key] += 1 + 5 * (place.span.text in reading.document.title)
                first.setdefault(key, place)
    if named_nowhere and not any(
        event.status in ("planned", "threatened", "under-way", "past") for event, _ in attacks
    ):
        return None
    _weigh_countries(score, first, readings)
    near = {key for key in first if not own or _is_near(first[key], own)} or set(first)
    return _as_town(first[max(near, key=lambda key: score[key])], readings) if near else None


def _beside_attacks(
    attacks: Sequence[tuple[Event, Said]], own: Sequence[OwnPlace]
) -> Iterator[tuple[tuple[str, str], PlaceMention, int]]:
    """Places that attacks name, and the user's own in their sentences, with points."""
    for event, said in attacks:
        for place in (*event.places, *event.excluded, *_own_mentions(said.sentence, own)):
            if place.kind != "country" and place.lat is not None:
                points = 10 * WEIGHTS.get(event.status, 1) * (2 if event.stage else 1)
                yield (place.name, place.country), place, points


def _weigh_countries(score: Scores, first: Firsts, readings: Sequence[Reading]) -> None:
    """Weigh by how much of the report is about the country; a capital mostly stands for its government."""
    counts = Counter(place.country for reading in readings for place in reading.places if place.country)
    for key, place in first.items():
        part = counts[place.country] / max(counts.values(), default=1) if place.country else 1.0
        score[key] = round(score[key] * part * 100)
        if fold(place.name) in capitals():
            score[key] = round(score[key] * CAPITAL)


def _own_mentions(text: str, own: Sequence[OwnPlace]) -> Iterator[PlaceMention]:
    """Find the user's own places in a text."""
    if not own:
        return
    words = f" {fold(text)} "
    for place in own:
        folded = fold(place.row["name"])
        if len(folded) >= SHORTEST_NAME and f" {folded} " in words:
            yield _as_mention(place)


def _as_mention(place: OwnPlace) -> PlaceMention:
    row = place.row
    return PlaceMention(
        span=Span(start=0, end=len(row["name"]), text=row["name"]),
        name=row["name"],
        pcode=row["pcode"],
        country=row["country"],
        admin1=row["admin1"],
        kind="town",
        lat=row["lat"],
        lon=row["lon"],
    )


def _is_near(place: PlaceMention, own: Sequence[OwnPlace]) -> bool:
    here = {"lat": place.lat, "lon": place.lon}
    return any(distance_km(each.row, here) <= OWN_KM for each in own)


def _as_town(area: PlaceMention, readings: Sequence[Reading]) -> PlaceMention:
    """Take the town where a region bears its name and the report says "town of" and never "region of"."""
    if area.kind != "region":
        return area
    text = " ".join(reading.document.text for reading in readings)
    name = re.escape(area.span.text)
    kinds = "province|region|governorate|state|district"
    if re.search(rf"\b(?:{kinds}) of {name}\b|\b{name} (?:{kinds})\b", text, re.IGNORECASE):
        return area
    if not re.search(rf"\b(?:town|city|village) of {name}\b", text, re.IGNORECASE):
        return area
    towns = [
        p for p in load_gazetteer().find(area.span.text) if p.kind == "town" and p.country == area.country
    ]
    if not towns:
        return area
    town = towns[0]
    own = {"name": town.name, "kind": "town", "lat": town.lat, "lon": town.lon, "population": town.population}
    return area.model_copy(update=own)


@cache
def capitals() -> frozenset[str]:
    """Names of capitals, folded, from the reader's table of states."""
    text = (files("forewarn") / "data" / "reading" / "states.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines())
    return frozenset(fold(name) for row in rows for name in row["metonyms"].split(";") if name)
