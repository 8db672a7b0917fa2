"""What each client's reply says: every field of every mail under tests/data/replies/, against expected.toml there.

What expected.toml does not name is as usual: sent by the attendee to the reply address at the time of the stamp, about
our UID and sequence, and nothing else said.
"""

import datetime as dt
import tomllib
from collections import Counter

import pytest

from invites.post.models import Delivery
from invites.replies.models import InboundKind
from invites.replies.read import Reading, read
from invites.replies.reports import Report
from invites.replies.said import (
    Absence,
    Authentication,
    CalendarAnswer,
    Method,
    PartStat,
    Sayings,
    Verdict,
    Words,
)
from tests.replies import fixtures
from tests.replies.fixtures import ATTENDEE, FILES, STAMPED_AT, TOKEN, UID

EXPECTED = tomllib.loads((FILES / "expected.toml").read_text(encoding="utf-8"))
RECEIVER = "mx.moteplass.example"
SEQUENCE = 3
OF_A_BOUNCE = Report(Delivery.BOUNCED, "550 5.1.1 User unknown", ATTENDEE)


def _moment(text):
    return dt.datetime.fromisoformat(text) if text else None


def _calendar(said):
    said = {"uid": UID, "attendee": ATTENDEE, "sequence": SEQUENCE, **said}
    said["method"] = Method(said["method"])
    said["partstat"] = PartStat(said["partstat"]) if said["partstat"] else None
    said["stamped_at"] = _moment(said["stamped_at"]) if "stamped_at" in said else STAMPED_AT
    for name in ("proposed_start", "proposed_end", "occurrence_at"):
        said[name] = _moment(said.get(name))
    if said.get("delegated_from"):
        said["delegated_from"] = ATTENDEE
    return CalendarAnswer(**said)


def _absence(said):
    until = said.get("until")
    return Absence(said["text"], dt.date.fromisoformat(until) if until else None)


def _auth(said):
    return Authentication(
        Verdict(said.get("dkim", "")), Verdict(said.get("spf", "")), tuple(said.get("dkim_domains", ()))
    )


def expected(name):
    said = EXPECTED[name]
    sayings = Sayings(
        sender=said.get("sender", ATTENDEE),
        sent_at=_moment(said["sent_at"]) if "sent_at" in said else STAMPED_AT,
        message_id=said.get("message_id", f"<{name}@mail.example>"),
        calendars=tuple(map(_calendar, said.get("calendars", []))),
        words=Words(**said.get("words", {})),
        absence=_absence(said["absence"]) if "absence" in said else None,
        auth=_auth(said.get("auth", {})),
    )
    return Reading(
        InboundKind(said["kind"]) if "kind" in said else InboundKind.CALENDAR,
        reply_tokens=() if said.get("tokens") is False else (TOKEN,),
        sayings=Sayings() if said.get("silent") else sayings,
    )


def test_every_mail_has_its_expected_outcome_and_there_are_enough_of_them():
    assert set(fixtures.names()) == set(EXPECTED)
    assert len(fixtures.names()) >= 60


@pytest.mark.parametrize("name", fixtures.names())
def test_a_mail_says_what_its_client_means(name):
    found = read(fixtures.load(name, sequence=SEQUENCE), domain=fixtures.DOMAIN, receiver=RECEIVER)
    wanted = expected(name)
    assert found.sayings == wanted.sayings
    assert (found.kind, found.problem) == (wanted.kind, EXPECTED[name].get("problem", ""))
    assert (found.reply_tokens, found.delivery_ids) == (wanted.reply_tokens, ())
    if found.kind == InboundKind.REPORT:
        assert [(one.what, one.recipient) for one in found.reports] in (
            [(OF_A_BOUNCE.what, OF_A_BOUNCE.recipient)],
            [(OF_A_BOUNCE.what, "")],  # in prose
        )
    else:
        assert found.reports == ()


def test_line_ends_of_a_mail_do_not_matter():
    for name in fixtures.names():
        crlf = fixtures.load(name)
        if b"\x0d\x0a\xb8" in crlf or b"no_headers" in crlf:
            continue  # breaks inside a character
        found, with_lf = (read(one, domain=fixtures.DOMAIN) for one in (crlf, crlf.replace(b"\r\n", b"\n")))
        assert (with_lf.kind, with_lf.sayings) == (found.kind, found.sayings), name


def test_the_clients_we_promise_are_there():
    clients = Counter(name.partition("_")[0] for name in fixtures.names())
    promised = "google outlook exchange apple thunderbird nextcloud zimbra sogo open samsung evolution proton"
    assert all(clients[one] for one in [*promised.split(), "bounce", "absent", "words"])
