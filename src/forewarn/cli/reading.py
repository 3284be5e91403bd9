"""``forewarn read``: documents in, what they say out."""

from __future__ import annotations

import contextlib
import io
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TextIO

import typer

from forewarn.cli.options import parse_day
from forewarn.errors import ForewarnError, Problem, UsageError

if TYPE_CHECKING:
    from forewarn.facts import Reading
    from forewarn.reading.llm.client import Endpoint


class Reader(StrEnum):
    """What reads: the rules, or the rules and a language model."""

    RULES = "rules"
    LLM = "llm"


class Format(StrEnum):
    """How a reading is written."""

    TABLE = "table"
    JSONL = "jsonl"
    CSV = "csv"
    HTML = "html"


def read(
    files: Annotated[
        list[str],
        typer.Argument(metavar="FILE…", help="Files, folders, http(s) addresses, or - for standard input."),
    ],
    format: Annotated[Format, typer.Option("--format", "-f", help="Format of the output.")] = Format.TABLE,
    issued: Annotated[
        str | None, typer.Option("--issued", metavar="DATE", help="Day the documents were published.")
    ] = None,
    ledger: Annotated[
        str | None,
        typer.Option("--ledger", metavar="PATH_OR_URL", help="Enter every reading into this ledger."),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE", help="Write to a file, whole or not at all."),
    ] = None,
    reader: Annotated[
        Reader, typer.Option("--reader", help="llm: ask a language model too; needs --endpoint.")
    ] = Reader.RULES,
    endpoint: Annotated[
        str | None,
        typer.Option("--endpoint", metavar="URL", help="OpenAI-compatible; it is sent the documents' text."),
    ] = None,
    model: Annotated[
        str | None, typer.Option("--model", metavar="NAME", help="Model of the endpoint.")
    ] = None,
    allow_remote: Annotated[
        bool, typer.Option("--allow-remote", help="The endpoint may be another machine, by https.")
    ] = False,
) -> None:
    """Read documents: figures of displacement, who said what, where, when, and what contradicts what.

    A document that cannot be read is reported; the others are read, and the exit code is 1.
    """
    from forewarn.reading.documents.formats import SUFFIXES
    from forewarn.reading.documents.loading import list_documents

    day = parse_day("--issued", issued)
    asked = _endpoint(reader, endpoint, model, allow_remote=allow_remote)
    names = list(list_documents(files))
    if not names:
        raise ForewarnError(Problem(", ".join(files), "holds no documents", ", ".join(SUFFIXES)))
    problems: list[Problem] = []
    with _writer(format, output) as write, _entering(ledger) as enter, _progress(len(names)) as advance:
        for name in names:
            try:
                reading = _read_one(name, day, asked)
                write(reading)
                enter(reading)
            except ForewarnError as error:
                if error.exit_code != 1:
                    raise
                problems.extend(error.problems)
            advance()
    if problems:
        raise ForewarnError(problems)


@contextmanager
def _entering(ledger: str | None) -> Iterator[Callable[[Reading], None]]:
    """Open the ledger once for all documents."""
    if ledger is None:
        yield lambda reading: None
        return
    from forewarn.ledger import open_ledger

    with open_ledger(ledger) as book:
        yield lambda reading: _discard(book.add_reading(reading))


def _read_one(name: str, issued: date | None, endpoint: Endpoint | None) -> Reading:
    from forewarn.reading.documents.loading import load, read_boxed

    document = load(name, issued=issued)
    if endpoint is None:
        return read_boxed(document)
    from forewarn.reading.llm.facts import read_with_model

    return read_with_model(document, endpoint)


def _endpoint(
    reader: Reader, address: str | None, model: str | None, *, allow_remote: bool
) -> Endpoint | None:
    """Return whom to ask; nobody unless both the reader and the endpoint are given."""
    if reader is Reader.RULES:
        if address is None and model is None and not allow_remote:
            return None
        options = "--endpoint, --model and --allow-remote"
        raise UsageError(Problem(options, "are for --reader llm only", remedy="Add --reader llm"))
    if address is None:
        problem = Problem(
            "--reader llm", "needs an endpoint", remedy="Say --endpoint http://localhost:8080/v1"
        )
        raise UsageError(problem)
    from forewarn.reading.llm.client import Endpoint

    return Endpoint(address, model or "default", allow_remote=allow_remote)


@contextmanager
def _progress(documents: int) -> Iterator[Callable[[], None]]:
    """Show a bar on standard error where there are many documents and somebody who looks."""
    if documents < 5 or not sys.stderr.isatty():
        yield lambda: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("Reading"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task("Reading", total=documents)
        yield lambda: bar.advance(task)


@contextmanager
def _writer(format: Format, output: Path | None) -> Iterator[Callable[[Reading], None]]:
    """Open the output; readings are written one by one and not kept."""
    with _stream(output) as stream:
        if format is Format.JSONL:
            yield lambda reading: _line(stream, reading)
        elif format is Format.CSV:
            from forewarn.csvfiles import CsvWriter
            from forewarn.reading.export.table import FIELDS, figure_rows

            table = CsvWriter(stream, FIELDS)
            yield lambda reading: table.rows(figure_rows(reading))
        elif format is Format.HTML:
            from forewarn.reading.export.page import page_end, page_start, reading_part

            numbers = iter(range(1, sys.maxsize))
            stream.write(page_start("What was read"))
            yield lambda reading: _discard(stream.write(reading_part(reading, number=next(numbers))))
            stream.write(page_end())
        else:
            from forewarn.cli.reading_tables import print_reading

            yield lambda reading: print_reading(reading, stream, to_terminal=output is None)


def _line(stream: TextIO, reading: Reading) -> None:
    stream.write(json.dumps(reading.model_dump(mode="json"), ensure_ascii=False) + "\n")


def _discard(_: object) -> None:
    """Make a call that returns something one that does not."""


@contextmanager
def _stream(output: Path | None) -> Iterator[TextIO]:
    if output is None:
        # Words of any script go out as UTF-8, whatever the terminal was set to.
        if isinstance(sys.stdout, io.TextIOWrapper):
            with contextlib.suppress(ValueError):
                sys.stdout.reconfigure(encoding="utf-8", errors="replace")
        yield sys.stdout
        return
    from forewarn.replacing import replacing_file

    try:
        with replacing_file(output) as draft, draft.open("w", encoding="utf-8", newline="") as file:
            yield file
    except OSError as error:
        raise ForewarnError(Problem("--output", f"cannot write {output}: {error.strerror}")) from error
