"""``datapackage.json``: what the tables hold, for programs (Frictionless Data Package 1.0)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from forewarn.outlook.tables.sheets import OutlookSheet

if TYPE_CHECKING:
    from forewarn.scenario import Scenario

LICENCE = {
    "name": "CC-BY-4.0",
    "title": "Creative Commons Attribution 4.0",
    "path": "https://creativecommons.org/licenses/by/4.0/",
}


def data_package(sheets: Sequence[OutlookSheet], scenario: Scenario, folder: Path, *, hxl: bool) -> str:
    """Describe the CSV files that stand in `folder`; it validates with the Frictionless library.

    Parameters
    ----------
    hxl
        Whether a row of tags follows the header, which readers must skip.
    """
    package = {
        "profile": "tabular-data-package",
        "name": f"forewarn-{scenario.name}",
        "title": f"Displacement outlook: {scenario.title}",
        "description": scenario.summary,
        "created": f"{scenario.issued.isoformat()}T00:00:00Z",
        "licenses": [LICENCE],
        "sources": [
            {"title": source.title, **({"path": source.url} if source.url.startswith("http") else {})}
            for source in scenario.sources.values()
        ],
        "resources": [_resource(sheet, folder / f"{sheet.name}.csv", hxl=hxl) for sheet in sheets],
    }
    return json.dumps(package, indent=2, ensure_ascii=False) + "\n"


def _resource(sheet: OutlookSheet, path: Path, *, hxl: bool) -> dict[str, Any]:
    content = path.read_bytes()
    return {
        "profile": "tabular-data-resource",
        "name": sheet.name,
        "title": sheet.title,
        "path": path.name,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": len(content),
        "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
        "dialect": {"commentRows": [2]} if hxl else {},
        "schema": {
            "fields": [
                {
                    "name": column.name,
                    "type": column.type,
                    "description": column.meaning,
                    "rdfType": column.tag,
                    **({"trueValues": ["yes"], "falseValues": ["no"]} if column.type == "boolean" else {}),
                }
                for column in sheet.columns
            ],
            "missingValues": [""],
        },
    }
