"""Drafts of the reference dispatch, of three reports about other situations, and refusals."""

from __future__ import annotations

import itertools
from datetime import date
from pathlib import Path

import pytest

from forewarn.analogues import outcomes_under_way, rate_of, select_begun
from forewarn.analogues.chance_scores import BEGAN_WITHIN_DAYS, GOES_ON_DAYS
from forewarn.drafting import NoOffensiveError, draft, write_draft
from forewarn.drafting.document import courses
from forewarn.drafting.document.chances import chance_that_it_comes, chance_that_it_goes_on
from forewarn.drafting.report.days import with_day
from forewarn.drafting.report.situation import FRESH_DAYS
from forewarn.drafting.surroundings.people import divided
from forewarn.drafting.surroundings.sectors import places_of
from forewarn.errors import ForewarnError
from forewarn.reading.documents.document import from_text
from forewarn.reading.reader import read
from forewarn.scenario import load

REPORTS = Path(__file__).parent / "reports"
SHARED = Path(__file__).parents[3] / "shared"
DISPATCH = SHARED / "dispatches" / "idlib-2018-08.txt"
ISSUED = {
    "siege-one-exit": date(2025, 5, 20),
    "cross-border": date(2022, 10, 5),
    "march-on-capital": date(2023, 12, 11),
    "no-offensive": date(2024, 6, 3),
    "flood": date(2024, 2, 2),
}


def reading_of(name):
    text = (REPORTS / f"{name}.txt").read_text(encoding="utf-8")
    return read(from_text(text, name=f"{name}.txt", issued=ISSUED[name]))


@pytest.fixture(scope="module")
def drafts():
    return {
        name: draft([reading_of(name)]) for name in ("siege-one-exit", "cross-border", "march-on-capital")
    }


def stages(made):
    return {(course.name, stage.name): stage for course in made.scenario.courses for stage in course.stages}


def people_of(scenario, names):
    return sum(place.residents + place.displaced for place in scenario.places if place.name in names)


@pytest.fixture(scope="module")
def dispatch():
    if not DISPATCH.exists():
        pytest.skip("needs ../shared")
    return read(from_text(DISPATCH.read_text(encoding="utf-8"), name="dispatch", issued=date(2018, 8, 30)))


@pytest.mark.reference
class TestReferenceDispatch:
    def test_both_courses_with_an_offensive_have_the_interval_of_the_two_together(self, dispatch):
        calm, first, staged = (course.probability for course in draft([dispatch]).scenario.courses)
        assert first.note == staged.note == "26 % to 78 % fits past warnings, both courses together"
        assert (calm.value, first.value + staged.value) == pytest.approx((0.44, 0.56))

    def test_stage_one_is_the_south_and_the_west_without_the_city(self, dispatch):
        made = draft([dispatch])
        first = stages(made)["first-stage", "first"].places
        assert "Idleb" not in first
        assert {
            "Khan Shaykun",
            "Kafr Zeita",
            "Latmana",
            "Hbit",
            "Heish",
            "Jisr-Ash-Shugur",
            "Ziyara",
            "Badama",
        } <= set(first)
        assert not {"Dana", "Salqin", "Haritan", "Bennsh"} & set(first)
        assert "Idleb" in stages(made)["staged", "later"].places

    def test_people_border_posts_and_talks(self, dispatch):
        scenario = draft([dispatch]).scenario
        enclave = [place.name for place in scenario.places if place.zone == "opposition"]
        assert people_of(scenario, enclave) == pytest.approx(3_000_000, rel=0.05)
        borders = [each for each in scenario.crossings if "turkey" in each.between]
        assert borders
        assert all(each.status == "closed" for each in borders)
        assert len(scenario.posts) == 12
        assert "deal" in {course.name for course in scenario.courses}

    def test_without_the_pack_the_people_are_those_of_the_sentence(self, dispatch):
        made = draft([dispatch], use_packs=False)
        places = [place.name for place in made.scenario.places if place.zone == "threatened"]
        assert people_of(made.scenario, places) == 3_000_000
        displaced = sum(place.displaced for place in made.scenario.places)
        assert displaced == pytest.approx(1_500_000, rel=0.001)
        words = {path: words for path, words, report in made.explained if report}
        assert "three million" in words["places.residents"]
        assert "half" in words["places.displaced"]

    def test_the_claim_is_placed(self, dispatch):
        made = draft([dispatch])
        assert [claim.people for claim in made.scenario.claims] == [700_000]
        assert made.scenario.model.warning.figure.value == 700_000


def test_a_siege_with_one_exit(drafts):
    made = drafts["siege-one-exit"]
    under = [place.name for place in made.scenario.places if place.zone == "threatened"]
    assert any("naka" in name.lower() for name in under)
    (gate,) = (
        each for each in made.scenario.crossings if set(each.between) == {"threatened", "surroundings"}
    )
    assert gate.status == "leaking"
    assert [claim.people for claim in made.scenario.claims] == [40_000]


