"""The cells of one row, read field by field; what is wrong with them is collected."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from forewarn.drafting.user_tables.cells import NotANumberError, degrees_of, is_blank, number_of, people_of
from forewarn.drafting.user_tables.columns import Columns
from forewarn.errors import Problem, nearest

KINDS: Final = ("town", "camp", "crossing", "foreign")


class RowCells:
    """Cells of one row; `problems` says what is wrong with those that were read."""

    def __init__(self, table: Columns, number: int, cells: Sequence[str]) -> None:
        self._table, self._number, self._cells = table, number, cells
        self._comma = table.grid.decimal_comma
        self.problems: list[Problem] = []

    @property
    def is_of_everybody(self) -> bool:
        """Whether a row of a table by sex and age is the one that counts everybody."""
        return all(self.text(field).lower() in ("", "all", "total") for field in ("gender", "age"))

    def text(self, field: str) -> str:
        """Text of a field; empty if there is none."""
        text = self._table.cell(self._cells, field)
        return "" if field != "name" and is_blank(text) else text

    def degrees(self, field: str, most: float) -> float:
        """Degrees of latitude (`most` is 90) or longitude (180)."""
        text = self.text(field)
        if not text:
            self._wrong(field, "it is blank", "degrees", "Fill it in, or take the row out")
            return 0.0
        try:
            return degrees_of(text, most, decimal_comma=self._comma)
        except NotANumberError as error:
            self._wrong(field, f"'{text[:40]}'", str(error))
            return 0.0

    def people(self, *fields: str) -> int:
        """People of the first of these fields that the table has; nobody if it is blank."""
        field = next((field for field in fields if field in self._table.at), "")
        text = self.text(field)
        if not text:
            return 0
        try:
            factor = 1000 if field in self._table.thousands else 1
            return people_of(text, decimal_comma=self._comma, factor=factor)
        except NotANumberError as error:
            self._wrong(field, f"'{text[:40]}'", str(error))
            return 0

    def length(self, field: str, factor: float) -> float | None:
        """Length in km, where one unit of the column is `factor` km; nothing if it is blank."""
        text = self.text(field)
        if not text:
            return None
        try:
            found = number_of(text, decimal_comma=self._comma) * factor
        except NotANumberError as error:
            self._wrong(field, f"'{text[:40]}'", str(error))
            return None
        if found <= 0:
            self._wrong(field, f"'{text[:40]}'", "a length above nothing")
            return None
        return found

    def kind(self) -> str:
        """Kind of place; other lists' types of settlement become towns, or camps."""
        text = self.text("kind").lower()
        if not text or text in KINDS:
            return text or "town"
        if self._table.name_of("kind").lower() == "kind":
            self._wrong("kind", f"'{text[:40]}'", nearest(text, KINDS))
        return "camp" if "camp" in text or "site" in text else "town"

    def yes_or_no(self, field: str) -> bool:
        """Whether a cell says yes."""
        return self.text(field).lower() in ("yes", "true", "1")

    def say(self, what: str, allowed: str = "", remedy: str = "") -> None:
        """Collect a problem with the whole row."""
        self.problems.append(Problem(self._table.grid.where(self._number), what, allowed, remedy))

    def _wrong(self, field: str, what: str, allowed: str, remedy: str = "") -> None:
        where = self._table.grid.where(self._number, self._table.name_of(field))
        self.problems.append(Problem(where, what, allowed, remedy))
