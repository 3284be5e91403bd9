"""Sources, contents and labels by the order of words, with tags and without; all sentences are invented."""

import pytest

from forewarn.facts import Document
from forewarn.reading.documents.document import from_text
from forewarn.reading.documents.joined_words import part
from forewarn.reading.statements.attribution.find import find_attributions
from forewarn.reading.statements.find import find_statements
from forewarn.reading.text.sentences import build_pipeline


def read(text):
    document = Document(name="note", sha256="0" * 64, text=text)
    return find_statements(build_pipeline()(text), document)


def pairs(text):
    """Sources and contents that were found."""
    return {
        (one.source.text if one.source else "", " ".join(span.text for span in one.content))
        for one in read(text)
    }


CASES = [
    (
        "A potter, Ilse Okoro, who had walked for six days, said her kiln was gone.",
        "A potter, Ilse Okoro, who had walked for six days",
        "her kiln was gone",
    ),
    (
        "A clerk who works at the port said that the cranes were idle.",
        "A clerk who works at the port",
        "that the cranes were idle",
    ),
    (
        "The harbour office, asked about the barges, said on Friday that the locks were open.",
        "The harbour office",
        "that the locks were open",
    ),
    ("Norland, which borders the lake, has warned against a raid.", "Norland", "against a raid"),
    (
        "Ferrymen were told by the guards to leave the quay before noon.",
        "the guards",
        "to leave the quay before noon",
    ),
    (
        "A gazette, citing two dockers, reported that the tide gate had failed.",
        "two dockers",
        "that the tide gate had failed",
    ),
    (
        "The council has not asked for boats, its secretary said on Friday.",
        "its secretary",
        "The council has not asked for boats",
    ),
    ("Relief groups fear that the wells will run dry.", "Relief groups", "that the wells will run dry"),
    (
        "The warden rejected a claim by the millers that the sluice had been shut.",
        "the millers",
        "that the sluice had been shut",
    ),
    ("Army: Nobody has left the ridge\n\nSnow fell.", "Army", "Nobody has left the ridge"),
    ("Shelter full, says relief agency\n\nSnow fell.", "relief agency", "Shelter full"),
    (
        "• 410 families registered at the ford (local authorities)\n",
        "local authorities",
        "410 families registered at the ford",
    ),
]


@pytest.mark.parametrize(("text", "source", "content"), CASES, ids=[case[1] for case in CASES])
def test_source_and_content(text, source, content):
    assert (source, content) in pairs(text)


@pytest.mark.parametrize(
    "text",
    [
        "Nobody said that the road was open.",
        "The prefect declined to say whether the bridge would hold.",
        "Food: one oven serves forty households.",
        "The survey counts internally displaced people (IDPs).",
        "A written note lay on the desk.",
    ],
)
def test_nobody_says_anything(text):
    assert pairs(text) == set()


def test_who_cites_is_the_chain():
    (one,) = read("A gazette, citing two dockers, reported that the tide gate had failed.")
    assert [span.text for span in one.chain] == ["A gazette"]


def test_what_we_fear_is_a_statement_and_what_i_say_is_none():
    assert {source for source, _ in pairs("We fear that the dam will break.")} == {"we", "We"} & {"We"}
    assert pairs("I said that the dam would break.") == set()
    assert {source for source, _ in pairs('"We fear that the dam will break," the mayor said.')} == {
        "the mayor"
    }


def test_words_alone_show_a_source_without_any_tag():
    doc = build_pipeline()("On Monday, a widow, Ya Goni, who had trekked, said that the town was empty.")
    assert not doc[0].tag_
    found = [
        (doc.text[slice(*one.source)], doc.text[slice(*one.content[0])]) for one in find_attributions(doc)
    ]
    assert found == [("a widow, Ya Goni, who had trekked", "that the town was empty")]


def test_a_date_survives_a_line_that_is_broken_before_it():
    text = "The prefect of the river district said on\nWednesday that the road was open."
    assert "\n" not in from_text(text, name="note").text
    assert "\n" in from_text("THE RIVER\nWednesday was calm.", name="note").text


def test_joined_words_are_parted_only_where_a_text_is_full_of_them():
    joined = "Roads,bridges,camps and wells are gone.He statedthat thelast convoy left."
    assert part(joined) == "Roads, bridges, camps and wells are gone. He stated that the last convoy left."
    assert part("He statedthat thelast convoy left.") == "He statedthat thelast convoy left."
    assert "nowhere" in part(f"{joined} They went nowhere.")
