"""Consoles on which tables are printed."""

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


def say_doubts(scenario: Scenario) -> None:
    """Say on standard error what looks wrong in a scenario."""
    from forewarn.scenario import doubts

    for problem in doubts(scenario):
        typer.echo(f"Warning: {problem}", err=True)
