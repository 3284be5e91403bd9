"""Which places an attack is said to be on, by the words between it and them."""

from __future__ import annotations

import re
from typing import Final

from forewarn.facts import Event, PlaceMention

NAMED: Final = "named"
"""Key of the details of an attack that the words beside a name tell of: it is on that name."""
_KINDS: Final = r"(?:towns?|cit(?:y|ies)|villages?|camps?|ports?|capital|district|region|province|state)"
_WORD: Final = r"[\w'’-]+"  # noqa: RUF001
_ON: Final = r"(?:on|against|into|in|inside|of|at|near|around|towards?|for|over|across|through)"
# "assault on Goma", "would begin in the eastern parts of Goma", "storm the town of Goma".
_AFTER: Final = re.compile(
    rf"(?:\s+{_WORD}){{0,6}}?\s+{_ON}(?:\s+(?!(?:from|as|after|because|who|that|when|said|told)\b){_WORD}){{0,5}}\s+|"
    rf"\s+(?:the\s+)?(?:{_WORD}\s+)?(?:{_KINDS}\s+of\s+)?"
)
# "Goma is under siege", "the town of Goma braces for a full-scale assault".
_BEFORE: Final = re.compile(
    rf"(?:\s+{_KINDS})?\s+(?:is|was|are|were|has|had|have|been|being|remains?|under|braces?|bracing|faces?|facing|could|"
    rf"may|might|would|will|be|come|came)\b(?:\s+{_WORD}){{0,4}}?\s+"
)
_AND: Final = re.compile(
    rf"\s+and\s+(?:(?:an?\s+)?(?:attack|assault|offensive|advance)\s+)?(?:{_ON}\s+)?(?:the\s+{_KINDS}\s+of\s+)?"
)

# What may follow the name of a place: "Palma in the north", "Palma could", and not "Western interests".
_FOLLOWS: Final = re.compile(
    r"\s*(?:[^\w\s]|$)|\s+(?:[A-Z]|(?:in|on|at|by|to|of|for|from|near|with|as|and|or|but|that|who|which|where|when|while|"
    r"before|after|since|until|unless|if|once|amid|during|within|is|was|has|had|are|were|could|would|will|may|might|"
    rf"should|must|can|this|last|next|said|says|begins?|began|itself|{_KINDS})\b)"
)
_PEOPLES: Final = re.compile(r"(?:ian|ean|im|ist|ite|er|i)s$")


def targets_of(event: Event, text: str) -> tuple[PlaceMention, ...]:
    """Name the places of an attack's sentence that it is on; nothing if the words do not say.

    Parameters
    ----------
    event
        An attack, with the places of its sentence.
    text
        Of the document.

    Examples
    --------
    >>> from forewarn.reading.documents.document import from_text
    >>> from forewarn.reading.reader import read
    >>> reading = read(from_text("Rebels in Goma plan an assault on Bunia in Ituri.", name="note"))
    >>> [place.name for place in targets_of(reading.events[0], reading.document.text)]
    ['Bunia']
    """
    if NAMED in dict(event.details):
        return event.places
    found: list[PlaceMention] = []
    for place in sorted((*event.places, *event.excluded), key=lambda place: place.span.start):
        start, end = place.span.start, place.span.end
        inside = event.span.start <= start < event.span.end
        before = end <= event.span.start and _BEFORE.fullmatch(text, end, event.span.start)
        after = not found and start >= event.span.end and _AFTER.fullmatch(text, event.span.end, start)
        listed = found and _AND.fullmatch(text, found[-1].span.end, start)
        if place.lat is None and not _may_be_place(place, text):
            continue
        if place.kind != "country" and (inside or before or after or listed):
            found.append(place)
    return tuple(found)


def _may_be_place(place: PlaceMention, text: str) -> bool:
    """Whether an unlocated name reads as one of a place: not "Western interests", not "Houthis"."""
    return bool(_FOLLOWS.match(text, place.span.end)) and not _PEOPLES.search(place.span.text)
