"""What a proxy says of who is behind it: believed only where there is one (`--behind-proxy`)."""

from __future__ import annotations

import ipaddress

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send


class Forwarded:
    """Middleware that takes address and scheme from the headers of the proxy, the last to write them.

    Parameters
    ----------
    app
        What stands behind it.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand a request on with the address and the scheme that the visitor has."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        address = _last(headers, "x-forwarded-for")
        if _is_address(address):
            scope["client"] = (address, 0)
        if _last(headers, "x-forwarded-proto").lower() in ("https", "wss"):
            scope["scheme"] = "https" if scope["type"] == "http" else "wss"
            send = _secured(send)
        await self.app(scope, receive, send)


def _last(headers: Headers, name: str) -> str:
    """Give the last of the values that were forwarded: those before it anybody can have written."""
    values = headers.getlist(name)
    return values[-1].rpartition(",")[2].strip() if values else ""


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def _secured(send: Send) -> Send:
    """Give every cookie the mark that keeps it from connections without TLS."""

    async def wrapped(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(raw=list(message["headers"]))
            cookies = headers.getlist("set-cookie")
            del headers["set-cookie"]
            for cookie in cookies:
                marked = cookie if "secure" in cookie.lower().split("; ") else f"{cookie}; Secure"
                headers.append("set-cookie", marked)
            message["headers"] = headers.raw
        await send(message)

    return wrapped
