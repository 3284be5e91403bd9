"""From the document people write to the explicit scenario, and back to a document."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from forewarn.errors import Problem, ScenarioError
from forewarn.scenario import yaml_files as reading_yaml
from forewarn.scenario.addressing.messages import Origins, translated
from forewarn.scenario.addressing.structure import attributes, fields
from forewarn.scenario.checks.characters import cleaned
from forewarn.scenario.checks.rules import check
from forewarn.scenario.filling import Filling, filled_place, merged_model
from forewarn.scenario.flight_prior import take_prior, with_prior
from forewarn.scenario.geometry.boundary_files import read_boundaries
from forewarn.scenario.model.behaviour import Model
from forewarn.scenario.model.models import Scenario, Start
from forewarn.scenario.model.quantity import Quantity
from forewarn.scenario.tables import FLOW_HISTORY, PLACES, ROUTES, Layout, read_table

TABLES: Mapping[str, tuple[str, Layout]] = {
    "places": ("places.csv", PLACES),
    "routes": ("routes.csv", ROUTES),
}
"""Tables that every scenario has, with the names of their files."""

NAMED_TABLES: Mapping[str, Layout] = {"flow_history": FLOW_HISTORY}
"""Tables that are read from a file only where the document names one."""


def resolve(document: Mapping[str, Any], folder: Path | None = None, *, name: str = "") -> Scenario:
    """Make the explicit scenario from a document; resolving an explicit one changes nothing.

    Parameters
    ----------
    document
        Plain data as read from ``scenario.yaml``.
    folder
        Where its tables are. Without it the rows must stand in the document.
    name
        What the document is called in error messages, such as ``scenario.yaml``.

    Raises
    ------
    ScenarioError
        With every problem that was found.
    """
    if not isinstance(document, Mapping):
        found = "nothing" if document is None else f"a {type(document).__name__}"
        raise ScenarioError(Problem(name or "document", f"found {found}", "a mapping with format, name, …"))
    raw, lines = _with_tables(document, folder, name)
    origins = Origins(name, lines)
    raw = cleaned(raw, origins)
    raw["model"], prior, problems = take_prior(raw.get("model"), origins)
    explicit_raw, more = _explicit_raw(raw, origins)
    problems.extend(more)
    try:
        scenario = Scenario.model_validate(explicit_raw)
    except ValidationError as error:
        problems.extend(translated(error, explicit_raw, origins))
    else:
        problems.extend(check(scenario, origins))
    if problems:
        raise ScenarioError(problems)
    return scenario if prior is None else resolve(with_prior(scenario, explicit(scenario), prior, origins))


def _with_tables(
    document: Mapping[str, Any], folder: Path | None, name: str
) -> tuple[dict[str, Any], dict[str, tuple[str, ...]]]:
    """Put the rows of tables into the document; also say which line each row came from."""
    raw, lines, problems = dict(document), dict[str, tuple[str, ...]](), []
    usual = {key: file for key, (file, _) in TABLES.items()}
    layouts = {**{key: layout for key, (_, layout) in TABLES.items()}, **NAMED_TABLES}
    for key, layout in layouts.items():
        given = raw.get(key, usual.get(key))
        if not isinstance(given, str):
            continue
        if folder is None:
            where = f"{name}, {key}" if name else key
            problems.append(
                Problem(where, f"'{given}' cannot be read without a folder", "the rows themselves")
            )
            continue
        try:
            table = read_table(folder, given, layout)
        except ScenarioError as error:
            problems.extend(error.problems)
        else:
            raw[key], lines[key] = list(table.rows), table.origins
    try:
        _put_boundaries(raw, folder, name)
    except ScenarioError as error:
        problems.extend(error.problems)
    if problems:
        raise ScenarioError(problems)
    return raw, lines


def _put_boundaries(raw: dict[str, Any], folder: Path | None, name: str) -> None:
    """Put the areas of a file in place of its name."""
    given = raw.get("boundaries")
    if not isinstance(given, Mapping) or "file" not in given:
        return
    if folder is None:
        where = f"{name}, boundaries.file" if name else "boundaries.file"
        what = f"'{given['file']}' cannot be read without a folder"
        raise ScenarioError(Problem(where, what, "the areas themselves"))
    raw["boundaries"] = read_boundaries(folder, given, raw.get("places"), name)


def _explicit_raw(raw: dict[str, Any], origins: Origins) -> tuple[dict[str, Any], list[Problem]]:
    issued = raw.get("issued")
    sources = raw.get("sources")
    filling = Filling(issued=issued if type(issued) is date else None, origins=origins)
    filled = filling.block(Scenario, raw, None, ())
    defaults = shipped_defaults()
    own_model = {} if filled.get("model") is None else filled["model"]
    model, used = merged_model(defaults["model"], own_model)
    if isinstance(sources, Mapping) or "sources" not in raw:
        known = dict(sources or {})
        for key in sorted(used - set(known)):
            known[key] = defaults["sources"][key]
        for key in sorted(used & set(known)):
            if known[key] != defaults["sources"][key]:
                what = f"'{key}' is the name of a source of the shipped defaults"
                filling.problem(("sources", key), what, remedy="Use another name")
        filled["sources"] = known
    filled["model"] = model
    _fill_across(filled, model)
    if isinstance(filled.get("sources"), Mapping):
        filling.check_dropped_sources(tuple(str(key) for key in filled["sources"]))
    return filled, filling.problems


def _fill_across(filled: dict[str, Any], model: Any) -> None:  # noqa: ANN401
    """Fill in what depends on other parts of the document."""
    places, courses = filled.get("places"), filled.get("courses")
    if isinstance(places, list):
        filled["places"] = [filled_place(place) for place in places]
    if not isinstance(courses, list):
        return
    intensities = model.get("intensity", {}) if isinstance(model, Mapping) else {}
    for course in courses:
        stages = course.get("stages") if isinstance(course, dict) else None
        for stage in stages if isinstance(stages, list) else []:
            if isinstance(stage, dict) and isinstance(intensities, Mapping):
                intensity = intensities.get(str(stage.get("kind")).replace("-", "_"))
                if intensity is not None:
                    stage.setdefault("intensity", intensity)
    names = [course.get("name") for course in courses if isinstance(course, dict)]
    claims = filled.get("claims")
    for claim in claims if isinstance(claims, list) else []:
        if isinstance(claim, dict):
            claim.setdefault("courses", names)


@cache
def shipped_defaults() -> Mapping[str, Any]:
    """Model and sources of the shipped defaults, with the source of each number beside it.

    Read once, and only looked at: nobody may change what it returns.
    """
    text = files("forewarn").joinpath("data", "defaults.yaml").read_text(encoding="utf-8")
    raw = reading_yaml.parse(text, "defaults.yaml")
    filling = Filling(issued=None, origins=Origins("defaults.yaml", {}))
    return {"sources": raw["sources"], "model": filling.block(Model, raw["model"], None, ("model",))}


def explicit(scenario: Scenario) -> dict[str, Any]:
    """Write a scenario as plain data in explicit form; `resolve` of it gives the scenario again."""
    return _plain_block(scenario)


def dump(scenario: Scenario) -> str:
    """Write a scenario as YAML in explicit form."""
    return reading_yaml.write(explicit(scenario))


def _plain_block(block: BaseModel) -> dict[str, Any]:
    names = attributes(type(block))
    pairs = ((key, _plain(getattr(block, names[key]))) for key in fields(type(block)))
    return {key: value for key, value in pairs if value is not None}


def _plain(value: Any) -> Any:  # noqa: ANN401
    if isinstance(value, Start):
        after = {} if value.after is None else {"after": value.after}
        return after | _plain_quantity(value.days)
    if isinstance(value, Quantity):
        return _plain_quantity(value)
    if isinstance(value, BaseModel):
        return _plain_block(value)
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    if isinstance(value, Mapping):
        return {key: _plain(each) for key, each in value.items()}
    return _short(value) if isinstance(value, float) else value


def _plain_quantity(quantity: Quantity) -> dict[str, Any]:
    written: dict[str, Any] = {}
    for name in ("value", "low", "mode", "high", "median", "p90"):
        number = getattr(quantity, name)
        if number is not None:
            written[name] = _short(number)
    if quantity.quantiles is not None:
        written["quantiles"] = {probability: _short(value) for probability, value in quantity.quantiles}
    written["source"] = quantity.source
    return written | ({"note": quantity.note} if quantity.note else {})


def _short(number: float) -> float:
    """Write whole numbers without a decimal point."""
    return int(number) if number.is_integer() and abs(number) < 1e15 else number
