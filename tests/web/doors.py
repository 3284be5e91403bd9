"""An application behind its guard, for the tests of who comes in."""

import contextlib

from fastapi.testclient import TestClient
from starlette.websockets import WebSocket, WebSocketDisconnect

from forewarn.web.app import Cookie, add_guard, make_api
from forewarn.web.service.sessions import Sessions

SECRET = "a secret of the tests"
PASSWORD = "correct horse battery"
ADDRESS = "http://127.0.0.1:8321"
PAGE = {"accept": "text/html"}


def app_of(service, access, *, secure=False, behind_proxy=False):
    app = make_api(service, access.sessions)

    @app.websocket("/socket")
    async def socket(websocket: WebSocket):
        await websocket.accept()
        await websocket.send_text("in")
        with contextlib.suppress(WebSocketDisconnect):
            while True:
                await websocket.send_text(await websocket.receive_text())

    add_guard(app, access, Cookie(SECRET, secure=secure), behind_proxy=behind_proxy)
    return app


def client_of(service, access, *, base=ADDRESS, **options):
    return client_at(app_of(service, access, **options), base=base)


def client_at(app, *, base=ADDRESS, **options):
    return TestClient(app, base_url=base, raise_server_exceptions=False, **options)


def sessions_of(service, keys):
    return Sessions(service.workspace.folder / "sessions.json", keys, service.workspace.audit)


def socket_of(client, **headers):
    return client.websocket_connect(
        "ws://127.0.0.1:8321/socket", headers={"host": "127.0.0.1:8321", **headers}
    )
