"""Exports: the whole chain as JSON Lines, statements and incidents as a table; and exports checked again."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, Final

from forewarn.csvfiles import CsvWriter
from forewarn.errors import Problem
from forewarn.intake import open_file
from forewarn.ledger.book import Ledger
from forewarn.ledger.canonical_form import BODY_BYTES, LedgerError, canonical
from forewarn.ledger.chain import FORMAT, Row, Verification, verify_rows
from forewarn.ledger.entries import LedgerEntry
from forewarn.ledger.sealing import GONE
from forewarn.replacing import replacing_file

TABLE_COLUMNS: Final = (
    "entry", "what", "kind", "status", "independent_sources", "source", "actor", "said", "hedges", "when",
    "place", "alleged_responsible", "alleged_by", "document", "document_entry", "reader", "entered",
    "corrected_by",
)  # fmt: skip
_LINE_BYTES: Final = 8 * BODY_BYTES
"""Longest line that is read: a body and the salts of all its words (assumption)."""
_HEADER: Final = "forewarn_ledger"


def export_lines(ledger: Ledger, path: Path) -> int:
    """Write all entries as JSON Lines, whole or not at all; give their number.

    The first line names the format; each other line is an entry with all that `verify_export` needs.
    """
    count = 0
    with _replacing(path) as file:
        file.write(canonical({_HEADER: FORMAT}) + "\n")
        for row in ledger.rows():
            file.write(canonical(dict(row)) + "\n")
            count += 1
    return count


def export_table(ledger: Ledger, path: Path) -> int:
    """Write statements and incidents as CSV, whole or not at all; give the number of rows.

    Incidents are given as corrected. Cells that a spreadsheet would run as a formula get an apostrophe.
    """
    count = 0
    with _replacing(path) as file:
        table = CsvWriter(file, TABLE_COLUMNS)
        for row in table_rows(ledger):
            table.row(row)
            count += 1
    return count


def table_rows(ledger: Ledger) -> Iterator[dict[str, Any]]:
    """Give statements and incidents as rows of `TABLE_COLUMNS`."""
    for entry in ledger.entries():
        if entry.kind == "incident":
            yield _incident_row(ledger, entry)
        elif entry.kind == "reading" and entry.about is not None:
            yield from _statement_rows(ledger, entry, ledger.entry(entry.about))


def verify_export(path: str | Path, head: str | None = None) -> Verification:
    """Check the chain in an export, without the database.

    Parameters
    ----------
    path
        Made by `export_lines`.
    head
        A digest noted earlier.

    Raises
    ------
    LedgerError
        The file is no export.
    """
    path = Path(path)
    return verify_rows((row for row in _read(path) if row.get("kind") == "redaction"), _read(path), head)


def _read(path: Path) -> Iterator[Row]:
    number = 0
    with open_file(path, error=LedgerError) as file:
        for number, line in enumerate(_lines(file, path), start=1):  # noqa: B007  (looked at below)
            found = _parsed(line, path, number)
            if number == 1:
                if found != {_HEADER: FORMAT}:
                    raise LedgerError(Problem(str(path), "not an export of a ledger of this format"))
                continue
            yield found
    if not number:
        raise LedgerError(Problem(str(path), "empty", "an export of a ledger"))


def _lines(file: IO[bytes], path: Path) -> Iterator[bytes]:
    while line := file.readline(_LINE_BYTES):
        if len(line) >= _LINE_BYTES:
            raise LedgerError(Problem(str(path), f"a line longer than {_LINE_BYTES:,} bytes"))
        yield line


def _parsed(line: bytes, path: Path, number: int) -> dict[str, Any]:
    try:
        found = json.loads(line)
        is_ours = isinstance(found, dict) and canonical(found).encode() + b"\n" == line
    except (ValueError, RecursionError):
        found, is_ours = {}, False
    if not is_ours:
        raise LedgerError(Problem(f"{path}, line {number}", "not a line that an export has"))
    return dict(found)


def _incident_row(ledger: Ledger, entry: LedgerEntry) -> dict[str, Any]:
    body = ledger.current(entry.sequence)
    corrections = [str(each.sequence) for each in ledger.about(entry.sequence) if each.kind == "correction"]
    return {
        "entry": entry.sequence, "what": "incident", "kind": body["kind"], "status": body["status"],
        "independent_sources": len(body["sources"]), "source": "; ".join(map(str, body["sources"])),
        "said": body["what"], "when": _words(body["when"]), "place": _name(body["place"]),
        "alleged_responsible": body["alleged_responsible"], "alleged_by": body["alleged_by"],
        "entered": entry.time, "corrected_by": " ".join(corrections),
    }  # fmt: skip


def _statement_rows(ledger: Ledger, entry: LedgerEntry, document: LedgerEntry) -> Iterator[dict[str, Any]]:
    text = str(document.body["text"])
    corrections = [str(each.sequence) for each in ledger.about(entry.sequence) if each.kind == "correction"]
    for statement in entry.body.get("statements", ()):
        yield {
            "entry": entry.sequence, "what": "statement", "kind": statement["kind"], "status": "said",
            "source": _span(text, statement["source"]), "actor": statement["actor"],
            "said": " … ".join(_span(text, span) for span in statement["content"]),
            "hedges": "; ".join(str(hedge[0]) for hedge in statement["hedges"]),
            "when": _words(statement["date"]), "document": document.body["name"],
            "document_entry": document.sequence, "reader": entry.reader, "entered": entry.time,
            "corrected_by": " ".join(corrections),
        }  # fmt: skip


def _span(text: str, span: dict[str, Any] | None) -> str:
    return "" if span is None else " ".join(text[span["start"] : span["end"]].split())


def _words(when: dict[str, Any] | None) -> str:
    if not when:
        return ""
    first, last = when.get("earliest"), when.get("latest")
    return str(first) if first and first == last else str(when.get("words") or "")


def _name(place: dict[str, Any] | None) -> str:
    return "" if not place else str(place.get("name") or GONE)


@contextmanager
def _replacing(path: Path) -> Iterator[IO[str]]:
    """Give a file beside `path` that takes its place at the end, or vanishes on an error."""
    if path.is_dir():
        raise LedgerError(Problem(str(path), "a folder", "a file"))
    try:
        with (
            replacing_file(path, private=True) as draft,
            draft.open("w", encoding="utf-8", newline="") as file,
        ):
            yield file
    except OSError as error:
        raise LedgerError(Problem(str(path), f"cannot be written: {error.strerror}")) from error
