"""A published figure that the people of a draft cannot meet is an error, or is left out of the forecast and named."""

from __future__ import annotations

from datetime import date

import pytest

from forewarn.drafting import draft
from forewarn.drafting.user_tables import read_places
from forewarn.errors import ForewarnError
from forewarn.reading.documents.document import from_text
from forewarn.reading.reader import read

DAY = date(2024, 6, 5)


def said(text):
    return read(from_text(text, name="report.txt", issued=DAY))


SAKE = "Rebels are preparing an assault on Sake in North Kivu, in the Democratic Republic of Congo, officers said. "
MARIB = "Houthi forces are preparing an assault on Marib in Yemen, officials said. "
KUTUM = "Fighters are preparing an assault on Kutum in Darfur, western Sudan, residents said. "


@pytest.mark.parametrize(
    ("text", "number"),
    [
        (SAKE + "Aid workers fear that 300,000 people could be forced to flee Sake.", "300,000"),
        (MARIB + "The United Nations warned that two million people could be forced to flee.", "2,000,000"),
        (MARIB + "An assault would put two million people at risk, the United Nations said.", "2,000,000"),
        (KUTUM + "The United Nations warned that 150,000 people could be displaced.", "150,000"),
        (SAKE + "Some 80,000 displaced people are living in Sake, the United Nations said.", "80,000"),
    ],
)
def test_a_figure_above_the_gazetteers_people_is_an_error_that_names_both(text, number):
    with pytest.raises(ForewarnError, match=rf"{number} people are more than the [\d,]+ .*--places"):
        draft([said(text)])


@pytest.mark.parametrize(
    "more",
    [
        "",
        "The United Nations warned that 10,000 people could be forced to flee Sake.",
        "More than five million people could be forced to flee Sudan this year.",
    ],
)
def test_smaller_figures_and_those_of_other_countries_are_none(more):
    made = draft([said(SAKE + more)])
    assert [claim.people for claim in made.scenario.claims] == ([10_000] if "10,000" in more else [])
    assert any("wider area" in note for note in made.notes) == ("Sudan" in more)


def test_a_figure_above_the_reports_own_people_speaks_of_a_wider_area():
    text = (
        SAKE
        + "About 60,000 people live in Sake. Some 200,000 people could be forced to flee, aid workers said."
    )
    made = draft([said(text)])
    assert made.scenario.claims == ()
    assert made.scenario.model.warning.figure.value == 0
    (note,) = (note for note in made.notes if "wider area" in note)
    assert "200,000" in note
    assert "60,000" in note


def test_with_a_table_all_of_its_people_count(tmp_path):
    table = tmp_path / "places.csv"
    rows = "name,lat,lon,population\nSake,-1.57,29.05,40000\nGoma,-1.68,29.23,{}\n"
    text = SAKE + "Aid workers fear that 300,000 people could be forced to flee Sake."
    table.write_text(rows.format(800_000), encoding="utf-8")
    assert any("wider area" in note for note in draft([said(text)], places=read_places([str(table)])).notes)
    table.write_text(rows.format(100_000), encoding="utf-8")
    with pytest.raises(ForewarnError, match="300,000 people are more than the 140,000"):
        draft([said(text)], places=read_places([str(table)]))


@pytest.mark.parametrize(
    "more",
    [
        "Mahaguri camp shelters 62,000 people.",
        "Families went to Mahaguri, where 62,000 people live.",
        "Some 62,000 people live in Beni, which receives families.",
    ],
)
def test_people_where_others_go_are_not_those_under_threat(more):
    text = "Rebels are preparing an assault on Rutshuru in the Democratic Republic of Congo, officers said. "
    made = draft([said(text + more)])
    alone = draft([said(text)])
    of = {place.name: place.residents + place.displaced for place in made.scenario.places}
    assert of["Rutshuru"] == {place.name: place.residents for place in alone.scenario.places}["Rutshuru"]
