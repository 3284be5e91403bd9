"""Values of options that several commands take."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from forewarn.errors import ForewarnError, Problem, UsageError


def parse_day(option: str, text: str | None) -> date | None:
    """Read the day given with an option; None if it was not given.

    Raises
    ------
    UsageError
        The text is not a day.

    Examples
    --------
    >>> parse_day("--as-of", "2018-08-30")
    datetime.date(2018, 8, 30)
    """
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise UsageError(Problem(option, f"'{text}' is not a day", "a day such as 2018-08-30")) from error


def write_text(option: str, path: Path, text: str) -> None:
    """Write the file given with an option, whole or not at all.

    Raises
    ------
    ForewarnError
        It cannot be written.
    """
    from forewarn.replacing import replacing_file

    try:
        with replacing_file(path) as draft:
            draft.write_text(text, encoding="utf-8")
    except OSError as error:
        raise ForewarnError(Problem(option, f"cannot write {path}: {error.strerror}")) from error
