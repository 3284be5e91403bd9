"""Texts and JSON in files that are whole or not there."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from forewarn.replacing import replacing_file


def write_text(path: Path, text: str, *, private: bool = False) -> None:
    """Write a file, whole or not at all, so that it is there after a power cut."""
    with replacing_file(path, private=private) as draft:
        draft.write_text(text, encoding="utf-8", newline="\n")


def write_json(path: Path, content: Mapping[str, Any], *, private: bool = False) -> None:
    """Write a mapping as JSON, whole or not at all."""
    write_text(path, json.dumps(content, ensure_ascii=False, indent=1) + "\n", private=private)


def read_json(path: Path) -> dict[str, Any] | None:
    """Read what `write_json` wrote; nothing if it is not there or is something else."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return content if isinstance(content, dict) else None
