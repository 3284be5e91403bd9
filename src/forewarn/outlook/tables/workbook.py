"""The tables as one workbook, for people who live in spreadsheets."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from forewarn.csvfiles import harmless
from forewarn.outlook.tables.sheets import Column, OutlookSheet

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

Cell = str | int | float | date | None

HEAD_FILL: Final = "#1F4E79"
WIDEST: Final = 40
"""Of a column, in characters."""
MADE: Final = datetime(2000, 1, 1)  # noqa: DTZ001  (workbooks hold no time zone)
"""Written as the time of creation, so that the same forecast gives the same file."""
FORMATS: Final = {"integer": "#,##0", "date": "yyyy-mm-dd"}
NUMBERS: Final = ("integer", "number", "date")
DAY_0: Final = date(1899, 12, 30)
"""From which workbooks count days, as of March 1900."""


def write_workbook(sheets: Sequence[OutlookSheet], about: Sequence[tuple[str, str]], path: Path) -> None:
    """Write sheets with frozen headers and filters, after a first sheet that says what this is.

    Row by row, so that a large forecast needs no more memory than a small one.

    Parameters
    ----------
    about
        Pairs of a name and what stands beside it.
    """
    from xlsxwriter import Workbook

    # Text stays text, whatever it looks like.
    plain = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with Workbook(path, {"constant_memory": True, **plain}) as book:
        book.set_properties({"author": "Forewarn", "created": MADE})
        _about(book, sheets, about)
        for sheet in sheets:
            _table(book, sheet)


def cell(text: str, column: Column) -> Cell:
    """Give the value of a cell as its column's type; blank is nothing.

    Examples
    --------
    >>> cell("2018-09-29", Column("day", "date", "", "")), cell("=1+1", Column("place", "string", "", ""))
    (datetime.date(2018, 9, 29), "'=1+1")
    """
    if text == "":
        return None
    if column.type == "integer":
        return int(text)
    if column.type == "number":
        return float(text)
    return date.fromisoformat(text) if column.type == "date" else harmless(text)


def _about(book: Workbook, sheets: Sequence[OutlookSheet], about: Sequence[tuple[str, str]]) -> None:
    page, bold = book.add_worksheet("about"), book.add_format({"bold": True})
    page.set_column(0, 0, 26)
    page.set_column(1, 1, 100)
    meanings = {column.name: column.meaning for sheet in sheets for column in sheet.columns}
    blocks = (
        [(name, harmless(value), (bold, None)) for name, value in about],
        [
            ("Sheet", "What it holds", (bold, bold)),
            *((each.name, each.title, (None, None)) for each in sheets),
        ],
        [
            ("Column", "Meaning", (bold, bold)),
            *((name, meaning, (None, None)) for name, meaning in meanings.items()),
        ],
    )
    at = 0
    for block in blocks:
        for *texts, styles in block:
            for column, (text, style) in enumerate(zip(texts, styles, strict=True)):
                page.write_string(at, column, text, style)
            at += 1
        at += 1  # a blank row between


def _table(book: Workbook, sheet: OutlookSheet) -> None:
    page = book.add_worksheet(sheet.name)
    for number, column in enumerate(sheet.columns):
        longest = max([len(column.name), *(len(row[column.name]) for row in sheet.rows[:200])])
        page.set_column(number, number, min(WIDEST, longest + 3))
    page.freeze_panes(1, 0)
    page.autofilter(0, 0, len(sheet.rows), len(sheet.columns) - 1)
    head = book.add_format(
        {"bold": True, "font_color": "#FFFFFF", "bg_color": HEAD_FILL, "valign": "vcenter"}
    )
    for number, column in enumerate(sheet.columns):
        page.write_string(0, number, column.name, head)
    cells = [_Cells(book, page, column) for column in sheet.columns]
    for at, row in enumerate(sheet.rows, start=1):
        for number, each in enumerate(cells):
            each.write(at, number, row[each.name])


class _Cells:
    """What writes the cells of a column."""

    def __init__(self, book: Workbook, page: Worksheet, column: Column) -> None:
        self.name = column.name
        self._column = column
        self._style = (
            book.add_format({"num_format": FORMATS[column.type]}) if column.type in FORMATS else None
        )
        self._write = page.write_number if column.type in NUMBERS else page.write_string
        self._known: dict[str, float | str] = {}
        """Values by text: names, dates and probabilities repeat in thousands of rows."""

    def write(self, row: int, number: int, text: str) -> None:
        """Write a cell; nothing for blank text."""
        if text == "":
            return
        value = self._known.get(text)
        if value is None:
            value = self._known[text] = _stored(cell(text, self._column))
        self._write(row, number, value, self._style)


def _stored(value: Cell) -> float | str:
    """Give a value as workbooks store it: a day as a count of days."""
    if isinstance(value, date):
        return (value - DAY_0).days
    assert value is not None
    return value
