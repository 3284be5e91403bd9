"""Connections: how many there may be, and how long they may take over what they send.

The server below (uvicorn) waits for ever for the rest of a request. Here whoever sends nothing whole has a
deadline, and where all places are taken the one that has waited longest for the rest of its request goes.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from types import FrameType
from typing import Final, NoReturn, Protocol

import uvicorn
from uvicorn.config import STARTUP_FAILURE
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import ServerState

HEADER_SECONDS: Final = 10.0
"""For the handshake of TLS, and again for the headers of a request (assumption: ten times a slow line)."""
BODY_SECONDS: Final = 600.0
"""For the rest of a request: 8 MB over a line of 15 kB/s (assumption)."""
MOST_OPEN: Final = 2000
MOST_OF_AN_ADDRESS: Final = 400
"""An office behind one address: fifty people with the eight connections of a browser (assumption)."""
ACCEPT_AGAIN_SECONDS: Final = 0.1
"""After a connection could not be accepted (assumption)."""
RESERVED_FILES: Final = 224
"""Open files that the program needs for itself (assumption: it has about 60)."""

PATIENCE_SECONDS: Final = 1.5
"""From being told to stop to the end, whatever runs."""
GRACE_SECONDS: Final = 1
"""Of these for answers that are on their way."""


@dataclass(frozen=True, slots=True)
class Caps:
    """How many connections may be open, in all and of one address."""

    in_all: int
    of_an_address: int


def make_caps(*, behind_proxy: bool) -> Caps:
    """Raise the limit of open files as far as the system lets us, and stay below it.

    Parameters
    ----------
    behind_proxy
        Whether all come from the address of a proxy.
    """
    files = MOST_OPEN + RESERVED_FILES
    if sys.platform != "win32":
        import resource

        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        wanted = files if hard == resource.RLIM_INFINITY else min(files, hard)
        if soft != resource.RLIM_INFINITY and soft < wanted:
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
            soft = wanted
        files = files if soft == resource.RLIM_INFINITY else min(files, soft)
    in_all = max(16, files - RESERVED_FILES)
    return Caps(in_all, in_all if behind_proxy else min(MOST_OF_AN_ADDRESS, max(8, in_all // 2)))


class WaitingConnection(Protocol):
    """A connection that has something to send yet."""

    address: str

    def drop(self) -> None:
        """Close it."""


class Connections:
    """What is open, and which of them are waited for, longest first.

    Parameters
    ----------
    caps
        How many there may be.
    state
        Of the server, which knows who speaks HTTP or holds a socket.
    """

    def __init__(self, caps: Caps, state: ServerState) -> None:
        self._caps = caps
        self._state = state
        self._waiting: dict[WaitingConnection, asyncio.TimerHandle] = {}
        self.arrivals: set[Arrival] = set()

    def admit(self, address: str) -> bool:
        """Say whether one more may come; where there are too many, the one waited for longest goes."""
        spoken = ((getattr(each, "client", None) or ("",))[0] for each in self._state.connections)
        addresses = [*spoken, *(each.address for each in self.arrivals)]
        if addresses.count(address) >= self._caps.of_an_address:
            return self._make_room(address)
        return len(addresses) < self._caps.in_all or self._make_room(None)

    def wait(self, connection: WaitingConnection, seconds: float) -> None:
        """Wait for what a connection sends, so long and no longer."""
        self.done(connection)
        self._waiting[connection] = asyncio.get_running_loop().call_later(seconds, connection.drop)

    def done(self, connection: WaitingConnection) -> None:
        """Wait no longer: it has sent what it had to, or is closed."""
        timer = self._waiting.pop(connection, None)
        if timer is not None:
            timer.cancel()

    def arrived(self, arrival: Arrival) -> None:
        """Count it no longer: its protocol is counted, or it is closed."""
        self.arrivals.discard(arrival)
        self.done(arrival)

    def _make_room(self, address: str | None) -> bool:
        for connection in self._waiting:
            if address is None or connection.address == address:
                self.done(connection)
                connection.drop()
                return True
        return False


class Arrival:
    """A connection that was accepted, until its protocol listens: with TLS, until hands were shaken.

    Parameters
    ----------
    address
        Whence it comes.
    """

    def __init__(self, address: str) -> None:
        self.address = address
        self.taken_in: asyncio.Task[None] | None = None

    def drop(self) -> None:
        """Close it."""
        if self.taken_in is not None:
            self.taken_in.cancel()


class Listener:
    """Accepts connections at a socket and counts each before anything is read of it.

    It stands where the server below expects a server of asyncio, whose connections are known to
    nobody before TLS has shaken hands.

    Parameters
    ----------
    connections
        What is open already.
    make
        Makes the protocol that speaks HTTP.
    config
        Of the server.
    listening
        The socket.
    """

    def __init__(
        self,
        connections: Connections,
        make: Callable[[Arrival], asyncio.Protocol],
        config: uvicorn.Config,
        listening: socket.socket,
    ) -> None:
        self._connections, self._make, self._config, self._socket = connections, make, config, listening
        listening.listen(config.backlog)
        listening.setblocking(False)
        self._accepting = asyncio.get_running_loop().create_task(self._accept())

    def close(self) -> None:
        """Accept no more."""
        self._accepting.cancel()
        for arrival in self._connections.arrivals:
            arrival.drop()

    async def wait_closed(self) -> None:
        """Wait until nothing more is accepted."""
        await asyncio.wait([self._accepting])

    async def _accept(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            try:
                accepted, address = await loop.sock_accept(self._socket)
            except OSError:
                # Too many open files, or it has hung up already.
                await asyncio.sleep(ACCEPT_AGAIN_SECONDS)
                continue
            arrival = Arrival(str(address[0]) if isinstance(address, tuple) else "")
            if self._connections.admit(arrival.address):
                self._connections.arrivals.add(arrival)
                self._connections.wait(arrival, HEADER_SECONDS)
                arrival.taken_in = loop.create_task(self._take_in(arrival, accepted))
                arrival.taken_in.add_done_callback(partial(self._taken_in, arrival, accepted))
            else:
                accepted.close()

    async def _take_in(self, arrival: Arrival, accepted: socket.socket) -> None:
        secure = self._config.ssl
        await asyncio.get_running_loop().connect_accepted_socket(
            lambda: self._make(arrival),
            accepted,
            ssl=secure,
            ssl_handshake_timeout=None if secure is None else HEADER_SECONDS,
        )

    def _taken_in(self, arrival: Arrival, accepted: socket.socket, task: asyncio.Task[None]) -> None:
        self._connections.arrived(arrival)
        error = None if task.cancelled() else task.exception()
        if error is not None and not isinstance(error, OSError):
            asyncio.get_running_loop().call_exception_handler({"message": "accepting", "exception": error})
        if task.cancelled() or error is not None:
            # A task that was cancelled before it began closes nothing itself.
            with contextlib.suppress(OSError):
                accepted.shutdown(socket.SHUT_RDWR)
            accepted.close()


class Punctual(HttpToolsProtocol):
    """uvicorn's protocol, with a deadline for what a visitor sends."""

    address = ""
    books: Connections
    arrival: Arrival

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for the first request."""
        super().connection_made(transport)
        self.books.arrived(self.arrival)
        self.address = self.client[0] if self.client else ""
        self.books.wait(self, HEADER_SECONDS)

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no longer."""
        self.books.done(self)
        super().connection_lost(exc)

    def on_message_begin(self) -> None:
        """Wait for the headers of a request."""
        super().on_message_begin()
        self.books.wait(self, HEADER_SECONDS)

    def on_headers_complete(self) -> None:
        """Wait for the rest of it."""
        self.books.wait(self, BODY_SECONDS)
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """Wait no longer, if it is our turn."""
        super().on_message_complete()
        self.books.done(self)
        self._wait_for_the_next()

    def on_response_complete(self) -> None:
        """Wait for the next request, or for the rest of one that was answered before it was whole."""
        super().on_response_complete()
        self._wait_for_the_next()

    def handle_websocket_upgrade(self) -> None:
        """Let the protocol of sockets take over; how many of those there are the guard counts."""
        self.books.done(self)
        super().handle_websocket_upgrade()

    def drop(self) -> None:
        """Close it at once."""
        self.transport.abort()

    def _wait_for_the_next(self) -> None:
        if self.cycle is not None and self.cycle.response_complete and not self.transport.is_closing():
            self.books.wait(self, HEADER_SECONDS)


