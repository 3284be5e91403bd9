"""The ledger: open, add, correct, redact, list, verify."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from types import TracebackType
from typing import Any, Self

import sqlalchemy as sa

from forewarn.errors import Problem
from forewarn.facts import Reading
from forewarn.ledger import store
from forewarn.ledger.admitting import admit, check_label, check_reason, masked_keys
from forewarn.ledger.canonical_form import Json, LedgerError, canonical, check_body
from forewarn.ledger.chain import GENESIS, Row, Verification, digest_of, read_body, read_entry, verify_rows
from forewarn.ledger.correcting import applied, check_changes, correction_body, settle
from forewarn.ledger.documents import document_body, reading_body, whole_reading
from forewarn.ledger.entries import EntryKind, Incident, LedgerEntry, as_body
from forewarn.ledger.filtering import Filter
from forewarn.ledger.redacting import covered_keys, in_correction, in_reading, names_in, taken_words
from forewarn.ledger.sealing import body_hash, new_seals, redact

CONTACTS = "contact details, taken out on entry"


class Ledger:
    """An append-only, hash-chained record. Made by `open_ledger`; a context manager.

    Parameters
    ----------
    rows
        The database.
    """

    def __init__(self, rows: store.Store) -> None:
        self._store = rows
        self.name = rows.name

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<Ledger {self.name!r}>"

    def close(self) -> None:
        """Let go of the database."""
        self._store.close()

    def add_reading(self, reading: Reading, *, mask_contacts: bool = False) -> tuple[LedgerEntry, bool]:
        """Add a document and what was read in it, unless both are there.

        Parameters
        ----------
        reading
            Spans are kept by their offsets; their words stand in the document's entry alone.
        mask_contacts
            Take contact details out before anything is stored, instead of refusing the document.

        Returns
        -------
        tuple
            The entry of the reading, and whether it is new.

        Raises
        ------
        LedgerError
            Contact details in it; too large; a document that was redacted before; spans that do not
            fit the text.
        """
        where, sha = reading.document.name, reading.document.sha256
        text, facts = document_body(reading), reading_body(reading)
        persons = tuple(actor.name for actor in reading.actors if actor.kind == "person")
        for body in (text, facts):
            admit(body, where, persons=persons, may_mask=mask_contacts)
        with self._store.writing() as connection:
            document = self._document(connection, reading, text, persons)
            about = store.ENTRIES.c.about == document.sequence
            gone = masked_keys(facts, persons) | in_reading(facts, taken_words(text, document.body))
            kept = redact(facts, new_seals(), gone)[0]
            for row in store.rows(connection, about, store.ENTRIES.c.kind == "reading"):
                if row["reader"] == reading.reader and read_body(row)[0] == kept:
                    return read_entry(row), False
            row = _append(
                connection,
                "reading",
                facts,
                reader=reading.reader,
                document=sha,
                about=document.sequence,
                gone=gone,
            )
            return read_entry(row), True

    def add_incident(self, incident: Incident) -> LedgerEntry:
        """Add an incident that somebody reports, entered by hand."""
        return self._add("incident", as_body(incident))

    def add_observation(self, body: Mapping[str, object]) -> LedgerEntry:
        """Add an observation: any JSON object, such as a row of a count with its source."""
        return self._add("observation", dict(body))

    def add_run(self, body: Mapping[str, object]) -> LedgerEntry:
        """Add the record of a run of Forewarn, such as its `run.json`."""
        return self._add("run", dict(body))

    def correct(
        self, entry: int, changes: Mapping[str, object], *, reason: str, source: str = ""
    ) -> LedgerEntry:
        """Add an entry that says what is wrong with an older one; the older one stays as it is.

        Parameters
        ----------
        entry
            Number of the entry.
        changes
            Dotted path of a field, such as ``place.name`` or ``sources.0``, to what should stand there.
        reason, source
            Why, and on whose word.

        Raises
        ------
        LedgerError
            No such entry or field, a redacted field, or an incident that would break the rules for incidents.
        """
        check_reason(reason)
        with self._store.writing() as connection:
            target = self._row(connection, entry)
            body, seals = read_body(target)
            earlier = [read_body(row)[0] for row in _corrections(connection, entry)]
            settled = settle(target["kind"], changes)
            check_changes(entry, target["kind"], body, seals, settled, earlier)
            new = correction_body(entry, settled, reason=reason, source=source)
            admit(new, f"correction of entry {entry}", by_hand=True)
            return read_entry(
                _append(connection, "correction", new, document=target["document"], about=entry)
            )

    def redact(
        self,
        entry: int,
        *,
        reason: str,
        spans: Sequence[tuple[int, int]] = (),
        fields: Sequence[str] = (),
        words: Sequence[str] = (),
    ) -> list[LedgerEntry]:
        """Take words out of an entry for good; hashes stay, and the redaction is an entry itself.

        Parameters
        ----------
        entry
            Number of the entry.
        reason
            Why; it must not say what was taken out.
        spans
            Of a document: characters of its text, half open. Whole words go.
        fields
            Dotted paths; everything below a path goes.
        words
            Every string of the entry in which they stand loses them, in any case.

        Returns
        -------
        list of Entry
            The redactions: of the entry itself, of readings of the same document that repeat the words, and
            of corrections of the same fields.

        Raises
        ------
        LedgerError
            No such entry, field or words; a redaction; a reason that repeats the words.
        """
        check_reason(reason)
        with self._store.writing() as connection:
            row = self._row(connection, entry)
            if row["kind"] == "redaction":
                raise LedgerError(Problem(f"entry {entry}", "a redaction", "any other kind of entry"))
            body, seals = read_body(row)
            keys = covered_keys(row["kind"], entry, body, spans=spans, fields=fields, words=words)
            taken = taken_words(body, redact(body, seals, keys)[0])
            if taken & names_in(reason):
                raise LedgerError(
                    Problem("reason", "it repeats words that are taken out", remedy="Say why, not what")
                )
            made = [_redact(connection, row, keys, reason)]
            for other in _related(connection, row):
                facts, other_seals = read_body(other)
                more = in_reading(facts, taken)
                if other["kind"] == "correction":
                    more = in_correction(facts, taken, keys if other["about"] == entry else set())
                more -= set(other_seals.gone)
                if more:
                    made.append(_redact(connection, other, more, reason))
        self._store.forget()
        return [read_entry(each) for each in made]

    def entries(
        self,
        *,
        kind: EntryKind | None = None,
        actor: str = "",
        place: str = "",
        since: date | None = None,
        until: date | None = None,
    ) -> Iterator[LedgerEntry]:
        """Give entries in order, filtered.

        Parameters
        ----------
        kind
            Of this kind only.
        actor, place
            Part of a name or key, in any case: who says, is said to, or is accused; where.
        since, until
            Days of what the entry tells of (not of when it was entered), both included.
        """
        wanted = Filter(actor, place, since, until)
        conditions = () if kind is None else (store.ENTRIES.c.kind == kind,)
        with self._store.reading() as connection:
            for row in store.rows(connection, *conditions):
                entry = self._readable(row)
                if wanted.matches(entry):
                    yield entry

    def entry(self, sequence: int) -> LedgerEntry:
        """Give one entry; LedgerError if it is not there."""
        with self._store.reading() as connection:
            return self._readable(self._row(connection, sequence))

    def about(self, sequence: int) -> list[LedgerEntry]:
        """Give the readings, corrections and redactions that point at an entry."""
        with self._store.reading() as connection:
            return [self._readable(row) for row in store.rows(connection, store.ENTRIES.c.about == sequence)]

    def current(self, sequence: int) -> dict[str, Any]:
        """Give the body of an entry with its corrections applied, oldest first."""
        with self._store.reading() as connection:
            entry = self._readable(self._row(connection, sequence))
            return applied(
                entry.body, [self._readable(row).body for row in _corrections(connection, sequence)]
            )

    def reading(self, sequence: int) -> Reading:
        """Give what was read, with the words of its spans; redacted words are empty."""
        with self._store.reading() as connection:
            row = self._row(connection, sequence)
            if row["kind"] != "reading":
                raise LedgerError(Problem(f"entry {sequence}", f"a {row['kind']}", "a reading"))
            return whole_reading(self._readable(row), self._readable(self._row(connection, row["about"])))

    def head(self) -> str:
        """Give the digest of the last entry; zeros if there is none."""
        with self._store.reading() as connection:
            row = store.last_row(connection)
            return GENESIS if row is None else str(row["digest"])

    def verify(self, head: str | None = None) -> Verification:
        """Check every hash of the chain; with `head`, also that an entry with this digest is in it."""
        with self._store.reading() as connection:
            redactions = list(store.rows(connection, store.ENTRIES.c.kind == "redaction"))
            return verify_rows(redactions, store.rows(connection), head)

    def rows(self) -> Iterator[Row]:
        """Give all entries as stored, in order, for an export."""
        with self._store.reading() as connection:
            yield from store.rows(connection)

    def _add(self, kind: EntryKind, body: object) -> LedgerEntry:
        plain = check_body(body, kind)
        admit(plain, kind, by_hand=True)
        with self._store.writing() as connection:
            return read_entry(_append(connection, kind, plain))

    def _document(
        self, connection: sa.Connection, reading: Reading, body: dict[str, Json], persons: Sequence[str]
    ) -> LedgerEntry:
        """Find or add the entry of a document."""
        gone = masked_keys(body, persons)
        where = store.ENTRIES.c.document == reading.document.sha256
        for row in store.rows(connection, where, store.ENTRIES.c.kind == "document"):
            entry, seals = read_entry(row), read_body(row)[1]
            if seals.gone and not set(seals.gone) <= gone:
                remedy = "The ledger does not take words back that were taken out of it"
                raise LedgerError(
                    Problem(reading.document.name, f"redacted as entry {entry.sequence}", remedy=remedy)
                )
            if redact(body, new_seals(), gone)[0] == entry.body:
                return entry
        check_label(reading.reader, "reader")
        return read_entry(
            _append(
                connection,
                "document",
                body,
                reader=reading.reader,
                document=reading.document.sha256,
                gone=gone,
            )
        )

    def _row(self, connection: sa.Connection, sequence: int) -> Row:
        # A number beyond 64 bits is no entry, and no database takes it.
        found = [] if abs(sequence) >= 2**63 else list(
            store.rows(connection, store.ENTRIES.c.sequence == sequence)
        )  # fmt: skip
        if not found:
            raise LedgerError(Problem(f"entry {sequence}", f"not in {self.name}"))
        return found[0]

    def _readable(self, row: Row) -> LedgerEntry:
        try:
            return read_entry(row)
        except (ValueError, TypeError, RecursionError) as error:
            where = f"{self.name}, entry {row.get('sequence')}"
            raise LedgerError(Problem(where, "was changed", remedy="Run forewarn ledger verify")) from error


def _now(last: str) -> str:
    """Give the time; that of the last entry if the machine's clock was set back since."""
    return max(datetime.now(UTC).isoformat(timespec="seconds"), last)


