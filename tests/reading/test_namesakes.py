"""Places far away that only share a name are not taken for the place that is meant."""

from __future__ import annotations

import pytest

from forewarn.reading.documents.document import from_text
from forewarn.reading.places.find import find_places
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
