"""The reader that asks a language model, against a local stub server."""

from __future__ import annotations

import json
import threading
import time
from contextlib import contextmanager, suppress
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from forewarn.cli import main as entry
from forewarn.errors import ForewarnError, UsageError
from forewarn.reading.documents.document import from_text
from forewarn.reading.llm.client import MOST_CHARACTERS, Endpoint, ask
from forewarn.reading.llm.facts import read_with_model
from forewarn.reading.reader import read

# The rules see neither a figure nor a statement in the second sentence.
TEXT = (
    "More than 3,000 people fled Sarmada on Monday, the mayor said. "
    "By the elders' count 4,200 shadows sat under the olive trees of Atmeh. "
    "Fuel for that week had cost 90,000 pounds."
)
FIGURE = {
    "quote": "4,200 shadows sat under the olive trees of Atmeh",
    "quantity": "4,200",
    "number": 4200,
    "unit": "people",
    "term": "displaced",
    "flow": "stock",
    "status": "estimated",
}
STATEMENT = {
    "quote": "4,200 shadows sat under the olive trees of Atmeh",
    "source": "the elders'",
    "cue": "count",
    "kind": "estimate",
}


class _Stub(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, reply):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.reply = reply
        self.asked = []
        self.done = threading.Event()

    @property
    def address(self):
        return f"http://127.0.0.1:{self.server_address[1]}/v1"


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.asked.append((self.path, json.loads(body)))
        with suppress(BrokenPipeError, ConnectionResetError):
            self.server.reply(self)

    def log_message(self, *_):
        pass


def _send(handler, data, *, status=200, headers=()):
    handler.send_response(status)
    for name, value in headers:
        handler.send_header(name, value)
    handler.send_header("Content-Length", str(len(data)))
    handler.end_headers()
    handler.wfile.write(data)


def _saying(content):
    words = content if isinstance(content, str) else json.dumps(content)
    data = json.dumps({"choices": [{"message": {"role": "assistant", "content": words}}]}).encode()
    return lambda handler: _send(handler, data)


@contextmanager
def _serving(reply):
    with _Stub(reply) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            server.done.set()
            server.shutdown()
            thread.join()


@pytest.fixture
def document():
    return from_text(TEXT, name="note", issued=date(2018, 9, 12))


def _read(document, content):
    with _serving(_saying(content)) as server:
        return read_with_model(document, Endpoint(server.address, "small", timeout_seconds=10))


def test_a_good_answer_adds_what_the_rules_missed(document):
    rules = read(document)
    with _serving(_saying({"figures": [FIGURE], "statements": [STATEMENT]})) as server:
        reading = read_with_model(document, Endpoint(server.address, "small", timeout_seconds=10))
    assert reading.reader == f"{rules.reader} + llm small"
    assert len(reading.figures) == len(rules.figures) + 1
    assert reading.statements[: len(rules.statements)] == rules.statements
    figure, statement = reading.figures[-1], reading.statements[-1]
    assert (figure.quantity.value, figure.term, figure.status) == (4200, "displaced", "estimated")
    assert figure.statement == len(reading.statements) - 1
    assert [place.span.text for place in figure.places] == ["Atmeh"]
    assert (statement.kind, statement.source.text, statement.cue.text) == ("estimate", "the elders'", "count")
    assert statement.sentence.text.startswith("By the elders'")
    for span in (figure.span, figure.quantity_span, statement.source, *statement.content, statement.sentence):
        assert document.text[span.start : span.end] == span.text
    ((path, asked),) = server.asked
    assert path == "/v1/chat/completions"
    assert (asked["model"], asked["messages"][-1]["content"]) == ("small", document.text)


def test_an_answer_in_a_fence_is_read(document):
    fenced = f"```json\n{json.dumps({'figures': [FIGURE]})}\n```"
    assert len(_read(document, fenced).figures) == len(read(document).figures) + 1


