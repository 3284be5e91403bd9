"""The JSON interface: the same operations as the pages."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from datetime import date
from typing import Annotated, Any, Final

from fastapi import APIRouter, File, Form, Path, Query, Request, UploadFile
from fastapi.responses import FileResponse, PlainTextResponse, Response

from forewarn.errors import ForewarnError, Problem
from forewarn.outlook.writing import FILES
from forewarn.scenario import dump
from forewarn.web.api.identity import user_of
from forewarn.web.api.models import (
    CountsIn,
    Digest,
    FileOut,
    JobOut,
    Problems,
    ReportIn,
    ReportRead,
    ScenarioIn,
    WhatIfIn,
)
from forewarn.web.service import evidence
from forewarn.web.service.levers import Levers
from forewarn.web.service.limits import MOST_DOCUMENT_BYTES, NotFoundError
from forewarn.web.service.own_tables import OwnTable, OwnTables
from forewarn.web.service.plain_data import (
    build_comparison,
    build_entry,
    build_forecast,
    build_job,
    build_scenario,
    build_update,
)
from forewarn.web.service.service import Service

TAGS: Final = [
    {"name": "Scenarios", "description": "The documents that forecasts are made of."},
    {"name": "Forecasts", "description": "Forecasts and comparisons; long ones are jobs."},
    {"name": "Reports", "description": "What a report says, and a scenario drafted from it."},
    {"name": "Outlooks", "description": "The files of an outlook."},
    {"name": "Evidence", "description": "The ledger: who said what."},
    {"name": "Access", "description": "Who has signed in, and who did what."},
]
WRONG: Final[dict[int | str, dict[str, Any]]] = {
    code: {"model": Problems, "description": said}
    for code, said in (
        (400, "The request cannot be read, or asks for another host."),
        (401, "The password is missing or wrong."),
        (403, "The request comes from another site."),
        (404, "It is not there."),
        (409, "It cannot be done in the state that things are in."),
        (413, "It is too large."),
        (422, "The input is wrong; every problem is listed."),
        (429, "Too many requests; try again later."),
        (503, "A part that is needed is not installed, or the server is not there."),
    )
}

ScenarioName = Annotated[str, Path(max_length=80, description="Id of the list of scenarios.")]
ForGood = Annotated[bool, Query(description="Delete it for good, with all that was made of it.")]
JobName = Annotated[str, Path(max_length=80, description="Id that starting it gave.")]


def make_router(service: Service) -> APIRouter:
    """Make the routes of a service, below ``/api``."""
    router = APIRouter(prefix="/api", responses=WRONG)
    for add in (_scenarios, _forecasts, _jobs, _reports, _outlooks, _evidence):
        add(router, service)
    return router


def _scenarios(router: APIRouter, service: Service) -> None:
    workspace = service.workspace

    @router.get("/scenarios", tags=["Scenarios"])
    def list_scenarios() -> list[dict[str, Any]]:
        """List scenarios: those that were saved, newest first, then the bundled ones."""
        return [build_entry(entry) for entry in workspace.entries()]

    @router.post("/scenarios", tags=["Scenarios"], status_code=201)
    def save_scenario(body: ScenarioIn) -> dict[str, Any]:
        """Save a scenario that is given as text, its tables written in it."""
        return build_entry(service.import_file(body.document.encode("utf-8", "replace"), "scenario.yaml"))

    @router.post("/scenarios/file", tags=["Scenarios"], status_code=201)
    def import_scenario(file: Annotated[UploadFile, File(description="A workbook, a zip archive of a folder, or scenario.yaml.")]) -> dict[str, Any]:  # fmt: skip  # noqa: E501
        """Import a scenario from a file."""
        return build_entry(service.import_file(_content(file), file.filename or ""))

    @router.get("/scenarios/{name}", tags=["Scenarios"])
    def show_scenario(name: ScenarioName) -> dict[str, Any]:
        """Show what is in a scenario, and how much of it is sourced."""
        return build_scenario(workspace.entry(name), workspace.scenario(name))

    @router.get("/scenarios/{name}/document", tags=["Scenarios"], response_class=PlainTextResponse)
    def show_document(name: ScenarioName) -> str:
        """Give a scenario in its explicit form, as YAML."""
        document = dump(workspace.scenario(name))
        workspace.audit.note("exported", name)
        return document

    @router.delete("/scenarios/{name}", tags=["Scenarios"], status_code=204)
    def take_away(name: ScenarioName, for_good: ForGood = False) -> None:
        """Take a saved scenario out of the list, to be kept for a while, or delete it for good."""
        (service.delete if for_good else workspace.take_away)(name)

    @router.get("/taken-away", tags=["Scenarios"])
    def list_taken_away() -> list[dict[str, Any]]:
        """List scenarios that were taken out of the list and are still kept."""
        return [{**build_entry(entry), "taken_away": str(when)} for entry, when in workspace.taken_away()]


def _forecasts(router: APIRouter, service: Service) -> None:
    @router.post("/scenarios/{name}/forecasts", tags=["Forecasts"], status_code=202, response_model=JobOut)
    def start_forecast(request: Request, name: ScenarioName, body: WhatIfIn | None = None) -> dict[str, Any]:
        """Start a whole forecast, and that of the base case beside it where something is changed."""
        levers = body.levers if body else Levers()
        return build_job(service.start_forecast(name, user=user_of(request), levers=levers))

    @router.get("/scenarios/{name}/forecast", tags=["Forecasts"])
    def show_forecast(name: ScenarioName) -> dict[str, Any]:
        """Give the whole forecast of a scenario, once it was made; counts are not in it."""
        found = service.known(name)
        if found is None:
            remedy = f"Start it: POST /api/scenarios/{name}/forecasts"
            raise NotFoundError(Problem("forecast", "was not made yet", remedy=remedy))
        return build_forecast(found)

    @router.post("/scenarios/{name}/preview", tags=["Forecasts"])
    def preview(request: Request, name: ScenarioName) -> dict[str, Any]:
        """Make a small forecast at once."""
        return build_forecast(service.preview(name, user=user_of(request)))

    @router.post("/scenarios/{name}/what-if", tags=["Forecasts"])
    def what_if(request: Request, name: ScenarioName, body: WhatIfIn) -> dict[str, Any]:
        """Compare with a changed scenario, with the same luck, in as many futures as were made before.

        Where none were made the comparison is a preview of some fifty.
        """
        found = service.compare(name, body.levers, user=user_of(request))
        return build_comparison(found, body.levers, service.workspace.entry(name))

    @router.post("/scenarios/{name}/updates", tags=["Forecasts"], status_code=202, response_model=JobOut)
    def start_update(request: Request, name: ScenarioName, body: CountsIn) -> dict[str, Any]:
        """Start a forecast that learns from counts."""
        return build_job(service.start_update(name, body.table, user=user_of(request)))

    @router.get("/updates/{job}", tags=["Forecasts"])
    def show_update(request: Request, job: JobName) -> dict[str, Any]:
        """Say what an update has learnt, with the forecasts before and after."""
        return build_update(service.update_summary(job, user=user_of(request)))

    @router.post("/scenarios/{name}/changed", tags=["Scenarios"], status_code=201)
    def save_changed(name: ScenarioName, body: WhatIfIn) -> dict[str, Any]:
        """Save the changed scenario as a new one."""
        return build_entry(service.save_changed(name, body.levers))


def _jobs(router: APIRouter, service: Service) -> None:
    @router.get("/jobs", tags=["Forecasts"], response_model=list[JobOut])
    def list_jobs(request: Request) -> list[dict[str, Any]]:
        """List the jobs that this browser or address started, newest first."""
        return [build_job(job) for job in service.jobs.of_user(user_of(request))]

    @router.get("/jobs/{job}", tags=["Forecasts"], response_model=JobOut)
    def show_job(job: JobName) -> dict[str, Any]:
        """Say how a job stands."""
        return build_job(service.jobs.job(job))

    @router.delete("/jobs/{job}", tags=["Forecasts"], response_model=JobOut)
    def stop_job(request: Request, job: JobName, for_good: ForGood = False) -> dict[str, Any]:
        """Stop a job; or delete one that is over for good, with its outlook, and say what it was."""
        if for_good:
            stopped = build_job(service.jobs.job(job))
            service.delete_job(job)
            return stopped
        return build_job(service.jobs.stop(job, user=user_of(request)))

    @router.post("/jobs/{job}/restart", tags=["Forecasts"], status_code=202, response_model=JobOut)
    def restart_job(request: Request, job: JobName) -> dict[str, Any]:
        """Start a job that is over again, such as one that the end of the program interrupted."""
        return build_job(service.jobs.restart(job, user=user_of(request)))


def _reports(router: APIRouter, service: Service) -> None:
    @router.post("/reports/read", tags=["Reports"], response_model=ReportRead)
    def read_report(body: ReportIn) -> dict[str, Any]:
        """Read a report: figures, statements, actors, places, events, contradictions. Nothing is kept."""
        reading = service.read_report(body.text, body.name, issued=body.issued)
        return {"reading": reading.model_dump(mode="json")}

    @router.post("/reports/draft", tags=["Reports"], status_code=201)
    def draft(body: ReportIn) -> dict[str, Any]:
        """Draft a scenario from a report and save it, to be corrected."""
        return build_entry(service.draft(body.text, body.name, issued=body.issued))

    @router.post("/reports/draft/file", tags=["Reports"], status_code=201)
    def draft_file(
        file: Annotated[UploadFile, File(description="Text, HTML, PDF, .docx, .odt or .eml.")],
        issued: Annotated[date | None, Form(description="Day it was published.")] = None,
        places: Annotated[
            list[UploadFile] | None, File(description="Your own places: tables or map extracts.")
        ] = None,
        routes: Annotated[
            UploadFile | None, File(description="Your own roads: a table or a map extract.")
        ] = None,
    ) -> dict[str, Any]:
        """Draft a scenario from a report in a file and save it, to be corrected."""
        own = OwnTables(
            tuple(_own_table(each) for each in places or ()), None if routes is None else _own_table(routes)
        )
        return build_entry(service.draft(_content(file), file.filename or "", issued=issued, own=own))


def _outlooks(router: APIRouter, service: Service) -> None:
    @router.post("/scenarios/{name}/outlooks", tags=["Outlooks"], status_code=202, response_model=JobOut)
    def write_outlook(request: Request, name: ScenarioName, body: WhatIfIn | None = None) -> dict[str, Any]:
        """Start writing the files of an outlook."""
        levers = body.levers if body else Levers()
        return build_job(service.start_outlook(name, user=user_of(request), levers=levers))

    @router.get("/outlooks/{job}/files", tags=["Outlooks"])
    def list_files(job: JobName) -> list[FileOut]:
        """List the files of an outlook that was written."""
        return [
            FileOut(name=path.name, bytes=path.stat().st_size, content=FILES.get(path.name, FILES["alerts"]))
            for path in service.outlook_files(job)
        ]

    @router.get("/outlooks/{job}/files/{file}", tags=["Outlooks"], response_class=FileResponse)
    def give_file(job: JobName, file: Annotated[str, Path(max_length=255)]) -> FileResponse:
        """Give one file of an outlook."""
        path = service.outlook_file(job, file)
        service.workspace.audit.note("exported", f"{job}/{path.name}")
        return FileResponse(path, filename=path.name, content_disposition_type="attachment")

    @router.get("/outlooks/{job}/outlook.zip", tags=["Outlooks"], response_class=Response)
    def give_archive(job: JobName) -> Response:
        """Give all files of an outlook in one archive."""
        paths = service.outlook_files(job)
        root = service.workspace.folder / "outlooks" / service.jobs.job(job).id
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            for path in paths:
                archive.write(path, path.relative_to(root).as_posix())
        service.workspace.audit.note("exported", job)
        named = {"Content-Disposition": 'attachment; filename="outlook.zip"'}
        return Response(packed.getvalue(), media_type="application/zip", headers=named)


def _evidence(router: APIRouter, service: Service) -> None:
    ledger = service.workspace.ledger

    @router.get("/ledger/entries", tags=["Evidence"])
    def list_entries(
        kind: Annotated[str, Query(max_length=40)] = "",
        actor: Annotated[str, Query(max_length=200)] = "",
        place: Annotated[str, Query(max_length=200)] = "",
        after: Annotated[int, Query(ge=0, le=2**53, description="Only entries after this number.")] = 0,
        limit: Annotated[int, Query(ge=1, le=500)] = 100,
    ) -> list[dict[str, Any]]:
        """List entries of the ledger, oldest first."""
        return evidence.entries(ledger, kind=kind, actor=actor, place=place, after=after, limit=limit)

    @router.get("/ledger/entries/{number}", tags=["Evidence"])
    def show_entry(number: Annotated[int, Path(ge=1, le=2**53)]) -> dict[str, Any]:
        """Show an entry, what points at it, and how it stands after corrections."""
        return evidence.entry(ledger, number)

    @router.post("/ledger/reports", tags=["Evidence"], status_code=201)
    def enter_report(
        body: ReportIn,
        mask_contacts: Annotated[bool, Query(description="Take contact details out.")] = False,
    ) -> dict[str, Any]:
        """Read a report and enter what it says into the ledger."""
        reading = service.read_report(body.text, body.name, issued=body.issued)
        return evidence.enter(ledger, reading, mask_contacts=mask_contacts)

    @router.get("/ledger/verify", tags=["Evidence"])
    def verify(head: Annotated[Digest | None, Query()] = None) -> dict[str, Any]:
        """Check the chain; with a head that was noted earlier also that it is still there."""
        return evidence.verify(ledger, head)

    @router.get("/ledger/export", tags=["Evidence"], response_class=Response)
    def export() -> Response:
        """Give the whole chain as JSON Lines, which `forewarn ledger verify --export` checks."""
        named = {"Content-Disposition": 'attachment; filename="ledger.jsonl"'}
        service.workspace.audit.note("exported", "ledger")
        return Response(evidence.export(ledger), media_type="application/jsonl", headers=named)


def _own_table(file: UploadFile) -> OwnTable:
    return OwnTable(_content(file), file.filename or "")


def _content(file: UploadFile) -> bytes:
    data = b"".join(_pieces(file))
    if not data:
        raise ForewarnError(Problem("file", "is empty"))
    return data


def _pieces(file: UploadFile) -> Iterator[bytes]:
    size = 0
    while piece := file.file.read(2**20):
        size += len(piece)
        if size > MOST_DOCUMENT_BYTES + 2**20:
            return
        yield piece
