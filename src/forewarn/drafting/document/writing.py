"""A drafted document as files that people can correct."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from forewarn.csvfiles import csv_text
from forewarn.errors import ForewarnError, Problem
from forewarn.scenario import yaml_files

__all__ = ["write_document"]


def write_document(document: Mapping[str, Any], folder: Path) -> Path:
    """Write ``scenario.yaml``, ``places.csv`` and ``routes.csv`` for people to correct.

    Raises
    ------
    ForewarnError
        A scenario is there already.
    """
    target = folder / "scenario.yaml"
    if target.exists():
        raise ForewarnError(Problem(str(target), "already exists", remedy="Name a new folder"))
    folder.mkdir(parents=True, exist_ok=True)
    document = dict(document)
    for name in ("places", "routes"):
        rows = document.pop(name)
        (folder / f"{name}.csv").write_text(_csv(rows), encoding="utf-8", newline="")
    head = (
        "# A draft. Correct it, then take the block 'draft' out. docs/scenario.md says what each key means.\n"
    )
    target.write_text(head + yaml_files.write(document), encoding="utf-8")
    return target


def _csv(rows: Sequence[Mapping[str, Any]]) -> str:
    columns = list(dict.fromkeys(key for row in rows for key in row if key != "capacity"))
    if any("capacity" in row for row in rows):
        columns += ["capacity", "capacity_low", "capacity_high", "capacity_source"]
    flat = ({key: _cell(value) for key, value in _capacity(row).items()} for row in rows)
    return csv_text(flat, columns)


def _capacity(row: Mapping[str, Any]) -> dict[str, Any]:
    """Write a capacity as the columns of ``places.csv``."""
    flat = {key: value for key, value in row.items() if key != "capacity"}
    capacity = row.get("capacity")
    if isinstance(capacity, Mapping):
        flat["capacity"] = capacity.get("mode", capacity.get("value", ""))
        flat |= {f"capacity_{key}": capacity[key] for key in ("low", "high", "source") if key in capacity}
    return flat


def _cell(value: Any) -> Any:  # noqa: ANN401
    return ("yes" if value else "") if isinstance(value, bool) else value
