"""What stands where in a scenario, read off the models.

Resolving, writing, addressing and translating all walk the same tree; none of them lists its keys.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel

from forewarn.scenario.model.behaviour import Flight
from forewarn.scenario.model.models import Place, Start
from forewarn.scenario.model.quantity import Quantity

Role = Literal["plain", "quantity", "start", "block", "list", "table"]


@dataclass(frozen=True, slots=True)
class ValueRole:
    """Role of a value: a quantity, a block of keys, a list or table (by key) of `inner`, or plain."""

    role: Role
    model: type[BaseModel] | None = None
    inner: ValueRole | None = None


PLAIN = ValueRole("plain")


@cache
def fields(model: type[BaseModel]) -> Mapping[str, ValueRole]:
    """Shapes of the keys of a block, by the name written in documents."""
    return {field.alias or name: shape_of(field.annotation) for name, field in model.model_fields.items()}


@cache
def attributes(model: type[BaseModel]) -> Mapping[str, str]:
    """Attribute that holds each key of a block."""
    return {field.alias or name: name for name, field in model.model_fields.items()}


def shape_of(annotation: Any) -> ValueRole:  # noqa: ANN401
    """Shape of a value with this annotation."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return shape_of(arguments[0])
    if origin in (Union, UnionType):
        return shape_of(next(each for each in arguments if each is not NoneType))
    if origin is tuple and arguments[-1] is ...:
        inner = shape_of(arguments[0])
        return PLAIN if inner is PLAIN else ValueRole("list", inner=inner)
    if origin is Mapping:
        return ValueRole("table", inner=shape_of(arguments[1]))
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return ValueRole(_role(annotation), model=annotation)
    return PLAIN


def _role(model: type[BaseModel]) -> Role:
    if issubclass(model, Quantity):
        return "quantity"
    return "start" if issubclass(model, Start) else "block"


def written_keys(shape: ValueRole) -> tuple[str, ...]:
    """Keys that people may write in a block, quantity or start."""
    if shape.model is None:
        return ()
    keys = tuple(fields(shape.model))
    if shape.role == "start":
        return (*fields(Quantity), "after")
    if shape.model is Place:
        return (*keys, "capacity_low", "capacity_high", "capacity_source")
    if shape.model is Flight:
        keys = (*keys, "prior", "scope", "kind", "exits", "leave_out")
    return keys if "source" in keys else (*keys, "source")


@cache
def holds_whole_numbers(model: type[BaseModel], key: str) -> bool:
    """Whether a key of a block holds a whole number, such as a count of people."""
    annotation = model.model_fields[attributes(model)[key]].annotation
    return int in _all_types(annotation)


def _all_types(annotation: Any) -> set[Any]:  # noqa: ANN401
    if get_origin(annotation) in (Union, UnionType):
        return {each for argument in get_args(annotation) for each in _all_types(argument)}
    return _all_types(get_args(annotation)[0]) if get_origin(annotation) is Annotated else {annotation}
