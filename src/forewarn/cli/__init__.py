"""The command line: arguments → calls → messages and exit codes."""

from forewarn.cli.main import main

__all__ = ["main"]
