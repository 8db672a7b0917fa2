"""The dashboard: each panel holds what it promises, and only what the role may see."""

import datetime as dt

import pytest
from django.utils import timezone

from events.gatherings.models import Event
from invites.answers.requests.models import AnswerRequest
from invites.invitations.models import Reply
from invites.invitations.waves.models import Wave
from invites.post.models import OutgoingMail
from minutes.progress.models import StatusNote
from minutes.records.models import Minutes, Phase
from tests.factories import draft, event, invitation, measure, number
from tests.queries import queries_of

OVERVIEW = "/t/sandefjord/"


def panels(client):
    return client.get(OVERVIEW).context["panels"]


def mail(at, **facts):
    return OutgoingMail.objects.create(
        tenant=at, kind="invitation", subject_id=next(number), to_address="imam@moske.example", **facts
    )


def note(of, days_ago, phase=Phase.UNDER_WAY):
    at = timezone.now() - dt.timedelta(days=days_ago)
    return StatusNote.objects.create(tenant=of.tenant, measure=of, phase=phase, noted_at=at)


def late(row):
    return AnswerRequest.objects.create(
        tenant=row.tenant, invitation=row, kind="late_answer", number=1, reply=Reply.DECLINED
    )


def test_next_meetings_are_the_published_ones_ahead_with_their_counts(
    at_desk, kari, sandefjord, kristiansand
):
    coming = event(sandefjord, title="Neste")
    for reply in (Reply.ACCEPTED, Reply.DECLINED, ""):
        invitation(coming, reply=reply, replied_at=timezone.now() if reply else None)
    invitation(coming, revoked_at=timezone.now())
    draft(sandefjord)
    event(kristiansand)
    rows = panels(at_desk(kari))["meetings"]
    assert [(e.title, e.invited, e.coming, e.silent) for e in rows] == [("Neste", 3, 1, 1)]


def test_answers_since_yesterday_are_counted_by_meeting(at_desk, kari, sandefjord):
    meeting = event(sandefjord, title="Forum")
    now = timezone.now()
    for reply, hours in (
        (Reply.ACCEPTED, 1),
        (Reply.ACCEPTED, 2),
        (Reply.TENTATIVE, 3),
        (Reply.DECLINED, 72),
    ):
        invitation(meeting, reply=reply, replied_at=now - dt.timedelta(hours=hours))
    rows = panels(at_desk(kari))["answers"]
    assert [(r["title"], r["accepted"], r["tentative"], r["declined"]) for r in rows] == [("Forum", 2, 1, 0)]


def test_what_goes_out_by_itself_stands_in_order_of_time(at_desk, kari, sandefjord, kristiansand):
    """A wave that was held back says so; a meeting nobody is invited to has no reminder to tell of."""
    now = timezone.now()
    meeting = event(sandefjord, title="Forum")
    invitation(meeting)
    event(sandefjord, title="Ingen er invitert")
    planned = Wave.objects.create(
        tenant=sandefjord, event=meeting, number=1, due_at=now + dt.timedelta(hours=1)
    )
    held = Wave.objects.create(
        tenant=sandefjord, event=meeting, number=2, due_at=now - dt.timedelta(hours=1), held_at=now
    )
    Wave.objects.create(
        tenant=sandefjord, event=meeting, number=3, due_at=now, state=Wave.State.SENT, settled_at=now
    )
    off = event(sandefjord, state=Event.State.CANCELLED)
    Wave.objects.create(tenant=sandefjord, event=off, number=1, due_at=now)
    abroad = event(kristiansand)
    invitation(abroad)
    Wave.objects.create(tenant=kristiansand, event=abroad, number=1, due_at=now)
    rows = panels(at_desk(kari))["ahead"]
    assert [(row.event.title, row.wave) for row in rows[:2]] == [("Forum", held.pk), ("Forum", planned.pk)]
    assert [bool(row.warning) for row in rows[:2]] == [True, False]
    assert [(row.event.title, row.wave) for row in rows[2:]] == [("Forum", None)]


def test_mails_in_trouble_are_the_failed_and_the_unknown_of_the_last_month(
    at_desk, kari, sandefjord, kristiansand
):
    failed = mail(sandefjord, state=OutgoingMail.State.FAILED)
    unknown = mail(sandefjord, state=OutgoingMail.State.UNKNOWN)
    mail(sandefjord, state=OutgoingMail.State.ACCEPTED)
    mail(sandefjord, state=OutgoingMail.State.FAILED, created_at=timezone.now() - dt.timedelta(days=40))
    mail(kristiansand, state=OutgoingMail.State.FAILED)
    assert panels(at_desk(kari))["mails"] == [unknown, failed]


