"""How long what is kept is kept: days by kind, from a file of the workspace and the command line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from forewarn.errors import Problem, UsageError, nearest
from forewarn.web.service.files import read_json

KINDS: Final = {
    "scenarios": "saved scenarios with all that was made of them, from saving",
    "readings": "the reports that drafts rest on, from saving",
    "jobs": "what was asked for, with its outlooks and updates, from its end",
    "futures": "computed futures, from their last use",
    "taken-away": "scenarios that were taken out of the list, from then on",
    "audit": "the log of who did what, by whole months",
}
DEFAULTS: Final[Mapping[str, int]] = {"taken-away": 30, "audit": 365}
"""Days (assumption: a mistake is noticed in a month, an incident in a year). Others: until deleted."""
MOST_DAYS: Final = 36_500
FILE: Final = "retention.json"


def read_keeping(folder: Path, given: Iterable[str] = ()) -> dict[str, int]:
    """Give the days by kind: those of the command line, else of the workspace's file, else the usual ones.

    Parameters
    ----------
    folder
        The workspace; ``retention.json`` in it holds an object such as ``{"jobs": 90}``.
    given
        Such as ``jobs=90``.

    Raises
    ------
    UsageError
        A kind that there is not, or no number of days.
    """
    path = folder / FILE
    stored = read_json(path)
    if stored is None and path.exists():
        raise UsageError(Problem(str(path), "is not a JSON object", 'such as {"jobs": 90}'))
    wanted = [(str(path), kind, str(days)) for kind, days in (stored or {}).items()]
    wanted += [("--keep", *_parts(each)) for each in given]
    days, problems = dict(DEFAULTS), []
    for where, kind, text in wanted:
        if kind not in KINDS:
            problems.append(Problem(where, f"{kind[:60]!r}", nearest(kind, tuple(KINDS))))
        elif not (text.isascii() and text.isdigit() and len(text) <= 5 and int(text) <= MOST_DAYS):
            problems.append(Problem(f"{where}, {kind}", f"{text[:60]!r}", f"days, 0 to {MOST_DAYS:,}"))
        else:
            days[kind] = int(text)
    if problems:
        raise UsageError(problems)
    return days


def _parts(text: str) -> tuple[str, str]:
    kind, _, days = text.partition("=")
    return kind.strip(), days.strip()
