"""Every page and every control, with a simulated visitor."""

import asyncio
import threading
import time
from pathlib import Path

import pytest
import pytest_asyncio
from nicegui import Client
from nicegui.page import page as ui_page
from nicegui.testing import user_simulation

from forewarn.outlook.contents.where_unknown import WHERE_UNKNOWN
from forewarn.scenario import bundled, dump, explicit, load, resolve
from forewarn.web.pages import register
from forewarn.web.pages.elements import ChartElement, MapElement
from forewarn.web.service.levers import Levers
from forewarn.web.service.readiness import COMPILING, Readiness
from forewarn.web.service.service import Service, Settings
from forewarn.web.service.workspace import Workspace

pytestmark = pytest.mark.asyncio

BUNDLED = len(bundled())
EVIL = "<script>window.ran=1</script>"


@pytest.fixture(autouse=True)
def pages_may_take_their_time(monkeypatch):
    """NiceGUI answers with a fault after three seconds, which a page may take beside other tests."""
    monkeypatch.setitem(ui_page.__init__.__kwdefaults__, "response_timeout", 60.0)


@pytest.fixture
def service(tmp_path):
    return Service(Workspace(tmp_path / "workspace"), Settings(members=60, seed=7, workers=2))


@pytest_asyncio.fixture
async def user(service):
    async with user_simulation() as simulated:
        register(service, signed_in=False)
        yield simulated
        # Else the simulation would take the modules of these functions apart.
        Client.page_routes.clear()
    service.close()


async def until(condition, seconds=20.0):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not come to pass"
        await asyncio.sleep(0.02)


async def sees(user, text):
    await user.should_see(text, retries=200)


def value_of(user, mark):
    (element,) = user.find(marker=mark).elements
    return element


def set_value(user, mark, value):
    with user.client:
        value_of(user, mark).set_value(value)


def text_of(user):
    with user.client:
        return "\n".join(
            str(each.text) for each in user.client.layout.descendants() if getattr(each, "text", None)
        )


async def test_the_list_of_scenarios(user):
    await user.open("/")
    await user.should_see("The crossroads (teaching example)")
    await user.should_see("Idleb and its surroundings, 30 August 2018")
    await user.should_see("Draft a scenario")


async def test_a_visitor_before_the_simulation_is_ready_is_told(user, service):
    gate = threading.Event()
    service.readiness = Readiness(lambda: gate.wait(20), is_short=lambda: False)
    service.readiness.start()
    await user.open("/")
    await sees(user, COMPILING)
    gate.set()
    await until(lambda: not service.readiness.said)
    await user.should_not_see(COMPILING, retries=50)
    await user.open("/")
    await user.should_not_see(COMPILING)


async def test_the_forecast(user, service):
    await user.open("/forecast?scenario=crossroads")
    await sees(user, "The chance of one is an assumption: 75 %.")
    await sees(user, "60 futures, 30 of each course, seed 7")
    await user.should_see("forewarn outlook crossroads --members 60 --seed 7")
    await user.should_see("Planning figures by 30 April 2024")
    await user.should_see("30 April 2024 · day 60")
    # The day.
    set_value(user, "day", 12)
    await sees(user, "13 March 2024 · day 12")
    # A course without an offensive.
    user.find(marker="course-calm").click()
    await sees(user, "people displaced by then")
    assert value_of(user, "course-calm").props["aria-pressed"] == "true"
    assert value_of(user, "course-attack").props["aria-pressed"] == "false"
    # A place, by its name and on the map.
    user.find(marker="course-attack").click()
    set_value(user, "day", 60)
    set_value(user, "choose-place", 1)
    await sees(user, "Where they came from, 30 April 2024")
    await user.should_see("Millbrook")
    await user.should_see("water, litres per day")
    user.find(marker="close-place").click()
    await sees(user, "Where most newly displaced people are")
    user.find(kind=MapElement).trigger("place", {"index": 2})
    await sees(user, "camp, Valley, held on the issue day by The valley")
    assert value_of(user, "choose-place").value == 2


