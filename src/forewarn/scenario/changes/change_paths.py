"""Reading changes such as ``courses.staged.stages.city.start+=14``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Literal

from forewarn.errors import ChangeError, Problem, ScenarioError
from forewarn.scenario import yaml_files as reading_yaml

Operator = Literal["=", "+=", "*="]

_TOKEN = re.compile(
    r"""
    (?P<quoted>"(?:[^"\\]|\\.)*"|'[^']*')
    | \[\s*(?P<bracket>"(?:[^"\\]|\\.)*"|'[^']*'|[^\]"']*?)\s*\]
    | (?P<operator>\+=|\*=|=)
    | (?P<dot>\.)
    | (?P<plain>(?:(?!\+=|\*=)[^."'\[\]=])+)
    | (?P<apostrophe>')
    """,
    re.VERBOSE | re.DOTALL,
)

GRAMMAR = "a path, one of = += *=, and a value, such as model.fear.intensity=0"


@dataclass(frozen=True, slots=True)
class RequestedChange:
    """A change that was asked for: where, how, and by what."""

    text: str
    parts: tuple[str, ...]
    operator: Operator
    value: Any

    @property
    def source(self) -> str:
        """Source of the numbers it makes."""
        return f"assumption: changed for comparison ({self.text})"

    def error(self, what: str, allowed: str = "", remedy: str = "") -> ChangeError:
        """Make an error about it."""
        return ChangeError(Problem(self.text, what, allowed, remedy))


def read_change(text: str) -> RequestedChange:
    """Read a change.

    Keys are separated by dots; entries of lists are called by their name. A name that contains a dot,
    a bracket or an equals sign is written in quotes or brackets: ``places["St. Mary"].capacity*=2``.

    Raises
    ------
    ChangeError
        If it has no path, no operator or a value that is not YAML.
    """
    text = text.strip()
    parts, operator, rest = _split(text)
    if operator is None or not all(parts):
        raise ChangeError(Problem(text or "change", "this is not a change", GRAMMAR))
    try:
        value = reading_yaml.parse(rest, text)
    except ScenarioError as error:
        raise ChangeError(error.problems) from error
    return RequestedChange(text, parts, operator, value)


def _split(text: str) -> tuple[tuple[str, ...], Operator | None, str]:
    """Split into names, operator (None if there is none) and the text of the value."""
    parts, current, at = list[str](), "", 0
    while match := _TOKEN.match(text, at):
        at = match.end()
        kind, token = match.lastgroup, match.group()
        if kind == "operator":
            operator: Operator = "+=" if token == "+=" else "*=" if token == "*=" else "="
            return (*parts, current.strip()), operator, text[at:]
        if kind == "bracket":
            if current.strip():
                parts.append(current.strip())
            current = _unquoted(match["bracket"])
        elif kind == "dot":
            parts.append(current.strip())
            current = ""
        elif kind == "quoted" and not current.strip():
            current = _unquoted(token)
        else:
            current += token
    return (), None, ""


def _unquoted(token: str) -> str:
    if len(token) > 1 and token[0] == token[-1] == '"':
        return re.sub(r"\\(.)", r"\1", token[1:-1])
    return token[1:-1] if len(token) > 1 and token[0] == token[-1] == "'" else token
