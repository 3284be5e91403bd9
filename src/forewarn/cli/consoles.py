"""Consoles on which tables are printed."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console

WIDE = 160
"""Columns where no terminal says how many there are."""


def wide_console() -> Console:
    """Make a console that cuts nothing off in a file or a pipe; a terminal wraps."""
    from rich.console import Console

    console = Console()
    if not console.is_terminal:
        console.width = WIDE
    return console
