"""What is shared or skipped for speed must not change what is read."""

from __future__ import annotations

from pycrfsuite import ItemSequence

from forewarn.reading.actors.ner import LABELS, _tagger, fold, load_lists, sequences, shape, tag
from forewarn.reading.text.sentences import build_pipeline

TEXT = "The Liwa al-Nasr Brigade shelled Atmeh, Ambassador Amina Çelik said. Çelik then left for Geneva."


def _sequences():
    return list(sequences(build_pipeline()(TEXT), load_lists()))


def test_one_sequence_for_three_taggers_gives_the_tags_of_three():
    seen = set()
    for _, features in _sequences():
        shared = ItemSequence(features)
        for label in LABELS:
            tags = tag(_tagger(label), features)
            assert tag(_tagger(label), shared) == tags
            seen.update(tags)
    assert seen == {"B", "I", "O"}


def test_a_tagger_keeps_nothing_of_the_sequence_before():
    (_, first), (_, second) = _sequences()
    alone = tag(_tagger("person"), second)
    assert tag(_tagger("person"), first) != alone
    assert tag(_tagger("person"), second) == alone


def test_words_folded_once_are_folded_as_each():
    doc = build_pipeline()(TEXT)
    for tokens, features in sequences(doc, load_lists()):
        for at, row in zip(tokens, features, strict=True):
            word = doc[at].text
            assert row[1:3] == [f"w={fold(word)}", f"s={shape(word)}"]
