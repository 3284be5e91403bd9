"""CSV files out: one writer, and one rule for cells that a spreadsheet would run."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import IO, Any, Final

# A formula begins with one of these, also in full width, and also behind a sign that the spreadsheets of some
# country take for the end of a cell.
_RUNS: Final = re.compile(r"(?:^|[;,|\t\r\n])[\s\x00]*[=+\-@\uff1d\uff0b\uff0d\uff20]")
_NUMBER: Final = re.compile(r"[+-]?(?:\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|inf|nan)")


def harmless(text: str) -> str:
    """Put an apostrophe before text that a spreadsheet would run as a formula; numbers stay as they are.

    Examples
    --------
    >>> harmless("=1+1"), harmless("a;=1+1"), harmless("-12.5"), harmless("Dana")
    ("'=1+1", "'a;=1+1", '-12.5', 'Dana')
    """
    return f"'{text}" if _RUNS.search(text) and not _NUMBER.fullmatch(text) else text


def as_meant(text: str) -> str:
    """Take away the apostrophe that `harmless` put there.

    Examples
    --------
    >>> as_meant("'=1+1"), as_meant("'s Gravenhage")
    ('=1+1', "'s Gravenhage")
    """
    return text[1:] if text.startswith("'") and harmless(text[1:]) == text else text


class CsvWriter:
    """Writes rows to a stream, with line ends of Unix; the stream must be open with ``newline=""``.

    Parameters
    ----------
    stream
        Where to.
    columns
        Names, written at once, and the order of the cells of rows that are mappings; nothing = no first line.
    """

    def __init__(self, stream: IO[str], columns: Sequence[str] = ()) -> None:
        self._writer = csv.writer(stream, lineterminator="\n")
        self._columns = tuple(columns)
        if columns:
            self.row(columns)

    def row(self, row: Mapping[str, Any] | Iterable[object]) -> None:
        """Write a row; keys that are no column are left out, and cells of nothing are empty."""
        cells = (row.get(name) for name in self._columns) if isinstance(row, Mapping) else row
        self._writer.writerow(harmless(cell) if isinstance(cell, str) else cell for cell in cells)

    def rows(self, rows: Iterable[Mapping[str, Any] | Iterable[object]]) -> None:
        """Write rows; see `row`."""
        for row in rows:
            self.row(row)


def csv_text(rows: Iterable[Mapping[str, Any] | Iterable[object]], columns: Sequence[str] = ()) -> str:
    r"""Write rows as the text of a CSV file; see `CsvWriter`.

    Examples
    --------
    >>> csv_text([{"name": "=Dana", "people": -3}], ["name", "people"])
    "name,people\n'=Dana,-3\n"
    """
    text = io.StringIO(newline="")
    CsvWriter(text, columns).rows(rows)
    return text.getvalue()
