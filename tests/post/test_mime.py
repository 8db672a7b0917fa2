"""Every letter becomes a message that the standard library reads back as it was meant, whatever its texts hold."""

import datetime as dt
import email
import email.policy
import uuid

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from invites.post.letters import Address, Attachment
from invites.post.transports import mime
from tests.post.kit import CALENDAR, letter

AT = dt.datetime(2026, 12, 1, 8, 30, tzinfo=dt.UTC)
HOSTILE = [
    "Møte\r\nBcc: everybody@x.example",
    "a\nb\rc\x00d\x0be\x85f\u2028g\u2029h",
    "<script>alert(1)</script>",
    "=?utf-8?q?=0d=0aBcc:_x?=",
    "\u202egnitide\u202c السلام عليكم 日本語 🕌⛪🕍",
    "t" * 10_000,
    "ø" * 10_000,
    'quotes " and \\ backslashes, <angles> (parens); semicolons',
    "=_alternative--\r\n--=_m\r\n",
    ".",
    "",
    " ",
    "\ud800 lone surrogate",
]


def read(**facts):
    wire = mime.message(letter(**facts), at=AT)
    assert wire.isascii()
    assert b"\n" not in wire.replace(b"\r\n", b"")
    assert max(len(line) for line in wire.split(b"\r\n")) <= 998
    return email.message_from_bytes(wire, policy=email.policy.default)


def body(message, kind):
    return next(
        part.get_content().replace("\r\n", "\n")
        for part in message.walk()
        if part.get_content_type() == kind and not part.is_attachment()
    )


def test_the_structure_is_the_contract():
    message = read()
    assert message.get_content_type() == "multipart/mixed"
    alternative, attachment = message.iter_parts()
    assert alternative.get_content_type() == "multipart/alternative"
    kinds = [part.get_content_type() for part in alternative.iter_parts()]
    assert kinds == ["text/plain", "text/html", "text/calendar"]
    calendar = list(alternative.iter_parts())[2]
    assert calendar["Content-Type"].params["method"] == "REQUEST"
    assert calendar.get_payload(decode=True) == CALENDAR
    assert attachment.get_content_type() == "application/ics"
    assert attachment.get_filename() == "invite.ics"
    assert attachment.get_payload(decode=True) == CALENDAR


def test_the_headers_are_the_contract(settings):
    delivery_id = uuid.uuid4()
    message = read(delivery_id=delivery_id)
    assert {name.lower() for name in message.keys()} == {  # noqa: SIM118 - a message is no dict
        *("from", "to", "reply-to", "subject", "date", "message-id", "mime-version", "content-type"),
        *("x-delivery-id", "auto-submitted", "content-language"),
    }
    assert message["X-Delivery-Id"] == str(delivery_id)
    assert message["Message-ID"] == f"<{delivery_id}@{settings.REPLY_DOMAIN}>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Date"].datetime == AT
    assert message["From"] == message["Reply-To"] == "Sandefjord kommune <svar-abc@moteplass.example>"
    assert [(a.display_name, a.addr_spec) for a in message["To"].addresses] == [
        ("Ola Nordmann", "ola@forening.example")
    ]


def test_texts_come_back_as_they_were():
    original = letter()
    message = read()
    assert body(message, "text/plain") == original.text
    assert body(message, "text/html") == original.html + "\n"


def test_a_mail_without_a_meeting_has_no_calendar():
    message = read(calendar=b"", method="")
    assert message.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]


def test_an_unknown_method_is_never_written():
    message = read(method="REQUEST\r\nX: y")
    assert "X" not in message
    assert b"PUBLISH" in message.as_bytes()


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_texts_stay_text(text):
    message = read(
        subject=text,
        to=Address("ola@forening.example", text[:200]),
        sender=Address("svar-abc@moteplass.example", text[:200]),
        reply_to=None,
        text=text,
        html=text,
        headers={"X-Note": text},
    )
    assert len(message.get_all("To")) == 1
    assert len(message["To"].addresses) == 1
    assert message["To"].addresses[0].addr_spec == "ola@forening.example"
    assert message["From"].addresses[0].addr_spec == "svar-abc@moteplass.example"
    assert not {"Cc", "Bcc"} & set(message.keys())
    cleaned = mime.one_line(text).encode("utf-8", "replace").decode()
    assert " ".join((message["Subject"] or "").split()) == " ".join(cleaned.split())
    # The standard library keeps the white space between two coded words of a name; readers should not (RFC 2047).
    assert "".join(message["To"].addresses[0].display_name.split()) == "".join(cleaned[:200].split())
    lines = text.encode("utf-8", "replace").decode().replace("\r\n", "\n").replace("\r", "\n")
    assert body(message, "text/plain").rstrip("\n") == lines.rstrip("\n")
    assert all(part.defects == [] for part in message.walk())


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=300), st.text(max_size=120), st.text(max_size=2000))
def test_any_text_makes_a_message_with_one_recipient(subject, name, text):
    message = read(subject=subject, to=Address("ola@forening.example", name), text=text, html=text or "x")
    assert [address.addr_spec for address in message["To"].addresses] == ["ola@forening.example"]
    assert message.get_all("Subject", []) == ([message["Subject"]] if mime.one_line(subject) else [])
    assert len(list(message.walk())) == 6
    assert "Bcc" not in message


