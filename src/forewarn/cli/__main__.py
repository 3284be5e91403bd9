"""``python -m forewarn.cli``: the command, where no script is on the path."""

from forewarn.cli.commands import main

main()
