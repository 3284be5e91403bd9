"""Which place a report's attacks are on."""

from __future__ import annotations

import csv
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache
from importlib.resources import files
from typing import Final

from forewarn.drafting.basis import SourcedFact
from forewarn.drafting.distances import distance_km, position_of
from forewarn.drafting.refusals import TABLE_COLUMNS, UnknownPlaceError
from forewarn.drafting.report.signs import SIGN
from forewarn.drafting.report.targets import targets_of
from forewarn.drafting.user_tables.places import OwnPlace
from forewarn.errors import Problem
from forewarn.facts import Event, PlaceMention, Reading, Span
from forewarn.reading.places.gazetteer import GazetteerPlace, fold, load_gazetteer

CAPITAL: Final = 0.2
"""Factor on the score of a capital, which mostly stands for its government: a convention."""
SPEAKER: Final = 0.1
"""Factor on a place where somebody speaks or the report was written, not where it happens: a convention."""
WEIGHTS: Final = {"planned": 3, "threatened": 3, "under-way": 2, "past": 2, "possible": 1}
"""Of a place named beside an attack, by how near the attack is: a convention."""
BESIDE: Final = 10
"""Points of a place in an attack's sentence; in the sentences before it a part: a convention."""
SIGNS: Final = {"1": 0.15, "2": 0.8}
"""Factor on the points beside a sign, which tells less than an attack, by the sign's points: a convention."""
REFUGE: Final = 0.1
"""Factor on a mention of where people go, in a sentence with an attack, which is elsewhere; a convention."""
BEFORE: Final = 0.4
BEFORE_CHARACTERS: Final = 300
"""A place named so many characters before an attack that names none is taken for its place; assumption."""
NARROWER: Final = 0.5
"""Part of a region's points with which a town in it is taken instead: the narrower place: a convention."""
PEOPLE: Final = 4
"""Points of a place where people are displaced, trapped or at risk, or live: a convention."""
MENTION: Final = 1
IN_TITLE: Final = 5
"""Points of any mention, and more of one in the title: a convention."""
LEAST: Final = 4.0
"""Points that a place needs: a mention in passing is no area; a convention."""
FAR_KM: Final = 1000.0
"""A place is far from all others named in a report beyond this distance, in km; assumption."""
ALIKE: Final = 0.85
"""Names of a town and its region that are so alike (ratio of letters) are one name; assumption."""
RIVAL: Final = 0.5
"""Part of the points of the area from which on another place is named beside it (ratio); a convention."""
RIVAL_KM: Final = 60.0
"""Nearer places are no other area, in km; assumption."""
TARGETS_KM: Final = 300.0
"""Other places that an attack is said to be on belong to the same offensive so near, in km; assumption."""
OWN_KM: Final = 150.0
"""The area lies so near to one of the user's own places, in km, if they are given; assumption."""
AFFECTED: Final = ("displaced", "forced-to-flee", "evacuated", "trapped", "at-risk", "population", "in-need")
SHORTEST_NAME: Final = 4
"""Letters of a name that is looked for in a report; assumption: shorter ones are words."""
_TELLS = re.compile(
    r"(?:\b(?:reporters?|journalists?|correspondents?|officials?|diplomats?|spokes\w+|official|source|sources|"
    r"office|government|ministry|told|said|speaking|briefed|statement|conference)\b[^.;]{0,20}\bin )$",
    re.IGNORECASE,
)
_DATELINE = re.compile(r"\s*[^.\n]{0,30}(?:\([^)\n]*\)\s*)?(?:,\s[^.\n]{0,40})?\s[-–—]{1,2}\s")

Key = tuple[str, str]
Scores = dict[Key, float]
Firsts = dict[Key, PlaceMention]


@dataclass(frozen=True, slots=True)
class AttackArea:
    """Where the attacks are.

    Parameters
    ----------
    place
        The place that most speaks for.
    targets
        Other places that an attack is said to be on.
    rivals
        Names of other places that the report may as well be about.
    unknown
        Names of places that attacks are on too, and that nobody has told the position of.
    """

    place: PlaceMention
    targets: tuple[PlaceMention, ...] = ()
    rivals: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()


