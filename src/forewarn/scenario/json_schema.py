"""JSON Schema of the document people write, for editors."""

from __future__ import annotations

from typing import Any

from forewarn.scenario import flight_prior
from forewarn.scenario.model import quantity
from forewarn.scenario.model.behaviour import Flight
from forewarn.scenario.model.boundaries import Boundaries
from forewarn.scenario.model.models import Analogues, Place, Scenario
from forewarn.scenario.model.quantity import FORMS, Day, Quantity
from forewarn.scenario.resolving import NAMED_TABLES, TABLES

DIALECT = "https://json-schema.org/draft/2020-12/schema"

_DATE = {"type": "string", "format": "date"}
_SOURCE = {
    "type": "string",
    "description": "Entry of sources, or 'assumption: why'; holds for everything below.",
}


def schema() -> dict[str, Any]:
    """JSON Schema (2020-12) of a scenario as people write it.

    What `resolve` fills in is not required, quantities may be bare numbers, and a source may stand
    beside any block.
    """
    made = Scenario.model_json_schema(by_alias=True)
    definitions = made.pop("$defs")
    for model in _quantity_models():
        if model.__name__ in definitions:
            definitions[model.__name__] = _quantity(model)
    definitions["Start"] = _start()
    for name, definition in definitions.items():
        if "properties" in definition:
            _humanise(definition, takes_source=name not in ("Source", "Zone"))
    _add_capacity_columns(definitions[Place.__name__])
    _add_flight_prior(definitions[Flight.__name__], definitions[Analogues.__name__])
    _add_file_of_boundaries(definitions)
    for block in ("Zone",):
        definitions[block] = {"anyOf": [definitions[block], {"type": "null"}]}
    _humanise(made, takes_source=True)
    for table in (*TABLES, *NAMED_TABLES):
        rows = made["properties"][table]
        made["properties"][table] = {"anyOf": [{"type": "string"}, rows], "description": rows["description"]}
    made["title"] = "Forewarn scenario"
    return {"$schema": DIALECT, **made, "$defs": definitions}


def _quantity_models() -> list[type[Quantity]]:
    return [each for each in vars(quantity).values() if isinstance(each, type) and issubclass(each, Quantity)]


def _humanise(definition: dict[str, Any], *, takes_source: bool) -> None:
    """Take away what only the explicit form requires."""
    properties = definition["properties"]
    filled = {key for key, value in properties.items() if value.pop("filled", False)}
    required = [key for key in definition.get("required", []) if key not in filled]
    definition["required"] = required
    for value in properties.values():
        value.pop("title", None)
    if takes_source:
        properties.setdefault("source", _SOURCE)


def _bounded(model: type[Quantity]) -> dict[str, Any]:
    lowest, highest = model.permitted
    number: dict[str, Any] = {"type": "number"}
    if lowest > float("-inf"):
        number["minimum"] = lowest
    if highest < float("inf"):
        number["maximum"] = highest
    return {"anyOf": [number, _DATE]} if issubclass(model, Day) else number


def _quantity(model: type[Quantity], *, extra: dict[str, Any] | None = None) -> dict[str, Any]:
    number = _bounded(model)
    forms: list[dict[str, Any]] = [number]
    about = {"source": _SOURCE, "note": {"type": "string"}} | (extra or {})
    for form, kind in FORMS.items():
        if kind != "exact" and model.plain_only:
            continue
        values: dict[str, Any] = {name: number for name in sorted(form)}
        if kind == "quantiles":
            values = {"quantiles": {"type": "object", "additionalProperties": number, "minProperties": 2}}
        forms.append(
            {
                "type": "object",
                "properties": values | about,
                "required": sorted(form),
                "additionalProperties": False,
            }
        )
    return {"description": (model.__doc__ or "").strip(), "anyOf": forms}


def _start() -> dict[str, Any]:
    after = {"type": "string", "description": "Stage whose start the days are counted from."}
    return _quantity(Day, extra={"after": after})


def _add_flight_prior(flight: dict[str, Any], analogues: dict[str, Any]) -> None:
    """Add the attributes from which `resolve` takes F."""
    for key in flight_prior.KEYS:
        if key != "prior":
            flight["properties"][key] = analogues["properties"][key]
    flight["properties"]["prior"] = {
        "const": flight_prior.PRIOR,
        "description": "Take share_leaving from past offensives.",
    }


def _add_file_of_boundaries(definitions: dict[str, Any]) -> None:
    texts = {
        "file": "GeoJSON file of areas in the scenario's folder, WGS 84.",
        "name_field": "Its field that holds names; found by itself in common datasets.",
        "pcode_field": "Its field that holds p-codes.",
    }
    fields = {key: {"type": "string", "minLength": 1, "description": words} for key, words in texts.items()}
    of_file = {
        "type": "object",
        "properties": fields | {"source": _SOURCE},
        "required": ["file"],
        "additionalProperties": False,
    }
    explicit = definitions[Boundaries.__name__]
    definitions[Boundaries.__name__] = {
        "anyOf": [of_file, explicit],
        "description": "Areas to be drawn on the maps.",
    }


def _add_capacity_columns(place: dict[str, Any]) -> None:
    number = {"type": "number", "minimum": 0}
    place["properties"] |= {
        "capacity_low": number,
        "capacity_high": number,
        "capacity_source": {"type": "string", "description": "Source of the capacity."},
    }
