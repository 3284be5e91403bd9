"""Places that a report names and nobody knows: the user says where they are."""

from __future__ import annotations

from datetime import date

import pytest

from forewarn.cli import main
from forewarn.drafting import UnknownPlaceError, draft
from forewarn.drafting.report.located import located_names
from forewarn.errors import ForewarnError
from forewarn.reading.documents.document import from_text
from forewarn.reading.reader import read

DAY = date(2024, 6, 5)
ATTACKS = {
    "Palma": (
        "Insurgents are preparing an attack on Palma in northern Mozambique, officials in Pemba said. Some 60,000 "
        "people live there. Aid workers warned that 40,000 people could be forced to flee to Mueda and Pemba.",
        {"lat": -10.77, "lon": 40.47},
    ),
    "Hsipaw": (
        "The army is preparing an assault on Hsipaw in Myanmar, residents said. Some 20,000 people live in Hsipaw.",
        {"lat": 22.62, "lon": 97.30},
    ),
    "Umm Sumayma": (
        "Fighters are preparing an assault on Umm Sumayma, west of El Obeid, residents of Sudan said. About 40,000 people "
        "live in Umm Sumayma.",
        {"lat": 13.0, "lon": 29.9},
    ),
}
BUNIA = (
    "Rebels are preparing an assault on Bunia in the Democratic Republic of Congo, officers said. About 900,000 people "
    "live in Bunia. "
)


def said(text):
    return read(from_text(text, name="report.txt", issued=DAY))


@pytest.mark.parametrize("name", ATTACKS)
def test_an_attack_on_a_place_that_the_user_locates_is_drafted_there(name):
    text, where = ATTACKS[name]
    with pytest.raises(UnknownPlaceError, match=rf'--locate "{name}=LAT,LON"'):
        draft([said(text)])
    made = draft([said(text)], located={name: where})
    (under,) = [place for place in made.scenario.places if place.zone == "threatened"]
    assert (under.name, under.lat, under.lon) == (name, where["lat"], where["lon"])
    assert f"{under.residents + under.displaced:,}" in text


@pytest.mark.parametrize(
    ("more", "name", "kind"),
    [
        ("Families fled to Zumbulu.", "Zumbulu", "town"),
        ("Kinzego camp took in 1,300 people.", "Kinzego", "camp"),
        ("Some 300 people reached Luvangire.", "Luvangire", "town"),
    ],
)
def test_a_refuge_that_the_user_locates_is_in_the_draft_and_no_longer_asked_for(more, name, kind):
    assert any(f"Where is {name}" in note for note in draft([said(BUNIA + more)]).notes)
    made = draft([said(BUNIA + more)], located={name: {"lat": 1.7, "lon": 30.4}})
    assert not any("Where is" in note for note in made.notes)
    (found,) = [place for place in made.scenario.places if place.name == name]
    assert (found.kind, found.country, found.zone) == (kind, "COD", "surroundings")
    assert found.attraction > 0


def test_people_that_the_user_tells_stand_where_no_report_does():
    text = "Insurgents are preparing an attack on Palma in northern Mozambique, officials in Pemba said."
    with pytest.raises(UnknownPlaceError, match=r"Palma.*how many people live there"):
        draft([said(text)], located=located_names(["Palma=-10.77,40.47"]))
    made = draft([said(text)], located=located_names(["Palma=-10.77,40.47,60000"]))
    (under,) = [place for place in made.scenario.places if place.zone == "threatened"]
    assert under.residents == 60_000


@pytest.mark.parametrize("words", ["Palma", "Palma=", "=1,2", "Palma=91,0", "Palma=10,181", "Palma=10;40"])
def test_a_position_that_is_none_is_refused(words):
    with pytest.raises(ForewarnError, match="is not a name with its position"):
        located_names([words])


def test_a_name_that_no_report_has_is_refused():
    with pytest.raises(ForewarnError, match="no report names Kasenyi"):
        draft([said(BUNIA)], located={"Kasenyi": {"lat": 1.4, "lon": 30.4}})


def test_the_command_takes_positions_and_prints_questions(tmp_path, monkeypatch, capsys):
    report, folder = tmp_path / "report.txt", tmp_path / "draft"
    text, where = ATTACKS["Palma"]
    report.write_text(text + " Some fled to Quirindzi.", encoding="utf-8")
    position = f"Palma={where['lat']},{where['lon']}"
    line = [
        "forewarn",
        "draft",
        str(report),
        "--issued",
        "2024-06-05",
        "-o",
        str(folder),
        "--locate",
        position,
    ]
    monkeypatch.setattr("sys.argv", line)
    with pytest.raises(SystemExit) as left:
        main()
    assert left.value.code in (0, None)
    assert "Where is Quirindzi (where people go)?" in capsys.readouterr().err
    assert (folder / "scenario.yaml").exists()


def test_the_front_door_takes_positions():
    import forewarn as fw

    text, where = ATTACKS["Palma"]
    made = fw.draft(said(text), located={"Palma": (where["lat"], where["lon"])})
    assert any(place.name == "Palma" and place.zone == "threatened" for place in made.scenario.places)
