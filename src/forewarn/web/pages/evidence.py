"""Evidence: what was said and by whom, what contradicts what, and whether anything was changed."""

from __future__ import annotations

from typing import Any, Final

from nicegui import ui

from forewarn.errors import ForewarnError
from forewarn.facts import Reading, Relation
from forewarn.reading.documents.formats import SUFFIXES
from forewarn.web.pages.elements import Text, scrolling
from forewarn.web.pages.frame import View, away, page, page_frame, show_fault
from forewarn.web.pages.marked_text import draw_key, draw_report
from forewarn.web.pages.scenarios import read_day
from forewarn.web.pages.uploading import upload
from forewarn.web.service import evidence
from forewarn.web.service.limits import MOST_DOCUMENT_BYTES
from forewarn.web.service.service import Service

A_PAGE: Final = 50
KINDS: Final = {
    "": "everything",
    "document": "documents",
    "reading": "readings",
    "incident": "incidents",
    "correction": "corrections",
    "redaction": "redactions",
    "observation": "observations",
    "run": "runs",
}


def register(service: Service, *, signed_in: bool) -> None:
    """Register the page."""

    @page("/evidence")
    async def show(
        kind: str = "", actor: str = "", place: str = "", after: str = "", entry: str = "", scenario: str = ""
    ) -> None:
        with page_frame(service, "/evidence", signed_in=signed_in) as view:
            asked = {"kind": kind if kind in KINDS else "", "actor": actor[:200], "place": place[:200]}
            first = int(after) if after.isdecimal() and len(after) < 16 else 0
            await EvidencePage(view, asked, first).load(
                int(entry) if entry.isdecimal() and len(entry) < 16 else 0
            )


class EvidencePage:
    """One visitor's view of the ledger."""

    def __init__(self, view: View, asked: dict[str, str], after: int) -> None:
        self.view = view
        self.path = view.service.workspace.ledger
        self.asked = asked
        self.after = after
        Text("h1", "Evidence")
        Text(
            "p",
            "The ledger keeps what was said and by whom, in a chain that shows any later change. It never "
            "says who did something: only who says so.",
        )
        self.faults = ui.element("div")
        with ui.element("div").classes("buttons"):
            ui.button("Verify the chain", on_click=self._verify).mark("verify")
            self.verdict = Text("span").props('role="status" aria-live="polite"')
        self._draw_filter()
        with ui.element("div").classes("board"):
            self.list = ui.element("section")
            self.shown = ui.element("section").classes("panel")
        Text("h2", "Enter a report")
        self._draw_entry()

    async def load(self, entry: int) -> None:
        """Show the list, and an entry if one is asked for."""
        await self._show_list()
        if entry:
            await self._open(entry)
        else:
            with self.shown:
                Text("p", "Choose an entry of the list to see what it says.", classes="soft")

    def _draw_filter(self) -> None:
        with ui.element("div").classes("buttons"):
            kind = (
                ui.select(KINDS, value=self.asked["kind"], label="Show").props("outlined dense").mark("kind")
            )
            actor = (
                ui.input("Actor", value=self.asked["actor"])
                .props("outlined dense debounce=400")
                .mark("actor")
            )
            place = (
                ui.input("Place", value=self.asked["place"])
                .props("outlined dense debounce=400")
                .mark("place")
            )
            kind.style("min-width: 10rem")

            async def changed() -> None:
                self.asked = {
                    "kind": kind.value or "",
                    "actor": actor.value or "",
                    "place": place.value or "",
                }
                self.after = 0
                await self._show_list()
                self._remember()

            for field in (kind, actor, place):
                field.on_value_change(changed)

    def _draw_entry(self) -> None:
        with ui.element("div").classes("two"), ui.element("section"):
            self.text = ui.textarea(label="Text of the report").props(
                "outlined autogrow input-style=max-height:20rem"
            )
            self.text.style("width:100%").mark("report-text")
            self.issued = (
                ui.input(label="Published on (YYYY-MM-DD)").props("outlined dense").mark("report-issued")
            )
            self.mask = ui.switch("Take contact details out before anything is stored").mark("mask")
            with ui.element("div").classes("buttons"):
                ui.button("Read and enter it", on_click=self._enter_text).mark("enter")
            upload(
                "Or choose a report file",
                SUFFIXES,
                MOST_DOCUMENT_BYTES,
                self._enter,
                mark="report-file",
                on_rejected=self._say,
            )

    async def _show_list(self) -> None:
        try:
            rows = await away(evidence.entries, self.path, **self.asked, after=self.after, limit=A_PAGE)
        except ForewarnError as error:
            self._say(error)
            return
        self.list.clear()
        with self.list:
            if not rows:
                empty = (
                    "The ledger is empty."
                    if not any(self.asked.values()) and not self.after
                    else "Nothing is like that."
                )
                Text("p", f"{empty} Enter a report below.", classes="soft")
                return
            with scrolling("Entries of the ledger"), ui.element("table").classes("words"):
                with ui.element("thead"), ui.element("tr"):
                    for name in ("No.", "Entered (UTC)", "Kind", "Says"):
                        Text("th", name).props('scope="col"')
                with ui.element("tbody"):
                    for row in rows:
                        self._row(row)
            if len(rows) == A_PAGE:
                target = self.view.link("/evidence", **self.asked, after=rows[-1]["number"])
                ui.link("Later entries", target)

    def _row(self, row: dict[str, Any]) -> None:
        with ui.element("tr"):
            Text("th", str(row["number"])).props('scope="row"')
            Text("td", str(row["time"])[:16].replace("T", " "))
            Text("td", str(row["kind"]))
            with ui.element("td"):
                button = Text("button", str(row["says"]) or f"entry {row['number']}", classes="link-button")
                button.props('type="button"').mark(f"entry-{row['number']}")
                button.on("click", lambda _, number=row["number"]: self._open(number))

    async def _open(self, number: int) -> None:
        try:
            found = await away(evidence.entry, self.path, number)
            reading = None
            about = number if found["kind"] == "reading" else _reading_of(found)
            if about:
                reading = await away(evidence.reading, self.path, about)
        except ForewarnError as error:
            self._say(error)
            return
        self.shown.clear()
        with self.shown:
            Text("h2", f"Entry {number}: {found['kind']}")
            Text("p", f"Entered {found['time']}; digest {found['digest'][:16]}…", classes="soft")
            if found["redacted"]:
                Text("p", f"{found['redacted']} words or values were taken out.", classes="soft")
            for other in found["about_it"]:
                Text("p", f"Entry {other['number']}, {other['kind']}: {other['says']}", classes="soft")
            if reading is not None:
                draw_reading(reading)
            else:
                draw_body(found["current"])
        self._remember(entry=number)

    async def _verify(self) -> None:
        try:
            found = await away(evidence.verify, self.path)
        except ForewarnError as error:
            self._say(error)
            return
        if found["ok"]:
            said = f"{found['entries']:,} entries: nothing was changed, removed, inserted or reordered."
            head = f" Head: {found['head']}. Keep it elsewhere: only then can a cut tail be found."
            self.verdict.set_text(said + (head if found["entries"] else ""))
            return
        faults = "; ".join(f"{each['where']}: {each['what']}" for each in found["faults"][:5])
        self.verdict.set_text(f"The chain is broken. {faults}")

    async def _enter_text(self) -> None:
        await self._enter(self.text.value or "", "pasted report")

    async def _enter(self, data: bytes | str, name: str) -> None:
        self.faults.clear()
        try:
            issued = read_day(self.issued.value or "")
            reading = await away(self.view.service.read_report, data, name, issued=issued)
            made = await away(evidence.enter, self.path, reading, mask_contacts=bool(self.mask.value))
        except ForewarnError as error:
            self._say(error)
            return
        ui.notify(f"{'Entered as' if made['new'] else 'It was there already:'} entry {made['number']}")
        self.text.set_value("")
        await self._show_list()
        await self._open(made["number"])

    def _say(self, error: ForewarnError) -> None:
        show_fault(self.faults, error)

    def _remember(self, entry: int = 0) -> None:
        self.view.remember(**self.asked, after=self.after or "", entry=entry or "")


