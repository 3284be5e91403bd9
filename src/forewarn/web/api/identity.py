"""Who asks: a browser by its cookie, a script by its address. Nobody is named, and nothing is kept of it."""

from __future__ import annotations

import secrets
from typing import Any, Final

from starlette.requests import HTTPConnection

BROWSER: Final = "browser"
SIGNED_IN: Final = "signed-in"


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
