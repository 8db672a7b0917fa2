"""Files that go along: what is taken, what is refused and why, where they lie, who may have them."""

import io
import random
import zipfile
from contextlib import suppress
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation

from events.audit import AuditEntry
from events.filetypes import NotAccepted, clean_name, type_of
from invites.invitations.checks import refusals
from invites.invitations.drafting import services
from invites.invitations.drafting.enclosing import attachments_of
from invites.invitations.drafting.models import Enclosure
from invites.invitations.mails import compose_invitations, preview
from invites.post import outbox
from invites.post.letters import Attachment
from invites.post.models import OutgoingMail
from tests.factories import contact, event, invitation
from tests.queries import queries_of

PDF = b"%PDF-1.7\nprogram"
PNG = b"\x89PNG\r\n\x1a\n\x00"
OOXML = "application/vnd.openxmlformats-officedocument."


def packed(**parts):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def docx(**more):
    types = f'<Types><Override ContentType="{OOXML}wordprocessingml.document.main+xml"/></Types>'
    return packed(**{"[Content_Types].xml": types, "word/document.xml": "<w/>"} | more)


def xlsx(**more):
    types = f'<Types><Override ContentType="{OOXML}spreadsheetml.sheet.main+xml"/></Types>'
    return packed(**{"[Content_Types].xml": types, "xl/workbook.xml": "<x/>"} | more)


def odt(**more):
    return packed(**{"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "<o/>"} | more)


@pytest.fixture(autouse=True)
def store(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    with translation.override("en"):
        yield Path(settings.MEDIA_ROOT)


@pytest.fixture
def meeting(sandefjord):
    return event(sandefjord)


def add(meeting, by, name="Program.pdf", content=PDF, along=True):
    return services.add_enclosure(meeting, by=by, name=name, content=content, with_invitation=along)


def kept(store):
    return [path for path in store.rglob("*") if path.is_file()]


# --- What is taken --------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("name", "content", "content_type"),
    [
        ("a.pdf", PDF, "application/pdf"),
        ("a.PDF", PDF, "application/pdf"),
        ("a.docx", docx(), OOXML + "wordprocessingml.document"),
        ("a.xlsx", xlsx(), OOXML + "spreadsheetml.sheet"),
        ("a.odt", odt(), "application/vnd.oasis.opendocument.text"),
        ("a.png", PNG, "image/png"),
        ("a.jpg", b"\xff\xd8\xff\xe0", "image/jpeg"),
        ("a.jpeg", b"\xff\xd8\xff\xe0", "image/jpeg"),
        ("a.txt", "Velkommen på møte\n".encode(), "text/plain"),
    ],
)
def test_the_type_is_what_name_and_content_agree_on(name, content, content_type):
    assert type_of(name, content).content_type == content_type


BOMB = packed(**{"[Content_Types].xml": "x", "word/document.xml": b"\0" * (201 * 1024 * 1024)})


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("a.exe", b"MZ\x90\x00", "type of file"),
        ("a", PDF, "type of file"),
        ("a.docm", docx(), "type of file"),
        ("a.html", b"<script>", "type of file"),
        ("a.svg", b"<svg/>", "type of file"),
        ("a.zip", docx(), "type of file"),
        ("a.pdf.exe", PDF, "type of file"),
        ("a.pdf", b"MZ\x90\x00", "it is no PDF"),
        ("a.pdf", PNG, "it is no PDF"),
        ("a.png", PDF, "it is no PNG"),
        ("a.jpg", PNG, "it is no JPEG"),
        ("a.docx", xlsx(), "it is no DOCX"),
        ("a.xlsx", docx(), "it is no XLSX"),
        ("a.odt", docx(), "it is no ODT"),
        ("a.txt", b"MZ\x90\x00\x03", "UTF-8"),
        ("a.txt", b"a\x00b", "it is no TXT"),
        ("a.txt", b"#!/bin/sh\n", "it is no TXT"),
        ("a.pdf", b"", "empty"),
        ("a.docx", docx(**{"word/vbaProject.bin": "x"}), "macros"),
        ("a.xlsx", xlsx(**{"xl/vbaProject.bin": "x"}), "macros"),
        ("a.odt", odt(**{"Basic/Standard/Module1.xml": "x"}), "macros"),
        ("a.odt", odt(**{"Scripts/python/x.py": "x"}), "macros"),
        ("a.docx", docx(**{"word/embeddings/x.exe": "x"}), "macros"),
        (
            "a.docx",
            packed(
                **{
                    "[Content_Types].xml": f"{OOXML}wordprocessingml.document macroEnabled",
                    "word/document.xml": "x",
                }
            ),
            "macros",
        ),
        ("a.docx", docx()[:-30], "damaged"),
        ("a.docx", b"PK\x03\x04" + b"x" * 99, "damaged"),
        ("a.docx", BOMB, "unpacks"),
        ("a.pdf", PDF + b"<< /JavaScript (app.alert(1)) >>", "program"),
        ("a.pdf", PDF + b"<< /J#61vaScr#69pt (app.alert(1)) >>", "program"),
        ("a.pdf", PDF + b"<< /S /Launch >>", "program"),
    ],
)
def test_what_cannot_go_along_is_refused_with_the_reason(name, content, why):
    with pytest.raises(NotAccepted, match=why):
        type_of(name, content)


