"""Documents in, good and bad: bounded, repaired, and never more than text."""

from __future__ import annotations

import io
import threading
import zlib
from datetime import date
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from forewarn.errors import ForewarnError
from forewarn.reading.documents import document as documents
from forewarn.reading.documents import loading
from forewarn.reading.documents.document import decode, from_bytes, from_text
from forewarn.reading.documents.loading import fetch, list_documents, load
from forewarn.reading.documents.repair import repair_text, unwrap
from forewarn.reading.reader import read, read_figures
from forewarn.reading.text.sentences import build_pipeline

ZOO = Path(__file__).parent / "zoo"


def pdf(stream, *, flate=False):
    """Build a PDF of one page that shows a content stream."""
    data = zlib.compress(stream, 9) if flate else stream
    coded = b" /Filter /FlateDecode" if flate else b""
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d%s >>\nstream\n%s\nendstream" % (len(data), coded, data),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    out, offsets = b"%PDF-1.4\n", []
    for at, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (at, body)
    start = len(out)
    out += b"xref\n0 6\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    return out + b"trailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % start


TEXT = b"BT /F1 12 Tf 50 700 Td (More than 3,000 people fled the) Tj 0 -20 Td (town on Monday.) Tj ET"


def test_entities_and_joined_words_are_mended():
    text = load(ZOO / "entities.txt").text
    assert (
        text == "The mayor said: 'At least 140,000 people fled. The town is empty' <script>alert(1)</script>"
    )


@pytest.mark.parametrize(
    ("came", "repaired"),
    [
        ("It\u00e2\u20ac\u2122s over", "It\u2019s over"),
        ("caf\u00c3\u00a9", "café"),
        ("A320 and S/2015, M5", "A320 and S/2015, M5"),
        ("61, 000 people", "61,000 people"),
        ("in 2011, 300 people", "in 2011, 300 people"),
        ("a\u202eb\u200bc\u00add", "abcd"),
        ("one\r\n\r\n\r\n\r\ntwo", "one\n\ntwo"),
        ("R&D; AT&T", "R&D; AT&T"),
    ],
)
def test_mending(came, repaired):
    assert repair_text(came) == repaired
    assert repair_text(repair_text(came)) == repaired


def test_lines_are_joined_but_not_headings():
    assert unwrap("dis-\nplaced people\nfled.\nHeading\nMore") == "displaced people fled.\nHeading\nMore"


def test_scripts_of_a_page_are_not_read():
    document = load(ZOO / "scripts.html")
    assert document.media_type == "text/html"
    assert "3,200 people fled Sarmada" in document.text
    assert not any(word in document.text for word in ("9,999", "8,888", 'onerror="', "document.write"))


def test_entities_of_a_document_are_not_expanded():
    document = load(ZOO / "expanding.html")
    assert "400 people fled" in document.text
    assert "aaaaaaaaaa" not in document.text
    assert "root:" not in document.text


def test_encodings():
    assert load(ZOO / "utf16.txt").text == "More than 90 people fled."
    assert "évacuées" in load(ZOO / "latin1.txt").text
    french = "Près de 3 000 personnes ont fui à pied, selon les autorités; d’autres dorment à l’école."
    russian = "Более 5000 человек покинули город в понедельник, сообщил мэр."
    assert decode(french.encode("cp1252"), name="note") == french
    assert decode(russian.encode("cp1251"), name="note") == russian


def test_a_pdf():
    document = from_bytes(pdf(TEXT), name="report.pdf")
    assert document.media_type == "application/pdf"
    assert document.text == "More than 3,000 people fled the town on Monday."


@pytest.mark.parametrize("algorithm", ["RC4-128", "AES-128", "AES-256"])
def test_an_encrypted_pdf(algorithm):
    from pypdf import PdfReader, PdfWriter

    def locked(**passwords):
        writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf(TEXT))))
        writer.encrypt(**passwords, algorithm=algorithm)
        out = io.BytesIO()
        writer.write(out)
        return out.getvalue()

    with pytest.raises(ForewarnError, match="encrypted"):
        from_bytes(locked(user_password="secret"), name="locked.pdf")
    # Readable by all, locked against change, as many offices publish.
    read = from_bytes(locked(user_password="", owner_password="secret"), name="report.pdf")
    assert read.text == "More than 3,000 people fled the town on Monday."


