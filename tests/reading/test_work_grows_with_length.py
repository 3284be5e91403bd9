"""Endless-looking text costs what its length says: counted in calls, not in seconds."""

import cProfile
import io
import pstats

import pytest

from forewarn.reading.documents.document import from_text
from forewarn.reading.documents.html import read_html
from forewarn.reading.documents.pdf import read_pdf
from forewarn.reading.reader import read
from forewarn.reading.text.spans import Ordered, Taken

UNITS = {
    "a word of saying in quotes": "“said ” ",
    "quotes that never close": '"He said. ',
    "numbers": "3,000 ",
    "sentences": "People fled. ",
    "places": "Idlib, Aleppo and Homs, ",
    "sources": "The mayor spoke to Reuters. ",
}


def calls(work):
    """Calls of functions, of generators each time they go on, and of methods of C."""
    profile = cProfile.Profile()
    profile.runcall(work)
    return pstats.Stats(profile, stream=io.StringIO()).total_calls


def growth(work, size):
    """What the third portion of work costs beside the second: 1 if cost grows with length, 1.7 with its square."""
    work(size)  # what is loaded once
    first, second, third = (calls(lambda n=n: work(n * size)) for n in (1, 2, 3))
    return (third - second) / (second - first)


@pytest.mark.parametrize("unit", UNITS.values(), ids=UNITS)
def test_reading(unit):
    assert growth(lambda n: read(from_text(unit * n, name="note")), 3000 // len(unit)) < 1.2


def test_the_count_would_find_a_square():
    """Negative control."""
    assert growth(lambda n: [abs(0) for _ in range(n) for _ in range(n)], 30) > 1.6


def page_of(attributes):
    return f"<html><body><p {attributes}>30,000 people fled Idlib on Monday, the UN said.</p></body></html>"


@pytest.mark.parametrize("value", ["v", ">", "a b c"])
def test_a_tag_with_thousands_of_attributes_loses_them(value):
    page = page_of(" ".join(f'a{number}="{value}"' for number in range(20_000)))
    assert read_html(page, name="x").text == "30,000 people fled Idlib on Monday, the UN said."


def test_a_tag_with_one_long_attribute_keeps_it():
    from forewarn.reading.documents.html import _with_short_tags

    page = page_of('src="data:' + "A" * 50_000 + '" alt="a map of many words and places"')
    assert _with_short_tags(page) == page


@pytest.mark.parametrize("start", ['<a "', "<a '", "<a ", "<", '<a="'])
def test_tags_that_never_end_do(start):
    from forewarn.reading.documents.html import _with_short_tags

    assert len(_with_short_tags(start * 50_000)) <= len(start) * 50_000


def pdf_of(content):
    """A PDF of one page with this content."""
    parts = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R "
        b"/Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    data = b"%PDF-1.4\n"
    offsets = []
    for number, part in enumerate(parts, start=1):
        offsets.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    start = len(data)
    data += b"xref\n0 6\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % at for at in offsets)
    return data + b"trailer << /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % start


def test_a_pdf_of_many_operators_is_left_at_a_limit(monkeypatch):
    from forewarn.reading.documents import pdf

    said = b"BT /F1 12 Tf 50 700 Td (30,000 people fled Idlib.) Tj ET\n"
    assert "30,000 people" in read_pdf(pdf_of(said), name="x")[0]
    monkeypatch.setattr(pdf, "_MOST_OPERATORS", 100)
    with pytest.raises(Exception, match="more than 100 operators"):
        read_pdf(pdf_of(said + b"0 0 Td\n" * 200), name="x")


def test_what_is_taken_never_overlaps():
    taken = Taken()
    asked = [(5, 9), (8, 12), (9, 12), (0, 5), (4, 6), (12, 13), (0, 20), (3, 3)]
    kept = [one for one in asked if taken.take(*one)]
    assert kept == [(5, 9), (9, 12), (0, 5), (12, 13), (3, 3)][: len(kept)]


def test_ordered_finds_what_starts_in_between():
    ordered = Ordered([(9, "c"), (1, "a"), (5, "b"), (5, "d")], lambda one: one[0])
    assert [name for _, name in ordered.between(1, 9)] == ["a", "b", "d"]
    assert ordered.between(6, 9) == []
