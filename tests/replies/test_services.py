"""A message that comes in is kept, and a mail server's report counts as what it says of our mail."""

import datetime as dt
import uuid

import pytest
from cryptography.fernet import InvalidToken
from django.contrib.sessions.models import Session
from django.db import IntegrityError, transaction
from django.utils import timezone

from invites.post.models import Delivery, OutgoingMail
from invites.post.provider_models import DeliveryEvent, FormerDelivery
from invites.replies import keeping, sealing, services, tasks
from invites.replies.keeping import Envelope
from invites.replies.models import InboundMail
from tests import factories
from tests.replies.test_reports import ABOUT_OTHERS, NO_REPORTS, OURS, REPORTS, TOKEN, raw

DOMAIN = "moteplass.example"


@pytest.fixture(autouse=True)
def _domain(settings):
    settings.REPLY_DOMAIN = DOMAIN


@pytest.fixture
def mail(meeting):
    invitation = factories.invitation(meeting)
    return OutgoingMail.objects.create(
        tenant=meeting.tenant,
        kind="invitation",
        series="invitation",
        subject_id=invitation.pk,
        to_address="ola@forening.example",
        delivery_id=OURS,
        state="accepted",
        settled_at=timezone.now(),
    )


def now_of(mail):
    mail.refresh_from_db()
    return mail.state, mail.delivery


@pytest.mark.parametrize(("name", "what"), REPORTS.items())
def test_a_report_about_our_mail_is_applied(mail, name, what):
    row = services.receive(raw(name))
    assert (row.kind, row.state, row.reason, row.mail) == ("report", "applied", "", mail)
    assert now_of(mail) == ("accepted", what)
    assert list(DeliveryEvent.objects.values_list("what", "source", "mail")) == [(what, "dsn", mail.pk)]


@pytest.mark.parametrize("name", [*NO_REPORTS, *ABOUT_OTHERS])
def test_everything_else_is_put_aside_with_its_reason_and_changes_nothing(mail, name):
    row = services.receive(raw(name))
    assert (row.state, row.mail) == ("quarantined", None)
    assert row.reason
    assert now_of(mail) == ("accepted", "")
    assert not DeliveryEvent.objects.exists()


def test_the_same_message_twice_is_one_row_and_one_event(mail):
    first, second = (services.receive(raw("postfix_no_such_user")) for _turn in range(2))
    assert first == second
    assert (InboundMail.objects.count(), DeliveryEvent.objects.count()) == (1, 1)


def test_a_report_that_names_no_mail_of_ours_is_found_by_the_reply_address(mail, meeting):
    invitation = meeting.invitations.get()
    message = raw("postfix_returns_nothing_of_ours").replace(TOKEN.encode(), b"x" * 32)
    assert services.receive(message).state == "quarantined"
    address = f"svar-{invitation.reply_token.upper()}@{DOMAIN}"
    row = services.receive(message + b"\n", came_with=Envelope(address))
    assert (row.state, row.mail) == ("applied", mail)
    assert now_of(mail) == ("accepted", Delivery.BOUNCED)


def test_a_report_by_reply_address_is_about_the_newest_mail_that_was_sent(mail, meeting):
    facts = {"tenant": mail.tenant, "kind": "invitation", "series": "invitation"}
    facts |= {"subject_id": mail.subject_id, "to_address": mail.to_address}
    newer = OutgoingMail.objects.create(revision=1, state="accepted", **facts)
    OutgoingMail.objects.create(revision=2, state="queued", **facts)
    to = f"svar-{meeting.invitations.get().reply_token}@{DOMAIN}"
    assert services.receive(raw("postfix_returns_nothing_of_ours"), came_with=Envelope(to)).mail == newer


def test_a_report_about_a_strangers_mail_changes_nothing_though_it_came_to_an_address_of_ours(mail, meeting):
    to = f"svar-{meeting.invitations.get().reply_token}@{DOMAIN}"
    assert (
        services.receive(raw("report_about_a_strangers_mail"), came_with=Envelope(to)).state == "quarantined"
    )
    assert now_of(mail) == ("accepted", "")


