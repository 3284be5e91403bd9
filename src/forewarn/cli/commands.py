"""``forewarn``: the commands, and what becomes of errors."""

from __future__ import annotations

import errno
import io
import sys
from importlib.metadata import version
from typing import Annotated

import typer

from forewarn.cli import (
    analogues,
    backup,
    comparing,
    destinations,
    drafting,
    flee,
    hindcast,
    ledger,
    outlook,
    reading,
    reissuing,
    scenario,
    serving,
    updating,
)
from forewarn.cli.consoles import say_error
from forewarn.errors import ForewarnError, Problem

app = typer.Typer(
    help="Forecast who will be displaced by a looming offensive: from where, to where, by when.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command(name="outlook")(outlook.make_outlook)
app.command(name="update")(updating.update)
app.command(name="reissue")(reissuing.reissue)
app.command(name="compare")(comparing.compare)
app.command(name="draft")(drafting.draft)
app.command(name="hindcast")(hindcast.score_hindcasts)
app.command(name="read")(reading.read)
app.command(name="serve")(serving.serve)
app.command(name="backup")(backup.make_backup)
app.command(name="restore")(backup.restore)
app.add_typer(scenario.app, name="scenario")
app.add_typer(analogues.app, name="analogues")
app.add_typer(destinations.app, name="destinations")
app.add_typer(flee.app, name="flee")
app.add_typer(ledger.app, name="ledger")


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"forewarn {version('forewarn')}")
        raise typer.Exit


@app.callback()
def root(
    _version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Take the options that stand before any command."""


def main() -> None:
    """Run the command line. Exit codes: 0 done, 1 the input is wrong, 2 usage, 3 a part is missing."""
    _say_what_can_be_said()
    try:
        app()
    except ForewarnError as error:
        for problem in error.problems:
            say_error(problem)
        sys.exit(error.exit_code)
    except OSError as error:  # a folder that cannot be written, a full disk
        where = error.filename2 or error.filename
        if where is None and error.errno not in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO):
            raise
        where = where or "the disk"
        remedy = "Name another file or folder, or mend this one"
        say_error(Problem(str(where), str(error.strerror), remedy=remedy))
        sys.exit(1)


def _say_what_can_be_said() -> None:
    """Let a terminal that knows few letters show a sign for the others, instead of ending."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
