"""Figures: sentences with what is to be read in them, and sentences in which there is nothing to read."""

from __future__ import annotations

from datetime import date

import pytest

from forewarn.csvfiles import csv_text
from forewarn.reading.documents.document import from_text
from forewarn.reading.export.table import FIELDS, figure_rows, said_quantity
from forewarn.reading.figures.candidate_features import features, surroundings
from forewarn.reading.figures.candidates import find_candidates
from forewarn.reading.figures.context import salience
from forewarn.reading.figures.find import find_figures
from forewarn.reading.figures.linear_models import Choice, load_choices
from forewarn.reading.places.find import find_places
from forewarn.reading.reader import read_figures
from forewarn.reading.text.rules import load_rules
from forewarn.reading.text.sentences import build_pipeline


def figures(text, issued=date(2018, 8, 31)):
    document = from_text(text, name="sentence", issued=issued)
    return read_figures(build_pipeline()(document.text), document)[0]


@pytest.mark.parametrize(
    ("text", "said", "unit", "term"),
    [
        ("More than 3,000 people fled the town.", "≥ 3,000", "people", "forced-to-flee"),
        ("Up to 500 families were evacuated.", "≤ 500", "households", "evacuated"),
        ("Nearly 14 000 people were displaced.", "~ 14,000", "people", "displaced"),
        ("Some 2.14 lakh people were displaced.", "~ 214,000", "people", "displaced"),
        ("Tens of thousands of civilians have fled.", "20,000–99,999", "people", "forced-to-flee"),
        ("Several thousand people remain trapped.", "3,000–9,999", "people", "trapped"),
        (
            "Between 100,000 and 120,000 people left their homes.",
            "100,000–120,000",
            "people",
            "forced-to-flee",
        ),
        ("Two to three million people are at risk.", "2,000,000–3,000,000", "people", "at-risk"),
        ("Three hundred and fifty people are in need of food.", "350", "people", "in-need"),
        ("Half a million people returned to their villages.", "500,000", "people", "returned"),
        ("The storm destroyed 60 homes.", "60", "households", "destroyed-housing"),
        ("More than 300 homes were damaged or destroyed.", "≥ 300", "households", "destroyed-housing"),
        ("Floods damaged 300 homes.", "300", "households", "partially-destroyed-housing"),
        ("The quake left 483 homeless.", "483", "people", "homeless"),
        ("Two hundred people are sheltering in relief camps.", "200", "people", "in-relief-camp"),
        ("Some 90 families were hosted by relatives.", "~ 90", "households", "sheltered"),
        ("The number of displaced families is 349.", "349", "households", "displaced"),
        (
            "The fighting risks forcing another 700,000 Syrians out of their homes.",
            "700,000",
            "people",
            "forced-to-flee",
        ),
    ],
)
def test_a_figure_is_read(text, said, unit, term):
    (figure,) = figures(text)
    assert (said_quantity(figure), figure.unit, figure.term) == (said, unit, term)
    assert text[figure.quantity_span.start : figure.quantity_span.end] == figure.quantity_span.text
    assert figure.span.start <= figure.quantity_span.start <= figure.quantity_span.end <= figure.span.end


@pytest.mark.parametrize(
    "text",
    [
        "In 2018 the displaced returned.",
        "On 3 March people fled.",
        "The displaced man, 45, fled at 6 p.m.",
        "Aid for the displaced costs $300 million.",
        "They fled 12 km on foot, for three days.",
        "Displaced people live in 18 districts.",
        "Resolution 2254 speaks of displaced people.",
        "A 12-year-old girl fled.",
        "People fled a magnitude 7.2 earthquake.",
    ],
)
def test_other_numbers_are_no_figures(text):
    assert figures(text) == ()