def test_a_pdf_that_inflates_without_end():
    bomb = pdf(b"BT (x) Tj ET " + b"\0" * 90_000_000, flate=True)
    assert len(bomb) < 1_000_000
    with pytest.raises(ForewarnError, match="no text was found in the PDF"):
        from_bytes(bomb, name="bomb.pdf")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "empty"),
        (b" \n\t ", "empty"),
        (b"PK\x03\x04" + bytes(200), "zip archive"),
        (bytes(range(256)) * 40, "text, HTML, PDF"),
        (b"%PDF-1.7 nothing of a PDF follows", "broken"),
        (b"<html><body><script>document.write('x')</script></body></html>", "shows no text"),
    ],
    ids=["empty", "blank", "zip", "binary", "broken-pdf", "script-only"],
)
def test_bad_bytes_are_clear_errors(data, said):
    with pytest.raises(ForewarnError, match=said):
        from_bytes(data, name="bad.txt")


def test_a_large_file_is_not_read(tmp_path):
    path = tmp_path / "large.txt"
    with path.open("wb") as file:
        file.truncate(200 * 2**20)
    with pytest.raises(ForewarnError, match="200.0 MiB.*at most 32 MiB"):
        load(path)


def test_long_text_is_cut_and_said(monkeypatch):
    monkeypatch.setattr(documents, "MOST_CHARACTERS", 100)
    document = from_text("Some 900 people fled. " * 50, name="long")
    assert len(document.text) <= 100
    assert "first 100 of 1,100" in document.notes[0]
    assert document.notes[0] not in read(document).notes


def test_folders_files_and_links(tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "b.txt").write_text("b")
    (tmp_path / "in" / "a.pdf").write_text("a")
    (tmp_path / "in" / "c.exe").write_text("c")
    (tmp_path / "out.txt").write_text("o")
    (tmp_path / "in" / "link.txt").symlink_to(tmp_path / "out.txt")
    names = [Path(name).name for name in list_documents([str(tmp_path / "in"), "-", "https://x.test/"])]
    assert names == ["a.pdf", "b.txt", "-", "x.test"]


@pytest.mark.parametrize("address", ["file:///etc/passwd", "ftp://x.test/a", "http://", "gopher://x"])
def test_other_addresses_are_refused(address):
    with pytest.raises(ForewarnError, match="http:// or https://"):
        load(address)


@pytest.fixture
def server():
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            if self.path == "/away":
                self.send_response(302)
                self.send_header("Location", "file:///etc/passwd")
                self.end_headers()
            elif self.path == "/gone":
                self.send_error(404)
            else:
                self.send_response(200)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.end_headers()
                self.wfile.write((ZOO / "scripts.html").read_bytes() * (3000 if self.path == "/big" else 1))

        def log_message(self, *_):
            pass

    served = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=served.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{served.server_port}"
    served.shutdown()
    thread.join()
    served.server_close()


def test_an_address(server, monkeypatch):
    assert "3,200 people" in load(f"{server}/page", issued=date(2018, 1, 1)).text
    with pytest.raises(ForewarnError, match="404"):
        fetch(f"{server}/gone")
    with pytest.raises(ForewarnError):
        fetch(f"{server}/away")
    monkeypatch.setattr(loading, "MOST_BYTES", 100_000)
    with pytest.raises(ForewarnError, match="at most"):
        fetch(f"{server}/big")


@pytest.mark.parametrize(
    "text", ["9", "(", "and ", "A-", "1,0", "Aa ", "12 people fled ", "\ud800 people fled "]
)
def test_hostile_text_reads(text):
    document = from_text(text * 3000, name="hostile")
    read_figures(build_pipeline()(document.text), document)


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("Gen. Ali left. He said so.", ["Gen. Ali left.", "He said so."]),
        ("Heading\n\nIt began.", ["Heading", "It began."]),
        ('"Stop!" Ali Omar said. They did.', ['"Stop!" Ali Omar said.', "They did."]),
        ("It cost 3.5 million. U.S. forces left.", ["It cost 3.5 million.", "U.S. forces left."]),
        ("Some\n189,800 people fled.", ["Some\n189,800 people fled."]),
        ('He called it "vile." She agreed.', ['He called it "vile."', "She agreed."]),
    ],
)
def test_sentences(text, sentences):
    assert [sentence.text.strip() for sentence in build_pipeline()(text).sents] == sentences