class Server(uvicorn.Server):
    """uvicorn's server behind the door, which stops when it is told to.

    Parameters
    ----------
    config
        Of the server.
    caps
        How many connections there may be.
    say
        Called when it is told to stop.
    """

    def __init__(self, config: uvicorn.Config, caps: Caps, say: Callable[[str], None]) -> None:
        super().__init__(config)
        self._books = Connections(caps, self.server_state)
        self._say = say
        self._stopped_by = 0

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen at the sockets."""
        await self.lifespan.startup()
        if self.lifespan.should_exit:
            sys.exit(STARTUP_FAILURE)
        self.servers = [Listener(self._books, self._protocol, self.config, each) for each in sockets or ()]  # type: ignore[misc]
        self.started = True

    def run(self, sockets: list[socket.socket] | None = None) -> None:
        """Serve until told to stop."""
        try:
            super().run(sockets)
        finally:
            # Not the usual way out: taking the interpreter down waits for threads that compute.
            if self._stopped_by:
                _leave(self._stopped_by)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Stop, and do not wait for what is being computed: at a second signal at once."""
        if self._stopped_by:
            _leave(sig)
        self._stopped_by = sig
        super().handle_exit(sig, frame)
        threading.Thread(target=self._watch, daemon=True).start()

    def _watch(self) -> None:
        self._say("Stopping. What was saved is safe; what is being computed can be started again.")
        time.sleep(PATIENCE_SECONDS)
        _leave(self._stopped_by)

    def _protocol(self, arrival: Arrival) -> Punctual:
        made = Punctual(self.config, self.server_state, self.lifespan.state)
        made.arrival = arrival
        made.books = self._books
        return made


def _leave(sig: int) -> NoReturn:
    """End the process as a signal does. Whatever its threads were writing is whole or a draft."""
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError):
            stream.flush()
    os._exit(128 + sig)
