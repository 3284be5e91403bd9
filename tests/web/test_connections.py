"""Slow and many connections lock nobody out, and the server stops when it is told to."""

import asyncio
import contextlib
import os
import shutil
import signal
import socket
import ssl
import subprocess
import threading
import time

import pytest
import uvicorn

from forewarn.web import connections as module
from forewarn.web.connections import Caps, Server, make_caps

HALF = b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n"
WHOLE = HALF + b"\r\n"
FEW = Caps(in_all=6, of_an_address=6)


async def application(scope, receive, send):
    if scope["type"] != "http":
        return
    if scope["path"] == "/slow":
        await asyncio.sleep(1)
    body = b""
    while scope["method"] == "POST" and scope["path"] == "/":
        message = await receive()
        body += message["body"]
        if not message["more_body"]:
            break
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
    await send({"type": "http.response.body", "body": b"ok"})


@contextlib.contextmanager
def running(caps=FEW, **options):
    listener = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(application, log_level="critical", lifespan="off", ws="none", **options)
    server = Server(config, caps, lambda _: None)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        server.should_exit = True
        server.force_exit = True
        thread.join()
        listener.close()


def connect(port, sent=b""):
    made = socket.create_connection(("127.0.0.1", port), timeout=20)
    made.sendall(sent)
    return made


def answer(made, sent=b""):
    """What comes back; nothing once the other side has closed."""
    found = b""
    with contextlib.suppress(ConnectionError):
        made.sendall(sent)
        while not found.endswith(b"ok") and (piece := made.recv(1000)):
            found += piece
    return found


@contextlib.contextmanager
def many(port, number, sent):
    with contextlib.ExitStack() as stack:
        yield [stack.enter_context(contextlib.closing(connect(port, sent))) for _ in range(number)]


@pytest.mark.parametrize(
    "sent", [b"", b"G", HALF, b"\r\n", b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n12"]
)
@pytest.mark.parametrize("caps", [FEW, Caps(in_all=60, of_an_address=6)])
@pytest.mark.parametrize("loop", ["auto", "asyncio"])
def test_half_a_request_makes_room_for_a_whole_one(sent, caps, loop):
    with running(caps, loop=loop) as port, many(port, 20, sent) as held:
        for _ in range(3):
            with contextlib.closing(connect(port, WHOLE)) as visitor:
                assert b"200 OK" in answer(visitor)
        assert answer(held[0]) == b""


def test_those_that_wait_longest_go_first():
    with running() as port, many(port, 6, HALF) as held, contextlib.closing(connect(port, WHOLE)) as visitor:
        assert b"200 OK" in answer(visitor)
        assert b"200 OK" in answer(held[-1], b"\r\n")
        assert answer(held[0]) == b""


def test_who_is_being_answered_is_not_sent_away():
    slow = b"GET /slow HTTP/1.1\r\nHost: x\r\n\r\n"
    with running() as port, many(port, 6, slow) as held:
        time.sleep(0.3)
        with contextlib.closing(connect(port, WHOLE)) as late:
            assert answer(late) == b""
        assert all(b"200 OK" in answer(each) for each in held)


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        HALF,
        WHOLE,
        WHOLE + b"GET",
        b"POST /now HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n12",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n12",
    ],
)
def test_what_does_not_come_whole_has_a_deadline(sent, monkeypatch):
    monkeypatch.setattr(module, "HEADER_SECONDS", 0.3)
    monkeypatch.setattr(module, "BODY_SECONDS", 0.3)
    with running(timeout_keep_alive=600) as port, contextlib.closing(connect(port, sent)) as made:
        # It ends by itself, though a line end comes every now and then.
        while answer(made):
            pass


def test_a_dribble_of_line_ends_does_not_last(monkeypatch):
    monkeypatch.setattr(module, "HEADER_SECONDS", 0.3)
    with running(timeout_keep_alive=600) as port, contextlib.closing(connect(port, WHOLE)) as made:
        assert b"200 OK" in answer(made)
        with contextlib.suppress(ConnectionError):
            while True:
                made.sendall(b"\r\n")
                time.sleep(0.05)