@pytest.mark.parametrize(
    ("name", "what"), [("postfix_no_such_user", ""), ("postfix_delivered", Delivery.DELIVERED)]
)
def test_of_an_earlier_sending_only_its_arrival_counts(mail, name, what):
    OutgoingMail.objects.of(mail.tenant).update(delivery_id=uuid.uuid4())
    FormerDelivery.objects.create(delivery_id=OURS, mail=mail)
    assert services.receive(raw(name)).mail == mail
    assert mail.events.count() == 1
    assert now_of(mail) == ("accepted", what)


def test_the_message_is_kept_sealed_and_can_be_read_again(mail):
    message = raw("calendar_reply")
    row = services.receive(message, came_with=Envelope("svar-abc@moteplass.example"))
    row.refresh_from_db()
    assert b"Ola" not in bytes(row.raw)
    assert b"svar" not in bytes(row.envelope)
    assert sealing.unseal(row.raw) == message
    assert keeping.envelope(row).to == "svar-abc@moteplass.example"
    assert row.size == len(message)


def test_what_was_sealed_before_packing_still_opens():
    assert sealing.unseal(sealing._box().encrypt(b"hei")) == b"hei"


def test_an_older_key_still_opens_what_it_sealed_and_a_strange_one_does_not(settings):
    sealed = sealing.seal(b"hei")
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another " * 10
    assert sealing.unseal(sealed) == b"hei"
    settings.SECRET_KEY_FALLBACKS = []
    with pytest.raises(sealing.Sealed):
        sealing.unseal(sealed)
    assert not isinstance(sealing.Sealed(), InvalidToken)


def test_a_message_that_is_too_large_is_put_aside_with_its_beginning(db, monkeypatch):
    monkeypatch.setattr(services, "LARGEST", 100)
    monkeypatch.setattr(services, "KEPT_OF_TOO_LARGE", 40)
    row = services.receive(b"From: a@b.example\n\n" + b"x" * 200)
    assert (row.kind, row.state, row.reason) == (
        "unreadable",
        "quarantined",
        "unreadable: larger than 30 MB",
    )
    assert len(sealing.unseal(row.raw)) == 40


@pytest.mark.parametrize("octets", [b"", b"\x00\xff" * 50, b"Subject: \x00\n\n\x00", b"\xf0\x28\x8c\x28"])
def test_any_bytes_become_a_row(db, octets):
    row = services.receive(octets, came_with=Envelope("\ud800\x00"))
    assert row.state == "quarantined"
    assert sealing.unseal(row.raw) == octets


def test_after_thirty_days_the_message_is_forgotten_and_what_it_was_stays(mail):
    old, new = services.receive(raw("postfix_no_such_user")), services.receive(raw("read_receipt"))
    InboundMail.objects.filter(pk=old.pk).update(received_at=timezone.now() - dt.timedelta(days=31))
    assert tasks.clean() == 1
    assert tasks.clean() == 0
    old.refresh_from_db()
    new.refresh_from_db()
    assert (old.raw, old.kind, old.mail) == (None, "report", mail)
    assert new.raw


@pytest.mark.parametrize("field", ["kind", "state"])
def test_the_database_refuses_what_is_no_kind_or_state(mail, field):
    row = services.receive(raw("read_receipt"))
    with pytest.raises(IntegrityError), transaction.atomic():
        InboundMail.objects.filter(pk=row.pk).update(**{field: "odd"})


def test_ended_sessions_are_forgotten_with_the_drafts_they_hold(db):
    now = timezone.now()
    for key, expires in (("ended", now - dt.timedelta(minutes=1)), ("open", now + dt.timedelta(hours=1))):
        Session.objects.create(session_key=key, session_data="x", expire_date=expires)
    assert tasks.clean() == 1
    assert list(Session.objects.values_list("session_key", flat=True)) == ["open"]
