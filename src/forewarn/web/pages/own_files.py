"""A visitor's own tables of places and roads, gathered before a draft is made."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from nicegui import ui

from forewarn.errors import ForewarnError, Problem
from forewarn.web.pages.elements import Text
from forewarn.web.pages.uploading import upload
from forewarn.web.service.incoming import shown_name
from forewarn.web.service.limits import MIB, MOST_DOCUMENT_BYTES
from forewarn.web.service.own_tables import MOST_FILES, TABLE_SUFFIXES, OwnTable, OwnTables

ABOUT: Final = (
    "Without them places come from a country pack or a gazetteer. Take tables (.csv, .tsv, .xlsx), such as "
    "COD or settlement lists, or map extracts (.geojson, .osm, .osm.pbf). Places need names and coordinates; "
    "their people may stand in a second table; roads need from, to and km. "
    f"At most {MOST_DOCUMENT_BYTES // MIB} MB each."
)


class OwnFiles:
    """Two fields for files, and a list of those that were chosen.

    Parameters
    ----------
    on_rejected
        Called when a file is not taken.
    """

    def __init__(self, on_rejected: Callable[[ForewarnError], None]) -> None:
        self.tables = OwnTables()
        self._say = on_rejected
        with (
            ui.expansion("Your own places and roads, if you have any").classes("group"),
            ui.element("div").classes("inside"),
        ):
            Text(
                "p",
                ABOUT,
                classes="soft",
            )
            for label, mark, take in (
                ("Choose places, or their people", "own-places", self._take_places),
                ("Choose roads", "own-routes", self._take_routes),
            ):
                upload(label, TABLE_SUFFIXES, MOST_DOCUMENT_BYTES, take, mark=mark, on_rejected=on_rejected)
            self._list = ui.element("ul").classes("files")

    async def _take_places(self, data: bytes, name: str) -> None:
        if len(self.tables.places) >= MOST_FILES:
            self._say(ForewarnError(Problem("places", "one more file", f"at most {MOST_FILES}")))
            return
        self._set(OwnTables((*self.tables.places, OwnTable(data, name)), self.tables.routes))

    async def _take_routes(self, data: bytes, name: str) -> None:
        self._set(OwnTables(self.tables.places, OwnTable(data, name)))

    def _drop(self, table: OwnTable) -> None:
        rest = tuple(each for each in self.tables.places if each is not table)
        self._set(OwnTables(rest, None if self.tables.routes is table else self.tables.routes))

    def _set(self, tables: OwnTables) -> None:
        self.tables = tables
        self._list.clear()
        roads = [] if tables.routes is None else [("Roads", tables.routes)]
        with self._list:
            for kind, table in (*(("Places", each) for each in tables.places), *roads):
                self._row(kind, table)

    def _row(self, kind: str, table: OwnTable) -> None:
        name = shown_name(table.name)
        with ui.element("li"):
            Text("span", f"{kind}: {name}, {max(1, round(len(table.data) / 1024)):,} KB")
            button = ui.button("Take away", on_click=lambda: self._drop(table)).props("flat dense")
            button.props["aria-label"] = f"Take away {name}"
            button.mark(f"take-{name}")