def find_area(
    readings: Sequence[Reading],
    attacks: Sequence[tuple[Event, SourcedFact]],
    own: Sequence[OwnPlace] = (),
    *,
    refuges: Collection[tuple[int, Span]] = (),
    staged: Collection[str] = (),
    asked: Collection[str] = (),
) -> AttackArea | None:
    """Find the place that most looming attacks are said to be on; other mentions break ties.

    Parameters
    ----------
    readings
        All reports.
    attacks
        Attacks that loom or are under way, with their sentences.
    own
        The user's places: their names are looked for too, and the area must lie near one of them.
    refuges
        Reports and mentions of places where people go, which speak for no attack there.
    staged
        Names that stages of the attack are said to be on.
    asked
        Names of other places that nobody has located, to be told of in a refusal.

    Raises
    ------
    UnknownPlaceError
        The place that most attacks are on has no position: no other place may stand for it.
    """
    aimed = _aimed_at(readings, attacks, refuges) | set(staged)
    weighed, first = _weighed(readings, attacks, own, aimed, refuges)
    if not weighed:
        return None
    ranked = sorted(weighed, key=lambda key: (first[key].span.text not in aimed, -weighed[key]))
    best = next((key for key in ranked if _may_stand(key, ranked[0], weighed, first, aimed)), ranked[0])
    others = [key for key in ranked if key != best]
    if first[best].lat is None:
        raise UnknownPlaceError(_unknown(readings, first[best], asked))
    area = _as_region(_as_town(first[best], readings), readings)
    located = [key for key in others if _is_area(first[key])]
    rivals = [
        first[key].name
        for key in located
        if weighed[key] >= RIVAL * weighed[best] and _apart(first[key], first[best]) > RIVAL_KM
    ]
    return AttackArea(
        place=area,
        targets=tuple(
            place
            for key, place in first.items()
            if key != best
            and place.kind in ("town", "camp")
            and place.span.text in aimed
            and _apart(place, area) <= TARGETS_KM
        ),
        rivals=tuple(dict.fromkeys(rivals)),
        unknown=tuple(dict.fromkeys(first[key].name for key in others if key not in located)),
    )


def _may_stand(key: Key, best: Key, weighed: Scores, first: Firsts, aimed: Collection[str]) -> bool:
    """Whether a place that is located and attacked too weighs enough to be drafted for the best."""
    is_aimed = first[key].span.text in aimed or key == best
    return is_aimed and first[key].lat is not None and weighed[key] >= RIVAL * weighed[best]


def _unknown(readings: Sequence[Reading], place: PlaceMention, asked: Collection[str]) -> Problem:
    found = load_gazetteer().find(place.name)
    more = [name for name in dict.fromkeys(asked) if name != place.name]
    also = f". Nobody has located {', '.join(more)} either, which the report names" if more else ""
    elsewhere = f", but only in {', '.join(dict.fromkeys(each.country for each in found))}" if found else ""
    return Problem(
        ", ".join(reading.document.name for reading in readings),
        f"the attack is said to be on {place.name}, which the gazetteer does not know near what else is named"
        + elsewhere
        + also,
        remedy=f'Say where it is: --locate "{place.name}=LAT,LON"; or give a table with it and the places '
        f"round it: --places ({TABLE_COLUMNS})",
    )


def _aimed_at(
    readings: Sequence[Reading],
    attacks: Sequence[tuple[Event, SourcedFact]],
    spared: Collection[tuple[int, Span]],
) -> set[str]:
    """Names of places that an attack is said to be on, without those of people and bodies."""
    actors = {mention.text for reading in readings for actor in reading.actors for mention in actor.mentions}
    targets = {
        place.span.text
        for event, said in attacks
        for place in _targets(event, readings[said.report])
        if (said.report, place.span) not in spared
    }
    return targets - actors


def _targets(event: Event, reading: Reading) -> tuple[PlaceMention, ...]:
    """Name what an attack is on; nothing for a sign, which may tell where forces gather."""
    return () if SIGN in dict(event.details) else targets_of(event, reading.document.text)


def _weighed(
    readings: Sequence[Reading],
    attacks: Sequence[tuple[Event, SourcedFact]],
    own: Sequence[OwnPlace],
    aimed: Collection[str],
    spared: Collection[tuple[int, Span]],
) -> tuple[Scores, Firsts]:
    """Weigh points by country, and less for capitals and for wide regions; without mentions in passing."""
    named = [place for reading in readings for place in reading.places if place.country]
    countries = Counter(place.country for place in named)
    score: Scores = defaultdict(float)
    first: Firsts = {}
    for place, points in _points(readings, attacks, own, spared):
        likely = _likely(place, named, own, is_target=place.span.text in aimed)
        if likely is not None:
            key = (likely.name, likely.country)
            score[key] += points
            first.setdefault(key, likely)
    weighed: Scores = {}
    for key, place in first.items():
        part = countries[place.country] / max(countries.values()) if place.country and countries else 1.0
        narrower = any(
            _is_within(first[other], place) and score[other] >= NARROWER * score[key] for other in first
        )
        capital = fold(place.name) in capitals()
        weighed[key] = score[key] * part * (CAPITAL if capital else 1) * (NARROWER if narrower else 1)
    kept = [key for key in first if score[key] >= LEAST]
    near = [key for key in kept if not own or first[key].lat is None or _is_near(first[key], own)] or kept
    return {key: weighed[key] for key in near}, first