async def test_a_draft_that_does_not_know_where_shows_totals_alone(user, service):
    note = {"reports": ["report.txt"], "where_known": False}
    scenario = resolve(explicit(load("crossroads")) | {"draft": note, "name": "drafted"})
    entry = service.workspace.save(scenario, origin="drafted")
    await user.open(f"/forecast?scenario={entry.id}")
    await sees(user, "60 futures, 30 of each course, seed 7")
    await user.should_see("people displaced by then")
    await user.should_see(WHERE_UNKNOWN)
    await user.should_not_see("Where most newly displaced people are")
    set_value(user, "choose-place", 1)
    await sees(user, "held on the issue day by")
    await user.should_not_see("newly displaced people there on")


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("/forecast?scenario=crossroads", "9 in 10 of 30 futures"),
        ("/forecast?scenario=idlib-2018", "half of 15 futures"),
        ("/forecast?scenario=idlib-2018&place=Atma%20(camp%20cluster)", "half of 15 futures"),
        ('/what-if?scenario=idlib-2018&levers={"later":{"staged":9}}', "half of 15 futures"),
        ('/what-if?scenario=crossroads&levers={"later":{"attack":9}}', "9 in 10 of 30 futures"),
    ],
)
async def test_ranges_say_on_how_many_futures_they_rest(user, path, told):
    """60 futures of four courses are 15 of each: too few for 9 in 10."""
    await user.open(path)
    await sees(user, "of each course, ")
    await sees(user, told)
    share, number = told.split(" of ", 1)[0], told.rsplit(" of ", 1)[1]
    said = text_of(user)
    assert f"{number.split()[0]} of each course" in said
    assert "9 of 10" not in said
    if share == "half":
        assert "9 in 10" not in said
        assert "1 in 20" not in said
        drawn = [each._props["chart"] for each in user.find(kind=ChartElement).elements]
        assert not any("90 %" in chart["description"] for chart in drawn)


async def test_a_link_brings_a_view_back(user):
    await user.open("/forecast?scenario=crossroads&course=calm&day=7&place=Oakford")
    await sees(user, "8 March 2024 · day 7")
    await sees(user, "newly displaced people there on 8 Mar")
    assert value_of(user, "course-calm").props["aria-pressed"] == "true"


@pytest.mark.parametrize(
    "query", ["course=nothing&day=-4&place=Nowhere", "day=99999999", "day=x", f"course={EVIL}&place={EVIL}"]
)
async def test_links_that_fit_nothing_show_something(user, query):
    await user.open(f"/forecast?scenario=crossroads&{query}")
    await sees(user, "60 futures, 30 of each course, seed 7")


@pytest.mark.parametrize("path", ["/forecast", "/what-if", "/downloads", "/draft"])
async def test_a_scenario_that_is_not_there(user, path):
    await user.open(f"{path}?scenario=0123456789abcdef")
    await user.should_see("not found")
    await user.should_see("Back to the scenarios")


async def settled(user):
    await sees(user, "60 futures, 30 of each course, each with and without the change, seed 7.")


async def test_what_if_timing_and_pace(user):
    await user.open("/what-if?scenario=crossroads")
    await sees(user, "Nothing is changed yet.")
    set_value(user, "later-attack", 30)
    await sees(user, "30 days later")
    await sees(user, "fewer people are displaced")
    await settled(user)
    await user.should_see("courses.attack.stages.assault.start+=30")
    user.find(marker="reset").click()
    await sees(user, "Nothing is changed yet.")
    set_value(user, "pace-attack", 9)
    await sees(user, "4 × as fast")
    await settled(user)