def test_work_that_takes_long_has_none(monkeypatch):
    monkeypatch.setattr(module, "HEADER_SECONDS", 0.2)
    monkeypatch.setattr(module, "BODY_SECONDS", 0.2)
    with running() as port, contextlib.closing(connect(port, WHOLE.replace(b"/ ", b"/slow "))) as made:
        assert b"200 OK" in answer(made)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    if shutil.which("openssl") is None:
        pytest.skip("needs openssl")
    folder = tmp_path_factory.mktemp("tls")
    command = (
        "openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out cert.pem -days 2 -subj /CN=localhost"
    )
    subprocess.run(command.split(), cwd=folder, check=True, capture_output=True)
    return {"ssl_certfile": folder / "cert.pem", "ssl_keyfile": folder / "key.pem"}


def shaken(made):
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context.wrap_socket(made)


@pytest.mark.parametrize("loop", ["auto", "asyncio"])
def test_handshakes_are_counted_too(certificate, loop):
    with running(**certificate, loop=loop) as port, many(port, 20, b"") as held:
        for _ in range(30):
            # What a visitor says before the server listens is not lost.
            with shaken(connect(port)) as visitor:
                assert b"200 OK" in answer(visitor, WHOLE)
                assert b"200 OK" in answer(visitor, WHOLE)
        assert answer(held[0]) == b""


@pytest.mark.parametrize("sent", [b"", b"\x16\x03\x01", WHOLE])
def test_a_handshake_has_a_deadline(certificate, sent, monkeypatch):
    monkeypatch.setattr(module, "HEADER_SECONDS", 0.3)
    with running(**certificate) as port, contextlib.closing(connect(port, sent)) as made:
        while answer(made):
            pass


@pytest.mark.skipif(os.name != "posix", reason="limits of files")
@pytest.mark.parametrize("files", [64, 256, 1024, 100_000])
def test_the_caps_stay_below_the_files_that_may_be_open(files, monkeypatch):
    import resource

    raised = []
    monkeypatch.setattr(resource, "getrlimit", lambda _: (min(files, 256), files))
    monkeypatch.setattr(resource, "setrlimit", lambda _, limits: raised.append(limits))
    caps = make_caps(behind_proxy=False)
    assert caps.in_all <= max(16, files - module.RESERVED_FILES)
    assert caps.of_an_address <= caps.in_all
    assert make_caps(behind_proxy=True).of_an_address == caps.in_all
    assert all(soft <= files for soft, _ in raised)


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="limits of files")
def test_eleven_hundred_half_requests_lock_nobody_out(start_app, tmp_path):
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard < 2000:
        pytest.skip("needs more open files")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, 2000), hard))
    app = start_app(tmp_path / "w", files=1024)
    port = int(app.address.rpartition(":")[2])
    with contextlib.ExitStack() as stack:
        for _ in range(1100):
            stack.enter_context(contextlib.closing(connect(port, HALF)))
        assert app.ask("/api/scenarios")
    app.stop()


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="signals")
@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_told_to_stop_it_says_so_and_stops_in_the_middle_of_work(start_app, tmp_path, sign):
    app = start_app(tmp_path / "w", "--members", "2000")
    job = app.ask("/api/scenarios/idlib-2018/forecasts", method="POST")
    while app.ask(f"/api/jobs/{job['id']}")["done"] == 0:
        time.sleep(0.2)
    app.process.send_signal(sign)
    # Ten times what is promised: the machine of a test may be busy.
    said = app.process.communicate(timeout=20)[0]
    assert "Stopping." in said
    assert "Traceback" not in said
    app = start_app(tmp_path / "w")
    assert app.ask(f"/api/jobs/{job['id']}")["state"] == "interrupted"
    app.stop()