def test_what_the_rules_found_too_is_not_added_twice(document):
    same = FIGURE | {"quote": "3,000 people fled Sarmada", "quantity": "3,000", "number": 3000}
    reading = _read(document, {"figures": [same]})
    assert reading.figures == read(document).figures
    assert "1 facts were found by the rules too; 0 were dropped" in reading.notes[-1]


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"quote": "4,200 families sat under the olive trees"}, "quotation not in the text"),
        ({"quote": "hadows sat", "quantity": "sat"}, "quotation not in the text"),
        ({"quote": "200 shadows sat", "quantity": "200", "number": 200}, "number other than the text's"),
        ({"quantity": "4,201"}, "quantity not in its quotation"),
        ({"quantity": "olive"}, "no quantity of people at the quotation"),
        ({"number": 42000}, "number other than the text's"),
        ({"number": "4200"}, "number other than the text's"),
        ({"number": True}, "number other than the text's"),
        ({"number": float("nan")}, "number other than the text's"),
        ({"number": 10**400}, "number other than the text's"),
        ({"quote": "cost 90,000 pounds", "quantity": "90,000", "number": 90000}, "no quantity of people"),
        ({"term": "fled"}, "term unknown"),
        ({"unit": ["people"]}, "unit unknown"),
        ({"quote": " "}, "quote missing"),
        ({"quote": 7}, "quote missing"),
        ({"quote": TEXT * 9}, "quote missing, empty or too long"),
    ],
)
def test_a_figure_that_the_text_does_not_bear_out_is_dropped(document, change, why):
    reading = _read(document, {"figures": [FIGURE | change]})
    assert reading.figures == read(document).figures
    assert "1 were dropped" in " ".join(reading.notes)
    assert why in " ".join(reading.notes)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"quote": "the city has fallen"}, "quotation not in the text"),
        ({"source": "the governor"}, "quotation not in the text"),
        ({"source": "olive trees"}, "source inside its content"),
        ({"cue": "shouted"}, "quotation not in the text"),
        ({"kind": "rumour"}, "kind unknown"),
        ({"source": None}, "source missing"),
    ],
)
def test_a_statement_that_the_text_does_not_bear_out_is_dropped(document, change, why):
    reading = _read(document, {"statements": [STATEMENT | change]})
    assert reading.statements == read(document).statements
    assert f"Dropped, {why}" in " ".join(reading.notes)


def test_a_source_far_away_is_dropped():
    document = from_text(TEXT + "\n\n" + "It rained. " * 80 + "The baker slept.", name="note", issued=None)
    reading = _read(document, {"statements": [STATEMENT | {"source": "The baker", "cue": "slept"}]})
    assert "Dropped, source far from its content: 1." in reading.notes


@pytest.mark.parametrize("content", [{"figures": 3, "statements": "x"}, {"figures": [1, None, []]}, {}])
def test_other_shapes_leave_the_reading_by_rules(document, content):
    reading = _read(document, content)
    assert (reading.figures, reading.statements) == (read(document).figures, read(document).statements)


@pytest.mark.parametrize(
    ("reply", "why"),
    [
        (_saying("I found 4,200 souls."), "the message is not JSON"),
        (_saying("[" * 100_000), "the message is not JSON"),
        (_saying("[]"), "the message is not a JSON object"),
        (lambda handler: _send(handler, b"<html>"), "the answer is not JSON"),
        (lambda handler: _send(handler, b"\xff\xfe\x00"), "the answer is not JSON"),
        (lambda handler: _send(handler, b'{"choices": []}'), "has no choices"),
        (lambda handler: _send(handler, b'{"choices": [{"message": {"content": 3}}]}'), "is not text"),
        (_saying(" " * 2**20), "too large"),
        (lambda handler: _send(handler, b"oh", status=500), "the server answers 500"),
    ],
)
def test_an_answer_that_cannot_be_used_is_an_error(document, reply, why):
    with _serving(reply) as server, pytest.raises(ForewarnError, match=why):
        ask(Endpoint(server.address, timeout_seconds=10), document.text)


def test_a_redirection_is_not_followed(document):
    with _serving(_saying({})) as other:
        aside = [("Location", f"{other.address}/chat/completions")]
        for status in (302, 307):
            with (
                _serving(lambda h, status=status: _send(h, b"", status=status, headers=aside)) as server,
                pytest.raises(ForewarnError, match=f"answers {status}"),
            ):
                ask(Endpoint(server.address, timeout_seconds=10), document.text)
    assert other.asked == []


def _silent(handler):
    handler.server.done.wait(10)