@pytest.mark.parametrize(
    ("text", "status", "flow"),
    [
        ("Up to 20,000 people could flee.", "feared", "flow"),
        ("The UN expects 20,000 people to flee.", "projected", "flow"),
        ("Officials plan to evacuate 300 families.", "planned", "flow"),
        ("Russia denied that 5,000 people were displaced.", "denied", "flow"),
        ("An estimated 5,000 people were displaced.", "estimated", "flow"),
        ("Some 5,000 people are still displaced.", "reported", "stock"),
        ("Three million people are at risk.", "reported", "stock"),
    ],
)
def test_status_and_flow(text, status, flow):
    (figure,) = figures(text)
    assert (figure.status, figure.flow) == (status, flow)


def test_a_share_is_resolved_and_says_so():
    half, whole = figures("Half of the population, put at 90,000, fled.")
    assert (half.quantity.value, half.quantity.share, half.term) == (45_000, 0.5, "forced-to-flee")
    assert "90,000" in half.quantity.whole
    assert any("90,000" in note for note in half.notes)
    assert whole.term == "population"


def test_a_share_of_those_before_is_theirs():
    whole, part = figures("The Red Crescent counted 6,000 displaced people. A third of them live in tents.")
    assert whole.quantity.value == 6000
    assert (part.quantity.value, part.quantity.share) == (2000, pytest.approx(1 / 3))
    assert "6,000" in part.quantity.whole


def test_a_share_of_a_number_after_it_is_a_share_of_that():
    share, whole = figures("By Friday 80 per cent of the town's 110,000 inhabitants had fled.")
    assert (share.quantity.value, whole.quantity.value) == (88_000, 110_000)


def test_a_share_of_nothing_stays_open():
    document = from_text("Half of the population fled.", name="x")
    found, notes = find_figures(build_pipeline()(document.text), document, ())
    assert found[0].quantity.value is None
    assert "could not be resolved" in notes[0]


def test_where_from_and_where_to():
    (figure,) = figures("Some 900 people fled from Saraqab to Sarmada after air strikes.")
    assert [(place.role, place.name) for place in figure.places] == [("from", "Saraqab"), ("to", "Sarmada")]
    assert figure.cause == "conflict"
    assert figure.places[0].country == "SYR"


def test_a_neighbour_is_not_the_place():
    text = "Shelling hit Idlib. Some 900 people are at risk in the province, which borders Turkey."
    assert [place.name for place in figures(text)[0].places] == ["Idlib"]


def test_a_period_and_a_household_size():
    text = "Some 900 families of 5.5 were displaced since 3 March 2018, he said on Monday."
    (figure,) = figures(text)
    assert (figure.period.earliest, figure.period.latest) == (date(2018, 3, 3), date(2018, 8, 31))
    assert figure.household_size == 5.5


def test_parts_are_marked():
    total, part = figures("Some 900 families were displaced, of whom 40 are in camps.")
    assert "Part of a figure given before it." in part.notes
    assert salience(total) < salience(part)


def test_rows_have_all_fields_and_no_formula():
    from forewarn.reading.reader import read

    reading = read(from_text("=cmd() said 900 people fled =HYPERLINK(1).", name="=1+1"))
    (row,) = figure_rows(reading)
    assert set(row) == set(FIELDS)
    assert row["reported"] == "900"
    assert row["document"] == "=1+1"
    assert "\n'=1+1," in csv_text([row], FIELDS)


def test_another_language_gives_figures_in_digits_only():
    from forewarn.reading.reader import read

    text = "Selon le maire, 3 400 personnes ont été déplacées à Bangui depuis mars et trois mille ont fui vers le nord du pays."
    reading = read(from_text(text, name="x"))
    assert [figure.quantity.value for figure in reading.figures] == [3400]
    assert "'fr'" in reading.notes[0]


def test_places_keep_their_candidates():
    text = "Fighting reached Tripoli in Lebanon. Others fled to Rukban and Eastern Ghouta, said Mr Paris."
    document = from_text(text, name="x")
    found = {place.span.text: place for place in find_places(build_pipeline()(document.text), document)}
    assert found["Tripoli"].country == "LBN"
    assert any("LBY" in said for said in found["Tripoli"].candidates)
    assert {found["Rukban"].country, found["Eastern Ghouta"].country} == {"SYR"}
    assert "Paris" not in found


