"""What is printed: tables on standard output; errors, warnings and notes on standard error."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from rich.console import Console

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
