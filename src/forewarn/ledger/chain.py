"""The chain: how entries hang together, and what breaks it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from forewarn.errors import Problem
from forewarn.ledger.canonical_form import Json, canonical, parse, sha256
from forewarn.ledger.entries import KINDS, LedgerEntry
from forewarn.ledger.sealing import Seals, body_hash, read_seals

FORMAT: Final = 1
"""Version of what the hashes cover; part of every digest."""
GENESIS: Final = "0" * 64
"""What stands before the first entry; the head of an empty ledger."""
MOST_FAULTS: Final = 100
"""Faults that are listed (assumption: nobody reads more); all are counted."""

COLUMNS: Final = (
    "sequence", "time", "kind", "reader", "document", "about", "body", "seals", "body_hash",
    "previous", "digest",
)  # fmt: skip

Row = Mapping[str, Any]
"""An entry as stored: `COLUMNS` to values; `body` and `seals` are canonical JSON."""


@dataclass(frozen=True, slots=True)
class Verification:
    """What was found when a chain was checked."""

    entries: int
    head: str
    """Digest of the last entry."""
    redacted: int
    """Entries with words taken out."""
    faults: tuple[Problem, ...]
    """At most `MOST_FAULTS`."""
    fault_count: int
    since_head: int | None = None
    """Entries added after the head that was asked for; none if none was asked for or it is not there."""

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong."""
        return self.fault_count == 0


def digest_of(row: Row) -> str:
    """Hash everything of an entry but its body, which stands in by its hash."""
    fixed = ("sequence", "time", "kind", "reader", "document", "about", "body_hash", "previous")
    return sha256(canonical([FORMAT, *(row[name] for name in fixed)]))


def read_entry(row: Row) -> LedgerEntry:
    """Read a stored entry; raise ValueError if its body or seals are not what a ledger writes."""
    body, seals = read_body(row)
    return LedgerEntry(
        **{name: row[name] for name in COLUMNS if name not in ("body", "seals")},
        body=body,
        redacted=len(seals.gone),
    )


def read_body(row: Row) -> tuple[dict[str, Json], Seals]:
    """Read body and seals of a stored entry."""
    if not isinstance(row["body"], str) or not isinstance(row["seals"], str):
        raise ValueError("a body that is not text")  # noqa: TRY004 - one error for all that is unreadable
    body = parse(row["body"])
    if not isinstance(body, dict):
        raise ValueError("a body that is not an object")  # noqa: TRY004
    return body, read_seals(row["seals"])


class Checker:
    """Takes rows in order, first the redactions and then all, and collects faults."""

    def __init__(self, head: str | None = None) -> None:
        self._head = head
        self._allowed: dict[int, set[str]] = {}
        self._faults: list[Problem] = []
        self._count = 0
        self._entries = 0
        self._redacted = 0
        self._previous = GENESIS
        self._time = ""
        self._found_at = 0 if head == GENESIS else None

    def allow(self, row: Row) -> None:
        """Note what a redaction says it took out."""
        try:
            body, _ = read_body(row)
        except (ValueError, KeyError, TypeError):
            return  # found again, and told, by `take`
        target, gone = body.get("redacts"), body.get("leaves")
        if isinstance(target, int) and isinstance(gone, list):
            self._allowed.setdefault(target, set()).update(map(str, gone))

    def take(self, row: Row) -> None:
        """Check the next row of the chain."""
        self._entries += 1
        where = f"entry {self._entries}"
        wrong = _wrong_types(row)
        if wrong:
            self._fault(where, f"its {wrong} is not what a ledger writes")
            self._previous = str(row.get("digest"))
            return
        if row["sequence"] != self._entries:
            self._fault(
                where, f"number {row['sequence']} stands in its place: entries were removed or inserted"
            )
            self._entries = max(self._entries, row["sequence"])
        if row["previous"] != self._previous:
            self._fault(
                where, "it does not follow the entry before it: something was removed, inserted or reordered"
            )
        if row["digest"] != digest_of(row):
            self._fault(where, "its number, time, kind, reader, document or hashes were changed")
        self._check_body(row, where)
        if row["time"] < self._time:
            self._fault(where, f"its time {row['time']} is before that of an entry before it, {self._time}")
        self._time = max(self._time, row["time"])
        self._previous = row["digest"]
        if self._head is not None and row["digest"] == self._head:
            self._found_at = self._entries

    def result(self) -> Verification:
        """Sum up."""
        for target in sorted(target for target in self._allowed if not 1 <= target <= self._entries):
            self._fault(f"entry {target}", "it was redacted and is not there")
        since = None
        if self._head is not None and self._found_at is None:
            remedy = "Entries were cut off, or the chain was written anew, since this head was noted"
            self._fault("head", f"no entry has the digest {self._head}", remedy=remedy)
        elif self._found_at is not None:
            since = self._entries - self._found_at
        return Verification(
            self._entries, self._previous, self._redacted, tuple(self._faults), self._count, since
        )

    def _check_body(self, row: Row, where: str) -> None:
        try:
            body, seals = read_body(row)
            if body_hash(body, seals) != row["body_hash"]:
                self._fault(where, "its body was changed")
        except (ValueError, RecursionError) as error:
            self._fault(where, f"its body was changed: {error}")
            return
        self._redacted += bool(seals.gone)
        allowed = self._allowed.get(row["sequence"], set())
        if set(seals.gone) - allowed:
            self._fault(where, "words were taken out and no redaction says so")
        if allowed - set(seals.gone):
            self._fault(where, "words that were redacted are back")

    def _fault(self, where: str, what: str, *, remedy: str = "") -> None:
        self._count += 1
        if len(self._faults) < MOST_FAULTS:
            self._faults.append(Problem(where, what, remedy=remedy))


def verify_rows(redactions: Iterable[Row], rows: Iterable[Row], head: str | None = None) -> Verification:
    """Check a chain.

    Parameters
    ----------
    redactions
        The rows of kind ``redaction``, in any order.
    rows
        All rows, in order.
    head
        A digest noted earlier: an entry must have it.
    """
    checker = Checker(head)
    for row in redactions:
        checker.allow(row)
    for row in rows:
        checker.take(row)
    return checker.result()


def _wrong_types(row: Row) -> str:
    if set(row) != set(COLUMNS):
        return "set of columns"
    if type(row["sequence"]) is not int:
        return "number"
    if row["about"] is not None and type(row["about"]) is not int:
        return "target"
    for name in COLUMNS:
        if name not in ("sequence", "about") and not isinstance(row[name], str):
            return name
    for name in ("body_hash", "previous", "digest"):
        if not re.fullmatch("[0-9a-f]{64}", row[name]):
            return name
    return "" if row["kind"] in KINDS else "kind"
