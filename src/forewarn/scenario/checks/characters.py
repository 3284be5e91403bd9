"""Text at the door: no control characters, and one form of every letter."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from unicodedata import name as name_of
from unicodedata import normalize

from forewarn.errors import Problem, ScenarioError
from forewarn.scenario.addressing.messages import Location, Origins

# What XML 1.0 does not take (https://www.w3.org/TR/xml/#charsets), what steers a terminal, and the marks that
# show text in another order than it stands in.
_REFUSED = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202d\u202e\ud800-\udfff\ufffe\uffff]")


def cleaned(raw: Mapping[str, Any], origins: Origins) -> dict[str, Any]:
    """Give a document with its text in Unicode's composed form (NFC).

    "Mühle" is written in two ways that look the same; without this it would be two places.

    Raises
    ------
    ScenarioError
        Control characters are in it; every text that has one.
    """
    problems: list[Problem] = []

    def clean(value: object, location: Location) -> object:
        if isinstance(value, str):
            found = _REFUSED.search(value)
            if found is not None:
                remedy = "Delete it; it may not be seen where it stands"
                where = _REFUSED.sub("", origins.where(location, raw))
                problems.append(Problem(where, _said(found[0]), "text", remedy))
            return normalize("NFC", value)
        if isinstance(value, Mapping):
            return {clean(key, location): clean(each, (*location, key)) for key, each in value.items()}
        if isinstance(value, list | tuple):
            return [clean(each, (*location, number)) for number, each in enumerate(value)]
        return value

    made = {str(clean(key, ())): clean(value, (key,)) for key, value in raw.items()}
    if problems:
        raise ScenarioError(problems)
    return made


def _said(character: str) -> str:
    called = name_of(character, "")
    return f"the control character U+{ord(character):04X}{f' ({called.lower()})' if called else ''} is in it"
