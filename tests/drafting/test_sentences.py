"""Evidence is whole sentences: full stops of numbers, initials and abbreviations end none."""

from __future__ import annotations

from datetime import date

import pytest

from forewarn.drafting import draft
from forewarn.drafting.report.sentences import LONGEST_QUOTATION, sentence_at
from forewarn.facts import Span
from forewarn.reading.documents.document import from_text
from forewarn.reading.reader import read
from forewarn.reading.text.sentences import build_pipeline, sentence_bounds
from forewarn.web.pages.marked_text import marks_of

WHOLE = [
    "About 1.5 million people live in and around Bunia, the U.N. said on Monday.",
    "The U.N. humanitarian office warned that an assault could force 250,000 people to flee.",
    "Gen. P. K. Okello and Dr. A. Smith met Maj.-Gen. Musa at 6 a.m. in St. Luke's hospital.",
    "“We counted 3.2 per cent ... and then no more,” said J. B. Otim of camp No. 4.",
    "The U.S. State Department and the U.N. Security Council called it a crime.",
    "Lt. Col. Diallo saw approx. 2,000.5 tonnes, i.e. vs. none in Jan. 2023.",
]


@pytest.mark.parametrize("sentence", WHOLE)
def test_a_sentence_is_whole_between_two_others(sentence):
    text = f"Rebels closed in. {sentence} Nobody else spoke."
    found = [text[slice(*bounds)] for bounds in sentence_bounds(text)]
    assert found == ["Rebels closed in.", sentence, "Nobody else spoke."]
    assert [each.text.strip() for each in build_pipeline()(text).sents] == found


def test_sentences_cover_a_text_and_its_headings():
    text = "Heading\n\n  First line\nof the sentence. It ended in the U.S. The rest\n"
    found = [text[slice(*bounds)] for bounds in sentence_bounds(text)]
    assert found == ["Heading", "First line\nof the sentence.", "It ended in the U.S.", "The rest"]
    assert sentence_bounds("") == sentence_bounds(" \n ") == ()


def test_a_quotation_is_the_sentence_or_its_beginning_up_to_a_word():
    text = "Heading\n\nIt\nbegan in the U.N. camp. It ended."
    at = text.index("camp")
    span = Span(start=at, end=at + 4, text="camp")
    assert sentence_at(text, span, sentence_bounds(text)) == "It began in the U.N. camp."
    endless = "word " * 600
    quoted = sentence_at(endless, Span(start=0, end=4, text="word"), sentence_bounds(endless))
    assert quoted.endswith(" word…")
    assert len(quoted) <= LONGEST_QUOTATION + 1


REPORT = (
    "Rebels under Gen. K. Musa are preparing an assault on Bunia, two officers\nsaid on Monday, as talks of "
    "the U.N. stalled. About 1.5 million people live in Bunia, the U.N. mission said, among them 0.5 million "
    "displaced. The U.N. warned that 300,000 people could be forced to flee."
)


def test_the_evidence_of_a_draft_is_whole_sentences():
    reading = read(from_text(REPORT, name="report", issued=date(2024, 6, 5)))
    made = draft([reading])
    said = {path: words for path, words, report in made.explained if report}
    assert said["places"].endswith("as talks of the U.N. stalled.")
    assert said["places.residents"] == (
        "About 1.5 million people live in Bunia, the U.N. mission said, among them 0.5 million displaced."
    )
    assert said["claims.0"] == "The U.N. warned that 300,000 people could be forced to flee."


def test_the_sentences_of_a_draft_are_marked_in_its_report_over_the_ends_of_lines():
    reading = read(from_text(REPORT, name="report", issued=date(2024, 6, 5)))
    words = frozenset({"Rebels under Gen. K. Musa are preparing an assault on Bunia, two officers said on Monday, "
                       "as talks of the U.N. stalled.", "A sentence that is not there.", ""})  # fmt: skip
    (mark,) = (mark for mark in marks_of(reading, words) if mark.kind == "used")
    assert reading.document.text[mark.start : mark.end].startswith("Rebels under")
    assert reading.document.text[mark.start : mark.end].endswith("stalled.")
