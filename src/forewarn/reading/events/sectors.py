"""Parts of an area that an attack is said to be on, and places that it is said to spare."""

from __future__ import annotations

import re
from collections.abc import Sequence

from forewarn.facts import PlaceMention
from forewarn.reading.text.lexicon import saying

_SIDE = r"(?:north|south|east|west)(?:-?(?:east|west))?(?:ern)?|central"
_PARTS = (
    r"parts?|areas?|countryside|outskirts|suburbs?|districts?|front|flank|sectors?|half|edges?|side|territory|"
    r"neighbou?rhoods|fringes|approaches|regions?|villages|towns|zones?|corridor|fronts"
)
_SECTOR = re.compile(
    rf"\b(?P<sides>(?:{_SIDE})(?:(?:\s*,\s*|\s+and\s+|\s+or\s+)(?:{_SIDE}))*)\s+(?:\w+\s+)?(?:{_PARTS})\b"
    rf"|\bthe (?P<whole>city)\b|\bfrom the (?P<from>{_SIDE})\b",
    re.IGNORECASE,
)
_NOT_YET = re.compile(
    r"\b(?:but )?(?:not (?:yet|initially|at first|immediately)|not (?:on|in|against)(?= (?-i:[A-Z]))|"
    r"(?:would|will) (?:spare|not (?:yet )?(?:"
    r"include|target|touch|extend to|reach))|sparing|excluding|except(?: for)?|leaving out|"
    r"with the exception of)\b",
    re.IGNORECASE,
)
_FOR_NOW = re.compile(r"\bnot (?:yet|initially|at first|immediately|for now)\b", re.IGNORECASE)


def is_for_now(words: str) -> bool:
    """Whether what is spared is only spared for now.

    Parameters
    ----------
    words
        A sentence.
    """
    return _FOR_NOW.search(words) is not None


def find_sectors(words: str) -> tuple[str, ...]:
    """Find sectors, without those that are spared.

    Parameters
    ----------
    words
        A clause.

    Examples
    --------
    >>> find_sectors("target the southern and western parts")
    ('south', 'west')
    """
    spared = _NOT_YET.search(words)
    kept = words[: spared.start()] if spared else words
    found: list[str] = []
    for match in _SECTOR.finditer(kept):
        sides = match["sides"] or match["from"]
        if sides:
            found += [
                re.sub(r"ern$|-", "", side[0].lower()) for side in re.finditer(_SIDE, sides, re.IGNORECASE)
            ]
        else:
            found.append("city")
    return tuple(dict.fromkeys(found))


def find_excluded(
    text: str, sentence: tuple[int, int], places: Sequence[PlaceMention]
) -> tuple[PlaceMention, ...]:
    """Find places said not to be part of an attack, or not yet.

    Parameters
    ----------
    text
        Of the document.
    sentence
        Its bounds, characters.
    places
        Of the document.
    """
    cue = _NOT_YET.search(text, *sentence)
    if cue is None:
        return ()
    stop = re.compile(rf",\s+(?:{saying('stop')})\b|[.;]").search(text, cue.end(), sentence[1])
    end = stop.start() if stop else sentence[1]
    return tuple(place for place in places if cue.end() <= place.span.start and place.span.end <= end)