def _append(
    connection: sa.Connection,
    kind: EntryKind,
    body: dict[str, Json],
    *,
    reader: str = "",
    document: str = "",
    about: int | None = None,
    gone: set[str] | frozenset[str] = frozenset(),
) -> Row:
    """Add an entry after the last one; words in `gone` never reach the database."""
    last = store.last_row(connection)
    seals = new_seals()
    kept, kept_seals = redact(body, seals, gone)
    row: dict[str, Any] = {
        "sequence": 1 if last is None else last["sequence"] + 1,
        "time": _now("" if last is None else last["time"]),
        "kind": kind,
        "reader": reader,
        "document": document,
        "about": about,
        "body": canonical(kept),
        "seals": kept_seals.dump(),
        "body_hash": body_hash(body, seals),
        "previous": GENESIS if last is None else last["digest"],
    }
    row["digest"] = digest_of(row)
    store.insert(connection, row)
    if gone:
        _record_redaction(connection, row, gone, CONTACTS)
    return row


def _redact(connection: sa.Connection, row: Row, keys: set[str], reason: str) -> Row:
    made = _record_redaction(connection, row, keys, reason)
    body, seals = redact(*read_body(row), keys)
    store.replace_body(connection, row["sequence"], canonical(body), seals.dump())
    return made


def _record_redaction(
    connection: sa.Connection, row: Row, keys: set[str] | frozenset[str], reason: str
) -> Row:
    body: dict[str, Json] = {"redacts": row["sequence"], "leaves": [*sorted(keys)], "reason": reason}
    return _append(connection, "redaction", body, document=row["document"], about=row["sequence"])


def _corrections(connection: sa.Connection, entry: int) -> Iterator[Row]:
    return store.rows(connection, store.ENTRIES.c.about == entry, store.ENTRIES.c.kind == "correction")


def _related(connection: sa.Connection, row: Row) -> list[Row]:
    """Rows that may repeat what is taken out of `row`."""
    table = store.ENTRIES.c
    same = sa.or_(
        table.about == row["sequence"], sa.and_(table.document == row["document"], table.document != "")
    )
    kinds = table.kind.in_(["document", "reading", "correction"])
    return list(store.rows(connection, same, kinds, table.sequence != row["sequence"]))
