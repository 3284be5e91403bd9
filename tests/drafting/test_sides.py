"""Nobody is drafted to go to a party's country, to what an attacker holds, or over a border that is not open."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from forewarn.drafting import draft
from forewarn.drafting.user_tables import read_places
from forewarn.forecast import run
from forewarn.reading.documents.document import from_text
from forewarn.reading.reader import read

DAY = date(2024, 6, 5)

LEBANON = (
    "The Israeli army is preparing an assault on Nabatieh in southern Lebanon, officials in Beirut said. Some 90,000 "
    "people live in Nabatieh. "
)
UKRAINE = (
    "Russian forces are massing for an assault on Kupiansk in eastern Ukraine, the governor said. About 26,000 people "
    "live in Kupiansk. "
)
SYRIA = (
    "Turkey is preparing a ground offensive on Kobani in northern Syria, officials said. About 50,000 people live in "
    "Kobani. "
)
DARFUR = (
    "The Rapid Support Forces are preparing an assault on El Geneina in Darfur, western Sudan, residents said. About "
    "540,000 people live in El Geneina. "
)


def said(text):
    return read(from_text(text, name="report.txt", issued=DAY))


def borders(made, country):
    """States of the crossings out of the country attacked that lead to another."""
    zone = country.lower()
    return {
        each.status
        for each in made.scenario.crossings
        if zone in each.between and {"threatened", "surroundings"} & set(each.between)
    }


@pytest.mark.parametrize(
    ("text", "country", "name"),
    [(LEBANON, "ISR", "Israel"), (UKRAINE, "RUS", "Russia"), (SYRIA, "TUR", "Turkey")],
)
def test_a_party_is_no_destination_whoever_calls_its_border_open(text, country, name):
    for more in ("", f"The border with {name} is open."):
        made = draft([said(text + more)])
        assert country not in {place.country for place in made.scenario.places}
        assert borders(made, country) <= {"closed"}
        assert any(country in note and "party to the fighting" in note for note in made.notes)


def test_a_forecast_sends_nobody_to_a_party_or_over_a_border_that_is_not_open():
    made = draft([said(LEBANON + "Some 60,000 people could be forced to flee.")])
    abroad = [place.name for place in made.scenario.places if place.country != "LBN"]
    assert {place.country for place in made.scenario.places} == {"JOR", "LBN", "PSE", "SYR"}
    forecast = run(made.scenario, members=6, seed=1)
    assert int(forecast["arrivals"].sum()) > 1000
    assert int(forecast["arrivals"].sel(place=abroad).sum()) == 0


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ("", "closed"),
        ("The border with Chad is open.", "open"),
        ("Chad has kept its border open to people who flee, its minister said.", "open"),
        ("The border with Chad at Adre was closed on Monday.", "closed"),
        ("The United Nations asked Chad to keep its border open.", "closed"),
        ("Chad could open its border next week.", "closed"),
        ("Chad denied that its border is open.", "closed"),
    ],
)
def test_a_border_is_open_if_a_report_says_so(more, status):
    made = draft([said(DARFUR + more)])
    assert borders(made, "TCD") == {status}
    said_closed = "is closed" in more or "was closed" in more
    unsaid = any("TCD" in note and "No report calls the border" in note for note in made.notes)
    assert unsaid == (status == "closed" and not said_closed)


def test_of_two_crossings_each_is_as_it_is_said_to_be():
    text = "The border with Chad at Tine is open. The border with Chad at Adre is closed."
    made = draft([said(DARFUR + text)])
    named = {
        each.title.partition(":")[0]: each.status for each in made.scenario.crossings if each.roads == "named"
    }
    assert named == {"Tine": "open", "Adre": "closed"}
    assert {
        each.status for each in made.scenario.crossings if each.roads == "all" and "tcd" in each.between
    } == {"closed"}
    assert any("said to be open, another closed" in note for note in made.notes)


def test_another_countrys_border_opens_no_other():
    text = DARFUR + "Chad has closed its border. South Sudan has kept its border with Sudan open."
    assert borders(draft([said(text)]), "TCD") == {"closed"}


def pull(made):
    return {place.name: place.attraction for place in made.scenario.places}


@pytest.mark.parametrize(
    "more",
    [
        "The RSF has taken the town of Zalingei, east of it.",
        "The town of Zalingei was captured by the RSF last year.",
        "Kutum is quiet, but Zalingei is in the hands of the RSF.",
        "The RSF holds Zalingei, and people flee to Kutum.",
    ],
)
def test_what_an_attacker_holds_has_no_pull(more):
    (name,) = {name for name in pull(draft([said(DARFUR + more)])) if name.startswith("Zalin")}
    made = draft([said(DARFUR + more)])
    assert pull(draft([said(DARFUR)]))[name] > 0
    assert pull(made)[name] == 0
    assert all(people > 0 for place, people in pull(made).items() if place not in (name, "El Geneina"))
    assert any(name in note and "an attacker is said to hold" in note for note in made.notes)


def test_what_others_hold_keeps_its_pull():
    text = DARFUR + "Zalingei is held by the army. The army has taken Kutum."
    assert all(pull(draft([said(text)])).values())


def test_who_holds_the_places_is_known_from_packs_and_from_zones_with_an_attackers_name(tmp_path):
    idlib = (
        "The Syrian army is preparing an offensive on Idlib, officials said. Three million people live in Idlib. The "
        "offensive could force 700,000 people to flee."
    )
    assert draft([said(idlib)]).scenario.where_known
    assert not draft([said(idlib)], use_packs=False).scenario.where_known
    rows = "El Geneina,13.45,22.45,400000,{}\nKreinik,13.36,22.87,30000,{}\nZalingei,12.91,23.47,150000,{}\n"
    table = tmp_path / "places.csv"
    for zones, known in (
        (("army", "army", "RSF"), True),
        (("army", "neutral", "Rapid Support Forces"), True),
        (("army", "neutral", "north"), False),
        (("", "", ""), False),
    ):
        table.write_text("name,lat,lon,population,zone\n" + rows.format(*zones), encoding="utf-8")
        made = draft([said(DARFUR)], places=read_places([str(table)]))
        assert made.scenario.where_known is known
        assert any("not where people go" in note for note in made.notes) is not known
        if known:
            attacker = next(place.zone for place in made.scenario.places if place.name == "Zalingei")
            ways = {each.status for each in made.scenario.crossings if attacker in each.between}
            assert ways == {"closed"}


def test_a_zone_of_the_attacker_takes_nobody_in(tmp_path):
    table = tmp_path / "places.csv"
    table.write_text(
        "name,lat,lon,population,zone\nEl Geneina,13.45,22.45,400000,army\nKreinik,13.36,22.87,30000,neutral\n"
        "Zalingei,12.91,23.47,150000,RSF\n",
        encoding="utf-8",
    )
    made = draft([said(DARFUR)], places=read_places([str(table)]))
    arrivals = run(made.scenario, members=6, seed=1)["arrivals"].sum(["member", "day"])
    counted = dict(zip(arrivals["place"].values.tolist(), np.asarray(arrivals).tolist(), strict=True))
    assert counted["Zalingei"] == 0
    assert counted["Kreinik"] > 1000
