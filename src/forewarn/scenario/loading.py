"""Scenarios from folders, and those that are shipped."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from importlib.resources import as_file, files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, NamedTuple

from forewarn.errors import Problem, ScenarioError, nearest
from forewarn.intake import isolated
from forewarn.scenario import yaml_files as reading_yaml
from forewarn.scenario.model.models import Scenario
from forewarn.scenario.resolving import resolve

DOCUMENT = "scenario.yaml"


class Bundled(NamedTuple):
    """A scenario that is shipped with the package."""

    name: str
    title: str
    issued: date


def load(name_or_folder: str | Path) -> Scenario:
    """Read, resolve and check a scenario.

    Parameters
    ----------
    name_or_folder
        Name of a shipped scenario, a folder with ``scenario.yaml``, or a YAML file. A shipped name
        comes first; write ``./name`` for a folder of the same name.

    Raises
    ------
    ScenarioError
        With every problem that was found.

    Examples
    --------
    >>> load("crossroads").horizon_days
    60
    """
    if isinstance(name_or_folder, str):
        if not name_or_folder.strip():
            allowed = f"a folder, or a shipped scenario: {', '.join(_shipped())}"
            raise ScenarioError(Problem("scenario", "the name is empty", allowed))
        shipped = _shipped().get(name_or_folder)
        if shipped is not None:
            with as_file(shipped) as folder:
                return _load_file(folder / DOCUMENT, reading_yaml.parse)
    path = Path(name_or_folder)
    if path.exists():
        # What is not shipped may come from anybody.
        return _load_file(path / DOCUMENT if path.is_dir() else path, isolated(reading_yaml.parse))
    what = f"scenario or folder '{name_or_folder}' not found"
    allowed = f"a folder, or a shipped scenario: {nearest(str(name_or_folder), tuple(_shipped()))}"
    raise ScenarioError(Problem("scenario", what, allowed))


def beside(name_or_folder: str | Path, file: str) -> str:
    """Give the text of a file in a scenario's folder, such as ``observed.csv``.

    Raises
    ------
    ScenarioError
        If there is no such file.
    """
    shipped = _shipped().get(str(name_or_folder))
    if shipped is not None:
        with as_file(shipped) as folder:
            return reading_yaml.read_text(folder / file, file)
    path = Path(name_or_folder)
    return reading_yaml.read_text((path if path.is_dir() else path.parent) / file, file)


def _load_file(path: Path, parse: Callable[[str, str], Any]) -> Scenario:
    return resolve(_document(path, parse), path.parent, name=path.name)


def _document(path: Path, parse: Callable[[str, str], Any]) -> Any:  # noqa: ANN401
    text = reading_yaml.read_text(path, path.name)
    document = parse(text, path.name)
    if document is None:
        raise ScenarioError(Problem(path.name, "the file is empty", "a mapping with format, name, title, …"))
    return document


def bundled() -> tuple[Bundled, ...]:
    """Name, title and issue day of the scenarios that are shipped with the package."""
    found = []
    for name, folder in _shipped().items():
        with as_file(folder) as path:
            document = _document(path / DOCUMENT, reading_yaml.parse)
        found.append(Bundled(name, document["title"], document["issued"]))
    return tuple(found)


def _shipped() -> dict[str, Traversable]:
    return {folder.name: folder for folder in sorted(_folders(), key=lambda folder: folder.name)}


def _folders() -> Iterator[Traversable]:
    root = files("forewarn").joinpath("data", "scenarios")
    return (each for each in root.iterdir() if each.is_dir() and each.joinpath(DOCUMENT).is_file())
