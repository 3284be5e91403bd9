"""What part places play in a report, and that every named place is in the draft with it, or asked for."""

from __future__ import annotations

from datetime import date

import pytest

from forewarn.drafting import NoOffensiveError, UnknownPlaceError, draft
from forewarn.drafting.report.roles import ATTACKED, find_roles
from forewarn.forecast import run
from forewarn.reading.documents.document import from_text
from forewarn.reading.reader import read

DAY = date(2024, 6, 5)
BUNIA = (
    "Rebels are preparing an assault on Bunia in the Democratic Republic of Congo, officers said. About 900,000 people "
    "live in Bunia. "
)
GENEINA = (
    "The Rapid Support Forces are preparing an assault on El Geneina in Darfur, western Sudan, residents said. About "
    "540,000 people live in El Geneina. "
)


def said(text):
    return read(from_text(text, name="report.txt", issued=DAY))


def roles(text):
    return [(each.span.text, each.role, each.passage) for each in find_roles([said(text)])]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Families fled to Komanda, Mahagi and Tchomia.", ["Komanda", "Mahagi", "Tchomia"]),
        ("Around 600 families slipped out towards Bileil village.", ["Bileil"]),
        ("Thousands left Bunia for Komanda on Monday.", ["Komanda"]),
        (
            "People would be told to go to Al-Mawasi on the coast and to Khan Younis.",
            ["Al-Mawasi", "Khan Younis"],
        ),
        ("Some 2,000 were bussed to the town of Quiha.", ["Quiha"]),
        ("Pariang receives families from Guit.", ["Pariang"]),
        ("About 400 were registered at Yida and Ajuong Thok.", ["Yida", "Ajuong Thok"]),
        ("All roads are cut except the one to the south, towards Tawila.", ["Tawila"]),
    ],
)
def test_where_people_go(text, names):
    assert roles(text) == [(name, "refuge", "open" if "receives" in text else "") for name in names]


@pytest.mark.parametrize(
    "text",
    [
        "The army moved three battalions to Komanda.",
        "Columns of tanks are going to Mahagi.",
        "The envoy left Bunia for Kampala.",
        "Both sides should return to talks in Jeddah.",
        "Fighters have cut the roads to Kutum and Mellit.",
        "About 40,000 people left, according to the Displacement Tracking Matrix.",
    ],
)
def test_where_forces_and_envoys_go_is_no_refuge(text):
    assert roles(text) == []


@pytest.mark.parametrize(
    ("text", "passage"),
    [
        ("Otash camp took in 1,300 people.", "open"),
        ("Otash camp is full.", "closed"),
        ("Otash camp, on the road to Kas, has no more tents.", "closed"),
        ("Otash camp is open to families.", "open"),
        ("Otash camp was quiet.", ""),
    ],
)
def test_whether_a_camp_takes_people_in(text, passage):
    ((name, role, found),) = roles(text)
    assert (name, found) == ("Otash", passage)
    assert role in ("camp", "refuge")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The border with Chad at Tine and Adre is open.", [("Tine", "open"), ("Adre", "open")]),
        (
            "Others may try the Tine crossing, which is open, or the Adre crossing, which was closed in February.",
            [("Tine", "open"), ("Adre", "closed")],
        ),
        ("At the Habur bridge soldiers turned back every family.", [("Habur", "closed")]),
        ("Iran has let people in at Piranshahr since Wednesday.", [("Piranshahr", "open")]),
        ("The authorities have closed the Maktab Khalid checkpoint.", [("Maktab Khalid", "closed")]),
    ],
)
def test_crossings_and_their_state(text, found):
    assert roles(text) == [(name, "crossing", state) for name, state in found]


@pytest.mark.parametrize(
    ("text", "name", "side"),
    [
        (
            "Nobody is allowed to return to the north of the strip past the Netzarim corridor.",
            "Netzarim",
            "north",
        ),
        ("Civilians are not permitted to go to the east across the Oskil river.", "Oskil", "east"),
        ("No one is let to the south beyond Alamata.", "Alamata", "south"),
    ],
)
def test_what_nobody_may_pass(text, name, side):
    (found,) = find_roles([said(text)])
    assert (found.span.text, found.role, found.side) == (name, "barrier", side)


def row_of(made, name):
    return next(place for place in made.scenario.places if place.name == name)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (BUNIA + "Many would flee to Kisangani.", "Kisangani"),
        (GENEINA + "People could go to Nyala or Abéché.", "Nyala"),
        (GENEINA + "Families went to Tawila.", "Tawila"),
    ],
)
def test_a_refuge_is_in_the_draft_however_far_it_lies_and_people_go_there(text, name):
    made = draft([said(text)])
    found = row_of(made, name)
    assert found.attraction > 100_000
    assert any(path == f"places ({name}: where people go)" for path, _, _ in made.explained)
    assert int(run(made.scenario, members=4, seed=1)["arrivals"].sel(place=name).sum()) > 0
    assert made.scenario.model.destination.radius_km.value > 200


@pytest.mark.parametrize(
    ("more", "name"),
    [
        ("Families fled to Zumbulu.", "Zumbulu"),
        ("Kinzego camp took in 1,300 people.", "Kinzego"),
        ("People crossed at the Mandrelo bridge.", "Mandrelo"),
    ],
)
def test_a_place_that_nobody_has_located_is_asked_for(more, name):
    (asked,) = [note for note in draft([said(BUNIA + more)]).notes if "Where is" in note]
    assert f"Where is {name} (" in asked
    assert f'--locate "{name}=LAT,LON"' in asked
    assert more in asked


