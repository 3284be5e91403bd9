"""``forewarn serve``: what it refuses, what it says, and that it runs."""

import os
import socket
import sys
import time
import urllib.request

import pytest
from typer.testing import CliRunner

from forewarn.cli import main as entry
from forewarn.cli.commands import app
from forewarn.cli.serving import HOST, MEMBERS, PORT
from forewarn.errors import MissingPartError, UsageError
from forewarn.scenario import dump, load
from forewarn.web.service.passwords import PasswordFile
from forewarn.web.service.service import DEFAULT_MEMBERS
from forewarn.web.serving import DEFAULT_HOST, DEFAULT_PORT, Options, check, is_loopback, serve


def run(monkeypatch, capsys, *arguments):
    monkeypatch.setattr(sys, "argv", ["forewarn", *map(str, arguments)])
    code = 0
    try:
        entry()
    except SystemExit as stop:
        code = stop.code or 0
    return code, capsys.readouterr()


def test_the_command_line_and_the_room_agree():
    assert (HOST, PORT, MEMBERS) == (DEFAULT_HOST, DEFAULT_PORT, DEFAULT_MEMBERS)


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.5", "::", "planning.example", "127.0.0.1.example"])
def test_others_are_let_in_with_a_password_only(host, tmp_path, monkeypatch, capsys):
    code, said = run(monkeypatch, capsys, "serve", "--host", host, "--workspace", tmp_path / "w")
    assert code == 2
    assert "--password-file" in said.err
    assert "--make-password-file" in said.err
    assert not (tmp_path / "w").exists()


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1", "127.0.0.53"])
def test_this_machine_needs_none(host):
    assert is_loopback(host)
    check(Options(host=host))


def test_half_a_certificate_is_refused(tmp_path):
    with pytest.raises(UsageError, match="without the other"):
        check(Options(certificate=tmp_path / "cert.pem"))
    with pytest.raises(UsageError, match="not there"):
        check(Options(certificate=tmp_path / "cert.pem", key=tmp_path / "key.pem"))


def test_without_the_extra_it_says_what_to_install(tmp_path, monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "nicegui", None)
    code, said = run(monkeypatch, capsys, "serve", "--workspace", tmp_path / "w", "--no-browser")
    assert code == 3
    assert "pip install 'forewarn[web]'" in said.err
    with pytest.raises(MissingPartError):
        serve(Options(workspace=tmp_path / "w"), say=print)


def test_a_password_file_is_made(tmp_path):
    path = tmp_path / "forewarn.password"
    done = CliRunner().invoke(
        app, ["serve", "--make-password-file", str(path)], input="correct horse battery\n" * 2
    )
    assert done.exit_code == 0
    assert "horse" not in done.output
    assert PasswordFile(path).identify("anybody", "correct horse battery") == ""


def test_a_password_that_is_too_short_is_refused(tmp_path):
    path = tmp_path / "forewarn.password"
    done = CliRunner().invoke(app, ["serve", "--make-password-file", str(path)], input="short\nshort\n")
    assert done.exit_code != 0
    assert not path.exists()


def test_a_taken_port_is_said(tmp_path, monkeypatch, capsys):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        code, said = run(
            monkeypatch, capsys, "serve", "--port", port, "--workspace", tmp_path / "w", "--no-browser"
        )
    assert code == 1
    assert f"127.0.0.1:{port}" in said.err
    assert "--port" in said.err


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="signals")
def test_killed_in_the_middle_of_a_run_nothing_that_was_saved_is_lost(tmp_path, start_app):
    app = start_app(tmp_path / "w", "--members", "2000")
    saved = app.ask("/api/scenarios", method="POST", body={"document": dump(load("crossroads"))})["id"]
    done = app.ask(f"/api/scenarios/{saved}/outlooks", method="POST")
    app.wait(done)
    running = [app.ask("/api/scenarios/idlib-2018/forecasts", method="POST") for _ in range(3)]
    while app.ask(f"/api/jobs/{running[0]['id']}")["done"] == 0:
        time.sleep(0.4)
    app.stop(kill=True)

    app = start_app(tmp_path / "w", "--members", "100")
    assert saved in [each["id"] for each in app.ask("/api/scenarios")]
    assert app.ask(f"/api/jobs/{done['id']}")["state"] == "done"
    assert len(app.ask(f"/api/outlooks/{done['id']}/files")) > 5
    states = [app.ask(f"/api/jobs/{each['id']}")["state"] for each in running]
    assert states == ["interrupted"] * 3
    again = app.wait(app.ask(f"/api/jobs/{running[0]['id']}/restart", method="POST"))
    assert again["state"] == "done", again
    app.stop()


@pytest.mark.slow
def test_nothing_is_written_where_it_is_run(tmp_path, monkeypatch, start_app):
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    app = start_app(tmp_path / "w")
    urllib.request.urlopen(app.entry, timeout=20).close()
    app.stop()
    assert list((tmp_path / "here").iterdir()) == []
