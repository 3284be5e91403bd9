"""An attack is drafted on the places that reports name, or refused with their names: nothing stands for them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from forewarn.cli import main
from forewarn.drafting import UnknownPlaceError, draft
from forewarn.drafting.report.targets import targets_of
from forewarn.drafting.user_tables import read_places
from forewarn.reading.documents.document import from_text
from forewarn.reading.reader import read

REPORTS = Path(__file__).parent / "reports"
DAY = date(2024, 6, 5)


def said(text, name="report.txt"):
    return read(from_text(text, name=name, issued=DAY))


def attacked(made):
    return {place for course in made.scenario.courses for stage in course.stages for place in stage.places}


UNKNOWN = {
    "Palma": (
        "Insurgents are preparing an attack on Palma in northern Mozambique, officials in Pemba said. Some 60,000 "
        "people live there. Aid workers warned that 40,000 people could be forced to flee to Mueda and Pemba."
    ),
    "Hsipaw": (REPORTS / "ultimatum-in-the-hills.txt").read_text(encoding="utf-8"),
    "Sinuni": (
        "Iraqi troops and a militia are massing for an assault on Sinuni, an official in Dohuk said. Shops in "
        "Sinjar closed. The attack on Sinuni would begin on Friday, he said; 20,000 people live there."
    ),
    "Umm Sumayma": (
        "Fighters have besieged the town of Umm Sumayma, west of El Obeid, and are preparing an assault on Umm "
        "Sumayma, residents said. About 40,000 people live in El Obeid's western villages in Sudan."
    ),
}


@pytest.mark.parametrize("name", UNKNOWN)
def test_an_attack_on_a_place_that_nobody_has_located_is_refused_with_its_name(name):
    with pytest.raises(UnknownPlaceError, match=rf"attack is said to be on {name}\b.*--places"):
        draft([said(UNKNOWN[name])])


@pytest.mark.parametrize("name", UNKNOWN)
def test_it_is_drafted_with_a_table_that_has_the_place(name, tmp_path):
    where = {
        "Palma": (-10.77, 40.47),
        "Hsipaw": (22.62, 97.30),
        "Sinuni": (36.45, 41.72),
        "Umm Sumayma": (13.0, 29.9),
    }
    lat, lon = where[name]
    table = tmp_path / "places.csv"
    rows = (f"{name},{lat},{lon},60000", f"Elsewhere,{lat + 0.5},{lon},20000")
    table.write_text("\n".join(("name,lat,lon,population", *rows)) + "\n", encoding="utf-8")
    assert attacked(draft([said(UNKNOWN[name])], places=read_places([str(table)]))) == {name}


KNOWN = {
    "Babanūsah": "The Rapid Support Forces are preparing an assault on Babanusa in West Kordofan, traders in El Obeid "
    "said. About 150,000 people live in Babanusa.",
    "El Fasher": "Aid agencies fear that an assault on El Fasher, the last city in Sudan's Darfur region that the army "
    "holds, could drive 500,000 people from their homes. Fighters cut the roads to Kutum. El Fasher has 900,000 "
    "inhabitants.",
    "Mueda": "Insurgents are massing for an attack on Mueda in Cabo Delgado, officials in Pemba, Mozambique, said. "
    "Mueda has 80,000 inhabitants.",
    "Nabatîyé et Tahta": "The Israeli army is preparing an assault on Nabatieh in southern Lebanon, officials in Beirut "
    "said. Some 90,000 people live in Nabatieh.",
    "Kidal": "The army is preparing an offensive on Kidal in Mali, rebels said. Kidal has 25,000 inhabitants.",
    "Aleppo": "Fighters are preparing an offensive on Aleppo, Syria's second city, residents said. About 1,900,000 people "
    "live in Aleppo.",
    "Ar Raqqah": "Fighters are massing for an assault on Raqqa, commanders in Aleppo said. Raqqa, in Syria, has 300,000 "
    "inhabitants.",
}


@pytest.mark.parametrize("name", KNOWN)
def test_a_town_stands_before_its_region_and_before_the_town_where_somebody_speaks(name):
    made = draft([said(KNOWN[name])])
    assert attacked(made) == {name}
    (under,) = [place for place in made.scenario.places if place.zone == "threatened"]
    assert f"{under.residents + under.displaced:,}" in KNOWN[name]


@pytest.mark.parametrize("second", ["Nabatieh", "on Nabatieh", "an attack on the town of Nabatieh"])
def test_two_towns_under_attack_are_both_in_the_draft(second):
    text = (
        f"The army is preparing an assault on Tyre and {second} in southern Lebanon, officers said. About 260,000 "
        "people live there."
    )
    made = draft([said(text)])
    assert attacked(made) == {"Tyre", "Nabatîyé et Tahta"}
    under = [place for place in made.scenario.places if place.zone == "threatened"]
    assert sum(place.residents for place in under) == 260_000


def test_the_region_of_a_town_under_attack_is_no_second_place():
    text = (
        "Rebels are preparing an assault on Bunia in the Democratic Republic of Congo, officers said. They plan "
        "attacks in Ituri, the U.N. said. About 900,000 people live in Bunia."
    )
    assert attacked(draft([said(text)])) == {"Bunia"}


def test_a_second_place_that_is_not_known_is_named_in_the_notes():
    text = (
        "Rebels are preparing an assault on Bunia in the Democratic Republic of Congo, officers said; the attack on "
        "Bunia would come first. About 900,000 people live in Bunia. Later they plan an assault on the town of "
        "Zumbulu, they said."
    )
    made = draft([said(text)])
    assert attacked(made) == {"Bunia"}
    assert any("also said to be on Zumbulu" in note for note in made.notes)


def test_a_place_without_people_takes_those_of_the_report_or_is_asked_for():
    text = "Insurgents are preparing an assault on Rann in Borno, Nigeria, officers in Maiduguri said."
    with pytest.raises(UnknownPlaceError, match=r"Rann.*how many people live there.*--places"):
        draft([said(text)])
    made = draft([said(f"{text} About 35,000 people live in Rann.")])
    (under,) = [place for place in made.scenario.places if place.zone == "threatened"]
    assert (under.name, under.residents) == ("Rann", 35_000)


def test_a_region_without_a_town_is_refused():
    text = "The army will launch an offensive in the Jebel Marra region of Sudan before the rains, officers said."
    with pytest.raises(UnknownPlaceError, match="Jebel Marra"):
        draft([said(text)])


def test_a_table_that_lacks_the_place_does_not_put_another_in_its_stead(tmp_path):
    table = tmp_path / "places.csv"
    table.write_text(
        "name,lat,lon,population\nMambasa,1.36,29.05,60000\nBeni,0.49,29.47,300000\n", encoding="utf-8"
    )
    text = "Rebels are preparing an assault on Bunia in Ituri, Congo, officers said."
    with pytest.raises(UnknownPlaceError, match="Bunia.*is not in the table; the nearest place, 'Mambasa'"):
        draft([said(text)], places=read_places([str(table)]))


@pytest.mark.parametrize(
    "more",
    [
        "Israel is preparing attacks on Hezbollah in southern Lebanon, officials said.",
        "Attacks on Western interests are feared.",
        "Attacks on Alawis in the coastal towns could follow.",
        "An attack on Zamzum fighters is planned.",
    ],
)
def test_forces_and_peoples_are_no_places(more):
    text = "The army is preparing an assault on Tyre in Lebanon. Some 200,000 people live in Tyre."
    assert attacked(draft([said(f"{more} {text}")])) == {"Tyre"}
    assert not any("also said to be on" in note for note in draft([said(f"{text} {more}")]).notes)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Rebels in Goma plan an assault on Bunia in Ituri.", ["Bunia"]),
        ("El Fasher braces for a ground assault, people in Nyala said.", ["El Fasher"]),
        ("The offensive would begin in the eastern parts of Kherson, officials in Kyiv said.", ["Kherson"]),
        ("They shelled the town of Sake and Goma on Monday.", ["Sake", "Goma"]),
        ("An assault is coming, officials in Bunia said.", []),
    ],
)
def test_what_an_attack_is_on_is_told_by_the_words_between(text, names):
    reading = said(text)
    event = next(each for each in reading.events if each.kind == "attack")
    assert [place.span.text for place in targets_of(event, text)] == names


def test_the_command_names_the_place_and_fails(tmp_path, monkeypatch, capsys):
    report, folder = tmp_path / "report.txt", tmp_path / "draft"
    report.write_text(UNKNOWN["Palma"], encoding="utf-8")
    line = ["forewarn", "draft", str(report), "--issued", "2024-06-05", "-o", str(folder)]
    monkeypatch.setattr("sys.argv", line)
    with pytest.raises(SystemExit) as left:
        main()
    assert left.value.code == 1
    assert "Palma" in capsys.readouterr().err
    assert not folder.exists()
