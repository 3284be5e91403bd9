"""One suite for both databases: each test that takes `where` runs on SQLite and on PostgreSQL."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import tempfile
from datetime import date
from pathlib import Path
from urllib.parse import quote
from uuid import uuid4

import pytest

from forewarn.facts import (
    Actor,
    Document,
    Figure,
    PartialDate,
    PlaceMention,
    Reading,
    Span,
    StatedNumber,
    Statement,
)
from forewarn.ledger import make_incident, open_ledger

TEXT = (
    "Commander Ahmad Saleh said that more than 3,000 people fled Millbrook on Monday.\n"
    "The mayor of Millbrook denied it. “Nobody left”, he said, according to diplomats."
)


class Server:
    """A PostgreSQL server of Debian's package on a socket of its own."""

    def __init__(self, programs, folder):
        self.programs, self.folder = programs, folder
        self.as_user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []

    def run(self, program, *arguments):
        command = [*self.as_user, str(self.programs / program), *map(str, arguments)]
        return subprocess.run(command, check=True, capture_output=True, text=True, cwd="/")

    def start(self):
        data = self.folder / "data"
        self.run("initdb", "-D", data, "-U", "forewarn", "-A", "trust", "-E", "UTF8", "--locale", "C", "-N")
        options = f"-c listen_addresses='' -c unix_socket_directories={self.folder} -c fsync=off"
        self.run("pg_ctl", "-D", data, "-o", options, "-l", self.folder / "log", "-w", "start")

    def stop(self):
        self.run("pg_ctl", "-D", self.folder / "data", "-m", "immediate", "stop")

    def url(self, database):
        return f"postgresql://forewarn@/{database}?host={quote(str(self.folder), safe='')}"

    def new_database(self, template="template1"):
        name = f"ledger_{uuid4().hex[:12]}"
        self.run("createdb", "-h", self.folder, "-U", "forewarn", "-T", template, name)
        return name


@pytest.fixture(scope="session")
def server():
    pytest.importorskip("psycopg", reason="psycopg is not installed (extra 'postgres')")
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not found:
        pytest.skip("Debian's package postgresql is not installed")
    if os.geteuid() == 0 and shutil.which("runuser") is None:
        pytest.skip("PostgreSQL does not run as root, and runuser is missing")
    # A short path: a socket's is at most 107 bytes long.
    folder = Path(tempfile.mkdtemp(prefix="fw-pg-", dir="/tmp"))
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres")
    running = Server(found[-1].parent, folder)
    try:
        running.start()
        yield running
        running.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(params=["sqlite", "postgres"])
def where(request, tmp_path):
    """A path or URL where no ledger is yet."""
    if request.param == "sqlite":
        return str(tmp_path / "ledger.db")
    running = request.getfixturevalue("server")
    return running.url(running.new_database())


@pytest.fixture
def ledger(where):
    with open_ledger(where) as opened:
        yield opened


def span(words, text=TEXT, after=0):
    start = text.index(words, after)
    return Span(start=start, end=start + len(words), text=words)


def make_reading(text=TEXT, *, name="note.txt", reader="test 1"):
    """A reading of `TEXT`, or one without facts of any other text."""
    sha = hashlib.sha256(text.encode("utf-8", errors="surrogatepass")).hexdigest()
    document = Document(name=name, sha256=sha, text=text, language="en", issued=date(2018, 9, 6))
    if text != TEXT:
        return Reading(document=document, reader=reader)
    place = PlaceMention(span=span("Millbrook"), name="Millbrook", role="from", country="XXA")
    monday = PartialDate(words="on Monday", earliest=date(2018, 9, 3), latest=date(2018, 9, 3))
    said = Statement(
        source=span("Commander Ahmad Saleh"), actor="ahmad-saleh", cue=span("said"),
        content=(span("more than 3,000 people fled Millbrook on Monday"),), quotation="indirect",
        kind="report", date=monday,
    )  # fmt: skip
    denied = Statement(
        source=span("The mayor of Millbrook"), actor="mayor-of-millbrook", cue=span("denied"), content=(span("it"),),
        quotation="indirect", kind="denial", chain=(span("diplomats"),), hedges=(("second-hand", span("diplomats")),),
    )  # fmt: skip
    figure = Figure(
        span=span("more than 3,000 people fled"), quantity_span=span("more than 3,000"),
        quantity=StatedNumber(value=3000, low=3000, bound="at-least"), term="forced-to-flee", places=(place,),
        statement=0,
    )  # fmt: skip
    actors = (
        Actor(
            key="ahmad-saleh", name="Ahmad Saleh", kind="person", mentions=(span("Commander Ahmad Saleh"),)
        ),
        Actor(key="mayor-of-millbrook", name="mayor of Millbrook", kind="office"),
    )
    return Reading(
        document=document,
        reader=reader,
        figures=(figure,),
        statements=(said, denied),
        actors=actors,
        places=(place,),
    )


def some_incident(**changes):
    return make_incident(
        **{
            "what": "Shelling of a clinic", "when": {"words": "2018-09-06", "earliest": "2018-09-06", "latest": "2018-09-06"},
            "place": {"name": "Millbrook", "lat": 10.25, "lon": 20.5}, "sources": ("Radio Farside, 6 September",),
            "alleged_responsible": "the army", "alleged_by": "the council", **changes,
        }
    )  # fmt: skip


@pytest.fixture
def reading():
    return make_reading()


@pytest.fixture(name="make_reading")
def _make_reading():
    return make_reading


@pytest.fixture(name="some_incident")
def _some_incident():
    return some_incident


@pytest.fixture(name="fill")
def _fill():
    """Put one entry of every kind into a ledger."""

    def fill(ledger):
        ledger.add_reading(make_reading())
        ledger.add_incident(some_incident())
        ledger.correct(3, {"place.name": "Oakford"}, reason="wrong town")
        ledger.redact(1, spans=[(10, 21)], reason="asked for")
        ledger.add_observation({"day": "2018-09-10", "place": "Oakford", "people": 1200, "source": "counts"})
        ledger.add_run({"seed": 1, "members": 4, "share": 0.25, "courses": []})

    return fill
