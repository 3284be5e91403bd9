"""Figures of the reference dispatch against a reading by hand: offsets and labels, never its text."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from forewarn.reading.documents.document import from_text
from forewarn.reading.reader import read

GOLD = Path(__file__).parent / "golden" / "idlib-2018-08.json"
DISPATCH = Path(__file__).resolve().parents[3] / "shared" / "dispatches" / "idlib-2018-08.txt"
pytestmark = [
    pytest.mark.reference,
    pytest.mark.skipif(not DISPATCH.exists(), reason="needs the reference dispatch in ../shared"),
]


def test_every_figure_is_read_with_its_status_and_source_and_no_other():
    gold = json.loads(GOLD.read_text())
    raw = DISPATCH.read_text(encoding="utf-8")
    reading = read(from_text(raw, name="idlib", issued=date.fromisoformat(gold["issued"])))
    found = [
        {
            "quantity": one.quantity_span.text,
            "value": one.quantity.value,
            "bound": one.quantity.bound,
            "share": one.quantity.share,
            "unit": one.unit,
            "term": one.term,
            "flow": one.flow,
            "status": one.status,
            "source": reading.statements[one.statement].source.text.removeprefix("the "),
        }
        for one in reading.figures
    ]
    wanted = [
        {**row, "quantity": raw[slice(*row["quantity"])], "source": raw[slice(*row["source"])]}
        for row in gold["figures"]
    ]
    assert found == wanted
