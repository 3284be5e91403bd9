"""A draft does not know what was published after its issue day, nor hides that a pack is old."""

from __future__ import annotations

from datetime import date

import pytest

from forewarn.drafting import draft
from forewarn.reading.documents.document import from_text
from forewarn.reading.reader import read

TEXT = (
    "The government is preparing an offensive on Idlib, officials said. Some three million people live there. "
    "Troops are massing in the south. The border with Turkey is closed."
)


def drafted(day):
    return draft([read(from_text(TEXT, name="report.txt", issued=day))], issued=day)


@pytest.mark.parametrize("day", [date(2018, 8, 30), date(2018, 8, 20), date(2018, 4, 1), date(2018, 1, 10)])
def test_no_source_of_a_draft_is_later_than_its_day(day):
    made = drafted(day)
    later = [key for key, s in made.scenario.sources.items() if s.published > day and s.kind != "reference"]
    assert later == []
    said = [note for note in made.notes if "they stand as assumptions" in note]
    assert bool(said) == (day < date(2018, 8, 23))


def test_what_was_published_later_is_named_in_words_and_the_number_stays():
    early, known = drafted(date(2018, 8, 20)).scenario, drafted(date(2018, 8, 30)).scenario
    before, after = (
        next(one.people_per_day for one in scenario.crossings if one.people_per_day is not None)
        for scenario in (early, known)
    )
    assert (before.low, before.high) == (after.low, after.high)
    assert "tass-2018-08-23" in after.source
    assert "2018-08-23, after the issue day" in before.source


def test_an_old_pack_is_said_to_be_old():
    assert any("long before 2024-11-20" in note for note in drafted(date(2024, 11, 20)).notes)
    assert not any("long before" in note for note in drafted(date(2018, 12, 1)).notes)


@pytest.mark.parametrize("day", [date(1991, 3, 29), date(2000, 6, 14), date(2008, 8, 25), date(2009, 5, 10)])
def test_a_draft_of_a_day_on_which_few_offensives_were_known_has_the_shipped_flight(day):
    text = "Rebels are preparing an assault on Bunia, officers said. About 900,000 people live in Bunia."
    made = draft([read(from_text(text, name="report.txt", issued=day))], issued=day)
    assert "prior" not in made.document["model"].get("flight", {})
    assert made.document["hindsight"]
    assert sum(place.residents for place in made.scenario.places if place.zone == "threatened") == 900_000
