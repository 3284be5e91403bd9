"""What is deleted is gone, what was kept long enough goes, and contact details are not kept at all."""

import json
import os
import time
from datetime import UTC, datetime, timedelta

import pytest

from forewarn.errors import UsageError
from forewarn.ledger import without_contacts
from forewarn.scenario import dump, load
from forewarn.web.api.guard import Access
from forewarn.web.service.audit import PERSON, Audit
from forewarn.web.service.files import read_json, write_json
from forewarn.web.service.incoming import read_report
from forewarn.web.service.keeping import DEFAULTS, read_keeping
from forewarn.web.service.limits import ConflictError, NotFoundError
from forewarn.web.service.service import Service, Settings
from forewarn.web.service.workspace import Workspace
from tests.web.doors import app_of, client_at

CONTACTS = ("amina@example.org", "+90 555 010 20 30", "0555 010 20 40")
CALL = f"Write to {CONTACTS[0]} or ring {CONTACTS[1]}, a spokesman said. Call 0555 010 20 40 for more.\n"


def files_of(service):
    return [path for path in service.workspace.folder.rglob("*") if path.is_file()]


def texts_of(service):
    return "\n".join(path.read_text(encoding="utf-8", errors="replace") for path in files_of(service))


def wait(service, job):
    end = time.monotonic() + 120
    while service.jobs.job(job.id).is_active:
        assert time.monotonic() < end
        time.sleep(0.05)
    assert service.jobs.job(job.id).state == "done", service.jobs.job(job.id)
    return job


@pytest.fixture
def drafted(service, report):
    return service.draft(report + CALL, "report.txt", issued=None)


def test_contact_details_are_not_kept(service, drafted):
    (reading,) = service.workspace.readings(drafted.id)
    assert "Write to █" in reading.document.text
    kept = texts_of(service)
    assert [each for each in CONTACTS if each in kept] == []
    assert all(
        each.span.text == reading.document.text[each.span.start : each.span.end] for each in reading.figures
    )


def test_covering_changes_nothing_else(report):
    plain = read_report(report, "report.txt", issued=None)
    assert without_contacts(plain) == plain
    covered = without_contacts(read_report(report + CALL, "report.txt", issued=None))
    assert without_contacts(covered) == covered
    assert covered.document.text.startswith(plain.document.text.rstrip())


def test_what_an_older_version_stored_is_covered_at_the_start(service, drafted, report):
    path = service.workspace.folder / "scenarios" / drafted.id / "readings.json"
    plain = read_report(report + CALL, "report.txt", issued=None)
    write_json(path, {"readings": [plain.model_dump(mode="json")]})
    assert CONTACTS[0] in texts_of(service)
    service.upkeep()
    assert [each for each in CONTACTS if each in texts_of(service)] == []


def made_of(service, name):
    """Everything that can be made of a scenario, with words that can be looked for."""
    counts = "date,place,measure,people,error\n2024-03-04,anywhere,displaced,3000,0.5"
    scenario = service.workspace.scenario(name)
    counts = counts.replace("2024-03-04", str(scenario.issued + timedelta(days=3)))
    return [
        wait(service, service.start_forecast(name, user="x")),
        wait(service, service.start_outlook(name, user="x")),
        wait(service, service.start_update(name, counts, user="x")),
    ]


@pytest.fixture
def saved(service):
    scenario = load("crossroads").model_copy(update={"title": "A title that nobody else has"})
    return service.workspace.save(scenario, origin="imported").id


@pytest.mark.slow
@pytest.mark.parametrize("taken_away", [False, True])
def test_deleted_for_good_nothing_is_left(service, saved, taken_away):
    before = {path for path in files_of(service) if path.name != "entry.json"}
    jobs = made_of(service, saved)
    assert any((service.workspace.folder / "futures").iterdir())
    if taken_away:
        service.workspace.take_away(saved)
    service.delete(saved)
    left = [path for path in files_of(service) if path.parent.name != "audit" and path not in before]
    assert left == []
    assert "A title that nobody else has" not in texts_of(service)
    assert service.known("crossroads") is None
    for job in jobs:
        with pytest.raises(NotFoundError):
            service.jobs.job(job.id)
    with pytest.raises(NotFoundError):
        service.delete(saved)


def test_what_is_being_made_is_not_deleted_under_its_feet(service, saved):
    job = service.start_forecast(saved, user="x")
    with pytest.raises(ConflictError, match="Stop"):
        service.delete(saved)
    wait(service, job)
    service.delete(saved)


@pytest.mark.parametrize("name", ["crossroads", "idlib-2018"])
def test_what_comes_with_forewarn_stays(service, name):
    with pytest.raises(ConflictError):
        service.delete(name)
    assert service.workspace.scenario(name)


def test_one_job_can_be_deleted_too(service):
    job = wait(service, service.start_outlook("crossroads", user="x"))
    assert service.outlook_files(job.id)
    service.delete_job(job.id)
    assert not (service.workspace.folder / "outlooks" / job.id).exists()
    assert not (service.workspace.folder / "jobs" / f"{job.id}.json").exists()


def kept(service, **days):
    return Service(
        service.workspace, Settings(members=50, keep={k.replace("_", "-"): v for k, v in days.items()})
    )


@pytest.fixture
def later():
    return datetime.now(UTC) + timedelta(days=31)


def test_what_was_taken_away_goes_after_its_time(service, saved, later):
    service.workspace.take_away(saved)
    one = kept(service, taken_away=30)
    one.upkeep()
    assert len(service.workspace.taken_away()) == 1
    one.upkeep(later)
    assert service.workspace.taken_away() == ()
    assert not any((service.workspace.folder / "taken-away").iterdir())


