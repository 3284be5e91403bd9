"""Downloads: the files of an outlook, one by one or all together."""

from __future__ import annotations

from pathlib import Path

from nicegui import ui

from forewarn.errors import ForewarnError
from forewarn.outlook.format.values import day
from forewarn.outlook.writing import FILES
from forewarn.web.pages.elements import Text, scrolling
from forewarn.web.pages.frame import View, page, page_frame, say_problems, title_of
from forewarn.web.pages.progress import JobLine
from forewarn.web.service.jobs import Job
from forewarn.web.service.service import Service

KIB = 1024


def register(service: Service, *, signed_in: bool) -> None:
    """Register the page."""

    @page("/downloads")
    async def downloads(scenario: str = "", job: str = "", counts: str = "") -> None:
        with page_frame(service, "/downloads", scenario=scenario, counts=counts, signed_in=signed_in) as view:
            title_of(view)
            DownloadsPage(view, job)


class DownloadsPage:
    """One visitor's downloads."""

    def __init__(self, view: View, job: str) -> None:
        self.view = view
        self.shown = ""
        Text("h2", "The files of an outlook")
        Text(
            "p",
            "A page that opens without a network and prints to A4, a brief of two pages, tables for "
            "spreadsheets, layers for QGIS, and the forecast itself. Each can be handed on by itself.",
        )
        if view.update is not None:
            with ui.element("div").classes("notice"):
                until = day(view.update.until)
                Text("p", f"An outlook that is written here is without your counts up to {until}.")
                link = view.link("/downloads", scenario=view.scenario, job=view.update.job)
                ui.link("The outlook with the counts", link)
        with ui.element("div").classes("buttons"):
            ui.button("Write the outlook", on_click=self._write).mark("write")
            document = f"/api/scenarios/{view.scenario}/document"
            ui.link("The scenario as YAML", document).props(f'download="{view.scenario}.yaml"')
            ui.link("The ledger as JSON Lines", "/api/ledger/export")
        self.line = JobLine(view, what="and writing the outlook", on_done=self._done)
        self.faults = ui.element("div")
        self.files = ui.element("div")
        Text("h2", "Written before")
        self.list = ui.element("div")
        self._show_list()
        if job:
            self._open(job)

    def _write(self) -> None:
        self.faults.clear()
        try:
            job = self.view.service.start_outlook(self.view.scenario, user=self.view.user)
        except ForewarnError as error:
            with self.faults:
                say_problems(error)
            return
        self.view.remember(job=job.id)
        self.line.follow(job)

    def _open(self, name: str) -> None:
        """Show an outlook, or how its writing comes along."""
        self.faults.clear()
        try:
            job = self.view.service.jobs.job(name)
            if job.is_active:
                self.line.follow(job)
            else:
                self._show_files(job)
        except ForewarnError as error:
            with self.faults:
                say_problems(error)

    async def _done(self, job: Job) -> None:
        self.line.rest(f"Written, with {job.result.get('members', 0):,} futures.")
        self._show_files(job)
        self._show_list()

    def _show_files(self, job: Job) -> None:
        paths = self.view.service.outlook_files(job.id)
        self.files.clear()
        with self.files:
            Text("h3", job.title)
            with ui.element("div").classes("buttons"):
                ui.link("All files (.zip)", f"/api/outlooks/{job.id}/outlook.zip")
            with scrolling("Files of the outlook"), ui.element("table").classes("words"):
                with ui.element("thead"), ui.element("tr"):
                    for name in ("File", "What is in it", "Size"):
                        Text("th", name).props('scope="col"')
                with ui.element("tbody"):
                    for path in paths:
                        self._row(job, path)
            Text(
                "p",
                "forecast.nc holds small numbers too: do not pass it on. Think before sharing figures by "
                "place: who could use them to block, target or turn back people on the move?",
                classes="note",
            )

    def _row(self, job: Job, path: Path) -> None:
        with ui.element("tr"):
            with ui.element("th").props('scope="row"'):
                ui.link(path.name, f"/api/outlooks/{job.id}/files/{path.name}")
            Text("td", FILES.get(path.name, FILES["alerts"]))
            Text("td", f"{max(1, round(path.stat().st_size / KIB)):,} KB")

    def _show_list(self) -> None:
        jobs = [
            job
            for job in self.view.service.jobs.of_user(self.view.user)
            if job.kind in ("outlook", "update") and job.state == "done"
        ]
        self.list.clear()
        with self.list:
            if not jobs:
                Text("p", "Nothing yet in this browser.", classes="soft")
            for job in jobs[:20]:
                with ui.element("div").classes("buttons"):
                    target = self.view.link("/downloads", scenario=job.spec["scenario"], job=job.id)
                    ui.link(f"{job.title}, {job.finished[:16].replace('T', ' ')} UTC", target)