async def test_what_if_places_and_stages(user):
    await user.open("/what-if?scenario=crossroads")
    await sees(user, "Nothing is changed yet.")
    set_value(user, "places-attack-assault", ["Oakford"])
    await sees(user, "more people are displaced")
    set_value(user, "places-attack-assault", [])
    await sees(user, "A stage attacks at least one place.")
    set_value(user, "stage-attack-assault", False)
    await sees(user, "fewer people are displaced")
    await sees(user, "courses.attack.stages.assault.intensity=0")


async def test_what_if_crossings(user):
    await user.open("/what-if?scenario=crossroads")
    await sees(user, "Nothing is changed yet.")
    set_value(user, "crossing-bridge", "closed")
    await sees(user, "crossings.bridge.status=closed")
    await settled(user)
    assert "Farside" in text_of(user)
    set_value(user, "crossing-bridge", "limited")
    set_value(user, "per-day-bridge", 20)
    await sees(user, "crossings.bridge.people_per_day=20")
    set_value(user, "crossing-bridge", "leaking")
    set_value(user, "rate-bridge", 0.5)
    await sees(user, "crossings.bridge.pass_rate=0.5")
    set_value(user, "crossing-bridge", "")
    await sees(user, "Nothing is changed yet.")


async def test_what_if_posts(user):
    await user.open("/what-if?scenario=idlib-2018")
    await sees(user, "Nothing is changed yet.")
    set_value(user, "posts", "ignored")
    await sees(user, "model.posts.effect=0")


async def test_what_if_camps(user):
    await user.open("/what-if?scenario=crossroads")
    await sees(user, "Nothing is changed yet.")
    set_value(user, "capacity-Elm Camp", 100)
    await sees(user, "'places.Elm Camp.capacity=100'")
    set_value(user, "capacity-Elm Camp", None)
    await sees(user, "Nothing is changed yet.")
    user.find(marker="new-camp").click()
    await sees(user, "Click on the map")
    user.find(kind=MapElement).trigger("spot", {"lat": 10.02, "lon": 40.02})
    await sees(user, "A new camp")
    with user.client:
        value_of(user, "camp-name").set_value(f"Ash {EVIL}")
        value_of(user, "camp-size").set_value(900)
    user.find(marker="add-camp").click()
    await sees(user, f"Ash {EVIL}: 900 people")
    await settled(user)
    await user.should_not_see("The same on the command line")
    await user.should_see("save it as a scenario first")
    # A second one, after the controls were drawn anew.
    user.find(marker="new-camp").click()
    user.find(kind=MapElement).trigger("spot", {"lat": 10.1, "lon": 40.1})
    await sees(user, "People it can hold")


async def test_what_if_chances(user):
    await user.open("/what-if?scenario=crossroads")
    await sees(user, "Nothing is changed yet.")
    await settled_base(user)
    set_value(user, "chance-attack", 0.4)
    await sees(user, "probability 40 %, was 75 %")
    await sees(user, "No difference: nobody more or fewer is displaced")
    await sees(user, "falls from")
    set_value(user, "chance-calm", 0.9)
    await sees(user, "probability 90 %, was 25 %")


NAMES = ("deal", "first-stage", "staged", "turkish-led")


def chances_of(user, courses):
    """Give what the sliders of the courses stand at, in %, and check that they say so."""
    sliders = [value_of(user, f"chance-{name}") for name in courses]
    for each in sliders:
        said = each._props["aria-valuetext"]
        assert said == f"{round(each.value * 100, 1):g} %"
        assert said in text_of(user).split("\n")
    return [round(each.value * 100, 1) for each in sliders]


