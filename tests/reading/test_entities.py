"""The sequence model of entities: its parts on small texts, its scores on re3d."""

import runpy
from pathlib import Path

import pytest

from forewarn.reading.actors.ner import LABELS, decode, find_entities, fold, shape
from forewarn.reading.text.sentences import build_pipeline

ROOT = Path(__file__).parents[2]
RE3D = ROOT.parent / "shared" / "data" / "reading" / "re3d.jsonl"
# A little below what was reached (docstring of `find_entities`); the aim of 70 was not.
FLOORS = {"person": 54.0, "organisation": 56.0, "location": 70.0, "all": 62.0}


def found(text):
    return {(text[e.start : e.end], e.label) for e in find_entities(build_pipeline()(text))}


def test_plain_names_are_found():
    entities = found("Foreign Minister John Barker met officials of the Syrian Democratic Forces in Raqqah.")
    assert ("Raqqah", "location") in entities
    assert any("Barker" in words and label == "person" for words, label in entities)
    assert any("Syrian Democratic Forces" in words and label == "organisation" for words, label in entities)


def test_plain_words_are_not():
    assert found("it rained all day and nobody went out to look at the sheep.") == set()


def test_decoding_begins_anew_at_b_and_forgives_a_lone_i():
    doc = build_pipeline()("one two three four")
    spans = [(e.start, e.end) for e in decode(doc, range(4), ["B", "B", "O", "I"], "person")]
    assert spans == [(0, 3), (4, 7), (14, 18)]


def test_entities_stand_in_the_text_and_do_not_overlap_within_a_label():
    text = "The UN said Iraq and Jordan met in Amman, Jordan.\n\nColonel Ali Hassan left."
    entities = find_entities(build_pipeline()(text))
    assert entities
    for label in LABELS:
        spans = [(e.start, e.end) for e in entities if e.label == label]
        assert all(one[1] <= other[0] for one, other in zip(spans, spans[1:], strict=False))


@pytest.mark.parametrize("text", ["", " \n ", "\u0000\ud7ff", "x" * 10_000])
def test_odd_text(text):
    assert isinstance(find_entities(build_pipeline()(text)), tuple)


def test_folding_and_shapes():
    assert fold("Élysée") == "elysee"
    assert shape("N'Djamena") == "X'Xx"


@pytest.mark.reference
@pytest.mark.slow
@pytest.mark.skipif(not RE3D.is_file(), reason="needs ../shared/data/reading/re3d.jsonl")
def test_five_folds_over_documents():
    tool = runpy.run_path(str(ROOT / "tools" / "train_entities.py"))
    examples, licences = tool["prepare"](RE3D, tool["load_lists"]())
    assert len(examples) == len(licences) == 72
    scores = tool["cross_validate"](examples, seed=0)
    for label, floor in FLOORS.items():
        assert scores[label] >= floor, (label, scores)
