"""Which entries somebody asks for: by actor, place and day."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from forewarn.ledger.entries import LedgerEntry

_ACTORS: Final = frozenset(
    [
        "actor",
        "actors",
        "targets",
        "speaks_for",
        "alleged_responsible",
        "alleged_by",
        "sources",
        "source",
        "actor_key",
    ]
)
_PLACES: Final = frozenset(["place", "places", "excluded"])
_FIRST: Final = date.min.isoformat()
_LAST: Final = date.max.isoformat()


@dataclass(frozen=True, slots=True)
class Filter:
    """Conditions that all hold for an entry; empty ones hold for any."""

    actor: str = ""
    place: str = ""
    since: date | None = None
    until: date | None = None

    def matches(self, entry: LedgerEntry) -> bool:
        """Whether an entry tells of the actor, the place and one of the days."""
        return (
            (not self.actor or _holds(entry.body, _ACTORS, self.actor))
            and (not self.place or _holds(entry.body, _PLACES, self.place))
            and self._in_time(entry.body)
        )

    def _in_time(self, body: dict[str, Any]) -> bool:
        if self.since is None and self.until is None:
            return True
        since = _FIRST if self.since is None else self.since.isoformat()
        until = _LAST if self.until is None else self.until.isoformat()
        return any(first <= until and last >= since for first, last in _days(body))


def _holds(body: object, under: frozenset[str], words: str) -> bool:
    folded = words.casefold()
    return any(folded in text.casefold() for text in _texts(body, under, inside=False))


def _texts(value: object, under: frozenset[str], *, inside: bool) -> Iterator[str]:
    """Give the strings that stand below one of the keys; of a correction, below the field that it names."""
    if isinstance(value, dict):
        named = str(value.get("field", "")).split(".")
        for name, child in value.items():
            is_new = name == "value" and bool(under & set(named))
            yield from _texts(child, under, inside=inside or name in under or is_new)
    elif isinstance(value, list):
        for child in value:
            yield from _texts(child, under, inside=inside)
    elif inside and isinstance(value, str):
        yield value


def _days(value: object) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        if "earliest" in value or "latest" in value:
            first, last = value.get("earliest"), value.get("latest")
            if first or last:
                yield str(first or _FIRST), str(last or _LAST)
        for name in ("issued", "date", "day"):
            day = value.get(name)
            if isinstance(day, str) and len(day) == len(_FIRST):
                yield day, day
        for child in value.values():
            yield from _days(child)
    elif isinstance(value, list):
        for child in value:
            yield from _days(child)
