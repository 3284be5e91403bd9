"""Word, OpenDocument and e-mail: their text, parts and encodings; what is none of them is refused by name."""

import io
import zipfile
from datetime import date
from email.message import EmailMessage

import pytest

from forewarn.errors import ForewarnError
from forewarn.reading.documents.document import from_bytes
from forewarn.reading.documents.loading import list_documents, load
from forewarn.reading.reader import read

SAID = "More than 3,000 people fled Sarmada on Monday, the mayor said."
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def paragraph(text):
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def docx(body, *, title="", extra=None):
    """The smallest document that Word opens."""
    kinds = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
    files = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/word/document.xml" ContentType="{kinds}"/></Types>',
        "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="r1" Type="{office}" Target="word/document.xml"/></Relationships>',
        "word/document.xml": f'<w:document xmlns:w="{WORD}"><w:body>{body}</w:body></w:document>',
        "docProps/core.xml": '<cp:coreProperties xmlns:cp="urn:cp" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<dc:title>{title}</dc:title></cp:coreProperties>",
    } | (extra or {})
    return packed(files)


def packed(files):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return data.getvalue()


def odt(*paragraphs):
    import odfdo

    document = odfdo.Document("text")
    document.body.clear()
    document.body.append(odfdo.Header(1, "Flash update"))
    for text in paragraphs:
        document.body.append(odfdo.Paragraph(text))
    table = odfdo.Table("people", width=2, height=1)
    table.set_value("A1", "Atmeh")
    table.set_value("B1", "1,200 people")
    document.body.append(table)
    data = io.BytesIO()
    document.save(data)
    return data.getvalue()


def mail(text, *, subtype="plain", charset="utf-8", cte="base64"):
    message = EmailMessage()
    message["From"] = "office@example.org"
    message["Subject"] = "Situation report: déplacés"
    message["Date"] = "Wed, 12 Sep 2018 10:00:00 +0000"
    message.set_content(text, subtype=subtype, charset=charset, cte=cte)
    return message


def figures(document):
    return [(figure.quantity.low, figure.term) for figure in read(document).figures]


def test_a_word_document_is_read_with_its_tables_and_title():
    table = f"<w:tbl><w:tr><w:tc>{paragraph('Atmeh')}</w:tc><w:tc>{paragraph('1,200')}</w:tc></w:tr></w:tbl>"
    document = from_bytes(docx(paragraph(SAID) + table, title="Flash update 7"), name="update.docx")
    assert document.title == "Flash update 7"
    assert document.text.startswith(SAID)
    assert "Atmeh" in document.text
    assert figures(document)[0] == (3000.0, "forced-to-flee")


def test_what_was_deleted_from_a_word_document_is_not_read():
    gone = "<w:p><w:del><w:r><w:delText>9,000 people fled Homs.</w:delText></w:r></w:del></w:p>"
    assert "9,000" not in from_bytes(docx(gone + paragraph(SAID)), name="a.docx").text


def test_an_open_document_is_read_a_row_of_a_table_a_line():
    document = from_bytes(odt(SAID), name="update.odt")
    assert document.text.split("\n\n") == ["Flash update", SAID, "Atmeh 1,200 people"]
    assert document.media_type == "application/vnd.oasis.opendocument.text"


@pytest.mark.parametrize("cte", ["base64", "quoted-printable", "8bit"])
@pytest.mark.parametrize("charset", ["utf-8", "iso-8859-1"])
def test_an_e_mail_is_decoded(cte, charset):
    document = from_bytes(mail(f"{SAID} Déplacés.", cte=cte, charset=charset).as_bytes(), name="report.eml")
    assert document.text == f"{SAID} Déplacés."
    assert document.title == "Situation report: déplacés"
    assert document.issued == date(2018, 9, 12)
    assert figures(document) == [(3000.0, "forced-to-flee")]


def test_an_e_mail_without_its_ending_is_known_by_its_head():
    assert from_bytes(mail(SAID).as_bytes(), name="saved").media_type == "message/rfc822"


def test_a_report_that_begins_like_a_head_is_no_e_mail():
    text = f"Subject: displacement\nFrom: Idlib\nto Aleppo\n\n{SAID}"
    assert from_bytes(text.encode(), name="note.txt").media_type == "text/plain"


def test_a_message_in_html_shows_its_text():
    page = f"<html><body><p>{SAID}</p><script>x()</script></body></html>"
    document = from_bytes(mail(page, subtype="html").as_bytes(), name="report.eml")
    assert document.text == SAID


def test_what_is_attached_is_read_and_what_cannot_be_is_told():
    message = mail("See attached.")
    message.add_attachment(docx(paragraph(SAID)), maintype="application", subtype="x", filename="update.docx")
    message.add_attachment(b"\x89PNG...", maintype="image", subtype="png", filename="map.png")
    document = from_bytes(message.as_bytes(), name="report.eml")
    assert "See attached." in document.text
    assert SAID in document.text
    assert document.notes == ("The attachment map.png was not read: an image.",)


def test_e_mails_in_e_mails_have_an_end():
    message = mail(SAID)
    for _ in range(6):
        outer = mail("forwarded")
        outer.add_attachment(message)
        message = outer
    document = from_bytes(message.as_bytes(), name="report.eml")
    assert SAID not in document.text
    assert any("not read" in note for note in document.notes)


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"xl/workbook.xml": "<x/>"}, "a workbook"),
        ({"ppt/presentation.xml": "<x/>"}, "slides"),
        (
            {"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": "<x/>"},
            "not a text document",
        ),
        ({"a.txt": "x"}, "a zip archive"),
        ({"word/document.xml": "<w:document", "[Content_Types].xml": "<"}, "the document is broken"),
        (
            {"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "<"},
            "the document is broken",
        ),
    ],
    ids=["workbook", "slides", "spreadsheet", "archive", "broken-word", "broken-odt"],
)
def test_other_archives_are_refused_by_name(files, said):
    with pytest.raises(ForewarnError, match=f"report.docx: .*{said}"):
        from_bytes(packed(files), name="report.docx")


def test_a_document_that_unpacks_without_end_is_refused():
    bomb = docx(paragraph(SAID), extra={f"word/media/{n}.bin": b"\0" * 2**24 for n in range(9)})
    assert len(bomb) < 2**19
    with pytest.raises(ForewarnError, match="unpacked: .* MiB. Allowed: at most 128 MiB"):
        from_bytes(bomb, name="bomb.docx")


def test_entities_of_a_word_document_are_not_expanded():
    bomb = '<!DOCTYPE x [<!ENTITY a "people"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">' + "".join(
        f'<!ENTITY c{n} "{f"&c{n - 1};" * 10 if n else "&b;" * 10}">' for n in range(9)
    )
    body = f'{bomb}]><w:document xmlns:w="{WORD}"><w:body>{paragraph("&c8;")}</w:body></w:document>'
    with pytest.raises(ForewarnError, match="the document is broken"):
        from_bytes(docx("", extra={"word/document.xml": body}), name="bomb.docx")


def test_through_the_box_and_in_a_folder(tmp_path):
    (tmp_path / "a.docx").write_bytes(docx(paragraph(SAID)))
    (tmp_path / "b.eml").write_bytes(mail(SAID).as_bytes())
    (tmp_path / "c.odt").write_bytes(odt(SAID))
    assert all(SAID in load(name).text for name in list_documents([str(tmp_path)]))
    assert len(list(list_documents([str(tmp_path)]))) == 3
