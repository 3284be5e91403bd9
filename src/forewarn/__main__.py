"""``python -m forewarn``: the command, where no script is on the path."""

from forewarn.cli import main

main()
