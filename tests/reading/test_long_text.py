"""What keeps the reading of long or endless text in bounds: counted, not timed."""

from __future__ import annotations

from collections import Counter

import pytest

from forewarn.reading.documents.document import from_text
from forewarn.reading.reader import read
from forewarn.reading.statements.relations import _ECHO
from forewarn.reading.text.sentences import LONGEST_SENTENCE, build_pipeline
from forewarn.reading.text.spans import BySentence


@pytest.mark.parametrize("words", ["Smith said Jones said ", "rice, flour, ", "x " * 7 + "\n"])
def test_text_without_an_end_is_cut_into_sentences(words):
    doc = build_pipeline()(words * 2000)
    lengths = [len(sentence) for sentence in doc.sents]
    assert LONGEST_SENTENCE <= max(lengths) <= LONGEST_SENTENCE + 1  # white space stays with what it follows
    assert sum(lengths) == len(doc)


def test_a_long_sentence_of_prose_is_left_whole():
    sentence = "The council said that " + ", and that ".join(["the road to the north was open"] * 25) + "."
    assert len(list(build_pipeline()(f"{sentence} Nobody left.").sents)) == 2


def test_repeated_claims_are_paired_with_so_many_before_them_and_no_more():
    text = "Moscow accused Kyiv of shelling the hospital. " * (_ECHO + 100)
    reading = read(from_text(text, name="note", issued=None))
    assert len(reading.statements) == _ECHO + 100
    partners = Counter(one.second for one in reading.relations if one.of == "statements")
    assert max(partners.values()) == _ECHO


def test_repeated_figures_are_paired_with_so_many_before_them_and_no_more():
    text = "About 12,000 people fled to Aleppo. " * (_ECHO + 100)
    reading = read(from_text(text, name="note", issued=None))
    assert len(reading.figures) == _ECHO + 100
    partners = Counter(one.second for one in reading.relations if one.of == "figures")
    assert max(partners.values()) == _ECHO


def test_what_reaches_over_an_end_is_held_by_both_sentences_and_what_ends_there_by_one():
    sentences = [(0, 10), (11, 20), (21, 30)]
    held = BySentence(sentences, [(8, 12), (0, 10), (11, 11), (25, 40), (0, 30)], lambda span: [span])
    assert held.of(0) == [(8, 12), (0, 10), (0, 30)]
    assert held.of(1) == [(8, 12), (0, 30)]
    assert held.of(2) == [(25, 40), (0, 30)]
