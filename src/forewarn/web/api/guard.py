"""What stands before everything else: hosts, origins, the password, sizes, rates, headers."""

from __future__ import annotations

import base64
import binascii
import ipaddress
import json
import math
from collections import Counter
from dataclasses import asdict, dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from forewarn.errors import Problem
from forewarn.web.api.identity import BROWSER, SIGNED_IN, address_of, greet
from forewarn.web.service.limits import MIB, MOST_DOCUMENT_BYTES, Rates
from forewarn.web.service.passwords import Password

LOOPBACK: Final = ("localhost", "127.0.0.1", "::1")
MOST_BODY_BYTES: Final = MOST_DOCUMENT_BYTES + MIB
"""Largest request: the largest file and what the form around it takes."""
TOO_LARGE: Final = f"it is too large; send at most {MOST_DOCUMENT_BYTES:,} bytes"
SAFE: Final = ("GET", "HEAD", "OPTIONS")
LOGIN: Final = "/login"
OPEN: Final = (LOGIN, "/login.css", "/favicon.ico")
ASSETS: Final = "/_nicegui/"
SOCKET: Final = "/_nicegui_ws/"
HEADERS: Final = {
    # Pages are built by Vue, which compiles its templates: that needs 'unsafe-eval'. Nothing may be loaded
    # from anywhere else, so that neither a fault of ours nor a text of a stranger can send anything away.
    "content-security-policy": (
        "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; "
        "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
        "font-src 'self' data:; connect-src 'self'; "
        "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}


@dataclass(frozen=True, slots=True)
class Access:
    """Who may come in.

    Parameters
    ----------
    hosts
        Names by which browsers may call the server besides those of this machine.
    password
        Everybody must know it; nobody if None.
    requests_per_minute, burst
        Requests of one browser or address, in the long run and at once.
    logins_per_minute
        Attempts of one address; wrong ones of scripts count, right ones do not.
    all_logins_per_minute
        Attempts of all addresses together: who has many may try no more often, and each costs time.
    sockets, all_sockets
        Open connections of one browser or address, and of all.
    """

    hosts: tuple[str, ...] = ()
    password: Password | None = None
    requests_per_minute: float = 240
    burst: int = 120
    logins_per_minute: float = 6
    all_logins_per_minute: float = 60
    sockets: int = 60
    all_sockets: int = 600

    def knows_host(self, host: str) -> bool:
        """Whether a request for this host is meant for us.

        A stranger can let a name of his own lead here (DNS rebinding). An address in figures cannot be let
        so, and is taken where there is a password.
        """
        name = _name_of(host)
        if name in LOOPBACK or name in self.hosts:
            return True
        return self.password is not None and _is_address(name)


class _RefusedError(Exception):
    def __init__(
        self, status: int, what: str, remedy: str = "", headers: dict[str, str] | None = None
    ) -> None:
        super().__init__(what)
        self.status = status
        self.problem = Problem("request", what, remedy=remedy)
        self.headers = headers or {}


class Guard:
    """Middleware around the whole application. It needs the session, so `SessionMiddleware` stands outside.

    Parameters
    ----------
    app
        What it guards.
    access
        Who may come in.
    """

    def __init__(self, app: ASGIApp, access: Access) -> None:
        self.app = app
        self.access = access
        self._requests = Rates(per_minute=access.requests_per_minute, burst=access.burst)
        self._logins = _evenly(access.logins_per_minute)
        self._all_logins = _evenly(access.all_logins_per_minute)
        # A page's connection asks more often than a page, when it has to do without a socket.
        self._connections = Rates(per_minute=5 * access.requests_per_minute, burst=5 * access.burst)
        self._open: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or refuse it."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        connection = HTTPConnection(scope)
        try:
            self._check(connection, scope)
        except _RefusedError as refusal:
            await _refuse(scope, receive, send, refusal)
            return
        if scope["type"] == "websocket":
            await self._hold(_who(connection), scope, receive, send)
            return
        await self.app(scope, _Limited(receive).receive, _with_headers(send))

    async def _hold(self, who: str, scope: Scope, receive: Receive, send: Send) -> None:
        """Count a socket for as long as it is open."""
        self._open[who] += 1
        try:
            await self.app(scope, receive, send)
        finally:
            self._open[who] -= 1
            if not self._open[who]:
                del self._open[who]

    def _check(self, connection: HTTPConnection, scope: Scope) -> None:
        host = connection.headers.get("host", "")
        if not self.access.knows_host(host):
            remedy = "Use the address that forewarn serve printed, or allow the name with --allowed-host"
            raise _RefusedError(400, f"this server does not answer for the host {host[:100]!r}", remedy)
        unsafe = scope["type"] == "websocket" or scope["method"] not in SAFE
        if unsafe and not _same_origin(connection, host):
            raise _RefusedError(403, "it comes from a page of another site")
        path = str(scope["path"])
        if self.access.password is not None and path not in OPEN:
            self._authenticate(connection, scope, path)
        # Before a newcomer has a name: whoever keeps no cookie would be a newcomer each time.
        self._limit(connection, scope, path)
        session: dict[str, Any] = scope.setdefault("session", {})
        if "text/html" in connection.headers.get("accept", ""):
            greet(session)
        _check_length(connection)

    def _authenticate(self, connection: HTTPConnection, scope: Scope, path: str) -> None:
        session: dict[str, Any] = scope.get("session") or {}
        if session.get(SIGNED_IN):
            return
        given = _basic(connection.headers.get("authorization", ""))
        if given is not None and self.access.password is not None:
            self.attempt(connection, keep=True)
            if self.access.password.is_right(given):
                return
            self.attempt(connection)
        if scope["type"] == "http" and "text/html" in connection.headers.get("accept", ""):
            raise _RefusedError(303, "sign in first", headers={"location": LOGIN})
        raise _RefusedError(401, "the password is missing or wrong", headers={"www-authenticate": "Basic"})

    def attempt(self, connection: HTTPConnection, *, keep: bool = False) -> None:
        """Count an attempt to sign in, or with `keep` only see whether there may be one.

        Raises
        ------
        _RefusedError
            There were too many.
        """
        wait = self._logins.take(address_of(connection), keep=keep)
        wait = wait or self._all_logins.take("all", keep=keep)
        if wait:
            raise _RefusedError(
                429, "too many attempts", "Wait a minute", {"retry-after": str(math.ceil(wait))}
            )

    def _limit(self, connection: HTTPConnection, scope: Scope, path: str) -> None:
        who = _who(connection)
        if scope["type"] == "websocket" and (
            self._open[who] >= self.access.sockets or self._open.total() >= self.access.all_sockets
        ):
            raise _RefusedError(429, "too many open connections", "Close some pages")
        if path.startswith(ASSETS):
            return
        if scope["type"] == "websocket" or path.startswith(SOCKET):
            self._slow_down(self._connections, who)
            return
        if path == LOGIN and scope["method"] == "POST":
            self.attempt(connection)
        self._slow_down(self._requests, who)

    @staticmethod
    def _slow_down(rates: Rates, who: str) -> None:
        wait = rates.take(who)
        if wait:
            headers = {"retry-after": str(math.ceil(wait))}
            raise _RefusedError(429, "too many requests", f"Wait {math.ceil(wait)} s", headers)


class _Limited:
    """Counts what comes in, whatever the request says of its length."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._size = 0

    async def receive(self) -> Message:
        message = await self._receive()
        if message["type"] == "http.request":
            self._size += len(message.get("body", b""))
            if self._size > MOST_BODY_BYTES:
                # Of this kind, because whoever reads a body turns other errors into a bad request.
                raise HTTPException(413, TOO_LARGE)
        return message


def _check_length(connection: HTTPConnection) -> None:
    length = connection.headers.get("content-length", "")
    if length and (not length.isdigit() or len(length) > 15 or int(length) > MOST_BODY_BYTES):
        raise _too_large()


def _too_large() -> _RefusedError:
    return _RefusedError(413, TOO_LARGE)


def _evenly(per_minute: float) -> Rates:
    return Rates(per_minute=per_minute, burst=max(1, int(per_minute)))


def _who(connection: HTTPConnection) -> str:
    """Give the browser that asks, or the address of a script."""
    session: dict[str, Any] = connection.scope.get("session") or {}
    return str(session.get(BROWSER) or address_of(connection))


def _same_origin(connection: HTTPConnection, host: str) -> bool:
    """Whether a request comes from a page of ours, or from no page at all (a script outside a browser)."""
    origin = connection.headers.get("origin")
    if origin is not None:
        return urlsplit(origin).netloc.lower() == host.lower()
    return connection.headers.get("sec-fetch-site", "none") in ("same-origin", "none")


def _name_of(host: str) -> str:
    try:
        return (urlsplit(f"//{host}").hostname or "").lower()
    except ValueError:
        return ""


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _basic(header: str) -> str | None:
    """Give the password of an Authorization header; the name beside it does not matter."""
    scheme, _, encoded = header.partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        return base64.b64decode(encoded, validate=True).decode("utf-8").partition(":")[2]
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return ""


def _with_headers(send: Send) -> Send:
    extra = [(name.encode(), value.encode()) for name, value in HEADERS.items()]

    async def wrapped(message: Message) -> None:
        if message["type"] == "http.response.start":
            given = {name for name, _ in message["headers"]}
            message["headers"] = [
                *message["headers"],
                *((name, value) for name, value in extra if name not in given),
            ]
        await send(message)

    return wrapped


async def _refuse(scope: Scope, receive: Receive, send: Send, refusal: _RefusedError) -> None:
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.close", "code": 1008, "reason": str(refusal)})
        return
    body = json.dumps({"problems": [asdict(refusal.problem)]}).encode()
    headers = {
        "content-type": "application/json",
        "content-length": str(len(body)),
        **refusal.headers,
        **HEADERS,
    }
    raw = [(name.encode(), value.encode("latin-1", "replace")) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": refusal.status, "headers": raw})
    await send({"type": "http.response.body", "body": body})