@pytest.mark.parametrize(
    ("moves", "stand_at"),
    [
        ([("staged", 0.5), ("deal", 0.7)], [70, 11.5, 11.5, 6.9]),  # stood at 160 %, or 135 % after a reload
        ([("staged", 0.85)], [7, 5, 85, 3]),
        ([("deal", 0.1), ("first-stage", 0.25)], [10, 25, 40.6, 24.4]),  # one is set to what it was
        ([("deal", 0.4), ("staged", 0.2), ("first-stage", 0.1)], [40, 10, 20, 30]),
        (
            [("deal", 0.1), ("staged", 0.1), ("first-stage", 0.1), ("turkish-led", 0.1)],
            [37.1, 26.5, 26.5, 10],
        ),
        ([("staged", 1.0), ("deal", 0.35)], [35, 25, 25, 15]),
    ],
)
async def test_sliders_of_chances_stand_at_what_is_used(user, moves, stand_at):
    await user.open("/what-if?scenario=idlib-2018")
    await sees(user, "Nothing is changed yet.")
    for name, value in moves:
        set_value(user, f"chance-{name}", value)
    await sees(user, f"probability {stand_at[-1]:g} %")
    await until(lambda: chances_of(user, NAMES) == stand_at)
    for each in stand_at:
        await sees(user, f"probability {each:g} %")
    assert sum(stand_at) == pytest.approx(100, abs=0.15)


@pytest.mark.parametrize(
    ("chances", "stand_at"),
    [
        ({"deal": 0.7}, [70, 11.5, 11.5, 6.9]),
        ({"deal": 0.5, "turkish-led": 0.5}, [50, 0, 0, 50]),
        ({"deal": 0.7, "staged": 0.5}, [35, 25, 25, 15]),  # more than 100 %: said, and not used
        ({"nothing": 0.7}, [35, 25, 25, 15]),
    ],
)
async def test_sliders_of_chances_stand_at_what_a_link_uses(user, chances, stand_at):
    await user.open(f"/what-if?scenario=idlib-2018&levers={Levers(chances=chances).to_text()}")
    await sees(user, "Talks succeed")
    await until(lambda: chances_of(user, NAMES) == stand_at)
    set_value(user, "chance-deal", 0.61)
    await until(lambda: chances_of(user, NAMES) == [61, 15, 15, 9])


async def settled_base(user):
    await sees(user, "forewarn outlook crossroads --members 60 --seed 7")


async def test_what_if_links_saving_and_outlooks(user, service):
    levers = Levers(later={"attack": 12}).to_text()
    await user.open(f"/what-if?scenario=crossroads&course=attack&day=20&levers={levers}")
    await sees(user, "12 days later")
    await sees(user, "21 March 2024 · day 20")
    assert value_of(user, "later-attack").value == 12
    user.find(marker="course-calm").click()
    await sees(user, "No difference")
    user.find(marker="save").click()
    await until(lambda: len(service.workspace.entries()) == BUNDLED + 1)
    assert service.workspace.entries()[0].title == "The crossroads (teaching example) (changed)"
    await until(lambda: user.back_history and "/forecast" in user.back_history[-1])
    await user.open(f"/what-if?scenario=crossroads&levers={levers}")
    await sees(user, "12 days later")
    user.find(marker="outlook").click()
    await sees(user, "All files (.zip)")


@pytest.mark.parametrize("levers", ["{", '{"later":{"attack":12345}}', EVIL])
async def test_broken_levers_in_a_link_are_said(user, levers):
    await user.open(f"/what-if?scenario=crossroads&levers={levers}")
    await sees(user, "That did not work:")
    await sees(user, "Nothing is changed yet.")


async def test_levers_of_another_scenario_are_said(user):
    levers = Levers(later={"staged": 12}).to_text()
    await user.open(f"/what-if?scenario=crossroads&levers={levers}")
    await sees(user, "unknown name 'staged'")


async def test_another_scenario_is_chosen(user):
    await user.open("/forecast?scenario=crossroads")
    with user.client:
        value_of(user, "choose-scenario").set_value("idlib-2018")
    await until(lambda: user.back_history and "idlib-2018" in user.back_history[-1])


