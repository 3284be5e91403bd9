"""Workbooks (.xlsx): opened in the box, bounded in what they unpack to and in the cells that they declare."""

from __future__ import annotations

import io
import zipfile
from typing import Any, Final

from forewarn.errors import ForewarnError, Problem
from forewarn.intake.files import too_large

MOST_UNPACKED: Final = 512 * 2**20
"""Bytes of a workbook once it is unpacked; assumption."""


def open_workbook(data: bytes, *, name: str) -> Any:  # noqa: ANN401
    """Open a workbook for reading, row by row; formulas give the values that the spreadsheet program kept.

    A sheet may declare a million rows and hold three: rows without a cell are not made up.

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
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            size = sum(entry.file_size for entry in archive.infolist())
        if size > MOST_UNPACKED:
            raise ForewarnError(too_large(f"{name}, unpacked", size, MOST_UNPACKED))
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    except (InvalidFileException, zipfile.BadZipFile, KeyError, OSError, ValueError) as error:
        if isinstance(error, ForewarnError):
            raise
        allowed = "an .xlsx file, not protected by a password"
        raise ForewarnError(Problem(name, "this is not a workbook that can be read", allowed)) from error
    for page in book.worksheets:
        # What the sheet says of its own size is not believed: openpyxl would fill it with empty rows.
        page.reset_dimensions()
    return book