def test_a_threatened_operation_across_a_border(drafts):
    made = drafts["cross-border"]
    assert {place.country for place in made.scenario.places} == {"SYR"}
    assert not any("tur" in each.between and each.status != "closed" for each in made.scenario.crossings)
    assert "deal" in {course.name for course in made.scenario.courses}


def test_a_march_on_a_provincial_capital_during_talks(drafts):
    made = drafts["march-on-capital"]
    under = [place.name for place in made.scenario.places if place.zone == "threatened"]
    assert any("Wad" in name for name in under)
    assert people_of(made.scenario, under) == pytest.approx(700_000, rel=0.01)
    assert "deal" in {course.name for course in made.scenario.courses}


@pytest.mark.parametrize("name", ["siege-one-exit", "cross-border", "march-on-capital"])
def test_every_draft_says_so_and_what_it_rests_on(drafts, name):
    made = drafts[name]
    assert made.scenario.draft is not None
    assert made.notes
    assert any(report for _, _, report in made.explained)
    text = (REPORTS / f"{name}.txt").read_text(encoding="utf-8")
    plain = " ".join(text.split())
    for _, words, report in made.explained:
        if report:
            assert words.rstrip("…") in plain
    assert sum(course.probability.value for course in made.scenario.courses) == pytest.approx(1)


@pytest.mark.parametrize(("name", "reason"), [("no-offensive", "no offensive"), ("flood", "disaster")])
def test_reports_without_an_offensive_are_refused(name, reason):
    with pytest.raises(NoOffensiveError, match=reason):
        draft([reading_of(name)])


def test_a_report_without_a_day_asks_for_it():
    text = (REPORTS / "march-on-capital.txt").read_text(encoding="utf-8").replace("11 December - ", "")
    silent = read(from_text(text, name="report.txt"))
    if silent.document.issued is None:
        with pytest.raises(ForewarnError, match="--issued"):
            draft([silent])


@pytest.mark.parametrize("name", ["siege-one-exit", "march-on-capital"])
def test_what_is_written_can_be_run(drafts, name, tmp_path):
    write_draft(drafts[name], tmp_path / "draft")
    again = load(tmp_path / "draft")
    assert [place.name for place in again.places] == [place.name for place in drafts[name].scenario.places]
    assert again.courses == drafts[name].scenario.courses
    with pytest.raises(ForewarnError, match="already exists"):
        write_draft(drafts[name], tmp_path / "draft")


def test_sectors_are_sides_of_the_middle():
    rows = [
        {"name": f"{lat}{lon}", "lat": 10.0 + lat, "lon": 20.0 + lon}
        for lat, lon in itertools.product((-1, 0, 1), repeat=2)
    ]
    assert set(places_of(["south"], rows)) == {"-1-1", "-10", "-11"}
    assert set(places_of(["west"], rows)) == {"-1-1", "0-1", "1-1"}
    assert places_of(["central"], rows) == ("00",)
    assert places_of([], rows) == ()


def test_whole_people_are_divided():
    assert sum(divided(1001, [3, 3, 1])) == 1001
    assert divided(7, [0, 1]) == [0, 7]


def said(text, issued=date(2024, 6, 5), name="report.txt"):
    return read(from_text(text, name=name, issued=issued))


BUNIA = "Rebels are preparing an assault on Bunia, officers said. About 900,000 people live in Bunia."


def test_reports_of_two_areas_are_refused_and_of_one_are_drafted():
    other = "Fighters are preparing an assault on Gao in Mali, officers said. Mali sent troops to Gao."
    with pytest.raises(ForewarnError, match=r"a\.txt is about Bunia, b\.txt about Gao"):
        draft([said(BUNIA, name="a.txt"), said(other, name="b.txt")])
    more = "Aid workers fear that 300,000 people could flee if Bunia falls."
    made = draft([said(BUNIA, name="a.txt"), said(more, name="c.txt")])
    assert made.scenario.draft.reports == ("a.txt", "c.txt")


def test_reports_that_differ_on_the_people_are_named():
    other = "The town of Bunia in Congo has 600,000 inhabitants, a church leader said."
    made = draft([said(BUNIA), said(other)])
    assert any("at 600,000, not 900,000" in note for note in made.notes)
    words = [words for path, words, _ in made.explained if path == "report.population"]
    assert words == ["The town of Bunia in Congo has 600,000 inhabitants, a church leader said."]
    assert not any("Another report" in note for note in draft([said(BUNIA), said(BUNIA)]).notes)


