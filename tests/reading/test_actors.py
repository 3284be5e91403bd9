"""Actors: who is meant is marked up in the sentence itself, as [words|key]."""

import re

import pytest

from forewarn.reading.actors.catalogue import load_lexicon, load_offices, load_states, make_lexicon
from forewarn.reading.actors.find import find_actors
from forewarn.reading.documents.document import from_text
from forewarn.reading.text.sentences import build_pipeline

MARKED = [
    "[Moscow|russia] said on Monday that the road was safe.",
    "Thousands marched in Moscow on Monday.",
    "The convoy left Damascus at dawn.",
    "[The Kremlin|russia] rejected the report.",
    "[Ankara|turkey] and [Moscow|russia] agreed on a truce.",
    "The [Sudanese army|sudan-army] shelled the market, [residents|residents] said.",
    "The [Ethiopian government|ethiopia] denied it.",
    "Talks between [Ukraine|ukraine] and [Russia|russia] stalled.",
    "People fled to Chad from Sudan.",
    "It told us who they are.",
    "[WHO|who] sent kits and the [UN|un] sent food.",
    "[OCHA|ocha] appealed for funds.",
    "[Boko Haram|boko-haram] raided the village.",
    "[M23|m23] took the hill; the [FARDC|fardc] withdrew.",
    "[Kenyan President William Ruto|william-ruto] flew home.",
    "[Hadi Bensaid|hadi-bensaid], a spokesman for the [Red Crescent|red-crescent], gave the count.",
    "The [Ministry of Defence of Mali|mali-defence-ministry] gave no date.",
    "The [Rapid Support Forces|rsf] hold the airport.",
]


def unmark(marked):
    """Text without marks, and the spans that they gave."""
    text, spans = "", []
    for part in re.split(r"(\[[^\]]+\])", marked):
        if part.startswith("["):
            words, key = part[1:-1].split("|")
            spans.append((len(text), len(text) + len(words), key))
            text += words
        else:
            text += part
    return text, spans


def actors_of(text):
    document = from_text(text, name="test", issued=None)
    assert document.text == text
    return find_actors(build_pipeline()(text), document)


def mentions_of(actors):
    return sorted((m.start, m.end, actor.key) for actor in actors for m in actor.mentions)


def bare(text, spans):
    """Spans without the article, which readings leave out."""
    return [(s + 4 if text[s : s + 4] == "The " else s, e, key) for s, e, key in spans]


@pytest.mark.parametrize("marked", MARKED)
def test_who_is_meant(marked):
    text, spans = unmark(marked)
    found = mentions_of(actors_of(text))
    wanted = bare(text, spans)
    # Persons and groups of people that the mark does not speak of would be noise: nothing else is allowed.
    assert [row for row in found if row[2] not in {"diplomats"}] == wanted


def test_a_wrong_mark_is_noticed():
    text, spans = unmark("[Moscow|turkey] said so.")
    assert mentions_of(actors_of(text)) != spans


def test_aliases_are_resolved_inside_the_document():
    text = (
        "Turkish Foreign Minister Selim Aydin spoke on Monday. Aydin gave no date. "
        "The Foreign Minister left for Moscow. Ankara denied the report."
    )
    actors = {actor.key: actor for actor in actors_of(text)}
    person = actors["selim-aydin"]
    assert person.speaks_for == "turkey"
    assert person.country == "TUR"
    assert [m.text for m in person.mentions] == [
        "Turkish Foreign Minister Selim Aydin",
        "Aydin",
        "Foreign Minister",
    ]
    assert [m.text for m in actors["turkey"].mentions] == ["Ankara"]
    assert "russia" not in actors


def test_a_bare_body_is_that_of_the_state_named_last():
    text = "Myanmar's military bombed a town. China sells arms to the junta.\n\nRussia, Russia and Russia."
    actors = {actor.key: [m.text for m in actor.mentions] for actor in actors_of(text)}
    assert actors["myanmar"] == ["junta"]


@pytest.mark.parametrize(
    "text", ["Gangs hold Port-au-Prince. Cyclone Freddy came.", "Mali and Chad spoke of the army."]
)
def test_rather_nothing_than_a_guess(text):
    assert not [a for a in actors_of(text) if a.kind in ("person", "armed-forces")]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Amina Yusuf, 34, a mother of five, walked for two days.", "Amina"),
        ("“We left everything,” said Karim Haddad, a farmer from the valley.", "Haddad"),
        ("A shopkeeper, Olena Marchenko, hid in a cellar.", "Marchenko"),
    ],
)
def test_private_persons_are_never_named(text, name):
    actors = actors_of(text)
    assert [actor.key for actor in actors] == ["resident"]
    assert name not in "".join(actor.model_dump_json() for actor in actors)


def test_a_surname_with_an_office_is_the_person_named_in_full():
    text = "French President Luc Moreau spoke. Later President Moreau left with General Airfield Command."
    assert {a.key for a in actors_of(text) if a.kind == "person"} == {"luc-moreau"}


def test_mentions_do_not_overlap_and_stand_in_the_text():
    text = "The Russian Foreign Ministry spokeswoman Vera Orlova said the Syrian army and the UN Security Council met."
    rows = mentions_of(actors_of(text))
    assert rows
    assert all(one[1] <= other[0] for one, other in zip(rows, rows[1:], strict=False))


def test_every_speaker_for_somebody_names_an_entry():
    entries = {entry.key for _, entry in load_lexicon().forms.values()} | {s.key for s in load_states()}
    assert {entry.speaks_for for _, entry in load_lexicon().forms.values()} - {""} <= entries
    assert len({state.country for state in load_states()}) == len(load_states())
    assert load_offices()["foreign minister"].key == "foreign-minister"


def test_acronyms_need_their_capitals():
    lexicon = load_lexicon()
    assert [m.entry.key for m in lexicon.matches("US and us, WHO and who")] == ["united-states", "who"]


def test_an_empty_lexicon_finds_nothing():
    assert list(make_lexicon(()).matches("Russia and the UN")) == []


@pytest.mark.parametrize("text", ["", " ", "\n\n", "。。。", "A" * 5000, "the the the " * 500])
def test_odd_text_gives_no_actors(text):
    assert (
        find_actors(
            build_pipeline()(text), from_text("x", name="t", issued=None).model_copy(update={"text": text})
        )
        == ()
    )
