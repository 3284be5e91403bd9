"""Problems in our own words: where they are, what was found, what is allowed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from forewarn.errors import Problem, nearest
from forewarn.scenario.addressing.structure import PLAIN, ValueRole, fields, written_keys
from forewarn.scenario.model.models import Scenario

Location = tuple[int | str, ...]

UNSEEN = ("days", "value")
"""Levels below a number that nobody sees who writes a bare one."""


@dataclass(frozen=True, slots=True)
class Origins:
    """Names of the document and of the lines of its tables."""

    document: str
    lines: Mapping[str, Sequence[str]]

    def where(self, location: Location, root: object) -> str:
        """Say where something is: ``places.csv, line 7, km`` or ``scenario.yaml, courses[staged].name``.

        Entries of lists are called by their name, or by their number, counted from 0, if they have none.
        """
        if len(location) > 1 and location[0] in self.lines and isinstance(location[1], int):
            line = self.lines[str(location[0])][location[1]]
            rest = _path(location[2:], None)
            return f"{line}, {rest}" if rest else line
        path = _path(location, root)
        return ", ".join(part for part in (self.document, path) if part) or "document"


def _path(location: Location, root: object) -> str:
    text, value = "", root
    for step in location:
        value = _below(value, step)
        if isinstance(step, int):
            name = value.get("name") if isinstance(value, Mapping) else None
            text += f"[{name if isinstance(name, str) and name else step}]"
        elif step not in UNSEEN:
            text += f".{step}" if text else step
    return text


def _below(value: object, step: int | str) -> object:
    if isinstance(value, Mapping):
        return value.get(step)
    if isinstance(step, int) and isinstance(value, Sequence) and step < len(value):
        return value[step]
    return None


def translated(error: ValidationError, root: Mapping[str, Any], origins: Origins) -> list[Problem]:
    """Make problems of what pydantic found."""
    problems = []
    for each in error.errors(include_url=False):
        location = _without_marks(each["loc"])
        problem = _problem(each, location, root, origins)
        if problem not in problems:
            problems.append(problem)
    return problems


def _without_marks(location: Location) -> Location:
    return tuple(step for step in location if step != "[key]")


def _problem(each: Any, location: Location, root: Mapping[str, Any], origins: Origins) -> Problem:  # noqa: ANN401
    kind, context = each["type"], each.get("ctx", {})
    where = origins.where(location, root)
    if kind == "forewarn":
        return Problem(where, context["what"], context["allowed"], context["remedy"])
    if kind == "missing":
        return _missing(location, root, origins)
    if kind in ("extra_forbidden", "invalid_key"):
        allowed = nearest(str(location[-1]), written_keys(_shape_at(location[:-1])))
        return Problem(where, f"unknown key '{location[-1]}'", allowed)
    found = _found(each["input"])
    if each["input"] is None:
        return Problem(where, found, remedy="Give a value, or leave the key out")
    if kind == "literal_error":
        words = _words(context["expected"])
        return Problem(where, found, nearest(str(each["input"]), words))
    if location[-1] in ("lat", "lon") and kind in ("greater_than_equal", "less_than_equal"):
        return Problem(where, found, _limit(each), "Perhaps latitude and longitude are swapped")
    return Problem(where, found, _allowed(each), _remedy(each))


def _missing(location: Location, root: Mapping[str, Any], origins: Origins) -> Problem:
    key = location[-1]
    if key in ("source", "population_source"):
        shape = _shape_at(location[:-1])
        parent = location[:-1] if shape.role == "quantity" else location
        return Problem(
            origins.where(parent, root),
            "a number without a source" if shape.role == "quantity" else "its numbers have no source",
            "an entry of sources, or 'assumption: why'",
            "Write source beside it or beside a block that it is part of",
        )
    if isinstance(key, int):
        return Problem(origins.where(location[:-1], root), f"entry {key + 1} is missing")
    return Problem(origins.where(location, root), "it is missing", remedy=f"Give {key}")


def _found(value: object) -> str:
    if value is None:
        return "found nothing"
    if isinstance(value, bool):
        return f"found {'yes' if value else 'no'}"
    if isinstance(value, Mapping):
        return "found a mapping"
    if isinstance(value, list | tuple):
        return f"found a list of {len(value)}"
    text = f"{value:g}" if isinstance(value, float) else str(value)
    return f"found '{text[:60]}…'" if len(text) > 60 else f"found '{text}'"


def _words(expected: str) -> tuple[str, ...]:
    return tuple(word.strip().strip("'") for word in expected.replace(" or ", ", ").split(","))


def _limit(each: Any) -> str:  # noqa: ANN401
    context = each["ctx"]
    templates = {"ge": "{} or more", "gt": "more than {}", "le": "{} or less", "lt": "less than {}"}
    return next(templates[key].format(f"{context[key]:g}") for key in templates if key in context)


_TYPES: Mapping[str, tuple[str, str]] = {
    "float_type": ("a number", ""),
    "float_parsing": ("a number", ""),
    "finite_number": ("a finite number", ""),
    "int_type": ("a whole number", ""),
    "int_parsing": ("a whole number", ""),
    "int_from_float": ("a whole number", ""),
    "string_type": ("text", "Put it in quotes"),
    "string_too_short": ("text that is not empty", ""),
    "string_too_long": ("shorter text", ""),
    "string_pattern_mismatch": ("lower-case letters, digits and hyphens", ""),
    "bool_type": ("yes or no", ""),
    "date_type": ("a date such as 2018-08-30", ""),
    "date_parsing": ("a date such as 2018-08-30", ""),
    "date_from_datetime_parsing": ("a date such as 2018-08-30", ""),
    "date_from_datetime_inexact": ("a date such as 2018-08-30", ""),
    "tuple_type": ("a list", ""),
    "list_type": ("a list", ""),
    "mapping_type": ("a mapping", ""),
    "dict_type": ("a mapping", ""),
    "model_type": ("a mapping", ""),
    "model_attributes_type": ("a mapping", ""),
}


def _allowed(each: Any) -> str:  # noqa: ANN401
    kind = each["type"]
    if kind in _TYPES:
        return _TYPES[kind][0]
    if kind in ("greater_than_equal", "greater_than", "less_than_equal", "less_than"):
        return _limit(each)
    if kind in ("too_short", "too_long"):
        limits = {"too_short": ("at least", "min_length"), "too_long": ("at most", "max_length")}
        words, key = limits[kind]
        return f"{words} {each['ctx'][key]}"
    return str(each["msg"])


def _remedy(each: Any) -> str:  # noqa: ANN401
    kind, value = each["type"], each["input"]
    if kind in ("float_type", "int_type") and isinstance(value, str) and "," in value:
        return "Write it without separators between thousands"
    return _TYPES.get(kind, ("", ""))[1]


def _shape_at(location: Location) -> ValueRole:
    shape = ValueRole("block", Scenario)
    for step in location:
        if shape.inner is not None:
            shape = shape.inner
        else:
            shape = PLAIN if shape.model is None else fields(shape.model).get(str(step), PLAIN)
    return shape