@pytest.mark.parametrize(
    "address",
    [
        "x@y.example\r\nBcc: z@y.example",
        "x@y.example, z@y.example",
        "two words@y.example",
        '"quoted"@y.example',
        "<x@y.example>",
        "blåbær@y.example",
        "nobody",
        "@y.example",
        "x@",
        "",
        "x@y.example\n",
        f"{'x' * 65}@y.example",
    ],
)
def test_an_address_no_header_can_hold_is_refused(address):
    with pytest.raises(ValueError, match="address"):
        read(to=Address(address))


def test_a_domain_in_any_script_is_written_in_ascii():
    message = read(to=Address("post@blåbærsyltetøy.example", ""))
    assert message["To"].addresses[0].addr_spec == "post@xn--blbrsyltety-y8ao3x.example"


def test_a_header_that_is_none_is_refused():
    with pytest.raises(ValueError, match="header"):
        read(headers={"X-Bad:\r\nBcc": "x"})


def test_nobody_overrides_our_own_headers():
    message = read(headers={"X-Delivery-ID": "forged", "auto-submitted": "no"})
    assert message.get_all("X-Delivery-Id") != ["forged"]
    assert message.get_all("Auto-Submitted") == ["auto-generated"]


def test_files_come_after_the_calendar():
    files = (
        Attachment("Program – møte.pdf", "application/pdf", bytes(range(256)) * 4),
        Attachment("kart.png", "image/png", b"\x89PNG"),
    )
    message = read(attachments=files)
    assert message.get_content_type() == "multipart/mixed"
    alternative, invite, *parts = message.iter_parts()
    assert [part.get_content_type() for part in alternative.iter_parts()][-1] == "text/calendar"
    assert invite.get_filename() == "invite.ics"
    read_back = [
        (part.get_filename(), part.get_content_type(), part.get_payload(decode=True)) for part in parts
    ]
    assert read_back == [(file.name, file.content_type, file.content) for file in files]
    assert {part.get_content_disposition() for part in parts} == {"attachment"}


def test_a_mail_without_a_meeting_takes_files_too():
    message = read(calendar=b"", method="", attachments=(Attachment("a.pdf", "application/pdf", b"x"),))
    assert message.get_content_type() == "multipart/mixed"
    kinds = [part.get_content_type() for part in message.iter_parts()]
    assert kinds == ["multipart/alternative", "application/pdf"]


@pytest.mark.parametrize(
    ("name", "read_as"),
    [
        ('x"; filename="evil.exe', 'x"; filename="evil.exe'),
        ("a\r\nBcc: x@y.example.pdf", "a Bcc: x@y.example.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\temp\\plan.docx", "plan.docx"),
        ("ø" * 300 + ".pdf", "ø" * 60 + ".pdf"),
        ("", "file"),
        (".", "file."),
        ("\u202egnp.exe", "\u202egnp.exe"),
        ("日本.txt", "日本.txt"),
    ],
)
def test_no_name_of_a_file_leaves_its_header(name, read_as):
    message = read(attachments=(Attachment(name, "application/pdf\r\nX-Evil: y", b"x"),))
    part = list(message.iter_parts())[2]
    assert part.get_filename() == read_as
    assert part.get_content_type() == "application/octet-stream"
    assert {header.lower() for header in part.keys()} == {  # noqa: SIM118 - a message is no dict
        *("content-type", "content-transfer-encoding", "content-disposition"),
    }
    assert all(part.defects == [] for part in message.walk())
    assert "Bcc" not in message


@given(st.text(max_size=400))
def test_any_name_of_a_file_is_one_header(name):
    message = read(attachments=(Attachment(name, "text/plain", b"x"),))
    part = list(message.iter_parts())[2]
    assert part.get_filename() == mime.file_name(Attachment(name, "text/plain", b"x"))
    assert part.get_payload(decode=True) == b"x"