@pytest.mark.parametrize(
    ("more", "full", "other"),
    [
        ("Families went to Beni, which is full, and to Butembo.", "Beni", "Butembo"),
        ("Butembo has no more room. Beni receives families.", "Butembo", "Beni"),
        ("Beni turned people away. People reached Butembo.", "Beni", "Butembo"),
    ],
)
def test_nobody_chooses_a_refuge_that_is_full(more, full, other):
    made = draft([said(BUNIA + "Families fled to Beni and Butembo. " + more)])
    assert (row_of(made, full).attraction, row_of(made, other).attraction > 0) == (0, True)


@pytest.mark.parametrize(
    "more",
    [
        "People fled to Zalingei, fearing an attack.",
        "If the attack comes, families will go to Zalingei.",
        "After the shelling of the market people reached Zalingei.",
    ],
)
def test_a_refuge_is_not_attacked_unless_the_text_says_so(more):
    attacked = {
        name
        for course in draft([said(GENEINA + more)]).scenario.courses
        for s in course.stages
        for name in s.places
    }
    assert not {name for name in attacked if name.startswith("Zalin")}
    also = GENEINA + more + " The RSF is preparing an assault on Zalingei."
    assert "Zalinjay" in {
        name for course in draft([said(also)]).scenario.courses for s in course.stages for name in s.places
    }


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("They would clear Guit and then Leer.", ["Guit", "Leer"]),
        ("After Arbil it will be Dohuk's turn.", ["Dohuk"]),
        ("The army told the people of Mingora and Kanju to leave.", ["Mingora", "Kanju"]),
        ("Houses are burning at Tetere.", ["Tetere"]),
        ("Shells landed on Tuesday within the hospital at Putumattalan.", ["Putumattalan"]),
        ("The RSF accused the army of shelling Abu Shouk camp.", []),
        ("The general denied that his men would enter Mekelle.", []),
        ("Nobody will storm Mekelle, he said.", []),
    ],
)
def test_attacks_that_the_words_beside_a_name_tell_of(text, names):
    found = find_roles([said(text)])
    assert [each.span.text for each in found if each.role in ATTACKED] == names


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Houses are burning at Tetere, in the Solomon Islands. Fighters shelled Foxwira. People reached Auki.", "Foxwira"),
        ("Infantry will enter Zepa in Bosnia within days, and shelling of Zepa goes on. Drinovac camp is full.", "Drinovac"),
        ("Forces have surrounded Kalmira camp in Sudan and will storm Kalmira. Otashi camp took in 300 people.", "Otashi"),
    ],
)  # fmt: skip
def test_a_refusal_names_all_that_nobody_has_located(text, named):
    with pytest.raises(UnknownPlaceError, match=rf"Nobody has located .*{named}.* either"):
        draft([said(text)])


def test_of_two_places_attacked_the_one_that_is_known_is_drafted_and_the_other_asked_for():
    text = "Rebels are preparing an assault on Zumbulu, officers said. " + BUNIA
    made = draft([said(text)])
    assert {name for c in made.scenario.courses for s in c.stages for name in s.places} == {"Bunia"}
    assert any("also said to be on Zumbulu" in note and "--locate" in note for note in made.notes)


@pytest.mark.parametrize(
    "text",
    [
        "The mayor told the residents of Paradise to leave before the wildfires reach the town in California.",
        "Officials told the people of Grindavik in Iceland to leave. The volcano may erupt, they said.",
        "The landlord told the families in Kibera to leave, and lawyers in Nairobi protested.",
    ],
)
def test_an_order_to_leave_alone_is_no_offensive(text):
    with pytest.raises(NoOffensiveError):
        draft([said(text)])


@pytest.mark.parametrize(
    "text",
    [
        "The army told the people of Mingora in Pakistan to leave by Friday. Troops will storm Mingora, officers said. "
        "Mingora has 300,000 inhabitants.",
        "After Arbil it will be Dohuk's turn, fighters in Iraq said. Dohuk has 300,000 inhabitants.",
        "Soldiers shelled Bunia in Congo. Bunia has 900,000 inhabitants.",
    ],
)
def test_an_attack_that_only_the_words_beside_a_name_tell_of_is_drafted(text):
    assert draft([said(text)]).scenario.courses


def test_behind_what_nobody_may_pass_nobody_goes():
    text = "Israel is preparing an assault on Rafah in the Gaza Strip, officials said. About 1,400,000 people live in Rafah. "
    barred = "Nobody is allowed to return to the north of the strip past the Netzarim corridor."
    free = draft([said(text)])
    made = draft([said(text + barred)])
    assert row_of(free, "Gaza").zone == "surroundings"
    assert row_of(made, "Gaza").zone == "beyond-netzarim"
    assert {c.status for c in made.scenario.crossings if "beyond-netzarim" in c.between} == {"closed"}


@pytest.mark.parametrize(
    ("text", "part", "elsewhere"),
    [
        ("Israel is preparing an assault on Rafah in the Gaza Strip. Rafah has 200,000 inhabitants.", "Gaza", "Hebron"),
        ("Militias are preparing an assault on Pante Makasar in Timor-Leste. Pante Makasar has 12,000 inhabitants.",
         "Pante Makasar", "Dili"),
        ("Troops are preparing an assault on Nakhchivan in Azerbaijan. Nakhchivan has 90,000 inhabitants.",
         "Ordubad", "Stepanakert"),
    ],
)  # fmt: skip
def test_parts_of_a_country_beyond_another_are_out_of_reach(text, part, elsewhere):
    names = {place.name for place in draft([said(text)]).scenario.places}
    assert part in names
    assert not {name for name in names if elsewhere in name}
