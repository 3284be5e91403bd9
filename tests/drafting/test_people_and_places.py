"""Whom a draft puts where: people of the report to the person, towns once, and none towards a party."""

from __future__ import annotations

from datetime import date

import pytest

from forewarn.drafting import NoOffensiveError, draft
from forewarn.drafting.surroundings.parts import city_radius_km, parts_of
from forewarn.reading.documents.document import from_text
from forewarn.reading.reader import read

DAY = date(2024, 6, 5)
GENEINA = "The RSF is preparing an assault on El Geneina in Darfur, western Sudan, residents said. "
BUNIA = "Rebels are preparing an assault on Bunia in the Democratic Republic of Congo, officers said. "


def made(text):
    return draft([read(from_text(text, name="report.txt", issued=DAY))])


def under(drafted):
    attacked = {name for c in drafted.scenario.courses for s in c.stages for name in s.places}
    return [place for place in drafted.scenario.places if place.name in attacked]


@pytest.mark.parametrize(
    ("text", "people", "displaced"),
    [
        (GENEINA + "About 540,000 people live in the city, some 120,000 of them already displaced.", 540_000, 120_000),
        (
            "An assault could drive 100,000 people from their homes in Bunia, the U.N. said. "
            + BUNIA
            + "About 900,001 people live in Bunia, and 300,000 of them are displaced.",
            900_001,
            300_000,
        ),
        (
            BUNIA + "The attack would begin in the north. Bunia has 700,003 inhabitants. Aid workers fear that 90,000 "
            "people could be displaced.",
            700_003,
            0,
        ),
        (
            "Rebels are preparing an assault on Goma and Sake in Congo, officers said. About 1,000,001 people live there, "
            "250,000 of them displaced.",
            1_000_001,
            250_000,
        ),
    ],
)  # fmt: skip
def test_totals_are_the_reports_to_the_person_and_nobody_feared_is_displaced_already(text, people, displaced):
    places = under(made(text))
    assert sum(place.residents + place.displaced for place in places) == people
    assert sum(place.displaced for place in places) == displaced


@pytest.mark.parametrize(
    ("text", "towards", "away"),
    [
        ("The Russian army is preparing an assault on Pokrovsk in eastern Ukraine. Pokrovsk has 60,000 inhabitants.",
         ["Donetsk", "Horlivka"], "Pavlohrad"),
        ("The Israeli army is preparing an assault on Tyre in southern Lebanon. Tyre has 250,000 inhabitants.",
         ["En Nâqoûra"], "Sidon"),
        ("Russian forces are preparing an assault on Kharkiv's neighbour Chuhuiv in Ukraine. Chuhuiv has 30,000 "
         "inhabitants.", ["Vovchans’k", "Lyptsi"], "Kharkiv"),
    ],
)  # fmt: skip
def test_nobody_flees_towards_a_party(text, towards, away):
    drafted = made(text)
    names = {place.name for place in drafted.scenario.places}
    assert not names & set(towards)
    assert away in names
    assert any("Where the front runs is not known" in note for note in drafted.notes)


def test_a_refuge_that_the_report_names_stays_wherever_it_lies():
    text = (
        "The Russian army is preparing an assault on Pokrovsk in eastern Ukraine. Pokrovsk has 60,000 inhabitants. "
        "Families fled to Horlivka."
    )
    assert any(place.name == "Horlivka" for place in made(text).scenario.places)


@pytest.mark.parametrize(
    ("text", "town", "districts"),
    [
        ("Rebels are preparing an assault on Ziguinchor in Senegal. Ziguinchor has 200,000 inhabitants.",
         "Ziguinchor", []),
        ("The army is preparing an assault on Sidon in Lebanon. Sidon has 160,000 inhabitants.",
         "Beirut", ["Ra’s Bayrūt"]),
        ("Ukrainian forces are preparing an assault on Yasynuvata in Ukraine. Yasynuvata has 37,000 inhabitants.",
         "Donetsk", ["Kyivskyi", "Smolyanskyi", "Bohodukhivskyi"]),
    ],
)  # fmt: skip
def test_a_city_is_in_a_draft_once(text, town, districts):
    names = {place.name for place in made(text).scenario.places}
    assert town in names
    assert not names & set(districts)


@pytest.mark.parametrize("sides", [[("east",)], [("north", "west")], [("east",), ("centre",)], [()]])
def test_parts_of_a_town_lie_inside_it_and_hold_all_its_people(sides):
    from forewarn.drafting.basis import SourcedFact
    from forewarn.drafting.distances import distance_km
    from forewarn.drafting.report.stages import ToldStage

    row = {"name": "Bunia", "lat": 1.5, "lon": 30.2, "residents": 900_007}
    stages = [ToldStage(at, each, (), SourcedFact(0, "")) for at, each in enumerate(sides, 1)]
    parts = parts_of(row, stages)
    assert sum(part["residents"] for part in parts) == 900_007
    assert all(distance_km(part, row) < city_radius_km(900_007) for part in parts)
    assert len({part["name"] for part in parts}) == len(parts)


@pytest.mark.parametrize(
    "text",
    [
        "Ten weeks after the attack on Palma the town is in the hands of the Mozambican army and calm.",
        "Two years after the assault on Bunia the market is open again, traders said.",
        "Three months after the offensive in Tigray people are going home to Mekelle, Ethiopia.",
    ],
)
def test_what_came_after_an_attack_is_no_attack(text):
    with pytest.raises(NoOffensiveError):
        made(text)


@pytest.mark.parametrize(
    ("more", "goes_on"),
    [
        ("Fighting continues in Bunia.", True),
        ("Fighting continues in Kananga.", False),
        ("In Uganda 38,000 have been registered since fighting started in Kasese.", False),
    ],
)
def test_an_attack_that_goes_on_elsewhere_is_not_under_way_here(more, goes_on):
    titles = [
        course.title for course in made(BUNIA + "Bunia has 900,000 inhabitants. " + more).scenario.courses
    ]
    assert any("goes on" in title for title in titles) is goes_on
