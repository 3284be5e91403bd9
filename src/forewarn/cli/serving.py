"""``forewarn serve``: the app in a browser."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from forewarn.errors import Problem, UsageError

HOST = "127.0.0.1"
PORT = 8321
MEMBERS = 400


def serve(
    host: Annotated[
        str, typer.Option(help="Address to listen at. Any but this machine's own needs --password-file.")
    ] = HOST,
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port; 0 for any that is free.")] = PORT,
    password_file: Annotated[
        Path | None,
        typer.Option("--password-file", metavar="FILE", help="Ask visitors for a password of this file."),
    ] = None,
    make_password_file: Annotated[
        Path | None,
        typer.Option(
            "--make-password-file",
            metavar="FILE",
            help="Ask for a password, write its hash to this file, and end.",
        ),
    ] = None,
    name: Annotated[
        str,
        typer.Option(
            "--name", metavar="NAME", help="Whose password it is: added to the file, or replaced in it."
        ),
    ] = "",
    behind_proxy: Annotated[
        bool,
        typer.Option(
            "--behind-proxy", help="Trust the proxy in front to say who asks (X-Forwarded-For, -Proto)."
        ),
    ] = False,
    workspace: Annotated[
        Path | None,
        typer.Option(
            "--workspace", metavar="FOLDER", help="Where everything is kept; default in the user's data."
        ),
    ] = None,
    members: Annotated[
        int, typer.Option(min=50, max=2000, help="Number of futures of a whole forecast, over all courses.")
    ] = MEMBERS,
    allowed_host: Annotated[
        list[str] | None,
        typer.Option("--allowed-host", metavar="NAME", help="Name by which browsers call it. Repeatable."),
    ] = None,
    certificate: Annotated[
        Path | None, typer.Option("--certificate", metavar="FILE", help="Certificate, for TLS.")
    ] = None,
    key: Annotated[Path | None, typer.Option("--key", metavar="FILE", help="Key of the certificate.")] = None,
    keep: Annotated[
        list[str] | None,
        typer.Option(
            "--keep", metavar="WHAT=DAYS", help="Delete this kind of file after so many days. Repeatable."
        ),
    ] = None,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Do not open a browser.")] = False,
) -> None:
    """Serve the app: scenarios, forecasts, what-if and evidence in a browser."""
    if make_password_file is not None:
        _make_password_file(make_password_file, name)
        return
    if name:
        raise UsageError(
            Problem("--name", "says whose password is made", remedy="Add --make-password-file FILE")
        )
    from forewarn.web.service.service import Settings
    from forewarn.web.serving import Options
    from forewarn.web.serving import serve as run

    options = Options(
        host=host,
        port=port,
        password_file=password_file,
        behind_proxy=behind_proxy,
        workspace=workspace,
        allowed_hosts=tuple(allowed_host or ()),
        certificate=certificate,
        key=key,
        settings=Settings(members=members),
        keep=tuple(keep or ()),
        browser=not no_browser,
    )
    run(options, say=typer.echo)


def _make_password_file(path: Path, name: str) -> None:
    from forewarn.web.service.passwords import make_file

    password = typer.prompt("Password, 12 characters or more", hide_input=True, confirmation_prompt=True)
    make_file(path, password, name)
    typer.echo(f"Written to {path}. Use it with: forewarn serve --host ADDRESS --password-file {path}")
