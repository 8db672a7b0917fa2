"""A calendar's answer, line by line: whose it is, when it was said, and what else stands there."""

import datetime as dt

import pytest

from invites.replies.authentication import authentication
from invites.replies.calendars import answers
from invites.replies.moments import Zones, dated, duration, moment
from invites.replies.properties import address, properties
from invites.replies.said import Method, PartStat, Verdict

OLA, KARI, PER = "ola@forening.example", "kari@forening.example", "per@annen.example"


def calendar(*lines, method="REPLY", before=()):
    return "\r\n".join(
        [
            "BEGIN:VCALENDAR",
            f"METHOD:{method}",
            *before,
            "BEGIN:VEVENT",
            *lines,
            "END:VEVENT",
            "END:VCALENDAR",
            "",
        ]
    ).encode()


def only(*lines, sender="", **more):
    (found,) = answers(calendar(*lines, **more), sender=sender).answers
    return found


def attendee(who, partstat="", **params):
    stated = {"PARTSTAT": partstat, **{name.replace("_", "-"): value for name, value in params.items()}}
    said = "".join(f";{name}={value}" for name, value in stated.items() if value)
    return f"ATTENDEE{said}:mailto:{who}"


@pytest.mark.parametrize(
    ("lines", "sender", "who"),
    [
        ([attendee(OLA, "ACCEPTED")], "", OLA),
        ([attendee(OLA, "ACCEPTED")], KARI, OLA),
        ([attendee(KARI, "NEEDS-ACTION"), attendee(OLA, "ACCEPTED")], KARI, OLA),
        ([attendee(KARI, "ACCEPTED"), attendee(OLA, "DECLINED")], OLA, OLA),
        ([attendee(KARI, "ACCEPTED"), attendee(OLA, "DECLINED")], PER, ""),
        ([attendee(KARI, "ACCEPTED"), attendee(OLA, "DECLINED", SENT_BY=f'"mailto:{PER}"')], PER, OLA),
        ([attendee(KARI, "NEEDS-ACTION"), attendee(OLA, "NEEDS-ACTION")], OLA, OLA),
        ([attendee(KARI), attendee(OLA)], PER, ""),
        ([attendee(KARI, "ACCEPTED"), attendee(PER, "DECLINED"), attendee(OLA, "NEEDS-ACTION")], OLA, ""),
        ([attendee(OLA)], PER, OLA),
        ([attendee(OLA, "ACCEPTED"), attendee(OLA, "ACCEPTED")], "", OLA),
        ([f"ORGANIZER:mailto:{KARI}", attendee(KARI, "ACCEPTED"), attendee(OLA, "NEEDS-ACTION")], PER, OLA),
        (["BEGIN:VALARM", attendee(PER, "ACCEPTED"), "END:VALARM", attendee(OLA, "DECLINED")], "", OLA),
        ([], OLA, ""),
    ],
)
def test_who_answers(lines, sender, who):
    assert only(*lines, sender=sender).attendee == who


def test_who_answers_for_many_is_nobody_and_has_taken_no_stand():
    found = only(attendee(KARI, "ACCEPTED"), attendee(OLA, "DECLINED"))
    assert (found.attendee, found.partstat) == ("", None)


@pytest.mark.parametrize(
    ("stated", "partstat"),
    [
        ("accepted", PartStat.ACCEPTED),
        ("X-LATER", None),
        ("COMPLETED", None),
        ("NEEDS-ACTION", PartStat.NEEDS_ACTION),
    ],
)
def test_a_stand_is_one_of_those_known(stated, partstat):
    assert only(attendee(OLA, stated)).partstat == partstat


@pytest.mark.parametrize("method", ["REPLY", "COUNTER", "REFRESH", "DECLINECOUNTER", "reply"])
def test_methods_that_answer(method):
    assert only(attendee(OLA, "ACCEPTED"), method=method).method == Method(method.upper())


@pytest.mark.parametrize("method", ["REQUEST", "CANCEL", "PUBLISH", "ADD", "", "X-REPLY"])
def test_methods_that_do_not(method):
    found = answers(calendar(attendee(OLA, "ACCEPTED"), method=method))
    assert (found.answers, found.methods) == ((), (method,))


def test_the_bodys_method_is_heard_before_the_headers():
    assert answers(calendar(attendee(OLA), method="REQUEST"), said_method="REPLY").answers == ()
    assert answers(calendar(attendee(OLA), method=""), said_method="REPLY").answers[0].method == Method.REPLY


def test_times_are_proposed_only_by_a_counter():
    time = "DTSTART:20261118T160000Z"
    assert only(time).proposed_start is None
    assert only(time, method="COUNTER").proposed_start == dt.datetime(2026, 11, 18, 16, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("stated", "sequence"),
    [
        ("SEQUENCE:4", 4),
        ("SEQUENCE:", 0),
        ("SEQUENCE:-1", 0),
        ("SEQUENCE:x", 0),
        ("X-A:1", 0),
        ("SEQUENCE:99999999999", 2**31 - 1),
        ("X-MICROSOFT-CDO-APPT-SEQUENCE:2", 2),
    ],
)
def test_a_sequence_is_a_number_that_fits(stated, sequence):
    assert only(stated).sequence == sequence


