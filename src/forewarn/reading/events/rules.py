"""The rules of events.toml, compiled once."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from forewarn.facts import EventKind, EventStatus


@dataclass(frozen=True, slots=True)
class EventRules:
    """What names an event, what tells its status, its stage and its details; in order of precedence."""

    kinds: tuple[tuple[EventKind, re.Pattern[str]], ...]
    pseudo: re.Pattern[str]
    statuses: tuple[tuple[EventStatus, str, re.Pattern[str]], ...]
    stages: tuple[tuple[int, re.Pattern[str]], ...]
    details: Mapping[str, re.Pattern[str]]


@cache
def load_rules() -> EventRules:
    """Load and compile the rules."""
    table = tomllib.loads(files("forewarn").joinpath("data", "reading", "events.toml").read_text("utf-8"))
    return EventRules(
        kinds=tuple(
            (row["kind"], _compile(rf"(?<![\w-])(?:{row['pattern']})(?!\w)")) for row in table["kinds"]
        ),
        pseudo=_compile(rf"\b(?:{table['status']['pseudo']})\b"),
        statuses=tuple((status, where, _compile(words)) for status, where, words in table["status"]["rows"]),
        stages=tuple((stage, _compile(words)) for stage, words in table["stages"]["rows"]),
        details={name: _compile(words) for name, words in table["details"].items()},
    )


def _compile(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)
