"""The command line: arguments → calls → messages and exit codes."""

from forewarn.cli.commands import main

__all__ = ["main"]
