"""The ledger of the workspace, as plain data."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

from forewarn.errors import ForewarnError, Problem, nearest
from forewarn.ledger import KINDS, EntryKind, Ledger, LedgerError, export_lines, open_ledger
from forewarn.web.service.limits import NotFoundError

if TYPE_CHECKING:
    from forewarn.facts import Reading
    from forewarn.ledger import LedgerEntry

_KIND: dict[str, EntryKind] = {kind: kind for kind in get_args(EntryKind)}


@contextmanager
def _opened(path: Path) -> Iterator[Ledger | None]:
    """Open the ledger if there is one: looking must not make one."""
    if not path.exists():
        yield None
        return
    with open_ledger(path, create=False) as ledger:
        yield ledger


def entries(
    path: Path, *, kind: str = "", actor: str = "", place: str = "", after: int = 0, limit: int = 100
) -> list[dict[str, Any]]:
    """List entries, filtered, oldest first."""
    if kind and kind not in _KIND:
        raise ForewarnError(Problem("kind", f"'{kind}'", nearest(kind, KINDS)))
    found = []
    with _opened(path) as ledger:
        if ledger is None:
            return []
        for each in ledger.entries(kind=_KIND.get(kind), actor=actor, place=place):
            if each.sequence > after:
                found.append(_told(each))
            if len(found) == limit:
                break
    return found


def entry(path: Path, number: int) -> dict[str, Any]:
    """Show an entry, what points at it, and how it stands after corrections."""
    with _opened(path) as ledger:
        if ledger is None:
            raise _no_entry(number)
        try:
            found = ledger.entry(number)
        except LedgerError as error:
            if "not in" in str(error):
                raise _no_entry(number) from error
            raise
        return {
            **_told(found),
            "body": found.body,
            "current": ledger.current(number),
            "about_it": [_told(each) for each in ledger.about(number)],
        }


def reading(path: Path, number: int) -> Reading:
    """Give a reading with the words of its spans."""
    with _opened(path) as ledger:
        if ledger is None:
            raise _no_entry(number)
        return ledger.reading(number)


def enter(path: Path, read: Reading, *, mask_contacts: bool = False) -> dict[str, Any]:
    """Enter what was read; say whether it is new."""
    with open_ledger(path) as ledger:
        try:
            made, is_new = ledger.add_reading(read, mask_contacts=mask_contacts)
        except LedgerError as error:
            raise LedgerError([_for_here(problem) for problem in error.problems]) from error
    return {**_told(made), "new": is_new}


def _for_here(problem: Problem) -> Problem:
    """Name the switch of the page, and the key of the interface, instead of the command line's option."""
    remedy = problem.remedy.replace("add it with --mask-contacts", "let contact details be taken out")
    return replace(problem, remedy=remedy)


def verify(path: Path, head: str | None = None) -> dict[str, Any]:
    """Check the chain."""
    with _opened(path) as ledger:
        if ledger is None:
            return {"ok": head is None, "entries": 0, "head": "", "redacted": 0, "faults": []}
        found = ledger.verify(head)
    return {
        "ok": found.ok,
        "entries": found.entries,
        "head": found.head,
        "redacted": found.redacted,
        "faults": [asdict(problem) for problem in found.faults],
    }


def export(path: Path) -> bytes:
    """Give the whole chain as JSON Lines."""
    with _opened(path) as ledger, tempfile.TemporaryDirectory(prefix="forewarn-") as folder:
        if ledger is None:
            return b""
        target = Path(folder) / "ledger.jsonl"
        export_lines(ledger, target)
        return target.read_bytes()


def _told(each: LedgerEntry) -> dict[str, Any]:
    return {
        "number": each.sequence,
        "time": each.time,
        "kind": each.kind,
        "about": each.about,
        "digest": each.digest,
        "redacted": each.redacted,
        "says": says(each),
    }


def says(each: LedgerEntry) -> str:
    """Say in a line what an entry holds."""
    body = each.body
    if each.kind == "document":
        return f"{body.get('title') or body.get('name', '')}"
    if each.kind == "reading":
        counts = (f"{len(body.get(name, ()))} {name}" for name in ("figures", "statements", "events"))
        return ", ".join(counts)
    if each.kind == "incident":
        return f"{body.get('what', '')}"
    if each.kind in ("correction", "redaction"):
        return f"{body.get('reason', '')}"
    return ""


def _no_entry(number: int) -> NotFoundError:
    return NotFoundError(Problem(f"entry {number}", "is not in the ledger"))