def test_homonyms_follow_the_country():
    def country(text):
        document = from_text(text, name="x")
        return find_places(build_pipeline()(document.text), document)[0].country

    assert country("In Tripoli, people fled. Libya closed its border.") == "LBY"
    assert country("In Tripoli, people fled. Lebanon closed its border.") == "LBN"


FLIGHT = "Thousands of people fled Sarmada this week. "


def after_flight(text):
    """Figures of a sentence that follows one about flight."""
    return [figure for figure in figures(FLIGHT + text) if figure.quantity_span.start >= len(FLIGHT)]


@pytest.mark.parametrize(
    ("text", "said", "unit", "term"),
    [
        ("Six hundred sleep in the parish hall.", "600", "people", "sheltered"),
        ("About 900 have gone home since.", "~ 900", "people", "returned"),
        ("Of them, 350 are in tents.", "350", "people", "sheltered"),
        ("Buses took out 740.", "740", "people", "evacuated"),
        ("The mayor put the number at 3,400.", "3,400", "people", "displaced"),
        ("He spoke of twelve thousand.", "12,000", "people", "displaced"),
        ("The figure has risen to 18,000.", "18,000", "people", "displaced"),
    ],
)
def test_a_figure_told_without_noun_or_without_a_word_of_displacement(text, said, unit, term):
    (figure,) = after_flight(text)
    assert (said_quantity(figure), figure.unit, figure.term) == (said, unit, term)


@pytest.mark.parametrize(
    "text",
    [
        "Shelling killed 31 people and wounded 74.",
        "Around 200 people were killed and 3,000 hurt.",
        "At least 41 people have died.",
        "At least 15 bodies were found.",
        "The toll rose to 46.",
        "Some 1,500 fighters and 200 tanks stand north of the town.",
        "The army sent 3,000 troops to the front.",
        "The rebels captured 19 soldiers.",
        "The brigade commands 900 men.",
        "A militia of 400 holds the bridge.",
        "Police arrested 120 men.",
        "He is 52 and has six children.",
        "The baker, 38, stayed.",
        "The road is 45 km long.",
        "Two million dollars were pledged.",
        "A sack of rice costs 8,500.",
        "Trucks brought 600 tonnes of flour.",
        "The hospital has 80 beds.",
        "The kitchen serves 7,000 meals a day.",
        "Planes flew 40 sorties and dropped 70 bombs.",
        "Farmers lost 5,000 sheep.",
        "A crowd of 5,000 protested.",
        "Voters cast 41,000 ballots.",
        "Some 2,300 pupils missed their exams.",
        "The talks lasted nine hours.",
    ],
)
def test_other_counts_beside_flight_are_no_figures(text):
    assert after_flight(text) == []


def test_without_what_was_learned_there_are_no_figures():
    document = from_text(FLIGHT, name="x")
    nothing = dict.fromkeys(load_choices(), Choice(("no", "yes"), {}))
    nothing["figure"] = Choice(("no", "yes"), {"bias": (1.0, 0.0)})
    found, _ = find_figures(build_pipeline()(FLIGHT), document, (), choices=nothing)
    assert found == ()
    assert len(figures(FLIGHT)) == 1


def test_many_quantities_in_a_sentence_without_end_take_time_in_proportion():
    """Twice the text asks for hardly more than twice the words that are looked at."""

    def listed(times):
        text = "They fled with 300 others and " * times
        document = from_text(text, name="x")
        candidates = list(find_candidates(build_pipeline()(document.text), document, load_rules("en")))
        around = surroundings(candidates, len(document.text))
        return sum(len(features(candidates, at, around, document.text)) for at in range(len(candidates)))

    assert listed(200) < 2.1 * listed(100)
