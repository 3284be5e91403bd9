"""The sixty dispatches: complete, well formed, evenly spread; and their tool sees faults and disagreement."""

from __future__ import annotations

import importlib
import importlib.util
import sys
from collections import Counter
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]
NAME = "01-el-obeid-ring-closes"


@pytest.fixture(scope="module")
def corpus() -> ModuleType:
    """The tool, loaded from tools/corpus.py."""
    spec = importlib.util.spec_from_file_location("corpus_tool", ROOT / "tools" / "corpus.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def pair(corpus, tmp_path):
    """A dispatch, twice annotated alike, in a folder of its own: the text and the second annotation."""
    source = ROOT / "corpus" / "build" / NAME
    text = tmp_path / f"{NAME}.txt"
    text.write_bytes(source.with_suffix(".txt").read_bytes())
    for reader in ("first", "second"):
        text.with_suffix(f".{reader}.json").write_bytes(source.with_suffix(".first.json").read_bytes())
    return text, text.with_suffix(".second.json")


def replace(path: Path, old: str, new: str) -> None:
    """Replace the first occurrence in a file, which must be there."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_files_have_no_faults(corpus):
    assert corpus.check([ROOT / "corpus" / each for each in corpus.FOLDERS]) == []


def test_numbers_run_from_1_to_60_and_split_at_40():
    numbers = {
        folder: [int(path.name[:2]) for path in sorted((ROOT / "corpus" / folder).glob("*.txt"))]
        for folder in ("build", "held")
    }
    assert numbers == {"build": list(range(1, 41)), "held": list(range(41, 61))}


@pytest.mark.parametrize(("folder", "each"), [("build", 4), ("held", 2)])
def test_styles_are_spread_evenly(corpus, folder, each):
    styles = Counter(
        corpus.load(path, "first").style for path in corpus.dispatches([ROOT / "corpus" / folder])
    )
    assert set(styles.values()) == {each}
    assert len(styles) == 10


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('"text": "more than 130,000 people', '"text": "more than 13,000 people', "not in the text"),
        ('"quantity": "more than 130,000"', '"quantity": "half"', "is not in"),
        ('"low": 130000', '"low": null', "at-least has a low"),
        ('"low": 200000, "high": 250000', '"low": 250000, "high": 200000', "a range has a low"),
        ('"term": "sheltered"', '"term": "sheltring"', "figures.0.term"),
        ('"kind": "denial"', '"kind": "refusal"', "kind"),
        ('"invented": true', '"invented": false', "invented"),
        ('"issued": "2024-11-18"', '"issued": "2024-11-17"', "after the day of issue"),
        ('"denials": [[', '"denials": [[7, 7], [', "are not two statements"),
        ('"statement": 9}', '"statement": 99}', "there is no statement 99"),
        ('"text": "El Obeid", "role"', '"text": "El Fasher", "role"', "the place 'El Fasher'"),
    ],
)
def test_check_sees_a_fault(corpus, pair, old, new, message):
    text, second = pair
    replace(second, old, new)
    faults = corpus.check([text.parent])
    assert any(message in fault for fault in faults)
    assert all(fault.startswith(second.name) for fault in faults)


def test_check_sees_a_short_text(corpus, pair):
    text, _ = pair
    text.write_text("Too short.\n", encoding="utf-8")
    assert any("2 words" in fault for fault in corpus.check([text.parent]))


def test_a_reader_agrees_with_herself_on_every_row(corpus, pair):
    text, _ = pair
    tally = corpus.agreement([text.parent])
    assert tally.first["figures"] == 7
    assert {row: tally.f1(row) for row in tally.first} == dict.fromkeys(tally.first, 1.0)


def test_a_changed_label_lowers_its_row_alone(corpus, pair):
    text, second = pair
    replace(second, '"term": "sheltered"', '"term": "displaced"')
    tally = corpus.agreement([text.parent])
    assert tally.f1("figure: term") == pytest.approx(6 / 7)
    assert {row for row in tally.first if tally.f1(row) < 1} == {"figure: term"}


def test_another_source_unlinks_a_statement_and_its_denial(corpus, pair):
    text, second = pair
    replace(
        second, '"source": {"text": "The army\'s spokesman in Port Sudan"', '"source": {"text": "Reached"'
    )
    replace(second, '"Reached"', '"Brigadier Osman al-Zaki"')
    tally = corpus.agreement([text.parent])
    assert tally.both["statements, source and content"] == tally.first["statements, source and content"] - 1
    assert tally.both["denial pairs"] == tally.first["denial pairs"] - 1


def test_spans_of_mended_text_are_counted_in_the_text_as_it_came(corpus):
    from forewarn.facts import Document, Figure, Reading, Span, StatedNumber

    raw, repaired = "Mali& # 39;s army: 300 people fled", "Mali's army: 300 people fled"
    at = repaired.index("300")
    span = Span(start=at, end=at + 3, text="300")
    reading = Reading(
        document=Document(name="-", sha256="0" * 64, text=repaired),
        reader="by hand",
        figures=(Figure(span=span, quantity_span=span, quantity=StatedNumber(value=300), term="displaced"),),
    )
    (figure,) = corpus.locate_reading(raw, reading).figures
    assert raw[slice(*figure.quantity)] == "300"


def test_occurrences_overlap(corpus):
    assert list(corpus.occurrences("anana", "ana")) == [0, 2]


def test_every_marked_figure_of_the_short_texts_is_a_candidate(monkeypatch, tmp_path):
    monkeypatch.syspath_prepend(str(ROOT / "tools"))
    training = importlib.import_module("train_reading_figures")

    def missed(path):
        """Marks of the text that no candidate matches."""
        marks = len(training.MARK.findall(path.read_text(encoding="utf-8").split("\n\n", 1)[1]))
        return marks - sum(len(one.readers[0]) for one in training.lines(path))

    assert missed(training.LINES) <= 4  # vague words such as "another 64,000" reach farther than their number
    faulty = tmp_path / "lines.txt"
    faulty.write_text("# head\n\nSome {many folk|people displaced flow} came.\n", encoding="utf-8")
    assert missed(faulty) == 1


# Rows of the tables of docs/reading.md, and what tools/corpus.py calls them.
TOLD = {
    "figures": "figures",
    "term": "figure: term",
    "flow": "figure: flow",
    "status": "figure: status",
    "exact set of places": "figure: places",
    "source and content": "statements, source and content",
    "chain, where either has one": "statement: chain, where either has one",
    "denial pairs": "denial pairs",
}


def test_the_page_tells_what_the_held_part_scores_now(corpus):
    """Within a point: one figure more or less makes no other reader. The column before the last is today's."""
    found = corpus.score(ROOT / "corpus" / "held")
    page = (ROOT / "docs" / "reading.md").read_text(encoding="utf-8")
    lines = page[page.index("## On our own corpus") :].splitlines()
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("|")]
    told = {row[0]: row[-2] for row in cells if row[0] in TOLD and row[-2][:1].isdigit()}
    assert {name: float(value) for name, value in told.items()} == pytest.approx(
        {name: 100 * found.f1(row) for name, row in TOLD.items()}, abs=1.0
    )
