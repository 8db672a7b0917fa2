"""Reports as real servers write them: one file a server and quirk under tests/data/dsn/, and what each comes to."""

import uuid
from pathlib import Path

import pytest

from invites.post.models import Delivery
from invites.replies.models import InboundKind
from invites.replies.read import read
from invites.replies.reports import outcome

FILES = Path(__file__).resolve().parents[1] / "data" / "dsn"
OURS = uuid.UUID("3f2b8c1e-9d47-4a6b-8e21-5c0d7f9a1b34")
TOKEN = "mfzwizltoqzdgnbvgy3tqojqge2tmnzy"
REPORTS = {
    "postfix_no_such_user": Delivery.BOUNCED,
    "postfix_delayed": Delivery.DEFERRED,
    "postfix_delivered": Delivery.DELIVERED,
    "postfix_relayed": Delivery.PROCESSED,
    "postfix_given_up_after_days": Delivery.BLOCKED,
    "postfix_over_quota": Delivery.BLOCKED,
    "exim_no_such_user": Delivery.BOUNCED,
    "exim_plain_with_copy": Delivery.BOUNCED,
    "exim_warning_delayed": Delivery.DEFERRED,
    "sendmail_host_unknown": Delivery.BOUNCED,
    "exchange_online_norwegian": Delivery.BOUNCED,
    "exchange_online_blocked": Delivery.BLOCKED,
    "exchange_online_no_directory_entry": Delivery.BOUNCED,
    "exchange_2003_text": Delivery.BOUNCED,
    "gmail_no_such_user": Delivery.BOUNCED,
    "gmail_unauthenticated": Delivery.BLOCKED,
    "gmail_delayed": Delivery.DEFERRED,
    "qmail_failure": Delivery.BOUNCED,
    "domino_not_listed": Delivery.BOUNCED,
    "norwegian_server_prose": Delivery.BOUNCED,
    "internationalised_address": Delivery.BOUNCED,
}
ABOUT_OTHERS = ("postfix_returns_nothing_of_ours", "report_about_a_strangers_mail")
NO_REPORTS = {
    "out_of_office_quoting_all": InboundKind.AUTOMATIC,
    "out_of_office_unmarked": InboundKind.AUTOMATIC,
    "read_receipt": InboundKind.RECEIPT,
    "complaint_feedback_report": InboundKind.COMPLAINT,
    "person_forwards_a_report": InboundKind.MESSAGE,
    "calendar_reply": InboundKind.CALENDAR,
}


def raw(name):
    return (FILES / f"{name}.eml").read_bytes()


def reading(name):
    return read(raw(name), domain="moteplass.example")


def test_every_file_is_judged_here():
    assert {path.stem for path in FILES.glob("*.eml")} == {*REPORTS, *ABOUT_OTHERS, *NO_REPORTS}


@pytest.mark.parametrize("line_end", [b"\n", b"\r\n"], ids=["LF", "CRLF"])
@pytest.mark.parametrize(("name", "what"), REPORTS.items())
def test_a_report_tells_what_became_of_our_mail(name, what, line_end):
    found = read(raw(name).replace(b"\n", line_end), domain="moteplass.example")
    assert (found.kind, [report.what for report in found.reports]) == (InboundKind.REPORT, [what])
    assert found.delivery_ids == (OURS,)
    assert found.reply_tokens == (TOKEN,)


@pytest.mark.parametrize(("name", "kind"), NO_REPORTS.items())
def test_what_is_no_report_bounces_nothing(name, kind):
    found = reading(name)
    assert (found.kind, found.reports, found.delivery_ids) == (kind, (), ())


def test_a_report_without_our_mail_still_has_the_address_it_was_sent_to():
    found = reading("postfix_returns_nothing_of_ours")
    assert (found.kind, found.delivery_ids, found.reply_tokens) == (InboundKind.REPORT, (), (TOKEN,))


def test_the_detail_is_what_the_other_server_said():
    assert {name: reading(name).reports[0].detail for name in ("postfix_no_such_user", "qmail_failure")} == {
        "postfix_no_such_user": (
            "550 5.1.1 <ola@forening.example>: Recipient address rejected: "
            "User unknown in virtual mailbox table"
        ),
        "qmail_failure": "Remote host said: 550 sorry, no mailbox here by that name (#5.7.17)",
    }
    assert reading("internationalised_address").reports[0].recipient == "åse@blåbær.example"


def test_a_message_id_of_another_domain_is_not_ours():
    found = read(raw("exim_warning_delayed"), domain="other.example")
    assert (found.kind, found.delivery_ids) == (InboundKind.REPORT, ())


@pytest.mark.parametrize(
    ("action", "status", "said", "what"),
    [
        ("failed", "5.1.1", "", Delivery.BOUNCED),
        ("failed", "5.0.0", "554 5.7.1 rejected", Delivery.BLOCKED),
        ("failed", "5.0.0", "554 5.7.1 no such user", Delivery.BOUNCED),
        ("failed", "", "451 try later", Delivery.BLOCKED),
        ("failed", "", "550 go away", Delivery.BOUNCED),
        ("failed", "4.4.7", "", Delivery.BLOCKED),
        ("failed", "5.4.4", "", Delivery.BOUNCED),
        ("failed", "5.3.4", "", Delivery.BLOCKED),
        ("failed", "", "", Delivery.BOUNCED),
        ("delayed", "5.1.1", "user unknown", Delivery.DEFERRED),
        ("expanded", "2.0.0", "", Delivery.PROCESSED),
        ("unheard-of", "5.1.1", "", Delivery.BOUNCED),
    ],
)
def test_actions_and_codes_have_one_outcome(action, status, said, what):
    assert outcome(action, status, said) == what
