"""The ledger: an append-only, hash-chained record of who said what.

>>> import tempfile
>>> from pathlib import Path
>>> from forewarn.ledger import make_incident, open_ledger
>>> with tempfile.TemporaryDirectory() as folder, open_ledger(Path(folder) / "ledger.db") as ledger:
...     entry = ledger.add_incident(
...         make_incident(
...             what="Shelling", when={"words": "May"}, place={"name": "Millbrook"}, sources=["Radio Farside"]
...         )
...     )
...     ledger.verify(ledger.head()).ok
True
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from forewarn.facts import Reading
from forewarn.ledger.book import Ledger
from forewarn.ledger.canonical_form import LedgerError
from forewarn.ledger.chain import GENESIS, Verification
from forewarn.ledger.documents import parse_reading, without_contacts
from forewarn.ledger.entries import (
    KINDS,
    EntryKind,
    Incident,
    IncidentPlace,
    LedgerEntry,
    make_incident,
    parse_when,
)
from forewarn.ledger.exporting import export_lines, export_table, verify_export
from forewarn.ledger.store import Store

__all__ = [
    "GENESIS",
    "KINDS",
    "LedgerEntry",
    "EntryKind",
    "Incident",
    "IncidentPlace",
    "Ledger",
    "LedgerError",
    "Verification",
    "add_incident",
    "add_reading",
    "export_lines",
    "export_table",
    "ledger_head",
    "make_incident",
    "open_ledger",
    "parse_reading",
    "parse_when",
    "verify_export",
    "without_contacts",
]


def open_ledger(where: str | Path, *, create: bool = True) -> Ledger:
    """Open a ledger, or make one.

    Parameters
    ----------
    where
        A path, or a URL such as ``postgresql://user@host/database``.
    create
        Whether a ledger that is not there yet is made.

    Returns
    -------
    Ledger
        To be closed; a context manager.

    Raises
    ------
    LedgerError
        A folder, a file of something else, a ledger of another format.
    MissingPartError
        PostgreSQL is asked for, and psycopg or the server is missing.
    """
    return Ledger(Store(where, create=create))


def add_reading(
    where: str | Path | Ledger, reading: Reading, *, mask_contacts: bool = False
) -> tuple[LedgerEntry, bool]:
    """Add what was read to a ledger, made if missing (`Ledger.add_reading`)."""
    with _opened(where) as ledger:
        return ledger.add_reading(reading, mask_contacts=mask_contacts)


def add_incident(where: str | Path | Ledger, incident: Incident) -> LedgerEntry:
    """Add an incident to a ledger, made if missing (`Ledger.add_incident`)."""
    with _opened(where) as ledger:
        return ledger.add_incident(incident)


def ledger_head(where: str | Path) -> str:
    """Give the digest of the last entry of a ledger, for the record of a run."""
    with open_ledger(where, create=False) as ledger:
        return ledger.head()


@contextmanager
def _opened(where: str | Path | Ledger) -> Iterator[Ledger]:
    if isinstance(where, Ledger):
        yield where
    else:
        with open_ledger(where) as ledger:
            yield ledger
