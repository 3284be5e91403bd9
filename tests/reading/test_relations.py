"""Relations between invented statements and figures."""

from datetime import date

from forewarn.facts import Document, Figure, PlaceMention, Span, StatedNumber
from forewarn.reading.statements.find import find_statements
from forewarn.reading.statements.relations import find_relations
from forewarn.reading.text.sentences import build_pipeline


def relate(text):
    document = Document(name="note", sha256="0" * 64, text=text, issued=date(2021, 3, 12))
    statements = find_statements(build_pipeline()(text), document)
    found = find_relations(statements)
    return {(r.kind, statements[r.first].source.text, statements[r.second].source.text) for r in found}


def test_accusation_and_denial():
    text = (
        "The opposition said on Monday that the army had used chlorine gas in the suburb. "
        "The army denied that it had used chlorine gas."
    )
    assert ("denies", "The opposition", "The army") in relate(text)


def test_a_denial_of_something_else_is_no_pair():
    text = (
        "The opposition said on Monday that the army had used chlorine gas in the suburb. "
        "The army denied that it had closed the schools."
    )
    assert relate(text) == set()


def test_an_assessment_disputes_the_claim_before_it():
    text = (
        "The ministry said that aid workers were preparing a chemical attack in the port. "
        "Foreign governments see these claims as a pretext for an invasion."
    )
    assert ("disputes", "The ministry", "Foreign governments") in relate(text)


def test_nobody_denies_himself():
    text = "The army said that rebels were planning a gas attack. The army denied any gas attack of its own."
    assert not {pair for pair in relate(text) if pair[0] == "denies"}


def figure(value, place, start, bound="exact"):
    span = Span(start=start, end=start + 5, text=str(value))
    low = value if bound == "at-least" else None
    return Figure(
        span=span,
        quantity_span=span,
        quantity=StatedNumber(value=value, low=low, bound=bound),
        term="displaced",
        places=(PlaceMention(span=span, name=place),),
    )


def test_figures_of_one_place_differ_or_repeat():
    figures = [
        figure(5000, "Aleb", 0),
        figure(9000, "Aleb", 10),
        figure(5100, "Aleb", 20),
        figure(9000, "Borun", 30),
    ]
    found = {(r.kind, r.first, r.second) for r in find_relations((), figures)}
    assert found == {("differs", 0, 1), ("repeats", 0, 2), ("differs", 1, 2)}


def test_a_bound_does_not_contradict_what_lies_above_it():
    figures = [figure(5000, "Aleb", 0, "at-least"), figure(9000, "Aleb", 10)]
    assert [r.kind for r in find_relations((), figures)] == ["repeats"]


def tell(text):
    """Kinds of the statements of a text, by their source."""
    document = Document(name="note", sha256="0" * 64, text=text, issued=date(2021, 3, 12))
    return {
        one.source.text: one.kind for one in find_statements(build_pipeline()(text), document) if one.source
    }


def test_a_denial_that_points_back_takes_the_claim_before_it():
    text = (
        "The mayor said that forty families had left. "
        "A relief group accused the militia of burning crops near the river. "
        "The militia rejected the accusation."
    )
    assert {pair for pair in relate(text) if pair[0] == "denies"} == {
        ("denies", "A relief group", "The militia")
    }


def test_a_denial_takes_the_claim_that_shares_its_words_and_not_the_last_one():
    text = (
        "A trader said that soldiers had closed the bridge. "
        "The union said that wages were late. "
        "The army denied that the bridge was closed."
    )
    assert {pair for pair in relate(text) if pair[0] == "denies"} == {("denies", "A trader", "The army")}


def test_a_negative_answer_is_a_denial_without_a_word_of_denying():
    text = (
        "Villagers said that soldiers had ordered them to leave the valley. "
        "The colonel said that nobody had been ordered to leave."
    )
    assert ("denies", "Villagers", "The colonel") in relate(text)
    assert tell(text)["The colonel"] == "denial"


def test_a_negative_sentence_that_answers_nothing_is_no_denial():
    text = (
        "Villagers said that soldiers had ordered them to leave the valley. "
        "The clinic said that no vaccines had arrived."
    )
    assert tell(text)["The clinic"] == "report"
    assert not relate(text)


def test_an_accusation_inside_a_denial_is_what_is_denied():
    text = "The governor denied a claim by the opposition that wells had been poisoned."
    assert not {pair for pair in relate(text) if pair[1] == pair[2]}