def test_what_waits_for_a_decision_is_counted_by_meeting(at_desk, kari, sandefjord, kristiansand):
    meeting = event(sandefjord)
    event(sandefjord)
    for _each in range(2):
        late(invitation(meeting))
    late(invitation(event(kristiansand)))
    assert [(row.event, row.number) for row in panels(at_desk(kari))["deciding"]] == [(meeting, 2)]


def test_minutes_waiting_are_the_submitted_ones(at_desk, kari, mina, sandefjord):
    facts = {"tenant": sandefjord, "author": mina, "submitted_at": timezone.now()}
    waiting = Minutes.objects.create(event=event(sandefjord), state=Minutes.State.SUBMITTED, **facts)
    Minutes.objects.create(event=event(sandefjord), state=Minutes.State.DRAFT, tenant=sandefjord)
    assert panels(at_desk(kari))["minutes"] == [waiting]


@pytest.mark.parametrize(
    ("who", "seen"),
    [
        (
            "kari",
            {"untold", "deciding", "meetings", "answers", "ahead", "mails", "minutes", "measures", "actions"},
        ),
        ("mina", {"meetings", "answers", "minutes", "measures", "actions"}),
        ("leif", {"meetings", "measures", "actions"}),
    ],
)
def test_a_role_sees_its_own_panels_only(at_desk, sandefjord, request, who, seen):
    assert set(panels(at_desk(request.getfixturevalue(who)))) == seen


def test_a_reader_sees_no_counts_of_guests(at_desk, leif, kari, sandefjord):
    invitation(event(sandefjord))
    there = at_desk(kari).get(OVERVIEW, headers={"accept-language": "nb"}).content.decode()
    hidden = at_desk(leif).get(OVERVIEW).content.decode()
    words = 'class="muted guests"'
    assert (words in there, words in hidden) == (True, False)


def test_an_empty_dashboard_explains_each_panel(at_desk, kari):
    kari.language = "en"
    kari.save()
    page = at_desk(kari).get(OVERVIEW).content.decode()
    told = (
        "No meeting is published with a time ahead.",
        "No answers since yesterday.",
        "No wave of invitations is planned, and no reminder.",
        "Every mail of the last month was handed over.",
        "No minutes are waiting.",
        "Every measure has moved in the last six months.",
    )
    assert [words for words in told if words not in page] == []


def test_the_dashboard_asks_one_question_a_panel_however_many_rows(at_desk, kari, sandefjord):
    def fill():
        """Two panels are read from several places: what goes out by itself (waves, plans of reminders), and what
        is to be decided (requests, replies that were held, and the meetings of both)."""
        meeting = event(sandefjord)
        late(invitation(meeting, reply=Reply.ACCEPTED, replied_at=timezone.now()))
        Wave.objects.create(tenant=sandefjord, event=meeting, number=1, due_at=timezone.now())
        mail(sandefjord, state=OutgoingMail.State.FAILED)
        Minutes.objects.create(
            tenant=sandefjord,
            event=event(sandefjord, state=Event.State.HELD),
            author=kari,
            state=Minutes.State.SUBMITTED,
            submitted_at=timezone.now(),
        )
        measure(sandefjord)

    client = at_desk(kari)
    client.get(OVERVIEW)  # the session remembers the desk
    fill()
    one = queries_of(client, OVERVIEW)
    fill()
    fill()
    assert (one, queries_of(client, OVERVIEW)) == (12, 12)


def test_signed_in_the_front_page_leads_to_the_dashboard_last_used(at_desk, kari, kristiansand):
    from events.tenancy.models import Membership

    Membership.objects.create(tenant=kristiansand, user=kari, role="reader")
    client = at_desk(kari)
    assert client.get("/").headers["Location"] == OVERVIEW
    client.get("/t/kristiansand/")
    assert client.get("/").headers["Location"] == "/t/kristiansand/"


def test_whoever_lost_the_last_role_is_told_so(at_desk, kari):
    kari.memberships.across_tenants("test").update(ended_at=timezone.now())
    response = at_desk(kari).get("/", follow=True)
    assert (response.redirect_chain, response.status_code) == ([("/no-desk/", 302)], 200)


def test_whoever_works_for_several_can_switch(at_desk, kari, kristiansand):
    from events.tenancy.models import Membership

    client = at_desk(kari)
    assert 'href="/t/kristiansand/"' not in client.get(OVERVIEW).content.decode()
    Membership.objects.create(tenant=kristiansand, user=kari, role="reader")
    assert 'href="/t/kristiansand/"' in client.get(OVERVIEW).content.decode()
