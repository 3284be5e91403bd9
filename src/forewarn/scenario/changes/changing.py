"""Scenarios for comparison: the same but for named changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from forewarn.errors import ChangeError, ScenarioError, nearest
from forewarn.scenario.addressing.addresses import entry_name, follows_model
from forewarn.scenario.addressing.structure import PLAIN, ValueRole, fields, holds_whole_numbers
from forewarn.scenario.changes.change_paths import RequestedChange, read_change
from forewarn.scenario.model.models import Scenario
from forewarn.scenario.resolving import explicit, resolve

POPULATION = ("residents", "displaced")
SOURCED = ("lat", "lon", "radius_km", "km", "attraction", "people", "low", "high", "places")


def change(scenario: Scenario, changes: Sequence[str]) -> Scenario:
    """Make a scenario that differs in what the changes say, and check it again.

    Parameters
    ----------
    scenario
        Left as it is.
    changes
        Such as ``crossings.bab-al-hawa.status=open``, ``courses.staged.stages.city.start+=14`` or
        ``places.Atma.capacity*=2``; `read_change` defines them. The right side is YAML; nothing there
        takes an optional value away (``places.Atma.capacity=`` is unlimited).

    Notes
    -----
    On a distribution ``+=`` shifts and ``*=`` scales all of its numbers. Counts of people are rounded.
    The new numbers carry the source ``assumption: changed for comparison (…)``.

    Changed probabilities of courses stand; those of the other courses are rescaled in proportion, so
    that all add to 1. Stages that take their intensity from ``model.intensity`` follow its changes.
    A place keeps its attraction when its people or its capacity change.

    Raises
    ------
    ChangeError
        If a path leads nowhere (the nearest name is given), or the result breaks a rule.

    Examples
    --------
    >>> from forewarn.scenario import load
    >>> later = change(load("crossroads"), ["courses.attack.stages.assault.start+=4"])
    >>> later.courses[0].stages[0].start.days.value
    14.0
    """
    document = explicit(scenario)
    read = [read_change(text) for text in changes]
    for each in read:
        _apply(each, document)
    _let_stages_follow(scenario, document)
    _rescale(read, document)
    try:
        return resolve(document)
    except ScenarioError as error:
        raise ChangeError(error.problems) from error


@dataclass(frozen=True, slots=True)
class _Target:
    """What a path leads to: a key of a block or table."""

    holder: dict[str, Any]
    holder_shape: ValueRole
    key: str
    shape: ValueRole


def _apply(this: RequestedChange, document: dict[str, Any]) -> None:
    target = _find(this, document)
    old = target.holder.get(target.key)
    if target.shape.role in ("quantity", "start"):
        target.holder[target.key] = _changed_quantity(this, old)
    elif this.operator != "=":
        target.holder[target.key] = _changed_number(this, target, old)
        _mark(this, target)
    else:
        target.holder[target.key] = _with_source(this.value, this.source, target.shape)
        _mark(this, target)
    if target.holder[target.key] is None:
        del target.holder[target.key]


def _find(this: RequestedChange, document: dict[str, Any]) -> _Target:
    shape, value = ValueRole("block", Scenario), document
    for step, part in enumerate(this.parts):
        last = step == len(this.parts) - 1
        if shape.role == "list":
            value, shape = _entry(this, shape, value, part)
            if last:
                raise this.error("this is a whole entry, not a value of it", _keys(shape))
            continue
        inner = _inner(this, shape, value, part)
        if last:
            return _Target(value, shape, part, inner)
        if value.get(part) is None:
            if inner.role != "table":
                raise this.error(f"'{part}' is not given here, so nothing in it can be changed")
            value[part] = {}
        value, shape = value[part], inner
    raise this.error("the path is empty")


def _entry(this: RequestedChange, shape: ValueRole, value: Any, part: str) -> tuple[Any, ValueRole]:  # noqa: ANN401
    names = [entry_name(entry, index) for index, entry in enumerate(value)]
    if part not in names:
        remedy = "Put a name that contains a dot in quotes" if any("." in name for name in names) else ""
        raise this.error(f"unknown name '{part}'", nearest(part, names) if names else "none", remedy)
    return value[names.index(part)], shape.inner or PLAIN


def _inner(this: RequestedChange, shape: ValueRole, value: Any, part: str) -> ValueRole:  # noqa: ANN401
    if shape.role == "block" and shape.model is not None:
        keys = fields(shape.model)
        if part not in keys:
            raise this.error(f"unknown key '{part}'", nearest(part, tuple(keys)))
        return keys[part]
    if shape.role == "table" and shape.inner is not None:
        if part not in value and shape.inner.role == "block":
            raise this.error(f"unknown name '{part}'", nearest(part, tuple(value)) if value else "none")
        return shape.inner
    before = this.parts[this.parts.index(part) - 1]
    raise this.error(f"'{before}' has nothing below it", remedy="It is changed as a whole")


def _keys(shape: ValueRole) -> str:
    return ", ".join(fields(shape.model)) if shape.model is not None else ""


def _changed_quantity(this: RequestedChange, old: Any) -> Any:  # noqa: ANN401
    if this.operator == "=":
        if this.value is None:
            return None
        new = dict(this.value) if isinstance(this.value, Mapping) else {"value": this.value}
        return new if "source" in new else new | {"source": this.source}
    if old is None:
        raise this.error("no number to change", remedy="Set it with =")
    number = _number(this)
    new = {key: _moved(this, value, number) for key, value in old.items()}
    if "low" in new and new["low"] == new["high"]:
        new = {"value": new["low"]} | {key: new[key] for key in ("after",) if key in new}
    elif new.get("median") == 0:
        new = {"value": 0.0} | {key: new[key] for key in ("after",) if key in new}
    return new | {"source": this.source}


def _moved(this: RequestedChange, value: Any, number: float) -> Any:  # noqa: ANN401
    if isinstance(value, Mapping):
        return {probability: _moved(this, each, number) for probability, each in value.items()}
    if isinstance(value, str):
        return value
    return value + number if this.operator == "+=" else value * number


def _changed_number(this: RequestedChange, target: _Target, old: Any) -> Any:  # noqa: ANN401
    number = _number(this)
    if isinstance(old, bool) or not isinstance(old, int | float):
        raise this.error(f"'{target.key}' is not a number", remedy="Set it with =")
    new = old + number if this.operator == "+=" else old * number
    whole = target.holder_shape.model is not None and holds_whole_numbers(
        target.holder_shape.model, target.key
    )
    return round(new) if whole else new


def _number(this: RequestedChange) -> float:
    if isinstance(this.value, bool) or not isinstance(this.value, int | float):
        raise this.error(f"{this.operator} needs a number, not '{this.value}'")
    return this.value


def _with_source(value: Any, source: str, shape: ValueRole) -> Any:  # noqa: ANN401
    """Give new entries of lists, and blocks, the source of the change."""
    of_quantities = shape.role == "table" and shape.inner is not None and shape.inner.role != "block"
    if (shape.role in ("list", "block") or of_quantities) and isinstance(value, Mapping):
        return {"source": source} | dict(value)
    if shape.role == "list" and isinstance(value, list):
        return [_with_source(each, source, shape) for each in value]
    return value


def _mark(this: RequestedChange, target: _Target) -> None:
    """Say that a plain number was changed in the source beside it."""
    if target.key in POPULATION:
        target.holder["population_source"] = this.source
    elif target.key in SOURCED and "source" in target.holder:
        target.holder["source"] = this.source


def _let_stages_follow(before: Scenario, document: dict[str, Any]) -> None:
    written = explicit(before)
    for course, old_course, written_course in zip(
        document["courses"], before.courses, written["courses"], strict=False
    ):
        if course.get("name") != old_course.name:
            continue
        stages = course.get("stages", ())
        for stage, old, old_written in zip(stages, old_course.stages, written_course["stages"], strict=False):
            follows = follows_model(before, old) and stage.get("intensity") == old_written["intensity"]
            if follows and stage.get("name") == old.name:
                del stage["intensity"]


def _rescale(changes: Sequence[RequestedChange], document: dict[str, Any]) -> None:
    """Let the probabilities of the other courses fill up to 1 in their old proportions."""
    named = {
        each.parts[1]: each
        for each in changes
        if each.parts[:1] == ("courses",) and each.parts[2:] == ("probability",)
    }
    others = [course for course in document["courses"] if course["name"] not in named]
    if not named or not others:
        return
    fixed = [course["probability"].get("value") for course in document["courses"] if course["name"] in named]
    last = list(named.values())[-1]
    if not all(isinstance(value, int | float) for value in fixed):
        raise last.error("a probability is a plain number", "0 to 1")
    rest, old = 1 - sum(fixed), sum(course["probability"]["value"] for course in others)
    if rest < 0 or (old == 0 and rest > 0):
        what = "the probabilities exceed 1" if rest < 0 else "the other courses have probability 0"
        raise last.error(what, remedy="Set the probabilities of all courses")
    for course in others:
        value = course["probability"]["value"] * rest / old if old else 0.0
        course["probability"] = {"value": value, "source": last.source}
