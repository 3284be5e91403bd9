"""What is printed: tables on standard output; errors, warnings and notes on standard error."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from forewarn.scenario import Scenario

WIDE = 160
"""Columns where no terminal says how many there are."""


def wide_console() -> Console:
    """Make a console that cuts nothing off in a file or a pipe; a terminal wraps."""
    from rich.console import Console

    console = Console()
    if not console.is_terminal:
        console.width = WIDE
    return console


def print_all(*things: Table | str) -> None:
    """Print tables and lines of text, in which nothing is markup."""
    from rich.text import Text

    console = wide_console()
    for thing in things:
        console.print(Text(thing) if isinstance(thing, str) else thing)


def make_table(title: str, left: Sequence[str], right: Sequence[str]) -> Table:
    """Make a table of columns of words (left) and of numbers (right); its title is markup."""
    from rich.table import Table

    table = Table(title=title, title_justify="left")
    for column in left:
        table.add_column(column)
    for column in right:
        table.add_column(column, justify="right")
    return table


def say_error(problem: object) -> None:
    """Say on standard error what is wrong."""
    typer.echo(str(problem), err=True)


def say_warning(problem: object) -> None:
    """Say on standard error what looks wrong."""
    typer.echo(f"Warning: {problem}", err=True)


def say_note(remark: object) -> None:
    """Say on standard error what is good to know."""
    typer.echo(f"Note: {remark}", err=True)


def say_doubts(scenario: Scenario) -> None:
    """Say on standard error what looks wrong in a scenario."""
    from forewarn.scenario import doubts

    for problem in doubts(scenario):
        say_warning(problem)
