"""Statements in sentences whose expectation is marked up inside them.

``<s …>`` marks the source, ``<c …>`` the cue, ``<x …>`` the content, ``<t …>`` the target, ``<a …>`` the addressee;
texts are invented.
"""

import re
from datetime import date

import pytest

from forewarn.facts import Document
from forewarn.reading.statements.find import find_statements
from forewarn.reading.text.lexicon import inflect, load_verbs
from forewarn.reading.text.quotations import find_quotes
from forewarn.reading.text.sentences import build_pipeline

ISSUED = date(2021, 3, 12)  # a Friday
MARK = re.compile(r"<(?P<role>[scxta]) (?P<words>[^<>]*)>")
WORD = re.compile(r"\w+")


def read(text):
    document = Document(name="note", sha256="0" * 64, text=text, issued=ISSUED)
    return find_statements(build_pipeline()(text), document)


def unmark(marked):
    roles = {}
    for found in MARK.finditer(marked):
        roles.setdefault(found["role"], []).append(found["words"])
    return MARK.sub(lambda found: found["words"], marked), roles


def words(text):
    return WORD.findall(text)


CASES = [
    ("<s The ministry> <c said> on Monday <x that the road was open>.", "report"),
    ("<x The road is open>, <c said> <s the mayor, an engineer by training>.", "report"),
    ("<x The convoy has reached the town>, <s the official> <c said>.", "report"),
    ('"<x The convoy has reached the town>," <s the official> <c added>.', "report"),
    ("<c According to> <s local doctors>, <x two clinics were closed this week>.", "report"),
    ("<x Two clinics were closed this week>, <c according to> <s local doctors>.", "report"),
    ("<c According to> <s UN estimates>, <x around 40,000 people are at risk in the valley>.", "estimate"),
    ("<s The agency> has <c warned> <x against a new assault>.", "warning"),
    (
        "<s Kenya> also <c fears> <x that fighting could spread across the frontier>.",
        "fear",
    ),
    ("<s The government> <c denied> on Tuesday <x that its forces had shelled the camp>.", "denial"),
    ("<s The general> <c denied> <x any role in the attack>.", "denial"),
    ("<s The governor> <c insisted> <x that the army did not use cluster bombs>.", "denial"),
    ("<s The governor> <c insisted> <x that the bridge would be ready in time>.", "position"),
    ("<s The envoy> <c described> <t the rebels> <x as bandits>.", "description"),
    ("<s Western officials> <c see> <t the claims> <x as an attempt to shift the blame>.", "assessment"),
    ("<s The council> <c urged> <x both sides to let aid convoys pass>.", "demand"),
    ("<s The minister> <c said> <x that she hoped the talks would resume soon>.", "hope"),
    ("<s The group> <c threatened> <x to cut the road to the capital>.", "threat"),
    ("<s The prime minister> <c promised> <x to reopen the crossing within days>.", "commitment"),
    ("<s The army> <c said> <x that the militia was preparing a chemical attack on the city>.", "accusation"),
    ("<s The mission> <c condemned> <x the killing of three aid workers>.", "condemnation"),
]


@pytest.mark.parametrize(("marked", "kind"), CASES, ids=[MARK.sub(r"\g<words>", c[0])[:50] for c in CASES])
def test_source_cue_content_and_kind(marked, kind):
    text, roles = unmark(marked)
    found = [one for one in read(text) if one.cue and words(one.cue.text)[-1] == words(roles["c"][0])[-1]]
    assert found, "no statement with this cue"
    one = found[0]
    assert one.kind == kind
    assert words(" ".join(span.text for span in one.content)) == words(" ".join(roles["x"]))
    source = words(one.source.text)
    assert source == words(roles["s"][0])[: len(source)]
    assert source
    if "t" in roles:
        aimed = one.target or one.addressee
        assert aimed is not None
        assert words(aimed.text) == words(roles["t"][0])


@pytest.mark.parametrize(
    "text",
    [
        "The road was closed by snow.",
        "Say's law is a theory of markets.",
        "The warning lights were broken.",
        "",
        " \n",
    ],
)
def test_nobody_speaks(text):
    assert read(text) == ()


def test_chain_and_nesting():
    text = "On Monday, the ministry said, without evidence, that rebels had shelled a school, according to diplomats."
    outer, inner = read(text)
    assert outer.source.text == "diplomats"
    assert inner.source.text == "the ministry"
    assert inner.inside == 0
    assert [span.text for span in inner.chain] == ["diplomats"]
    assert {hedge for hedge, _ in inner.hedges} == {"without-evidence", "second-hand"}
    assert "anonymous" in {hedge for hedge, _ in outer.hedges}


def test_a_second_verb_keeps_the_source():
    first, second = read("The envoy warned on Monday that winter was near and warned against delay.")
    assert first.source == second.source
    assert (first.kind, second.kind) == ("warning", "warning")


