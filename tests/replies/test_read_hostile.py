"""Mails made to cost time or memory are read within seconds; mutated ones never raise, and no bounce answers.

`make fuzz` runs many more of the same mutations (tools/fuzz.py).
"""

import time
import tracemalloc

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from invites.replies.models import InboundKind
from invites.replies.read import read
from tests.replies import fixtures
from tools import fuzz

MB = 1024 * 1024
SECONDS = 3  # of this process; the machine may be busy
MEMORY = 25 * MB  # beside the mail itself, which may be copied twice
FROM = b"From: Ola <ola@forening.example>\r\nDate: Mon, 02 Nov 2026 09:30:15 +0000\r\n"
CALENDAR = b"Content-Type: text/calendar; method=REPLY; charset=utf-8\r\n\r\n"
TEXT = b"Content-Type: text/plain; charset=utf-8\r\n\r\n"
HTML = b"Content-Type: text/html; charset=utf-8\r\n\r\n"
BEGIN = b"BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\nBEGIN:VEVENT\r\n"
ANSWER = b"UID:a@b.example\r\nSEQUENCE:1\r\nATTENDEE;PARTSTAT=ACCEPTED:mailto:ola@forening.example\r\n"
END = b"END:VEVENT\r\nEND:VCALENDAR\r\n"


def nested(depth, inside):
    head = b"".join(
        b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (n, n) for n in range(depth)
    )
    return FROM + head + inside


def many(number, part):
    return (
        FROM + b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n' + (b"--b\r\n" + part + b"\r\n") * number
    )


def encoded(charset, body):
    return FROM + b"Content-Type: text/plain; charset=" + charset + b"\r\n\r\n" + body


