"""Places far away that only share a name are not taken for the place that is meant."""

from __future__ import annotations

import pytest

from forewarn.reading.documents.document import from_text
from forewarn.reading.places.find import find_places
from forewarn.reading.places.gazetteer import load_gazetteer
from forewarn.reading.text.sentences import build_pipeline


def places_of(text):
    document = from_text(text, name="note", issued=None)
    return {place.span.text: place for place in find_places(build_pipeline()(document.text), document)}


def test_the_namesake_that_something_speaks_for_is_taken_not_the_larger_one():
    found = places_of(
        "Nigeria's army left Rann. Families in Maiduguri, Nigeria, wait. People fled from Rann."
    )
    assert (found["Maiduguri"].country, found["Rann"].country) == ("NGA", "NGA")


def test_a_namesake_abroad_is_left_unresolved_and_keeps_its_words():
    found = places_of("Armenia: families in Yerevan wait for news. People fled from Gor to Yerevan.")
    assert (found["Gor"].name, found["Gor"].country, found["Gor"].lat) == ("Gor", "", None)


@pytest.mark.parametrize(
    ("text", "name", "country"),
    [
        pytest.param("People fled from Rann.", "Rann", "SVN", id="nothing speaks for another country"),
        pytest.param("Nigeria asked Slovenia for news of Rann.", "Rann", "SVN", id="its country is named"),
        pytest.param("People fled Maiduguri, Nigeria. Talks in Geneva failed.", "Geneva", "CHE", id="a seat"),
        pytest.param("People fled Maiduguri, Nigeria, for Lima.", "Lima", "PER", id="a large city"),
        pytest.param("Uganda: people fled from Kasese to Beni.", "Beni", "COD", id="near what is sure"),
    ],
)
def test_other_places_stay_resolved(text, name, country):
    assert places_of(text)[name].country == country


def test_a_point_of_the_compass_alone_is_no_place():
    assert "North" not in places_of("Cameroon sent troops to the North. Families fled Maroua, Cameroon.")
    assert "North Region" in places_of("Families fled to North Region, Cameroon.")


@pytest.mark.parametrize(
    ("text", "name", "country"),
    [
        ("Families fled El Geneina, in Sudan's Darfur, for Tawila, after talks in Jeddah.", "Tawila", "SDN"),
        (
            "Families fled El Geneina, in Sudan's Darfur, for Tawila, officials in Riyadh said.",
            "Tawila",
            "SDN",
        ),
        ("Sudan: families left El Obeid for Rahad, officials in Cairo said.", "Rahad", "SDN"),
    ],
)
def test_where_talks_are_held_makes_no_namesake_sure(text, name, country):
    assert places_of(text)[name].country == country


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("GOMA, Congo - Families left Sake.", "COD"),
        ("BUNIA, Congo - Militia fighters came to Mahagi.", "COD"),
        ("Families from Bukavu crossed Congo.", "COD"),
        ("BRAZZAVILLE, Congo - Families left Kinkala and Mindouli in the Pool.", "COG"),
        ("POINTE-NOIRE, Congo - Dockers walked out in Dolisie.", "COG"),
    ],
)
def test_which_congo_is_meant_the_other_names_tell(text, country):
    assert places_of(text)["Congo"].country == country


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Fears of an assault on El Geneina as RSF nears, Sudan", ["El Geneina", "Sudan"]),
        ("Sudan: people went to Nyala and Ed Daein.", ["Sudan", "Nyala", "Ed Daein"]),
        ("Sudan: they stay in the camps of Abu Shouk and Zamzam.", ["Sudan", "Abu Shouk", "Zamzam"]),
        ("Gaza: they went to Khan Younis and to Deir al-Balah.", ["Gaza", "Khan Younis", "Deir al-Balah"]),
        ("Families fled Antigua and Barbuda.", ["Antigua and Barbuda"]),
    ],
)
def test_names_joined_by_and_or_as_are_two(text, names):
    assert list(places_of(text)) == names


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("Al Fasher", "El Fasher"),
        ("Elfasher", "El Fasher"),
        ("Deir al-Balah", "Dayr al Balaḩ"),
        ("Daein", None),
        ("Eddaein", "El Daein"),
        ("Al-Nuhud", "An Nuhūd"),
    ],
)
def test_articles_are_written_in_many_ways(said, meant):
    found = load_gazetteer().find(said)
    assert (found[0].name if found else None) == meant


def test_camps_of_past_receptions_are_known_and_no_second_town_is_made():
    for name, country in (("Zamzam", "SDN"), ("Kutupalong camp", "BGD"), ("Minova", "COD")):
        assert [place.country for place in load_gazetteer().find(name)] == [country]
    assert len([place for place in load_gazetteer().find("Nyala") if place.country == "SDN"]) == 1