def _trickling(handler):
    handler.send_response(200)
    handler.end_headers()
    while not handler.server.done.wait(0.05):
        handler.wfile.write(b" ")
        handler.wfile.flush()


@pytest.mark.parametrize("reply", [_silent, _trickling])
def test_an_answer_that_does_not_end_is_given_up(document, reply):
    start = time.monotonic()
    with _serving(reply) as server, pytest.raises(ForewarnError, match=r"timed out|within 0\.3 seconds"):
        ask(Endpoint(server.address, timeout_seconds=0.3), document.text)
    assert time.monotonic() - start < 8


def test_nobody_there(document):
    with _serving(_saying({})) as server:
        address = server.address
    with pytest.raises(ForewarnError, match="cannot be asked"):
        ask(Endpoint(address, timeout_seconds=5), document.text)


def test_a_long_text_is_sent_in_part(document):
    with _serving(_saying({})) as server:
        ask(Endpoint(server.address, timeout_seconds=10), "word " * MOST_CHARACTERS)
    assert len(server.asked[0][1]["messages"][-1]["content"]) == MOST_CHARACTERS


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("https://models.example/v1", "another machine"),
        ("http://10.0.0.7/v1", "another machine"),
        ("http://localhost.example/v1", "another machine"),
        ("http://localhost@models.example/v1", "another machine"),
        ("file:///etc/passwd", "is not a valid address"),
        ("localhost:8080", "is not a valid address"),
        ("http://localhost:port/v1", "is not a valid address"),
        ("http://local host/v1", "is not a valid address"),
        ("", "is not a valid address"),
    ],
)
def test_only_this_machine_unless_said(address, why):
    with pytest.raises(UsageError, match=why):
        Endpoint(address)


def test_another_machine_only_by_https():
    assert Endpoint("https://models.example/v1/", allow_remote=True).completions == (
        "https://models.example/v1/chat/completions"
    )
    with pytest.raises(UsageError, match="unencrypted"):
        Endpoint("http://models.example/v1", allow_remote=True)
    for address in ("http://localhost:1/v1", "http://127.0.0.1:1", "http://[::1]:1", "https://localhost"):
        assert Endpoint(address).address == address


@pytest.fixture
def forewarn(monkeypatch, capsys):
    def run(*arguments):
        monkeypatch.setattr("sys.argv", ["forewarn", *map(str, arguments)])
        code = 0
        try:
            entry()
        except SystemExit as stop:
            code = stop.code or 0
        out = capsys.readouterr()
        return code, out.out, out.err

    return run


def test_the_command(forewarn, tmp_path):
    path = tmp_path / "note.txt"
    path.write_text(TEXT, encoding="utf-8")
    with _serving(_saying({"figures": [FIGURE, FIGURE | {"number": 1}]})) as server:
        asked = ("--reader", "llm", "--endpoint", server.address, "--model", "small")
        code, out, err = forewarn("read", path, "--format", "jsonl", *asked)
        assert len(server.asked) == 1
        code_without, plain, _ = forewarn("read", path, "--format", "jsonl")
        assert len(server.asked) == 1
    assert (code, code_without, err) == (0, 0, "")
    assert len(json.loads(out)["figures"]) == len(json.loads(plain)["figures"]) + 1
    assert json.loads(out)["reader"].endswith("+ llm small")


@pytest.mark.parametrize(
    ("options", "why"),
    [
        (["--reader", "llm"], "needs an endpoint"),
        (["--endpoint", "http://localhost:1"], "for --reader llm only"),
        (["--model", "small"], "for --reader llm only"),
        (["--reader", "llm", "--endpoint", "https://models.example/v1"], "another machine"),
    ],
)
def test_usage(forewarn, tmp_path, options, why):
    path = tmp_path / "note.txt"
    path.write_text(TEXT, encoding="utf-8")
    code, _, err = forewarn("read", path, *options)
    assert code == 2
    assert why in " ".join(err.split())


def test_a_failing_endpoint_is_reported_for_the_document(forewarn, tmp_path):
    path = tmp_path / "note.txt"
    path.write_text(TEXT, encoding="utf-8")
    with _serving(lambda handler: _send(handler, b"", status=500)) as server:
        code, _, err = forewarn("read", path, "--reader", "llm", "--endpoint", server.address)
    assert code == 1
    assert "500" in err