def _points(
    readings: Sequence[Reading],
    attacks: Sequence[tuple[Event, SourcedFact]],
    own: Sequence[OwnPlace],
    spared: Collection[tuple[int, Span]],
) -> Iterator[tuple[PlaceMention, float]]:
    """Places that may be the area, each time with points."""
    for event, said in attacks:
        reading = readings[said.report]
        weight = 1.0 * BESIDE * WEIGHTS.get(event.status, 1) * (2 if event.stage else 1)
        weight *= SIGNS.get(dict(event.details).get(SIGN, ""), 1.0)
        targets = [place for place in _targets(event, reading) if (said.report, place.span) not in spared]
        read = (*event.places, *event.excluded)
        beside = [*(targets or read), *_own_mentions(said.sentence, own, but=read)]
        for place in beside:
            factor = 1.0 if place in targets or (said.report, place.span) not in spared else REFUGE
            yield place, factor * weight * _speaker_factor(place, reading)
        if not targets and not any(_is_area(place) for place in beside):
            before = [place for place in reading.places if _is_before(place, event) and _is_area(place)]
            for place in before[-1:]:
                yield place, BEFORE * weight * _speaker_factor(place, reading)
    for reading in readings:
        title = reading.document.title or reading.document.text.strip().partition("\n")[0]
        for figure in reading.figures:
            if figure.term in AFFECTED and figure.cause != "disaster":
                for place in figure.places:
                    if place.role != "to":
                        yield place, PEOPLE * _speaker_factor(place, reading)
        for place in (*reading.places, *_own_mentions(reading.document.text, own, but=reading.places)):
            points = MENTION + IN_TITLE * (place.span.text in title)
            yield place, points * _speaker_factor(place, reading)


def _is_area(place: PlaceMention) -> bool:
    return place.kind != "country" and place.lat is not None


def _is_before(place: PlaceMention, event: Event) -> bool:
    return 0 < event.span.start - place.span.start <= BEFORE_CHARACTERS


def _speaker_factor(place: PlaceMention, reading: Reading) -> float:
    """Weigh a mention: less where somebody speaks, and in the line that says where a report was written."""
    text, start = reading.document.text, place.span.start
    if text[start : place.span.end] != place.span.text:
        return 1.0  # a name of the user's table, with no place in the text
    line = text.rfind("\n", 0, start) + 1
    dateline = _DATELINE.match(text, line)
    wrote = dateline is not None and dateline.end() > place.span.end
    return SPEAKER if wrote or _TELLS.search(text[max(0, start - 60) : start]) else 1.0


def _likely(
    place: PlaceMention, named: Sequence[PlaceMention], own: Sequence[OwnPlace], *, is_target: bool
) -> PlaceMention | None:
    """Take a place, or one of its name in a country that the report speaks of; nothing if it is in none.

    A town far from everything else that is named, in a country that nothing else belongs to, is a wrong guess
    of the reader. A target of an attack is never left out: without a position it stands as unknown.
    """
    if not _is_area(place):
        known = _known(place, named, own)
        unknown = place if is_target and place.kind != "country" else None
        return known if known is not None else unknown
    others = [other for other in named if fold(other.span.text) != fold(place.span.text)]
    countries = Counter(other.country for other in others)
    located = [other for other in others if _is_area(other)]
    bearer = _bearer(place, countries)
    if bearer is not None:
        return resolved_to(place, bearer)
    if not located or countries[place.country] or any(_apart(place, other) <= FAR_KM for other in located):
        return place
    ranked = [country for country, _ in countries.most_common()]
    found = [
        each
        for each in load_gazetteer().find(place.span.text)
        if each.lat is not None and each.country in ranked
    ]
    if not found:
        return _known(place, named, own) or (_unplaced(place) if is_target else None)
    best = min(found, key=lambda each: ranked.index(each.country))
    return resolved_to(place, best)


def _known(
    place: PlaceMention, named: Sequence[PlaceMention], own: Sequence[OwnPlace]
) -> PlaceMention | None:
    """Find a name without a position in the user's table, or as the beginning of words: "Goma as M23"."""
    said = fold(place.span.text)
    mine = next((each for each in own if fold(each.row["name"]) == said or said in each.areas), None)
    if mine is not None:
        return as_mention(mine)
    return next(
        (each for each in named if _is_area(each) and said.startswith(f"{fold(each.span.text)} ")), None
    )


def _unplaced(place: PlaceMention) -> PlaceMention:
    """Forget what a name was resolved to."""
    nowhere = dict.fromkeys(("country", "admin1", "kind", "pcode"), "") | dict.fromkeys(("lat", "lon"))
    return place.model_copy(update={**nowhere, "name": place.span.text, "population": None})


