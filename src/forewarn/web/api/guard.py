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
from urllib.parse import parse_qs, urlencode, urlsplit

from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from forewarn.errors import Problem
from forewarn.web.api.identity import BROWSER, SESSION, address_of, begin, greet
from forewarn.web.service.audit import PERSON
from forewarn.web.service.limits import MIB, MOST_DOCUMENT_BYTES, Rates
from forewarn.web.service.sessions import Sessions

LOOPBACK: Final = ("localhost", "127.0.0.1", "::1")
MOST_BODY_BYTES: Final = MOST_DOCUMENT_BYTES + MIB
"""Largest request: the largest file and what the form around it takes."""
TOO_LARGE: Final = f"it is too large; send at most {MOST_DOCUMENT_BYTES:,} bytes"
SAFE: Final = ("GET", "HEAD", "OPTIONS")
LOGIN: Final = "/login"
TOKEN: Final = "token"
OVER: Final = 1008
"""Code of RFC 6455 for a socket that is closed because of a rule."""
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
    sessions
        Who has signed in, and with what; everybody comes in if None (`forewarn serve` always has some).
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
    sessions: Sessions | None = None
    requests_per_minute: float = 240
    burst: int = 120
    logins_per_minute: float = 6
    all_logins_per_minute: float = 60
    sockets: int = 60
    all_sockets: int = 600

    def knows_host(self, host: str) -> bool:
        """Whether a request for this host is meant for us.

        A stranger can let a name of his own lead here (DNS rebinding). An address in figures cannot be let
        so, and is taken where one has to sign in.
        """
        name = _name_of(host)
        if name in LOOPBACK or name in self.hosts:
            return True
        return self.sessions is not None and _is_address(name)


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
            PERSON.set(self._check(connection, scope))
        except _RefusedError as refusal:
            await _refuse(scope, receive, send, refusal)
            return
        if scope["type"] == "websocket":
            watched = _Watched(self.access.sessions, _session(connection).get(SESSION), receive, send)
            await self._hold(_who(connection), scope, watched.receive, watched.send)
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

    def _check(self, connection: HTTPConnection, scope: Scope) -> str:
        """Give the person who asks, or refuse."""
        host = connection.headers.get("host", "")
        if not self.access.knows_host(host):
            remedy = "Use the address that forewarn serve printed, or allow the name with --allowed-host"
            raise _RefusedError(400, f"this server does not answer for the host {host[:100]!r}", remedy)
        unsafe = scope["type"] == "websocket" or scope["method"] not in SAFE
        if unsafe and not _same_origin(connection, host):
            raise _RefusedError(403, "it comes from a page of another site")
        path = str(scope["path"])
        person = ""
        if self.access.sessions is not None and path not in OPEN:
            person = self._authenticate(connection, scope, self.access.sessions)
        # Before a newcomer has a name: whoever keeps no cookie would be a newcomer each time.
        self._limit(connection, scope, path)
        session: dict[str, Any] = scope.setdefault("session", {})
        if "text/html" in connection.headers.get("accept", ""):
            greet(session)
        _check_length(connection)
        return person

    def _authenticate(self, connection: HTTPConnection, scope: Scope, sessions: Sessions) -> str:
        session, keys = _session(connection), sessions.keys
        shown = scope["type"] == "http" and "text/html" in connection.headers.get("accept", "")
        query = parse_qs(scope["query_string"].decode("latin-1")) if keys.in_addresses else {}
        in_address = query.pop(TOKEN, [""])[0]
        found = sessions.find(str(session.get(SESSION, "")))
        person = None if found is None else found.person
        if person is None:
            person = self._identify(connection, in_address, sessions)
            if person is not None and in_address and shown:
                begin(connection, sessions, person)
        if person is None:
            if shown:
                raise _RefusedError(303, "sign in first", headers={"location": LOGIN})
            scheme = "Bearer" if keys.in_addresses else "Basic"
            raise _RefusedError(401, "the password is missing or wrong", headers={"www-authenticate": scheme})
        if in_address and shown:
            # The token must not stay in the address: it would be bookmarked, and sent on with the page.
            rest = f"?{urlencode(query, doseq=True)}" if query else ""
            path = "/" + str(scope["raw_path"].decode("latin-1")).lstrip("/\\")
            raise _RefusedError(303, "signed in", headers={"location": path + rest})
        return person

    def _identify(self, connection: HTTPConnection, in_address: str, sessions: Sessions) -> str | None:
        """Give the person whose secret comes with the request itself, as scripts send it."""
        given = ("", in_address) if in_address else _credentials(connection.headers.get("authorization", ""))
        if given is None:
            return None
        counted = sessions.keys.can_be_guessed
        if counted:
            self.attempt(connection, keep=True)
        person = sessions.identify(*given, address=address_of(connection))
        if person is None and counted:
            self.attempt(connection)
        return person

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
        sessions = self.access.sessions
        if path == LOGIN and scope["method"] == "POST" and (sessions is None or sessions.keys.can_be_guessed):
            self.attempt(connection)
        self._slow_down(self._requests, who)

    @staticmethod
    def _slow_down(rates: Rates, who: str) -> None:
        wait = rates.take(who)
        if wait:
            headers = {"retry-after": str(math.ceil(wait))}
            raise _RefusedError(429, "too many requests", f"Wait {math.ceil(wait)} s", headers)


class _Watched:
    """A socket through which nothing passes any more once the session is over."""

    def __init__(self, sessions: Sessions | None, token: str | None, receive: Receive, send: Send) -> None:
        self._sessions, self._token = sessions, token
        self._receive, self._send = receive, send
        self._closed = False

    async def receive(self) -> Message:
        message = await self._receive()
        if message["type"] == "websocket.receive" and await self._over():
            return {"type": "websocket.disconnect", "code": OVER}
        return message

    async def send(self, message: Message) -> None:
        if message["type"] == "websocket.accept" or not await self._over():
            await self._send(message)

    async def _over(self) -> bool:
        """Whether it is over; the other side is told once. Scripts have no session."""
        if self._closed or self._sessions is None or not self._token:
            return self._closed
        if self._sessions.find(self._token) is None:
            self._closed = True
            await self._send({"type": "websocket.close", "code": OVER, "reason": "the session is over"})
        return self._closed


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
    return str(_session(connection).get(BROWSER) or address_of(connection))


def _session(connection: HTTPConnection) -> dict[str, Any]:
    session: dict[str, Any] = connection.scope.get("session") or {}
    return session


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


def _credentials(header: str) -> tuple[str, str] | None:
    """Give name and secret of an Authorization header."""
    scheme, _, given = header.partition(" ")
    if scheme.lower() == "bearer":
        return "", given.strip()
    if scheme.lower() != "basic":
        return None
    try:
        name, _, secret = base64.b64decode(given, validate=True).decode("utf-8").partition(":")
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return "", ""
    return name, secret


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
