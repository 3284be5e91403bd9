"""Cells of a workbook, and formulas whose value nobody has calculated.

A spreadsheet saves the value of a formula beside it. A library that writes workbooks calculates nothing: it
leaves the value out, or writes 0 and asks for a calculation when the file is opened.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from forewarn.errors import Problem

NAMED: Final = 8
"""Cells of a sheet that an error names; the others are counted."""
REMEDY: Final = (
    "Open the file in a spreadsheet program and save it there, or write the value in place of the formula"
)

Cells = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
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


def read_sheets(path: Path, most_columns: int | None = None) -> Iterator[Sheet]:
    """Read the sheets of a workbook, one after the other, up to a column."""
    from openpyxl import load_workbook

    values = load_workbook(path, read_only=True, data_only=True)
    formulas = load_workbook(path, read_only=True)
    recalculate = bool(getattr(values.calculation, "fullCalcOnLoad", None))
    for page, beside in zip(values.worksheets, formulas.worksheets, strict=True):
        missing: list[Any] = []
        both = zip(page.iter_rows(max_col=most_columns), beside.iter_rows(max_col=most_columns), strict=True)
        yield Sheet(page.title, _rows(both, missing, recalculate=recalculate), missing)


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


def without_value(sheet: str, cells: Sequence[Any]) -> Problem:
    """Say that formulas of a sheet, such as ``book.xlsx, sheet 'places'``, have no value."""
    named = ", ".join(cell.coordinate for cell in cells[:NAMED])
    more = f" and {len(cells) - NAMED:,} more" if len(cells) > NAMED else ""
    what = "a formula without a value: the file was saved by a program that does not calculate"
    return Problem(f"{sheet}, {named}{more}", what, remedy=REMEDY)
