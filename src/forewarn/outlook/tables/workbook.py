"""The tables as one workbook, for people who live in spreadsheets."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from html import escape
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Final
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from forewarn.csvfiles import harmless
from forewarn.outlook.tables.sheets import Column, OutlookSheet

if TYPE_CHECKING:
    from xlsxwriter import Workbook

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
MOST_ROWS: Final = 1_048_576
"""Of a sheet, its head included; what is more stands in the CSV files."""
_STYLED: Final = re.compile(r'<c r="([A-Z]+)2" s="(\d+)"/>')
_SECOND_ROW: Final = re.compile(r'<row r="2".*?</row>')
_UNSAFE: Final = re.compile(r"_(?=x[0-9a-fA-F]{4}_)|[\x00-\x08\x0b-\x1f]")
"""What XML cannot hold, and what reads as the sign that stands for it."""


def write_workbook(sheets: Sequence[OutlookSheet], about: Sequence[tuple[str, str]], path: Path) -> None:
    """Write sheets with frozen headers and filters, after a first sheet that says what this is.

    XlsxWriter makes all but the rows, which are many and alike: their XML is put in here, row by row, so that
    a large forecast needs no more memory than a small one.

    Parameters
    ----------
    about
        Pairs of a name and what stands beside it.
    """
    from xlsxwriter import Workbook

    empty = io.BytesIO()
    # Text stays text, whatever it looks like.
    with Workbook(empty, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        book.set_properties({"author": "Forewarn", "created": MADE})
        _about(book, sheets, about)
        for sheet in sheets:
            _head(book, sheet)
    tables = {f"xl/worksheets/sheet{number}.xml": sheet for number, sheet in enumerate(sheets, start=2)}
    with ZipFile(empty) as made, ZipFile(path, "w", ZIP_DEFLATED) as whole:
        for entry in made.infolist():
            content, kept = made.read(entry), ZipInfo(entry.filename, entry.date_time)
            kept.compress_type = ZIP_DEFLATED
            with whole.open(kept, "w") as stream:
                filled = _filled(content.decode(), tables[kept.filename]) if kept.filename in tables else ()
                for piece in filled or (content,):
                    stream.write(piece)


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


def _head(book: Workbook, sheet: OutlookSheet) -> None:
    """Make a sheet without its rows; the cells of the second row have the styles of their columns."""
    page = book.add_worksheet(sheet.name)
    for number, column in enumerate(sheet.columns):
        longest = max([len(column.name), *(len(row[column.name]) for row in sheet.rows[:200])])
        page.set_column(number, number, min(WIDEST, longest + 3))
    page.freeze_panes(1, 0)
    page.autofilter(0, 0, min(len(sheet.rows), MOST_ROWS - 1), len(sheet.columns) - 1)
    head = book.add_format(
        {"bold": True, "font_color": "#FFFFFF", "bg_color": HEAD_FILL, "valign": "vcenter"}
    )
    for number, column in enumerate(sheet.columns):
        page.write_string(0, number, column.name, head)
        if column.type in FORMATS:
            page.write_blank(1, number, None, book.add_format({"num_format": FORMATS[column.type]}))


def _filled(empty: str, sheet: OutlookSheet) -> Iterator[bytes]:
    """Put the rows into the XML of a sheet that has none."""
    from xlsxwriter.utility import xl_col_to_name

    styles = dict(_STYLED.findall(empty))
    letters = [xl_col_to_name(number) for number in range(len(sheet.columns))]
    cells = [
        _Cells(column, letter, styles.get(letter, ""))
        for column, letter in zip(sheet.columns, letters, strict=True)
    ]
    rows = enumerate(islice(sheet.rows, MOST_ROWS - 1), start=2)
    last = min(len(sheet.rows) + 1, MOST_ROWS)
    ranged = re.sub(r'<dimension ref="[^"]*"', f'<dimension ref="A1:{letters[-1]}{last}"', empty, count=1)
    before, after = _SECOND_ROW.sub("", ranged, count=1).split("</sheetData>")
    yield before.encode()
    for at, row in rows:
        yield f'<row r="{at}">{"".join([each.xml(at, row[each.name]) for each in cells])}</row>'.encode()
    yield f"</sheetData>{after}".encode()


class _Cells:
    """What writes the cells of a column."""

    def __init__(self, column: Column, letter: str, style: str) -> None:
        self.name = column.name
        self._column = column
        self._start = f'<c r="{letter}'
        self._style = f' s="{style}"' if style else ""
        self._known: dict[str, str] = {"": ""}
        """What follows the number of the row, by text: names, dates and probabilities repeat."""

    def xml(self, row: int, text: str) -> str:
        """Give the XML of a cell; nothing for blank text."""
        rest = self._known.get(text)
        if rest is None:
            rest = self._rest(text)
            if self._column.type != "integer":
                self._known[text] = rest
        return f"{self._start}{row}{rest}" if rest else ""

    def _rest(self, text: str) -> str:
        value = cell(text, self._column)
        if isinstance(value, str):
            safe = _UNSAFE.sub(lambda found: f"_x{ord(found[0]):04X}_", value)
            space = ' xml:space="preserve"' if safe != safe.strip() else ""
            return f'"{self._style} t="inlineStr"><is><t{space}>{escape(safe, quote=False)}</t></is></c>'
        number = (value - DAY_0).days if isinstance(value, date) else value
        return f'"{self._style}><v>{number:.16G}</v></c>'