def test_a_quote_that_stands_alone_keeps_the_source():
    text = '"The bridge is gone," said the mayor.\n\n"We need boats before the rains come."\n\nSnow fell.'
    found = read(text)
    assert [one.source.text for one in found if one.quotation == "direct"] == ["the mayor", "the mayor"]


def test_dates_are_resolved_and_not_taken_from_the_content():
    (one,) = read("The ministry said on Wednesday that the camp was closed in January.")
    assert one.date.earliest == one.date.latest == date(2021, 3, 10)
    (other,) = read("The ministry said that the camp was closed on Wednesday.")
    assert other.date is None


@pytest.mark.parametrize(
    ("text", "hedge"),
    [
        (
            "The army said the town had fallen, a claim that could not be independently verified.",
            "unverified",
        ),
        (
            '"It begins soon," the official added, without saying when the operation would start.',
            "without-saying-when",
        ),
        ("Troops are moving north, said a source close to the ministry.", "anonymous"),
        ("The paper said that the commander had allegedly fled.", "alleged"),
        ("The ministry said that the river may rise.", "possibility"),
    ],
)
def test_hedges(text, hedge):
    found = read(text)
    assert hedge in {label for one in found for label, _ in one.hedges}
    for one in found:
        for _, span in one.hedges:
            assert text[span.start : span.end] == span.text


def test_a_plain_statement_has_no_hedge():
    (one,) = read("The minister Ana Ruiz said that the river had risen.")
    assert one.hedges == ()


def test_pseudo_negation_denies_nothing():
    (one,) = read("The governor said there was no doubt that the army had used cluster bombs.")
    assert one.kind != "denial"


def test_spans_are_those_of_the_text():
    text = 'The mayor said: "Come back."\nThe army, which holds the hill, denied that it had fired.'
    for one in read(text):
        for span in (one.source, one.cue, one.sentence, *one.content):
            assert span is None or text[span.start : span.end] == span.text


def test_quotes():
    assert find_quotes("She said “one” and “two”.")[1].start == 20
    assert [q.end for q in find_quotes('"It was never closed.\n"It went on," he said.')] == [21, 34]
    assert find_quotes("the boys' room isn't the girls' room") == ()


def test_forms_of_cues():
    assert "warned" in inflect("warn")
    assert load_verbs()["denied"].kind == "denial"
    assert "table" not in load_verbs()


@pytest.mark.parametrize(
    ("text", "source", "kind", "content"),
    [
        (
            "Residents accuse the guards of having beaten two boys.",
            "Residents",
            "accusation",
            "the guards of having beaten two boys",
        ),
        (
            "The port authority denies there is any plan to close the quay.",
            "The port authority",
            "denial",
            "there is any plan to close the quay",
        ),
        (
            "The agency puts the displaced at roughly 80,000.",
            "The agency",
            "estimate",
            "the displaced at roughly 80,000",
        ),
        (
            "The council dismissed the story as gossip.",
            "The council",
            "denial",
            "the story as gossip",
        ),
    ],
)
def test_cues_that_the_parser_misses_are_read_by_the_order_of_words(text, source, kind, content):
    found = {(one.source.text if one.source else "", one.kind, one.content[0].text) for one in read(text)}
    assert (source, kind, content) in found


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("that it would send tents to the valley", "commitment"),
        ("that its men would storm the town", "threat"),
        ("that it would not admit people without papers", "position"),
        ("that the column was likely to turn north", "assessment"),
        ("that it would be dark by six", "report"),
        ("that forty people had arrived", "report"),
    ],
)
def test_kinds_of_what_is_only_said(said, kind):
    assert [one.kind for one in read(f"The command said on Monday {said}.")] == [kind]


def test_somebody_else_behind_a_semicolon_is_no_part_of_what_was_said():
    text = "The prefect said that the road was open; the driver said that he had turned back."
    found = [(one.source.text, one.content[0].text, one.inside, one.chain) for one in read(text)]
    assert found == [
        ("The prefect", "that the road was open", None, ()),
        ("The driver".lower(), "that he had turned back", None, ()),
    ]


def test_those_who_pass_a_statement_on_are_its_chain():
    told = read("The elder told our field monitor that the wells were dry.")
    assert [span.text for span in told[0].chain] == ["our field monitor"]
    asked = read("The elder told the council that the wells were dry.")
    assert asked[0].chain == ()


def test_who_is_quoted_speaks_and_who_quotes_is_the_chain():
    text = "A local radio quoted the mayor as saying that the bridge was mined."
    found = [(one.source.text, one.content[0].text, [span.text for span in one.chain]) for one in read(text)]
    assert found == [("the mayor", "that the bridge was mined", ["A local radio"])]