async def test_a_report_becomes_a_draft(user, service, report):
    await user.open("/")
    with user.client:
        value_of(user, "report-text").set_value(report + EVIL)
        value_of(user, "report-issued").set_value("2024-03-01")
    user.find(marker="draft").click()
    await sees(user, "A draft: correct it before anybody relies on it.")
    await user.should_see("What each part rests on")
    await user.should_see("700,000")
    assert service.workspace.entries()[0].origin == "drafted"


@pytest.mark.parametrize(
    ("text", "issued", "said"),
    [
        ("", "", "no text was found"),
        ("Rain is expected in the hills.", "2024-03-01", "offensive"),
        ("An offensive looms.", "soon", "a day such as 2018-08-30"),
    ],
)
async def test_a_report_that_gives_no_draft_is_said(user, text, issued, said):
    await user.open("/")
    with user.client:
        value_of(user, "report-text").set_value(text)
        value_of(user, "report-issued").set_value(issued)
    user.find(marker="draft").click()
    await sees(user, "That did not work:")
    assert said in text_of(user)


async def uploaded(user, mark, name, data):
    from nicegui.elements.upload_files import SmallFileUpload
    from nicegui.events import UploadEventArguments, handle_event

    field = value_of(user, mark)
    with user.client:
        event = UploadEventArguments(
            sender=field, client=user.client, file=SmallFileUpload(name, "text/plain", data)
        )
        for handler in field._upload_handlers:
            handle_event(handler, event)


async def test_files_come_in(user, service, report):
    await user.open("/")
    await uploaded(user, "import-file", "../../x.yaml", dump(load("crossroads")).encode())
    await sees(user, "60 futures, 30 of each course, seed 7")
    assert len(service.workspace.entries()) == BUNDLED + 1
    await user.open("/")
    await uploaded(user, "import-file", "x.exe", b"MZ")
    await sees(user, "That did not work:")
    await uploaded(user, "report-file", "undated.txt", report.replace(", 1 March 2024", "").encode())
    await sees(user, "Say on which day")
    set_value(user, "report-issued", "2024-03-01")
    await uploaded(user, "report-file", f"{EVIL}.txt", report.encode())
    await sees(user, "A draft: correct it before anybody relies on it.")


async def test_own_tables_go_into_a_draft(user, service):
    drafting = Path(__file__).parents[1] / "drafting"
    text = (drafting / "reports" / "march-on-capital.txt").read_text(encoding="utf-8")
    places, roads = (
        (drafting / "zoo" / "accepted-own-format" / name).read_bytes()
        for name in ("places.csv", "routes.csv")
    )
    await user.open("/")
    await uploaded(user, "own-places", f"{EVIL}.csv", places)
    await sees(user, f"Places: {EVIL.rsplit('/', 1)[-1]}.csv, 1 KB")
    await uploaded(user, "own-routes", "roads.csv", roads)
    await sees(user, "Roads: roads.csv, 1 KB")
    user.find(marker="take-roads.csv").click()
    await user.should_not_see("Roads: roads.csv, 1 KB")
    await uploaded(user, "own-routes", "better.csv", roads)
    with user.client:
        value_of(user, "report-text").set_value(text)
        value_of(user, "report-issued").set_value("2023-12-11")
    user.find(marker="draft").click()
    await sees(user, "A draft: correct it before anybody relies on it.")
    entry = service.workspace.entries()[0]
    assert "better.csv (here roads.csv)" in entry.note
    assert any(
        "places-1.csv" in source.title for source in service.workspace.scenario(entry.id).sources.values()
    )


async def test_a_file_that_is_too_large_is_said(user):
    await user.open("/")
    user.find(marker="import-file").trigger("rejected")
    await sees(user, "was not taken")


async def test_a_scenario_is_taken_away(user, service):
    entry = service.workspace.save(load("crossroads").model_copy(update={"title": EVIL}), origin="imported")
    await user.open("/")
    await user.should_see(EVIL)
    user.find(marker=f"take-away-{entry.id}").click()
    user.find(marker="confirm").click()
    await until(lambda: len(service.workspace.entries()) == BUNDLED)