HOSTILE = {
    "2,000 nested parts": nested(2_000, CALENDAR + BEGIN + ANSWER + END),
    "100,000 parts": many(100_000, CALENDAR + b"x"),
    "100,000 calendars in parts": many(100_000, CALENDAR + BEGIN + END),
    "30 MB of text": FROM + TEXT + b"Nei takk, " * (3 * MB),
    "30 MB in one part beside a calendar": many(1, TEXT + b"x" * (30 * MB)),
    "30 MB of base64": FROM
    + b"Content-Type: text/calendar\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    + b"QUFB" * (7 * MB),
    "30 MB of quoted-printable": FROM
    + b"Content-Transfer-Encoding: quoted-printable\r\n\r\n"
    + b"=C3=A5" * (5 * MB),
    "broken base64": FROM
    + b"Content-Type: text/calendar\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    + b"=!Q" * MB,
    "a header of 1 MB": b"Subject: " + b"Ja " * (MB // 3) + b"\r\n" + FROM + TEXT + b"Ja",
    "a million header folds": b"Subject: a" + b"\r\n b" * 1_000_000 + b"\r\n" + FROM + TEXT + b"Ja",
    "a million calendar folds": FROM + CALENDAR + BEGIN + b"COMMENT:a" + b"\r\n b" * 1_000_000 + END,
    "100,000 properties": FROM + CALENDAR + BEGIN + b"X-A;B=c:d\r\n" * 100_000 + ANSWER + END,
    "100,000 attendees": FROM + CALENDAR + BEGIN + ANSWER * 35_000 + END,
    "100,000 events": FROM
    + CALENDAR
    + b"BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\n"
    + b"BEGIN:VEVENT\r\nEND:VEVENT\r\n" * 100_000,
    "100,000 components inside each other": FROM + CALENDAR + b"BEGIN:VEVENT\r\n" * 100_000,
    "100,000 time zones": FROM
    + CALENDAR
    + b"BEGIN:VCALENDAR\r\n"
    + b"BEGIN:VTIMEZONE\r\nTZID:x\r\nBEGIN:STANDARD\r\nTZOFFSETTO:+0100\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n"
    * 100_000,
    "recurrence": FROM
    + CALENDAR
    + BEGIN
    + b"RRULE:FREQ=SECONDLY\r\nDTSTART:00010101T000000Z\r\n" * 500
    + ANSWER
    + END,
    "parameters without end": FROM + CALENDAR + BEGIN + b"ATTENDEE" + b';A="' * 200_000 + b"\r\n" + END,
    "parameters and colons": FROM + CALENDAR + BEGIN + b"ATTENDEE" + b";A=:mailto:" * 100_000 + b"\r\n" + END,
    "semicolons": FROM + CALENDAR + BEGIN + b"ATTENDEE" + b"; " * 500_000 + b"\r\n" + END,
    "backslashes": FROM + CALENDAR + BEGIN + b"COMMENT:" + b"\\" * MB + b"\r\n" + ANSWER + END,
    "numbers": FROM
    + CALENDAR
    + BEGIN
    + b"SEQUENCE:"
    + b"9" * MB
    + b"\r\nDTSTAMP:"
    + b"9" * MB
    + b"\r\n"
    + ANSWER
    + END,
    "durations": FROM
    + CALENDAR
    + BEGIN.replace(b"REPLY", b"COUNTER")
    + b"DURATION:P"
    + b"1W" * MB
    + b"\r\n"
    + ANSWER
    + END,
    "addresses": FROM + CALENDAR + BEGIN + b"ATTENDEE;PARTSTAT=ACCEPTED:mailto:" + b"a@" * MB + b"\r\n" + END,
    "quotations in quotations": FROM + TEXT + b"".join(b">" * n + b" Ja\r\n" for n in range(3_000)),
    "100,000 quoted lines": FROM + TEXT + b"> Ja\r\n" * 100_000,
    "lines that almost introduce": FROM + TEXT + b"On Monday a@b 1 wrote\r\n" * 100_000,
    "one line of wrote": FROM + TEXT + b"On 1 " + b"wrote " * MB + b":",
    "spaces": FROM + TEXT + b" " * (8 * MB) + b"Ja",
    "words that may be refused": FROM + TEXT + b"kan ikke " * MB,
    "kan without end": FROM + TEXT + b"kan " + b"a" * MB + b" ikke",
    "questions": FROM + TEXT + b"ja " * 20 + b"a" * MB + b"?" * MB,
    "dates of an absence": FROM + b"Auto-Submitted: auto-replied\r\n" + TEXT + b"til 1. " * MB,
    "rules": FROM + TEXT + b"-- a" + b"-" * MB,
    "open tags": FROM + HTML + b"<a" * (4 * MB),
    "open comments": FROM + HTML + b"<!--" * (4 * MB),
    "tags in tags": FROM + HTML + b"<div>" * MB + b"Ja",
    "one tag": FROM + HTML + b"<a " + b"b" * (8 * MB),
    "entities": FROM + HTML + b"&#" + b"9" * MB + b";" + b"&amp" * MB,
    "punycode": encoded(b"punycode", b"a" * 30_000 + b"-" + b"kva" * 30_000),
    "idna": encoded(b"idna", b"xn--" + b"a" * MB),
    "unicode_escape": encoded(b"unicode_escape", b"\\u0041" * MB),
    "utf-7": encoded(b"utf-7", b"+AGE" * MB),
    "a charset that is none": encoded(b"rot13", b"Wn" * MB),
    "a charset of 1 MB": encoded(b"x" * (60 * 1024), b"Ja"),
    "encoded words in odd charsets": b"Subject: "
    + b"=?punycode?q?"
    + b"a-kva" * 1_900
    + b"?=\r\n"
    + FROM
    + TEXT,
    "many encoded words": b"Subject: " + b"=?utf-8?b?YQ==?= " * 3_000 + b"\r\n" + FROM + TEXT,
    "brackets in From": b"From: " + b"(" * 50_000 + b"a@b.example\r\n" + TEXT + b"Ja",
    "many results of checks": FROM
    + b"Authentication-Results: mx.moteplass.example; "
    + b"dkim=pass (a) header.d=b; " * 2_300,
    "brackets in results": FROM
    + b"Authentication-Results: mx.moteplass.example; "
    + b"(" * 30_000
    + b")" * 30_000,
    "parameters of the types of all parts": many(
        60, b"Content-Type: text/plain" + b"; a*0*=b" * 7_000 + b"\r\n"
    ),
    "headers of all parts": many(60, b"X: y\r\n" * 10_000),
    "calendars in all parts": many(60, CALENDAR + BEGIN + b"COMMENT:" + b"a\r\n b" * 80_000 + b"\r\n"),
    "encoded words in all parts": many(
        60, b"Content-Disposition: " + b"=?utf-8?q?a?= " * 4_000 + b"\r\n\r\nx"
    ),
    "parameters of a type": b"Content-Type: text/plain" + b"; a*0*=b" * 7_000 + b"\r\n" + FROM,
    "reply addresses": FROM + b"To: " + b"svar-" * 12_000 + b"\r\n" + TEXT,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_mail_made_to_cost_time_is_read_within_seconds(name):
    begun = time.process_time()
    read(HOSTILE[name], domain="x.example", receiver="mx.moteplass.example")
    assert time.process_time() - begun < SECONDS


@pytest.mark.parametrize(
    "name", ["100,000 parts", "30 MB of base64", "30 MB of text", "2,000 nested parts", "tags in tags"]
)
def test_a_mail_made_to_fill_memory_does_not(name):
    raw = HOSTILE[name]
    tracemalloc.start()
    try:
        read(raw, domain="x.example")
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert most < MEMORY + 2 * len(raw)


def test_what_is_too_much_is_cut_and_says_nothing():
    for name in ("2,000 nested parts", "100,000 properties", "100,000 components inside each other"):
        assert read(HOSTILE[name], domain="x.example").sayings.calendars == (), name
    assert len(read(HOSTILE["100,000 calendars in parts"], domain="x.example").sayings.calendars) == 1


def test_a_number_that_is_too_long_is_none():
    long = (
        FROM
        + CALENDAR
        + BEGIN
        + b"SEQUENCE:"
        + b"9" * 40
        + b"\r\nDTSTAMP:"
        + b"9" * 40
        + b"\r\n"
        + ANSWER[17:]
        + END
    )
    (found,) = read(long, domain="x.example").sayings.calendars
    assert (found.sequence, found.stamped_at) == (0, None)


FUZZ = fuzz.Fuzz()


@pytest.mark.parametrize("first", range(0, 600, 100))
def test_mails_that_went_wrong_on_the_way_are_read(first):
    assert [(case.seed, what) for case, what in fuzz.run(first, 100, FUZZ)] == []


def test_a_seed_shows_the_same_mail_again():
    assert FUZZ.case(7) == FUZZ.case(7)


def test_the_judge_sees_a_bounce_that_answers_and_an_error(monkeypatch):
    answer = fixtures.load("thunderbird_accept")
    assert fuzz.judge(fuzz.Case(0, "x", False, answer)) == ""
    assert fuzz.judge(fuzz.Case(0, "x", True, answer)) == "a bounce became an answer"
    monkeypatch.setattr("invites.replies.read._read", lambda *parts: 1 / 0)
    assert fuzz.judge(fuzz.Case(0, "x", False, answer)) == "swallowed ZeroDivisionError"


BOUNCES = [name for name in fixtures.names() if name.startswith("bounce_")]


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(
    st.sampled_from(BOUNCES),
    st.lists(st.tuples(st.integers(0, 3000), st.integers(0, 40), st.binary(max_size=20)), max_size=4),
)
def test_a_damaged_bounce_never_answers(name, damages):
    raw = fixtures.load(name)
    for start, length, instead in damages:
        raw = raw[:start] + instead + raw[start + length :]
    found = read(raw, domain=fixtures.DOMAIN)
    assert (found.sayings.calendars, found.sayings.words.exact) == ((), False)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(
    st.sampled_from(fixtures.names()),
    st.lists(st.tuples(st.integers(0, 5000), st.integers(0, 40), st.binary(max_size=20)), max_size=4),
)
def test_a_damaged_mail_is_read_without_an_error(name, damages):
    raw = fixtures.load(name)
    for start, length, instead in damages:
        raw = raw[:start] + instead + raw[start + length :]
    found = read(raw, domain=fixtures.DOMAIN, dkim="{@x : pass}", spf="fail")
    assert found.problem in ("", "no headers", "no answer in the calendar", "winmail.dat")
    assert found.kind != InboundKind.UNREADABLE or found.problem


@given(st.binary(max_size=600), st.sampled_from([CALENDAR, TEXT, HTML]))
def test_any_bytes_in_a_part_that_is_read_are_read(octets, head):
    assert read(FROM + head + BEGIN + octets + END, domain="x.example").problem in (
        "",
        "no answer in the calendar",
    )
