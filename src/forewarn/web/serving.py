"""Running the app: where it listens, who may come in, and what is said about it."""

from __future__ import annotations

import ipaddress
import os
import socket
import threading
import webbrowser
from collections.abc import Callable
from dataclasses import dataclass, replace
from html import escape
from pathlib import Path
from typing import Final

from forewarn.errors import ForewarnError, MissingPartError, Problem, UsageError
from forewarn.web.service.files import write_text
from forewarn.web.service.keeping import read_keeping
from forewarn.web.service.passwords import LocalToken, PasswordFile
from forewarn.web.service.service import Service, Settings
from forewarn.web.service.sessions import Sessions
from forewarn.web.service.workspace import Workspace, default_folder

DEFAULT_HOST: Final = "127.0.0.1"
DEFAULT_PORT: Final = 8321
MOST_SOCKET_BYTES: Final = 2 * 2**20
"""Largest message of a browser: a long pasted table."""


@dataclass(frozen=True, slots=True)
class Options:
    """How the app is to run, as the command line says."""

    host: str = DEFAULT_HOST
    port: int = DEFAULT_PORT
    password_file: Path | None = None
    behind_proxy: bool = False
    workspace: Path | None = None
    allowed_hosts: tuple[str, ...] = ()
    certificate: Path | None = None
    key: Path | None = None
    settings: Settings = Settings()
    keep: tuple[str, ...] = ()
    browser: bool = True


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach the host.

    Examples
    --------
    >>> is_loopback("localhost"), is_loopback("127.0.0.1"), is_loopback("0.0.0.0")
    (True, True, False)
    """
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def check(options: Options) -> None:
    """Refuse to be open to others without a password.

    Raises
    ------
    UsageError
        A host that others can reach and no password file; one half of a certificate.
    """
    problems = []
    if not is_loopback(options.host) and options.password_file is None:
        what = f"{options.host} can be reached from other machines, and no password is set"
        remedy = "Add --password-file FILE; make one with: forewarn serve --make-password-file FILE"
        problems.append(Problem("--host", what, f"{DEFAULT_HOST}, or a password", remedy))
    if (options.certificate is None) != (options.key is None):
        problems.append(Problem("--certificate, --key", "one is given without the other", "both or neither"))
    for path in (options.certificate, options.key):
        if path is not None and not path.is_file():
            problems.append(Problem(str(path), "is not there"))
    if problems:
        raise UsageError(problems)


def serve(options: Options, *, say: Callable[[str], None]) -> None:
    """Run the app until it is stopped.

    Parameters
    ----------
    options
        How.
    say
        Called with what the person who started it should know.

    Raises
    ------
    MissingPartError
        NiceGUI is not installed.
    ForewarnError
        The port is taken, or the workspace is in use.
    """
    check(options)
    folder = options.workspace or default_folder()
    # NiceGUI reads this when it is imported; nothing may be written where the command happens to be run.
    os.environ.setdefault("NICEGUI_STORAGE_PATH", str(folder / "nicegui"))
    try:
        import nicegui  # noqa: F401
        import uvicorn
    except ModuleNotFoundError as error:
        remedy = "Install it with: pip install 'forewarn[web]'"
        raise MissingPartError(Problem("forewarn serve", f"needs {error.name}", remedy=remedy)) from error
    from forewarn.web.api.guard import Access
    from forewarn.web.app import COOKIE, Cookie, make_app
    from forewarn.web.connections import GRACE_SECONDS, Server, make_caps

    keys = LocalToken() if options.password_file is None else PasswordFile(options.password_file)
    listener = _listen(options.host, options.port)
    port = listener.getsockname()[1]
    workspace = Workspace(folder)
    service = Service(workspace, replace(options.settings, keep=read_keeping(folder, options.keep)))
    hosts = (options.host.lower(), *(name.lower() for name in options.allowed_hosts))
    if not is_loopback(options.host):
        hosts = (*hosts, socket.gethostname().lower(), socket.getfqdn().lower())
    access = Access(hosts, Sessions(folder / "sessions.json", keys, workspace.audit))
    cookie = Cookie(workspace.secret(), f"{COOKIE}-{port}", secure=options.certificate is not None)
    app = make_app(service, access, cookie, behind_proxy=options.behind_proxy)
    address = _address(options, port)
    if isinstance(keys, LocalToken):
        address += f"/?token={keys.token}"
    _announce(options, address, folder, say)
    say(service.readiness.start())
    if options.browser and is_loopback(options.host):
        threading.Timer(1.0, webbrowser.open, [_opener(folder, address)]).start()
    config = uvicorn.Config(
        app,
        log_level="warning",
        ws_max_size=MOST_SOCKET_BYTES,
        server_header=False,
        proxy_headers=False,
        ssl_certfile=options.certificate,
        ssl_keyfile=options.key,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
    Server(config, make_caps(behind_proxy=options.behind_proxy), say).run(sockets=[listener])


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    if os.name == "posix":
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except (OSError, OverflowError) as error:
        listener.close()
        remedy = "Choose another with --port, or 0 for any that is free"
        raise ForewarnError(Problem(f"{host}:{port}", f"cannot be used: {error}", remedy=remedy)) from error
    listener.set_inheritable(True)
    return listener


def _address(options: Options, port: int) -> str:
    scheme = "https" if options.certificate is not None else "http"
    shown = f"[{options.host}]" if ":" in options.host else options.host
    return f"{scheme}://{shown}:{port}"


def _opener(folder: Path, address: str) -> str:
    """Give a page of ours that leads there: everybody can read what a browser is started with."""
    path = folder / "open.html"
    page = (
        f'<!doctype html><meta charset="utf-8"><meta http-equiv="refresh" content="0;url={escape(address)}">'
    )
    write_text(path, page, private=True)
    return path.absolute().as_uri()


def _announce(options: Options, address: str, folder: Path, say: Callable[[str], None]) -> None:
    say(f"Forewarn is at {address}; stop it with Ctrl+C.")
    say(f"Workspace: {folder}")
    if not is_loopback(options.host):
        say(
            "Other machines can reach it. Everybody who knows the password sees and changes everything in it."
        )
        if options.certificate is None:
            say(
                "The connection is not encrypted: the password can be read on the way. Use it in a network "
                "that you trust, put a proxy with TLS before it, or give --certificate and --key."
            )