def _reading_of(found: dict[str, Any]) -> int:
    """Give the number of the latest reading of a document; 0 if there is none."""
    if found["kind"] != "document":
        return 0
    return max((each["number"] for each in found["about_it"] if each["kind"] == "reading"), default=0)


def draw_reading(reading: Reading) -> None:
    """Draw what a document says: contradictions first, then statements and figures, then its text."""
    document = reading.document
    Text("h3", document.title or document.name)
    issued = f"Published {document.issued}" if document.issued else "Day of publication not known"
    Text("p", f"{issued}; read by {reading.reader}.", classes="soft")
    if reading.relations:
        Text("h3", "What contradicts or supports what")
        with ui.element("ul"):
            for relation in reading.relations:
                Text("li", _related(reading, relation))
    Text("h3", f"{len(reading.statements)} statements")
    with ui.element("ul"):
        for statement in reading.statements:
            source = statement.source.text if statement.source else "source not named"
            hedges = f" ({', '.join(name for name, _ in statement.hedges)})" if statement.hedges else ""
            Text(
                "li",
                f"{source}, {statement.kind}{hedges}: {' … '.join(span.text for span in statement.content)}",
            )
    Text("h3", f"{len(reading.figures)} figures")
    with ui.element("ul"):
        for figure in reading.figures:
            Text("li", f"{figure.span.text}: {figure.term.replace('-', ' ')}, {figure.status}")
    Text("h3", "The text")
    draw_key()
    draw_report(reading)


def _related(reading: Reading, relation: Relation) -> str:
    if relation.of == "statements":
        ends = [reading.statements[at] for at in (relation.second, relation.first)]
        said = [each.source.text if each.source else "somebody not named" for each in ends]
    else:
        said = [reading.figures[at].span.text for at in (relation.second, relation.first)]
    return f"{said[0]} {relation.kind} {said[1]}: {relation.about}"


def draw_body(body: dict[str, Any]) -> None:
    """Draw the fields of an entry."""
    with scrolling("Fields of the entry"), ui.element("table").classes("words"), ui.element("tbody"):
        for name, value in body.items():
            with ui.element("tr"):
                Text("th", name.replace("_", " ")).props('scope="row"')
                Text("td", _said(value))


def _said(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name}: {_said(each)}" for name, each in value.items() if each not in (None, ""))
    if isinstance(value, list):
        return ", ".join(_said(each) for each in value)
    return "" if value is None else str(value)