async def test_interrupted_work_is_offered_again(user, service):
    from dataclasses import replace

    with service.jobs._ready:
        job = service.jobs.start(
            "forecast", title="Forecast: x", user="gone", spec={"scenario": "crossroads", "levers": {}}
        )
    await until(lambda: service.jobs.job(job.id).state == "done")
    service.jobs._jobs[job.id] = replace(service.jobs.job(job.id), state="interrupted")
    await user.open("/")
    await user.should_see("Nothing that was saved is lost.")
    user.find(marker=f"restart-{job.id}").click()
    await sees(user, "Started again: Forecast: x")


async def test_downloads(user, service):
    await user.open("/downloads?scenario=crossroads")
    await user.should_see("Nothing yet in this browser.")
    user.find(marker="write").click()
    await sees(user, "All files (.zip)")
    await user.should_see("brief.pdf")
    await user.should_see("The brief: two pages of A4 to hand on")
    await user.should_not_see("Nothing yet in this browser.")
    await user.open("/downloads?scenario=crossroads&job=0123456789abcdef")
    await user.should_see("not found")


async def test_a_job_is_stopped(user, service):
    import threading

    gate = threading.Event()
    for _ in range(service.pool.workers):
        service.pool.submit("somebody", gate.wait)
    await user.open("/downloads?scenario=crossroads")
    user.find(marker="write").click()
    await sees(user, "writing the outlook")
    await until(lambda: any(job.state == "running" for job in service.jobs.of_user(_user(service))))
    user.find(marker="stop-job").click()
    gate.set()
    await sees(user, "Stopped.")


def _user(service):
    return next(iter(service.jobs._jobs.values())).user


async def test_evidence(user, service, report):
    await user.open("/evidence")
    await user.should_see("The ledger is empty.")
    user.find(marker="verify").click()
    await sees(user, "0 entries: nothing was changed")
    with user.client:
        value_of(user, "report-text").set_value(report + EVIL)
        value_of(user, "report-issued").set_value("2024-03-01")
    user.find(marker="enter").click()
    await sees(user, "Entered as entry 2")
    await sees(user, "Entry 2: reading")
    await user.should_see("statements")
    user.find(marker="verify").click()
    await sees(user, "2 entries: nothing was changed, removed, inserted or reordered.")
    user.find(marker="entry-1").click()
    await sees(user, "Entry 1: document")
    set_value(user, "kind", "incident")
    await sees(user, "Nothing is like that.")
    set_value(user, "kind", "")
    set_value(user, "actor", "nobody at all")
    await sees(user, "Nothing is like that.")
    set_value(user, "actor", "")
    set_value(user, "place", "Idlib")
    await sees(user, "reading")
    await user.open("/evidence?entry=2&kind=reading")
    await sees(user, "Entry 2: reading")
    await user.open("/evidence?entry=99")
    await sees(user, "is not in the ledger")


async def test_a_report_file_is_entered_and_contacts_are_refused_or_masked(user, service):
    await user.open("/evidence")
    text = b"Reporting by Ann, ann.bell@example.org, on 1 March 2024. About 3,000 people fled Idlib, the mayor said."
    await uploaded(user, "report-file", "r.txt", text)
    await sees(user, "That did not work:")
    set_value(user, "mask", True)
    await uploaded(user, "report-file", "r.txt", text)
    await sees(user, "Entered as entry 3")
    assert b"ann.bell" not in service.workspace.ledger.read_bytes()


COUNTS = "date,place,measure,people,error\n2024-03-14,Elm Camp,arrivals,300,0.1\n2024-03-14,anywhere,displaced,3000,0.1"