@pytest.mark.parametrize(
    "method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA]
)
def test_a_document_with_wrong_bytes_is_refused_and_breaks_nothing(method):
    whole, chance = io.BytesIO(), random.Random(1)
    with zipfile.ZipFile(whole, "w", method) as archive:
        archive.writestr("[Content_Types].xml", f"{OOXML}wordprocessingml.document" + "x" * 500)
        archive.writestr("word/document.xml", "<a/>" * 100)
    for _time in range(400):
        content = bytearray(whole.getvalue())
        content[chance.randrange(len(content))] = chance.randrange(256)
        for ending in ("docx", "xlsx", "odt"):
            with suppress(NotAccepted):
                type_of(f"a.{ending}", bytes(content))


@pytest.mark.parametrize(
    ("typed", "cleaned"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Brukere\\kari\\Program.pdf", "Program.pdf"),
        ("lønn\u202efdp.exe", "lønnfdp.exe"),
        ("a\r\nX-Evil: 1.pdf", "aX-Evil- 1.pdf"),
        ('a"b;c<d>.pdf', "a-b;c-d-.pdf"),
        ("  .htaccess ", "htaccess"),
        ("a\u0308.pdf", "ä.pdf"),
        ("", "file"),
        ("\u202e", "file"),
        ("x" * 300 + ".pdf", "x" * 89 + ".pdf"),
    ],
)
def test_a_name_is_a_name_and_nothing_else(typed, cleaned):
    assert clean_name(typed) == cleaned


# --- Keeping and removing -------------------------------------------------------------------------------------------
def test_a_file_lies_under_a_random_name_and_goes_with_its_row(
    meeting, kari, store, django_capture_on_commit_callbacks
):
    row = add(meeting, kari, name="../../Program.pdf")
    [path] = kept(store)
    assert (row.name, row.size, path.read_bytes()) == ("Program.pdf", len(PDF), PDF)
    assert "Program" not in str(path.relative_to(store))
    assert path.suffix == ""
    with django_capture_on_commit_callbacks(execute=True):
        assert services.remove_enclosure(row, by=kari) is True
    assert (kept(store), Enclosure.objects.of(meeting.tenant).count()) == ([], 0)
    assert services.remove_enclosure(row, by=kari) is False
    with translation.override("en"):
        words = [entry.words() for entry in AuditEntry.objects.of(meeting.tenant)]
    assert len(words) == 2
    assert not any("Program.pdf" in each for each in words)


def test_a_second_file_of_the_same_name_is_refused_and_leaves_nothing_behind(meeting, kari, store):
    add(meeting, kari)
    with pytest.raises(NotAccepted, match="already a file"):
        add(meeting, kari)
    assert len(kept(store)) == 1


def test_a_file_too_large_and_files_too_large_together_are_refused(meeting, kari, store):
    with pytest.raises(NotAccepted, match="larger than 10 MB"):
        add(meeting, kari, content=PDF + b"0" * services.LARGEST)
    add(meeting, kari, content=PDF + b"0" * (9 * 1024 * 1024))
    with pytest.raises(NotAccepted, match="15 MB"):
        add(meeting, kari, name="b.pdf", content=PDF + b"0" * (7 * 1024 * 1024))
    assert len(kept(store)) == 1


def test_files_that_became_too_large_together_stop_the_round(meeting, kari):
    add(meeting, kari)
    Enclosure.objects.of(meeting.tenant).update(size=16 * 1024 * 1024)
    assert [found.field for found in refusals(meeting, [contact(meeting.tenant)])] == ["enclosures"]


