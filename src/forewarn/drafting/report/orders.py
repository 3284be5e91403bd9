"""Orders to leave: that people were told to go, by whoever attacks or by their own authorities."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from forewarn.drafting.basis import SourcedFact
from forewarn.drafting.report.signs import is_about_another_time
from forewarn.facts import Reading
from forewarn.reading.text.sentences import sentence_bounds

__all__ = ["find_order", "tells_of_an_order"]

_PEOPLE: Final = (
    r"(?:inhabitants|residents|civilians|people|population|everyone|everybody|villagers|famil(?:y|ies)|"
    r"households|locals|tribes|communities|villages|neighbou?rhoods|districts|them)"
)
_LEAVE: Final = r"(?:leave|evacuate|vacate|move (?:to|north|south|east|west|out|away)\w*|be evacuated)\b"
_TOLD: Final = r"(?:order|tell|told|instruct|direct|command)(?:s|ed|ing)?\b"
_ORDER: Final = re.compile(
    rf"\b(?:(?:evacuation|displacement) orders?\b|orders? (?:to|for \w+(?: \w+)? to) {_LEAVE}"
    rf"|{_TOLD}(?:\W+\w+){{0,4}}?\W+{_PEOPLE}\b(?:\W+\w+){{0,8}}?\W+to {_LEAVE}"
    rf"|{_PEOPLE}\b(?:\W+\w+){{0,8}}?\W+(?:was|were|are|been|being) (?:ordered|told|instructed) to {_LEAVE}"
    r"|(?:mandatory|forced|compulsory) evacuations?\b"
    r"|order(?:s|ed|ing) (?:the |a |an )?(?:\w+ )?evacuation of\b)",
    re.IGNORECASE,
)
_NOT: Final = re.compile(
    r"\b(?:no|not|nobody|never|without|den(?:y|ies|ied)|n't|may|might|could|would|if|unless|lift(?:s|ed|ing)?|"
    r"cancel\w*|withdr[ae]w\w*|rescind\w*)\b",
    re.IGNORECASE,
)
_OVER: Final = re.compile(r"^(?:\W+\w+){0,6}?\W+(?:lifted|cancelled|withdrawn|rescinded)\b", re.IGNORECASE)


def find_order(readings: Sequence[Reading]) -> SourcedFact | None:
    """Find the first sentence that tells of an order to leave that stands, in reports of now."""
    for number, reading in enumerate(readings):
        text = reading.document.text
        for start, end in sentence_bounds(text):
            sentence = " ".join(text[start:end].split())
            if tells_of_an_order(sentence) and not is_about_another_time(sentence, reading.document.issued):
                return SourcedFact(number, sentence)
    return None


def tells_of_an_order(sentence: str) -> bool:
    """Whether a sentence says that people have been told to leave.

    Examples
    --------
    >>> tells_of_an_order("The army ordered the residents of two districts to leave.")
    True
    >>> tells_of_an_order("The governor denied that residents had been told to leave.")
    False
    """
    match = _ORDER.search(sentence)
    if match is None:
        return False
    return not _NOT.search(sentence[: match.end()]) and not _OVER.search(sentence[match.end() :])
