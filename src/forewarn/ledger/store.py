"""The database under a ledger: SQLite in a file, or PostgreSQL by URL."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import sqlalchemy as sa
from sqlalchemy.exc import DatabaseError, DBAPIError, NoSuchModuleError, OperationalError
from sqlalchemy.pool import NullPool

from forewarn.errors import MissingPartError, Problem
from forewarn.ledger.canonical_form import LedgerError
from forewarn.ledger.chain import COLUMNS, FORMAT, Row

LOCK_SECONDS: Final = 60
"""How long a writer waits for another (assumption: an entry takes well under a second)."""
CONNECT_SECONDS: Final = 10
"""How long to wait for a PostgreSQL server (assumption)."""
_SERVER: Final = {"postgres", "postgresql", "postgresql+psycopg"}

_METADATA = sa.MetaData()
ENTRIES: Final = sa.Table(
    "forewarn_entries",
    _METADATA,
    sa.Column("sequence", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("time", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("reader", sa.Text, nullable=False),
    sa.Column("document", sa.Text, nullable=False, index=True),
    sa.Column("about", sa.BigInteger, nullable=True, index=True),
    sa.Column("body", sa.Text, nullable=False),
    sa.Column("seals", sa.Text, nullable=False),
    sa.Column("body_hash", sa.Text, nullable=False),
    sa.Column("previous", sa.Text, nullable=False, unique=True),
    sa.Column("digest", sa.Text, nullable=False, unique=True),
)
_FORMAT_TABLE: Final = sa.Table("forewarn_ledger", _METADATA, sa.Column("format", sa.Integer, nullable=False))

_FIXED: Final = tuple(name for name in COLUMNS if name not in ("body", "seals"))
_KEPT: Final = " OR ".join(f"NEW.{name} IS DISTINCT FROM OLD.{name}" for name in _FIXED)
_UNASKED: Final = (
    "NOT EXISTS (SELECT 1 FROM forewarn_entries WHERE kind = 'redaction' AND about = OLD.sequence)"
)
_REFUSAL: Final = "the ledger is append-only"
# SQLite learnt IS DISTINCT FROM in 3.39 only; its IS NOT means the same.
_SQLITE_GUARD: Final = (
    f"CREATE TRIGGER forewarn_no_delete BEFORE DELETE ON forewarn_entries "
    f"BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END",
    f"CREATE TRIGGER forewarn_no_update BEFORE UPDATE ON forewarn_entries "
    f"WHEN {_KEPT.replace('IS DISTINCT FROM', 'IS NOT')} OR {_UNASKED} "
    f"BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END",
)
_POSTGRES_GUARD: Final = (
    "CREATE OR REPLACE FUNCTION forewarn_guard() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
    f"IF TG_OP = 'UPDATE' THEN IF NOT ({_KEPT} OR {_UNASKED}) THEN RETURN NEW; END IF; END IF; "
    f"RAISE EXCEPTION '{_REFUSAL}'; END $$",
    "CREATE TRIGGER forewarn_guard BEFORE UPDATE OR DELETE ON forewarn_entries "
    "FOR EACH ROW EXECUTE FUNCTION forewarn_guard()",
    "CREATE TRIGGER forewarn_guard_all BEFORE TRUNCATE ON forewarn_entries "
    "FOR EACH STATEMENT EXECUTE FUNCTION forewarn_guard()",
)


class Store:
    """Rows in a database; knows nothing of what they say.

    Parameters
    ----------
    where
        A path, or a URL such as ``postgresql://user@host/database``.
    create
        Whether a ledger that is not there yet is made.
    """

    def __init__(self, where: str | Path, *, create: bool) -> None:
        self._engine, self.name = _engine(where, create=create)
        self._postgres = self._engine.dialect.name == "postgresql"
        try:
            self._prepare(create=create)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """Give a connection that sees one state of the ledger."""
        with self._telling(), self._engine.connect() as connection:
            if self._postgres:
                connection = connection.execution_options(isolation_level="REPEATABLE READ")
            with connection.begin():
                yield connection

    @contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        """Give a connection that is the only one to write until it commits."""
        with self._telling(), self._engine.connect() as connection:
            connection = connection.execution_options(forewarn_writes=True)
            with connection.begin():
                if self._postgres:
                    connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{LOCK_SECONDS}s'")
                    connection.exec_driver_sql("LOCK TABLE forewarn_entries IN SHARE ROW EXCLUSIVE MODE")
                yield connection

    def forget(self) -> None:
        """Make the database let go of the space of redacted words."""
        if not self._postgres:
            return  # secure_delete has overwritten it
        with self._telling(), self._engine.connect() as connection:
            connection.execution_options(isolation_level="AUTOCOMMIT").exec_driver_sql(
                "VACUUM FULL forewarn_entries"
            )

    def _prepare(self, *, create: bool) -> None:
        with self.reading() as connection:
            tables = set(sa.inspect(connection).get_table_names())
        if _FORMAT_TABLE.name not in tables:
            if tables and not self._postgres:
                remedy = "Name another file"
                raise LedgerError(Problem(self.name, "a database of something else", remedy=remedy))
            if not create:
                remedy = "forewarn ledger add or forewarn ledger incident makes one"
                raise LedgerError(Problem(self.name, "no ledger in it yet", remedy=remedy))
            self._create()
        with self.reading() as connection:
            found = list(connection.execute(sa.select(_FORMAT_TABLE.c.format)).scalars())
        if found != [FORMAT]:
            said = ", ".join(map(str, found)) or "none"
            remedy = "Use the version of Forewarn that wrote it"
            raise LedgerError(Problem(self.name, f"a ledger of format {said}", f"format {FORMAT}", remedy))

    def _create(self) -> None:
        with self._telling(), self._engine.connect() as connection:
            connection = connection.execution_options(forewarn_writes=True)
            with connection.begin():
                if self._postgres:
                    # Two processes may make it at the same time; the number is arbitrary.
                    connection.exec_driver_sql("SELECT pg_advisory_xact_lock(7226150917)")
                if sa.inspect(connection).has_table(_FORMAT_TABLE.name):
                    return
                _METADATA.create_all(connection)
                for statement in _POSTGRES_GUARD if self._postgres else _SQLITE_GUARD:
                    connection.exec_driver_sql(statement)
                connection.execute(sa.insert(_FORMAT_TABLE).values(format=FORMAT))

    @contextmanager
    def _telling(self) -> Iterator[None]:
        """Turn errors of the database into ours, without its parameters: they may hold redacted words."""
        try:
            yield
        except OperationalError as error:
            said = _first_line(error)
            if self._postgres and ("connect" in said or error.connection_invalidated or "FATAL" in said):
                remedy = "Start it, or check host, user and password of --ledger"
                raise MissingPartError(Problem(self.name, f"no database: {said}", remedy=remedy)) from None
            raise LedgerError(_sqlite_problem(self.name, said)) from None
        except DBAPIError as error:
            raise LedgerError(_sqlite_problem(self.name, _first_line(error))) from None


def rows(connection: sa.Connection, *conditions: sa.ColumnElement[bool]) -> Iterator[Row]:
    """Give rows in order, a hundred at a time."""
    query = sa.select(*(ENTRIES.c[name] for name in COLUMNS)).order_by(ENTRIES.c.sequence)
    # Closed also when the caller stops early: a cursor of the server is not collected without a warning.
    with connection.execute(query.where(*conditions).execution_options(yield_per=100)) as found:
        for row in found.mappings():
            yield dict(row)


def last_row(connection: sa.Connection) -> Row | None:
    """Give the last row; none in an empty ledger."""
    query = sa.select(*(ENTRIES.c[name] for name in COLUMNS)).order_by(ENTRIES.c.sequence.desc()).limit(1)
    found = connection.execute(query).mappings().first()
    return None if found is None else dict(found)


def insert(connection: sa.Connection, row: Row) -> None:
    """Add a row."""
    connection.execute(sa.insert(ENTRIES).values(**row))


def replace_body(connection: sa.Connection, sequence: int, body: str, seals: str) -> None:
    """Put a redacted body in the place of the whole one."""
    change = sa.update(ENTRIES).where(ENTRIES.c.sequence == sequence)
    connection.execute(change.values(body=body, seals=seals))


def _engine(where: str | Path, *, create: bool) -> tuple[sa.Engine, str]:
    if isinstance(where, str) and "://" in where:
        return _server(where, create=create)
    return _file(Path(where), create=create)


def _server(where: str, *, create: bool) -> tuple[sa.Engine, str]:
    try:
        url = sa.make_url(where)
    except (sa.exc.ArgumentError, ValueError) as error:
        raise LedgerError(
            Problem("--ledger", "not a URL that can be read", "a path, or postgresql://…")
        ) from error
    if url.drivername == "sqlite" and url.database:
        return _file(Path(url.database), create=create)
    if url.drivername not in _SERVER:
        allowed = "a path, or postgresql://user@host/database"
        raise LedgerError(Problem("--ledger", f"a database of kind '{url.drivername}'", allowed))
    url = url.set(drivername="postgresql+psycopg")
    name = url.set(drivername="postgresql").render_as_string(hide_password=True)
    try:
        # An encoding of the server would be found out at the first odd name.
        engine = sa.create_engine(
            url,
            poolclass=NullPool,
            hide_parameters=True,
            connect_args={"connect_timeout": CONNECT_SECONDS, "client_encoding": "utf8"},
        )
    except (ImportError, NoSuchModuleError) as error:
        remedy = "Install forewarn with the extra 'postgres'"
        raise MissingPartError(Problem(name, "psycopg is not installed", remedy=remedy)) from error
    return engine, name


def _file(path: Path, *, create: bool) -> tuple[sa.Engine, str]:
    name = str(path)
    _check_path(path, name, create=create)
    is_new = not path.exists()
    if is_new:
        _make_private(path, name)
    mode = "rw" if os.access(path, os.W_OK) else "ro"
    address = f"{path.absolute().as_uri()}?mode={mode}"

    def connect() -> sqlite3.Connection:
        connection = sqlite3.connect(address, uri=True, timeout=LOCK_SECONDS, isolation_level=None)
        connection.execute("PRAGMA secure_delete = ON")
        return connection

    engine = sa.create_engine("sqlite://", creator=connect, poolclass=NullPool, hide_parameters=True)

    @sa.event.listens_for(engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        writes = connection.get_execution_options().get("forewarn_writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine, name


def _check_path(path: Path, name: str, *, create: bool) -> None:
    try:
        if path.is_dir():
            raise LedgerError(Problem(name, "a folder", "a file, or postgresql://…"))
        if path.exists() and not path.is_file():
            raise LedgerError(Problem(name, "not an ordinary file", "a file, or postgresql://…"))
        if not path.exists() and not create:
            remedy = "forewarn ledger add or forewarn ledger incident makes one"
            raise LedgerError(Problem(name, "no such ledger", remedy=remedy))
        if not path.parent.is_dir():
            raise LedgerError(Problem(name, "its folder does not exist", remedy="Make the folder first"))
    except (OSError, ValueError) as error:
        if isinstance(error, LedgerError):
            raise
        raise LedgerError(
            Problem(name.replace("\0", "?"), f"not a path that can be used: {error}")
        ) from error


def _make_private(path: Path, name: str) -> None:
    """Make an empty file that nobody else can read."""
    try:
        path.touch(mode=0o600, exist_ok=True)
    except OSError as error:
        raise LedgerError(Problem(name, f"cannot be made: {error.strerror}")) from error


def _sqlite_problem(name: str, said: str) -> Problem:
    if "not a database" in said:
        return Problem(name, "not a ledger: the file is not an SQLite database", remedy="Name another file")
    if "readonly" in said:
        return Problem(name, "the file or its folder is read-only", remedy="Give yourself the right to write")
    if "locked" in said or "lock timeout" in said:
        return Problem(name, f"another writer held it for {LOCK_SECONDS} seconds", remedy="Try again")
    if _REFUSAL in said:
        return Problem(name, _REFUSAL, remedy="Use forewarn ledger correct or forewarn ledger redact")
    return Problem(name, f"the database says: {said}")


def _first_line(error: DatabaseError | DBAPIError) -> str:
    lines = str(error.orig).strip().splitlines()
    return lines[0] if lines else type(error.orig).__name__