def test_the_clock_starts_when_it_is_taken_away(service, saved):
    folder = service.workspace.folder / "scenarios" / saved
    os.utime(folder, (0, 0))
    service.workspace.take_away(saved)
    kept(service, taken_away=30).upkeep()
    assert len(service.workspace.taken_away()) == 1


def test_readings_go_and_the_draft_stays(service, drafted, later):
    kept(service, readings=30).upkeep(later)
    assert service.workspace.readings(drafted.id) == ()
    assert service.workspace.scenario(drafted.id)


def test_scenarios_jobs_and_futures_go_after_their_time(service, saved, later):
    job = wait(service, service.start_outlook("crossroads", user="x"))
    wait(service, service.start_forecast("crossroads", user="x"))
    service.upkeep(later)
    assert service.jobs.job(job.id)
    service.settings = Settings(members=100, seed=7, keep={"jobs": 30, "futures": 30, "scenarios": 30})
    service.upkeep()
    assert service.jobs.job(job.id)
    service.upkeep(later)
    assert service.jobs.all() == ()
    assert not any((service.workspace.folder / "outlooks").iterdir())
    assert not any((service.workspace.folder / "futures").iterdir())
    with pytest.raises(NotFoundError):
        service.workspace.entry(saved)


def test_how_long_is_set_in_a_file_or_as_an_option(tmp_path):
    assert read_keeping(tmp_path) == DEFAULTS
    write_json(tmp_path / "retention.json", {"jobs": 90, "taken-away": 7})
    assert read_keeping(tmp_path) == {**DEFAULTS, "jobs": 90, "taken-away": 7}
    assert read_keeping(tmp_path, ["jobs=0"])["jobs"] == 0


@pytest.mark.parametrize(
    "given", ["jobs", "jobs=", "jobs=-1", "jobs=1.5", "jobs=１", "job=1", "=1", "jobs=99999"]
)
def test_what_is_no_time_is_refused(tmp_path, given):
    with pytest.raises(UsageError, match="--keep"):
        read_keeping(tmp_path, [given])
    (tmp_path / "retention.json").write_text("[]", encoding="utf-8")
    with pytest.raises(UsageError, match=r"retention\.json"):
        read_keeping(tmp_path)


def test_the_log_has_a_line_for_everything(service, saved, report):
    client = client_at(app_of(service, Access()))
    PERSON.set("Amina")
    drafted = service.draft(report, "report.txt", issued=None)
    job = wait(service, service.start_outlook("crossroads", user="x"))
    PERSON.set("")
    client.get(f"/api/outlooks/{job.id}/files/brief.pdf")
    client.get(f"/api/outlooks/{job.id}/outlook.zip")
    client.get("/api/ledger/export")
    client.get(f"/api/scenarios/{drafted.id}/document")
    client.delete(f"/api/scenarios/{saved}")
    client.delete(f"/api/scenarios/{saved}?for_good=true")
    client.delete(f"/api/jobs/{job.id}?for_good=true")
    told = [
        (each["person"], each["what"], each["about"])
        for each in reversed(service.workspace.audit.entries(50))
    ]
    assert told == [
        ("", "imported", saved),
        ("Amina", "drafted", drafted.id),
        ("Amina", "ran", job.id),
        ("", "exported", f"{job.id}/brief.pdf"),
        ("", "exported", job.id),
        ("", "exported", "ledger"),
        ("", "exported", drafted.id),
        ("", "taken away", saved),
        ("", "deleted", saved),
        ("", "deleted", job.id),
    ]
    assert "offensive" not in json.dumps(told)


def test_old_months_of_the_log_go_and_half_a_line_is_passed_over(tmp_path):
    audit = Audit(tmp_path / "audit")
    (tmp_path / "audit" / "2024-01.jsonl").write_text('{"what": "old"}\n', encoding="utf-8")
    audit.note("ran", "x")
    with next((tmp_path / "audit").glob(f"{datetime.now(UTC):%Y-%m}.jsonl")).open(
        "a", encoding="utf-8"
    ) as file:
        file.write('{"what": "ha')
    assert [each["what"] for each in audit.entries(10)] == ["ran", "old"]
    audit.forget(datetime(2024, 1, 31, tzinfo=UTC))
    assert len(audit.entries(10)) == 2
    audit.forget(datetime(2024, 3, 5, tzinfo=UTC))
    assert [each["what"] for each in audit.entries(10)] == ["ran"]


def test_a_flood_of_refusals_does_not_fill_the_log(tmp_path):
    audit = Audit(tmp_path / "audit")
    for _ in range(500):
        audit.refused("10.0.0.1")
    assert len(audit.entries(1000)) <= 21


@pytest.mark.parametrize("left", [".0123456789abcdef", ".x.json.77-0123abcd", ".x.draft-0123abcd"])
def test_what_a_kill_left_half_done_is_gone_at_the_next_start(tmp_path, left):
    Workspace(tmp_path).close()
    for folder in ("scenarios", "jobs", "outlooks", "futures"):
        (tmp_path / folder / left).mkdir()
        (tmp_path / folder / left / "file").write_text("half", encoding="utf-8")
    (tmp_path / "outlooks" / ".old.former-0123abcd").mkdir()
    Workspace(tmp_path).close()
    assert [path.name for path in tmp_path.glob("*/*") if path.parent.name != "audit"] == ["old"]
    assert read_json(tmp_path / "x") is None
    assert dump(load("crossroads"))
