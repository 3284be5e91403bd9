"""Days as people give them."""

from __future__ import annotations

from datetime import date

from forewarn.errors import Problem, UsageError


def as_date(given: date | str, *, name: str) -> date:
    """Give the day that was given as a date or as text.

    Raises
    ------
    UsageError
        The text is not a date; `name` says of which argument.

    Examples
    --------
    >>> as_date("2018-08-30", name="issued")
    datetime.date(2018, 8, 30)
    """
    if isinstance(given, date):
        return given
    try:
        return date.fromisoformat(given)
    except ValueError as error:
        raise UsageError(Problem(name, f"'{given}' is not a date", "a date such as 2018-08-30")) from error
