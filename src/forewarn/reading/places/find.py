"""Places named in a document: found by their form, resolved by the gazetteer and the document's country."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from math import log10
from typing import TYPE_CHECKING

from forewarn.facts import Document, PlaceMention, PlaceRole, Span
from forewarn.reading.places.gazetteer import Gazetteer, GazetteerPlace, load_gazetteer
from forewarn.reading.places.homonyms import without_namesakes
from forewarn.reading.text.rules import read_table

if TYPE_CHECKING:
    from spacy.tokens import Doc

_WORD = r"[^\W\d_a-z][\w’'ʼ-]*"
_NAME = re.compile(
    rf"(?<![\w-]){_WORD}(?:(?: d[’']|(?: |-)"
    rf"(?:(?:of|the|de|del|la|el|al|and|dos|da|do|d'|bin|as|an|at|ad|ar|az|ash|du|des|sur|upon)[ -]){{0,2}})"
    rf"{_WORD}|\.? ?(?<=U\.)S\.)*"
    rf"|(?<![\w-])(?:al|el|ad|ar|as|ash|at|an|az)-{_WORD}(?: {_WORD})*"
)
_GENERIC = (
    "province|provinces|governorate|governorates|district|districts|county|state|states|region|regions|city|town|village|"
    "area|department|municipality|prefecture|island|islands|division|camp|commune|valley|peninsula|township|"
    "sub-district|subdistrict|upazila|mountain|mountains|territory|neighbourhood|suburb|oblast|canton|parish|municipalities"
)
_GENERIC_AFTER = re.compile(rf"\s(?:{_GENERIC})\b", re.IGNORECASE)
_GENERIC_END = re.compile(rf"\s(?:{_GENERIC})$", re.IGNORECASE)
_PLACE_BEFORE = re.compile(
    rf"(?:\b(?:in|near|around|outside|inside|across|throughout|of|at|from|to|into|on|towards?|between|and|en|à|de|dans|"
    rf"through|reach|leave|left|fled|within|north|south|east|west|cities of|hit|struck|retake|entered|"
    rf"for|di|,)|"
    rf"\b(?:{_GENERIC})(?: of)?|"
    r"(?:northern|southern|eastern|western|central|north|south|east|west)(?:ern)?)\s"
    r"(?:the\s|la\s|el\s)?(?:(?:northern|southern|eastern|western|central|greater|far|rural|upper|lower|mid|"
    r"[ns]orth-?(?:east|west)\w*|sout?h-?(?:east|west)\w*|[\w-]*n)\s)?(?:"
    rf"(?:{_GENERIC})s? of\s)?$",
    re.IGNORECASE,
)
_IN = re.compile(
    rf"\b(?:in|near|around|outside|across|at|from|to|en|dans|on|towards?)\s(?:the\s|la\s)?(?:[\w-]+\s){{0,2}}?(?:(?:{_GENERIC})s?\sof\s)?$",
    re.IGNORECASE,
)
_COMPASS = re.compile(
    r"^(?:North|South|East|West|Northern|Southern|Eastern|Western|Central|Greater|Rural|Northeastern|Northwestern|"
    r"Southeastern|Southwestern|Northeast|Northwest|Southeast|Southwest|Mid)\s(?=\S)",
    re.IGNORECASE,
)
_FROM = re.compile(
    r"\b(?:from|fled|fleeing|flee|left|leave|leaving|out of|abandon\w*|escap\w+)\s(?:[\w'’-]+\s){0,4}$",
    re.IGNORECASE,
)
_TO = re.compile(
    r"\b(?:to|into|toward|towards|reached|reach|arrived in|arriving in|arrived at|"
    r"crossed into)\s(?:[\w'’-]+\s){0,3}$",
    re.IGNORECASE,
)
_JOINTS = frozenset({"and", "as"})
_BEGINS = re.compile(  # words with which names begin, and that name nothing alone
    r"Abu|Abou|Umm|Um|Deir|Dayr|Ain|Ayn|Tell?|Tall|Jebel|Jabal|Wadi|Beit|Bayt|Bir|Kafr|Khan|Port|Fort|San|Santa|Saint|"
    r"Santo|Sao|São|Puerto|Rio|New|Old|Mount|Lake|Ras|Shahr|Hpa|Nay|Bani|Dar|Kyauk|Mae|Camp|Villa|El|Al"
)
_SENTENCE_START = 100_000  # people: every first word has a capital, so smaller towns are not believed there
_TOO_SMALL = 5_000  # people: a town below this needs a word such as "in" before it (assumption)


@dataclass(frozen=True, slots=True)
class _Name:
    start: int
    end: int
    places: tuple[GazetteerPlace, ...]
    is_demonym: bool = False
    is_placed: bool = False


@cache
def _not_places() -> frozenset[str]:
    return frozenset(word for row in read_table("not_places.csv") for word in row["words"].split())


@cache
def _titles() -> frozenset[str]:
    return frozenset(
        word
        for row in read_table("not_places.csv")
        if row["what"] == "title"
        for word in row["words"].split()
    )


def find_places(doc: Doc, document: Document) -> tuple[PlaceMention, ...]:
    """Find the places that a document names, with where they are.

    Homonyms are decided by the countries that the document names, then by population; the others are kept as
    candidates, apart from namesakes far away that nothing else in the document speaks for. An adjective of a
    country ("Syrian") counts for its country and is not a mention.

    Parameters
    ----------
    doc
        The pipeline's tokens and sentences of `document.text`.
    document
        The document.
    """
    del doc  # names do not need sentences
    text = document.text
    names = list(_names(text, load_gazetteer()))
    weights = _weights(names, text)
    countries: Counter[str] = sum(weights.values(), Counter())
    named = [name for name in names if not name.is_demonym]
    ranked = [(text[name.start : name.end], _ranked(name, text, countries)) for name in named]
    return tuple(
        _mention(name, places, text)
        for name, places in zip(named, without_namesakes(ranked, weights, countries), strict=True)
        if places or name.is_placed
    )


def country_of(places: Iterable[PlaceMention], text: str) -> str:
    """Tell the country that a document is mostly about; empty if it names none.

    Parameters
    ----------
    places
        Of the document.
    text
        Its text, for adjectives such as "Syrian".
    """
    counts: Counter[str] = Counter(place.country for place in places if place.country)
    gazetteer = load_gazetteer()
    for name in _NAME.finditer(text):
        for word in name[0].split():
            if word in gazetteer.demonyms:
                counts[gazetteer.demonyms[word]] += 1
    return max(counts, key=lambda code: counts[code]) if counts else ""


def _names(text: str, gazetteer: Gazetteer) -> Iterator[_Name]:
    for run in _NAME.finditer(text):
        # "China's Hunan Province" is two names.
        for part in re.finditer(r"(?:[^'’]|['’](?!s\s))+", run[0]):
            skipped = len(re.match(r"(?:['’]s)?\s*", part[0])[0])  # type: ignore[index]
            yield from _names_of_run(part[0][skipped:], run.start() + part.start() + skipped, text, gazetteer)


def _names_of_run(run: str, offset: int, text: str, gazetteer: Gazetteer) -> Iterator[_Name]:
    """Find the longest names first, from left to right, in a run of words with capitals.

    What is known stands before what only looks like a name, and a name that is not known ends before "and"
    or "as": "Goma as fighters", "Abu Shouk and Zamzam".
    """
    words = [(found.start(), found.end()) for found in re.finditer(r"[^\s]+", run)]
    at = 0
    while at < len(words):
        if run[slice(*words[at])] in _JOINTS:
            at += 1
            continue
        joint = next((i for i in range(at, len(words)) if run[slice(*words[i])] in _JOINTS), len(words))
        step = 1
        for last, known in (
            *((last, True) for last in range(min(len(words), at + 5), at, -1)),
            *((last, False) for last in dict.fromkeys((len(words), joint))),
        ):
            start, end = words[at][0], words[last - 1][1]
            if known and last < joint and _BEGINS.fullmatch(run[start:end]):
                continue
            name = _name(run[start:end], offset + start, text, gazetteer, whole=last in (joint, len(words)))
            if name is not None and bool(name.places or name.is_demonym) == known:
                yield name
                step = last - at
                break
        at += step


def _name(words: str, start: int, text: str, gazetteer: Gazetteer, *, whole: bool) -> _Name | None:
    words = re.sub(r"['’]s?$", "", words)
    end = start + len(words)
    if not words or words.split()[0] in _not_places() and " " not in words or words in _not_places():
        return None
    if not words[0].isupper() and "-" not in words:
        return None
    before = text[max(0, start - 60) : start]
    if words in gazetteer.demonyms or (
        words.isupper() and len(words) < 4 and words not in ("UK", "US", "USA", "DRC", "CAR", "KRI")
    ):
        code = gazetteer.demonyms.get(words)
        return _Name(start, end, (GazetteerPlace(words, code, "country"),), is_demonym=True) if code else None
    places = (
        gazetteer.find(words)
        or gazetteer.find(_GENERIC_END.sub("", words))
        or _without_compass(words, gazetteer)
    )
    after = text[end : end + 30]
    placed = (
        bool(_PLACE_BEFORE.search(before))
        or bool(_GENERIC_AFTER.match(after))
        or bool(_GENERIC_END.search(words))
    )
    if places:
        return (
            _Name(start, end, places, is_placed=placed)
            if _is_believed(places, before, after, placed)
            else None
        )
    is_unknown_place = whole and (
        _GENERIC_END.search(words) or _GENERIC_AFTER.match(after) or (_IN.search(before) and _bare(words))
    )
    return _Name(start, end, (), is_placed=True) if is_unknown_place and _bare(words) else None


def _without_compass(words: str, gazetteer: Gazetteer) -> tuple[GazetteerPlace, ...]:
    bare = _COMPASS.sub("", words)
    return gazetteer.find(_GENERIC_END.sub("", bare)) if bare != words else ()


def _bare(words: str) -> bool:
    """Whether none of the words is a title, a weekday, an agency or another word that names no place."""
    first = words.split()
    return not any(word.rstrip(".") in _not_places() for word in first[:1] + first[-1:]) and (
        len(words) > 3 and " and " not in words
    )


def _is_believed(places: Sequence[GazetteerPlace], before: str, after: str, placed: bool) -> bool:
    best = places[0]
    if best.kind == "country" or best.pcode or placed:
        return not _after_title(before)
    if (ruled := re.match(r"\s([A-Z]\w+)", after)) and ruled[1] in _titles():
        return not _after_title(before)
    person = _after_title(before) or re.search(r"[^\W\d_a-z][\w’'-]+\s$", before) is not None
    person = person or re.match(r"\s[^\W\d_a-z][\w’'-]+", after) is not None
    largest = max((place.population or 0) for place in places)
    if best.kind == "town" and re.search(r"(?:^|[.!?:\n\"“])\s*$", before) and largest < _SENTENCE_START:
        return False
    return not person and (best.kind != "town" or largest >= _TOO_SMALL)


def _after_title(before: str) -> bool:
    words = before.split()
    return bool(words) and words[-1].rstrip(".") in _titles()


def _weights(names: Iterable[_Name], text: str) -> dict[str, Counter[str]]:
    """Count by the words of a name the countries that it speaks for: those named outright weigh most."""
    weights: dict[str, Counter[str]] = defaultdict(Counter)
    for name in names:
        counts = weights[text[name.start : name.end]]
        codes = dict.fromkeys(place.country for place in name.places if place.country)
        states = [place.country for place in name.places if place.kind == "country"]
        if len(states) == 1:
            counts[states[0]] += 10
        elif len(codes) == 1:
            counts[next(iter(codes))] += 3
        else:
            for code in codes:
                counts[code] += 1
    return weights


def _ranked(name: _Name, text: str, countries: Counter[str]) -> tuple[GazetteerPlace, ...]:
    return tuple(sorted(name.places, key=lambda place: -_likelihood(place, name, text, countries)))


def _mention(name: _Name, ranked: Sequence[GazetteerPlace], text: str) -> PlaceMention:
    words = text[name.start : name.end]
    span = Span(start=name.start, end=name.end, text=words)
    role = _role(text[max(0, name.start - 60) : name.start])
    if not ranked:
        return PlaceMention(span=span, name=words, role=role)
    best = ranked[0]
    others = dict.fromkeys(
        str(place) for place in ranked[1:] if place.country != best.country or not best.pcode
    )
    return PlaceMention(
        span=span,
        name=best.name,
        role=role,
        pcode=best.pcode,
        country=best.country,
        admin1=best.admin1 if best.kind != "country" else "",
        kind=best.kind,
        lat=best.lat,
        lon=best.lon,
        population=best.population,
        candidates=tuple(said for said in others if said != str(best))[:5],
    )


def _likelihood(place: GazetteerPlace, name: _Name, text: str, countries: Counter[str]) -> float:
    """Score a candidate; a unit is a factor of ten in population (assumption, not fitted)."""
    score = log10((place.population or 0) + 100)
    total = sum(countries.values()) or 1
    score += 6.0 * countries[place.country] / total if place.country else 0.0
    score += {"country": 8.0, "region": 1.0, "area": 3.0, "camp": 2.0, "crossing": 3.0}.get(place.kind, 0.0)
    score += 2.0 if place.pcode else 0.0
    after = text[name.end : name.end + 14].lower()
    if re.match(r"\s(?:province|governorate|state|region|prefecture|department|oblast)", after):
        score += 2.0 if place.kind == "region" else -1.0
    elif re.match(r"\s(?:city|town|village)", after):
        score += 1.5 if place.kind == "town" else -1.0
    following = re.match(r",\s([^\W\d_][\w\s'-]{2,30}?)[,.;)]", text[name.end : name.end + 40])
    if following and place.admin1 and following[1].lower().startswith(place.admin1.lower()[:5]):
        score += 4.0
    return score


def _role(before: str) -> PlaceRole:
    clause = re.split(r"[.;:\n]", before)[-1]
    if re.search(r"\bto\s(?:leave|flee|escape|abandon)\s(?:[\w'’-]+\s){0,4}$", clause):
        return "from"
    origin, target = _FROM.search(clause), _TO.search(clause)
    if origin and target:
        return "from" if origin.start() > target.start() else "to"
    within = re.search(r"\b(?:in|near|around|at|across|outside)\s(?:the\s)?(?:[\w-]+\s){0,2}$", clause)
    if origin and not (within and within.start() > origin.start() + 6):
        return "from"
    return "to" if target and not within else "in"
