"""A new scenario to be filled in: a few placeholders, and the shipped defaults for how people behave."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import date
from importlib.resources import files
from pathlib import Path
from string import Template
from typing import Any, Final

from forewarn.scenario import yaml_files as reading_yaml
from forewarn.scenario.loading import DOCUMENT
from forewarn.scenario.resolving import TABLES
from forewarn.scenario.tables import parse_table
from forewarn.scenario.workbook import write_workbook

FILES: Final = (DOCUMENT, *(name for name, _ in TABLES.values()))
NAMELESS: Final = "new-scenario"


def write_folder(folder: Path, *, issued: date) -> None:
    """Write the template as a folder; its name becomes the scenario's."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in _texts(folder.name, issued).items():
        (folder / name).write_text(text, encoding="utf-8")


def write_book(path: Path, *, issued: date) -> None:
    """Write the template as a workbook; its name becomes the scenario's."""
    texts = _texts(path.stem, issued)
    document: dict[str, Any] = reading_yaml.parse(texts[DOCUMENT], DOCUMENT)
    for key, (name, layout) in TABLES.items():
        # Columns that are blank everywhere stay, for whoever fills them in.
        columns = texts[name].partition("\n")[0].split(",")
        rows = parse_table(texts[name], name, layout).rows
        document[key] = [{column: row.get(column) for column in columns} for row in rows]
    write_workbook(document, path)


def _texts(said: str, issued: date) -> Mapping[str, str]:
    folder = files("forewarn") / "data" / "template"
    name = scenario_name(said)
    known = {"name": name, "title": name.replace("-", " ").capitalize(), "issued": issued.isoformat()}
    return {
        file: Template(folder.joinpath(file).read_text(encoding="utf-8")).substitute(known) for file in FILES
    }


def scenario_name(said: str) -> str:
    """Make a name of lower-case letters, digits and hyphens.

    Examples
    --------
    >>> scenario_name("Vallée (north) 2"), scenario_name("…")
    ('vallee-north-2', 'new-scenario')
    """
    plain = unicodedata.normalize("NFKD", said).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or NAMELESS
