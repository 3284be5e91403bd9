"""Quantities written out, sources pushed down to them, dates turned into days.

Works on plain data before it is validated: whatever has the wrong form is passed on as it is, for
validation to complain about.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from pydantic import BaseModel, ValidationError

from forewarn.errors import Problem, nearest
from forewarn.scenario.addressing.messages import Origins
from forewarn.scenario.addressing.structure import ValueRole, fields
from forewarn.scenario.model.behaviour import Model
from forewarn.scenario.model.models import Course, Crossing, Place, Stage, Zone
from forewarn.scenario.model.quantity import Amount, Day
from forewarn.sources import Source, is_assumption

Location = tuple[int | str, ...]

NO_SPREAD = "assumption: the attack reaches all places of the stage on the same day (default)"


@dataclass(slots=True)
class Filling:
    """One pass over a document."""

    issued: date | None
    origins: Origins
    problems: list[Problem] = field(default_factory=list)
    dropped_sources: list[tuple[Location, str]] = field(default_factory=list)
    root: object = None

    def problem(self, location: Location, what: str, allowed: str = "", remedy: str = "") -> None:
        """Note a problem at a place of the document."""
        where = self.origins.where(location, self.root)
        self.problems.append(Problem(where, what, allowed, remedy))

    def block(
        self,
        model: type[BaseModel],
        raw: Any,  # noqa: ANN401
        inherited: str | None,
        location: Location,
    ) -> Any:  # noqa: ANN401
        """Fill a block of keys and everything below it."""
        if not isinstance(raw, Mapping):
            return raw
        if self.root is None:
            self.root = raw
        keys = fields(model)
        own = raw.get("source")
        source = own if isinstance(own, str) else inherited
        filled = {
            key: self.value(keys[key], value, source, (*location, key)) if key in keys else value
            for key, value in raw.items()
        }
        if "source" in keys:
            if source is not None:
                filled["source"] = source
        elif isinstance(own, str):
            del filled["source"]
            self.dropped_sources.append(((*location, "source"), own))
        self._usual(model, filled, source, location)
        return filled

    def value(
        self,
        shape: ValueRole,
        raw: Any,  # noqa: ANN401
        source: str | None,
        location: Location,
    ) -> Any:  # noqa: ANN401
        """Fill a value of any shape."""
        if raw is None:
            return None
        if shape.role == "quantity":
            return self.quantity(raw, source, dates=shape.model is Day)
        if shape.role == "start":
            return self._start(raw, source)
        if shape.role == "block" and shape.model is not None:
            return self.block(shape.model, raw, source, location)
        if shape.inner is not None and shape.role == "list" and isinstance(raw, list | tuple):
            return [self.value(shape.inner, each, source, (*location, i)) for i, each in enumerate(raw)]
        if shape.inner is not None and shape.role == "table" and isinstance(raw, Mapping):
            return self._table(shape.inner, raw, source, location)
        return raw

    def _table(self, inner: ValueRole, raw: Mapping[Any, Any], source: str | None, location: Location) -> Any:  # noqa: ANN401
        if inner.model is Source:
            return raw
        if inner.model is Zone:
            return {key: _zone(str(key), zone) for key, zone in raw.items()}
        own = raw.get("source")
        if isinstance(own, str):
            self.dropped_sources.append(((*location, "source"), own))
            raw, source = {key: each for key, each in raw.items() if key != "source"}, own
        return {key: self.value(inner, each, source, (*location, key)) for key, each in raw.items()}

    def quantity(self, raw: Any, source: str | None, *, dates: bool = False) -> Any:  # noqa: ANN401
        """Write a quantity as a mapping with its source."""
        written = dict(raw) if isinstance(raw, Mapping) else {"value": raw}
        if source is not None and written.get("source") is None:
            written["source"] = source
        if dates:
            written = {key: self._days(value) for key, value in written.items()}
        return written

    def _days(self, raw: Any) -> Any:  # noqa: ANN401
        if isinstance(raw, Mapping):
            return {key: self._days(value) for key, value in raw.items()}
        if type(raw) is date:
            # Without an issue day, which is reported, any count in the right order will do.
            return raw.toordinal() if self.issued is None else (raw - self.issued).days
        return raw

    def _start(self, raw: Any, source: str | None) -> Any:  # noqa: ANN401
        after = raw.get("after") if isinstance(raw, Mapping) else None
        rest = {key: value for key, value in raw.items() if key != "after"} if after is not None else raw
        days = self.quantity(rest, source, dates=after is None)
        return {"days": days} | ({} if after is None else {"after": after})

    def _usual(
        self, model: type[BaseModel], filled: dict[Any, Any], source: str | None, location: Location
    ) -> None:
        """Fill in what is usual when it is left out."""
        if model in (Course, Crossing) and isinstance(filled.get("name"), str):
            filled.setdefault("title", filled["name"])
        if model is Stage:
            filled.setdefault("spread_days", {"value": 0, "source": source or NO_SPREAD})
        if model is Place:
            self._capacity(filled)
            filled.setdefault("local", filled.get("kind") == "town")
            if "source" in filled:
                filled.setdefault("population_source", filled["source"])

    @staticmethod
    def _capacity(filled: dict[Any, Any]) -> None:
        """Make one quantity of the columns capacity, capacity_low and capacity_high."""
        capacity = filled.get("capacity")
        own = filled.pop("capacity_source", None)
        bounds = {
            key: filled.pop(f"capacity_{key}") for key in ("low", "high") if f"capacity_{key}" in filled
        }
        if bounds:
            written = dict(capacity) if isinstance(capacity, Mapping) else {}
            if "value" in written:
                written["mode"] = written.pop("value")
            capacity = written | bounds | {"source": written.get("source", filled.get("source"))}
            if capacity["source"] is None:
                del capacity["source"]
        if isinstance(capacity, Mapping) and own is not None:
            capacity = dict(capacity) | {"source": own}
        if capacity is not None:
            filled["capacity"] = capacity

    def check_dropped_sources(self, known: tuple[str, ...]) -> None:
        """Check the sources of whole blocks, which are no longer there after filling."""
        for location, source in self.dropped_sources:
            if not is_assumption(source) and source not in known:
                self.problem(location, f"unknown source '{source}'", _sources_in_words(source, known))


def _sources_in_words(word: str, known: tuple[str, ...]) -> str:
    return f"'assumption: why', or an entry of sources: {nearest(word, known)}"


def _zone(key: str, raw: object) -> object:
    return {"title": key} | dict(raw or {}) if raw is None or isinstance(raw, Mapping) else raw


def merged_model(defaults: Mapping[str, Any], own: Any) -> tuple[Any, set[str]]:  # noqa: ANN401
    """Put the shipped defaults below a document's own model.

    Returns
    -------
    The model, and the publications that the defaults taken into it rest on.
    """
    used: set[str] = set()
    return _merged(ValueRole("block", Model), defaults, own, used), used


def _merged(shape: ValueRole, default: Any, own: Any, used: set[str]) -> Any:  # noqa: ANN401
    if shape.role != "block" or shape.model is None or not isinstance(own, Mapping):
        return own
    result = {}
    for key, inner in fields(shape.model).items():
        if key in own:
            result[key] = _merged(inner, default[key], own[key], used)
        else:
            result[key] = default[key]
            used.update(_publications(default[key]))
    return result | {key: value for key, value in own.items() if key not in result}


def _publications(raw: object) -> set[str]:
    if not isinstance(raw, Mapping):
        return set()
    source = raw.get("source")
    found = {source} if isinstance(source, str) and not is_assumption(source) else set()
    return found.union(*(_publications(value) for value in raw.values()))


def filled_place(raw: Any) -> Any:  # noqa: ANN401
    """Fill in the attraction of a place.

    Its people, or the capacity of a camp that has none yet. Rows of the wrong form stay as they are.
    """
    if not isinstance(raw, dict) or raw.get("attraction") is not None:
        return raw
    counts = [raw.get("residents", 0), raw.get("displaced", 0)]
    if not all(type(count) is int for count in counts):
        # The count is reported; a second complaint about the attraction would not help.
        return raw | {"attraction": 0}
    people = sum(counts)
    if people == 0 and raw.get("kind") == "camp" and raw.get("capacity") is not None:
        try:
            return raw | {"attraction": Amount.model_validate(raw["capacity"]).typical()}
        except ValidationError:
            return raw | {"attraction": 0}
    return raw | {"attraction": max(people, 0)}