def test_the_day_at_the_head_of_a_report_is_its_day():
    silent = from_text(f"BUNIA, 3 June 2024 - {BUNIA}", name="report.txt")
    assert with_day(silent).issued == date(2024, 6, 3)
    told = from_text(f"BUNIA, 3 June 2024 - {BUNIA}", name="report.txt", issued=date(2024, 6, 9))
    assert with_day(told).issued == date(2024, 6, 9)
    assert with_day(from_text(f"BUNIA, Monday - {BUNIA}", name="report.txt")).issued is None
    made = draft([read(with_day(silent))])
    assert made.notes[0].startswith("Drafted for 2024-06-03")


def test_another_language_is_named_in_the_refusal():
    french = (
        "Les rebelles préparent une offensive contre la ville de Bunia, ont indiqué lundi deux officiers de "
        "l'armée. Environ 900 000 personnes vivent dans la ville, selon le gouverneur de la province."
    )
    with pytest.raises(NoOffensiveError, match=r"another language \(fr\).*Translate"):
        draft([said(french)])


def test_a_place_where_somebody_only_speaks_is_no_area():
    text = "The army is preparing a large offensive, two officials said in Port Sudan."
    with pytest.raises(NoOffensiveError, match="--places"):
        draft([said(text)])


def test_an_island_is_said_to_be_one():
    text = "Troops are preparing an assault on the island of Anjouan, officials said."
    assert any("over water" in note for note in draft([said(text)]).notes)
    assert not any("over water" in note for note in draft([said(BUNIA)]).notes)


def test_a_town_that_is_said_to_be_a_region_is_one():
    text = "The army will launch an offensive in Sagaing region before the winter, its spokesman said."
    made = draft([said(text)])
    under = [place for place in made.scenario.places if place.zone == "threatened"]
    assert {place.admin1 for place in under} == {"Sagain"}


def test_a_town_that_bears_the_name_stands_before_one_that_bore_it():
    text = (
        "Front moves towards Pokrovsk. Russian forces advanced on Pokrovsk on Wednesday, the general staff in "
        "Kyiv said, and shelling continued in the town. Ukrainian officials plan to evacuate 20,000 people."
    )
    made = draft([said(text)])
    assert {place.country for place in made.scenario.places if place.zone == "threatened"} == {"UKR"}


def test_an_attack_under_way_goes_on_or_stops():
    text = "Shelling of Bunia continues and fighting goes on in the town, officers said."
    calm, attack = draft([said(text)]).scenario.courses
    known = select_begun(as_of=date(2024, 6, 3))
    rate = rate_of(outcomes_under_way(known, days=GOES_ON_DAYS, began_within=FRESH_DAYS))
    chance, percent = attack.probability, (f"{100 * share:.0f} %" for share in (rate.low, rate.high))
    assert (calm.title, chance.value) == ("The attack stops", round(rate.mean, 2))
    assert chance.source.startswith(f"assumption: so often the attacks of {rate.cases} past offensives known")
    assert chance.note == f"{' to '.join(percent)} fits past offensives"
    assert attack.stages[0].start.days.high == 7
    wide = draft([said(BUNIA)]).scenario.courses[1]
    assert wide.stages[0].start.days.high == 90
    assert "without offensives that were warned of), a selection" in wide.probability.source
    assert wide.probability.note.endswith("fits past warnings")


def test_before_all_warnings_and_offensives_no_base_rate_is_known():
    for found in (
        chance_that_it_comes(date(1990, 6, 3), leave_out=(), horizon_days=120),
        chance_that_it_goes_on(date(1990, 6, 3), leave_out=(), days=7),
    ):
        why = "assumption: even odds, as no past case was known; set it yourself"
        assert found == {"value": 0.5, "source": why}


def test_the_area_of_the_draft_has_no_part_in_its_chance():
    day = date(2018, 8, 30)
    found = chance_that_it_comes(day, leave_out=["Hodeidah"], horizon_days=120)
    assert "3 of 5 past warnings known by 2018-08-30 came true" in found["source"]
    assert "4 of 7 past" in chance_that_it_comes(day, leave_out=(), horizon_days=120)["source"]


def test_what_is_asked_of_an_attack_under_way_is_what_is_scored():
    assert (courses.DURATION["low"], FRESH_DAYS) == (GOES_ON_DAYS, BEGAN_WITHIN_DAYS)


def test_a_town_under_fire_with_people_trapped():
    text = (REPORTS / "town-changes-hands.txt").read_text(encoding="utf-8")
    made = draft([said(text, issued=date(2024, 3, 8))])
    under = [place.name for place in made.scenario.places if place.zone == "threatened"]
    assert under == ["Gorom-Gorom"]
    assert people_of(made.scenario, under) == 90_000
    assert [course.title for course in made.scenario.courses] == ["The attack stops", "The offensive goes on"]
    assert [claim.people for claim in made.scenario.claims] == [50_000]
