"""What a document holds is looked for once, however many figures, statements and events it has."""

from __future__ import annotations

import sys
from datetime import date

import pytest

from forewarn.reading.documents.document import from_text
from forewarn.reading.reader import read

TEXT = """On Monday 3 June some 4,000 people fled Bunia, the mayor said. "We had no choice," a trader said on Tuesday.
The army denied on 5 June that it had shelled the town. It will attack Goma on 20 June, a spokesman warned."""


@pytest.mark.parametrize(
    ("module", "name"),
    [
        ("forewarn.reading.dates.find", "find_dates"),
        ("forewarn.reading.text.quotations", "find_quotes"),
    ],
)
def test_dates_and_quotations_are_found_once(module, name, monkeypatch):
    original = getattr(sys.modules[module], name)
    calls = []

    def counted(*arguments):
        calls.append(arguments)
        return original(*arguments)

    for loaded in [each for key, each in sys.modules.items() if key.startswith("forewarn.reading.")]:
        if getattr(loaded, name, None) is original:
            monkeypatch.setattr(loaded, name, counted)
    reading = read(from_text(TEXT, name="note", issued=date(2024, 6, 6)))
    assert len(reading.figures) == 1
    assert any(event.date for event in reading.events)
    assert any(statement.date for statement in reading.statements)
    assert len(calls) == 1


def test_every_form_of_saying_stands_in_the_lexicon():
    """Each list of `saying.csv` is used, and none is empty."""
    from pathlib import Path

    import forewarn.reading
    from forewarn.reading.text.lexicon import load_saying

    root = Path(forewarn.reading.__file__).parent
    source = "\n".join(path.read_text(encoding="utf-8") for path in root.rglob("*.py"))
    for name, forms in load_saying().items():
        assert forms
        assert f'saying("{name}")' in source or f"saying('{name}')" in source or f'words("{name}")' in source
