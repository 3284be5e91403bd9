"""Workbooks (.xlsx), opened in the box: bounded in what they unpack to, with formulas that have no value.

A spreadsheet saves the value of a formula beside it. A library that writes workbooks calculates nothing: it
leaves the value out, or writes 0 and asks for a calculation when the file is opened.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from forewarn.errors import ForewarnError, Problem
from forewarn.intake.archives import names_in

MOST_UNPACKED: Final = 512 * 2**20
"""Bytes of a workbook once it is unpacked; assumption."""
NAMED: Final = 8
"""Cells of a sheet that an error names; the others are counted."""
REMEDY: Final = (
    "Open the file in a spreadsheet program and save it there, or write the value in place of the formula"
)

Cells = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class WorkbookSheet:
    """A sheet of a workbook.

    Parameters
    ----------
    title
        Its name.
    rows
        Its rows of cells, each read when it is asked for.
    without_value
        Cells whose formula has no value, in the rows that were read so far.
    """

    title: str
    rows: Iterator[Cells]
    without_value: list[Any]


def read_sheets(data: bytes, *, name: str) -> Iterator[WorkbookSheet]:
    """Read the sheets of a workbook, one after the other, row by row.

    A sheet may declare a million rows and hold three: its size is not believed, or openpyxl would fill it.

    Parameters
    ----------
    data
        The whole file.
    name
        For errors.

    Raises
    ------
    ForewarnError
        It is no workbook, protected by a password, or too large once unpacked.
    """
    values, formulas = (_opened(data, name, data_only=data_only) for data_only in (True, False))
    recalculate = bool(getattr(values.calculation, "fullCalcOnLoad", None))
    for page, beside in zip(values.worksheets, formulas.worksheets, strict=True):
        page.reset_dimensions()
        beside.reset_dimensions()
        missing: list[Any] = []
        both = zip(page.iter_rows(), beside.iter_rows(), strict=True)
        yield WorkbookSheet(page.title, _rows(both, missing, recalculate=recalculate), missing)


def _opened(data: bytes, name: str, *, data_only: bool) -> Any:  # noqa: ANN401
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        names_in(data, name=name, most_bytes=MOST_UNPACKED)
        return load_workbook(io.BytesIO(data), read_only=True, data_only=data_only)
    except (InvalidFileException, zipfile.BadZipFile, KeyError, OSError, ValueError) as error:
        if isinstance(error, ForewarnError):
            raise
        allowed = "an .xlsx file, not protected by a password"
        raise ForewarnError(Problem(name, "this is not a workbook that can be read", allowed)) from error


def _rows(both: Iterable[tuple[Cells, Cells]], missing: list[Any], *, recalculate: bool) -> Iterator[Cells]:
    for cells, written in both:
        missing += [
            formula
            for cell, formula in zip(cells, written, strict=True)
            if formula.data_type == "f" and _is_unknown(cell, recalculate=recalculate)
        ]
        yield cells


def _is_unknown(cell: Any, *, recalculate: bool) -> bool:  # noqa: ANN401
    """Whether a formula has no value; empty text is one, and has a type of its own."""
    return (cell.value is None and cell.data_type != "str") or (recalculate and cell.value == 0)


def without_value(sheet: str, cells: Sequence[str]) -> Problem:
    """Say that formulas of a sheet, such as ``book.xlsx, sheet 'places'``, have no value."""
    named = ", ".join(cells[:NAMED])
    more = f" and {len(cells) - NAMED:,} more" if len(cells) > NAMED else ""
    what = "a formula without a value: the file was saved by a program that does not calculate"
    return Problem(f"{sheet}, {named}{more}", what, remedy=REMEDY)
