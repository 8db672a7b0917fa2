"""The picture of one invitation: how far it got, and what is known step by step."""

import datetime as dt

import pytest
from django.utils import timezone

from events.directory.models import Channel
from invites.answers import services as answers
from invites.invitations import overview, truth
from invites.invitations.guests.services import note_call
from invites.invitations.models import CallAttempt, Invitation
from invites.invitations.reach import Reach
from invites.post import outbox
from invites.post.models import OutgoingMail
from minutes.records.models import Attendance, Minutes
from tests.factories import contact, event, invitation

NOW = timezone.now()


@pytest.fixture(autouse=True)
def still_post(monkeypatch):
    monkeypatch.setattr(outbox, "wake", lambda *args, **kwargs: None)


@pytest.fixture
def meeting(sandefjord):
    return event(sandefjord)


def mail(row, state="accepted", *, kind="invitation", **facts):
    facts = {"tenant": row.tenant, "subject_id": row.pk, "to_address": "x@x.example", "state": state, **facts}
    return OutgoingMail.objects.create(kind=kind, series="invitation", settled_at=NOW, **facts)


def reach_of(row):
    return overview.invitations(row.event).get(pk=row.pk).reach


@pytest.mark.parametrize(
    ("state", "delivery", "reach"),
    [
        ("queued", "", Reach.QUEUED),
        ("claimed", "", Reach.QUEUED),
        ("calling", "", Reach.QUEUED),
        ("accepted", "", Reach.SENT),
        ("accepted", "processed", Reach.SENT),
        ("accepted", "deferred", Reach.SENT),
        ("accepted", "delivered", Reach.DELIVERED),
        ("accepted", "bounced", Reach.BOUNCED),
        ("accepted", "blocked", Reach.BOUNCED),
        ("accepted", "dropped", Reach.BOUNCED),
        ("accepted", "complained", Reach.BOUNCED),
        ("unknown", "", Reach.UNKNOWN),
        ("failed", "", Reach.FAILED),
        ("cancelled", "", Reach.NOT_SENT),
    ],
)
def test_a_mail_is_never_called_sent_when_it_came_back_or_never_left(meeting, state, delivery, reach):
    row = invitation(meeting)
    mail(row, state, delivery=delivery)
    assert reach_of(row) == reach


def test_the_newest_mail_counts(meeting):
    row = invitation(meeting)
    mail(row, "failed", revision=0)
    mail(row, "accepted", kind="update", revision=1)
    assert reach_of(row) == Reach.SENT


def test_an_opened_page_counts_unless_a_newer_mail_is_in_trouble(meeting):
    row = invitation(meeting, opened_at=NOW)
    mail(row)
    assert reach_of(row) == Reach.OPENED
    mail(row, "failed", kind="update", revision=1)
    assert reach_of(row) == Reach.FAILED


@pytest.mark.parametrize(
    ("channel", "facts", "reach"),
    [
        (Channel.LETTER, {}, Reach.TO_PRINT),
        (Channel.LETTER, {"printed_at": NOW}, Reach.PRINTED),
        (Channel.LETTER, {"printed_at": NOW, "opened_at": NOW}, Reach.OPENED),
        (Channel.PHONE, {}, Reach.TO_CALL),
        (Channel.EMAIL, {}, Reach.NOT_SENT),
    ],
)
def test_who_gets_no_mail_is_shown_by_the_way_that_was_chosen(meeting, channel, facts, reach):
    assert reach_of(invitation(meeting, channel=channel, **facts)) == reach


def test_another_invitees_mail_says_nothing_about_this_one(meeting):
    row, other = invitation(meeting), invitation(meeting)
    mail(other, "failed")
    mail(row)
    assert reach_of(row) == Reach.SENT


def test_every_step_is_told_in_order_with_its_source(sandefjord, kari, meeting):
    start = NOW - dt.timedelta(days=3)
    row = invitation(meeting, invited_at=start, invited_by=kari, contact=contact(sandefjord, name="Ola"))
    mail(
        row,
        created_at=start + dt.timedelta(minutes=1),
        delivery="delivered",
        delivery_at=start + dt.timedelta(minutes=3),
        delivery_detail="250 OK",
    )
    OutgoingMail.objects.of(sandefjord).update(
        settled_at=start + dt.timedelta(minutes=2), due_at=start + dt.timedelta(minutes=1)
    )
    note_call(row, outcome="not_reached", by=kari)
    row.refresh_from_db()
    fresh = Invitation.objects.of(sandefjord).select_related("event", "contact", "tenant", "invited_by")
    answers.answer(fresh.get(pk=row.pk), reply="accepted", comment="Gleder meg", source="web")
    minutes = Minutes.objects.create(tenant=sandefjord, event=meeting, revision=1)
    Attendance.objects.create(
        tenant=sandefjord, minutes=minutes, invitation=row, name="Ola", status="present"
    )
    steps = truth.steps(fresh.get(pk=row.pk))
    told = [(str(step.what), str(step.source), str(step.detail)) for step in steps]
    assert told[:4] == [
        ("spurt per e-post", "Kari Koordinator", ""),
        ("invitasjonen lagt i kø", "Møteplass", ""),
        ("invitasjonen sendt", "e-posttjenesten", ""),
        ("invitasjonen: levert", "e-posttjenesten", "250 OK"),
    ]
    assert sorted(told[4:]) == sorted(
        [
            ("ringt, ingen svarte", "Kari Koordinator", ""),
            ("åpnet siden", "nettleseren", "et filter som sjekker e-post, kan også åpne en side"),
            ("svarte ja", "på nettet", "Gleder meg"),
            ("kvitteringen lagt i kø", "Møteplass", ""),
            ("til stede", "referatet", "referatet er ikke godkjent ennå"),
        ]
    )
    assert [step.at for step in steps] == sorted(step.at for step in steps)


def test_attendance_that_nobody_wrote_is_not_told(sandefjord, meeting):
    row = invitation(meeting)
    minutes = Minutes.objects.create(tenant=sandefjord, event=meeting)
    Attendance.objects.create(tenant=sandefjord, minutes=minutes, invitation=row, name="Ola", status="absent")
    assert [str(step.source) for step in truth.steps(row)] == ["Møteplass"]


def test_the_same_call_noted_twice_by_a_double_click_is_one(kari, meeting):
    row = invitation(meeting)
    first = note_call(row, outcome="not_reached", by=kari)
    assert note_call(row, outcome="not_reached", by=kari) == first
    note_call(row, outcome="will_answer", by=kari)
    assert CallAttempt.objects.of(meeting.tenant).count() == 2