@pytest.mark.parametrize(
    ("line", "comment"),
    [
        ("COMMENT:Ja\\, gjerne\\; kl\\n17\\\\18", "Ja, gjerne; kl\n17\\18"),
        ('ATTENDEE;PARTSTAT=ACCEPTED;X-RESPONSE-COMMENT="Ja: gjerne":mailto:ola@a.example', "Ja: gjerne"),
        ('ATTENDEE;PARTSTAT=ACCEPTED;X-RESPONSE-COMMENT="R&amp\\;D^nto":mailto:ola@a.example', "R&D\nto"),
        ("DESCRIPTION:Møtet", ""),
        ("COMMENT:" + "a" * 3000, "a" * 2000),
    ],
)
def test_a_comment_stands_where_the_client_puts_it(line, comment):
    assert only(line).comment == comment


def test_outlooks_description_is_the_comment_unless_it_is_the_invitation():
    outlook = ["PRODID:-//Microsoft Corporation//Outlook 16.0 MIMEDIR//EN"]
    assert only("DESCRIPTION:Når\\n*~*~*~*~*\\n\\nSyk", before=outlook).comment == "Syk"
    assert only("DESCRIPTION:Se https://a.example", before=outlook).comment == ""
    assert only("DESCRIPTION:Syk", "COMMENT:Frisk", before=outlook).comment == "Frisk"


@pytest.mark.parametrize(("stated", "guests"), [("2", 2), ("0", 0), ("-1", 0), ("mange", 0), ("5000", 999)])
def test_guests_are_counted_within_reason(stated, guests):
    assert only(attendee(OLA, "ACCEPTED", X_NUM_GUESTS=stated)).guests == guests


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("mailto:Ola@A.example", "ola@a.example"),
        ("MAILTO:ola%40a.example", "ola@a.example"),
        ("mailto:%22ola@a.example%22", "ola@a.example"),
        ("mailto:'ola@a.example'", "ola@a.example"),
        ("mailto:ola%2Bx@a.example", "ola+x@a.example"),
        ("mailto:<ola@a.example>", "ola@a.example"),
        ("Ola <ola@a.example>", "ola@a.example"),
        ("invalid:nomail", ""),
        ("", ""),
    ],
)
def test_an_address_however_it_is_written(written, read):
    assert address(written) == read


def test_parameters_may_be_quoted_escaped_and_broken():
    line = b'item1.ATTENDEE;CN="Nordmann; Ola: jr.";X-A="a","b";PARTSTAT=DECLINED:mailto:ola@a.example'
    (found,) = properties(line, "utf-8")
    assert (found.name, found.params["CN"], found.params["PARTSTAT"]) == (
        "ATTENDEE",
        "Nordmann; Ola: jr.",
        "DECLINED",
    )
    (broken,) = properties(b'ATTENDEE;CN="Ola;PARTSTAT=ACCEPTED:mailto:ola@a.example', "utf-8")
    assert broken.address == "ola@a.example"


@pytest.mark.parametrize("fold", [b"\r\n ", b"\n ", b"\r\n\t", b"\r "])
def test_a_line_is_unfolded_also_inside_a_letter(fold):
    (found,) = properties(
        "COMMENT:bl\u00e5b\u00e6r".encode().replace(b"\xc3\xa6", b"\xc3" + fold + b"\xa6"), "utf-8"
    )
    assert found.value == "blåbær"


def test_a_calendar_that_was_cut_off_answers_nothing():
    whole = calendar(attendee(OLA, "ACCEPTED"))
    assert answers(whole[: whole.index(b"END:VCALENDAR")]).answers == ()


@pytest.mark.parametrize(
    ("value", "zone", "hour"),
    [
        ("20261118T170000Z", "", 17),
        ("20261118T170000", "Europe/Oslo", 16),
        ("20260718T170000", "Europe/Oslo", 15),
        ("20260718T170000", "/mozilla.org/20050126_1/Europe/Oslo", 15),
        ("20260718T170000", "UTC", 17),
        ("20260718T170000", "Nowhere/City", None),
        ("20260718T170000", "../../etc/passwd", None),
        ("20260718T170000", "", None),
        ("20261318T170000Z", "", None),
        ("20261118", "", None),
        ("00010101T000000", "Asia/Tokyo", None),
        ("", "", None),
    ],
)
def test_a_moment_in_its_zone(value, zone, hour):
    found = moment(value, zone=zone)
    assert (found.hour if found else None) == hour


def windows(standard="1SU;BYMONTH=11", daylight="2SU;BYMONTH=3"):
    zones = Zones()
    zones.add(
        "Own", {"TZOFFSETTO": "-0500", "DTSTART": "16010101T020000", "RRULE": f"FREQ=YEARLY;BYDAY={standard}"}
    )
    zones.add(
        "Own", {"TZOFFSETTO": "-0400", "DTSTART": "16010101T020000", "RRULE": f"FREQ=YEARLY;BYDAY={daylight}"}
    )
    return zones