async def test_observations(user, service):
    await user.open("/observations?scenario=crossroads")
    user.find(marker="update").click()
    await sees(user, "That did not work:")
    set_value(user, "counts", "date,place,measure,people\n2024-03-14,Nowhere,arrivals,-5")
    user.find(marker="update").click()
    await sees(user, "'-5'")
    user.find(marker="example").click()
    assert "Elm Camp,arrivals,4000" in value_of(user, "counts").value
    set_value(user, "counts", COUNTS)
    user.find(marker="update").click()
    await sees(user, "What the counts have changed")
    await user.should_see("Chances of the courses")
    await user.should_see("probability over 99 %, was 75 %")
    await user.should_see("With the counts")
    await user.should_see("People displaced, with the counts")
    await user.should_see("Elm Camp: arrivals, with the counts")
    drawn = [each._props["chart"] for each in user.find(kind=ChartElement).elements]
    dots = [
        [shape["path"].count("Z") for shape in chart["shapes"] if shape["style"] == "dot"] for chart in drawn
    ]
    assert dots == [[1]] * 4
    await user.should_see("forewarn update crossroads counts.csv --members 60 --seed 7")
    user.find(marker="course-calm").click()
    set_value(user, "side", "before")
    await sees(user, "Before: median (9 in 10 of 30 futures)")
    (job,) = service.jobs.of_user(_user(service))
    await user.open(f"/observations?scenario=crossroads&job={job.id}&course=attack")
    await sees(user, "which learnt from 2 counts")
    assert value_of(user, "counts").value == COUNTS
    await user.open(f"/downloads?scenario=crossroads&job={job.id}")
    await sees(user, "observed.csv")


async def updated(user, service):
    await user.open("/observations?scenario=crossroads")
    set_value(user, "counts", COUNTS)
    user.find(marker="update").click()
    await sees(user, "What the counts have changed")
    return service.jobs.of_user(_user(service))[0]


async def test_pages_show_the_chances_that_counts_leave(user, service):
    job = await updated(user, service)
    learnt = service.update_summary(job.id, user=job.user)
    after = {each.name: each.probability.typical() for each in learnt.after.scenario.courses}
    assert after["attack"] > 0.99
    # The forecast is that of the update: its answer, its chances, its people.
    await user.open("/forecast?scenario=crossroads")
    await sees(user, "With counts up to 14 March 2024: it starts from them")
    await sees(user, learnt.answer[0])
    await user.should_see("probability over 99 %, was 75 %")
    await user.should_see("forewarn update crossroads counts.csv --members 60 --seed 7")
    await user.should_not_see("The chances are assumptions of the scenario.")
    await user.should_see(
        "Ruled out (chance up to 0.1 % with the counts), so without figures here: Nothing happens."
    )
    set_value(user, "choose-place", 1)
    await sees(user, "Where they came from, 30 April 2024")
    # What if starts from these chances.
    await user.open("/what-if?scenario=crossroads")
    await sees(user, "With counts up to 14 March 2024: the courses have the chances that they leave")
    await sees(user, "Nothing is changed yet.")
    assert value_of(user, "chance-attack").value == pytest.approx(after["attack"])
    assert value_of(user, "chance-calm").value == pytest.approx(after["calm"])
    await user.should_see("probability over 99 %")
    set_value(user, "chance-attack", 0.4)
    await sees(user, "probability 40 %, was over 99 %")
    # An outlook with the counts is there already.
    await user.open("/downloads?scenario=crossroads")
    await user.should_see("without your counts up to 14 March 2024")
    await user.should_see("Update: The crossroads")


async def test_a_view_without_the_counts_says_so(user, service):
    job = await updated(user, service)
    await user.open("/forecast?scenario=crossroads&counts=none")
    await sees(user, "Without the counts of your update.")
    await sees(user, "The chance of one is an assumption: 75 %.")
    await user.open("/what-if?scenario=crossroads&counts=none")
    await sees(user, "Without the counts of your update.")
    assert value_of(user, "chance-attack").value == 0.75
    await user.open("/forecast?scenario=idlib-2018")
    await user.should_not_see("With counts")
    await user.open(f"/forecast?scenario=crossroads&counts={job.id}")
    await sees(user, "With counts up to 14 March 2024")
    for elsewhere in (f"idlib-2018&counts={job.id}", "crossroads&counts=0123456789abcdef"):
        await user.open(f"/forecast?scenario={elsewhere}")
        await sees(user, "It is not there:")


