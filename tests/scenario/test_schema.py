"""The JSON Schema of the form people write, and the page that describes it."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from forewarn.scenario import explicit, load, schema
from forewarn.scenario.addressing.structure import fields
from forewarn.scenario.model.models import Scenario
from forewarn.scenario.yaml_files import parse

ROOT = Path(__file__).parents[2]
BASE = Path(__file__).parent / "zoo" / "base"
CROSSROADS = ROOT / "src" / "forewarn" / "data" / "scenarios" / "crossroads" / "scenario.yaml"

TYPES = {"string": str, "object": dict, "array": list, "boolean": bool, "null": type(None)}


def fits(value, rule, root):
    """Whether a value fits a JSON Schema; knows the words that ours uses."""
    if "$ref" in rule:
        return fits(value, root["$defs"][rule["$ref"].rsplit("/", 1)[1]], root)
    if "anyOf" in rule and not any(fits(value, each, root) for each in rule["anyOf"]):
        return False
    if isinstance(value, date) and rule.get("type") == "string":
        return rule.get("format") == "date"
    if "const" in rule and value != rule["const"] or "enum" in rule and value not in rule["enum"]:
        return False
    kind = rule.get("type")
    if kind in ("number", "integer"):
        right = isinstance(value, int if kind == "integer" else int | float) and not isinstance(value, bool)
        return right and rule.get("minimum", value) <= value <= rule.get("maximum", value)
    if kind in TYPES and not isinstance(value, TYPES[kind]):
        return False
    if kind == "array":
        return all(fits(each, rule["items"], root) for each in value) if "items" in rule else True
    return _object_fits(value, rule, root) if kind == "object" else True


def _object_fits(value, rule, root):
    properties, others = rule.get("properties", {}), rule.get("additionalProperties", True)
    if any(key not in value for key in rule.get("required", ())):
        return False
    if others is False and any(key not in properties for key in value):
        return False
    return all(
        fits(each, properties.get(key, others if isinstance(others, dict) else {}), root)
        for key, each in value.items()
    )


@pytest.mark.parametrize("path", [BASE / "scenario.yaml", CROSSROADS], ids=["base", "crossroads"])
def test_what_people_write_fits(path):
    made = schema()
    assert fits(parse(path.read_text(encoding="utf-8"), path.name), made, made)


def test_the_explicit_form_fits():
    made = schema()
    assert fits(explicit(load(BASE)), made, made)


@pytest.mark.parametrize(
    "break_it",
    [
        lambda raw: raw | {"titel": "x"},
        lambda raw: {key: value for key, value in raw.items() if key != "title"},
        lambda raw: raw | {"model": {"fear": {"intensity": 2}}},
        lambda raw: raw | {"model": {"fear": {"intensity": {"low": 0.1}}}},
        lambda raw: raw | {"courses": [{"name": "a", "probability": {"low": 0, "high": 1}}]},
        lambda raw: raw | {"crossings": [{"name": "a", "between": ["north", "south"], "status": "shut"}]},
    ],
)
def test_mistakes_do_not_fit(break_it):
    made, raw = schema(), parse((BASE / "scenario.yaml").read_text(encoding="utf-8"), "base")
    assert not fits(break_it(raw), made, made)


def test_the_schema_is_json_and_every_key_is_described():
    made = json.loads(json.dumps(schema()))
    blocks = [made, *(each for each in made["$defs"].values() if "properties" in each)]
    missing = [
        key
        for block in blocks
        for key, rule in block["properties"].items()
        if not ("description" in rule or "$ref" in rule or key.startswith("capacity_"))
    ]
    from_source = {"title", "publisher", "published", "url", "kind", "note"}
    assert set(missing) <= from_source


def _keys(model):
    for key, shape in fields(model).items():
        yield key
        while shape.inner is not None:
            shape = shape.inner
        if shape.role == "block" and shape.model is not None:
            yield from _keys(shape.model)


def test_every_key_appears_in_the_documentation():
    page = (ROOT / "docs" / "scenario.md").read_text(encoding="utf-8")
    words = set(
        page.replace("`", " ")
        .replace(".", " ")
        .replace(",", " ")
        .replace("{", " ")
        .replace("}", " ")
        .replace(":", " ")
        .split()
    )
    missing = {key for key in _keys(Scenario) if not words & {key, key.replace("_", "-")}}
    assert missing == set()
