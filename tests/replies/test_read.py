"""Whatever bytes come in, reading them ends soon and never with an error."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from invites.replies.models import InboundKind
from invites.replies.parts import MOST_DEPTH, MOST_PARTS, walk
from invites.replies.read import read
from tests.replies.test_reports import FILES, raw

SAMPLES = sorted(path.stem for path in FILES.glob("*.eml"))
HEADERS = st.sampled_from(
    [
        b"Content-Type: multipart/report; report-type=delivery-status; boundary=b",
        b'Content-Type: multipart/mixed; boundary="\xff\xfe"',
        b"Content-Type: multipart/mixed; boundary*=utf-8'en'%E2%82%AC",
        b"Content-Type: text/plain; charset=no-such-thing",
        b"Content-Type: message/delivery-status",
        b"Content-Transfer-Encoding: base64",
        b"Content-Transfer-Encoding: quoted-printable",
        b"From: =?utf-8?b?////?= <MAILER-DAEMON@x>",
        b"Subject: =?no-such?q?x?= =?utf-8?b?x?=",
        b"X-Failed-Recipients: a@b.example",
        b"Auto-Submitted: auto-replied",
        b"--b",
        b"--b--",
        b"",
        b"Action: failed",
        b"Status: 5.1.1",
        b"Final-Recipient: rfc822; \x00",
    ]
)


@given(st.binary(max_size=2000))
def test_any_bytes_are_read_without_an_error(octets):
    assert read(octets, domain="x.example").problem in ("", "no headers")


@given(st.lists(HEADERS | st.binary(max_size=40), max_size=40), st.sampled_from([b"\n", b"\r\n", b"\r"]))
def test_lines_that_look_like_a_report_are_read_without_an_error(lines, line_end):
    assert read(line_end.join(lines), domain="x.example").problem in ("", "no headers")


@given(st.sampled_from(SAMPLES), st.integers(0, 3000), st.integers(0, 300), st.binary(max_size=30))
def test_a_damaged_report_is_read_without_an_error(name, start, length, instead):
    whole = raw(name)
    found = read(whole[:start] + instead + whole[start + length :], domain="moteplass.example")
    assert found.problem in ("", "no headers", "no answer in the calendar")


@pytest.mark.parametrize("octets", [b"", b"\n\n", b"\x00" * 100, b"no header at all"])
def test_what_is_no_message_is_unreadable(octets):
    assert read(octets, domain="x.example").kind == InboundKind.UNREADABLE


def nested(depth):
    head = b"".join(
        b'Content-Type: multipart/mixed; boundary="b%d"\n\n--b%d\n' % (n, n) for n in range(depth)
    )
    return b"From: a@b.example\n" + head + b"\nx\n"


HUGE = {
    "nested": nested(20_000),
    "many parts": b'Content-Type: multipart/mixed; boundary="b"\n\n' + b"--b\n\nx\n" * 300_000,
    "long header": b"Subject: " + b"x" * 5_000_000 + b"\n\nx",
    "many headers": b"X-A: b\n" * 500_000 + b"\nx",
    "empty lines": b"From: postmaster@b.example\n\n" + b"\n" * 10_000_000,
    "digits": b"From: postmaster@b.example\nSubject: failure notice\n\n" + b"5.1." * 500_000,
    "words that may begin a reason": b"From: postmaster@b.example\nSubject: failure notice\n\n"
    + b"account " * 500_000,
    "angles": b"From: postmaster@b.example\nX-Failed-Recipients: a\n\n" + b"<5" * 1_000_000,
    "encoded words": b"From: postmaster@b.example\nSubject: " + b"=?utf-8?q?a?= " * 4_000 + b"\n\nx",
    "base64": b"From: postmaster@b.example\nContent-Transfer-Encoding: base64\n\n" + b"QUFB" * 1_000_000,
    "almost boundaries": b'Content-Type: multipart/mixed; boundary="b"\n\n' + b"\n--b " * 500_000,
    "spaces after a boundary": b'Content-Type: multipart/mixed; boundary="b"\n\n--b' + b" \t" * 2_000_000,
}


@pytest.mark.parametrize("name", HUGE)
def test_a_message_made_to_cost_time_costs_little(name):
    begun = time.process_time()
    read(HUGE[name], domain="x.example")
    assert time.process_time() - begun < 2


def test_depth_and_number_of_parts_are_limited():
    assert max(part.depth for part in walk(nested(50))) == MOST_DEPTH
    assert len(list(walk(HUGE["many parts"]))) == MOST_PARTS