async def test_the_newest_counts_hold_and_only_for_who_gave_them(user, service):
    old = await updated(user, service)
    new = service.start_update("crossroads", COUNTS.replace("2024-03-14", "2024-03-20"), user=old.user)
    await until(lambda: service.jobs.job(new.id).state == "done")
    assert service.update("crossroads", user=old.user).job == new.id
    assert service.update("crossroads", user="somebody else") is None
    assert service.update("crossroads", user="somebody else", wanted=new.id).job == new.id
    await user.open("/forecast?scenario=crossroads")
    await sees(user, "With counts up to 20 March 2024")
    # An update whose files are gone gives way to the one before.
    (service.workspace.folder / "updates" / new.id / "lesson.json").unlink()
    assert service.update("crossroads", user=old.user).job == old.id


async def test_what_is_made_of_chances_that_counts_leave_has_them(user, service):
    job = await updated(user, service)
    update = service.update("crossroads", user=job.user)
    levers = Levers(later={"attack": 5})
    saved = service.save_changed("crossroads", levers, update)
    kept = {each.name: each.probability.value for each in service.workspace.scenario(saved.id).courses}
    assert kept == pytest.approx(dict(update.chances))
    assert "chances with the counts up to 2024-03-14" in saved.note
    written = service.start_outlook("crossroads", user="me", levers=levers, update=update)
    await until(lambda: not service.jobs.job(written.id).is_active)
    assert service.jobs.job(written.id).state == "done"
    page = service.outlook_file(written.id, "index.html").read_text(encoding="utf-8")
    assert "75 %" not in page.split("</h1>")[1][:1500]
    found = service.compare("crossroads", levers, user="me", update=update)
    base, changed = found.chance_of_more(0)
    assert base == pytest.approx(update.chances["attack"], abs=1e-6)
    assert changed == pytest.approx(base)


async def test_another_series_of_counts_is_chosen(user):
    await user.open("/observations?scenario=crossroads")
    set_value(user, "counts", f"{COUNTS}\n2024-03-14,Valley,present,2000,0.1")
    user.find(marker="update").click()
    await sees(user, "Valley: newly displaced people there, with the counts")
    set_value(user, "series", 2)
    await sees(user, "Elm Camp: arrivals, with the counts")
    await user.should_not_see("Valley: newly displaced people there, with the counts")


async def test_a_table_of_counts_is_chosen(user):
    await user.open("/observations?scenario=crossroads")
    await uploaded(user, "counts-file", "c.csv", COUNTS.encode("utf-8-sig"))
    await until(lambda: value_of(user, "counts").value == COUNTS)
    await uploaded(user, "counts-file", "c.csv", b"\xff\xfe\x00")
    await sees(user, "is not text in UTF-8")


async def test_two_visitors_do_not_see_each_other(service):
    import httpx
    from nicegui import core
    from nicegui.testing import User

    async with user_simulation() as one:
        register(service, signed_in=False)
        other = User(httpx.AsyncClient(transport=httpx.ASGITransport(core.app), base_url="http://test"))
        await one.open("/what-if?scenario=crossroads")
        await other.open("/what-if?scenario=crossroads")
        await sees(one, "Nothing is changed yet.")
        await sees(other, "Nothing is changed yet.")
        set_value(one, "later-attack", 20)
        await sees(one, "20 days later")
        await sees(other, "Nothing is changed yet.")
        assert value_of(other, "later-attack").value == 0
        Client.page_routes.clear()
    service.close()
