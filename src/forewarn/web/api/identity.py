"""Who asks: a browser by its cookie, a script by its address."""

from __future__ import annotations

import secrets
from typing import Any, Final

from starlette.requests import HTTPConnection

from forewarn.web.service.sessions import Sessions

BROWSER: Final = "browser"
SESSION: Final = "signed-in"
"""Where the cookie holds what names its session on the server."""


def user_of(connection: HTTPConnection) -> str:
    """Give a stable name of whoever asks, for queues and limits."""
    session: dict[str, Any] = connection.scope.get("session") or {}
    known = session.get(BROWSER)
    return str(known) if known else f"address {address_of(connection)}"


def address_of(connection: HTTPConnection) -> str:
    """Give the address that asks."""
    return connection.client.host if connection.client else "unknown"


def greet(session: dict[str, Any]) -> str:
    """Give a browser its name if it has none."""
    return str(session.setdefault(BROWSER, secrets.token_hex(16)))


def begin(connection: HTTPConnection, sessions: Sessions, person: str) -> None:
    """Begin a session of a person in the browser that asks; an older one in it is over."""
    session: dict[str, Any] = connection.scope.setdefault("session", {})
    finish(connection, sessions)
    greet(session)
    address, browser = address_of(connection), connection.headers.get("user-agent", "")
    session[SESSION] = sessions.open(person, address=address, browser=browser)


def finish(connection: HTTPConnection, sessions: Sessions) -> None:
    """End the session of the browser that asks, if there is one."""
    session: dict[str, Any] = connection.scope.get("session") or {}
    found = sessions.find(str(session.get(SESSION, "")))
    session.clear()
    if found is not None:
        sessions.end(found.id)
