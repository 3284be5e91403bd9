"""The list of scenarios, and the ways in: a file, or a report."""

from __future__ import annotations

from datetime import date

from nicegui import ui

from forewarn.errors import ForewarnError, Problem
from forewarn.reading.documents.formats import FORMATS, SUFFIXES
from forewarn.web.pages.elements import Text
from forewarn.web.pages.frame import View, about, away, page, page_frame, show_fault
from forewarn.web.pages.own_files import OwnFiles
from forewarn.web.pages.uploading import upload
from forewarn.web.service.incoming import SCENARIO_SUFFIXES
from forewarn.web.service.limits import MIB, MOST_DOCUMENT_BYTES
from forewarn.web.service.service import Service
from forewarn.web.service.workspace import WorkspaceScenario


def register(service: Service, *, signed_in: bool) -> None:
    """Register the page."""

    @page("/")
    async def scenarios() -> None:
        with page_frame(service, "/", signed_in=signed_in) as view:
            ScenariosPage(view)


class ScenariosPage:
    """One visitor's view of the list."""

    def __init__(self, view: View) -> None:
        self.view = view
        Text("h1", "Scenarios")
        Text(
            "p",
            "A scenario says where people are, which roads and crossings there are, and which courses events "
            "may take. Open one to see who would be displaced, from where, to where and by when.",
        )
        self.faults = ui.element("div")
        self.list = ui.element("div")
        self._show()
        self._interrupted()
        Text("h2", "Add a scenario")
        with ui.element("div").classes("two"):
            self._draw_file()
            self._draw_report()

    def _show(self) -> None:
        self.list.clear()
        with self.list, ui.element("ul").classes("cards"):
            for entry in self.view.service.workspace.entries():
                with ui.element("li").classes("card"):
                    self._card(entry)

    def _card(self, entry: WorkspaceScenario) -> None:
        Text("h2", entry.title)
        Text("span", about(entry), classes="soft")
        if entry.note:
            Text("span", f"From: {entry.note}"[:300], classes="soft")
        with ui.element("div").classes("buttons"):
            ui.link("Open the forecast", self.view.link("/forecast", scenario=entry.id))
            ui.link("What if", self.view.link("/what-if", scenario=entry.id))
            if entry.origin == "drafted":
                ui.link("The draft and its report", self.view.link("/draft", scenario=entry.id))
            if entry.origin != "bundled":
                button = ui.button("Take away", on_click=lambda: self._ask(entry)).props(
                    "flat dense color=negative"
                )
                button.props["aria-label"] = f"Take away {entry.title}"
                button.mark(f"take-away-{entry.id}")

    def _ask(self, entry: WorkspaceScenario) -> None:
        with ui.dialog(value=True) as dialog, ui.card():
            Text(
                "p",
                f"Take “{entry.title}” out of the list? It is kept for a while, unless you "
                "delete it for good with all that was made of it.",
            )
            with ui.row():
                ui.button("Keep it", on_click=dialog.close).props("flat")
                ui.button("Take it away", on_click=lambda: self._take_away(entry, dialog)).props(
                    "color=negative"
                ).mark("confirm")
                ui.button(
                    "Delete for good", on_click=lambda: self._take_away(entry, dialog, for_good=True)
                ).props("flat color=negative").mark("delete")

    def _take_away(self, entry: WorkspaceScenario, dialog: ui.dialog, *, for_good: bool = False) -> None:
        dialog.close()
        service = self.view.service
        try:
            (service.delete if for_good else service.workspace.take_away)(entry.id)
        except ForewarnError as error:
            self._say(error)
        self._show()

    def _interrupted(self) -> None:
        """Offer work that the end of the program interrupted."""
        jobs = self.view.service.jobs.interrupted()
        if not jobs:
            return
        with ui.element("div").classes("draft") as box:
            Text("p", "The program ended while this was being computed. Nothing that was saved is lost.")
            for job in jobs[:5]:
                with ui.element("div").classes("buttons"):
                    Text("span", job.title)
                    button = ui.button("Start again").props("flat dense").mark(f"restart-{job.id}")
                    button.on_click(lambda _, name=job.id: self._restart(name, box))

    def _restart(self, name: str, box: ui.element) -> None:
        try:
            job = self.view.service.jobs.restart(name, user=self.view.user)
        except ForewarnError as error:
            self._say(error)
            return
        box.set_visibility(False)
        ui.notify(f"Started again: {job.title}")

    def _draw_file(self) -> None:
        with ui.element("section"):
            Text("h3", "From a file")
            Text(
                "p",
                "A workbook (.xlsx), a folder packed as .zip, or scenario.yaml; "
                f"at most {MOST_DOCUMENT_BYTES // MIB} MB.",
                classes="soft",
            )
            upload(
                "Choose a scenario file",
                SCENARIO_SUFFIXES,
                MOST_DOCUMENT_BYTES,
                self._import,
                mark="import-file",
                on_rejected=self._say,
            )

    def _draw_report(self) -> None:
        with ui.element("section"):
            Text("h3", "From a report")
            Text(
                "p",
                f"Paste a report of a looming offensive, or choose a file ({FORMATS}). Forewarn reads "
                "it and drafts a scenario, with the sentence behind each part, for you to correct.",
                classes="soft",
            )
            self.text = ui.textarea(label="Text of the report").props(
                "outlined autogrow input-style=max-height:20rem"
            )
            self.text.classes("full").style("width:100%").mark("report-text")
            self.issued = (
                ui.input(label="Published on (YYYY-MM-DD), if not said")
                .props("outlined dense")
                .mark("report-issued")
            )
            self.own = OwnFiles(self._say)
            with ui.element("div").classes("buttons"):
                self.draft_button = ui.button("Draft a scenario", on_click=self._draft_text).mark("draft")
                upload(
                    "Or choose a report file",
                    SUFFIXES,
                    MOST_DOCUMENT_BYTES,
                    self._draft_file,
                    mark="report-file",
                    on_rejected=self._say,
                )

    async def _import(self, data: bytes, name: str) -> None:
        try:
            entry = await away(self.view.service.import_file, data, name)
        except ForewarnError as error:
            self._say(error)
            return
        ui.navigate.to(self.view.link("/forecast", scenario=entry.id))

    async def _draft_text(self) -> None:
        await self._draft(self.text.value or "", "pasted report")

    async def _draft_file(self, data: bytes, name: str) -> None:
        await self._draft(data, name)

    async def _draft(self, data: bytes | str, name: str) -> None:
        self.draft_button.props("loading")
        try:
            issued = read_day(self.issued.value or "")
            entry = await away(self.view.service.draft, data, name, issued=issued, own=self.own.tables)
        except ForewarnError as error:
            self._say(error)
            return
        finally:
            self.draft_button.props(remove="loading")
        ui.navigate.to(self.view.link("/draft", scenario=entry.id))

    def _say(self, error: ForewarnError) -> None:
        show_fault(self.faults, error)


def read_day(text: str) -> date | None:
    """Read a day that somebody typed; nothing if the field is empty.

    Raises
    ------
    ForewarnError
        It is no day.
    """
    if not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError as error:
        raise ForewarnError(Problem("day", f"'{text[:40]}'", "a day such as 2018-08-30")) from error
