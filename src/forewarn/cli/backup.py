"""``forewarn backup`` and ``forewarn restore``: the workspace of the app with its ledger, in one file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from forewarn.web.service.backup import Checked

Backup = Annotated[Path, typer.Argument(metavar="FILE", help="The backup.")]
Where = Annotated[
    Path | None,
    typer.Option("--workspace", metavar="FOLDER", help="The workspace; default in the user's data."),
]


def make_backup(file: Backup, workspace: Where = None) -> None:
    """Write the workspace of the app and its ledger into a file, and verify it. The app may run meanwhile."""
    from forewarn.web.service.backup import back_up
    from forewarn.web.service.workspace import default_folder

    checked = back_up(workspace or default_folder(), file)
    typer.echo(f"Written to {file}. {_said(checked)}")
    typer.echo("It holds all that the workspace holds, unencrypted: keep it as safe.")


def restore(
    file: Backup,
    workspace: Where = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="Replace the workspace that is there, which is deleted.")
    ] = False,
) -> None:
    """Make a workspace out of a backup, verified, whole or not at all."""
    from forewarn.web.service.backup import restore as put_back
    from forewarn.web.service.workspace import default_folder

    folder = workspace or default_folder()
    checked = put_back(file, folder, replace=replace)
    typer.echo(f"Restored to {folder}. {_said(checked)}")


def _said(checked: Checked) -> str:
    size = f"{checked.files:,} files with {checked.size:,} bytes"
    if not checked.ledger_head:
        return f"Verified: {size}; no ledger."
    chain = f"the ledger's chain of {checked.ledger_entries:,} entries, head {checked.ledger_head}"
    return f"Verified: {size}; {chain}."