@pytest.mark.parametrize(
    ("value", "hour"),
    [
        ("20260308T015959", 6),
        ("20260308T020000", 6),
        ("20261101T015959", 5),
        ("20261101T020000", 7),
        ("20260101T120000", 17),
    ],
)
def test_a_zone_by_the_yearly_rules_that_the_calendar_brings(value, hour):
    assert moment(value, zone="Own", zones=windows()).hour == hour


def test_a_zone_south_of_the_equator():
    zones = windows(standard="1SU;BYMONTH=4", daylight="1SU;BYMONTH=10")
    assert moment("20260115T120000", zone="Own", zones=zones).hour == 16
    assert moment("20260715T120000", zone="Own", zones=zones).hour == 17


def test_a_zone_without_rules_has_its_one_offset():
    zones = Zones()
    zones.add("India", {"TZOFFSETTO": "+0530"})
    zones.add("Bad", {"TZOFFSETTO": "+9999"})
    assert moment("20260715T120000", zone="India", zones=zones) == dt.datetime(
        2026, 7, 15, 6, 30, tzinfo=dt.UTC
    )
    assert moment("20260715T120000", zone="Bad", zones=zones) is None


def test_durations():
    assert duration("PT1H30M") == dt.timedelta(minutes=90)
    assert duration("P1DT2H") == dt.timedelta(hours=26)
    assert duration("P2W") == dt.timedelta(weeks=2)
    assert [duration(wrong) for wrong in ("P", "-PT1H", "1H", "P9999W", "")] == [None] * 5


def test_the_date_of_a_mail_is_a_moment():
    assert dated("Mon, 02 Nov 2026 10:30:15 +0100") == dt.datetime(2026, 11, 2, 9, 30, 15, tzinfo=dt.UTC)
    assert dated("Mon, 02 Nov 2026 10:30:15 -0000") == dt.datetime(2026, 11, 2, 10, 30, 15, tzinfo=dt.UTC)
    assert [
        dated(wrong)
        for wrong in ("", "i dag", "Mon, 99 Nov 2026 10:30:15", "Fri, 31 Dec 9999 23:00:00 -0500")
    ] == [None] * 4


US = "mx.moteplass.example"


def checked(*values, receiver=US, **provider):
    return authentication(
        [("Authentication-Results", value) for value in values], receiver=receiver, **provider
    )


def test_the_providers_fields_are_heard_and_the_mails_headers_are_not():
    forged = f"{US}; dkim=pass header.d=forening.example; spf=pass"
    found = checked(forged, dkim="{@annen.example : pass, @forening.example : fail}", spf="softfail")
    assert (found.dkim, found.spf, found.dkim_domains) == (Verdict.PASSED, Verdict.FAILED, ("annen.example",))
    assert checked(forged, dkim="none", spf="none").dkim_domains == ()
    assert checked(dkim="{@Forening.example : fail}", spf="pass").dkim == Verdict.FAILED


def test_a_header_counts_only_under_our_receivers_name():
    value = f"{US}; dkim=pass header.d=forening.example"
    assert checked(value).dkim == Verdict.PASSED
    assert checked(value, receiver="").dkim == Verdict.UNKNOWN
    assert checked(value, receiver="mx.annen.example").dkim == Verdict.UNKNOWN
    assert checked(f"ond.example; dkim=fail;\n\t{value}", value).dkim == Verdict.UNKNOWN
    assert checked(f"{US}.ond.example; dkim=pass header.d=forening.example").dkim == Verdict.UNKNOWN


def test_what_is_further_down_does_not_overrule():
    ours, forged = f"{US}; dkim=fail header.d=x.example", f"{US}; dkim=pass header.d=forening.example"
    found = checked(ours, forged)
    assert (found.dkim, found.dkim_domains) == (Verdict.FAILED, ())
    headers = [
        ("Authentication-Results", f"{US}; spf=pass"),
        ("Received", "from x"),
        ("Authentication-Results", forged),
    ]
    assert authentication(headers, receiver=US).dkim == Verdict.UNKNOWN


def test_a_comment_in_a_result_is_no_result():
    found = checked(f"{US}; dkim=fail (; dkim=pass header.d=forening.example) header.d=x.example")
    assert (found.dkim, found.dkim_domains) == (Verdict.FAILED, ())


@pytest.mark.parametrize(
    ("said", "verdict"),
    [
        ("none", ""),
        ("neutral", ""),
        ("temperror", ""),
        ("fail", "fail"),
        ("softfail", "fail"),
        ("pass", "pass"),
    ],
)
def test_only_pass_and_fail_are_verdicts(said, verdict):
    assert checked(f"{US}; spf={said} smtp.mailfrom=a@b.example").spf == Verdict(verdict)
