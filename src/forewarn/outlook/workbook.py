"""The tables as one workbook, for people who live in spreadsheets."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from forewarn.outlook.sheets import Column, Sheet
from forewarn.outlook.tables import harmless

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

Cell = str | int | float | date | None

HEAD_FILL: Final = "1F4E79"
WIDEST: Final = 40
"""Of a column, in characters."""
MADE: Final = datetime(2000, 1, 1)  # noqa: DTZ001  (workbooks hold no time zone)
"""Written as the time of creation, so that the same forecast gives the same file."""


def write_workbook(sheets: Sequence[Sheet], about: Sequence[tuple[str, str]], path: Path) -> None:
    """Write sheets with frozen headers and filters, after a first sheet that says what this is.

    Parameters
    ----------
    about
        Pairs of a name and what stands beside it.
    """
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    book.properties.creator = "Forewarn"
    book.properties.created = book.properties.modified = MADE
    _about(book.create_sheet("about"), sheets, about)
    for sheet in sheets:
        _table(book.create_sheet(sheet.name), sheet)
    book.save(path)


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


def _about(page: Worksheet, sheets: Sequence[Sheet], about: Sequence[tuple[str, str]]) -> None:
    page.column_dimensions["A"].width = 26
    page.column_dimensions["B"].width = 100
    for name, value in about:
        page.append([_bold(page, name), harmless(value)])
    page.append([])
    page.append([_bold(page, "Sheet"), _bold(page, "What it holds")])
    for sheet in sheets:
        page.append([sheet.name, sheet.title])
    page.append([])
    page.append([_bold(page, "Column"), _bold(page, "Meaning")])
    meanings = {column.name: column.meaning for sheet in sheets for column in sheet.columns}
    for name, meaning in meanings.items():
        page.append([name, meaning])


def _table(page: Worksheet, sheet: Sheet) -> None:
    from openpyxl.styles import Alignment, PatternFill
    from openpyxl.utils import get_column_letter

    for number, column in enumerate(sheet.columns, start=1):
        longest = max([len(column.name), *(len(row[column.name]) for row in sheet.rows[:200])])
        page.column_dimensions[get_column_letter(number)].width = min(WIDEST, longest + 3)
    page.freeze_panes = "A2"
    page.auto_filter.ref = f"A1:{get_column_letter(len(sheet.columns))}{len(sheet.rows) + 1}"
    heads = []
    for column in sheet.columns:
        head = _bold(page, column.name, colour="FFFFFF")
        head.fill = PatternFill("solid", fgColor=HEAD_FILL)
        head.alignment = Alignment(vertical="center")
        heads.append(head)
    page.append(heads)
    formats = {"integer": "#,##0", "date": "yyyy-mm-dd"}
    for row in sheet.rows:
        page.append(
            [
                _formatted(page, cell(row[column.name], column), formats.get(column.type))
                for column in sheet.columns
            ]
        )


def _formatted(page: Worksheet, value: Cell, number_format: str | None) -> object:
    from openpyxl.cell import WriteOnlyCell

    if number_format is None or value is None:
        return value
    made = WriteOnlyCell(page, value=value)
    made.number_format = number_format
    return made


def _bold(page: Worksheet, text: str, *, colour: str = "000000"):  # type: ignore[no-untyped-def]  # noqa: ANN202
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font

    made = WriteOnlyCell(page, value=text)
    made.font = Font(bold=True, color=colour)
    return made