def _bearer(place: PlaceMention, countries: Counter[str]) -> GazetteerPlace | None:
    """Town that bears the name itself, where the reader took one that only once bore it."""
    said = fold(place.span.text)
    if place.kind != "town" or fold(place.name) == said:
        return None
    return next(
        (
            each
            for each in load_gazetteer().find(place.span.text)
            if each.kind == "town" and fold(each.name) == said and (countries[each.country] or not countries)
        ),
        None,
    )


def resolved_to(place: PlaceMention, best: GazetteerPlace) -> PlaceMention:
    """Resolve a mention to another place."""
    fields = ("name", "country", "admin1", "kind", "lat", "lon", "pcode", "population")
    changed = {field: getattr(best, field) for field in fields}
    return place.model_copy(update=changed)


def _apart(first: PlaceMention, second: PlaceMention) -> float:
    return distance_km(position_of(first), position_of(second))


def _is_within(place: PlaceMention, region: PlaceMention) -> bool:
    """Whether a town lies in a region."""
    return (
        region.kind == "region"
        and place.kind != "region"
        and place.country == region.country
        and is_in_region(place.admin1, region)
    )


def is_in_region(admin1: str, region: PlaceMention) -> bool:
    """Whether a first-level region is the one named or part of it: "Northern Darfur" of "Darfur"."""
    words = set(fold(admin1).split())
    names = [set(fold(name).split()) for name in (region.name, region.admin1) if name]
    return any(name <= words for name in names)


def _own_mentions(
    text: str, own: Sequence[OwnPlace], *, but: Sequence[PlaceMention]
) -> Iterator[PlaceMention]:
    """Find the user's own places in a text, apart from those that the reader has found."""
    if not own:
        return
    words = f" {fold(text)} "
    found = {fold(name) for place in but for name in (place.name, place.span.text)}
    for place in own:
        folded = fold(place.row["name"])
        if len(folded) >= SHORTEST_NAME and f" {folded} " in words and folded not in found:
            yield as_mention(place)


def as_mention(place: OwnPlace) -> PlaceMention:
    """Name a place of the user's table as if a report had named it."""
    row = place.row
    return PlaceMention(
        span=Span(start=0, end=len(row["name"]), text=row["name"]),
        name=row["name"],
        pcode=row["pcode"],
        country=row["country"],
        admin1=row.get("admin1", ""),
        kind="town",
        lat=row["lat"],
        lon=row["lon"],
    )


def _is_near(place: PlaceMention, own: Sequence[OwnPlace]) -> bool:
    here = position_of(place)
    return any(distance_km(each.row, here) <= OWN_KM for each in own)


def _as_town(area: PlaceMention, readings: Sequence[Reading]) -> PlaceMention:
    """Take the town where a region bears its name, unless the report says "region of"."""
    if area.kind != "region":
        return area
    text = " ".join(reading.document.text for reading in readings)
    name = re.escape(area.span.text)
    kinds = "province|region|governorate|state|district"
    if re.search(rf"\b(?:{kinds}) of {name}\b|\b{name} (?:{kinds})\b", text, re.IGNORECASE):
        return area
    bears = {fold(area.name), fold(area.span.text)}
    towns = [
        p
        for p in load_gazetteer().find(area.span.text)
        if p.kind == "town" and p.country == area.country and fold(p.name) in bears
    ]
    if not towns:
        return area
    town = towns[0]
    own = {"name": town.name, "kind": "town", "lat": town.lat, "lon": town.lon, "population": town.population}
    return area.model_copy(update=own)


def _as_region(area: PlaceMention, readings: Sequence[Reading]) -> PlaceMention:
    """Take the region where a town bears its name and the report says "region" and never "town"."""
    if area.kind != "town" or not area.admin1:
        return area
    text = " ".join(reading.document.text for reading in readings)
    name, kinds = re.escape(area.span.text), "province|region|governorate|state"
    is_region = re.search(rf"\b(?:{kinds}) of {name}\b|\b{name} (?:{kinds})\b", text, re.IGNORECASE)
    is_town = re.search(rf"\b(?:town|city|capital) of {name}\b|\b{name} (?:town|city)\b", text, re.IGNORECASE)
    alike = SequenceMatcher(None, fold(area.admin1), fold(area.span.text)).ratio() >= ALIKE
    if not is_region or is_town or not alike:
        return area
    return area.model_copy(update={"name": area.admin1, "kind": "region"})


@cache
def capitals() -> frozenset[str]:
    """Names of capitals, folded, from the reader's table of states."""
    text = (files("forewarn") / "data" / "reading" / "states.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines())
    return frozenset(fold(name) for row in rows for name in row["metonyms"].split(";") if name)