# --- In the mail ----------------------------------------------------------------------------------------------------
def test_every_mail_of_a_batch_has_the_files_of_its_own_event_read_once(meeting, kari, monkeypatch):
    other = event(meeting.tenant)
    add(meeting, kari)
    add(meeting, kari, name="Kart.txt", content=b"Kart", along=False)
    rows = [invitation(meeting), invitation(meeting, language="en"), invitation(other)]
    outbox.enqueue("invitation", tenant=meeting.tenant, items=[(row.pk, row.contact.email) for row in rows])
    opened, real = [], Enclosure.file.field.attr_class.open
    monkeypatch.setattr(
        Enclosure.file.field.attr_class,
        "open",
        lambda self, mode: opened.append(self.name) or real(self, mode),
    )
    letters = compose_invitations(list(OutgoingMail.objects.of(meeting.tenant).order_by("pk")))
    file = Attachment("Program.pdf", "application/pdf", PDF)
    assert [letter.attachments for letter in letters.values()] == [(file,), (file,), ()]
    assert len(opened) == 1


def test_the_preview_has_the_same_files(meeting, kari):
    add(meeting, kari)
    assert [file.name for file in preview(meeting, contact(meeting.tenant)).attachments] == ["Program.pdf"]
    assert attachments_of([]) == {}


# --- The page -------------------------------------------------------------------------------------------------------
def page(meeting):
    return f"/t/sandefjord/events/{meeting.pk}/invite/attachments/"


def test_a_file_is_added_shown_set_aside_and_removed(at_desk, kari, meeting, store):
    client = at_desk(kari)
    upload = SimpleUploadedFile("Program.pdf", PDF, "application/x-evil")
    assert client.post(page(meeting), {"file": upload, "along": "on"})["Location"] == page(meeting)
    row = Enclosure.objects.of(meeting.tenant).get()
    assert (row.name, row.content_type, row.with_invitation) == ("Program.pdf", "application/pdf", True)
    assert "Program.pdf" in client.get(page(meeting)).content.decode()
    change = f"/t/sandefjord/invitations/attachments/{row.pk}/change/"
    client.post(change, {"do": "aside"})
    assert Enclosure.objects.of(meeting.tenant).get().with_invitation is False
    client.post(change, {"do": "along"})
    assert Enclosure.objects.of(meeting.tenant).get().with_invitation is True
    client.post(change, {"do": "nonsense"})
    client.post(change, {"do": "remove"})
    assert Enclosure.objects.of(meeting.tenant).count() == 0


def test_a_refused_file_is_told_beside_the_field(at_desk, kari, meeting, store):
    client = at_desk(kari)
    response = client.post(page(meeting), {"file": SimpleUploadedFile("a.exe", b"MZ"), "along": "on"})
    assert response.status_code == 200
    assert "Denne typen fil kan ikke legges ved." in response.content.decode()
    assert 'id="id_file_error"' in response.content.decode()
    assert client.post(page(meeting), {}).status_code == 200
    assert (Enclosure.objects.of(meeting.tenant).count(), kept(store)) == (0, [])


def test_the_download_is_a_download_and_private(at_desk, kari, meeting):
    row = add(meeting, kari, name="Vedlegg æ.pdf")
    answer = at_desk(kari).get(f"/t/sandefjord/invitations/attachments/{row.pk}/")
    assert answer.content == PDF
    assert answer["Content-Disposition"].startswith("attachment; filename*=utf-8''Vedlegg%20%C3%A6.pdf")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Type"] == "application/pdf"
    assert "no-store" in answer["Cache-Control"]


def test_another_tenants_file_does_not_exist_and_a_lost_one_is_not_found(at_desk, kari, nils, meeting, store):
    row = add(meeting, kari)
    address = f"/t/kristiansand/invitations/attachments/{row.pk}/"
    client = at_desk(nils)
    assert [client.get(address).status_code, client.post(f"{address}change/").status_code] == [404, 404]
    kept(store)[0].unlink()
    assert at_desk(kari).get(f"/t/sandefjord/invitations/attachments/{row.pk}/").status_code == 404


def test_the_page_takes_the_same_queries_for_one_and_three_files(at_desk, kari, meeting):
    client, counts = at_desk(kari), []
    for number in (1, 3):
        for n in range(number):
            add(meeting, kari, name=f"{number}-{n}.pdf")
        counts.append(queries_of(client, page(meeting)))
    assert counts[0] == counts[1] <= 4
